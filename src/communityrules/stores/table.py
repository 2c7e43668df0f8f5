"""Every kind of store by the scheme of its URL. A new one is one file and one line here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from communityrules.stores.errors import UNKNOWN_STORE, StoreError
from communityrules.stores.memory import MemoryStore
from communityrules.stores.protocol import Store
from communityrules.stores.sqlite import SqliteStore


def _memory(url: str, rest: str) -> Store:
    if rest:
        raise StoreError(UNKNOWN_STORE, url=url)
    return MemoryStore()


def _sqlite(url: str, rest: str) -> Store:
    # Three slashes and a path, as elsewhere: four for an absolute one.
    if not rest.startswith("///") or len(rest) == 3:
        raise StoreError(UNKNOWN_STORE, url=url)
    return SqliteStore(rest[3:])


#: Scheme → how to open the store that a URL of it names, given the URL and what follows the scheme's colon.
STORES: Final[Mapping[str, Callable[[str, str], Store]]] = {
    "memory": _memory,
    "sqlite": _sqlite,
}


def file_of(url: str) -> str | None:
    """The file that a store of this URL lies in; None when it lies in none."""
    return url.removeprefix("sqlite:///") if url.startswith("sqlite:///") else None


def open_store(url: str) -> Store:
    """The store that a URL names: `memory:`, `sqlite:///community.db`. Raises StoreError."""
    scheme, colon, rest = url.partition(":")
    opener = STORES.get(scheme)
    if not colon or opener is None:
        raise StoreError(UNKNOWN_STORE, url=url)
    return opener(url, rest)
