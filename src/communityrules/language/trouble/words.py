"""Words that are misspelt, glued together, or names of two words."""

from __future__ import annotations

import re

from communityrules.diagnostics.message import Diagnostic, Fix
from communityrules.language import messages
from communityrules.language.keywords import Keyword, keyword_table
from communityrules.language.suggest import nearest
from communityrules.language.token import Token, make_token
from communityrules.language.trouble.place import HAN, SPACES, WORD, Finding, Place, Repair

#: Clauses after which one or several names stand, and nothing else.
_NAMING = frozenset({"APPLIES_TO", "RESPONSIBLE", "FOUND_BY", "EXCEPT", "IN"})
#: Words and signs that are easily forgotten, in the order in which they are tried.
_FORGOTTEN = ("EQUAL", "AS", "OVER", "COMMA", "COLON", "OF", "TIMES", "FROM", "TO")
_SIGNS = {"COMMA": ",", "COLON": ":"}


def glued_keyword(place: Place) -> Finding | None:
    """若广告, ifadvertising: a keyword with the next word glued to it."""
    if not place.word:
        return None
    best: tuple[str, Keyword] | None = None
    for spelling, keyword in place.keywords:
        if not place.word.startswith(spelling) or place.word == spelling:
            continue
        rest = place.word[len(spelling) :]
        if spelling < HAN and not _is_known(place, rest):
            continue
        if best is None or len(spelling) > len(best[0]):
            best = spelling, keyword
    if best is None:
        return None
    spelling, keyword = best
    middle = place.start + len(spelling)
    token = make_token(keyword.token, spelling, place.start, middle)
    return _glued(place, place.start, middle, place.stop, spelling, Repair((token,), middle))


def keyword_glued_to_name(place: Place) -> Finding | None:
    """消息.文本包含任一 广告词: a keyword glued to the end of the name before it."""
    top = place.run.previous
    if top is None or top.type != "NAME" or place.at_end:
        return None
    for spelling, keyword in sorted(place.keywords, key=lambda one: -len(one[0])):
        if not top.endswith(spelling) or len(top) == len(spelling):
            continue
        if spelling < HAN and not _is_known(place, top[: -len(spelling)]):
            continue
        after = place.run.after(keyword.token, place.run.stack())
        if after is None:
            continue
        token = place.run.token_at(place.start, after)
        if token is None or not place.run.can_take(token.type, after):
            continue
        stop = top.end_pos
        middle = stop - len(spelling)
        repair = Repair((make_token(keyword.token, spelling, middle, stop),), place.start)
        return _glued(place, top.start_pos, middle, stop, spelling, repair)
    return None


def _glued(place: Place, start: int, middle: int, stop: int, word: str, repair: Repair) -> Finding:
    first, second = place.written(start, middle), place.written(middle, stop)
    rest = second if word == first else first
    values = {"word": word, "rest": rest, "mended": f"{first} {second}"}
    fix = Fix(place.span(middle, middle), " ")
    return Finding(Diagnostic(messages.GLUED, place.span(start, stop), values, fix), repair)


def _is_known(place: Place, word: str) -> bool:
    """Whether it is a number, or the text has this word elsewhere, standing alone."""
    return word.isdigit() or re.search(rf"(?<!\w){re.escape(word)}(?!\w)", place.text) is not None


def name_with_space(place: Place) -> Finding | None:
    """`group online staff as …`: a second word where the name has ended."""
    top, values = place.top, place.run.values
    if top is None or top.type != "NAME" or not place.word or len(values) < 2 or place.first_on_line:
        return None
    before = values[-2]
    if not isinstance(before, Token):
        return None
    declares = any(one.token == before.type for one in keyword_table().section("declarations"))
    if not declares and before.type not in _NAMING:
        return None
    if _near_keyword(place) is not None or place.keyword:
        return None
    start, stop = top.start_pos, place.stop
    for _ in range(8):
        following = place.run.token_at(stop, place.run.stack())
        if following is not None and place.run.can_take(following.type):
            break
        spaces = SPACES.match(place.text, stop, place.run.end)
        word = WORD.match(place.text, spaces.end() if spaces else stop, place.run.end)
        if word is None or keyword_table().is_word(word.group()) or word.group()[0].isdigit():
            return None
        stop = word.end()
    else:
        return None
    words = place.span(start, stop).text.split()
    mended = "".join(words) if words[0] > HAN else "_".join(words)
    span = place.span(start, stop)
    values_ = {"found": place.written(start, stop), "mended": mended}
    return Finding(Diagnostic(messages.NAME_WITH_SPACE, span, values_, Fix(span, mended)), Repair((), stop))


def _near_keyword(place: Place) -> tuple[str, Keyword, int] | None:
    """The keyword that is meant here, and where its misspelling ends."""
    phrases = {1: place.word}
    ends = {1: place.stop}
    stop = place.stop
    for count in (2, 3, 4):
        spaces = SPACES.match(place.text, stop, place.run.end)
        word = WORD.match(place.text, spaces.end() if spaces else stop, place.run.end)
        if word is None:
            break
        stop = word.end()
        phrases[count] = f"{phrases[count - 1]} {word.group()}"
        ends[count] = stop
    for count in sorted(phrases, reverse=True):
        spellings = {spelling: one for spelling, one in place.keywords if len(spelling.split()) == count}
        found = nearest(phrases[count], spellings)
        if found:
            return found, spellings[found], ends[count]
    for spelling, keyword in place.keywords:
        if " " in spelling and len(place.word) > 2 and spelling.split()[0] == place.word:
            return spelling, keyword, place.stop
    return None


def unknown_word(place: Place) -> Finding | None:
    if not place.word:
        return None
    found = _near_keyword(place)
    if found is None:
        return None
    spelling, keyword, stop = found
    span = place.span(None, stop)
    values = {"found": place.written(None, stop), "suggestion": spelling}
    token = make_token(keyword.token, spelling, place.start, stop)
    return Finding(Diagnostic(messages.UNKNOWN_WORD, span, values, Fix(span, spelling)), Repair((token,), stop))


def forgotten_word(place: Place) -> Finding | None:
    """`group staff member.roles has …`: with one word or sign more it would be right."""
    if place.first_on_line or place.run.previous is None or place.already_mended:
        return None
    for kind in _FORGOTTEN:
        if kind not in place.expected or (kind == "EQUAL" and "AND" in place.expected):
            continue
        if kind == "COMMA" and keyword_table().is_word(place.word):
            continue
        after = place.run.after(kind, place.run.stack())
        token = place.run.token_at(place.start, after) if after is not None else None
        if after is None or token is None or not place.run.can_take(token.type, after):
            continue
        end = place.run.previous.end_pos
        word = _SIGNS.get(kind) or keyword_table().of_token(kind)[0].spellings("zh" if place.chinese else "en")[0]
        values = {"found": place.written(), "word": word}
        fix = Fix(place.span(end, end), word if kind in _SIGNS else f" {word}")
        repair = Repair((make_token(kind, word, end, end),), place.start)
        return Finding(Diagnostic(messages.FORGOTTEN, place.span(), values, fix), repair)
    return None
