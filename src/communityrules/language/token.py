"""Tokens: pieces of the prepared text with their kind and place."""

from __future__ import annotations


class Token(str):
    """A terminal of the grammar as it stands in the prepared text."""

    __slots__ = ("end_pos", "start_pos", "type")

    type: str
    #: Offsets in the source, the end not included.
    start_pos: int
    end_pos: int


def make_token(kind: str, text: str, start: int, end: int) -> Token:
    token = str.__new__(Token, text)
    token.type = kind
    token.start_pos = start
    token.end_pos = end
    return token
