"""Sheets as plain text cells: what stands between a rulebook and a file of any kind."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

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
