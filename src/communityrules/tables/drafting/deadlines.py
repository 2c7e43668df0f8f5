"""Within which time something must be answered or settled: duties."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from communityrules.diagnostics.message import Bilingual, Language
from communityrules.language import tree
from communityrules.tables import making
from communityrules.tables.drafting import numbers, said
from communityrules.tables.drafting.norms import Norm
from communityrules.tables.drafting.phrases import pattern, patterns
from communityrules.tables.drafting.sentence import Reading
from communityrules.tables.making import NOWHERE

_WORKING: Final = Bilingual("working_days", "工作日历")
_EVENTS: Final = ("feedback", "complaint", "report")


@cache
def beside() -> re.Pattern[str]:
    """Words beside a deadline that change nothing about it."""
    return pattern("deadlines", "beside")


def deadlines(reading: Reading, heard: str, language: Language) -> list[Norm]:
    """The duties of a sentence. `heard`: the rule's name and words before, where what opens the duty may be named."""
    requires: list[tuple[int, tree.Require, bool]] = []
    places: list[tuple[int, int]] = []
    trigger = reading.left
    for looked in patterns("deadlines", "lines"):
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
    events, assumed = _opened_by(trigger, heard)
    first, last = min(one[0] for one in places), max(one[1] for one in places)
    words = reading.said(reading.segment(first)[0], reading.segment(max(first, last - 1))[1])
    if not events:
        return [Norm("todo", words, why=said.UNKNOWN_TRIGGER)]
    needs: tuple[tree.Declaration, ...] = ()
    working = any(one[2] for one in requires)
    if working:
        needs = (_working_days(language),)
        assumed = (*assumed, said.WORKDAYS if language == "zh" else said.WORKDAYS_PLAIN)
    ordered = tuple(one[1] for one in sorted(requires, key=lambda one: one[0]))
    return [Norm("duty", words, events=events, requires=ordered, needs=needs, assumed=assumed)]


def _length_in(text: str) -> numbers.Length | None:
    match = re.search(numbers.LENGTH, text)
    return numbers.length(match[0]) if match is not None else None


def _opened_by(sentence: str, heard: str) -> tuple[tuple[str, ...], tuple[Bilingual, ...]]:
    for text in (sentence, heard):
        # 24小时内反馈 is an answer, not what is answered.
        plain = re.sub(r"(?:之?内|以内|前)(?:予以|给予|进行)*反馈", "", text)
        events = tuple(one for one in _EVENTS if pattern("deadlines", one).search(plain))
        if events:
            sure = re.search(r"反馈|投诉|举报|feedback|complain|report", plain) is not None
            return events, () if sure else (said.WHO_ANSWERS,)
    return (), ()


def _working_days(language: Language) -> tree.CalendarDeclaration:
    day = (tree.TimeOfDay(0, NOWHERE), tree.TimeOfDay(1440, NOWHERE))
    lines: list[tree.WorkingHours | tree.Holidays | tree.Workdays] = [
        tree.WorkingHours("monday", "friday", *day, NOWHERE)
    ]
    if language == "zh":
        lines.append(tree.Holidays(making.name("CN"), (), None, NOWHERE))
    return tree.CalendarDeclaration(making.name(_WORKING.fill(language, {})), tuple(lines), NOWHERE)
