"""The kernel takes turns exactly as Python does."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from turns import story

from communityrules.kernel import native


@pytest.mark.skipif(native("turning") is None, reason="the kernel was not built, or is not wanted")
@pytest.mark.parametrize("store", ["memory:", "sqlite:///{folder}/{side}{{}}.db"])
def test_with_the_kernel_all_comes_to_the_same_as_without(store: str, tmp_path: Path) -> None:
    seeds = [str(seed) for seed in range(int(os.environ.get("COMMUNITYRULES_KERNEL_SEEDS", "4")))]
    script = Path(__file__).with_name("turns.py")
    without = subprocess.run(
        [sys.executable, str(script), store.format(folder=tmp_path, side="without"), *seeds],
        env={**os.environ, "COMMUNITYRULES_KERNEL": "off"},
        capture_output=True,
        text=True,
        check=True,
        encoding="utf-8",
    )
    mine = store.format(folder=tmp_path, side="with")
    told = [line for seed in seeds for line in story(int(seed), mine.format(seed))]
    assert sum(line.startswith("refused CR852") for line in told) > 10 * len(seeds)
    assert "\n".join(told) + "\n" == without.stdout
