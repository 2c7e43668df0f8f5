"""What can be wrong with an audit log."""

from __future__ import annotations

from typing import Final

from communityrules.diagnostics.message import Bilingual, Diagnostic, Message

ALTERED: Final = Message(
    "CR861",
    "error",
    Bilingual("A record was altered", "记录被改动"),
    Bilingual(
        "record {number}, at line {line} of `{file}`, was altered: {reason}",
        "`{file}` 第 {line} 行的记录 {number} 被改动:{reason}",
    ),
    Bilingual(
        "compare it with a copy of the log; nothing in this record can be relied on",
        "请与日志的副本比对;这条记录的内容一概不可信",
    ),
)
MISSING: Final = Message(
    "CR862",
    "error",
    Bilingual("Records are missing", "记录缺失"),
    Bilingual(
        "missing before line {line} of `{file}`: {which}",
        "`{file}` 第 {line} 行之前缺少{which}",
    ),
    Bilingual("find them in a copy of the log: they were cut out", "它们被删去了,请从日志的副本中找回"),
)
OUT_OF_PLACE: Final = Message(
    "CR863",
    "error",
    Bilingual("A record stands where it does not belong", "记录位置不对"),
    Bilingual(
        "record {number} stands at line {line} of `{file}`: {reason}",
        "记录 {number} 出现在 `{file}` 第 {line} 行:{reason}",
    ),
    Bilingual(
        "compare it with a copy of the log: somebody has moved, repeated or inserted records",
        "请与日志的副本比对:有人移动、重复或插入了记录",
    ),
)
UNLINKED: Final = Message(
    "CR864",
    "error",
    Bilingual("A record does not follow on the one before it", "记录与前一条衔接不上"),
    Bilingual(
        "record {number}, at line {line} of `{file}`, does not follow on the record before it",
        "`{file}` 第 {line} 行的记录 {number} 与前一条记录衔接不上",
    ),
    Bilingual(
        "compare both with a copy of the log: the one before was written anew, or this one comes from another log",
        "请与日志的副本比对这两条:前一条被重写过,或这一条来自另一份日志",
    ),
)
UNFINISHED: Final = Message(
    "CR865",
    "error",
    Bilingual("The last line is not whole", "最后一行不完整"),
    Bilingual(
        "the last line of `{file}` is not whole: its writer was stopped, or it was cut",
        "`{file}` 的最后一行不完整:写入时被中断,或被截断",
    ),
    Bilingual(
        "give the same events to `judge` again with this log: it takes the rest of the line away and goes on",
        "请用同一日志再次运行 `judge` 评判同样的事件:它会去掉残行并接着写",
    ),
)
TEXT_ALTERED: Final = Message(
    "CR866",
    "error",
    Bilingual("A personal text was altered", "个人文字被改动"),
    Bilingual(
        "the texts of record {number} in `{file}` are not those that were recorded: {reason}",
        "`{file}` 中记录 {number} 的文字与当初记下的不符:{reason}",
    ),
    Bilingual(
        "compare them with a copy; only `audit erase` takes texts away so that the log knows of it",
        "请与副本比对;只有 `audit erase` 删除文字才会在日志中留下记录",
    ),
)
NOT_ERASED: Final = Message(
    "CR867",
    "error",
    Bilingual("An erased text is still there", "应抹除的文字还在"),
    Bilingual(
        "texts of record {number} were to be erased, and `{file}` still holds them",
        "记录 {number} 的文字应已抹除,但 `{file}` 中仍然存在",
    ),
    Bilingual(
        "run the same `audit erase` again: it was stopped midway, or somebody put the texts back",
        "请再运行一次同样的 `audit erase`:它曾中途停止,或有人把文字放了回去",
    ),
)
CUT: Final = Message(
    "CR868",
    "error",
    Bilingual("The log ends before its head", "日志短于保存的链头"),
    Bilingual(
        "`{file}` ends with record {last}, and the head was taken at record {number}: the end was cut off",
        "`{file}` 到记录 {last} 为止,而链头取自记录 {number}:末尾被截去",
    ),
    Bilingual("find the rest in a copy of the log", "请从日志的副本中找回其余部分"),
)
NOT_THE_HEAD: Final = Message(
    "CR869",
    "error",
    Bilingual("The log is not the one that the head was taken of", "日志与链头不符"),
    Bilingual(
        "no record of `{file}` has the hash of the head, {hash}",
        "`{file}` 中没有哪条记录的哈希与链头 {hash} 相同",
    ),
    Bilingual(
        "see that log and head belong together; if they do, the log was cut off or written anew before that record",
        "请确认日志与链头是一套;如果是,那么日志被截去了末尾,或该处之前被重写过",
    ),
)
BAD_SIGNATURE: Final = Message(
    "CR871",
    "error",
    Bilingual("A head is not signed with this key", "链头的签名不符"),
    Bilingual("the head `{file}` is not signed with this key", "链头 `{file}` 不是用此密钥签名的"),
    Bilingual(
        "see that head and key belong together; if they do, the head was altered",
        "请确认链头与密钥是一套;如果是,那么链头被改动过",
    ),
)
NOT_A_LOG: Final = Message(
    "CR872",
    "error",
    Bilingual("A file is not an audit log", "文件不是审计日志"),
    Bilingual("`{file}` does not begin as an audit log does", "`{file}` 的开头不是审计日志的开头"),
    Bilingual(
        "give the file that was named after `judge … --audit`; if it is that one, its first record was altered",
        "请给出 `judge … --audit` 所写的文件;如果就是它,那么它的首条记录被改动过",
    ),
)
NOT_A_HEAD: Final = Message(
    "CR873",
    "error",
    Bilingual("No head can be read", "链头无法读取"),
    Bilingual("`{file}` is neither a head nor a hash", "`{file}` 既不是链头文件,也不是哈希"),
    Bilingual(
        "give a file that `audit head` wrote, or 64 digits and letters a to f",
        "请给出 `audit head` 写的文件,或 64 位由数字和 a 到 f 组成的哈希",
    ),
)
BAD_KEY: Final = Message(
    "CR874",
    "error",
    Bilingual("A key cannot be used", "密钥不可用"),
    Bilingual("the key `{file}` cannot be used: {reason}", "密钥 `{file}` 不可用:{reason}"),
    Bilingual(
        "give the key that the log was begun with; a new one is any file of at least 16 bytes that nobody can guess",
        "请给出日志开始时所用的密钥;新密钥可以是任何不少于 16 字节、无人能猜到的文件",
    ),
)
IN_USE: Final = Message(
    "CR875",
    "error",
    Bilingual("An audit log is in use", "审计日志正被占用"),
    Bilingual("the log `{file}` is being written by another process", "日志 `{file}` 正由另一个进程写入"),
    Bilingual(
        "one process at a time writes to a log: end the other one, or give this one a log of its own",
        "一份日志同时只能由一个进程写入:请结束另一个,或为这一个另指定日志",
    ),
)
NOT_CONTINUED: Final = Message(
    "CR876",
    "error",
    Bilingual("A damaged log is not continued", "受损的日志不再续写"),
    Bilingual(
        "`{file}` is not continued: it has been changed from record {number} on",
        "`{file}` 从记录 {number} 起被改动过,不再续写",
    ),
    Bilingual(
        "`audit verify` says what is wrong; put back a copy, or begin a new log and keep this one as it is",
        "`audit verify` 会说明问题;请恢复副本,或另起一份日志并原样保留这一份",
    ),
)
NOTHING_THERE: Final = Message(
    "CR877",
    "error",
    Bilingual("There is nothing to erase", "没有可抹除的内容"),
    Bilingual("no record of `{file}` holds a text of `{who}`", "`{file}` 中没有记录含有 `{who}` 的文字"),
    Bilingual("check the id: it must be written exactly as in the events", "请检查标识:必须与事件中的写法完全一致"),
)
ERASE_WHAT: Final = Message(
    "CR878",
    "error",
    Bilingual("It is not said what to erase", "没有说明要抹除什么"),
    Bilingual("neither an event nor a member is named", "没有指明事件,也没有指明成员"),
    Bilingual("add `--event ID` or `--member ID`", "请加上 `--event 标识` 或 `--member 标识`"),
)
NO_TEXTS: Final = Message(
    "CR879",
    "error",
    Bilingual("The texts of a log are not there", "日志的文字文件不在"),
    Bilingual("the personal texts of the log, `{file}`, are not there", "日志的个人文字文件 `{file}` 不存在"),
    Bilingual(
        "put the file back, name it with `--texts`, or give `--no-texts` to verify the log alone",
        "请放回该文件,用 `--texts` 指明它,或用 `--no-texts` 只验证日志本身",
    ),
)

MESSAGES: Final = (
    ALTERED, MISSING, OUT_OF_PLACE, UNLINKED, UNFINISHED, TEXT_ALTERED, NOT_ERASED, CUT, NOT_THE_HEAD, BAD_SIGNATURE,
    NOT_A_LOG, NOT_A_HEAD, BAD_KEY, IN_USE, NOT_CONTINUED, NOTHING_THERE, ERASE_WHAT,
    NO_TEXTS,
)  # fmt: skip


class AuditError(Exception):
    """An audit log cannot be read or written. What it held before, it still holds."""

    def __init__(self, message: Message, **values: str | Bilingual) -> None:
        self.diagnostic = Diagnostic(message, None, values)
        super().__init__(f"{message.code} {self.diagnostic.text('en')}; {self.diagnostic.hint('en')}")
