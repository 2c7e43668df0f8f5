"""Frozen dataclasses that are quick to declare.

Before Python 3.13 `dataclasses` compiles six functions one by one for each frozen class, a millisecond in all. The
syntax tree and the checked rules are a hundred and fifty such classes, and every command declares them. Here one
function is compiled for each class. All that `dataclasses` gives stays: `fields`, `replace`, matching by place,
equality, hashes, copies, the error for an assignment.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING or sys.version_info >= (3, 13):
    from dataclasses import dataclass as dataclass  # for others
else:
    import dataclasses
    from dataclasses import MISSING, Field, FrozenInstanceError
    from functools import cache
    from operator import attrgetter
    from reprlib import recursive_repr
    from types import FunctionType

    #: What a class may not define for itself, and what its fields may not ask for, to be made here.
    _OURS = frozenset({
        "__init__", "__post_init__", "__repr__", "__eq__", "__hash__", "__setattr__", "__delattr__", "__getstate__",
        "__setstate__",
    })  # fmt: skip

    class _Factory:
        """Stands for the value that a factory is to make."""

        def __repr__(self) -> str:
            return "<factory>"

    _FACTORY = _Factory()

    def dataclass(**options: Any) -> Any:
        """As `dataclasses.dataclass`; classes with more than plain fields are left to that."""

        def decorate(cls: Any) -> Any:
            if options == {"frozen": True, "slots": True} and _is_plain(cls):
                return _frozen(cls)
            return dataclasses.dataclass(**options)(cls)

        return decorate

    def _is_plain(cls: Any) -> bool:
        return (
            cls.__bases__ == (object,)
            and not _OURS & cls.__dict__.keys()
            and not any("InitVar" in str(one) or "KW_ONLY" in str(one) for one in cls.__annotations__.values())
            and not any(
                isinstance(one, Field) and (not one.init or one.hash is not None or one.kw_only is True)
                for one in cls.__dict__.values()
            )
        )

    def _frozen(cls: Any) -> Any:
        # Where there is no docstring `dataclasses` writes down the signature, which takes longer than all the rest.
        bare = cls.__doc__ is None
        cls.__doc__ = cls.__doc__ or cls.__name__
        made = dataclasses.dataclass(slots=True, init=False, repr=False, eq=False)(cls)
        if bare:
            made.__doc__ = None
        params = made.__dataclass_params__
        params.init = params.repr = params.eq = params.frozen = True
        fields = dataclasses.fields(made)
        made.__init__ = _init(made, fields)
        made.__eq__, made.__hash__ = _compared(tuple(one.name for one in fields if one.compare))
        made.__repr__ = _repr
        made.__setattr__, made.__delattr__ = _no_setattr, _no_delattr
        made.__getstate__, made.__setstate__ = _getstate, _setstate
        return made

    def _init(cls: Any, fields: tuple[Field[Any], ...]) -> Any:
        if any(one.default_factory is not MISSING for one in fields):
            init = _init_with_factories(cls, fields)
        else:
            defaults = tuple(one.default for one in fields if one.default is not MISSING)
            # The same code serves all classes with as many fields, with other names for its parameters: to compile a
            # function for each takes longer than everything else.
            template = _template(len(fields))(*[vars(cls)[one.name].__set__ for one in fields])
            code = template.__code__.replace(co_varnames=("self", *(one.name for one in fields)))
            closure = template.__closure__
            init = FunctionType(code, vars(sys.modules[cls.__module__]), "__init__", defaults or None, closure)
        init.__qualname__ = f"{cls.__qualname__}.__init__"
        init.__annotations__ = {**{one.name: one.type for one in fields}, "return": None}
        return init

    @cache
    def _template(size: int) -> Any:
        """What makes an `__init__` of so many parameters from the setters of as many slots."""
        numbers = range(size)
        setters, parameters = ", ".join(f"set{one}" for one in numbers), ", ".join(f"value{one}" for one in numbers)
        lines = [f"set{one}(self, value{one})" for one in numbers] or ["pass"]
        text = f"def make({setters}):\n def __init__(self, {parameters}):\n  "
        found: dict[str, Any] = {}
        exec(text + "\n  ".join(lines) + "\n return __init__", {}, found)  # noqa: S102  # all of it is ours
        return found["make"]

    def _init_with_factories(cls: Any, fields: tuple[Field[Any], ...]) -> Any:
        # The slots themselves are set, which takes a third less than `object.__setattr__` looking for them.
        parameters, lines, known = ["self"], ["pass"], {"_factory_": _FACTORY}
        for one in fields:
            known[f"_set_{one.name}"] = vars(cls)[one.name].__set__
            value, default = one.name, f"_of_{one.name}"
            if one.default is not MISSING:
                known[default] = one.default
                parameters.append(f"{one.name}={default}")
            elif one.default_factory is not MISSING:
                known[default] = one.default_factory
                parameters.append(f"{one.name}=_factory_")
                value = f"{default}() if {one.name} is _factory_ else {one.name}"
            else:
                parameters.append(one.name)
            lines.append(f"_set_{one.name}(self, {value})")
        text = f"def make({', '.join(known)}):\n def __init__({', '.join(parameters)}):\n  "
        found: dict[str, Any] = {}
        # As `dataclasses` does it: the names are those of the class, nothing comes from outside the program.
        exec(text + "\n  ".join(lines) + "\n return __init__", vars(sys.modules[cls.__module__]), found)  # noqa: S102
        return found["make"](**known)

    def _compared(names: tuple[str, ...]) -> tuple[Any, Any]:
        if len(names) > 1:
            values = attrgetter(*names)
        else:

            def values(one: Any) -> tuple[Any, ...]:
                return tuple([getattr(one, name) for name in names])

        def __eq__(self: Any, other: object) -> Any:  # noqa: N807  # it becomes the method
            return values(self) == values(other) if other.__class__ is self.__class__ else NotImplemented

        def __hash__(self: Any) -> int:  # noqa: N807  # the same
            return hash(values(self))

        return __eq__, __hash__

    @recursive_repr()
    def _repr(self: Any) -> str:
        told = ", ".join(f"{one.name}={getattr(self, one.name)!r}" for one in dataclasses.fields(self) if one.repr)
        return f"{self.__class__.__qualname__}({told})"

    def _no_setattr(self: Any, name: str, value: object) -> None:  # noqa: ARG001  # Python's signature
        raise FrozenInstanceError(f"cannot assign to field {name!r}")

    def _no_delattr(self: Any, name: str) -> None:  # noqa: ARG001  # the same
        raise FrozenInstanceError(f"cannot delete field {name!r}")

    def _getstate(self: Any) -> list[Any]:
        return [getattr(self, one.name) for one in dataclasses.fields(self)]

    def _setstate(self: Any, state: list[Any]) -> None:
        for one, value in zip(dataclasses.fields(self), state, strict=True):
            object.__setattr__(self, one.name, value)
