"""How often, how far apart, how long: upper bounds for messages."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache, lru_cache
from typing import Final, TypeAlias

from communityrules.language import tree
from communityrules.tables import making
from communityrules.tables.drafting import numbers
from communityrules.tables.drafting.norms import Norm
from communityrules.tables.drafting.phrases import Held, Phrase, pattern
from communityrules.tables.drafting.sentence import Reading
from communityrules.tables.making import NOWHERE

_MESSAGE: Final = "message"
#: What makes a condition of a match; None where it says no number that can be used.
_Maker: TypeAlias = "Callable[[re.Match[str]], tree.Expression | None]"
#: Advice inside a bound.
_ADVISED: Final = re.compile(r"为宜|为佳|建议|不宜|(?<![便事适相不])宜|尽量|最好|原则上|推荐|提倡|鼓励|倡导|希望")
_LINKS: Final = re.compile(r"(?:需要助推的?)?(?:链接|网址|外链)|\blinks?\b")
_PICTURES: Final = re.compile(r"图片|照片|文件|附件|\b(?:pictures?|photos?|images?|files?|attachments?)\b")


def limits(reading: Reading) -> list[Norm]:
    """The bounds that a sentence sets."""
    found: list[Norm] = []
    for looked, maker in _bounds(reading.held & _kinds()[0]):
        match = looked.search(reading.left)
        while match is not None:
            condition = maker(match)
            # An upper bound that is called a lower one means something else.
            if condition is None or (
                maker is _often and reading.guarded("at_least", start=max(0, match.start() - 4), end=match.end() + 3)
            ):
                break
            start, end = match.span()
            reading.take(start, end)
            norm = Norm("message", reading.said(start, end), events=(_MESSAGE,), condition=condition)
            if _ADVISED.search(match[0]):
                norm.strength = "should"
            found.append(_narrowed(norm, reading, start, end))
            match = looked.search(reading.left)
    return found


@cache
def _kinds() -> tuple[Held, tuple[tuple[Phrase, _Maker], ...]]:
    """What any bound needs of a text, and each kind of bound with what makes its condition."""
    kinds = (
        (pattern("limits", "limits"), _often), (pattern("limits", "intervals"), _apart),
        (pattern("limits", "lengths"), _long),
    )  # fmt: skip
    return kinds[0][0].mask | kinds[1][0].mask | kinds[2][0].mask, kinds


@lru_cache(maxsize=4096)
def _bounds(held: Held) -> tuple[tuple[re.Pattern[str], _Maker], ...]:
    """The patterns of bounds that may match in a text that holds this much."""
    return tuple((looked, maker) for phrase, maker in _kinds()[1] for looked in phrase.lines(held))


def _narrowed(norm: Norm, reading: Reading, start: int, end: int) -> Norm:
    """`at most 2 links a day` counts messages with links."""
    call = norm.condition.left if isinstance(norm.condition, tree.Compare) else None
    if not isinstance(call, tree.Call):
        return norm
    first, last = reading.segment(start)
    for looked, field in ((_LINKS, "message.links"), (_PICTURES, "message.attachments")):
        beside = list(looked.finditer(reading.left, first, last))
        for match in beside:
            reading.take(*match.span())
        if beside or looked.search(reading.sentence.even, start, end):
            where = making.is_not_empty(field)
            call = tree.Call(call.function, call.arguments, call.by, call.window, where, NOWHERE)
            assert isinstance(norm.condition, tree.Compare)
            norm.condition = making.compare(call, norm.condition.operator, norm.condition.right)
            norm.words = reading.said(min(first, start), max(last, end))
            return norm
    return norm


def _often(match: re.Match[str]) -> tree.Expression | None:
    groups = match.groupdict()
    count = numbers.number(groups["count"])
    if count is None or count != count.to_integral_value() or count < 1:
        return None
    window: tree.Window
    if groups.get("span"):
        length = numbers.length(groups["span"])
        exact = length.exact if length is not None and not length.working else None
        if exact is None:
            return None
        window = tree.Sliding(tree.Duration(exact.amount, exact.unit, NOWHERE), NOWHERE)
    else:
        said = groups.get("period") or groups.get("period2") or ""
        unit = numbers.period(said) if said else "day"
        if unit is None:
            return None
        window = tree.Calendar(unit, NOWHERE)
    call = tree.Call(making.name("count"), (making.path("message"),), (making.path("member"),), window, None, NOWHERE)
    return making.compare(call, ">", making.number(count))


def _apart(match: re.Match[str]) -> tree.Expression | None:
    length = numbers.length(match["span"])
    exact = length.exact if length is not None and not length.working else None
    if exact is None:
        return None
    call = tree.Call(making.name("since"), (making.path("message"),), (making.path("member"),), None, None, NOWHERE)
    return making.compare(call, "<", tree.Duration(exact.amount, exact.unit, NOWHERE))


def _long(match: re.Match[str]) -> tree.Expression | None:
    count = numbers.number(match["count"])
    if count is None or count != count.to_integral_value() or count < 1:
        return None
    return making.compare(making.path("message.length"), ">", making.number(count))
