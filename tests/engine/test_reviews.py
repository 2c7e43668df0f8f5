"""`review by` comes at the beginning of its day, in the rulebook's zone, to whoever is responsible."""

from __future__ import annotations

from village import Village, done

RULES = """
group keepers as member.roles has "keeper"

rule 1 "Brevity"
  should
  responsible keepers
  review by 2024-10-10
  on message
  if message.length > 500
  then remind

rule 2 "A review is settled"
  must
  responsible keepers
  on review
  if review.rule is "1" and review.responsible is "keepers"
  then notify keepers
  require resolved within 7 days, if late escalate to staff
"""


def test_the_responsible_hear_of_it_and_a_rule_can_open_a_duty() -> None:
    village = Village(RULES)
    village.send("09:00", "amy", "message", "hi")
    assert village.until("2024-10-09 23:59") == []
    (review,) = village.until("2024-10-10 00:00")
    assert review.event.what == "review"  # type: ignore[union-attr]
    assert [(one.rule, one.evidence[0]["kind"]) for one in review.outcomes] == [("1", "review"), ("2", "compare")]
    notice, told = review.notices
    assert (notice.kind, notice.to, notice.rule) == ("review", {"group": "keepers"}, "1")
    assert notice.texts == {
        "en": "Rule 1 Brevity is due for review on 2024-10-10.",
        "zh": "规则 1 Brevity 应于 2024-10-10 复审。",
    }
    assert done(review) == ["notify under 2"]
    assert (told.rule, [(one.what, one.responsible) for one in review.duties]) == ("2", [("resolved", "keepers")])
    (late,) = village.until("2024-10-17 00:00")
    assert done(late) == ["escalate under 2"]


def test_staff_hear_of_it_where_nobody_is_responsible() -> None:
    village = Village(
        """
rule 1
  should
  review by 2024-10-10
  on message
  then flag
"""
    )
    village.send("09:00", "amy", "message", "hi")
    (review,) = village.until("2024-10-11 00:00")
    assert [one.to for one in review.notices] == [{"group": "staff"}]


def test_a_day_that_is_over_and_a_rule_that_has_ended_are_not_reviewed() -> None:
    over = Village(RULES, day="2024-10-11")
    over.send("09:00", "amy", "message", "hi")
    assert over.until("2024-12-01 00:00") == []
    repealed = Village(RULES + "\nrepeal rule 1 from 2024-10-10\n")
    repealed.send("09:00", "amy", "message", "hi")
    assert repealed.until("2024-12-01 00:00") == []


def test_an_amendment_moves_the_day() -> None:
    village = Village(RULES + "\namend rule 1 from 2024-10-09\n  review by 2024-11-01\n")
    village.send("09:00", "amy", "message", "hi")
    found = [one.time for one in village.until("2024-11-05 00:00")]
    assert [str(one) for one in found] == [str(village.evaluator.rulebook.rules[1].start + 23 * 86_400_000_000)]
