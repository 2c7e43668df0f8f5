"""Whether a document fits its schema, answered in a moment: yes, or perhaps not.

`jsonschema` says where and why something does not fit, and takes a millisecond for each rule to find that everything
does. Here the parts of JSON Schema that the document's schema uses become functions. Whatever they do not know, and
whatever is nested too deeply for them, is left to it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import Any, Final, TypeAlias

from communityrules.tables.data.schema import document_schema

_Test: TypeAlias = Callable[[Any], bool]
#: Keywords that ask nothing of a value.
_SILENT: Final = frozenset({"$schema", "$defs", "title", "description", "format"})
_REFERENCE: Final = "#/$defs/"


def fits(document: Any) -> bool:
    """True: it fits. False: it may not."""
    try:
        return _whole()(document)
    except RecursionError:
        return False


@cache
def _whole() -> _Test:
    schema = document_schema()
    return _Tests(schema["$defs"]).of(schema)


class _Tests:
    def __init__(self, definitions: dict[str, Any]) -> None:
        self._definitions = definitions
        self._made: dict[str, _Test] = {}

    def of(self, schema: dict[str, Any]) -> _Test:
        """What tests a value against a schema."""
        if "discriminator" in schema:
            return self._by_kind(schema["discriminator"]["mapping"])
        tests = [self._keyword(name, schema) for name in schema if name not in _SILENT]
        tests = [one for one in tests if one is not _anything]
        if len(tests) == 1:
            return tests[0]
        return lambda value: all(one(value) for one in tests)

    def _keyword(self, name: str, schema: dict[str, Any]) -> _Test:
        wanted = schema[name]
        match name:
            case "$ref":
                return self._reference(wanted)
            case "type":
                return _of_type([wanted] if isinstance(wanted, str) else wanted)
            case "const":
                return lambda value: type(value) is type(wanted) and value == wanted
            case "enum":
                return lambda value: isinstance(value, str) and value in wanted
            case "pattern":
                search = re.compile(wanted).search
                return lambda value: not isinstance(value, str) or search(value) is not None
            case "anyOf":
                either = [self.of(one) for one in wanted]
                return lambda value: any(one(value) for one in either)
            case "items":
                item = self.of(wanted)
                return lambda value: not isinstance(value, list) or all(map(item, value))
            case "minItems" | "maxItems" | "minLength" | "maxLength":
                return _sized(name, wanted)
            case "minimum":
                return lambda value: not isinstance(value, int) or value >= wanted
            case "maximum":
                return lambda value: not isinstance(value, int) or value <= wanted
            case "properties":
                return self._properties(schema)
            case "required" | "additionalProperties" if "properties" in schema:
                return _anything
            case _:
                return _nothing

    def _properties(self, schema: dict[str, Any]) -> _Test:
        if schema.get("additionalProperties") is not False:
            return _nothing
        known = {name: self.of(one) for name, one in schema["properties"].items()}
        required = frozenset(schema.get("required", ()))

        def test(value: Any) -> bool:
            if not isinstance(value, dict):
                return True
            if not required <= value.keys():
                return False
            for name, one in value.items():
                look = known.get(name)
                if look is None or not look(one):
                    return False
            return True

        return test

    def _by_kind(self, mapping: dict[str, str]) -> _Test:
        kinds = {kind: self._reference(reference) for kind, reference in mapping.items()}

        def test(value: Any) -> bool:
            kind = value.get("is") if isinstance(value, dict) else None
            return isinstance(kind, str) and kind in kinds and kinds[kind](value)

        return test

    def _reference(self, reference: str) -> _Test:
        name = reference.removeprefix(_REFERENCE)

        def test(value: Any) -> bool:
            made = self._made.get(name)
            if made is None:
                made = self._made[name] = self.of(self._definitions[name])
            return made(value)

        return test


def _anything(_: Any) -> bool:
    return True


def _nothing(_: Any) -> bool:
    return False


def _sized(name: str, wanted: int) -> _Test:
    kind = list if name.endswith("Items") else str
    if name.startswith("min"):
        return lambda value: not isinstance(value, kind) or len(value) >= wanted
    return lambda value: not isinstance(value, kind) or len(value) <= wanted


def _of_type(names: list[str]) -> _Test:
    known = {
        "null": type(None), "string": str, "integer": int, "boolean": bool, "array": list, "object": dict,
    }  # fmt: skip
    if not known.keys() >= set(names):
        return _nothing
    kinds = frozenset(known[one] for one in names)
    return lambda value: type(value) in kinds
