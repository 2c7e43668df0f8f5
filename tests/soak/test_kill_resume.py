"""A short run of the soak test."""

from __future__ import annotations

import random
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="kills with SIGKILL")


@pytest.mark.parametrize("scene", ["busy", "lively"])
def test_killed_and_resumed(scene: str, tmp_path: Path) -> None:
    import kill_resume

    chosen = {"busy": kill_resume.busy, "lively": kill_resume.lively}[scene]()
    luck = random.Random(4)
    kills = 0
    for number in range(8):
        if kills < 10:
            folder = tmp_path / str(number)
            folder.mkdir()
            kills += kill_resume.one_round(chosen, folder, 600, 100 + 2 * number, 10 - kills, luck)
    assert kills


def test_everything_is_in_play() -> None:
    """What the second scene is for does happen in it."""
    from kill_resume import lively

    scene = lively()
    decisions = list(scene.run(None, scene.events(1200, 1), 256))
    timers = {one.event.what for one in decisions if not isinstance(one.event, str)}
    assert timers >= {"duty", "reminder", "case", "sanction", "label", "state", "period", "breaker", "leaderboard"}
    evidence = {of["kind"] for one in decisions for outcome in one.outcomes for of in outcome.evidence}
    assert evidence >= {"allowance", "appeal", "breaker", "cap", "case", "finding", "late", "due", "power", "state"}
    acted = {(outcome.rule, of.do) for one in decisions for outcome in one.outcomes for of in outcome.actions}
    assert acted >= {("20", "note"), ("21", "flag")}
    assert any(of.reverses for one in decisions for of in one.points)
    assert {of.status for one in decisions for of in one.sanctions} >= {"in_force", "ended", "reversed"}
    assert {of.status for one in decisions for of in one.duties} == {"open", "met", "late", "cancelled"}
    assert {of.priority for one in decisions for of in one.duties} >= {None, "urgent"}
