"""Tables and documents of rules become rulebooks; every row is in the account."""

from __future__ import annotations

import io

import pytest
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from communityrules import Engine, loads
from communityrules.diagnostics.source import Source
from communityrules.language.parse import parse
from communityrules.tables.carried import Account
from communityrules.tables.imported import Imported
from communityrules.tables.reading import Refused
from communityrules.tables.tabled import import_prose, import_table
from communityrules.tables.writing import Written, write


def sheet(*rows: list[object]) -> bytes:
    book = Workbook()
    assert isinstance(book.active, Worksheet)
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def written(data: bytes, columns: str | None = None) -> Written:
    imported = import_table(data, "rules.xlsx", None, "Test", columns)
    return write(imported, imported.file.spelling, "rules.rules")


def test_columns_named_like_clauses_are_read_as_the_language() -> None:
    made = written(
        sheet(
            ["规则编号", "规则名称", "规则内容", "事件", "条件", "处理"],
            ["001", "不许喊", "请勿大喊大叫", "消息", '消息.文本 包含 "啊啊啊"', "删除"],
            ["A-3", "不许闹", "请勿打闹", "消息", "消息.文本 包涵 啊", "删除"],
        )
    )
    book = loads(made.text)
    assert [rule.id for rule in book.checked.rules][:1] == ["001"]
    first, second = made.imported.account.ordered()
    assert (first.grade, first.rule) == ("exact", "001")
    assert (second.grade, second.rule) == ("approximate", "A-3")
    assert "Sheet!E3" in second.why.en
    assert "Sheet!E3" in second.why.zh
    assert made.todos == 1


def test_a_matrix_is_read_both_ways_and_nothing_is_lost() -> None:
    data = sheet(["紧急程度\\等级", "普通会员", "高级会员"], ["一般", "48小时", "24小时"], ["紧急", "4小时", "1小时"])
    imported = import_table(data, "sla.xlsx", None, "SLA", None)
    assert len(imported.account.items) >= 4
    assert {one.construct for one in imported.account.items} >= {"Sheet!B2", "Sheet!C2", "Sheet!B3", "Sheet!C3"}


def test_any_table_can_be_mapped() -> None:
    data = sheet(["甲", "乙"], ["7", "禁止发布广告"], ["8", "禁止辱骂他人"])
    with pytest.raises(Refused) as raised:
        written(data)
    assert raised.value.diagnostic.code == "CR786"
    book = loads(written(data, "编号=A,内容=B").text)
    assert {"7", "8"} <= {rule.id for rule in book.checked.rules}


def test_a_heading_with_a_comma_is_quoted() -> None:
    data = sheet(["甲,乙", "丙"], ["7", "禁止发布广告"])
    book = loads(written(data, '编号="甲,乙",内容=B').text)
    assert {rule.id for rule in book.checked.rules} >= {"7"}


def test_prose_with_numbered_rules() -> None:
    text = "# 群规\n\n1. 禁止发布广告。\n2. 禁止辱骂他人,首次警告,第二次禁言1天,三次移出。\n3. 大家要和气。\n"
    imported = import_prose(text, "群规.md", None, "群规")
    made = write(imported, "zh", "群规.rules")
    book = loads(made.text)
    assert {"1", "2"} <= {rule.id for rule in book.checked.rules}
    assert book.checked.penalties
    with pytest.raises(Refused) as raised:
        import_prose("nothing here\n", "x.md", None, "x")
    assert raised.value.diagnostic.code == "CR771"


def test_a_table_of_words_acts_on_them() -> None:
    made = written(sheet(["序号", "关键词", "处理"], ["1", "加微信、刷单", "删除"], ["2", "博彩", "看着办"]))
    book = loads(made.text)
    assert made.todos == 1
    assert "博彩" in made.text
    decision = Engine(book).judge(
        {
            "id": "e",
            "ts": "2026-01-01T00:00:00Z",
            "community": "c",
            "author": "eve",
            "type": "message",
            "text": "来刷单",
        }
    )
    assert (decision.verdict, [one.rule for one in decision.outcomes]) == ("block", ["1"])


def test_what_fits_no_column_is_kept_as_a_todo() -> None:
    made = written(sheet(["word", "correction", "reason"], ["colour", "color", "house style"]))
    assert made.todos == 1
    assert 'todo "word: colour; correction: color; reason: house style"' in made.text


def test_who_is_left_out_is_told_in_the_language_of_the_table() -> None:
    made = written(sheet(["Rule no.", "Content", "Applies to", "Except"], ["1", "No advertising.", "Members", "staff"]))
    assert "applies to everyone except staff" in made.text
    made = written(sheet(["编号", "规则内容", "适用对象", "例外"], ["1", "禁止发布广告", "全体成员", "管理员"]))
    assert "除了 staff" in made.text or "除外" in made.text or "不含" in made.text


def test_a_row_of_a_table_that_check_refuses_is_a_todo() -> None:
    text = (
        'rulebook "x"\ntable t on complaint, first match\n  | rule | if | then |\n'
        '  | 1 | message.text contains "x" | assign to nobody |\n  | 2 | complaint.nothing is "x" | assign to staff |\n'
        "  | 3 | otherwise | assign to staff |\n"
    )
    made = write(Imported(parse(Source("x", text))[0], Account()), "en", "x.rules")
    assert [one for one in made.diagnostics if one.severity == "error"] == []
    assert (made.rules, made.todos) == (3, 2)
