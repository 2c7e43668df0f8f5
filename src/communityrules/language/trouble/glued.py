"""Words of the language glued to a name or a number where the parser has gone past them, or would take a name."""

from __future__ import annotations

import re
from functools import lru_cache

from communityrules.diagnostics.message import Diagnostic, Fix
from communityrules.language import messages
from communityrules.language.keywords import Keyword, keyword_table
from communityrules.language.run import openings
from communityrules.language.scan import LINE_MARK, Scan
from communityrules.language.token import Token, make_token
from communityrules.language.trouble.place import CHUNK, SPACES, WORD, Finding, Place, Repair

_LINE_END = re.compile(rf"[\n{LINE_MARK}]")
#: What English says with `for` or `to` after it; a text may have such a word nowhere else.
_WITH_PARTICLE = {"for": frozenset({"hold"}), "to": frozenset({"escalate", "assign", "refer"})}
#: How many letters of a line are looked at, before and after the trouble, and of an item before it.
_NEAR, _FAR = 300, 3000
#: A shorter rest of a word after `if late` is its ending: `if later`.
_LONG = 4
_LATE = frozenset({"if", "iflate"})


@lru_cache(maxsize=1)
def _phrases() -> tuple[tuple[tuple[str, ...], Keyword, re.Pattern[str]], ...]:
    """The English words of several words, the longest first; a group of the pattern for each gap between two."""
    found = [(tuple(one.split()), word) for word in keyword_table().words() for one in word.en if " " in one]
    found.sort(key=lambda one: -sum(map(len, one[0])))
    return tuple((words, word, re.compile(r"(?<!\w)" + r"([ \t]*)".join(words))) for words, word in found)


@lru_cache(maxsize=1)
def _tails() -> frozenset[str]:
    """Words of one phrase written together, without its first: `notempty`, `anyof`."""
    return frozenset(
        "".join(words[first:last])
        for words, _, _ in _phrases()
        for first in range(1, len(words))
        for last in range(first + 2, len(words) + 1)
    )


@lru_cache(maxsize=1)
def _slots() -> dict[str, tuple[Keyword, ...]]:
    """What may stand before an argument of an action, or after the actions of a test, by its English spelling."""
    found: dict[str, tuple[Keyword, ...]] = {}
    for one in (*keyword_table().section("slots"), keyword_table().entry("words", "under")):
        for spelling in one.en:
            if spelling.isalpha():
                found[spelling] = (*found.get(spelling, ()), one)
    return found


@lru_cache(maxsize=1)
def _slot_ends() -> tuple[re.Pattern[str], tuple[str, ...]]:
    return re.compile("|".join(_slots())), tuple(_slots())


def seems_glued(token: Token, scan: Scan) -> bool:
    """A quick look at a name: whether it could be a word of the language and another word."""
    begins, ends = _slot_ends()
    if begins.match(token) is None and not token.endswith(ends):
        return token in _tails() or token in _LATE
    return bool(_splits(token, scan)) or token in _tails()


def _splits(name: str, scan: Scan) -> list[tuple[int, str]]:
    """Where a name falls into a slot and another word, with the slot."""
    found: list[tuple[int, str]] = []
    for slot in _slots():
        rest, stem = name.removeprefix(slot), name.removesuffix(slot)
        if rest and rest != name and (rest.isdecimal() or scan.has_word(rest)):
            found.append((len(slot), slot))
        if stem and stem != name and (stem in _WITH_PARTICLE.get(slot, ()) or scan.has_word(stem)):
            found.append((len(stem), slot))
    return found


def glued_slot(place: Place) -> Finding | None:
    """`hold forstaff`, `holdfor staff`, `quorum2`: the parser would take each for one name."""
    if not place.word or place.first_on_line:
        return None
    for length, slot in _splits(place.word, place.scan):
        middle = place.start + length
        first, second = place.text[place.start : middle], place.text[middle : place.stop]
        for keyword in _slots()[slot]:
            word = make_token(keyword.token, slot, place.start, middle)
            repair = Repair((word,), middle)
            if first != slot:
                name = make_token("NAME", first, place.start, middle)
                repair = Repair((name, make_token(keyword.token, slot, middle, place.stop)), place.stop)
            stack: list[int] | None = place.run.stack()
            for one in repair.tokens:
                stack = stack and place.run.after(one.type, stack)
            if stack is None or not _reads_on(place, repair.position, stack):
                continue
            values = {"word": slot, "rest": second if first == slot else first, "mended": f"{first} {second}"}
            fix = Fix(place.span(middle, middle), " ")
            return Finding(Diagnostic(messages.GLUED, place.span(), values, fix), repair)
    return None


def glued_tail(place: Place) -> Finding | None:
    """`is notempty`, `, iflate escalate`: parts of a phrase that the parser would take for a name."""
    return glued_phrase(place) if place.word in _tails() or _is_late(place) else None


def _is_late(place: Place) -> bool:
    """Whether `if` stands where the parser would take it for an action, as the comma before it is not its own."""
    previous = place.run.previous
    return place.word in _LATE and previous is not None and previous.type == "COMMA"


def _reads_on(place: Place, position: int, stack: list[int]) -> bool:
    """Whether a parser with that stack could go on there, on the same line."""
    token = place.run.token_at(position, stack)
    return token is not None and token.start_pos < _line_end(place) and place.run.can_take(token.type, stack)


def glued_phrase(place: Place) -> Finding | None:
    """`applies toeveryone`, `any ofads`, `anyof ads`: the spaces in and after words of several words."""
    if place.at_end:
        return None
    near = max(place.start - _NEAR, 0)
    line = max(place.text.rfind(LINE_MARK, near, place.start) + 1, near)
    comma = place.text[place.start] == ","
    spaces = SPACES.match(place.text, place.start + comma, place.run.end)
    here = spaces.end() if spaces else place.start
    for words, keyword, pattern in _phrases():
        for found in pattern.finditer(place.text, line, _line_end(place)):
            if found.start() > here:
                break
            if comma and found.start() == here and not keyword.comma:
                continue
            if place.text[found.end() : place.start].strip(" \t") or (comma and found.start() < here):
                continue
            finding = _glued_phrase(place, words, keyword, found)
            if finding is not None:
                return finding
    return None


def _glued_phrase(place: Place, words: tuple[str, ...], keyword: Keyword, found: re.Match[str]) -> Finding | None:
    start, middle = found.span()
    gaps = found.groups()
    rest = (CHUNK.match(place.text, middle) or WORD.match(place.text, middle)) if _goes_on(place, middle) else None
    if rest is not None and not _is_meant(place, keyword, rest.group()):
        return None
    if rest is None and (all(gaps) or (start >= place.start and not any(gaps) and not _is_late(place))):
        # Nothing is glued, or one word is a misspelling of the phrase.
        return None
    spelling = " ".join(words)
    if not _mends(place, start, middle, spelling + (" " if rest else "")):
        return None
    stop = rest.end() if rest else middle
    if all(gaps) and rest is not None:
        values = {"word": spelling, "rest": rest.group(), "mended": f"{spelling} {rest.group()}"}
        fix = Fix(place.span(middle, middle), " ")
    else:
        gap = gaps.index("")
        mended = f"{spelling} {rest.group()}" if rest else spelling
        values = {"word": words[gap], "rest": words[gap + 1], "mended": mended}
        fix = Fix(place.span(start, stop), mended)
    repair = None
    if start >= place.start and place.run.can_take(keyword.token):
        repair = Repair((make_token(keyword.token, spelling, place.start, middle),), middle)
    return Finding(Diagnostic(messages.GLUED, place.span(start, stop), values, fix), repair)


def _goes_on(place: Place, middle: int) -> bool:
    return WORD.match(place.text, middle, place.run.end) is not None


def _is_meant(place: Place, keyword: Keyword, rest: str) -> bool:
    """Whether what follows a phrase without a space is a word of its own, not the ending of a longer one."""
    if rest[0].isdigit() or place.scan.has_word(rest) or keyword_table().is_word(rest):
        return True
    return keyword.token == "IF_LATE" and len(rest) >= _LONG


def _mends(place: Place, start: int, stop: int, mended: str) -> bool:
    """Whether the item reads beyond a stretch of the text once it says something else."""
    run, begin, stack = place.run, place.start, place.run.stack()
    if start < place.start or _is_late(place):
        for index in range(len(run.values) - 1, -1, -1):
            one = run.values[index]
            if isinstance(one, Token) and one.type in openings() and one.start_pos <= start:
                # In a cell its column stands for the word that opens the clause.
                begin, stack = one.start_pos, run.stack(index + (one.start_pos == one.end_pos))
                break
        else:
            return False
    if begin < place.start - _FAR:
        return False
    before = place.text[max(begin - 1, 0) : start]
    text = before + mended + place.text[stop : _line_end(place)]
    return run.reads(text, begin - max(begin - 1, 0), len(before) + len(mended), stack)


def _line_end(place: Place) -> int:
    """Where the line ends, or what is looked at of it."""
    end = min(place.start + _NEAR, place.run.end)
    found = _LINE_END.search(place.text, place.start, end)
    return found.start() if found else end
