"""What can keep a document in JSON from becoming a rulebook."""

from __future__ import annotations

from typing import Final

from communityrules.diagnostics.message import Bilingual, Message

CHANGED: Final = Message(
    "CR770",
    "warning",
    Bilingual("A rulebook in JSON was changed", "JSON 手册已被改动"),
    Bilingual(
        "The digest that `{file}` tells is not that of the rulebook in it.", "`{file}` 里写的摘要与其中的手册不符。"
    ),
    Bilingual(
        "Fine if the file was changed on purpose: export the rulebook again, or take `digest` out of it. If not, get "
        "the file again; and have the files it uses beside it.",
        "如果是有意改动则无妨:请重新导出,或删去 `digest`。否则请重新取得该文件,并把它引用的文件放在旁边。",
    ),
)
NOT_JSON: Final = Message(
    "CR776",
    "error",
    Bilingual("A file is not JSON", "文件不是 JSON"),
    Bilingual("`{file}` is not JSON as we read it: {reason}.", "`{file}` 不是可以读取的 JSON:{reason}。"),
    Bilingual("Write it with a program that writes JSON.", "请用会写 JSON 的程序来写。"),
)
TOO_MUCH: Final = Message(
    "CR777",
    "error",
    Bilingual("A rulebook in JSON is too large", "JSON 手册过大"),
    Bilingual("`{file}` has more than {limit}.", "`{file}` 超过{limit}。"),
    Bilingual(
        "Keep long lists in files of their own, and split what is left.", "请把长名单放进单独的文件,再拆分其余内容。"
    ),
)
MISFIT: Final = Message(
    "CR778",
    "error",
    Bilingual("A rulebook in JSON does not fit its schema", "JSON 手册不符合其模式"),
    Bilingual("`{file}` at `{pointer}`: {reason}.", "`{file}` 的 `{pointer}`:{reason}。"),
    Bilingual(
        "The schema is `rulebook-document.schema.json`; `communityrules export BOOK -o book.json` writes an example.",
        "模式见 `rulebook-document.schema.json`;`communityrules export 手册 -o book.json` 会写出一个样例。",
    ),
)
UNSAYABLE: Final = Message(
    "CR779",
    "error",
    Bilingual("A rulebook in JSON cannot be written as a text", "JSON 手册无法写成文本"),
    Bilingual(
        "`{file}` at `{pointer}` holds what no rulebook can say: written down, it would be read as something else.",
        "`{file}` 的 `{pointer}` 无法用规则语言表达:写出来会被读成别的意思。",
    ),
    Bilingual(
        "Names must be names that can be written, comments one line each, conditions nested as parentheses allow.",
        "名称要是写得出来的名称,注释每条一行,条件的嵌套要与括号一致。",
    ),
)

MESSAGES: Final = (CHANGED, NOT_JSON, TOO_MUCH, MISFIT, UNSAYABLE)
