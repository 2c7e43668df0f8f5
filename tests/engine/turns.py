"""Random events of all kinds through one engine, and all that came of them, written down.

    python tests/engine/turns.py memory: SEED...
    python tests/engine/turns.py 'sqlite:///folder/{}.db' SEED...

prints what each seed comes to, to be compared between an engine with the kernel and one without.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from dataclasses import replace as with_changes
from typing import Any

from msgspec.structs import replace

from communityrules.checker.check import check
from communityrules.compiler.compile import compile_rulebook
from communityrules.compiler.evaluator import Evaluator
from communityrules.diagnostics.message import Bilingual
from communityrules.diagnostics.source import Source
from communityrules.engine.engine import Engine
from communityrules.engine.errors import EventError
from communityrules.engine.incoming import wire_types
from communityrules.engine.working_set import WorkingSet
from communityrules.library.declare import Function, Names
from communityrules.library.table import STANDARD
from communityrules.model.event import Event, Member, Message, Target
from communityrules.model.values import DAY, HOUR, MINUTE, NUMBER, SECOND, TEXT
from communityrules.model.zones import format_instant, zone
from communityrules.wire.decisions import encode_decision
from communityrules.wire.events import WireError, event_from_wire

_ZONE = "Europe/Berlin"
_HEAD = f"""rulebook "Turns"
  timezone {_ZONE}
member (rank: text, score: number, fair: boolean)
"""
_COUNTS = """
rule c1 "Often today"
  must not
  on message, reply
  if count(message by member today) > 5
  then remind
rule c2 "The same again"
  must not
  on message
  if count(message by member and message.text within 10 minutes) >= 2 and member.rank is "guest"
  then flag
rule c3 "Anybody"
  must not
  on message, join
  if count(message within 1 hour) > 8 and count(reply by event.channel within 2 days) is not 3
  then flag
"""
_MORE = """
penalty ladder over 2 days
  1st: warn
  2nd: mute 10 minutes
  then on: mute 2 hours

rule m1 "Odd"
  must not
  on message
  if count(message by member within 1 hour where odd(message.text) > 1) >= 3
  then delete, penalty ladder
rule m2 "Many words"
  must not
  on message, reply
  if distinct(message.text by member within 1 hour) > 3 or sum(message.length by member within 1 day) > 60
  then label hasty for 1 hour
rule m3 "Breach upon breach"
  must not
  on message
  if count(breach by member within 1 hour) >= 2 and member.score < 5
  then flag
rule m4 "Reported"
  must not
  on report
  if message.text contains "bad"
  then delete
"""
BOOKS = (_HEAD + _COUNTS, _HEAD + _COUNTS + _MORE, _HEAD + _COUNTS.replace("> 8", "> 3"), _HEAD + _MORE)


def odd(text: str) -> Any:
    """A host's function, which fails on some texts, and on one of them ends everything."""
    match text:
        case "boom":
            raise RuntimeError("no luck")
        case "end":
            raise KeyboardInterrupt
    return len(text)


def evaluator(book: str) -> Evaluator:
    """A compiled rulebook that fails as a whole on events whose id begins with `bad`, after all has been asked."""
    function = Function(Names("odd", "怪"), Bilingual("Odd.", "怪。"), (TEXT,), NUMBER, odd)
    library = with_changes(STANDARD, functions={**STANDARD.functions, "odd": function})
    found = check(Source("turns.rules", book), library=library)
    assert found.rulebook is not None, found.diagnostics
    made = compile_rulebook(found.rulebook, library)
    match = made.match

    def failing(event: Event, facts: Any) -> Any:
        answer = match(event, facts)
        if event.id.startswith("bad"):
            raise ZeroDivisionError("at last")
        return answer

    made.match = failing  # type: ignore[method-assign]  # as if the evaluator itself failed
    return made


def _member(luck: random.Random, who: str) -> dict[str, Any]:
    said: dict[str, Any] = {"id": who}
    if luck.random() < 0.6:
        said["rank"] = luck.choice(["guest", "regular"])
        said["score"] = luck.choice([1, 1, 7, 2.5])
        if luck.random() < 0.5:
            said["fair"] = luck.choice([True, False])
    if luck.random() < 0.15:
        said["roles"] = luck.choice([[], ["staff"], ["staff", "helper"]])
    if luck.random() < 0.1:
        said["name"] = luck.choice(["Amy", "Bob"])
    if luck.random() < 0.05:
        said["joined"] = "2020-01-01T00:00:00Z"
    return said


def bodies(luck: random.Random, number: int) -> Iterator[dict[str, Any]]:
    """Events in the wire form: late ones, ones that come again, ones that cannot be read."""
    now = dict.fromkeys(("c1", "c2", "c3"), 1_780_272_000 * SECOND)
    sent: list[dict[str, Any]] = []
    for one in range(number):
        if sent and luck.random() < 0.05:
            again = luck.choice(sent[-30:])
            yield again if luck.random() < 0.7 else {**again, "channel": "elsewhere"}
            continue
        where = luck.choice(["c1", "c1", "c1", "c2", "c3"])
        now[where] += luck.choice(
            [0, 0, SECOND, 20 * SECOND, MINUTE, 4 * MINUTE, luck.choice([10 * MINUTE, HOUR, DAY])]
        )
        late = luck.choice([0] * 12 + [SECOND, 3 * MINUTE, 5 * HOUR])
        who = luck.choice(["amy", "bob", "cat", f"guest{one // 3}"])
        kind = luck.choices(["message", "reply", "join", "leave", "profile", "report", "edit"], [14, 2, 1, 1, 1, 1, 1])[
            0
        ]
        body: dict[str, Any] = {
            "id": f"{luck.choice(['m'] * 11 + ['bad'])}{one}",
            "time": format_instant(now[where] - late, zone("UTC")),
            "type": "message" if kind == "reply" else kind,
            "community": where,
            "member": _member(luck, who),
        }
        if luck.random() < 0.4:
            body["channel"] = luck.choice(["hall", "yard"])
        if kind in ("message", "reply", "edit"):
            text = luck.choice(["hello", "hello", "bad", "boom", "end", "", f"anew {one}"])
            body["message"] = {"id": f"x{one}", "text": text}
            if kind == "reply":
                body["message"]["reply_to"] = f"x{luck.randrange(one + 1)}"
        if kind in ("report", "edit"):
            body["target"] = {"message": f"x{luck.randrange(one + 1)}"}
        if kind == "profile":
            body["profile"] = {"name": luck.choice(["Amy", "Zoe"])}
        if luck.random() < 0.01:
            del body["member"]
        sent.append(body)
        yield body


def _handed(luck: random.Random, body: dict[str, Any], made: Evaluator) -> Any:
    """A body as a host hands it in: as it is, read, or put together by itself."""
    how = luck.random()
    if how < 0.5:
        return body
    try:
        event = event_from_wire(body, wire_types(made.rulebook, made.library))
    except WireError:
        return body
    if how < 0.7:
        return event
    if how < 0.85 and event.member is not None:
        return replace(event, digest="", member=replace(event.member, labels={"old": None}, points=3))
    if how < 0.9 and event.member is not None:
        return replace(event, described=(Member("zoe", ("staff",)), Member(event.member.id, name="Told")))
    if how < 0.92:
        return replace(event, target=Target(member="amy"), digest="")
    if how < 0.94:
        return replace(event, member=None, message=Message(None, "of nobody"), digest="")
    return event


def _in_order(cell: Any) -> Any:
    """A cell or a member with what is said of them by name: in which order that is, hangs on how it was read."""
    if isinstance(cell, Member):
        return replace(cell, fields=dict(sorted(cell.fields.items())))
    if isinstance(cell, dict) and "fields" in cell:
        return {**cell, "fields": dict(sorted(cell["fields"].items()))}
    return cell


def state(work: WorkingSet) -> Iterator[str]:
    """All that is kept of a community, for comparing."""
    yield f"standing {work.standing} now {work.now} of {work.subject} {work._home.clock} {work._home.settled}"
    yield f"known {work.known} stirred {work.stirred} undo {work._undo} ids {work._ids} {work._home.done}"
    yield f"tallied {list(work._home.tallied)} held {work.windows.held}"
    for table, cells in sorted(work._cells.items()):
        yield f"{table} {[(key, _in_order(cells[key])) for key in sorted(cells)]!r} {list(cells)}"
    for who, (cell, said, filled) in work.people.items():
        yield f"person {who} {cell == work._cells['member'].get(who)} {_in_order(said)!r} {_in_order(filled)!r}"
    for measure in work.windows.measures:
        for name, generation in (("cells", measure.cells), ("older", measure.older)):
            told = [(key, cell if isinstance(cell, int) else list(cell.stamps)) for key, cell in generation.items()]
            yield f"{measure.aggregate.id} {name} {told!r} {measure.turn} {measure.turned} {measure._patience}"
    log: Any = work.log
    if log is not None:
        yield f"log {list(log.events.items())!r} {list(log.order)} {log._shared.seq}"


def story(seed: int, store: str = "memory:", number: int = 300) -> list[str]:
    """What came of a seed's events, line by line."""
    luck = random.Random(seed)
    books = [evaluator(book) for book in BOOKS]
    now = books[luck.randrange(len(books))]
    told: list[str] = []
    engine = Engine(now, store, remember_ids=luck.choice([40, 1_000_000]), batch=luck.choice([1, 7, 1024]))
    for body in bodies(luck, number):
        if luck.random() < 0.02:
            now = luck.choice(books)
            engine.swap(now)
        given = _handed(luck, body, now)
        try:
            answers = list(engine.run([given])) if luck.random() < 0.3 else [engine.judge(given)]
            told += [encode_decision(one, zone(_ZONE)).decode() for one in answers]
        except (EventError, WireError) as error:
            told.append(f"refused {error}")
        except KeyboardInterrupt:
            told.append("ended")
        if luck.random() < 0.03:
            until = engine._judging("c1").work.standing.clock
            told += [encode_decision(one, zone(_ZONE)).decode() for one in engine.advance(until)]
        if luck.random() < 0.1:
            told += state(engine._judging(luck.choice(["c1", "c2"])).work)
    told.append(repr(engine.counts))
    for work in sorted(engine._ledger.sets(), key=lambda one: one.community):
        told += state(work)
    engine.close()
    return told


if __name__ == "__main__":
    for asked in sys.argv[2:]:
        print("\n".join(story(int(asked), sys.argv[1].format(asked))))
