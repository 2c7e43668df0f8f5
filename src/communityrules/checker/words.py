"""Words of ours that stand inside messages, in both languages."""

from __future__ import annotations

from typing import Final

from communityrules.diagnostics.message import Bilingual
from communityrules.language.keywords import keyword_table
from communityrules.model.values import Type

_KINDS: Final[dict[str, Bilingual]] = {
    "text": Bilingual("a text", "文本"),
    "number": Bilingual("a number", "数值"),
    "boolean": Bilingual("true or false", "是非"),
    "date": Bilingual("a date", "日期"),
    "instant": Bilingual("a point in time", "时刻"),
    "time_of_day": Bilingual("a time of day", "一天中的时间"),
    "duration": Bilingual("a length of time", "时长"),
    "list": Bilingual("a list", "列表"),
    "member": Bilingual("a member", "成员"),
    "message": Bilingual("a message", "消息"),
    "labels": Bilingual("labels", "标签"),
    "state": Bilingual("a state", "状态"),
    "nothing": Bilingual("nothing", "空"),
}

CONDITION: Final = Bilingual("a condition", "条件")

#: What a declaration declares.
KINDS: Final[dict[str, Bilingual]] = {
    "group": Bilingual("group", "用户组"),
    "place": Bilingual("place", "场所"),
    "list": Bilingual("list", "词表"),
    "pattern": Bilingual("pattern", "格式"),
    "parameter": Bilingual("parameter", "参数"),
    "definition": Bilingual("definition", "定义"),
    "metric": Bilingual("metric", "指标"),
    "state": Bilingual("state", "状态"),
    "calendar": Bilingual("calendar", "日历"),
    "penalty": Bilingual("penalty", "处罚"),
    "template": Bilingual("template", "话术"),
    "leaderboard": Bilingual("leaderboard", "排行榜"),
    "event": Bilingual("event", "事件"),
    "field": Bilingual("field", "字段"),
    "action": Bilingual("action", "动作"),
    "rule": Bilingual("rule", "规则"),
    "table": Bilingual("table", "表"),
    "detector": Bilingual("detector", "检测器"),
    "function": Bilingual("function", "函数"),
    "value": Bilingual("value", "值"),
    "name": Bilingual("fact, list or definition", "事实、词表或定义"),
    "timezone": Bilingual("time zone", "时区"),
    "region": Bilingual("holiday region", "节假日地区"),
    "priority": Bilingual("priority", "优先级"),
    "step": Bilingual("step of seeing through disguise", "识破伪装的步骤"),
    "test": Bilingual("test", "测试"),
    "parameter or list": Bilingual("parameter or list", "参数或词表"),
    "penalty or rule": Bilingual("rule", "规则"),
}


def a_kind(kind: str) -> Bilingual:
    """A kind of declaration with its article: `a list`."""
    if kind == "labels":
        return _KINDS["labels"]
    word = KINDS[kind]
    return Bilingual(f"{'an' if word.en[0] in 'aeiou' else 'a'} {word.en}", word.zh)


def operator_word(operator: str) -> Bilingual:
    """An operator as it is written: `contains any of`, `包含任一`."""
    try:
        found = keyword_table().entry("operators", operator)
    except KeyError:
        # `<` and its like are the same in both.
        return Bilingual(operator, operator)
    return Bilingual(found.en[0], found.zh[0])


def type_word(type_: Type) -> Bilingual:
    """A type as people say it: `a list of texts`."""
    if type_.kind == "list" and type_.item is not None:
        item = _KINDS[type_.item.kind]
        return Bilingual(f"a list ({item.en})", f"列表({item.zh})")
    return _KINDS[type_.kind]
