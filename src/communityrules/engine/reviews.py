"""`review by`: on that day a rule is to be looked at again, and whoever is responsible for it hears of that.

A review comes at the beginning of its day in the rulebook's zone, when a version that asks for it is in force then.
Days that were over before the community's first event, or before the rulebook that names them, are not made up for.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from communityrules.checker.checked import Rule
from communityrules.engine import community, notices
from communityrules.engine.book import Book
from communityrules.engine.plain import join, split
from communityrules.engine.raised import announce
from communityrules.engine.transaction import Transaction
from communityrules.engine.turn import Answer, Terms, Turn
from communityrules.library.periods import periods

TIMER: Final = "review"
#: Who hears of it when nobody is responsible for the rule.
_STAFF: Final = "staff"


def watch(tx: Transaction, book: Book, time: int, begun: Mapping[str, Any]) -> dict[str, Any]:
    """See to it that every review that is still to come is told. Those waited for, as the community's cell has it."""
    waiting = dict(begun)
    calendar = periods(book.rulebook.timezone)
    for rule in book.reviewed:
        assert rule.review_by is not None
        key = join(rule.id, rule.review_by.isoformat())
        due = calendar.midnight(rule.review_by)
        if key not in waiting and due >= time:
            waiting[key] = True
            tx.schedule(due, TIMER, key)
    return waiting


def due(turn: Turn, key: str) -> bool:
    """The day of a review begins. Whether a rule in force still asks for it."""
    left = {one: true for one, true in community.record(turn.tx).get("reviews", {}).items() if one != key}
    community.change(turn.tx, reviews=left)
    id_, day = split(key)
    asked = date.fromisoformat(day)
    rule = next((one for one in turn.book.reviewed if one.id == id_ and _asks(one, asked, turn.now)), None)
    if rule is None:
        return False
    turn.give([Answer(Terms.of(rule), [{"kind": "review", "due": day}])])
    group = rule.responsible or _STAFF
    name = f"{rule.id} {rule.name}" if rule.name is not None else rule.id
    texts = {"en": f"Rule {name} is due for review on {day}.", "zh": f"规则 {name} 应于 {day} 复审。"}
    notices.put(turn, "review", {"group": group}, rule.id, None, texts)
    announce(turn, "review", rule.id, {"due": turn.now, "responsible": group}, None, group)
    return True


def _asks(rule: Rule, day: date, now: int) -> bool:
    in_force = (rule.start is None or rule.start <= now) and (rule.end is None or now < rule.end)
    return in_force and rule.review_by == day
