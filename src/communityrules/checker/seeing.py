"""How words are looked for: `seeing homophones`, `without leet, parts`, `whole words`, `anywhere`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, Literal

from communityrules.checker.header import Head
from communityrules.checker.scope import Scope
from communityrules.diagnostics.message import Bilingual, Fix, Message
from communityrules.language import tree
from communityrules.library.disguise.steps import USUAL

EXACT_BUT_SEEING: Final = Message(
    code="CR621",
    severity="error",
    title=Bilingual("Exactly, and yet through disguise", "既要原样,又要识破伪装"),
    text=Bilingual(
        "The list `{name}` is looked for exactly, so `{what}` has nothing to do.",
        "词表 `{name}` 按原样查找,`{what}` 无从谈起。",
    ),
    hint=Bilingual(
        "Leave out one of them: `exactly` compares letters as they are, without any step.",
        "去掉其中一个:`原样` 逐字比较,不做任何步骤。",
    ),
)

TWO_EDGES: Final = Message(
    code="CR622",
    severity="error",
    title=Bilingual("Whole words, and yet anywhere", "既要整词,又要任意位置"),
    text=Bilingual("The list `{name}` says twice how its words stand.", "词表 `{name}` 两次说明词该如何出现。"),
    hint=Bilingual("Keep `whole words` or `anywhere`.", "`整词` 与 `任意位置` 只留一个。"),
)

Edges = Literal["whole", "anywhere"]


class Seeing:
    """Which steps of seeing through disguise are done."""

    def __init__(self, scope: Scope, head: Head) -> None:
        self._scope = scope
        self._rulebook = self._changed(USUAL, head.seeing, head.without)

    def of_rulebook(self) -> tuple[str, ...] | None:
        """What the rulebook asks for, by name; None for the usual steps."""
        return None if self._rulebook == USUAL else tuple(sorted(self._rulebook))

    def of_list(self, node: tree.ListDeclaration) -> tuple[tuple[str, ...] | None, Edges | None]:
        """What a list asks for, None when that is what the rulebook does; and how its words stand."""
        steps = self._rulebook
        edges: Edges | None = None
        for way in node.ways:
            if way.kind in ("whole_words", "anywhere"):
                if edges is not None:
                    self._scope.report.add(TWO_EDGES, way.span, fix=Fix(way.span, ""), name=node.name.text)
                edges = "whole" if way.kind == "whole_words" else "anywhere"
            elif node.exactly:
                self._scope.report.add(EXACT_BUT_SEEING, way.span, name=node.name.text, what=way.span.text)
            elif way.kind == "seeing":
                steps = self._changed(steps, way.steps, ())
            else:
                steps = self._changed(steps, (), way.steps)
        return None if steps == self._rulebook else tuple(sorted(steps)), edges

    def _changed(
        self, steps: frozenset[str], added: Iterable[tree.Name], removed: Iterable[tree.Name]
    ) -> frozenset[str]:
        return (steps | self._named(added)) - self._named(removed)

    def _named(self, names: Iterable[tree.Name]) -> frozenset[str]:
        """The English names of steps; unknown ones are reported."""
        found = set()
        library = self._scope.library
        for name in names:
            step = library.resolve("steps", name.text)
            if step is None:
                known = [spelling for one in library.steps.values() for spelling in (one.names.en, one.names.zh)]
                self._scope.unknown("step", name, known)
            else:
                found.add(step)
        return frozenset(found)
