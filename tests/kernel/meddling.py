"""Hosts whose code runs in the middle of what the kernel does, and changes what is at hand.

    python tests/kernel/meddling.py NAME

does one of them. Whatever comes of it, the process must not come to harm: `PYTHONMALLOC=debug`, or the sanitizers, say
where it reads what is gone.
"""

from __future__ import annotations

import gc
import sys
from array import array
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from decimal import Decimal
from operator import lt
from types import SimpleNamespace
from typing import Any

from communityrules import loads
from communityrules.compiler.facts import GivenFacts
from communityrules.compiler.match import Hit
from communityrules.engine.engine import Engine
from communityrules.kernel import native
from communityrules.language.moulds import Step
from communityrules.model.event import Event, Member, Message
from communityrules.wire.usual import in_c

moulds: Any = native("moulds")
lines: Any = native("lines")
scanning: Any = native("scanning")
sifting: Any = native("sifting")
turning: Any = native("turning")
reading: Any = native("reading")
#: Parts of a key of which no tuple lies ready to be used again: making one may have the collector run.
WIDE = 25
#: At so many moments each is tried.
MOMENTS = 12


@contextmanager
def collecting(doing: Callable[[], object], moment: int, again: bool = False) -> Iterator[Callable[[], None]]:
    """Does something when the collector runs after what is given was called: at another moment each, the first few of
    which are enough; `again`: and whenever it runs after that."""
    runs = 0
    used: list[Any] = []

    def meddle(phase: str, _: Any) -> None:
        nonlocal runs
        runs += phase == "start"
        if phase == "stop":
            # So that it runs at the next object again, not only at the one after that.
            used.append([])
        elif runs > moment if again else runs == moment + 1:
            doing()

    def ready() -> None:
        # Objects that lie ready to be used again are used up: others must be made.
        for _ in range(2500):
            used.append(([], {}, (1,), (1, used), (1, 2, used), (1, 2, 3, used)))
        gc.collect()
        gc.callbacks.append(meddle)
        used.append([])
        gc.set_threshold(1)

    before = gc.get_threshold()
    gc.freeze()
    try:
        yield ready
    finally:
        gc.set_threshold(*before)
        gc.callbacks.remove(meddle)
        gc.unfreeze()


class Same:
    """Does something when it is compared, and then is equal or not; found where 1 is."""

    def __init__(self, doing: Callable[[], object], equal: bool) -> None:
        self.doing, self.equal = doing, equal

    def __hash__(self) -> int:
        return 1

    def __eq__(self, other: object) -> bool:
        self.doing()
        return self.equal


def _grow(cells: Any, number: int = 2000) -> None:
    for one in range(number):
        cells[("new", *(str(one),) * (WIDE - 1))] = one


def _key(one: object) -> tuple[object, ...]:
    return ("old", *(f"{one} {part}" for part in range(WIDE - 1)))


# --- tables of a count -------------------------------------------------------------------------------------------


def cells_told() -> None:
    """Cells are listed while the collector has them taken out, and others put in."""
    before: list[Any] = [(_key(one), [one]) for one in range(40)]
    after: list[Any] = [(("new", *(str(one),) * (WIDE - 1)), one) for one in range(300)]
    for moment in range(MOMENTS):
        for told in ("items", "values", "__iter__"):
            cells = turning.Cells()
            for one in range(40):
                cells[_key(one)] = [one]

            def meddle(cells: Any = cells) -> None:
                for one in range(40):
                    cells.pop(_key(one), None)
                _grow(cells, 300)

            with collecting(meddle, moment) as ready:
                ready()
                found = list(getattr(cells, told)())
            # Those of one moment or of another, but of one.
            both = [before, after]
            assert found in (
                both if told == "items" else [[pair[told == "values"] for pair in pairs] for pairs in both]
            )


def cell_compared() -> None:
    """The table shrinks while a part of a key is compared, and the key is none of those that are looked for."""
    for equal in (False, True):
        cells = turning.Cells()
        for one in range(3000):
            cells["x", str(one)] = one
        cells[1, "b"] = "there"

        def meddle(cells: Any = cells) -> None:
            for one in range(3000):
                cells.pop(("x", str(one)), None)
            for one in range(3000):
                cells["y", str(one)] = one
                del cells["y", str(one)]

        try:
            cells.get((Same(meddle, equal), "b"))
        except RuntimeError:
            pass
        else:
            raise AssertionError("that the table moved was not seen")


class _Alike:
    """Equal to all of its kind: a key can be asked for without holding the one that is there."""

    doing: Callable[[], object] | None = None

    def __hash__(self) -> int:
        return 7

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Alike)

    def __del__(self) -> None:
        if self.doing is not None:
            self.doing()


def cell_taken_out() -> None:
    """The table moves while the parts of a key are let go of, of which the table has the last reference."""
    for way in ("del", "pop"):
        cells = turning.Cells()
        rest = [f"rest {part}" for part in range(WIDE - 1)]
        first = _Alike()
        first.doing = lambda cells=cells: _grow(cells)
        cells[(first, *rest)] = "cell"
        del first
        if way == "del":
            del cells[(_Alike(), *rest)]
        else:
            assert cells.pop((_Alike(), *rest), None) == "cell"
        assert len(cells) == 2000


def note_told() -> None:
    """Notes are taken back while one of them is told."""
    for moment in range(MOMENTS):
        notes = turning.Notes()
        notes.append((("amy",), [moment], [moment, "count"]))
        with collecting(notes.clear, moment) as ready, suppress(IndexError):
            ready()
            assert notes[0] == (("amy",), [moment], [moment, "count"])
        notes.append((("amy",), [moment], [moment, "count"]))
        with collecting(notes.clear, moment) as ready, suppress(RuntimeError, IndexError):
            ready()
            notes.pop()


def instants_copied() -> None:
    """Instants are let go of while some are copied."""
    seen = 0
    for moment in range(MOMENTS):
        instants = turning.quick(type("Instants", (), {}))()
        instants.extend(range(500))

        def meddle(instants: Any = instants) -> None:
            del instants[:]

        with collecting(meddle, moment) as ready:
            ready()
            try:
                found = instants[10:400]
                assert found in ([], list(range(10, 400)))
            except RuntimeError:
                seen += 1
    assert seen


# --- the engine --------------------------------------------------------------------------------------------------

_RULES = """rulebook "Meddled"
member (rank: text)
rule a
  must not
  on message
  if count(message by member within 10 minutes) > 3
  then remind
"""


def cell_put() -> None:
    """What was known of a member is let go of while it is noted for taking it back."""
    engine = Engine(loads(_RULES))
    body = {"community": "c", "type": "message", "text": "hi", "time": "2026-05-01T12:00:00Z"}
    engine.judge({**body, "id": "first", "member": {"id": "amy", "rank": "first"}})
    rows: Any = engine._ledger.work("c")._cells["member"]
    kept: list[Any] = []

    def meddle() -> None:
        # What is known of a member is held here alone, and what was known before is gone.
        rows["amy"] = object()
        kept.append([(one, one, kept) for one in range(9)])

    for moment in range(4 * MOMENTS):
        rows["amy"] = {"fields": {"rank": "another"}, "heard": 1}
        given = {**body, "id": f"{moment}", "member": {"id": "amy", "rank": f"rank {moment}"}}
        with collecting(meddle, moment, again=True) as ready, suppress(Exception):
            ready()
            engine.judge(given)
    engine.close()


def quick_of_another() -> None:
    """A class that is only called like one of the engine's has none of its slots."""
    for name, methods in {
        "WorkingSet": ("begin", "settle"),
        "Windows": ("observe",),
        "StoredFacts": ("aggregate",),
    }.items():
        told: list[str] = []
        made = {method: lambda *_, told=told, name=name: told.append(name) for method in methods}
        module = _fresh("turning")
        module.know(**_classes())
        made_quick = module.quick(type(name, (), {"__slots__": (), **made}))()
        engine_event = _event()
        given: dict[str, tuple[Any, ...]] = {
            "begin": (1, "x"), "settle": (), "observe": (engine_event, "message", None), "aggregate": (0, ("amy",)),
        }  # fmt: skip
        for method in methods:
            getattr(made_quick, method)(*given[method])
        assert told == [name] * len(methods)


def _classes() -> dict[str, Any]:
    from communityrules.engine import turning as engine_turning

    asked: dict[str, Any] = {}

    class Kernel:
        def know(self, **classes: Any) -> None:
            asked.update(classes)

    engine_turning._knowing(Kernel())
    asked.pop("History")
    return asked


def _event() -> Any:
    from communityrules.model.event import Event, Member, Message

    return Event(
        id="e", time=1, type="message", community="c", member=Member("amy"), message=Message("m", "hi"), digest="0" * 16
    )


def _fresh(name: str) -> Any:
    """A module of the kernel once more, which knows nothing yet."""
    from importlib.util import find_spec, module_from_spec

    spec = find_spec(f"communityrules.kernel._{name}")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


# --- reading -----------------------------------------------------------------------------------------------------


def roles_copied() -> None:
    """A list in a body changes while a tuple is made of it."""
    made = loads(_RULES)
    for moment in range(MOMENTS):
        reader = in_c(made.events)
        assert reader is not None
        roles: list[str] = []

        def meddle(roles: list[str] = roles) -> None:
            roles.clear()

        roles += [f"role {one}" for one in range(60)]
        body = {
            "community": "c", "type": "message", "text": "hi", "time": "2026-05-01T12:00:00Z", "id": "e",
            "member": {"id": "amy", "roles": roles},
        }  # fmt: skip
        with collecting(meddle, moment) as ready:
            ready()
            found: Any = reader.body(body)
        assert found is None or len(found.member.roles) in (0, 60)


def reader_found() -> None:
    """A reader is found, and asked, while it is made."""
    asked: list[str] = []

    class Asks:
        def __bool__(self) -> bool:
            for found in gc.get_objects():
                if type(found) is reading.Reader:
                    for body in ({"类": {"x": 1}}, {"type": "消息"}):
                        try:
                            found.body(body)
                        except RuntimeError:
                            asked.append("refused")
            return True

    kinds: Any = (("message", Asks(), ()),)
    reading.Reader(kinds, (), (), (object, object, object, object, Decimal, None), (9, 9, 9, 9, 9, 1, 9))
    assert asked == ["refused"] * 2


# --- lines, texts, moulds ----------------------------------------------------------------------------------------


def quarter_of_another_kind() -> None:
    """A quarter of an hour that is told as a list is refused, for no tuple is made of it."""
    from communityrules.model.decision import Decision, RulebookRef

    for told in ([b"a", 0, b"b"], (b"a", 0), (b"a", 0, "b"), (b"a", 9999, b"b"), (b"a", 1 << 80, b"b")):
        made = lines.lines(None, Decision, lambda *_: b"", lambda *_, told=told: told, lambda *_: b"x", lambda *_: b"")
        for _ in range(3):
            try:
                made.line(Decision("e", 1, "c", RulebookRef("b", None, "d"), "allow"))
            except (TypeError, ValueError, OverflowError):
                continue
            raise AssertionError(told)


def decision_changed() -> None:
    """A decision is changed while its line is written."""
    from communityrules.model.decision import Decision, RulebookRef

    # What never changes can be changed by way of the descriptor.
    event: Any = Decision.__dict__["event"]
    one: Any = Decision("".join(["e" * 40, "é"]), 1, "c", RulebookRef("b", None, "d"), "allow")
    other: Any = Decision("other", 1, "c2", RulebookRef("b2", None, "d"), "allow")

    def rest(*said: Any) -> bytes:
        if said[0] == "c":
            event.__set__(one, None)
            made.line(other)
        return f" of {said[0]}\n".encode()

    made = lines.lines(
        None, Decision, lambda *_: b"", lambda *_: (b" at", 0, b""), rest, lambda text: repr(text).encode()
    )
    line = made.line(one)
    assert b"eee" in line
    assert line.endswith(b"of c\n")
    assert made.line(other).endswith(b"of c2\n")


def slots_of_another() -> None:
    """A class that was given the slots of another has nothing where they are."""

    class Large:
        __slots__ = tuple(f"slot{one}" for one in range(60))

    names = (
        "event", "time", "community", "rulebook", "verdict", "late", "outcomes", "sanctions", "duties", "cases",
        "notices", "points", "labels", "errors",
    )  # fmt: skip
    small = type(
        "Small", (), {"__slots__": (), **{name: getattr(Large, f"slot{40 + at}") for at, name in enumerate(names)}}
    )
    try:
        lines.lines(None, small, None, None, None, None)
    except TypeError:
        return
    raise AssertionError("they were taken for its own")


def letters_told() -> None:
    """Letters that are to be changed are told by what forgets them."""

    class Number:
        def __init__(self, number: int) -> None:
            self.number = number

        def __index__(self) -> int:
            changed.clear()
            return self.number

    changed: Any = {Number(65): Number(66), Number(67): Number(68)}
    for one in range(100):
        changed[one] = Number(one)
    assert len(scanning.table(changed, "x")) == 0x20000


def place_let_go_of() -> None:
    """A place is asked for again when nothing of what was made of it is there any more."""

    class Place:
        def __init__(self, *said: object) -> None:
            self.said = said

    def drop(*_: object) -> list[object]:
        # Whatever was where the place had been is something else now.
        return [Place(one) for one in range(50)]

    text = "a b"
    steps = (Step.SPAN, 0, 1, Step.NODE, 0, 1, Step.AGAIN, 0, 0, Step.TUPLE, 0, 2)
    builder = moulds.builder(
        text, "source", {}, {}, None, Place, {}, lambda _: True, {"a": "a", "b": "b"}, {}, (9, 9, 9)
    )
    found = builder(0, 3, {builder.shape(0, 3): (array("H", steps).tobytes(), (drop,), b"")})
    assert type(found[1]) is Place
    assert found[1].said == ("source", 0, 1)


def mould_forgotten() -> None:
    """A mould is forgotten while it is filled."""
    text = "a b"

    def harmless(_: str) -> bool:
        known.clear()
        return True

    builder = moulds.builder(text, "s", {}, {}, None, list, {}, harmless, {"a": "a", "b": "b"}, {}, (9, 9, 9))
    steps = array("H", (Step.CONSTANT, 0, 0, Step.WRITTEN, 0, 1, Step.TUPLE, 0, 2)).tobytes()
    known: dict[Any, Any] = {builder.shape(0, 3): (steps, ([],), array("H", (0, 1)).tobytes())}
    assert builder(0, 3, known) == ([], "a")


# --- which rules may match ---------------------------------------------------------------------------------------


def bits_beyond_all() -> None:
    """A rule that no mask has room for is refused."""
    for bit in (2**64 - 1, 2**63, 2**40):
        try:
            sifting.Words(["ab"], [0], ((bit,),)).left("ab")
        except ValueError:
            continue
        raise AssertionError(bit)


def patterns_told() -> None:
    """What a pattern is for is told by what forgets it."""

    class Whole:
        def __bool__(self) -> bool:
            patterns.clear()
            gc.collect()
            return True

    class Pattern:
        also_required = (("ab",),)

        def search(self, _: str) -> None:
            return None

    patterns: Any = {0: (Pattern(), Whole())}
    mask = bytes(8)
    side = ((0,), (), (), (), ((0, 0, None, None, None, None, 0, mask, patterns),), mask, (), None)
    nothing = ((), (), (), (), (), b"", (), None)
    sift = sifting.Sift(lambda *_: "twin", [], int, True, ((0, "text", None, 0),), (), nothing, side)
    assert not patterns
    gc.collect()

    class Event:
        text = 1

    sift(Event(), None)


def branches_without_end() -> None:
    """Steps that are told of steps, and so on, are refused before they have used up the stack."""
    nothing = ((), (), (), (), (), b"", (), None)
    sift = sifting.Sift(lambda *_: None, [], int, True, ((0, "text", None, 0),), (), nothing, nothing)
    step: Any = (0, 0, {}, (), (), 0, repr)
    for _ in range(200_000):
        step = (3, ((-1, 0, None, step),))
    try:
        sifting.Telling(sift, None, (step,), False, None, None, None, None)
    except (ValueError, TypeError):
        return
    raise AssertionError("they were taken")


def outcomes_found() -> None:
    """What is not whole yet is not found by way of the collector."""
    torn: list[str] = []

    def outcome(*_: object) -> object:
        torn.extend(
            repr(found)
            for found in gc.get_objects()
            if type(found) is tuple and len(found) == 7 and "<NULL>" in repr(found)
        )
        return [1]

    def action(*_: object) -> object:
        return outcome()

    rule = SimpleNamespace()
    done: Any = tuple(("delete", {"one": []}) for _ in range(7))
    hit = SimpleNamespace(rule=rule, trial=False, overridden_by=None, evidence=())
    outcomes = sifting.Outcomes(
        outcome, action, {"allow": 0, "block": 1}, {id(rule): ("r", "n", "c", "m", "block", done)}, {"message": True}
    )
    event = SimpleNamespace(type="message", subject_message=None, message=SimpleNamespace(id="m"))
    found, verdict = outcomes((hit,) * 7, event)
    assert (len(found), verdict) == (7, "block")
    assert not torn, torn


def strictness_forgotten() -> None:
    """How strict a verdict is, is forgotten while another is looked up."""
    from types import SimpleNamespace

    class Verdict(str):
        __slots__ = ()
        __hash__ = str.__hash__

        def __eq__(self, other: object) -> bool:
            strictness.pop("allow", None)
            return str.__eq__(self, other)

    class Strict(int):
        __slots__ = ()
        __lt__ = __gt__ = lambda self, other: lt(int(self), int(other))

    strictness: Any = {"allow": Strict(1), Verdict("block"): Strict(2)}
    rule = SimpleNamespace()
    hit = SimpleNamespace(rule=rule, trial=False, overridden_by=None, evidence=())
    usual = {id(rule): ("r", "n", "c", "m", "".join(["blo", "ck"]), ())}
    outcomes = sifting.Outcomes(lambda *_: [1], lambda *_: 1, strictness, usual, {"message": True})
    event = SimpleNamespace(type="message", subject_message=None, message=SimpleNamespace(id="m"))
    assert outcomes((hit,), event) is not None


def listing_told() -> None:
    """What tells of a list is let go of by a host's key that it is compared with, and by what makes its evidence."""
    evaluator = loads(
        'rulebook "Listed"\nlist bad = "casino", "refund"\nrule 1\n  must not\n  on message\n'
        "  if message.text contains any of bad\n  then flag\n"
        + "".join(f"rule r{n}\n  must\n  on message\n  if message.length is {n + 900}\n  then flag\n" for n in range(9))
    ).evaluator
    judge, known = evaluator._possible["message"]  # what the kernel is asked through
    facts, member = GivenFacts(), Member("amy")

    def event(text: str) -> Event:
        return Event("e", 1_780_000_000_000_000, "message", "c", member, Message("m", text))

    evaluator.match(event("the casino"), facts)
    telling = judge.explain[0]
    assert known(event("the casino"), facts, {0: telling})[0] is not None

    class Key:
        """Of the number of the rule, by which it is looked for."""

        meddles = False

        def __hash__(self) -> int:
            return 0

        def __eq__(self, other: object) -> bool:
            if self.meddles:
                tellings.clear()
                judge.explain.clear()
                gc.collect()
            return False

    for then in (telling, object(), None):
        key = Key()
        tellings: dict[Any, Any] = {key: then, 0: then}
        key.meddles = True
        for text in ("the casino", "no refund", "ca sino"):
            known(event(text), facts, tellings)
        assert not tellings
    del telling
    gc.collect()
    assert [hit.evidence[0]["text"] for hit in evaluator.match(event("a refund"), facts).hits] == ["refund"]

    # And a text, where a place is told that it does not have, is told of by Python.
    made: list[object] = []

    def maker(*_: object) -> list[object]:
        made.append(1)
        gc.collect()
        return [{"kind": "match"}]

    side = ((0,), (), (), (), (), bytes(8), (), None)
    nothing = ((), (), (), (), (), b"", (), None)
    sift = sifting.Sift(lambda *_: "twin", [], int, True, ((0, "text", None, 0),), (), side, nothing)
    for words, values in ((("casino",), (0, 0)), ((), ()), (("é",), (0, 0, 0, 0))):
        step = (5, 0, {"kind": "match"}, ("what",), ("bad",), words, True, maker, values)
        told = sifting.Telling(sift, None, (step,), True, Hit, None, None, None)
        notes: list[object] = []
        told(SimpleNamespace(text="casino"), None, [], notes)
        assert notes == [{"kind": "match"}]
    for wrong in ((0,) * 5, (7,)):
        with suppress(ValueError):
            sifting.Telling(sift, None, ((5, 0, {}, (), (), (), True, maker, wrong),), True, Hit, None, None, None)
            raise AssertionError(wrong)
    with suppress(TypeError):
        sifting.Telling(sift, None, ((5, 0, {}, (), (), (1,), True, maker, ()),), True, Hit, None, None, None)
        raise AssertionError("words are texts")


ALL: dict[str, Callable[[], None]] = {
    one.__name__: one
    for one in (
        cells_told, cell_compared, cell_taken_out, note_told, instants_copied, cell_put, quick_of_another, roles_copied,
        reader_found, quarter_of_another_kind, decision_changed, slots_of_another, letters_told, place_let_go_of,
        mould_forgotten, bits_beyond_all, patterns_told, branches_without_end, outcomes_found, strictness_forgotten,
        listing_told,
    )
}  # fmt: skip

if __name__ == "__main__":
    ALL[sys.argv[1]]()
