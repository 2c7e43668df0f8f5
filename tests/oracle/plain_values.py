"""The plain interpreter: what expressions are worth on one event."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from communityrules.checker import checked
from communityrules.library.declare import Library
from communityrules.library.fold import fold_text
from communityrules.library.links import links_of, mentions_of
from communityrules.library.scores import settled
from communityrules.model.event import Event, Message

DAY = 86_400_000_000
TYPED = (
    checked.Const, checked.FieldRef, checked.ParameterRef, checked.StateRef, checked.DefinitionRef,
    checked.AggregateRef, checked.FunctionCall, checked.Arithmetic, checked.Tally, checked.GroupSize,
)  # fmt: skip


def kind_of(node: Any) -> str:
    return node.type.kind if isinstance(node, TYPED) else "boolean"


def exact(value: Any) -> Any:
    """A number as a fraction; everything else as it is."""
    if isinstance(value, bool):
        return value
    if isinstance(value, float):
        return Fraction(repr(value))
    return Fraction(value) if isinstance(value, int | Decimal | Fraction) else value


class Values:
    """One event being looked at."""

    def __init__(
        self,
        book: checked.Rulebook,
        library: Library,
        event: Event,
        facts: Any,
        law: int | None = None,
        fallback: bool = True,
    ) -> None:
        self.book = book
        self.library = library
        self.zone = ZoneInfo(book.timezone)
        self.event = event
        self.facts = facts
        self.law = event.time if law is None else law
        declared = self.library.events.get(event.type)
        self.sender_is_subject = sender = fallback and (declared is None or declared.subject == "sender")
        self.subject = event.subject or (event.member if sender else None)
        self.message: Message | None = event.subject_message or (event.message if sender else None)

    def test(self, node: Any) -> bool:
        """Whether a condition holds; see `plain_conditions`."""
        raise NotImplementedError

    def value(self, node: Any) -> Any:
        match node:
            case checked.Const():
                return node.value
            case checked.FieldRef():
                return self.field(node)
            case checked.ParameterRef():
                return self.parameter(node.name)
            case checked.StateRef():
                return self.facts.state(node.name)
            case checked.DefinitionRef():
                body = self.book.definitions[node.name]
                return self.test(body) if node.type.kind == "boolean" else self.value(body)
            case checked.AggregateRef():
                keys = []
                for key in node.keys:
                    value = self.value(key)
                    if value is None:
                        return None
                    keys.append(value)
                return self.facts.aggregate(node.index, tuple(keys))
            case checked.FunctionCall():
                arguments = [self.value(one) for one in node.arguments]
                if any(one is None for one in arguments):
                    return None
                function = self.library.functions[node.function]
                return function.run(*([self.book.timezone] if function.zoned else []), *arguments)
            case checked.GroupSize():
                return self.facts.size(node.group)
            case checked.Arithmetic():
                return self.arithmetic(node)
            case checked.Tally():
                return sum((exact(self.value(one.weight) or 0) for one in self.counting(node)), Fraction(0))
            case _:
                return self.test(node)

    def counting(self, node: checked.Tally) -> list[checked.Weight]:
        """The conditions of a tally that hold; all are looked at."""
        held = [(one, self.test(one.condition)) for one in node.weights]
        return [one for one, holds in held if holds]

    def parameter(self, name: str) -> Any:
        found = None
        for start, value in self.book.parameters[name].values:
            if start is None or start <= self.law:
                found = value
        return found

    def field(self, ref: checked.FieldRef) -> Any:
        found = self.raw_field(ref)
        if ref.root == "label":
            wanted = {"number": (int, float, Decimal), "boolean": (bool,), "text": (str,)}[ref.type.kind]
            if not isinstance(found, wanted) or (ref.type.kind == "number" and isinstance(found, bool)):
                return None
        return exact(found) if ref.type.kind == "number" and found is not None else found

    def raw_field(self, ref: checked.FieldRef) -> Any:
        event, name = self.event, ref.name
        if ref.root in ("member", "sender", "whom", "named"):
            named = self.raw_field(ref.by) if ref.by is not None else None
            known = None if named is None else self.facts.member(named)
            who = {"member": self.subject, "sender": event.member, "whom": event.aimed, "named": known}[ref.root]
            if who is None:
                return None
            if ref.custom:
                return who.fields.get(name)
            if name == "tenure":
                return None if who.joined is None else event.time - who.joined
            if name == "labels":
                return tuple(sorted(label for label, end in who.labels.items() if end is None or event.time < end))
            return getattr(who, name)
        if ref.root in ("message", "label"):
            if self.message is None:
                return None
            if ref.root == "label":
                given = self.message.labels.get(name)
                score = self.library.scores.get(name)
                return given if given is not None or score is None else settled(score, score.run(self.message.text))
            if ref.custom:
                return self.message.fields.get(name)
            text = self.message.text
            derived = {"links": links_of, "mentions": mentions_of, "length": len}
            return derived[name](text) if name in derived else getattr(self.message, name)
        if ref.root == "target":
            return getattr(event.target, name)
        if ref.root == "event":
            return getattr(event, name)
        return event.fields.get(name)

    def arithmetic(self, node: checked.Arithmetic) -> Any:
        left, right = self.value(node.left), self.value(node.right)
        if left is None or right is None:
            return None
        if isinstance(left, date):
            return (left - right).days * DAY
        left, right = exact(left), exact(right)
        if node.operator == "/":
            return None if right == 0 else left / right
        return {"+": left + right, "-": left - right, "*": left * right}[node.operator]

    def side(self, node: Any, other: str, exactly: bool) -> Any:
        value = self.value(node)
        if value is None:
            return None
        kind = kind_of(node)
        if kind == "instant" and other == "time_of_day":
            return self.minute(value)
        if kind == "instant" and other == "date":
            return self.local(value).date()
        if kind == "text" and other == "text" and not exactly:
            return fold_text(value)
        return exact(value)

    def local(self, moment: int) -> datetime:
        return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=moment)).astimezone(self.zone)

    def minute(self, moment: int) -> int:
        local = self.local(moment)
        return local.hour * 60 + local.minute
