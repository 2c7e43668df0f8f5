from village import Village, done

RULES = """
group managers as member.roles has "manager"

penalty standard over 30 days
  1st: warn
  2nd: mute 1 day
  3rd: mute 7 days, deduct 10 points
  then on: mute forever
  appeal once to managers within 7 days

rule 5 "No spam"
  must not
  on message
  if message.text contains any of ("spam")
  then delete, penalty standard

rule 9 "Settled"
  must
  on settled
  then notify managers
"""


def village() -> Village:
    one = Village(RULES)
    one.given("max", "manager")
    one.send("2024-10-01 09:00", "bob", "message", "spam")
    one.send("2024-10-02 09:00", "bob", "message", "spam")
    return one


def told(decision: object) -> list[tuple[str, str, str]]:
    return [(one.id, one.kind, one.status) for one in decision.sanctions]  # type: ignore[attr-defined]


def test_an_appeal_opens_a_case_for_the_group_about_the_newest_sanction() -> None:
    one = village()
    decision = one.send("2024-10-02 10:00", "bob", "appeal", "it was a joke")
    assert done(decision) == ["hold under 5"]
    assert [(case.kind, case.group, case.about, case.member) for case in decision.cases] == [
        ("appeal", "managers", "e2/sanction/1", "bob")
    ]


def test_only_the_sanctioned_member_appeals_once_and_in_time() -> None:
    one = village()
    assert one.send("2024-10-02 10:00", "amy", "appeal", "for bob", sanction="e2/sanction/1").cases == ()
    assert len(one.send("2024-10-09 09:00", "bob", "appeal", "joke", sanction="e2/sanction/1").cases) == 1
    assert one.send("2024-10-09 09:01", "bob", "appeal", "please", sanction="e2/sanction/1").cases == ()
    assert one.send("2024-10-09 09:02", "bob", "appeal", "and the first", sanction="e1/sanction/1").cases == ()


def test_rejected_the_sanction_stands() -> None:
    one = village()
    one.send("2024-10-02 10:00", "bob", "appeal", "joke")
    decision = one.send("2024-10-02 11:00", "max", "reject", about="bob")
    assert decision.verdict == "allow"
    assert done(decision) == ["reject under 5", "notify under 9"]
    assert decision.sanctions == ()
    assert one.send("2024-10-02 12:00", "bob", "message", "hi").verdict == "block"
    assert one.send("2024-10-02 13:00", "bob", "appeal", "again", sanction="e2/sanction/1").cases == ()


def test_granted_the_sanction_is_reversed_and_the_offence_is_gone() -> None:
    one = village()
    case = one.send("2024-10-02 10:00", "bob", "appeal", "joke").cases[0].id
    decision = one.send("2024-10-02 11:00", "max", "approve", case=case)
    assert done(decision) == ["approve under 5", "notify under 9"]
    assert told(decision) == [("e2/sanction/1", "mute", "reversed")]
    assert one.send("2024-10-02 12:00", "bob", "message", "hi").verdict == "allow"
    assert one.send("2024-10-02 13:00", "bob", "message", "spam").sanctions[0].step == 2


def test_granted_what_followed_is_counted_again() -> None:
    one = village()
    one.send("2024-10-03 09:00", "bob", "message", "spam")
    assert one.decisions[-1].points[0].balance == -10
    case = one.send("2024-10-03 10:00", "bob", "appeal", "joke", sanction="e1/sanction/1").cases[0].id
    decision = one.send("2024-10-03 11:00", "max", "approve", case=case)
    # The second offence becomes the first, the third the second.
    name = f"e{one.count}"
    assert told(decision) == [
        ("e1/sanction/1", "warn", "reversed"),
        ("e2/sanction/1", "mute", "reversed"),
        (f"{name}/sanction/1", "warn", "in_force"),
        ("e3/sanction/1", "mute", "reversed"),
        (f"{name}/sanction/2", "mute", "in_force"),
    ]
    again = decision.sanctions[-1]
    assert (again.start, again.end) == (one.decisions[-3].time, one.decisions[-3].time + 86_400_000_000) or again.end
    assert [(change.change, change.balance) for change in decision.points] == [(10, 0)]
    assert one.send("2024-10-03 12:00", "bob", "message", "hi").verdict == "block"
    assert one.send("2024-10-04 09:00", "bob", "message", "hi").verdict == "allow"


def test_a_step_counted_again_that_is_over_by_now_is_only_told() -> None:
    one = village()
    case = one.send("2024-10-05 09:00", "bob", "message", "spam") and one.send(
        "2024-10-08 09:00", "bob", "appeal", "joke", sanction="e1/sanction/1"
    )
    decision = one.send("2024-10-08 10:00", "max", "approve", case=case.cases[0].id)
    assert [(kind, status) for _, kind, status in told(decision)] == [
        ("warn", "reversed"), ("mute", "reversed"), ("warn", "in_force"), ("mute", "reversed"), ("mute", "ended"),
    ]  # fmt: skip
    assert one.send("2024-10-08 11:00", "bob", "message", "hi").verdict == "allow"


DISCRETION = """
group moderators as member.roles has "moderator"
group managers as member.roles has "manager"

penalty grave
  always: ban 1 to 30 days set by managers

rule 13 "Fair play"
  must not
  found by moderators
  then penalty grave
"""
DAY = 86_400_000_000


def found() -> Village:
    one = Village(DISCRETION)
    one.given("mod", "moderator")
    one.given("max", "manager")
    one.send("08:00", "bob", "message", "hi")
    one.send("09:00", "mod", "finding", "cheated", about="bob", rule="13")
    return one


def test_a_range_begins_with_its_shortest_length_and_asks_the_group() -> None:
    one = found()
    decision = one.decisions[-1]
    assert done(decision) == ["penalty under 13", "ban under 13"]
    (sanction,) = decision.sanctions
    assert ((sanction.end or 0) - sanction.start, sanction.status) == (DAY, "in_force")
    assert [(case.kind, case.group, case.about, case.due) for case in decision.cases] == [
        ("discretion", "managers", sanction.id, sanction.end)
    ]
    assert decision.outcomes[0].actions[1].arguments == {
        "duration": DAY, "up_to": 30 * DAY, "set_by": "managers", "case": "e2/case/1",
        "sanction": sanction.id, "penalty": "grave", "step": 1,
    }  # fmt: skip


def test_the_group_sets_the_length_within_the_range() -> None:
    one = found()
    decision = one.send("10:00", "max", "approve", case="e2/case/1", duration=90 * DAY)
    assert done(decision) == ["approve under 13"]
    assert [((one.end or 0) - one.start) for one in decision.sanctions] == [30 * DAY]
    assert decision.cases[0].status == "approved"
    assert one.send("2024-11-07 08:59", "bob", "message", "hi").verdict == "block"
    assert one.send("2024-11-07 09:00", "bob", "message", "hi").verdict == "allow"


def test_the_group_may_refuse() -> None:
    one = found()
    decision = one.send("10:00", "max", "reject", case="e2/case/1")
    assert [one.status for one in decision.sanctions] == ["reversed"]
    assert one.send("10:01", "bob", "message", "hi").verdict == "allow"


def test_nobody_decides() -> None:
    one = found()
    decisions = one.until("2024-10-09 09:00")
    assert [[case.status for case in one.cases] for one in decisions] == [["expired"], []]
    assert [[sanction.status for sanction in one.sanctions] for one in decisions] == [[], ["ended"]]


LABELS = """
group managers as member.roles has "manager"

penalty watched
  1st: warn, label at_risk for 3 days
  2nd: warn, label at_risk for 5 days
  3rd: warn, label lost
  appeal to managers

rule 5 "No spam"
  must not
  on message
  if message.text contains "spam"
  then penalty watched
"""


def labelled(decision: object) -> list[tuple[str, bool]]:
    return [(one.label, one.removed) for one in decision.labels]  # type: ignore[attr-defined]


def test_an_offence_that_is_taken_back_takes_its_labels_with_it() -> None:
    one = Village(LABELS)
    one.given("max", "manager")
    one.send("2024-10-01 09:00", "bob", "message", "spam")
    one.send("2024-10-01 09:01", "bob", "appeal", "joke")
    decision = one.send("2024-10-01 09:02", "max", "approve", about="bob")
    assert labelled(decision) == [("at_risk", True)]


def test_a_label_that_an_earlier_offence_put_on_stands_for_as_long_as_that_one_said() -> None:
    one = Village(LABELS)
    one.given("max", "manager")
    first = one.send("2024-10-01 09:00", "bob", "message", "spam")
    second = one.send("2024-10-02 09:00", "bob", "message", "spam")
    assert (first.labels[0].end or 0) < (second.labels[0].end or 0)
    one.send("2024-10-02 09:01", "bob", "appeal", "joke")
    back = one.send("2024-10-02 09:02", "max", "approve", about="bob")
    assert [(change.label, change.end, change.removed) for change in back.labels] == [
        ("at_risk", first.labels[0].end, False)
    ]


def test_labels_are_counted_again_from_when_the_offence_was() -> None:
    one = Village(LABELS)
    one.given("max", "manager")
    first = one.send("2024-10-01 09:00", "bob", "message", "spam")
    second = one.send("2024-10-02 09:00", "bob", "message", "spam")
    one.send("2024-10-02 09:01", "bob", "appeal", "joke", sanction=first.sanctions[0].id)
    back = one.send("2024-10-02 09:02", "max", "approve", about="bob")
    # The second offence is the first now: three days from when it was.
    assert labelled(back) == [("at_risk", True), ("at_risk", False)]
    assert back.labels[-1].end == second.time + 3 * DAY
