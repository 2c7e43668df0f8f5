"""A short run of the soak test."""

from __future__ import annotations

import random
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="kills with SIGKILL")


def test_killed_and_resumed(tmp_path: Path) -> None:
    from kill_resume import one_round

    luck = random.Random(4)
    kills = 0
    for number in range(12):
        if kills < 20:
            folder = tmp_path / str(number)
            folder.mkdir()
            kills += one_round(folder, 600, 100 + 2 * number, 20 - kills, luck)
    assert kills
