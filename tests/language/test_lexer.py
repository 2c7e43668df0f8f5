"""Keywords and patterns in a prepared text: what they need before them, and what may not follow."""

from __future__ import annotations

import pytest

from communityrules.language.lexer import RulesLexer
from communityrules.language.table import read_table
from communityrules.language.token import Token

TABLE = read_table()
assert TABLE is not None
LEXER = RulesLexer(TABLE.terminals)
NAMES = frozenset(one.name for one in TABLE.terminals)


def token(text: str, *accepted: str, at: int = 0, end: int | None = None) -> Token | None:
    # The lexer remembers what a state accepts, so each set is a state of its own.
    return LEXER.next_token(text, at, len(text) if end is None else end, hash(accepted), accepted)


@pytest.mark.parametrize(
    ("terminal", "text", "found"),
    [
        ("IS_NOT", "is \t not x", "is \t not"),
        ("IS", "is\nnot", "is"),
        ("IS", "isx", None),
        ("IS", "is . a", None),
        ("IS", "is.", "is"),
        ("IS", "is . 3", "is"),
        ("IS", "是", "是"),
        ("IS", "是否", None),
        ("AT_MOST", "<=x", "<="),
        ("LESS", "<=", "<"),
        ("LESS", "小于3", "小于"),
        ("LESS", "小于甲", None),
        ("IF_LATE", ", \n\x02 if late x", ", \n\x02 if late"),
        ("IF_LATE", ",", None),
        ("IF_LATE", "if late", "if late"),
        ("RULE", "rule 1", "rule"),
        ("TABLE", "规则表 甲", "规则表"),
        ("EVERY", "每 3 天", "每"),
        ("EVERY", "每甲", None),
        ("NUMBER", "12.5 %", "12.5 %"),
        ("NAME", "甲乙 丙", "甲乙"),
    ],
)
def test_what_stands_there(terminal: str, text: str, found: str | None) -> None:
    assert token(text, terminal) == found


def test_declarations_count_only_at_the_beginning_of_a_line() -> None:
    assert token("a rule", "RULE", at=2) is None
    assert token("a\x02rule", "RULE", at=2) == "rule"


def test_words_of_several_come_before_those_of_one() -> None:
    found = token("is not one of", *sorted(NAMES))
    assert found is not None
    assert (found.type, found) == ("NOT_ONE_OF", "is not one of")


def test_nothing_beyond_the_end_is_seen() -> None:
    assert token("is not", "IS", end=2) == "is"
    assert token("issue", "IS", end=2) == "is"
    assert token("is not", "IS_NOT", end=5) is None
    found = token("  ", "IS")
    assert found is not None
    assert found.type == "$END"
