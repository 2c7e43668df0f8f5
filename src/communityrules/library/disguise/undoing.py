"""What is undone when a character of a text is taken for a letter of a word."""

from __future__ import annotations

from typing import Final

from communityrules.library.disguise import steps, tables
from communityrules.library.disguise.letters import SKELETON, is_han, sign_of, standin_of
from communityrules.library.fold import char_folded, letter_kind, unseen

SEPARATORS: Final = steps.SEPARATORS.names.en
LOOKALIKES: Final = steps.LOOKALIKES.names.en
TRADITIONAL: Final = steps.TRADITIONAL.names.en
LEET: Final = steps.LEET.names.en
PARTS: Final = steps.PARTS.names.en
SHAPES: Final = steps.SHAPES.names.en
STANDINS: Final = steps.STANDINS.names.en
REPEATS: Final = steps.REPEATS.names.en
INVISIBLE: Final = steps.INVISIBLE.names.en
WIDTH: Final = steps.WIDTH.names.en
CASE: Final = steps.CASE.names.en
MARKS: Final = steps.MARKS.names.en


#: A small l for an i: only with other disguise, because `fall` is not `fail`.
FAINT: Final = "faint"
_REMEMBERED: Final = 65_536


class _Undone(dict[tuple[str, str], frozenset[str] | None]):
    """What is undone when a character of a text is taken for a folded letter of a word; None when it cannot be."""

    def __missing__(self, pair: tuple[str, str]) -> frozenset[str] | None:
        char, letter = pair
        step = _step(char, letter)
        done = None if step is None else frozenset((step,)) if step else _folding(char)
        if len(self) > _REMEMBERED:
            self.clear()
        self[pair] = done
        return done


# It only remembers what a pure function gives, so it changes no result.
UNDONE: Final = _Undone()


def _step(char: str, letter: str) -> str | None:
    """The one step that takes a character for a letter, `""` when folding alone does; None when nothing does."""
    folded = char_folded(char)
    if letter in folded:
        return ""
    sign = sign_of(char)
    if sign is not None and letter.isascii():
        return LEET if sign == SKELETON[letter] or (sign, letter) == ("i", "l") else None
    character = standin_of(char)
    if character is not None:
        return STANDINS if SKELETON[character] == SKELETON[letter] else None
    if char in tables.common_shapes().get(letter, ""):
        return SHAPES
    mine, wanted = SKELETON[char], SKELETON[letter]
    bar = mine == "i" and wanted == "l"
    if wanted not in mine and not bar and (char, letter) != ("l", "i"):
        return None
    if char in tables.lookalikes() or not folded.isascii() or not letter.isascii():
        if not is_han(letter):
            return LOOKALIKES
        simplified = tables.traditional().get
        return TRADITIONAL if simplified(folded, folded) == simplified(letter, letter) else SHAPES
    if folded.isdigit():
        return None if letter.isdigit() else LEET
    if folded == "i" and letter == "l" and not char.islower():
        return LOOKALIKES
    return FAINT if char == "l" and letter == "i" else None


def _folding(char: str) -> frozenset[str]:
    """What folding undoes in one character that stands for a letter."""
    done = set()
    plain = char.casefold()
    if plain != char:
        done.add(CASE)
    if char_folded(char) != plain:
        done.add(MARKS if "\u00c0" <= char <= "\u024f" or "\u1e00" <= char <= "\u1eff" else WIDTH)
    return frozenset(done)


def differing(text: str, written: str) -> frozenset[str]:
    """What folding undoes to take two characters, or texts, for each other that fold alike: in one of them only."""
    if text == written:
        return frozenset()
    mine, other = _unfolded(text), _unfolded(written)
    return mine ^ other or mine | other


def _unfolded(text: str) -> frozenset[str]:
    """All that folding undoes in a text."""
    done: set[str] = set()
    for char in text:
        if char_folded(char):
            done |= _folding(char)
        else:
            done.add(INVISIBLE if unseen(char) else MARKS)
    return frozenset(done)


class _Kinds(dict[str, int]):
    """Characters of one kind above 0 hold together as a word: 1 digits, 2 letters of scripts that put spaces between
    words. -1: seen by nobody, or a mark on what stands before."""

    def __missing__(self, char: str) -> int:
        folded = char_folded(char)
        if not folded:
            kind = -1
        else:
            skeleton = SKELETON[char]
            latin = skeleton and skeleton.isascii() and not folded.isdigit()
            kind = 2 if latin else letter_kind(folded[-1])
        self[char] = kind
        return kind


# It only remembers what a pure function gives, so it changes no result.
KIND: Final = _Kinds()
