"""The parse table computed by Lark: where the kept one is out of step, and to make it.

`python -m communityrules.language.computing` writes `grammars/table.json` of a source checkout anew.
"""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import lark
from lark.lexer import Lexer
from lark.parsers.lalr_analysis import Shift

from communityrules.language.keywords import grammar_text, keyword_table
from communityrules.language.table import FILE, HANDED_UP, Reduction, Table, Terminal, encoded
from communityrules.language.terminals import terminal, terminals

#: The start symbols: a whole file, and the cells of a table.
STARTS = ("file", "cell", "cell_id", "cell_name")


class _Terminals(Lexer):
    """Keeps what Lark hands to a lexer; Lark computes the parse table here, it does not parse."""

    __future_interface__ = 2

    def __init__(self, conf: Any) -> None:
        self.conf = conf

    def lex(self, lexer_state: Any, parser_state: Any) -> Iterator[Any]:
        raise NotImplementedError  # the reader has a lexer of its own


def compute_table() -> Table:
    """The table of the grammar as it is now."""
    text = grammar_text("communityrules.lark") + terminals(keyword_table())
    parser = lark.Lark(text, parser="lalr", lexer=_Terminals, start=list(STARTS), maybe_placeholders=False)
    interactive = [parser.parse_interactive("", start) for start in STARTS]
    tables = [one.parser_state.parse_conf for one in interactive]
    starts = {start: table.start_state for start, table in zip(STARTS, tables, strict=True)}
    finals = {start: table.end_state for start, table in zip(STARTS, tables, strict=True)}
    rows = {
        state: {str(symbol): step for symbol, step in sorted(row.items(), key=lambda one: str(one[0]))}
        for state, row in tables[0].states.items()
    }
    number = _numbers(rows, list(starts.values()))
    reductions: dict[Reduction, int] = {}
    shifts: list[dict[str, int]] = []
    reduced: list[dict[str, int]] = []
    for state in number:
        row = rows[state].items()
        shifts.append({symbol: number[argument] for symbol, (action, argument) in row if action is Shift})
        found = {symbol: _reduction(argument) for symbol, (action, argument) in row if action is not Shift}
        reduced.append({symbol: reductions.setdefault(one, len(reductions)) for symbol, one in found.items()})
    return Table(
        _terminals(interactive[0].lexer_thread.lexer),
        tuple(reductions),
        tuple(shifts),
        tuple(reduced),
        {start: number[state] for start, state in starts.items()},
        {start: number[state] for start, state in finals.items()},
    )


def _numbers(rows: dict[Any, dict[str, Any]], starts: list[Any]) -> dict[Any, int]:
    """New numbers for the states, in the order in which they are reached: Lark's change from run to run."""
    found = dict.fromkeys(starts)
    waiting = deque(starts)
    while waiting:
        for action, argument in rows[waiting.popleft()].values():
            if action is Shift and argument not in found:
                found[argument] = None
                waiting.append(argument)
    return {state: number for number, state in enumerate(found)}


def _reduction(rule: Any) -> Reduction:
    """What Lark's own tree builder does with a rule, in our words."""
    origin = str(rule.origin.name)
    if rule.alias is None and origin.startswith("_"):
        make = HANDED_UP
    else:
        make = ("?" if rule.options.expand1 and rule.alias is None else "") + str(rule.alias or origin)
    return Reduction(origin, make, "".join(_part(one, rule.options.keep_all_tokens) for one in rule.expansion))


def _part(symbol: Any, keep_all_tokens: bool) -> str:
    if symbol.is_term:
        return "-" if symbol.filter_out and not keep_all_tokens else "."
    return "*" if str(symbol.name).startswith("_") else "."


def _terminals(lexer: Any) -> tuple[Terminal, ...]:
    table = keyword_table()
    ignored = set(lexer.conf.ignore)
    ordered = sorted(lexer.conf.terminals, key=lambda one: (-one.priority, one.name))
    return tuple(terminal(table, one.name, one.pattern.to_regexp()) for one in ordered if one.name not in ignored)


def kept_text() -> str:
    """What the file should hold."""
    return encoded(compute_table(), f"lark {lark.__version__}")


def main() -> int:
    folder = Path(__file__).parents[3] / "grammars"
    if not folder.is_dir():
        sys.stderr.write("The table is made in a source checkout: there is no folder of grammars here.\n")
        return 2
    (folder / FILE).write_text(kept_text(), encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
