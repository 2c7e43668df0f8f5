"""What could stand at a place, in a reader's words."""

from __future__ import annotations

from collections.abc import Collection

from communityrules.diagnostics.message import Bilingual
from communityrules.language.keywords import Keyword, keyword_table

_KINDS = {
    "NAME": Bilingual("a name", "名称"),
    "TEXT": Bilingual("a text in quotes", "引号中的文字"),
    "RULE_ID": Bilingual("the number of a rule", "规则编号"),
    "NUMBER": Bilingual("a number", "数字"),
    "DURATION": Bilingual("a length of time such as `24 hours`", "一段时间(如 `24小时`)"),
    "UNIT": Bilingual("a unit of time such as `day`", "时间单位(如 `天`)"),
    "DATE": Bilingual("a date such as `2024-10-04`", "日期(如 `2024-10-04`)"),
    "TIME": Bilingual("a time such as `08:00`", "时刻(如 `08:00`)"),
    "REGEX": Bilingual("a pattern between slashes", "斜线之间的格式"),
    "ZONE": Bilingual("a time zone such as `Asia/Shanghai`", "时区(如 `Asia/Shanghai`)"),
    "WEEKDAY": Bilingual("a day such as `Monday`", "星期(如 `周一`)"),
    "WINDOW": Bilingual("`today`, `this week` or their like", "`今日`、`本周` 等"),
    "LATER": Bilingual("`24 hours later`", "`24小时 后`"),
    "ORDINAL": Bilingual("`1st`", "`第1次`"),
    "ROW": Bilingual("a row between `|` signs", "以 `|` 隔开的一行"),
    "FIELD_KEY": Bilingual("a field and `:`", "字段名和 `:`"),
    "COLON": Bilingual("`:`", "`:`"),
    "COMMA": Bilingual("`,`", "`,`"),
    "LPAR": Bilingual("`(`", "`(`"),
    "RPAR": Bilingual("`)`", "`)`"),
    "$END": Bilingual("the end of the file", "文件末尾"),
}
#: Terminals that a hint leaves out: they are rarely what was meant.
_SILENT = frozenset(
    {"DOT", "MINUS", "PLUS", "STAR", "SLASH", "RANGE", "FOUND_BY_END", "AS_RULE_END", "UNEQUAL", "EXACTLY"}
)
#: Left out where there is more to say.
_OBVIOUS = frozenset({"LPAR", "$END"})
_FAMILIES = {
    "declarations": Bilingual("a declaration such as `rule`", "一项声明(如 `规则`)"),
    "header": Bilingual("`version`, `timezone` or their like", "`版本`、`时区` 等"),
    "clauses": Bilingual("a clause such as `if` or `then`", "一个子句(如 `若` 或 `则`)"),
    "slots": Bilingual("`for`, `within`, `by` or their like", "`持续`、`限时`、`按` 等"),
    "operators": Bilingual("an operator such as `is`, `has` or `>`", "一个比较词(如 `是`、`有` 或 `>`)"),
}
_FAMILY_SIZE = 4
_MOST = 6


def in_words(tokens: Collection[str]) -> Bilingual:
    """The terminals in words: kinds first, then keywords; many of one family are named as the family."""
    table = keyword_table()
    if len(tokens) > _FAMILY_SIZE:
        tokens = set(tokens) - _OBVIOUS
    parts: list[Bilingual] = [kind for token, kind in _KINDS.items() if token in tokens]
    shown = [one for one in table.tokens() if one in tokens and one not in _SILENT and one not in _KINDS]
    keywords = [table.of_token(one)[0] for one in shown]
    by_family: dict[str, list[Keyword]] = {}
    for one in keywords:
        by_family.setdefault(one.section, []).append(one)
    for family, members in by_family.items():
        if len(members) >= _FAMILY_SIZE and family in _FAMILIES:
            parts.append(_FAMILIES[family])
        else:
            parts.extend(Bilingual(f"`{one.en[0]}`", f"`{one.zh[0]}`") for one in members)
    parts = parts[:_MOST] or [Bilingual("nothing more", "不再写别的")]
    return Bilingual(_or([one.en for one in parts], ", ", " or "), _or([one.zh for one in parts], "、", "或"))


def choice(spellings_en: list[str], spellings_zh: list[str]) -> Bilingual:
    """Spellings to choose from, in backticks."""
    return Bilingual(", ".join(f"`{one}`" for one in spellings_en), "、".join(f"`{one}`" for one in spellings_zh))


def _or(words: list[str], separator: str, last: str) -> str:
    return words[0] if len(words) == 1 else separator.join(words[:-1]) + last + words[-1]
