"""Labels that rules put on members, for a time or until they are taken off."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from communityrules.engine import members
from communityrules.engine.plain import join, split
from communityrules.engine.sanctions import outlasts
from communityrules.engine.turn import Turn
from communityrules.model.decision import LabelChange

TIMER: Final = "label"


def put(turn: Turn, rule: str, member: str, label: str, end: int | None) -> dict[str, Any]:
    """Put a label on a member until an instant, None for good. Where it is already, the later end stands.

    What `undo` needs to take it back.
    """
    labels = dict(members.record(turn.tx, member).get("labels", {}))
    before = [labels[label], _by(turn, member).get(label, rule)] if label in labels else None
    own = end
    if label in labels and not outlasts(end, labels[label]):
        end = labels[label]
    _write(turn, rule, member, labels, label, end)
    return {"member": member, "label": label, "rule": rule, "end": end, "own": own, "before": before}


def undo(turn: Turn, done: Mapping[str, Any]) -> None:
    """Take back what `put` did, unless the label has been taken off or put on anew since then."""
    member, label, before = done["member"], done["label"], done["before"]
    labels = dict(members.record(turn.tx, member).get("labels", {}))
    if label not in labels or labels[label] != done["end"] or _by(turn, member).get(label) != done["rule"]:
        return
    if before is not None and (before[0] is None or before[0] > turn.now):
        _write(turn, before[1], member, labels, label, before[0])
    else:
        take_off(turn, done["rule"], member, label)


def shorten(turn: Turn, done: Mapping[str, Any], end: int | None, rule: str) -> None:
    """Let a label that `put` has put on run to another end, unless it has been taken off or put on anew since."""
    member, label = done["member"], done["label"]
    labels = dict(members.record(turn.tx, member).get("labels", {}))
    if labels.get(label, end) != end and labels[label] == done["end"] and _by(turn, member).get(label) == done["rule"]:
        _write(turn, rule, member, labels, label, end)


def _write(turn: Turn, rule: str, member: str, labels: dict[str, int | None], label: str, end: int | None) -> None:
    labels[label] = end
    members.change(turn.tx, member, labels=labels, labelled={**_by(turn, member), label: rule})
    if end is None:
        turn.tx.unschedule(TIMER, join(member, label))
    else:
        turn.tx.schedule(end, TIMER, join(member, label))
    turn.parts.labels.append(LabelChange({"member": member}, label, end, rule))


def take_off(turn: Turn, rule: str, member: str, label: str) -> None:
    """Take a label off; nothing is told when it was not there."""
    labels = dict(members.record(turn.tx, member).get("labels", {}))
    if label not in labels:
        return
    del labels[label]
    by = {name: one for name, one in _by(turn, member).items() if name != label}
    members.change(turn.tx, member, labels=labels, labelled=by)
    turn.tx.unschedule(TIMER, join(member, label))
    turn.parts.labels.append(LabelChange({"member": member}, label, turn.now, rule, removed=True))


def ended(turn: Turn, key: str) -> bool:
    """A label's end has come. Whether it was still there."""
    member, label = split(key)
    rule = _by(turn, member).get(label)
    if rule is None:
        return False
    take_off(turn, rule, member, label)
    return True


def _by(turn: Turn, member: str) -> dict[str, str]:
    """Which rule put each label on."""
    return dict(members.record(turn.tx, member).get("labelled", {}))
