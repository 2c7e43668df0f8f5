"""Expressions: names resolved, types checked, one form for both spellings."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import tzinfo
from decimal import Decimal
from typing import Any, Final

from communityrules.checker import (
    arithmetic,
    checked,
    comparisons,
    dates,
    measures,
    paths,
    predicates,
    suggest,
    tallies,
)
from communityrules.checker.alike import Alike
from communityrules.checker.constants import CONSTANTS
from communityrules.checker.context import Context
from communityrules.checker.definitions import Definitions
from communityrules.checker.report import Reporter
from communityrules.checker.scope import Scope, spellings
from communityrules.checker.types import TYPED, is_open_label, type_of
from communityrules.checker.wording import text_of
from communityrules.checker.words import type_word
from communityrules.diagnostics.message import Bilingual, Fix, Message
from communityrules.diagnostics.source import Span
from communityrules.language import tree
from communityrules.model.values import BOOLEAN, Type

NOT_A_CONDITION: Final = Message(
    code="CR208",
    severity="error",
    title=Bilingual("Value where a condition is needed", "此处需要条件,却是一个值"),
    text=Bilingual(
        "`{what}` is {type}, not something that is true or false.", "`{what}` 是{type},不是可判断真假的条件。"
    ),
    hint=Bilingual("{advice}", "{advice}"),
)

_COMPARE_IT: Final = Bilingual(
    "Compare it with something, such as `… >= 3` or `… is not empty`.", "请与某个值比较,例如 `… >= 3` 或 `… 不为空`。"
)


def say_it_again(condition: str) -> Bilingual:
    return Bilingual(
        f"Say of each what it is compared with: `{condition}`.", f"每一项都要写明与什么比较:`{condition}`。"
    )


PATTERN_ALONE: Final = Message(
    code="CR211",
    severity="error",
    title=Bilingual("Pattern that nothing is matched against", "格式没有用来匹配"),
    text=Bilingual("The pattern `{what}` stands where a value is needed.", "此处需要值,却是格式 `{what}`。"),
    hint=Bilingual("Write `message.text matches /…/`.", "写作 `消息.文本 匹配 /…/`。"),
)

BAD_TALLY: Final = Message(
    code="CR215",
    severity="error",
    title=Bilingual("Number of conditions that is not whole", "条件的项数不是整数"),
    text=Bilingual("`at least {number} of` needs a whole number from 1.", "`至少 {number} 项` 需要从 1 起的整数。"),
    hint=Bilingual("Write `at least 2 of (…)`.", "写作 `至少 2 项 (…)`。"),
)

TOO_DEEP: Final = Message(
    code="CR701",
    severity="error",
    title=Bilingual("Nested too deeply", "嵌套过深"),
    text=Bilingual(
        "Together with the definitions that it uses, this is nested more than {most} levels deep.",
        "连同所用的定义,此处的嵌套超过 {most} 层。",
    ),
    hint=Bilingual("Make it flatter, or use fewer definitions of definitions.", "请减少层次,或少用层层相套的定义。"),
)

UNKNOWN_VALUE: Final = Message(
    code="CR209",
    severity="error",
    title=Bilingual("Value that the state does not have", "状态没有这个值"),
    text=Bilingual("The state `{state}` is never `{value}`.", "状态 `{state}` 没有值 `{value}`。"),
    hint=Bilingual("It can be {values}.", "可用的值:{values}。"),
)

DEEPEST: Final = 100


class Resolver:
    """Turns expressions of the tree into checked ones. What cannot be resolved is reported and comes back as None."""

    def __init__(
        self,
        scope: Scope,
        zone: tzinfo,
        parameters: Mapping[str, Type],
        about: Mapping[str, str | None],
        known: Iterable[checked.Aggregate] = (),
    ) -> None:
        """`known` are measures that have their numbers already."""
        self.scope = scope
        self.report: Reporter = scope.report
        self.zone = zone
        #: What the rulebook says of the community: `name`, `purpose`.
        self.about = about
        self.measures = measures.Measures(known)
        self.definitions = Definitions(self)
        #: Checked expressions as they came to be, with where they stand. As hardly ever is one asked for, only then are
        #: they entered by identity, which they keep as they are kept; the first so many of them have been.
        self._placed: list[tuple[checked.Expression, Span]] = []
        self._places: dict[int, Span] = {}
        self._known = 0
        self.alike = Alike(self)
        #: Patterns written in place, to be tried like declared ones.
        self.patterns: list[tree.Regex] = []
        #: Whether anything was weighed.
        self.tallied = False
        self._parameters = parameters
        self._depth = 0

    # --- resolving -----------------------------------------------------------------------------------------

    def condition(
        self, node: tree.Expression, context: Context, alike: tree.Expression | None = None
    ) -> checked.Expression | None:
        """An expression that must be true or false. `alike` is the one before it, joined by `or` or `and`."""
        found = self.value(node, context)
        if found is None or found.__class__ not in TYPED:
            return found
        if is_open_label(found):
            return self.placed(comparisons.as_type(found, BOOLEAN), node.span)
        if type_of(found) != BOOLEAN:
            fix = _repeated(alike, node)
            advice = _COMPARE_IT if fix is None else say_it_again(fix.replacement)
            type_ = type_word(type_of(found))
            self.report.add(NOT_A_CONDITION, node.span, fix=fix, what=text_of(node), type=type_, advice=advice)
            return None
        return found

    def value(self, node: tree.Expression, context: Context) -> checked.Expression | None:
        """Any expression; None after reporting what is wrong with it."""
        self._depth += 1
        try:
            if self._depth > DEEPEST:
                self.report.add(TOO_DEEP, context.use or node.span, most=str(DEEPEST))
                return None
            found = _RESOLVED[node.__class__](node, self, context)
        finally:
            self._depth -= 1
        if found is not None:
            self._placed.append((found, node.span))
        return found

    @contextmanager
    def deeper(self, levels: int) -> Iterator[bool]:
        """Counts levels of nesting; gives whether there may be so many."""
        self._depth += levels
        try:
            yield self._depth <= DEEPEST
        finally:
            self._depth -= levels

    def placed(self, found: checked.Expression, span: Span) -> checked.Expression:
        """Remembers where an expression stands; what was placed already keeps its narrower place."""
        self._placed.append((found, span))
        return found

    def place(self, found: checked.Expression) -> Span | None:
        """Where a checked expression stands."""
        for one, span in self._placed[self._known :]:
            self._places.setdefault(id(one), span)
        self._known = len(self._placed)
        return self._places.get(id(found))

    # --- help for those that resolve parts -------------------------------------------------------------------

    def parameter_type(self, name: str) -> Type | None:
        """The type of a parameter; None when its declaration is at fault."""
        return self._parameters.get(name)

    def state_value(self, state: str, node: tree.Expression) -> checked.Const | None:
        """A value of a state, written as a name or a text; None after reporting that the state is never that."""
        while isinstance(node, tree.Group):
            node = node.inner
        written = (
            node.value if isinstance(node, tree.Text) else node.text if isinstance(node, tree.Path) else text_of(node)
        )
        declared: tree.StateDeclaration | None = self.scope.declared.get("state", {}).get(state)
        values = [one.text for one in declared.values] if declared is not None else []
        if written in values:
            return checked.Const(written, Type("state", name=state))
        listed = ", ".join(f"`{one}`" for one in values)
        near = suggest.closest(written, values)
        fix = Fix(node.span, near) if near is not None else None
        self.report.add(UNKNOWN_VALUE, node.span, fix=fix, values={"state": state, "value": written, "values": listed})
        return None

    def context_error(self, message: Message, span: Span, context: Context, **values: str | Bilingual) -> None:
        """Reports what depends on the event at hand: where the definition was used, if in one."""
        if context.use is not None:
            self.definitions.failed(message, values)
        self.report.add(message, context.use or span, values=values)

    def unknown_value(self, name: tree.Name, *, quotable: bool = False) -> None:
        """Reports a name that means nothing in a condition; see `Scope.unknown`."""
        library = self.scope.library
        known = [
            *(
                one
                for kind in ("list", "pattern", "parameter", "definition", "metric", "state", "group")
                for one in self.scope.declared.get(kind, {})
            ),
            *self.scope.event_names(),
            *spellings(one.names for one in library.entities.values()),
            *spellings(one.names for one in library.detectors.values()),
        ]
        self.scope.unknown("name", name, known, quotable=quotable)


def _group(node: tree.Group, resolver: Resolver, context: Context) -> checked.Expression | None:
    return resolver.value(node.inner, context)


def _logic(node: tree.Logic, resolver: Resolver, context: Context) -> checked.Expression | None:
    found: list[checked.Expression] = []
    alike: tree.Expression | None = None
    sound = True
    for part in node.operands:
        one = resolver.condition(part, context, alike)
        if part.__class__ is not tree.Text:
            alike = part
        if one is None:
            sound = False
        # `a and (b and c)` is `a and b and c`: parentheses of the writer are not part of the meaning.
        elif isinstance(one, checked.Logic) and one.operator == node.operator:
            found.extend(one.operands)
        else:
            found.append(one)
    return checked.Logic(node.operator, tuple(found)) if sound else None


def _not(node: tree.Not, resolver: Resolver, context: Context) -> checked.Expression | None:
    operand = resolver.condition(node.operand, context)
    return checked.Not(operand) if operand is not None else None


def _at_least(node: tree.AtLeast, resolver: Resolver, context: Context) -> checked.Expression | None:
    conditions = [resolver.condition(one, context) for one in node.conditions]
    number = dates.whole(node.number.value)
    if isinstance(number, Decimal) or number < 1 or node.number.percent:
        resolver.report.add(BAD_TALLY, node.number.span, number=node.number.span.text)
        return None
    known = tuple(one for one in conditions if one is not None)
    return checked.AtLeast(number, known) if len(known) == len(conditions) else None


def _weighted(node: tree.Weighted, resolver: Resolver, _: Context) -> None:
    resolver.report.add(tallies.WEIGHT_ELSEWHERE, node.span, what=text_of(node))


def _regex(node: tree.Regex, resolver: Resolver, _: Context) -> None:
    resolver.report.add(PATTERN_ALONE, node.span, what=text_of(node))


#: How each expression is resolved, by its class: every class has its way.
_RESOLVED: Final[dict[type, Callable[[Any, Resolver, Context], checked.Expression | None]]] = {
    **CONSTANTS,
    tree.Path: paths.resolve,
    tree.Compare: comparisons.compare,
    tree.Predicate: predicates.predicate,
    tree.Call: measures.call,
    tree.Arithmetic: arithmetic.arithmetic,
    tree.Group: _group,
    tree.Logic: _logic,
    tree.Not: _not,
    tree.AtLeast: _at_least,
    tree.Weighted: _weighted,
    tree.Regex: _regex,
}


def _repeated(before: tree.Expression | None, node: tree.Expression) -> Fix | None:
    """`message.text contains "a" or "b"`: the second text with the words before the first one."""
    if not isinstance(node, tree.Text):
        return None
    match before:
        case (
            tree.Predicate(left=left, right=(tree.Text() as first,))
            | tree.Compare(left=left, right=tree.Text() as first)
        ):
            words = before.span.source.text[left.span.start : first.span.start]
            return Fix(node.span, f"{words}{node.span.text}") if not words.rstrip().endswith("(") else None
        case _:
            return None
