"""Syntax trees made by us: each maker gives a node that stands nowhere in any text.

Parentheses are put where the grammar needs them, so that what is printed reads back as the same tree.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from functools import lru_cache
from typing import Final, Literal

from communityrules.diagnostics.source import Source, Span
from communityrules.language import tree

NOWHERE: Final = Span(Source("", ""), 0, 0)


# --- atoms ---------------------------------------------------------------------------------------------------


@lru_cache(maxsize=1024)
def name(text: str) -> tree.Name:
    return tree.Name(text, NOWHERE)


def text(value: str) -> tree.Text:
    # Other files can spell characters that no text of a rulebook holds.
    return tree.Text(value.replace("\0", " "), NOWHERE)


def number(value: int | Decimal) -> tree.Number:
    return tree.Number(Decimal(value), False, NOWHERE)


def duration(amount: int, unit: tree.TimeUnit) -> tree.Duration:
    return tree.Duration(Decimal(amount), unit, NOWHERE)


def path(dotted: str) -> tree.Path:
    return tree.Path(tuple(name(part) for part in dotted.split(".")), NOWHERE)


def regex(pattern: str) -> tree.Regex:
    return tree.Regex(pattern, NOWHERE)


def rule_id(value: str) -> tree.RuleId:
    return tree.RuleId(value, NOWHERE)


# --- conditions ----------------------------------------------------------------------------------------------


def predicate(
    left: tree.Expression, operator: tree.PredicateOperator, *right: tree.Expression, exactly: bool = False
) -> tree.Predicate:
    return tree.Predicate(operator, left, right, exactly, NOWHERE)


def compare(left: tree.Expression, operator: tree.CompareOperator, right: tree.Expression) -> tree.Expression:
    return tree.Compare(operator, left, right, NOWHERE)


def is_true(left: str) -> tree.Expression:
    return compare(path(left), "is", tree.Flag(True, NOWHERE))


def is_empty(left: str) -> tree.Expression:
    return predicate(path(left), "empty")


def is_not_empty(left: str) -> tree.Expression:
    return predicate(path(left), "not_empty")


def every(*conditions: tree.Expression) -> tree.Expression:
    """All of them; of one, that one."""
    return _joined("and", conditions)


def either(*conditions: tree.Expression) -> tree.Expression:
    """Any of them; of one, that one."""
    return _joined("or", conditions)


def _joined(operator: Literal["and", "or"], conditions: Iterable[tree.Expression]) -> tree.Expression:
    given = tuple(conditions)
    if len(given) == 1:
        return given[0]
    parts: list[tree.Expression] = []
    for one in given:
        inner = one.inner if isinstance(one, tree.Group) and isinstance(one.inner, tree.Logic) else one
        if isinstance(inner, tree.Logic) and inner.operator == operator:
            parts.extend(inner.operands)
        elif isinstance(inner, tree.Logic):
            parts.append(tree.Group(inner, NOWHERE))
        else:
            parts.append(one)
    return tree.Logic(operator, tuple(parts), NOWHERE)


def negated(condition: tree.Expression) -> tree.Expression:
    """The opposite; of an opposite, what it is the opposite of."""
    if isinstance(condition, tree.Not):
        inner = condition.operand
        return inner.inner if isinstance(inner, tree.Group) else inner
    if isinstance(condition, tree.Logic):
        condition = tree.Group(condition, NOWHERE)
    return tree.Not(condition, NOWHERE)


# --- actions -------------------------------------------------------------------------------------------------


def action(what: str, *bare: tree.Path | tree.Text | tree.Number, **slots: tree.Path | tree.Text) -> tree.Action:
    """`action("notify", path("staff"), with_=text("…"))`: bare arguments, then those that a word introduces."""
    arguments = [tree.Argument("", one, NOWHERE) for one in bare]
    for slot, value in slots.items():
        known: tree.Slot = "with" if slot == "with_" else "to"
        arguments.append(tree.Argument(known, value, NOWHERE))
    return tree.Action(name(what), tuple(arguments), (), NOWHERE)


# --- declarations --------------------------------------------------------------------------------------------


def layout(*before: str, after: str | None = None, blank: bool = False) -> tree.Layout:
    """Comments of one line each, before an item and at the end of its first line."""
    if not before and after is None and not blank:
        return tree.PLAIN
    lines: list[str] = []
    for one in before:
        if "\n" in one:
            lines += map(comment, one.split("\n"))
        else:
            lines.append(comment(one))
    return tree.Layout(tuple(lines), None if after is None else comment(after), blank)


#: What a comment cannot hold: ends of lines of any kind, and what nobody sees.
_UNSEEN: Final = re.compile(r"[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff]")
#: Characters of one line of a comment that are kept.
_LONGEST: Final = 400


def comment(said: str) -> str:
    """One line of a comment: nothing in it can end it."""
    said = said.rstrip() if said.isprintable() else _UNSEEN.sub(" ", said).rstrip()
    return said if len(said) <= _LONGEST else said[: _LONGEST - 1] + "…"


def fields(declared: Iterable[tuple[str, str]]) -> tuple[tree.FieldDeclaration, ...]:
    """`("title", "text")` and so on, as `title: text`."""
    found = []
    for called, kind in declared:
        known: Literal["text", "number", "boolean", "duration"] = (
            "number" if kind == "number" else "boolean" if kind == "boolean" else "duration" if kind == "duration"
            else "text"
        )  # fmt: skip
        found.append(tree.FieldDeclaration(name(called), tree.TypeName(known, None, NOWHERE), NOWHERE))
    return tuple(found)


def pattern(called: str, spelt: str, laid: tree.Layout = tree.PLAIN) -> tree.PatternDeclaration:
    return tree.PatternDeclaration(name(called), regex(spelt), span=NOWHERE, layout=laid)


def word_list(called: str, items: Iterable[str]) -> tree.ListDeclaration:
    """A list whose words are found through disguise."""
    return tree.ListDeclaration(name(called), exactly=False, items=tuple(map(text, items)), file=None, span=NOWHERE)
