"""The pages of `docs/reference/` that are made from declarations: what rules can name, and the words of the language.

`python -m communityrules.workbench.reference` writes them anew into `docs/reference/`, or into the folder given. The
same declarations give the same bytes.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

from communityrules.diagnostics.message import Bilingual, Language
from communityrules.language.keywords import Keyword, keyword_table
from communityrules.library.declare import Action, Aggregate, EventType, Field, Function, Library, Names, Parameter
from communityrules.library.table import STANDARD
from communityrules.library.words import STAFF, STAFF_ROLES
from communityrules.model.values import Type

_NOTE: Final = "<!-- Made by `python -m communityrules.workbench.reference`. Do not edit: change the declarations. -->"

_TYPES: Final[Mapping[str, Bilingual]] = {
    "text": Bilingual("text", "文本"),
    "number": Bilingual("number", "数值"),
    "boolean": Bilingual("boolean", "真假"),
    "date": Bilingual("date", "日期"),
    "instant": Bilingual("time", "时刻"),
    "time_of_day": Bilingual("time of day", "一天中的时间"),
    "duration": Bilingual("duration", "时长"),
    "list": Bilingual("list", "列表"),
    "member": Bilingual("member", "成员"),
    "message": Bilingual("message", "消息"),
    "labels": Bilingual("labels", "标签"),
    "state": Bilingual("state", "状态"),
    "nothing": Bilingual("nothing", "空"),
    # What operators take besides types.
    "same": Bilingual("the same type", "同一类型"),
    "item": Bilingual("an item", "列表的项"),
    "pattern": Bilingual("a pattern", "格式"),
    "detector": Bilingual("a detector", "检测器"),
}
_SUBJECTS: Final[Mapping[str, Bilingual]] = {
    "sender": Bilingual("who sent it", "发出者"),
    "target": Bilingual("the target", "对象"),
    "responsible": Bilingual("whoever owed it", "责任人"),
    "community": Bilingual("the community", "社群"),
}
#: Of an event that the engine raises, nobody is the sender.
_CONCERNED: Final = Bilingual("its `member`", "其 `成员`")
#: Kinds of arguments of which an action takes one or the other.
_EITHER: Final = (("template", "text"), ("duration", "range"), ("group", "member"))
_FALLS_ON: Final[Mapping[str, Bilingual]] = {
    "message": Bilingual("the message or request", "消息或申请"),
    "member": Bilingual("the member", "成员"),
    "community": Bilingual("the community", "社群"),
    "case": Bilingual("the case", "案件"),
}
_KINDS: Final[Mapping[str, Bilingual]] = {
    "duration": Bilingual("a length of time", "时长"),
    "range": Bilingual("a range of lengths", "时长范围"),
    "number": Bilingual("a number", "数值"),
    "penalty": Bilingual("a penalty", "处罚"),
    "template": Bilingual("a template", "话术"),
    "group": Bilingual("a group", "用户组"),
    "state": Bilingual("a state", "状态"),
    "value": Bilingual("one of its values", "该状态的值"),
    "label": Bilingual("a label", "标签"),
    "member": Bilingual("a member", "成员"),
    "calendar": Bilingual("a calendar", "日历"),
    "priority": Bilingual("a priority", "优先级"),
    "unit": Bilingual("a unit", "单位"),
    "rule": Bilingual("a rule's number", "规则编号"),
    "allowance": Bilingual("at most how many in a period: `10 today`", "一段时期的上限:`10 今日`"),
    "text": Bilingual("a text", "文字"),
    "field": Bilingual("a declared field of a member", "声明过的成员字段"),
    "fact": Bilingual("a fact of the event or a value", "事件中的事实或一个值"),
}
_OVER: Final[Mapping[str, Bilingual]] = {
    "event": Bilingual("an event type", "事件类型"),
    "field": Bilingual("a field of an event type", "事件的字段"),
    "events": Bilingual("event types, in order", "依次的事件类型"),
    "duties": Bilingual("the event type that meets them, or nothing", "完成职责的事件类型,可不写"),
}
_SECTIONS: Final[Mapping[str, Bilingual]] = {
    "declarations": Bilingual("Declarations", "声明"),
    "header": Bilingual("Entries of the header", "开头各项"),
    "clauses": Bilingual("Clauses of a rule", "规则的子句"),
    "words": Bilingual("Words inside declarations, clauses and tests", "声明、子句和测试中的词"),
    "slots": Bilingual("Words before an argument", "参数前的词"),
    "operators": Bilingual("Operators", "运算"),
    "windows": Bilingual("Calendar windows", "日历窗口"),
    "units": Bilingual("Units of time", "时间单位"),
    "weekdays": Bilingual("Days of the week", "星期"),
    "types": Bilingual("Types of fields", "字段类型"),
    "columns": Bilingual("Heads of columns of a table", "表的列名"),
}


def pages(library: Library | None = None) -> dict[str, str]:
    """The text of every page by its file name; of the standard library when none is given."""
    known = STANDARD if library is None else library
    return {
        "library.md": _Page(known, "en").text(),
        "library.zh.md": _Page(known, "zh").text(),
        "keywords.md": _keywords(),
    }


def write(folder: Path) -> list[Path]:
    """Write every page whose text has changed into a folder; the files that were written."""
    written = []
    for name, text in pages().items():
        file = folder / name
        if not file.exists() or file.read_text(encoding="utf-8") != text:
            file.write_text(text, encoding="utf-8", newline="\n")
            written.append(file)
    return written


# --- the library ---------------------------------------------------------------------------------------------


class _Page:
    """The page of the library in one language."""

    def __init__(self, library: Library, language: Language) -> None:
        self.library = library
        self.language: Language = language

    def text(self) -> str:
        say = self.say
        parts = [
            f"# {say('The library', '库')}",
            _NOTE,
            say(
                "What rules can name besides what a rulebook declares itself. Each thing has an English and a Chinese "
                "spelling; a file may use either. The other language of this page: [中文](library.zh.md).",
                "除了规则手册自己声明的,规则还能用到这些名称。每一项都有英文和中文两种写法,同一文件中可任用。"
                "本页的另一语言:[English](library.md)。",
            ),
            *self._fields(),
            *self._events(),
            *self._aggregates(),
            *self._operators(),
            *self._detectors(),
            *self._steps(),
            *self._functions(),
            *self._actions(),
            *self._words(),
        ]
        return "\n\n".join(parts) + "\n"

    def say(self, en: str, zh: str) -> str:
        return en if self.language == "en" else zh

    def of(self, text: Bilingual) -> str:
        return text.fill(self.language, {})

    def heading(self, en: str, zh: str) -> str:
        return f"## {self.say(en, zh)}"

    def table(self, heads: Iterable[tuple[str, str]], rows: Iterable[Iterable[str]]) -> str:
        return _table([self.say(en, zh) for en, zh in heads], rows)

    def join(self, parts: Iterable[str]) -> str:
        return self.say(", ", "、").join(parts)

    def type(self, one: Type) -> str:
        if one.kind == "list" and one.item is not None:
            return self.say(f"list of {self.type(one.item)}", f"列表({self.type(one.item)})")
        return self.of(_TYPES[one.kind])

    def _steps(self) -> Iterator[str]:
        yield self.heading("Steps of seeing through disguise", "识破伪装的步骤")
        yield self.say(
            "What is undone when words of a list are looked for, in this order. `without STEP` leaves one out, `seeing "
            "STEP` adds one; in the head of the rulebook for all words, in a list for its own. Evidence names what was "
            'done beyond the first four: `"seen":"separators, leet"`. More: '
            "[seeing through disguise](../explanation/seeing-through-disguise.md).",
            "查找词表中的词时依次做的步骤。`不识 步骤` 去掉一步,`识破 步骤` 加上一步;写在手册头中管所有的词,"
            '写在词表中管该词表。前四步之外用到的步骤写入证据:`"seen":"separators, leet"`。'
            "详见[看穿伪装](../explanation/seeing-through-disguise.md)。",
        )
        yield self.table(
            (
                ("English", "英文"),
                ("Chinese", "中文"),
                ("what it undoes", "作用"),
                ("as written", "写法"),
                ("found", "找到"),
            ),
            (
                (
                    *_spellings(one.names),
                    self.of(one.doc),
                    f"`{_shown(one.example[0])}`",
                    f"`{one.example[1]}`",
                )
                for one in self.library.steps.values()
            ),
        )

    def _fields(self) -> Iterator[str]:
        yield self.heading("Fields", "字段")
        yield self.say(
            "A path begins with one of these words or with an event type. `EVENT.member` is always who sent that "
            "event, `EVENT.target` whom it is about; every event type has the fields of `event`, too. A fact that is "
            "absent makes a comparison false; `is empty` asks for absence.",
            "路径以下列词或事件类型开头。`事件类型.成员` 总是发出该事件的人,`事件类型.对象` 是它所关乎的人;"
            "每种事件也都有 `事件` 的各字段。缺少的事实使比较为假;用 `为空` 询问是否缺少。",
        )
        for entity in self.library.entities.values():
            yield f"### {_both(entity.names)}"
            yield self.of(entity.doc)
            yield self._field_table(entity.fields)

    def _field_table(self, fields: Iterable[Field]) -> str:
        return self.table(
            (("English", "英文"), ("Chinese", "中文"), ("type", "类型"), ("what it is", "含义")),
            ((*_spellings(one.names), self.type(one.type), self.of(one.doc)) for one in fields),
        )

    def _events(self) -> Iterator[str]:
        sent = [one for one in self.library.events.values() if not one.raised]
        raised = [one for one in self.library.events.values() if one.raised]
        yield self.heading("Events that a host sends", "平台发来的事件")
        yield self.say(
            "The subject is whom and what actions fall on, and whom `applies to`, `member.…` and `message.…` speak of.",
            "主体是处置所落到的人和消息,也是 `适用`、`成员.…` 和 `消息.…` 所指。",
        )
        yield self._event_table(sent)
        yield self.heading("Events that the engine raises", "引擎自己产生的事件")
        yield self.say(
            "What the engine does can be ruled on, too. A host never sends these.",
            "引擎所做的事也可以立规则。平台不能发送这些事件。",
        )
        yield self._event_table(raised)

    def _event_table(self, events: Iterable[EventType]) -> str:
        heads = (
            ("English", "英文"), ("Chinese", "中文"), ("what happened", "发生了什么"), ("subject", "主体"),
            ("own fields", "自有字段"),
        )  # fmt: skip
        return self.table(
            heads,
            (
                (
                    *_spellings(one.names),
                    self.of(one.doc) + (self.say(" Carries a text.", "带文字。") if one.carries_text else ""),
                    self.of(_CONCERNED if one.raised and one.subject == "sender" else _SUBJECTS[one.subject]),
                    "<br>".join(
                        f"`{field.names.en}` `{field.names.zh}` ({self.type(field.type)}): {self.of(field.doc)}"
                        for field in one.fields
                    ),
                )
                for one in events
            ),
        )

    def _aggregates(self) -> Iterator[str]:
        yield self.heading("Measures over past events", "对过往事件的度量")
        yield self.say(
            "Written `count(message by member within 10 minutes where …)`: what is measured, by which keys, in which "
            "window, and which of them.",
            "写作 `计数(消息 按 成员 最近 10分钟 其中 …)`:度量什么,按哪些键,在哪个窗口内,其中哪些。",
        )
        heads = (
            ("English", "英文"), ("Chinese", "中文"), ("what it measures", "度量什么"), ("over", "对象"),
            ("gives", "结果"), ("window", "窗口"),
        )  # fmt: skip
        yield self.table(heads, (self._aggregate(one) for one in self.library.aggregates.values()))

    def _aggregate(self, one: Aggregate) -> Iterator[str]:
        yield from _spellings(one.names)
        yield self.of(one.doc)
        over = self.of(_OVER[one.over])
        if one.takes is not None:
            kind = self.type(one.takes)
            over = self.say(f"{over} ({kind})", f"{over}({kind})")
        yield over
        yield self.say("the type of the field", "字段的类型") if one.returns is None else self.type(one.returns)
        yield self.say("required", "必写") if one.needs_window else self.say("may be left out", "可省略")

    def _operators(self) -> Iterator[str]:
        yield self.heading("Operators", "运算")
        heads = (
            ("English", "英文"), ("Chinese", "中文"), ("meaning", "含义"), ("on the left", "左边"),
            ("on the right", "右边"),
        )  # fmt: skip
        spelt = {one.id: one for one in keyword_table().section("operators")}
        symbols = {"<": "less", "<=": "at_most", ">": "more", ">=": "not_less"}
        rows = []
        for one in self.library.operators.values():
            word = spelt[symbols.get(one.keyword, one.keyword)]
            rows.append(
                (
                    _code(word.en[:1]), _code(word.zh[:1]), self.of(one.doc),
                    self.join(self.of(_TYPES[kind]) for kind in one.left),
                    self.join(self.of(_TYPES[kind]) for kind in dict.fromkeys(one.right)),
                )
            )  # fmt: skip
        yield self.table(heads, rows)

    def _detectors(self) -> Iterator[str]:
        yield self.heading("Detectors", "检测器")
        yield self.say(
            "Stand where a list of words stands: `message.text contains phone_number`.",
            "可写在词表的位置:`消息.文本 包含 手机号`。",
        )
        yield self.table(
            (("English", "英文"), ("Chinese", "中文"), ("what it finds", "检测什么")),
            ((*_spellings(one.names), self.of(one.doc)) for one in self.library.detectors.values()),
        )

    def _functions(self) -> Iterator[str]:
        yield self.heading("Functions", "函数")
        heads = (
            ("English", "英文"), ("Chinese", "中文"), ("what it gives", "给出什么"), ("takes", "参数"),
            ("gives", "结果"),
        )  # fmt: skip
        yield self.table(
            heads,
            (
                (
                    *_spellings(one.names),
                    self.of(one.doc),
                    self._taken(one),
                    self.type(one.returns),
                )
                for one in self.library.functions.values()
            ),
        )

    def _taken(self, one: Function) -> str:
        if one.of_group:
            return self.say("a group", "用户组")
        needed = len(one.parameters) - one.optional
        maybe = self.say("{}, or none", "{},可省")
        return self.join(
            self.type(each) if at < needed else maybe.format(self.type(each)) for at, each in enumerate(one.parameters)
        )

    def _actions(self) -> Iterator[str]:
        yield self.heading("Actions", "处置")
        yield self.say(
            "What a `then` asks for. The strictest verdict among all outcomes is the decision's: `allow` < `flag` < "
            "`hold` < `block`.",
            "`则` 所要求的事。决定的裁决取所有结果中最严的一个:`allow` < `flag` < `hold` < `block`。",
        )
        heads = (
            ("English", "英文"), ("Chinese", "中文"), ("what it does", "做什么"), ("falls on", "落到"),
            ("verdict", "裁决"), ("who may ask for it", "谁可要求"), ("arguments", "参数"),
        )  # fmt: skip
        yield self.table(heads, (self._action(one) for one in self.library.actions.values()))

    def _action(self, one: Action) -> Iterator[str]:
        # Where its object may be left out, so may the word before it.
        needed = any(each.required for each in one.parameters)
        yield f"`{one.names.en} {one.particle if needed else ''}`".replace(" `", "`")
        yield _spellings(one.names)[1]
        more = self.say(" A sanction.", "属于处分。") if one.sanction else ""
        yield self.of(one.doc) + more
        yield self.of(_FALLS_ON[one.falls_on])
        yield f"`{one.verdict}`"
        words = keyword_table()
        yield self.join(f"`{words.spell(kind, self.language)}`" for kind in one.allowed_for)
        pieces = [self._parameter(each) for each in _alternatives(one.parameters)]
        if one.takes_if_late:
            pieces.append(f"`{self.say(', if late …', ',逾期 …')}`")
        yield "<br>".join(pieces)

    def _parameter(self, either: list[Parameter]) -> str:
        slot = either[0].slot
        word = {"to": "to_group"}.get(slot, slot)
        spelt = f"`{keyword_table().spell(word, self.language)}` " if word else ""
        must = self.say(" (required)", "(必写)") if either[0].required else ""
        return spelt + self.say(" or ", "或").join(self.of(_KINDS[one.kind]) for one in either) + must

    def _words(self) -> Iterator[str]:
        yield self.heading("Groups, priorities and units", "用户组、优先级和单位")
        roles = ", ".join(f"`{role}`" for role in STAFF_ROLES)
        yield self.say(
            f"The group `{STAFF}`, of members with one of the roles {roles}, is there unless the rulebook declares "
            "its own.",
            f"用户组 `{STAFF}`(角色为 {roles} 之一的成员)总是存在,除非规则手册自己声明。",
        )
        rows: list[tuple[str, ...]] = []
        for kind, words in (
            (self.say("group", "用户组"), self.library.groups),
            (self.say("priority", "优先级"), self.library.values),
            (self.say("unit", "单位"), self.library.units),
        ):
            rows.extend((*_spellings(one.names), kind, self.of(one.doc)) for one in words.values())
        yield self.table((("English", "英文"), ("Chinese", "中文"), ("kind", "种类"), ("meaning", "含义")), rows)


# --- the words of the language -------------------------------------------------------------------------------


def _keywords() -> str:
    table = keyword_table()
    parts = [
        "# The words of the language · 语言的词",
        _NOTE,
        "Every word in both spellings. The first of each is what `fmt` prints; the others are read as well.\n\n"
        "每个词的两种写法。每格的第一个是 `fmt` 的写法,其余也能读。",
    ]
    for section, heading in _SECTIONS.items():
        parts.append(f"## {heading.en} · {heading.zh}")
        parts.append(_table(["meaning · 含义", "English", "中文"], (_keyword(one) for one in table.section(section))))
    return "\n\n".join(parts) + "\n"


def _keyword(one: Keyword) -> tuple[str, str, str]:
    en = _code(one.en)
    if one.end and not one.en:
        en = "(nothing)"
    return one.id, en, _code(one.zh)


# --- Markdown ------------------------------------------------------------------------------------------------


def _both(names: Names) -> str:
    return f"`{names.en}` · `{names.zh}`"


def _shown(text: str) -> str:
    """An example with what nobody sees made visible."""
    return text.replace("\u200b", "[U+200B]")


def _spellings(names: Names) -> tuple[str, str]:
    """The cells of the English and the Chinese spelling, aliases with the language that they are in."""
    en = [names.en, *(one for one in names.aliases if one.isascii())]
    zh = [names.zh, *(one for one in names.aliases if not one.isascii())]
    return _code(en), _code(zh)


def _alternatives(parameters: Iterable[Parameter]) -> list[list[Parameter]]:
    """The parameters in their order, those of which one or the other is given together."""
    found: list[list[Parameter]] = []
    for one in parameters:
        if found and found[-1][0].slot == one.slot and (found[-1][0].kind, one.kind) in _EITHER:
            found[-1].append(one)
        else:
            found.append([one])
    return found


def _code(words: Iterable[str]) -> str:
    return ", ".join(f"`{word}`" for word in words)


def _table(heads: list[str], rows: Iterable[Iterable[str]]) -> str:
    lines = [f"| {' | '.join(heads)} |", f"|{'---|' * len(heads)}"]
    lines.extend(f"| {' | '.join(_cell(cell) for cell in row)} |" for row in rows)
    return "\n".join(lines)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else Path("docs/reference")
    for one in write(target):
        print(one)
