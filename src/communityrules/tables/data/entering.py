"""Data as a rulebook's tree again."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Any, Final

from communityrules.diagnostics.message import Bilingual
from communityrules.diagnostics.source import Source, Span
from communityrules.language import tree
from communityrules.tables.carried import filled
from communityrules.tables.data.errors import MISFIT
from communityrules.tables.data.shape import REQUIRED, Choice, Many, Record, Shape, atom, fields_of, root
from communityrules.tables.data.strict import read, shown, too_much
from communityrules.tables.data.validating import misfits, pointer
from communityrules.tables.reading import Refused, refused

#: Where a tree stands that was not read from a text.
_NOWHERE: Final = Span(Source("data", ""), 0, 0)
#: What no file can hold.
_NO_LETTER: Final = re.compile("[\0\ud800-\udfff]")
_BAD_LETTER: Final = Bilingual("`{value}` holds what no text can hold", "`{value}` 含有文本不能包含的内容")
_NO_DAY: Final = Bilingual("there is no day `{value}`", "没有 `{value}` 这一天")


class _Wrong(Exception):  # noqa: N818  # it is caught below, where it becomes a refusal
    """What the schema cannot see. The way to it grows while it is passed on."""

    def __init__(self, reason: Bilingual) -> None:
        self.reason = reason
        self.path: list[str | int] = []
        super().__init__(reason.en)


def read_document(text: str, file: str) -> tuple[dict[str, Any], tree.File]:
    """The document that a text holds, and its tree. `Refused` when it is not JSON, too large, or does not fit."""
    document = read(text, file)
    wrong = misfits(document, file)
    if wrong:
        raise Refused(*wrong)
    return document, enter(document, file)


def enter(document: dict[str, Any], file: str = "data") -> tree.File:
    """The tree of a document that fits the schema; `file` is what messages call it.

    `Refused` for what a schema cannot see: a day that does not exist, half a character, too many levels.
    """
    try:
        declarations = _value(document["declarations"], root(), "declarations")
        trailing = tuple(_text(one) for one in document.get("trailing", ()))
    except _Wrong as error:
        raise refused(MISFIT, file=file, pointer=pointer(tuple(reversed(error.path))), reason=error.reason) from None
    except RecursionError:
        raise too_much(file, levels=True) from None
    return tree.File(declarations, trailing, _NOWHERE, document.get("spelling", "en"))


def _value(data: Any, shape: Shape, step: str | int) -> Any:
    try:
        return _entered(data, shape)
    except _Wrong as error:
        error.path.append(step)
        raise


def _entered(data: Any, shape: Shape) -> Any:
    if data is None:
        return None
    if isinstance(shape, Choice):
        if shape.alone is not None:
            shape = shape.alone
        elif isinstance(data, dict):
            return _record(data, shape.kinds[data["is"]])
        else:
            shape = _plain_or_array(data, shape)
    if isinstance(shape, Many):
        items = []
        for index, one in enumerate(data):
            items.append(_value(one, shape.item, index))
        return tuple(items)
    if isinstance(shape, Record):
        only = atom(shape.kind)
        return _record(data, shape.kind) if only is None else shape.kind(_entered(data, only.shape), _NOWHERE)
    kind = getattr(shape, "type", str)
    if kind is Decimal:
        return Decimal(data)
    if kind is date:
        return _day(data)
    return _text(data) if isinstance(data, str) else kind(data)


def _plain_or_array(data: Any, shape: Choice) -> Shape:
    """Of what is no object: the possibility that takes it."""
    for one in shape.others:
        if isinstance(data, list) == isinstance(one, Many) and isinstance(data, getattr(one, "type", str | list)):
            return one
    return shape.others[-1]


def _record(data: dict[str, Any], kind: type) -> Any:
    held: dict[str, Any] = {}
    for one in fields_of(kind):
        if one.missing is not REQUIRED and (one.name not in data or data[one.name] is None):
            held[one.name] = one.missing
        else:
            held[one.name] = _value(data[one.name], one.shape, one.name)
    return kind(**held) if kind is tree.Layout else kind(**held, span=_NOWHERE)


def _text(value: str) -> str:
    if _NO_LETTER.search(value):
        raise _Wrong(filled(_BAD_LETTER, value=shown(value)))
    return value


def _day(value: str) -> date:
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise _Wrong(filled(_NO_DAY, value=value)) from None
