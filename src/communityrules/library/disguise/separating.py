"""Whether letters of a word that stand apart are one word that is disguised, and not several words."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from communityrules.library.disguise.letters import SKELETON, is_han
from communityrules.library.disguise.undoing import KIND, SEPARATORS
from communityrules.library.disguise.words import Word
from communityrules.library.fold import char_folded, fold_text

#: English words that words fall apart into by themselves: `in come` is not `income`.
_PIECES: Final = frozenset(
    (
        "age", "all", "am", "an", "and", "ant", "any", "are", "art", "as", "at", "ate", "be", "been", "bit", "but",
        "by", "can", "come", "day", "did", "do", "down", "ear", "eat", "end", "even", "ever", "for", "from", "get",
        "go", "good", "got", "had", "has", "hat", "have", "he", "her", "here", "him", "his", "home", "how", "ice",
        "if", "ill", "in", "ink", "is", "it", "its", "just", "know", "led", "let", "lie", "like", "line", "man",
        "may", "me", "men", "met", "more", "my", "new", "no", "nor", "not", "now", "of", "off", "old", "on", "one",
        "or", "ore", "other", "our", "out", "over", "own", "pan", "pass", "per", "put", "say", "see", "set", "she",
        "so", "some", "such", "tell", "ten", "than", "that", "the", "them", "then", "there", "they", "this", "time",
        "to", "too", "top", "two", "under", "up", "upon", "us", "use", "very", "was", "way", "we", "well", "were",
        "what", "when", "where", "who", "why", "will", "with", "work", "you", "your",
    )
)  # fmt: skip
#: How far apart two letters of a word may stand, with all that nobody sees, and how much that is seen separates them.
_WIDEST: Final = 400
_SEPARATED: Final = 16
#: Marks that stand between words and sentences.
_BETWEEN: Final = frozenset(" \t\n\r\u3000\u00a0.,:;?!/&。，：；？！、")


def gaps(text: str, word: Word, places: Sequence[int], owners: Sequence[int]) -> set[str] | None:
    """What separates the letters: nothing to undo, or separators; None when words would run together."""
    inner: list[tuple[int, str]] = []
    changed = False
    met = set()
    own_gaps = word.gaps
    before = places[0]
    for at, after in enumerate(places[1:]):
        wide = after - before
        if wide < 2:
            before = after
            continue
        if wide == 2:
            between = text[before + 1]
            if KIND[between] < 0:
                before = after
                continue
        elif wide > _WIDEST:
            return None
        else:
            between = "".join([char for char in text[before + 1 : after] if KIND[char] >= 0])
        before = after
        if not between:
            continue
        if len(between) > _SEPARATED:
            return None
        if own_gaps and owners[at] != owners[at + 1] and owners[at] in own_gaps:
            met.add(owners[at])
            own = own_gaps[owners[at]]
            changed = changed or (between != own and fold_text(between) != own)
        else:
            inner.append((at, between))
    if len(met) < len(word.gaps):
        if len(word.letters) < 6 and not is_han(word.letters[0]):
            return None
        changed = True
    if inner and not _apart(text, places, inner):
        return None
    return {SEPARATORS} if inner or changed else set()


def _apart(text: str, places: Sequence[int], gaps: list[tuple[int, str]]) -> bool:
    """Whether letters that stand apart are one word and not several."""
    kinds = [KIND[text[at]] for at in places]
    spaced: list[tuple[int, str]] = []
    digits = False
    for gap in gaps:
        kind = kinds[gap[0]]
        if kind > 0 and kind == kinds[gap[0] + 1]:
            if kind == 2:
                spaced.append(gap)
            else:
                digits = True
    if not spaced:
        # Numbers in a row are no word.
        return not digits or any(kind not in (1, -1) for kind in kinds)
    size = len(places)
    if len(spaced) == size - 1:
        return size >= 3 or not spelled(text, places)
    if size < 3:
        return False
    cuts = [-1, *(at for at, _ in spaced), len(places) - 1]
    pieces = ["".join([text[places[one]] for one in range(low + 1, high + 1)]) for low, high in pairwise(cuts)]
    if all(char in _BETWEEN for _, between in spaced for char in between):
        return size >= 4 and not any(len(piece) > 1 and fold_text(piece) in _PIECES for piece in pieces)
    return True


def spelled(text: str, places: Sequence[int]) -> bool:
    """Whether single letters stand apart before or after: letters are being listed or spelled out."""
    before = [char for char in text[max(0, places[0] - 8) : places[0]] if char_folded(char)]
    after = [char for char in text[places[-1] + 1 : places[-1] + 9] if char_folded(char)]
    return _single(before[::-1]) or _single(after)


def _single(chars: list[str]) -> bool:
    """Whether characters go on with signs and then one letter by itself, other than the words `a` and `I`."""
    at = 0
    while at < len(chars) and not SKELETON[chars[at]]:
        at += 1
    if not at or at >= len(chars) or KIND[chars[at]] != 2:
        return False
    alone = at + 1 >= len(chars) or not SKELETON[chars[at + 1]]
    return alone and chars[at] not in "aAiI"
