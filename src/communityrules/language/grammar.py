"""The grammar made ready for use, once for each process."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from lark import Lark
from lark.parsers.lalr_analysis import Shift

from communityrules.language.building import Builder
from communityrules.language.keywords import grammar_text, keyword_table, terminals
from communityrules.language.lexer import RulesLexer

#: The start symbols: a whole file, and the cells of a table.
STARTS = ("file", "cell", "cell_id", "cell_name")

#: How many values a rule joins, what it makes of them, and the function that does; None when the only value stays.
Reduction = tuple[int, str, Callable[[list[Any]], Any] | None]


@dataclass(frozen=True, slots=True)
class Grammar:
    """The parse table that Lark computes, and the builder whose methods it calls."""

    lexer: RulesLexer
    builder: Builder
    #: By state and by what comes: the next state, or what is joined first.
    actions: Mapping[int, Mapping[str, int | Reduction]]
    #: Remembers where renaming reductions lead: by the state below, the state and what comes.
    renamed: dict[tuple[int, int, str], int]
    #: The first and the last state of each start symbol.
    starts: Mapping[str, int]
    finals: Mapping[str, int]
    #: Held during a parse: the builder holds its state.
    lock: threading.RLock


@lru_cache(maxsize=1)
def load_grammar() -> Grammar:
    """Builds the parse table, which takes about a third of a second; later calls give the same object."""
    builder = Builder()
    text = grammar_text("communityrules.lark") + terminals(keyword_table())
    lark = Lark(
        text, parser="lalr", lexer=RulesLexer, start=list(STARTS), maybe_placeholders=False, transformer=builder
    )
    interactive = [lark.parse_interactive("", start) for start in STARTS]
    tables = [one.parser_state.parse_conf for one in interactive]
    callbacks = tables[0].callbacks
    actions: dict[int, dict[str, int | Reduction]] = {
        state: {
            symbol: argument
            if action is Shift
            else (len(argument.expansion), str(argument.origin.name), _builder_of(argument, callbacks))
            for symbol, (action, argument) in row.items()
        }
        for state, row in tables[0].states.items()
    }
    lexer: Any = interactive[0].lexer_thread.lexer
    return Grammar(
        lexer,
        builder,
        actions,
        {},
        {start: table.start_state for start, table in zip(STARTS, tables, strict=True)},
        {start: table.end_state for start, table in zip(STARTS, tables, strict=True)},
        threading.RLock(),
    )


def _builder_of(rule: Any, callbacks: Mapping[Any, Any]) -> Callable[[list[Any]], Any] | None:
    if rule.options.expand1 and len(rule.expansion) == 1 and rule.alias is None:
        return None
    build: Callable[[list[Any]], Any] = callbacks[rule]
    return build
