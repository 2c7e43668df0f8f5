from village import Village, done

MUTING = """
penalty standard
  1st: mute 1 day
  then on: mute 7 days

rule 5 "No spam"
  content "Nobody advertises."
  must not
  on message
  if message.text contains any of ("spam")
  then delete, penalty standard

rule 6 "Reports"
  must
  on report
  then flag
"""


def test_a_muted_member_is_blocked_until_the_end_and_not_at_it() -> None:
    village = Village(MUTING)
    village.send("2024-10-08 09:00", "bob", "message", "spam")
    still = village.send("10:30", "bob", "message", "still here")
    assert still.verdict == "block"
    assert [one.rule for one in still.outcomes] == ["mute"]
    outcome = still.outcomes[0]
    assert outcome.content == "Nobody advertises."
    assert [(one.do, one.on) for one in outcome.actions] == [("delete", {"message": "e2"})]
    assert outcome.evidence == (
        {"kind": "sanction", "sanction": "e1/sanction/1", "imposed": "mute", "rules": ["5"]},
    )  # fmt: skip
    assert village.send("2024-10-09 08:59:59", "bob", "reply", "hm").verdict == "block"
    free = village.send("2024-10-09 09:00", "bob", "message", "hello")
    assert free.verdict == "allow"
    assert [(one.id, one.status) for decision in village.passed for one in decision.sanctions] == [
        ("e1/sanction/1", "ended")
    ]
    assert village.passed[0].event.what == "sanction"  # type: ignore[union-attr]


def test_what_a_muted_member_may_still_do() -> None:
    village = Village(MUTING)
    village.send("09:00", "bob", "message", "spam")
    verdicts = {
        kind: village.send(f"10:{at:02}", "bob", kind, "words", message="m9").verdict
        for at, kind in enumerate(("message", "reply", "edit", "announcement", "report", "appeal", "feedback"))
    }
    assert verdicts == {
        "message": "block", "reply": "block", "edit": "block", "announcement": "block",
        "report": "flag", "appeal": "allow", "feedback": "allow",
    }  # fmt: skip
    assert done(village.send("11:00", "bob", "announcement", "hear")) == ["reject under mute"]


def test_what_a_muted_member_sends_is_no_offence() -> None:
    village = Village(MUTING)
    village.send("2024-10-08 09:00", "bob", "message", "spam")
    muted = village.send("10:00", "bob", "message", "spam")
    assert done(muted) == ["delete under mute", "delete under 5"]
    assert muted.sanctions == ()
    after = village.send("2024-10-09 10:00", "bob", "message", "spam")
    assert [(one.step, one.end) for one in after.sanctions] == [(2, after.time + 7 * 86_400_000_000)]


def test_sanctions_run_side_by_side_and_the_longer_one_stands() -> None:
    village = Village("""
group moderators as member.roles has "moderator"

rule 1 "Short"
  must not
  found by moderators
  then mute 1 hour

rule 2 "Long"
  must not
  found by moderators
  then mute 3 hours
""")
    village.given("mod", "moderator")
    village.send("08:00", "bob", "message", "hi")
    long = village.send("09:00", "mod", "finding", "note", about="bob", rule="2").sanctions[0]
    short = village.send("09:30", "mod", "finding", "note", about="bob", rule="1").sanctions[0]
    ended = village.until("2024-10-08 11:00")
    assert [[(one.id, one.status) for one in decision.sanctions] for decision in ended] == [
        [(short.id, "ended"), (long.id, "in_force")]
    ]
    assert village.send("11:30", "bob", "message", "hi").verdict == "block"
    assert village.send("12:00", "bob", "message", "hi").verdict == "allow"


def test_a_ban_silences_too_and_kick_and_warn_do_not() -> None:
    village = Village("""
rule 1 "Out"
  must not
  on message
  if message.text contains any of ("out")
  then ban 1 day

rule 2 "Kick"
  must not
  on message
  if message.text contains any of ("kick")
  then kick, warn
""")
    village.send("09:00", "bob", "message", "out")
    assert done(village.send("09:01", "bob", "message", "hello")) == ["delete under mute"]
    decision = village.send("09:02", "amy", "message", "kick")
    assert [(one.kind, one.start == one.end, one.penalty) for one in decision.sanctions] == [
        ("kick", True, None), ("warn", True, None),
    ]  # fmt: skip
    assert village.send("09:03", "amy", "message", "hello").verdict == "allow"


def test_forever_has_no_end() -> None:
    village = Village("""
rule 1 "Out"
  must not
  on message
  if message.text contains any of ("out")
  then mute forever
""")
    assert village.send("09:00", "bob", "message", "out").sanctions[0].end is None
    assert village.send("2034-10-08 09:00", "bob", "message", "hi").verdict == "block"


def test_a_message_that_comes_late_is_judged_by_the_mute_of_its_own_time() -> None:
    village = Village("""
rule 1 "Out"
  must not
  on message
  if message.text contains any of ("out")
  then mute 30 minutes
""")
    village.send("09:00", "bob", "message", "out")
    village.send("09:40", "amy", "message", "time goes on")
    late = village.send("09:29:59", "bob", "message", "hello")
    assert late.late
    assert done(late) == ["delete under mute"]
    assert village.send("09:30", "bob", "message", "hello").verdict == "allow"
    assert village.send("09:41", "bob", "message", "hello").verdict == "allow"
    # It is forgotten without a word.
    assert village.until("2024-10-08 12:00") == []
    assert not dict(village.engine._judgings["village"].work.items("sanction"))
