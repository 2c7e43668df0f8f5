"""Frozen dataclasses are those of `dataclasses`, whoever makes them."""

from __future__ import annotations

import copy
import dataclasses
import inspect
import pickle
from collections.abc import Callable
from dataclasses import field
from typing import Any, ClassVar

import pytest

from communityrules import frozen
from communityrules.checker import checked
from communityrules.language import tree


def declare(dataclass: Callable[..., Any]) -> tuple[Any, ...]:
    @dataclass(frozen=True, slots=True)
    class Empty:
        pass

    @dataclass(frozen=True, slots=True)
    class One:
        """Documented."""

        first: int

    @dataclass(frozen=True, slots=True)
    class Plain:
        first: int
        second: str = "two"
        third: list[int] = field(default_factory=list, compare=False)
        fourth: tuple[int, ...] = field(default=(), repr=False)
        kind: ClassVar[str] = "plain"

        def doubled(self) -> int:
            return 2 * self.first

    return Empty, One, Plain


MADE = list(zip(declare(frozen.dataclass), declare(dataclasses.dataclass), strict=True))
VALUES: dict[str, tuple[Any, ...]] = {
    "Empty": ((), ()),
    "One": ((1,), (float("nan"),)),
    "Plain": ((1,), (1, "x"), (1, "x", [3]), (1, "x", [3], (4,))),
}


@pytest.mark.parametrize(("ours", "theirs"), MADE, ids=lambda one: one.__name__)
def test_they_look_the_same(ours: Any, theirs: Any) -> None:
    assert ours.__module__ == theirs.__module__
    assert ours.__qualname__ == theirs.__qualname__
    assert list(inspect.signature(ours).parameters) == list(inspect.signature(theirs).parameters)
    assert "__dict__" not in dir(ours)
    assert ours.__match_args__ == theirs.__match_args__
    assert set(ours.__slots__) == set(theirs.__slots__)
    assert repr(ours.__dataclass_params__) == repr(theirs.__dataclass_params__)
    assert list(map(repr, dataclasses.fields(ours))) == list(map(repr, dataclasses.fields(theirs)))
    assert dataclasses.is_dataclass(ours)


@pytest.mark.parametrize(("ours", "theirs"), MADE, ids=lambda one: one.__name__)
def test_their_objects_behave_the_same(ours: Any, theirs: Any) -> None:
    values = VALUES[ours.__name__]
    left, right = [ours(*one) for one in values], [theirs(*one) for one in values]
    for mine, other in zip(left, right, strict=True):
        assert repr(mine) == repr(other)
        assert [mine == one for one in left] == [other == one for one in right]
        assert [mine != one for one in left] == [other != one for one in right]
        assert mine != other
        assert mine.__eq__(other) is NotImplemented
        assert hash(mine) == hash(copy.copy(mine))
        assert dataclasses.astuple(mine) == dataclasses.astuple(other)
        assert repr(copy.copy(mine)) == repr(copy.deepcopy(mine)) == repr(mine)
    assert len(set(left)) == len(set(right))


def test_a_part_of_one_can_be_replaced_and_matched() -> None:
    plain = declare(frozen.dataclass)[2]
    assert dataclasses.replace(plain(1), first=2) == plain(2)
    match plain(3, "x"):
        case plain(first, second):
            assert (first, second) == (3, "x")
    assert plain(1).third is not plain(1).third
    assert plain(4).doubled() == 8


def test_arguments_are_checked() -> None:
    one = declare(frozen.dataclass)[1]
    for wrong in ((), (1, 2)):
        with pytest.raises(TypeError, match="argument"):
            one(*wrong)
    with pytest.raises(TypeError, match="other"):
        one(1, other=2)


def test_nothing_can_be_assigned() -> None:
    one = declare(frozen.dataclass)[1](1)
    with pytest.raises(dataclasses.FrozenInstanceError, match="first"):
        one.first = 2
    with pytest.raises(dataclasses.FrozenInstanceError, match="first"):
        del one.first
    # `dataclasses` itself stumbles here when the class has slots.
    with pytest.raises((AttributeError, TypeError)):
        one.other = 2


def test_what_is_more_than_plain_is_left_to_dataclasses() -> None:
    @frozen.dataclass(frozen=True, slots=True)
    class Checked:
        first: int

        def __post_init__(self) -> None:
            assert self.first

    @frozen.dataclass(slots=True)
    class Loose:
        first: int

    with pytest.raises(AssertionError):
        Checked(0)
    loose = Loose(1)
    loose.first = 2
    assert loose == Loose(2)


def test_nodes_can_be_kept_and_read_again() -> None:
    node = tree.Use(tree.Text("x", None), None, None, (), None)  # type: ignore[arg-type] # a place is not what this is about
    assert pickle.loads(pickle.dumps(node)) == node
    assert checked.Origin.__module__ == "communityrules.checker.checked"
