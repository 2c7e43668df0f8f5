from village import Village, done, evaluator_of, minutes

FEEDBACK = """
group staff as member.roles has "service"
group managers as member.roles has "manager"

rule 3 "Feedback is answered"
  must
  responsible staff
  on feedback
  require reply within 24 hours, if late escalate to managers
  require resolved within 7 days, if late escalate to managers
"""


def statuses(decision: object) -> list[tuple[str, str]]:
    return [(one.what, one.status) for one in decision.duties]  # type: ignore[attr-defined]


def test_duties_open_with_their_owner_and_deadline() -> None:
    village = Village(FEEDBACK)
    decision = village.send("09:00", "amy", "feedback", "it broke")
    at = decision.time
    assert [
        (one.rule, one.what, one.responsible, one.status, one.about, one.member, minutes((one.due or 0) - at))
        for one in decision.duties
    ] == [
        ("3", "reply", "staff", "open", "e1", "amy", 24 * 60),
        ("3", "resolved", "staff", "open", "e1", "amy", 7 * 24 * 60),
    ]
    assert [(one.rule, one.actions, one.verdict) for one in decision.outcomes] == [("3", (), "allow")]


def test_unanswered_it_is_late_at_the_instant_and_names_who_owed_it() -> None:
    village = Village(FEEDBACK)
    village.send("09:00", "amy", "feedback", "it broke")
    assert village.pass_time(hours=23, minutes=59) == []
    (decision,) = village.pass_time(minutes=1)
    assert decision.event.what == "duty"  # type: ignore[union-attr]
    assert done(decision) == ["escalate under 3"]
    assert statuses(decision) == [("reply", "late")]
    assert decision.outcomes[0].evidence[0]["responsible"] == "staff"
    assert [(one.kind, one.to) for one in decision.notices] == [("escalate", {"group": "managers"})]
    assert [done(one) for one in village.pass_time(days=30)] == [["escalate under 3"]]


def test_a_reply_of_the_owner_to_the_event_meets_it() -> None:
    village = Village(FEEDBACK)
    village.given("sue", "service")
    village.send("09:00", "amy", "feedback", "it broke")
    decision = village.send("11:00", "sue", "reply", "on it", message="e1")
    assert [(one.what, one.status, one.met_by) for one in decision.duties] == [("reply", "met", "e2")]
    assert village.pass_time(hours=24) == []


def test_who_and_what_does_not_meet_it() -> None:
    village = Village(FEEDBACK)
    village.given("sue", "service")
    village.send("09:00", "amy", "feedback", "it broke")
    village.send("09:01", "zoe", "message", "hello")
    assert village.send("10:00", "bob", "reply", "same here", message="e1").duties == ()
    assert village.send("10:01", "sue", "reply", "hi", message="e2").duties == ()
    assert village.send("10:02", "sue", "reply", "hi").duties == ()
    assert village.send("10:03", "sue", "message", "hi").duties == ()
    assert [done(one) for one in village.pass_time(hours=24)] == [["escalate under 3"]]


def test_an_answer_further_down_the_thread_meets_it() -> None:
    village = Village(FEEDBACK)
    village.given("sue", "service")
    village.send("09:00", "amy", "feedback", "it broke", id="f1")
    village.send("09:10", "bob", "reply", "here too", id="m2", reply_to="f1")
    assert statuses(village.send("09:20", "sue", "reply", "on it", reply_to="m2")) == [("reply", "met")]


def test_a_message_that_answers_is_a_reply() -> None:
    village = Village(FEEDBACK)
    village.given("sue", "service")
    village.send("09:00", "amy", "feedback", "it broke", id="f1")
    assert statuses(village.send("09:20", "sue", "message", "on it", reply_to="f1")) == [("reply", "met")]


def test_one_reply_answers_all_that_the_event_asked_for() -> None:
    village = Village("""
group staff as member.roles has "service"

rule 1 "Complaints"
  must
  responsible staff
  on complaint
  require reply within 24 hours

table triage on complaint, first match
  | rule | if                                      | then                            | require              |
  | A-1  | message.text contains any of ("refund") | assign to staff priority urgent | reply within 2 hours |
  | A-2  | otherwise                               | assign to staff                 | reply within 8 hours |
""")
    village.given("sue", "service")
    decision = village.send("09:00", "amy", "complaint", "refund please")
    assert [(one.rule, one.responsible) for one in decision.duties] == [("1", "staff"), ("A-1", "staff")]
    assert done(decision) == ["assign under A-1"]
    answered = village.send("09:30", "sue", "reply", "sure", message="e1")
    assert statuses(answered) == [("reply", "met"), ("reply", "met")]


def test_times() -> None:
    village = Village("""
group staff as member.roles has "service"

rule 1 "Two answers"
  must
  responsible staff
  on complaint
  require reply at least 2 times within 2 hours
""")
    village.given("sue", "service")
    village.send("09:00", "amy", "complaint", "oh")
    assert statuses(village.send("09:30", "sue", "reply", "1", message="e1")) == [("reply", "open")]
    assert statuses(village.send("09:40", "sue", "reply", "2", message="e1")) == [("reply", "met")]


def test_working_time() -> None:
    village = Village("""
calendar office
  Monday to Friday 09:00 to 18:00

group staff as member.roles has "service"

rule 1 "Answers"
  must
  responsible staff
  on complaint
  require reply within 4 hours by office
""")
    # A Friday.
    decision = village.send("2024-10-11 16:00", "amy", "complaint", "oh")
    assert minutes((decision.duties[0].due or 0) - decision.time) == (2 + 6 + 48 + 9 + 2) * 60


def test_a_late_duty_without_if_late_still_gives_an_outcome() -> None:
    village = Village("""
group staff as member.roles has "service"

rule 1 "Answers"
  must
  responsible staff
  on complaint
  require reply within 4 hours
""")
    village.send("09:00", "amy", "complaint", "oh")
    (decision,) = village.pass_time(hours=4)
    assert [(one.rule, one.actions) for one in decision.outcomes] == [("1", ())]
    assert decision.outcomes[0].evidence[0] == {
        "kind": "late", "duty": "e1/duty/1", "on": "reply", "responsible": "staff", "about": "e1", "times": 1, "met": 0,
    }  # fmt: skip


def test_leaving_cancels_what_was_owed_to_who_leaves() -> None:
    village = Village(FEEDBACK)
    village.send("09:00", "amy", "feedback", "it broke")
    decision = village.send("10:00", "amy", "leave")
    assert statuses(decision) == [("reply", "cancelled"), ("resolved", "cancelled")]
    assert village.pass_time(days=30) == []


def test_assigned_to_a_member_it_is_theirs_and_falls_back_when_they_leave() -> None:
    rules = """
event order (agent: member)
group staff as member.roles has "service"

rule 1 "Orders"
  must
  responsible staff
  on order
  then assign to order.agent
  require reply within 4 hours, if late warn
"""
    village = Village(rules)
    village.given("sue", "service")
    village.given("sam", "service")
    village.send("09:00", "amy", "order", "one", agent="sue")
    village.send("09:10", "amy", "order", "two", agent="sue")
    assert village.send("09:20", "sam", "reply", "I do", message="e1").duties == ()
    assert statuses(village.send("09:30", "sue", "reply", "done", message="e1")) == [("reply", "met")]
    late = village.pass_time(hours=4)
    assert [(one.member, one.kind) for decision in late for one in decision.sanctions] == [("sue", "warn")]
    village.send("2024-10-09 09:00", "amy", "order", "three", agent="sue")
    left = village.send("2024-10-09 09:10", "sue", "leave")
    assert [(one.status, one.responsible) for one in left.duties] == [("open", "staff")]
    assert statuses(village.send("2024-10-09 09:20", "sam", "reply", "mine", message="e5")) == [("reply", "met")]


def test_events_that_answer_nothing_meet_the_oldest_duty_of_their_kind() -> None:
    village = Village("""
group staff as member.roles has "service"

rule 1 "Statements"
  must
  responsible staff
  on complaint
  require announcement within 4 hours
""")
    village.given("sue", "service")
    village.send("09:00", "amy", "complaint", "oh")
    village.send("09:10", "amy", "complaint", "oh oh")
    decision = village.send("10:00", "sue", "announcement", "we know")
    assert [(one.about, one.status) for one in decision.duties] == [("e1", "met")]


def test_a_trial_opens_no_duty() -> None:
    village = Village(FEEDBACK.replace("  responsible staff", "  trial through 2024-10-31\n  responsible staff"))
    assert village.send("09:00", "amy", "feedback", "it broke").duties == ()


def test_duties_and_cases_keep_the_terms_under_which_they_were_opened() -> None:
    village = Village(
        FEEDBACK
        + """
rule 4 "Unsure"
  content "The old words."
  must
  on message
  if message.text contains any of ("hm")
  then hold for staff within 1 hour, if late reject
"""
    )
    village.send("09:00", "amy", "feedback", "it broke")
    village.send("09:01", "amy", "message", "hm")
    village.engine.swap(
        evaluator_of("""
group staff as member.roles has "service"

rule 4 "Other"
  content "The new words."
  must
  on message
  if message.text contains any of ("hm")
  then hold for staff
""")
    )
    (expired,) = village.pass_time(hours=1)
    assert done(expired) == ["reject under 4"]
    assert expired.outcomes[0].content == "The old words."
    (late,) = village.until("2024-10-09 09:00")
    assert done(late) == ["escalate under 3"]
    assert late.outcomes[0].content == "Feedback is answered"


def test_a_calendar_that_does_not_know_the_year_is_recorded_and_the_duty_has_no_deadline() -> None:
    village = Village("""
calendar office
  Monday to Friday 09:00 to 18:00
  holidays CN

group staff as member.roles has "service"

rule 1 "Answers"
  must
  responsible staff
  on complaint
  require reply within 4 hours by office
""")
    decision = village.send("2090-10-11 16:00", "amy", "complaint", "oh")
    assert [(one.status, one.due) for one in decision.duties] == [("open", None)]
    assert [(one.rule, one.line) for one in decision.errors] == [("1", 13)]
