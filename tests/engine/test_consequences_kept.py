"""What follows is the same whether state stays in memory or is written down and read back between any two events."""

from pathlib import Path

from village import Village

from communityrules.engine.engine import Engine
from communityrules.model.decision import Decision

RULES = """
event order (agent: member)
member (level: number, born: date)

group staff as member.roles has "service"
group moderators as member.roles has "moderator"
group managers as member.roles has "manager"
state raid = calm, high

penalty standard over 30 days
  1st: warn
  2nd: mute 1 day, deduct 5 points
  then on: mute 2 to 9 days set by managers
  appeal once to managers within 7 days

template hello
  en "Slowly."
  zh "慢一点。"

rule 1 "Spam"
  must not
  on message
  if message.text contains any of ("spam")
  then delete, penalty standard, label spammer for 3 days

rule 2 "Unsure"
  must
  on message
  if message.text contains any of ("hm")
  then hold for staff quorum 2 within 2 hours, if late hold for managers within 1 hour, if late reject

rule 3 "Orders"
  must
  responsible staff
  on order
  then assign to order.agent
  require reply at least 2 times within 4 hours, if late penalty standard

rule 4 "Raids"
  must
  on join
  if count(join within 1 minute) >= 3
  cooldown 5 minutes
  then set raid high for 20 minutes, alert raid to managers

rule 5 "Alerts"
  must
  responsible staff
  on alert
  require announcement within 1 hour, if late notify managers

rule 6 "Daily"
  must
  responsible moderators
  every day
  require patrol at least 2 times, if late escalate to managers

rule 7 "Weekly"
  should
  every week
  if count(message by member this week) >= 3
  then award 10 points

rule 8 "Found"
  must not
  found by moderators
  then ban 1 day

rule 9 "Breaches"
  must
  on breach
  if count(breach by member within 7 days) >= 3
  then notify managers with hello

rule 10 "Level"
  should
  on message
  if member.level >= 2.5
  cooldown 1 hour
  then remind hello
"""


def play(one: Village, between: object) -> list[Decision]:
    one.given("sue", "service")
    one.given("sam", "service")
    one.given("mod", "moderator")
    one.given("max", "manager")
    script = [
        ("2024-10-07 09:00", "sue", "message", "hello", {}),
        ("09:01", "bob", "message", "spam", {}),
        ("09:02", "bob", "message", "spam spam", {}),
        ("09:03", "bob", "message", "still here", {}),
        ("09:04", "bob", "appeal", "sorry", {}),
        ("09:05", "amy", "message", "hm", {"id": "m1"}),
        ("09:06", "sue", "approve", None, {"message": "m1"}),
        ("09:07", "amy", "order", "please", {"agent": "sue", "id": "o1"}),
        ("09:08", "sue", "reply", "yes", {"message": "o1"}),
        ("09:09", "n1", "join", None, {}),
        ("09:09", "n2", "join", None, {}),
        ("09:09", "n3", "join", None, {}),
        ("09:10", "mod", "finding", "rude", {"about": "zed", "rule": "8"}),
        ("12:30", "max", "reject", None, {"about": "amy"}),
        ("13:00", "max", "approve", None, {"about": "bob"}),
        ("15:00", "sue", "message", "hm hm", {}),
        ("16:00", "bob", "message", "spam", {}),
        ("2024-10-09 10:00", "mod", "patrol", None, {}),
        ("10:01", "mod", "patrol", None, {}),
        ("2024-10-10 10:00", "bob", "message", "spam", {}),
        ("10:01", "bob", "message", "spam again", {}),
        ("10:02", "max", "approve", None, {"about": "bob", "duration": 3 * 86_400_000_000}),
        ("10:03", "amy", "leave", None, {}),
        ("2024-10-20 10:00", "amy", "message", "back", {}),
        ("10:01", "amy", "message", "again", {}),
        ("10:02", "amy", "message", "and again", {}),
    ]
    for when, member, kind, text, more in script:
        between()  # type: ignore[operator]
        one.send(when, member, kind, text, **more)  # type: ignore[arg-type]
    between()  # type: ignore[operator]
    one.until("2024-10-28 00:00")
    return one.decisions


def test_decisions_are_the_same_when_everything_is_read_back(tmp_path: Path) -> None:
    kept = play(Village(RULES), lambda: None)
    url = f"sqlite:///{tmp_path}/village.db"
    stored = Village(RULES, store=url)

    def reopen() -> None:
        stored.engine.close()
        stored.engine = Engine(stored.evaluator, url)

    assert play(stored, reopen) == kept
    happened = {action.do for one in kept for outcome in one.outcomes for action in outcome.actions}
    assert happened >= {
        "delete", "penalty", "warn", "mute", "deduct", "label", "hold", "reject", "assign", "set", "alert", "escalate",
        "award", "ban", "notify", "approve",
    }  # fmt: skip
    assert all(one.errors == () for one in kept)


def test_a_chain_of_holds_goes_up() -> None:
    one = Village(RULES)
    one.send("09:05", "amy", "message", "hm", id="m1")
    decisions = [d for d in one.pass_time(hours=3) if d.cases]
    assert [[(c.group, c.status) for c in d.cases] for d in decisions] == [
        [("staff", "expired"), ("managers", "open")],
        [("managers", "rejected")],
    ]
