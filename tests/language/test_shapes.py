"""Declarations built by the steps of one of the same shape are those that the parser builds."""

from __future__ import annotations

import dataclasses
import random
from pathlib import Path
from typing import Any

import pytest

from communityrules.diagnostics.source import Source, Span
from communityrules.language import grammar, reader
from communityrules.language.parse import parse
from communityrules.language.shapes import MOST_LETTERS, ONCE, Shapes
from communityrules.language.tree import File

ROOT = Path(__file__).parents[2]
BOOKS = sorted((ROOT / "examples").rglob("*.rules"))[:40]

HEAD = 'rulebook "x"\n  timezone UTC\n\n'
TRICKY = (
    "rule 1\n  on message\n  if member.a < 3\n  then flag\n",
    "rule 22\n  on message\n  if member.b >= 44\n  then flag\n",
    "rule A-1\n  on message\n  if member.b >= 44.5\n  then flag\n",
    "rule 3\n  on message\n  if member.is_x <= 1 and member.a2 <> 3\n  then mute 10 minutes\n",
    "rule 4\n  on message\n  if member.名单1 <= 1\n  then mute 1 day\n",
    "rule 5\n  effective from 2024-10-04\n  on message\n  if message.text contains words\n  then mute 10min\n",
    "rule 6\n  effective from 2024/1/4\n  on message\n  if event.clock > 08:00\n  then flag\n",
    "rule 7\n  on message\n  if event.clock > 99:99\n  then flag\n",
    "规则 8\n  当 消息\n  若 消息.文本 包含任一 词表甲\n  则 删除\n",
    "规则9\n  当 消息\n  若 消息.文本 包含任一 最近词表\n  则 禁言 24小时\n",
    "规则10\n  当 消息\n  若 计数(消息 按 成员 最近10分钟内) >= 3\n  则 禁言 24 小时\n",
    'list one = "a", "b"\n',
    'list two = "a" , "b"\n',
    "list permanently = “a”、「b」\n",
    "parameter p = 5 from 2024-01-01, 6 from 2025年1月1日\n",
    "parameter q = 5 from 2024-01-01, 6 from 25年1月1日\n",
    "penalty p\n  1st: warn\n  2nd: mute 1 day\n",
    "penalty q\n  then on: warn\n",
    "member (a: number, b: number)\n",
    "rule 11\n  on message\n  then hold forstaff\n",
    "rule 13\n  on message\n  if at least 1 of (a or 4.5 weeks is empty, c) and d\n  then flag\n",
    "rule 14\n  on message\n  if at least 1 of (a or b is empty, c, e is empty) or d\n  then mute 1 day\n",
    "rule 15\n  on message\n  if count(message where a or b, c within 1 day by member) > 3\n  then flag\n",
    "rule 12\n  on message\n  # a remark\n  if member.a > 1  # another\n  then flag\n",
)


def _plain(node: Any) -> Any:
    if isinstance(node, Span):
        return node.start, node.end
    if isinstance(node, tuple):
        return tuple(map(_plain, node))
    if dataclasses.is_dataclass(node):
        return type(node).__name__, *(_plain(getattr(node, one.name)) for one in dataclasses.fields(node))
    return node


def _both_ways(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    # What is met for the second time is remembered, and used from then on.
    quick = [parse(Source("x", text)) for _ in range(4)]
    with monkeypatch.context() as patch:
        patch.setattr(reader.Reader, "_by_shapes", _never)
        slow, said = parse(Source("x", text))
    for found, told in quick:
        assert _plain(found) == _plain(slow)
        assert [(one.code, _plain(one.span)) for one in told] == [(one.code, _plain(one.span)) for one in said]


def _never(_: object) -> File | None:
    return None


@pytest.mark.parametrize("path", BOOKS, ids=lambda one: one.stem)
def test_examples(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _both_ways(path.read_text(encoding="utf-8"), monkeypatch)


@pytest.mark.parametrize("seed", range(30))
def test_declarations_that_differ_a_little(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    chance = random.Random(seed)
    _both_ways(HEAD + "\n".join(chance.choices(TRICKY, k=8)), monkeypatch)
    sound = [one for one in TRICKY if not parse(Source("x", HEAD + one))[1]]
    assert len(sound) > len(TRICKY) / 2
    _both_ways(HEAD + "\n".join(chance.choices(sound, k=30)), monkeypatch)


def test_the_steps_are_used(monkeypatch: pytest.MonkeyPatch) -> None:
    text = HEAD + "".join(f"rule {one}\n  on message\n  if member.a{one} > {one}\n  then flag\n\n" for one in range(50))
    read: list[object] = []
    with monkeypatch.context() as patch:
        whole = reader.Reader._read_one
        patch.setattr(reader.Reader, "_read_one", lambda self, run, by: read.append(run) or whole(self, run, by))
        parse(Source("x", text))
    assert len(read) < 5


def _held(known: Shapes, shapes: list[str]) -> int:
    """Letters of the shapes that are still remembered, with what is known of them."""
    return sum(len(one) + len(packed) for one in shapes if (packed := known.get(one)) is not None)


def test_what_is_remembered_is_bounded_in_letters() -> None:
    known, shapes, most = Shapes(), [], 0
    for number in range(2 * MOST_LETTERS // 20_000):
        shapes.append(f"{number:05}" + "x" * 9_995)
        known.keep(shapes[-1], ONCE)
        known.keep(shapes[-1], b"m" * 10_000)
        assert known.get(shapes[-1]) == b"m" * 10_000
        most = max(most, held := _held(known, shapes) if number % 50 == 49 else 0)
        assert held <= MOST_LETTERS
    # As much as there is room for is used.
    assert most > MOST_LETTERS * 3 / 4


def test_what_is_known_of_a_shape_counts_once() -> None:
    known = Shapes()
    known.keep("other", b"m")
    for _ in range(MOST_LETTERS // 100_000 + 1):
        known.keep("one", b"m" * 100_000)
        known.keep("one", ONCE)
    known.keep("one", b"m" * (MOST_LETTERS - 9))
    assert known.get("other") == b"m"
    known.make_anew()
    assert known.get("other") == b"m"
    known.keep("other", b"mm")
    assert known.get("one") is None
    assert known.get("other") == b"mm"


def test_what_was_forgotten_is_read_step_by_step(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("communityrules.language.shapes.MOST_LETTERS", 3_000)
    apart = dataclasses.replace(grammar.load_grammar(), shapes=Shapes())
    monkeypatch.setattr(reader, "load_grammar", lambda: apart)
    sound = [one for one in TRICKY if not parse(Source("x", HEAD + one))[1]]
    _both_ways(HEAD + "\n".join(sound + sound[::-1]), monkeypatch)
