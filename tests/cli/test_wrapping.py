"""Lines are as long as they may be in cells, and what belongs together stays together."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from communityrules.cli.wrapping import wrap
from communityrules.diagnostics.width import cells


def test_english_breaks_at_spaces() -> None:
    assert wrap("one two three four", 9) == ["one two", "three", "four"]
    assert wrap("", 9) == []
    assert wrap("abcdefghijkl", 5) == ["abcde", "fghij", "kl"]


def test_chinese_breaks_between_characters_and_not_before_marks() -> None:
    assert wrap("规则手册,评判事件。", 8) == ["规则手", "册,评判", "事件。"]
    assert wrap("请写 `--format json` 或别的", 16) == ["请写", "`--format json`", "或别的"]
    assert wrap("从未触发:1、2、A-10、4", 16) == ["从未触发:1、2、", "A-10、4"]


@given(st.text("ab `,。、中文(「x」) 1", max_size=60), st.integers(8, 40))
def test_nothing_is_lost_and_no_line_is_too_long(text: str, width: int) -> None:
    lines = wrap(text, width)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(cells(line.rstrip()) <= width for line in lines)
