from collections.abc import Callable
from typing import Any

#: Names of fields in the order of their texts, with None for what a record says it is, and what stands before each.
_Told = tuple[tuple[str | None, ...], tuple[bytes, ...]] | None

def text(
    value: Any,
    #: What is known of classes so far; None for what is no record.
    known: dict[type[Any], _Told],
    learn: Callable[[type[Any]], _Told],
    #: Writes what is left to Python.
    rest: Callable[[Any], str],
    /,
) -> bytes | None:
    """The canonical text of a value in UTF-8; None where it holds half of a surrogate pair."""
