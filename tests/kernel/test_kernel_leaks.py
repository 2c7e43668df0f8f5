"""Nothing is left behind by the kernel, nor does it come to harm where there is no more memory."""

from __future__ import annotations

import gc
import subprocess
import sys
from pathlib import Path

import pytest
from jobs import JOBS, left_behind

from communityrules.kernel import native

SCRIPT = Path(__file__).with_name("jobs.py")
pytestmark = pytest.mark.skipif(native("turning") is None, reason="the kernel was not built")

#: Bytes that a round may leave, for what is remembered in Python; an object that is lost each time takes more.
MAY_STAY = {"moulds": 200, "sifting": 40}


@pytest.mark.parametrize("name", [name for name in JOBS if name != "keeping"])
def test_nothing_is_left_behind(name: str) -> None:
    rounds = 40
    assert left_behind(JOBS[name](), rounds) < 400 + rounds * MAY_STAY.get(name, 8)


def test_nothing_is_left_behind_by_what_a_store_is_told() -> None:
    job = JOBS["keeping"]()
    for _ in range(25):
        job()
    gc.collect()
    before = sys.getallocatedblocks()
    for _ in range(40):
        job()
    gc.collect()
    # Each tells of some eighteen cells: one object lost for each were seven hundred.
    assert sys.getallocatedblocks() - before < 300


@pytest.mark.parametrize("name", [name for name in JOBS if name != "keeping"])
def test_without_memory_that_is_said(name: str) -> None:
    pytest.importorskip("_testcapi")
    step = "31" if name in ("judging", "moulds") else "3"
    done = subprocess.run(
        [sys.executable, str(SCRIPT), name, "2500", step], capture_output=True, text=True, encoding="utf-8"
    )
    assert done.returncode == 0, done.stderr
