"""What can keep a rulebook from being exported, `CR79x`."""

from __future__ import annotations

from typing import Final

from communityrules.diagnostics.message import Bilingual, Message

CELL_TOO_LONG: Final = Message(
    "CR791",
    "error",
    Bilingual("A text is too long for a cell", "文本过长,单元格放不下"),
    Bilingual(
        "Row {row} of the sheet `{sheet}` would hold a text of {size} characters, and Excel takes {limit}.",
        "工作表 `{sheet}` 第 {row} 行有一段 {size} 个字符的文本,而 Excel 单元格最多 {limit} 个。",
    ),
    Bilingual(
        "Export to a folder of CSV files, which has no such limit, or keep the text in a file of its own.",
        "请导出为 CSV 文件夹(没有此限制),或把这段文本放进单独的文件。",
    ),
)
ROWS_TOO_MANY: Final = Message(
    "CR792",
    "error",
    Bilingual("A sheet would have too many rows", "工作表行数过多"),
    Bilingual(
        "The sheet `{sheet}` would have {rows} rows, and Excel takes {limit}.",
        "工作表 `{sheet}` 会有 {rows} 行,而 Excel 最多 {limit} 行。",
    ),
    Bilingual(
        'Export to a folder of CSV files, or keep long lists in files of their own (`list NAME = file "words.txt"`).',
        '请导出为 CSV 文件夹,或把很长的名单放进单独的文件(`名单 名称 = 文件 "words.txt"`)。',
    ),
)

CELL_UNREADABLE: Final = Message(
    "CR793",
    "error",
    Bilingual("A cell of a rulebook does not read", "规则手册的单元格读不通"),
    Bilingual("`{cell}`: {problem}", "`{cell}`:{problem}"),
    Bilingual("{hint}", "{hint}"),
)

MESSAGES: Final = (CELL_TOO_LONG, ROWS_TOO_MANY, CELL_UNREADABLE)
