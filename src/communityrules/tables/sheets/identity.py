"""The numbers of rules, kept as they are written."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from typing import Final

from communityrules.frozen import dataclass
from communityrules.tables.sheets.formats import plain
from communityrules.tables.sheets.model import Cell

_ZH: Final = "零〇一二三四五六七八九十百千两壹贰叁肆伍陆柒捌玖拾"
#: `1`, `001`, `1.1`, `1.1.2`, `A-3`, `V1.2.3`, `R_12`, `2024-03`.
_CODE: Final = re.compile(
    r"[A-Za-z]{0,12}[-_.#/]?[0-9]{1,9}[A-Za-z]{0,3}(?:[-_./][A-Za-z]{0,6}[0-9]{1,9}[A-Za-z]{0,3}){0,8}"
)
#: `第十五条`, `第3款`, `第二章第三条`, `十五`.
_ARTICLE: Final = re.compile(rf"(?:第[{_ZH}0-9]{{1,9}}[条條款项項章节節则則点點号號编編])+(?:之[{_ZH}0-9]{{1,4}})?")
_COUNTED: Final = re.compile(rf"[{_ZH}]{{1,7}}")
#: What stands around a number without being part of it.
_BEFORE: Final = re.compile(r"(?:规则|規則|条款|條款|rule|article|section|no\.?|№|§)\s*", re.IGNORECASE)
_AROUND: Final = " \t\n.、,:;。)]】》([【《"
_CIRCLED: Final = {chr(0x2460 + index): str(index + 1) for index in range(20)}
#: Characters of a number of a rule; longer texts are none.
_LONGEST: Final = 40


@dataclass(frozen=True, slots=True)
class RuleNumber:
    """The number of a rule."""

    #: As the rulebook writes it.
    text: str
    #: As the cell shows it.
    words: str


def rule_number(cell: Cell) -> RuleNumber | None:
    """The number in a cell, as a person sees it: `001`, `1`, `1.10`, `A-3`, `第十五条`; None when there is none.

    Signs around it are left out (`3.`, `(3)`, `规则 3`), full-width signs are written narrow; nothing else changes.
    """
    shown = cell.shown
    if isinstance(cell.value, Decimal) and not shown.strip():
        shown = plain(cell.value)
    found = number_in(shown)
    return None if found is None else RuleNumber(found, shown.strip())


def number_in(text: str) -> str | None:
    """The number that a text is; None when it is something else."""
    text = unicodedata.normalize("NFKC", "".join(_CIRCLED.get(char, char) for char in text[: 2 * _LONGEST])).strip()
    if not text or len(text) > _LONGEST:
        return None
    text = text.strip(_AROUND)
    bare = _BEFORE.sub("", text, count=1) if _BEFORE.match(text) else text
    for one in (bare, text):
        if _CODE.fullmatch(one) or _ARTICLE.fullmatch(one) or _COUNTED.fullmatch(one):
            return one
    # A short code of letters alone: `A`, `SPAM`, `IV`.
    return bare if re.fullmatch(r"[A-Z]{1,8}", bare) else None


def is_number(text: str) -> bool:
    """Whether a text is the number of a rule."""
    return number_in(text) is not None
