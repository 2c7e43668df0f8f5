from collections.abc import Callable, Iterable, Iterator, Sized
from collections.abc import Set as AbstractSet
from typing import Any

class Cells:
    """Cells of a count in memory by their keys, all of as many parts: as much of a dictionary as is asked of them.

    In the order in which they were added, as those of a dictionary are. TypeError for a key that is no tuple,
    ValueError for one of more or fewer parts than those that are there. Iterating is over those of that moment.
    """

    def get(self, key: tuple[Any, ...], other: Any = None, /) -> Any: ...
    def pop(self, key: tuple[Any, ...], other: Any, /) -> Any: ...
    def items(self) -> list[tuple[tuple[Any, ...], Any]]: ...
    def values(self) -> list[Any]: ...
    def __len__(self) -> int: ...
    def __iter__(self) -> Iterator[tuple[Any, ...]]: ...
    def __contains__(self, key: tuple[Any, ...], /) -> bool: ...
    def __getitem__(self, key: tuple[Any, ...], /) -> Any: ...
    def __setitem__(self, key: tuple[Any, ...], cell: Any, /) -> None: ...
    def __delitem__(self, key: tuple[Any, ...], /) -> None: ...

class Notes:
    """What the event at hand did to counts in memory: what is asked of a list of `(key, cell or None, count)`."""

    def append(self, note: tuple[tuple[Any, ...], Any, Any], /) -> None: ...
    def pop(self) -> tuple[tuple[Any, ...], Any, Any]: ...
    def clear(self) -> None: ...
    def __len__(self) -> int: ...
    def __getitem__(self, place: int, /) -> tuple[tuple[Any, ...], Any, Any]: ...

class Fed:
    """What feeds the counts that one type of event feeds, all of them at once."""

class Turning:
    """How an engine takes ordinary events by one rulebook."""

    def take(self, given: object, streaming: bool, digest: str = "", /) -> Any | None:
        """The decision of an event, logged and counted; where it is left to Python None, or the event if it was read.

        `streaming`: whether it is one of a stream, of which what was handed out is noted. `digest`: that of an event
        that is the engine's own and has none. Raises what `read` and `believe` raise.
        """

    def lines(
        self,
        lines: list[bytes],
        at: int,
        most: int,
        read: Callable[[bytes], object],
        write: Callable[[Any], bytes],
        written: list[bytes],
        /,
    ) -> Any | None:
        """Judge the events of lines of a stream, from a place on, up to the first that is left to Python: that event,
        or None where `read` gave none or as many were judged as wanted.

        What is written of each decision is put to `written`. Raises what `take`, `read` and `write` raise: nothing has
        changed then but by the events of which `written` tells.
        """

def know(**classes: type) -> None:
    """Take note of the engine's classes and where their slots are. TypeError where one has not the slots it should."""

def changes(count: Any, into: Any, write_key: Callable[[tuple[Any, ...]], str], /) -> bool:
    """Add to a `WindowChanges` what a store has not been told of a count. False where that is left to Python."""

def let_go(count: Any, /) -> bool:
    """Have a store hear that the older cells of a count hold nothing any more. False where that is left to Python."""

def mark(part: tuple[bytearray, int], ids: Iterable[str], /) -> None:
    """Note ids in a part of a `Seen`. Raises what `ids` raises."""

def quick(cls: type, /) -> type:
    """A subclass of a class of the engine, with the same slots and some methods in C; the class where there is none."""

def body_digest(event: object, /) -> str | None:
    """The digest of an event without one, by its fields; None where that is left to Python."""

def fed(counts: tuple[Any, ...], keys: tuple[tuple[tuple[str, str], ...], ...], /) -> Fed | None:
    """What feeds counts whose keys stand at these places; None where that is left to generated code."""

def turning(
    *,
    judgings: dict[str, Any],
    reached: dict[str, int],
    ledger: Any,
    counts: Any,
    waiting: Sized,
    usual: Callable[[dict[str, Any]], object | None],
    read: Callable[[Any, Any], object],
    believe: Callable[[Any, Any], object],
    types: object,
    prepare: Callable[..., bool],
    match: Callable[..., Any],
    nothing: object,
    listening: AbstractSet[str],
    before: AbstractSet[str],
    about_others: AbstractSet[str],
    telling: AbstractSet[str],
    remembers: bool,
    no_target: object,
    no_labels: object,
    most: int,
    decision: Callable[..., Any],
    entry: Callable[..., Any],
    rulebook: object,
) -> Turning:
    """`Turning` for an engine's parts, by the names that `engine.turning` gives them."""
