"""The plain interpreter: why conditions hold."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import ROUND_HALF_EVEN, Context, Decimal
from typing import Any

from plain_conditions import Conditions
from plain_values import exact, kind_of

from communityrules.checker import checked
from communityrules.library.links import find_links

OPPOSITE = {"is": "is_not", "is_not": "is", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
MIRRORED = {"is": "is", "is_not": "is_not", "<": ">", ">": "<", "<=": ">=", ">=": "<="}


class Run(Conditions):
    """Adds evidence."""

    def why(self, rule: checked.Rule) -> Iterator[dict[str, Any]]:
        if rule.condition is not None:
            yield from self.tell(rule.condition, True)
        elif rule.found_by is not None:
            note: dict[str, Any] = {"kind": "finding", "member": self.event.member.id if self.event.member else None}
            if self.event.message is not None and self.event.message.text:
                note["text"] = self.event.message.text
            yield note
        elif rule.every is None:
            yield {"kind": "event", "what": self.event.type}
        if rule.applies_to and "everyone" not in rule.applies_to:
            group = next(one for one in rule.applies_to if self.about(one))
            yield {"kind": "member", "what": group, "member": self.subject.id if self.subject else None}

    def tell(self, node: Any, truth: bool) -> Iterator[dict[str, Any]]:
        match node:
            case checked.Const():
                return
            case checked.Not():
                yield from self.tell(node.operand, not truth)
            case checked.DefinitionRef():
                yield from self.tell(self.book.definitions[node.name], truth)
            case checked.Logic():
                if (node.operator == "and") == truth:
                    for one in node.operands:
                        yield from self.tell(one, truth)
                else:
                    for one in node.operands:
                        if self.test(one) == truth:
                            yield from self.tell(one, truth)
                            return
            case checked.AtLeast():
                for one in self.first_true(node) if truth else [one for one in node.conditions if not self.test(one)]:
                    yield from self.tell(one, truth)
            case checked.InGroup():
                who = self.subject.id if self.subject else None
                yield {"kind": "member" if truth else "not_member", "what": node.group, "member": who}
            case _:
                yield from self.tell_leaf(node, truth)

    def tell_leaf(self, node: Any, truth: bool) -> Iterator[dict[str, Any]]:
        match node:
            case checked.Compare():
                yield self.tell_compare(node, truth)
                yield from self.tell_details([node.left, node.right])
            case checked.InRange():
                yield self.tell_range(node, truth)
                yield from self.tell_details([node.operand, node.low, node.high])
            case checked.Empty():
                if node.negated == truth:
                    yield {"kind": "present", "what": self.name(node.operand), "value": self.shown(node.operand)}
                else:
                    yield {"kind": "empty", "what": self.name(node.operand)}
            case checked.OneOf():
                if self.value(node.operand) is None:
                    yield {"kind": "absent", "what": self.name(node.operand)}
                else:
                    kind = "not_one_of" if node.negated == truth else "one_of"
                    yield {"kind": kind, "what": self.name(node.operand), "value": self.shown(node.operand)}
                    yield from self.tell_details([node.operand])
            case checked.Contains() | checked.Affix() | checked.Matches():
                yield from self.tell_text(node, truth)
            case _:
                yield {"kind": "fact", "what": self.name(node), "value": self.value(node)}
                yield from self.tell_details([node])

    def tell_details(self, nodes: list[Any]) -> Iterator[dict[str, Any]]:
        """Of comparisons whose sides are all there."""
        for one in nodes:
            if self.value(one) is None:
                return
        for one in nodes:
            yield from self.tell_detail(one)

    def tell_detail(self, node: Any) -> Iterator[dict[str, Any]]:
        match node:
            case checked.Tally():
                counted = [
                    {
                        "what": one.what or self.name(one.condition),
                        "weight": self.plain(self.value(one.weight), "number"),
                    }
                    for one in self.counting(node)
                    if self.value(one.weight)
                ]
                yield {"kind": "tally", "what": node.what, "value": self.shown(node), "counted": counted}
                for one in self.counting(node):
                    yield from self.tell(one.condition, True)
            case checked.FieldRef(root="label"):
                labels = self.message.labels if self.message is not None else {}
                score = self.library.scores.get(node.name)
                model, version = labels.get(f"{node.name}.model"), labels.get(f"{node.name}.version")
                if node.name not in labels and score is not None:
                    model, version = score.model, score.version
                if model is not None and self.value(node) is not None:
                    yield {
                        "kind": "score", "what": node.what, "value": self.shown(node), "model": model,
                        "version": version,
                    }  # fmt: skip
            case checked.DefinitionRef():
                yield from self.tell_detail(self.book.definitions[node.name])
            case checked.Arithmetic():
                yield from self.tell_detail(node.left)
                yield from self.tell_detail(node.right)
            case checked.FunctionCall():
                for one in node.arguments:
                    yield from self.tell_detail(one)
            case _:
                return

    def tell_compare(self, node: checked.Compare, truth: bool) -> dict[str, Any]:
        left, right = node.left, node.right
        operator: str = node.operator if truth else OPPOSITE[node.operator]
        limits = (checked.Const, checked.ParameterRef)
        if isinstance(left, limits) and not isinstance(right, limits):
            left, right, operator = right, left, MIRRORED[operator]
        if not truth:
            for one in (node.left, node.right):
                if self.value(one) is None:
                    return {"kind": "absent", "what": self.name(one)}
        if self.counts(left) and not self.counts(right):
            most = self.book.aggregates[left.index].limit  # type: ignore[union-attr]
            value = self.value(left)
            note: dict[str, Any] = {
                "kind": "count",
                "what": self.name(left),
                "value": value,
                "limit": self.shown(right),
            }
            if operator not in (">", ">="):
                note["operator"] = operator
            if most is not None and value >= most:
                note["value"] = most
                note["at_least"] = True
            if getattr(value, "like", None) is not None:
                note["like"] = value.like
            return note
        kind = {"state": "state", "instant": "time"}.get(kind_of(left), "compare")
        return {
            "kind": kind, "what": self.name(left), "value": self.shown(left), "operator": operator,
            "limit": self.shown(right),
        }  # fmt: skip

    def counts(self, node: Any) -> bool:
        return isinstance(node, checked.AggregateRef) and self.book.aggregates[node.index].function in (
            "count",
            "distinct",
            "similar",
            "open_duties",
        )

    def tell_range(self, node: checked.InRange, truth: bool) -> dict[str, Any]:
        for one in (node.operand, node.low, node.high):
            if self.value(one) is None:
                return {"kind": "absent", "what": self.name(one)}
        return {
            "kind": "time" if kind_of(node.operand) in ("instant", "time_of_day") else "range",
            "what": self.name(node.operand),
            "value": self.shown(node.operand),
            "operator": "outside" if node.outside == truth else "between",
            "low": self.shown(node.low),
            "high": self.shown(node.high),
        }

    def tell_text(self, node: Any, truth: bool) -> Iterator[dict[str, Any]]:
        field = self.name(node.operand)
        operand = self.value(node.operand)
        if not truth:
            if operand is None:
                yield {"kind": "absent", "what": field}
            else:
                looked = (
                    node.name if isinstance(node, checked.Matches) else ", ".join(map(self.name, self.matchers(node)))
                )
                yield {"kind": "no_match", "field": field, "what": looked}
            return
        if isinstance(node, checked.Matches):
            found = self.fits(node)
            if isinstance(found, str):
                yield {"kind": "match", "field": field, "what": node.name, "text": found}
            elif found is not None:
                yield self.quoted(field, node.name, operand, *found)
        elif isinstance(node, checked.Affix):
            place = self.affix(node, operand)
            assert place is not None
            yield self.quoted(field, *place[:1], operand, *place[1:])
        elif kind_of(node.operand) == "list":
            for what, item in self.holding(node, operand) or []:
                note = {"kind": "match", "field": field, "what": what, "text": item}
                if isinstance(node.operand, checked.FieldRef) and node.operand.name == "links":
                    text = self.message.text if self.message is not None else ""
                    link = next(one for one in find_links(text) if one.text == item)
                    note = self.quoted(field, what, text, link.start, link.end)
                yield note
        else:
            for what, start, end, seen in self.holding(node, operand) or []:
                yield self.quoted(field, what, operand, start, end, seen)

    @staticmethod
    def quoted(field: str, what: str, text: str, start: int, end: int, seen: str = "") -> dict[str, Any]:
        note = {"kind": "match", "field": field, "what": what, "text": text[start:end], "start": start, "end": end}
        return {**note, "seen": seen} if seen else note

    # --- words and values as shown ---------------------------------------------------------------------------

    def name(self, node: Any) -> str:
        match node:
            case checked.FieldRef():
                return node.what or f"{node.root}.{node.name}"
            case checked.AggregateRef():
                return node.what or self.book.aggregates[node.index].what
            case checked.FunctionCall():
                return f"{node.function}({', '.join(map(self.name, node.arguments))})"
            case checked.Arithmetic():
                return f"{self._side(node, node.left, False)} {node.operator} {self._side(node, node.right, True)}"
            case checked.Const():
                return node.what or str(node.value)
            case checked.Tally() | checked.GroupSize():
                return node.what
            case checked.Compare() | checked.InRange() | checked.OneOf() | checked.Empty() | checked.Contains():
                return node.what
            case _:
                return str(node.name)

    def _side(self, node: checked.Arithmetic, side: Any, right: bool) -> str:
        """A side of a calculation, in brackets where it would be read otherwise without."""
        said = self.name(side)
        if not isinstance(side, checked.Arithmetic):
            return said
        tight = {"+": 1, "-": 1, "*": 2, "/": 2}
        mine, its = tight[node.operator], tight[side.operator]
        same = (node.operator, side.operator) in (("+", "+"), ("*", "*"))
        return f"({said})" if its < mine or (its == mine and right and not same) else said

    def shown(self, node: Any) -> Any:
        return self.plain(self.value(node), kind_of(node))

    def plain(self, value: Any, kind: str) -> Any:
        if value is None or isinstance(value, bool | str):
            return value
        if isinstance(value, date):
            return value.isoformat()
        if isinstance(value, tuple):
            return [self.plain(one, "") for one in value]
        if kind == "instant":
            local = self.local(int(value))
            return local.isoformat()
        if kind == "time_of_day":
            return f"{value // 60:02d}:{value % 60:02d}"
        number = exact(value) / 1_000_000 if kind == "duration" else exact(value)
        if number.denominator == 1:
            return int(number)
        rounded = Context(prec=15, rounding=ROUND_HALF_EVEN).divide(
            Decimal(number.numerator), Decimal(number.denominator)
        )
        return float(rounded)
