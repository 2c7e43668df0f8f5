"""`export` and `import` of a rulebook's own sheets, as people use them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from communityrules import load

ROOT = Path(__file__).parents[2]
BOOK = ROOT / "examples" / "customer-community" / "community.zh.rules"


@pytest.fixture
def book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: Callable[..., Any]) -> Path:  # noqa: ARG001  # it goes elsewhere first
    monkeypatch.chdir(tmp_path)
    for one in BOOK.parent.iterdir():
        if one.is_file():
            (tmp_path / one.name).write_bytes(one.read_bytes())
    path = tmp_path / "club.rules"
    path.write_bytes(BOOK.read_bytes())
    return path


@pytest.mark.parametrize("to", ["en", "zh"])
@pytest.mark.parametrize("table", ["club.xlsx", "sheets", "club.md", "club.json"])
def test_there_and_back_gives_the_same_rulebook(book: Path, table: str, to: str, command: Callable[..., Any]) -> None:
    assert command("export", "club.rules", "-o", table, "--to", to).status == 0
    ran = command("import", table, "-o", "back.rules")
    assert ran.status == 0, ran.err
    assert load("back.rules").digest == load(book).digest


def test_a_rulebook_that_uses_files_comes_back_whole(
    tmp_path: Path, command: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("words.rules").write_text('list rude = "fool"\n', encoding="utf-8")
    rule = "rule 001\n  must not\n  on message\n  if message.text contains any of rude\n  then flag\n"
    rules = f'rulebook "Club"\n\nuse "words.rules"\n\n{rule}'
    Path("club.rules").write_text(rules, encoding="utf-8")
    for table in ("club.xlsx", "club.md"):
        assert command("export", "club.rules", "-o", table).status == 0
        ran = command("import", table, "-o", "back.rules")
        assert (ran.status, "todo" in Path("back.rules").read_text(encoding="utf-8")) == (0, False), ran.err
        assert load("back.rules").digest == load("club.rules").digest
        Path("back.rules").unlink()


def test_what_is_wrong_in_a_sheet_is_left_as_it_is_and_told_at_its_cell(
    book: Path, command: Callable[..., Any]
) -> None:
    assert command("export", str(book), "-o", "club.xlsx").status == 0
    workbook = load_workbook("club.xlsx")
    page = workbook["规则"]
    page.cell(3, [cell.value for cell in page[1]].index("适用对象") + 1).value = "没有的人"
    workbook.save("club.xlsx")
    ran = command("--lang", "en", "import", "club.xlsx", "-o", "new.rules")
    assert ran.status == 1
    assert "`规则!D3`" in ran.err
    assert "没有的人" in Path("new.rules").read_text(encoding="utf-8")


@pytest.mark.usefixtures("book")
def test_a_rulebook_with_mistakes_is_neither_exported_nor_overwritten(
    command: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    import io
    import sys

    bad = "rule 1\n  must not\n  on message\n  if message.text contains any of nothing_such\n  then flag\n"
    stdin = io.TextIOWrapper(io.BytesIO(bad.encode()), encoding="utf-8")
    monkeypatch.setattr(sys, "stdin", stdin)
    ran = command("--lang", "en", "export", "-", "-o", "x.xlsx")
    assert (ran.status, "nothing_such" in ran.err, Path("x.xlsx").exists()) == (2, True, False)
    command("export", "club.rules", "-o", "club.xlsx")
    Path("club.rules").write_text("rule ((", encoding="utf-8")
    ran = command("--lang", "en", "import", "club.xlsx", "-o", "club.rules")
    assert ran.status == 2
    assert Path("club.rules").read_text(encoding="utf-8") == "rule (("


@pytest.mark.parametrize("name", ["import", "export"])
def test_help_names_every_kind_of_file(name: str, command: Callable[..., Any]) -> None:
    for language in ("en", "zh"):
        said = command("--lang", language, name, "--help").out
        for ending in (".xlsx", ".md", ".json", "CSV"):
            assert ending in said


def test_an_edit_is_shown_and_changes_nothing_else(book: Path, command: Callable[..., Any]) -> None:
    before = book.read_text(encoding="utf-8")
    command("export", "club.rules", "-o", "club.xlsx")
    workbook = load_workbook("club.xlsx")
    page = workbook["规则"]
    page["C3"].value = "不发广告,不骂人,不刷屏。"
    page.insert_cols(4)
    page["D1"].value, page["D3"].value = "谁负责", "老王"
    workbook.save("club.xlsx")
    ran = command("--lang", "en", "import", "club.xlsx", "-o", "club.rules")
    assert ran.status == 0
    assert '+  内容 "不发广告,不骂人,不刷屏。"' in ran.out
    assert "club.rules: 1 changed, 0 added, 0 taken out" in ran.out
    after = book.read_text(encoding="utf-8")
    assert [line for line in before.splitlines() if line not in after.splitlines()] == [
        '  内容 "不打广告,不刷屏,不骂人。"'
    ]
    # And back onto the workbook: what the person added stays.
    assert command("export", "club.rules", "-o", "club.xlsx").status == 0
    page = load_workbook("club.xlsx")["规则"]
    assert (page["D3"].value, page["C3"].value) == ("老王", "不发广告,不骂人,不刷屏。")
    ran = command("--lang", "en", "import", "club.xlsx", "-o", "club.rules", "--format", "json")
    assert json.loads(ran.out)["written"] is False


def test_an_edit_with_errors_is_not_written(book: Path, command: Callable[..., Any]) -> None:
    before = book.read_bytes()
    command("export", "club.rules", "-o", "club.xlsx")
    workbook = load_workbook("club.xlsx")
    page = workbook["规则"]
    column = [cell.value for cell in page[1]].index("适用对象") + 1
    page.cell(3, column).value = "没有的人"
    workbook.save("club.xlsx")
    ran = command("--lang", "en", "import", "club.xlsx", "-o", "club.rules")
    assert ran.status == 1
    assert "没有的人" in ran.err
    assert book.read_bytes() == before


@pytest.mark.parametrize(
    ("target", "code"),
    [("club.csv", "CR907"), ("no/club.xlsx", "CR906"), ("club.rules", "CR907"), ("other.xlsx", "CR909")],
)
@pytest.mark.usefixtures("book")
def test_what_cannot_be_written_is_said(target: str, code: str, command: Callable[..., Any]) -> None:
    from openpyxl import Workbook

    other = Workbook()
    other.active.append(["a", "b"])
    other.save("other.xlsx")
    ran = command("--lang", "en", "export", "club.rules", "-o", target)
    assert ran.status == 2
    assert f"[{code}]" in ran.err


TABLE = """\
规则编号,规则名称,规则内容,适用对象,实施时间
1,发言次数,"建议每人每天发布信息不超过三次,22:00至次日8:00不宜发布",全体成员,即时实施
2,主题,不得发布与本群主题无关的内容,全体成员,即时实施
3,反馈,"对成员的反馈须在24小时内回复,一周内解决",管理人员,2024年10月4日起
4,审核,发布人员的信息须先经审核方可发布,信息发布人员,即时实施
5,垃圾信息,"禁止广告、推销、无意义的重复信息,禁止辱骂和人身攻击",全体成员,即时实施
6,隐私,不得泄露客户的个人信息,全体成员,长期
"""


def test_a_table_of_an_operator_becomes_a_rulebook_that_acts(
    tmp_path: Path, command: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("群规.csv").write_text(TABLE, encoding="utf-8")
    ran = command("--lang", "zh", "import", "群规.csv", "-o", "群规.rules")
    assert ran.status == 0, ran.err
    assert command("check", "群规.rules").status == 0
    assert "待办" not in Path("群规.rules").read_text(encoding="utf-8")
    base = {"community": "c1", "type": "message"}
    events = [
        {**base, "id": "m1", "ts": "2024-10-08T12:00:00+08:00", "author": "a", "text": "大家好"},
        {
            **base,
            "id": "m2",
            "ts": "2024-10-08T12:01:00+08:00",
            "author": "a",
            "text": "我的身份证是 11010519491231002X",
        },
        {**base, "id": "m3", "ts": "2024-10-08T23:01:00+08:00", "author": "b", "text": "睡了吗"},
    ]
    Path("e.jsonl").write_text("".join(json.dumps(one) + "\n" for one in events), encoding="utf-8")
    ran = command("judge", "群规.rules", "e.jsonl", "--format", "json")
    answers = [json.loads(line) for line in ran.out.splitlines()]
    assert [(one["verdict"], [two["rule"] for two in one["outcomes"]]) for one in answers] == [
        ("allow", []), ("block", ["6"]), ("allow", ["1"]),
    ]  # fmt: skip
    assert answers[2]["outcomes"][0]["actions"][0]["do"] == "remind"
