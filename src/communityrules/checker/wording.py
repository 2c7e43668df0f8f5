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
#: Blanks other than the space, comments, wide punctuation: each of them could be written in another way.
_ODD: Final = r"\t-\r\x1c-\x1f\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f#\u3000-\u303f\uff01-\uff5e"
#: Anything that another layout could write in another way: those, blanks that are missing or by a parenthesis,
#: comparisons. It begins with one class of letters, so that all others are passed over quickly; two spaces, which
#: would make the space one of them, are looked for apart.
_UNEVEN: Final = re.compile(
    rf"""[{_ODD}(),.<>=!≠≤≥](?:
        (?<=[{_ODD}])
        | (?<=[ ][),.]) | (?<=\()(?=[ ]) | (?<=,)(?![ ])
        | (?<=[<>=!≠≤≥])(?<![ <>=!].) | (?<=[<>=≠≤≥])(?![ <>=])
    )""",
    re.DOTALL | re.VERBOSE,
)
_PIECE: Final = re.compile(
    "[\ue000\ue002][\ue001\ue003]*|[ \\t\\n\\x02]+|[^\ue000\ue002 \\t\\n\\x02<>=!≠≤≥(),.]+|[<>=!]=|<>|.", re.DOTALL
)
_BLANK: Final = frozenset(" \t\n\x02")
_COMPARING: Final = frozenset(("<", ">", "=", "<=", ">=", "==", "!=", "<>", "≠", "≤", "≥"))


def text_of(node: tree.Expression | tree.Argument, last: tree.Expression | None = None) -> str:
    """What the writer wrote, on one line, cut when long; see `shortened`."""
    return shortened(node.span, last)


def shortened(span: Span, last: tree.Expression | None = None) -> str:
    """The text under a span on one line, the same however it is laid out; at most 120 characters. `last` is what it
    ends with, where that is known: quotes and patterns are never laid out."""
    text = span.source.text[span.start : min(span.end, span.start + _LOOKED_AT)]
    if is_uneven(text) and not (last is not None and _is_even_before(last, span, len(text))):
        text = _even(text)
    return text if len(text) <= _MOST else text[: _MOST - 1] + "…"


def _is_even_before(last: tree.Expression, span: Span, length: int) -> bool:
    """Whether all is even but what stands in the quotes, or between the slashes, with which the text ends."""
    if not isinstance(last, tree.Text | tree.Regex) or span.start + length != last.span.end:
        return False
    return not is_uneven(span.source.text[span.start : last.span.start] + '"')


def is_uneven(text: str) -> bool:
    """Whether a text could be laid out in another way; some say yes that could not."""
    return "  " in text or _UNEVEN.search(text) is not None


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
