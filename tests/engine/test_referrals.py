"""Cases that hold nothing back, quorums that are shares, who brought a case, lengths that people set by a deadline."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from village import Village, done, minutes

from communityrules.checker.check import check
from communityrules.diagnostics.source import Source
from communityrules.model.decision import Decision

RULES = """
group managers as member.roles has "manager"
group owners as member.roles has "owner"

penalty ladder
  1st: warn
  then on: mute 7 days
  appeal once to managers within 7 days

rule 1 "No adverts"
  must not
  applies to everyone
  on message
  if message.text contains "advert"
  then delete, penalty ladder

rule 2 "Complaints"
  must
  applies to everyone
  on complaint
  then refer to managers quorum 50% within 2 days, if late notify owners

rule 3 "Second instance"
  must
  applies to everyone
  on appeal
  if count(appeal by member within 30 days) >= 2
  then refer to owners within 3 days, if late reject

rule 4 "Idle reports"
  should
  applies to everyone
  on settled
  if count(settled by settled.sender within 30 days where settled.result is "rejected") >= 2
  then notify managers

rule 5 "Reports"
  must
  applies to everyone
  on report
  then refer to managers
"""
DAY = 24 * 60


@pytest.fixture(params=["memory", "sqlite"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return "memory:" if request.param == "memory" else f"sqlite:///{(tmp_path / 'store.db').as_posix()}"


def village(store: str, *managers: str) -> Village:
    one = Village(RULES, store=store)
    for member in managers:
        one.given(member, "manager")
        one.send("08:00", member, "message", "here")
    one.given("olga", "owner")
    return one


def cases(decision: Decision) -> list[tuple[Any, ...]]:
    return [(one.kind, one.group, one.quorum, one.status, one.member) for one in decision.cases]


def test_a_referral_holds_nothing_back(store: str) -> None:
    one = village(store, "mia")
    decision = one.send("09:00", "bob", "complaint", "it broke", id="c")
    assert decision.verdict == "allow"
    assert done(decision) == ["refer under 2"]
    action = decision.outcomes[0].actions[0]
    assert (action.on, action.arguments["to"], action.arguments["case"]) == ({"message": "c"}, "managers", "c/case/1")
    (case,) = decision.cases
    assert (case.id, case.rule, case.kind, case.about, case.member) == ("c/case/1", "2", "referral", "c", "bob")
    assert minutes((case.due or 0) - case.opened) == 2 * DAY
    assert cases(one.send("09:01", "bob", "approve", case="c/case/1")) == []
    settled = one.send("09:02", "mia", "reject", "not ours", case="c/case/1")
    assert (settled.verdict, done(settled)) == ("allow", ["reject under 2"])
    assert settled.outcomes[0].actions[0].on == {"case": "c/case/1", "member": "bob"}
    assert settled.outcomes[0].evidence[0]["kind"] == "case"
    assert [(told.to, dict(told.texts)) for told in settled.notices] == [({"member": "bob"}, {"en": "not ours"})]
    assert cases(settled) == [("referral", "managers", 1, "rejected", "bob")]
    assert one.pass_time(hours=72) == []


@pytest.mark.parametrize(("managers", "votes"), [(0, 1), (1, 1), (2, 1), (3, 2), (4, 2), (5, 3)])
def test_a_share_is_of_those_who_are_known_then(store: str, managers: int, votes: int) -> None:
    one = village(store, *(f"m{number}" for number in range(managers)))
    (case,) = one.send("09:00", "bob", "complaint", "it broke").cases
    assert case.quorum == votes
    assert one.decisions[-1].outcomes[0].actions[0].arguments["quorum"] == votes


def test_whom_it_is_about_has_no_share(store: str) -> None:
    one = village(store, "m1", "m2", "m3")
    (case,) = one.send("09:00", "m1", "complaint", "it broke", id="c").cases
    assert case.quorum == 1
    # Who is heard of later changes nothing.
    one.given("m4", "manager")
    one.send("09:01", "m4", "message", "here")
    assert cases(one.send("09:02", "m4", "approve", case="c/case/1")) == [
        ("referral", "managers", 1, "approved", "m1"),
    ]  # fmt: skip


def test_a_second_instance_takes_a_sanction_back(store: str) -> None:
    one = village(store, "mia")
    one.send("09:00", "bob", "message", "advert")
    muted = one.send("09:01", "bob", "message", "advert").sanctions[0]
    first = one.send("09:02", "bob", "appeal", id="a1")
    assert cases(first) == [("appeal", "managers", 1, "open", "bob")]
    one.send("09:03", "mia", "reject", case=first.cases[0].id)
    second = one.send("09:04", "bob", "appeal", id="a2", case=muted.id)
    assert cases(second) == [("referral", "owners", 1, "open", "bob")]
    granted = one.send("09:05", "olga", "approve", case=second.cases[0].id)
    assert (granted.verdict, done(granted)) == ("allow", ["approve under 3"])
    assert (muted.id, "reversed") in [(sanction.id, sanction.status) for sanction in granted.sanctions]
    assert one.send("09:06", "bob", "message", "hello").verdict == "allow"


def test_nobody_decides_in_time(store: str) -> None:
    one = village(store, "mia")
    one.send("09:00", "bob", "complaint", "it broke", id="c")
    (told,) = one.pass_time(hours=48)
    # People are only told: it can still be settled.
    assert (told.verdict, done(told), cases(told)) == (
        "allow", ["notify under 2"], [("referral", "managers", 1, "open", "bob")],
    )  # fmt: skip
    assert cases(one.send("2024-10-11 09:00", "mia", "approve", case="c/case/1")) == [
        ("referral", "managers", 1, "approved", "bob"),
    ]  # fmt: skip


def test_a_late_second_instance_is_over(store: str) -> None:
    one = village(store, "mia")
    one.send("09:00", "bob", "message", "advert")
    first = one.send("09:02", "bob", "appeal")
    one.send("09:03", "mia", "reject", case=first.cases[0].id)
    one.send("09:04", "bob", "appeal")
    over = one.pass_time(hours=72)[-1]
    # Bob's second case that was rejected, too.
    assert (over.verdict, done(over)) == ("allow", ["reject under 3", "notify under 4"])
    assert cases(over) == [("referral", "owners", 1, "rejected", "bob")]


def test_who_brought_it(store: str) -> None:
    one = village(store, "mia")
    for minute in (1, 5):
        one.send(f"09:0{minute}", "bob", "message", "hello", id=f"m{minute}")
        one.send(f"09:0{minute + 1}", "amy", "report", message=f"m{minute}", about="bob", id=f"r{minute}")
        rejected = one.send(f"09:0{minute + 2}", "mia", "reject", case=f"r{minute}/case/1")
        assert done(rejected) == ["reject under 5", *(["notify under 4"] if minute == 5 else [])]


SET = """
group managers as member.roles has "manager"

penalty grave
  always: ban 1 to 7 days set by managers within 2 days, if late ban 3 days

rule 1
  must not
  applies to everyone
  on message
  if message.text contains "advert"
  then delete, penalty grave

rule 2
  must not
  applies to everyone
  on message
  if message.text contains "insult"
  then mute 1 to 7 days set by managers within 2 days, if late reject
"""


def lengths(decision: Decision) -> list[tuple[str, float, str]]:
    """Kind, length in days and status of the sanctions, all of which end."""
    return [
        (one.kind, (minutes((one.end or one.start) - one.start) or 0) / DAY, one.status) for one in decision.sanctions
    ]


def set_village(store: str) -> Village:
    one = Village(SET, store=store)
    one.given("mia", "manager")
    return one


def test_a_default_where_nobody_sets_a_length(store: str) -> None:
    one = set_village(store)
    decision = one.send("09:00", "bob", "message", "advert", id="m")
    # It lasts at least until they have decided.
    assert lengths(decision) == [("ban", 2, "in_force")]
    (case,) = decision.cases
    assert (case.kind, case.group, minutes((case.due or 0) - case.opened)) == ("discretion", "managers", 2 * DAY)
    assert one.pass_time(hours=47, minutes=59) == []
    (late,) = one.pass_time(minutes=1)
    assert (late.verdict, done(late)) == ("allow", ["ban under 1"])
    assert lengths(late) == [("ban", 3, "in_force")]
    assert [one.status for one in late.cases] == ["expired"]
    (over,) = one.pass_time(hours=24)
    assert lengths(over) == [("ban", 3, "ended")]


def test_a_length_that_is_set_in_time(store: str) -> None:
    one = set_village(store)
    (case,) = one.send("09:00", "bob", "message", "advert", id="m").cases
    decided = one.send("10:00", "mia", "approve", case=case.id, duration=5 * DAY * 60_000_000)
    assert lengths(decided) == [("ban", 5, "in_force")]
    assert [lengths(one) for one in one.pass_time(hours=5 * 24)] == [[("ban", 5, "ended")]]


def test_a_length_that_is_over_when_it_is_set(store: str) -> None:
    one = set_village(store)
    (case,) = one.send("09:00", "bob", "message", "insult", id="m").cases
    assert one.send("2024-10-09 11:00", "bob", "message", "hello").verdict == "block"
    decided = one.send("2024-10-09 12:00", "mia", "approve", case=case.id, duration=DAY * 60_000_000)
    assert lengths(decided)[0][2] == "in_force"
    assert one.send("2024-10-09 12:01", "bob", "message", "hello").verdict == "allow"


def test_taken_back_where_nobody_decides(store: str) -> None:
    one = set_village(store)
    one.send("09:00", "bob", "message", "insult", id="m")
    (late,) = one.pass_time(hours=48)
    assert done(late) == ["reject under 2"]
    assert lengths(late) == [("mute", 2, "reversed")]
    assert one.send("2024-10-10 09:01", "bob", "message", "hello").verdict == "allow"


@pytest.mark.parametrize(
    ("consequence", "code"),
    [
        ("mute 1 day within 2 days", "CR402"),
        ("ban 1 to 7 days set by staff, if late ban 3 days", "CR408"),
        ("refer to managers quorum 150%", "CR"),
        ("refer within 2 days", "CR"),
        ("refer to managers, if late reject", "CR"),
    ],
)
def test_what_cannot_be_said(consequence: str, code: str) -> None:
    rules = SET + f"\nrule 3\n  must not\n  applies to everyone\n  on message\n  then {consequence}\n"
    found = check(Source("x.rules", f'rulebook "X"\n  language en\n{rules}')).diagnostics
    assert [one.code for one in found if one.severity == "error" and one.code.startswith(code[:3])], found
