"""A rule's words made even for reading, letter for letter, and cut into sentences."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from typing import Final, Literal, NamedTuple

from communityrules.library.disguise.tables import traditional
from communityrules.tables.drafting.numbers import number

Language = Literal["en", "zh"]

#: Characters of one sentence that are read. Longer ones are nobody's single norm, and stay a `todo`.
LONGEST: Final = 400

_SIGNS: Final = {
    "，": ",", "；": ";", "：": ":", "！": "!", "？": "?", "（": "(", "）": ")", "～": "~", "〜": "~", "—": "-",
    "–": "-", "－": "-", "−": "-", "“": '"', "”": '"', "「": '"', "」": '"', "『": '"', "』": '"', "’": "'", "‘": "'",
    "．": ".", "、": "、", "\u3000": " ", "\xa0": " ", "\t": " ", "`": " ", "*": " ", "【": "[", "】": "]",
}  # fmt: skip
_ALPHA: Final = re.compile(r"[^\W\d_]")
_LETTER: Final = re.compile(r"[^\W_]")
_HAN: Final = re.compile(r"[\u3400-\u9fff]")


class _Even(dict[int, str]):
    """What stands for each character, by its number, found once."""

    def __missing__(self, number: int) -> str:
        found = self[number] = _even(chr(number))
        return found


_EVEN: Final = _Even()


def _even(char: str) -> str:
    if char in _SIGNS:
        return _SIGNS[char]
    char = traditional().get(char, char)
    plain = unicodedata.normalize("NFKC", char)
    small = (plain if len(plain) == 1 else char).lower()
    return small if len(small) == 1 else char


def even(text: str) -> str:
    """The text in simplified characters, half-width signs and small letters; every letter stays in its place."""
    return text.translate(_EVEN)


def language_of(text: str) -> Language:
    """The language that a text is mostly written in: Chinese when a tenth of its letters are."""
    letters = han = 0
    for char, times in Counter(text).items():
        if _ALPHA.match(char):
            letters += times
            han += times if _HAN.match(char) else 0
    return "zh" if letters and han * 10 >= letters else "en"


class Sentence(NamedTuple):
    """One sentence: its words as written and made even, of the same length."""

    words: str
    even: str


#: Ends of sentences; a number's point (3.1), a short form (e.g.) and a place (a.m.) end none.
_ENDS: Final = re.compile(
    r"(?:[。;!?\n…]+|(?<![0-9])\.(?=\s|$)(?<!e\.g\.)(?<!i\.e\.)(?<!a\.m\.)(?<!p\.m\.)(?<!etc\.)(?<!min\.)(?<!max\.)"
    r"|(?<=[0-9])\.(?=\s*$|\s+[a-z\u3400-\u9fff]))"
)
#: What numbers the parts of a cell: `1.`, `(2)`, `三、`, `①`, `-`.
_NUMBERED: Final = re.compile(
    r"(?=[(0-9一二三四五六七八九十a-h①-⑳\s•·-])(?:(?<=^)|(?<=[\s。;,])|(?<=[^0-9]:))"
    r"(?:\(?(?:[0-9]{1,2}|[一二三四五六七八九十]{1,3}|[a-h])\)|[0-9]{1,2}[.、](?![0-9])|"
    r"[一二三四五六七八九十]{1,3}、|[①-⑳])\s*|(?=[\s•·-])(?:(?<=^)|(?<=\n))\s*[-•·]\s"
)


_SIGNED: Final = re.compile("[①-⑳❌✅●○◆■★☆✔✖]")
#: Where a sentence may end, and what every number before a part has: most texts have none of the second.
_MAY_END: Final = re.compile(r"[。;!?\n….]")
_NUMBERS: Final = re.compile("[)①-⑳•·.、-]")
_MAY_NUMBER: Final = re.compile(r"[)①-⑳•·-]|[0-9][.、]|[一二三四五六七八九十]、")


def sentences(text: str) -> tuple[Sentence, ...]:
    """The sentences of a text in order; numbers before parts of it are left out."""
    text = _close(text)
    plain = even(text)
    # Circled numbers become digits when made even, so they are cut where the text as written has them.
    cuts = _ends(plain)
    if _NUMBERS.search(plain) and _MAY_NUMBER.search(plain):
        cuts += [found.span() for found in _NUMBERED.finditer(plain)]
    if not text.isascii():
        cuts += [found.span() for found in _SIGNED.finditer(text)]
    cuts.sort()
    cuts.append((len(text), len(text)))
    found: list[Sentence] = []
    at = 0
    for start, end in cuts:
        if start > at:
            first, last = _trimmed(text, plain, at, start)
            if _LETTER.search(plain, first, last):
                found.append(Sentence(text[first:last], plain[first:last]))
        if end > at:
            at = end
    return tuple(found)


def _ends(plain: str) -> list[tuple[int, int]]:
    """Where sentences end, one after the other."""
    found: list[tuple[int, int]] = []
    at = 0
    # To look for the signs first takes a tenth of trying the whole pattern at each place.
    for sign in _MAY_END.finditer(plain):
        start = sign.start()
        if start >= at:
            end = _ENDS.match(plain, start)
            if end is not None:
                at = end.end()
                found.append((start, at))
    return found


_BLANK: Final = re.compile("[ \u3000\xa0]")
_APART: Final = re.compile(r"(?<=[\u3400-\u9fff])[ \u3000\xa0]+(?=[^\s])|(?<=[^\s])[ \u3000\xa0]+(?=[\u3400-\u9fff])")


#: `three (3)`, 三(3): one number written twice.
_TWICE: Final = re.compile(
    r"(?<=[A-Za-z一二三四五六七八九十两])\s?[(（]\s?[0-9０-９]{1,3}\s?[)）](?=\s?[a-z\u3400-\u9fff])"
)


def _close(text: str) -> str:
    """Without the blanks that some put between Chinese characters and numbers, and without digits that repeat a
    number's word."""
    if "(" in text or "（" in text:
        text = _TWICE.sub(_once, text)
    return _APART.sub("", text) if not text.isascii() and _BLANK.search(text) else text


def _once(match: re.Match[str]) -> str:
    """Nothing, where the word before says the same number."""
    words = re.search(r"(?:[a-z]+(?:-[a-z]+)?|[一二三四五六七八九十两]+)$", match.string[: match.start()].lower())
    digits = re.search("[0-9]+", unicodedata.normalize("NFKC", match[0]))
    same = words is not None and digits is not None and number(words[0]) == int(digits[0])
    return "" if same else match[0]


def _trimmed(text: str, plain: str, start: int, end: int) -> tuple[int, int]:
    """Without blanks at the ends, of either form, so that both stay of the same length."""
    while start < end and (text[start].isspace() or plain[start].isspace()):
        start += 1
    while end > start and (text[end - 1].isspace() or plain[end - 1].isspace()):
        end -= 1
    return start, end
