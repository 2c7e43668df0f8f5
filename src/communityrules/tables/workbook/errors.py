"""What can keep a rulebook from being exported, `CR79x`."""

from __future__ import annotations

from typing import Final

from communityrules.diagnostics.message import Bilingual, Message

CELL_TOO_LONG: Final = Message(
    "CR791",
    "error",
    Bilingual("A text is too long for a cell", "文本过长,单元格放不下"),
    Bilingual(
        "Row {row} of the sheet `{sheet}` would hold a text of {size} characters, and a cell takes {limit}.",
        "工作表 `{sheet}` 第 {row} 行有一段 {size} 个字符的文本,而单元格最多 {limit} 个。",
    ),
    Bilingual(
        "Divide it, such as a long test into several, or export to `.json`, which has no such limit.",
        "请拆分,例如把很长的测试拆成几个;或导出为 `.json`(没有此限制)。",
    ),
)
ROWS_TOO_MANY: Final = Message(
    "CR792",
    "error",
    Bilingual("A workbook would be too large", "工作簿过大"),
    Bilingual(
        "With the sheet `{sheet}` there would be {rows} {what}, and `import` takes {limit}.",
        "加上工作表 `{sheet}` 会有 {rows} {what},而 `import` 最多接受 {limit}。",
    ),
    Bilingual(
        'Keep long lists in files of their own (`list NAME = file "words.txt"`), or export to `.json`.',
        '请把很长的名单放进单独的文件(`名单 名称 = 文件 "words.txt"`),或导出为 `.json`。',
    ),
)

CELL_UNREADABLE: Final = Message(
    "CR793",
    "error",
    Bilingual("A cell of a rulebook does not read", "规则手册的单元格读不通"),
    Bilingual("`{cell}`: {problem}", "`{cell}`:{problem}"),
    Bilingual("{hint}", "{hint}"),
)

NO_COLUMN: Final = Message(
    "CR794",
    "error",
    Bilingual("A column that a sheet cannot do without is gone", "缺少必需的列"),
    Bilingual("The sheet `{sheet}` has no column `{head}`.", "工作表 `{sheet}` 没有“{head}”一列。"),
    Bilingual(
        "Give the column its head again; other columns may have any name.", "请恢复这一列的表头;其他列可以随意命名。"
    ),
)

MESSAGES: Final = (CELL_TOO_LONG, ROWS_TOO_MANY, CELL_UNREADABLE, NO_COLUMN)
