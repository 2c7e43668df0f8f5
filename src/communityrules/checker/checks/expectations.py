"""The rulebook's own tests: their days, members, events, fields and what they expect."""

from __future__ import annotations

from datetime import date
from typing import Final

from communityrules.checker import checked, given, suggest
from communityrules.checker.book import Book
from communityrules.checker.context import GROUP
from communityrules.checker.paths import UNKNOWN_FIELD
from communityrules.checker.scope import RESERVED_RULES
from communityrules.checker.unknown import suggestion
from communityrules.checker.versions import ENDS_BEFORE
from communityrules.checker.wording import shortened
from communityrules.checker.words import KINDS, type_word
from communityrules.diagnostics.message import Bilingual, Fix, Message
from communityrules.frozen import replace
from communityrules.language import tree
from communityrules.model.values import Type

WRONG_VALUE: Final = Message(
    code="CR230",
    severity="error",
    title=Bilingual("Test value of the wrong type", "测试中的值类型不符"),
    text=Bilingual("`{name}` is {type}, and `{value}` is not.", "`{name}` 是{type},而 `{value}` 不是。"),
    hint=Bilingual("Give it {type}.", "请给出{type}。"),
)

NO_DAY: Final = Message(
    code="CR315",
    severity="error",
    title=Bilingual("Test without a day", "测试没有日期"),
    text=Bilingual("The test `{name}` does not say on which day it begins.", "测试 `{name}` 没有写明从哪天开始。"),
    hint=Bilingual(
        "Put a date such as `2024-10-08` on a line before this one.", "请在此行之前写一行日期,例如 `2024-10-08`。"
    ),
)

NOT_BY_HAND: Final = Message(
    code="CR460",
    severity="error",
    title=Bilingual("Event that nobody sends", "没有人会发出的事件"),
    text=Bilingual("`{name}` is raised by the engine, so a test cannot send it.", "`{name}` 由引擎产生,测试不能发送。"),
    hint=Bilingual("Send what brings it about, and expect what follows.", "请发送引起它的事件,再预期其结果。"),
)


def check_expectations(book: Book) -> None:
    """Every test. Whether it passes is for the test runner."""
    events = {
        name: checked.CustomEvent(name, dict(fields), name in book.scope.library.events)
        for name, fields in book.scope.event_fields.items()
    }
    for test in book.of_type(tree.Test):
        if isinstance(test, tree.Test):
            _Test(book, test, events).check()


class _Test:
    def __init__(self, book: Book, test: tree.Test, events: dict[str, checked.CustomEvent]) -> None:
        self._book = book
        self._test = test
        self._events = events
        self._day: tree.Day | None = None
        self._time: tree.TimeOfDay | None = None
        #: Members whom the test names.
        self._people: Final = frozenset(
            one.member.text for one in test.steps if isinstance(one, tree.Given | tree.Happens)
        )

    def check(self) -> None:
        for step in self._test.steps:
            match step:
                case tree.SetDay():
                    self._set_day(step)
                case tree.Given():
                    for one in step.fields:
                        found = given.member_field(self._book.scope.library, self._book.scope.member_fields, one.path)
                        known = [
                            name
                            for name, info in self._book.scope.fields_of("entities", "member").items()
                            if info.custom
                        ]
                        self._field(one, found, "member", [*known, "name", "roles", "joined", "名称", "角色", "入群"])
                case tree.Happens():
                    self._happens(step)
                case tree.Later():
                    self._time = None
                    if self._day is None:
                        self._no_day(step)
                    self._expect(step.expect)

    def _set_day(self, step: tree.SetDay) -> None:
        if self._day is not None and step.day.value < self._day.value:
            self._book.report.add(ENDS_BEFORE, step.day.span, later=step.day.span.text, earlier=self._day.span.text)
        self._day, self._time = step.day, None

    def _no_day(self, step: tree.Happens | tree.Later) -> None:
        if self._book.complete:
            self._book.report.add(NO_DAY, step.span, name=self._test.name.value)
        # Said once.
        self._day = tree.Day(date.min, step.span)

    def _happens(self, step: tree.Happens) -> None:
        scope, report = self._book.scope, self._book.report
        if self._day is None:
            self._no_day(step)
        if self._time is not None and _clock(step.time) < _clock(self._time):
            report.add(ENDS_BEFORE, step.time.span, later=step.time.span.text, earlier=self._time.span.text)
        self._time = step.time
        event = scope.event(step.event.text)
        if event is None:
            scope.unknown("event", step.event, scope.event_names())
        else:
            scope.used.add(("event", event))
            declared = scope.event_type(event)
            if declared is not None and declared.raised:
                report.add(NOT_BY_HAND, step.event.span, name=step.event.text)
            for one in step.fields:
                found = given.event_field(scope.library, self._events, event, one.path)
                own = [name for name, info in scope.fields_of("events", event).items() if not info.universal]
                self._field(one, found, step.event.text, [*own, "topic", "reply_to", "attachments", "channel", "place"])
        if step.rule is not None:
            scope.has_rule(step.rule)
        self._expect(step.expect)

    def _field(self, written: tree.FieldValues, found: checked.FieldRef | None, owner: str, known: list[str]) -> None:
        report = self._book.report
        if found is None:
            name = written.path.text
            near = suggest.closest(name, known)
            report.add(
                UNKNOWN_FIELD,
                written.path.span,
                fix=Fix(written.path.span, near) if near is not None else None,
                owner=owner,
                name=name,
                suggestion=suggestion(near, known, KINDS["field"]),
            )
            return
        for value in written.values:
            if not given.fits(found, value):
                report.add(
                    WRONG_VALUE,
                    value.span,
                    name=written.path.text,
                    type=type_word(found.type),
                    value=shortened(value.span),
                )
        if found.type.kind != "list" and len(written.values) > 1:
            report.add(
                WRONG_VALUE,
                written.values[1].span,
                name=written.path.text,
                type=type_word(Type(found.type.kind)),
                value=shortened(written.values[0].span.to(written.values[-1].span)),
            )

    def _expect(self, expect: tree.Expect | None) -> None:
        if expect is None:
            return
        scope = self._book.scope
        for one in expect.items:
            match one.what:
                case tree.Action() as action:
                    self._book.actions.one(self._of_anybody(action), GROUP, lenient=True, people=self._people)
                case tree.ExpectedDuty() as duty:
                    event = scope.event(duty.event.text)
                    if event is None:
                        scope.unknown("event", duty.event, scope.event_names())
                    else:
                        scope.used.add(("event", event))
                case tree.ExpectedCase() as case if case.group is not None:
                    scope.has_group(case.group)
            if one.under is not None and one.under.text not in RESERVED_RULES:
                scope.has_rule(one.under)

    def _of_anybody(self, action: tree.Action) -> tree.Action:
        """The action without `against amy`: who takes part in a test needs no declaration."""
        library = self._book.scope.library
        declared = library.actions.get(library.resolve("actions", action.name.text) or "")
        if declared is None or all(one.kind != "member" or one.slot != "against" for one in declared.parameters):
            return action
        kept = [one for one in action.arguments if one.slot != "against" or not _is_word(one.value)]
        return replace(action, arguments=tuple(kept))


def _is_word(value: object) -> bool:
    return isinstance(value, tree.Path) and len(value.parts) == 1


def _clock(time: tree.TimeOfDay) -> tuple[int, int]:
    return time.minutes, time.seconds
