"""What can be wrong with an event once it has been read."""

from __future__ import annotations

from typing import Final

from communityrules.diagnostics.message import Bilingual, Diagnostic, Message

OTHER_BODY: Final = Message(
    "CR851",
    "error",
    Bilingual("An event id came again with another body", "同一事件标识再次出现,内容却不同"),
    Bilingual(
        "`{event}` was judged before with another body; the first decision stands",
        "事件 `{event}` 先前已按另一内容评判过;第一次的决定仍然有效",
    ),
    Bilingual(
        "give every event an id of its own; send a change of a message as an `edit`",
        "请给每个事件单独的标识;消息有改动时请发送 `编辑` 事件",
    ),
)
FAILED: Final = Message(
    "CR852",
    "error",
    Bilingual("An event could not be judged", "事件无法评判"),
    Bilingual("judging `{event}` broke off: {reason}", "评判事件 `{event}` 时中断:{reason}"),
    Bilingual(
        "nothing of it was kept and nothing was decided; this is a fault of the program, please report it",
        "没有保存任何内容,也没有作出决定;这是程序的错误,请报告",
    ),
)
SKEWED: Final = Message(
    "CR853",
    "error",
    Bilingual("An event's time is far from its arrival", "事件时间与到达时间相差太大"),
    Bilingual(
        "`{event}` says {time} and arrived at {arrived}; at most {limit} seconds apart are believed",
        "事件 `{event}` 的时间是 {time},到达时间是 {arrived};两者最多可相差 {limit} 秒",
    ),
    Bilingual("see that the sender's clock is right", "请检查发送方的时钟"),
)
ENDED: Final = Message(
    "CR854",
    "error",
    Bilingual("A process that judges was ended", "评判进程被终止"),
    Bilingual(
        "one of the processes that `--jobs` asks for could not begin, or ended before its work was done",
        "`--jobs` 所需的进程中,有一个无法启动,或未完成工作就结束了",
    ),
    Bilingual(
        "somebody ended it, or memory was short: run it again, with fewer `--jobs` if memory is short",
        "可能是被人终止,或内存不足:请重新运行;内存不足时请减少 `--jobs`",
    ),
)

MESSAGES: Final = (OTHER_BODY, FAILED, SKEWED, ENDED)


class EventError(Exception):
    """An event is not judged; nothing of it was kept."""

    def __init__(self, message: Message, **values: str) -> None:
        self.diagnostic = Diagnostic(message, None, values)
        super().__init__(f"{message.code} {self.diagnostic.text('en')}; {self.diagnostic.hint('en')}")


class JobsError(Exception):
    """Judging in several processes cannot go on."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        self.diagnostic = diagnostic
        super().__init__(f"{diagnostic.code} {diagnostic.text('en')}; {diagnostic.hint('en')}")
