"""Which written values fit which parameters of actions, by kind: for the checker and for what tests expect."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from communityrules.language import tree

#: By how a value is written, the kinds of parameters that take it.
FITTING: Final[Mapping[type, frozenset[str]]] = {
    tree.Duration: frozenset({"duration", "fact"}),
    tree.Forever: frozenset({"duration"}),
    tree.DurationRange: frozenset({"range"}),
    tree.Number: frozenset({"number", "fact"}),
    tree.Text: frozenset({"text", "label", "group", "fact"}),
    tree.Path: frozenset({
        "penalty", "template", "group", "state", "value", "label", "member", "calendar", "priority", "unit", "field",
        "fact",
    }),
    tree.Day: frozenset({"fact"}),
    tree.Flag: frozenset({"fact"}),
    tree.RuleId: frozenset({"rule"}),
    tree.Allowance: frozenset({"allowance"}),
}  # fmt: skip
