"""What a tree looks like as data, read off its dataclasses: the one source for writing, reading and the schema.

An object says what it `is` wherever several kinds can stand. What holds one value only (a name, a text, a day) is that
value itself where nothing else can stand. Spans are left out, and so is what is empty, false or as usual.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from types import MappingProxyType, NoneType, UnionType
from typing import Any, Final, Literal, TypeAlias, Union, get_args, get_origin, get_type_hints

from communityrules.language import tree
from communityrules.language.limits import MAX_DIGITS, MAX_FILE, MAX_NAME, MAX_TEXT

#: A field that must be there.
REQUIRED: Final = MISSING
#: What is called otherwise than its class: like the head of its column, or unlike a declaration.
_CALLED: Final[Mapping[type, str]] = MappingProxyType({
    tree.Group: "parentheses", tree.Calendar: "calendar_window", tree.Sliding: "sliding_window",
    tree.InPlaces: "in", tree.OnEvents: "on",
})  # fmt: skip
_SPAN: Final = "span"
_MOST_WHOLE: Final = 999_999_999
_COMMENT: Final = {"maxLength": MAX_FILE, "pattern": r"^[^\n\r]*$"}
#: Bounds of values, by class and field.
_BOUNDS: Final[Mapping[tuple[type, str], Mapping[str, Any]]] = MappingProxyType({
    (tree.Name, "text"): {"minLength": 1, "maxLength": MAX_NAME},
    (tree.Text, "value"): {"maxLength": MAX_TEXT},
    (tree.Regex, "pattern"): {"minLength": 1, "maxLength": MAX_TEXT},
    (tree.RuleId, "text"): {"maxLength": MAX_TEXT},
    (tree.TimeOfDay, "minutes"): {"minimum": 0, "maximum": 1440},
    (tree.TimeOfDay, "seconds"): {"minimum": 0, "maximum": 59},
    (tree.PenaltyStep, "when"): {"minimum": 0, "maximum": _MOST_WHOLE},
    (tree.Appeal, "times"): {"minimum": 0, "maximum": _MOST_WHOLE},
    (tree.Layout, "before"): _COMMENT,
    (tree.Layout, "after"): _COMMENT,
    (tree.File, "trailing"): _COMMENT,
})  # fmt: skip
#: How a decimal is written: every digit, no exponent.
DECIMAL: Final = rf"^-?[0-9]{{1,{MAX_DIGITS}}}(\.[0-9]{{1,{MAX_DIGITS}}})?$"
DAY: Final = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"


@dataclass(frozen=True, slots=True)
class Plain:
    """One value: `str`, `int`, `bool`, `Decimal` (as text, digit for digit), `date` (as text)."""

    type: type
    bounds: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Words:
    """One of some words."""

    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Many:
    """An array."""

    item: Shape


@dataclass(frozen=True, slots=True)
class Record:
    """A class of the tree, where nothing else can stand."""

    kind: type


@dataclass(frozen=True, slots=True)
class Choice:
    """Several possibilities: null, plain ones, an array, and objects that say what they are."""

    null: bool
    others: tuple[Plain | Words | Many, ...]
    #: By what they say they are.
    kinds: Mapping[str, type]
    #: The name of the choice in `language.tree`, where it has one.
    name: str | None

    @property
    def alone(self) -> Shape | None:
        """The only possibility beside null, if there is but one."""
        if len(self.kinds) == 1 and not self.others:
            return Record(next(iter(self.kinds.values())))
        return self.others[0] if len(self.others) == 1 and not self.kinds else None


Shape: TypeAlias = Plain | Words | Many | Record | Choice


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a class."""

    name: str
    shape: Shape
    #: The value when it is left out, or `REQUIRED`.
    missing: Any


@cache
def called(kind: type) -> str:
    """What an object of a class says it `is`: `rule`, `compare`, `list`."""
    if kind in _CALLED:
        return _CALLED[kind]
    return re.sub(r"(?<!^)(?=[A-Z])", "_", kind.__name__).lower().removesuffix("_declaration")


@cache
def fields_of(kind: type) -> tuple[Field, ...]:
    """The fields of a class of the tree that are data, in the order in which they are declared."""
    hints = get_type_hints(kind)
    found = [one for one in fields(kind) if one.name != _SPAN]
    made = []
    for one in found:
        shape = _shape(hints[one.name], _BOUNDS.get((kind, one.name), {}))
        missing = one.default if one.default is not MISSING else _missing(shape, only=len(found) == 1)
        made.append(Field(one.name, shape, missing))
    return tuple(made)


@cache
def atom(kind: type) -> Field | None:
    """The one field of a class that holds just one plain value, such as a name's text."""
    found = fields_of(kind)
    return found[0] if len(found) == 1 and isinstance(found[0].shape, Plain) else None


def root() -> Many:
    """The declarations of a file."""
    shape = next(one.shape for one in fields_of(tree.File) if one.name == "declarations")
    assert isinstance(shape, Many)
    return shape


def _missing(shape: Shape, *, only: bool) -> Any:
    if isinstance(shape, Many):
        return ()
    if isinstance(shape, Choice) and shape.null:
        return None
    if isinstance(shape, Plain) and shape.type is bool and not only:
        return False
    return REQUIRED


def _shape(hint: Any, bounds: Mapping[str, Any]) -> Shape:
    origin, arguments = get_origin(hint), get_args(hint)
    if hint in (str, int, bool, Decimal, date):
        return Plain(hint, bounds)
    if isinstance(hint, type) and is_dataclass(hint):
        return Record(hint)
    if origin is Literal:
        return Words(arguments)
    if origin is tuple:
        return Many(_shape(arguments[0], bounds))
    assert origin in (Union, UnionType), f"no shape for {hint!r}"
    kinds = {called(one): one for one in arguments if isinstance(one, type) and is_dataclass(one)}
    others = [_shape(one, bounds) for one in arguments if one is not NoneType and one not in kinds.values()]
    kept = tuple(one for one in others if isinstance(one, Plain | Words | Many))
    assert len(kept) == len(others), f"no shape for {hint!r}"
    null = NoneType in arguments
    return Choice(null, kept, kinds, _names().get(frozenset(kinds.values())))


@cache
def _names() -> Mapping[frozenset[type], str]:
    """Choices that have a name of their own in the tree."""
    aliases = ("Expression", "Clause", "Declaration", "Step", "Consequence", "Window")
    return {frozenset(get_args(getattr(tree, one))): one.lower() for one in aliases}
