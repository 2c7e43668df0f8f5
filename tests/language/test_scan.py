"""Preparing a text looks at each of its letters a few times at most, whatever stands in it."""

from __future__ import annotations

import pytest

from communityrules.diagnostics.source import Source
from communityrules.language import scan as scanning
from communityrules.language.scan import QUOTES, scan

#: Opens and does not close: quotes on a line of their own, behind words, with what does not close them; and the rest.
OPEN = (
    *(f"{one}\n" for one in QUOTES),
    *(f"list a = {one}x\n" for one in QUOTES),
    *(f"{one}\\{QUOTES[one]}\n" for one in QUOTES),
    *(f"{one}\\" for one in QUOTES),
    *QUOTES,
    "#\n", "＃x\n", "#", "=/a\n", "=/[a\n", "=/", "/\n", " matches /(\n",
)  # fmt: skip
#: Closes, all of it on one line.
CLOSED = (*(f"{one}a{closing}," for one, closing in QUOTES.items()), "=/a/,", "x ", "= ")
LETTERS = 20_000


class Counted(str):
    """A text that counts the letters that are looked at when something is looked for in it."""

    __slots__ = ("looked_at",)
    looked_at: int

    def find(self, wanted: str, start: int = 0, end: int | None = None) -> int:  # type: ignore[override]
        stop = len(self) if end is None else min(end, len(self))
        found = super().find(wanted, start, stop)
        self.looked_at += (stop if found < 0 else found + 1) - start
        return found


def _looked_at(text: str) -> int:
    counted = Counted(text)
    counted.looked_at = 0
    scan(Source("x", counted))
    return counted.looked_at


@pytest.mark.parametrize("unit", [*OPEN, *CLOSED], ids=repr)
@pytest.mark.parametrize("kernel", [True, False], ids=["kernel", "python"])
def test_nothing_is_looked_for_beyond_its_line(unit: str, kernel: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if not kernel:
        monkeypatch.setattr(scanning, "native", lambda _: None)
        monkeypatch.setattr(scanning, "_usual", lambda: None)
    text = unit * (LETTERS // len(unit))
    assert _looked_at(text) <= 4 * len(text)
    # What comes behind the line does not matter.
    assert _looked_at(text + "\n" + "x" * LETTERS) <= 4 * len(text) + LETTERS


def test_a_quote_that_closes_on_another_line_is_open() -> None:
    for one, closing in QUOTES.items():
        found = scan(Source("x", f"a {one}b \nc{closing} d\n"))
        assert (2, 4) in found.unclosed
        assert found.values[2] == "b"
