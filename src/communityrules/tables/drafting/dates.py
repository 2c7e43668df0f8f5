"""From when to when a rule holds: the words of a cell."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache
from typing import Final

from communityrules.diagnostics.message import Bilingual
from communityrules.language import tree
from communityrules.tables.drafting import said
from communityrules.tables.drafting.text import even
from communityrules.tables.making import NOWHERE

_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH: Final = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_DATE: Final = re.compile(
    rf"(?P<y>[0-9]{{4}})\s*[-/.年]\s*(?P<m>[0-9]{{1,2}})\s*[-/.月]\s*(?P<d>[0-9]{{1,2}})\s*[日号]?(?:\s*[t "
    rf"]?\s*00:00(?::00)?(?:\.0+)?)?"
    rf"|(?P<d2>[0-9]{{1,2}})(?:st|nd|rd|th)?\s+(?P<m2>{_MONTH}),?\s+(?P<y2>[0-9]{{4}})"
    rf"|(?P<m3>{_MONTH})\s+(?P<d3>[0-9]{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<y3>[0-9]{{4}})"
)
_AT_ONCE: Final = re.compile(
    r"(?:即时|即日|立即|马上|发布之?日|公布之?日|颁布之?日|即刻|从即日|自即日|自发布之?日|自公布之?日|"
    r"当日)?(?:起)?(?:实施|生效|执行|施行|有效|开始)?"
    r"|(?:effective |in force |in effect |valid )?(?:immediately|at once|now|from now(?: on)?|upon "
    r"(?:publication|release)|with immediate effect|as of now|today)(?: effective)?"
)
_LONG_TERM: Final = re.compile(
    r"长期(?:有效|实施|执行|适用)?|永久(?:有效)?|一直(?:有效)?|always|permanent(?:ly)?|long[- ]term|ongoing|"
    r"indefinite(?:ly)?|at all times|no end"
)
_FROM: Final = re.compile(
    r"(?:自|从|于|from|since|as of|starting(?: on)?|effective|on|valid|in force|in effect|beginning(?: on)?|"
    r"from the|\s)*"
)
_FROM_END: Final = re.compile(
    r"(?:零时|0时|00:00)?\s*(?:起|开始|起始|及以后|onwards?|on|\+)?\s*(?:正式)?(?:实施|生效|执行|施行|实行|"
    r"有效|长期有效)?"
)
_BETWEEN: Final = re.compile(r"\s*(?:起)?\s*(?:至|到|~|-+|through|until|till|to|,?\s*(?:截至|截止到?))\s*")
_END: Final = re.compile(r"\s*(?:止|为止|结束|截止|有效|前有效|期间|实施|执行|生效)?")


@lru_cache(maxsize=1024)
def of_cell(words: str) -> tuple[tuple[tree.Clause, ...], tuple[Bilingual, ...]] | None:
    """The clauses that the words of a cell say, and what was assumed; None when they are not understood."""
    text = even(words).strip(" .。;")
    if not text:
        return (), ()
    if _AT_ONCE.fullmatch(text):
        return (tree.Effective(None, None, NOWHERE),), ()
    if _LONG_TERM.fullmatch(text):
        return (tree.Effective(None, None, NOWHERE),), (said.DATES,)
    trial = re.fullmatch(r"(?:试行|试运行|trial)(?:期)?(?:至|到|截至| until| through| to)?(?P<rest>.*)", text)
    dates = list(_DATE.finditer(text))
    days = [_day(one) for one in dates]
    if any(one is None for one in days) or not 1 <= len(dates) <= 2:
        return None
    found = [one for one in days if one is not None]
    if trial is not None and len(found) == 1 and _END.fullmatch(text[dates[0].end() :]):
        return (tree.Trial(tree.Day(found[0], NOWHERE), NOWHERE),), ()
    if not _FROM.fullmatch(text[: dates[0].start()]):
        until = re.fullmatch(r"(?:有效期)?(?:至|到|截至|截止|until|through|till)\s*", text[: dates[0].start()])
        if until is None or len(found) != 1 or not _END.fullmatch(text[dates[0].end() :]):
            return None
        return (tree.Effective(None, tree.Day(found[0], NOWHERE), NOWHERE),), ()
    if len(found) == 1:
        if not _FROM_END.fullmatch(text[dates[0].end() :]):
            return None
        return (tree.Effective(tree.Day(found[0], NOWHERE), None, NOWHERE),), ()
    middle, rest = text[dates[0].end() : dates[1].start()], text[dates[1].end() :]
    if not _BETWEEN.fullmatch(middle) or not _END.fullmatch(rest) or found[1] < found[0]:
        return None
    return (tree.Effective(tree.Day(found[0], NOWHERE), tree.Day(found[1], NOWHERE), NOWHERE),), ()


def _day(match: re.Match[str]) -> date | None:
    year = match["y"] or match["y2"] or match["y3"]
    day = match["d"] or match["d2"] or match["d3"]
    named = match["m2"] or match["m3"]
    month = _MONTHS.index(named[:3]) + 1 if named else int(match["m"])
    try:
        return date(int(year), month, int(day))
    except ValueError:
        return None
