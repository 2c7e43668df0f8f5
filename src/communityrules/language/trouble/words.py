"""Words that are misspelt, glued together, or names of two words."""

from __future__ import annotations

import re

from communityrules.diagnostics.message import Bilingual, Diagnostic, Fix
from communityrules.language import messages
from communityrules.language.keywords import Keyword, keyword_table
from communityrules.language.suggest import nearest
from communityrules.language.token import Token, make_token
from communityrules.language.trouble.numerals import length_in_words
from communityrules.language.trouble.place import CHUNK, HAN, SPACES, WORD, Finding, Place, Repair, Values

#: Clauses after which one or several names stand, and nothing else.
_NAMING = frozenset({"APPLIES_TO", "RESPONSIBLE", "FOUND_BY", "EXCEPT", "IN"})
#: Words and signs that are easily forgotten, in the order in which they are tried.
_FORGOTTEN = ("EQUAL", "AS", "OVER", "WITHIN", "COMMA", "COLON", "OF", "TIMES", "FROM", "TO")
#: The rest of a name with signs in it; `name:` is left to others.
_SIGNED = re.compile(r"(?:[-./&+'](?=\w)\w+)+")
_SIGNS = {"COMMA": ",", "COLON": ":"}


def glued_keyword(place: Place) -> Finding | None:
    """若广告, ifadvertising: a keyword with the next word glued to it."""
    word, start = place.word, place.start
    if not place.at_end and place.text[start] == ",":
        # Some words may have a comma before them: ,逾期上报 主管
        spaces = SPACES.match(place.text, start + 1, place.run.end)
        start = spaces.end() if spaces else start + 1
        after_comma = WORD.match(place.text, start, place.run.end)
        word = after_comma.group() if after_comma else ""
    if not word:
        return None
    best: tuple[str, Keyword] | None = None
    for spelling, keyword in place.keywords:
        if not word.startswith(spelling) or word == spelling or (start > place.start and not keyword.comma):
            continue
        rest = word[len(spelling) :]
        if spelling < HAN and not _is_known(place, rest):
            continue
        if best is None or len(spelling) > len(best[0]):
            best = spelling, keyword
    if best is None:
        return None
    spelling, keyword = best
    middle = start + len(spelling)
    token = make_token(keyword.token, spelling, place.start, middle)
    after = place.run.after(keyword.token, place.run.stack())
    length = length_in_words(place.text, middle, place.run.end)
    if length and after is not None and place.run.can_take("DURATION", after):
        stop, mended = length
        span = place.span(start, stop)
        values = {"word": spelling, "rest": place.written(middle, stop), "mended": f"{spelling} {mended}"}
        repair = Repair((token, make_token("DURATION", mended, middle, stop)), stop)
        return Finding(Diagnostic(messages.GLUED, span, values, Fix(span, f"{spelling} {mended}")), repair)
    # A date or a time of day after the keyword is shown whole.
    number = CHUNK.match(place.text, middle, place.run.end)
    stop = max(start + len(word), number.end() if number else 0)
    return _glued(place, start, middle, stop, spelling, Repair((token,), middle))


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
        if top is place.run.values[-1]:
            # What is declared has the name without the keyword.
            place.run.values[-1] = make_token("NAME", top[: -len(spelling)], top.start_pos, middle)
        word = place.run.token_at(middle, place.run.stack())
        if word is None or word.end_pos <= stop or not place.run.can_take(word.type):
            word = make_token(keyword.token, spelling, middle, stop)
        repair = Repair((word,), max(word.end_pos, place.start))
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
    if not _declares(before) and before.type not in _NAMING:
        return None
    if near_keyword(place) is not None or place.keyword:
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
    told: Values = {"found": place.written(start, stop), "mended": mended, "sign": Bilingual("a space", "空格")}
    return Finding(Diagnostic(messages.NAME_OF_SEVERAL, span, told, Fix(span, mended)), Repair((), stop))


def name_with_sign(place: Place) -> Finding | None:
    """`list ad-words = …`: a name with a sign in it."""
    top, values = place.run.previous, place.run.values
    if top is None or top.type != "NAME" or top.end_pos != place.start:
        return None
    rest = _SIGNED.match(place.scan.source.text, place.start, place.run.end)
    if rest is None or (top is not values[-1] and place.text[place.start] in "./"):
        return None
    span = place.span(top.start_pos, rest.end())
    mended = "".join(letter if letter.isalnum() else "_" for letter in span.text)
    sign = Bilingual(f"`{span.text[len(top)]}`", f" `{span.text[len(top)]}`")
    told: Values = {"found": place.written(top.start_pos, rest.end()), "mended": mended, "sign": sign}
    if top is values[-1]:
        values[-1] = make_token("NAME", mended, top.start_pos, rest.end())
    return Finding(Diagnostic(messages.NAME_OF_SEVERAL, span, told, Fix(span, mended)), Repair((), rest.end()))


def _declares(token: Token) -> bool:
    return any(one.token == token.type for one in keyword_table().section("declarations"))


def near_keyword(place: Place) -> tuple[str, Keyword, int] | None:
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
    found = near_keyword(place)
    if found is None:
        return None
    spelling, keyword, stop = found
    if keyword.section == "declarations" and not place.fits(keyword.token, stop):
        return None
    span = place.span(None, stop)
    values = {"found": place.written(None, stop), "suggestion": spelling}
    token = make_token(keyword.token, spelling, place.start, stop)
    return Finding(Diagnostic(messages.UNKNOWN_WORD, span, values, Fix(span, spelling)), Repair((token,), stop))


def forgotten_word(place: Place) -> Finding | None:
    """`group staff member.roles has …`: with one word or sign more it would be right."""
    if place.run.previous is None or place.already_mended:
        return None
    # Texts of a list may stand on lines of their own.
    kinds = ("EQUAL", "COMMA") if place.first_on_line and place.text.startswith("\ue000", place.start) else _FORGOTTEN
    if place.at_end or (place.first_on_line and kinds is _FORGOTTEN):
        return None
    for kind in kinds:
        if kind not in place.expected or (kind == "EQUAL" and "AND" in place.expected):
            continue
        if kind == "COMMA" and keyword_table().is_word(place.word):
            continue
        # Of a deadline nobody can tell whether a length of time was meant or a field.
        if kind == "TO" and "WITHIN" in place.expected:
            continue
        after = place.run.after(kind, place.run.stack())
        token = place.run.token_at(place.start, after) if after is not None else None
        if after is None or token is None or not place.run.can_take(token.type, after):
            continue
        # In a measure a name could be the parameter of its window, and much else.
        if kind == "WITHIN" and token.type == "NAME" and _inside(place):
            continue
        end = place.run.previous.end_pos
        word = _SIGNS.get(kind) or _spelling(place, kind)
        values = {"found": place.written(), "word": word}
        fix = Fix(place.span(end, end), word if kind in _SIGNS else f" {word}")
        repair = Repair((make_token(kind, word, end, end),), place.start)
        return Finding(Diagnostic(messages.FORGOTTEN, place.span(), values, fix), repair)
    return None


def _inside(place: Place) -> bool:
    """Whether a parenthesis is open."""
    return any(isinstance(one, Token) and one.type == "LPAR" for one in place.run.values)


def _spelling(place: Place, kind: str) -> str:
    meanings = keyword_table().of_token(kind)
    inside = _inside(place)
    # Of a window 最近 is said, of a deadline 限时.
    meant = meanings[-1] if kind == "WITHIN" and inside else meanings[0]
    return meant.spellings("zh" if place.chinese else "en")[0]
