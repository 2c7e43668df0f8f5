"""Random events that fit the random rulebooks."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, Final

from choices import Choices
from random_rules import ROLES, START, TYPES

from communityrules.library.entities import OPEN_DUTY
from communityrules.model.event import Event, Member, Message, Target
from communityrules.model.values import DAY, HOUR, MINUTE, SECOND

TEXTS_OF_EVENTS: Final = (
    "",
    " ",
    "hello",
    "hello hello",
    "加微信 聊",
    "加 微\u200b信",
    "Ｅａｒｎ from  home now",
    "EARN FROM HOME",
    "a classic. ass",
    "my order AB12345678 v.x",
    "退款!退款",
    "see https://shop.example.com/a?b=1 and evil.example.com",
    "SALE sale Sale",
    "call 13812345678",
    "77 seven 177",
    "cafe\u0301 time",
    "@amy look at shop.example.com/x",
)
_VALUES: Final[dict[str, tuple[Any, ...]]] = {
    "amount": (1, 0, Decimal("2.5"), 100, Decimal("0.1")),
    "score": (5, 3, 0),
    "note": ("hello", "Earn", "", "v.x"),
    "ok": (True, False),
    "day": (date(2024, 10, 8), date(2024, 10, 10)),
    "at": (START, START + DAY),
    "span": (HOUR, 3 * DAY, 90 * SECOND + 1),
    "hour": (0, 600, 1320),
    "buyer": ("amy", "bob"),
    "tags": ((), ("Sale", "加微信"), ("hello",)),
}
#: Open duties: who owes them, their rule, since when, how long still, how urgent.
_OPEN: Final = (
    ("amy", "1", HOUR, DAY, "urgent"), ("bob", "hello", DAY, None, None), ("staff", "2", 3 * DAY, 0, None),
    ("amy", "2", 1500 * 1000, HOUR, "hello"), ("cai", "1", 2 * DAY, MINUTE, None),
)  # fmt: skip
#: Instants at which rules begin and end, parameters change and labels run out, and those right before them.
_EDGES: Final = tuple(START + hours * HOUR + more for hours in (6, 12, 24, 48) for more in (-1, 0))
_STEPS: Final = (0, SECOND, MINUTE, 20 * MINUTE, HOUR, 5 * HOUR, DAY - 1, 1)


def member(choices: Choices) -> Member:
    id_ = choices.one(("amy", "bob", "cai"))
    fields: dict[str, Any] = {}
    if choices.number(4):
        fields["level"] = choices.one((1, 3, Decimal("2.5"), 0.1))
    if choices.number(4):
        fields["verified"] = choices.chance(2)
    if choices.chance(3):
        fields["mentor"] = choices.one(("amy", "bob", "dan"))
    labels = {"at_risk": choices.one((None, START + DAY, START))} if choices.chance(3) else {}
    return Member(
        id_, tuple(choices.some(ROLES, 2)), choices.one((None, START - 2 * DAY, START - 30 * DAY, START + HOUR)),
        choices.one((None, "Amy", "加微信")), fields, labels, choices.number(5),
    )  # fmt: skip


def message(choices: Choices, at: int) -> Message:
    labels = {"spam": choices.one((0.8, 0.79, 1, True, "yes", Decimal("0.8"), 0.1))} if choices.number(4) else {}
    if choices.chance(4):
        labels["heat"] = choices.one((2, 0.5, "hot"))
        if choices.chance(2):
            labels |= {"heat.model": "oven", "heat.version": "1"}
    return Message(
        f"m{at}",
        choices.one(TEXTS_OF_EVENTS),
        choices.one((None, "m1")),
        choices.one((None, "Hello", "sales")),
        (),
        labels,
    )


def events(choices: Choices, number: int) -> list[Event]:
    """Events in order of time, over some days."""
    made: list[Event] = []
    now = START
    for at in range(number):
        next_edge = next((one for one in _EDGES if one > now), None)
        now = next_edge if choices.chance(4) and next_edge is not None else now + choices.one(_STEPS)
        type_ = choices.one(TYPES)
        given = choices.number(4)
        fields = (
            {name: choices.one(of) for name, of in _VALUES.items() if choices.number(4)} if type_ == "trade" else {}
        )
        targeted = type_ in ("report", "finding")
        about = Target("m1", choices.one(("amy", "bob")), rule=choices.one(("1", "2", "3"))) if targeted else Target()
        made.append(
            Event(
                f"e{at}", now, type_, "c1",
                member=None if choices.chance(12) else member(choices),
                message=None if choices.chance(6) else message(choices, at),
                target=about, fields=fields, channel=choices.one((None, "qq")),
                place=choices.one((None, "general", "test")),
                subject=member(choices) if targeted and given else None,
                subject_message=message(choices, at) if targeted and given > 1 else None,
                subject_group="traders" if targeted and not given else None,
                aimed=member(choices) if given == 1 else None,
            )
        )  # fmt: skip
    return made


def duties(now: int) -> list[tuple[int, Event]]:
    """Some duties that have been open for a while: how long each, and what measures see it as."""
    found = []
    for at, (owner, rule, ago, left, priority) in enumerate(_OPEN):
        who = Member(owner, ("service",)) if owner != "staff" else None
        facts: dict[str, Any] = {"rule": rule, "owner": owner, "duty": "reply", "opened": now - ago, "age": ago}
        if left is not None:
            facts["due"] = now + left
        if priority is not None:
            facts["priority"] = priority
        found.append((ago, Event(f"d{at}", now, OPEN_DUTY, "c1", who, subject=who, fields=facts)))
    return found
