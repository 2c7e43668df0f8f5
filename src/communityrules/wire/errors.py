"""What can be wrong with an event or a file of events."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Final

from communityrules.diagnostics.message import Bilingual, Diagnostic, Message

NOT_JSON: Final = Message(
    "CR801",
    "error",
    Bilingual("An event is not a JSON object", "事件不是 JSON 对象"),
    Bilingual(
        "this is not one JSON object in UTF-8: it goes wrong at character {column}, {found}",
        "这不是一个 UTF-8 编码的 JSON 对象:第 {column} 个字符处出错,{found}",
    ),
    Bilingual(
        "write each event as one JSON object on a line of its own, in UTF-8",
        "每个事件写成一个 JSON 对象,独占一行,用 UTF-8 编码",
    ),
)
MISSING: Final = Message(
    "CR802",
    "error",
    Bilingual("An event lacks a field", "事件缺少字段"),
    Bilingual("`{field}` is missing", "缺少 `{field}`"),
    Bilingual("add it, like `{example}`", "请补上,例如 `{example}`"),
)
WRONG_TYPE: Final = Message(
    "CR803",
    "error",
    Bilingual("A field of an event has the wrong type", "事件字段的类型不对"),
    Bilingual("`{field}` is {found}", "`{field}` 的值是 {found}"),
    Bilingual("write it like `{example}`", "请写成 `{example}` 这样"),
)
BAD_TIME: Final = Message(
    "CR804",
    "error",
    Bilingual("A time cannot be read", "时间无法识别"),
    Bilingual(
        "`{field}` is {found}, which is not a date and time with its zone",
        "`{field}` 的值是 {found},不是带时区的日期时间",
    ),
    Bilingual(
        "write it like `2024-10-08T12:00:00+08:00` or `2024-10-08T04:00:00Z`, between the years 1970 and 2199",
        "请写成 `2024-10-08T12:00:00+08:00` 或 `2024-10-08T04:00:00Z`,年份在 1970 到 2199 之间",
    ),
)
UNKNOWN_TYPE: Final = Message(
    "CR805",
    "error",
    Bilingual("An event has a type that the rulebook does not know", "规则手册不认识这种事件"),
    Bilingual("there is no event type {found}", "没有名为 {found} 的事件类型"),
    Bilingual(
        "known are {known}; a type of your own is declared in the rulebook, like `event trade (amount: number)`",
        "已知的有 {known};自定义的类型要先在规则手册中声明,例如 `事件 trade (amount: 数值)`",
    ),
)
TOO_LARGE: Final = Message(
    "CR806",
    "error",
    Bilingual("An event is larger than allowed", "事件超出大小限制"),
    Bilingual("`{field}` has {size}; the limit is {limit}", "`{field}` 的大小是 {size},上限是 {limit}"),
    Bilingual("shorten it, or split it into several events", "请缩短,或拆成几个事件"),
)
TWICE: Final = Message(
    "CR807",
    "error",
    Bilingual("An event says one thing twice", "事件把同一内容写了两次"),
    Bilingual("`{field}` and `{other}` say the same thing twice", "`{field}` 与 `{other}` 重复"),
    Bilingual("keep one of them", "只保留其中一个"),
)
BAD_ID: Final = Message(
    "CR808",
    "error",
    Bilingual("An id cannot be used", "标识不可用"),
    Bilingual("`{field}` is {found}, which cannot be an id", "`{field}` 的值是 {found},不能作为标识"),
    Bilingual(
        "an id is a text of 1 to 256 characters without control characters; write a number in quotes",
        "标识是 1 到 256 个字符的文本,不含控制字符;数字请加引号",
    ),
)
CUT_SHORT: Final = Message(
    "CR809",
    "error",
    Bilingual("A compressed file is damaged", "压缩文件已损坏"),
    Bilingual("the compressed data of `{file}` is damaged from here on", "`{file}` 的压缩数据从这里起已损坏"),
    Bilingual("fetch the file again; every line before this one was read", "请重新获取该文件;此行之前的每一行都已读入"),
)
NOT_EVENTS: Final = Message(
    "CR810",
    "error",
    Bilingual("A file does not hold events", "文件内容不是事件"),
    Bilingual("`{file}` does not hold events: it looks like {found}", "`{file}` 的内容不是事件,看起来是 {found}"),
    Bilingual(
        "give a `.jsonl` or `.jsonl.gz` file with one JSON object on each line, in UTF-8",
        "请提供 `.jsonl` 或 `.jsonl.gz` 文件,每行一个 JSON 对象,用 UTF-8 编码",
    ),
)
OWN_EVENT: Final = Message(
    "CR811",
    "error",
    Bilingual("An event of the engine was sent from outside", "外部发来了引擎自己的事件"),
    Bilingual("`{found}` events are raised by the engine itself", "`{found}` 事件由引擎自己产生"),
    Bilingual("send what happened instead, and let the rules raise it", "请发送实际发生的事,由规则来产生它"),
)

MESSAGES: Final = (
    NOT_JSON, MISSING, WRONG_TYPE, BAD_TIME, UNKNOWN_TYPE, TOO_LARGE, TWICE, BAD_ID, CUT_SHORT, NOT_EVENTS, OWN_EVENT,
)  # fmt: skip


class WireError(ValueError):
    """An event cannot be believed. Nothing of it was used."""

    def __init__(self, message: Message, field: str | None = None, **values: str) -> None:
        #: Where in the event: `member.id`, `message.labels.off_topic`, `member.roles[2]`. None: the event as a whole.
        self.field = field
        filled = {"field": field or "event", **values}
        self.diagnostic = Diagnostic(message, None, filled)
        super().__init__(f"{message.code} {self.diagnostic.text('en')}; {self.diagnostic.hint('en')}")

    def __reduce__(self) -> tuple[object, ...]:
        return _rebuild, (self.diagnostic.message, self.field, dict(self.diagnostic.values))


def _rebuild(message: Message, field: str | None, values: Mapping[str, str]) -> WireError:
    return WireError(message, field, **{name: text for name, text in values.items() if name != "field"})


def shown(value: object, limit: int = 40) -> str:
    """A value from an event as a person is shown it: short, on one line, in backticks."""
    if value is None:
        return "`null`"
    if isinstance(value, dict):
        return f"`{{…}}` ({len(value)})"
    if isinstance(value, list | tuple):
        return f"`[…]` ({len(value)})"
    if isinstance(value, str):
        # Cut before writing it out: the text may be a megabyte long.
        text = json.dumps(value[: limit + 1], ensure_ascii=False)
        text = "".join(one if one.isprintable() else f"\\u{ord(one):04x}" for one in text)
        return f"`{text[:limit]}…`" if len(value) > limit or len(text) > limit + 2 else f"`{text}`"
    if isinstance(value, bool):
        return "`true`" if value else "`false`"
    if isinstance(value, int) and abs(value) >= 10**limit:
        return f"`…` ({value.bit_length()} bit)"
    return f"`{value!r}`"[: limit + 2]
