"""How many cells of a terminal a text takes, so that carets and columns stay under wide characters."""

from __future__ import annotations

from functools import lru_cache
from unicodedata import category, east_asian_width

TAB = 4


def cells(text: str) -> int:
    """The cells that a text takes: two for a wide character, none for a combining one."""
    if text.isascii():
        return len(text)
    return sum(map(_cell, text))


@lru_cache(maxsize=4096)
def _cell(character: str) -> int:
    if category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if east_asian_width(character) in "WF" else 1


def visible(text: str) -> str:
    """The text as it can be printed on one line: tabs become spaces, what would move the cursor a mark.

    Marks that turn the direction of writing are made visible too: they could make a line look like another.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(map(_visible, text))


@lru_cache(maxsize=4096)
def _visible(character: str) -> str:
    if character == "\t":
        return " " * TAB
    if category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp", "Cn", "Co"):
        # Joiners hold emoji together and are harmless.
        return character if character == "\u200d" else "\ufffd"
    return character


def pad(text: str, width: int) -> str:
    """The text with spaces after it up to a width in cells."""
    return text + " " * max(0, width - cells(text))


def cut(text: str, width: int) -> str:
    """The text, or its beginning with `…`, within a width in cells."""
    if cells(text) <= width:
        return text
    taken = 0
    for index, character in enumerate(text):
        taken += _cell(character)
        if taken > width - 1:
            return text[:index] + "…"
    return text


def cut_left(text: str, width: int) -> str:
    """The text, or its end with `…` before it, within a width in cells."""
    if cells(text) <= width:
        return text
    taken = 0
    for index in range(len(text) - 1, -1, -1):
        taken += _cell(text[index])
        if taken > width - 1:
            return "…" + text[index + 1 :]
    return text
