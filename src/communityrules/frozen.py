"""Frozen dataclasses that are quick to declare, to make and to compare.

A syntax tree of ten thousand rules holds a million nodes, the checked rules half as many, and every one that
`dataclasses` makes costs a call for each of its fields. Here the objects are those of msgspec, which makes them in C
and lets the garbage collector overlook what can be in no circle. All that `dataclasses` gives stays: `fields`,
`replace`, matching by place, equality, hashes, copies, the error for an assignment.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dataclasses import dataclass as dataclass  # for others
    from dataclasses import replace as replace  # the same
else:
    import dataclasses
    from dataclasses import MISSING, Field, FrozenInstanceError
    from operator import attrgetter
    from reprlib import recursive_repr

    import msgspec

    #: What a class may not define for itself, and what its fields may not ask for, to be made here.
    _OURS = frozenset({
        "__init__", "__post_init__", "__repr__", "__eq__", "__hash__", "__setattr__", "__delattr__", "__getstate__",
        "__setstate__",
    })  # fmt: skip
    _LEFT = frozenset({"__dict__", "__weakref__", "__slots__", "__dataclass_fields__", "__dataclass_params__"})

    def dataclass(**options: Any) -> Any:
        """As `dataclasses.dataclass`; classes with more than plain fields are left to that."""

        def decorate(cls: Any) -> Any:
            if options == {"frozen": True, "slots": True} and _is_plain(cls):
                return _frozen(cls)
            return dataclasses.dataclass(**options)(cls)

        return decorate

    def replace(one: Any, /, **changes: Any) -> Any:
        """As `dataclasses.replace`, in a tenth of its time."""
        if isinstance(one, msgspec.Struct):
            return msgspec.structs.replace(one, **changes)
        return dataclasses.replace(one, **changes)

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
        described = dataclasses.dataclass(init=False, repr=False, eq=False)(cls)
        fields = dataclasses.fields(described)
        inside = {name: value for name, value in vars(cls).items() if name not in _LEFT}
        inside["__annotations__"] = {one.name: one.type for one in fields}
        inside["__doc__"] = None if bare else cls.__doc__
        for one in fields:
            if one.default_factory is not MISSING:
                inside[one.name] = msgspec.field(default_factory=one.default_factory)
        compared = tuple(one.name for one in fields if one.compare)
        whole = len(compared) == len(fields)
        if not whole:
            inside["__eq__"], inside["__hash__"] = _compared(compared)
            # That of structs would compare all fields.
            inside["__ne__"] = object.__ne__
        inside["__repr__"] = _repr
        made = type(msgspec.Struct)(cls.__name__, (msgspec.Struct,), inside, frozen=True, eq=whole)
        made.__qualname__ = cls.__qualname__
        made.__annotations__ = cls.__annotations__
        made.__setattr__, made.__delattr__ = _no_setattr, _no_delattr
        made.__dataclass_fields__ = described.__dataclass_fields__
        made.__dataclass_params__ = params = described.__dataclass_params__
        params.init = params.repr = params.eq = params.frozen = True
        return made

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
