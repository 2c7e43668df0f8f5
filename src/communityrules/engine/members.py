"""What a community knows of its members: one cell each, learnt from events.

A cell of the table `member` holds what was last said of somebody (`roles`, `joined`, `name`, `fields`), the first join
seen (`first_join`), and what rules have done to them: `labels` with their ends, `points`, the sanctions that `silence`
them, and the ids of open `duties` that they owe or wait for. Keys that would say nothing are left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from communityrules.engine.plain import from_plain, to_plain
from communityrules.engine.transaction import Transaction
from communityrules.model.event import Event, Member

TABLE: Final = "member"
_NOBODY: Final[Mapping[str, Any]] = {}


def record(tx: Transaction, member: str) -> Mapping[str, Any]:
    """The cell of a member, empty for one never seen. Not to be changed in place."""
    return tx.get(TABLE, member) or _NOBODY


def change(tx: Transaction, member: str, **entries: Any) -> None:
    """Set entries of a member's cell; an entry that is None, zero or empty is left out."""
    kept = {**record(tx, member), **entries}
    tx.put(TABLE, member, {name: value for name, value in kept.items() if value not in (None, 0, [], {})})


def known(tx: Transaction) -> Iterator[str]:
    """The ids of all members ever seen, in order of code points."""
    for member, _ in tx.items(TABLE):
        yield member


def find(tx: Transaction, member: str) -> Member:
    """A member as far as the community knows them."""
    return _fill(Member(member), record(tx, member), tx.now)


def meet(tx: Transaction, event: Event) -> None:
    """Learn what an event says of its sender, and fill in what it leaves out."""
    sender = event.member
    if sender is None:
        return
    before = tx.get(TABLE, sender.id)
    if before is None:
        before = _NOBODY
        news: dict[str, Any] = _news(sender, before, event)
        tx.put(TABLE, sender.id, news)
        before = news
    elif before.get("heard", event.time) <= event.time:
        news = _news(sender, before, event)
        if news:
            change(tx, sender.id, heard=event.time, **news)
            before = record(tx, sender.id)
    if event.type == "join" and event.time < before.get("first_join", event.time + 1):
        # Also for a join that arrives late: it is the first all the same.
        change(tx, sender.id, first_join=event.time)
        before = record(tx, sender.id)
    _fill(sender, before, event.time)


def learn(tx: Transaction, member: Member) -> None:
    """Take over what is said of a member outside any event of theirs."""
    news = _news(member, record(tx, member.id), None)
    if news or tx.get(TABLE, member.id) is None:
        change(tx, member.id, heard=tx.now, **news)


def _news(said: Member, before: Mapping[str, Any], event: Event | None) -> dict[str, Any]:
    """What is said of a member and was not known."""
    news: dict[str, Any] = {}
    if (said.roles or said.roles_said) and list(said.roles) != before.get("roles", []):
        news["roles"] = list(said.roles)
    if said.joined is not None and said.joined != before.get("joined"):
        news["joined"] = said.joined
    name = said.name
    if event is not None and event.type == "profile" and isinstance(renamed := event.fields.get("name"), str):
        name = renamed
    if name is not None and name != before.get("name"):
        news["name"] = name
    if said.fields:
        plain = {field: to_plain(value) for field, value in said.fields.items()}
        fields = {**before.get("fields", {}), **plain}
        if fields != before.get("fields"):
            news["fields"] = fields
    return news


def _fill(member: Member, cell: Mapping[str, Any], now: int) -> Member:
    """What the cell knows, where the event does not say it."""
    if not cell:
        return member
    if not member.roles and not member.roles_said and (roles := cell.get("roles")):
        member.roles = tuple(roles)
    if member.joined is None:
        member.joined = cell.get("joined", cell.get("first_join"))
    if member.name is None:
        member.name = cell.get("name")
    if fields := cell.get("fields"):
        member.fields = {**{name: from_plain(value) for name, value in fields.items()}, **member.fields}
    if labels := cell.get("labels"):
        member.labels = {name: end for name, end in labels.items() if end is None or now < end}
    member.points = cell.get("points", 0)
    return member
