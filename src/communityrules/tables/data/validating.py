"""Whether a value fits the schema of the document, told with JSON pointers.

`jsonschema` follows references by calling itself. Here each object that one leads to is put aside and looked at by
itself, so that neither depth nor the number of possibilities costs more than the size of the document.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from communityrules.diagnostics.message import Bilingual, Diagnostic
from communityrules.tables.carried import filled
from communityrules.tables.data.errors import MISFIT
from communityrules.tables.data.quick import fits
from communityrules.tables.data.schema import document_schema
from communityrules.tables.data.strict import shown

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError

#: Errors told before looking stops.
MOST_ERRORS: Final = 20
_POINTER: Final = 300
_MISSING: Final = Bilingual("the key {keys} is missing", "缺少键 {keys}")
_UNKNOWN: Final = Bilingual("there is no key {keys} here", "这里没有键 {keys}")
_KIND: Final = Bilingual("this must be {wanted}", "这里应为{wanted}")
_ONE_OF: Final = Bilingual("`{value}` is not one of {wanted}", "`{value}` 不是下列之一:{wanted}")
_FORM: Final = Bilingual("`{value}` is not of the form `{wanted}`", "`{value}` 不符合形式 `{wanted}`")
_SIZE: Final = Bilingual("this is larger or smaller than may be ({keyword} {limit})", "大小超出范围({keyword} {limit})")
_NONE: Final = Bilingual("this is none of what may stand here", "这里不能是这种内容")
_TYPES: Final = {
    "null": Bilingual("null", "null"),
    "string": Bilingual("a text", "文本"),
    "integer": Bilingual("a whole number", "整数"),
    "boolean": Bilingual("true or false", "true 或 false"),
    "array": Bilingual("an array", "数组"),
    "object": Bilingual("an object", "对象"),
}
_SIZES: Final = frozenset({"minLength", "maxLength", "minItems", "maxItems", "minimum", "maximum"})


class _Looking:
    """One document and what of it is still to be looked at."""

    def __init__(self, document: Any) -> None:
        from jsonschema import Draft202012Validator
        from jsonschema.validators import extend

        # A schema that names its dialect would be followed in the dialect's own way.
        schema = {name: one for name, one in document_schema().items() if name != "$schema"}
        self._definitions: dict[str, Any] = schema["$defs"]
        self._document = document
        self._waiting: deque[tuple[Any, Any]] = deque([(document, schema)])
        self._all_of = Draft202012Validator.VALIDATORS["allOf"]
        made: Any = extend
        known = made(Draft202012Validator, {"$ref": self._reference, "allOf": self._choice})
        self._validator = known(schema)

    def errors(self) -> Iterator[tuple[str, ValidationError]]:
        """Each error with the pointer to where it is."""
        while self._waiting:
            value, schema = self._waiting.popleft()
            for error in self._validator.evolve(schema=schema).iter_errors(value):
                yield pointer((*_path(self._document, value), *error.absolute_path)), error

    def _reference(self, validator: Any, reference: str, value: Any, _: Any) -> Iterator[ValidationError]:
        schema = self._definitions[reference.removeprefix("#/$defs/")]
        if isinstance(value, dict):
            self._waiting.append((value, schema))
        else:
            yield from validator.descend(value, schema)

    def _choice(self, validator: Any, every: Any, value: Any, schema: Any) -> Iterator[ValidationError]:
        said = schema.get("discriminator")
        if said is None or not isinstance(value, dict):
            yield from self._all_of(validator, every, value, schema)
            return
        kind = value.get("is")
        if isinstance(kind, str) and kind in said["mapping"]:
            yield from self._reference(validator, said["mapping"][kind], value, schema)


def misfits(document: Any, file: str) -> list[Diagnostic]:
    """What of a document does not fit the schema: at most `MOST_ERRORS`, none when it fits."""
    if fits(document):
        return []
    found: dict[tuple[str, str], Diagnostic] = {}
    for where, error in _Looking(document).errors():
        reason = _reason(error)
        values: dict[str, str | Bilingual] = {"file": file, "pointer": where, "reason": reason}
        found.setdefault((where, reason.en), Diagnostic(MISFIT, None, values))
        if len(found) >= MOST_ERRORS:
            break
    return list(found.values())


def pointer(path: tuple[str | int, ...]) -> str:
    """A path as a JSON pointer (RFC 6901), cut where no person would follow it; `#` is the whole document."""
    if not path:
        return "#"
    told = "".join(f"/{str(one).replace('~', '~0').replace('/', '~1')}" for one in path)
    told = told.encode("utf-8", "backslashreplace").decode("utf-8")
    return told if len(told) <= _POINTER else f"{told[:_POINTER]}…"


def _path(document: Any, wanted: Any) -> tuple[str | int, ...]:
    """The way from a document to one object in it, which is known by being the same."""
    waiting: list[tuple[Any, Any]] = [(document, None)]
    while waiting:
        value, way = waiting.pop()
        if value is wanted:
            path: list[str | int] = []
            while way is not None:
                way, step = way
                path.append(step)
            return tuple(reversed(path))
        if isinstance(value, dict):
            waiting += [(one, (way, key)) for key, one in value.items() if isinstance(one, dict | list)]
        elif isinstance(value, list):
            waiting += [(one, (way, index)) for index, one in enumerate(value) if isinstance(one, dict | list)]
    return ()


def _reason(error: ValidationError) -> Bilingual:
    keyword, value = str(error.validator), error.instance
    wanted: Any = error.validator_value
    if keyword == "required" and isinstance(value, dict):
        return filled(_MISSING, keys=_listed([one for one in wanted if one not in value]))
    if keyword == "additionalProperties" and isinstance(value, dict):
        known = error.schema["properties"] if isinstance(error.schema, dict) else {}
        return filled(_UNKNOWN, keys=_listed([one for one in value if one not in known]))
    if keyword == "type":
        types = [wanted] if isinstance(wanted, str) else wanted
        said = [_TYPES[one] for one in types]
        either = Bilingual(" or ".join(one.en for one in said), "或".join(one.zh for one in said))
        return filled(_KIND, wanted=either)
    if keyword in ("enum", "const"):
        return filled(
            _ONE_OF,
            value=shown(value if isinstance(value, str) else json.dumps(value)[:100]),
            wanted=_listed(wanted if keyword == "enum" else [wanted]),
        )
    if keyword == "pattern":
        return filled(_FORM, value=shown(str(value)), wanted=str(wanted))
    if keyword in _SIZES:
        return filled(_SIZE, keyword=keyword, limit=str(wanted))
    if keyword == "anyOf" and error.context:
        # Where only null and one thing can stand, what is said of the thing is what is meant.
        others = [one for one in error.context if one.validator_value != "null"]
        if len(others) == 1:
            return _reason(others[0])
    return _NONE


def _listed(words: list[Any]) -> str:
    shortened = [f"`{shown(str(one))}`" for one in words[:30]]
    return ", ".join([*shortened, *(["…"] if len(words) > 30 else [])])
