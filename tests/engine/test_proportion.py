"""Caps of penalties, and the breaker: what goes too far is replaced by a warning, and it shows."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

import pytest
from village import ZONE, Village, at

from communityrules.model.decision import ActionTaken, Decision, Notice, Outcome, Sanction, Timer
from communityrules.model.values import DAY, HOUR, MINUTE, SECOND
from communityrules.wire.decisions import encode_decision

PEOPLE = """
group moderators as member.roles has "moderator"
group managers as member.roles has "manager"
"""
SPAM = """
rule 1
  must not
  on message
  if message.text contains "spam"
  then delete, mute 1 day
"""
BREAKER = "breaker 50% of members and at least 2 members within 1 hour, then notify managers\n"
TEXT = "breaker 50% of members and at least 2 members within 1 hour, then notify managers"


def village(rules: str, members: int = 0, store: str = "memory:") -> Village:
    """A village in which so many members, `m1` and on, have been seen; the staff are not among them."""
    here = Village(PEOPLE + rules, store=store)
    for number in range(1, members + 1):
        here.send("00:00", f"m{number}", "message", "hello", id=f"hello{number}")
    return here


def kinds(decision: Decision) -> list[str]:
    return [one.kind for one in decision.sanctions]


def test_the_sanction_that_would_go_too_far_is_the_first_that_is_not_imposed() -> None:
    here = village(BREAKER + SPAM, members=4)
    assert kinds(here.send("09:00", "m1", "message", "spam")) == ["mute"]
    assert kinds(here.send("09:01", "m2", "message", "spam")) == ["mute"]
    told = here.send("09:02", "m3", "message", "spam", id="x3")
    now = at("2024-10-08 09:02")
    assert told == Decision(
        event="x3",
        time=now,
        community="village",
        rulebook=told.rulebook,
        verdict="block",
        outcomes=(
            Outcome(
                "breaker", None, TEXT, "must", "allow", False, None,
                (ActionTaken("notify", {}, {"to": "managers"}),),
                ({"kind": "breaker", "value": 2, "limit": 2, "within": HOUR, "known": 4, "tripped": True},),
            ),
            Outcome(
                "1", None, "1", "must_not", "block", False, None,
                (
                    ActionTaken("delete", {"message": "x3"}, {}),
                    ActionTaken("warn", {"member": "m3"}, {"sanction": "x3/sanction/1", "instead_of": "mute"}),
                ),
                (
                    {"kind": "match", "field": "message.text", "what": "spam", "text": "spam", "start": 0, "end": 4},
                    {"kind": "breaker", "value": 2, "limit": 2, "within": HOUR, "instead_of": "mute"},
                ),
            ),
        ),
        sanctions=(Sanction("x3/sanction/1", "m3", "warn", now, now, None, None, ("1",)),),
        notices=(Notice("x3/notice/1", "notify", {"group": "managers"}, "breaker", None, {}),),
    )  # fmt: skip


def test_it_is_told_once_and_stops_everything_automatic_while_it_lasts() -> None:
    here = village(BREAKER + SPAM, members=4)
    for member in ("m1", "m2", "m3"):
        here.send("09:00", member, "message", "spam")
    for moment, member in (("09:10", "m4"), ("09:11", "m3"), ("09:12", "m4")):
        told = here.send(moment, member, "message", "spam")
        assert (kinds(told), told.notices, [one.rule for one in told.outcomes]) == (["warn"], (), ["1"])


def test_the_share_counts_once_there_are_enough_members() -> None:
    here = village(BREAKER + SPAM, members=8)
    sent = [here.send("09:00", f"m{number}", "message", "spam") for number in range(1, 7)]
    assert [kinds(one) for one in sent] == [["mute"]] * 4 + [["warn"]] * 2
    # Who has left is no member any more; who comes is one.
    other = village(BREAKER + SPAM, members=8)
    for number in (7, 8):
        other.send("08:00", f"m{number}", "leave")
    sent = [other.send("09:00", f"m{number}", "message", "spam") for number in range(1, 5)]
    assert [kinds(one) for one in sent] == [["mute"]] * 3 + [["warn"]]
    other.send("09:01", "new", "join")
    other.send("09:01", "new2", "join")
    assert kinds(other.send("09:02", "m5", "message", "spam")) == ["mute"]


def test_it_recovers_as_the_window_slides_and_says_so() -> None:
    here = village(BREAKER + SPAM, members=4)
    for moment, member in (("09:00", "m1"), ("09:30", "m2"), ("09:40", "m3")):
        here.send(moment, member, "message", "spam")
    # What is exactly an hour old still counts.
    assert kinds(here.send("10:00", "m4", "message", "spam")) == ["warn"]
    (closed,) = here.pass_time(microseconds=1)
    assert closed.event == Timer(f"breaker/{HOUR}/m1/{here.now}", "breaker")
    assert closed.outcomes == (
        Outcome(
            "breaker", None, TEXT, "must", "allow", False, None, (),
            ({"kind": "breaker", "value": 1, "limit": 2, "within": HOUR, "tripped": False},),
        ),
    )  # fmt: skip
    assert kinds(here.send("10:01", "m4", "message", "spam")) == ["mute"]
    again = here.send("10:02", "m3", "message", "spam")
    assert (kinds(again), len(again.notices)) == (["warn"], 1)


def test_a_member_counts_once_however_often_they_are_sanctioned() -> None:
    here = village(BREAKER.replace("1 hour", "2 days") + SPAM.replace("mute 1 day", "kick"), members=4)
    for hour in range(9, 15):
        assert kinds(here.send(f"{hour:02}:00", "m1", "message", "spam")) == ["kick"]
    assert kinds(here.send("15:00", "m2", "message", "spam")) == ["kick"]
    assert kinds(here.send("16:00", "m1", "message", "spam")) == ["warn"]


FOUND = """
rule 2
  must not
  found by moderators
  then ban 3 days
"""


def test_what_people_find_and_do_by_hand_is_neither_stopped_nor_counted() -> None:
    here = village(BREAKER + SPAM + FOUND + "power moderators may kick\n", members=7)
    here.given("mo", "moderator")
    for number in (1, 2, 3):
        here.send("09:00", "mo", "finding", about=f"m{number}", rule="2")
    here.send("09:01", "mo", "staff_action", about="m4", action="kick")
    # Four of eight.
    for number in (4, 5, 6, 7):
        assert kinds(here.send("09:02", f"m{number}", "message", "spam")) == ["mute"]
    assert kinds(here.send("09:06", "mo", "message", "spam")) == ["warn"]
    assert kinds(here.send("09:07", "mo", "finding", about="m7", rule="2")) == ["ban"]
    assert kinds(here.send("09:08", "mo", "staff_action", about="m7", action="kick")) == ["kick"]


LADDER = """
penalty standard over 30 days
  1st: warn
  2nd: mute 1 hour, deduct 5 points
  then on: ban 1 day
  {caps}
  appeal once to managers within 7 days

rule 1
  must not
  on message
  if message.text contains "spam"
  then penalty standard
"""


def test_a_penalty_goes_on_counting_offences_and_only_warns() -> None:
    here = village("breaker 1% of members and at least 1 members within 1 hour\n" + LADDER.format(caps=""), members=3)
    here.send("09:00", "m1", "message", "spam")
    assert kinds(here.send("09:01", "m1", "message", "spam")) == ["mute"]
    here.send("09:02", "m2", "message", "spam")
    second = here.send("09:03", "m2", "message", "spam", id="x")
    assert [(one.kind, one.step, one.penalty) for one in second.sanctions] == [("warn", 2, "standard")]
    # What is no sanction is done all the same.
    assert [(one.member, one.change) for one in second.points] == [("m2", -5)]
    assert [one.actions[1].arguments for one in second.outcomes if one.rule == "1"] == [
        {"sanction": "x/sanction/1", "instead_of": "mute", "penalty": "standard", "step": 2}
    ]
    third = here.send("11:00", "m2", "message", "spam")
    assert [(one.kind, one.step) for one in third.sanctions] == [("ban", 3)]


def test_a_warning_instead_stays_one_when_an_appeal_has_the_steps_counted_again() -> None:
    rules = LADDER.format(caps="at most 1 times within 1 day").replace("1st: warn", "1st: mute 2 hours")
    here = village(rules, members=2)
    here.given("max", "manager")
    (first,) = here.send("09:00", "m1", "message", "spam").sanctions
    # The message of a muted member is no offence; what they report is not stopped.
    (second,) = here.send("11:01", "m1", "message", "spam").sanctions
    assert (first.kind, second.kind, second.step) == ("mute", "warn", 2)
    here.send("11:10", "m1", "appeal", id="ap", sanction=first.id)
    granted = here.send("11:20", "max", "approve", case="ap/case/1")
    assert [(one.kind, one.step, one.status) for one in granted.sanctions] == [
        ("mute", 1, "reversed"),
        ("warn", 2, "reversed"),
        ("warn", 1, "in_force"),
    ]


def test_a_cap_holds_for_everybody_together_or_for_each_member() -> None:
    here = village(LADDER.format(caps="at most 2 times within 1 day").replace("1st: warn", "1st: mute 1 hour"))
    assert [kinds(here.send("09:00", f"m{number}", "message", "spam")) for number in range(4)] == [
        ["mute"], ["mute"], ["warn"], ["warn"]
    ]  # fmt: skip
    told = here.send("09:10", "m9", "message", "spam")
    assert told.outcomes[0].evidence[-1] == {
        "kind": "cap", "penalty": "standard", "value": 2, "limit": 2, "within": DAY, "instead_of": "mute"
    }  # fmt: skip
    here.pass_time(days=1)
    assert kinds(here.send("2024-10-09 09:00:00.000001", "m8", "message", "spam")) == ["mute"]

    each = village(
        LADDER.format(caps="at most 1 times within 1 day by member").replace("1st: warn", "1st: mute 1 minute")
    )
    assert kinds(each.send("09:00", "m1", "message", "spam")) == ["mute"]
    assert kinds(each.send("09:00", "m2", "message", "spam")) == ["mute"]
    stopped = each.send("09:02", "m1", "message", "spam")
    assert (kinds(stopped), stopped.outcomes[0].evidence[-1]["by"]) == (["warn"], "member")


def test_a_step_with_several_sanctions_counts_once() -> None:
    rules = LADDER.format(caps="at most 1 times within 1 day").replace("1st: warn", "1st: mute 1 hour, kick")
    here = village(BREAKER.replace("2 members", "1 members").replace("50%", "1%") + rules, members=1)
    assert kinds(here.send("09:00", "m1", "message", "spam")) == ["mute", "kick"]
    assert kinds(here.send("09:01", "m2", "message", "spam")) == ["warn"]


def test_a_rule_on_trial_counts_nothing() -> None:
    trial = SPAM.replace("on message", "effective from 2024-01-01\n  trial through 2024-10-08\n  on message")
    here = village(BREAKER + trial, members=2)
    for number in range(4):
        assert kinds(here.send("09:00", f"m{number}", "message", "spam")) == []
    assert kinds(here.send("2024-10-09 09:00", "m1", "message", "spam")) == ["mute"]


def test_rules_can_act_on_the_alarm_of_a_breaker() -> None:
    rules = BREAKER.replace("notify managers", "alert spree to managers, set raid high for 1 hour") + SPAM
    rules += (
        'state raid = calm, high\nrule 5\n  must\n  on alert\n  if alert.name is "spree"\n  then notify moderators\n'
    )
    here = village(rules, members=4)
    for number in (1, 2):
        here.send("09:00", f"m{number}", "message", "spam")
    told = here.send("09:01", "m3", "message", "spam")
    assert [(one.rule, [act.do for act in one.actions]) for one in told.outcomes] == [
        ("breaker", ["alert", "set"]),
        ("1", ["delete", "warn"]),
        ("5", ["notify"]),
    ]


def test_what_is_not_judged_counts_nothing() -> None:
    """An event that fails is rolled back with what it counted."""
    here = village(BREAKER + SPAM, members=4)
    judging = here.engine._judging("village")
    here.send("09:00", "m1", "message", "spam")
    judging.work.begin(here.now, "broken")
    judging.work.put("breaker", str(HOUR), 99)
    judging.work.roll_back()
    assert kinds(here.send("09:01", "m2", "message", "spam")) == ["mute"]
    assert kinds(here.send("09:02", "m3", "message", "spam")) == ["warn"]


# --- the same by a plain count -------------------------------------------------------------------------------


@dataclass
class Plain:
    """One breaker, counted anew for every sanction."""

    share: Decimal
    least: int
    within: int
    seen: set[str] = field(default_factory=set)
    struck: list[tuple[int, str]] = field(default_factory=list)

    def hears(self, time: int, member: str, kind: str, spam: bool) -> str | None:
        if kind == "leave":
            self.seen.discard(member)
            return None
        self.seen.add(member)
        if not spam:
            return None
        many = len({who for when, who in self.struck if time - when <= self.within})
        if many >= self.least and many >= int(self.share * len(self.seen)):
            return "warn"
        self.struck.append((time, member))
        return "mute"


def _life(seed: int) -> list[tuple[int, str, str, str]]:
    chance = random.Random(seed)
    now = at("2024-10-08 00:00")
    found = []
    for _ in range(400):
        now += chance.choice((0, SECOND, MINUTE, 5 * MINUTE, 20 * MINUTE, HOUR))
        kind = chance.choices(("message", "leave", "join"), (12, 2, 1))[0]
        text = chance.choice(("spam", "hello")) if kind == "message" else ""
        found.append((now, f"m{chance.randrange(14)}", kind, text))
    return found


RULES = (
    PEOPLE
    + """
breaker {share}% of members and at least {least} members within {within} minutes, then notify managers

rule 1
  must not
  on message
  if message.text contains "spam"
  then mute 1 minute

penalty capped
  always: kick
  at most 3 times within 90 minutes
  at most 1 times within 1 day by member

rule 2
  must not
  on message
  if message.text contains "spam"
  then penalty capped
"""
)


def _run(rules: str, life: Sequence[tuple[int, str, str, str]], url: str, restart: int) -> list[Decision]:
    here = Village(rules, store=url)
    found: list[Decision] = []
    for number, (time, member, kind, text) in enumerate(life):
        if restart and number % restart == 0:
            here.engine.close()
            here = Village(rules, store=url)
        here.now = time
        found += [
            here.send(here.clock(), member, kind, text or None, id=f"e{number}"),
            *here.passed,
        ]
    here.engine.close()
    return found


@pytest.mark.parametrize("seed", range(6))
def test_it_agrees_with_a_plain_count_on_every_store(seed: int, tmp_path: Path) -> None:
    chance = random.Random(seed)
    share, least, within = chance.choice((10, 30, 50)), chance.choice((1, 2, 4)), chance.choice((30, 60, 240))
    rules = RULES.format(share=share, least=least, within=within)
    life = _life(seed)
    memory = _run(rules, life, "memory:", 0)
    plain = Plain(Decimal(share) / 100, least, within * MINUTE)
    by_event = {one.event: one for one in memory if isinstance(one.event, str)}
    for number, (time, member, kind, text) in enumerate(life):
        told = by_event[f"e{number}"]
        # A message of a muted member is stopped and no offence.
        silenced = any(one.rule == "mute" for one in told.outcomes)
        done = [act.do for one in told.outcomes if one.rule == "1" for act in one.actions]
        expected = plain.hears(time, member, kind, text == "spam" and not silenced)
        assert done == ([expected] if expected is not None else []), number
    caps: dict[str, list[int]] = {}
    for one in memory:
        for sanction in one.sanctions:
            if sanction.kind == "kick":
                caps.setdefault(sanction.member, []).append(one.time)
                caps.setdefault("", []).append(one.time)
    for who, times in caps.items():
        most, length = (3, 90 * MINUTE) if not who else (1, DAY)
        assert all(sum(0 <= time - other <= length for other in times) <= most for time in times)
    stored = _run(rules, life, f"sqlite:///{tmp_path / 'a.db'}", 7)
    assert [encode_decision(one, ZONE) for one in stored] == [encode_decision(one, ZONE) for one in memory]
