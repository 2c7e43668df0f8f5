"""One layout for every rulebook, in either spelling."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any, Literal

from communityrules.language.names import NameTable
from communityrules.language.printing.declarations import DeclarationPrinter
from communityrules.language.printing.words import Words
from communityrules.language.tree import PLAIN, Clause, Content, File, If, Layout, OnEvents, Todo

_INDENT = "  "


def format_file(
    file: File, names: NameTable, to: Literal["en", "zh"] | None = None, imported: Collection[str] = ()
) -> str:
    """The canonical text of a file.

    `to` chooses the spelling of syntax words and library names; None keeps the one that the file mostly has. Names,
    texts and comments of the writer stay as they are; `imported` are names that the files it uses declare. The tree
    must be free of syntax errors. Parsing the result gives an equal tree (but for the spelling of library names), and
    formatting it again gives the same text.
    """
    printer = _FilePrinter(Words(file, names, to or file.spelling, imported))
    blocks = [printer.block(one) for one in file.declarations]
    lines: list[str] = []
    for index, block in enumerate(blocks):
        apart = index > 0 and bool(block.lines or blocks[index - 1].lines)
        _item(lines, block.head, block.layout, "", blank=block.layout.blank or apart)
        for text, layout in block.lines:
            if "\n" in text or layout.blank or layout.after is not None:
                _item(lines, text, layout, _INDENT, blank=layout.blank)
                continue
            # Nearly all lines are like this, and of a large file there are a hundred thousand.
            if layout is not PLAIN:
                lines += [f"{_INDENT}# {comment}".rstrip() if comment else "" for comment in layout.before]
            lines.append(_INDENT + text)
    lines.extend(f"# {text}".rstrip() if text else "" for text in file.trailing)
    return "\n".join([*lines, ""])


def _item(lines: list[str], text: str, layout: Layout, indent: str, *, blank: bool) -> None:
    if blank and lines:
        lines.append("")
    lines += [f"{indent}# {comment}".rstrip() if comment else "" for comment in layout.before]
    after = f"  # {layout.after}".rstrip() if layout.after is not None else ""
    if "\n" not in text:
        lines.append(indent + text + after)
        return
    first, *rest = text.split("\n")
    lines.append(indent + first + after)
    lines.extend([indent + line for line in rest])


class _FilePrinter(DeclarationPrinter):
    """Spells what many rules of one file share once: clauses, conditions, events. All of it lives as long as the file
    is printed, so that it is known by where it stands in memory."""

    def __init__(self, words: Words) -> None:
        super().__init__(words)
        self._known: dict[tuple[type, int], str] = {}

    def _clauses(self, clauses: Iterable[Clause]) -> list[tuple[str, Layout]]:
        known = self._known
        found: list[tuple[str, Layout]] = []
        for one in clauses:
            kind = type(one)
            if kind is Content or kind is Todo:
                # No two of them are alike.
                found.append((self.clause(one), one.layout))
                continue
            shared: Any = one.condition if isinstance(one, If) else one.events if isinstance(one, OnEvents) else one
            text = known.get((kind, id(shared)))
            if text is None:
                text = known[kind, id(shared)] = self.clause(one)
            found.append((text, one.layout))
        return found
