"""Whatever a host's code does in the middle of what the kernel does, nothing is read that is gone."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from meddling import ALL

from communityrules.kernel import native

SCRIPT = Path(__file__).with_name("meddling.py")


@pytest.mark.skipif(native("turning") is None, reason="the kernel was not built")
@pytest.mark.parametrize("name", ALL)
def test_nothing_is_read_that_is_gone(name: str) -> None:
    # What is let go of is written over at once, unless the sanitizers look after it.
    env = {"PYTHONMALLOC": "debug", **os.environ}
    done = subprocess.run(
        [sys.executable, str(SCRIPT), name], env=env, capture_output=True, text=True, encoding="utf-8"
    )
    assert done.returncode == 0, done.stderr
