"""What an engine needs of a rulebook, made before the rulebook comes in."""

from __future__ import annotations

from pathlib import PurePath
from typing import Any, Protocol

from communityrules.compiler.evaluator import Evaluator
from communityrules.engine.consequences import Consequences
from communityrules.engine.incoming import wire_types
from communityrules.engine.windows import WindowPlan
from communityrules.library.periods import periods
from communityrules.model.decision import RulebookRef


class HasEvaluator(Protocol):
    """A loaded rulebook."""

    @property
    def evaluator(self) -> Evaluator:
        """The compiled rules."""


class Ready:
    """What the engine needs of a rulebook. All or nothing: one that fails here leaves the one before in place."""

    __slots__ = ("consequences", "plan", "rulebook", "timezone", "types")

    def __init__(self, evaluator: Evaluator) -> None:
        rulebook = evaluator.rulebook
        self.plan = WindowPlan(rulebook, evaluator.observers, periods(rulebook.timezone).bounds)
        self.consequences = Consequences(evaluator)
        self.types = wire_types(rulebook, evaluator.library)
        self.rulebook = RulebookRef(rulebook.name, rulebook.version, rulebook.digest)
        self.timezone = rulebook.timezone


def evaluator_of(rulebook: HasEvaluator | Evaluator) -> Evaluator:
    """The compiled rules of what an engine is given. Raises TypeError for the name of a file."""
    if isinstance(rulebook, str | PurePath):
        raise TypeError(f"an engine takes a loaded rulebook: Engine(load({str(rulebook)!r}))")
    found: Any = getattr(rulebook, "evaluator", rulebook)
    return found  # type: ignore[no-any-return]  # one or the other, by the signature
