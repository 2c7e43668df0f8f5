"""The keyword table is sound, and both kinds of installation find it."""

from __future__ import annotations

import re
import zipfile
from collections import Counter
from pathlib import Path

import pytest

from communityrules.language import keywords
from communityrules.language.keywords import grammar_text, keyword_table

TABLE = keyword_table()


def test_every_word_has_both_spellings() -> None:
    for one in TABLE.words():
        assert one.zh, one.id
        assert one.en or one.end, one.id


def test_no_spelling_means_two_things_in_one_section() -> None:
    for section in ("declarations", "header", "clauses", "windows", "weekdays", "units", "types", "columns"):
        counted = Counter(spelling for one in TABLE.section(section) for spelling in {*one.en, *one.zh})
        assert not [spelling for spelling, count in counted.items() if count > 1], section


def test_the_grammar_uses_every_terminal_of_the_table() -> None:
    grammar = grammar_text("communityrules.lark")
    words = set(re.findall(r"\b[A-Z][A-Z_]+\b", grammar))
    assert not set(TABLE.tokens()) - words


def test_chinese_words_need_no_space_inside() -> None:
    for one in TABLE.words():
        if one.zh and re.match(r"\w", one.zh[0]):
            assert " " not in one.zh[0], one.id


def test_source_checkouts_read_the_folder_at_the_root() -> None:
    root = Path(keywords.__file__).parents[3] / "grammars"
    if not root.is_dir():
        pytest.skip("an installed package")
    assert grammar_text("keywords.toml") == (root / "keywords.toml").read_text(encoding="utf-8")


def test_wheels_carry_the_folder(tmp_path: Path) -> None:
    root = Path(keywords.__file__).parents[3]
    build = pytest.importorskip("hatchling.builders.wheel")
    if not (root / "pyproject.toml").is_file():
        pytest.skip("an installed package")
    wheel = next(iter(build.WheelBuilder(str(root)).build(directory=str(tmp_path), versions=["standard"])))
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    assert "communityrules/grammars/keywords.toml" in names
    assert "communityrules/grammars/communityrules.lark" in names
    assert "communityrules/grammars/table.json" in names
