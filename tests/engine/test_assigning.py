"""Whose duties an `assign` hands to whom, when several rules answer one event."""

from village import Village, done

HEAD = """
group staff as member.roles has "service"
group drivers_desk as member.roles has "drivers"
event booking (agent: member)
event confirmation ()
event check_in ()

rule 1 "We confirm"
  must
  responsible staff
  on booking
  require confirmation within 1 hour, priority urgent within 10 minutes

"""
BESIDE = (
    HEAD
    + """
rule 2 "They come"
  must
  on booking
  then assign to booking.member priority urgent
  require check_in within 1 day
"""
)
ALONE = (
    HEAD
    + """
rule 2 "The agent named deals with it"
  should
  on booking
  then assign to booking.agent priority urgent

rule 3 "They come"
  must
  on booking
  then assign to booking.member
  require check_in within 1 day, priority urgent within 2 hours
"""
)


def owed(decision: object) -> list[tuple[str, str, str | None, int, str | None]]:
    return [
        (one.rule, one.what, one.responsible, (one.due - decision.time) // 60_000_000, one.priority)  # type: ignore[attr-defined]
        for one in decision.duties  # type: ignore[attr-defined]
    ]


def test_beside_a_duty_it_names_who_owes_that_rule_s_duties() -> None:
    decision = Village(BESIDE).send("09:00", "amy", "booking")
    # How urgent a matter is holds for the whole matter.
    assert owed(decision) == [
        ("1", "confirmation", "staff", 10, "urgent"),
        ("2", "check_in", "amy", 24 * 60, "urgent"),
    ]
    assert done(decision) == ["assign under 2"]
    assert (decision.verdict, decision.sanctions, decision.cases, decision.notices) == ("allow", (), (), ())


def test_two_on_one_event_can_owe_things_to_each_other() -> None:
    village = Village(BESIDE)
    village.given("sue", "service")
    village.send("09:00", "amy", "booking", id="b1")
    assert village.send("09:01", "amy", "confirmation", message="b1").duties == ()
    met = village.send("09:05", "sue", "confirmation", message="b1")
    assert [(one.rule, one.status, one.met_by) for one in met.duties] == [("1", "met", "e3")]
    assert [(one.rule, one.status) for one in village.send("09:06", "amy", "check_in").duties] == [("2", "met")]


def test_alone_it_names_who_owes_whatever_the_event_opens() -> None:
    decision = Village(ALONE).send("09:00", "amy", "booking", agent="ann")
    assert owed(decision) == [
        ("1", "confirmation", "ann", 10, "urgent"),
        ("3", "check_in", "amy", 120, "urgent"),
    ]


def test_an_agent_who_is_not_named_leaves_it_with_the_group() -> None:
    assert owed(Village(ALONE).send("09:00", "amy", "booking")) == [
        ("1", "confirmation", "staff", 60, None),
        ("3", "check_in", "amy", 24 * 60, None),
    ]
