"""Leaderboards close at the end of their period: rows in one order, a notice, and `ranked` to make rules on."""

from __future__ import annotations

from pathlib import Path

from village import Village, done

RULES = """
leaderboard talkers top 3 by count(message by member this week)

rule 1 "The first two are rewarded"
  should
  on ranked
  if ranked.board is "talkers" and ranked.position <= 2 and ranked.value > 1
  then award 50 points
"""


def chatter(village: Village, day: str, *who: str) -> None:
    for one in who:
        village.send(f"{day} 10:00", one, "message", "hi")


def test_a_board_closes_when_its_week_ends() -> None:
    village = Village(RULES)
    # 2024-10-08 is a Tuesday: the week that is running when the community is first seen is ranked too.
    chatter(village, "2024-10-08", "zoe", "bob", "bob", "amy", "amy", "cat", "zoe", "zoe")
    (closed,) = village.until("2024-10-14 00:00")
    assert closed.event.what == "leaderboard"  # type: ignore[union-attr]
    (notice,) = closed.notices
    assert (notice.kind, notice.to, notice.name) == ("leaderboard", {"group": "everyone"}, "talkers")
    # The greatest first; equal ones by name.
    assert notice.rows == (("zoe", 3), ("amy", 2), ("bob", 2))
    assert notice.texts == {"en": "talkers: 1. zoe 3; 2. amy 2; 3. bob 2"}
    assert closed.outcomes[0].rule == "leaderboard"
    assert closed.outcomes[0].evidence[0]["rows"] == [["zoe", 3], ["amy", 2], ["bob", 2]]
    assert done(closed) == ["award under 1", "award under 1"]
    assert [(one.member, one.change) for one in closed.points] == [("zoe", 50), ("amy", 50)]


def test_a_week_without_anything_has_no_board() -> None:
    village = Village(RULES)
    chatter(village, "2024-10-08", "amy")
    assert len(village.until("2024-10-14 00:00")) == 1
    assert village.until("2024-10-28 00:00") == []
    chatter(village, "2024-10-30", "bob", "cat")
    (closed,) = village.until("2024-11-04 00:00")
    assert closed.notices[0].rows == (("bob", 1), ("cat", 1))


def test_events_at_the_end_belong_to_the_next_week() -> None:
    village = Village(RULES)
    chatter(village, "2024-10-08", "amy")
    village.send("2024-10-14 00:00", "bob", "message", "hi")
    assert village.passed[0].notices[0].rows == (("amy", 1),)
    assert village.until("2024-10-21 00:00")[0].notices[0].rows == (("bob", 1),)


def test_order_is_by_code_points_and_independent_of_arrival() -> None:
    names = ["阿明", "Zed", "amy", "é", "10", "9"]
    boards = []
    for order in (names, names[::-1]):
        village = Village(RULES.replace("top 3", "top 10"))
        chatter(village, "2024-10-08", *order)
        (closed,) = village.until("2024-10-14 00:00")
        boards.append(closed.notices[0].rows)
    assert boards[0] == boards[1] == tuple((one, 1) for one in sorted(names))


def test_several_keys_and_other_measures() -> None:
    village = Village(
        """
leaderboard pairs top 5 by distinct(message.id by member and message.topic this month)
leaderboard best top 2 by average(rating.score by rating.target today)
leaderboard open top 2 by count(message by member within 3 days)
"""
    )
    village.send("2024-10-08 10:00", "amy", "message", "hi", id="a1")
    village.send("10:01", "amy", "rating", about="bob", score=4)
    village.send("10:02", "amy", "rating", about="bob", score=5)
    village.send("10:02", "amy", "rating", about="bob", score=5)
    village.send("10:03", "bob", "rating", about="amy", score=5)
    shown = {one.notices[0].name: one.notices[0].rows for one in village.until("2024-10-09 00:00")}
    assert {name: [(key, str(value)) for key, value in rows] for name, rows in shown.items()} == {
        "best": [("amy", "5"), ("bob", "4.66666666666667")],
        "open": [("amy", "1")],
    }


def test_a_store_that_was_closed_ranks_what_it_holds(tmp_path: Path) -> None:
    store = f"sqlite:///{tmp_path / 'a.db'}"
    shown = []
    for again in (False, True):
        village = Village(RULES, store=store if again else "memory:")
        for day, who in (("2024-10-08", ("amy", "bob")), ("2024-10-09", ("bob", "zoe", "cat"))):
            if again and day == "2024-10-09":
                village.engine.close()
                village = Village(RULES, store=store)
                village.count = 2
            chatter(village, day, *who)
        shown.append([one.notices for one in village.until("2024-10-14 00:00")])
    assert shown[0] == shown[1]
    assert shown[0][0][0].rows == (("bob", 2), ("amy", 1), ("cat", 1))
