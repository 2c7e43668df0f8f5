"""Sheets as plain text cells: what stands between a rulebook and a file of any kind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

#: A sheet as a file has it: its title and its rows of cells, the line of heads among them.
Raw = tuple[str, Sequence[Sequence[str]]]

#: What a sheet holds. `history` is for people alone and is not read again.
SheetKind = Literal["about", "rules", "table", "lists", "parameters", "penalties", "declarations", "tests", "history"]


@dataclass(slots=True)
class Sheet:
    """One sheet: a line of heads, and rows of as many cells. Cells are texts; an empty one says nothing."""

    kind: SheetKind
    title: str
    #: Ids of the columns; see `communityrules.tables.workbook.heads`.
    columns: list[str]
    heads: list[str]
    rows: list[list[str]] = field(default_factory=list)
    #: A line above the heads: of a rule table, its own first lines.
    banner: str = ""


@dataclass(slots=True)
class Workbook:
    """The sheets of one rulebook, in the order in which a person turns to them."""

    sheets: list[Sheet]
    #: The names that a scope can be made of, to choose from.
    scopes: list[str]
    #: The words for how binding a rule is, to choose from.
    modalities: list[str]


def raw(workbook: Workbook) -> list[Raw]:
    """Sheets as a file has them."""
    return [
        (one.title, [[one.banner], one.heads, *one.rows] if one.banner else [one.heads, *one.rows])
        for one in workbook.sheets
    ]
