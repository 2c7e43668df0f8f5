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


def unpack_shared(data: bytes) -> Any:
    """What this process packed without sources, with conditions and their parts that are the same to the letter made
    once. Only for bytes that nobody else could have written: whatever they name is made."""
    return _Sharing(io.BytesIO(data)).load()


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


class _Sharing(pickle.Unpickler):
    def __init__(self, file: io.BytesIO) -> None:
        super().__init__(file)
        self._makers: dict[type, Callable[..., Any]] = {checked.Const: _const_maker()}
        self._makers.update((one, _maker(one)) for one in _SHARED)

    def find_class(self, module: str, name: str) -> Any:
        found = super().find_class(module, name)
        return self._makers.get(found, found)


#: Of what many rules have alike. No part of them is a number but of constants.
_SHARED: Final = (
    checked.FieldRef, checked.Compare, checked.InRange, checked.OneOf, checked.Empty, checked.Not, checked.Logic,
    checked.InGroup,
)  # fmt: skip


def _maker(kind: type) -> Callable[..., Any]:
    """Makes records of a class from their fields, the same for the same texts and the same other objects. What was made
    keeps these alive, so their ids stay their own."""
    made: dict[tuple[object, ...], Any] = {}

    def make(*fields: Any) -> Any:
        key = tuple([
            one if one.__class__ is str else tuple(map(id, one)) if one.__class__ is tuple else id(one)
            for one in fields
        ])  # fmt: skip
        found = made.get(key)
        if found is None:
            found = made[key] = kind(*fields)
        return found

    return make


def _const_maker() -> Callable[..., checked.Const]:
    made: dict[tuple[object, ...], checked.Const] = {}

    def make(value: Any, of: values.Type, what: str) -> checked.Const:
        kind = value.__class__
        if kind not in (str, int, bool, date):
            # Decimals that are equal may be written otherwise.
            return checked.Const(value, of, what)
        key = (kind, value, id(of), what)
        found = made.get(key)
        if found is None:
            found = made[key] = checked.Const(value, of, what)
        return found

    return make


def nth_source(place: int) -> Source:
    """Stands in the bytes for a source; whoever unpacks them brings it."""
    raise PackingError(str(place))
