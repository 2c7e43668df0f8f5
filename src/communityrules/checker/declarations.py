"""Declarations other than rules: groups, words, dated numbers, states, calendars, templates, leaderboards."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

from communityrules.checker import checked, dates, templates
from communityrules.checker.actions import origin
from communityrules.checker.context import GROUP, LOOSE
from communityrules.checker.header import Head
from communityrules.checker.loading import Files
from communityrules.checker.saying import fills_of, texts_of
from communityrules.checker.scope import DECLARED_TWICE, Scope
from communityrules.checker.seeing import Seeing
from communityrules.checker.wording import shortened, text_of
from communityrules.checker.words import KINDS, type_word
from communityrules.diagnostics.message import Bilingual, Fix, Message
from communityrules.language import tree
from communityrules.library.words import STAFF, STAFF_ROLES
from communityrules.model.values import BOOLEAN, DATE, DURATION, NUMBER, TEXT, TEXTS, TIME_OF_DAY, Type, Value

if TYPE_CHECKING:
    from communityrules.checker.expressions import Resolver

MIXED_PARAMETER: Final = Message(
    code="CR226",
    severity="error",
    title=Bilingual("Parameter with values of several types", "参数的值类型不一"),
    text=Bilingual(
        "`{name}` begins as {first}, and `{value}` is {type}.", "`{name}` 起初是{first},而 `{value}` 是{type}。"
    ),
    hint=Bilingual("Give every date a value of the same type.", "每个日期的值类型要一致。"),
)

NOT_A_BOARD: Final = Message(
    code="CR227",
    severity="error",
    title=Bilingual("Leaderboard that ranks nothing", "排行榜没有排名对象"),
    text=Bilingual("`{what}` is not a measure kept by somebody.", "`{what}` 不是按某个键记录的统计。"),
    hint=Bilingual("Write `by count(message by member this week)`.", "写作 `按 计数(消息 按 成员 本周)`。"),
)

BAD_TOP: Final = Message(
    code="CR228",
    severity="error",
    title=Bilingual("Leaderboard of no length", "排行榜的名次数不对"),
    text=Bilingual(
        "`top {number}` is not a number of places from 1 to 1000.", "`前 {number}` 不是 1 到 1000 之间的名次数。"
    ),
    hint=Bilingual("Write `top 10`.", "写作 `前 10`。"),
)

BAD_HOURS: Final = Message(
    code="CR310",
    severity="error",
    title=Bilingual("Working hours that are none", "不成立的办公时间"),
    text=Bilingual("`{hours}` does not run from an earlier to a later time of the day.", "`{hours}` 不是由早到晚。"),
    hint=Bilingual(
        "Write the earlier time first; hours past midnight go on the next day's line.",
        "先写较早的时间;跨过午夜的部分写在次日一行。",
    ),
)

NOT_A_DAY: Final = Message(
    code="CR311",
    severity="error",
    title=Bilingual("Line that is not a date", "不是日期的一行"),
    text=Bilingual("`{line}` in `{path}` is not a date.", "`{path}` 中的 `{line}` 不是日期。"),
    hint=Bilingual("Write one date a line, such as `2024-12-25`.", "每行写一个日期,例如 `2024-12-25`。"),
)

REGIONS: Final = ("CN",)
_WEEK: Final[tuple[tree.Weekday, ...]] = (
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
)  # fmt: skip


def read_parameters(scope: Scope) -> dict[str, tuple[tree.ParameterDeclaration, Type, list[Value]]]:
    """Parameters whose values agree in type, by name; their dates are seen to elsewhere."""
    found: dict[str, tuple[tree.ParameterDeclaration, Type, list[Value]]] = {}
    for name, node in scope.declared.get("parameter", {}).items():
        values = [_constant(one.value, scope) for one in node.values]
        if not values or values[0] is None:
            continue
        first = values[0][1]
        known: list[Value] = []
        for one, written in zip(values, node.values, strict=True):
            if one is None:
                continue
            if one[1] != first:
                scope.report.add(
                    MIXED_PARAMETER,
                    written.value.span,
                    name=name,
                    first=type_word(first),
                    value=shortened(written.value.span),
                    type=type_word(one[1]),
                )
            known.append(one[0])
        found[name] = (node, first, known)
    return found


def _constant(
    node: tree.Text | tree.Number | tree.Duration | tree.TimeOfDay | tree.Day | tree.Flag, scope: Scope
) -> tuple[Value, Type] | None:
    match node:
        case tree.Text():
            return node.value, TEXT
        case tree.Number():
            return dates.whole(node.value), NUMBER
        case tree.Duration():
            micros = dates.length(node, scope.report, zero=True)
            return (micros, DURATION) if micros is not None else None
        case tree.TimeOfDay():
            return node.minutes, TIME_OF_DAY
        case tree.Day():
            return node.value, DATE
        case tree.Flag():
            return node.value, BOOLEAN


class Declarations:
    """Turns declarations into their checked forms; what is at fault is reported and left out."""

    def __init__(self, resolver: Resolver, files: Files, head: Head) -> None:
        self._resolver = resolver
        self._scope = resolver.scope
        self._report = resolver.report
        self._files = files
        self._head = head
        self._seeing = Seeing(resolver.scope, head)

    def steps(self) -> tuple[str, ...] | None:
        """The steps of seeing through disguise that the rulebook asks for; None for the usual ones."""
        return self._seeing.of_rulebook()

    def groups(self) -> dict[str, checked.Expression]:
        """Every group's condition; `staff` is there unless declared."""
        found: dict[str, checked.Expression] = {}
        for name, node in self._scope.declared.get("group", {}).items():
            condition = self._resolver.condition(node.condition, GROUP)
            if condition is not None:
                found[name] = condition
        if STAFF not in self._scope.declared.get("group", {}):
            roles = checked.FieldRef("member", "roles", TEXTS, what="member.roles")
            found[STAFF] = checked.Contains(roles, tuple(checked.Const(one, TEXT) for one in STAFF_ROLES), "any", False)
        return found

    def lists(self) -> dict[str, checked.WordList]:
        """Every list with its words, from the rulebook or from its file."""
        found: dict[str, checked.WordList] = {}
        for name, node in self._scope.declared.get("list", {}).items():
            items: list[str] = [one.value for one in node.items]
            if node.file is not None:
                lines = self._files.lines(node.file)
                items = [line for line, _ in lines or ()]
                if lines is None:
                    continue
            unique = tuple(dict.fromkeys(filter(str.strip, items)))
            ways = self._seeing.of_list(node)
            found[name] = checked.WordList(name, node.exactly, unique, origin(node.span), *ways)
        return found

    def patterns(self) -> dict[str, str]:
        return {name: node.regex.pattern for name, node in self._scope.declared.get("pattern", {}).items()}

    def places(self) -> dict[str, tuple[str, ...]]:
        return {
            name: tuple(dict.fromkeys(one.value for one in node.channels))
            for name, node in self._scope.declared.get("place", {}).items()
            if node.condition is None
        }

    def states(self) -> dict[str, checked.State]:
        """Every state; a value that is named twice is reported."""
        found: dict[str, checked.State] = {}
        for name, node in self._scope.declared.get("state", {}).items():
            seen: dict[str, tree.Name] = {}
            for one in node.values:
                first = seen.setdefault(one.text, one)
                if first is not one:
                    self._report.add(
                        DECLARED_TWICE,
                        one.span,
                        kind=KINDS["value"],
                        name=one.text,
                        line=str(first.span.line),
                        file=first.span.source.name,
                    )
            found[name] = checked.State(name, tuple(seen))
        return found

    def calendars(self) -> dict[str, checked.WorkCalendar]:
        return {name: self._calendar(node) for name, node in self._scope.declared.get("calendar", {}).items()}

    def _calendar(self, node: tree.CalendarDeclaration) -> checked.WorkCalendar:
        week: list[list[tuple[int, int]]] = [[] for _ in _WEEK]
        regions: list[str] = []
        holidays: list[date] = []
        workdays: list[date] = []
        for line in node.lines:
            if isinstance(line, tree.WorkingHours):
                if line.start.minutes >= line.end.minutes:
                    self._report.add(
                        BAD_HOURS, line.start.span.to(line.end.span), hours=shortened(line.start.span.to(line.end.span))
                    )
                    continue
                first = _WEEK.index(line.first)
                last = _WEEK.index(line.last) if line.last is not None else first
                for step in range((last - first) % 7 + 1):
                    week[(first + step) % 7].append((line.start.minutes, line.end.minutes))
            elif isinstance(line, tree.Workdays):
                workdays.extend(one.value for one in line.days)
            else:
                self._holidays(line, regions, holidays)
        return checked.WorkCalendar(
            node.name.text,
            tuple(_merged(one) for one in week),
            tuple(dict.fromkeys(regions)),
            tuple(sorted(set(holidays))),
            tuple(sorted(set(workdays))),
        )

    def _holidays(self, line: tree.Holidays, regions: list[str], holidays: list[date]) -> None:
        if line.region is not None:
            region = line.region.text.upper()
            if region in REGIONS:
                regions.append(region)
            else:
                self._scope.unknown("region", line.region, REGIONS)
        holidays.extend(one.value for one in line.days)
        if line.file is None:
            return
        for text, _ in self._files.lines(line.file) or ():
            try:
                holidays.append(date.fromisoformat(text.replace("/", "-")))
            except ValueError:
                self._report.add(NOT_A_DAY, line.file.span, line=text[:60], path=line.file.value)
                return

    def templates(self) -> dict[str, checked.Template]:
        """Every template; where texts are dated, those of one name in the order of time."""
        found: dict[str, checked.Template] = {}
        for name, nodes in self._scope.templates.items():
            fills = fills_of(texts_of(name, self._scope), self._resolver, strict=True)
            versions = templates.versions_of(nodes, self._head)
            if len(versions) == 1 and versions[0].start is versions[0].end is None:
                found[name] = checked.Template(name, versions[0].texts, fills)
            else:
                found[name] = checked.Template(name, {}, fills, versions)
        return found

    def leaderboards(self) -> tuple[checked.Leaderboard, ...]:
        """Every board whose measure is kept by somebody."""
        found: list[checked.Leaderboard] = []
        for name, node in self._scope.declared.get("leaderboard", {}).items():
            top = dates.whole(node.top.value)
            if not isinstance(top, int) or not 1 <= top <= 1000:
                self._report.add(BAD_TOP, node.top.span, number=node.top.span.text)
                continue
            measure = self._resolver.value(node.measure, LOOSE)
            if measure is None:
                continue
            if (
                not isinstance(measure, checked.AggregateRef)
                or not measure.keys
                or measure.type not in (NUMBER, DURATION)
                # Which text would all others be compared with?
                or self._resolver.measures[measure.index].function in ("similar", "open_duties", "oldest_duty")
            ):
                fix = Fix(node.measure.span, "count(message by member this week)")
                self._report.add(NOT_A_BOARD, node.measure.span, fix=fix, what=text_of(node.measure))
                continue
            found.append(checked.Leaderboard(name, top, measure.index, text=shortened(node.span)))
        return tuple(found)


def _merged(ranges: list[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Ranges of minutes in order, those that touch joined."""
    found: list[tuple[int, int]] = []
    for start, end in sorted(ranges):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return tuple(found)
