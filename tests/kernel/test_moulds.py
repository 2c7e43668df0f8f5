"""The kernel cuts texts into the same pieces, and fills moulds with the same, as what is written in Python."""

from __future__ import annotations

import dataclasses
import random
from array import array
from pathlib import Path
from typing import Any

import pytest

from communityrules.diagnostics.source import Source, Span
from communityrules.kernel import native
from communityrules.language.filling import Filler
from communityrules.language.layout import Layouts
from communityrules.language.limits import MAX_DIGITS, MAX_NAME, MAX_TEXT
from communityrules.language.moulds import Mould, Step
from communityrules.language.parse import parse
from communityrules.language.scan import Scan, scan
from communityrules.language.shapes import LONGEST, LONGEST_TEXT
from communityrules.language.tree import PLAIN

pytestmark = pytest.mark.skipif(native("moulds") is None, reason="the kernel was not built")

EXAMPLES = sorted((Path(__file__).parents[2] / "examples").rglob("*.rules"))[:25]
#: Pieces of all kinds, what is nearly one, and what cuts others short.
BITS = (
    " ", "\t", "\n", "\f", "\v", "\x02", "\x1f", "\x00", "\x85", "\ue000", "\ue001", "\ue002", "\ue003", "0", "12",
    "٣", "²", "x", "rule", "must", "if", "_", "a_1", "é", "éa", "每", "每天", "天", "名单", "规则", "年", "2024年", ".",
    ":", "/", "-", "2024-01-02", "1.", "1.5", "<", ">", "=", "<=", ">=", "!", "(", ")", ",", "😀", "𝒳", "９", "鿿",
    "ꀀ",
)  # fmt: skip


def _filler(scanned: Scan, is_harmless: Any = lambda _: True) -> Filler:
    return Filler(scanned, Layouts(scanned), is_harmless)


def _of_text(text: str) -> Filler:
    """What cuts a text that counts as prepared already."""
    return _filler(Scan(Source("x", text), text, {}, [], []))


def _numbers(*numbers: int) -> bytes:
    return array("H", numbers).tobytes()


@pytest.mark.parametrize("seed", range(40))
def test_shapes(seed: int) -> None:
    draw = random.Random(seed)
    text = "".join(draw.choices(BITS, k=400))
    filler = _of_text(text)
    assert filler.shape != filler.shape_here
    for _ in range(300):
        start = draw.randrange(len(text))
        end = draw.randint(start, min(start + 40, len(text)))
        assert filler.shape(start, end) == filler.shape_here(start, end)


@pytest.mark.parametrize(
    "long",
    [
        "\ue000" + "\ue001" * MAX_TEXT,
        "\ue002" + "\ue003" * (MAX_TEXT - 3),
        "1" * (MAX_DIGITS + 1),
        "1" * MAX_DIGITS,
        "a" * (MAX_NAME + 1),
        "a" * MAX_NAME,
        "名" * (MAX_NAME + 1),
    ],
    ids=len,
)
def test_what_is_long(long: str) -> None:
    filler = _of_text(f"{long} x")
    shape = filler.shape(0, len(long))
    assert shape == filler.shape_here(0, len(long))
    assert (shape is None) == (len(long) > LONGEST_TEXT)


def test_stretches_with_too_many_pieces() -> None:
    filler = _of_text("a," * LONGEST)
    assert filler.shape(0, LONGEST) == filler.shape_here(0, LONGEST) == filler.cut(0, LONGEST).shape
    assert filler.shape(0, LONGEST + 1) is filler.shape_here(0, LONGEST + 1) is None
    assert filler.build(0, LONGEST + 1, {}) is None
    with pytest.raises(ValueError, match="stretch"):
        filler.build(-1, 3, {})
    with pytest.raises(ValueError, match="stretch"):
        filler.build(0, 2 * LONGEST + 1, {})


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda one: one.stem)
def test_declarations_and_their_parts(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = Source("x", path.read_text(encoding="utf-8"))
    asked: list[tuple[int, int, dict[str, Mould]]] = []
    build = Filler.build_here

    def asks(filler: Filler, start: int, end: int, moulds: dict[str, Mould]) -> Any:
        asked.append((start, end, moulds))
        return build(filler, start, end, moulds)

    with monkeypatch.context() as patch:
        patch.setattr("communityrules.language.filling.native", lambda _: None)
        patch.setattr(Filler, "build_here", asks)
        for _ in range(3):
            parse(source)
    scanned = scan(source)
    slow, quick = _filler(scanned), _filler(scanned)
    built = 0
    for start, end, moulds in asked:
        expected = slow.build_here(start, end, moulds)
        found = quick.build(start, end, moulds)
        assert _whole(found) == _whole(expected)
        built += found is not None
    assert built or not any(moulds for *_, moulds in asked)


def _whole(made: Any) -> Any:
    """With all that equality does not look at."""
    if isinstance(made, Span):
        return made.start, made.end
    if isinstance(made, tuple):
        return [_whole(one) for one in made]
    if dataclasses.is_dataclass(made):
        return [type(made), *(_whole(getattr(made, one.name)) for one in dataclasses.fields(made))]
    return type(made), made


def _shaped(filler: Filler, start: int, end: int, mould: Any) -> dict[str, Any]:
    return {filler.cut(start, end).shape: mould}


def test_names_are_looked_at_before_anything_is_taken() -> None:
    text = "rulebook one\n\n\nrule two\n"
    scanned = scan(Source("x", text))
    looked: list[str] = []

    def is_harmless(word: str) -> bool:
        looked.append(word)
        return len(looked) > 2

    start, end = text.index("rule two"), len(text)
    filler = _filler(scanned, is_harmless)
    # The layout of what begins there, of which the second word may be misread.
    moulds = _shaped(filler, start, end, Mould(_numbers(Step.LAYOUT, 0, 0), (), _numbers(2, 3)))
    assert filler.build(start, end, moulds) is filler.build_here(start, end, moulds) is None
    assert looked == ["two", "two"]
    assert filler.build(start, end, moulds) == Layouts(scanned).pending[start]
    assert filler.build(start, end, moulds) == filler.build_here(start, end, moulds) == PLAIN
    assert looked == ["two", "two", "two"]


@pytest.mark.parametrize(
    "mould",
    [
        (_numbers(Step.SPAN, 0, 9), (), b""),
        (_numbers(Step.AGAIN, 0, 0), (), b""),
        (_numbers(Step.CONSTANT, 0, 0), (), b""),
        (_numbers(Step.TUPLE, 0, 1), (), b""),
        (_numbers(Step.WRITTEN, 1, 1), (), b""),
        (_numbers(Step.WRITTEN, 0, 1, Step.WRITTEN, 0, 1), (), b""),
        (_numbers(Step.WRITTEN, 0, 1), (), _numbers(7, 8)),
        (_numbers(Step.VALUE, 0, 0), (), b""),
        (_numbers(Step.NUMBER, 0, 1), (), b""),
        (_numbers(Step.NODE, 0, 0), (3,), b""),
        (_numbers(99, 0, 0), (), b""),
        (b"", (), b""),
        (b"", [], b""),
        "no mould",
    ],
)
def test_moulds_of_something_else(mould: Any) -> None:
    filler = _of_text("a b")
    with pytest.raises((ValueError, KeyError, TypeError, AttributeError)):
        filler.build(0, 3, _shaped(filler, 0, 3, mould))
    assert filler.shape(0, 3) == filler.shape_here(0, 3)


def test_exceptions_go_through() -> None:
    def fails(_: str) -> bool:
        raise RuntimeError("no")

    filler = _filler(scan(Source("x", "a b")), fails)
    with pytest.raises(RuntimeError, match="no"):
        filler.build(0, 3, _shaped(filler, 0, 3, Mould(_numbers(Step.WRITTEN, 0, 1), (), _numbers(0, 1))))
    moulds = _shaped(filler, 0, 3, Mould(_numbers(Step.WRITTEN, 0, 1), (), b""))
    assert filler.build(0, 3, moulds) == filler.build_here(0, 3, moulds) == "a"
    assert filler.build(1, 1, moulds) is None
