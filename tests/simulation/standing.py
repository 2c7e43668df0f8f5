"""What must hold at every step of a simulated month, in plain code that shares nothing with the engine.

A `Watch` is told each decision in the order in which they come out and raises AssertionError at the first that cannot
be right. It keeps its own books: sanctions and offences, duties, cases, points, labels.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, Final

from communityrules import Decision
from communityrules.checker import checked
from communityrules.checker.scope import RESERVED_RULES
from communityrules.model.decision import Case, Duty, PointsChange, Sanction, Timer

_RESERVED: Final = frozenset(RESERVED_RULES.values()) | frozenset(RESERVED_RULES)
#: What lasts and can be taken back; a warning only stands in the record.
_STRIKES: Final = frozenset({"mute", "kick", "ban"})

Offence = tuple[int, str]


class Watch:
    """The invariants of one community under one rulebook. `events` are those that were sent, by id."""

    def __init__(self, rulebook: checked.Rulebook, events: Iterable[Mapping[str, Any]]) -> None:
        self._book = rulebook
        self._events = {one["id"]: one for one in events}
        self._now = 0
        self.sanctions: dict[str, Sanction] = {}
        self.duties: dict[str, Duty] = {}
        self.cases: dict[str, Case] = {}
        self._ended: set[str] = set()
        self._balances: dict[str, int] = defaultdict(int)
        self._moved: dict[str, PointsChange] = {}
        self._taken_back: set[str] = set()
        #: Of a member and a penalty: each offence that still stands, by when it was and what it was.
        self._offences: dict[tuple[str, str], list[Offence]] = defaultdict(list)
        #: Of a sanction: its offence.
        self._offence_of: dict[str, Offence] = {}
        #: Of a member and a penalty: when each offence was struck; an appeal counts it again, not anew.
        self._struck: dict[tuple[str, str], set[int]] = defaultdict(set)
        self._strikes: list[tuple[int, str]] = []
        self.acted: set[str] = set()

    def see(self, decision: Decision) -> None:
        """The next decision."""
        assert decision.late or decision.time >= self._now, "time ran backwards"
        self._now = max(self._now, decision.time)
        self.acted |= {one.rule for one in decision.outcomes}
        self._see_cases(decision)
        self._see_sanctions(decision)
        self._see_traces(decision)
        self._see_duties(decision)
        self._see_points(decision)
        self.acted |= {one.rule for one in (*decision.duties, *decision.cases, *decision.points)}

    # --- sanctions ---------------------------------------------------------------------------------------------------

    def _in_force(self, instant: int) -> set[str]:
        return {
            rule.id
            for rule in self._book.rules
            if (rule.start is None or rule.start <= instant)
            and (rule.end is None or instant < rule.end)
            and (rule.trial_end is None or rule.trial_end <= instant)
        }

    def _see_sanctions(self, decision: Decision) -> None:
        for outcome in decision.outcomes:
            if outcome.trial:
                assert not {one.do for one in outcome.actions} & {"case"}, "a trial acts"
            for action in outcome.actions:
                if action.do == "penalty" and not outcome.trial and outcome.rule not in _RESERVED:
                    key = (action.on["member"], str(action.arguments["penalty"]))
                    offence = (decision.time, _name(decision))
                    if offence not in self._offences[key]:
                        self._offences[key].append(offence)
        for one in decision.sanctions:
            before = self.sanctions.get(one.id)
            assert one.rules, "a sanction without a rule"
            assert one.end is None or one.start <= one.end
            if before is None:
                # What an appeal counts again may be over by now.
                counted_again = one.status == "ended" and one.start < decision.time
                assert one.status in ("in_force", "pending") or counted_again, f"{one.id} begins as {one.status}"
                # Nobody is sanctioned under a text that was not in force when they did it.
                assert set(one.rules) <= self._in_force(one.start) | _RESERVED, f"{one.id} under no rule in force"
                assert not set(one.rules) <= _RESERVED or one.penalty is None or "power" in one.rules
                if one.status != "pending":
                    self._see_step(one, decision)
                    self._see_caps(one, decision)
            else:
                # What is over can still be taken back from the record.
                assert before.status in ("in_force", "pending") or (before.status, one.status) == ("ended", "reversed")
                assert (before.member, before.kind, before.start) == (one.member, one.kind, one.start)
            if one.status == "ended":
                at_its_end = one.end == decision.time if before is not None else (one.end or 0) <= decision.time
                assert at_its_end, f"{one.id} ends at {decision.time} instead of {one.end}"
            self.sanctions[one.id] = one

    def _see_step(self, one: Sanction, decision: Decision) -> None:
        """Which step it is follows from the offences that still stand."""
        penalty = self._book.penalties.get(one.penalty or "")
        if penalty is None or one.step is None:
            return
        standing = self._offences[one.member, penalty.name]
        if one.start == decision.time:
            offence = (one.start, _name(decision))
        else:
            # Counted again after an appeal: the first at that time that no other sanction of today speaks for.
            taken = {self._offence_of[name] for name, of in self.sanctions.items() if of.status != "reversed"
                     and name in self._offence_of and (of.member, of.penalty) == (one.member, one.penalty)}  # fmt: skip
            offence = next(found for found in standing if found[0] == one.start and found not in taken)
        self._offence_of[one.id] = offence
        rank = sum(
            penalty.over is None or one.start - time <= penalty.over
            for time, _ in standing[: standing.index(offence) + 1]
        )
        # After the last step it stays.
        step = max(of.first for of in penalty.steps if of.first <= rank)
        assert one.step == step, f"{one.id} is step {one.step} and should be {step}"

    def _see_caps(self, one: Sanction, decision: Decision) -> None:
        penalty = self._book.penalties.get(one.penalty or "")
        if one.kind not in _STRIKES:
            return
        new = one.start == decision.time
        if penalty is not None:
            self._struck[one.member, penalty.name].add(one.start)
            for cap in penalty.caps:
                times = sorted(
                    time
                    for (member, name), of in self._struck.items()
                    if name == penalty.name and (not cap.by_member or member == one.member)
                    for time in of
                )
                recent = [time for time in times if one.start - cap.within <= time <= one.start]
                assert len(recent) <= cap.times, f"{one.id} is above the cap of {penalty.name}: {recent}"
        by_hand = set(one.rules) <= _RESERVED or any(
            rule.found_by is not None for rule in self._book.rules if rule.id in one.rules
        )
        if new and not by_hand:
            self._strikes.append((one.start, one.member))
            for breaker in self._book.breakers:
                struck = {who for time, who in self._strikes if one.start - time <= breaker.within}
                # Two hundred members at most are known: it has to trip before more than these are struck.
                most = max(breaker.least, int(breaker.share * 200))
                assert len(struck) <= most + 1, f"{one.id}: {len(struck)} members are struck, {most} trip the breaker"

    # --- nothing of what was taken back ------------------------------------------------------------------------------

    def _see_traces(self, decision: Decision) -> None:
        """A reversed sanction is not cited any more, holds nobody, and is not ended a second time."""
        gone = {one.id for one in self.sanctions.values() if one.status == "reversed"}
        for outcome in decision.outcomes:
            if outcome.rule != "mute":
                continue
            for evidence in outcome.evidence:
                name = evidence.get("sanction")
                assert name not in gone, f"{decision.event} is held by {name}, which was reversed"
                holding = self.sanctions[str(name)]
                assert holding.start <= decision.time
                assert holding.end is None or decision.time < holding.end, f"{name} is over"

    # --- cases -------------------------------------------------------------------------------------------------------

    def _see_cases(self, decision: Decision) -> None:
        for one in decision.cases:
            assert one.id not in self._ended, f"{one.id} is heard of again"
            self.cases[one.id] = one
            voters = [member for member, _ in one.votes]
            assert len(voters) == len(set(voters)), f"{one.id}: one vote each"
            if one.status == "open":
                continue
            self._ended.add(one.id)
            assert one.member not in voters, f"{one.id} was settled by whose case it is"
            if one.status == "approved":
                enough = sum(vote == "approve" for _, vote in one.votes) >= one.quorum
                # Or nobody decided in time, and the rule says what then: `if late approve`.
                over = isinstance(decision.event, Timer) and one.due is not None and decision.time >= one.due
                assert enough or over, f"{one.id} was approved by too few"
            if one.status == "expired":
                # Or there is nothing to settle any more: its sanction was taken back, or whose it was has left.
                left = self._events.get(_name(decision), {}).get("type") == "leave"
                gone = {other.id for other in decision.sanctions if other.status == "reversed"}
                over = one.due is not None and decision.time >= one.due
                # Or what it held was refused in another case.
                gone |= {other.about for other in decision.cases if other.status == "rejected"}
                assert over or left or one.about in gone, f"{one.id} expired early"
            undone = (one.kind, one.status) in (("appeal", "approved"), ("discretion", "rejected"))
            about = one.about
            # An appeal's next instance is a case about the appeal.
            opened_by = self._events.get(about or "", {})
            if one.kind == "referral" and one.status == "approved" and opened_by.get("type") == "appeal":
                undone, about = True, opened_by["appeal"].get("sanction")
            if undone and about in self.sanctions:
                sanction = self.sanctions[about]
                standing = self._offences[sanction.member, sanction.penalty or ""]
                offence = self._offence_of.get(sanction.id)
                if offence in standing:
                    standing.remove(offence)
                changed = {later.id: later.status for later in decision.sanctions}
                assert changed.get(sanction.id) == "reversed" or sanction.status == "reversed", f"{sanction.id} stands"

    # --- duties ------------------------------------------------------------------------------------------------------

    def _see_duties(self, decision: Decision) -> None:
        for one in decision.duties:
            assert one.id not in self._ended, f"{one.id} is heard of again"
            assert one.id in self.duties or one.status in ("open", "late", "met", "cancelled")
            if one.status == "met":
                assert one.due is None or decision.time < one.due, f"{one.id} was met after its end"
                met = self._events.get(one.met_by or "")
                assert met is not None, f"{one.id} was met by nothing"
                answered = "reply" if met["type"] == "message" else met["type"]
                assert one.what in (met["type"], answered), f"{one.id} was met by a {met['type']}"
            elif one.status == "late":
                assert one.due is not None
                assert decision.time >= one.due, f"{one.id} is late early"
            if one.status != "open":
                self._ended.add(one.id)
            self.duties[one.id] = one

    # --- points ------------------------------------------------------------------------------------------------------

    def _see_points(self, decision: Decision) -> None:
        for one in decision.points:
            assert one.id not in self._moved, f"{one.id} moves points twice"
            self._balances[one.member] += one.change
            assert one.balance == self._balances[one.member], f"{one.id}: {one.balance}, {self._balances[one.member]}"
            self._moved[one.id] = one
            if one.reverses is not None:
                taken = self._moved.get(one.reverses)
                assert taken is not None, f"{one.id} takes back what was never given"
                assert taken.member == one.member
                assert taken.change == -one.change
                assert one.reverses not in self._taken_back, f"{one.reverses} is taken back twice"
                self._taken_back.add(one.reverses)

    # --- the end -----------------------------------------------------------------------------------------------------

    def over(self, until: int) -> None:
        """Time has passed up to `until`, long after the last event."""
        for duty in self.duties.values():
            if duty.status == "open":
                assert duty.due is None or duty.due > until, f"{duty.id} never ended"
                assert duty.due is not None, f"{duty.id} has no end"
        for case in self.cases.values():
            settled = case.status != "open" or case.due is None or case.due > until
            assert settled or case.rule not in self._settled_by_time(), f"{case.id} never ended"
        for sanction in self.sanctions.values():
            lasting = sanction.status == "in_force" and sanction.kind in ("mute", "ban") and sanction.end is not None
            assert not lasting or (sanction.end or 0) > until, f"{sanction.id} never ended"
        for member, balance in self._balances.items():
            assert balance == sum(one.change for one in self._moved.values() if one.member == member)

    def _settled_by_time(self) -> set[str]:
        """Rules whose cases end at their deadline; those of others go on until people settle them."""
        return {
            rule.id
            for rule in self._book.rules
            if any({late.do for late in one.if_late} & {"approve", "reject"} for one in rule.actions)
        }


def _name(decision: Decision) -> str:
    return decision.event if isinstance(decision.event, str) else decision.event.id
