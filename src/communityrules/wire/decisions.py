"""The wire form of decisions: every field of the contract in one fixed order, times in the rulebook's zone.

Lengths of time and instants inside the arguments of an action are what the action's declaration says; see there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import date, tzinfo
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final

import orjson

from communityrules.kernel import native
from communityrules.model.decision import (
    ActionTaken,
    Case,
    Decision,
    Duty,
    LabelChange,
    Notice,
    Outcome,
    PointsChange,
    RulebookRef,
    RuleFailure,
    Sanction,
    Timer,
)
from communityrules.model.values import DAY, MINUTE, SECOND
from communityrules.model.zones import date_text, day_shift, format_instant, parse_instant

_OPTIONS: Final = orjson.OPT_PASSTHROUGH_SUBCLASS
_KERNEL: Final = native("lines")


def decision_to_wire(decision: Decision, zone: tzinfo) -> dict[str, Any]:
    """A decision as a dictionary in the contract's key order. Times are ISO 8601 in `zone`."""
    return {
        "event": _about(decision.event),
        "time": format_instant(decision.time, zone),
        "community": decision.community,
        "rulebook": {
            "name": decision.rulebook.name,
            "version": decision.rulebook.version,
            "digest": decision.rulebook.digest,
        },
        "verdict": decision.verdict,
        "outcomes": [_outcome(one) for one in decision.outcomes],
        "sanctions": [_sanction(one, zone) for one in decision.sanctions],
        "duties": [_duty(one, zone) for one in decision.duties],
        "cases": [_case(one, zone) for one in decision.cases],
        "notices": [_notice(one) for one in decision.notices],
        "points": [_points(one) for one in decision.points],
        "labels": [_label(one, zone) for one in decision.labels],
        "errors": [
            {"rule": one.rule, "file": one.file, "line": one.line, "error": one.error} for one in decision.errors
        ],
        "late": decision.late,
    }


def encode_decision(decision: Decision, zone: tzinfo) -> bytes:
    """A decision as one line of JSON, without the line end. Equal decisions give equal bytes."""
    # What is kept for the next one is not worth asking the kernel for when there is none.
    return Lines(zone).line(decision)[:-1]


def line_writer(zone: tzinfo) -> Callable[[Decision], bytes]:
    """What writes decisions one after another, each as `encode_decision` does and with a line end."""
    if _KERNEL is not None:
        # Another msgspec may have decisions keep elsewhere what they hold.
        with suppress(TypeError):
            written: Callable[[Decision], bytes] = _KERNEL.lines(zone, Decision, _whole, _quarter, _nothing, _text).line
            return written
    return Lines(zone).line


class Lines:
    """Writes decisions one after another, each as `encode_decision` does and with a line end.

    Most events are of no interest to any rule. What their decisions say is not put together each time: they differ in
    the event's id and in the time, and that mostly in its seconds.
    """

    __slots__ = ("_before", "_community", "_late", "_number", "_offset", "_rest", "_rulebook", "_start", "_verdict",
                 "_zone")  # fmt: skip

    def __init__(self, zone: tzinfo) -> None:
        self._zone = zone
        #: The quarter of an hour of UTC of the decision before, and what is written of its time: see `_quarter`.
        self._number: int | None = None
        self._before, self._start, self._offset = b"", 0, b""
        #: What the decision before said after its time, and what that hangs on.
        self._rest = b""
        self._community: str | None = None
        self._rulebook: RulebookRef | None = None
        self._verdict = ""
        self._late = False

    def line(self, decision: Decision) -> bytes:
        event = decision.event
        if (
            decision.outcomes or decision.sanctions or decision.duties or decision.cases or decision.notices
            or decision.points or decision.labels or decision.errors or event.__class__ is not str
        ):  # fmt: skip
            return _whole(decision, self._zone)
        if (
            decision.rulebook is not self._rulebook or decision.community is not self._community
            or decision.late is not self._late or decision.verdict is not self._verdict
        ):  # fmt: skip
            self._turn_to(decision)
        number, passed = divmod(decision.time, _QUARTER)
        if number != self._number and not self._look_up(number):
            time = format_instant(decision.time, self._zone).encode()
            return b"".join((b'{"event":', _text(event), b',"time":"', time, self._rest))
        second, fraction = divmod(passed, SECOND)
        clock = _CLOCK[self._start + second]
        if fraction:
            clock += b".%06d" % fraction
        return b"".join((b'{"event":', _text(event), self._before, clock, self._offset, self._rest))

    def _turn_to(self, decision: Decision) -> None:
        self._rest = _nothing(decision.community, decision.rulebook, decision.verdict, decision.late)
        self._community, self._rulebook = decision.community, decision.rulebook
        self._verdict, self._late = decision.verdict, decision.late

    def _look_up(self, number: int) -> bool:
        """Whether instants of a quarter of an hour are all written alike but for the minutes and seconds."""
        known = _quarter(number, self._zone)
        if known is None:
            return False
        self._number = number
        self._before, self._start, self._offset = known
        return True


def _whole(decision: Decision, zone: tzinfo) -> bytes:
    """The line of any decision."""
    return encode_wire(decision_to_wire(decision, zone)) + b"\n"


def encode_wire(wire: Mapping[str, Any]) -> bytes:
    """What `decision_to_wire` gives, or a part of it, as one line of JSON. Decimals are written digit for digit."""
    return orjson.dumps(wire, default=_plain, option=_OPTIONS)


_text: Final = orjson.dumps
#: Nearly every zone is ahead by whole quarters of an hour; what a log has of one are many events.
_QUARTER: Final = 15 * MINUTE
_QUARTERS: Final = DAY // _QUARTER
#: The minutes and seconds of an hour.
_CLOCK: Final = [b"%02d:%02d" % (minute, second) for minute in range(60) for second in range(60)]


@lru_cache(maxsize=4096)
def _quarter(number: int, zone: tzinfo) -> tuple[bytes, int, bytes] | None:
    """What is written of all instants of a quarter of an hour of UTC: up to the minutes, and after the seconds.

    Between them, at which second of the hour it begins. None where that is not the same throughout.
    """
    shift = day_shift(number // _QUARTERS, zone)
    if shift is None or shift[0] % (_QUARTER // SECOND):
        return None
    ahead, offset = shift
    day, second = divmod(number * (_QUARTER // SECOND) + ahead, DAY // SECOND)
    return f',"time":"{date_text(day)}T{second // 3600:02}:'.encode(), second % 3600, offset.encode()


@lru_cache(maxsize=256)
def _nothing(community: str, rulebook: RulebookRef, verdict: str, late: bool) -> bytes:
    """What is written after its time of a decision in which nothing happened, with the line end."""
    reference = {"name": rulebook.name, "version": rulebook.version, "digest": rulebook.digest}
    empty = "".join(
        f'"{name}":[],'
        for name in ("outcomes", "sanctions", "duties", "cases", "notices", "points", "labels", "errors")
    )
    return b'","community":%b,"rulebook":%b,"verdict":"%b",%b"late":%b}\n' % (
        orjson.dumps(community), orjson.dumps(reference), verdict.encode(), empty.encode(),
        b"true" if late else b"false",
    )  # fmt: skip


def _plain(value: Any) -> Any:
    """Evidence and arguments may hold exact decimals and dates."""
    if isinstance(value, Decimal):
        # Written digit for digit: a float would round what was counted exactly.
        return orjson.Fragment(format(value, "f")) if value.is_finite() else None
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, tuple):
        return list(value)
    if isinstance(value, str):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no wire form")


def _about(event: str | Timer) -> Any:
    return event if isinstance(event, str) else {"type": "timer", "id": event.id, "what": event.what}


def _outcome(one: Outcome) -> dict[str, Any]:
    return {
        "rule": one.rule,
        "name": one.name,
        "content": one.content,
        "modality": one.modality,
        "verdict": one.verdict,
        "trial": one.trial,
        "overridden_by": one.overridden_by,
        "actions": [{"do": action.do, **action.arguments, "on": dict(action.on)} for action in one.actions],
        "evidence": [dict(evidence) for evidence in one.evidence],
    }


def _time(moment: int | None, zone: tzinfo) -> str | None:
    return None if moment is None else format_instant(moment, zone)


def _sanction(one: Sanction, zone: tzinfo) -> dict[str, Any]:
    return {
        "id": one.id,
        "member": one.member,
        "kind": one.kind,
        "start": _time(one.start, zone),
        "end": _time(one.end, zone),
        "penalty": one.penalty,
        "step": one.step,
        "rules": list(one.rules),
        "status": one.status,
    }


def _duty(one: Duty, zone: tzinfo) -> dict[str, Any]:
    return {
        "id": one.id,
        "rule": one.rule,
        "on": one.what,
        "responsible": one.responsible,
        "due": _time(one.due, zone),
        "status": one.status,
        "about": one.about,
        "member": one.member,
        "met_by": one.met_by,
        "priority": one.priority,
    }


def _case(one: Case, zone: tzinfo) -> dict[str, Any]:
    return {
        "id": one.id,
        "rule": one.rule,
        "kind": one.kind,
        "group": one.group,
        "quorum": one.quorum,
        "opened": _time(one.opened, zone),
        "due": _time(one.due, zone),
        "status": one.status,
        "about": one.about,
        "member": one.member,
        "votes": [{"member": member, "vote": vote} for member, vote in one.votes],
    }


def _notice(one: Notice) -> dict[str, Any]:
    return {
        "id": one.id,
        "kind": one.kind,
        "to": dict(one.to),
        "rule": one.rule,
        "template": one.template,
        "texts": dict(one.texts),
        **({"name": one.name, "rows": one.rows} if one.name is not None else {}),
        **({"confidential": list(one.confidential), "covered": dict(one.covered)} if one.confidential else {}),
        **({"confidential": True} if one.hidden else {}),
    }


def _points(one: PointsChange) -> dict[str, Any]:
    found = {"id": one.id, "member": one.member, "change": one.change, "balance": one.balance, "rule": one.rule}
    return found if one.reverses is None else {**found, "reverses": one.reverses}


def _label(one: LabelChange, zone: tzinfo) -> dict[str, Any]:
    return {
        "on": dict(one.on),
        "label": one.label,
        "end": _time(one.end, zone),
        "rule": one.rule,
        "removed": one.removed,
    }


# --- back again ----------------------------------------------------------------------------------------------


def decision_from_wire(body: Mapping[str, Any]) -> Decision:
    """The decision that `encode_decision` wrote, parsed from JSON.

    Meant for decisions of ours: a broken one raises KeyError, TypeError or ValueError.
    """
    event = body["event"]
    return Decision(
        event=event if isinstance(event, str) else Timer(event["id"], event["what"]),
        time=_instant(body["time"]),
        community=body["community"],
        rulebook=RulebookRef(**body["rulebook"]),
        verdict=body["verdict"],
        outcomes=tuple(
            Outcome(
                **{
                    **one,
                    "actions": tuple(
                        ActionTaken(
                            action["do"],
                            action["on"],
                            {name: value for name, value in action.items() if name not in ("do", "on")},
                        )
                        for action in one["actions"]
                    ),
                    "evidence": tuple(one["evidence"]),
                }
            )
            for one in body["outcomes"]
        ),
        sanctions=tuple(
            Sanction(
                **{**one, "start": _instant(one["start"]), "end": _maybe(one["end"]), "rules": tuple(one["rules"])}
            )
            for one in body["sanctions"]
        ),
        duties=tuple(
            Duty(
                due=_maybe(one["due"]),
                **{("what" if name == "on" else name): value for name, value in one.items() if name != "due"},
            )
            for one in body["duties"]
        ),
        cases=tuple(
            Case(
                **{
                    **one,
                    "opened": _instant(one["opened"]),
                    "due": _maybe(one["due"]),
                    "votes": tuple((vote["member"], vote["vote"]) for vote in one["votes"]),
                }
            )
            for one in body["cases"]
        ),
        notices=tuple(_read_notice(one) for one in body["notices"]),
        points=tuple(PointsChange(**one) for one in body["points"]),
        labels=tuple(LabelChange(**{**one, "end": _maybe(one["end"])}) for one in body["labels"]),
        errors=tuple(RuleFailure(**one) for one in body["errors"]),
        late=body["late"],
    )


def _read_notice(body: dict[str, Any]) -> Notice:
    rows = [(tuple(key) if isinstance(key, list) else key, value) for key, value in body.get("rows", ())]
    confidential = body.get("confidential", ())
    if confidential is True:
        return Notice(**{**body, "rows": tuple(rows), "confidential": (), "hidden": True})
    return Notice(**{**body, "rows": tuple(rows), "confidential": tuple(confidential)})


def _instant(text: str) -> int:
    moment = parse_instant(text)
    if moment is None:
        raise ValueError(text)
    return moment


def _maybe(text: str | None) -> int | None:
    return None if text is None else _instant(text)
