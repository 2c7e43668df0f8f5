"""`export BOOK -o book.json` and `import book.json`: the same rulebook, and words for what is none."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any, Literal

import pytest

from communityrules import load
from communityrules.checker.files import folder_reader
from communityrules.cli.fmt import imported_names
from communityrules.cli.main import run
from communityrules.diagnostics.source import Source
from communityrules.language.parse import parse
from communityrules.tables.data.entering import read_document
from communityrules.tables.data.exporting import export_data
from communityrules.tables.data.importing import from_data
from communityrules.tables.data.strict import MOST_LEVELS
from communityrules.tables.reading import Refused

ROOT = Path(__file__).parents[3]
BOOKS = [
    # What they share stands a folder deeper, and not all of it stands alone.
    *sorted((ROOT / "examples").glob("*/*.rules")),
    ROOT / "tests" / "cli" / "data" / "club.rules",
    *sorted((ROOT / "src" / "communityrules" / "packs").rglob("*.rules")),
    *sorted((ROOT.parent / "shared" / "language").glob("tour.*.rules")),
]
RULE = '{"form": 1, "declarations": [{"is": "rule", "id": "1", "clauses": [%s]}]}'
THEN = '{"is": "then", "consequences": [{"is": "action", "name": "flag"}]}'


@pytest.mark.parametrize("book", BOOKS, ids=lambda one: f"{one.parent.name}-{one.name}")
def test_every_example_comes_back_with_its_digest(book: Path) -> None:
    source = Source(str(book), book.read_text(encoding="utf-8"))
    file, _ = parse(source)
    imported = imported_names(str(book), source, file)
    read = folder_reader(book.parent)
    text = export_data(source, read, imported)
    document = json.loads(text)
    assert document["digest"] == load(book).digest
    spellings: tuple[Literal["en", "zh"] | None, ...] = (None, "en", "zh")
    for to in spellings:
        found = from_data(text, "book.json", to, str(book), read, lambda _: imported)
        assert found.digest == document["digest"], (to, found.diagnostics)
        for one in file.declarations:
            for comment in one.layout.before:
                assert comment.strip() in found.text


def test_names_of_the_library_are_in_english_and_those_of_the_writer_stay() -> None:
    document = json.loads(
        export_data(Source("x", '词表 骂 = "滚"\n规则 1\n  禁止\n  当 消息\n  若 消息.文本 包含任一 骂\n  则 删除\n'))
    )
    clauses = document["declarations"][1]["clauses"][2:]
    assert clauses[0]["condition"]["left"] == {"is": "path", "parts": ["message", "text"]}
    assert clauses[0]["condition"]["right"] == [{"is": "path", "parts": ["骂"]}]
    assert clauses[1] == {"is": "then", "consequences": [{"is": "action", "name": "delete"}]}
    assert document["spelling"] == "zh"


def test_a_changed_document_is_a_rulebook_and_its_stale_digest_is_told() -> None:
    document = json.loads(
        export_data(Source("x", 'rule 1\n  must not\n  on message\n  if message.text contains "a"\n  then delete\n'))
    )
    document["declarations"][0]["clauses"][3]["consequences"] = [{"is": "action", "name": "flag"}]
    found = from_data(json.dumps(document), "x.json")
    assert "then flag" in found.text
    assert [one.code for one in found.diagnostics] == ["CR770"]
    del document["digest"]
    assert from_data(json.dumps(document), "x.json").diagnostics == ()


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        ("", "CR776", "line 1, column 1"),
        ("{", "CR776", "line 1, column 2"),
        ("[1, 2", "CR776", "line 1"),
        ('{"form": NaN}', "CR776", "`NaN` is no number"),
        ('{"form": -Infinity}', "CR776", "`-Infinity` is no number"),
        ('{"form": 1e999}', "CR776", "`1e999` is no number"),
        ('{"form": 1, "form": 1}', "CR776", "the key `form` stands twice"),
        ('{"form": ' + "9" * 5000 + "}", "CR776", "more than 18 digits"),
        ("[" * 100_000, "CR777", f"{MOST_LEVELS} levels"),
        ('{"a":' * 2000 + "1" + "}" * 2000, "CR777", f"{MOST_LEVELS} levels"),
        ("[" + "[]," * 1_100_000 + "0]", "CR777", "1,000,000 values"),
        ('"' + "a" * 17_000_000 + '"', "CR777", "characters"),
        ("null", "CR778", "at `#`: this must be an object"),
        ("{}", "CR778", "the key `form`, `declarations` is missing"),
        ('{"form": 2, "declarations": []}', "CR778", "at `/form`: `2` is not one of `1`"),
        ('{"form": 1, "declarations": [{"is": "ruel"}]}', "CR778", "at `/declarations/0/is`: `ruel` is not one of"),
        ('{"form": 1, "declarations": [{"is": "rule"}]}', "CR778", "at `/declarations/0`: the key `id` is missing"),
        ('{"form": 1, "declarations": [], "x": "\\ud800"}', "CR778", "there is no key `x` here"),
        (RULE % '{"is": "content", "text": 1}', "CR778", "at `/declarations/0/clauses/0/text`: this must be a text"),
        (RULE % '{"is": "content", "text": "\\ud800"}', "CR778", "holds what no text can hold"),
        (RULE % '{"is": "review_by", "day": "2024-02-30"}', "CR778", "there is no day `2024-02-30`"),
        (
            RULE % '{"is": "cooldown", "duration": {"is": "duration", "amount": "x", "unit": "day"}}',
            "CR778",
            "`x` is not of the form",
        ),
        (RULE % '{"is": "found_by", "group": "a\\nrule 2"}', "CR779", "at `/declarations/0/clauses/0/group`"),
        (RULE % '{"is": "content", "text": "a", "layout": {"before": ["x\\nrule 2"]}}', "CR778", "/layout/before/0"),
        (
            RULE % '{"is": "if", "condition": {"is": "predicate", "operator": "between", "left": {"is": "path"}}}',
            "CR779",
            "at `/declarations/0/clauses/0/condition`",
        ),
        (
            '{"form": 1, "declarations": [{"is": "table", "name": "t", "columns": ["rule", "if"],'
            ' "rows": [{"id": "1", "cells": [null, null]}]}]}',
            "CR779",
            "at `/declarations/0`",
        ),
    ],
)
def test_what_is_no_rulebook_is_refused_in_words(text: str, code: str, said: str) -> None:
    with pytest.raises(Refused) as refused:
        from_data(text, "x.json")
    one = refused.value.diagnostic
    assert one.code == code
    assert said in one.text("en")
    assert one.text("zh")
    assert len(one.text("en")) < 1000


def test_deep_conditions_come_back_or_are_refused() -> None:
    inner: Any = {"is": "flag", "value": True}
    for level in range(1, 240):
        inner = {"is": "parentheses", "inner": inner}
        if level in (10, 40, 60, 230):
            text = RULE % (json.dumps({"is": "if", "condition": inner}) + "," + THEN)
            if level <= 40:
                assert from_data(text, "x.json").file
            else:
                with pytest.raises(Refused) as refused:
                    from_data(text, "x.json")
                assert refused.value.diagnostic.code in ("CR777", "CR779")


def test_errors_are_bounded() -> None:
    rules = ", ".join('{"is": "rule"}' for _ in range(5000))
    with pytest.raises(Refused) as refused:
        read_document(f'{{"form": 1, "declarations": [{rules}]}}', "x.json")
    assert len(refused.value.diagnostics) == 20


def test_the_command_line_there_and_back(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    book = ROOT / "examples" / "customer-community" / "community.zh.rules"
    data, again = tmp_path / "book.json", tmp_path / "again.rules"
    assert run(["export", str(book), "-o", str(data), "--lang", "en"]) == 0
    assert "rules" in capsys.readouterr().out
    assert run(["import", str(data), "-o", str(again), "--lang", "en"]) == 0
    assert load(again).digest == load(book).digest
    assert again.read_text(encoding="utf-8") == book.read_text(encoding="utf-8")
    assert run(["import", str(data), "-o", str(again), "--to", "en", "--lang", "en"]) == 0
    assert again.read_text(encoding="utf-8") != book.read_text(encoding="utf-8")
    assert load(again).digest == load(book).digest
    capsys.readouterr()
    assert run(["import", str(data), "--format", "json", "--lang", "en"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["as"] == "json"
    assert told["digest"] == load(book).digest
    data.write_text("{", encoding="utf-8")
    assert run(["import", str(data), "--lang", "zh"]) == 1
    assert "CR776" in capsys.readouterr().err


def test_jsonschema_is_imported_only_when_used() -> None:
    modules = "communityrules, communityrules.cli.main, communityrules.cli.check"
    code = f"import sys, {modules}; print('jsonschema' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "False"
