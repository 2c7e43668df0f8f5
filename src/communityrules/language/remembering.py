"""What was read before, read again: whole declarations, and the clauses and conditions of those that are new.

What a stretch of text becomes depends on its shape and on the state in which the parser comes to it, as long as no
more than that stretch is joined: the rule by which parsers use trees again when a text has changed. A declaration
always begins in the same state, so its mould is kept by its shape; those of clauses and operands are kept by both.
Where the next one of that shape stands, the parser is handed what the mould makes of it, and goes on behind it. The
first of its kind may be the only one: a mould is made when its shape is met again.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any, Final, NamedTuple

from communityrules.diagnostics.source import Span
from communityrules.language import shapes
from communityrules.language.building import Builder
from communityrules.language.filling import Filler
from communityrules.language.keywords import keyword_table
from communityrules.language.moulds import LOOKED_AT, Mould, Part, pack, unpack
from communityrules.language.run import TracedRun
from communityrules.language.scan import LINE_MARK, Scan
from communityrules.language.shapes import NONE, ONCE, Shapes
from communityrules.language.token import Token, make_token

#: After these an operand may begin.
_OPENERS: Final = frozenset({"IF", "AND", "OR", "NOT", "WHERE", "LPAR"})
_SPACES: Final = (" ", "\t")


class _Begun(NamedTuple):
    """A part that is read step by step."""

    #: What its mould will be kept by.
    key: str
    start: int
    end: int
    #: How many values and tokens there were before it, and the last token.
    height: int
    taken: int
    previous: Token | None
    #: The least height so far of the parts around it.
    lowest: int


class Remembering:
    """Reads the declarations of one source by what is known of their shapes, and adds to that."""

    def __init__(self, scan: Scan, builder: Builder, known: Shapes, is_harmless: Callable[[str], bool]) -> None:
        self._scan = scan
        self._builder = builder
        self._known = known
        self._fill = Filler(scan, builder.layouts, is_harmless)
        #: Moulds of whole declarations by shape; of parts by the state before them and their shape.
        self._wholes: dict[str, Mould] = {}
        self._parts: dict[int, dict[str, Mould]] = {}
        #: The parts around the place where the parser stands, the innermost last.
        self._begun: list[_Begun] = []

    # --- whole declarations ----------------------------------------------------------------------------------

    def whole(self, start: int, end: int) -> Any:
        """The declaration that stands there; None where none like it was read before."""
        return self._fill.build(start, end, self._wholes) or self._unpacked("", start, end, self._wholes)

    def keep(self, start: int, end: int, tokens: list[Token], node: Any) -> None:
        """Remember what was made of a declaration."""
        shape = self._fill.shape(start, end)
        if shape is None or self._builder.problems:
            return
        known = self._known.get(shape)
        if known is None:
            self._known.keep(shape, ONCE)
        elif known == ONCE:
            self._known.keep(shape, pack(self._fill.cut(start, end), tokens, None, node, self._scan))

    def _unpacked(self, before: str, start: int, end: int, moulds: dict[str, Mould]) -> Any:
        """What a mould gives that was not used in this source yet; None when there is none."""
        shape = self._fill.shape(start, end)
        if shape is None or shape in moulds:
            return None
        packed = self._known.get(before + shape)
        if packed in (None, ONCE, NONE):
            return None
        moulds[shape] = unpack(packed)
        return self._fill.build(start, end, moulds)

    # --- parts of a declaration ------------------------------------------------------------------------------

    def begin(self) -> None:
        """Make ready for another declaration."""
        self._begun.clear()

    def put_operand(self, run: TracedRun) -> bool:
        """Hand the parser the operand that stands next; False when none like it was read before."""
        if run.previous is None or run.previous.type not in _OPENERS:
            return False
        text, start = self._scan.text, run.position
        while text[start : start + 1] in _SPACES:
            start += 1
        end = _end_of_part(text, start)
        return end >= 0 and self._put(run, start, end)

    def put_clause(self, run: TracedRun, token: Token) -> bool:
        """The same of the clause that begins with a token, after one or more in the same declaration."""
        text, start = self._scan.text, token.start_pos
        if text[start - 1] != LINE_MARK or run.height < 2:
            return False
        end = _end_of_part(text, start)
        if end < 0 or text[end - 1] != LINE_MARK:
            return False
        # What stands before it is complete only now.
        run.settle(token.type)
        return self._put(run, start, end)

    def _put(self, run: TracedRun, start: int, end: int) -> bool:
        state = run.state
        moulds = self._parts.setdefault(state, {})
        found = self._fill.build(start, end, moulds) or self._unpacked(f"{state} ", start, end, moulds)
        if found is not None:
            self._hand_over(run, Part(*found), end)
            return True
        key = f"{state} {self._fill.shape(start, end)}"
        known = self._known.get(key)
        if known is None:
            self._known.keep(key, ONCE)
        elif known == ONCE:
            self._begun.append(_Begun(key, start, end, run.height, len(run.tokens), run.previous, run.lowest))
            run.lowest = run.height
        return False

    def _hand_over(self, run: TracedRun, part: Part, end: int) -> None:
        if part.depth:
            self._builder.note_depth(part.node, part.depth)
        *names, last = [make_token("NAME", one.text, one.start, one.end) for one in (*part.names, part.last)]
        last.type = part.kind
        run.put(part.node, part.state, names, last, end)

    def complete(self, run: TracedRun, token: Token) -> None:
        """Remember the parts that are read to their ends, now that a token stands behind them."""
        while self._begun and token.start_pos >= self._begun[-1].end:
            begun = self._begun.pop()
            # What was joined with something before it does not stand by itself, whatever is above that now.
            alone = run.lowest >= begun.height
            whole = alone and token.start_pos == begun.end and run.joins_to_one(token.type, begun.height)
            run.lowest = min(run.lowest, begun.lowest)
            self._known.keep(begun.key, self._packed(run, begun) if whole else NONE)

    def _packed(self, run: TracedRun, begun: _Begun) -> bytes:
        """The mould of the part that was read last."""
        if self._builder.problems:
            return NONE
        node, tokens = run.values[-1], run.tokens[begun.taken :]
        names = tuple(self._span(one) for one in tokens if one.type in LOOKED_AT)
        part = Part(node, run.state, self._builder.depth_of(node), names, tokens[-1].type, self._span(tokens[-1]))
        return pack(self._fill.cut(begun.start, begun.end), tokens, begun.previous, part, self._scan)

    def _span(self, token: Token) -> Span:
        return Span(self._scan.source, token.start_pos, token.end_pos)


def _end_of_part(text: str, start: int) -> int:
    """Where the operand or the clause that begins there may end: before the next line, the next `and` or `or`, or
    what closes a parenthesis around it. -1 where that is too far."""
    depth = 0
    for found in _ends().finditer(text, start, start + shapes.LONGEST):
        sign = found.group()
        if sign == "(":
            depth += 1
        elif sign == LINE_MARK:
            return found.end()
        elif depth == 0:
            return found.start()
        elif sign == ")":
            depth -= 1
    return -1


@lru_cache(maxsize=1)
def _ends() -> re.Pattern[str]:
    words = "|".join(
        re.escape(spelling)
        for token in ("AND", "OR")
        for one in keyword_table().of_token(token)
        for spelling in (*one.en, *one.zh)
    )
    return re.compile(rf"[(){LINE_MARK}]|(?<!\w)(?:{words})(?!\w)")
