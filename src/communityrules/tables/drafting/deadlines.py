"""Within which time something must be answered or settled: duties."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from communityrules.diagnostics.message import Bilingual, Language
from communityrules.frozen import dataclass
from communityrules.language import tree
from communityrules.tables import making
from communityrules.tables.drafting import numbers, said
from communityrules.tables.drafting.norms import Norm
from communityrules.tables.drafting.phrases import Phrase, held_by, pattern
from communityrules.tables.drafting.sentence import Reading
from communityrules.tables.making import NOWHERE

_WORKING: Final = Bilingual("working_days", "工作日历")
_EVENTS: Final = ("feedback", "complaint", "report")
_ANSWERED: Final = re.compile(r"(?:之?内|以内|前)(?:予以|给予|进行)*反馈")
_NAMED: Final = re.compile(r"反馈|投诉|举报|feedback|complain|report")
_LENGTH: Final = re.compile(numbers.LENGTH)


@dataclass(frozen=True, slots=True)
class Opened:
    """What opens a duty: event types, and whether the words name them."""

    events: tuple[str, ...]
    named: bool


NOT_OPENED: Final = Opened((), named=False)


@cache
def beside() -> Phrase:
    """Words beside a deadline that change nothing about it."""
    return pattern("deadlines", "beside")


def deadlines(reading: Reading, opened: Opened, language: Language) -> list[Norm]:
    """The duties of a sentence. `opened`: what opens them by the words before (`opened_by`)."""
    lines = pattern("deadlines", "lines").lines(reading.held)
    if not lines:
        return []
    requires: list[tuple[int, tree.Require, bool]] = []
    places: list[tuple[int, int]] = []
    trigger = reading.left
    for looked in lines:
        match = looked.search(reading.left)
        while match is not None:
            groups = match.groupdict()
            length = numbers.length(groups["span"]) if groups.get("span") else _length_in(match[0])
            exact = length.exact if length is not None else None
            if exact is None or length is None:
                break
            event = "reply" if groups.get("reply") is not None else "resolved"
            calendar = making.name(_WORKING.fill(language, {})) if length.working else None
            duration = tree.Duration(exact.amount, exact.unit, NOWHERE)
            require = tree.Require(making.name(event), None, duration, calendar, (), NOWHERE)
            requires.append((match.start(), require, length.working))
            reading.take(*match.span())
            places.append(match.span())
            match = looked.search(reading.left)
    if not requires:
        return []
    own = opened_by(trigger)
    opened = own if own.events else opened
    first, last = min(one[0] for one in places), max(one[1] for one in places)
    words = reading.said(reading.segment(first)[0], reading.segment(max(first, last - 1))[1])
    if not opened.events:
        return [Norm("todo", words, why=said.UNKNOWN_TRIGGER)]
    assumed: tuple[Bilingual, ...] = () if opened.named else (said.WHO_ANSWERS,)
    needs: tuple[tree.Declaration, ...] = ()
    working = any(one[2] for one in requires)
    if working:
        needs = (_working_days(language),)
        assumed = (*assumed, said.WORKDAYS if language == "zh" else said.WORKDAYS_PLAIN)
    ordered = tuple(one[1] for one in sorted(requires, key=lambda one: one[0]))
    return [Norm("duty", words, events=opened.events, requires=ordered, needs=needs, assumed=assumed)]


def _length_in(text: str) -> numbers.Length | None:
    match = _LENGTH.search(text)
    return numbers.length(match[0]) if match is not None else None


def opened_by(text: str) -> Opened:
    """What opens a duty by the words of an even text."""
    # 24小时内反馈 is an answer, not what is answered.
    plain = _ANSWERED.sub("", text)
    held = held_by(plain)
    events = tuple(one for one in _EVENTS if pattern("deadlines", one).found_in(plain, held=held))
    return Opened(events, bool(events) and _NAMED.search(plain) is not None) if events else NOT_OPENED


def _working_days(language: Language) -> tree.CalendarDeclaration:
    day = (tree.TimeOfDay(0, NOWHERE), tree.TimeOfDay(1440, NOWHERE))
    lines: list[tree.WorkingHours | tree.Holidays | tree.Workdays] = [
        tree.WorkingHours("monday", "friday", *day, NOWHERE)
    ]
    if language == "zh":
        lines.append(tree.Holidays(making.name("CN"), (), None, NOWHERE))
    return tree.CalendarDeclaration(making.name(_WORKING.fill(language, {})), tuple(lines), NOWHERE)
