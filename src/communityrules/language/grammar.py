"""The grammar made ready for use, once for each process."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from communityrules.frozen import dataclass
from communityrules.language.building import Builder
from communityrules.language.lexer import RulesLexer
from communityrules.language.shapes import Shapes
from communityrules.language.table import HANDED_UP, Reduction, Table, read_table

#: From the values that a rule joins to the one that it makes of them.
Maker = Callable[[list[Any]], Any]
#: How many values a rule joins, what it makes of them, and the function that does; None when the only value stays.
Join = tuple[int, str, Maker | None]


class Values(list[Any]):
    """Values that wait for the rule above, which takes them for its own."""


@dataclass(frozen=True, slots=True)
class Grammar:
    """The parse table, and the builder whose methods it calls."""

    lexer: RulesLexer
    builder: Builder
    #: By state and by what comes: the next state, or what is joined first.
    actions: Mapping[int, Mapping[str, int | Join]]
    #: Remembers where renaming reductions lead: by the state below, the state and what comes.
    renamed: dict[tuple[int, int, str], int]
    #: The first and the last state of each start symbol.
    starts: Mapping[str, int]
    finals: Mapping[str, int]
    #: Held during a parse: the builder holds its state.
    lock: threading.RLock
    #: How declarations were read so far; None where that is not remembered.
    shapes: Shapes | None = None


@lru_cache(maxsize=1)
def load_grammar() -> Grammar:
    """Reads the parse table; one that does not fit the grammar is computed anew, which takes a third of a second."""
    return grammar_of(read_table() or _computed())


def _computed() -> Table:
    # Lark is loaded only here.
    from communityrules.language.computing import compute_table

    return compute_table()


def grammar_of(table: Table) -> Grammar:
    """A grammar with a builder of its own."""
    builder = Builder()
    joins = [_join(one, builder) for one in table.reductions]
    actions: dict[int, dict[str, int | Join]] = {}
    for state, (shifts, reduced) in enumerate(zip(table.shifts, table.reduced, strict=True)):
        row = actions[state] = dict(shifts)
        for symbol, index in reduced.items():
            row[symbol] = joins[index]
    lexer = RulesLexer(table.terminals)
    return Grammar(lexer, builder, actions, {}, table.starts, table.finals, threading.RLock(), Shapes())


def _join(one: Reduction, builder: Builder) -> Join:
    size = len(one.parts)
    if one.make.startswith("?"):
        # A rule that only ever renames one value needs no method.
        make: Maker | None = None if one.parts == "." else Single(getattr(builder, one.make[1:]))
    else:
        make = Values if one.make == HANDED_UP else getattr(builder, one.make)
    return size, one.origin, make if make is None else _chosen(make, one.parts)


class Single:
    """A rule that leaves a value alone as it is, and joins several."""

    __slots__ = ("make",)

    def __init__(self, make: Maker) -> None:
        self.make = make

    def __call__(self, values: list[Any]) -> Any:
        return values[0] if len(values) == 1 else self.make(values)


class Chosen:
    """A function for those of the values that count."""

    __slots__ = ("make", "parts")

    def __init__(self, make: Maker, parts: str) -> None:
        self.make = make
        self.parts = parts

    def __call__(self, values: list[Any]) -> Any:
        return self.make(self.of(values))

    def of(self, values: list[Any]) -> list[Any]:
        """The values that count, those of a list that was handed up one by one."""
        found: list[Any] = []
        for part, value in zip(self.parts, values, strict=True):
            if part == "*":
                found += value
            elif part == ".":
                found.append(value)
        return found


class Grown(Chosen):
    """The same for a list that grows by one at its end: copied each time it would cost the square of its length."""

    __slots__ = ()

    def __call__(self, values: list[Any]) -> Any:
        found: Values = values[0]
        found.extend(values[1:])
        return found if self.make is Values else self.make(found)


def _chosen(make: Maker, parts: str) -> Maker:
    """The function for the values that count."""
    if parts.strip(".") == "":
        return make
    if parts[0] == "*" and parts[1:].strip(".") == "":
        return Grown(make, parts)
    return Chosen(make, parts)
