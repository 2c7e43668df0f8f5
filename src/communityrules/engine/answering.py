"""What follows from the rules that match an event or a period."""

from __future__ import annotations

from collections.abc import Sequence

from communityrules.checker.checked import Rule
from communityrules.compiler.match import Hit, Match
from communityrules.engine import cooldowns, duties
from communityrules.engine.acting import bearer, perform, show
from communityrules.engine.penalties import offend
from communityrules.engine.raised import TYPES, announce
from communityrules.engine.turn import Act, Affected, Answer, Terms, Turn, reads_event
from communityrules.model.decision import ActionTaken
from communityrules.model.event import Event

#: By penalty and member: which offence it was, None for a penalty that the rulebook does not have.
Numbers = dict[tuple[str, str], int | None]


def ask(turn: Turn, event: Event, silenced: bool = False) -> None:
    """Ask the rules about an observed event and do what they answer.

    `silenced`: the sender may not write, so that nothing is punished, held or asked for.
    """
    match = turn.book.evaluator.match(event, turn.judge.facts(event))
    if match.hits or match.errors:
        answer(turn, event, match, silenced)


def drain(turn: Turn) -> None:
    """Judge the events that the engine has raised, and those that they raise, in order."""
    while turn.raised:
        event, turn.depth = turn.raised.pop(0)
        turn.judge.observe(event)
        ask(turn, event)


def answer(turn: Turn, event: Event, match: Match, silenced: bool = False, end: int | None = None) -> None:
    """Do what matching rules ask for. `end` is when the next period ends, for rules by period."""
    turn.parts.errors.extend(match.errors)
    affected = Affected.of(event)
    hits = [hit for hit in match.hits if not cooldowns.quiet(turn.tx, hit.rule, affected.member)]
    answers = [_answer(turn, hit, event, affected, silenced) for hit in hits]
    effective = [(hit.rule, one) for hit, one in zip(hits, answers, strict=True) if one.effective]
    numbers = {} if silenced else _count_offences(turn, effective, event, affected)
    if not silenced:
        if event.type not in TYPES:
            for rule, _ in effective:
                _breaches(turn, rule, event, affected, numbers)
        assigned = _assigned(turn, [rule for rule, _ in effective], event)
        for rule, _ in effective:
            if rule.duties:
                duties.open_all(turn, rule, affected, _owner(turn, rule, event, assigned), event, end)
    turn.give(answers)


def _answer(turn: Turn, hit: Hit, event: Event, affected: Affected, silenced: bool) -> Answer:
    """A rule's answer with all its actions done, penalties only noted; or only shown, where it has no effect."""
    made = Answer(Terms.of(hit.rule), list(hit.evidence), hit.trial, hit.overridden_by)
    if hit.overridden_by is None:
        cooldowns.begin(turn.tx, hit.rule, affected.member)
    for act in _acts(turn, hit.rule, event):
        if not made.effective:
            show(turn, made, act, affected)
        elif silenced and (act.do == "hold" or turn.book.punishes(act.do)):
            continue
        elif act.do == "penalty":
            member = bearer(act, affected)
            if member is not None:
                made.take("allow", ActionTaken("penalty", {"member": member}, {"penalty": act.arguments["penalty"]}))
        else:
            perform(turn, made, act, affected)
    return made


def _count_offences(turn: Turn, effective: Sequence[tuple[Rule, Answer]], event: Event, affected: Affected) -> Numbers:
    """One offence for each penalty and member, citing every rule that asks for it."""
    citing: dict[tuple[str, str], list[Answer]] = {}
    for rule, one in effective:
        for act in _acts(turn, rule, event):
            member = bearer(act, affected)
            if act.do == "penalty" and member is not None:
                cited = citing.setdefault((str(act.arguments["penalty"]), member), [])
                if all(other is not one for other in cited):
                    cited.append(one)
    return {key: offend(turn, *key, cited, affected, event) for key, cited in citing.items()}


def _breaches(turn: Turn, rule: Rule, event: Event, affected: Affected, numbers: Numbers) -> None:
    """Raise `breach` for everybody whom the rule punishes; for the subject of a `must not` that punishes nobody."""
    if "breach" not in turn.book.heard:
        return
    broken: dict[str | None, tuple[str | None, int | None]] = {}
    for act in _acts(turn, rule, event):
        member = bearer(act, affected)
        if member is None or not turn.book.punishes(act.do):
            continue
        penalty = str(act.arguments["penalty"]) if act.do == "penalty" else None
        if member not in broken or penalty is not None:
            broken[member] = (penalty, numbers.get((penalty, member)) if penalty is not None else None)
    if not broken and (rule.modality == "must_not" or rule.found_by is not None):
        broken[affected.member] = (None, None)
    for member, (penalty, number) in broken.items():
        fields = {"penalty": penalty, "offence": number}
        announce(turn, "breach", rule.id, fields, member, affected.group, affected.message)


def _acts(turn: Turn, rule: Rule, event: Event) -> Sequence[Act]:
    """A rule's actions on an event; made once for the rulebook where nothing in them is read from the event."""
    fixed = turn.book.fixed_acts
    known: Sequence[Act] | None = fixed.get(id(rule))
    if known is None:
        known = tuple(Act.of(one, event) for one in rule.actions)
        if not any(reads_event(one) for one in rule.actions):
            fixed[id(rule)] = known
    return known


def _assigned(turn: Turn, rules: Sequence[Rule], event: Event) -> duties.Owner | None:
    """Whom the first `assign` among the rules names."""
    for rule in rules:
        for act in _acts(turn, rule, event):
            if act.do == "assign":
                group = act.arguments.get("to")
                if act.against is not None or isinstance(group, str):
                    return (group if isinstance(group, str) else None, act.against)
    return None


def _owner(turn: Turn, rule: Rule, event: Event, assigned: duties.Owner | None) -> duties.Owner:
    """Who owes a rule's duties: whom it assigns itself, else whom another rule on the event assigns, else its own."""
    group, member = _assigned(turn, [rule], event) or assigned or (rule.responsible, None)
    return (rule.responsible if group is None else group, member)
