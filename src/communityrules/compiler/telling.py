"""The evidence of most rules as a short list of steps, which costs nothing to compile when a rule first matches.

What it says is what the functions of `evidence` say. The kernel takes the steps, where it is there.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Final

from communityrules.checker import checked
from communityrules.compiler import expressions, guards, notes, pieces, texts
from communityrules.compiler.finders import Words
from communityrules.compiler.kinds import describe, type_of
from communityrules.compiler.match import Hit
from communityrules.compiler.plain import QUOTED, plain
from communityrules.compiler.sifted import MOST_READS, OPERATORS, Reads, reader
from communityrules.compiler.ways import conjuncts
from communityrules.compiler.writer import Plan
from communityrules.kernel import native

# What a step does: the numbers are the kernel's.
_PIECE, _ADD, _EXTEND, _EITHER, _FITTING, _LISTED = range(6)
# What most values are, which are told as they are.
_ANY, _NUMBER, _TEXT = range(3)
_USUAL: Final = {"number": _NUMBER, "text": _TEXT, "member": _TEXT, "message": _TEXT}

#: Parts of a piece that differ from rule to rule, beside the value. What fields there are many rules name alike.
_OWN: Final = ("limit", "low", "high")

_Parts = tuple[Any, ...]
Step = tuple[Any, ...]


def told(plan: Plan, rule: checked.Rule) -> Callable[..., bool] | None:
    """What adds a matched rule's evidence to a list, as `evidence.compile_rule` gives it; None where a function must
    be written."""
    if plan.periodic or rule.condition is None or any(group != "everyone" for group in rule.applies_to):
        return None
    if plan.reads is not None:
        # Values that were read to find the rule are not read again to tell of it.
        shared = _steps(_Telling(plan, plan.reads.copy()), rule.condition)
        if shared is None or not shared.reads_more:
            return None if shared is None else shared.finish(rule)
    own = _steps(_Telling(plan, Reads(plan)), rule.condition)
    return None if own is None else own.finish(rule)


def _steps(told: _Telling, condition: checked.Expression) -> _Telling | None:
    """What tells of a condition; None where a function must be written."""
    return told if all(told.add(one) for one in conjuncts(condition)) else None


class _Telling:
    """The steps of one rule while they are being made."""

    def __init__(self, plan: Plan, reads: Reads) -> None:
        self._plan = plan
        self._rulebook = plan.program.rulebook
        self._kernel = native("sifting") if plan.sift is not None else None
        self._reads = reads
        self._known = len(reads.ways)
        self._steps: list[Step] = []
        #: The same values by functions, for Python.
        self._functions: list[str] = []
        #: Kind and subject of each piece; None where one may be told twice.
        self._told: set[tuple[str, str]] | None = set()

    @property
    def reads_more(self) -> bool:
        """Whether it reads values beside those that it was given."""
        return len(self._reads.ways) > self._known

    def finish(self, rule: checked.Rule) -> Callable[..., bool] | None:
        plan, steps = self._plan, tuple(self._steps)
        if len(self._reads.ways) > MOST_READS:
            return None
        plan.flush()
        once = self._told is not None
        if self._kernel is not None:
            made: Callable[..., bool] = self._kernel.Telling(
                plan.sift,
                self._reads.given() if self.reads_more else None,
                steps,
                once,
                Hit,
                rule,
                rule.trial_end,
                rule.grace_end,
            )
            return made
        return Telling(tuple(plan.program.namespace[name] for name in self._functions), steps, once)

    def add(self, node: checked.Expression) -> bool:
        """Adds what tells of a condition that holds; False where a function must."""
        step = self._step(node)
        if step is not None:
            self._steps.append(step)
        return step is not None

    def _step(self, node: checked.Expression) -> Step | None:
        if isinstance(node, checked.Logic):
            return self._either(node) if node.operator == "or" and len(node.operands) > 1 else None
        if isinstance(node, checked.Contains) and type_of(node.operand).kind == "text":
            return self._contains(node)
        if isinstance(node, checked.Matches) and type_of(node.operand).kind == "text":
            field, pattern = describe(node.operand, self._rulebook), texts.pattern(self._plan.program, node.regex)
            return self._fitting(node.operand, node.name, pattern, partial(notes.fits, field, node.name, pattern))
        return self._piece(node)

    def _contains(self, node: checked.Contains) -> Step:
        operand, field = node.operand, describe(node.operand, self._rulebook)
        fixed, by_date = texts.text_finders(self._plan.program, node).built(self._plan.program, node.matchers)
        only = fixed[0] if len(fixed) == 1 and not by_date else None
        if isinstance(only, Words) and only.as_it_stands is not None:
            return self._fitting(operand, *only.as_it_stands, partial(notes.listed, field, only))
        self._told = None
        note = partial(notes.matches, field, fixed, by_date, node.mode)
        reads = (self._function(("fold", operand), lambda w: texts.folded(w, operand)), self._value(guards.NOW))
        listed = only.as_listed if isinstance(only, Words) and node.mode == "any" and self._kernel is not None else None
        if listed is None:
            return (_EXTEND, note, reads)
        # Where the kernel saw the word it tells of it; else what looks through the text in Python.
        what, words, edged = listed
        return (_LISTED, self._value(operand), *self._placed(field, what), words, edged, note, reads)

    def _fitting(self, operand: checked.Expression, what: str, matcher: object, other: Callable[[Any], Any]) -> Step:
        """Where something stands in a text: `matcher.search` finds it, `other` tells of all texts."""
        self._told = None
        placed = self._placed(describe(operand, self._rulebook), what)
        return (_FITTING, self._value(operand), *placed, matcher, other)

    def _placed(self, field: str, what: str) -> tuple[dict[str, Any], tuple[str, ...], tuple[Any, ...]]:
        """The piece that tells where something stands in a text, but for the place."""
        return self._shaped(
            {"kind": "match", "field": field, "what": what, "text": "", "start": 0, "end": 0}, ("what",)
        )

    def _shaped(
        self, said: dict[str, Any], own: tuple[str, ...]
    ) -> tuple[dict[str, Any], tuple[str, ...], tuple[Any, ...]]:
        """What a piece says, taken apart: what many pieces say alike, in a dictionary that they share, and its own."""
        names = tuple(name for name in own if name in said)
        parts = tuple(sys.intern(part) if isinstance(part := said[name], str) else part for name in names)
        alike = {name: None if name in names else part for name, part in said.items()}
        return (*self._plan.shapes.setdefault(tuple(alike.items()), (alike, names)), parts)

    def _piece(self, node: checked.Expression) -> Step | None:
        found = pieces.simple(self._rulebook, node)
        if found is None:
            return None
        value = found.parts[pieces.VALUE]
        if not isinstance(value, checked.FieldRef) or value.root in ("label", "named"):
            # What scores and other people say takes more to tell.
            return None
        about = (found.kind, found.parts["what"])
        if self._told is not None:
            self._told = None if about in self._told else {*self._told, about}
        kind = type_of(value).kind
        said = {"kind": found.kind, **found.parts, pieces.VALUE: None}
        return (
            _PIECE,
            self._value(value),
            *self._shaped(said, _OWN),
            _USUAL.get(kind, _ANY),
            partial(plain, kind=kind, timezone=self._rulebook.timezone),
        )

    def _either(self, node: checked.Logic) -> Step | None:
        """The first that holds, the last where none before it does."""
        branches: list[tuple[int, int, Any, Step]] = []
        before, told = self._told, set[tuple[str, str]]()
        for one in node.operands:
            self._told = set()
            step = self._piece(one)
            if step is None:
                return None
            told |= self._told
            is_last = one is node.operands[-1]
            test = (-1, 0, None) if is_last else self._test(one)
            if test is None:
                return None
            branches.append((*test, step))
        self._told = None if before is None or before & told else before | told
        return (_EITHER, tuple(branches))

    def _test(self, node: checked.Expression) -> tuple[int, int, Any] | None:
        """A comparison of a value with what never changes: the number of the value, the operator, the limit."""
        if not isinstance(node, checked.Compare):
            return None
        left, right, operator = pieces.sides(node)
        limit, kind = guards.constant(self._rulebook, right), type_of(left).kind
        if not isinstance(left, checked.FieldRef) or limit is None or kind != type_of(right).kind:
            return None
        return (self._value(left), OPERATORS.index(operator), limit) if kind in guards.ORDERED else None

    def _value(self, node: checked.Expression) -> int:
        if self._kernel is not None:
            return self._reads.value(node)
        return self._function(("value", node), lambda w: expressions.value(w, node))

    def _function(self, key: Any, write: Callable[..., str]) -> int:
        at = self._reads.function(key, write)
        if at == len(self._functions):
            self._functions.append(reader(self._plan, key, write))
        return at


_COMPARED: Final[Sequence[Callable[[Any, Any], bool]]] = (
    lambda value, limit: value < limit,
    lambda value, limit: value <= limit,
    lambda value, limit: value == limit,
    lambda value, limit: value != limit,
    lambda value, limit: value > limit,
    lambda value, limit: value >= limit,
)


class Telling:
    """Adds the evidence of one rule to a list: `(event, facts, slots, notes)`. It answers whether no piece can be there
    twice."""

    __slots__ = ("_once", "_reads", "_steps")

    def __init__(self, reads: tuple[Callable[..., Any], ...], steps: tuple[Step, ...], once: bool) -> None:
        self._reads = reads
        self._steps = steps
        self._once = once

    def __call__(self, event: Any, facts: Any, slots: list[Any], notes: list[Any]) -> bool:
        reads = self._reads
        for step in self._steps:
            what = step[0]
            if what == _EITHER:
                step = next(
                    branch
                    for read, operator, limit, branch in step[1]
                    if read < 0
                    or ((value := reads[read](event, facts, slots)) is not None and _COMPARED[operator](value, limit))
                )
                what = _PIECE
            if what == _PIECE:
                _, read, shape, names, parts, usual, other = step
                value = reads[read](event, facts, slots)
                note = {**shape, **dict(zip(names, parts, strict=True))}
                if (usual == _NUMBER and value.__class__ is int and -(1 << 63) <= value < 1 << 63) or (
                    usual == _TEXT and value.__class__ is str and len(value) <= QUOTED
                ):
                    note["value"] = value
                else:
                    note["value"] = other(value)
                notes.append(note)
            elif what == _FITTING:
                read, make = step[1], step[-1]
                notes.append(make(reads[read](event, facts, slots)))
            else:
                _, make, given = step
                made = make(*[reads[read](event, facts, slots) for read in given])
                if what == _ADD:
                    notes.append(made)
                else:
                    notes.extend(made)
        return self._once
