"""Rules by period: watched from the community's first event on, judged at the end of each whole period since."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from communityrules.checker.checked import Period, Rule
from communityrules.engine import boards, community, duties, members, reviews
from communityrules.engine.answering import answer
from communityrules.engine.book import Book
from communityrules.engine.transaction import Transaction
from communityrules.engine.turn import Affected, Turn
from communityrules.library.periods import periods
from communityrules.model.event import Event, Target

TIMER: Final = "period"


def watch(tx: Transaction, book: Book, time: int) -> None:
    """See to it that every period and board of the rulebook is watched, from an event's time on."""
    cell = community.record(tx)
    if cell and cell["watching"] == book.watched:
        return
    begun = dict(cell.get("periods", {}))
    for name, one in zip(book.periods_named, book.periods, strict=True):
        if name not in begun:
            # The period that is running began before anything was seen, so it is not judged.
            begun[name] = None
            tx.schedule(_next(book, one, time), TIMER, name)
    community.change(tx, since=cell.get("since", time), watching=book.watched, periods=begun)
    if book.rulebook.leaderboards:
        community.change(tx, boards=boards.watch(tx, book, time, cell.get("boards", {})))
    if book.reviewed:
        community.change(tx, reviews=reviews.watch(tx, book, time, cell.get("reviews", {})))


def watched(tx: Transaction, book: Book, time: int) -> Mapping[str, Any]:
    """The cell of the community, once every period of the rulebook is watched."""
    watch(tx, book, time)
    tx.checked = known = community.record(tx)
    return known


def turned(turn: Turn, key: str) -> bool:
    """A period has ended and the next begins. Whether the rulebook still asks for it."""
    watched = dict(community.record(turn.tx).get("periods", {}))
    book = turn.book
    period = dict(zip(book.periods_named, book.periods, strict=True)).get(key)
    if period is None:
        watched.pop(key, None)
        community.change(turn.tx, periods=watched)
        return False
    whole = watched.get(key) is not None
    watched[key] = turn.now
    community.change(turn.tx, periods=watched)
    end = _next(book, period, turn.now)
    turn.tx.schedule(end, TIMER, key)
    for rule in book.periodic:
        if rule.every != period:
            continue
        if whole and (rule.actions or rule.condition is not None):
            _judge(turn, rule, end)
        if rule.duties and rule.condition is None and _binds(rule, turn.now):
            duties.open_all(turn, rule, Affected(group=rule.responsible), duties.Owner(rule.responsible), None, end)
    return True


def _judge(turn: Turn, rule: Rule, end: int) -> None:
    """Judge a rule over the period that has ended: for each member, or once where nothing in it is about one."""
    if rule.duties or not turn.book.personal[id(rule)]:
        _ask(turn, rule, None, end)
        return
    for member in list(members.known(turn.tx)):
        _ask(turn, rule, member, end)


def _ask(turn: Turn, rule: Rule, member: str | None, end: int) -> None:
    tx = turn.tx
    event = Event(f"{rule.id}@{turn.now}", turn.now, "period", tx.community)
    if member is not None:
        event.member = event.subject = members.find(tx, member)
        event.target = Target(member=member)
    else:
        event.subject_group = rule.applies_to[0] if rule.applies_to else rule.responsible
    match = turn.book.evaluator.match_period(rule, event, turn.judge.facts(event, closing=True))
    if turn.book.graces and any(hit.grace for hit in match.hits) and _answered_before(turn, rule, event):
        return
    if match.hits or match.errors:
        answer(turn, event, match, end=end)


def _answered_before(turn: Turn, rule: Rule, event: Event) -> bool:
    """Whether the text that still holds beside a new one answers for itself."""
    facts = turn.judge.facts(event, closing=True)
    others = (one for one in turn.book.periodic if one.id == rule.id and one is not rule and one.every == rule.every)
    return any(turn.book.evaluator.match_period(one, event, facts).hits for one in others)


def _binds(rule: Rule, now: int) -> bool:
    """Whether a rule is in force, and neither on trial nor new beside the text before it."""
    begun = rule.start if rule.grace_end is None else rule.grace_end
    in_force = (begun is None or begun <= now) and (rule.end is None or now < rule.end)
    return in_force and (rule.trial_end is None or now >= rule.trial_end)


def _next(book: Book, period: Period, time: int) -> int:
    calendar = periods(book.rulebook.timezone)
    if period.unit == "minute":
        return calendar.tick(period.count, time)
    return calendar.next(period.unit, time, period.count)
