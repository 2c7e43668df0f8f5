"""Penalties: the ladder from offences to sanctions.

A cell of the table `offence`, one for each penalty and member, lists the offences that can still count or be appealed,
oldest first; of a penalty without a window the older ones are only counted (`before`).
One event is at most one offence for each penalty and member and cites every rule that it broke.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from msgspec.structs import replace

from communityrules.checker.checked import Penalty, PenaltyStep
from communityrules.engine import labels, points, reversal, sanctions
from communityrules.engine.acting import Cause, perform
from communityrules.engine.plain import join
from communityrules.engine.turn import Act, Affected, Answer, Terms, Turn
from communityrules.model.decision import STRICTNESS
from communityrules.model.event import Event
from communityrules.model.values import DAY

TABLE: Final = reversal.OFFENCES
#: How long an offence that no longer counts is kept for appeals and late events, at least.
_KEPT: Final = 30 * DAY


def offend(
    turn: Turn, name: str, member: str, citing: Sequence[Answer], affected: Affected, event: Event | None
) -> int | None:
    """Count an offence and do what its step says, under every answer that cites it.

    The number of the offence, from 1; None when the rulebook has no such penalty (any more).
    """
    penalty = turn.book.rulebook.penalties.get(name)
    if penalty is None:
        return None
    affected = replace(affected, member=member, group=None)
    key = join(name, member)
    before, offences = _counted(turn, key)
    number = before + _number(turn, penalty, offences, turn.now, len(offences))
    step = step_of(penalty, number)
    rules = tuple(dict.fromkeys(one.terms.rule for one in citing))
    cause = Cause(name, step.first if step is not None else None, rules, appeal=penalty.appeal)
    if step is not None:
        _do(turn, step, citing, affected, cause, event)
    offence = {
        "time": turn.now, "rules": list(rules), "step": cause.step, "terms": citing[0].terms.to_plain(),
        "affected": affected.to_plain(), "sanctions": cause.sanctions, "points": [list(one) for one in cause.points],
        "labels": cause.labels,
    }  # fmt: skip
    if cause.restrained:
        offence["restrained"] = True
    gave = [gift for one in citing for gift in one.gave if "offence" not in gift]
    if gave:
        offence["gave"] = gave
        reversal.enter(turn, gave)
        for gift in gave:
            gift["offence"] = key
    offences.append(offence)
    offences.sort(key=lambda one: int(one["time"]))
    _keep(turn, penalty, key, before, offences)
    return number


def step_of(penalty: Penalty, number: int) -> PenaltyStep | None:
    """The step for an offence: the last one that begins at its number or before; after the last step it stays."""
    found = None
    for step in penalty.steps:
        if step.first <= number:
            found = step
    return found


def withdraw(turn: Turn, penalty: str, member: str, sanction: str) -> bool:
    """Take back the offence that led to a sanction, with all that it led to, and count those after it again.

    Offences whose step becomes another lose their sanctions and points and get those of that step, from when they
    were committed. Whether there was such an offence.
    """
    key = join(penalty, member)
    before, offences = _counted(turn, key)
    at = next((i for i, one in enumerate(offences) if sanction in one["sanctions"]), None)
    if at is None:
        return False
    gone = offences.pop(at)
    _undo(turn, gone)
    turn.judge.revoke(gone.get("fed", ()))
    for gift in gone.get("gave", ()):
        reversal.undo(turn, gone["rules"][0], gift)
    offences[at:] = [_without_labels_of(gone, one) for one in offences[at:]]
    declared = turn.book.rulebook.penalties.get(penalty)
    if declared is not None:
        for later in range(at, len(offences)):
            offences[later] = _count_again(turn, declared, before, offences, later)
    turn.tx.put(TABLE, key, {"before": before, "offences": offences})
    return True


def attach(turn: Turn, penalty: str, member: str, gifts: list[dict[str, Any]]) -> None:
    """Keep what rules have given because of an offence of this instant with it."""
    key = join(penalty, member)
    before, offences = _counted(turn, key)
    at = next((i for i in reversed(range(len(offences))) if offences[i]["time"] == turn.now), None)
    gifts = [one for one in gifts if "offence" not in one]
    if at is not None and gifts:
        for gift in gifts:
            gift["offence"] = key
        reversal.enter(turn, gifts)
        offences[at] = {**offences[at], "gave": [*offences[at].get("gave", ()), *gifts]}
        turn.tx.put(TABLE, key, {"before": before, "offences": offences})


def feed(turn: Turn, penalty: str, member: str, fed: list[Any]) -> None:
    """Keep what measures are to forget when an offence of this instant is taken back."""
    key = join(penalty, member)
    before, offences = _counted(turn, key)
    at = next((i for i in reversed(range(len(offences))) if offences[i]["time"] == turn.now), None)
    if at is not None and offences[at]["sanctions"] and fed:
        offences[at] = {**offences[at], "fed": [*offences[at].get("fed", ()), *fed]}
        turn.tx.put(TABLE, key, {"before": before, "offences": offences})


def _count_again(turn: Turn, penalty: Penalty, before: int, offences: list[dict[str, Any]], at: int) -> dict[str, Any]:
    offence = offences[at]
    step = step_of(penalty, before + _number(turn, penalty, offences, offence["time"], at))
    if step is None or step.first == offence["step"]:
        return offence
    _undo(turn, offence)
    answer = Answer(Terms.from_plain(offence["terms"]))
    affected = Affected.from_plain(offence["affected"])
    cause = Cause(penalty.name, step.first, tuple(offence["rules"]), offence["time"], penalty.appeal)
    cause.restrained = offence.get("restrained", False)
    _do(turn, step, [answer], affected, cause, None)
    return {
        **offence,
        "step": step.first,
        "sanctions": cause.sanctions,
        "points": [list(one) for one in cause.points],
        "labels": cause.labels,
    }


def _number(turn: Turn, penalty: Penalty, offences: Sequence[dict[str, Any]], now: int, before: int) -> int:
    """The number of an offence now, given how many of the list were counted before it."""
    earliest = now - turn.amount(penalty.over, now) if penalty.over is not None else None
    return 1 + sum(
        1 for one in offences[:before] if one["time"] <= now and (earliest is None or one["time"] >= earliest)
    )


def _do(
    turn: Turn, step: PenaltyStep, citing: Sequence[Answer], affected: Affected, cause: Cause, event: Event | None
) -> None:
    """What a step asks for is done once and told under every rule that the offence cites."""
    done = Answer(citing[0].terms)
    for action in step.actions:
        perform(turn, done, Act.of(action, event, turn, cause.start), affected, cause)
    for answer in citing:
        answer.actions.extend(done.actions)
        answer.evidence.extend(done.evidence)
        if STRICTNESS[done.verdict] > STRICTNESS[answer.verdict]:
            answer.verdict = done.verdict


def _undo(turn: Turn, offence: dict[str, Any]) -> None:
    for sanction in offence["sanctions"]:
        sanctions.reverse(turn, sanction)
    for movement in offence["points"]:
        points.give_back(turn, offence["rules"][0], movement)
    for label in reversed(offence["labels"]):
        labels.undo(turn, label)


def _without_labels_of(gone: dict[str, Any], offence: dict[str, Any]) -> dict[str, Any]:
    """A later offence, whose labels must not bring back those of one that is gone."""
    before = {(one["member"], one["label"], one["end"], one["rule"]): one["before"] for one in gone["labels"]}
    kept = []
    for one in offence["labels"]:
        was = one["before"]
        key = (one["member"], one["label"], *was) if was is not None else None
        kept.append({**one, "before": before[key]} if key in before else one)
    return {**offence, "labels": kept}


def _counted(turn: Turn, key: str) -> tuple[int, list[dict[str, Any]]]:
    """How many offences are only counted, and those that are known in full."""
    cell = turn.tx.get(TABLE, key)
    return (0, []) if cell is None else (cell["before"], list(cell["offences"]))


def _keep(turn: Turn, penalty: Penalty, key: str, before: int, offences: list[dict[str, Any]]) -> None:
    """Write down what is still needed: offences that count for the newest one, and what an appeal can still change."""
    appeal = penalty.appeal
    if appeal is None or appeal.within is not None:
        most = turn.book.most
        oldest = turn.now - max(_KEPT, most(appeal.within or 0) if appeal is not None else 0) - most(penalty.over or 0)
        gone = [one for one in offences if one["time"] < oldest]
        for sanction in (one for offence in gone for one in offence["sanctions"]):
            sanctions.close_appeal(turn, sanction)
        offences = offences[len(gone) :]
        if penalty.over is None:
            before += len(gone)
    turn.tx.put(TABLE, key, {"before": before, "offences": offences})
