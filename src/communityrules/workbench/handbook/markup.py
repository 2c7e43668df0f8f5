"""HTML in which every text is escaped unless it was made here."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from communityrules.diagnostics.width import visible

_EMPTY = frozenset({"meta", "link", "br"})


class Markup(str):
    """HTML that is finished."""

    __slots__ = ()


def text(said: str) -> Markup:
    """A text as HTML: lines stay lines; what would turn the direction of writing, or cannot be seen, is a mark."""
    lines = said.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return Markup("<br>".join(escape(visible(line)) for line in lines))


def element(name: str, /, *inside: str, **attributes: str | bool | None) -> Markup:
    """An element. What is inside is escaped unless it is `Markup`; attributes end in `_` where Python has the word."""
    given = "".join(
        f" {key.rstrip('_').replace('_', '-')}" + ("" if value is True else f'="{escape(visible(str(value)))}"')
        for key, value in attributes.items()
        if value not in (None, False)
    )
    opening = f"<{name}{given}>"
    return Markup(opening if name in _EMPTY else f"{opening}{joined(inside)}</{name}>")


def joined(parts: Iterable[str], between: str = "") -> Markup:
    """Several parts one after the other; texts are escaped."""
    return Markup(between.join(one if isinstance(one, Markup) else text(one) for one in parts))
