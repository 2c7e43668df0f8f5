"""Every coded message of the program, from all layers; and the page that lists them.

It stands here because only the highest layer sees all the others. `python -m communityrules.cli.codes` prints the page.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from communityrules.checker.messages import ALL_MESSAGES, gather
from communityrules.cli import messages as commands
from communityrules.diagnostics.message import Message
from communityrules.engine import errors as engine
from communityrules.stores import errors as stores
from communityrules.tables import errors as tables
from communityrules.tables.data import errors as data
from communityrules.tables.sheets import errors as sheets
from communityrules.tables.workbook import errors as workbook
from communityrules.wire import errors as wire
from communityrules.wire.audit import errors as audit

#: What `check` says of a rulebook is listed by its own layer; these are the messages of the others.
OTHER_MESSAGES: Final[Mapping[str, Message]] = gather(
    (stores, tables, data, sheets, workbook, wire, engine, audit, commands)
)
#: Every message of the program, by code.
EVERY_MESSAGE: Final[Mapping[str, Message]] = dict(sorted({**ALL_MESSAGES, **OTHER_MESSAGES}.items()))

#: Sections of the index in its order. A code belongs to the longest beginning that it has.
_SECTIONS: Final[Mapping[str, str]] = {
    "CR1": "Syntax · 语法",
    "CR2": "Names and types · 名称与类型",
    "CR3": "Dates · 日期",
    "CR4": "Rules and consequences · 规则与处置",
    "CR5": "Logic · 逻辑",
    "CR6": "Texts and patterns · 文字与格式",
    "CR7": "Files and limits · 文件与限度",
    "CR75": "Stores · 存储",
    "CR77": "Importing · 导入",
    "CR78": "Reading tables · 读取表格",
    "CR8": "Events · 事件",
    "CR85": "Judging · 评判",
    "CR86": "Altered audit logs · 审计日志被改动",
    "CR87": "Keeping audit logs · 审计日志的使用",
    "CR9": "Commands · 命令",
}


def index_page(messages: Mapping[str, Message] = EVERY_MESSAGE) -> str:
    """The page that lists every code, in Markdown."""
    lines = [
        "# Diagnostics",
        "",
        "<!-- Made by `python -m communityrules.cli.codes`. Do not edit: change the messages. -->",
        "",
        "Everything that can be wrong, by code. Each page says what it means and how to mend it, with an example that",
        "gets the message and one that is mended.",
        "",
        "- CR1xx to CR7xx: what `communityrules check` says of a rulebook. Errors keep it from judging; warnings do",
        "  not, except under `--strict`.",
        "- CR75x and CR8xx: what `communityrules judge` and the library say of [stores and events](events.md).",
        "- CR86x and CR87x: what `communityrules audit` says of an audit log.",
        "- CR9xx: what keeps a [command](commands.md) from running.",
    ]
    for section, heading in _SECTIONS.items():
        members = [one for code, one in messages.items() if _section(code) == section]
        if not members:
            continue
        lines += ["", f"## {section:x<5} {heading}", "", "| Code | | |", "|---|---|---|"]
        lines += [f"| [{one.code}]({one.code}.md) | {one.title.en} | {one.title.zh} |" for one in members]
    return "\n".join(lines) + "\n"


def _section(code: str) -> str:
    return max((one for one in _SECTIONS if code.startswith(one)), key=len)


if __name__ == "__main__":
    print(index_page(), end="")
