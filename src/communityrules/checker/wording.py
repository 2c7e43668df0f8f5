"""The writer's own words, for messages and evidence."""

from __future__ import annotations

import re
from typing import Final

from communityrules.diagnostics.source import Source, Span
from communityrules.language import tree
from communityrules.language.scan import scan

_MOST: Final = 120
#: Of a text so much is looked at, which is more than is shown, however it is laid out.
_LOOKED_AT: Final = 4_000
#: Anything that another layout could write in another way: blanks that are many, missing or by a parenthesis,
#: comments, wide punctuation, comparisons.
_UNEVEN: Final = re.compile(
    r"\s\s|[^\S ]|\( | [),.]|,(?! )|(?<![ <>=!])[<>=!≠≤≥]|[<>=≠≤≥](?![ <>=])|[#\uff01-\uff5e\u3000-\u303f]"
)
_PIECE: Final = re.compile("[\ue000\ue002][\ue001\ue003]*|[ \\t\\n\\x02]+|[<>=!]=|<>|.", re.DOTALL)
_BLANK: Final = frozenset(" \t\n\x02")
_COMPARING: Final = frozenset(("<", ">", "=", "<=", ">=", "==", "!=", "<>", "≠", "≤", "≥"))


def text_of(node: tree.Expression | tree.Argument) -> str:
    """What the writer wrote, on one line, cut when long."""
    return shortened(node.span)


def shortened(span: Span) -> str:
    """The text under a span on one line, the same however it is laid out; at most 120 characters."""
    text = span.source.text[span.start : min(span.end, span.start + _LOOKED_AT)]
    if _UNEVEN.search(text):
        text = _even(text)
    return text if len(text) <= _MOST else text[: _MOST - 1] + "…"


def _even(text: str) -> str:
    """A text without comments, with one blank where one belongs. What stands in quotes and patterns stays as it is."""
    prepared = scan(Source("", text)).text
    pieces: list[str] = []
    length = 0
    for found in _PIECE.finditer(prepared):
        piece = found[0]
        opaque = piece[0] in "\ue000\ue002"
        if piece[0] in _BLANK:
            if pieces and pieces[-1] not in (" ", "(", "."):
                pieces.append(" ")
            continue
        if pieces and pieces[-1] == " " and piece in (")", ",", "."):
            pieces.pop()
        elif piece in _COMPARING and pieces and pieces[-1] not in (" ", "("):
            pieces.append(" ")
        said = text[found.start() : found.end()] if opaque else piece
        pieces.append(said)
        if piece == "," or piece in _COMPARING:
            pieces.append(" ")
        length += len(said)
        if length > _MOST:
            break
    return "".join(pieces).strip()
