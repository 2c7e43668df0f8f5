"""What follows from the rules that match an event or a period."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from msgspec.structs import replace

from communityrules.checker.checked import Rule
from communityrules.compiler.match import Hit, Match
from communityrules.engine import cooldowns, covering, duties, grace, penalties, reversal, sanctions
from communityrules.engine.acting import bearer, perform, show
from communityrules.engine.penalties import offend
from communityrules.engine.raised import TYPES, announce
from communityrules.engine.turn import Act, Affected, Answer, Terms, Turn, reads_event
from communityrules.model.decision import ActionTaken
from communityrules.model.event import Event

#: Raised because of an offence: what is given for them goes with it.
_OF_OFFENCES: Final = frozenset({"breach", "sanctioned"})
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
        _remember_to_forget(turn, event)
        ask(turn, event)


def _remember_to_forget(turn: Turn, event: Event) -> None:
    """Keep what an offence or a sanction was to the measures with it: once taken back, it counts no more."""
    penalty = event.fields.get("penalty")
    if event.type == "breach" and isinstance(penalty, str) and event.subject is not None:
        penalties.feed(turn, penalty, event.subject.id, turn.judge.fed())
    else:
        for sanction in turn.withdrawable.get(event.id, ()):
            sanctions.feed(turn, sanction, turn.judge.fed())


def answer(turn: Turn, event: Event, match: Match, silenced: bool = False, end: int | None = None) -> None:
    """Do what matching rules ask for. `end` is when the next period ends, for rules by period."""
    turn.parts.errors.extend(match.errors)
    turn.people = event.type == "finding"
    affected = Affected.of(event)
    hits = [hit for hit in match.hits if not cooldowns.quiet(turn.tx, turn.book, hit.rule, affected.member)]
    if turn.book.graces:
        hits = grace.spoken(hits)
    answers = [_answer(turn, hit, event, affected, silenced) for hit in hits]
    effective = [(hit.rule, one) for hit, one in zip(hits, answers, strict=True) if one.effective and not hit.grace]
    gave = [gift for _, one in effective for gift in one.gave]
    if gave and turn.book.taken_back:
        reversal.mark(turn, gave, affected)
    numbers = {} if silenced else _count_offences(turn, effective, event, affected)
    if gave:
        _keep(turn, gave, event)
    if not silenced:
        if event.type not in TYPES:
            for rule, one in effective:
                _breaches(turn, rule, one, event, affected, numbers)
        if turn.book.owes:
            _owe(turn, [rule for rule, _ in effective], event, affected, end)
    turn.give(answers)


def _owe(turn: Turn, rules: Sequence[Rule], event: Event, affected: Affected, end: int | None) -> None:
    """Open the duties that rules ask for, hand over and release those that are open."""
    owing = [rule for rule in rules if rule.duties]
    # Beside a duty, an `assign` names who owes that one; without, who owes whatever the event opens.
    assigned = _assigned(turn, [rule for rule in rules if not rule.duties], event)
    named = [assigned, *(_assigned(turn, [rule], event) for rule in owing)]
    urgency = next((one.priority for one in named if one is not None and one.priority is not None), None)
    for rule in owing:
        owner = _owner(turn, rule, event, assigned)
        if owner.priority is None and urgency is not None:
            owner = replace(owner, priority=urgency)
        duties.open_all(turn, rule, affected, owner, event, end)
    if assigned is not None and not owing:
        duties.hand_over(turn, event, assigned)
    if turn.book.releases:
        for rule in rules:
            for act in _acts(turn, rule, event):
                if act.do == "release":
                    duties.release(turn, event, act.arguments.get("rule"))


def _answer(turn: Turn, hit: Hit, event: Event, affected: Affected, silenced: bool) -> Answer:
    """A rule's answer with all its actions done, penalties only noted; or only shown, where it has no effect."""
    evidence = list(hit.evidence)
    if turn.book.confidence:
        evidence = turn.book.confidence.mark(hit.rule, event, evidence)
    made = Answer(Terms.of(hit.rule), evidence, hit.trial, hit.overridden_by)
    if hit.grace:
        return grace.answer(turn, made, _acts(turn, hit.rule, event), hit.rule, affected)
    if hit.overridden_by is None:
        cooldowns.begin(turn.tx, hit.rule, affected.member)
    for act in _acts(turn, hit.rule, event):
        if act.do == "mask":
            act = covering.with_text(turn, act, hit, event)
        if not made.effective:
            show(turn, made, act, affected)
        elif silenced and (act.do == "hold" or turn.book.punishes(act.do)):
            continue
        elif act.do == "take_back":
            _take_back(turn, made, str(act.arguments["rule"]), event, affected)
        elif act.do == "penalty":
            member = bearer(act, affected)
            if member is not None:
                made.take("allow", ActionTaken("penalty", {"member": member}, {"penalty": act.arguments["penalty"]}))
        else:
            perform(turn, made, act, affected)
    return made


def _take_back(turn: Turn, made: Answer, rule: str, event: Event, affected: Affected) -> None:
    """Take back what a rule has given for what an event is about; nothing is told when it has given nothing."""
    if reversal.take_back(turn, rule, made.terms.rule, affected, event.target):
        made.take("allow", ActionTaken("take_back", affected.thing, {"rule": rule}))


def _keep(turn: Turn, gave: list[dict[str, Any]], event: Event) -> None:
    """Keep what has been given where it can be taken back from."""
    penalty = event.fields.get("penalty")
    if event.type in _OF_OFFENCES and isinstance(penalty, str) and event.subject is not None:
        penalties.attach(turn, penalty, event.subject.id, gave)
    if turn.book.taken_back:
        reversal.keep(turn, gave)


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


def _breaches(turn: Turn, rule: Rule, made: Answer, event: Event, affected: Affected, numbers: Numbers) -> None:
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
    matter = () if rule.every is not None else (event.id,)
    for member, (penalty, number) in broken.items():
        fields = {"penalty": penalty, "offence": number}
        direct = [
            str(one.arguments["sanction"])
            for one in made.actions
            if penalty is None and "sanction" in one.arguments and one.on.get("member") == member
        ]
        announce(
            turn, "breach", rule.id, fields, member, affected.group, affected.message, matter=matter, sanctions=direct
        )


def _acts(turn: Turn, rule: Rule, event: Event) -> Sequence[Act]:
    """A rule's actions on an event; made once for the rulebook where nothing in them is read from the event."""
    fixed = turn.book.fixed_acts
    known: Sequence[Act] | None = fixed.get(id(rule))
    if known is None:
        law = turn.now - 1 if rule.every is not None else None
        known = tuple(Act.of(one, event, turn, law) for one in rule.actions)
        if not any(reads_event(one, turn.book.rulebook) for one in rule.actions):
            fixed[id(rule)] = known
    return known


def _assigned(turn: Turn, rules: Sequence[Rule], event: Event) -> duties.Owner | None:
    """Whom the first `assign` among the rules names."""
    for rule in rules:
        for act in _acts(turn, rule, event):
            if act.do == "assign":
                group, priority = act.arguments.get("to"), act.arguments.get("priority")
                if act.against is not None or isinstance(group, str):
                    return duties.Owner(
                        group if isinstance(group, str) else None,
                        act.against,
                        priority if isinstance(priority, str) else None,
                    )
    return None


def _owner(turn: Turn, rule: Rule, event: Event, assigned: duties.Owner | None) -> duties.Owner:
    """Who owes a rule's duties: whom it assigns itself, else whom a rule without duties does, else its own."""
    found = _assigned(turn, [rule], event) or assigned
    if found is None:
        return duties.Owner(rule.responsible)
    return found if found.group is not None else duties.Owner(rule.responsible, found.member, found.priority)
