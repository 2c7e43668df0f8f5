"""`messenger_id` / `社交账号`: names and numbers under which somebody can be reached on a messenger.

An id is found only beside a word for its messenger, and the match is the id alone: `abc_123` of `加微信：abc_123`.
Known are WeChat, QQ, Telegram, WhatsApp, Line, Discord, Skype, Signal and KakaoTalk, with the words that adverts use
for them (`薇`, `VX`, `扣扣`, `飞机`), and `@name` after words that ask to be written to (`客服`, `contact`). An id of
letters alone needs more than the word: a colon, `号` or `id`, because `微信 hello` and `telegram channel` name none.
Group numbers and invitations are those of `group_invite`.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from communityrules.diagnostics.message import Bilingual
from communityrules.library.declare import Detector, Match, Names
from communityrules.library.detectors.messengers import GAP, MESSENGERS, NO_IDS
from communityrules.library.detectors.phone_number import find_phone_numbers
from communityrules.library.later import later
from communityrules.library.narrow import narrow
from communityrules.library.scanning import Scanner, in_text
from communityrules.library.signs import MESSENGER_IDS, may_hold
from communityrules.library.unseen import with_unseen

#: Every id has this much.
_LATIN: Final = later(r"[A-Za-z0-9_]{4}")
#: What may follow a number that is an id: `13812345678微信同号`.
_TAIL: Final = later(
    r"[ ]?[(（]?(?:微信同号|同微信|微同|加?(?:微信|vx|wx)同|(?:也)?是?我?的?(?:微信|vx|qq|扣扣)号?(?![群A-Za-z]))",
    re.IGNORECASE,
)
_AFTER: Final = ("微", "vx", "qq", "扣扣")
_NUMBER: Final = later(r"(?<![0-9A-Za-z.])[1-9][0-9]{4,10}(?![0-9A-Za-z]|\.[0-9])")
_PUBLIC: Final = later(
    r"(?<![A-Za-z0-9.@-])(?:https?://)?(?:t|telegram)\.(?:me|dog)/(?P<id>[A-Za-z][A-Za-z0-9_]{4,31})(?![A-Za-z0-9_/])"
)


@lru_cache(maxsize=1)
def _marks() -> tuple[Scanner, tuple[frozenset[int], ...]]:
    """What looks for the marks of all messengers, and for each mark those whose it is; -1 for `_AFTER`."""
    of: dict[str, set[int]] = {mark: {-1} for mark in _AFTER}
    for at, messenger in enumerate(MESSENGERS):
        for mark in messenger.marks:
            of.setdefault(mark, set()).add(at)
    return in_text(tuple(of)), tuple(map(frozenset, of.values()))


def _named(plain: str) -> list[int]:
    """The messengers whose marks are in a text, in order; -1 among them for a mark of `_AFTER`."""
    # Only the letters from A to Z: others have small ones of another length.
    small = plain.lower() if plain.isascii() else plain.encode("utf-8", "replace").lower().decode()
    scanner, owners = _marks()
    return sorted({at for hit in scanner.scan(small) for at in owners[hit[scanner.number]]})


@lru_cache(maxsize=len(MESSENGERS))
def _pattern(at: int) -> re.Pattern[str]:
    # Built when a text first needs it: they take a while.
    return re.compile(f"(?:{'|'.join(MESSENGERS[at].words)}){GAP}{MESSENGERS[at].ids}", re.IGNORECASE)


def find_messenger_ids(text: str) -> tuple[Match, ...]:
    """Ids of a text in order."""
    if not may_hold(text, MESSENGER_IDS):
        return ()
    return tuple(with_unseen(_find, text))


def _find(text: str) -> tuple[Match, ...]:
    plain = narrow(text)
    if not _LATIN().search(plain):
        return ()
    found: list[Match] = []
    named = _named(plain)
    for at in named:
        if at >= 0:
            found += [Match(*one.span("id")) for one in _pattern(at).finditer(plain) if _is_id(one)]
    if -1 in named:
        numbers = [*find_phone_numbers(text), *(Match(*one.span()) for one in _NUMBER().finditer(plain))]
        found += [one for one in numbers if _TAIL().match(plain, one.end)]
    if "/" in plain:
        found += [Match(*one.span("id")) for one in _PUBLIC().finditer(plain) if one["id"].lower() not in NO_IDS]
    apart: list[Match] = []
    for one in sorted(found, key=lambda match: (match.start, -match.end)):
        if not apart or one.start >= apart[-1].end:
            apart.append(one)
    return tuple(apart)


def _is_id(one: re.Match[str]) -> bool:
    written = one["id"]
    if written.lower().lstrip("@") in NO_IDS:
        return False
    if any(char.isdigit() or char in "_@#" for char in written):
        # A year or an amount stands beside a messenger's name too.
        return not (written.isdigit() and len(written) < 5) and len(set(written)) > 1
    if (written.isupper() and len(written) < 8) or len(set(written.lower())) < 3:
        # Placeholders: `PLACE`, `xxxxxxxx`.
        return False
    return bool(one["says"]) or "@" in one.group()


MESSENGER_ID = Detector(
    Names("messenger_id", "社交账号", ("聊天账号", "社交帐号")),
    Bilingual(
        "Ids on messengers beside a word for the messenger: WeChat, QQ, Telegram, WhatsApp, Line, Discord and others.",
        "写在聊天软件名称旁的账号:微信、QQ、Telegram、WhatsApp、Line、Discord 等。",
    ),
    find_messenger_ids,
)
