"""The test runner: what each kind of line does, what expectations mean, what a failure says, what is not reached."""

from __future__ import annotations

import pytest

from communityrules.checker.check import check
from communityrules.diagnostics.source import Source
from communityrules.engine.engine import Engine
from communityrules.engine.errors import FAILED, EventError
from communityrules.library.table import STANDARD
from communityrules.workbench.testing import Broken, TestResult, TestRun, Unmet, run_tests

HEAD = """rulebook "Workbench"
  version "1"
  language en
  timezone Asia/Shanghai
  published 2026-01-01

member (level: number)
event trade (amount: number, buyer: member)

group staff as member.roles has "staff"
group moderators as member.roles has "moderator"
group newcomers as member.tenure < 3 days
list ad_words = "buy now"
state raid = calm, high
penalty ladder over 30 days
  1st: warn
  2nd: mute 1 day
  then on: mute forever
  appeal once to staff within 7 days
penalty grave
  always: ban 1 to 30 days set by staff
template hint
  en "Please mind the time."
  zh "请注意时间。"
"""
RULES = """
rule 1 "Ads"
  must not
  applies to everyone except staff
  effective immediately
  on message, edit
  if message.text contains any of ad_words or message.labels.spam >= 0.9
  then delete, penalty ladder

rule 2 "Night"
  should
  applies to everyone
  effective from 2026-02-01
  on message
  if event.time outside 08:00 to 22:00
  then remind hint

rule 3 "Feedback"
  must
  applies to everyone
  responsible staff
  effective immediately
  on feedback
  require reply within 1 hour, if late escalate to moderators

rule 4 "Reports"
  must
  applies to everyone
  effective immediately
  on report
  if distinct(report.member by report.message within 1 day) >= 2
  then hold for moderators quorum 2 within 1 day, if late reject

rule 5 "Ratings"
  should
  applies to staff
  effective immediately
  on rating
  if rating.score >= 5
  then award 5 points

rule 6 "Fair play"
  must not
  applies to everyone
  effective immediately
  found by moderators
  then penalty grave

rule 7 "Big trades"
  must
  applies to everyone
  effective immediately
  on trade
  if trade.amount > 100 and member.level < 3
  then hold for staff, notify moderators

rule 8 "Raid"
  must
  applies to everyone
  effective immediately
  on join
  if count(join within 1 minute) >= 2
  then set raid high for 20 minutes

rule 9 "Newcomers"
  must not
  applies to newcomers
  effective immediately
  trial through 2026-02-15
  on message
  if message.links is not empty
  then delete
"""


def run(*tests: str, rules: str = HEAD + RULES) -> TestRun:
    result = check(Source("book.rules", rules + "\n" + "\n".join(tests)))
    assert result.rulebook is not None, [one.text() for one in result.diagnostics if one.severity == "error"]
    return run_tests(result.rulebook, STANDARD)


def one(text: str) -> TestResult:
    (result,) = run(f'test "t"\n{text}').results
    return result


def passes(text: str) -> None:
    result = one(text)
    assert result.passed, [
        (failure.step.span.text, failure.missing if isinstance(failure, Unmet) else failure.diagnostic.text())
        for failure in result.failures
    ]


def fails(text: str) -> Unmet:
    result = one(text)
    assert len(result.failures) == 1
    failure = result.failures[0]
    assert isinstance(failure, Unmet)
    return failure


# --- what lines do -------------------------------------------------------------------------------------------


def test_a_penalty_climbs_and_ends_at_its_instant() -> None:
    passes("""
  2026-01-05
  09:00 bob message "buy now"   expect delete, warn under 1
  09:10 bob message "buy now"   expect delete, mute 1 day under 1
  09:20 bob message "hello"     expect delete under mute
  23 hours later                expect nothing
  50 minutes later
  09:10 bob message "hello"     expect allow
  09:11 bob message "buy now"   expect mute forever under 1
""")


def test_lines_may_stand_a_second_apart() -> None:
    passes("""
  2026-01-05
  09:00:59 a join
  09:01:59 b join
  09:02:00 c message "hi" (labels.spam: 0.1)   expect allow
""")
    assert not one("""
  2026-01-05
  09:00:59 a join
  09:01:58 b join                expect nothing
""").passed


def test_edits_are_of_ones_latest_message() -> None:
    passes("""
  2026-01-05
  09:00 bob message "hello"
  09:10 bob edit "buy now"      expect delete under 1
""")


def test_fields_of_messages_members_and_events() -> None:
    passes("""
  2026-01-05
  given bob (level: 2)
  given eve (level: 5, name: "Eve", roles: "member", "vip")
  09:00 bob message "x" (labels.spam: 0.95)            expect delete under 1
  09:10 bob message "y" (message.labels.spam: 0.5)     expect allow
  10:00 bob trade (amount: 101, buyer: eve)            expect hold for staff, notify moderators under 7
  10:10 eve trade (amount: 101, buyer: bob)            expect nothing
  10:20 bob trade (amount: 100)                        expect allow
""")


def test_reports_are_about_the_latest_message_and_votes_need_a_quorum() -> None:
    passes("""
  2026-01-05
  given mo (roles: "moderator")
  given mia (roles: "moderator")
  09:00 bob message "something odd"
  09:10 amy report bob                expect nothing
  09:20 zoe report bob                expect hold for moderators under 4
  09:30 amy approve                   expect nothing
  09:40 mo approve                    expect nothing
  09:45 mo approve                    expect nothing
  09:50 mia approve                   expect approve under 4
""")


def test_what_staff_do_about_a_member_is_about_the_latest_message() -> None:
    """So a duty about that message can be taken over."""
    text = """rulebook "Taking over"
  language en
  timezone Asia/Shanghai
group desk as member.roles has "desk"
rule 1
  must
  responsible staff
  on feedback
  require reply within 1 day
rule 2
  should
  on staff_action
  if staff_action.action is "hand_on"
  then assign to desk
test "taking over"
  2026-01-05
  given sue (roles: "service")
  given dan (roles: "desk")
  09:00 amy feedback "it leaks"                   expect duty reply staff
  09:10 sue staff_action amy (action: "look")     expect nothing
  09:20 sue staff_action amy (action: "hand_on")  expect assign to desk, duty reply desk
  09:30 sue reply amy "the others will"           expect no duty reply met
  09:40 dan reply amy "we come"                   expect duty reply met
"""
    found = check(Source("book.rules", text))
    assert found.rulebook is not None, found.diagnostics
    assert all(one.passed for one in run_tests(found.rulebook, STANDARD).results)


def test_a_case_that_nobody_settles_does_what_late_says() -> None:
    passes("""
  2026-01-05
  09:00 bob message "something odd"
  09:10 amy report bob
  09:20 zoe report bob                expect hold quorum 2 within 1 day under 4
  24 hours later                      expect reject under 4
""")


def test_a_reply_meets_the_latest_open_duty() -> None:
    passes("""
  2026-01-05
  given sue (roles: "staff")
  09:00 amy feedback "one"
  09:10 zoe feedback "two"
  09:20 sue reply "to zoe"
  09:30 sue reply amy "to amy"
  2 hours later                       expect nothing
""")


def test_those_who_owe_nothing_meet_nothing() -> None:
    failure = fails("""
  2026-01-05
  09:00 amy feedback "one"
  09:10 zoe reply "me too"
  2 hours later                       expect nothing
""")
    assert [item.what for item in failure.missing.items] == [None]
    assert [outcome.rule for decision in failure.decisions for outcome in decision.outcomes] == ["3"]


def test_findings_name_a_rule_and_set_a_case_of_discretion() -> None:
    passes("""
  2026-01-05
  given mo (roles: "moderator")
  09:00 mo finding bob rule 6 "sold a fake"   expect ban 1 to 30 days set by staff under 6
  09:10 amy finding mo rule 6 "so did mo"     expect nothing
""")


def test_ratings_states_appeals_and_quiet_joins() -> None:
    passes("""
  2026-01-05
  given sue (roles: "staff")
  09:00 amy rating sue (score: 5)     expect award 5 points under 5
  09:10 amy rating sue (score: 4)     expect nothing
  10:00 x join
  10:00 y join                        expect set raid high for 20 minutes under 8
  11:00 bob message "buy now"         expect warn
  11:10 bob appeal "by mistake"       expect hold for staff
  11:20 sue approve                   expect approve under 1
""")


def test_days_and_members_facts() -> None:
    passes("""
  2026-01-31
  23:00 amy message "late"                       expect nothing
  2026-02-01
  23:00 amy message "late"                       expect remind hint under 2
  2026-02-10
  given new (joined: 2026-02-09)
  09:00 new message "https://a.example"          expect allow
  2026-02-16
  given newer (joined: 2026-02-15)
  09:00 newer message "https://a.example"        expect delete under 9
  09:05 new message "https://a.example"          expect allow
""")


def test_chinese_spellings_are_the_same() -> None:
    passes("""
  2026-01-05
  设 小苏 (角色: "staff")
  09:00 小博 消息 "buy now"    预期 删除,警告 依据 1
  09:10 小博 消息 "buy now"    预期 禁言 1天 依据 1
  09:20 小博 消息 "hi"         预期 删除 依据 禁言
  10:00 小美 反馈 "坏了"
  10:10 小苏 回复 "在看"
  10:20 小美 评价 小苏 (分数: 5)  预期 加分 5 依据 5
""")


# --- what expectations mean ----------------------------------------------------------------------------------


def test_a_wrong_length_is_missing() -> None:
    failure = fails("""
  2026-01-05
  09:00 bob message "buy now"
  09:10 bob message "buy now"   expect delete, mute 2 days under 1
""")
    assert [item.span.text for item in failure.missing.items] == ["mute 2 days under 1"]
    assert not failure.missing.elsewhere


def test_the_right_action_under_another_rule() -> None:
    failure = fails("""
  2026-01-05
  09:00 bob message "buy now"   expect delete under 2
""")
    assert failure.missing.elsewhere
    assert failure.why_not is not None
    assert failure.why_not.kind == "not_in_force"


def test_allow_is_the_verdict() -> None:
    fails("""
  2026-01-05
  09:00 bob message "buy now"   expect allow
""")
    passes("""
  2026-02-05
  23:00 bob message "hello"     expect allow, remind under 2
""")


def test_nothing_means_no_action() -> None:
    failure = fails("""
  2026-02-05
  23:00 bob message "hello"     expect nothing
""")
    assert [item.what for item in failure.missing.items] == [None]


def why(text: str) -> str:
    reason = fails(text).why_not
    assert reason is not None
    return reason.kind


def test_why_a_rule_did_not_answer() -> None:
    day = "  2026-01-05\n"
    assert why(day + '  09:00 bob message "hello" expect delete under 1') == "condition"
    assert why(day + '  given bob (roles: "staff")\n  09:00 bob message "buy now" expect delete under 1') == "not_for"
    assert why(day + "  09:00 bob join expect delete under 1") == "not_on"
    assert why(day + '  23:00 bob message "hello" expect remind under 2') == "not_in_force"


def test_the_values_that_kept_a_rule_from_answering() -> None:
    reason = fails('  2026-01-05\n  09:00 bob message "x" (labels.spam: 0.5) expect delete under 1').why_not
    assert reason is not None
    assert {piece["kind"] for piece in reason.evidence} == {"no_match", "compare"}
    assert any(piece.get("value") == 0.5 for piece in reason.evidence)


def test_each_test_begins_anew() -> None:
    test = 'test "{}"\n  2026-01-05\n  09:00 bob message "buy now" expect warn under 1'
    ran = run(test.format("a"), test.format("b"))
    assert [result.passed for result in ran.results] == [True, True]
    assert ran.failed == 0


# --- what is not reached -------------------------------------------------------------------------------------


def test_coverage_of_rules_and_parts() -> None:
    ran = run('test "t"\n  2026-01-05\n  09:00 bob message "buy now"\n  23:00 eve message "x"')
    assert "1" not in [rule.id for rule in ran.coverage.unreached_rules]
    assert [rule.id for rule in ran.coverage.unreached_rules] == ["2", "3", "4", "5", "6", "7", "8", "9"]
    assert ("1", "message.labels.spam >= 0.9") in [(part.rule, part.text) for part in ran.coverage.unreached_parts]
    assert ("1", "message.text contains any of ad_words") not in [
        (part.rule, part.text) for part in ran.coverage.unreached_parts
    ]


def test_a_duty_that_comes_late_reaches_its_rule() -> None:
    ran = run('test "t"\n  2026-01-05\n  09:00 amy feedback "one"\n  2 hours later expect escalate')
    assert "3" not in [rule.id for rule in ran.coverage.unreached_rules]


def test_versions_of_a_rule_are_reached_one_by_one() -> None:
    amended = RULES + '\namend rule 2 from 2026-03-01\n  content "Later."\n'
    ran = run('test "t"\n  2026-02-05\n  23:00 amy message "x"', rules=HEAD + amended)
    unreached = [(rule.id, rule.content) for rule in ran.coverage.unreached_rules if rule.id == "2"]
    assert unreached == [("2", "Later.")]


def test_an_event_that_cannot_be_judged_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> object:
        raise EventError(FAILED, event="t1", reason="x")

    monkeypatch.setattr(Engine, "judge", refuse)
    result = one('  2026-01-05\n  09:00 bob message "hello"')
    assert [type(failure) for failure in result.failures] == [Broken]
