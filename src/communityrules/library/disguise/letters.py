"""What each character stands for once disguise is left out of account: its skeleton.

A skeleton is a small Latin letter (`i` for 1 and for what may be an i or an l), a simplified Chinese character that
stands for those of its shape, or another letter as it is; nothing for spaces, punctuation, emoji and what nobody sees.
Two characters with one skeleton may stand for each other; whether one may stand for the other in a word is told by
`checking`.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from communityrules.library.disguise import tables
from communityrules.library.fold import char_folded, within

#: Digits as the letter that they stand for; 1 also for l, which words allow for (`words`).
_ALIKE: Final = {
    "0": "o", "1": "i", "2": "z", "3": "e", "4": "a", "5": "s", "6": "g", "7": "t", "8": "b", "9": "g",
}  # fmt: skip
#: Signs that are read as letters; between other letters they may also only separate.
SIGNS: Final = {
    "@": "a", "$": "s", "!": "i", "|": "i", "+": "t", "(": "c", "<": "c", "€": "e", "£": "i", "¢": "c", "¥": "y",
    "₿": "b", "₹": "r", "₽": "p", "₩": "w", "₴": "s", "₮": "t", "₦": "n", "₳": "a", "₵": "c", "₫": "d", "₭": "k",
    "✝": "t", "☠": "o", "∂": "d", "ß": "b", "§": "s", "¡": "i", "∑": "e", "√": "v", "π": "n", "∞": "o",
}  # fmt: skip
#: Other characters that fold to one of them: wide, small, raised, mathematical.
SIGN_FORMS: Final = "⁺⁽₊₍⅀≮﬩︕︵﹗﹙﹢﹤﹩﹫！＄（＋＜＠｜￠￡￥￦𝛛𝜕𝝏𝞉𝟃"
#: Punctuation of Chinese text that is so usual that a text with it may still be plain.
USUAL_MARKS: Final = "，。！？、；：“”（）…《》～【】—"
#: Upright bars, which are an i as well as an l.
_BARS: Final = frozenset("ǀΙІӀ׀וןا١۱ߊᛁ∣⏽Ⲓⵏꓲﺍﺎ￨𐊊𐌉𐌠𖼨Ɩ")
#: Blocks that hold letters; all else separates. Pinned here, so that no version of Unicode changes what a word is.
_LETTERS: Final = (
    (0xAA, 0xAA), (0xB5, 0xB5), (0xBA, 0xBA), (0xC0, 0xD6), (0xD8, 0xF6), (0xF8, 0x2AF), (0x370, 0x37D),
    (0x37F, 0x386), (0x388, 0x1FFF), (0x2C00, 0x2DFF), (0x2E80, 0x2FDF), (0x3005, 0x3007), (0x3021, 0x3029),
    (0x3041, 0x3096), (0x309D, 0x309F), (0x30A1, 0x30FA), (0x30FC, 0x318F), (0x31A0, 0x31BF), (0x31F0, 0x31FF),
    (0x3400, 0x4DBF), (0x4E00, 0xA4CF), (0xA4D0, 0xABFF), (0xAC00, 0xD7FF), (0xF900, 0xFDFF), (0xFE70, 0xFEFC),
    (0x10000, 0x1CFFF), (0x1E000, 0x1EFFF), (0x20000, 0x3FFFF),
)  # fmt: skip


class Skeletons(dict[str, str]):
    """Character → its skeleton: none, one or several characters. Worked out when first asked."""

    def __missing__(self, char: str) -> str:
        plain = tables.lookalikes().get(char)
        if plain is not None:
            skeleton = _ALIKE.get(plain, plain)
            if char in _BARS:
                skeleton = "i"
        else:
            skeleton = "".join(_skeleton(one) for one in char_folded(char))
        self[char] = skeleton
        return skeleton


class SignSkeletons(dict[str, str]):
    """The same where signs stand for letters."""

    def __missing__(self, char: str) -> str:
        letter = sign_of(char)
        self[char] = skeleton = SKELETON[char] if letter is None else letter
        return skeleton


class EmojiSkeletons(dict[str, str]):
    """The same where emoji and signs stand for Chinese characters."""

    def __missing__(self, char: str) -> str:
        self[char] = skeleton = SKELETON[standin_of(char) or char]
        return skeleton


def standin_of(char: str) -> str | None:
    """The Chinese character that an emoji or a sign stands for; `+` stands for 加."""
    return tables.standins().get("➕" if char == "+" else char)


def sign_of(char: str) -> str | None:
    """The letter that a sign of any width stands for; None of all that is no sign."""
    return SIGNS.get(char) or SIGNS.get(char_folded(char))


def _skeleton(char: str) -> str:
    """Of one character that is folded already."""
    if char.isascii():
        return _ALIKE.get(char, char if char.isalnum() else "")
    plain = tables.lookalikes().get(char)
    if plain is not None:
        return "i" if char in _BARS else _ALIKE.get(plain, plain)
    if not within(ord(char), _LETTERS):
        return ""
    char = tables.traditional().get(char, char)
    char = tables.part_forms().get(char, char)
    return tables.shapes().get(char, char)


# They only remember what pure functions give, so they change no result.
SKELETON: Final = Skeletons()
SIGN_SKELETON: Final = SignSkeletons()
EMOJI_SKELETON: Final = EmojiSkeletons()


def skeleton(text: str) -> str:
    """The skeleton of a text."""
    return "".join([SKELETON[char] for char in text])


def is_han(char: str) -> bool:
    """Whether it is a Chinese character, the zero 〇 and 々 included."""
    return "\u4e00" <= char <= "\u9fff" or "\u3400" <= char <= "\u4dbf" or char >= "\U00020000" or char in "〇々"


@lru_cache(maxsize=1)
def usual_han() -> str:
    """The Chinese characters that are their own skeleton, as ranges for a class of `re`."""
    others = {*tables.traditional(), *tables.part_forms(), *tables.shapes()}
    ranges: list[list[int]] = []
    for code_point in range(0x4E00, 0x9FA6):
        if chr(code_point) in others:
            continue
        if ranges and ranges[-1][1] == code_point - 1:
            ranges[-1][1] = code_point
        else:
            ranges.append([code_point, code_point])
    return "".join(chr(low) if low == high else f"{chr(low)}-{chr(high)}" for low, high in ranges)
