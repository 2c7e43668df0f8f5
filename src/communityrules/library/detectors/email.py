"""`email` / `邮箱`: e-mail addresses whose domain has a real ending.

Found in any width, and with the signs written in another way: `name (at) host dot com`, `name[at]host.com`,
`name艾特qq点com`, `123456@qq。com`. The bare word `at` is one only where the dot is a word too and the name before it
is no word of a sentence: it has a digit, a dot or an underscore, or a word for mail stands before it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from communityrules.diagnostics.message import Bilingual
from communityrules.library.declare import Detector, Match, Names
from communityrules.library.defanged import undone
from communityrules.library.hosts import registered_domain
from communityrules.library.later import later
from communityrules.library.narrow import narrow
from communityrules.library.signs import EMAILS, may_hold
from communityrules.library.unseen import with_unseen

_LOCAL: Final = r"(?<![A-Za-z0-9._%+-])[A-Za-z0-9_](?:[A-Za-z0-9._%+-]{0,62}[A-Za-z0-9_])?"
_ADDRESS: Final = later(
    rf"{_LOCAL}@((?:[A-Za-z0-9](?:[A-Za-z0-9-]{{0,61}}[A-Za-z0-9])?\.)+(?:[A-Za-z]{{2,24}}|[Xx][Nn]--[A-Za-z0-9-]{{2,59}}))"
    r"(?![A-Za-z0-9@-])"
)
_DOT: Final = r"(?:[ ]?[\[(<{【][ ]?(?:\.|dot|点|點)[ ]?[\])>}】][ ]?|[ ]dot[ ]|[ ]?[点點][ ]?|[。｡]|[ ]?\.[ ]?)"
_LABEL: Final = r"[A-Za-z0-9][A-Za-z0-9-]{0,62}"
#: A word for mail shortly before.
_MAIL: Final = later(r"(?:e-?mails?|mail|contact|write(?: to)?|邮箱|邮件|邮|信箱)[^A-Za-z0-9]{0,4}$", re.IGNORECASE)
#: Before the host of a link that names who opens it: `https://user:word@host.example`.
_USER: Final = later(r"://(?:[^\s/@]{1,64}:)?$")
#: What may stand before `at` in a sentence, whatever came before it.
_SPEECH: Final = frozenset(
    (
        *("me", "us", "him", "her", "them", "it", "you", "here", "there", "this", "that", "look", "is", "are", "was"),
        *("now", "up", "one"),
    )
)


@lru_cache(maxsize=1)
def _disguised() -> re.Pattern[str]:
    bracketed = r"[ ]?[\[(<{【][ ]?(?:@|at|a|艾特|爱特)[ ]?[\])>}】][ ]?"
    return re.compile(
        rf"(?P<name>{_LOCAL})(?:(?P<at>{bracketed}|[ ]?@[ ]?|[ ]?(?:艾特|爱特)[ ]?)|[ ]at[ ])"
        rf"(?P<host>{_LABEL}(?:{_DOT}{_LABEL}){{0,2}}?{_DOT}(?:com|net|org|cn|edu|gov|info|io|me|co|uk|de|fr|ru|hk|tw|jp)"
        rf"(?:{_DOT}(?:cn|hk|tw|uk|jp))?)(?![A-Za-z0-9@-])",
        re.IGNORECASE,
    )


def find_emails(text: str) -> list[Match]:
    """Addresses of a text in order."""
    if not may_hold(text, EMAILS):
        return []
    return with_unseen(_find, text)


def _find(text: str) -> Iterator[Match]:
    plain = narrow(text)
    taken: list[Match] = []
    if "@" in plain:
        taken += [
            Match(*one.span())
            for one in _ADDRESS().finditer(plain)
            if registered_domain(one.group(1)) and not _USER().search(plain, max(0, one.start() - 80), one.start())
        ]
    if _may_be_disguised(plain):
        for one in _disguised().finditer(plain):
            apart = all(one.end() <= found.start or one.start() >= found.end for found in taken)
            if apart and _is_meant(plain, one):
                taken.append(Match(*one.span()))
    yield from sorted(taken, key=lambda one: one.start)


#: One of these is in every address in disguise.
_SIGN: Final = later(
    r"@[ ]|[ ]@|@[A-Za-z0-9-]+[ ]?[点點。｡\[({<【]|@[^\n]{1,64}[ ]dot[ ]|[艾爱]特"
    r"|[\[(<{【][ ]?(?:@|at?|A[tT]?)[ ]?[\])>}】]|[ ](?:at|AT|At)[ ][^\n]{1,64}(?:[ ](?:dot|DOT|Dot)[ ]|[点點]|[\[({<])"
)


def _may_be_disguised(plain: str) -> bool:
    return _SIGN().search(plain) is not None


def _is_meant(plain: str, one: re.Match[str]) -> bool:
    host = undone(re.sub(r"[ ]?\.[ ]?", ".", one["host"]))
    if registered_domain(host) is None:
        return False
    if one["at"] is not None:
        # A space beside a plain sign: `5 @ 3.50`, `meet @ example.com`.
        return one["at"].strip() != "@" or " " not in one["at"] + one["host"] or _says_mail(plain, one)
    name = one["name"].lower()
    if "." in one["host"].replace("[.]", "").replace("(.)", "") or name in _SPEECH:
        return False
    return _says_mail(plain, one) or any(not char.isalpha() for char in name)


def _says_mail(plain: str, one: re.Match[str]) -> bool:
    return _MAIL().search(plain[max(0, one.start() - 20) : one.start()]) is not None


EMAIL = Detector(
    Names("email", "邮箱", ("电子邮箱", "邮箱地址")),
    Bilingual(
        "E-mail addresses, also `name (at) host dot com`.", "电子邮箱地址,包括 `name (at) host dot com` 这类写法。"
    ),
    find_emails,
)
