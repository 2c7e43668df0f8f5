"""Why a row that holds something is in no table, and what is said of tables as a whole."""

from __future__ import annotations

from typing import Final

from communityrules.diagnostics.message import Bilingual

TITLE: Final = Bilingual("it stands above the table", "位于表格上方的标题或说明")
AFTER: Final = Bilingual("it is a note beside the table", "表格旁的注释")
SPACES: Final = Bilingual("it holds nothing but spaces", "只有空格")
AGAIN: Final = Bilingual("it repeats the headings", "重复的表头")
TOTAL: Final = Bilingual("it adds up the rows above", "合计行")
SECTION: Final = Bilingual("it is a heading for the rows below it", "下方各行的小标题")
NOTHING_SAID: Final = Bilingual("it has a number but says nothing", "只有编号,没有内容")
NO_TABLE: Final = Bilingual("no table of rules was found around it", "附近没有可识别的规则表")
OTHER_HEADS: Final = Bilingual("the headings {heads} are none of a table of rules", "表头 {heads} 不是规则表的列名")
HIDDEN_SHEET: Final = Bilingual("its sheet is hidden", "所在工作表已隐藏")
OTHER_SHEET: Final = Bilingual("`--columns` names another sheet", "`--columns` 指定了其他工作表")
IN_MATRIX: Final = Bilingual("it has no heading of its own in the matrix", "在矩阵中没有对应的行标题")

SHEET_HIDDEN: Final = Bilingual(
    "Sheet `{sheet}` is hidden; its {number} rows are left out.", "工作表 `{sheet}` 已隐藏,其 {number} 行未导入。"
)
ROWS_HIDDEN: Final = Bilingual(
    "Hidden rows of `{sheet}` are taken like the others: {rows}.", "`{sheet}` 中的隐藏行照常导入:{rows}。"
)
COLUMNS_HIDDEN: Final = Bilingual(
    "Hidden columns of `{sheet}` are taken like the others: {columns}.", "`{sheet}` 中的隐藏列照常导入:{columns}。"
)
MERGED: Final = Bilingual(
    "Merged cells of `{sheet}` hold for each of their rows: {cells}.",
    "`{sheet}` 中的合并单元格按每行都有该值处理:{cells}。",
)
ENCODING: Final = Bilingual("Read as {encoding}.", "按 {encoding} 编码读取。")
FORMULAS: Final = Bilingual(
    "Formulas of `{sheet}` are not run; what they last showed counts: {cells}.",
    "`{sheet}` 中的公式不会运行,以上次显示的结果为准:{cells}。",
)
