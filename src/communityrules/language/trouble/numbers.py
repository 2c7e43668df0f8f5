"""Numbers, dates and lengths of time that cannot be read."""

from __future__ import annotations

import re
from datetime import date

from communityrules.diagnostics.message import Diagnostic, Fix
from communityrules.language import messages
from communityrules.language.keywords import keyword_table
from communityrules.language.limits import MAX_DIGITS
from communityrules.language.suggest import nearest
from communityrules.language.token import make_token
from communityrules.language.trouble.place import CHUNK, HAN, SPACES, WORD, Finding, Place, Repair

_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_JUNK = re.compile(r"[\w.%:/\-]+")
#: What people write for units, which is too far from them to be a misspelling.
_SHORT_UNITS = {
    "s": "second", "sec": "second", "secs": "second", "m": "minute", "min": "minute", "mins": "minute", "分": "minute",
    "h": "hour", "hr": "hour", "hrs": "hour", "钟头": "hour", "个钟头": "hour", "时": "hour", "d": "day", "w": "week",
    "wk": "week", "wks": "week", "个星期": "week",
}  # fmt: skip
_CLOCK = re.compile(r"(?:am|pm|a\.m\.|p\.m\.|o'clock|点|时)", re.IGNORECASE)
_NUMERIC = frozenset({"NUMBER", "DURATION", "DATE", "TIME", "RANGE"})


def glued_to_number(place: Place) -> Finding | None:
    previous = place.run.previous
    if previous is None or previous.type not in _NUMERIC or previous.end_pos != place.start or place.at_end:
        return None
    match = _JUNK.match(place.text, place.start, place.run.end)
    if match is None or match.group() == ":" or (match.group()[0] > HAN and previous.type != "NUMBER"):
        return None
    begin = previous.start_pos
    found = place.written(begin, match.end())
    unit = _near_unit(match.group(), previous) if previous.type == "NUMBER" else None
    if previous.type == "NUMBER" and _CLOCK.match(match.group()):
        diagnostic = Diagnostic(messages.BAD_TIME, place.span(begin, match.end()), {"found": found})
        return Finding(diagnostic, Repair((), match.end()))
    if unit:
        return _bad_unit(place, begin, match.end(), f"{previous} {unit}", Repair((), match.end()))
    if previous.type == "DATE":
        diagnostic = Diagnostic(messages.BAD_DATE, place.span(begin, match.end()), {"found": found})
    else:
        values = {"found": found, "limit": str(MAX_DIGITS)}
        diagnostic = Diagnostic(messages.BAD_NUMBER, place.span(begin, match.end()), values)
    return Finding(diagnostic, Repair((), match.end()))


def short_unit(place: Place) -> Finding | None:
    """`mute 24h`: where the letters after the number could be a name."""
    previous = place.run.previous
    if previous is None or previous.type != "NUMBER" or previous.end_pos != place.start:
        return None
    return glued_to_number(place) if place.word.isascii() and place.word.lower() in _SHORT_UNITS else None


def _near_unit(word: str, number: str) -> str | None:
    order = 1 if number == "1" else -1
    short = _SHORT_UNITS.get(word.lower())
    if short is not None:
        unit = keyword_table().entry("units", short)
        return unit.zh[0] if word > HAN else unit.en[::order][0]
    units = [s for one in keyword_table().section("units") for s in (*one.en[::order], *one.zh)]
    return nearest(word, units)


def _bad_unit(place: Place, start: int, stop: int, suggestion: str, repair: Repair) -> Finding:
    span = place.span(start, stop)
    values = {"found": place.written(start, stop), "suggestion": suggestion}
    return Finding(Diagnostic(messages.BAD_UNIT, span, values, Fix(span, suggestion)), repair)


def misspelt_unit(place: Place) -> Finding | None:
    top = place.run.previous
    if top is None or top.type != "NUMBER" or not place.word or place.first_on_line:
        return None
    unit = _near_unit(place.word, top)
    if unit is None or any(spelling == place.word for spelling, _ in place.keywords):
        return None
    start = top.start_pos
    return _bad_unit(place, start, place.stop, f"{top} {unit}", Repair((), place.stop))


def bad_number(place: Place) -> Finding | None:
    match = None if place.at_end else CHUNK.match(place.text, place.start, place.run.end)
    if match is None:
        return None
    stop = match.end()
    while stop > place.start and place.text[stop - 1] in ".:":
        stop -= 1
    chunk = place.text[place.start : stop]
    dated = len(re.findall(r"[.\-/年月]", chunk)) > 1
    if "DATE" in place.expected and (dated or not place.expected & {"TIME", "LATER", "DURATION", "NUMBER"}):
        span, meant = place.span(None, stop), _meant_date(chunk)
        fix = Fix(span, meant) if meant else None
        diagnostic = Diagnostic(messages.BAD_DATE, span, {"found": place.written(None, stop)}, fix)
        return Finding(diagnostic, Repair((make_token("DATE", meant or "2000-01-01", place.start, stop),), stop))
    if dated and "FROM" in place.expected and not place.fits("FROM", place.start) and (meant := _meant_date(chunk)):
        # `effective 2026.3.1`
        span, word = place.span(None, stop), "自" if place.chinese else "from"
        fix = Fix(span, f"{word} {meant}")
        tokens = (make_token("FROM", word, place.start, stop), make_token("DATE", meant, place.start, stop))
        return Finding(
            Diagnostic(messages.BAD_DATE, span, {"found": place.written(None, stop)}, fix), Repair(tokens, stop)
        )
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
    spaces = SPACES.match(place.text, number.end(), place.run.end)
    after = spaces.end() if spaces else number.end()
    word = WORD.match(place.text, after, place.run.end)
    unit = _near_unit(word.group(), number.group()) if word else None
    later = "LATER" in place.expected and "DURATION" not in place.expected
    if later and unit is None:
        return None
    stop = word.end() if word and (unit or not keyword_table().is_word(word.group())) else number.end()
    if unit is None:
        unit = "小时" if place.chinese else "hour" if number.group() == "1" else "hours"
    suggestion = f"{number.group()}{unit}" if unit > HAN else f"{number.group()} {unit}"
    kind = "DURATION"
    if later:
        kind, suggestion = "LATER", suggestion + (" 后" if unit > HAN else " later")
    repair = Repair((make_token(kind, suggestion, place.start, stop),), stop)
    return _bad_unit(place, place.start, stop, suggestion, repair)


def _meant_date(chunk: str) -> str | None:
    """2026.3.1 as a date; None for one whose order of day and month nobody can tell."""
    found = re.fullmatch(r"([0-9]{4})[.\-/年]([0-9]{1,2})[.\-/月]([0-9]{1,2})[日号]?", chunk)
    if found is None:
        return None
    try:
        return date(int(found[1]), int(found[2]), int(found[3])).isoformat()
    except ValueError:
        return None
