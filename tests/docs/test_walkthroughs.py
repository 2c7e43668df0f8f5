"""The pages that a reader follows step by step, followed step by step."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from docs_blocks import DOCS, blocks_of

from communityrules.cli.main import run

PAGES = (
    DOCS / "tutorial" / "first-rulebook.md",
    DOCS / "tutorial" / "first-rulebook.zh.md",
    DOCS / "how-to" / "embed-in-a-bot.md",
)


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
            assert "1" in capsys.readouterr().out


def _edit(text: str) -> tuple[str, str, str]:
    """`FILE: OLD -> NEW`, where OLD ends a line."""
    match = re.fullmatch(r"(\S+): (.+) -> (.+)", text)
    assert match is not None, text
    return match.group(1), match.group(2), match.group(3)
