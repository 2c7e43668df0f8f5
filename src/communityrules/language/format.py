"""One layout for every rulebook, in either spelling."""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal

from communityrules.language.names import NameTable
from communityrules.language.printing.declarations import DeclarationPrinter
from communityrules.language.printing.words import Words
from communityrules.language.tree import PLAIN, File, Layout

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
    printer = DeclarationPrinter(Words(file, names, to or file.spelling, imported))
    blocks = [printer.block(one) for one in file.declarations]
    lines: list[str] = []
    for index, block in enumerate(blocks):
        apart = index > 0 and bool(block.lines or blocks[index - 1].lines)
        _item(lines, block.head, block.layout, "", blank=block.layout.blank or apart)
        for text, layout in block.lines:
            _item(lines, text, layout, _INDENT, blank=layout.blank)
    lines.extend(f"# {text}".rstrip() if text else "" for text in file.trailing)
    return "\n".join([*lines, ""])


def _item(lines: list[str], text: str, layout: Layout, indent: str, *, blank: bool) -> None:
    if blank and lines:
        lines.append("")
    if layout is not PLAIN:
        lines.extend([f"{indent}# {comment}".rstrip() if comment else "" for comment in layout.before])
    first, *rest = text.split("\n") if "\n" in text else (text,)
    lines.append(indent + first + (f"  # {layout.after}".rstrip() if layout.after is not None else ""))
    lines.extend([indent + line for line in rest])
