"""Sheets as one Markdown document that people can read, and that gives the same sheets again.

Each sheet is a table under a heading; what stands above the heads of a rule table stands there as a block of code. What
Markdown would take for markup has a backslash before it, so the document shows what the cells say.
"""

from __future__ import annotations

import re
from typing import Final

from communityrules.tables.workbook.fitting import check_fits
from communityrules.tables.workbook.grid import Raw, Workbook

#: What means something to Markdown; an underscore only beside a letter that no word goes on with.
_MARKUP: Final = re.compile(r"[\\|`*\[<~]|&(?=[#\w])|(?<!\w)_|_(?!\w)|^(?=#)")
#: A backslash before a sign stands for the sign; before anything else it is one.
_READ: Final = re.compile(r"\\([!-/:-@\[-`{-~])|<br ?/?>", re.IGNORECASE)
_HEADING: Final = re.compile(r" {0,3}##[ \t]+(.*?)[ \t]*\Z")
_RULE: Final = re.compile(r"[ \t]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*+\|?[ \t]*\Z")
_CODE: Final = "    "


def write_markdown(workbook: Workbook) -> bytes:
    """One document with a table under a heading for each sheet; `read_markdown` gives the sheets back.

    RulesError for what could not be read back.
    """
    check_fits(workbook)
    parts: list[str] = []
    for sheet in workbook.sheets:
        parts.append(f"## {escaped(sheet.title)}\n")
        if sheet.banner:
            parts.append("".join(f"{_CODE}{line}\n" for line in sheet.banner.split("\n")))
        rows = [[escaped(one) for one in row] for row in (sheet.heads, *sheet.rows)]
        rows.insert(1, ["---"] * len(sheet.heads))
        parts.append("".join("| " + " | ".join(row) + " |\n" for row in rows))
    return "\n".join(parts).encode()


def read_markdown(text: str) -> list[Raw]:
    """The tables of a document, each under the heading above it, with the code between the two as a row of its own.

    Rows stand at the numbers of their lines, so that a cell can be told of by the line that it is in.
    """
    found: list[Raw] = []
    heading, banner, first = "", "", 0
    rows: list[list[str]] = []
    lines = text.split("\n")
    for index, line in enumerate([*lines, ""]):
        row = line.strip().startswith("|") or ("|" in line and bool(rows))
        if row and not rows and not (index + 1 < len(lines) and _RULE.match(lines[index + 1])):
            row = False
        if row:
            if not rows:
                first = index
            rows.append(_cells(line))
            continue
        if rows:
            found.append((heading, _placed(rows, banner, first)))
            rows, banner = [], ""
        if (titled := _HEADING.match(line)) is not None:
            heading, banner = _said(titled.group(1)), ""
        elif line.startswith((_CODE, "\t")) and line.strip():
            banner += ("\n" if banner else "") + line.removeprefix("\t").removeprefix(_CODE)
    return found


def _placed(rows: list[list[str]], banner: str, first: int) -> list[list[str]]:
    """The rows of a table without its line of dashes, after as many empty ones as there are lines before it."""
    before: list[list[str]] = [[] for _ in range(first)]
    if banner and before:
        before[-1] = [banner]
    return [*before, rows[0], [], *rows[2:]]


def _cells(line: str) -> list[str]:
    """What stands between the bars of a line."""
    cells = [""]
    index = 0
    line = line.strip()
    while index < len(line):
        if line[index] == "\\" and index + 1 < len(line):
            cells[-1] += line[index : index + 2]
            index += 2
            continue
        if line[index] == "|":
            cells.append("")
        else:
            cells[-1] += line[index]
        index += 1
    if line.startswith("|"):
        cells = cells[1:]
    if len(cells) > 1 and not cells[-1]:
        cells = cells[:-1]
    return [_said(one.strip()) for one in cells]


def _said(text: str) -> str:
    return _READ.sub(lambda found: found.group(1) or "\n", text)


def escaped(text: str) -> str:
    """A text as a cell or a heading shows it, whatever stands in it; a new line in it is one in the document, too."""
    return _MARKUP.sub(r"\\\g<0>", text).replace("\n", "<br>")
