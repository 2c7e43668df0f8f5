"""Numbers in words: 最近一小时, `mute one day`, `>= 三`."""

from __future__ import annotations

import re
from functools import lru_cache

from communityrules.diagnostics.message import Diagnostic, Fix
from communityrules.language import messages
from communityrules.language.keywords import Keyword, keyword_table
from communityrules.language.token import Token, make_token
from communityrules.language.trouble.place import HAN, Finding, Place, Repair

_ENGLISH = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40, "sixty": 60,
    "ninety": 90, "hundred": 100,
}  # fmt: skip
_DIGITS = {letter: value for value, letter in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0}
_ONE = "[一二两三四五六七八九]"
_CHINESE = re.compile(rf"(?:({_ONE})百零?)?(?:({_ONE}?)(十))?({_ONE})?")
#: With what a number in words begins, for a quick look.
FIRST_WORDS = frozenset({*_ENGLISH, "half"})
FIRST_LETTERS = frozenset("一二两三四五六七八九十半")
_HALVES = {"minute": (30, "second"), "hour": (30, "minute"), "day": (12, "hour"), "month": (15, "day"),
           "year": (6, "month")}  # fmt: skip
_CHINESE_WORD = re.compile(r"([一二两三四五六七八九十百零]+|半)[ \t]*(\w*)")
_ENGLISH_WORDS = re.compile(r"([A-Za-z]+)(?:[ \t-]+(an?)(?!\w))?(?:[ \t-]+(\w+))?")
_LATER = re.compile(r"[ \t]*(?:之后|以后|后|later)(?!\w)")
_INSIDE = re.compile(r"(?:以内|之内|内)$")
_AFTERWARDS = re.compile(r"(?:之后|以后|后)$")
#: After these a word that is a number is one.
_BEFORE_NUMBERS = frozenset(
    {"LESS", "AT_MOST", "MORE", "NOT_LESS", "EQUAL", "UNEQUAL", "IS", "IS_NOT", "AT_LEAST", "QUORUM", "TOP", "APPEAL"}
)


def chinese_number(letters: str) -> int | None:
    """The number that letters such as 二十四 spell, below a thousand."""
    match = _CHINESE.fullmatch(letters)
    if match is None or not letters:
        return None
    hundreds, tens, ten, ones = match.groups()
    tens_value = _DIGITS[tens] if tens else 1 if ten else 0
    return (_DIGITS[hundreds] if hundreds else 0) * 100 + tens_value * 10 + (_DIGITS[ones] if ones else 0)


@lru_cache(maxsize=1)
def _units() -> dict[str, Keyword]:
    table = keyword_table()
    found = {spelling: one for one in table.section("units") for spelling in (*one.en, *one.zh)}
    also = {"个星期": "week", "钟头": "hour", "个钟头": "hour", "分": "minute"}
    return found | {word: table.entry("units", unit) for word, unit in also.items()}


def length_in_words(text: str, start: int, end: int) -> tuple[int, str] | None:
    """Where a length of time in words ends, and the same in digits: 一小时, `two days`, `half an hour`."""
    chinese = _CHINESE_WORD.match(text, start, end)
    if chinese:
        word = _AFTERWARDS.sub("", chinese.group(2))
        unit = _units().get(word) or _units().get(_INSIDE.sub("", word))
        if unit is None:
            return None
        stop = chinese.start(2) + len(word)
        if chinese.group(1) == "半":
            return _half(unit, stop, chinese=True)
        number = chinese_number(chinese.group(1))
        return (stop, f"{number}{unit.zh[0]}") if number else None
    words = _ENGLISH_WORDS.match(text, start, end)
    if words is None:
        return None
    first = words.group(1).lower()
    unit = _units().get((words.group(3) or words.group(2) or "").lower())
    if unit is None:
        return None
    if first == "half":
        return _half(unit, words.end(), chinese=False)
    counted = _ENGLISH.get(first)
    if counted is None or words.group(2):
        return None
    return words.end(), f"{counted} {unit.en[0 if counted == 1 else 1]}"


def _half(unit: Keyword, stop: int, *, chinese: bool) -> tuple[int, str] | None:
    if unit.id not in _HALVES:
        return None
    amount, smaller = _HALVES[unit.id]
    meant = keyword_table().entry("units", smaller)
    return stop, f"{amount}{meant.zh[0]}" if chinese else f"{amount} {meant.en[1]}"


def number_in_words(place: Place) -> Finding | None:
    """A length of time or a number in words, where one could stand."""
    start = place.start
    if not place.word or (place.word[0] not in FIRST_LETTERS and place.word.lower() not in FIRST_WORDS):
        return None
    length = length_in_words(place.text, start, place.run.end)
    if length and place.expected & {"DURATION", "LATER"}:
        return _length(place, *length)
    previous = place.run.previous
    if previous is None or previous.type not in _BEFORE_NUMBERS or "NUMBER" not in place.expected:
        return None
    letters = re.match(r"[一二两三四五六七八九十百零]+", place.word)
    # Alone, `a` and `an` are names: nobody means the number one by `>= a`.
    word = place.word.lower()
    number = chinese_number(letters.group()) if letters else None if word in ("a", "an") else _ENGLISH.get(word)
    rest = place.word[letters.end() :] if letters else ""
    if not number or (rest and rest not in ("次", "项")):
        return None
    return _in_digits(place, place.stop - len(rest), str(number), "NUMBER")


def _length(place: Place, stop: int, mended: str) -> Finding:
    if "LATER" in place.expected:
        later = _LATER.match(place.text, stop, place.run.end)
        if later:
            word = keyword_table().entry("words", "later")
            spelling = word.zh[0] if place.word > HAN else word.en[0]
            return _in_digits(place, later.end(), f"{mended} {spelling}", "LATER")
    return _in_digits(place, stop, mended, "DURATION")


def _in_digits(place: Place, stop: int, mended: str, kind: str) -> Finding:
    span = place.span(None, stop)
    values = {"found": span.text, "mended": mended}
    diagnostic = Diagnostic(messages.NUMBER_IN_WORDS, span, values, Fix(span, mended))
    return Finding(diagnostic, Repair((make_token(kind, mended, place.start, stop),), stop))


def seems_a_number(token: Token) -> bool:
    """A quick look at a name: whether it could be a number in words."""
    return token[0] in FIRST_LETTERS or token.lower() in FIRST_WORDS
