"""Whatever tree there is: its sheets give back every declaration of it."""

from __future__ import annotations

import sys
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any, Literal

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parents[2] / "language"))

from test_workbook import WAYS
from trees import TREES, files

from communityrules.diagnostics.source import Source
from communityrules.language import tree
from communityrules.language.format import format_file
from communityrules.language.names import NoNames
from communityrules.language.parse import parse
from communityrules.tables.workbook.entering import enter
from communityrules.tables.workbook.leaving import leave

NAMED = (tree.ListDeclaration, tree.ParameterDeclaration, tree.PenaltyDeclaration, tree.Table)


def bare(node: Any) -> Any:
    """A node without comments and blank lines."""
    if isinstance(node, tuple):
        return tuple(bare(one) for one in node)
    if not is_dataclass(node) or isinstance(node, type):
        return node
    changed = {one.name: bare(getattr(node, one.name)) for one in fields(node) if one.name not in ("span", "layout")}
    if any(one.name == "layout" for one in fields(node)):
        changed["layout"] = tree.PLAIN
    return replace(node, **changed)


def said(file: tree.File) -> list[str]:
    """Every declaration in one spelling, its clauses in one order."""
    found = []
    for one in file.declarations:
        alone = tree.File((bare(one),), (), file.span, file.spelling)
        lines = format_file(alone, NoNames(), "en").splitlines()
        if isinstance(one, tree.Rule | tree.Amend):
            lines = [lines[0], *sorted(lines[1:])]
        found.append("\n".join(lines))
    return sorted(found)


def _twice(clauses: tuple[tree.Clause, ...]) -> bool:
    return sum(isinstance(one, tree.Content) for one in clauses) > 1


@settings(max_examples=TREES, deadline=None, suppress_health_check=list(HealthCheck))
@given(files(), st.sampled_from(["en", "zh"]), st.sampled_from(sorted(WAYS)))
def test_any_tree_comes_back(file: tree.File, language: Literal["en", "zh"], way: str) -> None:
    text = format_file(file, NoNames(), language)
    read, diagnostics = parse(Source("book.rules", text))
    names = [(type(one), one.name.text) for one in read.declarations if isinstance(one, NAMED)]
    # What `check` refuses anyway need not come back: two of one name, two contents of one rule.
    assume(not any(_twice(one.clauses) for one in read.declarations if isinstance(one, tree.Rule | tree.Amend)))
    assume(not any(one.severity == "error" for one in diagnostics) and len(names) == len(set(names)))
    assume(sum(isinstance(one, tree.Header) for one in read.declarations) <= 1)
    entered = enter(WAYS[way](leave(read, NoNames(), language)))
    again, wrong = parse(Source("sheets", entered.text))
    assert not [one.text("en") for one in wrong if one.severity == "error"], entered.text
    assert said(again) == said(read)
