"""The writer's own words, for messages and evidence."""

from __future__ import annotations

from communityrules.diagnostics.source import Span
from communityrules.language import tree


def text_of(node: tree.Expression | tree.Argument) -> str:
    """What the writer wrote, on one line, cut when long."""
    return shortened(node.span)


def shortened(span: Span) -> str:
    """The text under a span on one line; at most 120 characters."""
    text = " ".join(span.source.text[span.start : min(span.end, span.start + 400)].split())
    return text if len(text) <= 120 else text[:119] + "…"
