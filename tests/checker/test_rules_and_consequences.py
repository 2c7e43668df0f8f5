"""Clauses, tables, penalties, duties, modality, circles."""

from __future__ import annotations

import pytest
from books import book, codes, found, rule

from communityrules.checker import checked

HOUR = 3_600_000_000


def test_a_row_says_what_its_table_says_and_its_cells_do_not() -> None:
    text = """
table triage on complaint, first match
  should
  applies to everyone except staff
  | rule | name | if | then | on |
  | A-1 | "Refund" | message.text contains "refund" | notify staff | feedback |
  | A-2 | | otherwise | flag | |
"""
    first, second = book(text).rules
    assert (first.id, first.name, first.modality, first.events) == ("A-1", "Refund", "should", ("feedback",))
    assert (second.id, second.name, second.content, second.events) == ("A-2", None, "A-2", ("complaint",))
    assert first.first_match == second.first_match == "triage"
    assert second.condition is None
    assert second.excluded == ("staff",)


def test_a_row_without_modality_is_a_must() -> None:
    text = "table t on message\n  | rule | if | then |\n  | 1 | message.length > 3 | delete |\n"
    (one,) = book(text).rules
    assert one.modality == "must"
    assert one.first_match is None


def test_the_content_is_the_name_where_none_is_written() -> None:
    (one,) = book(rule("message.length > 3").replace("rule 1", 'rule 1 "Brevity"')).rules
    assert one.content == "Brevity"


def test_arguments_of_actions_by_name() -> None:
    text = """
state raid = calm, high
group seniors as member.roles has "senior"
calendar office
  Monday to Friday 09:00 to 18:00
template brief
  en "Be brief."
rule 1
  must not
  on message
  if message.length > 3 and raid is high
  then hold for seniors quorum 2 within 4 hours by office, if late reject
rule 2
  must not
  on message
  if message.length > 4
  then set raid high for 20 minutes, award 5 points, label at_risk for 2 days, mute forever, notify staff, remind brief
rule 3
  must
  on complaint
  if message.length > 3
  then assign to staff priority urgent, warn against complaint.member
"""
    one, two, three = book(text).rules
    hold = one.actions[0]
    assert hold.arguments == {"for": "seniors", "quorum": 2, "within": 4 * HOUR, "calendar": "office"}
    assert [late.do for late in hold.if_late] == ["reject"]
    given = {action.do: dict(action.arguments) for action in two.actions}
    assert given["set"] == {"state": "raid", "value": "high", "for": HOUR // 3}
    assert given["award"] == {"points": 5, "unit": "points"}
    assert given["label"] == {"label": "at_risk", "for": 48 * HOUR}
    assert given["mute"] == {"duration": "forever"}
    assert given["notify"] == {"to": "staff"}
    assert given["remind"] == {"template": "brief"}
    assert dict(three.actions[0].arguments) == {"to": "staff", "priority": "urgent"}
    assert three.actions[1].against is not None
    assert three.actions[1].against.root == "sender"


def test_steps_of_a_penalty_by_number() -> None:
    text = "penalty p\n  1st: warn\n  2nd: mute 1 day\n" + rule("message.length > 3", then="then penalty p")
    steps = book(text).penalties["p"].steps
    # Without `then on` the last step goes on.
    assert [(one.first, one.last) for one in steps] == [(1, 1), (2, None)]
    text = text.replace("2nd: mute 1 day", "then on: mute 1 day")
    assert [(one.first, one.last) for one in book(text).penalties["p"].steps] == [(1, 1), (2, None)]
    text = "penalty p\n  always: ban 1 to 3 days set by staff\n" + rule("message.length > 3", then="then penalty p")
    (step,) = book(text).penalties["p"].steps
    assert (step.first, step.last) == (1, None)
    assert step.actions[0].arguments == {"range": checked.DurationRange(24 * HOUR, 72 * HOUR), "set_by": "staff"}


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ("2nd: warn", [("CR431", "2nd")]),
        ("1st: warn\n  3rd: mute 1 day", [("CR431", "3rd")]),
        ("2nd: warn\n  1st: mute 1 day", [("CR431", "2nd"), ("CR431", "1st")]),
        ("1st: warn\n  1st: mute 1 day", [("CR432", "1st: mute 1 day")]),
        ("then on: warn\n  1st: mute 1 day", [("CR431", "then on"), ("CR432", "1st: mute 1 day")]),
        ("always: warn\n  then on: mute 1 day", [("CR432", "then on: mute 1 day")]),
        ("1st: ban\n  then on: warn", [("CR432", "then on: warn")]),
        ("1st: kick\n  then on: warn", []),
        ("1st: mute forever, warn\n  then on: warn", [("CR432", "then on: warn")]),
    ],
)
def test_ladders(steps: str, expected: list[tuple[str, str]]) -> None:
    assert found(f"penalty p\n  {steps}\n" + rule("message.length > 3", then="then penalty p")) == expected


@pytest.mark.parametrize(
    ("modality", "then", "expected"),
    [
        ("may", "allow", []),
        ("may", "flag", ["CR421"]),
        ("may", 'remind "x"', ["CR421"]),
        ("should", 'remind "x", flag, label at_risk, award 1 points, notify staff, escalate to staff', []),
        ("should", "hold for staff", ["CR421"]),
        ("should", "delete", ["CR421"]),
        ("should", "warn", ["CR421"]),
        ("should", "deduct 5 points", ["CR421"]),
        ("should", "as rule 2", ["CR421"]),
        ("must", "delete, warn", []),
    ],
)
def test_what_each_modality_may_ask_for(modality: str, then: str, expected: list[str]) -> None:
    text = rule("message.length > 3", then=f"then {then}").replace("must not", modality)
    if "rule 2" in then:
        text += "rule 2\n  must not\n  on message\n  if message.length > 5\n  then delete\n"
    assert codes(text) == expected


def test_if_late_is_looked_at_too() -> None:
    text = "rule 1\n  should\n  responsible staff\n  on feedback\n  require reply within 1 day, if late mute 1 day\n"
    assert codes(text) == ["CR421"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (rule(then="then ban"), ["CR450"]),
        (rule("count(message by member today) >= 0", then="then ban"), ["CR450", "CR502"]),
        (rule(then="then penalty p", before="penalty p\n  always: mute 1 day"), ["CR450"]),
        (rule(then="then penalty p", before="penalty p\n  always: delete"), []),
        (rule(then="then delete"), []),
        (rule(then="then hold for staff"), []),
        (rule(then="then warn", on="on late"), []),
        (rule(then="then warn", on="found by staff"), []),
        (rule(then="then warn", on="every month"), ["CR450"]),
        (rule("not (message.length > 3 and message.length < 2)", then="then warn"), ["CR450", "CR501"]),
    ],
)
def test_nothing_punishes_everything(text: str, expected: list[str]) -> None:
    assert sorted(codes(text)) == expected


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ([("sanctioned", 'sanctioned.kind is "warn"', "mute 1 day")], ["CR503"]),
        ([("sanctioned", 'sanctioned.kind is "warn"', "alert storm")], []),
        ([("sanctioned", 'sanctioned.kind is "warn"', "alert storm"), ("alert", "", "notify staff")], []),
        (
            [("sanctioned", 'sanctioned.kind is "warn"', "alert storm"), ("alert", 'alert.name is "storm"', "ban")],
            ["CR503", "CR418"],
        ),
        ([("breach", "breach.offence > 3", "mute 1 day")], []),
        ([("late", "", "warn")], []),
        ([("late", "", "warn"), ("sanctioned", 'sanctioned.kind is "warn"', "ban")], ["CR503"]),
    ],
)
def test_rules_on_what_the_engine_does(rules: list[tuple[str, str, str]], expected: list[str]) -> None:
    text = ""
    for number, (event, condition, then) in enumerate(rules, 1):
        text += rule(condition, on=f"on {event}", then=f"then {then}").replace("rule 1", f"rule {number}")
    assert codes(text) == expected


def test_circles_of_borrowing_and_overriding_are_told_with_their_path() -> None:
    from books import look

    text = rule("message.length > 3", then="then as rule 2")
    text += rule("message.length > 4", then="then as rule 1").replace("rule 1\n  must", "rule 2\n  must")
    (one,) = [d for d in look(text).diagnostics if d.code == "CR504"]
    assert one.values["path"] == "`1` → `2` → `1`"
    assert codes(rule("message.length > 3", on="on message\n  overrides 1")) == ["CR505"]


def test_a_long_chain_of_loans_is_refused_not_followed() -> None:
    text = "".join(
        f"rule {n}\n  must not\n  on message\n  if message.length > {n}\n  then as rule {n + 1}\n"
        for n in range(1, 1500)
    )
    text += "rule 1500\n  must not\n  on message\n  if message.length > 1500\n  then delete\n"
    assert set(codes(text)) <= {"CR701", "CR790"}


def test_a_found_by_rule_has_a_group_and_no_events() -> None:
    (one,) = book(rule(on="found by staff", then="then warn")).rules
    assert (one.found_by, one.events, one.condition) == ("staff", (), None)


def test_what_a_cooldown_hangs_on() -> None:
    def by(condition: str) -> str:
        return book(rule(condition, on="on message\n  cooldown 1 hour")).rules[0].cooldown_by

    assert by("count(message by member today) > 3") == "member"
    assert by("count(message today) > 3") == "community"
    assert by("count(message by member today) > 3 and count(message today) > 9") == "community"
    assert by("message.length > 3") == "community"


def test_the_same_duty_with_two_deadlines() -> None:
    one = "rule {}\n  must\n  responsible staff\n  on feedback\n  require reply within {} hours\n"
    assert codes(one.format(1, 2) + one.format(2, 3)) == ["CR442"]
    assert codes(one.format(1, 2) + one.format(2, 2)) == []
    apart = one.format(1, 2) + "  effective from 2024-01-01 through 2024-06-30\n"
    assert codes(apart + one.format(2, 3) + "  effective from 2024-07-01\n") == []


def test_tests_are_looked_at_too() -> None:
    text = rule("message.length > 3", then="then warn") + (
        'test "t"\n  2024-10-08\n'
        '  given amy (roles: "x", level: 3)\n'
        '  09:00 amy mesage "hello"\n'
        '  08:00 amy message "hello" (topic: 3) expect warm under 7\n'
        '  09:00 amy message "hello" (labels.spam: 0.9) expect warn under mute\n'
        "  10:00 zoe rating amy (score: 5, skore: 3)\n"
    )
    assert found(text) == [
        ("CR202", "level"),
        ("CR201", "mesage"),
        ("CR303", "08:00"),
        ("CR230", "3"),
        ("CR201", "warm"),
        ("CR203", "7"),
        ("CR202", "skore"),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (rule("member.points > 3", on="every day"), ["CR418"]),
        (rule("member.points > 3", on="every day", then="then notify staff, award 1 points"), []),
        (rule('alert.name is "x"', on="on alert", then="then mute 1 day"), ["CR418"]),
        (rule('alert.name is "x"', on="on alert", then="then notify staff"), []),
        (rule("message.length > 3", on="on report"), []),
    ],
)
def test_actions_have_something_to_fall_on(text: str, expected: list[str]) -> None:
    assert codes(text) == expected


def test_names_of_actions_and_events_compare_by_their_canonical_name() -> None:
    kind = book(rule("sanctioned.kind is 禁言", on="on sanctioned", then="then notify staff")).rules[0].condition
    assert isinstance(kind, checked.Compare)
    assert isinstance(kind.right, checked.Const)
    assert kind.right.value == "mute"
    type_ = book(rule('event.type is one of (消息, "编辑")', on="on message, edit, reaction")).rules[0].condition
    assert isinstance(type_, checked.OneOf)
    assert [one.value for one in type_.items if isinstance(one, checked.Const)] == ["message", "edit"]
