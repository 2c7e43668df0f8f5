"""The JSON Schema of the document, made from the tree's declarations."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any, Final

from communityrules.language import tree
from communityrules.tables.data.leaving import FORM
from communityrules.tables.data.shape import (
    DAY,
    DECIMAL,
    REQUIRED,
    Choice,
    Many,
    Plain,
    Record,
    Shape,
    Words,
    atom,
    called,
    fields_of,
    root,
)
from communityrules.wire.schema import DIALECT

_MOST_DECLARATIONS: Final = 200_000
_ABOUT: Final = (
    "A rulebook as data, as `communityrules export BOOK -o book.json` writes it: everything that its text says, "
    "comments included. What is empty, false or as usual may be left out."
)


@cache
def document_schema() -> dict[str, Any]:
    """The schema of `leaving.document`, draft 2020-12.

    Beside each choice stands a `discriminator`, which says for each `is` what schema it has: for readers that know it,
    and for our own, which need not try one after the other.
    """
    known: dict[str, dict[str, Any]] = {}
    trailing = next(one for one in fields_of(tree.File) if one.name == "trailing")
    head = {
        "$schema": {"type": "string"},
        "form": {"const": FORM, "description": "The version of this form."},
        "name": {"type": ["string", "null"], "description": "What the header says; the header itself counts."},
        "version": {"type": ["string", "null"], "description": "The same."},
        "language": {"type": ["string", "null"], "description": "The same."},
        "digest": {
            "type": ["string", "null"],
            "pattern": "^[0-9a-f]{64}$",
            "description": "The digest of the canonical form of the rulebook that was exported.",
        },
        "spelling": {"enum": ["en", "zh"], "description": "In which spelling it was written."},
        "declarations": {**_schema(root(), known), "maxItems": _MOST_DECLARATIONS},
        "trailing": {
            **_schema(trailing.shape, known),
            "description": "Comments after the last declaration; an empty one is a blank line.",
        },
    }
    return {
        "$schema": DIALECT,
        "title": "Rulebook document",
        "description": _ABOUT,
        "type": "object",
        "properties": head,
        "required": ["form", "declarations"],
        "additionalProperties": False,
        "$defs": dict(sorted(known.items())),
    }


def _schema(shape: Shape, known: dict[str, dict[str, Any]]) -> dict[str, Any]:
    match shape:
        case Plain():
            return _plain(shape)
        case Words():
            return {"enum": list(shape.values)}
        case Many():
            return {"type": "array", "items": _schema(shape.item, known)}
        case Record():
            only = atom(shape.kind)
            return _schema(only.shape, known) if only is not None else _reference(shape.kind, known)
    alone = shape.alone
    found = [{"type": "null"}] if shape.null else []
    if alone is not None:
        return {"anyOf": [*found, _schema(alone, known)]}
    found += [_schema(one, known) for one in shape.others]
    if shape.kinds:
        found.append(_kinds(shape, known))
    return found[0] if len(found) == 1 else {"anyOf": found}


def _plain(shape: Plain) -> dict[str, Any]:
    if shape.type is Decimal:
        return {"type": "string", "pattern": DECIMAL, "description": "An exact decimal, digit for digit."}
    if shape.type is date:
        return {"type": "string", "format": "date", "pattern": DAY}
    return {"type": {str: "string", int: "integer", bool: "boolean"}[shape.type], **shape.bounds}


def _kinds(shape: Choice, known: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Objects that say what they are."""
    if shape.name is not None and shape.name in known:
        return {"$ref": f"#/$defs/{shape.name}"}
    made: dict[str, Any] = {}
    if shape.name is not None:
        assert shape.name not in map(called, shape.kinds.values()), "a choice is called like one of its kinds"
        known[shape.name] = made
    references = {name: _reference(kind, known) for name, kind in shape.kinds.items()}
    made.update({
        "type": "object",
        "properties": {"is": {"enum": list(references)}},
        "required": ["is"],
        "discriminator": {"propertyName": "is", "mapping": {name: one["$ref"] for name, one in references.items()}},
        "allOf": [
            {"if": {"properties": {"is": {"const": name}}}, "then": one} for name, one in references.items()
        ],
    })  # fmt: skip
    return {"$ref": f"#/$defs/{shape.name}"} if shape.name is not None else made


def _reference(kind: type, known: dict[str, dict[str, Any]]) -> dict[str, Any]:
    name = called(kind)
    if name not in known:
        made: dict[str, Any] = {"type": "object"}
        known[name] = made
        if kind.__doc__ and not kind.__doc__.startswith(f"{kind.__name__}("):
            made["description"] = " ".join(kind.__doc__.split())
        made["properties"] = {
            "is": {"const": name},
            **{one.name: _schema(one.shape, known) for one in fields_of(kind)},
        }
        required = [one.name for one in fields_of(kind) if one.missing is REQUIRED]
        if required:
            made["required"] = required
        made["additionalProperties"] = False
    return {"$ref": f"#/$defs/{name}"}
