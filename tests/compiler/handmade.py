"""Checked rulebooks built by hand."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from communityrules.checker import checked
from communityrules.checker.checked import Compare, Const, Expression, FieldRef, Origin, Rule, Rulebook
from communityrules.compiler.compile import compile_rulebook
from communityrules.compiler.facts import Facts, GivenFacts
from communityrules.model.event import Event, Member, Message
from communityrules.model.values import DURATION, INSTANT, MEMBER, MESSAGE, NUMBER, TEXT, TEXTS, Type

ORIGIN = Origin("community.rules", 7, 1)

TEXT_FIELD = FieldRef("message", "text", TEXT, what="message.text")
LINKS = FieldRef("message", "links", TEXTS, what="message.links")
ROLES = FieldRef("member", "roles", TEXTS, what="member.roles")
MEMBER_ID = FieldRef("member", "id", MEMBER, what="member")
MESSAGE_ID = FieldRef("message", "id", MESSAGE, what="message.id")
TENURE = FieldRef("member", "tenure", DURATION, what="member.tenure")
TIME = FieldRef("event", "time", INSTANT, what="event.time")

_RULE = Rule(
    id="1", name=None, content="1", modality="must_not", applies_to=(), excluded=(), places=(), excluded_places=(),
    responsible=None, start=None, end=None, trial_end=None, review_by=None, events=("message",), every=None,
    condition=None, actions=(), duties=(), cooldown=None, cooldown_by="community", overrides=(), found_by=None,
    first_match=None, origin=ORIGIN,
)  # fmt: skip

_BOOK = Rulebook(
    name="Test", version=None, language="en", timezone="Asia/Shanghai", published=None, purpose=None, member_fields={},
    event_types={}, groups={}, places={}, lists={}, patterns={}, parameters={}, definitions={}, states={}, calendars={},
    penalties={}, powers=(), templates={}, leaderboards=(), aggregates=(), rules=(), digest="0" * 64,
)  # fmt: skip


def rule(id_: str = "1", **given: Any) -> Rule:
    """A `must not` rule on messages, in force always, for everyone, without a condition."""
    return replace(_RULE, id=id_, content=id_, **given)


def rulebook(rules: Iterable[Rule] = (), **given: Any) -> Rulebook:
    """A rulebook in Asia/Shanghai."""
    return replace(_BOOK, rules=tuple(rules), **given)


def field(name: str, type_: Type = NUMBER, root: checked.Root = "own", custom: bool = False) -> FieldRef:
    return FieldRef(root, name, type_, custom, what=f"{root}.{name}")


def compare(left: Expression, operator: Any, right: Any, exactly: bool = False) -> Compare:
    """A comparison; a plain Python value on the right is a constant of the left side's type."""
    if not hasattr(right, "__dataclass_fields__"):
        right = Const(right, getattr(left, "type", NUMBER))
    return Compare(operator, left, right, exactly)


def word_list(name: str, *items: str, exactly: bool = False) -> checked.WordList:
    return checked.WordList(name, exactly, items, ORIGIN)


# --- events and answers ----------------------------------------------------------------------------------------

#: 2024-10-08 12:00 in Asia/Shanghai.
NOON = 1_728_360_000_000_000
NOTHING = GivenFacts()


def member(id_: str, roles: tuple[str, ...] = (), joined: int | None = None) -> Member:
    return Member(id_, roles, joined)


def happening(text: str, by: Member | None = None, time: int = NOON) -> Event:
    """A message, by amy where nobody else is named."""
    return Event("m1", time, "message", "c1", member=by or Member("amy"), message=Message("m1", text))


def matched(book: Rulebook, event: Event, facts: Facts = NOTHING) -> list[str]:
    """The ids of the rules that match; nothing may fail."""
    match = compile_rulebook(book).match(event, facts)
    assert match.errors == ()
    return [hit.rule.id for hit in match.hits]
