"""What can keep a command from running, `CR9xx`."""

from __future__ import annotations

from typing import Final

from communityrules.diagnostics.message import Bilingual, Diagnostic, Message

NO_FILE: Final = Message(
    "CR901",
    "error",
    Bilingual("A file does not exist", "文件不存在"),
    Bilingual("There is no file `{file}`.", "没有文件 `{file}`。"),
    Bilingual("Check the path; `-` reads standard input.", "请检查路径;`-` 表示读标准输入。"),
)
NOT_A_FILE: Final = Message(
    "CR902",
    "error",
    Bilingual("A folder where a file is wanted", "应为文件,却是目录"),
    Bilingual("`{file}` is not a file.", "`{file}` 不是文件。"),
    Bilingual("Give the name of a file, such as one in that folder.", "请写文件名,例如该目录中的某个文件。"),
)
UNREADABLE: Final = Message(
    "CR903",
    "error",
    Bilingual("A file cannot be read or written", "文件无法读写"),
    Bilingual("`{file}` cannot be read or written: {reason}.", "无法读写 `{file}`:{reason}。"),
    Bilingual("See to that first, or name another file.", "请先解决这个问题,或换一个文件。"),
)
NOT_TEXT: Final = Message(
    "CR904",
    "error",
    Bilingual("A file is not text", "文件不是文本"),
    Bilingual("`{file}` is not text in UTF-8.", "`{file}` 不是 UTF-8 文本。"),
    Bilingual("Give a `.rules` file, saved as UTF-8.", "请提供以 UTF-8 保存的 `.rules` 文件。"),
)
TOO_LARGE: Final = Message(
    "CR905",
    "error",
    Bilingual("A file is too large", "文件过大"),
    Bilingual("`{file}` is larger than a rulebook can be.", "`{file}` 超出规则手册的大小上限。"),
    Bilingual("Keep long lists in files of their own.", "请把长词表放到单独的文件里。"),
)
NO_FOLDER: Final = Message(
    "CR906",
    "error",
    Bilingual("A folder to write to does not exist", "要写入的目录不存在"),
    Bilingual("There is no folder `{folder}` to write `{file}` in.", "没有目录 `{folder}`,无法写入 `{file}`。"),
    Bilingual("Make the folder first, or name another file.", "请先建立该目录,或换一个文件。"),
)
NO_SUCH_TABLE: Final = Message(
    "CR907",
    "error",
    Bilingual("A kind of file that is not written", "不支持写出的文件类型"),
    Bilingual("`{file}` is no kind of table that `export` writes.", "`export` 不会写出 `{file}` 这种表格。"),
    Bilingual(
        "Name an `.xlsx` workbook, an `.md` document, `.json`, or a folder for CSV files: one of them holds one sheet "
        "only.",
        "请写 `.xlsx` 工作簿、`.md` 文档、`.json`,或一个目录用来放 CSV 文件(一个 CSV 只能放一张表)。",
    ),
)
STALE_SHEET: Final = Message(
    "CR908",
    "error",
    Bilingual("A folder holds sheets of another export", "目录中有其他导出的工作表"),
    Bilingual(
        "`{file}` in `{folder}` is not a sheet of this rulebook, and would be read with it.",
        "`{folder}` 中的 `{file}` 不属于这本手册,导入时会一起读进来。",
    ),
    Bilingual("Take it away, or export to another folder.", "请移走它,或导出到另一个目录。"),
)
NOT_OURS: Final = Message(
    "CR909",
    "error",
    Bilingual("A workbook of another kind is there", "已有其他内容的工作簿"),
    Bilingual("`{file}` is there and holds no exported rulebook.", "`{file}` 已存在,且不是导出的规则手册。"),
    Bilingual("Name another file, or take that one away first.", "请换一个文件名,或先移走它。"),
)
BAD_USAGE: Final = Message(
    "CR911",
    "error",
    Bilingual("A command was called wrongly", "命令用法不对"),
    Bilingual("{problem}", "{problem}"),
    Bilingual("See `{command} --help`.", "请看 `{command} --help`。"),
)
BAD_TIME: Final = Message(
    "CR912",
    "error",
    Bilingual("A time cannot be read", "时间无法识别"),
    Bilingual(
        "`{text}` is not a date, nor a date and time with its zone.", "`{text}` 不是日期,也不是带时区的日期时间。"
    ),
    Bilingual(
        "Write `2024-10-08` (its end, in the rulebook's zone) or `2024-10-08T12:00:00+08:00`.",
        "请写 `2024-10-08`(指当天结束,按规则手册的时区)或 `2024-10-08T12:00:00+08:00`。",
    ),
)
SAME_FILE: Final = Message(
    "CR913",
    "error",
    Bilingual("A file would be read and written at once", "同一文件又读又写"),
    Bilingual("`{file}` would be overwritten while it is read.", "`{file}` 会在读取时被覆盖。"),
    Bilingual("Name another file after `-o`.", "请在 `-o` 后面写另一个文件。"),
)
STDIN_TWICE: Final = Message(
    "CR914",
    "error",
    Bilingual("Standard input is asked for twice", "标准输入被用了两次"),
    Bilingual("`-` stands for standard input and can be given once.", "`-` 表示标准输入,只能写一次。"),
    Bilingual("Give the other one as a file.", "另一个请用文件。"),
)
NOT_REVERSIBLE: Final = Message(
    "CR915",
    "error",
    Bilingual("A layout could not be read again", "改写结果无法再读入"),
    Bilingual(
        "`{file}` was left as it is: what it would become cannot be read.", "`{file}` 保持原样:改写后的内容无法读入。"
    ),
    Bilingual("It is our mistake. Report it with the file.", "这是程序的错误,请附上该文件报告给我们。"),
)
NOT_DECISIONS: Final = Message(
    "CR916",
    "error",
    Bilingual("Lines that are no decisions", "不是判定的行"),
    Bilingual(
        "{file} has {number} lines that are no decisions, the first of them line {line}; they are not counted.",
        "{file} 中有 {number} 行不是判定,第一处是第 {line} 行;这些行未计入。",
    ),
    Bilingual(
        "Give the decisions that `communityrules judge BOOK EVENTS -o FILE` wrote, plain or gzip.",
        "请给出 `communityrules judge 手册 事件 -o 文件` 写下的判定,可用 gzip 压缩。",
    ),
)
NO_GROUP: Final = Message(
    "CR917",
    "error",
    Bilingual("A group that the rulebook does not have", "规则手册中没有的用户组"),
    Bilingual("There is no group `{group}`.", "没有用户组 `{group}`。"),
    Bilingual("The rulebook has: {groups}.", "规则手册中有:{groups}。"),
)
STOPPED: Final = Message(
    "CR921",
    "error",
    Bilingual("Stopped by hand", "已被中断"),
    Bilingual("Stopped before the end.", "未完成即被中断。"),
    Bilingual("With a store, the same command goes on where it stopped.", "若使用存储,再次执行同一命令即可继续。"),
)
NOT_A_FOLDER: Final = Message(
    "CR925",
    "error",
    Bilingual("A file where a folder is wanted", "应为目录,却是文件"),
    Bilingual("`{folder}` is not a folder.", "`{folder}` 不是目录。"),
    Bilingual(
        "Name a folder after `-o`, or one that is still to be made.", "请在 `-o` 后面写目录名,可以是尚未建立的。"
    ),
)
BAD_DAY: Final = Message(
    "CR926",
    "error",
    Bilingual("A day cannot be read", "日期无法识别"),
    Bilingual("`{text}` is not a day.", "`{text}` 不是日期。"),
    Bilingual("Write it as `2026-07-01`.", "请写成 `2026-07-01`。"),
)
UNEXPECTED: Final = Message(
    "CR999",
    "error",
    Bilingual("A mistake of ours", "程序自身的错误"),
    Bilingual("This should not happen: {error} at {place}.", "出现了不该出现的错误:{error},位置 {place}。"),
    Bilingual(
        "It is our mistake, not yours. Report it with the command you gave; "
        "`COMMUNITYRULES_DEBUG=1` before the command shows more.",
        "这是程序的错误,与你无关。请附上所用命令报告给我们;在命令前加 `COMMUNITYRULES_DEBUG=1` 可看到详情。",
    ),
)

MESSAGES: Final = (
    NO_FILE, NOT_A_FILE, UNREADABLE, NOT_TEXT, TOO_LARGE, NO_FOLDER, NO_SUCH_TABLE, STALE_SHEET, NOT_OURS, BAD_USAGE,
    BAD_TIME, SAME_FILE, STDIN_TWICE, NOT_REVERSIBLE, NOT_DECISIONS, NO_GROUP, STOPPED,
    NOT_A_FOLDER, BAD_DAY, UNEXPECTED,
)  # fmt: skip


class CannotRun(Exception):  # noqa: N818  # it names the exit status, not an error of the program
    """The command cannot run; exit status 2."""

    def __init__(self, *diagnostics: Diagnostic) -> None:
        self.diagnostics = diagnostics
        super().__init__("; ".join(f"{one.code} {one.text('en')}" for one in diagnostics))


def cannot(message: Message, **values: str | Bilingual) -> CannotRun:
    """The error of one message."""
    return CannotRun(Diagnostic(message, None, values))
