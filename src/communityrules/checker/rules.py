"""Rules: every version with its events, condition and consequences resolved."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Final, Literal

from communityrules.checker import amounts, checked, dates, spots
from communityrules.checker.actions import Actions, origin
from communityrules.checker.clauses import Clauses
from communityrules.checker.context import PERIOD, Context
from communityrules.checker.requires import Requires
from communityrules.checker.versions import Version
from communityrules.checker.walk import walk
from communityrules.diagnostics.message import Bilingual, Message
from communityrules.frozen import dataclass
from communityrules.language import tree

if TYPE_CHECKING:
    from communityrules.checker.expressions import Resolver

BAD_PERIOD: Final = Message(
    code="CR411",
    severity="error",
    title=Bilingual("Period that cannot be kept", "无法执行的周期"),
    text=Bilingual(
        "`{period}` is not a whole number of hours, days, weeks, months, quarters or years, nor minutes that divide an "
        "hour.",
        "`{period}` 不是整数个小时、天、周、月、季度或年,也不是能整除一小时的分钟数。",
    ),
    hint=Bilingual(
        "Write such as `every 5 minutes`, `every day` or `every 2 weeks`.", "例如写作 `每 5分钟`、`每天` 或 `每 2周`。"
    ),
)

NO_OCCASION: Final = Message(
    code="CR412",
    severity="error",
    title=Bilingual("Rule without an occasion", "规则没有触发时机"),
    text=Bilingual("Rule `{rule}` does not say when it is judged.", "规则 `{rule}` 没有说明何时判定。"),
    hint=Bilingual(
        "Add `on EVENT`, `every PERIOD` or, for what people judge, `found by GROUP`.",
        "请加上 `当 事件`、`每 周期`,由人判断的则加 `由 用户组 认定`。",
    ),
)

TWO_OCCASIONS: Final = Message(
    code="CR413",
    severity="error",
    title=Bilingual("Rule with two kinds of occasion", "规则有两种触发时机"),
    text=Bilingual(
        "A rule is judged on events, every period, or found by people; rule `{rule}` says two of them.",
        "规则要么当事件判定,要么按周期判定,要么由人认定;规则 `{rule}` 写了两种。",
    ),
    hint=Bilingual(
        "Make two rules of it; `as rule N` lends the consequence.", "请拆成两条规则;`按规则 N` 可借用处置。"
    ),
)

FOUND_WITH_IF: Final = Message(
    code="CR414",
    severity="error",
    title=Bilingual("Condition on what people judge", "由人认定的规则带有条件"),
    text=Bilingual("Rule `{rule}` is found by people, so it has no `if`.", "规则 `{rule}` 由人认定,不应有 `若`。"),
    hint=Bilingual("Remove the condition, or put the rule on an event.", "请删去条件,或让规则当某个事件。"),
)

UNITS: Final = ("minute", "hour", "day", "week", "month", "quarter", "year")


@dataclass(frozen=True, slots=True)
class Judged:
    """A checked version beside the text it came from."""

    rule: checked.Rule
    text: Clauses
    context: Context
    #: What `then` asks for with `as rule N` not yet replaced, in the writer's order.
    consequences: tuple[checked.Action | tree.RuleId, ...]


@dataclass(frozen=True, slots=True)
class _Beside:
    """What a version says beside its occasion, condition and consequences, as it stands in the checked one."""

    applies_to: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    excluded_places: tuple[str, ...] = ()
    in_places: tuple[checked.Expression, ...] = ()
    except_places: tuple[checked.Expression, ...] = ()
    responsible: str | None = None
    each: bool = False
    found_by: str | None = None
    every: checked.Period | None = None
    trial_end: int | None = None
    review_by: date | None = None
    cooldown: int | checked.ParameterRef | None = None
    overrides: tuple[str, ...] = ()


_NOTHING_BESIDE: Final = _Beside()
#: Clauses that are read apart from those; the days of `from … to` stand in the version.
_USUAL: Final = frozenset({tree.Content, tree.Modality, tree.OnEvents, tree.If, tree.Then, tree.Effective})


class Rules:
    """Resolves versions of rules."""

    def __init__(self, resolver: Resolver, actions: Actions) -> None:
        self._resolver = resolver
        self._scope = resolver.scope
        self._report = resolver.report
        self._actions = actions
        self._requires = Requires(resolver, actions)
        #: Conditions of places, by name.
        self._conditions = spots.read_spots(resolver)

    def all(self, versions: Iterable[Version]) -> list[Judged]:
        """Every version that could be resolved, in order. The others have been reported."""
        return [found for one in versions if (found := self._version(one)) is not None]

    def _version(self, version: Version) -> Judged | None:
        text = version.text
        before = self._report.errors
        context = self._context(text)
        if context is None:
            return None
        condition = self._condition(text, context)
        consequences = self._consequences(text, context)
        duties = tuple([duty for one in text.requires if (duty := self._requires.one(one, context)) is not None])
        modality, content = text.get(tree.Modality), text.get(tree.Content)
        beside = _NOTHING_BESIDE if text.by_kind.keys() <= _USUAL else self._beside(text)
        written = text.get(tree.If)
        lost = condition is None and written is not None and written.condition is not None
        lost = lost or (beside.every is None and text.get(tree.Every) is not None)
        # What failed may have been reported before, under another rule that uses the same name.
        if lost or text.unfinished or self._report.errors > before:
            return None
        rule = checked.Rule(
            id=text.id.text,
            name=text.name.value if text.name is not None else None,
            content=content.text.value
            if content is not None
            else text.name.value
            if text.name is not None
            else text.id.text,
            # A rule without modality is reported by a check of its own and never judged.
            modality=modality.kind if modality is not None else "must",
            applies_to=beside.applies_to,
            excluded=beside.excluded,
            places=beside.places,
            excluded_places=beside.excluded_places,
            responsible=beside.responsible,
            start=version.start,
            end=version.end,
            grace_end=version.grace_end,
            trial_end=beside.trial_end,
            review_by=beside.review_by,
            events=context.events if text.get(tree.OnEvents) is not None else (),
            every=beside.every,
            condition=condition,
            actions=tuple([one for one in consequences if isinstance(one, checked.Action)]),
            duties=duties,
            cooldown=beside.cooldown,
            cooldown_by=self._cooldown_by(condition),
            overrides=beside.overrides,
            found_by=beside.found_by,
            first_match=text.table.name.text if text.table is not None and text.table.first_match else None,
            origin=origin(text.id.span),
            each=beside.each,
            in_places=beside.in_places,
            except_places=beside.except_places,
        )
        return Judged(rule, text, context, consequences)

    def _beside(self, text: Clauses) -> _Beside:
        """What few rules say. What is wrong with it is reported."""
        overrides = text.get(tree.Overrides)
        for one in overrides.rules if overrides is not None else ():
            self._scope.has_rule(one)
        applies, excluded = self._groups(text)
        places, excluded_places = self._places(text)
        inside, outside = self._spots(text)
        responsible = text.get(tree.Responsible)
        if responsible is not None:
            self._scope.has_group(responsible.group)
        found_by = text.get(tree.FoundBy)
        if found_by is not None:
            self._scope.has_group(found_by.group)
        every, cooldown = text.get(tree.Every), text.get(tree.Cooldown)
        trial, review = text.get(tree.Trial), text.get(tree.ReviewBy)
        return _Beside(
            applies_to=applies,
            excluded=excluded,
            places=places,
            excluded_places=excluded_places,
            in_places=inside,
            except_places=outside,
            responsible=responsible.group.text if responsible is not None else None,
            each=responsible is not None and responsible.each,
            found_by=found_by.group.text if found_by is not None else None,
            every=self._period(every) if every is not None else None,
            trial_end=dates.after(trial.through.value, self._resolver.zone) if trial is not None else None,
            review_by=review.day.value if review is not None else None,
            cooldown=amounts.length(cooldown.duration, self._resolver) if cooldown is not None else None,
            overrides=tuple(dict.fromkeys(one.text for one in overrides.rules)) if overrides is not None else (),
        )

    # --- occasion ------------------------------------------------------------------------------------------

    def _context(self, text: Clauses) -> Context | None:
        on, every, found_by = text.get(tree.OnEvents), text.get(tree.Every), text.get(tree.FoundBy)
        if on is not None and every is None and found_by is None:
            return self._of_events(on)
        given = [one for one in (on, every, found_by) if one is not None]
        if len(given) > 1:
            self._report.add(TWO_OCCASIONS, given[1].span, rule=text.id.text)
            return None
        if found_by is not None:
            condition = text.get(tree.If)
            if condition is not None:
                self._report.add(FOUND_WITH_IF, condition.span, rule=text.id.text)
            return Context("event", ("finding",))
        if every is not None:
            return PERIOD
        if not self._report.any_broken and not text.unfinished:
            self._report.add(NO_OCCASION, text.id.span, rule=text.id.text)
        return None

    def _of_events(self, on: tree.OnEvents) -> Context | None:
        events: dict[str, None] = {}
        for one in on.events:
            event = self._scope.event(one.text)
            if event is None:
                self._scope.unknown("event", one, self._scope.event_names())
            else:
                self._scope.used.add(("event", event))
                events[event] = None
        return Context("event", tuple(events)) if events else None

    def _period(self, every: tree.Every) -> checked.Period | None:
        amount = dates.whole(every.period.amount)
        fits = isinstance(amount, int) and 1 <= amount <= 1000
        if every.period.unit == "minute":
            fits = fits and amount < 60 and 60 % amount == 0
        if every.period.unit not in UNITS or not isinstance(amount, int) or not fits:
            self._report.add(BAD_PERIOD, every.period.span, period=every.period.span.text)
            return None
        return checked.Period(every.period.unit, amount)

    # --- scope ---------------------------------------------------------------------------------------------

    def _groups(self, text: Clauses) -> tuple[tuple[str, ...], tuple[str, ...]]:
        clause = text.get(tree.AppliesTo)
        if clause is None:
            return (), ()
        for one in (*clause.groups, *clause.excluded):
            self._scope.has_group(one)
        return tuple(dict.fromkeys(one.text for one in clause.groups)), tuple(
            dict.fromkeys(one.text for one in clause.excluded)
        )

    def _places(self, text: Clauses) -> tuple[tuple[str, ...], tuple[str, ...]]:
        clause = text.get(tree.InPlaces)
        if clause is None:
            return (), ()
        return self._channels(clause.places), self._channels(clause.excluded)

    def _spots(self, text: Clauses) -> tuple[tuple[checked.Expression, ...], tuple[checked.Expression, ...]]:
        """The places that are conditions."""
        clause = text.get(tree.InPlaces)
        if clause is None:
            return (), ()
        inside, outside = (
            tuple(dict.fromkeys(self._conditions[one.text] for one in names if one.text in self._conditions))
            for names in [
                [one for one in part if isinstance(one, tree.Name)] for part in (clause.places, clause.excluded)
            ]
        )
        return inside, outside

    def _channels(self, places: tuple[tree.Name | tree.Text, ...]) -> tuple[str, ...]:
        found: dict[str, None] = {}
        for one in places:
            if isinstance(one, tree.Text):
                found[one.value] = None
                continue
            declared: tree.PlaceDeclaration | None = self._scope.find("place", one)
            if declared is not None:
                found.update(dict.fromkeys(channel.value for channel in declared.channels))
        return tuple(found)

    # --- what it asks ----------------------------------------------------------------------------------------

    def _condition(self, text: Clauses, context: Context) -> checked.Expression | None:
        clause = text.get(tree.If)
        if clause is None or clause.condition is None:
            return None
        return self._resolver.condition(clause.condition, context)

    def _consequences(self, text: Clauses, context: Context) -> tuple[checked.Action | tree.RuleId, ...]:
        clause = text.get(tree.Then)
        found: list[checked.Action | tree.RuleId] = []
        for one in clause.consequences if clause is not None else ():
            if isinstance(one, tree.AsRule):
                if self._scope.has_rule(one.rule):
                    found.append(one.rule)
            else:
                action = self._actions.one(one, context)
                if action is not None:
                    found.append(action)
        return tuple(found)

    def _cooldown_by(self, condition: checked.Expression | None) -> Literal["community", "member"]:
        """`member` when there are measures and every one is kept by the subject; otherwise the community cools down."""
        if condition is None or not self._resolver.measures:
            return "community"
        found = list(measures_in(condition, self._resolver.definitions.plain))
        subject = ("member", "id")
        by_member = found and all(
            any(isinstance(key, checked.FieldRef) and (key.root, key.name) == subject for key in one.keys)
            for one in found
        )
        return "member" if by_member else "community"


def measures_in(
    condition: checked.Expression, definitions: dict[str, checked.Expression]
) -> Iterable[checked.AggregateRef]:
    """Every measure that a condition reads, through definitions too."""
    for one in walk(condition, definitions):
        if isinstance(one, checked.AggregateRef):
            yield one
