"""What is owed: the deadlines, reminders and late actions of a `require`."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final

from communityrules.checker import amounts, checked, dates
from communityrules.checker.actions import NO_IF_LATE, Actions, origin
from communityrules.checker.context import Context
from communityrules.checker.scope import spellings
from communityrules.checker.wording import shortened
from communityrules.diagnostics.message import Bilingual, Message
from communityrules.language import tree
from communityrules.model.values import DATE, INSTANT, NUMBER

if TYPE_CHECKING:
    from communityrules.checker.expressions import Resolver

NOT_TIMES: Final = Message(
    code="CR415",
    severity="error",
    title=Bilingual("Duty for a number of times that is none", "职责的次数不成立"),
    text=Bilingual("`at least {number} times` needs a whole number from 1.", "`至少 {number} 次` 需要从 1 起的整数。"),
    hint=Bilingual("Write `at least 2 times`.", "写作 `至少 2 次`。"),
)

NOT_BEFORE: Final = Message(
    code="CR444",
    severity="error",
    title=Bilingual("Reminder that is not before the deadline", "提醒不在期限之前"),
    text=Bilingual("`{moment}` is no moment before the deadline.", "`{moment}` 不是期限之前的时刻。"),
    hint=Bilingual(
        "Write a share below 100%, such as `at 80%`, or less than the whole time, such as `at 1 hour before`.",
        "请写小于 100% 的比例,例如 `到 80%`,或短于期限的时长,例如 `剩 1小时 时`。",
    ),
)

NOT_AN_INSTANT: Final = Message(
    code="CR445",
    severity="error",
    title=Bilingual("Deadline that is no time", "期限不是时间"),
    text=Bilingual(
        "`{what}` is no time or date of the event that opens the duty.", "`{what}` 不是产生职责的事件中的时刻或日期。"
    ),
    hint=Bilingual(
        "Name a field of the event of type `time` or `date`, such as `until booking.start`.",
        "请写该事件中类型为 `时刻` 或 `日期` 的字段,例如 `至 预约.开始`。",
    ),
)

NOTHING_COUNTED: Final = Message(
    code="CR446",
    severity="error",
    title=Bilingual("Calendar without a length of time to count", "日历没有可计的时长"),
    text=Bilingual(
        "The deadline is a moment, so there is no working time of `{name}` to count.",
        "期限是一个时刻,没有可按 `{name}` 计算的工作时长。",
    ),
    hint=Bilingual("Remove the calendar, or write the deadline with `within`.", "请删去日历,或用 `限时` 写期限。"),
)

TWO_PRIORITIES: Final = Message(
    code="CR447",
    severity="error",
    title=Bilingual("Two deadlines for one priority", "同一优先级有两个期限"),
    text=Bilingual("The priority `{name}` has a deadline here already.", "优先级 `{name}` 在此已有期限。"),
    hint=Bilingual("Keep one of them.", "请只保留一个。"),
)

TOO_STRONG: Final = Message(
    code="CR448",
    severity="error",
    title=Bilingual("Reminder that does more than tell", "提醒不只是告知"),
    text=Bilingual(
        "Before the deadline nothing is wrong yet, so a reminder cannot `{action}`.",
        "期限之前并无过失,提醒不能 `{action}`。",
    ),
    hint=Bilingual(
        "Remind, notify, escalate, raise an alert or flag; what punishes belongs to `if late`.",
        "可以提醒、通知、上报、告警或标记;处罚请写在 `逾期` 之后。",
    ),
)


class Requires:
    """Resolves the duties of rules."""

    def __init__(self, resolver: Resolver, actions: Actions) -> None:
        self._resolver = resolver
        self._scope = resolver.scope
        self._report = resolver.report
        self._actions = actions

    def one(self, node: tree.Require, context: Context) -> checked.DutySpec | None:
        """One duty; None when the event that meets it is not known."""
        event = self._scope.event(node.event.text)
        if event is None:
            self._scope.unknown("event", node.event, self._scope.event_names())
        else:
            self._scope.used.add(("event", event))
        times = self._times(node)
        within = amounts.length(node.within, self._resolver) if node.within is not None else None
        until = self._until(node.until, context) if node.until is not None else None
        calendar = None
        if node.calendar is not None and self._scope.find("calendar", node.calendar) is not None:
            calendar = node.calendar.text
            if node.until is not None:
                self._report.add(NOTHING_COUNTED, node.calendar.span, name=node.calendar.text)
        late = self._actions.several(node.if_late, context)
        endless = node.within is None and node.until is None and context.kind != "period"
        if node.if_late and endless:
            self._report.add(NO_IF_LATE, node.if_late[0].span, action=node.event.text)
        urgencies = self._urgencies(node)
        reminders = tuple(self._reminder(one, within, context) for one in node.reminders)
        if event is None:
            return None
        return checked.DutySpec(
            event, times, within, calendar, late, origin(node.span), until, urgencies,
            tuple(one for one in reminders if one is not None),
        )  # fmt: skip

    def _times(self, node: tree.Require) -> int | checked.ParameterRef:
        if isinstance(node.times, tree.Name):
            return amounts.parameter(node.times, NUMBER, self._resolver) or 1
        times = dates.whole(node.times.value) if node.times is not None else 1
        if isinstance(times, int) and 1 <= times <= 1_000_000:
            return times
        self._report.add(NOT_TIMES, node.times.span if node.times else node.span, number=str(times))
        return 1

    def _until(self, node: tree.Path, context: Context) -> checked.FieldRef | None:
        """The field of the opening event that holds the deadline."""
        found = self._resolver.value(node, context)
        if found is None:
            return None
        if isinstance(found, checked.FieldRef) and found.root == "own" and found.type in (INSTANT, DATE):
            return found
        self._report.add(NOT_AN_INSTANT, node.span, what=shortened(node.span))
        return None

    def _urgencies(self, node: tree.Require) -> tuple[checked.Urgency, ...]:
        found: dict[str, checked.Urgency] = {}
        library = self._scope.library
        for one in node.urgencies:
            within = amounts.length(one.within, self._resolver)
            name = library.resolve("values", one.priority.text)
            if name is None:
                self._scope.unknown("priority", one.priority, spellings(two.names for two in library.values.values()))
            elif name in found:
                self._report.add(TWO_PRIORITIES, one.priority.span, name=one.priority.text)
            elif within is not None:
                found[name] = checked.Urgency(name, within)
        return tuple(found.values())

    def _reminder(
        self, node: tree.Reminder, within: int | checked.ParameterRef | None, context: Context
    ) -> checked.Reminder | None:
        share: Decimal | checked.ParameterRef | None = None
        before: int | checked.ParameterRef | None = None
        moment = node.share or node.before
        assert moment is not None
        if isinstance(node.share, tree.Name):
            share = amounts.share(node.share, self._resolver)
            sound = True
        elif node.share is not None:
            share = node.share.value
            sound = node.share.percent and 0 < share < 1
        else:
            assert node.before is not None
            before = amounts.length(node.before, self._resolver)
            # By parameter, what is too early for one of its values is left out when the duty opens.
            longest = amounts.most(within, self._resolver) if within is not None else None
            sound = not isinstance(before, int) or longest is None or before < longest
        if not sound:
            self._report.add(NOT_BEFORE, moment.span, moment=moment.span.text)
        done = self._actions.several(node.actions, context)
        for one in node.actions:
            name = self._scope.library.resolve("actions", one.name.text)
            declared = self._scope.library.actions[name] if name is not None else None
            if declared is not None and (
                declared.punishes or declared.names.en in ("assign", "release")
                or (declared.falls_on == "message" and declared.verdict != "flag")
            ):  # fmt: skip
                self._report.add(TOO_STRONG, one.name.span, action=one.name.text)
        if not sound or (share is None and before is None):
            return None
        return checked.Reminder(share, before, done)
