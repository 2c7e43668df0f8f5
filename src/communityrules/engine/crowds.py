"""How many members are in a group."""

from __future__ import annotations

from communityrules.compiler.facts import Facts
from communityrules.engine import members
from communityrules.engine.book import Book
from communityrules.engine.transaction import Transaction


def size(tx: Transaction, book: Book, group: str, facts: Facts) -> int:
    """How many known members are in a group now. Raises what functions in its condition raise.

    Every known member is asked; of a group that only hangs on what members' cells say, once for as long as no cell
    changes.
    """
    if group == "everyone" and group not in book.rulebook.groups:
        return members.how_many(tx)
    steady = book.steady(group)
    kept = tx.crowds.get(group) if steady else None
    if kept is not None and kept[1] == tx.stirred:
        return kept[0]
    is_in = book.evaluator.in_group
    number = sum(1 for one in members.known(tx) if is_in(group, members.find(tx, one), tx.now, facts))
    if steady:
        tx.crowds[group] = (number, tx.stirred)
    return number
