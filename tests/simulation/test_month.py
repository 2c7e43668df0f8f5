"""A short month of simulated community life under every rulebook of the cookbook; `simulate.py` lives longer ones."""

from __future__ import annotations

from pathlib import Path

import pytest
from simulate import BOOKS, live

from communityrules import load

#: Planned events of a month; what people answer to decisions comes on top.
EVENTS = 200
#: Books of which hardly any rule depends on the order within an instant: some events of a month change places there.
ORDERLESS = frozenset({"01", "02", "14", "17", "22", "57"})


@pytest.mark.parametrize("book", BOOKS, ids=lambda book: book.name[:2])
def test_a_month(book: Path, tmp_path: Path) -> None:
    month = live(load(book), EVENTS, 1, tmp_path)
    assert month.events >= EVENTS
    assert month.acted, "no rule of the book did anything"
    assert month.moved or book.name[:2] not in ORDERLESS, "nothing was shuffled"
