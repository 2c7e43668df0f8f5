"""Every command: its name, where it lives, what it is for. One line here and one file beside it."""

from __future__ import annotations

from typing import Final, NamedTuple

from communityrules.diagnostics.message import Bilingual


class Entry(NamedTuple):
    """One command. Its module has a `command(language)` that makes the click command."""

    module: str
    summary: Bilingual


COMMANDS: Final = {
    "judge": Entry("judge", Bilingual("Judge events by a rulebook.", "按规则手册评判事件。")),
    "check": Entry("check", Bilingual("Find what is wrong with rulebooks.", "检查规则手册中的问题。")),
    "fmt": Entry(
        "fmt", Bilingual("Lay out rulebooks; translate their spelling.", "统一规则手册的版式,转换中英文写法。")
    ),
    "import": Entry(
        "importing",
        Bilingual(
            "Bring a table of rules, or rules of other tools, into a rulebook.", "把规则表格或别处的规则搬进规则手册。"
        ),
    ),
    "export": Entry(
        "exporting", Bilingual("Write a rulebook as a workbook or tables.", "把规则手册写成工作簿或表格。")
    ),
    "publish": Entry("publishing", Bilingual("Write the handbook for the community.", "写出给社群成员看的手册。")),
    "test": Entry("test", Bilingual("Run the tests that stand in rulebooks.", "运行规则手册中的测试。")),
    "effects": Entry("effects", Bilingual("Show what each rule has done.", "显示每条规则起了什么作用。")),
    "audit": Entry(
        "audit", Bilingual("Verify an audit log, take its head, erase texts.", "验证审计日志,取链头,抹除文字。")
    ),
}
