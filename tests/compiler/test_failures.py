"""A rule that fails is skipped, recorded with its own line, and harms no other."""

from __future__ import annotations

import gc
import linecache
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from handmade import NOTHING, TEXT_FIELD, compare, field, happening, rule, rulebook
from msgspec.structs import replace as changed

from communityrules.checker.checked import (
    Arithmetic,
    Const,
    DefinitionRef,
    Expression,
    FunctionCall,
    Logic,
    Not,
    Origin,
)
from communityrules.compiler.compile import compile_rulebook
from communityrules.compiler.match import Match
from communityrules.diagnostics.message import Bilingual
from communityrules.library.declare import Function, Names
from communityrules.library.table import STANDARD
from communityrules.model.event import Event
from communityrules.model.values import BOOLEAN, NUMBER, TEXT


class Odd:
    """Its text differs from run to run."""


def _fail(_: str) -> int:
    raise RuntimeError(f"no luck with {Odd()!r}")


LIBRARY = replace(
    STANDARD,
    functions={
        **STANDARD.functions,
        "fails": Function(Names("fails", "失败"), Bilingual("Fails.", "失败。"), (TEXT,), NUMBER, _fail),
        "floats": Function(Names("floats", "浮"), Bilingual("A float.", "浮点。"), (TEXT,), NUMBER, lambda _: 0.1),
    },
)
FAILS = compare(FunctionCall("fails", (TEXT_FIELD,), NUMBER), ">", 1)


def judge(*rules: Any, event: Event | None = None, **given: Any) -> Match:
    return compile_rulebook(rulebook(rules, **given), LIBRARY).match(event or happening("hi"), NOTHING)


def test_a_failing_rule_is_skipped_and_recorded() -> None:
    match = judge(rule("1"), rule("2", condition=FAILS, origin=Origin("a.rules", 42, 3)), rule("3"))
    assert [hit.rule.id for hit in match.hits] == ["1", "3"]
    (failure,) = match.errors
    assert (failure.rule, failure.file, failure.line) == ("2", "a.rules", 42)
    assert failure.error.startswith("RuntimeError: no luck with <")
    assert "0x" not in failure.error


def test_what_is_not_reached_does_not_fail() -> None:
    assert not judge(rule("1", condition=Logic("or", (Const(True, BOOLEAN), FAILS)))).errors
    assert not judge(rule("1", condition=Logic("and", (Const(False, BOOLEAN), FAILS)))).errors
    assert not judge(rule("1", condition=FAILS, start=2**62)).errors
    assert not judge(rule("1", condition=FAILS), event=changed(happening("hi"), type="join")).errors


def test_a_failing_definition_fails_only_the_rules_that_need_it() -> None:
    broken = DefinitionRef("broken", BOOLEAN)
    rules = (
        rule("1", condition=broken),
        rule("2", condition=Logic("or", (Const(True, BOOLEAN), broken))),
        rule("3", condition=Not(broken)),
    )
    match = judge(*rules, definitions={"broken": FAILS})
    assert [hit.rule.id for hit in match.hits] == ["2"]
    assert [failure.rule for failure in match.errors] == ["1", "3"]


def test_a_failed_rule_overrides_nothing_and_closes_no_table() -> None:
    match = judge(rule("1"), rule("2", condition=FAILS, overrides=("1",)))
    assert match.hits[0].overridden_by is None
    match = judge(rule("1", condition=FAILS, first_match="t"), rule("2", first_match="t"), rule("3", first_match="t"))
    assert [hit.rule.id for hit in match.hits] == ["2"]


def test_absurd_numbers_fail_their_rule_alone() -> None:
    event = changed(happening("hi"), fields={"a": Decimal("1e999999"), "b": Decimal("1e-999999")})
    for operator in ("+", "-", "/"):
        total = Arithmetic(operator, field("a"), field("b"), NUMBER)  # type: ignore[arg-type]
        match = judge(rule("1", condition=compare(total, ">", 1)), rule("2"), event=event)
        assert [hit.rule.id for hit in match.hits] == ["2"]
        assert len(match.errors) == 1
    assert len(judge(rule("1", condition=compare(field("a"), ">", 1)), event=event).hits) == 1


def test_binary_fractions_of_functions_are_decimals() -> None:
    floats = FunctionCall("floats", (TEXT_FIELD,), NUMBER)
    assert len(judge(rule("1", condition=compare(floats, "is", Decimal("0.1")))).hits) == 1


def test_tracebacks_show_the_generated_line_and_know_the_rules_own() -> None:
    evaluator = compile_rulebook(rulebook([rule("1", condition=FAILS, origin=Origin("a.rules", 42, 3))]), LIBRARY)
    file, places = next(one for one in evaluator._program.lines.items() if one[1])
    lines = linecache.getlines(file)
    assert all(origin == Origin("a.rules", 42, 3) for origin in places.values())
    assert [number for number, line in enumerate(lines, 1) if "try:" in line] == [min(places)]
    assert "line 42 of the rules" in lines[min(places) - 1]
    del evaluator
    gc.collect()
    assert file not in linecache.cache


def nested(depth: int) -> Expression:
    condition: Expression = compare(field("a"), ">", 0)
    for at in range(depth):
        condition = Not(condition) if at % 2 else Logic("or", (condition, compare(field("a"), "is", at + 10)))
    return condition


@pytest.mark.parametrize("depth", [30, 120, 200])
def test_deep_conditions_compile(depth: int) -> None:
    match = judge(rule("1", condition=nested(depth)), event=changed(happening("hi"), fields={"a": 1}))
    assert (len(match.hits), match.errors) == (1 if depth % 4 == 0 else 0, ())


def test_wide_conditions_compile_and_are_explained() -> None:
    many = tuple(compare(field("a"), "is", number) for number in range(5000))
    event = changed(happening("hi"), fields={"a": 4321})
    (hit,) = judge(rule("1", condition=Logic("or", many)), event=event).hits
    assert [one["limit"] for one in hit.evidence] == [4321]
    none = Not(Logic("and", (Not(Logic("or", many)),)))
    assert len(judge(rule("1", condition=none), event=event).hits) == 1


def test_definitions_that_use_each_other_twice_stay_small() -> None:
    flag = field("ok", BOOLEAN, custom=True)
    definitions: dict[str, Expression] = {"d0": flag}
    for at in range(1, 60):
        before = DefinitionRef(f"d{at - 1}", BOOLEAN)
        definitions[f"d{at}"] = Logic("and", (before, Not(Not(before))))
    last = rule("1", condition=DefinitionRef("d59", BOOLEAN))
    match = judge(last, event=changed(happening("hi"), fields={"ok": True}), definitions=definitions)
    assert len(match.hits) == 1


def test_what_a_writer_types_never_becomes_code() -> None:
    nasty = '"); import os; os._exit(1) #\n\\'
    condition = Logic(
        "or",
        (
            compare(TEXT_FIELD, "is", nasty),
            compare(field(nasty), "is", 1),
            DefinitionRef(nasty, BOOLEAN),
        ),
    )
    bad = rule(
        nasty, condition=condition, places=(nasty,), excluded=(nasty,), origin=Origin(nasty, 1, 1), first_match=nasty
    )
    groups = {nasty: compare(TEXT_FIELD, "is", "x")}
    book = rulebook([bad], groups=groups, definitions={nasty: compare(TEXT_FIELD, "is", nasty)}, name=nasty)
    evaluator = compile_rulebook(book)
    match = evaluator.match(changed(happening(nasty), place=nasty), NOTHING)
    assert [hit.rule.id for hit in match.hits] == [nasty]
    for file in evaluator._program.lines:
        assert "os." not in "".join(linecache.getlines(file))
