"""The kernel cuts texts into the same pieces, and fills moulds with the same, as what is written in Python."""

from __future__ import annotations

import random
from array import array
from pathlib import Path
from typing import Any

import pytest

from communityrules.diagnostics.source import Source
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
    return Filler(scanned, Layouts(scanned), {}, is_harmless)


def _of_text(text: str) -> Filler:
    """What cuts a text that counts as prepared already."""
    return _filler(Scan(Source("x", text), text, {}, [], []))


def _numbers(*numbers: int) -> bytes:
    return array("H", numbers).tobytes()


def _native(filler: Filler) -> Any:
    assert filler.build != filler.build_here
    return filler.build


@pytest.mark.parametrize("seed", range(40))
def test_shapes(seed: int) -> None:
    draw = random.Random(seed)
    text = "".join(draw.choices(BITS, k=400))
    filler = _of_text(text)
    for _ in range(300):
        start = draw.randrange(len(text))
        end = draw.randint(start, min(start + 40, len(text)))
        assert _native(filler).shape(start, end) == filler.cut(start, end).shape


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
    shape = _native(filler).shape(0, len(long))
    assert shape == (filler.cut(0, len(long)).shape if len(long) <= LONGEST_TEXT else None)


def test_stretches_with_too_many_pieces() -> None:
    filler = _of_text("a," * LONGEST)
    assert _native(filler).shape(0, LONGEST) == filler.cut(0, LONGEST).shape
    assert _native(filler).shape(0, LONGEST + 1) is None
    assert filler.build(0, LONGEST + 1) is None
    with pytest.raises(ValueError, match="stretch"):
        filler.build(-1, 3)
    with pytest.raises(ValueError, match="stretch"):
        filler.build(0, 2 * LONGEST + 1)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda one: one.stem)
def test_declarations(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = path.read_text(encoding="utf-8")
    source = Source("x", text)
    stretches: list[tuple[int, int, dict[str, Mould]]] = []
    build = Filler.build_here
    with monkeypatch.context() as patch:
        patch.setattr("communityrules.language.filling.native", lambda _: None)
        patch.setattr(
            Filler,
            "build_here",
            lambda self, start, end: stretches.append((start, end, self.moulds)) or build(self, start, end),
        )
        for _ in range(2):
            parse(source)
    scanned = scan(source)
    slow, quick = _filler(scanned), _filler(scanned)
    for start, end, moulds in stretches:
        slow.moulds.update(moulds)
        quick.moulds.update(moulds)
        expected = slow.build_here(start, end)
        found = quick.build(start, end)
        assert found == expected
        assert repr(found) == repr(expected)
        assert _spans(found) == _spans(expected)
    assert not moulds or any(quick.build(start, end) is not None for start, end, _ in stretches)


def _spans(node: Any) -> list[Any]:
    if isinstance(node, tuple):
        return [one for part in node for one in _spans(part)]
    if not hasattr(node, "span"):
        return []
    parts = [getattr(node, name) for name in node.__dataclass_fields__]
    return [(node.span.start, node.span.end), *(one for part in parts for one in _spans(part))]


def test_names_are_looked_at_before_anything_is_taken() -> None:
    text = "rulebook one\n\n\nrule two\n"
    scanned = scan(Source("x", text))
    looked: list[str] = []

    def is_harmless(word: str) -> bool:
        looked.append(word)
        return False

    start, end = text.index("rule two"), len(text)
    filler = _filler(scanned, is_harmless)
    # The layout of what begins there, of which the second word may be misread.
    filler.moulds[filler.cut(start, end).shape] = Mould(_numbers(Step.LAYOUT, 0, 0), (), _numbers(2, 3))
    assert filler.build(start, end) is filler.build_here(start, end) is None
    assert looked == ["two", "two"]
    known = Filler(scanned, Layouts(scanned), {"two": "two"}, is_harmless)
    known.moulds.update(filler.moulds)
    expected = Layouts(scanned).pending[start]
    assert known.build(start, end) == expected
    assert known.build(start, end) == PLAIN


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
    filler.moulds[filler.cut(0, 3).shape] = mould
    with pytest.raises((ValueError, KeyError, TypeError, AttributeError)):
        filler.build(0, 3)
    assert _native(filler).shape(0, 3) == filler.cut(0, 3).shape


def test_exceptions_go_through() -> None:
    def fails(_: str) -> bool:
        raise RuntimeError("no")

    scanned = scan(Source("x", "a b"))
    filler = _filler(scanned, fails)
    filler.moulds[filler.cut(0, 3).shape] = Mould(_numbers(Step.WRITTEN, 0, 1), (), _numbers(0, 1))
    with pytest.raises(RuntimeError, match="no"):
        filler.build(0, 3)
    filler.moulds[filler.cut(0, 3).shape] = Mould(_numbers(Step.WRITTEN, 0, 1), (), b"")
    assert filler.build(0, 3) == filler.build_here(0, 3) == "a"
    assert filler.build(1, 1) is None
