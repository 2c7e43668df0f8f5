"""Where diagnostics are gathered while a rulebook is checked."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from communityrules.diagnostics.message import Bilingual, Diagnostic, Fix, Message
from communityrules.diagnostics.source import Source, Span

TOO_MANY: Final = Message(
    code="CR790",
    severity="warning",
    title=Bilingual("More findings than are shown", "问题太多,未全部列出"),
    text=Bilingual("{more} more findings are not shown.", "还有 {more} 个问题未列出。"),
    hint=Bilingual("Mend the first ones and check again.", "先改好前面的,再检查一次。"),
)


_WORD: Final = re.compile(r"[\w.\-]+")


class Reporter:
    """Collects diagnostics: each once, in source order at the end."""

    def __init__(self) -> None:
        self._found: list[Diagnostic] = []
        #: How many errors so far.
        self.errors = 0
        #: Where the parser has found something wrong.
        self._faults: list[Span] = []
        self._seen: set[tuple[object, ...]] = set()
        #: Sources whose syntax is broken: what is absent from them may only have failed to parse.
        self.broken: set[int] = set()
        #: Words of the parts that did not parse; nothing is said of names among them.
        self.lost_words: set[str] = set()

    def lose(self, source: Source, parsed: list[Span], faults: list[Span | None]) -> None:
        """Notes that parts of a source did not parse: nothing is said of what only they could have declared."""
        self.broken.add(id(source))
        at = 0
        lost: list[str] = []
        for span in sorted(parsed, key=lambda one: one.start):
            lost.append(source.text[at : span.start])
            at = max(at, span.end)
        lost.append(source.text[at:])
        self._faults.extend(one for one in faults if one is not None)
        # A fault within a declaration has cost it the rest of its line.
        lines: dict[tuple[int, int], None] = {}
        for fault in faults:
            if fault is not None and fault.source is source:
                first = source.text.rfind("\n", 0, fault.start) + 1
                last = source.text.find("\n", fault.end)
                lines[first, last if last >= 0 else len(source.text)] = None
        lost.extend(source.text[first:last] for first, last in lines)
        for part in lost:
            self.lost_words.update(_WORD.findall(part))

    @property
    def any_broken(self) -> bool:
        return bool(self.broken)

    def add(
        self,
        message: Message,
        span: Span | None,
        *,
        fix: Fix | None = None,
        values: Mapping[str, str | Bilingual] | None = None,
        **texts: str | Bilingual,
    ) -> None:
        """Reports one message at one place; a repetition of it is dropped."""
        self.put(Diagnostic(message, span, {**(values or {}), **texts}, fix))

    def put(self, found: Diagnostic) -> None:
        if self._follows(found):
            return
        place = (id(found.span.source), found.span.start, found.span.end) if found.span else None
        key = (found.code, place, tuple(found.values.items()))
        if key not in self._seen:
            self._seen.add(key)
            self._found.append(found)
            self.errors += found.severity == "error"

    def _follows(self, found: Diagnostic) -> bool:
        """Whether it speaks of words that the parser has reported already: what it made of them is a guess."""
        if found.span is None or found.code[2] not in "2345":
            return False
        return any(
            fault.source is found.span.source and fault.start <= found.span.start and found.span.end <= fault.end
            for fault in self._faults
        )

    def sorted(self, order: list[Source], most: int) -> tuple[Diagnostic, ...]:
        """Everything found, by file in the given order and by place; beyond `most`, warnings go first."""
        found = self.in_order(order)
        if len(found) <= most:
            return found
        kept = set(
            map(id, ([o for o in found if o.severity == "error"] + [o for o in found if o.severity != "error"])[:most])
        )
        shown = [one for one in found if id(one) in kept]
        shown.append(Diagnostic(TOO_MANY, None, {"more": str(len(found) - most)}))
        return tuple(shown)

    def in_order(self, order: list[Source]) -> tuple[Diagnostic, ...]:
        """Everything found, by file in the given order and by place."""
        rank = {id(source): number for number, source in enumerate(order)}

        def place(one: Diagnostic) -> tuple[int, int, int, str]:
            if one.span is None:
                return (-1, 0, 0, one.code)
            return (rank.get(id(one.span.source), len(rank)), one.span.start, one.span.end, one.code)

        return tuple(sorted(self._found, key=place))
