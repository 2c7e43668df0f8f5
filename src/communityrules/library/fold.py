"""Seeing through disguise: two texts that a reader takes for the same fold to the same text.

`STEPS` is the table of what is undone, in order. Each step turns one character into what stands for it; after them
runs of white space become one space. Spans found in the folded text are brought back to the original by
`Folded.span`. Folding is pinned to one version of Unicode (`fold_ranges`), so that it gives the same text on every
Python version, and folding twice gives the same as folding once.

Only the first `MAX_TEXT` code points of a text are looked at; what follows them is never found.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, Final, Protocol

from communityrules.library.fold_ranges import RANGES, changes

#: How much of a text is looked at, in code points. Longer than what any platform lets one message have.
MAX_TEXT: Final = 65_536


class Step(Protocol):
    """One thing that folding undoes. `of` gives what stands for one character: often itself, sometimes nothing."""

    name: str

    def of(self, char: str) -> str: ...


class Invisible:
    """Removes what nobody sees: zero-width characters, joiners, direction marks, variation selectors, controls."""

    name = "invisible"

    def of(self, char: str) -> str:
        return "" if within(ord(char), _INVISIBLE) else char


class Width:
    """Undoes width and compatibility forms: `ＡＢ` and `𝐀𝐁` are `AB`, `①` is `1`, `㎏` is `kg`."""

    name = "width"

    def of(self, char: str) -> str:
        return unicodedata.normalize("NFKD", char)


class Case:
    """Undoes case: `A` is `a`, `ß` is `ss`."""

    name = "case"

    def of(self, char: str) -> str:
        return char.casefold()


class Marks:
    """Removes accents and marks piled on letters: `é` is `e`, `a̶` is `a`. Marks that make another letter in their own
    script, as in Japanese or Hindi, stay."""

    name = "marks"

    def of(self, char: str) -> str:
        return "" if within(ord(char), _MARKS) else char


#: What folding undoes, in this order.
STEPS: tuple[Step, ...] = (Invisible(), Width(), Case(), Marks())

_INVISIBLE = (
    (0x00, 0x08), (0x0E, 0x1B), (0x7F, 0x84), (0x86, 0x9F), (0xAD, 0xAD), (0x034F, 0x034F), (0x061C, 0x061C),
    (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180F), (0x200B, 0x200F), (0x202A, 0x202E), (0x2060, 0x206F),
    (0x3164, 0x3164), (0xFE00, 0xFE0F), (0xFEFF, 0xFEFF), (0xFFA0, 0xFFA0), (0xFFF9, 0xFFFB), (0xE0000, 0xE0FFF),
)  # fmt: skip
_MARKS = (
    (0x0300, 0x036F), (0x0483, 0x0489), (0x1AB0, 0x1AFF), (0x1DC0, 0x1DFF), (0x20D0, 0x20FF), (0x302A, 0x302D),
    (0xFE20, 0xFE2F),
)  # fmt: skip
_SPACES = frozenset("\t\n\v\f\r\x1c\x1d\x1e\x1f \x85\u1680\u2028\u2029")
#: Characters that join the one before them into one: Japanese voice marks, Hangul vowels and finals, Indic and Arabic
#: signs. Text that was typed in pieces and text that was not fold alike.
_JOINING = (
    (0x0653, 0x0655), (0x09BE, 0x09BE), (0x09D7, 0x09D7), (0x0B3E, 0x0B3E), (0x0B56, 0x0B57), (0x0BBE, 0x0BBE),
    (0x0BD7, 0x0BD7), (0x0C56, 0x0C56), (0x0CC2, 0x0CC2), (0x0CD5, 0x0CD6), (0x0D3E, 0x0D3E), (0x0D57, 0x0D57),
    (0x0DCA, 0x0DCA), (0x0DCF, 0x0DCF), (0x0DDF, 0x0DDF), (0x102E, 0x102E), (0x1161, 0x1175), (0x11A8, 0x11C2),
    (0x1B35, 0x1B35), (0x3099, 0x309A),
)  # fmt: skip
_JOINING_CHARS = frozenset(chr(one) for low, high in _JOINING for one in range(low, high + 1))


def within(code_point: int, ranges: tuple[tuple[int, int], ...]) -> bool:
    """Whether a code point is in one of some ranges, both ends included."""
    return any(low <= code_point <= high for low, high in ranges)


def _of_char(char: str) -> str:
    """What one character folds to on its own."""
    code_point = ord(char)
    if char in _SPACES:
        return " "
    if within(code_point, _INVISIBLE) or within(code_point, _MARKS):
        return ""
    if not changes(code_point):
        return char
    folded = char
    # A second round catches what one step makes for an earlier one: a compatibility form of a capital letter.
    for _ in range(2):
        for step in STEPS:
            folded = "".join(step.of(one) for one in folded)
    return "".join(" " if one in _SPACES else one for one in unicodedata.normalize("NFC", folded))


class _Chars(dict[str, str]):
    """What each character folds to, worked out when first asked."""

    def __missing__(self, char: str) -> str:
        folded = self[char] = _of_char(char)
        return folded


#: Stands in a translated text for a character that does not fold to exactly one: the offsets must then be worked out.
_IRREGULAR = "\ufffe"


class _Translation(dict[int, str]):
    """The same for `str.translate`, where every character gives one."""

    def __missing__(self, code_point: int) -> str:
        char = chr(code_point)
        folded = _CHARS[char]
        if len(folded) != 1 or char in _JOINING_CHARS or folded in _JOINING_CHARS:
            folded = _IRREGULAR
        self[code_point] = folded
        return folded


# Both only remember what a pure function gives, so they change no result.
_CHARS = _Chars()
_TRANSLATION = _Translation()


def char_folded(char: str) -> str:
    """What one character folds to; nothing for what nobody sees and for marks."""
    return _CHARS[char]


@lru_cache(maxsize=4096)
def unseen(char: str) -> bool:
    """Whether nobody sees a character: it joins, directs or controls others."""
    return within(ord(char), _INVISIBLE)


def is_joining(char: str) -> bool:
    """Whether a character joins the one before it into one."""
    return char in _JOINING_CHARS


def joining(text: str) -> bool:
    """Whether a text holds characters that join the one before them into one."""
    return _JOINED.search(text) is not None


def runs_of(ranges: Iterable[tuple[int, int]]) -> re.Pattern[str]:
    """Finds runs of characters of some ranges, both ends included."""
    inside = "".join(f"{re.escape(chr(low))}-{re.escape(chr(high))}" for low, high in ranges)
    return re.compile(f"[{inside}]+")


#: Runs of characters that may not stand for themselves. One range for all above the first plane keeps the scan fast.
_CHANGING = runs_of(
    [one for one in (*RANGES, *_INVISIBLE, *_MARKS, *_JOINING) if one[1] < 0x10000]
    + [(ord(one), ord(one)) for one in sorted(_SPACES) if one != " "]
    + [(0xFFFE, 0xFFFE), (0x10000, 0x10FFFF)]
)
_JOINED = re.compile(f"[{''.join(sorted(_JOINING_CHARS))}]")
_ASCII_SPACE = re.compile(r"[\t-\r\x1c-\x1f]")


class Folded:
    """A folded text and the way back to the original. Folding waits until the folded text is asked for."""

    __slots__ = ("_starts", "_text", "hits", "original", "reading")

    def __init__(self, text: str | None, original: str, starts: tuple[int, ...] | None) -> None:
        self._text = text
        #: The text that was folded, up to `MAX_TEXT` code points.
        self.original = original
        #: Where in the original each folded character comes from; None when each stands in its own place.
        self._starts = starts
        #: How the text reads without disguise, kept here by whoever looks first (`disguise.reading.Reading`).
        self.reading: Any = None
        #: What was hit by whoever looked last for words as they stand, and who that was: they go on to ask where.
        self.hits: tuple[object, Any] | None = None

    @property
    def text(self) -> str:
        """The folded text."""
        if self._text is None:
            self._text, self._starts = _fold(self.original)
        return self._text

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The half-open range of the original that `[start, end)` of the folded text comes from.

        It covers whole characters, and the marks piled on the last of them.
        """
        if self._text is None:
            self._text, self._starts = _fold(self.original)
        starts = self._starts
        if starts is None:
            return start, end
        if start >= end:
            at = starts[start] if start < len(starts) else len(self.original)
            return at, at
        last = starts[end - 1] + 1
        original = self.original
        # What joined the last character belongs to it; invisible characters after it do not.
        limit = starts[end] if end < len(starts) else len(original)
        kept = last
        while last < limit:
            code_point = ord(original[last])
            last += 1
            if not within(code_point, _INVISIBLE) and original[last - 1] not in _SPACES:
                kept = last
        return starts[start], kept

    def whole(self, start: int, end: int) -> bool:
        """Whether `[start, end)` of the folded text is all that some characters of the original fold to: `s` is only
        half of `ß`."""
        if self._text is None:
            self._text, self._starts = _fold(self.original)
        starts = self._starts
        if starts is None:
            return True
        return not (0 < start < len(starts) and starts[start] == starts[start - 1]) and not (
            0 < end < len(starts) and starts[end] == starts[end - 1]
        )


def fold(text: str) -> Folded:
    """Fold a text. Costs nothing until the folded text is asked for, and little where there is little to fold."""
    return Folded(None, text if len(text) <= MAX_TEXT else text[:MAX_TEXT], None)


def _fold(text: str) -> tuple[str, tuple[int, ...] | None]:
    """The folded text, and where each of its characters comes from; None for in its own place."""
    if text.isascii():
        folded = text.lower()
        if not folded.isprintable():
            folded = _ASCII_SPACE.sub(" ", folded)
        if "  " not in folded and folded.isprintable():
            return folded, None
    else:
        folded = _CHANGING.sub(_translate, _usual_marks(text))
        if _IRREGULAR not in folded and "  " not in folded:
            return folded, None
    return _fold_slowly(text)


def fold_text(text: str) -> str:
    """The folded text alone, for words and for comparing."""
    return _fold(text if len(text) <= MAX_TEXT else text[:MAX_TEXT])[0]


class _Short(dict[str, str]):
    """What short texts fold to: names of roles and channels come again."""

    def __missing__(self, text: str) -> str:
        folded = _fold(text if len(text) <= MAX_TEXT else text[:MAX_TEXT])[0]
        if len(text) <= _SHORT:
            if len(self) >= _REMEMBERED:
                self.clear()
            self[text] = folded
        return folded


#: The longest text, in code points, that is remembered folded, and how many are.
_SHORT = 40
_REMEMBERED = 4096
#: `fold_text` for texts that come again.
fold_short = _Short().__getitem__


def loosely(text: str) -> str:
    """Each character folded by itself: runs of spaces stay as long as they are, and nothing joins. What the folded text
    holds without a space stands in it too; it is quicker to have."""
    text = text[:MAX_TEXT]
    if text.isascii():
        if text.isprintable():
            return text.lower()
    else:
        folded = _CHANGING.sub(_translate, _usual_marks(text))
        if _IRREGULAR not in folded:
            return folded
    return "".join([_CHARS[char] for char in text])


def _usual_marks(text: str) -> str:
    """The usual marks of Chinese text folded, one after another: quicker than any pattern."""
    text = text.replace("，", ",").replace("！", "!").replace("？", "?").replace("：", ":").replace("；", ";")
    return text.replace("（", "(").replace("）", ")").replace("\u3000", " ")


def _translate(run: re.Match[str]) -> str:
    return run.group().translate(_TRANSLATION)


def _fold_slowly(text: str) -> tuple[str, tuple[int, ...]]:
    folded: list[str] = []
    starts: list[int] = []
    for at, char in enumerate(text):
        for one in _CHARS[char]:
            if folded:
                if one == " " and folded[-1] == " ":
                    continue
                if one in _JOINING_CHARS:
                    joined = unicodedata.normalize("NFC", folded[-1] + one)
                    if len(joined) == 1:
                        folded[-1] = joined
                        continue
            folded.append(one)
            starts.append(at)
    return "".join(folded), tuple(starts)


def whole_characters(text: str) -> str:
    """The text with halves of characters (lone surrogates), which no matcher takes, replaced one for one."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return "".join("\ufffd" if "\ud800" <= char <= "\udfff" else char for char in text)
    return text


# --- words ---------------------------------------------------------------------------------------------------

#: Letters of scripts that put spaces between words, beyond a-z: Latin, Greek, Cyrillic.
_SPACED_LETTERS = ((0xC0, 0xD6), (0xD8, 0xF6), (0xF8, 0x24F), (0x370, 0x52F), (0x1E00, 0x1FFF))


def letter_kind(char: str) -> int:
    """Characters of one kind above 0 hold together as one word: 1 a digit, 2 a letter of a spaced script."""
    if char.isascii():
        return 2 if char.isalpha() else 1 if char.isdigit() else 0
    return 2 if within(ord(char), _SPACED_LETTERS) else 0


def at_word_edges(text: str, start: int, end: int) -> bool:
    """Whether `[start, end)` of a text stands as words of its own.

    A side that is a letter of a spaced script (Latin, Greek, Cyrillic) must not touch another such letter, a side that
    is a digit no other digit: `ass` is not in `class`. A digit after a letter ends a word (`vx` is in `加vx123`). Han
    and other scripts without spaces match anywhere.
    """
    if start > 0:
        kind = letter_kind(text[start])
        if kind and letter_kind(text[start - 1]) == kind:
            return False
    if end < len(text):
        kind = letter_kind(text[end - 1])
        if kind and letter_kind(text[end]) == kind:
            return False
    return True
