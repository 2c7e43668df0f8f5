"""The canonical JSON form of a checked rulebook, and its digest.

Keys are sorted, names canonical, instants and lengths whole microseconds; where things stand, how they were spelt,
comments and tests are left out. Two rulebooks with the same form judge alike.

Every record is an object whose `is` names its kind (`compare`, `field_ref`, …); what stands for nothing is left out.
Exact decimals are `{"decimal": "0.05"}`, dates `{"date": "2024-10-04"}`.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from functools import cache, lru_cache
from json.encoder import encode_basestring as _quoted
from operator import attrgetter
from typing import Any, Final

from communityrules.checker import checked
from communityrules.kernel import native
from communityrules.model.values import Type

#: The version of the form itself; part of every digest.
FORM = 1
_OUTSIDE = frozenset({"digest", "tests"})
#: Parts that older rulebooks do not have: left out where nothing is said, so that digests stay what they were.
_MAYBE = frozenset({"steps", "breakers", "confidential"})


def to_json(rulebook: checked.Rulebook) -> dict[str, Any]:
    """The canonical form as JSON values, without the digest."""
    return {
        "form": FORM,
        **{
            name: form(getattr(rulebook, name))
            for name in _names(checked.Rulebook)
            if name not in _OUTSIDE and (name not in _MAYBE or getattr(rulebook, name) not in (None, ()))
        },
    }


def dumps(value: Any) -> str:
    """One text for one value: sorted keys, no spaces."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest(rulebook: checked.Rulebook) -> str:
    """SHA-256 of the canonical form, 64 hex digits."""
    text = ",".join(f'"{name}":{text_of(getattr(rulebook, name, FORM))}' for name in said_of(rulebook))
    return _hashed(f"{{{text}}}")


def said_of(rulebook: checked.Rulebook) -> list[str]:
    """What the canonical form of a rulebook names, in its order: `form`, and the fields that say something."""
    names = [
        name
        for name in _names(checked.Rulebook)
        if name not in _OUTSIDE and (name not in _MAYBE or getattr(rulebook, name) not in (None, ()))
    ]
    return sorted(["form", *names])


def measure_id(measure: checked.Aggregate, meanings: Mapping[str, Any], zone: str) -> str:
    """A measure's stable name, 24 hex digits: its form with all that it refers to, and the zone for calendar windows.

    `meanings` are the forms of what names in it mean, by kind and name.
    """
    about: dict[str, Any] = {"form": FORM, "measure": form(measure), "names": dict(meanings)}
    if isinstance(measure.window, checked.CalendarWindow):
        about["zone"] = zone
    return _sha(about)[:24]


def form(value: Any) -> Any:
    """Any part of a rulebook in canonical form."""
    kind: type[Any] = value.__class__
    if kind in _AS_THEY_ARE:
        return value
    if kind is tuple or kind is list:
        return [form(one) for one in value]
    record = _RECORDS.get(kind)
    if record is None:
        record = _RECORDS[kind] = _record(kind)
    said, names = record
    if not said:
        return _other(value)
    found: dict[str, Any] = {"is": said}
    for name in names:
        part = getattr(value, name)
        if part is not None and part != () and part is not False:
            found[name] = part if part.__class__ in _AS_THEY_ARE else form(part)
    return found


_AS_THEY_ARE: Final = frozenset({type(None), str, bool, int})


def _other(value: Any) -> Any:
    if isinstance(value, str | bool):
        return value
    if isinstance(value, int):
        return int(value)
    if isinstance(value, Decimal):
        return {"decimal": _digits(value)}
    if isinstance(value, date):
        return {"date": value.isoformat()}
    if isinstance(value, tuple | list):
        return [form(one) for one in value]
    if isinstance(value, Mapping):
        return {str(name): form(one) for name, one in value.items()}
    raise TypeError(f"no canonical form for {type(value).__name__}")


def _digits(value: Decimal) -> str:
    return format(value.normalize(), "f") if abs(value.adjusted()) < 100 else str(value)


#: By class, what its records say they are, and their fields; an empty name for what is no record.
_RECORDS: dict[type[Any], tuple[str, tuple[str, ...]]] = {}


def _record(kind: type[Any]) -> tuple[str, tuple[str, ...]]:
    return (kind_name(kind), _names(kind)) if is_dataclass(kind) else ("", ())


@cache
def _names(kind: type[Any]) -> tuple[str, ...]:
    """The fields that take part in equality."""
    return tuple(one.name for one in fields(kind) if one.compare)


@cache
def kind_name(kind: type[Any]) -> str:
    """What a record says it `is`: the name of its class in lower case with underscores."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", kind.__name__).lower()


def text_of(value: Any) -> str:
    """`dumps(form(value))` without the values between, of which a large rulebook has a million."""
    found = _native_text(value, _TOLD, _tell, _text)
    return found.decode() if found is not None else _text(value)


def bytes_of(value: Any) -> bytes:
    """The same in UTF-8; half a surrogate pair as if it were a letter."""
    found = _native_text(value, _TOLD, _tell, _text)
    return found if found is not None else _text(value).encode("utf-8", "surrogatepass")


def _text(value: Any) -> str:
    """What `kernel._canonical` does too."""
    kind: type[Any] = value.__class__
    if kind is str:
        return _quoted(value)
    if kind is int:
        return str(value)
    if kind is tuple or kind is list:
        return f"[{','.join([_text(one) for one in value])}]"
    if kind is Type:
        return _type_text(value)
    if kind is dict:
        said = sorted([(str(name), one) for name, one in value.items()])
        return f"{{{','.join([f'{_quoted(name)}:{text_of(one)}' for name, one in said])}}}"
    if kind is Decimal:
        return f'{{"decimal":"{_digits(value)}"}}'
    if kind not in _TEXTS:
        _TEXTS[kind] = _texts(kind)
    fields = _TEXTS[kind]
    return _record_text(value, fields) if fields is not None else dumps(form(value))


def _record_text(value: Any, fields: _Fields) -> str:
    befores, values, said = fields
    parts: list[str] = []
    for before, part in zip(befores, values(value), strict=True):
        kind = part.__class__
        if kind is str:
            parts.append(before + _quoted(part))
        elif before is said:
            parts.append(before)
        elif not before:
            break
        elif part is True:
            parts.append(before + "true")
        elif part is not None and part is not False and part != ():
            parts.append(before + _text(part))
    return f"{{{','.join(parts)}}}"


#: Of a record: what stands before each of its values, in the order of their names; what gives the values; and what the
#: record says it is, which stands there as a whole.
_Fields = tuple[tuple[str, ...], Callable[[Any], tuple[Any, ...]], str]
#: By class; None for what is no record.
_TEXTS: dict[type[Any], _Fields | None] = {}


def _texts(kind: type[Any]) -> _Fields | None:
    said, names = _record(kind)
    if not said:
        return None
    whole = f'"is":{_quoted(said)}'
    ordered = sorted([*names, "is"])
    befores = tuple(whole if name == "is" else f'"{name}":' for name in ordered)
    # Two names at least, so that what comes is a tuple: its class stands for what it is.
    values = attrgetter(*("__class__" if name == "is" else name for name in ordered), "__class__")
    return (*befores, ""), values, whole


#: The same for the kernel: the names, None for what the record says it is, and what stands before each.
_Told = tuple[tuple[str | None, ...], tuple[bytes, ...]] | None
_TOLD: dict[type[Any], _Told] = {}


def _tell(kind: type[Any]) -> _Told:
    said, names = _record(kind)
    told: _Told = None
    if said:
        ordered = sorted([*names, "is"])
        told = (
            tuple(None if name == "is" else name for name in ordered),
            tuple(f'"is":{_quoted(said)}'.encode() if name == "is" else f'"{name}":'.encode() for name in ordered),
        )
    _TOLD[kind] = told
    return told


def _left(value: Any, known: dict[type[Any], _Told], learn: Any, rest: Any, /) -> bytes | None:  # noqa: ARG001
    """Without the kernel all is left to Python."""
    return None


_kernel = native("canonical")
_native_text: Final[Callable[..., bytes | None]] = _left if _kernel is None else _kernel.text


@lru_cache(maxsize=256)
def _type_text(value: Type) -> str:
    fields = _texts(Type)
    assert fields is not None  # it is a record
    return _record_text(value, fields)


def _sha(value: Any) -> str:
    return _hashed(dumps(value))


def _hashed(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
