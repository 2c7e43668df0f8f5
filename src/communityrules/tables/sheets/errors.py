"""What can keep a workbook or table from being read, `CR78x`."""

from __future__ import annotations

from typing import Final

from communityrules.diagnostics.message import Bilingual, Message

TOO_MUCH: Final = Message(
    "CR780",
    "error",
    Bilingual("A table file asks for too much", "表格文件超出限度"),
    Bilingual("`{file}` has more than {limit}.", "`{file}` 超过 {limit}。"),
    Bilingual(
        "Keep the sheets with the rules, clear the empty rows and columns below and beside them, and save it again.",
        "请只保留写规则的工作表,清除其下方和右侧的空行空列,再另存一份。",
    ),
)
ENCRYPTED: Final = Message(
    "CR781",
    "error",
    Bilingual("A workbook is locked with a password", "工作簿设有密码"),
    Bilingual("`{file}` is encrypted.", "`{file}` 已加密。"),
    Bilingual("Open it with its password and save a copy without one.", "请用密码打开,另存一份不带密码的副本。"),
)
BROKEN: Final = Message(
    "CR782",
    "error",
    Bilingual("A workbook is damaged", "工作簿已损坏"),
    Bilingual("`{file}` cannot be read: {what}.", "`{file}` 无法读取:{what}。"),
    Bilingual(
        "Get it again, or open it in a spreadsheet program and save it as `.xlsx`.",
        "请重新取得该文件,或用表格软件打开后另存为 `.xlsx`。",
    ),
)
NOT_A_TABLE: Final = Message(
    "CR783",
    "error",
    Bilingual("Not a workbook or table", "不是工作簿或表格"),
    Bilingual("`{file}` is {kind}, whatever its name says.", "`{file}` 实际是{kind},与文件名无关。"),
    Bilingual(
        "Put the table into a workbook: `.xlsx`, `.xls`, `.ods`, `.csv`, `.tsv` and Markdown tables can be read.",
        "请把表格存入工作簿;可读取 `.xlsx`、`.xls`、`.ods`、`.csv`、`.tsv` 和 Markdown 表格。",
    ),
)
UNSAFE: Final = Message(
    "CR784",
    "error",
    Bilingual("A workbook holds what no workbook needs", "工作簿含有不应出现的内容"),
    Bilingual(
        "`{file}` declares entities of its own in `{part}`; a workbook never does, and none is read.",
        "`{file}` 在 `{part}` 中自行声明了实体;正常的工作簿不会这样,因此不予读取。",
    ),
    Bilingual(
        "Ask where it comes from; a copy saved by a spreadsheet program has none.",
        "请确认文件来源;由表格软件另存的副本不会带有这些内容。",
    ),
)
MISNAMED: Final = Message(
    "CR785",
    "warning",
    Bilingual("A file is not what its name says", "文件名与内容不符"),
    Bilingual("`{file}` is {kind} by its content, and is read as that.", "`{file}` 按内容是{kind},已按此读取。"),
    Bilingual("Rename it so that others are not misled.", "请改正扩展名,以免误导他人。"),
)
NO_RULES: Final = Message(
    "CR786",
    "error",
    Bilingual("No table of rules", "没有规则表"),
    Bilingual("`{file}` holds no table that reads as rules: {seen}.", "`{file}` 中没有可识别的规则表:{seen}。"),
    Bilingual(
        "Looked for a row of headings such as {looked}; `--columns` says which column is what: "
        '`--columns "number=A,content=C"`.',
        '查找的是含有 {looked} 等列名的表头;可用 `--columns` 指明各列:`--columns "编号=A,内容=C"`。',
    ),
)
BAD_COLUMNS: Final = Message(
    "CR787",
    "error",
    Bilingual("Columns that cannot be mapped", "无法对应的列"),
    Bilingual("`--columns`: {what}.", "`--columns`:{what}。"),
    Bilingual(
        "Write `MEANING=COLUMN`, separated by commas; a column is its letter, its number from 1 or its heading. "
        "Meanings: {meanings}.",
        "写法为 `含义=列`,用逗号分隔;列可写字母、从 1 起的序号或表头文字。含义有:{meanings}。",
    ),
)
UNKNOWN_ENCODING: Final = Message(
    "CR788",
    "error",
    Bilingual("A text in no known encoding", "无法识别的文字编码"),
    Bilingual(
        "`{file}` is no text in UTF-8, UTF-16, GB18030 or Big5.", "`{file}` 不是 UTF-8、UTF-16、GB18030 或 Big5 文本。"
    ),
    Bilingual("Save it as UTF-8 and try again.", "请另存为 UTF-8 再试。"),
)

MESSAGES: Final = (
    TOO_MUCH, ENCRYPTED, BROKEN, NOT_A_TABLE, UNSAFE, MISNAMED, NO_RULES, BAD_COLUMNS, UNKNOWN_ENCODING,
)  # fmt: skip
