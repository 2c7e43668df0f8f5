"""A short run of the edits at random, and that they find what they look for."""

from __future__ import annotations

import dataclasses
import random
import time
from collections.abc import Callable
from typing import Any

import pytest

from communityrules.checker import basis, check
from communityrules.checker.basis import Basis


@pytest.fixture(autouse=True)
def _small_texts_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(basis, "LEAST", 0)


def _run(seed: int) -> tuple[int, int, int]:
    import edit_rulebooks
    import edits

    texts = [path.read_text(encoding="utf-8") for path in edits.BOOKS[:20]]
    return edit_rulebooks.run(random.Random(seed), seed, texts, time.monotonic() + 600)


def test_all_is_as_checked_anew() -> None:
    tried, good, followed = map(sum, zip(*map(_run, (1, 2)), strict=True))
    assert tried > good > followed > 5


@pytest.mark.parametrize(
    "change",
    [
        lambda found: {"diagnostics": found.diagnostics[1:] or found.diagnostics * 2},
        lambda found: {"rulebook": dataclasses.replace(found.rulebook, rules=found.rulebook.rules[1:])},
        lambda found: {"counting": found.counting ^ {"1"}},
    ],
)
def test_a_difference_is_found(change: Callable[[Basis], dict[str, Any]], monkeypatch: pytest.MonkeyPatch) -> None:
    from edit_rulebooks import DifferError

    changed = check.changed

    def wrong(*given: Any) -> Basis | None:
        found = changed(*given)
        return dataclasses.replace(found, **change(found)) if found is not None else None

    monkeypatch.setattr(check, "changed", wrong)
    with pytest.raises(DifferError):
        list(map(_run, range(1, 6)))
