"""What a community knows of its members: one cell each, learnt from events.

A cell of the table `member` holds what was last said of somebody (`roles`, `joined`, `name`, `fields`), the first join
seen (`first_join`), when they left if they are gone (`left`), and what rules have done to them: `labels` with their
ends, `points`, all their `sanctions`, those that `silence` them, and the ids of open `cases` and `duties` of theirs.
`noted` says which of the `fields` a rule has written last, and when: of what a host says and what a rule notes, the
later one in time stands. Keys that would say nothing are left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from communityrules.engine.plain import all_from_plain, all_to_plain, to_plain
from communityrules.engine.transaction import Transaction
from communityrules.model.event import Event, Member

TABLE: Final = "member"
_NOBODY: Final[Mapping[str, Any]] = {}
NO_LABELS: Final[Mapping[str, int | None]] = {}
#: Events that say more of their sender than stands in `member`, or than their cell shows.
TELLING: Final = frozenset({"join", "profile", "leave"})
#: What a cell holds of somebody of whom only fields were ever said. They are filled in already when those are said.
_FIELDS_ALONE: Final = frozenset({"fields", "heard"})
#: How many members are kept filled in at most, which only saves time.
PEOPLE: Final = 16_384


def record(tx: Transaction, member: str) -> Mapping[str, Any]:
    """The cell of a member, empty for one never seen. Not to be changed in place."""
    return tx.get(TABLE, member) or _NOBODY


def change(tx: Transaction, member: str, **entries: Any) -> dict[str, Any]:
    """Set entries of a member's cell; an entry that is None, zero or empty is left out. The new cell."""
    cell = {**record(tx, member), **entries}
    for name, value in entries.items():
        if not value and value != "":
            del cell[name]
    if tx.known is not None:
        before = tx.get(TABLE, member)
        tx.known += ("left" not in cell) - (before is not None and "left" not in before)
    tx.stirred += 1
    tx.put(TABLE, member, cell)
    return cell


def known(tx: Transaction) -> Iterator[str]:
    """The ids of all members who have been seen and have not left, in order of code points."""
    for member, cell in tx.items(TABLE):
        if "left" not in cell:
            yield member


def how_many(tx: Transaction) -> int:
    """How many members are known and have not left."""
    if tx.known is None:
        tx.known = sum(1 for _ in known(tx))
    return tx.known


def note(tx: Transaction, member: str, field: str, value: object) -> bool:
    """Write down a field of a member as of now. False when something later is known of it, which stands."""
    cell = record(tx, member)
    fields, noted = cell.get("fields", {}), cell.get("noted", {})
    known = noted.get(field, cell.get("heard") if field in fields else None)
    if known is not None and known > tx.now:
        return False
    change(tx, member, fields={**fields, field: to_plain(value)}, noted={**noted, field: tx.now})
    return True


def leave(tx: Transaction, event: Event) -> None:
    """The sender of an event is gone until they are seen again."""
    if event.member is not None:
        change(tx, event.member.id, left=event.time)


def find(tx: Transaction, member: str) -> Member:
    """A member as far as the community knows them."""
    return _filled(Member(member), record(tx, member), tx.now)


def meet(tx: Transaction, event: Event) -> Mapping[str, Any]:
    """Learn what an event says of its sender and of others, and give it a sender of whom all is said that is known.

    What is known of the sender then; nothing where there is none.
    """
    if event.described:
        for one in event.described:
            learn(tx, one)
    sender = event.member
    if sender is None:
        return _NOBODY
    name, kind, time = sender.id, event.type, event.time
    cell: Mapping[str, Any] | None = tx.get(TABLE, name)
    if cell is not None and (before := tx.people.get(name)) is not None and before[0] is cell:
        said = before[1]
        if (
            kind not in TELLING
            and sender.fields == said.fields
            and sender.roles == said.roles
            and sender.joined == said.joined
            and sender.name == said.name
            and sender.roles_said is said.roles_said
        ):
            # By far the most frequent: the same as last time. Cells are never changed in place.
            event.member = before[2]
            return cell
    if (
        sender.fields
        and not (sender.roles or sender.roles_said or kind in TELLING)
        and sender.joined is None
        and sender.name is None
        and (cell is None or (cell.keys() == _FIELDS_ALONE and cell["heard"] <= time))
    ):
        return _meet_fields(tx, event, sender, cell)
    # Whether nothing is said of them at all.
    silent = not (
        sender.roles_said
        or sender.joined is not None
        or sender.name is not None
        or sender.fields
        or sender.roles
        or kind == "profile"
    )
    in_order = True
    if cell is None:
        cell = _news(sender, _NOBODY, time, event)
        if cell:
            cell["heard"] = time
        if tx.known is not None:
            tx.known += 1
        tx.stirred += 1
        tx.put(TABLE, name, cell)
    elif not silent:
        in_order = cell.get("heard", time) <= time
        if in_order and (news := _news(sender, cell, time, event)):
            cell = _learnt(tx, name, cell, time, news)
    if "left" in cell and kind != "leave" and cell["left"] <= time:
        cell = change(tx, name, left=None)
    if kind == "join" and time < cell.get("first_join", time + 1):
        # Also for a join that arrives late: it is the first all the same.
        cell = change(tx, name, first_join=time)
    event.member = filled = _filled(sender, cell, time)
    if in_order and "noted" in cell:
        in_order = all(since <= time for since in cell["noted"].values())
    if in_order and "labels" not in cell and "left" not in cell:
        # Labels end by themselves, who left is there again, and what came too late is not known when it comes again.
        if len(tx.people) >= PEOPLE:
            tx.people.clear()
        # What a host handed in is theirs to change.
        said = Member(
            name, sender.roles, sender.joined, sender.name, dict(sender.fields), NO_LABELS, 0, sender.roles_said
        )
        tx.people[name] = (cell, said, filled)
    return cell


def _meet_fields(tx: Transaction, event: Event, sender: Member, cell: Mapping[str, Any] | None) -> Mapping[str, Any]:
    """`meet`, where an event says fields of its sender and nothing else was ever said of them. What hosts send with
    every message changes with many of them: this way there is nothing to compare, to merge or to fill in."""
    fields = all_to_plain(sender.fields)
    if cell is None:
        if tx.known is not None:
            tx.known += 1
    elif (known := cell["fields"]) == fields:
        return cell
    elif known.keys() != fields.keys():
        fields = {**known, **fields}
        event.member = Member(sender.id, (), None, None, all_from_plain(fields), NO_LABELS)
        if known == fields:
            return cell
    tx.stirred += 1
    cell = {"fields": fields, "heard": event.time}
    tx.put(TABLE, sender.id, cell)
    return cell


def _learnt(tx: Transaction, member: str, cell: Mapping[str, Any], time: int, news: Mapping[str, Any]) -> Any:
    """Take over what was not known of a member who is."""
    if not all(news.values()):
        # What is empty is left out.
        return change(tx, member, heard=time, **news)
    tx.stirred += 1
    known = {**cell, **news, "heard": time}
    tx.put(TABLE, member, known)
    return known


def learn(tx: Transaction, member: Member) -> None:
    """Take over what is said of a member who is not the sender."""
    news = _news(member, record(tx, member.id), tx.now)
    if news or tx.get(TABLE, member.id) is None:
        change(tx, member.id, heard=tx.now, **news)


def _news(said: Member, before: Mapping[str, Any], now: int, event: Event | None = None) -> dict[str, Any]:
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
        noted, known = before.get("noted"), before.get("fields")
        plain = all_to_plain(said.fields)
        if noted:
            plain = {field: value for field, value in plain.items() if noted.get(field, now) <= now}
            if not plain.keys().isdisjoint(noted):
                news["noted"] = {field: since for field, since in noted.items() if field not in plain}
        fields = {**known, **plain} if known else plain
        if fields != known and (fields or known is not None):
            news["fields"] = fields
    return news


def _filled(said: Member, cell: Mapping[str, Any], now: int) -> Member:
    """What is said of a member, and what the cell knows where nothing is said. Another object: that one is a host's."""
    if not cell:
        return Member(said.id, said.roles, said.joined, said.name, said.fields, NO_LABELS, 0, said.roles_said)
    get = cell.get
    roles: tuple[str, ...] = said.roles
    if "roles" in cell and not roles and not said.roles_said:
        roles = tuple(cell["roles"])
    joined = said.joined
    if joined is None:
        joined = get("joined", get("first_join"))
    fields = said.fields
    if "fields" in cell:
        known = all_from_plain(cell["fields"])
        fields = {**known, **fields} if fields else known
    labels = NO_LABELS
    if "labels" in cell:
        labels = {name: end for name, end in cell["labels"].items() if end is None or now < end}
    name = said.name if said.name is not None else get("name")
    return Member(said.id, roles, joined, name, fields, labels, get("points", 0), said.roles_said)
