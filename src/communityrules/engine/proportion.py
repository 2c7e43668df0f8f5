"""Proportion: caps of penalties, and breakers that stop sanctions when too many members have been struck.

A sanction is counted before it is imposed, in the same transaction: the one that would go too far is the first that is
not imposed, and a warning stands in its place. Warnings themselves are neither stopped nor counted. A cap holds for
whatever asks for its penalty. A breaker counts members whom automatic rules have sanctioned, and stops automatic rules:
neither findings of people nor what staff do by hand. Steps that an appeal has counted again are what they were.

A cell of the table `cap` lists the times of the last sanctions of a penalty. The table `breaker_by` says when each
member was last struck, for as long as that counts; a cell of `breaker` says how many they are; one of `breaker_open`
is there while that breaker is tripped.
"""

from __future__ import annotations

from typing import Final

from msgspec import Struct

from communityrules.checker.checked import Breaker, PenaltyCap
from communityrules.engine import members
from communityrules.engine.plain import join, split
from communityrules.engine.turn import Answer, Terms, Turn
from communityrules.model.decision import Evidence

RULE: Final = "breaker"
TIMER: Final = "breaker"
#: What stands in the place of a sanction that is not imposed.
INSTEAD: Final = "warn"
_CAP: Final = "cap"
_COUNT: Final = "breaker"
_BY: Final = "breaker_by"
_OPEN: Final = "breaker_open"


class Restraint(Struct, frozen=True):
    """Why a sanction is not imposed."""

    #: `cap` or `breaker`.
    by: str
    evidence: Evidence
    #: The breaker that trips now.
    tripped: Breaker | None = None


def restrain(turn: Turn, kind: str, member: str, penalty: str | None, *, counted: bool) -> Restraint | None:
    """Count a sanction that is about to be imposed; or say why it must not be, and then nothing is counted.

    `counted`: another sanction of the same offence has been counted already.
    """
    if kind == INSTEAD:
        return None
    declared = turn.book.rulebook.penalties.get(penalty) if penalty is not None else None
    caps = declared.caps if declared is not None and penalty is not None and not counted else ()
    for cap in caps:
        known = _recent(turn, _cap_key(penalty or "", cap, member), cap)
        if len(known) >= cap.times:
            return Restraint("cap", _cap_evidence(penalty or "", cap, kind, len(known)))
    breakers = () if turn.people or member in turn.struck else turn.book.rulebook.breakers
    for one in breakers:
        many, limit = _standing(turn, one)
        if many >= limit:
            return _stop(turn, one, kind, many, limit)
        _close(turn, one, many, limit)
    for cap in caps:
        key = _cap_key(penalty or "", cap, member)
        turn.tx.put(_CAP, key, sorted([*_recent(turn, key, cap), turn.now])[-cap.times :])
    for within in dict.fromkeys(one.within for one in breakers):
        _strike(turn, within, member)
    if breakers:
        turn.struck |= {member}
    return None


def terms_of(breaker: Breaker) -> Terms:
    """What outcomes of a breaker cite."""
    return Terms(RULE, None, breaker.text, "must")


def expired(turn: Turn, key: str) -> bool:
    """A member's sanction no longer counts. Whether a breaker is closed by that."""
    if turn.tx.get(_BY, key) is None:
        return False
    turn.tx.delete(_BY, key)
    within, _ = split(key)
    many = (turn.tx.get(_COUNT, within) or 1) - 1
    if many:
        turn.tx.put(_COUNT, within, many)
    else:
        turn.tx.delete(_COUNT, within)
    closed = False
    for one in turn.book.rulebook.breakers:
        if str(one.within) == within and turn.tx.get(_OPEN, _name(one)) is not None:
            closed |= _close(turn, one, *_standing(turn, one))
    return closed


def _stop(turn: Turn, one: Breaker, kind: str, many: int, limit: int) -> Restraint:
    evidence = {**_evidence(one, many, limit), "instead_of": kind}
    if turn.tx.get(_OPEN, _name(one)) is not None:
        return Restraint("breaker", evidence)
    turn.tx.put(_OPEN, _name(one), {"since": turn.now})
    return Restraint("breaker", evidence, one)


def trip(turn: Turn, breaker: Breaker) -> Answer:
    """The answer under which a breaker that trips is told."""
    many, limit = _standing(turn, breaker)
    known = members.how_many(turn.tx)
    return Answer(terms_of(breaker), [{**_evidence(breaker, many, limit), "known": known, "tripped": True}])


def _close(turn: Turn, one: Breaker, many: int, limit: int) -> bool:
    """Let sanctions pass again when a breaker is tripped and no longer should be, and say so."""
    if many >= limit or turn.tx.get(_OPEN, _name(one)) is None:
        return False
    turn.tx.delete(_OPEN, _name(one))
    turn.give([Answer(terms_of(one), [{**_evidence(one, many, limit), "tripped": False}])])
    return True


def _strike(turn: Turn, within: int, member: str) -> None:
    tx = turn.tx
    key = join(str(within), member)
    before = tx.get(_BY, key)
    if before is None:
        tx.put(_COUNT, str(within), (tx.get(_COUNT, str(within)) or 0) + 1)
    last = turn.now if before is None else max(before, turn.now)
    tx.put(_BY, key, last)
    # What is exactly as old as the window still counts.
    tx.schedule(last + within + 1, TIMER, key)


def _standing(turn: Turn, one: Breaker) -> tuple[int, int]:
    """How many members count now, and at how many it trips."""
    many: int = turn.tx.get(_COUNT, str(one.within)) or 0
    if many < one.least:
        # Only from there on does it matter how many members there are.
        return many, one.least
    return many, max(one.least, int(one.share * members.how_many(turn.tx)))


def _recent(turn: Turn, key: str, cap: PenaltyCap) -> list[int]:
    known: list[int] = turn.tx.get(_CAP, key) or []
    return [time for time in known if time >= turn.now - cap.within]


def _cap_key(penalty: str, cap: PenaltyCap, member: str) -> str:
    return join(penalty, str(cap.within), *([member] if cap.by_member else []))


def _cap_evidence(penalty: str, cap: PenaltyCap, kind: str, many: int) -> Evidence:
    told = {"kind": "cap", "penalty": penalty, "value": many, "limit": cap.times, "within": cap.within}
    return {**told, **({"by": "member"} if cap.by_member else {}), "instead_of": kind}


def _evidence(one: Breaker, many: int, limit: int) -> dict[str, object]:
    return {"kind": "breaker", "value": many, "limit": limit, "within": one.within}


def _name(one: Breaker) -> str:
    return join(str(one.within), f"{one.share:f}", str(one.least))


__all__ = ["INSTEAD", "RULE", "TIMER", "Restraint", "expired", "restrain", "terms_of", "trip"]
