"""Rules that are alike but for their words: `check` has the same to say of each, so that a few stand for thousands.

What `check` looks at is kept apart: conditions, numbers, names, events, actions, dates. What differs between rules that
are alike is only what nobody asks: the words of content, name, reminders and things left to do, and the number.

Of rules that were drafted any two parts that stand together somewhere do so in one that is kept. Numbers of usual size
in conditions are not kept apart there, nor the times of day: the recogniser knows a few forms of conditions, and
whether `check` accepts one of them does not hang on whether it says three times a day or four. What a person wrote as a
clause is told apart by every number.
"""

from __future__ import annotations

import re
from collections.abc import Container, Hashable, Iterable, Iterator
from dataclasses import fields, replace
from decimal import Decimal
from functools import cache
from itertools import combinations_with_replacement
from typing import Any, Final, TypeGuard

from communityrules.language import tree

#: Of each kind of rule with clauses of its writer's own: what is wrong between two rules alike is seen, too.
_EACH: Final = 2
#: Rulebooks with fewer rules are looked at whole.
_FEW: Final = 200
#: Longer texts are looked at one by one.
_LONG: Final = 2_000
#: Numbers of conditions from here on are told apart.
_LARGE: Final = 1_000
_MADE_OF_PARTS: Final = (tree.Logic, tree.Compare, tree.Call, tree.Sliding, tree.Not, tree.Group)
#: What a text of a rulebook may have to write otherwise than it is, or that means something in it.
_MEANING: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\"'`“”‘’「」『』«»„‟〝〞＂{}\\#|\u2028\u2029\ufeff\ud800-\udfff]")
#: What a penalty is called in a consequence.
_PENALTY: Final = ("penalty", "处罚")
_DIGITS: Final = re.compile(r"[0-9]+")
_NOTHING: Final[Hashable] = frozenset()
#: Declarations that do not speak of single rules of this file.
_PLAIN: Final = (
    tree.Header, tree.Use, tree.Repeal, tree.Rule, tree.GroupDeclaration, tree.ListDeclaration,
    tree.PatternDeclaration, tree.Definition, tree.CalendarDeclaration, tree.PenaltyDeclaration, tree.Table,
    tree.EventType,
)  # fmt: skip


def representatives(file: tree.File, drafted: frozenset[str] = frozenset()) -> tree.File | None:
    """The file with some of its rules, which stand for the others; None where each has to be looked at.

    `drafted`: the ids of rules that hold nothing but what was drafted.
    """
    rules: list[tree.Rule | tree.Row] = []
    for declared in file.declarations:
        if isinstance(declared, tree.Rule):
            rules.append(declared)
        elif isinstance(declared, tree.Table):
            rules += declared.rows
    if len(rules) < _FEW or not all(isinstance(one, _PLAIN) for one in file.declarations):
        return None
    ids = {one.id.text for one in rules}
    defined = {one.name.text: one for one in file.declarations if isinstance(one, tree.Definition)}
    several = sum(isinstance(one, tree.Definition) for one in file.declarations)
    if len(ids) < len(rules) or len(defined) < several:
        return None
    file = _with_few_rows(file, defined)
    penalties = {one.name.text: one for one in file.declarations if isinstance(one, tree.PenaltyDeclaration)}
    placed: set[str] = set()
    seen: dict[Hashable, int] = {}
    pairs = _Pairs()
    kept: list[tree.Declaration] = []
    for one in file.declarations:
        if isinstance(one, tree.PenaltyDeclaration):
            continue
        if isinstance(one, tree.Rule):
            named = [penalties[name] for name in _penalties_of(one) if name in penalties]
            if one.id.text in drafted:
                if not pairs.new(map(_ladder, named), one):
                    continue
            else:
                key = (tuple(map(_ladder, named)), _outline(one))
                seen[key] = seen.get(key, 0) + 1
                if seen[key] > _EACH:
                    continue
            kept += dict.fromkeys(penalty for penalty in named if penalty.name.text not in placed)
            placed.update(penalty.name.text for penalty in named)
        kept.append(one)
    return replace(file, declarations=tuple(kept))


def _with_few_rows(file: tree.File, defined: dict[str, tree.Definition]) -> tree.File:
    """The file with those rows of `first match` tables that stand for the others, and without definitions that only
    the others ask for. Rows of such a table have nothing to do with each other's duties."""
    if not any(isinstance(one, tree.Table) and one.first_match for one in file.declarations):
        return file
    # A number for each way to ask, as it is looked up for every row.
    numbers: dict[Hashable, int] = {}
    shapes = {name: numbers.setdefault(_worded(one.condition), len(numbers)) for name, one in defined.items()}
    asked: set[str] = set()
    spared: set[str] = set()
    found: list[tree.Declaration] = []
    for one in file.declarations:
        if not isinstance(one, tree.Table) or not one.first_match:
            found.append(one)
            continue
        seen: dict[Hashable, int] = {}
        rows = []
        for row in one.rows:
            names = [name for cell in row.cells if isinstance(cell, tree.If) for name in _named(cell.condition, shapes)]
            cells = tuple(
                [
                    None if cell is None
                    else ("if", _renamed(cell.condition, shapes)) if isinstance(cell, tree.If)
                    else _clause(cell)
                    for cell in row.cells
                ]
            )  # fmt: skip
            key = (_name(row), cells)
            seen[key] = seen.get(key, 0) + 1
            if seen[key] <= _EACH:
                rows.append(row)
                asked.update(names)
            else:
                spared.update(names)
        found.append(replace(one, rows=tuple(rows)))
    gone = spared - asked
    kept = [one for one in found if not (isinstance(one, tree.Definition) and one.name.text in gone)]
    return replace(file, declarations=tuple(kept)) if not _used_elsewhere(kept, gone) else file


def _used_elsewhere(kept: Iterable[tree.Declaration], gone: set[str]) -> bool:
    """Whether a rule or definition that stays asks for a definition that goes."""
    conditions: list[tree.Expression | None] = []
    for one in kept:
        if isinstance(one, tree.Definition):
            conditions.append(one.condition)
        elif isinstance(one, tree.Rule):
            conditions += [clause.condition for clause in one.clauses if isinstance(clause, tree.If)]
    return any(True for one in conditions for _ in _named(one, gone))


def _named(condition: Any, known: Container[str]) -> Iterator[str]:
    """The definitions that a condition asks for."""
    kind = type(condition)
    if kind is tree.Path:
        if len(condition.parts) == 1 and condition.parts[0].text in known:
            yield condition.parts[0].text
    elif kind is tuple:
        for part in condition:
            yield from _named(part, known)
    elif kind in _MADE_OF_PARTS or kind is tree.Predicate:
        yield from _named(_fields_of(condition), known)


def _renamed(condition: Any, shapes: dict[str, int]) -> Hashable:
    """A condition with what is asked by a definition in place of the definition's name."""
    kind = type(condition)
    if kind is tree.Path:
        called = condition.parts[0].text if len(condition.parts) == 1 else ""
        return ("asks", shapes[called]) if called in shapes else condition
    if kind is tuple:
        return tuple([_renamed(part, shapes) for part in condition])
    if kind is tree.Text:
        return _worded(condition)
    if kind in _MADE_OF_PARTS or kind is tree.Predicate:
        return kind.__name__, _renamed(_fields_of(condition), shapes)
    return condition  # type: ignore[no-any-return]  # every node of a tree can be hashed


def _worded(one: Any) -> Hashable:
    """A condition without its words: of each only what may matter to `check`, its length and its signs."""
    kind = type(one)
    if kind is tree.Text:
        words = one.value
        return "text", min(len(words), 4), any(map(str.isalnum, words)), words.isascii(), _text(words)
    if kind is tuple:
        return tuple([_worded(part) for part in one])
    if kind in _MADE_OF_PARTS or kind is tree.Predicate:
        return kind.__name__, _worded(_fields_of(one))
    return one  # type: ignore[no-any-return]  # every node of a tree can be hashed


def _penalties_of(rule: tree.Rule) -> list[str]:
    """The names after `penalty` in what a rule lets follow."""
    return [
        argument.value.parts[-1].text
        for clause in rule.clauses if isinstance(clause, tree.Then)
        for action in clause.consequences if isinstance(action, tree.Action) and action.name.text in _PENALTY
        for argument in action.arguments if isinstance(argument.value, tree.Path)
    ]  # fmt: skip


def _ladder(penalty: tree.PenaltyDeclaration) -> Hashable:
    """A penalty without its name and without the lengths of its sanctions."""
    lines = [
        (one.when, tuple([_action(action) for action in one.actions])) if isinstance(one, tree.PenaltyStep) else one
        for one in penalty.lines
    ]
    return penalty.over, tuple(lines)


class _Pairs:
    """Parts of rules that have been seen together."""

    def __init__(self) -> None:
        self._numbers: dict[Hashable, int] = {}
        #: Of clauses that many rules share, by the clause itself, which the rulebook keeps alive.
        self._shared: dict[int, int] = {}
        self._conditions: dict[int, list[int]] = {}
        #: Of texts in which nothing is looked at, and of rules without a name whose number is one.
        self._plain: dict[type, int] = {
            kind: self._number((kind.__name__, _NOTHING)) for kind in (tree.Content, tree.Todo)
        }
        self._numbered = self._number(("0", None))
        self._seen: set[tuple[int, int]] = set()
        self._whole: set[frozenset[int]] = set()

    def new(self, ladders: Iterable[Hashable], rule: tree.Rule) -> bool:
        """Whether some of the parts of a rule were not together before; now they were."""
        numbers = frozenset([*map(self._number, ladders), *self._parts(rule)])
        if numbers in self._whole:
            return False
        self._whole.add(numbers)
        together = set(combinations_with_replacement(sorted(numbers), 2))
        if together <= self._seen:
            return False
        self._seen |= together
        return True

    def _number(self, part: Hashable) -> int:
        return self._numbers.setdefault(part, len(self._numbers))

    def _parts(self, rule: tree.Rule) -> Iterator[int]:
        """The parts of a rule that was drafted; the alternatives of its condition apart."""
        yield self._named(rule)
        for clause in rule.clauses:
            if isinstance(clause, tree.If):
                yield from self._asked(clause.condition, rule)
            elif isinstance(clause, tree.Content | tree.Todo):
                # No two of them are the same clause, and of most nothing is looked at.
                plain = _text(clause.text.value) is _NOTHING
                yield self._plain[type(clause)] if plain else self._number(_clause(clause))
            else:
                shared = clause.events if isinstance(clause, tree.OnEvents) else clause
                found = self._shared.get(id(shared))
                if found is None:
                    found = self._shared[id(shared)] = self._number(_clause(clause))
                yield found

    def _named(self, rule: tree.Rule) -> int:
        id_ = rule.id.text
        if rule.name is None and id_.isascii() and id_.isdecimal():
            return self._numbered
        return self._number(_name(rule))

    def _asked(self, condition: tree.Expression | None, rule: tree.Rule) -> list[int]:
        """The alternatives of a condition, each as a number."""
        known = self._conditions.get(id(condition))
        if known is not None:
            return known
        alternatives = _alternatives(condition)
        numbers = [
            self._number(("if", _shape(one) if not _of_itself(one, rule) else (one.operator, one.left)))
            for one in alternatives
        ]
        if not any(isinstance(one, tree.Predicate) for one in alternatives):
            # Nothing in it can be the number of one rule.
            self._conditions[id(condition)] = numbers
        return numbers


def _alternatives(condition: tree.Expression | None) -> tuple[tree.Expression, ...]:
    if isinstance(condition, tree.Logic) and condition.operator == "or":
        return condition.operands
    return () if condition is None else (condition,)


def _of_itself(condition: tree.Expression, rule: tree.Rule) -> TypeGuard[tree.Predicate]:
    """Whether it compares something with the number of its own rule."""
    right = condition.right if isinstance(condition, tree.Predicate) else ()
    return len(right) == 1 and isinstance(right[0], tree.Text) and right[0].value == rule.id.text


def _name(rule: tree.Rule | tree.Row) -> Hashable:
    return _DIGITS.sub("0", rule.id.text), None if rule.name is None else _text(rule.name.value)


def _outline(rule: tree.Rule) -> Hashable:
    return _name(rule), tuple(map(_clause, rule.clauses))


def _clause(clause: tree.Clause) -> Hashable:
    kind = type(clause)
    if isinstance(clause, tree.Content | tree.Todo):
        return kind.__name__, _text(clause.text.value)
    if isinstance(clause, tree.Then):
        return kind.__name__, tuple(
            [_action(one) if isinstance(one, tree.Action) else one for one in clause.consequences]
        )
    return kind.__name__, _fields_of(clause)


def _shape(one: Any) -> Hashable:
    """A condition without numbers of usual size and without times of day."""
    if isinstance(one, tuple):
        return tuple([_shape(part) for part in one])
    kind = type(one)
    if kind is tree.Number:
        return "number" if _usual(one.value) else one
    if kind is tree.Duration:
        return ("duration", one.unit) if _usual(one.amount) else one
    if kind is tree.TimeOfDay:
        return "time"
    if kind is tree.Predicate and len(one.right) == 2 and isinstance(one.right[0], tree.TimeOfDay):
        first, last = one.right
        return one.operator, one.left, first.minutes < last.minutes, first.minutes == last.minutes
    if kind in _MADE_OF_PARTS:
        return (kind.__name__, *_shape_parts(_fields_of(one)))
    return one  # type: ignore[no-any-return]  # every node of a tree can be hashed


def _shape_parts(parts: Hashable) -> Iterator[Hashable]:
    assert isinstance(parts, tuple)
    for part in parts:
        yield _shape(part)


def _usual(value: Decimal) -> bool:
    return 1 < value < _LARGE and value == value.to_integral_value()


def _action(action: tree.Action) -> Hashable:
    name = action.name.text
    arguments = tuple([(one.slot, _argument(name, one.value)) for one in action.arguments])
    return name, arguments, action.if_late


def _argument(name: str, value: Any) -> Hashable:
    if isinstance(value, tree.Text):
        return _text(value.value)
    if isinstance(value, tree.Path) and name in _PENALTY:
        # What it says is looked at instead.
        return len(value.parts)
    if isinstance(value, tree.Duration):
        return _shape(value)
    return value  # type: ignore[no-any-return]  # every node of a tree can be hashed


def _text(value: str) -> Hashable:
    if len(value) > _LONG:
        return value
    return frozenset(_MEANING.findall(value)) if _MEANING.search(value) else _NOTHING


def _fields_of(node: Any) -> Hashable:
    """What `check` looks at in a node: neither its place nor its comments."""
    return tuple([getattr(node, name) for name in _names_of(node.__class__)])


@cache
def _names_of(kind: Hashable) -> tuple[str, ...]:
    assert isinstance(kind, type)
    return tuple(one.name for one in fields(kind) if one.name not in ("span", "layout"))
