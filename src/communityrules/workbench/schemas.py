"""Every published JSON Schema: of events, of decisions, of a rulebook in canonical form and as a document.

`python -m communityrules.workbench.schemas` writes them anew into `docs/reference/schemas/`, or into the folder given.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, ForwardRef, Literal, Union, get_args, get_origin, get_type_hints

from communityrules.checker import canonical, checked
from communityrules.tables.data.schema import document_schema
from communityrules.wire.schema import DIALECT, decision_schema, event_schema

_PLAIN: dict[Any, dict[str, Any]] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    bool: {"type": "boolean"},
    NoneType: {"type": "null"},
    Decimal: {"$ref": "#/$defs/decimal"},
    date: {"$ref": "#/$defs/date"},
}
_SHARED: dict[str, dict[str, Any]] = {
    "decimal": {
        "type": "object",
        "description": "An exact decimal, digit for digit.",
        "properties": {"decimal": {"type": "string", "pattern": "^-?[0-9].*$"}},
        "required": ["decimal"],
        "additionalProperties": False,
    },
    "date": {
        "type": "object",
        "properties": {"date": {"type": "string", "format": "date"}},
        "required": ["date"],
        "additionalProperties": False,
    },
    "value": {
        "description": "A value of the language.",
        "anyOf": [
            {"type": ["string", "integer", "boolean", "null"]},
            {"$ref": "#/$defs/decimal"},
            {"$ref": "#/$defs/date"},
            {"type": "array", "items": {"$ref": "#/$defs/value"}},
        ],
    },
}


def rulebook_schema() -> dict[str, Any]:
    """The JSON Schema of `checker.canonical.to_json`, read off the declarations of checked rules."""
    known: dict[str, dict[str, Any]] = dict(_SHARED)
    whole = _record(checked.Rulebook, known)
    properties = {name: one for name, one in whole["properties"].items() if name not in ("is", "digest", "tests")}
    return {
        "$schema": DIALECT,
        "title": "Rulebook",
        "description": "A rulebook in canonical form, of which its digest is made. What is empty or false is left out.",
        "type": "object",
        "properties": {"form": {"const": canonical.FORM}, **properties},
        "required": ["form", "name", "timezone", "rules"],
        "additionalProperties": False,
        "$defs": dict(sorted(known.items())),
    }


def _record(kind: Any, known: dict[str, dict[str, Any]]) -> dict[str, Any]:
    hints = get_type_hints(kind)
    compared = [one for one in fields(kind) if one.compare]
    schema: dict[str, Any] = {
        "type": "object",
        "properties": {"is": {"const": canonical.kind_name(kind)}},
        "required": ["is"],
        "additionalProperties": False,
    }
    if kind.__doc__ and not kind.__doc__.startswith(f"{kind.__name__}("):
        schema["description"] = " ".join(kind.__doc__.split())
    for one in compared:
        schema["properties"][one.name] = _schema(hints[one.name], known)
        # The form leaves out what is None, empty or false; a text or a number without a default is always there.
        if one.default is MISSING and one.default_factory is MISSING and hints[one.name] in (str, int):
            schema["required"].append(one.name)
    return schema


def _schema(hint: Any, known: dict[str, dict[str, Any]]) -> dict[str, Any]:
    if hint in _PLAIN:
        return _PLAIN[hint]
    if isinstance(hint, ForwardRef):
        return {"$ref": "#/$defs/value"}
    if isinstance(hint, type) and is_dataclass(hint):
        name = canonical.kind_name(hint)
        if name not in known:
            known[name] = {}
            known[name] = _record(hint, known)
        return {"$ref": f"#/$defs/{name}"}
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Literal:
        return {"enum": list(arguments)}
    if origin in (Union, UnionType):
        return {"anyOf": [_schema(one, known) for one in arguments]}
    if origin is tuple:
        if len(arguments) == 2 and arguments[1] is Ellipsis:
            return {"type": "array", "items": _schema(arguments[0], known)}
        parts = [_schema(one, known) for one in arguments]
        return {"type": "array", "prefixItems": parts, "minItems": len(parts), "maxItems": len(parts)}
    if origin is not None and issubclass(origin, Mapping):
        return {"type": "object", "additionalProperties": _schema(arguments[1], known)}
    raise TypeError(f"no schema for {hint!r}")


def published() -> dict[str, str]:
    """Every published schema by file name, as its text."""
    schemas = {
        "event.schema.json": event_schema(),
        "decision.schema.json": decision_schema(),
        "rulebook.schema.json": rulebook_schema(),
        "rulebook-document.schema.json": document_schema(),
    }
    return {name: json.dumps(one, ensure_ascii=False, indent=2) + "\n" for name, one in schemas.items()}


def write(folder: Path) -> None:
    """Write every published schema into a folder."""
    for name, text in published().items():
        (folder / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1] if len(sys.argv) > 1 else "docs/reference/schemas"))
