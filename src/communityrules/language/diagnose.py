"""What is wrong at a place where the parser cannot go on, and how to go on all the same.

Each check looks at the place and, when it knows the trouble, gives the diagnostic and a repair. They are tried in the
order of `CHECKS`; the last one always answers.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from communityrules.diagnostics.message import Bilingual, Diagnostic, Fix
from communityrules.diagnostics.source import Span
from communityrules.language import messages
from communityrules.language.expected import in_words
from communityrules.language.keywords import Keyword, keyword_table
from communityrules.language.limits import MAX_DIGITS
from communityrules.language.run import END, Run
from communityrules.language.scan import Scan
from communityrules.language.suggest import nearest
from communityrules.language.token import Token, make_token

_WORD = re.compile(r"\w+")
_CHUNK = re.compile(r"[0-9][0-9.:/%年月日号\-]*")
_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_QUOTED = re.compile("\ue000\ue001*|\ue002\ue003*")
_JUNK = re.compile(r"[\w.%:/\-]+")
_SINGLE = re.compile(r"['`]([^'`\n]*)['`]")
_SPACES = re.compile(r"[ \t]*")
_NUMERIC = frozenset({"NUMBER", "DURATION", "DATE", "TIME", "RANGE"})
#: Clauses after which one or several names stand, and nothing else.
_NAMING = frozenset({"APPLIES_TO", "RESPONSIBLE", "FOUND_BY", "EXCEPT", "ON", "IN", "REQUIRE"})
_HAN = "\u2e80"

Values = dict[str, str | Bilingual]


@dataclass(frozen=True, slots=True)
class Repair:
    """How the parser goes on: it takes these tokens and continues at that place."""

    tokens: tuple[Token, ...]
    position: int


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong; without a repair the item is dropped and reading goes on at the next one."""

    diagnostic: Diagnostic
    repair: Repair | None = None


class Place:
    """The place of the trouble and what is known about it."""

    def __init__(self, run: Run, scan: Scan, start: int) -> None:
        self.run = run
        self.scan = scan
        self.start = start
        self.text = scan.text
        self.at_end = start >= run.end
        self.first_on_line = self.at_end or scan.is_first(start)

    @cached_property
    def expected(self) -> frozenset[str]:
        return self.run.expected()

    @cached_property
    def complete(self) -> bool:
        """Whether what stands before is complete, so that a new declaration could begin, or the text end."""
        return self.run.can_take(END)

    @cached_property
    def word(self) -> str:
        """The word that stands here; empty when another kind of thing does."""
        match = None if self.at_end else _WORD.match(self.text, self.start, self.run.end)
        return match.group() if match and not match.group()[0].isdigit() else ""

    @cached_property
    def stop(self) -> int:
        """Where the thing that stands here ends."""
        for pattern in (_QUOTED, _CHUNK, _WORD):
            match = pattern.match(self.text, self.start, self.run.end)
            if match:
                return match.end()
        return min(self.start + 1, self.run.end)

    @cached_property
    def keywords(self) -> list[tuple[str, Keyword]]:
        """Spellings that would be taken here, of declarations only at the beginning of a line."""
        table = keyword_table()
        found: list[tuple[str, Keyword]] = []
        for token in table.tokens():
            if token not in self.expected or token == "LATER":
                continue
            for one in table.of_token(token):
                if one.section != "declarations" or self.first_on_line:
                    found.extend((spelling, one) for spelling in (*one.en, *one.zh) if spelling[0].isalpha())
        return found

    def span(self, start: int | None = None, stop: int | None = None) -> Span:
        begin = self.start if start is None else start
        return Span(self.scan.source, begin, self.stop if stop is None else stop)

    def written(self, start: int | None = None, stop: int | None = None) -> str:
        text = self.span(start, stop).text
        return text if len(text) <= 40 else text[:40] + "…"

    @property
    def top(self) -> Token | None:
        """The last token, when nothing has been made of it yet."""
        last = self.run.values[-1] if self.run.values else None
        return last if isinstance(last, Token) else None

    @property
    def chinese(self) -> bool:
        return self.written() > _HAN or (self.run.previous is not None and self.run.previous > _HAN)


def diagnose(run: Run, scan: Scan, start: int) -> Finding:
    """What is wrong at `start`."""
    place = Place(run, scan, start)
    for check in CHECKS:
        finding = check(place)
        if finding is not None:
            return finding
    return _unexpected(place)


# --- parentheses ---------------------------------------------------------------------------------------------


def _open_parenthesis(place: Place) -> Finding | None:
    opened = [one for one in place.run.values if isinstance(one, Token) and one.type == "LPAR"]
    if not opened or "RPAR" not in place.expected or place.run.previous is None:
        return None
    if not (place.first_on_line or place.run.opening_at(place.start)):
        return None
    found = opened[-1]
    end = place.run.previous.end_pos
    stack = place.run.after("RPAR", place.run.stack())
    tokens = [make_token("RPAR", ")", end, end)]
    while stack is not None and len(tokens) < len(opened):
        stack = place.run.after("RPAR", stack)
        tokens.append(make_token("RPAR", ")", end, end))
    action = Bilingual("Close it with `)`.", "用 `)` 闭合。")
    diagnostic = Diagnostic(
        messages.UNCLOSED_PARENTHESIS, place.span(found.start_pos, found.end_pos), {"found": "(", "action": action},
        Fix(place.span(end, end), ")" * len(opened)),
    )  # fmt: skip
    return Finding(diagnostic, Repair(tuple(tokens), end) if stack is not None else None)


def _surplus_parenthesis(place: Place) -> Finding | None:
    if place.at_end or place.text[place.start] != ")":
        return None
    if any(isinstance(one, Token) and one.type == "LPAR" for one in place.run.values):
        return None
    action = Bilingual("Remove it, or open it with `(` before.", "删去它,或在前面写上 `(`。")
    values: Values = {"found": ")", "action": action}
    diagnostic = Diagnostic(messages.UNCLOSED_PARENTHESIS, place.span(), values, Fix(place.span(), ""))
    return Finding(diagnostic, Repair((), place.stop))


# --- numbers, dates, units -----------------------------------------------------------------------------------


def _glued_to_number(place: Place) -> Finding | None:
    previous = place.run.previous
    if previous is None or previous.type not in _NUMERIC or previous.end_pos != place.start or place.at_end:
        return None
    match = _JUNK.match(place.text, place.start, place.run.end)
    if match is None or (match.group()[0] > _HAN and previous.type != "NUMBER"):
        return None
    begin = previous.start_pos
    found = place.written(begin, match.end())
    unit = _near_unit(match.group(), previous) if previous.type == "NUMBER" else None
    if unit:
        return _bad_unit(place, begin, match.end(), f"{previous} {unit}", Repair((), match.end()))
    if previous.type == "DATE":
        diagnostic = Diagnostic(messages.BAD_DATE, place.span(begin, match.end()), {"found": found})
    else:
        values = {"found": found, "limit": str(MAX_DIGITS)}
        diagnostic = Diagnostic(messages.BAD_NUMBER, place.span(begin, match.end()), values)
    return Finding(diagnostic, Repair((), match.end()))


def _near_unit(word: str, number: str) -> str | None:
    order = 1 if number == "1" else -1
    units = [s for one in keyword_table().section("units") for s in (*one.en[::order], *one.zh)]
    return nearest(word, units)


def _bad_unit(place: Place, start: int, stop: int, suggestion: str, repair: Repair) -> Finding:
    span = place.span(start, stop)
    values = {"found": place.written(start, stop), "suggestion": suggestion}
    return Finding(Diagnostic(messages.BAD_UNIT, span, values, Fix(span, suggestion)), repair)


def _misspelt_unit(place: Place) -> Finding | None:
    top = place.run.previous
    if top is None or top.type != "NUMBER" or not place.word:
        return None
    unit = _near_unit(place.word, top)
    if unit is None or any(spelling == place.word for spelling, _ in place.keywords):
        return None
    start = top.start_pos
    return _bad_unit(place, start, place.stop, f"{top} {unit}", Repair((), place.stop))


def _bad_number(place: Place) -> Finding | None:
    match = None if place.at_end else _CHUNK.match(place.text, place.start, place.run.end)
    if match is None:
        return None
    stop = match.end()
    while stop > place.start and place.text[stop - 1] in ".:":
        stop -= 1
    chunk = place.text[place.start : stop]
    dated = len(re.findall(r"[.\-/年月]", chunk)) > 1
    if "DATE" in place.expected and (dated or not place.expected & {"TIME", "LATER", "DURATION", "NUMBER"}):
        diagnostic = Diagnostic(messages.BAD_DATE, place.span(None, stop), {"found": place.written(None, stop)})
        return Finding(diagnostic, Repair((make_token("DATE", "2000-01-01", place.start, stop),), stop))
    if place.expected & {"DURATION", "LATER"} and not dated:
        found = _bad_duration(place)
        if found:
            return found
    if "TIME" in place.expected:
        diagnostic = Diagnostic(messages.BAD_TIME, place.span(None, stop), {"found": place.written(None, stop)})
        return Finding(diagnostic, Repair((make_token("TIME", "00:00", place.start, stop),), stop))
    return None


def _bad_duration(place: Place) -> Finding | None:
    number = _NUMBER.match(place.text, place.start, place.run.end)
    if number is None:
        return None
    spaces = _SPACES.match(place.text, number.end(), place.run.end)
    after = spaces.end() if spaces else number.end()
    word = _WORD.match(place.text, after, place.run.end)
    unit = _near_unit(word.group(), number.group()) if word else None
    later = "LATER" in place.expected and "DURATION" not in place.expected
    if later and unit is None:
        return None
    stop = word.end() if word and unit else number.end()
    if unit is None:
        unit = "小时" if place.chinese else "hours"
    suggestion = f"{number.group()}{unit}" if unit > _HAN else f"{number.group()} {unit}"
    kind = "DURATION"
    if later:
        kind, suggestion = "LATER", suggestion + (" 后" if unit > _HAN else " later")
    repair = Repair((make_token(kind, suggestion, place.start, stop),), stop)
    return _bad_unit(place, place.start, stop, suggestion, repair)


# --- words ---------------------------------------------------------------------------------------------------


def _glued_keyword(place: Place) -> Finding | None:
    """若广告, ifadvertising: a keyword with the next word glued to it."""
    if not place.word:
        return None
    best: tuple[str, Keyword] | None = None
    for spelling, keyword in place.keywords:
        if not place.word.startswith(spelling) or place.word == spelling:
            continue
        rest = place.word[len(spelling) :]
        if spelling < _HAN and not _is_known(place, rest):
            continue
        if best is None or len(spelling) > len(best[0]):
            best = spelling, keyword
    if best is None:
        return None
    spelling, keyword = best
    middle = place.start + len(spelling)
    token = make_token(keyword.token, spelling, place.start, middle)
    return _glued(place, place.start, middle, place.stop, spelling, Repair((token,), middle))


def _keyword_glued_to_name(place: Place) -> Finding | None:
    """消息.文本包含任一 广告词: a keyword glued to the end of the name before it."""
    top = place.run.previous
    if top is None or top.type != "NAME" or place.at_end:
        return None
    for spelling, keyword in sorted(place.keywords, key=lambda one: -len(one[0])):
        if not top.endswith(spelling) or len(top) == len(spelling) or (spelling < _HAN and len(spelling) < 4):
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
    """Whether the text has this word elsewhere, standing alone."""
    return re.search(rf"(?<!\w){re.escape(word)}(?!\w)", place.text) is not None


def _name_with_space(place: Place) -> Finding | None:
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
    if _near_keyword(place) is not None:
        return None
    start, stop = top.start_pos, place.stop
    for _ in range(8):
        following = place.run.token_at(stop, place.run.stack())
        if following is not None and place.run.can_take(following.type):
            break
        spaces = _SPACES.match(place.text, stop, place.run.end)
        word = _WORD.match(place.text, spaces.end() if spaces else stop, place.run.end)
        if word is None:
            break
        stop = word.end()
    words = place.span(start, stop).text.split()
    mended = "".join(words) if words[0] > _HAN else "_".join(words)
    span = place.span(start, stop)
    values_ = {"found": place.written(start, stop), "mended": mended}
    return Finding(Diagnostic(messages.NAME_WITH_SPACE, span, values_, Fix(span, mended)), Repair((), stop))


def _near_keyword(place: Place) -> tuple[str, Keyword, int] | None:
    """The keyword that is meant here, and where its misspelling ends."""
    phrases = {1: place.word}
    ends = {1: place.stop}
    stop = place.stop
    for count in (2, 3, 4):
        spaces = _SPACES.match(place.text, stop, place.run.end)
        word = _WORD.match(place.text, spaces.end() if spaces else stop, place.run.end)
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


def _unknown_word(place: Place) -> Finding | None:
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


# --- the rest ------------------------------------------------------------------------------------------------


def _incomplete(place: Place) -> Finding | None:
    """The line before is not complete: the trouble is its end, not the beginning of this one."""
    previous = place.run.previous
    if not place.first_on_line or place.complete or previous is None:
        return None
    if not place.at_end and place.run.opening_at(place.start) is None:
        return None
    start, stop = previous.start_pos, previous.end_pos
    values: Values = {"after": place.written(start, stop), "expected": in_words(place.expected)}
    repair = None
    if "RULE_ID" in place.expected:
        repair = Repair((make_token("RULE_ID", "?", stop, stop),), place.start)
    return Finding(Diagnostic(messages.INCOMPLETE, place.span(start, stop), values), repair)


def _missing_quotes(place: Place) -> Finding | None:
    """`rulebook Customers`: a text without quotes, or in signs that are no quotes."""
    if "TEXT" not in place.expected or place.expected & {"NAME", "RULE_ID"} or place.at_end:
        return None
    single = _SINGLE.match(place.text, place.start, place.run.end)
    if single:
        stop, text = single.end(), single.group(1)
    elif place.text[place.start].isalnum() and (not place.first_on_line or place.run.opening_at(place.start) is None):
        stop, text = _bare_text(place)
    else:
        return None
    place.scan.values[place.start] = text
    span = place.span(None, stop)
    values = {"found": place.written(None, stop), "mended": f'"{text}"'}
    repair = Repair((make_token("TEXT", text, place.start, stop),), stop)
    return Finding(Diagnostic(messages.MISSING_QUOTES, span, values, Fix(span, f'"{text}"')), repair)


def _bare_text(place: Place) -> tuple[int, str]:
    """The words up to what the parser could go on with after a text, on the same line."""
    after = place.run.after("TEXT", place.run.stack())
    stop = _stop_of_word(place, place.start)
    while after is not None:
        spaces = _SPACES.match(place.text, stop, place.run.end)
        start = spaces.end() if spaces else stop
        if start >= place.run.end or not place.text[start].isalnum():
            break
        following = place.run.token_at(start, after)
        if following is not None and place.run.can_take(following.type, after):
            break
        stop = _stop_of_word(place, start)
    return stop, place.span(None, stop).text


def _stop_of_word(place: Place, start: int) -> int:
    word = re.compile(r"[\w.\-]*\w").match(place.text, start, place.run.end)
    return word.end() if word else start + 1


def _bad_letter(place: Place) -> Finding | None:
    if place.at_end:
        return None
    letter = place.text[place.start]
    if letter.isalnum() or letter in "_.,:()=<>!+-*/%|\ue000\ue002":
        return None
    values = {"found": place.written()}
    return Finding(Diagnostic(messages.BAD_LETTER, place.span(), values, Fix(place.span(), "")), Repair((), place.stop))


def _unexpected(place: Place) -> Finding:
    start, stop = place.start, max(place.stop, place.start)
    if place.at_end:
        previous = place.run.previous
        start, stop = (previous.start_pos, previous.end_pos) if previous else (start, start)
        values: Values = {"after": place.written(start, stop), "expected": in_words(place.expected)}
        return Finding(Diagnostic(messages.INCOMPLETE, place.span(start, stop), values))
    values = {"found": place.written(start, stop), "expected": in_words(place.expected)}
    return Finding(Diagnostic(messages.UNEXPECTED, place.span(start, stop), values))


Check = Callable[[Place], Finding | None]

#: In the order in which they are tried.
CHECKS: tuple[Check, ...] = (
    _open_parenthesis,
    _surplus_parenthesis,
    _glued_to_number,
    _misspelt_unit,
    _bad_number,
    _keyword_glued_to_name,
    _glued_keyword,
    _name_with_space,
    _unknown_word,
    _missing_quotes,
    _incomplete,
    _bad_letter,
)
