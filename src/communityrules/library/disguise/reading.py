"""How a text reads once disguise is left out of account.

A plain text costs little: its skeleton in bytes is made with a few fast replacements, and most texts need no more. What
is unusual is looked up one by one. Only where the skeleton holds what a list looks for is the text read into tracks
(`tracks`), which know where each character comes from.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from communityrules.library.disguise import tables
from communityrules.library.disguise.letters import (
    EMOJI_SKELETON,
    SIGN_FORMS,
    SIGN_SKELETON,
    SIGNS,
    SKELETON,
    USUAL_MARKS,
    usual_han,
)
from communityrules.library.disguise.tracks import NONE, SEVERAL, Track
from communityrules.library.fold import joining

if TYPE_CHECKING:
    from ahocorasick_rs import BytesAhoCorasick

#: A pattern's number, and the half-open range where it stands.
Hit = tuple[int, int, int]
_ASCII: Final = "".join(map(chr, range(128)))
_TABLE: Final = bytes(ord(SKELETON[char] or char) for char in _ASCII) + bytes(range(128, 256))
#: The same with what separates as `NONE`; `SEVERAL` stays.
_FLAT: Final = bytes(ord(SKELETON[char] or ("\x01" if char == "\x01" else "\x00")) for char in _ASCII) + bytes(
    range(128, 256)
)
_SIGNS: Final = "@$!|(<+"
_ASCII_SIGNS: Final = re.compile(r"[@$!|(<+]")
#: Marks that nearly all messages hold, that many do, and that few do.
_COMMON_MARKS: Final = "，。！？、：“”"
_OTHER_MARKS: Final = tuple(_COMMON_MARKS[2:])
_RARE_MARKS: Final = tuple(mark for mark in USUAL_MARKS if mark not in _COMMON_MARKS)
#: What separates and is no sign; signs are kept at first, so that a quick look tells whether there are any.
_DELETED: Final = bytes(ord(char) for char in _ASCII if not SKELETON[char] and char not in _SIGNS)
_DELETED_SIGNS: Final = _SIGNS.encode()
#: Signs that may stand for letters here: beside a letter, and `+` before anything.
_SIGNED: Final = re.compile(r"[@$!|][A-Za-z0-9@$|!]|[A-Za-z0-9][@$|]|[A-Za-z0-9@$!|][(<][A-Za-z0-9@$!|]|\+")
#: The same between letters that stand by themselves: `s p @ m`.
_SPELLED: Final = re.compile(
    r"(?<![A-Za-z0-9])[B-HJ-Zb-z][^A-Za-z0-9@$!|(<]{1,3}[@$!|(<]"
    r"|[@$!|(<][^A-Za-z0-9@$!|(<]{1,3}[0-9B-HJ-Zb-z](?![A-Za-z0-9])"
)


#: How many unusual characters are looked up one by one; where there are more, runs of them are.
_SINGLY: Final = 8


@lru_cache(maxsize=1)
def _unusual() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Finds a sign, or a character whose skeleton may be another, usual marks of Chinese text aside; and runs of them.
    Looking for one is twice as fast as looking for a run."""
    one = f"[^\\x00- \"#%&')*,\\-./0-9:;=>?A-Z\\[\\\\\\]^_`a-z{{}}~\x7f{_COMMON_MARKS}{usual_han()}]"
    return re.compile(one), re.compile(one + "+")


@lru_cache(maxsize=1)
def _standing() -> re.Pattern[str]:
    """Finds what may be a sign that stands for a letter or a character. All above the first plane may be one, which
    keeps the scan fast."""
    found = sorted(one for one in {*SIGNS, *tables.standins()} if one < "\U00010000" and one not in _SIGNS)
    return re.compile(f"[{re.escape(''.join(found))}＠＄｜＜\U00010000-\U0010ffff]")


@lru_cache(maxsize=1)
def _signing() -> re.Pattern[str]:
    """Finds every character that reads otherwise where signs are letters or characters."""
    found = sorted(one for one in {*SIGNS, *SIGN_FORMS, *tables.standins()} if one < "\U00010000")
    return re.compile(f"[{re.escape(''.join(found))}\U00010000-\U0010ffff]")


def is_usual(char: str) -> bool:
    """Whether a character is usual in a text without disguise, signs that only may stand for letters aside."""
    return _unusual()[0].match(char) is None


def is_sign(char: str) -> bool:
    """Whether it may be a sign that stands for a letter or a character; also true of all beyond the first plane."""
    return char in _SIGNS or _standing().match(char) is not None


def is_form(char: str) -> bool:
    """Whether it reads otherwise where there is a sign, of which it is a form, or where there is an emoji."""
    return _signing().match(char) is not None


class _Kept(dict[int, str]):
    """Skeletons for `str.translate`, each one character: `NONE` for none, `SEVERAL` for more than one."""

    def __init__(self, skeletons: Mapping[str, str]) -> None:
        super().__init__()
        self._skeletons = skeletons

    def __missing__(self, code_point: int) -> str:
        skeleton = self._skeletons[chr(code_point)]
        self[code_point] = kept = skeleton if len(skeleton) == 1 else SEVERAL if skeleton else NONE
        return kept


# Both only remember what a pure function gives, so they change no result.
_PLAIN: Final = _Kept(SKELETON)
_WITH_SIGNS: Final = _Kept(SIGN_SKELETON)
_WITH_EMOJI: Final = _Kept(EMOJI_SKELETON)


class Whole:
    """A text read in one way, character by character."""

    __slots__ = ("_scanned", "_scanner", "_skeletons", "_track", "kept", "read")

    def __init__(self, kept: str, skeletons: Mapping[str, str], text: str, read: bytes | None = None) -> None:
        self._skeletons = skeletons
        self._track: Track | None = None
        #: The skeletons, each in the place of its character; `NONE` where there is none, `SEVERAL` for several.
        self.kept = kept
        if SEVERAL in kept:
            several = [skeletons[char] for char in text]
            places = [at for at, one in enumerate(several) for _ in one]
            self._track = Track("".join(several), places, places, skeletons)
            read = self._track.text.encode()
        #: The skeleton of the text in UTF-8.
        self.read = kept.replace(NONE, "").encode() if read is None else read
        self._scanner: BytesAhoCorasick | None = None
        self._scanned: list[Hit] = []

    def scan(self, automaton: BytesAhoCorasick) -> list[Hit]:
        """Which pattern stands where in `read`, overlapping ones too. The last answer is kept: who asks whether
        there is anything goes on to ask what it is."""
        if self._scanner is not automaton:
            self._scanned = automaton.find_matches_as_indexes(self.read, overlapping=True)
            self._scanner = automaton
        return self._scanned

    def scanned(self, automaton: BytesAhoCorasick, hits: list[Hit]) -> None:
        """Keeps what a scan of the same bytes gave."""
        self._scanner, self._scanned = automaton, hits

    def track(self) -> Track:
        """The skeleton, and where each character of it comes from."""
        if self._track is None:
            self._track = Track(self.read.decode(), None, None, self._skeletons, kept=self.kept)
        return self._track


class Reading:
    """How one text reads."""

    __slots__ = ("_base", "_joins", "_marked", "_others", "alike", "lookers", "quick", "text")

    def __init__(self, text: str) -> None:
        #: The text, as much of it as is looked at.
        self.text = text
        self._base: Whole | None = None
        self._others: tuple[Whole, ...] | None = None
        self._joins: bool | None = None
        #: What `candidates` makes of the text, with runs of one character as one and as they are; and what it chose for
        #: it by who asked.
        self.alike: tuple[str, str] | None = None
        self.lookers: dict[Any, Any] = {}
        #: The skeleton of a text without anything unusual, in UTF-8; None for other texts.
        self.quick: bytes | None
        #: The text with usual marks as `NONE`.
        self._marked: str
        if text.isascii():
            self._marked = text
            quick = text.encode().translate(_TABLE, _DELETED)
            if quick and not quick.isalnum():
                self.quick = None if _signed(text) else quick.translate(None, _DELETED_SIGNS)
            else:
                self.quick = quick
                self._others = ()
            return
        # Replacing one after another is quicker than any pattern.
        text = text.replace("，", "\x00").replace("。", "\x00")
        for mark in _OTHER_MARKS:
            if mark in text:
                text = text.replace(mark, NONE)
        unusual = _unusual()[0].search
        found = unusual(text)
        if found is not None and found.group() in _RARE_MARKS:
            for mark in _RARE_MARKS:
                text = text.replace(mark, NONE)
            found = unusual(text, found.start())
        self._marked = text
        if found is None:
            self.quick = text.encode().translate(_TABLE, _DELETED)
            self._others = ()
            return
        self.quick = None
        if found.group() in _SIGNS and not _signed(self.text):
            # Other signs may be as harmless; nothing else may be there.
            without = text
            for sign in _SIGNS:
                without = without.replace(sign, NONE)
            if unusual(without) is None:
                self.quick = without.encode().translate(_TABLE, _DELETED)

    @property
    def joins(self) -> bool:
        """Whether characters may join those before them into one, which only folding puts together."""
        if self._joins is None:
            self._joins = self.quick is None and joining(self.text)
        return self._joins

    def base(self) -> Whole:
        """The text read character by character, signs as separators."""
        if self._base is None:
            quick, marked = self.quick, self._marked
            if SEVERAL in marked:
                marked = marked.replace(SEVERAL, NONE)
            if quick is None and not marked.isascii():
                one, run = _unusual()
                kept, number = one.subn(_kept, marked, _SINGLY)
                marked = kept if number < _SINGLY else run.sub(_kept, marked)
            self._base = Whole(marked.encode().translate(_FLAT).decode(), SKELETON, self.text, quick)
        return self._base

    def others(self) -> tuple[Whole, ...]:
        """The same where there are signs with them as letters and as characters: what is a letter in one word may
        separate those of another, so both ways are tried."""
        if self._others is None:
            text = self.text
            if text.isascii():
                found = list(_ASCII_SIGNS.finditer(text))
            elif _ASCII_SIGNS.search(text) or _standing().search(text):
                found = list(_signing().finditer(text))
            else:
                found = []
            self._others = tuple(self._with_signs([one.start() for one in found])) if found else ()
        return self._others

    def _with_signs(self, places: list[int]) -> Iterator[Whole]:
        text, base = self.text, self.base()
        ways: list[tuple[_Kept, Mapping[str, str], str]] = [
            (_WITH_SIGNS, SIGN_SKELETON, text),
            (_WITH_EMOJI, EMOJI_SKELETON, text),
        ]
        if "|" in text:
            # It separates words as often as it stands for an i.
            ways.append((_WITH_SIGNS, SIGN_SKELETON, text.replace("|", " ")))
        for table, skeletons, read in ways:
            pieces: list[str] = []
            after = 0
            for at in places:
                pieces += (base.kept[after:at], table[ord(read[at])])
                after = at + 1
            pieces.append(base.kept[after:])
            kept = "".join(pieces)
            if kept != base.kept:
                other = Whole(kept, skeletons, read)
                if other.read != base.read:
                    yield other


def _signed(text: str) -> bool:
    """Whether signs may stand for letters in a text."""
    return _SIGNED.search(text) is not None or _SPELLED.search(text) is not None


def _kept(found: re.Match[str]) -> str:
    """The skeletons of some characters, each in its place."""
    chars = found.group()
    return _PLAIN[ord(chars)] if len(chars) == 1 else chars.translate(_PLAIN)
