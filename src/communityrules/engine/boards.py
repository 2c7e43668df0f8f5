"""Leaderboards: closed at the end of each period of theirs, the first one being that of the community's first event.

A board whose measure has a calendar window is closed when that unit ends, any other at the end of every day. The
greatest value stands first; equal values stand in the order of their keys by code points. So a board is the same
however its measure was kept. Who has nothing is not on it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final

from communityrules.checker import checked
from communityrules.compiler.plain import plain
from communityrules.engine import community
from communityrules.engine.book import Book
from communityrules.engine.plain import join, split
from communityrules.engine.raised import announce
from communityrules.engine.spelling import spell
from communityrules.engine.transaction import Transaction
from communityrules.engine.turn import Answer, Terms, Turn
from communityrules.library.periods import Unit, periods
from communityrules.model.decision import Notice
from communityrules.model.event import Event
from communityrules.model.values import Value

#: The reserved id under which boards are told.
RULE: Final = "leaderboard"
TIMER: Final = "leaderboard"
#: Measures that are zero of nothing.
_ZERO_OF_NOTHING: Final = frozenset({"count", "distinct", "sum"})

Row = tuple[tuple[str, ...], Any]


def watch(tx: Transaction, book: Book, time: int, begun: Mapping[str, Any]) -> dict[str, Any]:
    """See to it that every board of the rulebook is closed. Those that are watched, as the community's cell has it."""
    watched = dict(begun)
    for board in book.rulebook.leaderboards:
        key = join(_unit(book, board), board.name)
        if key not in watched:
            watched[key] = True
            tx.schedule(_next(book, board, time), TIMER, key)
    return watched


def close(turn: Turn, key: str) -> bool:
    """A board's period has ended. Whether the rulebook still has it."""
    book = turn.book
    unit, name = split(key)
    board = next((one for one in book.rulebook.leaderboards if one.name == name and _unit(book, one) == unit), None)
    if board is None:
        watched = {one: true for one, true in community.record(turn.tx).get("boards", {}).items() if one != key}
        community.change(turn.tx, boards=watched)
        return False
    turn.tx.schedule(_next(book, board, turn.now), TIMER, key)
    rows = ranked(turn, board)
    if rows:
        _tell(turn, board, rows)
    return True


def ranked(turn: Turn, board: checked.Leaderboard) -> list[Row]:
    """The places of a board over the period that ends now, best first."""
    event = Event(f"{board.name}@{turn.now}", turn.now, "leaderboard", turn.tx.community)
    facts = turn.judge.facts(event, closing=True)
    zero = turn.book.rulebook.aggregates[board.aggregate].function in _ZERO_OF_NOTHING
    found: list[Row] = []
    for key in turn.judge.keys(board.aggregate):
        value = facts.aggregate(board.aggregate, key)
        if value is not None and not (zero and value == 0):
            found.append((tuple(_text(one) for one in key), value))
    found.sort(key=lambda one: one[0])
    found.sort(key=lambda one: one[1], reverse=True)
    return found[: board.top]


def _tell(turn: Turn, board: checked.Leaderboard, rows: Sequence[Row]) -> None:
    measure = turn.book.rulebook.aggregates[board.aggregate]
    language = turn.book.rulebook.language
    kind, zone = measure.type.kind, turn.book.rulebook.timezone
    told = [(_shown(key), plain(value, kind, zone)) for key, value in rows]
    listed = [[list(key) if isinstance(key, tuple) else key, value] for key, value in told]
    evidence = {"kind": "leaderboard", "board": board.name, "what": measure.what, "rows": listed}
    turn.give([Answer(Terms(RULE, board.name, board.text or board.name, "may"), [evidence])])
    places = (
        f"{place}. {' / '.join(key)} {spell(value, measure.type, language) if kind == 'duration' else shown}"
        for place, ((key, value), (_, shown)) in enumerate(zip(rows, told, strict=True), 1)
    )
    text = (":" if language == "zh" else ": ").join((board.name, (";" if language == "zh" else "; ").join(places)))
    turn.parts.notices.append(
        Notice(turn.tx.new_id("notice"), "leaderboard", {"group": "everyone"}, RULE, None, {language: text},
               board.name, tuple(told))
    )  # fmt: skip
    of_members = len(measure.keys) == 1 and _names_member(measure.keys[0])
    amount = "length" if measure.type.kind == "duration" else "value"
    for place, (key, value) in enumerate(rows, 1):
        fields: dict[str, Value] = {"board": board.name, "position": place, amount: value, "key": " / ".join(key)}
        announce(turn, "ranked", RULE, fields, key[0] if of_members else None)


def _unit(book: Book, board: checked.Leaderboard) -> Unit:
    window = book.rulebook.aggregates[board.aggregate].window
    return window.unit if isinstance(window, checked.CalendarWindow) else "day"


def _next(book: Book, board: checked.Leaderboard, time: int) -> int:
    return periods(book.rulebook.timezone).next(_unit(book, board), time)


def _names_member(key: checked.Expression) -> bool:
    if not isinstance(key, checked.FieldRef):
        return False
    return key.type.kind == "member" or (key.name == "id" and key.root in checked.OF_MEMBERS)


def _shown(key: tuple[str, ...]) -> str | tuple[str, ...]:
    return key[0] if len(key) == 1 else key


def _text(value: Value) -> str:
    """A part of a key as a text, the same for equal parts."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, date):
        return value.isoformat()
    return str(value)
