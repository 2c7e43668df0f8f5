"""Clauses of rules and steps of tests as text, one line each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from communityrules.language.printing.expressions import ExpressionPrinter
from communityrules.language.tree import (
    AppliesTo,
    Clause,
    Content,
    Cooldown,
    Effective,
    Every,
    Expect,
    Expected,
    ExpectedBalance,
    ExpectedCase,
    ExpectedDuty,
    FieldValues,
    FoundBy,
    Given,
    Happens,
    If,
    InPlaces,
    Later,
    Modality,
    Name,
    OnEvents,
    Overrides,
    Path,
    Reminder,
    Require,
    Responsible,
    ReviewBy,
    SetDay,
    Step,
    Text,
    Then,
    Todo,
    Trial,
    Urgency,
)  # fmt: skip


class ClausePrinter(ExpressionPrinter):
    def clause(self, node: Clause) -> str:
        """A clause with its word."""
        kind = type(node)
        if kind is Modality:
            return self.body(node)
        opening, body = self.words.word(_OPENINGS[kind]), _BODIES[kind](self, node)
        if kind is FoundBy:
            body = f"{body} {self.words.word('found_by_end')}".rstrip()
        elif kind is Every and self.words.chinese:
            return opening + body
        return f"{opening} {body}" if opening and body else opening or body

    def body(self, node: Clause) -> str:
        """A clause without its word, as it stands in a table."""
        return _BODIES[type(node)](self, node)

    # --- bodies ----------------------------------------------------------------------------------------------

    def _content(self, node: Content | Todo) -> str:
        return self.words.text(node.text)

    def _modality(self, node: Modality) -> str:
        return self.words.word(node.kind)

    def _applies_to(self, node: AppliesTo) -> str:
        return self._except(node.groups, node.excluded, "everyone")

    def _in(self, node: InPlaces) -> str:
        return self._except(node.places, node.excluded, "everywhere")

    def _except(self, included: tuple[Name | Text, ...], excluded: tuple[Name | Text, ...], all_of_them: str) -> str:
        printed = self._names(included) if included else self.words.word(all_of_them)
        return f"{printed} {self.words.word('except')} {self._names(excluded)}" if excluded else printed

    def _names(self, names: tuple[Name | Text, ...]) -> str:
        words = self.words
        return words.listed(words.text(one) if isinstance(one, Text) else words.name("group", one) for one in names)

    def _responsible(self, node: Responsible | FoundBy) -> str:
        group = self.words.name("group", node.group)
        return f"{self.words.word('each')} {group}" if isinstance(node, Responsible) and node.each else group

    def _effective(self, node: Effective) -> str:
        words = self.words
        parts = []
        if node.start:
            parts.append(f"{words.word('from')} {words.constant(node.start)}")
        if node.end:
            parts.append(f"{words.word('through')} {words.constant(node.end)}")
        return " ".join(parts) or words.word("immediately")

    def _review_by(self, node: ReviewBy) -> str:
        return self.words.constant(node.day)

    def _on(self, node: OnEvents) -> str:
        return self.words.listed(self.words.name("event", one) for one in node.events)

    def _every(self, node: Every) -> str:
        return self.words.period(node.period)

    def _if(self, node: If) -> str:
        return self.words.word("otherwise") if node.condition is None else self.expression(node.condition)

    def _then(self, node: Then) -> str:
        return self.consequences(node.consequences)

    def _require(self, node: Require) -> str:
        words = self.words
        parts = [words.name("event", node.event)]
        if node.times is not None:
            parts.append(f"{words.word('at_least')} {words.how_many(node.times)} {words.word('times')}")
        if node.within is not None:
            parts.append(f"{words.word('within')} {words.length(node.within)}")
        if node.until is not None:
            parts.append(f"{words.word('until')} {self.expression(node.until)}")
        if node.calendar is not None:
            parts.append(f"{words.word('by')} {node.calendar.text}")
        printed = [" ".join(parts), *map(self._urgency, node.urgencies), *map(self._reminder, node.reminders)]
        return words.comma.join(printed) + (self.if_late(node.if_late) if node.if_late else "")

    def _urgency(self, node: Urgency) -> str:
        words = self.words
        name = words.path(Path((node.priority,), node.priority.span), ("value",), "priority")
        return f"{words.word('priority')} {name} {words.word('within')} {words.length(node.within)}"

    def _reminder(self, node: Reminder) -> str:
        words = self.words
        if node.before is not None:
            when = f"{words.word('at_left')} {words.length(node.before)} {words.word('before')}"
        else:
            assert node.share is not None
            when = f"{words.word('at_share')} {words.how_many(node.share)}"
        return f"{when} {self.consequences(node.actions)}"

    def _cooldown(self, node: Cooldown) -> str:
        return self.words.length(node.duration)

    def _overrides(self, node: Overrides) -> str:
        return self.words.listed(map(self.words.rule_id, node.rules))

    def _trial(self, node: Trial) -> str:
        return f"{self.words.word('through')} {self.words.constant(node.through)}"

    # --- tests -----------------------------------------------------------------------------------------------

    def step(self, node: Step) -> tuple[str, str]:
        """A step of a test: what happens, and what is expected or nothing."""
        words = self.words
        match node:
            case SetDay():
                return words.constant(node.day), ""
            case Given():
                fields = self._fields("member", node.fields)
                return " ".join(filter(None, (words.word("given"), node.member.text, fields))), ""
            case Later():
                return f"{words.duration(node.duration)} {words.word('later')}", self._expect(node.expect)
            case Happens():
                parts = [words.constant(node.time), node.member.text, words.name("event", node.event)]
                if node.target is not None:
                    parts.append(node.target.text)
                if node.rule is not None:
                    parts.append(f"{words.word('rule_of')} {words.rule_id(node.rule)}")
                if node.text is not None:
                    parts.append(words.text(node.text))
                owner = words.names.entity(node.event.text) or node.event.text
                parts.append(self._fields(owner, node.fields))
                return " ".join(part for part in parts if part), self._expect(node.expect)

    def _fields(self, owner: str, fields: tuple[FieldValues, ...]) -> str:
        printed = []
        for one in fields:
            path = ".".join(self.words.fields(owner, one.path.parts))
            values = ", ".join(
                value.text if isinstance(value, Path) else self.words.constant(value) for value in one.values
            )
            printed.append(f"{path}: {values}")
        return f"({', '.join(printed)})" if printed else ""

    def _expect(self, node: Expect | None) -> str:
        if node is None:
            return ""
        return f"{self.words.word('expect')} {self.words.comma.join(map(self._expected, node.items))}"

    def _expected(self, node: Expected) -> str:
        words = self.words
        parts = [words.word("no")] if node.absent else []
        match node.what:
            case None:
                parts.append(words.word("nothing"))
            case ExpectedDuty() as owed:
                parts += [words.word("duty_of"), words.name("event", owed.event)]
                parts += [words.name("group", owed.owner)] if owed.owner is not None else []
                parts += [words.word(f"duty_{owed.status}")] if owed.status != "open" else []
            case ExpectedCase() as case:
                parts.append(words.word("case_of"))
                parts += [words.name("group", case.group)] if case.group is not None else []
                parts += [words.word(f"case_{case.status}")] if case.status != "open" else []
            case ExpectedBalance() as balance:
                parts.append(words.word("balance_of"))
                parts += [balance.member.text] if balance.member is not None else []
                parts.append(words.number(balance.points))
            case action:
                parts.append(self.consequences((action,)))
        parts += [words.word("under"), words.rule_id(node.under)] if node.under is not None else []
        return " ".join(parts)


_OPENINGS: dict[type, str] = {
    Content: "content", AppliesTo: "applies_to", InPlaces: "in", Responsible: "responsible", Effective: "effective",
    ReviewBy: "review_by", OnEvents: "on", Every: "every", If: "if", Then: "then", Require: "require",
    Cooldown: "cooldown", Overrides: "overrides", Trial: "trial", FoundBy: "found_by",
    Todo: "todo",
}  # fmt: skip

_BODIES: dict[type, Callable[[ClausePrinter, Any], str]] = {
    Content: ClausePrinter._content, Modality: ClausePrinter._modality, AppliesTo: ClausePrinter._applies_to,
    InPlaces: ClausePrinter._in, Responsible: ClausePrinter._responsible, Effective: ClausePrinter._effective,
    ReviewBy: ClausePrinter._review_by, OnEvents: ClausePrinter._on, Every: ClausePrinter._every, If: ClausePrinter._if,
    Then: ClausePrinter._then, Require: ClausePrinter._require, Cooldown: ClausePrinter._cooldown,
    Overrides: ClausePrinter._overrides, Trial: ClausePrinter._trial, FoundBy: ClausePrinter._responsible,
    Todo: ClausePrinter._content,
}  # fmt: skip
