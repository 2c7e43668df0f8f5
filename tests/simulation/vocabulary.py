"""What members of a simulated community say and send: taken from a rulebook, so that its rules have something to do.

Only the checked text is read, never what the engine makes of it: words of lists, constants that fields are compared
with, names of places, event types that rules, duties and measures hear.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

from communityrules.checker import checked
from communityrules.checker.walk import parts, walk
from communityrules.library.entities import OPEN_DUTY
from communityrules.library.table import STANDARD
from communityrules.model.values import DAY, HOUR, Type

#: What people say all day, in several scripts.
CHAT: Final = (
    "Good morning!", "Who is here on Saturday?", "thank you", "早上好", "谢谢大家", "I think so, too.", "See you.",
    "What a day 😀", "明天见", "Does anybody know?", "It rains again.", "Nice picture!", "好的", "then on Sunday",
)  # fmt: skip
#: What detectors find, and what patterns of the cookbook look for.
PHRASES: Final = (
    "call 13812345678", "加我微信号 moon_2020", "write to amy@post.example", "see https://shop.example.com/a",
    "his number is 13912345678", "id 11010519491231002X", "card 4111111111111111", "221B Baker Street, please",
    "pool 7 is full of carp", "a lamp for ¥20", "PLEASE LOOK AT THIS NOW", "¥ 300 for the bike", "join t.me/+abcdefgh",
    "the ice holds", "GUARANTEED PROFIT https://win.example.com", "the festival begins", "bikes in the arcade",
)  # fmt: skip
#: Event types that any community sees.
_USUAL: Final = ("message", "reply", "edit", "delete", "join", "leave", "profile", "report", "rating")
_RAISED: Final = frozenset({*(one.names.en for one in STANDARD.events.values() if one.raised), OPEN_DUTY})
#: Types that speak about what somebody decided; they are sent in answer to a decision.
ANSWERS: Final = frozenset({"approve", "reject", "appeal", "finding"})
_SCALE: Final = (1, 2, 3, 4, 5, 5, 5)


@dataclass(slots=True)
class Vocabulary:
    """What can be said in one community."""

    texts: list[str] = field(default_factory=list)
    #: Event types that hosts send and this rulebook hears; often used ones stand several times.
    types: list[str] = field(default_factory=list)
    #: Of an event type: its own fields.
    fields: dict[str, dict[str, Type]] = field(default_factory=dict)
    #: Event types that are measured: what comes in bursts.
    measured: list[str] = field(default_factory=list)
    #: Of a field, by its name: what it is compared with.
    constants: dict[str, list[Any]] = field(default_factory=lambda: defaultdict(list))
    #: Of a group: roles by which somebody is in it.
    roles: dict[str, list[str]] = field(default_factory=dict)
    places: list[str | None] = field(default_factory=lambda: [None, "general"])
    channels: list[str | None] = field(default_factory=lambda: [None, "web", "wechat", "mail"])
    #: Rules that people find to be broken, and the groups who do.
    found: list[tuple[str, str]] = field(default_factory=list)
    #: Labels that classifiers give.
    labels: dict[str, Type] = field(default_factory=dict)


def vocabulary_of(rulebook: checked.Rulebook) -> Vocabulary:
    """All that a rulebook speaks of."""
    found = Vocabulary()
    for words in rulebook.lists.values():
        found.texts.extend(words.items)
    for expression in _expressions(rulebook):
        _learn(expression, rulebook, found)
    for name, condition in rulebook.groups.items():
        roles = [one for part in walk(condition) for one in _roles(part)]
        found.roles[name] = list(dict.fromkeys(roles))
    for names in rulebook.places.values():
        found.places.extend(names)
    for rule in rulebook.rules:
        found.places.extend((*rule.places, *rule.excluded_places))
        if rule.found_by is not None:
            found.found.append((rule.id, rule.found_by))
    heard = [*_USUAL]
    for rule in rulebook.rules:
        heard.extend(4 * rule.events)
        heard.extend(duty.event for duty in rule.duties)
    for aggregate in rulebook.aggregates:
        heard.extend(2 * aggregate.events)
    heard.extend(rulebook.event_types)
    if rulebook.powers:
        heard.extend(4 * ("staff_action",))
    sent = [one for one in heard if one not in _RAISED and one not in ANSWERS]
    found.types = sent
    found.measured = [one for of in rulebook.aggregates for one in of.events if one in sent]
    for name in {*found.types, *ANSWERS}:
        built_in = STANDARD.events.get(name)
        own = {one.names.en: one.type for one in built_in.fields} if built_in is not None else {}
        declared = rulebook.event_types.get(name)
        found.fields[name] = {**own, **(declared.fields if declared is not None else {})}
    return found


def _expressions(rulebook: checked.Rulebook) -> Iterator[checked.Expression]:
    yield from rulebook.definitions.values()
    yield from rulebook.groups.values()
    for rule in rulebook.rules:
        if rule.condition is not None:
            yield rule.condition
    for one in rulebook.aggregates:
        yield from (part for part in (one.value, one.where, *one.keys) if part is not None)


def _learn(expression: checked.Expression, rulebook: checked.Rulebook, found: Vocabulary) -> None:
    for one in walk(expression):
        fields = [part for part in parts(one) if isinstance(part, checked.FieldRef)]
        constants = [
            value
            for part in parts(one)
            for value in (
                [part.value]
                if isinstance(part, checked.Const)
                else [value for _, value in rulebook.parameters[part.name].values]
                if isinstance(part, checked.ParameterRef)
                else []
            )
        ]
        for matcher in _matchers(one):
            if isinstance(matcher, checked.ListRef):
                constants.extend(rulebook.lists[matcher.name].items)
            elif isinstance(matcher, checked.DetectorRef):
                constants.extend(PHRASES)
        for name in fields:
            found.constants[name.name].extend(constants)
            if name.root == "label":
                found.labels[name.name] = name.type
            if name.root == "message" and name.name == "text":
                found.texts.extend(value for value in constants if isinstance(value, str) and value not in PHRASES)
            if (name.root, name.name) == ("event", "channel"):
                found.channels.extend(value for value in constants if isinstance(value, str))


def _matchers(one: checked.Expression) -> tuple[Any, ...]:
    match one:
        case checked.Contains():
            return one.matchers
        case checked.OneOf() | checked.Affix():
            return one.items
    return ()


def _roles(one: checked.Expression) -> list[str]:
    if isinstance(one, checked.Contains) and isinstance(one.operand, checked.FieldRef) and one.operand.name == "roles":
        return [str(part.value) for part in one.matchers if isinstance(part, checked.Const)]
    return []


def value_of(vocabulary: Vocabulary, name: str, kind: Type, luck: Any, now: Any, people: list[str]) -> Any:
    """A value of a field as it stands on the wire; None for none. `now` is an aware instant."""
    known = vocabulary.constants.get(name, [])
    match kind.kind:
        case "number":
            if name == "score":
                return luck.choice(_SCALE) if luck.random() < 0.95 else 9
            numbers = [float(one) for one in known if isinstance(one, int | float | Decimal)] or [1.0, 10.0]
            found = luck.choice(numbers) + luck.choice([0, 0, 1, -1, 0.05, -0.05, 4])
            return int(found) if found == int(found) else round(found, 3)
        case "boolean":
            return luck.choice([True, True, False, None])
        case "text":
            texts = [one for one in known if isinstance(one, str)]
            if texts and luck.random() < 0.7:
                return luck.choice(texts)
            return luck.choice(["this and that", "moon", "Amy 2", None])
        case "member":
            return luck.choice(people) if luck.random() < 0.8 else None
        case "duration":
            lengths = [one for one in known if isinstance(one, int)] or [HOUR, DAY]
            return (luck.choice(lengths) + luck.choice([0, HOUR, 3 * DAY])) // 1_000_000
        case "date":
            return (date(1980, 1, 1) + timedelta(days=luck.randrange(12_000))).isoformat()
        case "instant":
            return (now + timedelta(minutes=luck.choice([30, 90, 1500, 4000, 20_000, -60]))).isoformat()
        case "list":
            return [luck.choice(["yes", "no", "perhaps"]) for _ in range(luck.randrange(4))]
    return None
