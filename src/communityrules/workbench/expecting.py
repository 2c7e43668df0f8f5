"""Whether what a test line expects is among what happened."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Final

from communityrules.checker import checked, dates
from communityrules.checker.fitting import FITTING
from communityrules.checker.scope import RESERVED_RULES
from communityrules.compiler.plain import plain, plain_number
from communityrules.language import tree
from communityrules.library.declare import Library, Parameter
from communityrules.model.decision import ActionTaken, Decision, Sanction

#: `expect allow` speaks of the verdict, not of an action.
VERDICT: Final = "allow"
#: `expect remind against amy` says whom it fell on.
AGAINST: Final = "against"


@dataclass(frozen=True, slots=True)
class Happened:
    """One action that was done, and the rules that it cites."""

    action: ActionTaken
    rules: tuple[str, ...]
    #: What people were told by it, in every language: templates, facts and parameters filled in.
    texts: frozenset[str] = frozenset()


def happened(decisions: Sequence[Decision], told: Collection[str] = ()) -> list[Happened]:
    """Every action that took effect: of rules on trial and overridden rules, none did.

    `told` are the sanctions that were in force before.
    """
    found: list[Happened] = []
    for decision in decisions:
        sanctions = {one.id: one for one in decision.sanctions}
        for outcome in decision.outcomes:
            if outcome.trial or outcome.overridden_by is not None:
                continue
            for action in outcome.actions:
                sanction = sanctions.pop(str(action.arguments.get("sanction")), None)
                rules = (outcome.rule, *(sanction.rules if sanction is not None else ()))
                found.append(Happened(action, rules, _said(decision, outcome.rule, action)))
        # A sanction that came about without an action of its own: an appeal has the steps counted again, and the next
        # one bears the start that it would have had.
        begun = [one for one in sanctions.values() if one.status == "in_force" and one.id not in told]
        found += [Happened(_imposed(one), one.rules) for one in begun]
    return found


def _said(decision: Decision, rule: str, action: ActionTaken) -> frozenset[str]:
    whom = action.on.get("member")
    return frozenset(
        text
        for notice in decision.notices
        if (notice.kind, notice.rule) == (action.do, rule) and whom in (None, notice.to.get("member", whom))
        for text in notice.texts.values()
    )


def _imposed(one: Sanction) -> ActionTaken:
    length = "forever" if one.end is None else one.end - one.start
    return ActionTaken(one.kind, {"member": one.member}, {"duration": length} if length else {})


@dataclass(frozen=True, slots=True)
class Missing:
    """What was expected and did not happen, or was expected not to happen and did."""

    items: tuple[tree.Expected, ...]
    #: Whether all of it happened, but under other rules.
    elsewhere: bool = False


def compare(
    expect: tree.Expect,
    decisions: Sequence[Decision],
    own: Decision | None,
    library: Library,
    told: Collection[str] = (),
) -> Missing | None:
    """None when the expectation is met. `own` is the decision on the line's event, None for a line without one;
    `told` the sanctions that were in force before."""
    seen = _Seen(decisions, own, library, happened(decisions, told))
    missing: list[tree.Expected] = []
    elsewhere = True
    for one, written in expect.rules():
        under = rule_id(written, decisions) if written is not None else None
        if seen.holds(one, under):
            continue
        missing.append(one)
        unwanted = one.what is None or one.absent
        elsewhere = elsewhere and under is not None and not unwanted and seen.holds(one, None)
    return Missing(tuple(missing), elsewhere) if missing else None


def rule_id(written: tree.RuleId, decisions: Sequence[Decision]) -> str:
    """The rule that is meant; `mute`, `power`, `breaker` in either spelling are reserved unless a rule is called so."""
    text = written.text
    named = any(outcome.rule == text for decision in decisions for outcome in decision.outcomes)
    return text if named else RESERVED_RULES.get(text, text)


@dataclass(frozen=True, slots=True)
class _Seen:
    """What was seen since the line before."""

    decisions: Sequence[Decision]
    own: Decision | None
    library: Library
    done: Sequence[Happened]

    def holds(self, one: tree.Expected, under: str | None) -> bool:
        """Whether one thing is as expected."""
        if one.what is None:
            # Letting something pass is what nothing looks like.
            return not any(
                found.action.do != VERDICT and (under is None or under in found.rules) for found in self.done
            )
        return self._found(one.what, under) is not one.absent

    def _found(
        self,
        wanted: tree.Action | tree.ExpectedDuty | tree.ExpectedCase | tree.ExpectedBalance,
        under: str | None,
    ) -> bool:
        match wanted:
            case tree.Action():
                return self._acted(wanted, under)
            case tree.ExpectedDuty():
                event = self.library.resolve("events", wanted.event.text) or wanted.event.text
                return any(
                    (one.what, one.status) == (event, wanted.status)
                    and _is_named(wanted.owner, (one.responsible,), self.library)
                    and under in (None, one.rule)
                    for decision in self.decisions
                    for one in decision.duties
                )
            case tree.ExpectedCase():
                return any(
                    one.status == wanted.status
                    and _is_named(wanted.group, (one.group,), self.library)
                    and under in (None, one.rule)
                    for decision in self.decisions
                    for one in decision.cases
                )
            case tree.ExpectedBalance():
                return any(
                    one.balance == wanted.points.value
                    and _is_named(wanted.member, (one.member,), self.library)
                    and under in (None, one.rule)
                    for decision in self.decisions
                    for one in decision.points
                )

    def _acted(self, wanted: tree.Action, under: str | None) -> bool:
        name = self.library.resolve("actions", wanted.name.text) or wanted.name.text
        if name == VERDICT:
            verdicts = [self.own.verdict] if self.own is not None else [one.verdict for one in self.decisions]
            outcomes = (one for decision in self.decisions for one in decision.outcomes)
            cited = under is None or any(one.rule == under for one in outcomes)
            return cited and all(verdict == VERDICT for verdict in verdicts)
        return any(
            one.action.do == name and (under is None or under in one.rules) and _fits(wanted, name, one, self.library)
            for one in self.done
        )


def _is_named(name: tree.Name | tree.Path | None, among: Sequence[str | None], library: Library) -> bool:
    """Whether a group or member is the one that is named; anybody is where none is."""
    return name is None or bool({name.text, library.resolve("groups", name.text) or name.text}.intersection(among))


def _fits(wanted: tree.Action, name: str, done: Happened, library: Library) -> bool:
    """Whether every argument that is written is what the action was given, or what it told people; `against` whom it
    fell on."""
    # A member whom an action names is whom it falls on.
    bearer = done.action.on.get("member")
    arguments = {"member": bearer, "against": bearer, **done.action.arguments}
    declared = library.actions.get(name)
    free = list(declared.parameters) if declared is not None else []
    for argument in wanted.arguments:
        if argument.slot == AGAINST and isinstance(argument.value, tree.Path):
            if not _is_named(argument.value, (done.action.on.get("member"), done.action.on.get("group")), library):
                return False
            continue
        fitting = _parameters(free, argument, first=len(free) == len(declared.parameters) if declared else True)
        # `remind staff` may name a template or a group.
        same = (one for one in fitting if one.kind == "unit" or _same(argument, one, arguments, done.texts, library))
        parameter = next(same, None)
        if parameter is None:
            return False
        free.remove(parameter)
    return True


def _parameters(free: Sequence[Parameter], argument: tree.Argument, first: bool) -> list[Parameter]:
    # The parser takes the particle of `hold for`, `escalate to` away: its object comes bare.
    slots = ("", "to", "for") if first and not argument.slot else (argument.slot,)
    kinds = FITTING[type(argument.value)]
    return [one for slot in slots for one in free if one.slot == slot and one.kind in kinds]


def _told(value: Any) -> Any:
    """A value as an action that notes it tells it."""
    match value:
        case tree.Duration():
            length = dates.measure(value)
            return None if length is None else plain(length, "duration", "UTC")
        case tree.Number():
            return plain_number(value.value)
        case tree.Day():
            return value.value.isoformat()
        case tree.Text() | tree.Flag():
            return value.value
        case _:
            return value.text


def _same(
    argument: tree.Argument, parameter: Parameter, arguments: Any, texts: Collection[str], library: Library
) -> bool:
    given = arguments.get(parameter.name)
    if parameter.kind == "fact":
        return bool(given == _told(argument.value))
    if parameter.kind == "field" and isinstance(argument.value, tree.Path):
        return bool(given == argument.value.parts[-1].text)
    match argument.value:
        case tree.Duration() as length:
            return bool(given == dates.measure(length))
        case tree.Forever():
            return given in (None, "forever")
        case tree.DurationRange() as between:
            low = dates.measure(tree.Duration(between.low, between.high.unit, between.span))
            return bool((arguments.get("duration"), arguments.get("up_to")) == (low, dates.measure(between.high)))
        case tree.Allowance() as allowance:
            most = dates.whole(allowance.number.value) if isinstance(allowance.number, tree.Number) else None
            return bool((arguments.get("at_most"), arguments.get("per")) == (most, allowance.unit))
        case tree.Number() as number:
            return bool(given == dates.whole(number.value))
        case tree.Path() | tree.Text() as words:
            text = words.value if isinstance(words, tree.Text) else words.text
            if isinstance(words, tree.Text) and parameter.kind == "text" and text in texts:
                return True
            if isinstance(given, checked.FieldRef):
                return text == given.what
            table = {"group": "groups", "priority": "values"}.get(parameter.kind)
            canonical = library.resolve(table, text) if table is not None else None
            return given is not None and given in (text, canonical)
        case tree.RuleId() as rule:
            return bool(given == rule.text)
        case _:
            return False
