"""From when to when a rule holds, as cells say it. What is said in another way is not guessed at."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final

from communityrules.frozen import dataclass
from communityrules.tables.sheets.model import Cell


@dataclass(frozen=True, slots=True)
class Effective:
    """When a rule holds. With neither date it holds at once (`即时实施`) and without end (`长期`)."""

    #: The first day.
    start: date | None
    #: The last day, included.
    end: date | None
    #: What the cell says.
    words: str


_NOW_SAID: Final = (
    "即时|即时实施|即时生效|即时执行|立即|立即实施|立即生效|立即执行|即日|即日起|即日起实施|即日起生效|即日起施行|"
    "即日起执行|即刻|即刻起|即刻生效|现在|现行|实时|发布之日起|自发布之日起|自发布之日起实施|自发布之日起施行|"
    "自发布之日起生效|发布之日起施行|发布之日起生效|发布即生效|发布后生效|公布之日起施行|自公布之日起施行|"
    "自公布之日起|自即日起|自即日起实施|自即日起施行|自即日起生效|自即日起执行|已实施|已生效|已执行|实施中|执行中|"
    "生效中|immediately|immediate|effective immediately|now|at once|in force|in effect|active|current|"
    "with immediate effect|from publication|on publication|upon publication|as of now|starting now|asap"
)
_NOW: Final = frozenset(_NOW_SAID.split("|"))
_ALWAYS_SAID: Final = (
    "长期|长期有效|长期实施|长期执行|长期生效|永久|永久有效|一直|始终|持续|持续有效|持续实施|常年|不限|无期限|"
    "不限期|always|permanent|permanently|ongoing|indefinite|indefinitely|long term|long-term|continuous|no end|"
    "perpetual|standing|until further notice"
)
_ALWAYS: Final = frozenset(_ALWAYS_SAID.split("|"))

_ZH_DIGITS: Final = {char: value for value, char in enumerate("〇一二三四五六七八九")} | {"零": 0, "○": 0, "O": 0}
_MONTHS: Final = {
    name: number
    for number, names in enumerate(
        ("jan january", "feb february", "mar march", "apr april", "may", "jun june", "jul july", "aug august",
         "sep sept september", "oct october", "nov november", "dec december"), start=1,
    )
    for name in names.split()
}  # fmt: skip
_COUNT: Final = "一二三四五六七八九十"
_NAMED: Final = "|".join(sorted(_MONTHS, key=len, reverse=True))
_CLOCK: Final = r"(?:[T\s]*(?:00?:00(?::00)?|0时|零时|0点|零点))?"
_DATE: Final = re.compile(
    rf"""
    (?P<year>\d{{4}})\s*(?:年|[-/.])\s*(?P<month>\d{{1,2}})\s*(?:月|[-/.])\s*(?P<day>\d{{1,2}})\s*(?:日|号)?{_CLOCK}(?!\d)
    | (?P<zyear>[〇零○O一二三四五六七八九]{{4}})年(?P<zmonth>[{_COUNT}]{{1,2}})月(?P<zday>[{_COUNT}]{{1,3}})(?:日|号)
    | (?<!\d)(?P<solid>(?:19|20)\d{{6}})(?!\d)
    | (?P<emonth>{_NAMED})\.?\s+(?P<eday>\d{{1,2}})(?:st|nd|rd|th)?\s*,?\s*(?P<eyear>\d{{4}})
    | (?P<fday>\d{{1,2}})(?:st|nd|rd|th)?\s*[-\s]\s*(?P<fmonth>{_NAMED})\.?\s*[-,\s]\s*(?P<fyear>\d{{4}})
    | (?<!\d)(?P<one>\d{{1,2}})[/.-](?P<other>\d{{1,2}})[/.-](?P<lyear>\d{{4}})(?!\d)
    | (?<![\d年])(?P<smonth>\d{{1,2}})月(?P<sday>\d{{1,2}})(?:日|号)
    """,
    re.VERBOSE | re.IGNORECASE,
)
_FROM: Final = (
    r"(?:自|从|由|于|from|since|starting|starting from|starting on|as of|effective|effective from|effective on|on)?"
)
_ONWARD: Final = (
    r"(?:起|开始|始)?(?:正式)?(?:实施|施行|生效|执行|启用|实行|有效|onwards?|on|in force)?"
    r"(?:至今|长期(?:有效|实施)?)?"
)
_TO: Final = r"(?:起)?(?:至|到|-|--|~|—|——|–|→|to|through|until|till|thru)"
_BY: Final = r"(?:至|到|截至|截止|截止到|截止至|有效期至|until|till|through|up to|ends?|expires?|expires? on)"
_STOP: Final = r"(?:止|为止|前有效|有效|内有效|截止|失效)?"
_START: Final = re.compile(rf"{_FROM}D{_ONWARD}")
_RANGE: Final = re.compile(rf"{_FROM}D{_TO}D{_STOP}(?:实施|施行|执行)?")
_END: Final = re.compile(rf"{_BY}D{_STOP}|D{_STOP.rstrip('?')}")
_FOREVER: Final = re.compile(rf"{_FROM}D{_TO}(?:长期|永久|今|now|present|further notice)")
_LONGEST: Final = 100
#: Serial numbers that stand for days between 1954 and 2119, where a column of dates holds bare numbers.
_SERIALS: Final = range(20_000, 80_000)


def effective_in(cell: Cell, *, from_1904: bool = False) -> Effective | None:
    """When a rule holds by a cell: a date, a serial number, or words; None for what is not understood."""
    words = cell.shown.strip()
    value = cell.value
    if isinstance(value, datetime):
        return Effective(value.date(), None, words)
    if isinstance(value, date):
        return Effective(value, None, words)
    if isinstance(value, Decimal):
        if value == value.to_integral_value() and int(value) in _SERIALS:
            first = date(1904, 1, 1) if from_1904 else date(1899, 12, 30)
            return Effective(first + timedelta(days=int(value)), None, words)
        words = str(int(value)) if value == value.to_integral_value() and abs(value) < 10**9 else words
    return effective(words) if isinstance(words, str) else None


def effective(text: str) -> Effective | None:
    """When a rule holds by a text: `2024年10月4日起`, `2024/10/4`, `自…至…`, `即时实施`, `长期`; None otherwise."""
    words = text.strip()
    plain = unicodedata.normalize("NFKC", words).casefold().strip(" 。.;,")
    if not plain or len(plain) > _LONGEST:
        return None
    bare = re.sub(r"\s+", " ", plain)
    if bare in _NOW or bare in _ALWAYS:
        return Effective(None, None, words)
    dates: list[date] = []
    year: int | None = None
    wrong = False

    def take(found: re.Match[str]) -> str:
        nonlocal year, wrong
        day = _day(found, year)
        if day is None:
            wrong = True
            return "?"
        year = day.year
        dates.append(day)
        return "D"

    shape = re.sub(r"[\s,,()()]+", "", _DATE.sub(take, plain))
    if wrong or not dates:
        return None
    if len(dates) == 1 and (_START.fullmatch(shape) or _matches_spaced(_FOREVER, shape)):
        return Effective(dates[0], None, words)
    if len(dates) == 1 and _matches_spaced(_END, shape):
        return Effective(None, dates[0], words)
    if len(dates) == 2 and _matches_spaced(_RANGE, shape) and dates[0] <= dates[1]:
        return Effective(dates[0], dates[1], words)
    return None


def _matches_spaced(pattern: re.Pattern[str], shape: str) -> bool:
    """Whether the shape fits a pattern whose words of several words lost their spaces."""
    return re.fullmatch(pattern.pattern.replace(" ", ""), shape) is not None


def _day(found: re.Match[str], year: int | None) -> date | None:
    part = found.groupdict()
    try:
        if part["year"]:
            return date(int(part["year"]), int(part["month"]), int(part["day"]))
        if part["zyear"]:
            digits = "".join(str(_ZH_DIGITS[char.upper()]) for char in part["zyear"])
            return date(int(digits), _counted(part["zmonth"]), _counted(part["zday"]))
        if part["solid"]:
            solid = part["solid"]
            return date(int(solid[:4]), int(solid[4:6]), int(solid[6:]))
        if part["emonth"]:
            return date(int(part["eyear"]), _MONTHS[part["emonth"].lower()], int(part["eday"]))
        if part["fmonth"]:
            return date(int(part["fyear"]), _MONTHS[part["fmonth"].lower()], int(part["fday"]))
        if part["one"]:
            # Day and month, or month and day: said only when one of them can be no month.
            one, other = int(part["one"]), int(part["other"])
            if one == other or one > 12 >= other:
                return date(int(part["lyear"]), other, one)
            return date(int(part["lyear"]), one, other) if other > 12 else None
        return None if year is None else date(year, int(part["smonth"]), int(part["sday"]))
    except ValueError:
        return None


def _counted(text: str) -> int:
    """`十`, `十二`, `二十`, `三十一`."""
    tens, sign, ones = text.partition("十")
    if not sign:
        return _ZH_DIGITS[text] if len(text) == 1 else 0
    return (_ZH_DIGITS[tens] if tens else 1) * 10 + (_ZH_DIGITS[ones] if ones else 0)
