"""What tells an event that comes again from another under the same id."""

from __future__ import annotations

from typing import Any, Final

import orjson
from msgspec import Struct

from communityrules.kernel import native
from communityrules.model.event import Event
from communityrules.wire.digest import digest_of
from communityrules.wire.errors import WRONG_TYPE, WireError, shown

#: What the engine fills in, and the digest itself.
_NOT_BODY: Final = ("subject", "subject_message", "subject_group", "digest", "aimed")

_KERNEL: Final = native("turning")


def body_digest(event: Event) -> str:
    """The digest of an event's body: the wire form's where it came in that form, else one of its fields.

    Raises WireError for what cannot be written.
    """
    if event.digest:
        return event.digest
    if _KERNEL is not None:
        quickly: str | None = _KERNEL.body_digest(event)
        if quickly is not None:
            return quickly
    body = [getattr(event, name) for name in event.__struct_fields__ if name not in _NOT_BODY]
    try:
        written = orjson.dumps(_plain(body), option=orjson.OPT_SORT_KEYS)
    except TypeError:
        # A text with half of a surrogate pair: no store and no decision can hold it.
        raise WireError(WRONG_TYPE, None, found=shown(event.id), example='"text"') from None
    return digest_of(written)


def _plain(value: Any) -> Any:
    if isinstance(value, Struct):
        return [_plain(getattr(value, name)) for name in value.__struct_fields__]
    if isinstance(value, dict):
        return {str(name): _plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if value is None or isinstance(value, bool | str):
        return value
    return f"{type(value).__name__} {value}"
