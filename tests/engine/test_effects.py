"""Labels, points, states, notices, cooldowns, overrides and trials."""

from village import Village, at, done

DAY = 86_400_000_000


def test_a_label_holds_until_its_end_and_rules_see_it() -> None:
    one = Village("""
rule 1 "Watch"
  should
  on message
  if message.text contains any of ("hm")
  then label at_risk for 2 days

rule 2 "Seen"
  should
  on message
  if member.labels has "at_risk"
  then flag
""")
    put = one.send("2024-10-08 09:00", "bob", "message", "hm")
    assert [(c.on, c.label, c.end, c.rule, c.removed) for c in put.labels] == [
        ({"member": "bob"}, "at_risk", put.time + 2 * DAY, "1", False)
    ]
    assert done(one.send("10:00", "bob", "message", "hello")) == ["flag under 2"]
    one.send("2024-10-09 09:00", "bob", "message", "hm")
    assert one.until("2024-10-10 09:00") == []
    (off,) = one.until("2024-10-11 09:00")
    assert off.event.what == "label"  # type: ignore[union-attr]
    assert [(c.label, c.removed, c.rule) for c in off.labels] == [("at_risk", True, "1")]
    assert one.send("2024-10-11 09:00", "bob", "message", "hello").verdict == "allow"


def test_a_label_is_taken_off() -> None:
    one = Village("""
rule 1 "Watch"
  should
  on message
  if message.text contains any of ("hm")
  then label at_risk for 2 days

rule 2 "Good"
  should
  on message
  if message.text contains any of ("sorry")
  then unlabel at_risk
""")
    one.send("2024-10-08 09:00", "bob", "message", "hm")
    assert [(c.label, c.removed) for c in one.send("10:00", "bob", "message", "sorry").labels] == [("at_risk", True)]
    assert one.send("10:01", "bob", "message", "sorry").labels == ()
    assert one.pass_time(days=3) == []


def test_points_are_kept_and_rules_see_them() -> None:
    one = Village("""
group staff as member.roles has "service"

rule 10 "Good service"
  should
  applies to staff
  on rating
  if rating.score >= 5
  then award 5 points

rule 11 "Stars"
  should
  on message
  if member.points >= 10
  then label star
""")
    one.given("sue", "service")
    one.send("08:00", "sue", "message", "hello")
    first = one.send("09:00", "amy", "rating", about="sue", score=5)
    assert done(first) == ["award under 10"]
    assert [(c.id, c.member, c.change, c.balance, c.rule) for c in first.points] == [("e2/points/1", "sue", 5, 5, "10")]
    assert one.send("09:01", "amy", "rating", about="bob", score=5).points == ()
    assert one.send("09:02", "amy", "rating", about="sue", score=4).points == ()
    assert one.send("09:03", "bob", "rating", about="sue", score=5).points[0].balance == 10
    assert done(one.send("09:04", "sue", "message", "hello")) == ["label under 11"]


RAID = """
state raid = calm, high
group managers as member.roles has "manager"

rule 14 "Raids"
  must
  on join
  if count(join within 1 minute) >= 3
  then set raid high for 20 minutes, notify managers

rule 15 "On guard"
  must
  on message
  if raid is high
  then flag
"""


def test_a_state_falls_back_by_time() -> None:
    one = Village(RAID)
    for number in range(3):
        assert one.send("09:00", "amy", "message", "hi").verdict == "allow"
        joined = one.send("09:00", f"new{number}", "join")
    assert done(joined) == ["set under 14", "notify under 14"]
    assert joined.outcomes[0].actions[0].arguments == {"state": "raid", "value": "high", "for": 20 * 60_000_000}
    assert one.send("09:19:59", "amy", "message", "hi").verdict == "flag"
    assert one.send("09:20", "amy", "message", "hi").verdict == "allow"
    (fell,) = one.passed
    assert done(fell) == []
    assert fell.outcomes[0].evidence == ({"kind": "state", "state": "raid", "value": "calm", "was": "high"},)


def test_a_notice_has_its_template_filled_in() -> None:
    one = Village("""
parameter daily_posts = 1 from 2024-01-01, 2 from 2025-01-01
parameter pause = 90 minutes

template limits
  en "At most {daily_posts} a day, {pause} apart."
  zh "每天最多 {daily_posts} 条,间隔 {pause}。"

rule 1 "Few posts"
  should
  effective from 2024-01-01
  on message
  if count(message by member today) > daily_posts
  then remind limits
""")
    one.send("2024-10-08 09:00", "bob", "message", "a")
    (notice,) = one.send("09:10", "bob", "message", "b").notices
    assert (notice.kind, notice.to, notice.rule, notice.template) == ("remind", {"member": "bob"}, "1", "limits")
    assert notice.texts == {"en": "At most 1 a day, 90 minutes apart.", "zh": "每天最多 1 条,间隔 90分钟。"}
    for text in "cde":
        notices = one.send("2025-01-08 09:10", "bob", "message", text).notices
    assert notices[0].texts["zh"].startswith("每天最多 2 条")


def test_a_cooldown_of_a_member_and_of_the_community() -> None:
    one = Village("""
group managers as member.roles has "manager"

rule 1 "Chatty"
  should
  on message
  if count(message by member today) >= 2
  cooldown 1 hour
  then remind "slowly"

rule 2 "Loud"
  must
  on message
  if count(message today) >= 3
  cooldown 1 hour
  then notify managers
""")
    one.send("09:00", "bob", "message", "a")
    one.send("09:00", "amy", "message", "a")
    assert done(one.send("09:01", "bob", "message", "b")) == ["remind under 1", "notify under 2"]
    assert done(one.send("09:02", "bob", "message", "c")) == []
    assert done(one.send("09:03", "amy", "message", "b")) == ["remind under 1"]
    assert done(one.send("10:00:59", "bob", "message", "d")) == []
    assert done(one.send("10:01", "bob", "message", "e")) == ["remind under 1", "notify under 2"]


def test_an_overridden_rule_is_shown_and_does_nothing() -> None:
    one = Village("""
group staff as member.roles has "service"
penalty standard
  always: mute 1 day

rule 6 "No numbers"
  must not
  on message
  if message.text contains any of ("number")
  then delete, penalty standard

rule 12 "Quoting"
  may
  applies to staff
  overrides 6
  on message
  then allow
""")
    one.given("sue", "service")
    decision = one.send("09:00", "sue", "message", "a number")
    assert decision.verdict == "allow"
    assert decision.sanctions == ()
    assert [(o.rule, o.overridden_by, [a.do for a in o.actions]) for o in decision.outcomes] == [
        ("6", "12", ["delete", "penalty"]), ("12", None, ["allow"]),
    ]  # fmt: skip


def test_tenure_runs_from_the_first_join_seen() -> None:
    one = Village("""
group newcomers as member.tenure < 3 days

rule 7 "Newcomers"
  must not
  applies to newcomers
  on message
  if message.links is not empty
  then delete
""")
    one.send("2024-10-08 09:00", "new", "join")
    assert done(one.send("2024-10-11 08:59", "new", "message", "https://shop.example/a")) == ["delete under 7"]
    assert done(one.send("2024-10-11 09:00", "new", "message", "https://shop.example/a")) == []
    assert done(one.send("2024-10-11 09:01", "old", "message", "https://shop.example/a")) == []
    said = one.send("2024-10-11 09:02", "old", "message", "https://shop.example/a", joined="2024-10-10 00:00")
    assert done(said) == ["delete under 7"]
    assert done(one.send("2024-10-11 09:03", "old", "message", "https://shop.example/a")) == ["delete under 7"]
    assert at("2024-10-10 00:00") < one.now


def test_a_member_is_known_by_what_others_events_say_of_them() -> None:
    one = Village("""
group staff as member.roles has "service"

rule 10 "Good service"
  should
  applies to staff
  on rating
  if rating.score >= 5
  then award 5 points
""")
    one.given("sue", "service")
    assert done(one.send("09:00", "amy", "rating", about="sue", score=5)) == ["award under 10"]


def test_roles_hold_until_other_roles_are_said() -> None:
    one = Village("""
group staff as member.roles has "service"

rule 1 "Staff"
  should
  applies to staff
  on message
  then flag
""")
    one.given("sue", "service")
    assert done(one.send("09:00", "sue", "message", "hi")) == ["flag under 1"]
    one.roles.clear()
    assert done(one.send("09:01", "sue", "message", "hi")) == ["flag under 1"]
    one.given("sue", "guest")
    assert done(one.send("09:02", "sue", "message", "hi")) == []
