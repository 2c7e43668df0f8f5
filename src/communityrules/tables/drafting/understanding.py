"""What one sentence says: each recogniser in turn, and then what is left.

The order matters: what has numbers is looked for first, because the words of prohibition inside it (`不得超过三次`) are
no prohibitions. What a recogniser understands is marked, so that the next one does not read it again. A bound or a
deadline counts only when nothing else is left of its stretch of the sentence: what is left would narrow it.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from communityrules.diagnostics.message import Language
from communityrules.tables import making
from communityrules.tables.drafting import hours as hours_of
from communityrules.tables.drafting import numbers, said
from communityrules.tables.drafting.deadlines import Opened, beside, deadlines
from communityrules.tables.drafting.hours import hours
from communityrules.tables.drafting.limits import limits
from communityrules.tables.drafting.norms import Norm, Norms, Strength
from communityrules.tables.drafting.penalties import Found, consequences
from communityrules.tables.drafting.phrases import pattern
from communityrules.tables.drafting.prohibitions import of_categories, prohibitions, subjects
from communityrules.tables.drafting.reports import reports
from communityrules.tables.drafting.review import review
from communityrules.tables.drafting.scope import of_sentence
from communityrules.tables.drafting.sentence import TAKEN, Reading
from communityrules.tables.drafting.text import Sentence

_NUMBER_UNIT: Final = re.compile(
    r"[0-9一二三四五六七八九十两]+\s*(?:次|条|个|天|日|小时|分钟|周|月|年|人|名|分|元|字|%)|[0-9]+ ?(?:times|"
    r"days?|hours?|posts?|points?)"
)


@lru_cache(maxsize=4096)
def understood(sentence: Sentence, opened: Opened, listed: bool, language: Language, followed_already: bool) -> Norms:
    """What one sentence says, each once: tables repeat themselves. What comes of it is not to be changed.

    `opened`: what opens a duty by the words before. `followed_already`: they say what follows a breach.
    """
    reading, found = Reading(sentence), Norms()
    whole = sentence.even
    spoken = bool(reading.markers())
    scope = of_sentence(reading, language)
    norms: list[Norm] = reports(reading)
    if not norms:
        followed = _followed(reading, language, found, followed_already)
        norms += followed
    norms += _numbered(reading, opened, language)
    waits = review(reading, language)
    norms += waits
    if not waits:
        norms += prohibitions(reading, listed, language)
    for norm in norms:
        norm.scope = norm.scope or scope
        if scope is not None and scope.staff and not spoken and norm.kind == "message" and not norm.categories:
            # 管理员在22:00至8:00休息 tells of something and asks nothing.
            norm.kind, norm.condition, norm.why = "todo", None, said.WHOLE
    if not norms and ((found.consequence is None and not followed_already) or TAKEN not in reading.left):
        norms = _unread(reading, whole)
        for norm in norms:
            norm.scope = norm.scope or scope
    else:
        norms += _left_over(reading, norms)
    found.found = norms
    return found


#: Without anything of this kind there is no bound, time of day or deadline to look for.
_COUNTED: Final = re.compile(f"{numbers.NUMBER}|半|正午|noon|midnight")


def _numbered(reading: Reading, opened: Opened, language: Language) -> list[Norm]:
    """Bounds, times of day and deadlines; a `todo` for each whose stretch of the sentence says more."""
    if not _COUNTED.search(reading.left):
        return []
    found: list[tuple[Norm, list[int], bool]] = []
    untouched = reading.left
    for kind in ("deadlines", "limits", "hours"):
        before = reading.left
        norms = (
            deadlines(reading, opened, language) if kind == "deadlines"
            else limits(reading) if kind == "limits" else hours(reading)
        )  # fmt: skip
        if not norms:
            continue
        if kind == "deadlines":
            opening = pattern("deadlines", "opening").match(untouched, held=reading.held)
            if opening is not None:
                reading.take(*opening.span())
        places = [place for place, char in enumerate(reading.left) if char == TAKEN and before[place] != TAKEN]
        found += [(norm, places, kind == "deadlines") for norm in norms]
    for norm, places, _ in found:
        if norm.strength != "should":
            norm.strength = _strength_of(reading, places[0] if places else 0)
    judged: list[Norm] = []
    for norm, places, owed in found:
        if norm.kind == "todo" or not places:
            continue
        start, end = _around(reading, places)
        # 及时响应:24小时内回复. What stands before the colon is a title.
        start = max(start, reading.left.rfind(":", start, places[0]) + 1)
        rest = reading.rest(start, end, *((beside(),) if owed else ()), _PERIODIC)
        if rest and not owed and hours_of.rest_without_clock(reading, start, end):
            # At most three a day and not in rest hours: without a clock, people see to the second.
            rest = reading.rest(start, end, _PERIODIC, pattern("hours", "quiet"), pattern("hours", "rest"))
            if not rest:
                strength: Strength = "should" if norm.strength == "should" else "must_not"
                judged.append(Norm("found", reading.said(start, end), strength))
        if rest or reading.guarded("except", "if", "manner", "example"):
            norm.kind, norm.condition, norm.requires, norm.needs = "todo", None, (), ()
            norm.words, norm.why = reading.words, said.NARROWER
        else:
            _take_plain(reading, start, end)
    return [*(norm for norm, _, _ in found), *judged]


_PERIODIC: Final = re.compile(
    r"每天|每日|每人|成员|次数|频率|发言|时间段?|时段|期间|要求|规定|信息发布|daily|\bposting\b|\bfrequency\b|"
    r"\btimes?\b|\bin total\b|\bmembers?\b|\bstay\b|\bkeep\b|\bduring\b|\binformation\b|\bthe next day\b|"
    r"\bthat is\b|\bnamely\b|[()]"
)


_STRONG: Final = re.compile(
    r"禁止|严禁|不得|必须|务必|不准|不许|(?<![a-z])(?:must|forbidden|prohibited|not allowed|strictly)(?![a-z])"
)


def _strength_of(reading: Reading, place: int) -> Strength:
    near = reading.strength_at(place)
    if near in ("should", "advise_not"):
        return "should"
    markers = reading.markers()
    if any(one.strength in ("should", "advise_not") for one in markers) and not _STRONG.search(reading.left):
        # 建议每天三条,且不要在夜间发布: all of it is advice.
        return "should"
    return "must"


def _around(reading: Reading, places: list[int]) -> tuple[int, int]:
    """The stretch between commas that holds all of what was just understood."""
    return reading.segment(places[0])[0], reading.segment(places[-1])[1]


def _take_plain(reading: Reading, start: int, end: int) -> None:
    """The words of strength beside stay, for what else they govern; the rest of the stretch is understood."""
    at = start
    for one in reading.markers():
        if one.end > at and one.start < end:
            if one.start > at:
                reading.take(at, one.start)
            at = one.end
    if at < end:
        reading.take(at, end)


_RATING: Final = re.compile(r"五星|5星|好评|five[- ]star|5-star")


_ATTENDED: Final = re.compile("签到|打卡|每次分享")
_BANNED: Final = re.compile(r"(?<!er)(?<!ers)\s(?:is|are) (?:strictly |absolutely )?banned$")


def _followed(reading: Reading, language: Language, found: Norms, followed_already: bool) -> list[Norm]:
    """What a sentence says follows. The words before it name what it follows, or it follows a breach of this rule."""
    if _ATTENDED.search(reading.left):
        return []
    words = reading.words
    untouched = reading.left
    banned = _BANNED.search(untouched) if untouched.endswith("banned") else None
    if banned is not None and subjects(untouched[: banned.start()]):
        # Advertising is banned, not somebody.
        return []
    named = consequences(reading, alone=_RATING)
    if named is None:
        return []
    before = reading.left[: named.start].strip(" ,:")
    rating = _RATING.search(before)
    if named.why is None and rating and any(one.name.text in ("award", "deduct") for one in named.actions):
        return _rated(reading, named, words)
    forbidding = [
        one for one in reading.markers() if one.strength in ("must_not", "advise_not") and one.start < named.start
    ]
    if not forbidding and before:
        known = subjects(before)
        if known:
            norm = of_categories(known, words, language)
            norm.assumed = (*norm.assumed, *named.assumed)
            reading.take(0, len(reading.left))
            if named.why is not None:
                return [Norm("todo", words, why=named.why)]
            found.consequence = _consequence(named, words)
            return [norm]
        rest = reading.rest(0, named.start, pattern("consequences", "between"), pattern("consequences", "breaker"))
        if rest:
            reading.take(0, len(reading.left))
            return [Norm("todo", words, why=named.why or said.NARROWER)]
    stated = reading.said(named.start, named.end)
    if followed_already and named.why is None:
        return [Norm("todo", stated, why=said.STEPS)]
    if named.why is not None:
        return [Norm("todo", stated, why=named.why)]
    found.consequence = _consequence(named, stated)
    return []


def _consequence(named: Found, words: str) -> Norm:
    return Norm("breach", words, "must", ("breach",), actions=named.actions, assumed=named.assumed, ladder=named)


def _rated(reading: Reading, named: Found, words: str) -> list[Norm]:
    rest = reading.rest(
        0,
        len(reading.left),
        re.compile(
            r"获得?|收到|得到|五星|5星|好评|评价|的|客服|成员|每次|rating|five|star|5|,|for|receiving|getting|"
            r"who|gets?|member|earns?"
        ),
    )
    reading.take(0, len(reading.left))
    if rest or not re.search(r"五星|5星|five|5-", words.lower()):
        return [Norm("todo", words, why=said.NARROWER)]
    condition = making.compare(making.path("rating.score"), ">=", making.number(5))
    return [Norm("rating", words, "must", ("rating",), condition, named.actions)]


def _left_over(reading: Reading, norms: list[Norm]) -> list[Norm]:
    """What else the stretches of a sentence ask that was not understood."""
    found: list[Norm] = []
    if any(one.kind in ("todo", "found") and one.words == reading.words for one in norms):
        return found
    for start, end in reading.segments():
        rest = reading.rest(start, end, beside())
        if not rest:
            continue
        if hours_of.rest_without_clock(reading, start, end):
            # Without a clock, people see whether somebody was disturbed.
            part = reading.sentence.even[start:end]
            soft = reading.strength_at(start) == "should" or (
                hours_of.SOFT.search(part) and not hours_of.FIRM.search(part)
            )
            found.append(Norm("found", reading.said(start, end), "should" if soft else "must_not"))
        elif reading.guarded("vague", start=start, end=end):
            found.append(Norm("todo", reading.said(start, end), why=said.NO_NUMBER))
        elif _NUMBER_UNIT.search(reading.left[start:end]) or re.search(r"[0-9]", rest):
            found.append(Norm("todo", reading.said(start, end), why=said.WHOLE))
        elif any(start <= one.start < end and one.strength in ("must", "must_not") for one in reading.markers()):
            found.append(Norm("found", reading.said(start, end), "must"))
    return found


def _unread(reading: Reading, whole: str) -> list[Norm]:
    """A sentence of which nothing was understood: asked of people, left to do, or an explanation."""
    strength = reading.strength_at(0)
    words = reading.words
    if (
        strength not in ("may", "not_asked")
        and not _NUMBER_UNIT.search(whole)
        and pattern("fillers", "topic").found_in(whole, held=reading.held)
        and not reading.guarded("if", "example", "except")
    ):
        return [Norm("found", words, strength or "must")]
    if hours_of.rest_without_clock(reading, 0, len(whole)) and (strength or re.search("避|扰|disturb|avoid", whole)):
        return [Norm("found", words, strength or "must_not")]
    if reading.guarded("vague"):
        return [Norm("todo", words, why=said.NO_NUMBER)]
    if strength in ("may", "not_asked"):
        return [Norm("todo", words, why=said.NOT_ASKED)]
    if strength is not None and (
        _NUMBER_UNIT.search(whole) or reading.guarded("except", "if", "manner", "example", "at_least")
    ):
        return [Norm("todo", words, why=said.NARROWER if not _NUMBER_UNIT.search(whole) else said.WHOLE)]
    if strength is None and _NUMBER_UNIT.search(whole):
        return [Norm("todo", words, why=said.WHOLE)]
    if strength is not None:
        return [Norm("found", words, strength)]
    if pattern("fillers", "conduct").match(whole.strip()) and not reading.guarded("if", "example"):
        return [Norm("found", words, "must")]
    return []
