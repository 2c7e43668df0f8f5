"""Every rulebook of the cookbook is whole: sound, tested, the same in Chinese, and decides what its cases say."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest
from deciding import CASES, COOKBOOK, Line, book_of, decided, read
from page import AGAIN, PAGE, page

from communityrules import load
from communityrules.checker.check import check
from communityrules.checker.files import folder_reader, read_file
from communityrules.cli.main import run
from communityrules.diagnostics.source import Source
from communityrules.library.table import STANDARD
from communityrules.workbench.mutants import Mutants
from communityrules.workbench.testing import run_tests

BOOKS = sorted(one for one in COOKBOOK.glob("*.rules") if not one.name.endswith(".zh.rules"))
#: How many of the mutants of each rulebook its tests notice at least.
KILLED = 0.8

Command = Callable[..., tuple[int, str]]

each_book = pytest.mark.parametrize("book", BOOKS, ids=lambda book: book.stem)


@pytest.fixture
def command(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Command:
    """A command as a person would call it: its exit status and all that it says."""
    monkeypatch.setenv("LANG", "en_US.UTF-8")

    def call(*arguments: object) -> tuple[int, str]:
        capfd.readouterr()
        status = run([str(one) for one in arguments])
        said = capfd.readouterr()
        return status, said.out + said.err

    return call


def twin(book: Path) -> Path:
    return book.with_name(f"{book.stem}.zh.rules")


def both(book: Path) -> tuple[Path, Path]:
    return book, twin(book)


def test_there_is_nothing_else() -> None:
    """Each file is a rulebook, its twin, or the cases of one; each number stands once."""
    numbers = [book.name[:2] for book in BOOKS]
    assert numbers == sorted(set(numbers))
    assert all(number.isdecimal() and book.name[2] == "-" for number, book in zip(numbers, BOOKS, strict=True))
    beside = {one.name for one in COOKBOOK.iterdir() if one.name.endswith(".zh.rules")}
    assert beside == {twin(book).name for book in BOOKS}
    assert {one.name for one in CASES.iterdir()} == {f"{number}.jsonl" for number in numbers}


@each_book
def test_its_first_line_says_what_it_shows(book: Path) -> None:
    for one in both(book):
        first = one.read_text("utf-8").splitlines()[0]
        assert first.startswith(f"# {book.name[:2]}. "), first


@each_book
def test_it_is_sound(book: Path, command: Command) -> None:
    for one in both(book):
        status, said = command("check", "--strict", one)
        assert status == 0, said


@each_book
def test_its_tests_pass_and_reach_every_rule(book: Path, command: Command) -> None:
    for one in both(book):
        status, said = command("test", one)
        assert status == 0, said
        rules = load(one).checked
        assert len(rules.tests) >= 2
        reached = run_tests(rules, STANDARD).coverage
        assert [rule.id for rule in reached.unreached_rules] == []


@each_book
def test_its_tests_notice_changes(book: Path) -> None:
    made = Mutants(read_file(book), STANDARD, folder_reader(book.parent))
    tried = made.run()
    left = [(one.line, *made.words(one)) for one in tried.survivors]
    assert tried.killed >= KILLED * tried.tried, left


@each_book
def test_it_is_laid_out_and_its_twin_is_the_same_in_chinese(book: Path, command: Command, tmp_path: Path) -> None:
    assert command("fmt", "--check", book, twin(book))[0] == 0
    copy = tmp_path / book.name
    copy.write_bytes(book.read_bytes())
    assert command("fmt", "--to", "zh", copy)[0] == 0
    assert copy.read_bytes() == twin(book).read_bytes(), "make the twin again: copy, then fmt --to zh"
    assert command("fmt", "--to", "en", copy)[0] == 0
    assert copy.read_bytes() == book.read_bytes()
    assert load(book).digest == load(twin(book)).digest


@pytest.mark.parametrize("cases", sorted(CASES.glob("*.jsonl")), ids=lambda cases: cases.stem)
def test_it_decides_what_its_cases_say(cases: Path, tmp_path: Path) -> None:
    wanted = read(cases)
    book = book_of(cases)
    assert any("decision" in line for line in wanted)
    for store in ("memory:", f"sqlite:///{(tmp_path / 'store.db').as_posix()}"):
        # As lines, so that a difference is easy to read.
        assert lines(decided(load(book), wanted, store)) == lines(wanted)
    # Evidence quotes conditions in the spelling of the rulebook.
    in_chinese = decided(load(twin(book)), wanted)
    assert lines(unquoted(one) for one in in_chinese) == lines(unquoted(one) for one in wanted)


def lines(found: Iterable[Line]) -> list[str]:
    return [json.dumps(one, ensure_ascii=False) for one in found]


def unquoted(found: Any) -> Any:
    """Without what is quoted from conditions."""
    if isinstance(found, Mapping):
        return {name: unquoted(one) for name, one in found.items() if name not in ("what", "field")}
    return [unquoted(one) for one in found] if isinstance(found, list) else found


def test_a_limit_that_a_shared_file_leaves_open_must_be_set() -> None:
    """Book 29: there is no threshold without a value."""
    book = next(one for one in BOOKS if one.name.startswith("29-"))
    text, read = book.read_text("utf-8"), folder_reader(book.parent)
    setting = ", answer_time = 24 hours, 12 hours from 2026-07-01"
    assert check(Source(book.name, text), read=read).diagnostics == ()
    left_out = check(Source(book.name, text.replace(setting, "")), read=read)
    assert [one.code for one in left_out.diagnostics] == ["CR720"]
    no_value = check(Source(book.name, text.replace("pause = 1 hour", "pause =")), read=read)
    assert [one.code for one in no_value.diagnostics][:1] == ["CR116"]


def test_the_page_lists_them_all() -> None:
    assert PAGE.read_text("utf-8") == page(BOOKS), AGAIN
