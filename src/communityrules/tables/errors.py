"""What can keep a file from being imported, `CR77x`."""

from __future__ import annotations

from typing import Final

from communityrules.diagnostics.message import Bilingual, Message

NOTHING_FOUND: Final = Message(
    "CR771",
    "error",
    Bilingual("Nothing to import", "没有可导入的内容"),
    Bilingual("`{file}` holds no {wanted}.", "`{file}` 中没有{wanted}。"),
    Bilingual("{looked}", "{looked}"),
)
NOT_TEXT: Final = Message(
    "CR772",
    "error",
    Bilingual("A file to import is not text", "要导入的文件不是文本"),
    Bilingual(
        "`{file}` is not text in UTF-8: line {place} holds what cannot be text.",
        "`{file}` 不是 UTF-8 文本:第 {place} 行有无法识别的内容。",
    ),
    Bilingual("Save it as UTF-8 and try again.", "请另存为 UTF-8 再试。"),
)
TOO_LARGE: Final = Message(
    "CR773",
    "error",
    Bilingual("A file to import is too large", "要导入的文件过大"),
    Bilingual("`{file}` holds more than {limit}.", "`{file}` 超过 {limit}。"),
    Bilingual("Split it and import the parts.", "请拆成几份分别导入。"),
)
DAMAGED: Final = Message(
    "CR774",
    "error",
    Bilingual("A packed file is damaged", "压缩文件已损坏"),
    Bilingual("`{file}` is packed with gzip and cannot be unpacked.", "`{file}` 是 gzip 压缩文件,无法解开。"),
    Bilingual("Get it again, or unpack it first.", "请重新取得该文件,或先自行解压。"),
)
BROKEN_PART: Final = Message(
    "CR775",
    "warning",
    Bilingual("A part of a file cannot be read", "文件的一部分无法读取"),
    Bilingual(
        "The part of `{file}` that begins on line {first} is left out: {reason}.",
        "`{file}` 从第 {first} 行开始的一段未导入:{reason}。",
    ),
    Bilingual(
        "Mend it there and import the file again; each part is read on its own.", "请修好后重新导入;各段互不影响。"
    ),
)

MESSAGES: Final = (NOTHING_FOUND, NOT_TEXT, TOO_LARGE, DAMAGED, BROKEN_PART)
