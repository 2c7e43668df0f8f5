"""What feeds the measures: for each event type, which events count and under which keys."""

from __future__ import annotations

from functools import partial

from communityrules.checker import checked
from communityrules.compiler import expressions, rules
from communityrules.compiler.match import Feed
from communityrules.compiler.writer import Plan, Program, Writer
from communityrules.library.events import heard_by


def compile_feeds(program: Program) -> dict[str, tuple[Feed, ...]]:
    """Event type → its feeds, in the order of the measures."""
    feeds: dict[str, list[Feed]] = {}
    for index, aggregate in enumerate(program.rulebook.aggregates):
        # What a measure reads differs between event types only by who their subject is.
        made: dict[bool, Feed] = {}
        heard = [(stage, one) for stage, named in enumerate(aggregate.events) for one in heard_by(named)]
        for stage, event_type in heard:
            sender = rules.sender_is_subject(program, event_type)
            first = made.get(sender)
            if first is None:
                plan = Plan(program, sender)
                (name,) = rules.twice(plan, partial(_observe, plan, aggregate))
                first = made[sender] = Feed(index, stage, program.namespace[name])
            place = stage if aggregate.function == "sequence" else 0
            feeds.setdefault(event_type, []).append(Feed(index, place, first.observe))
    return {event_type: tuple(made) for event_type, made in feeds.items()}


def _observe(plan: Plan, aggregate: checked.Aggregate) -> list[str]:
    name = plan.program.name("observe")
    w = Writer(plan)
    body: list[str] = []
    if aggregate.where is not None:
        body.append(f"if not {expressions.test(w, aggregate.where)}: return None")
    keys: list[str] = []
    for at, key in enumerate(aggregate.keys):
        body.append(f"key{at} = {expressions.value(w, key)}")
        body.append(f"if key{at} is None: return None")
        keys.append(f"key{at}, ")
    value = "None"
    if aggregate.value is not None:
        # Values are told apart as they came: text is not folded.
        body.append(f"value = {expressions.value(w, aggregate.value)}")
        body.append("if value is None: return None")
        value = "value"
    body.append(f"return ({''.join(keys)}), {value}")
    if plan.slots:
        body.insert(0, f"slots = [UNSET] * {len(plan.slots)}")
    elif any("slots" in line for line in body):
        body.insert(0, "slots = None")
    plan.source.add(w.function(name, body, "event, facts"))
    return [name]
