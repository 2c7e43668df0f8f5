"""What sheets and their columns are called: the one table that writing and reading share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from communityrules.diagnostics.message import Bilingual
from communityrules.tables.workbook.grid import SheetKind

TITLES: Final[Mapping[SheetKind, Bilingual]] = {
    "about": Bilingual("Rulebook", "规则手册"),
    "rules": Bilingual("Rules", "规则"),
    "table": Bilingual("Table", "规则表"),
    "lists": Bilingual("Lists", "名单"),
    "parameters": Bilingual("Parameters", "参数"),
    "penalties": Bilingual("Penalties", "处罚"),
    "declarations": Bilingual("Declarations", "声明"),
    "tests": Bilingual("Tests", "测试"),
    "history": Bilingual("Changes", "变更记录"),
}

#: The columns of the rules, those of the five-column table first. Those with a clause's name hold that clause as a
#: rulebook has it, without its word; several of one kind stand on lines of their own.
RULE_HEADS: Final[Mapping[str, Bilingual]] = {
    "rule": Bilingual("No.", "规则编号"),
    "name": Bilingual("Name", "规则名称"),
    "content": Bilingual("Content", "规则内容"),
    "applies_to": Bilingual("Applies to", "适用对象"),
    "effective": Bilingual("Effective", "实施时间"),
    "change": Bilingual("Change", "变更"),
    "modality": Bilingual("Modality", "性质"),
    "in": Bilingual("In", "场所"),
    "on": Bilingual("On", "事件"),
    "every": Bilingual("Every", "周期"),
    "if": Bilingual("If", "条件"),
    "then": Bilingual("Then", "处理"),
    "require": Bilingual("Require", "要求"),
    "found_by": Bilingual("Found by", "认定"),
    "responsible": Bilingual("Responsible", "责任人"),
    "cooldown": Bilingual("Cooldown", "冷却"),
    "overrides": Bilingual("Overrides", "优先于"),
    "trial": Bilingual("Trial", "试行"),
    "review_by": Bilingual("Review by", "复审"),
    "todo": Bilingual("To do", "待办"),
    "notes": Bilingual("Notes", "备注"),
}

#: What the rulebook's own sheet calls a comment.
REMARK: Final = Bilingual("Remark", "说明")

#: Columns of the rules that are there whether or not any rule fills them.
ALWAYS: Final = ("rule", "name", "content", "applies_to", "effective", "modality")

HEADS: Final[Mapping[SheetKind, Mapping[str, Bilingual]]] = {
    "about": {"what": Bilingual("What", "项目"), "value": Bilingual("Value", "内容")},
    "rules": RULE_HEADS,
    "table": RULE_HEADS,
    "lists": {
        "name": Bilingual("List", "名单"),
        "options": Bilingual("How", "方式"),
        "word": Bilingual("Entry", "条目"),
        "notes": Bilingual("Notes", "备注"),
    },
    "parameters": {
        "name": Bilingual("Parameter", "参数"),
        "value": Bilingual("Value", "取值"),
        "from": Bilingual("From", "起始日期"),
        "notes": Bilingual("Notes", "备注"),
    },
    "penalties": {
        "name": Bilingual("Penalty", "处罚"),
        "over": Bilingual("Within", "计算期"),
        "when": Bilingual("Offence", "次数"),
        "then": Bilingual("What is done", "措施"),
        "notes": Bilingual("Notes", "备注"),
    },
    "declarations": {"text": Bilingual("Declaration", "声明")},
    "tests": {
        "name": Bilingual("Test", "测试"),
        "steps": Bilingual("Steps", "步骤"),
        "notes": Bilingual("Notes", "备注"),
    },
    "history": {
        "date": Bilingual("Date", "日期"),
        "rule": Bilingual("Rule", "规则"),
        "what": Bilingual("What changed", "变更内容"),
    },
}

#: The columns that tell one row from another, by what a sheet holds.
KEYS: Final[Mapping[SheetKind, tuple[str, ...]]] = {
    "about": ("what",), "rules": ("rule", "change", "name"), "table": ("rule",), "lists": ("name", "word"),
    "parameters": ("name", "from"), "penalties": ("name", "when"), "declarations": ("text",), "tests": ("name",),
    "history": ("date", "rule", "what"),
}  # fmt: skip
