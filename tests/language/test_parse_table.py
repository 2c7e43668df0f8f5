"""The kept parse table is in step with the grammar, and gives what Lark's own tree builder gives."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
from lark import Lark
from lark.lexer import Lexer
from lark.parsers.lalr_analysis import Shift
from reading import TOURS

from communityrules.diagnostics.source import Source
from communityrules.language import computing, grammar, keywords, reader, table
from communityrules.language.building import Builder
from communityrules.language.computing import STARTS, compute_table, kept_text
from communityrules.language.grammar import Grammar
from communityrules.language.keywords import grammar_text, keyword_table
from communityrules.language.lexer import RulesLexer
from communityrules.language.parse import parse
from communityrules.language.table import FILE, read_table
from communityrules.language.terminals import terminals

HERE = Path(__file__)
ROOT = HERE.parents[2]
BOOKS = sorted(
    path for folder in (ROOT / "examples", ROOT / "tests" / "cases", TOURS) for path in folder.rglob("*.rules")
)  # fmt: skip
HOW_TO_MEND = "the grammar has changed: run `python -m communityrules.language.computing`"


def test_the_kept_table_is_in_step() -> None:
    assert read_table() is not None, HOW_TO_MEND
    if f"lark {version('lark')}" in grammar_text(FILE).splitlines()[1]:
        assert kept_text() == grammar_text(FILE), HOW_TO_MEND


def test_what_is_kept_is_what_was_computed() -> None:
    assert read_table() == compute_table(), HOW_TO_MEND


def test_hashing_does_not_change_the_table() -> None:
    code = "from communityrules.language import computing as c; print(c.kept_text() == c.grammar_text(c.FILE))"
    for seed in ("1", "2"):
        ran = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True,
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)},
        )  # fmt: skip
        assert ran.stdout == "True\n"


# --- Lark's own way ------------------------------------------------------------------------------------------


class _NoLexer(Lexer):
    __future_interface__ = 2

    def __init__(self, conf: Any) -> None: ...

    def lex(self, lexer_state: Any, parser_state: Any) -> Any:
        raise NotImplementedError


@lru_cache(maxsize=1)
def larks_grammar() -> Grammar:
    """The grammar with the functions that Lark wraps around the builder's methods."""
    builder = Builder()
    text = grammar_text("communityrules.lark") + terminals(keyword_table())
    lark = Lark(text, parser="lalr", lexer=_NoLexer, start=list(STARTS), maybe_placeholders=False, transformer=builder)
    tables = [lark.parse_interactive("", start).parser_state.parse_conf for start in STARTS]

    def build(rule: Any) -> Callable[[list[Any]], Any] | None:
        if rule.options.expand1 and len(rule.expansion) == 1 and rule.alias is None:
            return None
        found: Callable[[list[Any]], Any] = tables[0].callbacks[rule]
        return found

    actions = {
        state: {
            symbol: argument
            if action is Shift
            else (len(argument.expansion), str(argument.origin.name), build(argument))
            for symbol, (action, argument) in row.items()
        }
        for state, row in tables[0].states.items()
    }
    return Grammar(
        RulesLexer(compute_table().terminals),
        builder,
        actions,
        {},
        {start: one.start_state for start, one in zip(STARTS, tables, strict=True)},
        {start: one.end_state for start, one in zip(STARTS, tables, strict=True)},
        threading.RLock(),
    )


@pytest.mark.parametrize("path", BOOKS, ids=lambda path: path.name)
def test_trees_and_problems_are_those_of_larks_own_way(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = Source(path.name, path.read_text(encoding="utf-8"))
    ours = parse(source)
    monkeypatch.setattr(reader, "load_grammar", larks_grammar)
    assert repr(ours) == repr(parse(source))


# --- when the grammar is edited ------------------------------------------------------------------------------


@pytest.fixture
def _edited(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A grammar in which no rulebook may say `published`."""
    real = grammar_text

    def edited(name: str) -> str:
        text = real(name)
        return text.replace(" | PUBLISHED DATE", "") if name.endswith(".lark") else text

    for module in (keywords, table, computing):
        monkeypatch.setattr(module, "grammar_text", edited)
    grammar.load_grammar.cache_clear()
    yield
    grammar.load_grammar.cache_clear()


@pytest.mark.usefixtures("_edited")
def test_an_edited_grammar_counts_at_once() -> None:
    assert read_table() is None
    assert parse(Source("x", 'rulebook "x"\n  published 2024-01-01'))[1]
    assert not parse(Source("x", 'rulebook "x"\n  version "1"'))[1]


@pytest.mark.parametrize("text", ["", "<<<<<<< ours\n", "[]", "{}"])
def test_a_broken_table_does_not_count(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table, "grammar_text", lambda name: text if name == FILE else grammar_text(name))
    assert read_table() is None


def test_lark_stays_away_while_the_table_is_at_hand() -> None:
    code = (
        "import sys; from communityrules.language.parse import parse;"
        "from communityrules.diagnostics.source import Source; parse(Source('x', 'rule 1'));"
        "print([one for one in sys.modules if one.startswith('lark')])"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True,
        env={**os.environ, "PYTHONPATH": ":".join(sys.path)},
    )  # fmt: skip
    assert ran.stdout == "[]\n"
