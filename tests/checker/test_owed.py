"""What the checker says of duties: reminders, deadlines by priority and by a field, measures of those that are open."""

import pytest
from books import book, codes

from communityrules.checker import checked
from communityrules.model.values import HOUR, MEMBER

HEAD = """
event booking (start: time, day: date, room: text)
template hurry
  en "Soon late."
calendar office_hours
  Monday to Friday 09:00 to 18:00

rule 1
  must
  responsible staff
  on {on}
  require {owed}
"""


def told(owed: str, on: str = "booking") -> list[str]:
    """The errors about one `require`."""
    return [one for one in codes(HEAD.format(owed=owed, on=on)) if one != "CR229"]


@pytest.mark.parametrize(
    "owed",
    [
        "reply within 1 day, at 80% remind",
        "reply within 1 day, at 80% remind hurry, at 1 hour before remind staff hurry, flag, if late warn",
        "reply within 1 day by office_hours, priority urgent within 2 hours, at 50% notify staff with hurry",
        "reply until booking.start, at 1 hour before remind",
        "reply until booking.day, at 50% remind",
        "reply until booking.start, if late warn",
    ],
)
def test_what_is_right(owed: str) -> None:
    assert told(owed) == []


@pytest.mark.parametrize(
    ("owed", "code"),
    [
        ("reply within 1 day, at 0% remind", "CR444"),
        ("reply within 1 day, at 100% remind", "CR444"),
        ("reply within 1 day, at 80 remind", "CR444"),
        ("reply within 1 day, at 24 hours before remind", "CR444"),
        ("reply until booking.room", "CR445"),
        ("reply until event.time", "CR445"),
        ("reply until booking.start by office_hours", "CR446"),
        ("reply within 1 day, priority urgent within 2 hours, priority urgent within 1 hour", "CR447"),
        ("reply within 1 day, priority soonish within 2 hours", "CR201"),
        ("reply within 1 day, at 80% warn", "CR448"),
        ("reply within 1 day, at 80% delete", "CR448"),
        ("reply within 1 day, at 80% assign to staff", "CR448"),
        ("reply within 1 day, at 80% release", "CR448"),
        ("reply within 1 day, if late warn, at 80% remind", "CR201"),
        ("reply within 1 day, at 80% remind nobody", "CR201"),
        ("reply, at 80% remind", "CR441"),
        ("reply until booking.nothing", "CR202"),
    ],
)
def test_what_is_wrong(owed: str, code: str) -> None:
    assert told(owed) == [code]


def test_a_should_rule_may_remind_and_no_more() -> None:
    assert codes(HEAD.format(owed="reply within 1 day, at 80% remind", on="booking").replace("must", "should")) == [
        "CR229", "CR229",
    ]  # fmt: skip
    assert "CR421" in codes(
        HEAD.format(owed="reply within 1 day, at 80% remind", on="booking").replace("  must", "  may")
    )


def test_two_rules_with_other_deadlines_for_the_same_duty() -> None:
    text = HEAD.format(owed="reply within 1 day, priority urgent within 2 hours", on="booking")
    text += "rule 2\n  must\n  responsible staff\n  on booking\n  require reply within 1 day\n"
    assert "CR442" in codes(text)


def test_the_checked_form() -> None:
    text = HEAD.format(owed="reply within 1 day, priority urgent within 2 hours, at 1 hour before remind", on="booking")
    (duty,) = book(text).rules[0].duties
    assert duty.urgencies == (checked.Urgency("urgent", 2 * HOUR),)
    assert [(one.share, one.before, one.actions[0].do) for one in duty.reminders] == [(None, HOUR, "remind")]


def test_reminding_a_group_is_not_a_template() -> None:
    text = HEAD.format(owed="reply within 1 day, at 80% remind staff hurry", on="booking")
    (duty,) = book(text).rules[0].duties
    assert duty.reminders[0].actions[0].arguments == {"to": "staff", "template": "hurry"}


def test_release_names_a_rule_that_there_is() -> None:
    text = HEAD.format(owed="reply within 1 day", on="booking")
    other = "rule 2\n  should\n  on feedback\n  then release rule {}\n"
    assert book(text + other.format(1)).rules[1].actions[0].arguments == {"rule": "1"}
    assert "CR203" in codes(text + other.format(7))
    assert "CR401" not in codes(text + other.format(1))


def rule(condition: str) -> str:
    return f"rule 1\n  must\n  on complaint\n  if {condition}\n  then notify staff\n"


def test_measures_of_open_duties_are_kept_by_owner_or_not_at_all() -> None:
    found = book(rule('open_duties(reply by duty.owner where duty.rule is "1") > 2')).aggregates
    assert [(one.function, one.window, one.keys) for one in found] == [
        ("open_duties", None, (checked.FieldRef("own", "owner", MEMBER),))
    ]


@pytest.mark.parametrize(
    ("condition", "code"),
    [
        ("open_duties(reply by duty.rule) > 2", "CR234"),
        ("open_duties(reply today) > 2", "CR234"),
        ("open_duties(reply, resolved) > 2", "CR234"),
        ("open_duties(nonsense) > 2", "CR201"),
        ("count(message today where open_duties() > 2) > 2", "CR220"),
        ('duty.rule is "1"', "CR206"),
        ("open_duties(where duty.colour is 2) > 2", "CR202"),
        ("open_duties() >= 0", "CR502"),
        ("oldest_duty() > 2", "CR207"),
    ],
)
def test_what_is_wrong_with_a_measure(condition: str, code: str) -> None:
    assert codes(rule(condition)) == [code]


def test_no_event_of_the_writers_own_is_called_so() -> None:
    assert codes("event duty (room: text)\n" + rule("open_duties() > 2")) == ["CR205"]
