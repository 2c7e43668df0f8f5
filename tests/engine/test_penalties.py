from village import Village, done

LADDER = """
penalty standard over 30 days
  1st: warn
  2nd: mute 1 day
  3rd: mute 7 days
  then on: mute forever

list ad_words = "spam"
list abuse_words = "idiot"

rule 5 "No spam"
  must not
  on message
  if message.text contains any of ad_words
  then delete, penalty standard

rule 6 "No insults"
  must not
  on message
  if message.text contains any of abuse_words
  then delete, penalty standard
"""


def test_the_ladder_is_climbed_and_steps_are_told_under_the_rule() -> None:
    village = Village(LADDER)
    first = village.send("09:00", "bob", "message", "spam")
    assert done(first) == ["delete under 5", "penalty under 5", "warn under 5"]
    assert first.verdict == "block"
    (warning,) = first.sanctions
    assert (warning.kind, warning.step, warning.start, warning.end) == ("warn", 1, first.time, first.time)
    second = village.send("10:00", "bob", "message", "spam again")
    assert [(one.kind, one.step, one.rules) for one in second.sanctions] == [("mute", 2, ("5",))]
    assert second.sanctions[0].end == second.time + 86_400_000_000
    assert second.outcomes[0].actions[2].arguments == {
        "duration": 86_400_000_000,
        "sanction": "e2/sanction/1",
        "penalty": "standard",
        "step": 2,
    }


def test_offences_are_counted_for_each_member() -> None:
    village = Village(LADDER)
    village.send("09:00", "bob", "message", "spam")
    assert village.send("09:01", "amy", "message", "spam").sanctions[0].kind == "warn"


def test_one_event_is_one_offence_that_cites_every_rule() -> None:
    village = Village(LADDER)
    both = village.send("09:00", "bob", "message", "spam, idiot")
    assert [one.rule for one in both.outcomes] == ["5", "6"]
    assert [one.rules for one in both.sanctions] == [("5", "6")]
    assert done(both).count("warn under 5") == done(both).count("warn under 6") == 1
    assert {action.arguments["sanction"] for one in both.outcomes for action in one.actions if action.do == "warn"} == {
        both.sanctions[0].id
    }
    assert village.send("09:05", "bob", "message", "spam").sanctions[0].step == 2


def test_an_offence_counts_up_to_its_window_and_not_beyond() -> None:
    village = Village(LADDER)
    village.send("2024-10-01 09:00", "bob", "message", "spam")
    assert village.send("2024-10-31 09:00", "bob", "message", "spam").sanctions[0].step == 2
    other = Village(LADDER)
    other.send("2024-10-01 09:00", "bob", "message", "spam")
    assert other.send("2024-10-31 09:00:00.000001", "bob", "message", "spam").sanctions[0].step == 1


def test_the_last_step_stays() -> None:
    village = Village("""
penalty short
  1st: warn
  2nd: kick

rule 1 "No spam"
  must not
  on message
  if message.text contains any of ("spam")
  then penalty short
""")
    kinds = [village.send(f"0{hour}:00", "bob", "message", "spam").sanctions[0].kind for hour in range(1, 5)]
    assert kinds == ["warn", "kick", "kick", "kick"]


def test_a_step_may_do_several_things() -> None:
    village = Village("""
penalty firm
  always: warn, deduct 5 points, label watched for 7 days, notify staff

rule 1 "No spam"
  must not
  on message
  if message.text contains any of ("spam")
  then penalty firm
""")
    decision = village.send("09:00", "bob", "message", "spam")
    assert done(decision) == [
        "penalty under 1", "warn under 1", "deduct under 1", "label under 1", "notify under 1",
    ]  # fmt: skip
    assert [(one.member, one.change, one.balance) for one in decision.points] == [("bob", -5, -5)]
    assert [(one.label, one.on) for one in decision.labels] == [("watched", {"member": "bob"})]
    assert [(one.kind, one.to) for one in decision.notices] == [("notify", {"group": "staff"})]


def test_a_rule_on_trial_counts_no_offence() -> None:
    village = Village("""
penalty standard
  1st: warn
  2nd: mute 1 day

rule 1 "No spam"
  must not
  trial through 2024-10-08
  on message
  if message.text contains any of ("spam")
  then delete, penalty standard
""")
    trial = village.send("2024-10-08 09:00", "bob", "message", "spam")
    assert trial.verdict == "allow"
    assert trial.sanctions == ()
    assert trial.outcomes[0].trial
    assert [one.do for one in trial.outcomes[0].actions] == ["delete", "penalty"]
    assert village.send("2024-10-09 00:00", "bob", "message", "spam").sanctions[0].step == 1


def test_against_names_who_bears_it() -> None:
    village = Village("""
event trade (amount: number, seller: member)

penalty standard
  always: warn

rule 1 "Fair trade"
  must
  on trade
  if trade.amount > 100
  then penalty standard against trade.seller
""")
    decision = village.send("09:00", "bob", "trade", amount=200, seller="sue")
    assert [one.member for one in decision.sanctions] == ["sue"]
    assert village.send("09:05", "bob", "trade", amount=200).outcomes[0].actions == ()


def test_replies_are_messages_too() -> None:
    village = Village(LADDER)
    assert village.send("09:00", "bob", "reply", "spam", message="m1").sanctions[0].step == 1
