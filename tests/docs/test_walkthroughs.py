"""The pages that a reader follows step by step, followed step by step."""

from __future__ import annotations

import re
import shlex
from glob import glob
from pathlib import Path

import pytest
from docs_blocks import DOCS, ROOT, blocks_of

from communityrules.cli.main import run

PAGES = (
    DOCS / "tutorial" / "first-rulebook.md",
    DOCS / "tutorial" / "first-rulebook.zh.md",
    DOCS / "how-to" / "embed-in-a-bot.md",
    DOCS / "how-to" / "import-automoderator.md",
    DOCS / "how-to" / "tamper-proof-records.md",
)
EXAMPLE = ROOT / "examples" / "customer-community"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_step_works(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("LANGUAGE", raising=False)
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8" if ".zh." in page.name else "C.UTF-8")
    printed = ""
    for block in blocks_of(page):
        verb, _, rest = block.mark.partition(": ")
        if verb == "file":
            Path(rest).write_text(block.text, encoding="utf-8")
        elif verb == "append":
            with Path(rest).open("a", encoding="utf-8") as file:
                file.write("\n" + block.text)
        elif block.kind == "sh":
            name, old, new = _edit(rest) if verb in ("mistake", "change") else ("", "", "")
            before = Path(name).read_text(encoding="utf-8") if name else ""
            if name:
                assert before.count(old + "\n") == 1, f"{block.name}: `{old}` must end one line of {name}"
                Path(name).write_text(before.replace(old + "\n", new + "\n"), encoding="utf-8")
            printed = ""
            for command in block.text.strip().split("\n"):
                words = shlex.split(command)
                if words[0] != "communityrules":
                    continue
                status = run(words[1:])
                out, err = capsys.readouterr()
                printed += out + err
                assert status == (1 if verb == "mistake" else 0), f"{block.name}: {command}\n{out}{err}"
            if verb == "mistake":
                Path(name).write_text(before, encoding="utf-8")
        elif block.kind == "text" and verb == "output":
            for line in block.text.strip().split("\n"):
                assert line in printed, f"{block.name}: {line}\n{printed}"
        elif block.kind == "python":
            exec(compile(block.text, block.name, "exec"), {})  # noqa: S102  # the page's own example
            printed = capsys.readouterr().out
            assert printed.strip(), f"{block.name}: the example shows nothing"


def _prepared(folder: Path) -> None:
    """What the commands of how-to pages find: a rulebook, its events, a folder of rulebooks."""
    book = (EXAMPLE / "community.rules").read_text(encoding="utf-8")
    (folder / "community.rules").write_text(book, encoding="utf-8")
    (folder / "rules").mkdir()
    (folder / "rules" / "community.rules").write_text(book, encoding="utf-8")
    (folder / "events.jsonl").write_bytes((EXAMPLE / "events.jsonl").read_bytes())
    assert run(["fmt", str(folder / "community.rules"), str(folder / "rules" / "community.rules")]) == 0


@pytest.mark.parametrize("name", ["bad-events.md", "resume-after-a-crash.md", "run-in-ci.md", "write-tests.md"])
def test_commands_of_how_to_pages_work(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _prepared(tmp_path)
    monkeypatch.chdir(tmp_path)
    for block in blocks_of(DOCS / "how-to" / name):
        if block.kind == "sh":
            for command in block.text.strip().split("\n"):
                words = [one for word in shlex.split(command) for one in (glob(word) if "*" in word else [word])]
                assert words[0] == "communityrules"
                assert run(words[1:]) == 0, command


def test_judging_goes_on_after_a_crash_as_the_page_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _prepared(tmp_path)
    monkeypatch.chdir(tmp_path)
    (block,) = (one for one in blocks_of(DOCS / "how-to" / "resume-after-a-crash.md") if one.kind == "sh")
    command = shlex.split(block.text)[1:]
    without_store = [one for one in command if one not in ("--store", "sqlite:///community.db")]
    assert run(without_store) == 0
    undisturbed = Path("decisions.jsonl").read_bytes()
    events = Path("events.jsonl").read_bytes()
    Path("events.jsonl").write_bytes(b"".join(events.splitlines(keepends=True)[:20]))
    assert run(command) == 0
    Path("events.jsonl").write_bytes(events)
    capsys.readouterr()
    assert run(command) == 0
    assert '"judged":19,"duplicate":20,"quarantined":0' in capsys.readouterr().err
    assert Path("decisions.jsonl").read_bytes() == undisturbed


def _edit(text: str) -> tuple[str, str, str]:
    """`FILE: OLD -> NEW`, where OLD ends a line."""
    match = re.fullmatch(r"(\S+): (.+) -> (.+)", text)
    assert match is not None, text
    return match.group(1), match.group(2), match.group(3)
