"""A tree that came from outside, as a text that says the same.

A tree can hold what no text can: a name with a line end in it would be read as a rule of its own. So the text is read
again, and must give the tree that it was made of.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from typing import Any

from communityrules.diagnostics.message import Diagnostic, Language
from communityrules.diagnostics.source import Source
from communityrules.language import tree
from communityrules.language.format import format_file
from communityrules.language.limits import MAX_FILE
from communityrules.language.names import NameTable, NoNames
from communityrules.language.parse import parse
from communityrules.tables.data.errors import UNSAYABLE
from communityrules.tables.data.leaving import leave
from communityrules.tables.data.strict import too_much
from communityrules.tables.data.validating import pointer
from communityrules.tables.errors import TOO_LARGE
from communityrules.tables.reading import Refused, refused

_RANGES = frozenset({"between", "outside"})
_NAKED = frozenset({"empty", "not_empty"})


def prove(file: tree.File, name: str) -> None:
    """That a tree can be written down and read again. `Refused` when not, with the place of what cannot; `name` is what
    messages call the document."""
    data = leave(file)
    wrong = _ill_formed(data["declarations"])
    if wrong is not None:
        raise _unsayable(name, ("declarations", *wrong))
    try:
        text = format_file(file, NoNames(), "en")
        if len(text) > MAX_FILE:
            raise refused(TOO_LARGE, file=name, limit=f"{MAX_FILE // (1024 * 1024)} MB")
        read, diagnostics = parse(Source(name, text))
        if read == file and not any(one.severity == "error" for one in diagnostics):
            return
    except RecursionError:
        raise too_much(name, levels=True) from None
    except IndexError:
        # The printer takes for granted that nothing is empty which no text can leave empty.
        raise _unsayable(name, ("declarations",)) from None
    other = leave(read)
    told = {key: one for key, one in data.items() if key != "spelling"}
    raise _unsayable(name, _first_difference(told, {key: other[key] for key in told}) or ("declarations",))


def text_of(file: tree.File, names: NameTable, language: Language, imported: Collection[str], name: str) -> str:
    """The text of a proven tree in one spelling; `imported` are names that the files it uses declare.

    `Refused` when it is longer than a rulebook can be.
    """
    text = format_file(file, names, language, imported)
    if len(text) > MAX_FILE:
        raise refused(TOO_LARGE, file=name, limit=f"{MAX_FILE // (1024 * 1024)} MB")
    return text


def english(
    file: tree.File, names: NameTable, imported: Collection[str], name: str
) -> tuple[Source, tree.File, list[Diagnostic]]:
    """A tree that was read from a text of that name as a text with the library's names in English, and what it says;
    the writer's names stay as they are."""
    source = Source(name, format_file(file, names, "en", imported))
    read, diagnostics = parse(source)
    return source, replace(read, spelling=file.spelling), diagnostics


def _unsayable(name: str, path: tuple[str | int, ...]) -> Refused:
    return refused(UNSAYABLE, file=name, pointer=pointer(path))


def _ill_formed(declarations: list[Any]) -> tuple[str | int, ...] | None:
    """The way to an object whose parts do not go together, which the printer would stumble over."""
    waiting: list[tuple[Any, tuple[Any, str | int] | None]] = [(declarations, None)]
    while waiting:
        value, way = waiting.pop()
        if isinstance(value, list):
            waiting += [(one, (way, index)) for index, one in enumerate(value) if isinstance(one, dict | list)]
            continue
        if _odd(value):
            path: list[str | int] = []
            step: Any = way
            while step is not None:
                step, last = step
                path.append(last)
            return tuple(reversed(path))
        waiting += [(one, (way, key)) for key, one in value.items() if isinstance(one, dict | list)]
    return None


def _odd(value: dict[str, Any]) -> bool:
    match value.get("is"):
        case "path":
            return not value.get("parts")
        case "predicate":
            right = len(value.get("right", ()))
            wanted = value["operator"]
            return right != 2 if wanted in _RANGES else right > 0 if wanted in _NAKED else right == 0
        case "table":
            columns = value.get("columns", [])
            kinds = [one for one in columns if one not in ("rule", "name")]
            rows = [row.get("cells", []) for row in value.get("rows", ())]
            return len(set(columns)) < len(columns) or any(
                len(cells) != len(kinds)
                or any(cell is not None and cell["is"] != kind for cell, kind in zip(cells, kinds, strict=True))
                for cells in rows
            )
    return False


def _first_difference(one: Any, other: Any) -> tuple[str | int, ...] | None:
    """The way to the first place where two values differ, without blank lines, which are no difference."""
    waiting: list[tuple[Any, Any, Any]] = [(one, other, None)]
    while waiting:
        left, right, way = waiting.pop()
        if isinstance(left, dict) and isinstance(right, dict) and left.get("is") == right.get("is"):
            keys = [key for key in (*left, *(key for key in right if key not in left)) if key != "blank"]
            waiting += [(left.get(key), right.get(key), (way, key)) for key in reversed(keys)]
        elif isinstance(left, list) and isinstance(right, list) and (len(left) == len(right) or (left and right)):
            longest = range(max(len(left), len(right)))
            pairs = [(_at(left, index), _at(right, index), (way, index)) for index in longest]
            waiting += reversed(pairs)
        elif left != right and not _same_number(left, right) and (left or right):
            path: list[str | int] = []
            while way is not None:
                way, step = way
                path.append(step)
            return tuple(reversed(path))
    return None


def _at(items: list[Any], index: int) -> Any:
    return items[index] if index < len(items) else None


def _same_number(left: Any, right: Any) -> bool:
    try:
        return isinstance(left, str) and isinstance(right, str) and Decimal(left) == Decimal(right)
    except InvalidOperation:
        return False
