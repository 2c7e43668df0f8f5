"""What staff do by hand, judged by the powers of the rulebook: within, above, without."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
from village import Village, at

from communityrules.model.decision import ActionTaken, Case, Decision, Outcome, Sanction
from communityrules.model.values import DAY, HOUR

GROUPS = """
group moderators as member.roles has "moderator"
group managers as member.roles has "manager"
group owners as member.roles has "owner"
"""
RANKS = (
    GROUPS
    + """
power moderators may delete, warn, mute up to 7 days, ban up to 1 day
power owners may ban
power managers may mute, ban up to 30 days
"""
)
MODERATORS = "power moderators may delete, warn, mute up to 7 days, ban up to 1 day"


def village(rules: str = RANKS, **more: str) -> Village:
    found = Village(rules, **more)
    found.given("mo", "moderator")
    found.given("mia", "moderator")
    found.given("max", "manager")
    found.given("ola", "owner")
    found.given("both", "moderator", "manager")
    return found


def test_an_act_within_the_power_is_recorded_as_a_sanction_and_holds() -> None:
    here = village()
    told = here.send("09:00", "mo", "staff_action", "enough", about="bob", action="mute", duration=DAY, id="s1")
    begin = at("2024-10-08 09:00")
    assert told == Decision(
        event="s1",
        time=begin,
        community="village",
        rulebook=told.rulebook,
        verdict="allow",
        outcomes=(
            Outcome(
                "power", None, MODERATORS, "may", "allow", False, None,
                (ActionTaken("mute", {"member": "bob"}, {"duration": DAY, "sanction": "s1/sanction/1"}),),
                ({"kind": "power", "judged": "within", "member": "mo", "action": "mute", "duration": DAY,
                  "group": "moderators", "cap": 7 * DAY},),
            ),
        ),
        sanctions=(Sanction("s1/sanction/1", "bob", "mute", begin, begin + DAY, None, None, ("power",)),),
    )  # fmt: skip
    muted = here.send("09:01", "bob", "message", "hey", id="m1")
    assert muted.verdict == "block"
    assert [(one.rule, one.content, one.evidence) for one in muted.outcomes] == [
        (
            "mute",
            MODERATORS,
            ({"kind": "sanction", "sanction": "s1/sanction/1", "imposed": "mute", "rules": ["power"]},),
        )
    ]
    (over,) = here.pass_time(days=1)
    assert [(one.id, one.status) for one in over.sanctions] == [("s1/sanction/1", "ended")]
    assert here.send("09:01", "bob", "message", "back").verdict == "allow"


def test_a_length_equal_to_the_cap_is_within_it_and_a_microsecond_more_is_not() -> None:
    here = village()
    assert here.send("09:00", "mo", "staff_action", about="bob", action="ban", duration=DAY).verdict == "allow"
    above = here.send("09:01", "mo", "staff_action", about="bob", action="ban", duration=DAY + 1)
    assert above.verdict == "hold"
    # Without a length a ban is for good, and so above every cap but none.
    assert here.send("09:02", "mo", "staff_action", about="bob", action="ban").cases[0].group == "owners"


def test_an_act_above_the_cap_waits_for_the_next_rank_and_is_done_when_they_approve() -> None:
    here = village()
    begin = at("2024-10-08 09:00")
    held = here.send("09:00", "mo", "staff_action", about="bob", action="ban", duration=3 * DAY, id="s1")
    assert held.outcomes == (
        Outcome(
            "power", None, MODERATORS, "may", "hold", False, None,
            (ActionTaken("hold", {"event": "s1", "member": "mo"}, {"for": "managers", "case": "s1/case/1"}),),
            ({"kind": "power", "judged": "above", "member": "mo", "action": "ban", "duration": 3 * DAY,
              "group": "moderators", "cap": DAY, "decides": "managers"},),
        ),
    )  # fmt: skip
    assert held.sanctions == ()
    case = Case("s1/case/1", "power", "hold", "managers", 1, begin, begin + 3 * DAY, "open", "s1", "mo")
    assert held.cases == (case,)
    assert here.send("09:01", "bob", "message", "still here").verdict == "allow"

    done = here.send("10:00", "max", "approve", case="s1/case/1", id="a1")
    assert done.verdict == "allow"
    assert [one.actions for one in done.outcomes] == [
        (
            ActionTaken("approve", {"event": "s1", "member": "mo"}, {"case": "s1/case/1"}),
            ActionTaken("ban", {"member": "bob"}, {"duration": 3 * DAY, "sanction": "a1/sanction/1"}),
        )
    ]
    later = at("2024-10-08 10:00")
    assert done.sanctions == (
        Sanction("a1/sanction/1", "bob", "ban", later, later + 3 * DAY, None, None, ("power",)),
    )  # fmt: skip
    assert [(one.id, one.status) for one in done.cases] == [("s1/case/1", "approved")]
    assert here.send("10:01", "bob", "message", "gone").verdict == "block"


def test_who_did_it_and_whom_it_is_about_do_not_decide() -> None:
    here = village()
    # `both` is a manager too, whose cap covers thirty days.
    held = here.send("09:00", "both", "staff_action", about="ola", action="ban", duration=40 * DAY, id="s1")
    assert held.cases[0].group == "owners"
    assert here.send("09:01", "ola", "approve", case="s1/case/1").cases == ()

    here.given("both", "moderator", "manager", "owner")
    here.given("mo", "moderator", "manager")
    here.send("09:10", "mo", "staff_action", about="bob", action="ban", duration=40 * DAY, id="s2")
    assert here.send("09:11", "mo", "approve", case="s2/case/1").cases == ()
    assert here.send("09:12", "mia", "approve", case="s2/case/1").cases == ()
    assert here.send("09:13", "both", "approve", case="s2/case/1").sanctions[0].kind == "ban"


def test_the_next_rank_may_shorten_what_they_approve_and_not_lengthen_it() -> None:
    here = village()
    here.send("09:00", "mo", "staff_action", about="bob", action="ban", duration=9 * DAY, id="s1")
    begin = at("2024-10-08 10:00")
    (shorter,) = here.send("10:00", "max", "approve", case="s1/case/1", duration=2 * DAY).sanctions
    assert (shorter.start, shorter.end) == (begin, begin + 2 * DAY)
    here.send("11:00", "mo", "staff_action", about="cat", action="ban", duration=9 * DAY, id="s2")
    (same,) = here.send("12:00", "max", "approve", case="s2/case/1", duration=20 * DAY).sanctions
    assert (same.end or 0) - same.start == 9 * DAY


ON_BREACH = """
rule 9
  must
  on breach
  if breach.rule is "power"
  then notify owners
"""


def test_what_the_next_rank_refuses_is_not_done_and_was_a_breach() -> None:
    here = village(RANKS + ON_BREACH)
    assert here.send("09:00", "mo", "staff_action", about="bob", action="ban", duration=3 * DAY, id="s1").notices == ()
    refused = here.send("10:00", "max", "reject", case="s1/case/1")
    assert [(one.rule, [act.do for act in one.actions]) for one in refused.outcomes] == [
        ("power", ["reject"]),
        ("9", ["notify"]),
    ]
    assert refused.sanctions == ()
    assert here.send("10:01", "bob", "message", "hi").verdict == "allow"


def test_what_nobody_decides_in_time_is_dropped() -> None:
    here = village(RANKS + ON_BREACH)
    here.send("09:00", "mo", "staff_action", about="bob", action="ban", duration=3 * DAY, id="s1")
    assert here.pass_time(days=3, microseconds=-1) == []
    (late,) = here.pass_time(microseconds=1)
    assert [(one.id, one.status) for one in late.cases] == [("s1/case/1", "expired")]
    assert (late.sanctions, late.notices) == ((), ())
    assert here.send("10:00", "max", "approve", case="s1/case/1").outcomes == ()


def test_a_power_may_name_who_decides_by_when_and_what_if_late() -> None:
    rules = GROUPS + (
        "power moderators may ban up to 1 day, "
        "above that hold for owners quorum 2 within 4 hours, if late approve\n"
        "power managers may ban\n"
    )
    here = village(rules)
    here.given("oto", "owner")
    held = here.send("09:00", "mo", "staff_action", about="bob", action="ban", id="s1")
    assert [(one.group, one.quorum, one.due) for one in held.cases] == [("owners", 2, at("2024-10-08 13:00"))]
    assert here.send("09:10", "ola", "approve", case="s1/case/1").sanctions == ()
    (late,) = here.pass_time(hours=4)
    assert [(one.kind, one.member, one.end) for one in late.sanctions] == [("ban", "bob", None)]
    assert [one.status for one in late.cases] == ["approved"]

    here.send("2024-10-09 09:00", "mo", "staff_action", about="cat", action="ban", id="s2")
    here.send("09:10", "ola", "approve", case="s2/case/1")
    assert [one.member for one in here.send("09:20", "oto", "approve", case="s2/case/1").sanctions] == ["cat"]


def test_whoever_acts_without_any_power_is_in_breach() -> None:
    here = village(RANKS + ON_BREACH)
    told = here.send("09:00", "amy", "staff_action", about="bob", action="kick", id="s1")
    assert told.verdict == "flag"
    assert told.outcomes[0] == Outcome(
        "power", None, "Staff act within their powers only.", "must", "flag", False, None,
        (ActionTaken("flag", {"event": "s1", "member": "amy"}, {}),),
        ({"kind": "power", "judged": "without", "member": "amy", "action": "kick", "group": None},),
    )  # fmt: skip
    assert [one.rule for one in told.outcomes] == ["power", "9"]
    assert (told.sanctions, told.cases) == ((), ())
    assert [one.to for one in told.notices] == [{"group": "owners"}]
    # Managers may ban and mute, and nothing is said of kicking.
    assert here.send("09:01", "max", "staff_action", about="bob", action="kick").verdict == "flag"


def test_above_every_cap_is_a_breach_at_once() -> None:
    here = village(GROUPS + "power moderators may mute up to 1 day\n" + ON_BREACH)
    told = here.send("09:00", "mo", "staff_action", about="bob", action="mute", duration=2 * DAY)
    assert (told.verdict, told.cases, told.sanctions) == ("flag", (), ())
    assert told.outcomes[0].evidence == (
        {
            "kind": "power",
            "judged": "above",
            "member": "mo",
            "action": "mute",
            "duration": 2 * DAY,
            "group": "moderators",
            "cap": DAY,
        },
    )
    assert len(told.notices) == 1


def test_a_message_names_whom_it_is_about_and_actions_on_messages_impose_nothing() -> None:
    here = village()
    here.send("09:00", "bob", "message", "hello", id="m1")
    (muted,) = here.send("09:01", "mo", "staff_action", message="m1", action="禁言", duration=HOUR).sanctions
    assert (muted.member, muted.kind) == ("bob", "mute")
    deleted = here.send("09:02", "mo", "staff_action", message="m1", action="delete")
    assert deleted.outcomes[0].actions == (ActionTaken("delete", {"message": "m1"}, {}),)
    assert (deleted.verdict, deleted.sanctions) == ("allow", ())


def test_a_warning_by_hand_is_on_record_and_takes_no_length() -> None:
    here = village()
    (warned,) = here.send("09:00", "mo", "staff_action", about="bob", action="warn", duration=DAY).sanctions
    assert (warned.kind, warned.start, warned.end) == ("warn", warned.start, warned.start)


def test_of_several_groups_the_widest_power_counts() -> None:
    here = village()
    assert here.send("09:00", "both", "staff_action", about="bob", action="ban", duration=20 * DAY).verdict == "allow"
    assert here.send("09:00", "both", "staff_action", about="bob", action="delete").verdict == "allow"


def test_a_rulebook_without_powers_judges_no_staff_action() -> None:
    here = village(GROUPS + ON_BREACH.replace('if breach.rule is "power"', "if breach.offence > 3"))
    told = here.send("09:00", "amy", "staff_action", about="bob", action="ban")
    assert (told.verdict, told.outcomes) == ("allow", ())


def test_what_a_rule_imposes_needs_no_power() -> None:
    rules = RANKS + 'rule 1\n  must not\n  on message\n  if message.text contains "spam"\n  then ban 99 days\n'
    (banned,) = village(rules).send("09:00", "bob", "message", "spam").sanctions
    assert banned.rules == ("1",)


def test_rules_hear_what_staff_do_and_what_came_of_it() -> None:
    rules = (
        RANKS
        + """
rule 1
  must
  on staff_action
  if staff_action.action is "ban"
  then notify owners

rule 2
  must
  on sanctioned
  if sanctioned.rule is "power" and sanctioned.kind is "ban"
  then label watched against member

rule 3
  must
  on settled
  if settled.rule is "power"
  then notify managers
"""
    )
    here = village(rules)
    held = here.send("09:00", "mo", "staff_action", about="bob", action="ban", duration=3 * DAY, id="s1")
    assert [one.rule for one in held.outcomes] == ["power", "1"]
    done = here.send("10:00", "max", "approve", case="s1/case/1")
    assert [one.rule for one in done.outcomes] == ["power", "3", "2"]
    assert [(one.on, one.label) for one in done.labels] == [({"member": "bob"}, "watched")]


def test_cases_and_sanctions_of_staff_outlive_a_restart(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'village.db'}"
    here = village(store=url)
    here.send("09:00", "mo", "staff_action", about="bob", action="ban", duration=3 * DAY, id="s1")
    here.engine.close()
    again = village(store=url)
    assert again.send("10:00", "max", "approve", case="s1/case/1", id="a1").sanctions[0].member == "bob"
    again.engine.close()
    third = village(store=url)
    assert third.send("10:30", "bob", "message", "hi", id="m9").outcomes[0].rule == "mute"
    third.engine.close()


TO_WHOM = (
    GROUPS
    + """
rule 1
  must not
  on staff_action
  if staff_action.target.roles has "manager" or staff_action.target.points > 5 or staff_action.target.tenure < 1 day
  then flag

rule 2
  must
  on feedback
  if message.length > 0
  then award 10 points

rule 3
  must
  on settled
  if settled.target.roles has "moderator"
  then notify owners
"""
)


def test_rules_read_what_is_known_of_whom_something_was_done_to() -> None:
    here = village(TO_WHOM)
    here.send("08:00", "bob", "message", "hello", id="m1")
    here.send("08:01", "new", "join")
    here.send("08:02", "amy", "feedback", "thanks")

    def flagged(**more: Any) -> bool:
        return here.send("09:00", "mo", "staff_action", action="mute", **more).verdict == "flag"

    assert flagged(about="max")
    assert flagged(about="amy")
    assert flagged(about="new")
    assert not flagged(about="bob")
    # Only the message is named, of somebody who has become a manager since.
    assert not flagged(message="m1")
    here.given("bob", "manager")
    assert flagged(message="m1")
    assert not flagged()


def test_a_raised_event_is_about_its_member() -> None:
    here = village(TO_WHOM + "power moderators may mute up to 1 day, above that hold for managers\n")
    here.send("09:00", "mo", "staff_action", about="bob", action="mute", duration=2 * DAY, id="s1")
    told = here.send("09:01", "max", "reject", case="s1/case/1")
    assert [one.to for one in told.notices] == [{"group": "owners"}]


CAPS: dict[str, dict[str, int | None]] = {
    "moderators": {"mute": 2 * DAY, "kick": None},
    "managers": {"mute": 7 * DAY, "ban": 3 * DAY},
    "owners": {"ban": None},
}
WRITTEN = (
    GROUPS
    + """
power moderators may mute up to 2 days, kick
power managers may mute up to 7 days, ban up to 3 days
power owners may ban
"""
)


def _covers(group: str, action: str, wanted: float | None) -> bool:
    """`wanted`: how long, infinite for good, None for what has no length."""
    if action not in CAPS[group]:
        return False
    cap = CAPS[group][action]
    return cap is None or wanted is None or wanted <= cap


@pytest.mark.parametrize("seed", range(4))
def test_it_agrees_with_the_powers_read_one_by_one(seed: int) -> None:
    chance = random.Random(seed)
    here = Village(WRITTEN)
    names = {"moderators": "moderator", "managers": "manager", "owners": "owner"}
    for number in range(150):
        groups = [one for one in names if chance.random() < 0.4]
        here.given("s", "member", *(names[one] for one in groups))
        action = chance.choice(("mute", "kick", "ban", "delete"))
        length = chance.choice((None, DAY, 2 * DAY, 3 * DAY, 5 * DAY, 7 * DAY, 9 * DAY))
        fields: dict[str, Any] = {} if length is None else {"duration": length}
        told = here.send("09:00", "s", "staff_action", about=f"m{number}", action=action, **fields)
        wanted = None if action in ("kick", "delete") else length or float("inf")
        may = [one for one in groups if action in CAPS[one]]
        expected: tuple[str, str | None]
        if not may:
            expected = ("flag", None)
        elif any(_covers(one, action, wanted) for one in may):
            expected = ("allow", None)
        else:
            ranked = sorted(
                (one for one in CAPS if _covers(one, action, wanted)), key=lambda one: CAPS[one][action] or 99 * DAY
            )
            expected = ("hold", ranked[0]) if ranked else ("flag", None)
        assert (told.verdict, told.cases[0].group if told.cases else None) == expected, (groups, action, length)
        imposed = expected[0] == "allow" and action != "delete"
        assert [one.kind for one in told.sanctions] == ([action] if imposed else [])
