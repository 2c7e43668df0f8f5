"""A rulebook in the making, and one of its rules."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from communityrules.diagnostics.message import Bilingual, Language
from communityrules.language import tree
from communityrules.tables import making
from communityrules.tables.automoderator.documents import Entry, Value, shown
from communityrules.tables.automoderator.fields import ALL_KINDS, Host, Kind
from communityrules.tables.carried import GRADES, PLAIN, Account, Carried, Grade, short

#: A pattern no longer than this stands in the condition; a longer one gets a name.
_INLINE: Final = 70
_GROUPS: Final = {
    "moderators": (Bilingual("moderators", "版主"), ("owner", "admin", "moderator")),
    "contributors": (Bilingual("contributors", "认可用户"), ("contributor",)),
}
_SAID: Final = Bilingual("line {line}, `{key}`: {grade}", "第 {line} 行 `{key}`:{grade}")
_SAID_WHY: Final = Bilingual("line {line}, `{key}`: {grade}: {why}", "第 {line} 行 `{key}`:{grade}:{why}")
_LEFT: Final = Bilingual("line {line}, `{key}: {value}`: {why}", "第 {line} 行 `{key}: {value}`:{why}")


@dataclass(slots=True)
class Book:
    """What the rules of a file share."""

    language: Language
    host: Host
    account: Account = field(default_factory=Account)
    #: Fields that the host has to send, by owner: name → type.
    declared: dict[str, dict[str, str]] = field(default_factory=lambda: {"message": {}, "member": {}})
    groups: dict[str, tree.GroupDeclaration] = field(default_factory=dict)

    def say(self, text: Bilingual, **values: str | Bilingual) -> str:
        """A text in the language of the rulebook."""
        return text.fill(self.language, values)

    def declare(self, path: str, kind: str) -> str:
        """The path of a field that the host sends; it is declared."""
        owner, _, called = path.partition(".")
        self.declared[owner].setdefault(called, kind)
        return path

    def group(self, which: str) -> str:
        """The name of a group; it is declared."""
        called, roles = _GROUPS[which]
        named = self.say(called)
        if which not in self.groups:
            held = making.path("member.roles")
            texts = tuple(making.text(one) for one in roles)
            condition = making.predicate(held, "has_any" if len(texts) > 1 else "has", *texts)
            self.groups[which] = tree.GroupDeclaration(making.name(named), condition, making.NOWHERE)
        return named


@dataclass(slots=True)
class RuleDraft:
    """One rule in the making."""

    book: Book
    number: int
    kinds: frozenset[Kind] = ALL_KINDS
    conditions: list[tree.Expression] = field(default_factory=list)
    actions: list[tree.Action] = field(default_factory=list)
    declarations: list[tree.Declaration] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)
    todos: list[str] = field(default_factory=list)
    #: Whether a condition that narrows the rule is missing: it must not act then.
    too_wide: bool = False

    @property
    def id(self) -> str:
        return str(self.number)

    def tell(
        self, entry: Entry, grade: Grade, why: Bilingual = PLAIN, *, key: str | None = None, aloud: bool = True
    ) -> None:
        """What became of a key, for the report; what is not exact stands beside the rule, too, if `aloud`."""
        called = key or entry.key
        self.book.account.add(Carried(entry.line, called, short(shown(entry.value)), grade, why, self.id))
        if grade != "exact" and aloud:
            form = _SAID_WHY if why.en else _SAID
            self.comments.append(self.book.say(form, line=str(entry.line), key=called, grade=GRADES[grade], why=why))

    def leave(self, entry: Entry, why: Bilingual, *, key: str | None = None, wide: bool = False) -> None:
        """What could not be carried over: it is left to do. `wide`: without it the rule would hit more."""
        called = key or entry.key
        self.book.account.add(Carried(entry.line, called, short(shown(entry.value)), "not", why, self.id))
        self.to_do(entry, shown(entry.value), why, called)
        self.too_wide = self.too_wide or wide

    def to_do(self, entry: Entry, value: str, why: Bilingual, key: str | None = None) -> None:
        """A `todo` about a key, or about one of its values."""
        said = self.book.say(_LEFT, line=str(entry.line), key=key or entry.key, value=short(value), why=why)
        self.todos.append(said)

    def operands(self, found: Sequence[str], called: str, times: int) -> list[tree.Expression]:
        """Patterns as they stand in a condition, `times` each: long ones are declared and named."""
        if len(found) == 1 and times == 1 and len(found[0]) <= _INLINE:
            return [making.regex(found[0])]
        operands: list[tree.Expression] = []
        for pattern in found:
            name = self._name(called)
            self.declarations.append(making.pattern(name, pattern))
            operands.append(making.path(name))
        return operands

    def word_list(self, items: Sequence[str], called: str) -> tree.Expression:
        """A list of words, declared."""
        name = self._name(called)
        self.declarations.append(making.word_list(name, dict.fromkeys(items)))
        return making.path(name)

    def _name(self, called: str) -> str:
        base = f"r{self.number}_{slug(called)[:40]}"
        named = (tree.PatternDeclaration, tree.ListDeclaration)
        taken = {one.name.text for one in self.declarations if isinstance(one, named)}
        name, count = base, 1
        while name in taken:
            count += 1
            name = f"{base}_{count}"
        return name


def slug(text: str) -> str:
    """A text as part of a name: letters, digits and `_`."""
    return re.sub(r"\W+", "_", unicodedata.normalize("NFKC", text)).strip("_").lower()


def entry_of(value: Value, key: str) -> Entry:
    """A key that was not written, for what follows from another."""
    return Entry(key, value.line, value)
