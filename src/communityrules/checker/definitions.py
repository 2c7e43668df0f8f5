"""Named conditions and metrics, read again under every event that uses them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from communityrules.checker import checked
from communityrules.checker.context import LOOSE, Context
from communityrules.checker.types import type_of
from communityrules.checker.words import KINDS, type_word
from communityrules.diagnostics.message import Bilingual, Message
from communityrules.language import tree
from communityrules.model.values import BOOLEAN, NUMBER

if TYPE_CHECKING:
    from communityrules.checker.expressions import Resolver

RECURSION: Final = Message(
    code="CR216",
    severity="error",
    title=Bilingual("Defined by itself", "自己定义自己"),
    text=Bilingual("The {kind} `{name}` is defined by itself: {path}.", "{kind} `{name}` 由自身定义:{path}。"),
    hint=Bilingual("Break the circle by writing one of the conditions out.", "把其中一个条件直接写出来,断开循环。"),
)

NOT_A_NUMBER: Final = Message(
    code="CR217",
    severity="error",
    title=Bilingual("Metric that is not a number", "指标不是数值"),
    text=Bilingual("The metric `{name}` is {type}; a metric is a number.", "指标 `{name}` 是{type};指标须是数值。"),
    hint=Bilingual("Name a condition with `define`.", "条件请用 `定义` 起名。"),
)

_Key = tuple[str, str, tuple[str, ...], bool]
_Fault = tuple[Message, dict[str, str | Bilingual]]


class Definitions:
    """Resolves names of conditions and metrics under the context that uses them."""

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver
        self._circular: set[str] = set()
        self._found: dict[_Key, checked.Expression | None] = {}
        self._faults: dict[_Key, _Fault | None] = {}
        self._open: list[_Key] = []
        #: The form under which each stands in the rulebook; a use that comes out differently is written out in full.
        self.plain: dict[str, checked.Expression] = {}
        #: Those of which some use came out differently.
        self.uneven: set[str] = set()

    def refer(self, name: tree.Name, context: Context) -> checked.Expression | None:
        """What a use of that name stands for under a context."""
        found = self._under(name.text, context.used_at(name.span))
        if found is None:
            return None
        if context.kind == "loose":
            return checked.DefinitionRef(name.text, type_of(found))
        plain = self.plain.setdefault(name.text, found)
        if plain == found:
            return checked.DefinitionRef(name.text, type_of(found))
        self.uneven.add(name.text)
        return found

    def check_alone(self, node: tree.Definition | tree.Metric) -> bool:
        """Checks a definition by itself, whoever uses it; whether it is sound."""
        return self._under(node.name.text, LOOSE) is not None

    def failed(self, message: Message, values: dict[str, str | Bilingual]) -> None:
        """Remembers why the definitions being read cannot be used in this context."""
        for key in self._open:
            self._faults.setdefault(key, (message, values))

    def _under(self, name: str, context: Context) -> checked.Expression | None:
        if name in self._circular:
            return None
        key = (name, *context.key)
        if key in self._found:
            fault = self._faults.get(key)
            if fault is not None and context.use is not None:
                self._resolver.report.add(fault[0], context.use, values=fault[1])
                for outer in self._open:
                    self._faults.setdefault(outer, fault)
            return self._found[key]
        node = self._node(name)
        if node is None:
            return None
        # Alone first, so that what is wrong in itself is told at its own place and only once.
        if context.kind != "loose" and self._under(name, LOOSE) is None:
            return None
        self._open.append(key)
        try:
            # A definition costs the interpreter more calls than a pair of parentheses does.
            with self._resolver.deeper(2):
                found = self._read(node, context)
        finally:
            self._open.pop()
        self._found[key] = found
        return found

    def _node(self, name: str) -> tree.Definition | tree.Metric | None:
        declared = self._resolver.scope.declared
        node: tree.Definition | tree.Metric | None = declared.get("definition", {}).get(name) or declared.get(
            "metric", {}
        ).get(name)
        return node

    def _read(self, node: tree.Definition | tree.Metric, context: Context) -> checked.Expression | None:
        resolver = self._resolver
        if context.kind != "loose":
            return self._read_in(node, context)
        with resolver.measures.scratch():
            return self._read_in(node, context)

    def _read_in(self, node: tree.Definition | tree.Metric, context: Context) -> checked.Expression | None:
        resolver = self._resolver
        if isinstance(node, tree.Definition):
            return resolver.condition(node.condition, context)
        found = resolver.value(node.value, context)
        if found is not None and type_of(found) != NUMBER:
            if type_of(found) == BOOLEAN or context.kind == "loose":
                resolver.report.add(NOT_A_NUMBER, node.value.span, name=node.name.text, type=type_word(type_of(found)))
            return None
        return found

    # --- circles -------------------------------------------------------------------------------------------

    def find_circles(self) -> None:
        """Reports definitions, metrics and groups that come back to themselves; they are not resolved at all."""
        declared = self._resolver.scope.declared
        nodes: dict[str, tuple[str, tree.Name, tree.Expression]] = {}
        for kind, where in (("definition", "condition"), ("metric", "value"), ("group", "condition")):
            for name, node in declared.get(kind, {}).items():
                nodes[name] = (kind, node.name, getattr(node, where))
        uses = {name: [one for one in names_in(entry[2]) if one in nodes] for name, entry in nodes.items()}
        for circle in circles(uses):
            first = min(circle, key=lambda name: nodes[name][1].span.start)
            at = circle.index(first)
            path = " → ".join(f"`{one}`" for one in (*circle[at:], *circle[:at], first))
            kind, written, _ = nodes[first]
            self._resolver.report.add(RECURSION, written.span, kind=KINDS[kind], name=first, path=path)
            self._circular.update(circle)
            # None of them is resolved, so what they use would look unused.
            self._resolver.scope.used.update((nodes[one][0], one) for name in circle for one in (name, *uses[name]))


def names_in(node: tree.Expression) -> list[str]:
    """Single names that an expression mentions, in order; without recursion of our own, however deep it is."""
    found: list[str] = []
    rest: list[tree.Expression] = [node]
    while rest:
        one = rest.pop()
        match one:
            case tree.Path():
                if len(one.parts) == 1:
                    found.append(one.parts[0].text)
            case tree.Group():
                rest.append(one.inner)
            case tree.Not():
                rest.append(one.operand)
            case tree.Logic():
                rest.extend(reversed(one.operands))
            case tree.AtLeast():
                rest.extend(reversed(one.conditions))
            case tree.Weighted():
                rest.extend((one.condition, one.weight))
            case tree.Compare() | tree.Arithmetic():
                rest.extend((one.right, one.left))
            case tree.Predicate():
                rest.extend((*reversed(one.right), one.left))
            case tree.Call():
                rest.extend(reversed((*one.arguments, *one.by, *((one.where,) if one.where is not None else ()))))
            case _:
                pass
    return found


def circles(uses: dict[str, list[str]]) -> list[list[str]]:
    """Circles of a graph, each once, as lists of names in order; every node in any circle is in one that is listed."""
    found: list[list[str]] = []
    done: set[str] = set()
    for start in uses:
        if start in done:
            continue
        trail: list[str] = []
        position: dict[str, int] = {}
        stack: list[tuple[str, int]] = [(start, 0)]
        while stack:
            name, index = stack.pop()
            if index == 0:
                position[name] = len(trail)
                trail.append(name)
            following = uses.get(name, [])
            if index < len(following):
                stack.append((name, index + 1))
                target = following[index]
                if target in position:
                    found.append(trail[position[target] :])
                elif target not in done:
                    stack.append((target, 0))
            else:
                trail.pop()
                del position[name]
                done.add(name)
    return found
