"""The documentation is true: its rulebooks check and pass their tests, its events are events, its links lead on."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest
from docs_blocks import DOCS, READMES, ROOT, Block, all_blocks, blocks_of, rulebook_of, written_pages

import communityrules
from communityrules import loads
from communityrules.checker.check import check
from communityrules.cli.main import Commands, run
from communityrules.cli.table import COMMANDS
from communityrules.diagnostics.source import Source
from communityrules.library.matching import WordMatcher
from communityrules.wire.events import decision_from_wire, event_from_wire
from communityrules.workbench import reference

#: What a walkthrough appends to a file is checked there, together with the file.
RULES = [one for one in all_blocks("rules") if "broken" not in one.info and not one.mark.startswith("append")]
EXAMPLES = ROOT / "examples" / "customer-community"


def ids(block: Block) -> str:
    return block.name


def objects(text: str) -> Iterator[Any]:
    """The JSON values that stand one below the other."""
    decoder = json.JSONDecoder()
    rest = text.strip()
    while rest:
        value, end = decoder.raw_decode(rest)
        yield value
        rest = rest[end:].lstrip()


# --- rules ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("block", RULES, ids=ids)
def test_rules_check_without_findings(block: Block) -> None:
    result = check(Source(block.name, rulebook_of(block)))
    # A fragment shows one thing, and need not use what it declares.
    unused = "CR229" if len(block.info) > 1 else ""
    assert [f"{one.code} {one.text()}" for one in result.diagnostics if one.code != unused] == []


@pytest.mark.parametrize("block", [one for one in all_blocks("rules") if "broken" in one.info], ids=ids)
def test_broken_rules_report_what_the_page_says(block: Block) -> None:
    result = check(Source(block.name, rulebook_of(block)))
    assert block.info[2] in [one.code for one in result.diagnostics]


@pytest.mark.parametrize(
    "block", [one for one in RULES if re.search(r"^(test|测试) ", one.text, re.MULTILINE)], ids=ids
)
def test_the_tests_in_the_rules_pass(block: Block, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "page.rules"
    file.write_text(rulebook_of(block), encoding="utf-8")
    status = run(["test", str(file), "--lang", "en"])
    printed = capsys.readouterr()
    assert status == 0, printed.out + printed.err


def test_readmes_show_the_examples_own_rule() -> None:
    for page, book in ((READMES[0], "community.rules"), (READMES[1], "community.zh.rules")):
        example = _unindented((EXAMPLES / book).read_text(encoding="utf-8"))
        shown = [one for one in _indented_blocks(page) if one.startswith(("rule ", "规则 "))]
        assert len(shown) == 2
        assert any(one in example for one in shown), page


def test_readmes_show_an_event_and_a_decision_of_the_example() -> None:
    lines = (EXAMPLES / "events.jsonl").read_text(encoding="utf-8").splitlines()
    events = {one["id"]: one for one in map(json.loads, lines)}
    for page, book in ((READMES[0], "community.rules"), (READMES[1], "community.zh.rules")):
        event, decision = (next(objects(one)) for one in _indented_blocks(page) if one.startswith("{"))
        assert _is_part_of(event, events[event["id"]])
        decisions = _decisions(EXAMPLES / book, EXAMPLES / "events.jsonl")
        assert _is_part_of(decision, decisions[decision["event"]]), page


def test_both_spellings_of_the_example_judge_alike() -> None:
    english, chinese = (
        [(name, one["verdict"]) for name, one in _decisions(EXAMPLES / book, EXAMPLES / "events.jsonl").items()]
        for book in ("community.rules", "community.zh.rules")
    )
    assert english == chinese


def _decisions(book: Path, events: Path) -> dict[str, Any]:
    rulebook = communityrules.load(book)
    engine = communityrules.Engine(rulebook, store="memory:")
    lines = [json.loads(line) for line in events.read_text(encoding="utf-8").splitlines()]
    found = [communityrules.decision_to_wire(one, rulebook.zone) for one in engine.run(lines)]
    return {one["event"]: one for one in found if isinstance(one["event"], str)}


def _is_part_of(shown: Any, whole: Any) -> bool:
    """Whether a shortened JSON value says nothing that the whole does not."""
    if isinstance(shown, dict):
        return isinstance(whole, dict) and all(
            name in whole and _is_part_of(value, whole[name]) for name, value in shown.items()
        )
    if isinstance(shown, list):
        return isinstance(whole, list) and all(any(_is_part_of(one, other) for other in whole) for one in shown)
    return bool(shown == whole)


def _indented_blocks(page: Path) -> list[str]:
    """Blocks that are indented by four blanks, without any indentation."""
    found: list[list[str]] = [[]]
    for line in _without_fences(page.read_text(encoding="utf-8")).split("\n"):
        if line.startswith("    "):
            found[-1].append(line.strip())
        elif found[-1]:
            found.append([])
    return ["\n".join(one) for one in found if one]


def _without_fences(text: str) -> str:
    return re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)


def _unindented(text: str) -> str:
    return "\n".join(line.strip() for line in text.split("\n"))


@pytest.mark.parametrize(
    ("word", "text", "found"),
    [
        ("加微信", "加\u200b微\u200b信", True),
        ("AB", "ＡＢ", True),
        ("AB", "𝐀𝐁", True),
        ("1", "①", True),
        ("free", "FREE", True),
        ("ss", "ß", True),
        ("e", "é", True),
        ("buy now", "buy   now", True),
        ("加微信", "加.微~信", True),
        ("idiot", "i d i o t", True),
        ("casino", "саsіnо", True),
        ("刷单", "刷單", True),
        ("idiot", "1d10t", True),
        ("ass", "a$$", True),
        ("加微信", "力口微信", True),
        ("加微信", "加薇信", True),
        ("加微信", "➕微信", True),
        ("加微信", "加vx", True),
        ("free", "freeeee", True),
        ("加微信", "加加微微信信", True),
        ("加微信", "力口.薇.信", True),
        ("加微信", "家威欣", False),
        ("shit", "pass hit", False),
        ("ass", "c l a s s", False),
        ("income", "in come", False),
        ("fail", "fall", False),
        ("god", "good", False),
        ("猪", "🐷头", True),
        ("idiot", "idiotic", False),
        ("спам", "спамер", False),
        ("加微", "快加微聊", True),
        ("vx", "加vx123", True),
    ],
)
def test_disguises_are_seen_through_as_the_page_says(word: str, text: str, found: bool) -> None:
    assert WordMatcher([word]).contains(text) is found


# --- JSON and Python -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("block", all_blocks("json"), ids=ids)
def test_json_is_json_and_events_are_events(block: Block) -> None:
    types = loads('rulebook "Types"\n').events
    for one in objects(block.text):
        if "event" in block.info:
            event_from_wire(one, types)
        elif "decision" in block.info:
            decision_from_wire(one)


@pytest.mark.parametrize("block", all_blocks("python"), ids=ids)
def test_python_compiles(block: Block) -> None:
    compile(block.text, block.name, "exec")


@pytest.mark.parametrize("page", [*READMES, DOCS / "reference" / "python.md"], ids=lambda page: page.name)
def test_the_python_of_pages_runs_at_the_root(
    page: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(ROOT)
    for block in blocks_of(page):
        if block.kind == "python":
            exec(compile(block.text, block.name, "exec"), {})  # noqa: S102  # the page's own example
    printed = capsys.readouterr().out.strip()
    assert printed == ("block ['2']" if page in READMES else "time CR802")


# --- commands and names --------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", list(COMMANDS))
def test_every_command_and_option_is_documented(name: str) -> None:
    page = (DOCS / "reference" / "commands.md").read_text(encoding="utf-8")
    assert f"\n## {name}\n" in page
    section = page.split(f"\n## {name}\n")[1].split("\n## ")[0]
    common = page.split("\n## ")[0]
    made = Commands("en").get_command(click.Context(Commands("en")), name)
    assert made is not None
    parts = made.commands.values() if isinstance(made, click.Group) else ()
    for parameter in [*made.params, *(one for part in parts for one in part.params)]:
        if isinstance(parameter, click.Option):
            assert any(
                re.search(rf"(?<![\w-]){re.escape(one)}(?![\w-])", section + common) for one in parameter.opts
            ), parameter.opts


def test_every_documented_command_exists() -> None:
    used = set()
    for page in written_pages():
        for block in blocks_of(page):
            if block.kind in ("sh", "yaml"):
                used |= set(re.findall(r"\bcommunityrules ([a-z]\w*)", block.text))
    assert used <= set(COMMANDS)


def test_every_public_name_is_documented() -> None:
    page = (DOCS / "reference" / "python.md").read_text(encoding="utf-8")
    missing = [name for name in communityrules.__all__ if f"`{name}" not in page]
    assert missing == []


@pytest.mark.parametrize("name", sorted(reference.pages()))
def test_generated_pages_are_those_of_the_declarations(name: str) -> None:
    committed = (DOCS / "reference" / name).read_text(encoding="utf-8")
    assert committed == reference.pages()[name], "run `python -m communityrules.workbench.reference`"


def test_refreshing_writes_the_pages_and_then_nothing(tmp_path: Path) -> None:
    assert sorted(one.name for one in reference.write(tmp_path)) == sorted(reference.pages())
    assert reference.write(tmp_path) == []


# --- pages ---------------------------------------------------------------------------------------------------


def test_both_readmes_have_the_same_commands() -> None:
    def commands(page: Path) -> list[tuple[str, str]]:
        return [(one.mark, one.text) for one in blocks_of(page) if one.kind == "sh"]

    def table(page: Path) -> list[str]:
        return re.findall(r"^\| `(communityrules .+?)` \|", page.read_text(encoding="utf-8"), re.MULTILINE)

    english, chinese = READMES
    assert commands(english) == commands(chinese)
    assert [mark for mark, _ in commands(english)] == ["main command", "test command"]
    assert table(english) == table(chinese)
    assert [one.mark for one in blocks_of(english)] == [one.mark for one in blocks_of(chinese)]


_LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")


@pytest.mark.parametrize("page", written_pages(), ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    text = _without_fences(page.read_text(encoding="utf-8"))
    text = re.sub(r"`[^`\n]*`", "``", text)
    broken = []
    for link in _LINK.findall(text):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        if not target.is_file() or (anchor and anchor not in _anchors(target)):
            broken.append(link)
    assert broken == []


def _anchors(page: Path) -> set[str]:
    """The anchors that headings get on the usual platforms."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", one.lower()).strip().replace(" ", "-") for one in headings}


def test_every_page_is_reachable() -> None:
    """Every page of the documentation is linked from another."""
    linked = set()
    for page in written_pages():
        for link in _LINK.findall(page.read_text(encoding="utf-8")):
            linked.add((page.parent / link.partition("#")[0]).resolve())
    entries = (*READMES, DOCS / "index.md")
    alone = [page for page in written_pages() if page not in linked and page.parent.name != "decisions"]
    assert [str(page.relative_to(ROOT)) for page in alone if page not in entries] == []
