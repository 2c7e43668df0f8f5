"""How a case is settled: by votes of its group, or by its deadline.

Each member of the group has one vote, never whom the case is about; a second vote takes the place of the first. As
many votes as the quorum says settle it, on either side.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal

from communityrules.engine import appeals, cases, messages, notices, powers, sanctions
from communityrules.engine.carrying import carry_out
from communityrules.engine.raised import announce
from communityrules.engine.turn import Act, Affected, Answer, Terms, Turn
from communityrules.model.decision import ActionTaken
from communityrules.model.event import Event

Result = Literal["approved", "rejected", "expired"]
#: What these do with the thing that is held leaves nothing to settle.
_FINAL: Final[Mapping[str, Result]] = {
    "approve": "approved",
    "allow": "approved",
    "reject": "rejected",
    "delete": "rejected",
    "hold": "expired",
}


def vote(turn: Turn, event: Event) -> None:
    """Count an `approve` or `reject` in every open case that it is about and in which its sender has a vote."""
    meant = _meant(turn, event)
    for case in meant:
        if not _may_vote(turn, case, event):
            continue
        counted = _counted(turn, case, event)
        if not _enough(counted, event):
            cases.keep(turn, case, counted)
            continue
        answer = Answer(Terms.from_plain(counted["terms"]), [_evidence(case, counted)])
        # What the same vote settles next holds nothing back any more.
        together = [one for one in meant if _may_vote(turn, one, event) and _enough(_counted(turn, one, event), event)]
        _take(turn, case, counted, answer, event, _others(turn, case, counted, together))
        turn.give([answer])


def _counted(turn: Turn, case: str, event: Event) -> dict[str, Any]:
    """An open case with a vote in it."""
    cell = turn.tx.get(cases.TABLE, case)
    assert cell is not None  # who may vote does so in a case that is open
    assert event.member is not None
    votes = [one for one in cell["votes"] if one[0] != event.member.id]
    return {**cell, "votes": [*votes, [event.member.id, event.type]], **_words(cell, event)}


def _enough(cell: Mapping[str, Any], event: Event) -> bool:
    """Whether the votes like this one settle a case."""
    return sum(1 for one in cell["votes"] if one[1] == event.type) >= int(cell["quorum"])


def _others(turn: Turn, case: str, cell: Mapping[str, Any], together: Sequence[str] = ()) -> list[str]:
    """The other open cases that hold the same thing back."""
    if cell["kind"] != "hold" or cell["about"] is None:
        return []
    found = []
    for one in cases.of_thing(turn.tx, cell["about"]):
        other = turn.tx.get(cases.TABLE, one)
        if other is not None and one != case and one not in together:
            found += [one] if (other["kind"], other["about"]) == ("hold", cell["about"]) else []
    return found


def _still_held(turn: Turn, case: str, cell: Mapping[str, Any], answer: Answer, others: Sequence[str]) -> None:
    """A case lets through what others hold back: that is told of the case alone, with those that are open."""
    person = Affected.from_plain(cell["affected"]).person
    answer.take("hold", ActionTaken("approve", {"case": case, **person}, {"case": case}))
    for one in others:
        cases.tell(turn, one, turn.tx.get(cases.TABLE, one) or {})


def _nothing_left(turn: Turn, others: Sequence[str]) -> None:
    """What is refused need not be decided by anybody else."""
    for one in others:
        cell = turn.tx.get(cases.TABLE, one)
        if cell is not None:
            _settled(turn, one, cell, "expired")


def expire(turn: Turn, case: str) -> bool:
    """A case's deadline has come. Whether it was still open.

    It is closed, unless `if late` only tells people: then the thing is still held, and can still be settled.
    """
    cell = turn.tx.get(cases.TABLE, case)
    if cell is None:
        return False
    answer = Answer(Terms.from_plain(cell["terms"]), [_evidence(case, cell)])
    acts = [Act.from_plain(one) for one in cell["if_late"]]
    if "decide" in cell:
        _undecided(turn, case, cell, answer, acts)
        turn.give([answer])
        return True
    result = next((_FINAL[act.do] for act in acts if act.do in _FINAL), None)
    if acts and result is None:
        cases.keep(turn, case, cell)
    else:
        _settled(turn, case, cell, result or "expired")
    others = _others(turn, case, cell)
    if others and result == "approved" and "staff" not in cell:
        _still_held(turn, case, cell, answer, others)
        acts = [one for one in acts if _FINAL.get(one.do) != "approved"]
    elif result == "rejected":
        _nothing_left(turn, others)
    affected = Affected.from_plain(cell["affected"])
    if cell["kind"] == "referral":
        # Nothing is held back that could be let through or refused: only the case comes to an end.
        for act in acts:
            if act.do in ("approve", "reject"):
                answer.take("allow", ActionTaken(act.do, {"case": case, **affected.person}, {"case": case}))
        acts = [one for one in acts if one.do not in ("approve", "reject")]
        _grant(turn, cell, result)
    carry_out(turn, answer, acts, affected)
    if "staff" in cell and result == "approved":
        powers.carry_out(turn, answer, cell["staff"])
    turn.give([answer])
    return True


def withdraw(turn: Turn, member: str) -> None:
    """Somebody goes: what they asked to be let in for needs no answer any more."""
    for case in cases.of_member(turn.tx, member):
        cell = turn.tx.get(cases.TABLE, case)
        if cell is not None and cell["kind"] == "hold" and Affected.from_plain(cell["affected"]).kind == "join_request":
            _settled(turn, case, cell, "expired")


def _take(turn: Turn, case: str, cell: Mapping[str, Any], answer: Answer, event: Event, others: Sequence[str]) -> None:
    """The vote that settles a case: what it means for each kind. `others` hold the same thing back."""
    approved = event.type == "approve"
    kind = cell["kind"]
    affected = Affected.from_plain(cell["affected"])
    _settled(turn, case, cell, "approved" if approved else "rejected")
    on = affected.thing if kind == "hold" else {"case": case, **affected.person}
    arguments: dict[str, Any] = {"case": case}
    if kind == "referral":
        _grant(turn, cell, "approved" if approved else "rejected")
    elif kind == "appeal" and approved:
        appeals.grant(turn, cell["sanction"])
    elif kind == "discretion":
        if approved:
            length = event.fields.get("duration")
            if isinstance(length, int):
                length = min(max(length, cell["low"]), cell["high"])
                arguments["duration"] = length
                sanctions.set_length(turn, cell["sanction"], length)
        else:
            appeals.grant(turn, cell["sanction"])
    _tell_why(turn, cell, event)
    if not approved:
        _nothing_left(turn, others)
    elif others and "staff" not in cell:
        _still_held(turn, case, cell, answer, others)
        return
    # What people refuse to a member is no offence of the event that carries their vote: only a held thing is blocked.
    answer.take(turn.book.verdict(event.type) if kind == "hold" else "allow", ActionTaken(event.type, on, arguments))
    if "staff" in cell:
        powers.settle(turn, answer, cell["staff"], event)


def _undecided(turn: Turn, case: str, cell: Mapping[str, Any], answer: Answer, acts: Sequence[Act]) -> None:
    """Nobody has set how long a sanction lasts: what the rule says holds, else the shortest; or it is taken back."""
    sanction = cell["sanction"]
    imposed = sanctions.cell_of(turn.tx, sanction)
    if imposed is None:
        return
    affected = Affected.from_plain(cell["affected"])
    on = {"case": case, **affected.person}
    length, others = cell["low"], []
    for act in acts:
        said = act.arguments.get("duration")
        if act.do == imposed["kind"] and isinstance(said, int):
            length = min(max(said, cell["low"]), cell["high"])
            answer.take("allow", ActionTaken(act.do, on, {"duration": length, "sanction": sanction}))
        elif act.do in ("approve", "reject"):
            answer.take("allow", ActionTaken(act.do, on, {"case": case}))
        else:
            others.append(act)
    rejected = any(act.do == "reject" for act in acts)
    _settled(turn, case, cell, "rejected" if rejected else "expired")
    if rejected:
        appeals.grant(turn, sanction)
    else:
        sanctions.set_length(turn, sanction, length)
    carry_out(turn, answer, others, affected)


def _grant(turn: Turn, cell: Mapping[str, Any], result: Result | None) -> None:
    """An appeal that was referred is granted."""
    if result == "approved" and "sanction" in cell:
        appeals.grant(turn, cell["sanction"])


def _words(cell: Mapping[str, Any], event: Event) -> dict[str, Any]:
    """What voters have written, by voter, where anybody has; a new vote takes the place of the words of the last."""
    assert event.member is not None
    said = [one for one in cell.get("said", ()) if one[0] != event.member.id]
    text = event.message.text if event.message is not None else ""
    if text:
        said.append([event.member.id, event.type, text])
    return {"said": said} if said or "said" in cell else {}


def _tell_why(turn: Turn, cell: Mapping[str, Any], event: Event) -> None:
    """Whose case it was is told what those have written whose votes have settled it."""
    member = cell["member"]
    texts = [text for _, vote, text in cell.get("said", ()) if vote == event.type]
    if member is not None and texts:
        language = turn.book.rulebook.language
        hidden = bool(turn.book.confidence.of_text(event.type))
        words: dict[str, str] = {language: notices.CONFIDENTIAL[language == "zh"] if hidden else "\n".join(texts)}
        notices.put(turn, event.type, {"member": member}, cell["rule"], None, words)


def _settled(turn: Turn, case: str, cell: Mapping[str, Any], result: Result) -> None:
    cases.close(turn, case, cell, result)
    affected = Affected.from_plain(cell["affected"])
    if "settled" in turn.book.heard and turn.book.remembers_messages:
        # It may have been open for longer than messages are remembered.
        messages.alias(turn.tx, turn.now, case, affected)
    announce(
        turn,
        "settled",
        cell["rule"],
        {"case": case, "result": result, "sender": cell.get("sender")},
        cell["member"],
        message=affected.message,
        case=case,
    )


def _meant(turn: Turn, event: Event) -> list[str]:
    """The cases that a vote is about: the one it names, else those about the message, else the member's last."""
    target = event.target
    tx = turn.tx
    if target.case is not None:
        # A sanction stands for the cases about it.
        return [target.case] if tx.get(cases.TABLE, target.case) is not None else cases.of_thing(tx, target.case)
    named = target.message
    if named is None and event.message is not None:
        named = event.message.reply_to
    if named is not None:
        return cases.of_thing(tx, named)
    if target.member is not None:
        mine = [one for one in cases.of_member(tx, target.member) if _may_vote(turn, one, event)]
        return mine[-1:]
    return []


def _may_vote(turn: Turn, case: str, event: Event) -> bool:
    cell = turn.tx.get(cases.TABLE, case)
    if cell is None or event.member is None or event.member.id == cell["member"]:
        return False
    if "staff" in cell and event.member.id == cell["staff"]["member"]:
        # Nobody decides about what is to be done to themselves.
        return False
    return turn.in_group(cell["group"], event.member)


def _evidence(case: str, cell: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "kind": "case",
        "case": case,
        "group": cell["group"],
        "quorum": cell["quorum"],
        "votes": [{"member": member, "vote": vote} for member, vote in cell["votes"]],
    }
