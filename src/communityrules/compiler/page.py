"""A function that tells evidence, while it is being written: its lines, and which pieces it is known to tell once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Self

from communityrules.compiler.writer import PARAMETERS, Plan, Writer


class Page:
    """One such function; it answers whether no piece can be there twice."""

    def __init__(self, plan: Plan) -> None:
        self.w = Writer(plan)
        self.plan = plan
        self.indent = 0
        self._lines: list[str] = []
        #: The kind and subject of each piece of evidence; None where one may be told twice.
        self._pieces: set[tuple[str, str]] | None = set()

    def line(self, text: str) -> None:
        """Adds a line that may tell anything."""
        self._pieces = None
        self._write(text)

    def _write(self, text: str) -> None:
        self._lines.append("    " * self.indent + text)

    def add(self, note: Callable[..., Any], *arguments: str) -> None:
        """Adds what `note` makes of the values of some code: one piece of evidence."""
        self.line(f"notes.append({self.w.program.constant(note)}({', '.join(arguments)}))")

    def extend(self, note: Callable[..., Any], *arguments: str) -> None:
        """The same of any number of pieces."""
        self.line(f"notes.extend({self.w.program.constant(note)}({', '.join(arguments)}))")

    def piece(self, kind: str, **parts: str) -> None:
        """Adds a piece of evidence made in place, of the code of its parts: what most rules tell costs no call."""
        if self._pieces is not None:
            about = (kind, parts["what"])
            self._pieces = None if about in self._pieces else {*self._pieces, about}
        said = "".join(f', "{name}": {code}' for name, code in parts.items())
        self._write(f'notes.append({{"kind": {self.said(kind)}{said}}})')

    def said(self, text: str) -> str:
        """A text of ours, or of the rules, in code: a constant like every other."""
        return self.w.program.make(("name", text), lambda: text)

    def finish(self) -> str:
        """Writes the function and gives its name."""
        name = self.w.program.name("explain")
        self.plan.source.add(
            self.w.function(name, [*self._lines, f"return {self._pieces is not None}"], PARAMETERS + ", notes")
        )
        return name

    def first(self, branches: Sequence[tuple[Callable[[Self], str], Callable[[Self], None]]]) -> None:
        """Tells the first of several branches that holds; the last is known to hold when no other does. Each is code
        for whether it holds, and what tells it, both on a page that is being written.

        In a function of its own, left after the first: a chain of `elif` may be deeper than Python takes.
        """
        page = self if len(branches) == 1 else type(self)(self.plan)
        before = page._pieces
        told: set[tuple[str, str]] | None = set()
        for test, tell in branches[:-1]:
            page._write(f"if {test(page)}:")
            page.indent += 1
            tell(page)
            page._write("return None")
            page.indent -= 1
            # Of the branches only one is told.
            told = None if told is None or page._pieces is None else told | page._pieces
            page._pieces = before
        branches[-1][1](page)
        if page is not self:
            self._write(f"{page.finish()}({PARAMETERS}, notes)")
            mine, theirs = self._pieces, None if told is None or page._pieces is None else told | page._pieces
            self._pieces = mine | theirs if mine is not None and theirs is not None and not mine & theirs else None
