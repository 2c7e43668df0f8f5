"""Whom a rule speaks to: a cell, or the beginning of a sentence."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Final

from communityrules.diagnostics.message import Bilingual, Language
from communityrules.language import tree
from communityrules.tables import making
from communityrules.tables.carried import filled
from communityrules.tables.drafting import numbers, said
from communityrules.tables.drafting.norms import EVERYONE, Scope
from communityrules.tables.drafting.phrases import entry, held_by, pattern
from communityrules.tables.drafting.sentence import Reading
from communityrules.tables.drafting.text import even
from communityrules.tables.making import NOWHERE

_PUBLISHERS: Final = Bilingual("publishers", "发布者")
_NEWCOMERS: Final = Bilingual("newcomers", "新成员")
_NAME: Final = re.compile(r"[^\W\d]\w{0,20}")
#: Words that no cell uses for a group of its own.
_NO_GROUP: Final = re.compile(r"[,、;/。和与及或]|\s(?:and|or|who|that|with|in|of)\s|的|时|当|如|若|[0-9]")


@lru_cache(maxsize=1024)
def of_cell(words: str, language: Language) -> Scope | None:
    """Whom the words of a cell name; None when they are not understood."""
    text = even(words).strip(" .。;")
    if not text:
        return EVERYONE
    excluded: Scope = EVERYONE
    for looked in pattern("scope", "except").lines(held_by(text)):
        match = looked.search(text)
        if match is not None:
            named = _named(match["who"].strip(), words, language, own=False)
            if named is None or not named.groups:
                return None
            excluded = named
            text = (text[: match.start()] + text[match.end() :]).strip(" ,.;()")
            break
    base = _named(text, words.strip(), language, own=excluded is EVERYONE) if text else EVERYONE
    if base is None:
        return None
    return Scope(
        base.groups, (*base.excluded, *excluded.groups), (*base.needs, *excluded.needs),
        (*base.assumed, *excluded.assumed), base.staff and not base.excluded,
    )  # fmt: skip


def _named(text: str, words: str, language: Language, *, own: bool = True) -> Scope | None:
    text = text.strip()
    if pattern("scope", "everyone").fullmatch(text):
        return EVERYONE
    if pattern("scope", "plain").fullmatch(text):
        return Scope((), ("staff",))
    if pattern("scope", "staff").fullmatch(text):
        return Scope(("staff",), staff=True)
    if pattern("scope", "publishers").fullmatch(text):
        return publishers(language, words.strip())
    for looked in pattern("scope", "newcomers").lines(held_by(text)):
        match = looked.fullmatch(text)
        length = re.search(numbers.LENGTH, text)
        if match is not None and length is not None:
            return _newcomers(length[0], language)
    if own and _NAME.fullmatch(words.strip()) and not _NO_GROUP.search(text) and len(text) <= 12:
        return _role(words.strip(), (words.strip(),))
    return None


def publishers(language: Language, *names: str) -> Scope:
    """Those who publish, by their role: `publisher`, or as the words call them."""
    return _role(_PUBLISHERS.fill(language, {}), ("publisher", "发布者", *names))


def _role(name: str, roles: tuple[str, ...]) -> Scope:
    said_roles = tuple(making.text(one) for one in dict.fromkeys(roles))
    condition = making.predicate(making.path("member.roles"), "has_any", *said_roles)
    group = tree.GroupDeclaration(making.name(name), condition, NOWHERE)
    return Scope((name,), (), (group,), (filled(said.ROLE, name=name),))


def _newcomers(length: str, language: Language) -> Scope | None:
    found = numbers.length(length)
    exact = found.exact if found is not None and not found.working else None
    if exact is None:
        return None
    name = _NEWCOMERS.fill(language, {})
    condition = making.compare(making.path("member.tenure"), "<", tree.Duration(exact.amount, exact.unit, NOWHERE))
    return Scope((name,), (), (tree.GroupDeclaration(making.name(name), condition, NOWHERE),))


@cache
def _opening() -> re.Pattern[str]:
    names = "|".join(f"(?P<{one}>{entry('scope', one)})" for one in ("plain", "publishers", "staff"))
    return re.compile(
        rf"(?:对于?|凡)?(?:{names})(?=[^和与、a-z]|\s(?!and\s|or\s|member|to\b))(?:们)?(?:在[^,0-9一二两三四五六七八九十]{{0,8}}?(?:(?<!小)时|中))?"
    )


def of_sentence(reading: Reading, language: Language) -> Scope | None:
    """Whom a sentence itself names, marked as understood; None when it names nobody."""
    for looked in pattern("scope", "except").lines(reading.held):
        match = looked.search(reading.left)
        if match is not None:
            named = _named(match["who"].strip(), match["who"].strip(), language, own=False)
            if named is not None and named.groups:
                reading.take(*match.span())
                return Scope((), named.groups, named.needs, named.assumed)
    for looked in pattern("scope", "newcomers").lines(reading.held):
        match = looked.match(reading.left)
        if match is not None:
            length = re.search(numbers.LENGTH, match[0])
            scope = _newcomers(length[0], language) if length is not None else None
            if scope is not None:
                reading.take(*match.span())
                return scope
    match = _opening().match(reading.left)
    if match is None:
        return None
    kind = match.lastgroup
    if kind == "plain":
        reading.take(*match.span())
        return Scope((), ("staff",))
    if kind == "staff":
        reading.take(*match.span())
        return Scope(("staff",), staff=True)
    return None
