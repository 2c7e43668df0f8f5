"""Whether what a test line expects is among what happened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from communityrules.checker import checked, dates
from communityrules.checker.scope import RESERVED_RULES
from communityrules.language import tree
from communityrules.library.declare import Library, Parameter
from communityrules.model.decision import ActionTaken, Decision, Sanction

#: `expect allow` speaks of the verdict, not of an action.
VERDICT: Final = "allow"


@dataclass(frozen=True, slots=True)
class Happened:
    """One action that was done, and the rules that it cites."""

    action: ActionTaken
    rules: tuple[str, ...]


def happened(decisions: Sequence[Decision]) -> list[Happened]:
    """Every action that took effect: of rules on trial and overridden rules, none did."""
    found: list[Happened] = []
    for decision in decisions:
        sanctions = {one.id: one for one in decision.sanctions}
        for outcome in decision.outcomes:
            if outcome.trial or outcome.overridden_by is not None:
                continue
            for action in outcome.actions:
                sanction = sanctions.pop(str(action.arguments.get("sanction")), None)
                rules = (outcome.rule, *(sanction.rules if sanction is not None else ()))
                found.append(Happened(action, rules))
        # A sanction that began without an action of its own: an appeal has the steps counted again.
        begun = [one for one in sanctions.values() if one.status == "in_force" and one.start == decision.time]
        found += [Happened(_imposed(one), one.rules) for one in begun]
    return found


def _imposed(one: Sanction) -> ActionTaken:
    length = "forever" if one.end is None else one.end - one.start
    return ActionTaken(one.kind, {"member": one.member}, {"duration": length} if length else {})


@dataclass(frozen=True, slots=True)
class Missing:
    """What was expected and did not happen."""

    #: Empty: `nothing` was expected and something happened; or only the rule is another.
    actions: tuple[tree.Action, ...]
    #: Whether all of it happened, but under other rules.
    elsewhere: bool = False


def compare(
    expect: tree.Expect, decisions: Sequence[Decision], own: Decision | None, library: Library
) -> Missing | None:
    """None when the expectation is met. `own` is the decision on the line's event, None for a line without one."""
    done = happened(decisions)
    if expect.nothing:
        # Letting something pass is what nothing looks like.
        return Missing(()) if any(one.action.do != VERDICT for one in done) else None
    under = rule_id(expect.under, decisions) if expect.under is not None else None
    missing = tuple(one for one in expect.actions if not _found(one, done, decisions, own, under, library))
    if not missing:
        return None
    elsewhere = under is not None and all(_found(one, done, decisions, own, None, library) for one in missing)
    return Missing(missing, elsewhere)


def rule_id(written: tree.RuleId, decisions: Sequence[Decision]) -> str:
    """The rule that is meant; `mute` in either spelling is the reserved one unless a rule is called so."""
    text = written.text
    named = any(outcome.rule == text for decision in decisions for outcome in decision.outcomes)
    return "mute" if text in RESERVED_RULES and not named else text


def _found(
    wanted: tree.Action,
    done: Sequence[Happened],
    decisions: Sequence[Decision],
    own: Decision | None,
    under: str | None,
    library: Library,
) -> bool:
    name = library.resolve("actions", wanted.name.text) or wanted.name.text
    if name == VERDICT:
        verdicts = [own.verdict] if own is not None else [one.verdict for one in decisions]
        cited = under is None or any(one.rule == under for decision in decisions for one in decision.outcomes)
        return cited and all(verdict == VERDICT for verdict in verdicts)
    return any(
        one.action.do == name
        and (under is None or under in one.rules)
        and _fits(wanted, name, one.action.arguments, library)
        for one in done
    )


def _fits(wanted: tree.Action, name: str, arguments: Any, library: Library) -> bool:
    """Whether every argument that is written is what the action was given."""
    declared = library.actions.get(name)
    free = list(declared.parameters) if declared is not None else []
    for argument in wanted.arguments:
        parameter = _parameter(free, argument, first=len(free) == len(declared.parameters) if declared else True)
        if parameter is None:
            return False
        free.remove(parameter)
        if parameter.kind != "unit" and not _same(argument, parameter, arguments, library):
            return False
    return True


def _parameter(free: Sequence[Parameter], argument: tree.Argument, first: bool) -> Parameter | None:
    # The parser takes the particle of `hold for`, `escalate to` away: its object comes bare.
    slots = ("", "to", "for") if first and not argument.slot else (argument.slot,)
    kinds = _KINDS[type(argument.value)]
    for slot in slots:
        for one in free:
            if one.slot == slot and one.kind in kinds:
                return one
    return None


_NAMED: Final = ("penalty", "template", "group", "state", "value", "label", "member", "calendar", "priority", "unit")
_KINDS: Final[dict[type, tuple[str, ...]]] = {
    tree.Duration: ("duration",),
    tree.Forever: ("duration",),
    tree.DurationRange: ("range",),
    tree.Number: ("number",),
    tree.Text: ("text", "label", "group"),
    tree.Path: _NAMED,
    tree.Day: (),
}


def _same(argument: tree.Argument, parameter: Parameter, arguments: Any, library: Library) -> bool:
    given = arguments.get(parameter.name)
    match argument.value:
        case tree.Duration() as length:
            return bool(given == dates.measure(length))
        case tree.Forever():
            return given in (None, "forever")
        case tree.DurationRange() as between:
            low = dates.measure(tree.Duration(between.low, between.high.unit, between.span))
            return bool((arguments.get("duration"), arguments.get("up_to")) == (low, dates.measure(between.high)))
        case tree.Number() as number:
            return bool(given == dates.whole(number.value))
        case tree.Path() | tree.Text() as words:
            text = words.value if isinstance(words, tree.Text) else words.text
            if isinstance(given, checked.FieldRef):
                return text == given.what
            table = {"group": "groups", "priority": "values"}.get(parameter.kind)
            return given == text or (table is not None and given == library.resolve(table, text))
        case _:
            return False
