"""What a text must have for a link, a name or a number to be in it, told in one pass.

Most texts hold none of what detectors look for, and it takes each of them several patterns to find that out. Where the
kernel is built it tells beforehand which characters there are, and of a few what stands around them (`_signs.c`). That
leads to nothing by itself: who finds a sign goes on to look. Without the kernel every text has every sign.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import Any, Final

from communityrules.kernel import native
from communityrules.library.narrow import WIDE, narrow

#: Digits, in whatever way they are written, by what they say.
NUMERALS: Final = {
    "0": "〇零○洞⓿", "1": "一壹幺弌⑴⒈❶➀➊⓵", "2": "二贰貳两弐⑵⒉❷➁➋⓶", "3": "三叁參弎⑶⒊❸➂➌⓷",
    "4": "四肆⑷⒋❹➃➍⓸", "5": "五伍⑸⒌❺➄➎⓹", "6": "六陆陸⑹⒍❻➅➏⓺", "7": "七柒⑺⒎❼➆➐⓻", "8": "八捌⑻⒏❽➇➑⓼",
    "9": "九玖⑼⒐❾➈➒⓽",
}  # fmt: skip

_SMALL: Final = "abcdefghijklmnopqrstuvwxyz"
#: Characters without width, as far as anybody looks past them.
_HIDDEN: Final = ((0xAD, 0xAD), (0x34F, 0x34F), (0x61C, 0x61C), (0x180E, 0x180E), (0x200B, 0x200F), (0x202A, 0x202E),
                  (0x2060, 0x2064), (0x2066, 0x2069), (0x20E3, 0x20E3), (0xFE0E, 0xFE0F), (0xFEFF, 0xFEFF))  # fmt: skip
#: The classes of characters, in the order of the kernel's; what is in none of them is of the first. Of a character that
#: stands for one of ASCII (`narrow`) that one counts.
_CLASSES: Final[dict[str, Iterable[str]]] = {
    "other": "",
    "space": " ",
    "letter": [one for letter in _SMALL if letter not in "adf" for one in (letter, letter.upper())],
    "letter a": "aA",
    "letter d": "dD",
    "letter f": "fF",
    "digit": "0123456789",
    "numeral": "".join(NUMERALS.values()),
    "scale": "十几佰拾仟萬億兩",
    "great": "百千万亿",
    "dot": ".",
    "slash": "/\\",
    "colon": ":",
    "at": "@",
    "opening": "[(<{【〔「『",
    "closing": "])>}】〕」』",
    "point": "点點",
    "stop": "。",
    "mark": "｡，丶·•",
    "unseen": [chr(one) for low, high in _HIDDEN for one in range(low, high + 1)],
    "hyphen": "-",
    "underscore": "_",
    "comma": ",",
    "currency": "$¥￥€£₩₽",
    "money": "元块塊刀币镑铢布圆円圓金美",
    "group": "群讨频裙君",
    "code": "码碼号號",
    "address": "弄栋幢座室单",
    "te": "特",
    "cyrillic": "рРкК",
    "plus": "+",
    # What patterns that take capitals for small letters take for `i`, `s` and `k`.
    "odd letter": "\u0130\u0131\u017f\u212a",
}
_CHARACTERS: Final = 0x20000


def _of(*classes: str) -> int:
    """The signs that there is a character of some classes."""
    return sum(1 << list(_CLASSES).index(one) for one in classes)


_LETTERS: Final = _of("letter", "letter a", "letter d", "letter f", "odd letter")
_NAMED: Final = _LETTERS | _of("digit")
_HIDES: Final = _of("unseen")
#: What stands in its place: what may be a host, whole or in disguise; so many digits with little between them; `(a)`,
#: `(at)` and `艾特`; `code` and `referral`; four letters or digits in a row; ` at ` before what may be a host; ` dot `;
#: a unit of money behind a numeral.
_LINK, _DIGITS_10, _DIGITS_14, _DIGITS_17, _SPOKEN_AT, _WORD_CODE, _WORD_OF_4, _AT_HOST, _DOT, _SUM = (
    1 << bit for bit in range(32, 42)
)

#: Each thing that is looked for, as signs of which one must be there: all those of a row together.
Signs = tuple[tuple[int, ...], ...]

LINKS: Final[Signs] = ((_LINK,), (_HIDES,))
MENTIONS: Final[Signs] = ((_of("at"),),)
PHONE_NUMBERS: Final[Signs] = ((_DIGITS_10,),)
BANK_CARDS: Final[Signs] = ((_DIGITS_14,),)
ID_CARDS: Final[Signs] = ((_DIGITS_17,),)
EMAILS: Final[Signs] = (
    (_of("at") | _SPOKEN_AT,),
    (_AT_HOST, _of("point", "opening") | _DOT),
    (_HIDES,),
)
MESSENGER_IDS: Final[Signs] = ((_WORD_OF_4,), (_HIDES,))
GROUP_INVITES: Final[Signs] = (
    (_LINK, _of("slash")),
    (_of("group"), _of("digit")),
    (_of("code"), _NAMED),
    (_WORD_CODE,),
    (_HIDES,),
)
#: Kind by kind: see `detectors.money_amount`.
MONEY_AMOUNTS: Final[tuple[Signs, ...]] = (
    ((_of("digit"), _of("currency")),),
    ((_of("digit"), _of("money")),),
    ((_of("digit"), _LETTERS | _of("currency", "cyrillic")),),
    ((_SUM,),),
    ((_of("digit"), _LETTERS | _of("plus")), (_of("great"),)),
)
POSTAL_ADDRESSES: Final[Signs] = (
    (_of("digit", "numeral", "scale", "great"), _of("code", "address")),
    (_of("digit"), _LETTERS),
)


@cache
def table() -> bytes:
    """For each of the first characters the number of its class."""
    of = {char: number for number, chars in enumerate(_CLASSES.values()) for char in chars}
    made = bytearray(_CHARACTERS)
    for char, number in of.items():
        made[ord(char)] = number
    for low, high in WIDE:
        for code_point in range(low, high + 1):
            plain = narrow(chr(code_point))
            made[code_point] = of.get(plain, 0)
    return bytes(made)


def _told() -> Callable[[str], int] | None:
    kernel: Any = native("signs")
    if kernel is None:
        return None
    signs_of: Callable[[str, bytes], int] = kernel.signs_of
    known: list[bytes] = []

    def signs(text: str) -> int:
        if not known:
            known.append(table())
        return signs_of(text, known[0])

    return signs


#: All signs of a text; None without the kernel.
_signs: Final = _told()


def may_hold(text: str, wanted: Signs) -> bool:
    """Whether it is worth looking for something in a text."""
    return _signs is None or are_among(_signs(text), wanted)


def worth_looking(text: str, kinds: Sequence[Signs]) -> list[bool]:
    """The same of several kinds of things."""
    if _signs is None:
        return [True] * len(kinds)
    signs = _signs(text)
    return [are_among(signs, wanted) for wanted in kinds]


def are_among(signs: int, wanted: Signs) -> bool:
    """Whether there are those signs among others that are wanted."""
    for row in wanted:
        for one in row:
            if not signs & one:
                break
        else:
            return True
    return False
