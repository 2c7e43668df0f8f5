"""Cooldowns: after a rule has acted it stays quiet for a while, for the community or for one member."""

from __future__ import annotations

from typing import Final

from communityrules.checker.checked import Rule
from communityrules.engine.book import Book
from communityrules.engine.plain import join
from communityrules.engine.transaction import Transaction

_TABLE: Final = "cooldown"


def quiet(tx: Transaction, book: Book, rule: Rule, member: str | None) -> bool:
    """Whether the rule has acted so shortly before that it says nothing now."""
    if rule.cooldown is None:
        return False
    last: int | None = tx.get(_TABLE, _key(rule, member))
    return last is not None and tx.now < last + book.amount(rule.cooldown, tx.now)


def begin(tx: Transaction, rule: Rule, member: str | None) -> None:
    """The rule has acted."""
    if rule.cooldown is not None:
        tx.put(_TABLE, _key(rule, member), tx.now)


def _key(rule: Rule, member: str | None) -> str:
    return join(rule.id, member) if rule.cooldown_by == "member" and member is not None else rule.id
