"""Clauses in the words of the language, for everyone: words that are looked for and patterns are only counted.

Who reads which words a rule looks for knows how to get round it, and a list of insults is no pleasant reading.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from communityrules.diagnostics.message import Bilingual
from communityrules.language import tree
from communityrules.language.printing.declarations import DeclarationPrinter
from communityrules.language.printing.words import Words
from communityrules.workbench.handbook.using import names, nodes
from communityrules.workbench.handbook.wording import WORDS

#: Predicates that look through a text, whatever it is of.
_LOOKING: Final = frozenset({"contains", "contains_any", "contains_all", "starts_with", "ends_with", "matches"})
#: Those that compare it as a whole.
_COMPARING: Final = frozenset({"has", "has_any", "has_all", "one_of", "not_one_of"})
#: What members write: only here are whole texts covered, so that roles, topics and categories can be read.
_WRITTEN: Final = frozenset({"text", "links", "attachments", "name"})


class PublicPrinter(DeclarationPrinter):
    """Prints on one line. `open_words`: the words that rules look for are shown, too."""

    def __init__(self, words: Words, open_words: bool) -> None:
        super().__init__(words)
        self.flat = True
        self.open_words = open_words

    def say(self, what: str, **values: str) -> str:
        """A text of ours in the language that is printed."""
        found: Bilingual = WORDS[what]
        return found.fill(self.words.language, values)

    def number_of(self, one: str, many: str, number: int) -> str:
        return self.say(one) if number == 1 else self.say(many, number=f"{number:,}")

    def expression(self, node: tree.Expression) -> str:
        if not self.open_words:
            if isinstance(node, tree.Regex):
                return f"[{self.say('a_pattern')}]"
            if isinstance(node, tree.Compare) and isinstance(node.right, tree.Text) and self._written(node.left):
                return f"{super().expression(node).removesuffix(self.words.text(node.right))}{self.covered(1)}"
        return super().expression(node)

    def _predicate(self, node: tree.Predicate) -> str:
        if self.open_words or not self._looks(node):
            return super()._predicate(node)
        texts = sum(isinstance(one, tree.Text) for one in node.right)
        if not texts:
            return super()._predicate(node)
        # The operator as it is printed of anything else, then what may be read, then how many words there are.
        named = [one for one in node.right if not isinstance(one, tree.Text)]
        nothing = tree.Predicate(node.operator, node.left, (), node.exactly, node.span)
        opening = super()._predicate(nothing).removesuffix("()").rstrip()
        return f"{opening} {self.words.listed([*map(self.expression, named), self.covered(texts)])}"

    def covered(self, number: int) -> str:
        """What stands for so many words."""
        return f"[{self.number_of('one_word', 'words', number)}]"

    def sought(self, declarations: Iterable[tree.Declaration]) -> frozenset[str]:
        """Names that stand for a word which rules look for in what members write; none when words are shown."""
        found: set[str] = set()
        for one in nodes(tuple(declarations)) if not self.open_words else ():
            looks = isinstance(one, tree.Predicate) and self._looks(one)
            if looks or (isinstance(one, tree.Compare) and self._written(one.left)):
                found |= names(one.right)
        return frozenset(found)

    def _looks(self, node: tree.Predicate) -> bool:
        """Whether it is a predicate whose words are not for everyone."""
        return node.operator in _LOOKING or (node.operator in _COMPARING and self._written(node.left))

    def _written(self, node: tree.Expression) -> bool:
        """Whether what is looked at is something that members write."""
        match node:
            case tree.Path():
                named = node.parts[-1].text
                table = self.words.names
                return any(table.translate("field", named, "en", owner) in _WRITTEN for owner in ("message", "member"))
            case tree.Group():
                return self._written(node.inner)
            case tree.Call():
                return any(map(self._written, node.arguments))
            case _:
                return False
