"""A checked rulebook as bytes, and back.

The bytes are those of pickle with nothing in them but texts, numbers, dates, containers and the plain records of the
language: whoever unpacks can be given nothing else, and nothing is called but what makes these.
"""

from __future__ import annotations

import copyreg
import io
import pickle
from collections.abc import Callable, Sequence
from dataclasses import is_dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from communityrules.checker import checked
from communityrules.diagnostics import message, source
from communityrules.diagnostics.source import Source
from communityrules.language import tree
from communityrules.model import values

#: Where the records are declared that may be packed.
_HOMES: Final = {one.__name__: one for one in (checked, tree, source, message, values)}
_OTHERS: Final[dict[tuple[str, str], Any]] = {("decimal", "Decimal"): Decimal, ("datetime", "date"): date}


class PackingError(ValueError):
    """What is no packed rulebook, or cannot be packed."""


def pack(parts: object, sources: Sequence[Source] = ()) -> bytes:
    """Records as bytes. `sources` stand in them by their places and are not packed. `PackingError` for all else."""
    places = {id(one): place for place, one in enumerate(sources)}

    def reduced(one: Source) -> tuple[Callable[[int], Source], tuple[int]]:
        if id(one) not in places:
            raise PackingError(one.name)
        return nth_source, (places[id(one)],)

    into = io.BytesIO()
    packer = pickle.Pickler(into, 5)
    packer.dispatch_table = {**copyreg.dispatch_table, Source: reduced}
    try:
        packer.dump(parts)
    except (pickle.PicklingError, TypeError, AttributeError, RecursionError) as error:
        raise PackingError(str(error)) from error
    return into.getvalue()


def unpack(data: bytes, sources: Sequence[Source] = ()) -> Any:
    """What was packed, with these sources in the places of those. `PackingError` for bytes that are nothing of ours."""
    try:
        return _Unpacker(data, sources).load()
    except PackingError:
        raise
    except Exception as error:  # bytes of somebody else can fail in any way
        raise PackingError(str(error)) from error


class _Unpacker(pickle.Unpickler):
    def __init__(self, data: bytes, sources: Sequence[Source]) -> None:
        super().__init__(io.BytesIO(data))
        self._sources = tuple(sources)

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) == (__name__, nth_source.__name__):
            return self._sources.__getitem__
        found = _OTHERS.get((module, name))
        if found is None and (home := _HOMES.get(module)) is not None:
            found = vars(home).get(name)
            if not (isinstance(found, type) and is_dataclass(found) and found.__module__ == module):
                found = None
        if found is None or found is Source:
            raise PackingError(f"{module}.{name}")
        return found


def nth_source(place: int) -> Source:
    """Stands in the bytes for a source; whoever unpacks them brings it."""
    raise PackingError(str(place))
