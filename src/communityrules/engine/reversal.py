"""What rules have given, kept so that it can be taken back when the reason for it is overturned.

A gift is one movement of points, or one label put on, by a rule itself (not by a step of a penalty). It is kept in two
places, so far as each is needed. With the offence, when the rule also asked for a penalty: whoever overturns the
offence takes its gifts back (`engine.penalties`). And by what it was given for, when the rulebook has a
`take back rule N` of that rule: a cell of the table `gift` for each message, or event without a message. The latter are
remembered for at least one horizon and at most two.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from communityrules.engine import labels, messages, points
from communityrules.engine.plain import join
from communityrules.engine.transaction import Transaction
from communityrules.engine.turn import Affected, Turn
from communityrules.model.event import NO_TARGET, Target

TABLE: Final = "gift"
#: The offences of `engine.penalties`.
OFFENCES: Final = "offence"
#: For how long what was given can be taken back by a rule, at least.
HORIZON: Final = messages.HORIZON
_GENERATION: Final = "gift_generation"
#: By member and label: what it was before, and who has put it on since.
_LABELS: Final = "gift_label"
#: As many as are told apart.
_MANY: Final = 64

Gift = dict[str, Any]


def of_points(rule: str, movement: list[Any]) -> Gift:
    """A movement as `points.give` made it."""
    return {"id": movement[2], "rule": rule, "points": movement}


def of_label(turn: Turn, rule: str, done: Mapping[str, Any]) -> Gift:
    """A label as `labels.put` put it on."""
    return {"id": turn.tx.new_id("gift"), "rule": rule, "label": dict(done)}


def mark(turn: Turn, gifts: Iterable[Gift], affected: Affected) -> None:
    """Say of gifts what they were given for, where a rule can take them back."""
    thing = affected.message
    if thing is None:
        # What the engine raises is about what happened.
        thing = turn.event.id if turn.event is not None else affected.event
    if thing is not None:
        for one in gifts:
            if one["rule"] in turn.book.taken_back:
                one["thing"] = thing


def keep(turn: Turn, gifts: Iterable[Gift]) -> None:
    """Remember marked gifts by what they were given for."""
    gifts = [one for one in gifts if "thing" in one]
    enter(turn, gifts)
    for one in gifts:
        key = join(str(_turn_over(turn.tx, turn.now)), one["thing"])
        turn.tx.put(TABLE, key, [*(turn.tx.get(TABLE, key) or []), one])


def enter(turn: Turn, gifts: Iterable[Gift]) -> None:
    """Note labels that can be taken back by who else has put them on: one that is left keeps the label there."""
    for one in gifts:
        if "label" not in one:
            continue
        done = one["label"]
        key = join(done["member"], done["label"])
        cell = turn.tx.get(_LABELS, key) or {"base": done["before"], "given": []}
        given = [other for other in cell["given"] if other[0] != one["id"]]
        left = [other for other in given if other[1] is None or other[1] > turn.now]
        base = cell["base"] if left else done["before"]
        turn.tx.put(_LABELS, key, {"base": base, "given": [*left, [one["id"], done["own"], one["rule"]]][-_MANY:]})


def undo(turn: Turn, rule: str, gift: Gift) -> None:
    """Take a gift back under a rule; it is forgotten."""
    _forget(turn.tx, gift)
    if "points" in gift:
        points.give_back(turn, rule, gift["points"])
    else:
        _undo_label(turn, gift)


def _undo_label(turn: Turn, gift: Gift) -> None:
    done = gift["label"]
    key = join(done["member"], done["label"])
    cell = turn.tx.get(_LABELS, key) or {"base": done["before"], "given": []}
    left = [one for one in cell["given"] if one[0] != gift["id"] and (one[1] is None or one[1] > turn.now)]
    if not left:
        turn.tx.delete(_LABELS, key)
        labels.undo(turn, {**done, "before": cell["base"]})
        return
    turn.tx.put(_LABELS, key, {**cell, "given": left})
    _, end, rule = max(left, key=lambda one: (one[1] is None, one[1] or 0))
    labels.shorten(turn, done, end, rule)


def take_back(turn: Turn, rule: str, by: str, affected: Affected, target: Target = NO_TARGET) -> bool:
    """Take back, under the rule `by`, all that another has given for what is affected or named. Whether it had."""
    things = [affected.message, affected.event, target.message, target.case]
    case = messages.recall(turn.tx, target.case) if target.case is not None else None
    if case is not None:
        things += [case.event, case.reply_to]
    gifts = _gifts(turn, rule, things)
    for gift in gifts:
        undo(turn, by, gift)
    return bool(gifts)


def _gifts(turn: Turn, rule: str, things: Iterable[str | None]) -> list[Gift]:
    """What a rule has given for some messages or events, oldest first."""
    newest: int | None = turn.tx.get(_GENERATION, _GENERATION)
    if newest is None:
        return []
    return [
        gift
        for thing in dict.fromkeys(one for one in things if one is not None)
        for generation in (newest - 1, newest)
        for gift in turn.tx.get(TABLE, join(str(generation), thing)) or []
        if gift["rule"] == rule
    ]


def _forget(tx: Transaction, gift: Gift) -> None:
    """Let neither what it was given for nor the offence have it any more."""
    key = gift.get("offence")
    offences = tx.get(OFFENCES, key) if key is not None else None
    if key is not None and offences is not None:
        tx.put(OFFENCES, key, {**offences, "offences": [
            {**one, "gave": [other for other in one["gave"] if other["id"] != gift["id"]]} if "gave" in one else one
            for one in offences["offences"]
        ]})  # fmt: skip
    newest: int | None = tx.get(_GENERATION, _GENERATION)
    if newest is None or "thing" not in gift:
        return
    for generation in (newest - 1, newest):
        key = join(str(generation), gift["thing"])
        known = tx.get(TABLE, key)
        if known is not None:
            left = [one for one in known if one["id"] != gift["id"]]
            if left:
                tx.put(TABLE, key, left)
            else:
                tx.delete(TABLE, key)


def _turn_over(tx: Transaction, time: int) -> int:
    """The generation in which something is remembered now; what is older than the one before is forgotten."""
    generation = time // HORIZON
    newest: int | None = tx.get(_GENERATION, _GENERATION)
    if newest is not None and generation <= newest:
        return max(generation, newest - 1)
    tx.put(_GENERATION, _GENERATION, generation)
    for key in [key for key, _ in tx.items(TABLE)]:
        if int(key.partition("\t")[0]) < generation - 1:
            tx.delete(TABLE, key)
    return generation
