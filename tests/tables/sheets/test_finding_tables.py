"""Finding the tables of rules in sheets as people make them; no row is lost on the way."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from made_workbooks import row_xml, rows_xml, sheet_xml, table, xlsx

from communityrules.tables.reading import Refused
from communityrules.tables.sheets.found import Table, Tables
from communityrules.tables.sheets.headings import meaning_of
from communityrules.tables.sheets.opening import read_workbook
from communityrules.tables.sheets.reading import read_tables

DATA = Path(__file__).parents[4] / "shared" / "data" / "xlsx"
FIVE = ["规则编号", "规则名称", "规则内容", "适用对象", "实施时间"]
Cells = Sequence[str | int | float | None]


def read(rows: Sequence[Cells], after: str = "", columns: str | None = None) -> Tables:
    """The tables of one sheet, after making sure that every row is accounted for."""
    return checked(table(rows, after=after), columns)


def checked(data: bytes, columns: str | None = None, name: str = "rules.xlsx") -> Tables:
    tables = read_tables(data, name, columns)
    everything = {(sheet.name, row.number) for sheet in tables.workbook.sheets for row in sheet.rows}
    assert tables.accounted() == everything
    return tables


def only(tables: Tables) -> Table:
    (found,) = tables.tables
    return found


def meanings(found: Table) -> list[str | None]:
    return [one.meaning for one in found.columns]


def why(tables: Tables) -> dict[int, str]:
    return {one.number: one.why.en for one in tables.skipped}


@pytest.mark.parametrize(
    "heads",
    [
        FIVE,
        ["規則編號", "規則名稱", "規則內容", "適用對象", "實施時間"],
        ["序号", "标题", "说明", "适用范围", "生效时间"],
        ["No.", "Name", "Description", "Applies to", "Effective from"],
        ["Rule ID", "Rule Title", "Rule Text", "Scope", "Effective Date"],
        ["编号/No.", "名称/Name", "内容/Content", "适用对象/Scope", "施行日期/Date"],
        ["规则编号\n\uff08必填\uff09", "规则名称*", "【规则内容】", "适用 对象", "实施时间\uff1a"],
        ["\uff32\uff55\uff4c\uff45 \uff2e\uff4f", "规则名称", "规则内容", "适用对象", "实施时间"],
        ["rule_id", "rule_name", "rule_content", "applies_to", "effective_from"],
        ["ruleId", "ruleName", "ruleContent", "appliesTo", "effectiveDate"],
    ],
)
def test_the_five_columns_under_many_heads(heads: list[str]) -> None:
    found = only(read([heads, ["1", "a", "b", "c", "d"]]))
    expected = ["number", "name", "content", "scope", "effective"]
    assert [("scope" if one == "in" else one) for one in meanings(found)] == expected
    assert len(found.rows) == 1


@pytest.mark.parametrize(
    ("head", "meaning"),
    [
        ("条件", "if"), ("情形", "if"), ("若", "if"), ("违规行为", "if"), ("处理", "then"), ("则", "then"),
        ("措施", "then"),
        ("时限", "require"), ("响应时间", "response"), ("处罚", "penalty"), ("處罰", "penalty"),
        ("责任人", "responsible"),
        ("责任部门", "responsible"), ("性质", "modality"), ("试行", "trial"), ("优先级", "priority"), ("备注", "note"),
        ("问题分类", "category"), ("处理权限", "authority"), ("解决方案", "solution"), ("关键词", "words"),
        ("Penalty", "penalty"),
        ("Condition", "if"), ("Then", "then"), ("Response time", "response"), ("Issue type", "category"),
    ],
)  # fmt: skip
def test_heads_of_clauses_and_processes(head: str, meaning: str) -> None:
    found = meaning_of(head)
    assert found is not None
    assert found.meaning == meaning


def test_a_table_below_titles_and_notes() -> None:
    tables = read(
        [
            ["客户社群管理规则", None, None],
            ["2024 年 10 月修订,请各位成员遵守。", None, None],
            [],
            FIVE,
            ["1", "频率", "每天不超过三条", "全体成员", "即时实施"],
            ["2", "主题", "不发无关内容", "全体成员", "即时实施"],
            [],
            ["注:解释权归管理员。"],
        ]
    )
    found = only(tables)
    assert (found.title, found.head, [row.number for row in found.rows]) == ("客户社群管理规则", (4,), [5, 6])
    assert found.rows[0].text("content") == "每天不超过三条"
    assert found.rows[0].at("content") == "规则!C5"
    assert set(why(tables)) == {1, 2, 8}


def test_rows_that_are_no_rules_are_named() -> None:
    tables = read(
        [
            ["编号", "规则内容", "处罚"],
            ["一、发言", None, None],
            ["1", "不刷屏", "警告"],
            ["编号", "规则内容", "处罚"],
            ["2", "不骂人", "禁言"],
            ["3", None, None],
            [" ", None, "\t"],
            ["合计", 2, None],
            [None, "# 以上为试行", None],
        ]
    )
    assert [row.number for row in only(tables).rows] == [3, 5]
    assert only(tables).rows[0].section == "一、发言"
    assert why(tables) == {
        2: "it is a heading for the rows below it",
        4: "it repeats the headings",
        6: "it has a number but says nothing",
        7: "it holds nothing but spaces",
        8: "it adds up the rows above",
        9: "it is a note beside the table",
    }


def test_several_tables_in_one_sheet_and_several_sheets() -> None:
    first = rows_xml([
        ["编号", "规则内容"], ["1", "不刷屏"], [], ["问题分类", "响应时间", "解决方案"], ["退款", "2小时", "转售后"],
    ])  # fmt: skip
    data = xlsx({"甲": sheet_xml(first), "乙": sheet_xml(rows_xml([["姓名", "电话"], ["甲", "1"]])), "丙": sheet_xml(
        rows_xml([["Rule", "Penalty"], ["Be kind", "warn"]])
    )})  # fmt: skip
    tables = checked(data)
    assert [(one.sheet, one.kind, len(one.rows)) for one in tables.tables] == [
        ("甲", "rules", 1), ("甲", "process", 1), ("丙", "rules", 1),
    ]  # fmt: skip
    assert {one.place for one in tables.skipped} == {"乙!1", "乙!2"}


def test_merged_cells_are_filled_down_with_a_note() -> None:
    tables = read(
        [["类别", "编号", "规则内容"], ["发言", "1", "a"], [None, "2", "b"], [None, "3", "c"]],
        after='<mergeCells><mergeCell ref="A2:A4"/></mergeCells>',
    )
    assert [row.text("category") for row in only(tables).rows] == ["发言"] * 3
    assert any("A2:A4" in note.en for note in tables.notes)


def test_headings_of_two_rows() -> None:
    tables = read(
        [["编号", "规则内容", "处罚", None], [None, None, "首次", "再次"], ["1", "不刷屏", "警告", "禁言"]],
        after='<mergeCells><mergeCell ref="A1:A2"/><mergeCell ref="B1:B2"/><mergeCell ref="C1:D1"/></mergeCells>',
    )
    found = only(tables)
    assert found.head == (1, 2)
    assert [one.heading for one in found.columns] == ["编号", "规则内容", "处罚 首次", "处罚 再次"]
    assert [row.number for row in found.rows] == [3]


def test_hidden_rows_are_taken_and_hidden_sheets_are_not_and_both_are_told() -> None:
    rows = row_xml(1, ["编号", "规则内容"]) + row_xml(2, ["1", "a"]) + row_xml(3, ["2", "b"], ' hidden="1"')
    data = xlsx({"规则": sheet_xml(rows), "旧": sheet_xml(rows)}, hidden=["旧"])
    tables = checked(data)
    assert [row.hidden for row in only(tables).rows] == [False, True]
    said = " ".join(note.en for note in tables.notes)
    assert "Hidden rows of `规则`" in said
    assert "Sheet `旧` is hidden" in said
    assert {one.place for one in tables.skipped} == {"旧!1", "旧!2", "旧!3"}


def test_a_process_table() -> None:
    found = only(
        read(
            [["问题分类", "处理权限", "响应时间", "解决方案", "优先级"], ["退款", "客服", "2小时", "核实后退款", "高"]]
        )
    )
    assert (found.kind, meanings(found)) == ("process", ["category", "authority", "response", "solution", "priority"])


@pytest.mark.parametrize(
    "rows",
    [
        [
            ["严重程度\\方案", "免费版", "专业版", "企业版"],
            ["严重", "24小时", "4小时", "1小时"],
            ["一般", "7天", "3天", "1天"],
        ],
        [["Severity / Plan", "Free", "Pro"], ["Critical", "24 hours", "4 hours"], ["Minor", "7 days", "2 days"]],
        [
            ["违规行为", "第一次", "第二次", "第三次"],
            ["刷屏", "警告", "禁言1天", "移出"],
            ["辱骂", "禁言1天", "移出", "拉黑"],
        ],
        [[None, "闲聊频道", "公告频道"], ["广告", "允许", "禁止"], ["求职", "√", "×"]],
        [["Topic", "General", "Help"], ["Adverts", "no", "no"], ["Jobs", "yes", "no"]],
    ],
)
def test_a_matrix_is_read_both_ways(rows: list[Cells]) -> None:
    found = only(read(rows))
    assert found.kind == "matrix"
    assert found.matrix is not None
    assert len(found.matrix.cells) == (len(rows) - 1) * (len(rows[0]) - 1)
    first = found.matrix.cells[0]
    assert (first.row.shown, first.column.shown, first.value.shown) == (rows[1][0], rows[0][1], rows[1][1])


def test_a_table_of_figures_is_no_matrix() -> None:
    with pytest.raises(Refused, match="CR786"):
        read([["Year", "2000", "2001"], ["Wood", "2,666", "2,274"], ["Iron", "22,927", "20,744"]])


def test_what_was_looked_for_is_said() -> None:
    with pytest.raises(Refused) as caught:
        read([["姓名", "电话"], ["甲", "1"]])
    (found,) = caught.value.diagnostics
    assert "`姓名`" in found.text("zh")
    assert "`规则编号`" in found.hint("zh")
    assert "--columns" in found.hint("en")


def test_numbered_lines_under_a_title_need_no_headings() -> None:
    tables = read([["社区公约", None], ["1", "不刷屏"], ["2", "不骂人", "从重"], [None, "自发布之日起施行"]])
    found = only(tables)
    assert [(row.text("number"), row.text("content")) for row in found.rows] == [("1", "不刷屏"), ("2", "不骂人")]
    assert found.title == "社区公约"
    assert set(why(tables)) == {1, 4}


def test_numbered_lines_without_a_title_are_no_rules() -> None:
    with pytest.raises(Refused, match="CR786"):
        checked(xlsx({"Sheet1": sheet_xml(rows_xml([["1", "张三"], ["2", "李四"]]))}))


# --- `--columns` ---------------------------------------------------------------------------------------------

ODD: list[Cells] = [["我们的约定"], ["Nr", "怎么做", "谁"], ["1", "友善待人", "所有人"], ["2", "不发广告", "所有人"]]


@pytest.mark.parametrize(
    "columns",
    [
        "编号=A,内容=B",
        "number=1, content=2",
        "编号=Nr,内容=怎么做",
        "编号\uff1dA\uff0c内容\uff1d怎么做",
        "编号=A;内容=怎么做",
        "规则编号=a,规则内容=B",
        "sheet=规则,编号=A,内容=B",
    ],
)
def test_columns_by_letter_number_or_heading(columns: str) -> None:
    tables = read(ODD, columns=columns)
    found = only(tables)
    assert [row.text("content") for row in found.rows] == ["友善待人", "不发广告"]
    assert [row.text("number") for row in found.rows] == ["1", "2"]
    assert [(one.heading, cell.shown) for one, cell in found.rows[0].extras()] == [("谁", "所有人")]
    assert set(why(tables)) == {1}


def test_columns_without_headings() -> None:
    found = only(read([["1", "友善待人"], ["2", "不发广告。"]], columns="编号=A,内容=B"))
    assert (found.head, len(found.rows)) == ((), 2)


@pytest.mark.parametrize(
    "columns",
    [
        "",
        "编号",
        "编号=",
        "天气=A,内容=B",
        "内容=A,内容=B",
        "内容=Q",
        "内容=没有这列",
        "sheet=x,内容=B",
        "head=x,内容=B",
    ],
)
def test_columns_that_cannot_be_mapped(columns: str) -> None:
    with pytest.raises(Refused, match="CR787"):
        read(ODD, columns=columns)


# --- whole files ---------------------------------------------------------------------------------------------


@pytest.mark.skipif(not DATA.is_dir(), reason="the workbooks that others made are not here")
def test_every_row_of_strangers_workbooks_is_accounted_for() -> None:
    imported = []
    for path in sorted(DATA.iterdir()):
        data = path.read_bytes()
        assert any(sheet.rows for sheet in read_workbook(data, path.name)[0].sheets)
        try:
            tables = checked(data, name=path.name)
        except Refused as error:
            # One that holds no rules says so.
            if error.diagnostic.code != "CR786":
                raise
            continue
        assert any(one.rows or one.matrix for one in tables.tables)
        imported.append(path.name)
    assert sum(name.startswith("ruletable_") for name in imported) >= 4
    assert not any("hutool" in name or "readxl" in name for name in imported)


@pytest.mark.parametrize("name", ["rules.csv", "rules.md"])
def test_the_same_table_as_text(name: str) -> None:
    rows = [FIVE, ["001", "频率", "每天不超过三条", "全体成员", "2024年10月4日起"]]
    lines = [",".join(row) for row in rows]
    if name.endswith("md"):
        lines = ["|" + "|".join(row) + "|" for row in rows]
        lines.insert(1, "|---" * 5 + "|")
    found = only(checked("\n".join(lines).encode(), name=name))
    assert [found.rows[0].text(one) for one in ("number", "effective")] == ["001", "2024年10月4日起"]
