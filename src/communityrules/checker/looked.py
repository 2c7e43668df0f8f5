"""What looking at the changed parts of a rulebook gave, and what of that counts."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final

from communityrules.checker import checked
from communityrules.checker.basis import raised_by
from communityrules.checker.book import Book
from communityrules.checker.checks.unused import CAN_BE_UNUSED
from communityrules.checker.looking import Choice, Entry, Small
from communityrules.checker.rules import Judged
from communityrules.diagnostics.message import Diagnostic
from communityrules.language import tree

_DEFINED: Final = frozenset({tree.Definition, tree.Metric})


@dataclass(eq=False)
class Looked:
    """One look at a small rulebook."""

    choice: Choice
    small: Small
    book: Book
    rulebook: checked.Rulebook
    diagnostics: tuple[Diagnostic, ...]

    @cached_property
    def gone(self) -> set[int]:
        """Declarations of the old text that are not in the new one as they were."""
        return self.choice.gone(self.small)

    @cached_property
    def raised(self) -> frozenset[tuple[str, str]]:
        """Pairs of events of the engine's: rules on the first raise the second."""
        return raised_by(self.book)

    @cached_property
    def rules(self) -> dict[int, list[Judged]]:
        """Versions of the rules whose declarations changed or may have another result, by where these begin."""
        found: dict[int, list[Judged]] = {one.at: [] for one in self.small.entries if self.is_redone(one)}
        for judged in self.book.rules:
            entry = self.small.entry(judged.text.id.span.start)
            if entry.at in found:
                found[entry.at].append(judged)
        return found

    @cached_property
    def old_rules(self) -> list[checked.Rule]:
        """The rules in whose place these stand."""
        choice = self.choice
        rules = choice.basis.rulebook.rules
        pieces = sorted(self.gone | choice.again)
        return [rule for piece in pieces for rule in rules[choice.firsts[piece] : choice.firsts[piece + 1]]]

    @cached_property
    def redone(self) -> set[str]:
        """Names of the definitions that changed or may have another result."""
        basis = self.choice.basis
        before = {str(basis.called[piece]) for piece in self.gone | self.choice.again if basis.kinds[piece] in _DEFINED}
        return before | {
            one.node.name.text
            for one in self.small.entries
            if one.piece is None and isinstance(one.node, tree.Definition | tree.Metric)
        }

    @cached_property
    def candidates(self) -> list[tuple[str, str]]:
        """Kinds and names of which it must be known anew whether anything uses them."""
        choice, small = self.choice, self.small
        texts = [choice.old_text(piece) for piece in sorted(self.gone | choice.again)]
        texts.extend(small.text_of(one) for one in small.entries if one.piece is None)
        named = {one.node.name.text for one in small.entries if one.piece is None and _is_named(one)}  # type: ignore[union-attr]  # it has a name
        while texts:
            found = set(choice.names_in(texts.pop())) - named
            named |= found
            # What a definition uses is used through it.
            texts.extend(
                choice.old_text(piece)
                for name in found
                for piece in choice.named(name)
                if choice.basis.kinds[piece] in _DEFINED
            )
        declared = self.book.scope.declared
        return [(kind, name) for kind in CAN_BE_UNUSED for name in declared.get(kind, {}) if name in named]

    def is_redone(self, entry: Entry) -> bool:
        """Whether a declaration has changed or may have another result."""
        return entry.piece is None or entry.piece in self.choice.again


def _is_named(one: Entry) -> bool:
    return isinstance(getattr(one.node, "name", None), tree.Name)
