"""The canonical text of records is the same from the kernel as from Python, whatever stands in them."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from communityrules import frozen
from communityrules.checker import canonical
from communityrules.checker.check import check
from communityrules.checker.files import folder_reader, read_file
from communityrules.kernel import native
from communityrules.model.values import TEXTS, Type

EXAMPLES = Path(__file__).parents[2] / "examples"
pytestmark = pytest.mark.skipif(native("canonical") is None, reason="the kernel was not built")


@frozen.dataclass(frozen=True, slots=True)
class _Quick:
    zeta: Any
    actions: Any
    hidden: Any = field(default=None, compare=False)
    most: Any = None


@dataclass
class _Slow:
    one: Any


class _Text(str):
    __slots__ = ()


class _Number(int):
    pass


class _Row(tuple[Any, ...]):
    __slots__ = ()


class _Failing:
    pass


_PLAIN: tuple[Any, ...] = (
    None, True, False, "", "a", 'q"\\\n\x00\x1f\x7f', "规则", "é\u2028", "😀", "\ud800", "x" * 5000, 0, -1,
    2**63 - 1, -(2**63), 2**63, 10**40, Decimal("1.50"), Decimal("-0"), Decimal("1E+300"), Decimal("1e-7"),
    date(2024, 10, 4), (), [], {}, _Text('s"'), _Number(7), _Row(), _Row((1,)), Type("text"), TEXTS,
)  # fmt: skip

#: Hardly any of them is no plain text, as of names hardly any is.
_NAMES: tuple[Any, ...] = ("b", "a", "ab", "规", "规则", 'k"', "", "😀", "\ue000", 7, _Text("t"))


def _value(chance: random.Random, depth: int) -> Any:
    if depth == 0 or chance.random() < 0.3:
        return chance.choice(_PLAIN)
    inner: Callable[[], Any] = lambda: _value(chance, depth - 1)  # noqa: E731  # said four times below
    match chance.randrange(5):
        case 0:
            return tuple(inner() for _ in range(chance.randrange(4)))
        case 1:
            return [inner() for _ in range(chance.randrange(4))]
        case 2:
            return {chance.choice(_NAMES): inner() for _ in range(3)}
        case 3:
            return _Slow(inner())
        case _:
            return _Quick(inner(), inner(), inner(), inner())


def _both(value: Any, monkeypatch: pytest.MonkeyPatch) -> tuple[Any, Any]:
    def of(make: Callable[[Any], Any]) -> Any:
        try:
            return make(value)
        except (TypeError, RecursionError) as error:
            return type(error)

    quick = of(canonical.text_of), of(canonical.bytes_of)
    with monkeypatch.context() as patch:
        patch.setattr(canonical, "_native_text", canonical._left)
        return quick, (of(canonical.text_of), of(canonical.bytes_of))


def test_random_values(monkeypatch: pytest.MonkeyPatch) -> None:
    chance = random.Random(5)
    written = 0
    for _ in range(2000):
        value = _value(chance, 4)
        written += canonical._native_text(value, canonical._TOLD, canonical._tell, canonical._text) is not None
        quick, slow = _both(value, monkeypatch)
        assert quick == slow
        assert quick[0] == canonical.dumps(canonical.form(value))
    # Only half of a surrogate pair is left to Python.
    assert written > 1000


def test_what_has_no_form_and_what_is_too_deep(monkeypatch: pytest.MonkeyPatch) -> None:
    deep: Any = "x"
    for _ in range(5000):
        deep = (deep,)
    for value in (_Failing(), [1, 0.5], _Quick(1, _Failing()), deep):
        quick, slow = _both(value, monkeypatch)
        assert quick == slow
        assert isinstance(quick[0], type)


@pytest.mark.parametrize("path", sorted(EXAMPLES.rglob("*.rules"))[::6], ids=lambda path: path.stem)
def test_examples(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rulebook = check(read_file(path), read=folder_reader(path.parent)).rulebook
    assert rulebook is not None
    for part in (*rulebook.rules, *(getattr(rulebook, name) for name in canonical.said_of(rulebook) if name != "form")):
        quick, slow = _both(part, monkeypatch)
        assert quick == slow


class _Growing:
    """What is left to Python, and while it is written puts more into where it stands."""

    def __init__(self, into: Any) -> None:
        self.into = into


def test_a_dictionary_that_changes_while_it_is_written() -> None:
    kernel = native("canonical")
    assert kernel is not None
    held: dict[str, Any] = {"a": 1, "c": 2}
    held["b"] = _Growing(held)

    def rest(value: _Growing) -> str:
        value.into.clear()
        value.into.update(dict.fromkeys(map(str, range(100)), "x"))
        return '"grown"'

    assert kernel.text(held, {_Growing: None}, None, rest) == b'{"a":1,"b":"grown","c":2}'
