"""`link` / `链接`: web addresses and bare domains. What counts as one: `library.links`."""

from __future__ import annotations

from collections.abc import Iterator

from communityrules.diagnostics.message import Bilingual
from communityrules.library.declare import Detector, Match, Names
from communityrules.library.links import find_links


def find_link_spans(text: str) -> Iterator[Match]:
    """Links of a text in order."""
    return (Match(one.start, one.end) for one in find_links(text))


LINK = Detector(
    Names("link", "链接", ("网址",)),
    Bilingual("Web addresses, with or without `https://`.", "网址,有无 `https://` 均可。"),
    find_link_spans,
)
