"""`responsible each GROUP`: one duty for each known member of a group."""

from village import Village, done

TRAINING = """
group agents as member.roles has "agent"
group managers as member.roles has "manager"
event training (topic: text)

rule 36 "Everybody is trained"
  must
  responsible each agents
  every week
  require training, at 80% remind, if late escalate to managers

rule 37 "Whoever lapses is counted"
  should
  on late
  if count(late by late.owner within 30 days) >= 2
  then notify managers
"""


def owners(decision: object) -> list[tuple[str | None, str]]:
    return [(one.responsible, one.status) for one in decision.duties]  # type: ignore[attr-defined]


def village_of(store: str = "memory:") -> Village:
    village = Village(TRAINING, "2024-10-08", store)  # a Tuesday
    village.given("sue", "agent")
    village.given("tom", "agent")
    village.given("max", "manager")
    village.send("09:00", "sue", "message", "hi")
    village.send("09:01", "tom", "message", "hi")
    village.send("09:02", "max", "message", "hi")
    return village


def test_one_for_each_known_member_at_the_beginning_of_the_period() -> None:
    village = village_of()
    (monday,) = village.until("2024-10-14 00:00")
    assert owners(monday) == [("sue", "open"), ("tom", "open")]


def test_each_meets_their_own_and_lateness_names_the_member() -> None:
    village = village_of()
    village.until("2024-10-14 00:00")
    assert owners(village.send("2024-10-15 09:00", "tom", "training")) == [("tom", "met")]
    village.given("zoe", "agent")
    village.send("09:10", "zoe", "message", "new here")
    reminder, late, following = village.until("2024-10-21 00:00")
    assert [one.to for one in reminder.notices] == [{"member": "sue"}]
    assert owners(late) == [("sue", "late")]
    assert late.outcomes[0].evidence[0]["responsible"] == "sue"
    assert owners(following) == [("sue", "open"), ("tom", "open"), ("zoe", "open")]
    assert done(late) == ["escalate under 36"]


def test_lateness_is_counted_for_each() -> None:
    village = village_of()
    village.until("2024-10-14 00:00")
    village.send("2024-10-15 09:00", "tom", "training")
    found = village.until("2024-10-28 00:00")
    assert [done(one) for one in found if one.outcomes and one.outcomes[-1].rule == "37"] == [
        ["escalate under 36", "notify under 37"]
    ]


def test_who_leaves_owes_nothing_any_more() -> None:
    village = village_of()
    village.until("2024-10-14 00:00")
    assert owners(village.send("2024-10-15 09:00", "sue", "leave")) == [("sue", "cancelled")]


def test_on_an_event_everybody_owes_an_answer() -> None:
    rules = (
        TRAINING
        + """
rule 38 "Announcements are acknowledged"
  must
  responsible each agents
  on announcement
  require reply within 1 day

rule 39
  should
  on staff_action
  then assign to staff_action.member
"""
    )
    village = Village(rules)
    for who in ("sue", "tom"):
        village.given(who, "agent")
        village.send("09:00", who, "message", "hi")
    village.send("10:00", "max", "announcement", "new prices", id="a1")
    assert owners(village.send("10:10", "sue", "reply", "seen", message="a1")) == [("sue", "met")]
    # Nobody can take another's share over.
    assert village.send("10:20", "sue", "staff_action", message="a1", action="take").duties == ()
    (late,) = village.until("2024-10-09 10:00")
    assert owners(late) == [("tom", "late")]


def test_memory_and_sqlite_agree(tmp_path: object) -> None:
    told = []
    for store in ("memory:", f"sqlite:///{tmp_path}/village.db"):
        village = village_of(store)
        village.until("2024-10-14 00:00")
        village.send("2024-10-15 09:00", "tom", "training")
        village.until("2024-10-28 00:00")
        told.append(village.decisions)
        village.engine.close()
    assert told[0] == told[1]
