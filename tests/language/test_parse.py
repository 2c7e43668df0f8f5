"""Text to tree: surface rules, words that are also names, comments, spans."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from reading import case, errors, read

from communityrules.diagnostics.source import Source
from communityrules.language import tree as t
from communityrules.language.keywords import keyword_table
from communityrules.language.parse import parse


def one(text: str) -> Any:
    """The only declaration of a text."""
    (found,) = read(text).declarations
    return found


def condition(text: str) -> Any:
    return one(f"define x as {text}\n").condition


def same(left: str, right: str) -> None:
    assert read(left) == read(right)


# --- the surface ---------------------------------------------------------------------------------------------


def test_the_two_spellings_are_one_tree() -> None:
    english, chinese = read(case("sample.en.rules")), read(case("sample.zh.rules"))
    assert [type(one) for one in english.declarations] == [type(one) for one in chinese.declarations]
    assert english.spelling == "en"
    assert chinese.spelling == "zh"


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ('list a = "x", "y"', "词表 a ＝ “x”、「y」。"),
        ('list a = "x", "y"', '词表 a = "x";＂y＂'),
        ('list a = "x", "y"', "list a = 『x』；‘y’ ;"),
        (
            "define a as count(message by member within 10 minutes) > 3",
            "定义 a 为 count(message 按 member 最近10分钟内)＞３。",
        ),
        ("define a as x >= 3 and y <= 4 and z is not 5", "define a as x ≥ 3 and y ≤ 4 and z ≠ 5"),
        ("define a as x is 5", "define a as x == 5"),
        ("define a as x >= 3 and y < 4", "define a as x is at least 3 and y is less than 4"),
        ("define a as x >= 3 and y > 4", "define a as x 不少于3 且 y 超过 4"),
        ("define a as (x or y)", "定义 a 为 （x 或者 y）"),
        ("define a as message.text is 1", "define a as message。text is 1"),
        ("rule 1\n  every month\n  cooldown 24 hours", "规则1\n  每月\n  冷却24小时"),
        ("rule 1\n  every 2 weeks", "规则 1 每2周"),
        ("rule 1\n  trial through 2024-10-04", "rule 1\n  trial through 2024年10月4日"),
        ("rule 1\n  trial through 2024-10-04", "规则1 试行 至2024/10/4。"),
        ("define a as event.time outside 08:00 to 24:00", "define a as event.time outside 8：00 to 24:00."),
        ("penalty p\n  1st: warn\n  2nd: warn\n  12th: warn", "处罚 p\n  第一次：warn\n  第2次：warn\n  第十二次 warn"),
        ("penalty p\n  always: ban 1 to 30 days set by m", "penalty p\n  always: ban 1-30days set by m"),
        ("define a as x > 5%", "define a as x > 5 %"),
        ("rule 3.1 trial through 2024-10-04", 'rule "3.1" trial through 2024-10-04'),
        ("rule 1\n  found by m", "规则 1\n  由 m 认定"),
        ("rule 1\n  found by m", "规则 1\n  由 m"),
        ("rule 1\n  then as rule 5", "规则 1\n  则 按 规则 5 照办"),
        ("rule 1\n  require reply within 2 days, if late warn", "规则 1\n  要求 reply 限时 2天 逾期 warn"),
        ("rule 1\n  then hold m", "rule 1\n  then hold for m"),
        ("rule 1\n  then assign m", "规则 1\n  则 assign 给 m"),
        ("rule 1\n  on a, b\n  applies to c, d", "rule 1\n  on a and b\n  applies to c、d"),
        ("define a as count(x within 1 day by m) > 1", "define a as count(x by m within 1 day) > 1"),
        ("define a as x contains any of y", "define a as x contains any of (y)"),
        ("test \"x\"\n  2024-10-08\n  24 hours later\n", "测试 “x”\n  2024年10月8日\n  24小时后\n"),
        ('test "x"\n  given a (roles: "b")', "测试 「x」 设 a （roles： ‘b’）"),
        ("calendar c\n  Monday to Friday 09:00 to 18:00", "日历 c 星期一 到 星期五 9:00 到 18:00"),
    ],
)  # fmt: skip
def test_spellings_that_mean_the_same(left: str, right: str) -> None:
    same(left, right)


def test_line_ends_and_marks_of_other_systems() -> None:
    text = 'rule 1 "x"\n  # c\n  should\n  then remind\n'
    same(text, text.replace("\n", "\r\n"))
    same(text, "\ufeff" + text)
    same(text, text.replace("  ", "\u3000"))


def test_layout_is_free() -> None:
    same(
        'rule 1 "x"\n  must not\n  on message\n  if a or\n     b\n  then delete,\n    penalty p\n',
        'rule 1 "x" must not on message if a or b then delete, penalty p',
    )


def test_a_hash_in_a_text_or_pattern_is_no_comment() -> None:
    assert one('list a = "#1"').items[0].value == "#1"
    assert one("pattern a = /#[^/]/ # c").regex.pattern == "#[^/]"


@pytest.mark.parametrize(
    ("written", "pattern"),
    [
        ("/vx/i", "(?i)vx"),
        ("/^vx$/gim", "(?im)^vx$"),
        ("/vx/gu", "vx"),
        ("/a\\/b/s", "(?s)a\\/b"),
        ("/vx/", "vx"),
    ],
)
def test_flags_after_a_pattern_stand_before_it(written: str, pattern: str) -> None:
    assert one(f"pattern a = {written}").regex.pattern == pattern
    assert one(f"pattern a = /{pattern}/").regex.pattern == pattern


@pytest.mark.parametrize(
    ("written", "value"),
    [
        (r'"a\"b"', 'a"b'),
        (r'"a\\b"', r"a\b"),
        (r'"\d\n"', "\\d\n"),
        ('“他说"好"”', '他说"好"'),
        ("“a\\”b”", "a”b"),
        ('"全角，不变；。"', "全角，不变；。"),
        ('""', ""),
    ],
)
def test_texts(written: str, value: str) -> None:
    assert one(f"list a = {written}").items[0].value == value


# --- words that are also names -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    ["member", "event", "message", "late", "rule", "state", "content", "list", "time", "on", "penalty", "from"],
)
def test_words_of_the_language_as_fields(name: str) -> None:
    assert condition(f"breach.{name} is 1").left.text == f"breach.{name}"
    assert condition(f"{name}.owner is 1").left.text == f"{name}.owner"


def test_words_of_the_language_in_their_places() -> None:
    rule = one("rule 1\n  on late, appeal\n  if late.owner is 1\n  then penalty standard, label x, notify member\n")
    assert [name.text for name in rule.clauses[0].events] == ["late", "appeal"]
    actions = rule.clauses[2].consequences
    assert [(action.name.text, action.arguments[0].value.text) for action in actions] == [
        ("penalty", "standard"),
        ("label", "x"),
        ("notify", "member"),
    ]


def test_a_step_without_target_ends_at_the_next_declaration() -> None:
    file = read('test "x"\n  2024-10-08\n  09:00 amy join\nrule 2 "y"\n  should\n')
    assert [type(one).__name__ for one in file.declarations] == ["Test", "Rule"]
    step = one('test "x"\n  09:00 amy finding bob rule 13 "note"').steps[0]
    assert (step.target.text, step.rule.text, step.text.value) == ("bob", "13", "note")


def test_the_event_late_is_not_the_clause() -> None:
    rule = one("规则 1\n  当 消息、逾期\n  若 计数(逾期 按 逾期.责任人 最近 30天) >= 3\n  则 通知 主管,逾期 驳回\n")
    assert [name.text for name in rule.clauses[0].events] == ["消息", "逾期"]
    assert rule.clauses[2].consequences[0].if_late[0].name.text == "驳回"


# --- shapes --------------------------------------------------------------------------------------------------


def test_precedence() -> None:
    found = condition("not a or b and c and not (d or e)")
    assert isinstance(found, t.Logic)
    assert found.operator == "or"
    first, second = found.operands
    assert isinstance(first, t.Not)
    assert isinstance(second, t.Logic)
    assert [type(one) for one in second.operands] == [t.Path, t.Path, t.Not]
    assert isinstance(second.operands[2].operand, t.Group)  # type: ignore[union-attr]


def test_arithmetic() -> None:
    found = condition("1 + 2 * -5 - 3 > 4")
    assert found.left.operator == "-"
    assert found.left.left.right.operator == "*"
    assert found.left.left.right.right.value == Decimal(-5)


def test_between_and_logic() -> None:
    found = condition("x between 1 and 2 and y")
    assert found.operator == "and"
    assert len(found.operands) == 2


def test_division_is_no_pattern_and_a_date_is_no_division() -> None:
    assert condition("a / b / c > 1").left.operator == "/"
    assert condition("x is 2024/10/4").right.value == date(2024, 10, 4)
    assert condition("x matches /a b/").right[0].pattern == "a b"


def test_if_late_belongs_to_the_last_action() -> None:
    actions = one("rule 1\n  then warn, hold for m within 1 day, if late reject, hold for n, if late delete").clauses[0]
    warn, hold = actions.consequences
    assert warn.if_late == ()
    reject, second = hold.if_late
    assert reject.if_late == ()
    assert [one.name.text for one in second.if_late] == ["delete"]


def test_units_after_numbers() -> None:
    award = one("rule 1\n  then award 5 points, 加分 5分").clauses[0].consequences
    for action in award:
        assert [type(one.value) for one in action.arguments] == [t.Number, t.Path]


def test_tables() -> None:
    table = one(
        "table t on message, first match\n  | 规则 | name | if | then |\n |---|---|---|---|\n"
        '  | A-1 | "a|b" | x contains "|" | delete |  # c\n  | 2 | | otherwise | |\n'
    )
    assert table.columns == ("rule", "name", "if", "then")
    assert table.first_match
    first, second = table.rows
    assert first.name.value == "a|b"
    assert first.layout.after == "c"
    assert second.name is None
    assert second.cells[0].condition is None
    assert second.cells[1] is None


# --- comments ------------------------------------------------------------------------------------------------


def test_comments_belong_to_what_follows_them() -> None:
    file = read("# a\n\n#b\nrule 1  # head\n  # before\n  should # after\n  #\n  may\n\n# end\n")
    (rule,) = file.declarations
    assert rule.layout == t.Layout(("a", "", "b"), "head")
    assert rule.clauses[0].layout == t.Layout(("before",), "after")  # type: ignore[union-attr]
    assert rule.clauses[1].layout == t.Layout((" ",))  # type: ignore[union-attr]
    assert file.trailing == ("", "end")


def test_no_comment_is_lost() -> None:
    file = read(
        "define a as x # one\n  or # two\n  # three\n  y\n"
        "table t on message\n  # four\n  | rule | if | # five\n  # six\n  | 1 | x |\n# seven\n"
    )
    define, table = file.declarations
    assert define.layout.after == "one"
    assert table.layout.before == ("two", "three")
    assert table.rows[0].layout.before == ("four", "five", "six")  # type: ignore[union-attr]
    assert file.trailing == ("seven",)


def test_blank_lines() -> None:
    first, second, third = read('list a = "x"\n\n\n\nlist b = "x"\nlist c = "x"\n').declarations
    assert [one.layout.blank for one in (first, second, third)] == [False, True, False]


# --- spans ---------------------------------------------------------------------------------------------------


def spans(node: Any) -> list[Any]:
    """Every span below a node, with the node."""
    found = []
    if isinstance(node, tuple):
        for item in node:
            found.extend(spans(item))
    elif hasattr(node, "__dataclass_fields__") and hasattr(node, "span"):
        found.append(node)
        for name in node.__dataclass_fields__:
            if name != "span":
                found.extend(spans(getattr(node, name)))
    return found


@pytest.mark.parametrize("name", ["sample.en.rules", "sample.zh.rules"])
def test_spans_cover_what_they_say(name: str) -> None:
    text = case(name)
    for node in spans(read(text).declarations):
        covered = node.span.text
        match node:
            case t.Name():
                assert covered == node.text
            case t.Text():
                assert covered[0] == covered[-1] == '"'
            case t.Path():
                assert covered.replace(" ", "") == node.text
            case t.RuleId():
                assert covered.strip('"') == node.text
            case t.Regex():
                assert covered == f"/{node.pattern}/"
        assert covered == covered.strip()
        assert node.span.source.text is text


def test_children_lie_within_their_parents() -> None:
    for node in spans(read(case("sample.en.rules"))):
        for child in spans(tuple(getattr(node, name) for name in node.__dataclass_fields__ if name != "span")):
            assert node.span.start <= child.span.start <= child.span.end <= node.span.end


def test_positions_under_wide_characters() -> None:
    rule = one('规则 1 "宽宽宽"\n  若 广告 且 刷屏\n')
    second = rule.clauses[0].condition.operands[1]
    assert (second.span.line, second.span.column) == (2, 10)


# --- the rest ------------------------------------------------------------------------------------------------


def test_the_spelling_of_a_file() -> None:
    assert read('rule 1 "x"\n  should\n').spelling == "en"
    assert read('规则 1 "x"\n  建议\n').spelling == "zh"
    assert read('规则手册 "x"\nlanguage zh\n').spelling == "zh"
    assert read('规则手册 "x"\nlanguage en\n').spelling == "en"
    assert read("").spelling == "en"


def test_an_empty_file_is_an_empty_tree() -> None:
    for text in ("", "\n\n", "# only a comment", " \t\n\ufeff"):
        file, problems = parse(Source("x", text))
        assert (file.declarations, problems) == ((), [])


def test_the_same_text_gives_equal_trees_from_many_threads() -> None:
    from concurrent.futures import ThreadPoolExecutor

    texts = [case("sample.en.rules"), case("sample.zh.rules")] * 8
    alone = [read(text) for text in texts[:2]]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(read, texts))
    assert all(tree == alone[index % 2] for index, tree in enumerate(found))


def test_errors_are_sorted_by_place() -> None:
    found = [one.span.start for one in errors('rule 1 "x\n  should @\n  if (a\n  cooldown 5\n') if one.span]
    assert found == sorted(found)
    assert len(found) == 4


@pytest.mark.parametrize(
    "rule",
    [
        "rule 1\n  must\n  on emergency\n  then assign to emergency.desk priority urgent",
        "rule 1\n  must\n  on complaint\n  then assign to staff priority urgent\n"
        "  require reply within 24 hours, priority urgent within 2 hours",
        "rule 1\n  must\n  on complaint\n  require reply within 24 hours priority urgent within 2 hours",
    ],
)
def test_words_that_a_comma_may_stand_before(rule: str) -> None:
    assert errors(rule) == []


@pytest.mark.parametrize("word", sorted(one for one in keyword_table().reserved() if one.isidentifier()))
def test_every_word_of_the_language_can_be_the_name_of_a_field(word: str) -> None:
    for text in (f"member (a: text, {word}: text)\n", f"member ({word}: text, a: text)\n"):
        assert {field.name.text for field in one(text).fields} == {"a", word}
