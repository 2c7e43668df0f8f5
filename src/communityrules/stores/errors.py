"""What can be wrong with a store."""

from __future__ import annotations

from typing import Final

from communityrules.diagnostics.message import Bilingual, Diagnostic, Message

UNKNOWN_STORE: Final = Message(
    "CR751",
    "error",
    Bilingual("No such kind of store", "没有这种存储"),
    Bilingual("`{url}` does not name a store", "`{url}` 不是存储地址"),
    Bilingual(
        "write `memory:`, or `sqlite:///community.db` for a file in this folder",
        "请写 `memory:`,或用 `sqlite:///community.db` 表示当前目录中的文件",
    ),
)
CANNOT_OPEN: Final = Message(
    "CR752",
    "error",
    Bilingual("A store cannot be opened", "存储无法打开"),
    Bilingual("the store `{file}` cannot be opened: {reason}", "无法打开存储 `{file}`:{reason}"),
    Bilingual("see that its folder exists and that you may write there", "请确认所在目录存在,并且有写入权限"),
)
IN_USE: Final = Message(
    "CR753",
    "error",
    Bilingual("A store is in use", "存储正被占用"),
    Bilingual("the store `{file}` is in use by another process", "存储 `{file}` 正被另一个进程使用"),
    Bilingual(
        "one engine at a time writes to a store: end the other one, or give this one a file of its own",
        "一个存储同时只能由一个引擎写入:请结束另一个,或为这一个另指定文件",
    ),
)
NOT_A_STORE: Final = Message(
    "CR754",
    "error",
    Bilingual("A file is not a store", "文件不是存储"),
    Bilingual("`{file}` is not a store of ours: {reason}", "`{file}` 不是本程序的存储:{reason}"),
    Bilingual("give another file name; nothing in this file was changed", "请换一个文件名;此文件未作任何改动"),
)
NEWER: Final = Message(
    "CR755",
    "error",
    Bilingual("A store is newer than this program", "存储的版本比程序新"),
    Bilingual(
        "the store `{file}` has layout {found}; this program knows layouts up to {known}",
        "存储 `{file}` 的结构版本是 {found},本程序只认识到 {known}",
    ),
    Bilingual("update the program; nothing in the store was changed", "请升级程序;存储未作任何改动"),
)
DAMAGED: Final = Message(
    "CR756",
    "error",
    Bilingual("A store is damaged", "存储已损坏"),
    Bilingual("the store `{file}` is damaged: {reason}", "存储 `{file}` 已损坏:{reason}"),
    Bilingual("put back a copy, or begin with a new file", "请恢复备份,或改用新文件"),
)
CANNOT_WRITE: Final = Message(
    "CR757",
    "error",
    Bilingual("A store cannot be written", "存储无法写入"),
    Bilingual("the store `{file}` cannot be written: {reason}", "无法写入存储 `{file}`:{reason}"),
    Bilingual(
        "nothing of the last events was kept: make room or permit writing, then send them again",
        "最近这批事件一件也没有保存:请腾出空间或开放写入权限,然后重新发送",
    ),
)
CANNOT_READ: Final = Message(
    "CR758",
    "error",
    Bilingual("A store does not answer", "存储没有响应"),
    Bilingual("the store `{file}` cannot be read: {reason}", "无法读取存储 `{file}`:{reason}"),
    Bilingual("nothing was decided: send the event again later", "没有作出任何决定:请稍后重新发送事件"),
)
CLOSED: Final = Message(
    "CR759",
    "error",
    Bilingual("A store has been closed", "存储已关闭"),
    Bilingual("the engine of the store `{file}` has been closed", "存储 `{file}` 的引擎已关闭"),
    Bilingual("open a new engine", "请打开新的引擎"),
)

MESSAGES: Final = (
    UNKNOWN_STORE, CANNOT_OPEN, IN_USE, NOT_A_STORE, NEWER, DAMAGED, CANNOT_WRITE, CANNOT_READ, CLOSED,
)  # fmt: skip


class StoreError(Exception):
    """A store cannot be used, or did not take or give something. What it held before, it still holds."""

    def __init__(self, message: Message, **values: str | Bilingual) -> None:
        self.diagnostic = Diagnostic(message, None, values)
        super().__init__(f"{message.code} {self.diagnostic.text('en')}; {self.diagnostic.hint('en')}")
