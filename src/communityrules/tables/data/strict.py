"""JSON from strangers: bounded, each key once, no numbers that are none."""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import Any, Final, NoReturn

from communityrules.diagnostics.message import Bilingual
from communityrules.tables.carried import filled, short
from communityrules.tables.data.errors import NOT_JSON, TOO_MUCH
from communityrules.tables.reading import Refused, refused

#: Levels of objects and arrays. The deepest condition that a rulebook can have needs fewer.
MOST_LEVELS: Final = 500
#: Objects, arrays and what stands in them.
MOST_VALUES: Final = 1_000_000
#: Characters of the whole.
MOST_CHARACTERS: Final = 16 * 1024 * 1024
#: Digits of a number; none in a rulebook has so many that are not written as a text.
_MOST_DIGITS: Final = 18
_STRING: Final = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"?', re.DOTALL)

_PLACE: Final = Bilingual("it cannot be read at line {line}, column {column}", "第 {line} 行第 {column} 列无法读取")
_TWICE: Final = Bilingual("the key `{key}` stands twice in one object", "同一个对象里键 `{key}` 出现两次")
_NO_NUMBER: Final = Bilingual("`{number}` is no number", "`{number}` 不是数")
_LONG: Final = Bilingual("a number has more than {limit} digits", "有一个数超过 {limit} 位")
_CHARACTERS: Final = Bilingual("{number} characters", " {number} 个字符")
_LEVELS: Final = Bilingual("{number} levels of objects and arrays", " {number} 层对象和数组")
_VALUES: Final = Bilingual("{number} values", " {number} 个值")


class _WrongError(ValueError):
    def __init__(self, reason: Bilingual) -> None:
        self.reason = reason
        super().__init__(reason.en)


def read(text: str, file: str) -> Any:
    """The value that a text in JSON stands for. `Refused` when it is none, or when it asks for too much."""
    _measure(text, file)
    try:
        return json.loads(
            text, object_pairs_hook=_object, parse_constant=_constant, parse_int=_whole, parse_float=_number
        )
    except _WrongError as error:
        raise refused(NOT_JSON, file=file, reason=error.reason) from None
    except json.JSONDecodeError as error:
        reason = filled(_PLACE, line=str(error.lineno), column=str(error.colno))
        raise refused(NOT_JSON, file=file, reason=reason) from None


def too_much(file: str, levels: bool = False) -> Refused:
    """The refusal of what is too deep, or of what has too many characters."""
    about, number = (_LEVELS, MOST_LEVELS) if levels else (_CHARACTERS, MOST_CHARACTERS)
    return refused(TOO_MUCH, file=file, limit=filled(about, number=f"{number:,}"))


def _measure(text: str, file: str) -> None:
    """Refuse what is too large before anything is made of it."""
    if len(text) > MOST_CHARACTERS:
        raise too_much(file)
    bare = _STRING.sub("", text)
    if sum(map(bare.count, ",[{")) > MOST_VALUES:
        raise refused(TOO_MUCH, file=file, limit=filled(_VALUES, number=f"{MOST_VALUES:,}"))
    level = 0
    for one in re.finditer(r"[\[{]|[\]}]", bare):
        if one.group() in "[{":
            level += 1
            if level > MOST_LEVELS:
                raise too_much(file, levels=True)
        else:
            level -= 1


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        twice = next(key for key, times in Counter(key for key, _ in pairs).items() if times > 1)
        raise _WrongError(filled(_TWICE, key=shown(twice)))
    return made


def _constant(word: str) -> NoReturn:
    raise _WrongError(filled(_NO_NUMBER, number=word))


def _whole(digits: str) -> int:
    _short_enough(digits)
    return int(digits)


def _number(digits: str) -> float:
    _short_enough(digits)
    number = float(digits)
    if abs(number) == float("inf"):
        raise _WrongError(filled(_NO_NUMBER, number=digits))
    return number


def _short_enough(digits: str) -> None:
    if len(digits.lstrip("-")) > _MOST_DIGITS:
        raise _WrongError(filled(_LONG, limit=str(_MOST_DIGITS)))


def shown(text: str) -> str:
    """A text that any screen can show: half characters are written as what they are."""
    return short(text.encode("utf-8", "backslashreplace").decode("utf-8"))
