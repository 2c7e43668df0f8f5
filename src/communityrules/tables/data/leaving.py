"""A rulebook's tree as data."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import Any, Final

from communityrules.language import tree
from communityrules.tables.data.shape import REQUIRED, Choice, Many, Record, Shape, atom, called, fields_of, root

#: The version of the document's form. A reader refuses one that it does not know.
FORM: Final = 1


def leave(file: tree.File) -> dict[str, Any]:
    """The declarations and the comments after them: `{"spelling": "en", "declarations": […], "trailing": […]}`.

    Nothing of the tree is left out but the places where things stood. Names are as the tree has them.
    """
    return {
        "spelling": file.spelling,
        "declarations": _value(file.declarations, root()),
        "trailing": list(file.trailing),
    }


def document(file: tree.File, digest: str) -> dict[str, Any]:
    """The whole document of a rulebook: what it is, the digest of its canonical form, and everything in it."""
    header = next((one for one in file.declarations if isinstance(one, tree.Header)), None)
    entries = {one.key: one.value for one in header.entries} if header is not None else {}
    version, language = entries.get("version"), entries.get("language")
    return {
        "form": FORM,
        "name": header.name.value if header is not None else None,
        "version": version.value if isinstance(version, tree.Text) else None,
        "language": language.text if isinstance(language, tree.Name) else None,
        "digest": digest,
        **leave(file),
    }


def dumps(value: dict[str, Any]) -> str:
    """One text for one document: keys in the order of the form, two blanks for each level."""
    return json.dumps(value, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def _value(value: Any, shape: Shape) -> Any:
    # One call for each level: conditions are deep, and Python's calls are counted.
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(shape, Choice):
        shape = shape.alone or shape
    if isinstance(value, tuple):
        many = shape if isinstance(shape, Many) else _array(shape)
        items = []
        for one in value:
            items.append(_value(one, many.item))  # noqa: PERF401  # no call more than there must be
        return items
    kind: type = type(value)
    alone = isinstance(shape, Record)
    only = atom(kind)
    if alone and only is not None:
        return _value(getattr(value, only.name), only.shape)
    record: dict[str, Any] = {} if alone else {"is": called(kind)}
    for one in fields_of(kind):
        data = _value(getattr(value, one.name), one.shape)
        if one.missing is REQUIRED or not _usual(data, one.missing):
            record[one.name] = data
    return record


def _array(shape: Shape) -> Many:
    assert isinstance(shape, Choice)
    return next(one for one in shape.others if isinstance(one, Many))


def _usual(data: Any, missing: Any) -> bool:
    """Whether a value is what its field has when it is left out."""
    return data is None or data is False or data == [] or data == {} or (data == 0 and missing == 0)
