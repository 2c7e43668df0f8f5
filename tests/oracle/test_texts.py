"""Texts to people and what is confidential in them, against a plain reading of the event itself."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from choices import Choices
from hypothesis import given, seed, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from random_events import events

from communityrules.checker.check import check
from communityrules.compiler.evaluator import Evaluator
from communityrules.diagnostics.source import Source
from communityrules.engine.engine import Engine
from communityrules.library.masking import masked
from communityrules.library.table import STANDARD
from communityrules.model.decision import Decision
from communityrules.model.event import Event

#: What can stand in braces: as it is written in either language.
FACTS: Final = {
    "member.name": "成员.名称", "member.level": "成员.level", "trade.amount": "trade.amount",
    "trade.note": "trade.note",
    "trade.ok": "trade.ok", "trade.day": "trade.day", "trade.at": "trade.at", "trade.span": "trade.span",
    "trade.buyer": "trade.buyer", "trade.tags": "trade.tags", "message.text": "消息.文本", "event.id": "事件.编号",
    "event.channel": "事件.渠道", "event.type": "事件.类型", "community.purpose": "社群.宗旨", "member.id": "成员.编号",
}  # fmt: skip
SECRET: Final = ("member.name", "member.level", "trade.amount", "trade.note", "trade.tags", "message.text")
GROUPS: Final = ("makers", "menders")


def rulebook(choices: Choices) -> tuple[str, str, dict[str, set[str]]]:
    """A rulebook that tells both groups and the sender one text; that text; and who may see what of it."""
    said = [choices.one(tuple(FACTS)) for _ in range(1 + choices.number(5))]
    text = " | ".join(f"{{{FACTS[one] if choices.chance(2) else one}}}" for one in said)
    may: dict[str, set[str]] = {}
    declared = ""
    for fact in choices.some(SECRET, 3):
        may[fact] = set(choices.some(GROUPS, 2)) or set(GROUPS)
        declared += f"confidential {fact} to {', '.join(sorted(may[fact]))}\n"
    rules = f"""rulebook "R"
  language en
  timezone UTC
  purpose "Fair trade"
member (level: number)
event trade (amount: number, note: text, ok: boolean, day: date, at: time, span: duration, buyer: member,
  tags: list of text)
group makers as member.roles has "vip"
group menders as member.roles has "moderator"
{declared}
rule 1
  must
  on trade
  then notify makers with "{text}", notify menders with "{text}", remind "{text}", publish "{text}"
"""
    return rules, " | ".join(f"{{{one}}}" for one in said), may


def fact(name: str, event: Event) -> Any:
    """A fact straight from the event."""
    owner, _, field = name.partition(".")
    who, message = event.member, event.message
    if owner == "trade":
        return event.fields.get(field)
    if owner == "community":
        return "Fair trade"
    if owner == "message":
        return message.text if message is not None else None
    if owner == "event":
        return getattr(event, field)
    if who is None:
        return None
    return who.fields.get("level") if field == "level" else getattr(who, field)


def spelt(name: str, value: Any) -> str:
    """As people read it, in English."""
    if name == "trade.at" and value is not None:
        return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=value)).strftime("%Y-%m-%d %H:%M")
    if name == "trade.span" and value is not None:
        return {3_600_000_000: "1 hour", 259_200_000_000: "3 days", 90_000_001: "1 minute 30 seconds"}[value]
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return ", ".join(masked(one) for one in value) or "—"
    if isinstance(value, str):
        return (value if name == "community.purpose" else masked(value)) or "—"
    return "—" if value is None else str(Decimal(str(value)))


def published(name: str, value: Any) -> str | None:
    """What stands in a published text instead."""
    if value is None:
        return None
    if name in ("member.name", "member.id", "trade.buyer"):
        return "a member"
    return "[left out]" if name == "message.text" else None


def plain(text: str, event: Event, may: dict[str, set[str]], groups: set[str], whose: str | None, public: bool) -> str:
    """A text for a reader in some groups, or for a member."""
    names = text.strip("{}").split("} | {")
    secret = [one for one in names if one in may]
    sees = all(groups & may[one] or (whose is not None and whose == owner(event)) for one in secret)
    told = []
    for one in names:
        value = fact(one, event)
        if one in may and not sees:
            told.append("[confidential]")
        else:
            told.append((published(one, value) if public else None) or spelt(one, value))
    return " | ".join(told)


def owner(event: Event) -> str | None:
    return event.member.id if event.member is not None else None


def texts(decision: Decision) -> dict[str, str]:
    return {one.kind + one.to.get("group", ""): one.texts["en"] for one in decision.notices}


@seed(1)
@settings(max_examples=60, deadline=None, database=None)
@given(st.binary(min_size=40, max_size=40), st.binary(min_size=400, max_size=400))
def test_texts_are_what_a_plain_reading_says(rules_from: bytes, events_from: bytes) -> None:
    rules, text, may = rulebook(Choices(rules_from))
    checked = check(Source("r.rules", rules))
    assert checked.rulebook is not None, [one.text() for one in checked.diagnostics]
    evaluator = Evaluator(checked.rulebook, STANDARD)
    for event in events(Choices(events_from), 12):
        if event.type != "trade":
            continue
        if event.member is not None:
            # On the wire there are no binary fractions.
            level = {name: Decimal(str(one)) for name, one in event.member.fields.items() if name == "level"}
            event.member = replace(event.member, fields=level)
        # What people wrote may name somebody, who is then not told of in public: another test's matter.
        named = any(one in str(fact("trade.note", event)) for one in ("amy", "bob", "cai", "Amy"))
        with_engine = Engine(evaluator, "memory:")
        decision = with_engine.judge(event)
        with_engine.close()
        sent = texts(decision)
        for group in GROUPS:
            assert sent[f"notify{group}"] == plain(text, event, may, {group}, None, False)
        assert ("remind" in sent) == (event.member is not None)
        if event.member is not None:
            assert sent["remind"] == plain(text, event, may, set(), event.member.id, False)
        if not named and event.member is not None and event.member.name != "加微信":
            assert sent["publisheveryone"] == plain(text, event, may, set(), None, True)
        for group in GROUPS:
            seen = texts(decision.seen_by(group))
            assert seen[f"notify{group}"] == sent[f"notify{group}"]
            others = [one for one in seen if one != f"notify{group}"]
            secret = [one for one in may if f"{{{one}}}" in text]
            if secret and not all(group in may[one] for one in secret):
                assert all("[confidential]" in seen[one] for one in others)
