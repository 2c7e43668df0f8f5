"""What follows from one event or one timer: the door of everything in `engine` that rules bring about.

All state is in the transaction's cells, all time is the transaction's, all ids are the transaction's. One event is
handled in this order: silenced members are stopped; votes, appeals and leavings are taken; open duties are met; the
rules answer; what the engine raised is judged. Rules in force at the instant of the event judge it; duties and cases
keep the terms under which they were opened, sanctions the appeal under which they were imposed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from communityrules.checker.checked import Origin
from communityrules.compiler.facts import Facts
from communityrules.compiler.match import Match
from communityrules.engine import (
    answering,
    appeals,
    boards,
    cases,
    community,
    crowds,
    deadlines,
    duties,
    guard,
    labels,
    members,
    messages,
    periodic,
    powers,
    proportion,
    reviews,
    sanctions,
    settling,
    states,
    subjects,
)
from communityrules.engine.book import Book, Evaluating, reads_measure
from communityrules.engine.parts import Judge, Parts
from communityrules.engine.transaction import Transaction
from communityrules.engine.turn import Turn
from communityrules.engine.usual import Usual
from communityrules.model.event import NO_TARGET, Event


class Consequences:
    """The consequences of one rulebook. Holds no state of any community."""

    def __init__(self, evaluator: Evaluating) -> None:
        self._book: Final = Book(evaluator)
        self._usual: Final = Usual(self._book)
        #: Event types that can have consequences while nothing is owed.
        self._heard: Final = self._book.heard | guard.BLOCKED.keys() | BEFORE.keys() | {"finding"}
        #: What the rules answer to an event.
        self.match: Final = evaluator.match
        #: What they answer to an ordinary one, where nothing but outcomes follows from it; else None.
        self.told: Final = self._usual.told
        #: Event types that some rule is on: to all others the rules have nothing to say.
        self.listening: Final = self._book.listening
        #: Event types whose subject is not who sent them.
        self.about_others: Final = self._book.about_others
        #: Whether who wrote which message is remembered.
        self.remembers: Final = self._book.remembers_messages

    def state(self, tx: Transaction, name: str) -> str:
        """The value that a state of the community has at `tx.now`. KeyError when the rulebook has no such state."""
        return states.value(tx, self._book.rulebook, name)

    def size(self, tx: Transaction, group: str, facts: Facts) -> int:
        """How many known members are in a group at `tx.now`. Raises what functions in the group's condition raise."""
        return crowds.size(tx, self._book, group, facts)

    def reader(self, index: int) -> tuple[str, Origin]:
        """The first rule that reads a measure, and where it stands; "" and nowhere when none does."""
        for rule in self._book.rulebook.rules:
            if reads_measure(rule.condition, self._book.rulebook, index):
                return rule.id, rule.origin
        return "", Origin("", 0, 0)

    def prepare(self, tx: Transaction, event: Event) -> bool:
        """Fill in the subject of an event and what the community knows of its people.

        Whether it is an event like nearly every one: nothing is owed that it could meet, and its sender may write.
        """
        book = self._book
        known: Any = tx.get(community.TABLE, community.KEY)
        if known is None or known is not tx.checked:
            known = periodic.watched(tx, book, event.time)
        sender = members.meet(tx, event)
        if event.target is NO_TARGET and event.type not in book.about_others:
            event.subject = event.member
            event.subject_message = event.message
        else:
            subjects.settle(tx, book, event)
            if book.reads_targets:
                subjects.aim(tx, event)
        owed = "owed" in known and known["owed"]
        if owed or book.remembers_messages:
            messages.remember(tx, event, book.remembers_texts)
        return not owed and "silence" not in sender

    def handle_event(self, tx: Transaction, event: Event, heard: str, judge: Judge, ordinary: bool) -> Parts | None:
        """All that follows from a prepared and observed event; None when nothing does.

        `heard` is `event.heard_as`, `ordinary` is what `prepare` said of it.
        """
        kind = event.type
        if ordinary and (kind not in BEFORE or (kind == "leave" and _left(tx, event))):
            if heard not in self.listening:
                return None
            return self.answer(tx, event, judge, self.match(event, judge.facts(event)))
        if heard not in self._heard and not community.record(tx).get("owed"):
            return None
        turn = Turn(tx, self._book, judge, event)
        silenced = kind in guard.BLOCKED and guard.check(turn, event)
        before = BEFORE.get(kind)
        if before is not None:
            before(turn, event)
        if not silenced:
            duties.meet(turn, event)
        answering.ask(turn, event, silenced)
        if turn.raised:
            answering.drain(turn)
        return turn.parts

    def answer(self, tx: Transaction, event: Event, judge: Judge, match: Match) -> Parts | None:
        """All that follows from what the rules answer to an ordinary event; None when nothing does."""
        parts = self._usual.parts(event, match)
        return parts if parts is not None else self.follow(tx, event, judge, match)

    def follow(self, tx: Transaction, event: Event, judge: Judge, match: Match) -> Parts | None:
        """The same of what `told` has not told."""
        if not (match.hits or match.errors):
            return None
        turn = Turn(tx, self._book, judge, event)
        answering.answer(turn, event, match)
        if turn.raised:
            answering.drain(turn)
        return turn.parts

    def handle_timer(self, tx: Transaction, what: str, key: str, due: int, judge: Judge) -> Parts | None:  # noqa: ARG002  # `tx.now` is due
        """All that follows from a timer. None when what it waited for is no longer there, or nothing follows."""
        turn = Turn(tx, self._book, judge)
        if not _TIMERS[what](turn, key):
            return None
        answering.drain(turn)
        parts = turn.parts
        told = (
            parts.outcomes, parts.sanctions, parts.duties, parts.cases, parts.notices, parts.points, parts.labels,
            parts.errors,
        )  # fmt: skip
        return parts if any(told) else None


def _left(tx: Transaction, event: Event) -> bool:
    """Somebody of whom nothing is open goes. False when something is, and then nothing has been done."""
    sender = event.member
    if sender is None:
        return False
    known = members.record(tx, sender.id)
    if "duties" in known or "cases" in known:
        return False
    members.leave(tx, event)
    return True


def _leave(turn: Turn, event: Event) -> None:
    if event.member is not None:
        members.leave(turn.tx, event)
        duties.leave(turn, event.member.id)
        settling.withdraw(turn, event.member.id)


#: What an event means to the engine before the rules are asked.
BEFORE: Final[Mapping[str, Callable[[Turn, Event], None]]] = {
    "approve": settling.vote,
    "reject": settling.vote,
    "appeal": appeals.lodge,
    "leave": _leave,
    "staff_action": powers.judge,
}

_TIMERS: Final[Mapping[str, Callable[[Turn, str], bool]]] = {
    boards.TIMER: boards.close,
    cases.TIMER: settling.expire,
    duties.TIMER: duties.late,
    deadlines.TIMER: duties.remind,
    labels.TIMER: labels.ended,
    periodic.TIMER: periodic.turned,
    proportion.TIMER: proportion.expired,
    reviews.TIMER: reviews.due,
    sanctions.TIMER: sanctions.ended,
    states.TIMER: states.ended,
}
