"""Runs of digits written in groups, which several detectors look through."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import accumulate
from typing import NamedTuple

#: Digits with one separator between groups, which may have spaces around it. A comma is none: `13,812` is an amount.
_RUN = re.compile(r"[0-9]+(?:(?:[ ]{1,2}|[ ]?[.\-_*~\u2010-\u2015\u00b7][ ]?)[0-9]+)*")
_GROUP = re.compile(r"[0-9]+")
#: In runs of single digits there are no groups as people write them.
_PAIR = re.compile(r"[0-9]{2}")


class Group(NamedTuple):
    """Digits without a gap, `[start, end)`."""

    digits: str
    start: int
    end: int


def runs(text: str, least: int) -> Iterator[list[Group]]:
    """The runs of a text with room for so many digits, each as its groups. `138-1234-5678` is one run of three."""
    for run in _RUN.finditer(text):
        start, end = run.span()
        if end - start >= least and _PAIR.search(text, start, end):
            yield [Group(one.group(), one.start(), one.end()) for one in _GROUP.finditer(text, start, end)]


def pieces(groups: list[Group], lengths: range, most: int) -> Iterator[list[Group]]:
    """At most `most` neighbouring groups whose digits together are as many as asked, from the left, longer first."""
    before = list(accumulate([len(one.digits) for one in groups], initial=0))
    for first in range(len(groups)):
        if before[min(first + most, len(groups))] - before[first] < lengths.start:
            continue
        fitting = []
        total = 0
        for last in range(first, min(first + most, len(groups))):
            total += len(groups[last].digits)
            if total >= lengths.stop:
                break
            if total in lengths:
                fitting.append(groups[first : last + 1])
        yield from reversed(fitting)


def join(groups: list[Group]) -> str:
    """The digits of all groups together."""
    return "".join(one.digits for one in groups)


#: What before or after digits says that they are money, a share or a part of a larger number.
_BEFORE = re.compile(r"(?:[$¥￥€£₩][ ]?|[0-9]\.|(?:^|[^0-9])[0-9]{1,3},)$")
_AFTER = re.compile(r"[ ]?(?:元|块|万|亿|%|％|美元)|\.[0-9]|,[0-9]{3}(?![0-9])")


def is_amount(text: str, start: int, end: int) -> bool:
    """Whether what stands around the digits says that they are an amount or part of one."""
    return _AFTER.match(text, end) is not None or _BEFORE.search(text[max(0, start - 5) : start]) is not None


def luhn(digits: str) -> bool:
    """Whether the last digit is right by Luhn's formula."""
    total = 0
    for at, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + at % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0
