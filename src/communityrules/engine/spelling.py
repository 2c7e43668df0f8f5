"""Values as people read them in texts, in English and in Chinese: `2 days`, `08:00`, `2024-10-08 14:00`, `yes`."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, Final

from communityrules.library.zones import zone
from communityrules.model.values import DAY, HOUR, MINUTE, SECOND, Type

#: What stands for a fact that is absent.
ABSENT: Final = "—"
_YES: Final = {"en": "yes", "zh": "是"}
_NO: Final = {"en": "no", "zh": "否"}
_UNITS: Final = (
    (DAY, " days", " day", "天"),
    (HOUR, " hours", " hour", "小时"),
    (MINUTE, " minutes", " minute", "分钟"),
    (SECOND, " seconds", " second", "秒"),
)
#: More of a unit than this are told in two units.
_MANY: Final = 100


def moment(at: int, where: str) -> str:
    """An instant on the clock of a zone: `2024-10-08 14:00`, with seconds where there are some."""
    try:
        local = zone(where).local(at)
    except OverflowError:
        return ABSENT
    return f"{local:%Y-%m-%d %H:%M:%S}" if local.second else f"{local:%Y-%m-%d %H:%M}"


def spell(value: Any, type_: Type, language: str) -> str:
    """A value as people read it, nothing for none: a number in full, a time of day as `08:00`, a length of time in
    its largest whole unit or, where that would be many, in its two largest units without the rest."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return _YES[language] if value else _NO[language]
    if type_.kind == "duration" and isinstance(value, int):
        return _length(value, language)
    if type_.kind == "time_of_day" and isinstance(value, int):
        return f"{value // 60:02d}:{value % 60:02d}"
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return ("、" if language == "zh" else ", ").join(spell(one, type_.item or type_, language) for one in value)
    return str(value)


def _length(value: int, language: str) -> str:
    if value < 0:
        return f"-{_length(-value, language)}"
    for at, (length, *_) in enumerate(_UNITS):
        if value % length == 0 and (value // length <= _MANY or at == 0):
            return _amount(value // length, at, language)
    largest = next((at for at, (length, *_) in enumerate(_UNITS) if value >= length), None)
    if largest is None or largest == len(_UNITS) - 1:
        seconds = Decimal(value) / SECOND
        return f"{seconds}秒" if language == "zh" else f"{seconds} seconds"
    rest = value % _UNITS[largest][0] // _UNITS[largest + 1][0]
    told = [_amount(value // _UNITS[largest][0], largest, language)]
    told += [_amount(rest, largest + 1, language)] if rest else []
    return ("" if language == "zh" else " ").join(told)


def _amount(count: int, at: int, language: str) -> str:
    _, many, one, chinese = _UNITS[at]
    return f"{count}{chinese}" if language == "zh" else f"{count}{one if count == 1 else many}"
