"""Pure functions over values, with parentheses in the rules: `capital_share(message.text) > 70%`.

A function whose argument is absent is absent. Those about dates and hours take an instant, which they read on the
clock of the rulebook's zone, or a date as it is.
"""

from __future__ import annotations

import re
from calendar import isleap
from datetime import date
from decimal import Decimal
from hashlib import sha256

from communityrules.diagnostics.message import Bilingual
from communityrules.library.declare import Function, Names
from communityrules.library.fold import MAX_TEXT
from communityrules.library.links import find_links, mentions_of
from communityrules.library.masking import masked
from communityrules.library.zones import zone
from communityrules.model.values import DATE, DAY, DURATION, HOUR, INSTANT, MINUTE, NUMBER, TEXT, Type

_ANY_LIST = Type("list")
#: One character several times.
_RUN = re.compile(r"(.)\1+", re.DOTALL)
_LINES = re.compile(r"\r\n|[\n\r\v\f\x85\u2028\u2029]")


def _length(text: str) -> int:
    return len(text)


def _line_count(text: str) -> int:
    return len(_LINES.findall(text)) + 1 if text else 0


def _lower(text: str) -> str:
    return "".join(char.lower() if char < "\u0250" else char for char in text)


def _capital_share(text: str) -> Decimal:
    """Capitals among the Latin letters of the first `MAX_TEXT` code points; 0 where there are none."""
    letters = [char for char in text[:MAX_TEXT] if char.isascii() and char.isalpha()]
    return _share(sum(1 for char in letters if char <= "Z"), len(letters))


def _digit_share(text: str) -> Decimal:
    seen = text[:MAX_TEXT]
    return _share(sum(1 for char in seen if char.isascii() and char.isdigit()), len(seen))


def _share(part: int, whole: int) -> Decimal:
    return Decimal(part) / Decimal(whole) if whole else Decimal(0)


def _longest_run(text: str) -> int:
    seen = text[:MAX_TEXT]
    return max((one.end() - one.start() for one in _RUN.finditer(seen)), default=min(len(seen), 1))


def _link_count(text: str) -> int:
    return len(find_links(text))


def _mention_count(text: str) -> int:
    return len(mentions_of(text))


def _size(items: tuple[object, ...]) -> int:
    return len(items)


def _date_of(zone_name: str, moment: int | date) -> date:
    return moment if isinstance(moment, date) else zone(zone_name).local(moment).date()


def _hour_of(zone_name: str, moment: int | date) -> int:
    """Of a date, its beginning: 0."""
    return 0 if isinstance(moment, date) else zone(zone_name).local(moment).hour


def _weekday_of(zone_name: str, moment: int | date) -> int:
    return _date_of(zone_name, moment).isoweekday()


def _day_of(zone_name: str, moment: int | date) -> int:
    return _date_of(zone_name, moment).day


def _month_of(zone_name: str, moment: int | date) -> int:
    return _date_of(zone_name, moment).month


def _year_of(zone_name: str, moment: int | date) -> int:
    return _date_of(zone_name, moment).year


def _sample(text: str, salt: str = "") -> Decimal:
    """From 0 up to, not including, 1, in steps of 10^-15: the beginning of a SHA-256 as a fraction, cut."""
    seed = f"{salt}\0{text}" if salt else text
    beginning = int.from_bytes(sha256(seed.encode("utf-8", "surrogatepass")).digest()[:8])
    return Decimal(beginning * 10**15 >> 64).scaleb(-15)


def _anniversary(zone_name: str, day: int | date, moment: int | date) -> int | None:
    """Years from a day to the day of a moment, from 1, where it is the same day of the year.

    29 February comes round on 28 February in other years, as the last day of that month.
    """
    first, now = _date_of(zone_name, day), _date_of(zone_name, moment)
    of_month = first.day
    if (first.month, first.day) == (2, 29) and not isleap(now.year):
        of_month = 28
    years = now.year - first.year
    return years if (now.month, now.day) == (first.month, of_month) and years >= 1 else None


def _of_group(number: int) -> int:
    return number


def _total(*weights: int | Decimal) -> int | Decimal:
    return sum(weights)


def _in(unit: int, length: int) -> int | Decimal:
    whole, rest = divmod(length, unit)
    return whole if not rest else Decimal(length) / Decimal(unit)


def _minutes(length: int) -> int | Decimal:
    return _in(MINUTE, length)


def _hours(length: int) -> int | Decimal:
    return _in(HOUR, length)


def _days(length: int) -> int | Decimal:
    return _in(DAY, length)


_ALL = (
    Function(
        Names("length", "长度"),
        Bilingual("Characters (code points) in a text.", "文本的字符数(按码位)。"),
        (TEXT,),
        NUMBER,
        _length,
    ),
    Function(
        Names("line_count", "行数"),
        Bilingual("Lines in a text; 0 of an empty one.", "文本的行数;空文本为 0。"),
        (TEXT,),
        NUMBER,
        _line_count,
        "text",
    ),
    Function(
        Names("lower", "小写"),
        Bilingual("The text with its Latin letters small.", "将拉丁字母转为小写后的文本。"),
        (TEXT,),
        TEXT,
        _lower,
        "text",
    ),
    Function(
        Names("capital_share", "大写占比"),
        Bilingual("The share of capitals among the letters A to Z, from 0 to 1.", "英文字母中大写所占的比例,0 到 1。"),
        (TEXT,),
        NUMBER,
        _capital_share,
        "text",
    ),
    Function(
        Names("digit_share", "数字占比"),
        Bilingual("The share of digits among all characters, from 0 to 1.", "数字在全部字符中所占的比例,0 到 1。"),
        (TEXT,),
        NUMBER,
        _digit_share,
        "text",
    ),
    Function(
        Names("longest_run", "最长连续"),
        Bilingual(
            "How often one character stands in a row at most: 5 of `啊啊啊啊啊`.",
            "同一字符最多连写多少次:`啊啊啊啊啊` 为 5。",
        ),
        (TEXT,),
        NUMBER,
        _longest_run,
        "text",
    ),
    Function(
        Names("link_count", "链接数"),
        Bilingual("Links in a text, repeated ones too.", "文本中的链接数,重复的也算。"),
        (TEXT,),
        NUMBER,
        _link_count,
        "pattern",
    ),
    Function(
        Names("mention_count", "提及数"),
        Bilingual("Different names after `@` in a text.", "文本中 `@` 到的不同名称数。"),
        (TEXT,),
        NUMBER,
        _mention_count,
        "text",
    ),
    Function(
        Names("masked", "打码"),
        Bilingual(
            "The text with personal data covered: `138****1234`, `a***@host.example`.",
            "将个人信息打码后的文本:`138****1234`、`a***@host.example`。",
        ),
        (TEXT,),
        TEXT,
        masked,
        "pattern",
    ),
    Function(Names("size", "项数"), Bilingual("Items in a list.", "列表的项数。"), (_ANY_LIST,), NUMBER, _size),
    Function(
        Names("date_of", "取日期"),
        Bilingual("The day of an instant.", "某时刻的日期。"),
        (INSTANT,),
        DATE,
        _date_of,
        zoned=True,
    ),
    Function(
        Names("hour_of", "取小时"),
        Bilingual("The hour of an instant, 0 to 23.", "某时刻的钟点,0 到 23。"),
        (INSTANT,),
        NUMBER,
        _hour_of,
        zoned=True,
    ),
    Function(
        Names("weekday_of", "取星期"),
        Bilingual("The day of the week, Monday 1 to Sunday 7.", "星期几,周一为 1,周日为 7。"),
        (INSTANT,),
        NUMBER,
        _weekday_of,
        zoned=True,
    ),
    Function(
        Names("day_of", "取日"),
        Bilingual("The day of the month, 1 to 31.", "当月第几日,1 到 31。"),
        (INSTANT,),
        NUMBER,
        _day_of,
        zoned=True,
    ),
    Function(
        Names("month_of", "取月"),
        Bilingual("The month, 1 to 12.", "月份,1 到 12。"),
        (INSTANT,),
        NUMBER,
        _month_of,
        zoned=True,
    ),
    Function(Names("year_of", "取年"), Bilingual("The year.", "年份。"), (INSTANT,), NUMBER, _year_of, zoned=True),
    Function(
        Names("minutes", "分钟数"),
        Bilingual("A length of time in minutes.", "时长折合的分钟数。"),
        (DURATION,),
        NUMBER,
        _minutes,
    ),
    Function(
        Names("hours", "小时数"),
        Bilingual("A length of time in hours.", "时长折合的小时数。"),
        (DURATION,),
        NUMBER,
        _hours,
    ),
    Function(
        Names("days", "天数"),
        Bilingual("A length of time in days of 24 hours.", "时长折合的天数,每天 24 小时。"),
        (DURATION,),
        NUMBER,
        _days,
    ),
    Function(
        Names("sample", "抽样"),
        Bilingual(
            "A number from 0 up to, not including, 1 that depends on the text alone, always the same: "
            "`sample(event.id) < 5%` takes one in twenty. A second text gives another draw.",
            "只由文本决定、永远相同的数,从 0 起,小于 1:`抽样(事件.编号) < 5%` 抽取二十分之一。第二个文本用来另抽一次。",
        ),
        (TEXT, TEXT),
        NUMBER,
        _sample,
        "text",
        optional=1,
    ),
    Function(
        Names("anniversary", "周年"),
        Bilingual(
            "How many whole years ago a day was, on that day of the year, from 1; absent on all other days. "
            "29 February comes round on 28 February in other years.",
            "某日距今整多少年,只在当年的同一天有值,从 1 起;其他日子没有值。2 月 29 日在平年算 2 月 28 日。",
        ),
        (INSTANT, INSTANT),
        NUMBER,
        _anniversary,
        zoned=True,
    ),
    Function(
        Names("member_count", "成员数"),
        Bilingual(
            "How many known members are in a group now: `member_count(staff)`. Those who left are not known.",
            "用户组里现在已知的成员数:`成员数(staff)`。已离开的不算。",
        ),
        (),
        NUMBER,
        _of_group,
        "window",
        of_group=True,
    ),
    Function(
        Names("tally", "计分"),
        Bilingual(
            "The sum of the weights whose conditions hold: `tally(3 if message.links is not empty, -1 if …)`. A weight "
            "is a number or a parameter.",
            "成立的条件的分值之和:`计分(3 若 消息.链接 不为空, -1 若 …)`。分值是数值或参数。",
        ),
        (),
        NUMBER,
        _total,
        weighted=True,
    ),
)

#: By canonical name.
FUNCTIONS = {one.names.en: one for one in _ALL}
