"""Numbers, lengths of time and times of day as people write them, in both languages."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from typing import Final

from communityrules.frozen import dataclass
from communityrules.language.tree import CalendarUnit, TimeUnit

_DIGITS: Final = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0, "双": 2}
_PLACES: Final = {"十": 10, "百": 100, "千": 1000, "万": 10000}
_WORDS: Final = {
    "a": 1, "an": 1, "one": 1, "once": 1, "single": 1, "two": 2, "twice": 2, "three": 3, "thrice": 3, "four": 4,
    "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13,
    "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20,
    "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "ninety": 90,
    "couple of": 2,
}  # fmt: skip
_ENGLISH: Final = "|".join(sorted((one for one in _WORDS if one != "a"), key=len, reverse=True)) + "|a"
_TENS: Final = r"(?:twenty|thirty|forty|fifty)[- ](?:one|two|three|four|five|six|seven|eight|nine)"

#: A whole or decimal number, of digits, Chinese or English words.
NUMBER: Final = rf"(?:[0-9]+(?:\.[0-9]+)?|[零〇一二两三四五六七八九十百千万双]{{1,9}}|\b(?:{_TENS}|{_ENGLISH})\b)"
#: The same in a text without Latin letters, and in one of ASCII.
NUMBER_ZH: Final = r"(?:[0-9]+(?:\.[0-9]+)?|[零〇一二两三四五六七八九十百千万双]{1,9})"
NUMBER_EN: Final = rf"(?:[0-9]+(?:\.[0-9]+)?|\b(?:{_TENS}|{_ENGLISH})\b)"


def number(text: str) -> Decimal | None:
    """The value of `3`, `三`, `十五`, `一百二十`, `two`, `twenty-four`; None of anything else."""
    text = text.strip()
    if re.fullmatch(r"[0-9]+(?:\.[0-9]+)?", text):
        return Decimal(text)
    if text in _WORDS:
        return Decimal(_WORDS[text])
    tens = re.split(r"[- ]", text)
    if len(tens) == 2 and all(one in _WORDS for one in tens):
        return Decimal(_WORDS[tens[0]] + _WORDS[tens[1]])
    return _chinese(text)


def _chinese(text: str) -> Decimal | None:
    if not text or any(char not in _DIGITS and char not in _PLACES for char in text):
        return None
    if len(text) > 1 and all(char in _DIGITS for char in text):
        return Decimal("".join(str(_DIGITS[char]) for char in text))
    whole = part = 0
    digit: int | None = None
    last = 1
    for char in text:
        if char in _DIGITS:
            digit = _DIGITS[char]
            continue
        last = _PLACES[char]
        if last == 10000:
            whole = (whole + part + (digit or 0)) * last
            part = 0
        else:
            part += (1 if digit is None else digit) * last
        digit = None
    if digit is not None:
        # 一百二 is a hundred and twenty.
        part += digit * (last // 10 if last >= 100 and text[-2] in _PLACES else 1)
    return Decimal(whole + part)


# --- lengths of time -----------------------------------------------------------------------------------------

_UNITS: Final[dict[str, TimeUnit]] = {
    "秒钟": "second", "秒": "second", "分钟": "minute", "分": "minute", "小时": "hour", "钟头": "hour", "天": "day",
    "日": "day", "昼夜": "day",
    "周": "week", "星期": "week", "礼拜": "week", "月": "month", "季度": "quarter", "年": "year",
    "second": "second", "sec": "second", "minute": "minute", "min": "minute", "hour": "hour", "hr": "hour", "h": "hour",
    "day": "day", "week": "week", "wk": "week", "month": "month", "year": "year", "d": "day", "m": "minute",
}  # fmt: skip
_ZH_UNIT: Final = r"秒钟|秒|分钟|小时|钟头|天|日(?!常)|昼夜|周|星期|礼拜|月|年"
_EN_UNIT: Final = (
    r"(?:seconds?|secs?|minutes?|mins?|hours?|hrs?|days?|weeks?|wks?|months?|years?|(?<=[0-9])[hd])(?![a-z])"
)

#: A length of time: `24小时`, `三个工作日`, `半小时`, `一周`, `two weeks`, `48h`, `one business day`.
LENGTH: Final = (
    rf"(?:半个?(?:小时|钟头|天|日|月|年)|{NUMBER}\s*个?半?(?:工作日|自然日|个?(?:{_ZH_UNIT}))半?"
    rf"|\bhalf an hour\b|{NUMBER}\s*-?\s*(?:business |working |work |full )?{_EN_UNIT})"
)
LENGTH_ZH: Final = rf"(?:半个?(?:小时|钟头|天|日|月|年)|{NUMBER_ZH}\s*个?半?(?:工作日|自然日|个?(?:{_ZH_UNIT}))半?)"
LENGTH_EN: Final = rf"(?:\bhalf an hour\b|{NUMBER_EN}\s*-?\s*(?:business |working |work |full )?{_EN_UNIT})"
_LENGTH: Final = re.compile(
    rf"(?P<number>{NUMBER})\s*-?\s*(?P<half>个半)?个?(?P<work>工作日|自然日|business |working |work |full )?"
    rf"(?P<unit>{_ZH_UNIT}|{_EN_UNIT})?(?P<more>半)?"
)


@dataclass(frozen=True, slots=True)
class Length:
    """A length of time. `working`: counted in working days."""

    amount: Decimal
    unit: TimeUnit
    working: bool = False

    @property
    def exact(self) -> Length | None:
        """The same without calendar units; None of months and years, which have no one length."""
        return None if self.unit in ("month", "quarter", "year") else self


@lru_cache(maxsize=1024)
def length(text: str) -> Length | None:
    """The length of time that a match of `LENGTH` says; None when it says none."""
    text = text.strip()
    if text.startswith("半") or text == "half an hour":
        unit = "小时" if text == "half an hour" else text.lstrip("半个")
        found = _UNITS.get(unit)
        halves: dict[TimeUnit, Length] = {
            "hour": Length(Decimal(30), "minute"), "day": Length(Decimal(12), "hour"),
            "year": Length(Decimal(6), "month"),
        }  # fmt: skip
        return halves.get(found) if found is not None else None
    match = _LENGTH.fullmatch(text)
    if match is None:
        return None
    amount = number(match["number"])
    if amount is None or amount <= 0:
        return None
    work = (match["work"] or "").strip()
    if work == "自然日":
        return Length(amount, "day")
    if work == "工作日":
        return Length(amount, "day", working=True)
    said = (match["unit"] or "").strip()
    unit_found = _UNITS.get(said) or _UNITS.get(said.rstrip("s"))
    if unit_found is None:
        return None
    if match["half"] or match["more"]:
        amount += Decimal("0.5")
    if amount != amount.to_integral_value():
        smaller: dict[TimeUnit, tuple[int, TimeUnit]] = {
            "minute": (60, "second"), "hour": (60, "minute"), "day": (24, "hour"), "week": (7, "day"),
        }  # fmt: skip
        if unit_found not in smaller:
            return None
        times, unit_found = smaller[unit_found]
        amount *= times
        if amount != amount.to_integral_value():
            return None
    return Length(amount, unit_found, work in ("business", "working", "work"))


# --- periods -------------------------------------------------------------------------------------------------

#: What comes round: 每天, 一周, per hour.
_PERIODS: Final[dict[str, CalendarUnit]] = {
    "小时": "hour", "钟头": "hour", "天": "day", "日": "day", "周": "week", "星期": "week", "礼拜": "week",
    "月": "month", "季度": "quarter", "年": "year", "hour": "hour", "day": "day", "week": "week",
    "month": "month", "year": "year", "hourly": "hour", "daily": "day", "weekly": "week", "monthly": "month",
}  # fmt: skip


def period(text: str) -> CalendarUnit | None:
    """The unit that a word for a period means: `天`, `week`, `daily`."""
    return _PERIODS.get(text.strip())


# --- times of day --------------------------------------------------------------------------------------------

_PARTS: Final = "凌晨|清晨|早晨|早上|早间|早|上午|中午|午间|下午|傍晚|晚上|晚间|夜间|夜里|夜晚|深夜|午夜|晚|夜"
_CLOCK_ZH: Final = (
    rf"(?:次日|第二天|翌日|隔天|当天|当日|明天)?(?:的)?(?:{_PARTS})?\s*"
    r"(?:[0-9]{1,2}\s*:\s*[0-9]{2}(?!\d)|[0-9]{1,2}\s*(?:点钟|点|时)(?:[0-9]{1,2}分?|半|一刻|三刻|整)?"
    r"|[零〇一二两三四五六七八九十]{1,3}(?:点钟|点|时)(?:[零一二三四五六七八九十]{1,3}分|半|一刻|三刻|整)?|零点|正午)"
)
_CLOCK_EN: Final = (
    r"\b[0-9]{1,2}(?:[:.][0-9]{2})?\s*(?:a\.?m\b\.?|p\.?m\b\.?|o'clock)"
    r"|\b[0-9]{1,2}(?:[:.][0-9]{2})?\s+(?:o'clock\s+)?(?:at\s+night|in\s+the\s+(?:morning|evening|afternoon))|\bmidnight\b|\bnoon\b"
)
_HALF_OF_DAY: Final = r"\s*(?:a\.?m\.?|p\.?m\.?)?"
#: A time of day: `22:00`, `晚上十点半`, `次日8时`, `10 pm`, `noon`.
TIME_OF_DAY: Final = rf"(?:{_CLOCK_ZH}{_HALF_OF_DAY}|{_CLOCK_EN})"
#: The same in a text without Latin letters, and in one of ASCII.
TIME_OF_DAY_ZH: Final = rf"(?:{_CLOCK_ZH}\s*)"
TIME_OF_DAY_EN: Final = rf"(?:\s*[0-9]{{1,2}}\s*:\s*[0-9]{{2}}(?!\d){_HALF_OF_DAY}|{_CLOCK_EN})"
_TIME: Final = re.compile(
    rf"(?P<next>次日|第二天|翌日|隔天|当天|当日|明天)?的?(?P<part>{_PARTS})?\s*"
    rf"(?P<hour>[0-9]{{1,2}}|[零〇一二两三四五六七八九十]{{1,3}})\s*(?:[:.]\s*(?P<exact>[0-9]{{2}})|点钟|点|时|"
    rf"o'clock)?"
    rf"(?P<minute>[0-9]{{1,2}}分?|[零一二三四五六七八九十]{{1,3}}分|半|一刻|三刻|整)?\s*(?P<half>a\.?m\.?|p\.?m\.?"
    r"|at\s+night|in\s+the\s+(?:morning|evening|afternoon))?"
)
_HALVES: Final = {"morning": "am", "evening": "pm", "afternoon": "pm"}
_MINUTES: Final = {"半": 30, "一刻": 15, "三刻": 45, "整": 0}


@lru_cache(maxsize=1024)
def time_of_day(text: str) -> tuple[int, bool] | None:
    """Minutes after midnight, and whether they are sure: `8点` may be morning or evening, `晚上八点` may not.

    None when there is no such time.
    """
    text = text.strip()
    if text in ("midnight", "零点"):
        return 0, True
    if text in ("noon", "正午"):
        return 720, True
    match = _TIME.fullmatch(text)
    if match is None:
        return None
    value = number(match["hour"])
    if value is None:
        return None
    hour = int(value)
    minute = 0
    if match["exact"]:
        minute = int(match["exact"])
    elif match["minute"]:
        said = match["minute"]
        spoken = _MINUTES.get(said)
        if spoken is None:
            counted = number(said.removesuffix("分"))
            if counted is None:
                return None
            spoken = int(counted)
        minute = spoken
    part, half = match["part"] or "", (match["half"] or "").replace(".", "")
    if half.endswith("night"):
        # Twelve at night begins the day, one to four at night are in its morning.
        half = "am" if hour == 12 or hour < 5 else "pm"
    half = _HALVES.get(half.split()[-1] if half else "", half)
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half == "pm" else 0)
    elif part in ("下午", "傍晚", "晚上", "晚间", "晚", "夜间", "夜里", "夜晚", "深夜", "夜", "中午", "午间"):
        if part in ("中午", "午间"):
            hour += 12 if hour in (1, 2) else 0
        elif part in ("下午", "傍晚"):
            hour += 12 if hour < 12 else 0
        elif hour == 12:
            hour = 24
        elif 5 <= hour < 12:
            hour += 12
    elif part in ("凌晨", "午夜") and hour == 12:
        hour = 0
    if hour > 24 or minute > 59 or (hour == 24 and minute):
        return None
    sure = bool(part or half or match["exact"] or match["next"]) or hour > 12 or hour == 0
    return hour * 60 + minute, sure
