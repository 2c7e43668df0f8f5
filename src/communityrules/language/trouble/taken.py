"""Words that the parser would take for a name, and that their writer means otherwise: `applies to all`, `a reply`."""

from __future__ import annotations

import re
from functools import lru_cache

from communityrules.diagnostics.message import Diagnostic, Fix
from communityrules.language import messages
from communityrules.language.keywords import keyword_table
from communityrules.language.token import Token, make_token
from communityrules.language.trouble.place import HAN, SPACES, WORD, Finding, Place, Repair
from communityrules.language.trouble.slips import surplus, surplus_then

#: By terminal: words that people write for it where a name could stand too.
_MEANT = {
    "EVERYONE": (
        "all members, all, everybody, anyone, every member, "
        "所有成员, 全部成员, 全员, 大家, 全体, 任何人, 每个人, 所有用户"
    ),
    "FOREVER": "permanently, permanent, indefinitely, 永远, 终身, 永封, 无限期",
    "OTHERWISE": "else, others, other, default, 其他, 其它, 剩余",
}  # fmt: skip
_MEANT_IDS = {"EVERYONE": "everyone", "FOREVER": "forever", "OTHERWISE": "otherwise"}
_ARTICLES = frozenset(("a", "an", "the"))


@lru_cache(maxsize=1)
def _meant() -> dict[str, list[tuple[str, str]]]:
    """By the first word of each phrase: the phrases, longest first, with their terminals."""
    found: dict[str, list[tuple[str, str]]] = {}
    for token, phrases in _MEANT.items():
        for phrase in sorted(phrases.split(", "), key=len, reverse=True):
            found.setdefault(phrase.split()[0], []).append((phrase, token))
    return found


@lru_cache(maxsize=1)
def _suspicious() -> frozenset[str]:
    then = keyword_table().entry("clauses", "then")
    rule = keyword_table().entry("declarations", "rule")
    return frozenset({*_meant(), *_ARTICLES, *then.en, *then.zh, *rule.en, *rule.zh, "of"})


def seems_a_slip(token: Token, previous: Token | None) -> bool:
    """A quick look at a name: whether it could be one of these words."""
    return token in _suspicious() or (
        previous is not None and previous.type == "NUMBER" and previous.end_pos == token.start_pos
    )


def slip(place: Place) -> Finding | None:
    """A word that the parser would take for a name."""
    previous = place.run.previous
    for phrase, token in _meant().get(place.word, ()):
        found = re.compile(r"[ \t]+".join(map(re.escape, phrase.split())) + r"(?!\w)").match(place.text, place.start)
        if found is None or not place.run.can_take(token):
            continue
        if token == "EVERYONE" and (previous is None or previous.type != "APPLIES_TO"):
            continue
        word = keyword_table().entry("words", _MEANT_IDS[token])
        spelling = (word.zh if phrase > HAN else word.en)[0]
        span = place.span(None, found.end())
        repair = Repair((make_token(token, spelling, place.start, found.end()),), found.end())
        values = {"found": span.text, "suggestion": spelling}
        return Finding(Diagnostic(messages.UNKNOWN_WORD, span, values, Fix(span, spelling)), repair)
    if previous is None:
        return None
    rule = keyword_table().entry("declarations", "rule")
    if place.word in (*rule.en, *rule.zh) and previous.type in ("OVERRIDES", "COMMA"):
        following = place.run.token_at(place.stop, place.run.stack())
        return surplus(place, place.start, place.stop) if following and following.type == "RULE_ID" else None
    declares = any(one.token == previous.type for one in keyword_table().section("declarations"))
    if place.word in _ARTICLES or (place.word == "of" and declares):
        after = _word_after(place)
        if after is None or keyword_table().is_word(after.group()) or (not declares and not _before_names(previous)):
            return None
        return surplus(place, place.start, place.stop)
    # Before anything but a word it is a name: `member (a: text, then: text)`.
    return surplus_then(place) if _word_after(place) is not None else None


def _word_after(place: Place) -> re.Match[str] | None:
    spaces = SPACES.match(place.text, place.stop, place.run.end)
    return WORD.match(place.text, spaces.end() if spaces else place.stop, place.run.end)


def _before_names(previous: Token) -> bool:
    return previous.type in ("REQUIRE", "ON", "APPLIES_TO", "RESPONSIBLE", "FOUND_BY", "BY")
