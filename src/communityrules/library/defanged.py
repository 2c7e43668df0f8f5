"""Hosts whose dots are written in another way: `evil点com`, `evil[.]com`, `evil (dot) com`, `evil。com`.

Between brackets a dot is meant whatever the ending. A bare word for it, or a mark that is also one of sentences, is
taken for a dot only between Latin letters or digits and one of the endings that such hosts have, so that `三点整`,
`the dot net framework` and `完了。OK` are none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from communityrules.library.endings import DISGUISED
from communityrules.library.hosts import registered_domain
from communityrules.library.later import later


class Host(NamedTuple):
    """A host in disguise: its half-open range, and its plain spelling."""

    start: int
    end: int
    plain: str


_BRACKETED: Final = r"[ ]?[\[(<{【〔「『][ ]?(?:\.|,|。|dot|点|點)[ ]?[\])>}】〕」』][ ]?"
_WORDED: Final = r"(?:[ ]?[点點][ ]?|[。｡，丶·•]|[ ]\.[ ]?|\.[ ]|[ ]dot[ ])"
_LABEL: Final = r"[A-Za-z0-9][A-Za-z0-9-]{0,62}"
_SEPARATOR: Final = later(rf"{_BRACKETED}|{_WORDED}|\.", re.IGNORECASE)
_BEFORE: Final = r"(?<![A-Za-z0-9@_.-])"
_AFTER: Final = r"(?![A-Za-z0-9_@-]|\.[A-Za-z0-9])"
_IN_BRACKETS: Final = later(
    rf"{_BEFORE}{_LABEL}(?:(?:{_BRACKETED}|\.){_LABEL}){{0,4}}?{_BRACKETED}{_LABEL}"
    rf"(?:(?:{_BRACKETED}|\.){_LABEL}){{0,2}}{_AFTER}",
    re.IGNORECASE,
)
_IN_WORDS: Final = later(
    rf"{_BEFORE}(?:{_LABEL}(?:{_WORDED}|\.)){{0,3}}{_LABEL}{_WORDED}(?:{DISGUISED})(?:(?:{_WORDED}|\.)(?:cn|hk|tw))?{_AFTER}",
    re.IGNORECASE,
)
#: Letter by letter: `e v i l . c o m`.
_SPELT: Final = later(
    r"(?<![A-Za-z0-9])(?:[A-Za-z0-9-][ ]){2,30}[.点點。][ ]"
    r"(?:c[ ]o[ ]m|n[ ]e[ ]t|o[ ]r[ ]g|x[ ]y[ ]z|v[ ]i[ ]p|t[ ]o[ ]p|c[ ]n|c[ ]c|m[ ]e)(?![ ]?[A-Za-z0-9])",
    re.IGNORECASE,
)
_ONE_SIDED: Final = later(r"[^ ]\.[ ]|[ ]\.[^ ]")
_BRACKET: Final = later(rf"[A-Za-z0-9]{_BRACKETED}[A-Za-z0-9]", re.IGNORECASE)
_WORD: Final = later(rf"[A-Za-z0-9]{_WORDED}(?:{DISGUISED})(?![A-Za-z0-9])", re.IGNORECASE)
_HINT: Final = later(
    "[A-Za-z0-9\uff10-\uff5a](?:(?:[ ]?[点點]|[。｡，丶·•]|[ ]\\.|[ ](?:dot|DOT|Dot)[ ]|[ ]?[\\[(<{【〔「『（])[ ]?"
    "[A-Za-z.,。点點\uff21-\uff5a\uff0e]|\\.[ ](?:com|cn|cc|xyz|COM|CN|CC|XYZ)(?![a-z]))"
)
#: One of these is in every text without wide characters that `_HINT` fits.
_SIGNS: Final = ("(", "<", "[", "{", " .", ". c", ". C", ". x", ". X", " dot ", " Dot ", " DOT ")
#: Endings that are no words, so that a sentence mark before them is a dot.
_PLAIN_ENDINGS: Final = frozenset(("com", "net", "org", "cn", "cc", "hk", "tw", "xyz", "vip", "top", "icu"))
#: Words before `dot com` or ` . com` that are none of a host.
_SPEECH: Final = frozenset(
    (*("a", "an", "and", "big", "of", "on", "or", "polka", "post", "pre", "that", "the", "this", "to"), "was", "with")
)


def may_be_defanged(text: str) -> bool:
    """Whether it is worth looking: a cheap look at a text of any width."""
    if text.isascii():
        for sign in _SIGNS:
            if sign in text:
                break
        else:
            return False
    return _HINT().search(text) is not None


def find_defanged(plain: str) -> Iterator[Host]:
    """Hosts in disguise of a narrowed text (`narrow`), in no stated order; some may overlap."""
    if _BRACKET().search(plain):
        for match in _IN_BRACKETS().finditer(plain):
            host = undone(match.group())
            if registered_domain(host) is not None:
                yield Host(match.start(), match.end(), host)
    if _WORD().search(plain):
        for match in _IN_WORDS().finditer(plain):
            host = undone(match.group())
            if _is_meant(plain, match, host) and registered_domain(host) is not None:
                yield Host(match.start(), match.end(), host)
    for match in _SPELT().finditer(plain):
        host = undone(match.group().replace(" ", ""))
        if registered_domain(host) is not None:
            yield Host(match.start(), match.end(), host)


def _is_meant(plain: str, match: re.Match[str], host: str) -> bool:
    written = match.group().lower()
    labels = host.split(".")
    if labels[0] in _SPEECH or (labels[0].isdigit() and len(labels[0]) < 3) or " dot net" in written:
        return False
    if _ONE_SIDED().search(written) and (labels[-1] not in ("com", "cn", "cc", "xyz") or len(labels[0]) < 3):
        return False
    return (
        labels[-1] in _PLAIN_ENDINGS
        or "点" in written
        or "點" in written
        or plain[match.end() : match.end() + 1] == "/"
    )


def host_at(plain: str, start: int) -> Host | None:
    """The disguised host that begins right there, as after `hxxp://`."""
    for pattern in (_IN_BRACKETS, _IN_WORDS):
        match = pattern().match(plain, start)
        if match is not None:
            return Host(start, match.end(), undone(match.group()))
    return None


def undone(text: str) -> str:
    """A disguised host in its plain spelling."""
    return _SEPARATOR().sub(".", text).lower()
