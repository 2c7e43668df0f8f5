from village import Village, done, minutes

PUBLISHING = """
group publishers as member.roles has "publisher"
group reviewers as member.roles has "reviewer"
group managers as member.roles has "manager"

rule 4 "Review before publishing"
  content "What publishers send is reviewed first."
  must
  applies to publishers
  on announcement
  then hold for reviewers within 4 hours, if late reject
"""


def village() -> Village:
    one = Village(PUBLISHING)
    one.given("pat", "publisher", "reviewer")
    one.given("rae", "reviewer")
    one.given("rob", "reviewer")
    return one


def test_holding_opens_a_case() -> None:
    decision = village().send("10:00", "pat", "announcement", "sale")
    assert decision.verdict == "hold"
    assert done(decision) == ["hold under 4"]
    (case,) = decision.cases
    assert (case.id, case.rule, case.kind, case.group, case.quorum, case.status, case.about, case.member) == (
        "e1/case/1", "4", "hold", "reviewers", 1, "open", "e1", "pat",
    )  # fmt: skip
    assert minutes((case.due or 0) - case.opened) == 240
    assert decision.outcomes[0].actions[0].on == {"message": "e1"}
    told = decision.outcomes[0].actions[0].arguments
    assert told == {"for": "reviewers", "within": 14_400_000_000, "case": "e1/case/1"}


def test_the_author_and_outsiders_have_no_vote() -> None:
    one = village()
    one.send("10:00", "pat", "announcement", "sale")
    for member in ("pat", "zoe"):
        decision = one.send("10:05", member, "approve", case="e1/case/1")
        assert (decision.verdict, done(decision), decision.cases) == ("allow", [], ())


def test_an_approval_settles_it() -> None:
    one = village()
    one.send("10:00", "pat", "announcement", "sale")
    decision = one.send("10:10", "rae", "approve", message="e1")
    assert (decision.verdict, done(decision)) == ("allow", ["approve under 4"])
    assert decision.outcomes[0].content == "What publishers send is reviewed first."
    assert decision.outcomes[0].actions[0].on == {"message": "e1"}
    assert [(case.status, case.votes) for case in decision.cases] == [("approved", (("rae", "approve"),))]
    assert one.send("10:20", "rob", "reject", message="e1").cases == ()
    assert one.pass_time(hours=5) == []


def test_a_rejection_settles_it() -> None:
    one = village()
    one.send("10:00", "pat", "announcement", "sale")
    decision = one.send("10:10", "rae", "reject", about="pat")
    assert (decision.verdict, done(decision)) == ("block", ["reject under 4"])
    assert [case.status for case in decision.cases] == ["rejected"]


def test_the_deadline_settles_it() -> None:
    one = village()
    one.send("10:00", "pat", "announcement", "sale")
    (decision,) = one.pass_time(hours=4)
    assert decision.event.what == "case"  # type: ignore[union-attr]
    assert (decision.verdict, done(decision)) == ("block", ["reject under 4"])
    assert [case.status for case in decision.cases] == ["rejected"]


def test_a_deadline_that_only_tells_leaves_it_held() -> None:
    one = Village(PUBLISHING.replace("if late reject", "if late escalate to managers"))
    one.given("pat", "publisher")
    one.given("rae", "reviewer")
    one.send("10:00", "pat", "announcement", "sale")
    (decision,) = one.pass_time(hours=4)
    assert done(decision) == ["escalate under 4"]
    assert [case.status for case in decision.cases] == ["open"]
    assert done(one.send("15:00", "rae", "approve", message="e1")) == ["approve under 4"]


def test_a_deadline_without_if_late_expires_it() -> None:
    one = Village(PUBLISHING.replace(", if late reject", ""))
    one.given("pat", "publisher")
    one.send("10:00", "pat", "announcement", "sale")
    (decision,) = one.pass_time(hours=4)
    assert done(decision) == []
    assert [case.status for case in decision.cases] == ["expired"]


QUORUM = """
group moderators as member.roles has "moderator"

rule 15 "Two approve"
  must
  on join_request
  then hold for moderators quorum 2 within 1 day, if late reject
"""


def test_a_quorum_counts_each_member_once_on_either_side() -> None:
    one = Village(QUORUM)
    for name in ("max", "mia", "moe"):
        one.given(name, "moderator")
    one.send("10:00", "new", "join_request", "let me in")
    first = one.send("10:05", "max", "approve", about="new")
    assert (done(first), [(case.status, case.votes) for case in first.cases]) == ([], [("open", (("max", "approve"),))])
    assert done(one.send("10:06", "max", "approve", about="new")) == []
    assert done(one.send("10:07", "mia", "reject", about="new")) == []
    last = one.send("10:08", "moe", "approve", about="new")
    assert done(last) == ["approve under 15"]
    assert last.cases[0].votes == (("max", "approve"), ("mia", "reject"), ("moe", "approve"))


def test_who_changes_their_mind_has_still_one_vote() -> None:
    one = Village(QUORUM)
    for name in ("max", "mia"):
        one.given(name, "moderator")
    one.send("10:00", "new", "join_request", "let me in")
    one.send("10:05", "max", "approve", about="new")
    changed = one.send("10:06", "max", "reject", about="new")
    assert changed.cases[0].votes == (("max", "reject"),)
    assert done(one.send("10:07", "mia", "reject", about="new")) == ["reject under 15"]


def test_an_applicant_who_leaves_needs_no_answer() -> None:
    one = Village(QUORUM)
    one.send("10:00", "new", "join_request", "let me in")
    assert [case.status for case in one.send("10:05", "new", "leave").cases] == ["expired"]
    assert one.pass_time(days=2) == []


REPORTS = """
group staff as member.roles has "service"

rule 8 "Reported by several"
  must
  on report
  if distinct(report.member by report.message within 1 day) >= 3
  then hold for staff
"""


def test_a_reported_message_is_held_once_and_its_author_has_no_vote() -> None:
    one = Village(REPORTS)
    one.given("sue", "service")
    one.send("09:00", "sue", "message", "hm", id="m1")
    for name in ("amy", "bob"):
        assert done(one.send("09:10", name, "report", "look", message="m1")) == []
    third = one.send("09:12", "zoe", "report", "look", message="m1")
    assert done(third) == ["hold under 8"]
    assert [(case.about, case.member) for case in third.cases] == [("m1", "sue")]
    fourth = one.send("09:13", "zed", "report", "look", message="m1")
    assert [case.id for case in fourth.cases] == [third.cases[0].id]
    assert done(one.send("09:20", "sue", "approve", message="m1")) == []


def test_a_vote_settles_every_case_about_the_message() -> None:
    one = Village("""
group staff as member.roles has "service"

rule 1 "A"
  must
  on message
  if message.text contains any of ("a")
  then hold for staff

rule 2 "B"
  must
  on message
  if message.text contains any of ("b")
  then hold for staff
""")
    one.given("sue", "service")
    one.send("09:00", "bob", "message", "a b")
    assert done(one.send("09:01", "sue", "approve", message="e1")) == ["approve under 1", "approve under 2"]


def test_a_reported_message_is_judged_by_what_it_says_and_after_an_edit_by_that() -> None:
    one = Village("""
rule 1 "Reported spam"
  must not
  on report
  if message.text contains any of ("spam")
  then delete, warn
""")
    one.send("09:00", "bob", "message", "spam", id="m1")
    one.send("09:01", "bob", "message", "hello", id="m2")
    decision = one.send("09:02", "amy", "report", "look at this spam", message="m1")
    assert [(a.do, a.on) for a in decision.outcomes[0].actions] == [
        ("delete", {"message": "m1"}), ("warn", {"member": "bob"}),
    ]  # fmt: skip
    assert one.send("09:03", "amy", "report", "and this spam", message="m2").outcomes == ()
    one.send("09:04", "bob", "edit", "now spam", id="m2x", message="m2")
    assert done(one.send("09:05", "amy", "report", "see", message="m2")) == ["delete under 1", "warn under 1"]
    assert one.send("09:06", "amy", "report", "see", message="unknown").outcomes == ()
