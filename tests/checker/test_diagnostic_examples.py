"""Every code has a page, whose failing example gets the code and whose repaired one gets nothing at all.

Codes of events, stores and commands, and the index of all: tests/docs/test_event_and_command_pages.py.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from communityrules.checker.check import CheckResult, check
from communityrules.checker.loading import Limits
from communityrules.checker.messages import ALL_MESSAGES
from communityrules.diagnostics.source import Source
from communityrules.language.limits import MAX_ERRORS, MAX_FILE

PAGES = Path(__file__).parents[2] / "docs" / "reference" / "diagnostics"

#: Codes whose example cannot be printed, with what gives them.
UNPRINTABLE = {
    "CR108": "# " + "x" * MAX_FILE,
    "CR122": ")\n" * (MAX_ERRORS + 2),
    "CR123": 'list a = "\0"\n',
}

_BLOCK = re.compile(r"^```(\w+)([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Example:
    main: str
    files: dict[str, str]
    limits: Limits

    def check(self) -> CheckResult:
        def read(path: str) -> Source:
            if path not in self.files:
                raise FileNotFoundError(path)
            return Source(path, self.files[path])

        return check(Source("main.rules", self.main), read=read, limits=self.limits)


def example(section: str) -> Example:
    """The blocks of a section: the first is the main file, the others are named; `lines=2` sets a limit."""
    main = ""
    files: dict[str, str] = {}
    limits = Limits()
    for _, info, text in _BLOCK.findall(section):
        word = info.strip()
        if "=" in word:
            name, number = word.split("=")
            limits = replace(limits, **{name: int(number)})
        if not word or "=" in word:
            main = text
        else:
            files[word] = text
    return Example(main, files, limits)


def sections(code: str) -> tuple[str, str]:
    text = (PAGES / f"{code}.md").read_text(encoding="utf-8")
    _, fails, repaired = re.split(r"^## (?:Fails|Repaired)$", text, flags=re.MULTILINE)
    return fails, repaired


@pytest.mark.parametrize("code", ALL_MESSAGES)
def test_every_code_has_a_page_headed_in_both_languages(code: str) -> None:
    message = ALL_MESSAGES[code]
    first = (PAGES / f"{code}.md").read_text(encoding="utf-8").splitlines()[0]
    assert first == f"# {code}: {message.title.en} · {message.title.zh}"


@pytest.mark.parametrize("code", [one for one in ALL_MESSAGES if one not in UNPRINTABLE])
def test_the_failing_example_gets_the_code(code: str) -> None:
    found = example(sections(code)[0]).check().diagnostics
    assert code in [one.code for one in found], [(one.code, one.text()) for one in found]


@pytest.mark.parametrize("code", [one for one in ALL_MESSAGES if one not in UNPRINTABLE])
def test_the_repaired_example_gets_nothing(code: str) -> None:
    result = example(sections(code)[1]).check()
    assert [(one.code, one.text()) for one in result.diagnostics] == []
    assert result.rulebook is not None


@pytest.mark.parametrize("code", UNPRINTABLE)
def test_what_cannot_be_printed_gets_its_code_too(code: str) -> None:
    assert code in [one.code for one in check(Source("main.rules", UNPRINTABLE[code])).diagnostics]
