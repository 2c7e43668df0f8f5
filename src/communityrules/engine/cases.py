"""Cases: something held until people settle it. Opening and keeping them; `engine.settling` counts votes.

A cell of the table `case` holds what the case needs to be settled under the terms under which it was opened, and
is gone once it is settled. The table `held` finds open cases by what they are about: a message, an event, a sanction.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final, Literal

from communityrules.checker.checked import DurationRange, Origin
from communityrules.compiler.reasons import reason_of
from communityrules.engine import members, messages
from communityrules.engine.parts import put
from communityrules.engine.transaction import Transaction
from communityrules.engine.turn import Act, Affected, Terms, Turn
from communityrules.library.working_time import add_working_time
from communityrules.model.decision import Case, RuleFailure, Sanction

TABLE: Final = "case"
INDEX: Final = "held"
TIMER: Final = "case"


Kind = Literal["hold", "appeal", "discretion", "referral"]
_NOTHING: Final[Mapping[str, Any]] = {}


def hold(
    turn: Turn,
    terms: Terms,
    act: Act,
    affected: Affected,
    due: int | None = None,
    more: Mapping[str, Any] = _NOTHING,
) -> str:
    """The id of the case in which a rule holds or refers something; a new one unless the rule has one open about it.

    `due` is the deadline where the act names none; `more` is kept with the case.
    """
    about = affected.about
    kind: Kind = "referral" if act.do == "refer" else "hold"
    group = str(act.arguments["to" if kind == "referral" else "for"])
    if about is not None:
        for case in of_thing(turn.tx, about):
            cell = turn.tx.get(TABLE, case)
            if cell is not None and cell["kind"] == kind and cell["rule"] == terms.rule:
                tell(turn, case, cell)
                return case
    within = act.arguments.get("within")
    calendar = act.arguments.get("calendar")
    return _open(
        turn,
        kind,
        terms,
        group,
        _quorum(turn, act.arguments.get("quorum"), group, affected.member),
        deadline(turn, terms.rule, within, calendar) if isinstance(within, int) else due,
        about,
        affected,
        [one.to_plain() for one in act.if_late],
        more,
    )


def _quorum(turn: Turn, said: Any, group: str, member: str | None) -> int:
    """How many votes settle a case: a number, or a share of those who have a vote now, rounded up."""
    if not isinstance(said, Decimal):
        return int(said or 1)
    voters = turn.size(group)
    if member is not None and turn.in_group(group, members.find(turn.tx, member)):
        voters -= 1
    return max(1, math.ceil(said * voters))


def ask_for_length(
    turn: Turn,
    terms: Terms,
    sanction: Sanction,
    between: DurationRange,
    group: str,
    due: int | None = None,
    if_late: Sequence[Act] = (),
) -> str:
    """The id of the case in which a group sets how long a sanction lasts. Until they do, the shortest length holds, and
    where they have a deadline (`due`) at least until then; `if_late` is what is done when it comes."""
    return _open(
        turn,
        "discretion",
        terms,
        group,
        1,
        sanction.end if due is None else due,
        sanction.id,
        Affected(sanction.member, event=sanction.id),
        [one.to_plain() for one in if_late],
        {
            "sanction": sanction.id,
            "low": between.low,
            "high": between.high,
            **({"decide": True} if due is not None else {}),
        },
    )


def appeal(turn: Turn, terms: Terms, sanction: str, member: str, group: str) -> str:
    """The id of the case in which a group looks at a sanction again."""
    about = Affected(member, event=sanction)
    return _open(turn, "appeal", terms, group, 1, None, sanction, about, [], {"sanction": sanction})


def deadline(turn: Turn, rule: str, length: int, calendar: str | None, start: int | None = None) -> int | None:
    """When a length of time that begins now, or at `start`, is over, in working time where a calendar is named.

    None where the calendar cannot say, because a year's holidays are not known: the decision records it.
    """
    begin = turn.now if start is None else start
    if calendar is None:
        return begin + length
    rulebook = turn.book.rulebook
    try:
        return add_working_time(rulebook.calendars[calendar], begin, length, rulebook.timezone)
    except LookupError as error:
        origin = next((one.origin for one in rulebook.rules if one.id == rule), Origin("", 0, 0))
        turn.parts.errors.append(RuleFailure(rule, origin.file, origin.line, reason_of(error)))
        return None


def of_thing(tx: Transaction, about: str) -> list[str]:
    """The ids of the open cases about a message, an event or a sanction, in the order in which they were opened."""
    return list(tx.get(INDEX, about) or [])


def of_member(tx: Transaction, member: str) -> list[str]:
    """The ids of the open cases of a member, in the order in which they were opened."""
    return list(members.record(tx, member).get("cases", []))


def close(turn: Turn, case: str, cell: Mapping[str, Any], status: Literal["approved", "rejected", "expired"]) -> None:
    """Put the settled case into the decision and forget it."""
    turn.tx.delete(TABLE, case)
    turn.tx.unschedule(TIMER, case)
    for thing in cell["things"]:
        left = [one for one in of_thing(turn.tx, thing) if one != case]
        if left:
            turn.tx.put(INDEX, thing, left)
        else:
            turn.tx.delete(INDEX, thing)
    member = cell["member"]
    if member is not None:
        members.change(turn.tx, member, cases=[one for one in of_member(turn.tx, member) if one != case])
    tell(turn, case, {**cell, "status": status})


def keep(turn: Turn, case: str, cell: Mapping[str, Any]) -> None:
    """Write an open case down and put it into the decision."""
    turn.tx.put(TABLE, case, dict(cell))
    tell(turn, case, cell)


def tell(turn: Turn, case: str, cell: Mapping[str, Any]) -> None:
    """Put a case into the decision, in place of an earlier state of it."""
    told = Case(
        case, cell["rule"], cell["kind"], cell["group"], cell["quorum"], cell["opened"], cell["due"], cell["status"],
        cell["about"], cell["member"], tuple((member, vote) for member, vote in cell["votes"]),
    )  # fmt: skip
    put(turn.parts.cases, told)


def _open(
    turn: Turn,
    kind: Kind,
    terms: Terms,
    group: str,
    quorum: int,
    due: int | None,
    about: str | None,
    affected: Affected,
    if_late: list[Any],
    more: Mapping[str, Any],
) -> str:
    case = turn.tx.new_id("case")
    things = list(dict.fromkeys(one for one in (about, affected.event) if one is not None))
    cell = {
        "kind": kind, "rule": terms.rule, "terms": terms.to_plain(), "group": group, "quorum": quorum,
        "opened": turn.now, "due": due, "status": "open", "about": about, "member": affected.member, "votes": [],
        "affected": affected.to_plain(), "if_late": if_late, "things": things, **more,
    }  # fmt: skip
    sender = turn.event.member if turn.event is not None else None
    if sender is not None and "settled" in turn.book.heard:
        cell["sender"] = sender.id
    for thing in things:
        turn.tx.put(INDEX, thing, [*of_thing(turn.tx, thing), case])
    if turn.book.remembers_messages:
        messages.alias(turn.tx, turn.now, case, affected)
    member = affected.member
    if member is not None:
        members.change(turn.tx, member, cases=[*of_member(turn.tx, member), case])
    if due is not None:
        turn.tx.schedule(due, TIMER, case)
    keep(turn, case, cell)
    return case
