"""Number formats: what a person sees of a number, and whether it is a date.

Covers what rule tables use: leading zeros, fixed decimals, thousands, per cent, words around a number, dates and times
in Chinese and English. What is rarer (fractions, exponents, conditions) shows the number plainly.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import lru_cache
from typing import Final, Literal, NamedTuple

from communityrules.tables.sheets.model import Value

#: The formats that workbooks name by number alone and that matter here.
BUILT_IN: Final[dict[int, str]] = {
    1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 14: "yyyy-mm-dd", 15: "d-mmm-yy", 16: "d-mmm",
    17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss", 22: "yyyy-mm-dd h:mm",
    27: 'yyyy"年"m"月"', 28: 'm"月"d"日"', 29: 'm"月"d"日"', 30: "m-d-yy", 31: 'yyyy"年"m"月"d"日"',
    32: 'h"时"mm"分"', 33: 'h"时"mm"分"ss"秒"', 34: 'h"时"mm"分"', 35: 'h"时"mm"分"ss"秒"', 36: 'yyyy"年"m"月"',
    37: "#,##0", 38: "#,##0", 39: "#,##0.00", 40: "#,##0.00", 45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss", 49: "@",
    50: 'yyyy"年"m"月"', 51: 'm"月"d"日"', 52: 'yyyy"年"m"月"', 53: 'm"月"d"日"', 54: 'm"月"d"日"',
    55: 'yyyy"年"m"月"', 56: 'm"月"d"日"', 57: 'yyyy"年"m"月"', 58: 'm"月"d"日"',
}  # fmt: skip

#: Characters of a format that are looked at.
_LONGEST: Final = 255
_MOST_DECIMALS: Final = 30
_EXACT: Final = Context(prec=400)

_TOKEN: Final = re.compile(
    r"""
    "(?P<quoted>[^"]*)"? | \\(?P<escaped>.) | _(?P<space>.) | \*(?P<fill>.)
    | \[(?P<elapsed>h+|m+|s+)\] | \[(?P<condition>[<>=][^\]]*)\] | \[(?P<other>[^\]]*)\]
    | (?P<general>General|G/通用格式) | (?P<half>AM/PM|A/P|上午/下午) | (?P<scientific>[eE][+-])
    | (?P<date>y+|m+|d+|h+|s+|a{3,4}|[eg]+) | (?P<digit>[0\#?]) | (?P<point>\.) | (?P<comma>,) | (?P<percent>%)
    | (?P<text>@) | (?P<literal>.)
    """,
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)


class _Token(NamedTuple):
    kind: str
    text: str


class NumberFormat(NamedTuple):
    """One format. `kind` says what its numbers are."""

    kind: Literal["general", "number", "date", "time", "elapsed", "text"]
    sections: tuple[tuple[_Token, ...], ...]


GENERAL: Final = NumberFormat("general", ())


@lru_cache(maxsize=2_000)
def number_format(code: str) -> NumberFormat:
    """The format of its code: `000`, `yyyy"年"m"月"d"日"`, `General`."""
    sections: list[list[_Token]] = [[]]
    for found in _TOKEN.finditer(code[:_LONGEST]):
        kind = found.lastgroup or "literal"
        text = found.group(kind)
        if kind == "literal" and text == ";":
            sections.append([])
        elif kind not in ("other", "fill"):
            sections[-1].append(_Token(kind, " " if kind == "space" else text))
    first = sections[0]
    kinds = {token.kind for token in first}
    if "condition" in kinds or "scientific" in kinds or not code.strip():
        return GENERAL
    if "elapsed" in kinds:
        return NumberFormat("elapsed", (tuple(first),))
    if kinds & {"date", "half"}:
        days = any(token.kind == "date" and token.text[0].lower() in "ydeg" for token in first)
        months = any(token.kind == "date" and token.text[0].lower() == "m" for token in first)
        hours = any(token.kind == "half" or (token.kind == "date" and token.text[0].lower() in "hs") for token in first)
        return NumberFormat("date" if days or (months and not hours) else "time", (_dated(first),))
    if "general" in kinds:
        return GENERAL
    if kinds == {"text"}:
        return NumberFormat("text", ())
    if _Token("literal", "/") in first or ("digit" not in kinds and len(sections) == 1):
        return GENERAL
    return NumberFormat("number", tuple(map(tuple, sections[:4])))


def _dated(tokens: list[_Token]) -> tuple[_Token, ...]:
    """`m` beside hours or seconds means minutes."""
    found: list[_Token] = []
    units = [index for index, token in enumerate(tokens) if token.kind == "date"]
    for index, token in enumerate(tokens):
        if token.kind == "date" and token.text[0] in "mM" and len(token.text) <= 2:
            place = units.index(index)
            before = tokens[units[place - 1]].text[0].lower() if place else ""
            after = tokens[units[place + 1]].text[0].lower() if place + 1 < len(units) else ""
            if before == "h" or after == "s":
                token = _Token("minutes", token.text)
        elif token.kind == "digit" and found and found[-1].kind in ("point", "seconds"):
            # `ss.000`: the point and its digits are parts of a second.
            token = _Token("seconds", found.pop().text + token.text)
        found.append(token)
    return tuple(found)


# --- numbers -------------------------------------------------------------------------------------------------


def exact(value: float) -> Decimal:
    """A number as spreadsheets keep it: fifteen digits, so that 0.1 + 0.2 is 0.3."""
    return Decimal(format(value, ".15g"))


def plain(number: Decimal) -> str:
    """A number in digits: `1`, `1.5`, never `1E+3`."""
    shown = format(number, "f")
    return shown.rstrip("0").rstrip(".") if "." in shown else shown


def show_number(number: Decimal, form: NumberFormat) -> str:
    """What a person sees of a number."""
    if form.kind == "elapsed":
        return _elapsed(number, form.sections[0])
    if form.kind != "number":
        return plain(number)
    sections = form.sections
    if number < 0 and len(sections) > 1:
        section, sign = sections[1], ""
    elif number == 0 and len(sections) > 2:
        section, sign = sections[2], ""
    else:
        section, sign = sections[0], "-" if number < 0 else ""
    return sign + _filled(abs(number), section)


def show_text(text: str, form: NumberFormat) -> str:
    """What a person sees of a text: `第@条` stands around it."""
    if form.kind != "number" or len(form.sections) not in (1, 4):
        return text
    section = form.sections[-1]
    if not any(token.kind == "text" for token in section):
        return text
    return "".join(text if token.kind == "text" else token.text for token in section)


def _filled(number: Decimal, section: tuple[_Token, ...]) -> str:
    """The digits of a number in the places of a section."""
    if any(token.kind in ("text", "general") for token in section):
        return "".join(plain(number) if token.kind in ("text", "general") else token.text for token in section)
    places = [index for index, token in enumerate(section) if token.kind == "digit"]
    if not places:
        return "".join(token.text for token in section if token.kind in ("quoted", "escaped", "space", "literal"))
    point = next((index for index, token in enumerate(section) if token.kind == "point"), len(section))
    whole = [index for index in places if index < point]
    decimals = [index for index in places if index > point][:_MOST_DECIMALS]
    thousands = any(token.kind == "comma" and whole and whole[0] < at < whole[-1] for at, token in enumerate(section))
    percents = sum(token.kind == "percent" for token in section)
    # A comma after the last digit divides by a thousand.
    scale = 0
    last = max(places)
    for token in section[last + 1 :]:
        if token.kind != "comma":
            break
        scale += 3
    number = number.scaleb(2 * percents - scale, _EXACT)
    number = number.quantize(Decimal(1).scaleb(-len(decimals)), ROUND_HALF_UP, _EXACT)
    integer, _, fraction = format(number, "f").partition(".")
    least = sum(section[index].text == "0" for index in whole)
    integer = integer.lstrip("0").zfill(least) if least or integer.strip("0") else ""
    kept = sum(section[index].text == "0" for index in decimals)
    fraction = fraction[:kept] + fraction[kept:].rstrip("0")
    if thousands:
        integer = f"{int(integer or '0'):,}".rjust(len(integer)) if len(integer) <= 300 else integer
    return _placed(section, whole, decimals, integer, fraction, thousands)


def _placed(
    section: tuple[_Token, ...], whole: list[int], decimals: list[int], integer: str, fraction: str, thousands: bool
) -> str:
    # From the right, one digit for each place, the rest at the first; thousands stand together.
    given: dict[int, str] = {}
    rest = integer
    if thousands:
        given[whole[-1]] = rest
    else:
        for index in reversed(whole[1:]):
            given[index], rest = rest[-1:], rest[:-1]
        if whole:
            given[whole[0]] = rest
    given.update(zip(decimals, fraction, strict=False))
    shown = []
    for index, token in enumerate(section):
        if token.kind == "digit":
            shown.append(given.get(index, ""))
        elif token.kind == "point":
            shown.append("." if fraction else "")
        elif token.kind not in ("comma", "text"):
            shown.append(token.text)
    return "".join(shown).strip()


# --- dates ---------------------------------------------------------------------------------------------------

_DAY: Final = 86_400
_MONTHS: Final = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
                  "November", "December")  # fmt: skip
_DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_ZH_DAYS: Final = "一二三四五六日"
#: The last day that spreadsheets know, 9999-12-31.
_LAST_SERIAL: Final = 2_958_465


def from_serial(serial: float, *, from_1904: bool = False, timed: bool = False) -> date | datetime | time | None:
    """The moment that a number stands for; None for what is none (negative, too large, the 29th of February 1900).

    `timed`: the format shows only a time of day, so a number below 1 is one.
    """
    if not 0 <= serial <= _LAST_SERIAL:
        return None
    days = int(serial)
    seconds = round((serial - days) * _DAY, 3)
    if abs(seconds - round(seconds)) < 0.002:
        seconds = round(seconds)
    if seconds >= _DAY:
        days, seconds = days + 1, 0
    clock = timedelta(seconds=seconds)
    if days == 0 and (timed or not from_1904):
        return (datetime(2000, 1, 1) + clock).time() if timed else None
    if from_1904:
        first = date(1904, 1, 1)
    else:
        if days == 60:
            return None
        first = date(1899, 12, 31) if days < 60 else date(1899, 12, 30)
    try:
        day = first + timedelta(days=days)
    except OverflowError:
        return None
    return day if not clock else datetime.combine(day, time()) + clock


def show_date(value: date | datetime | time, form: NumberFormat) -> str:
    """What a person sees of a date or time."""
    if form.kind not in ("date", "time"):
        return iso(value)
    tokens = form.sections[0]
    moment = value if isinstance(value, datetime) else (
        datetime.combine(value, time()) if isinstance(value, date) else datetime.combine(date(2000, 1, 1), value)
    )  # fmt: skip
    halves = any(token.kind == "half" for token in tokens)
    return "".join(_part(token, moment, halves) for token in tokens).strip()


def _part(token: _Token, moment: datetime, halves: bool) -> str:
    kind, text = token
    if kind == "half":
        afternoon = moment.hour >= 12
        return ("下午" if afternoon else "上午") if "上午" in text else ("PM" if afternoon else "AM")
    if kind == "minutes":
        return f"{moment.minute:02}" if len(text) > 1 else str(moment.minute)
    if kind == "seconds":
        return f".{moment.microsecond:06}"[: len(text)]
    if kind != "date":
        return text if kind in ("quoted", "escaped", "space", "literal", "point", "comma", "percent", "digit") else ""
    unit, wide = text[0].lower(), len(text)
    if unit == "y":
        return f"{moment.year:04}" if wide > 2 else f"{moment.year % 100:02}"
    if unit == "e":
        return f"{moment.year:04}"
    if unit == "m":
        name = _MONTHS[moment.month - 1]
        return name if wide == 4 else name[:3] if wide == 3 else name[0] if wide > 4 else f"{moment.month:0{wide}}"
    if unit == "d":
        name = _DAYS[moment.weekday()]
        return name if wide > 3 else name[:3] if wide == 3 else f"{moment.day:0{wide}}"
    if unit == "a":
        name = _ZH_DAYS[moment.weekday()]
        return f"星期{name}" if wide == 4 else f"周{name}"
    if unit == "h":
        hour = (moment.hour % 12 or 12) if halves else moment.hour
        return f"{hour:0{min(wide, 2)}}"
    return f"{moment.second:0{min(wide, 2)}}" if unit == "s" else ""


def _elapsed(number: Decimal, tokens: tuple[_Token, ...]) -> str:
    """`[h]:mm:ss`: hours that go on past a day."""
    if number < 0 or number > _LAST_SERIAL:
        return plain(number)
    seconds = int((number * _DAY).to_integral_value(ROUND_HALF_UP))
    shown = []
    for token in tokens:
        unit = token.text[:1].lower()
        if token.kind == "elapsed":
            size = {"h": 3600, "m": 60, "s": 1}[unit]
            shown.append(f"{seconds // size:0{len(token.text)}}")
            seconds %= size
        elif token.kind == "date":
            size = {"h": 3600, "m": 60}.get(unit, 1)
            shown.append(f"{seconds // size:0{min(len(token.text), 2)}}")
            seconds %= size
        elif token.kind in ("quoted", "escaped", "literal", "space"):
            shown.append(token.text)
    return "".join(shown)


def iso(value: date | datetime | time) -> str:
    """`2024-10-04`, `2024-10-04 09:30`, `09:30:05`."""
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d} {iso(value.time())}"
    if isinstance(value, date):
        return value.isoformat()
    return value.isoformat("auto" if value.microsecond else "seconds" if value.second else "minutes")


def number_cell(number: float, form: NumberFormat, *, from_1904: bool = False) -> tuple[Value, str]:
    """The value and the text of a cell that holds a number."""
    if form.kind in ("date", "time"):
        moment = from_serial(number, from_1904=from_1904, timed=form.kind == "time")
        if moment is not None:
            return moment, show_date(moment, form)
        decimal = exact(number)
        return decimal, plain(decimal)
    decimal = exact(number)
    return decimal, show_number(decimal, form)
