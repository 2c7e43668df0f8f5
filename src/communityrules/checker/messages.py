"""Every coded message of a rulebook's text and meaning, by code; and the index page made of them.

A message is declared beside the code that reports it; the modules that declare some are listed here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import ModuleType
from typing import Final

from communityrules.checker import (
    actions,
    arithmetic,
    clauses,
    comparisons,
    dates,
    declarations,
    definitions,
    expressions,
    header,
    loading,
    measures,
    paths,
    predicates,
    report,
    rules,
    scope,
    versions,
)
from communityrules.checker.checks import (
    consequences,
    constancy,
    cycles,
    duties,
    emptiness,
    expectations,
    ladders,
    match_all,
    modality,
    parameters,
    patterns,
    templates,
    unused,
)
from communityrules.diagnostics.message import Message
from communityrules.language import messages as syntax

_MODULES: Final[tuple[ModuleType, ...]] = (
    syntax,
    actions,
    arithmetic,
    clauses,
    comparisons,
    dates,
    declarations,
    definitions,
    expressions,
    header,
    loading,
    measures,
    paths,
    predicates,
    report,
    rules,
    scope,
    versions,
    consequences,
    constancy,
    cycles,
    duties,
    emptiness,
    expectations,
    ladders,
    match_all,
    modality,
    parameters,
    patterns,
    templates,
    unused,
)


def gather(modules: Iterable[ModuleType]) -> dict[str, Message]:
    """The messages that modules declare, by code, in the order of the codes.

    Raises ValueError when two messages have one code.
    """
    found: dict[str, Message] = {}
    for module in modules:
        for one in vars(module).values():
            if isinstance(one, Message) and found.setdefault(one.code, one) is not one:
                raise ValueError(f"{one.code} is declared twice")
    return dict(sorted(found.items()))


#: Every message of the language and of the checker, by code.
ALL_MESSAGES: Final[Mapping[str, Message]] = gather(_MODULES)

_SECTIONS: Final = {
    "1": "Syntax · 语法",
    "2": "Names and types · 名称与类型",
    "3": "Dates · 日期",
    "4": "Rules and consequences · 规则与处置",
    "5": "Logic · 逻辑",
    "6": "Texts and patterns · 文字与格式",
    "7": "Files and limits · 文件与限度",
}


def index_page(messages: Mapping[str, Message] = ALL_MESSAGES) -> str:
    """The page that lists every code, in Markdown."""
    lines = [
        "# Diagnostics",
        "",
        "<!-- Made by `python -m communityrules.checker.messages`. Do not edit: change the messages. -->",
        "",
        "What `communityrules check` can say of a rulebook. Each page shows a rulebook that gets the message and one",
        "that is mended. Errors keep a rulebook from judging; warnings do not, except under `--strict`.",
        "",
        "Of [events](events.md) and [commands](commands.md) other pages speak.",
    ]
    section = ""
    for code, message in messages.items():
        if code[2] != section:
            section = code[2]
            lines += [
                "",
                f"## CR{section}xx {_SECTIONS.get(section, '')}".rstrip(),
                "",
                "| Code | | |",
                "|---|---|---|",
            ]
        lines.append(f"| [{code}]({code}.md) | {message.title.en} | {message.title.zh} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    print(index_page(), end="")
