"""Mutants: a rulebook changed a little in one place. One that passes all tests shows what the tests do not watch."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final, Literal

from communityrules.checker import checked
from communityrules.checker.packs import is_pack
from communityrules.compiler.evaluator import Evaluator
from communityrules.compiler.kinds import describe
from communityrules.language import tree
from communityrules.library.declare import Library
from communityrules.workbench.testing import run_test

#: What was done to a rule: taken away; a limit moved by the least step; a comparison that includes its limit made to
#: exclude it, or the other way round; a part of a condition left out; an action or a duty left out.
Change = Literal["removed", "limit", "boundary", "part", "action", "duty"]

_BOUNDARY: Final[dict[str, Literal["<", "<=", ">", ">="]]] = {"<": "<=", "<=": "<", ">": ">=", ">=": ">"}


@dataclass(frozen=True, slots=True)
class Mutant:
    """One changed rulebook."""

    rule: checked.Rule
    change: Change
    #: What was changed, in the writer's words; of an action, its canonical name; empty for the rule as a whole.
    what: str
    #: The definitions through which the changed part was come to, outermost first.
    within: tuple[str, ...]
    rulebook: checked.Rulebook


def mutants(rulebook: checked.Rulebook) -> Iterator[Mutant]:
    """Every mutant, in the order of the rules; packs have tests of their own and are left as they are."""
    # A moved limit may need counts that the real rules never look at.
    counted = tuple(replace(one, limit=None) for one in rulebook.aggregates)
    rulebook = replace(rulebook, aggregates=counted)
    for index, rule in enumerate(rulebook.rules):
        if is_pack(rule.origin.file):
            continue
        for change, what, within, changed in _changes(rule, rulebook):
            rules = [*rulebook.rules]
            rules[index : index + 1] = [] if changed is None else [changed]
            yield Mutant(rule, change, what, within, replace(rulebook, rules=tuple(rules)))


def surviving(made: Iterable[Mutant], tests: Sequence[tree.Test], library: Library) -> Iterator[Mutant]:
    """Those of some mutants that pass every test."""
    for mutant in made:
        evaluator = Evaluator(mutant.rulebook, library)
        # all() stops at the first test that fails.
        if all(run_test(test, evaluator).passed for test in tests):
            yield mutant


#: What was changed, its words, the definitions around it, and what it became.
_Changed = tuple[Change, str, tuple[str, ...], checked.Expression]


def _changes(
    rule: checked.Rule, rulebook: checked.Rulebook
) -> Iterator[tuple[Change, str, tuple[str, ...], checked.Rule | None]]:
    yield "removed", "", (), None
    if rule.condition is not None:
        for change, what, within, condition in _conditions(rule.condition, (), rulebook):
            yield change, what, within, replace(rule, condition=condition)
    if len(rule.actions) + len(rule.duties) > 1:
        # The only thing that a rule does is taken away with the rule.
        for index, action in enumerate(rule.actions):
            yield "action", action.do, (), replace(rule, actions=rule.actions[:index] + rule.actions[index + 1 :])
        for index, duty in enumerate(rule.duties):
            yield "duty", duty.event, (), replace(rule, duties=rule.duties[:index] + rule.duties[index + 1 :])


def _conditions(node: checked.Expression, within: tuple[str, ...], rulebook: checked.Rulebook) -> Iterator[_Changed]:
    match node:
        case checked.Logic():
            for index, one in enumerate(node.operands):
                before, after = node.operands[:index], node.operands[index + 1 :]
                rest = before + after
                left = rest[0] if len(rest) == 1 else replace(node, operands=rest)
                yield "part", _words(one, rulebook), within, left
                for change, what, inside, changed in _conditions(one, within, rulebook):
                    yield change, what, inside, replace(node, operands=(*before, changed, *after))
        case checked.AtLeast():
            for number in (node.number - 1, node.number + 1):
                if 1 <= number <= len(node.conditions):
                    yield "limit", str(node.number), within, replace(node, number=number)
            for index, one in enumerate(node.conditions):
                before, after = node.conditions[:index], node.conditions[index + 1 :]
                for change, what, inside, changed in _conditions(one, within, rulebook):
                    yield change, what, inside, replace(node, conditions=(*before, changed, *after))
        case checked.Not():
            for change, what, inside, changed in _conditions(node.operand, within, rulebook):
                yield change, what, inside, replace(node, operand=changed)
        case checked.DefinitionRef():
            # Written out in this rule alone: other rules keep the definition as it is.
            yield from _conditions(rulebook.definitions[node.name], (*within, node.name), rulebook)
        case checked.Compare(left=checked.Tally() as tally) if len(tally.weights) > 1:
            for index, weight in enumerate(tally.weights):
                others = (*tally.weights[:index], *tally.weights[index + 1 :])
                left_out = replace(node, left=replace(tally, weights=others))
                yield "part", weight.what or _words(weight.condition, rulebook), within, left_out
            yield from _compared(node, within, rulebook)
        case checked.Compare():
            yield from _compared(node, within, rulebook)


def _compared(node: checked.Compare, within: tuple[str, ...], rulebook: checked.Rulebook) -> Iterator[_Changed]:
    other = _BOUNDARY.get(node.operator)
    if other is not None:
        yield "boundary", _words(node, rulebook), within, replace(node, operator=other)
    if isinstance(node.right, checked.Const):
        for value in _near(node.right):
            moved = replace(node, right=replace(node.right, value=value))
            yield "limit", _words(node, rulebook), within, moved


def _near(limit: checked.Const) -> tuple[int | Decimal, ...]:
    """A number a step below and a step above."""
    value = limit.value
    if isinstance(value, bool) or limit.type.kind != "number":
        return ()
    if isinstance(value, int):
        return (value - 1, value + 1)
    if isinstance(value, Decimal):
        step = Decimal(1).scaleb(int(value.as_tuple().exponent))
        return (value - step, value + step)
    return ()


def _words(node: checked.Expression, rulebook: checked.Rulebook) -> str:
    return f"not {_words(node.operand, rulebook)}" if isinstance(node, checked.Not) else describe(node, rulebook)
