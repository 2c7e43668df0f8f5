"""Codes of events, stores and commands: each has a page in both languages, and what the page shows happens.

The sections `Fails` and `Repaired` of a page are carried out block by block, in a folder that holds the files of
`commands.md`: a block marked `<!-- file: NAME -->` is written, ```json is judged in place of `events.jsonl`, ```python
and ```sh run. The last thing that is done in `Fails` gives exactly the code of the page; all else goes well.

Codes of rulebooks have their examples tested in tests/checker/test_diagnostic_examples.py.
"""

from __future__ import annotations

import ast
import re
import shlex
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from typing import Any

import pytest
from docs_blocks import DOCS, ROOT, Block, blocks_of

import communityrules
from communityrules.checker.messages import ALL_MESSAGES
from communityrules.cli import check as check_command
from communityrules.cli import fmt as fmt_command
from communityrules.cli.codes import EVERY_MESSAGE, OTHER_MESSAGES, index_page
from communityrules.cli.main import run
from communityrules.diagnostics.message import Bilingual, Diagnostic, Language, Message
from communityrules.engine.consequences import Consequences
from communityrules.engine.parallel import _Worker
from communityrules.stores.entries import EntryRows
from communityrules.stores.sqlite import SqliteStore
from communityrules.tables.workbook import fitting

PAGES = DOCS / "reference" / "diagnostics"
_JUDGE = "judge community.rules events.jsonl"
_STORE = f"{_JUDGE} --store sqlite:///community.db"
_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_LANGUAGES: tuple[Language, ...] = ("en", "zh")


def broken(error: BaseException) -> Callable[..., Any]:
    def fail(*_: Any) -> Any:
        raise error

    return fail


def opened_with(statement: str) -> Callable[[SqliteStore], None]:
    """Opening a store as ever, and then something that happens to its file."""
    prepare = SqliteStore._prepare

    def opening(store: SqliteStore) -> None:
        prepare(store)
        store._db.execute(statement)

    return opening


@dataclass(frozen=True)
class Provoked:
    """How to provoke what no example can show: what is put in place of what, and the command that then fails."""

    where: Any
    name: str
    instead: Any
    command: str
    status: int = 2


_DISK = sqlite3.OperationalError("disk I/O error")
_DISK.sqlite_errorcode = sqlite3.SQLITE_IOERR

PROVOKED = {
    "CR757": Provoked(SqliteStore, "_prepare", opened_with("PRAGMA query_only = 1"), _STORE),
    "CR758": Provoked(EntryRows, "last_seq", broken(_DISK), _STORE),
    "CR792": Provoked(fitting, "MAX_ROWS", 1, "export community.rules -o community.xlsx"),
    "CR852": Provoked(Consequences, "handle_event", broken(ZeroDivisionError("deep inside")), _JUDGE, 1),
    "CR854": Provoked(_Worker, "work", broken(MemoryError()), f"{_JUDGE} --jobs 2"),
    "CR915": Provoked(fmt_command, "format_file", lambda *_: "rule 1 (", "fmt community.rules"),
    "CR921": Provoked(check_command, "check_book", broken(KeyboardInterrupt()), "check community.rules", 130),
    "CR999": Provoked(check_command, "check_book", broken(RuntimeError("boom")), "check community.rules"),
}
SHOWN = [code for code in OTHER_MESSAGES if code not in PROVOKED]


@dataclass
class Outcome:
    """What came of one thing that was done."""

    what: str
    status: int
    said: str = ""
    codes: list[str] = field(default_factory=list)


class Reader:
    """Somebody who does what a page says, in a folder of their own."""

    def __init__(self, folder: Path, language: Language, capture: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self.language = language
        self.capture = capture
        for block in blocks_of(PAGES / "commands.md"):
            if block.mark:
                self.do(block)

    def do(self, block: Block) -> list[Outcome]:
        verb, _, name = block.mark.partition(": ")
        if verb == "file":
            (self.folder / name).parent.mkdir(exist_ok=True)
            (self.folder / name).write_text(block.text, encoding="utf-8")
            return []
        match block.kind:
            case "json":
                (self.folder / "events.jsonl").write_text(block.text, encoding="utf-8")
                return [self.command(_JUDGE)]
            case "python":
                return [self.python(block)]
            case "sh":
                program, rest = zip(*(line.split(" ", 1) for line in block.text.splitlines()), strict=True)
                assert set(program) == {"communityrules"}
                return [self.command(one) for one in rest]
        raise AssertionError(f"{block.name}: a block of `{block.kind}` is not carried out")

    def command(self, arguments: str) -> Outcome:
        self.capture.readouterr()
        status = run(["--lang", self.language, *shlex.split(arguments)])
        said = self.capture.readouterr().err
        return Outcome(arguments, status, said, re.findall(r"\[(CR\d{3})\]", said))

    def python(self, block: Block) -> Outcome:
        try:
            exec(compile(block.text, block.name, "exec"), {})  # noqa: S102  # the page's own example
        except Exception as error:
            found = getattr(error, "diagnostic", None)
            if not isinstance(found, Diagnostic):
                raise
            return Outcome(block.name, 2, found.text(self.language) + found.hint(self.language), [found.code])
        return Outcome(block.name, 0)


@pytest.fixture(params=_LANGUAGES)
def reader(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Reader:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("COMMUNITYRULES_DEBUG", raising=False)
    return Reader(tmp_path, request.param, capsys)


def section(code: str, heading: str) -> list[Block]:
    page = PAGES / f"{code}.md"
    lines = page.read_text(encoding="utf-8").splitlines()
    starts = [number for number, line in enumerate(lines, 1) if line.startswith("## ")]
    assert [lines[number - 1] for number in starts] == ["## Fails", "## Repaired"], page
    repaired = starts[1]
    return [one for one in blocks_of(page) if (one.line > repaired) is (heading == "Repaired")]


def says(said: str, text: Bilingual, language: Language) -> bool:
    """Whether a text was said, with anything in the places of its placeholders and however it was broken into lines."""
    parts = re.split(r"\{\w+\}", text.zh if language == "zh" else text.en)
    pattern = ".+".join(re.escape("".join(one.split())) for one in parts)
    return re.search(pattern, "".join(said.split()), re.DOTALL) is not None


def assert_gives(outcome: Outcome, message: Message, language: Language) -> None:
    assert set(outcome.codes) == {message.code}, outcome
    assert says(outcome.said, message.text, language), outcome
    assert says(outcome.said, message.hint, language), outcome


# --- what the pages show -------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", SHOWN)
def test_the_failing_example_gives_exactly_its_code(code: str, reader: Reader) -> None:
    done = [one for block in section(code, "Fails") for one in reader.do(block)]
    assert [one for one in done[:-1] if one.status != 0 or one.codes] == []
    assert done[-1].status in (1, 2)
    assert_gives(done[-1], EVERY_MESSAGE[code], reader.language)


@pytest.mark.parametrize("code", SHOWN)
def test_the_repaired_example_goes_well(code: str, reader: Reader) -> None:
    done = [one for block in section(code, "Repaired") for one in reader.do(block)]
    assert done
    assert [one for one in done if one.status != 0 or one.codes] == []


@pytest.mark.parametrize("code", PROVOKED)
def test_what_no_example_shows_gives_its_code_too(code: str, reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    page = (PAGES / f"{code}.md").read_text(encoding="utf-8")
    assert "\nNo example is shown: " in page
    assert "```" not in page
    how = PROVOKED[code]
    before = (reader.folder / "community.rules").read_bytes()
    monkeypatch.setattr(how.where, how.name, how.instead)
    outcome = reader.command(how.command)
    assert outcome.status == how.status
    assert_gives(outcome, EVERY_MESSAGE[code], reader.language)
    assert (reader.folder / "community.rules").read_bytes() == before
    monkeypatch.undo()
    monkeypatch.chdir(reader.folder)
    (reader.folder / "community.db").unlink(missing_ok=True)
    assert reader.command(how.command).codes == []


@pytest.mark.parametrize("code", OTHER_MESSAGES)
def test_every_page_is_headed_and_worded_as_its_message_in_both_languages(code: str) -> None:
    message = EVERY_MESSAGE[code]
    page = (PAGES / f"{code}.md").read_text(encoding="utf-8")
    severity = {"error": "Error · 错误", "warning": "Warning · 警告"}[message.severity]
    assert page.startswith(f"# {code}: {message.title.en} · {message.title.zh}\n\n*{severity}*\n\n")
    for text in (message.text, message.hint):
        assert text.en in page
        assert text.zh in page


# --- all codes -----------------------------------------------------------------------------------------------


def declared() -> dict[str, set[Message]]:
    """The coded messages of all modules of the program, by code."""
    found: dict[str, set[Message]] = {}
    for module in walk_packages(communityrules.__path__, "communityrules."):
        for one in vars(import_module(module.name)).values():
            if isinstance(one, Message):
                found.setdefault(one.code, set()).add(one)
    return found


def written() -> list[str]:
    """The codes that stand in the source as texts of their own, as often as they do."""
    return [
        node.value
        for file in sorted((ROOT / "src").rglob("*.py"))
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and re.fullmatch(r"CR\d{3}", node.value)
    ]


def test_every_declared_message_is_listed_once() -> None:
    assert declared() == {code: {message} for code, message in EVERY_MESSAGE.items()}
    assert sorted(written()) == list(EVERY_MESSAGE)
    assert set(ALL_MESSAGES).isdisjoint(OTHER_MESSAGES)


@pytest.mark.parametrize("code", EVERY_MESSAGE)
def test_every_message_has_a_page_and_the_same_placeholders_in_both_languages(code: str) -> None:
    assert re.fullmatch(r"CR[1-9][0-9]{2}", code)
    assert (PAGES / f"{code}.md").is_file()
    message = EVERY_MESSAGE[code]
    for text in (message.title, message.text, message.hint):
        assert text.en.strip()
        assert text.zh.strip()
        assert set(_PLACEHOLDER.findall(text.en)) == set(_PLACEHOLDER.findall(text.zh))


def test_every_page_is_of_a_code_or_introduces_some() -> None:
    pages = {one.stem for one in PAGES.glob("*.md")}
    assert pages == {*EVERY_MESSAGE, "index", "events", "commands"}


def test_the_index_is_up_to_date_and_lists_every_code_once() -> None:
    committed = (PAGES / "index.md").read_text(encoding="utf-8")
    assert committed == index_page(), "run `python -m communityrules.cli.codes`"
    assert sorted(re.findall(r"^\| \[(CR\d{3})\]\(\1\.md\) \|", committed, re.MULTILINE)) == list(EVERY_MESSAGE)
