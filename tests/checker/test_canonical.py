"""The canonical form: what judges alike has one digest."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from books import book, rule

from communityrules.checker import canonical
from communityrules.checker.check import check
from communityrules.checker.files import folder_reader, read_file
from communityrules.diagnostics.source import Source
from communityrules.language.format import format_file
from communityrules.language.parse import parse
from communityrules.library.names import LibraryNames

CASES = Path(__file__).parents[1] / "cases" / "checker"
TOURS = Path(__file__).parents[3] / "shared" / "language"
FILES = [CASES / "market.en.rules", CASES / "market.zh.rules", TOURS / "tour.en.rules", TOURS / "tour.zh.rules"]


@pytest.mark.parametrize("path", FILES, ids=[one.name for one in FILES])
@pytest.mark.parametrize("to", ["en", "zh"])
def test_translation_keeps_the_digest(path: Path, to: str) -> None:
    if not path.exists():
        pytest.skip("the tours are not here")
    source = read_file(path)
    tree, _ = parse(source)
    translated = format_file(tree, LibraryNames(), "zh" if to == "zh" else "en")
    first = check(source, read=folder_reader(path.parent)).rulebook
    second = check(Source("other.rules", translated), read=folder_reader(path.parent)).rulebook
    assert first is not None
    assert second is not None
    assert first == second
    assert first.digest == second.digest


@pytest.mark.parametrize("path", FILES, ids=[one.name for one in FILES])
def test_the_digest_is_that_of_the_form(path: Path) -> None:
    if not path.exists():
        pytest.skip("the tours are not here")
    rulebook = check(read_file(path), read=folder_reader(path.parent)).rulebook
    assert rulebook is not None
    text = canonical.dumps(canonical.to_json(rulebook))
    assert rulebook.digest == hashlib.sha256(text.encode()).hexdigest()


def test_comments_layout_tests_and_spelling_are_outside_the_digest() -> None:
    plain = rule(
        "message.text contains any of words and count(message by member today) > 3", before='list words = "a", "b"'
    )
    other = (
        "# a comment\n\n词表 words = “a”、“b”  # another\n\n规则 1\n"
        "  若 消息.文本 包含任一 words  且  ( 计数(消息 按 成员 今日) > 3 )\n  则 删除\n  禁止\n  当 消息\n"
        '\n测试 "x"\n  2024-01-01\n  09:00 小美 消息 "x" 预期 放行\n'
    )
    assert book(plain).digest == book(other).digest


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("> 3", "> 4"),
        ("today", "this week"),
        ("delete", "flag"),
        ('"a"', '"c"'),
        ("on message", "on edit"),
        ("must not", "must"),
        ("rule 1", "rule 2"),
    ],
)
def test_whatever_judges_otherwise_changes_the_digest(old: str, new: str) -> None:
    plain = rule("message.text contains any of words and count(message by member today) > 3", before='list words = "a"')
    assert book(plain).digest != book(plain.replace(old, new, 1)).digest


def test_the_form_is_json_and_says_nothing_of_places() -> None:
    rulebook = book(rule("message.labels.spam >= 0.75", before="# x\n\n"))
    text = canonical.dumps(canonical.to_json(rulebook))
    assert json.loads(text) == canonical.to_json(rulebook)
    assert "main.rules" not in text
    assert '{"decimal":"0.75"}' in text
    assert len(rulebook.digest) == 64


def test_numbers_that_are_equal_have_one_form() -> None:
    assert book(rule("message.length > 3")).digest == book(rule("message.length > 3.0")).digest
    assert book(rule("message.labels.x > 5%")).digest == book(rule("message.labels.x > 0.05")).digest
    assert book(rule("member.tenure < 1 day")).digest == book(rule("member.tenure < 24 hours")).digest
