"""Conditions and actions as text."""

from __future__ import annotations

from typing import assert_never

from communityrules.diagnostics.width import cells
from communityrules.language.names import NameKind
from communityrules.language.printing.words import Words
from communityrules.language.tree import (
    Action,
    Argument,
    Arithmetic,
    AsRule,
    AtLeast,
    Calendar,
    Call,
    Compare,
    Consequence,
    Expression,
    Group,
    Logic,
    Not,
    Number,
    Path,
    Predicate,
    RuleId,
    Sliding,
    Weighted,
)  # fmt: skip

_COMPARISONS = {"is": "is", "is_not": "is_not", "<": "less", "<=": "at_most", ">": "more", ">=": "not_less"}
#: Tallies of so many conditions stand on one line, unless it gets longer than this.
_SHORT_TALLY = 2
_LONG_LINE = 80
_DEEPER = "  "
_MULTIPLE = frozenset({"one_of", "not_one_of", "has_any", "has_all", "contains_any", "contains_all"})
#: Kinds that a single name in a condition may be of.
_OPERAND: tuple[NameKind, ...] = ("event", "entity", "detector", "group")
#: Actions whose bare argument is a word of the writer even when it looks like a name of the library.
_LABELLING = frozenset({"label"})
#: Actions whose number, or the parameter that says it, is followed by a unit.
_COUNTING = frozenset({"award", "deduct"})
#: Slots whose object is a group or a member.
_SLOT_WORDS = {"to": "to_group"}


class ExpressionPrinter:
    def __init__(self, words: Words) -> None:
        self.words = words
        #: Whether all must stand on one line, as in a cell of a table.
        self.flat = False

    def expression(self, node: Expression) -> str:
        words = self.words
        match node:
            case Path():
                return words.path(node, _OPERAND)
            case Call():
                return self._call(node)
            case Compare():
                operator = words.word(_COMPARISONS[node.operator])
                return f"{self.expression(node.left)} {operator} {self.expression(node.right)}"
            case Predicate():
                return self._predicate(node)
            case Not():
                return f"{words.word('not')} {self.expression(node.operand)}"
            case Logic():
                return f" {words.word(node.operator)} ".join(map(self.expression, node.operands))
            case AtLeast():
                opening = f"{words.word('at_least')} {words.number(node.number)} {words.word('of')}"
                return f"{opening} ({self._listed(node.conditions)})"
            case Weighted():
                return f"{self.expression(node.weight)} {words.word('if')} {self.expression(node.condition)}"
            case Arithmetic():
                return f"{self.expression(node.left)} {node.operator} {self.expression(node.right)}"
            case Group():
                return f"({self.expression(node.inner)})"
            case _:
                return words.constant(node)

    def _listed(self, nodes: tuple[Expression, ...]) -> str:
        return ", ".join(map(self.expression, nodes))

    def _call(self, node: Call) -> str:
        words = self.words
        printed = list(map(self.expression, node.arguments))
        inside = [", ".join(printed)] if printed else []
        if node.by:
            joined = f" {words.word('and_key')} ".join(map(self.expression, node.by))
            inside.append(f"{words.word('by')} {joined}")
        match node.window:
            case Sliding():
                inside.append(f"{words.word('within_window')} {words.length(node.window.duration)}")
            case Calendar():
                inside.append(words.shared("windows", node.window.unit))
            case None:
                pass
            case _:
                assert_never(node.window)
        if node.where is not None:
            inside.append(f"{words.word('where')} {self.expression(node.where)}")
        name = words.name("function", node.function)
        if len(inside) == 1 and self._is_long(node, inside[0]):
            # A tally has its conditions below each other.
            lines = ",".join([f"\n{one}" for one in printed]).replace("\n", f"\n{_DEEPER}")
            return f"{name}({lines}\n)"
        return f"{name}({' '.join(inside)})"

    def _is_long(self, node: Call, inside: str) -> bool:
        if self.flat or not node.arguments or not all(isinstance(one, Weighted) for one in node.arguments):
            return False
        return len(node.arguments) > _SHORT_TALLY or cells(inside) > _LONG_LINE

    def _predicate(self, node: Predicate) -> str:
        words = self.words
        left = self.expression(node.left)
        operator = words.word(node.operator)
        if node.exactly:
            operator = f"{words.word('exactly')} {operator}"
        match node.operator:
            case "empty" | "not_empty":
                return f"{left} {operator}"
            case "between" | "outside":
                joint = words.word("and_key" if node.operator == "between" else "to")
                low, high = map(self.expression, node.right)
                return f"{left} {operator} {low} {joint} {high}"
        if node.operator in _MULTIPLE and not self._stands_alone(node.right):
            return f"{left} {operator} ({self._listed(node.right)})"
        return f"{left} {operator} {self._listed(node.right)}"

    @staticmethod
    def _stands_alone(right: tuple[Expression, ...]) -> bool:
        return len(right) == 1 and isinstance(right[0], Path | Call)

    # --- actions ---------------------------------------------------------------------------------------------

    def consequences(self, nodes: tuple[Consequence, ...]) -> str:
        """Actions one after the other; what is done if late stands after the last."""
        words = self.words
        printed = words.comma.join(map(self._consequence, nodes))
        last = nodes[-1] if nodes else None
        if isinstance(last, Action) and last.if_late:
            printed += self.if_late(last.if_late)
        return printed

    def if_late(self, actions: tuple[Action, ...]) -> str:
        return f"{self.words.comma}{self.words.word('if_late')} {self.consequences(actions)}"

    def _consequence(self, node: Consequence) -> str:
        if isinstance(node, AsRule):
            phrase = f"{self.words.word('as_rule')} {self.words.rule_id(node.rule)} {self.words.word('as_rule_end')}"
            return phrase.rstrip()
        return self.action(node)

    def action(self, node: Action) -> str:
        """An action and its arguments, without what is done if late."""
        words = self.words
        back = words.english(node.name.text) == "take_back"
        parts = [words.word("take_back") if back else words.name("action", node.name)]
        if node.arguments and not node.arguments[0].slot and not words.chinese:
            parts.append(words.names.particle(node.name.text))
        for index, argument in enumerate(node.arguments):
            parts.append(self._argument(argument, node.arguments[index - 1] if index else None, node.name.text))
        return parts[0] if len(parts) == 1 else " ".join([part for part in parts if part])

    def _argument(self, node: Argument, before: Argument | None, action: str) -> str:
        words = self.words
        value = node.value
        if isinstance(value, Path):
            if node.slot == "priority":
                printed = words.path(value, ("value",), node.slot)
            elif (
                not node.slot and before is not None and isinstance(before.value, Number | Path)
                and words.english(action) in _COUNTING
            ):  # fmt: skip
                printed = words.path(value, ("unit",), action)
            elif words.english(action) in _LABELLING:
                printed = words.path(value, ())
            else:
                printed = words.path(value, ("group", "entity"))
        elif isinstance(value, RuleId):
            printed = words.rule_id(value)
        else:
            printed = words.constant(value)
        if not node.slot:
            return printed
        return f"{words.word(_SLOT_WORDS.get(node.slot, node.slot))} {printed}"
