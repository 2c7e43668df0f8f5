"""The head of a rulebook: name, version, language, time zone, published day, purpose."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, tzinfo
from typing import Final, Literal

from communityrules.checker import dates
from communityrules.checker.report import Reporter
from communityrules.checker.suggest import closest
from communityrules.checker.unknown import UNKNOWN_NAME, suggestion
from communityrules.checker.words import KINDS
from communityrules.diagnostics.message import Bilingual, Fix, Message
from communityrules.diagnostics.source import Source
from communityrules.language import tree
from communityrules.model import zones

SECOND_HEAD: Final = Message(
    code="CR702",
    severity="error",
    title=Bilingual("A second head", "第二个手册头"),
    text=Bilingual(
        "The rulebook has its name already; this head names it again.", "规则手册已有名称,此处又写了一个手册头。"
    ),
    hint=Bilingual(
        "Keep one head, in the main file; files that are used have none.", "只在主文件保留一个手册头;被引用的文件不写。"
    ),
)

TWICE_IN_HEAD: Final = Message(
    code="CR703",
    severity="error",
    title=Bilingual("Said twice in the head", "手册头中重复的一项"),
    text=Bilingual("`{what}` says again what the head says already.", "`{what}` 在手册头中已经写过。"),
    hint=Bilingual("Keep one of them.", "只保留一处。"),
)

BAD_LANGUAGE: Final = Message(
    code="CR704",
    severity="error",
    title=Bilingual("Unknown language", "未知的语言"),
    text=Bilingual("`{name}` is not a language that rulebooks can be kept in.", "规则手册不支持语言 `{name}`。"),
    hint=Bilingual("Write `en` or `zh`.", "请写 `en` 或 `zh`。"),
)


_LANGUAGES: Final = {
    "english": "en",
    "eng": "en",
    "英文": "en",
    "英语": "en",
    "chinese": "zh",
    "cn": "zh",
    "中文": "zh",
    "汉语": "zh",
}
#: What people write for the time of China, which has no zone of such a name.
_IN_CHINA: Final = ("beijing", "peking", "china", "gmt+8", "utc+8")


@dataclass(slots=True)
class Head:
    """What the head says, with defaults for what it does not."""

    name: str
    version: str | None = None
    language: Literal["en", "zh"] = "en"
    timezone: str = "UTC"
    zone: tzinfo = UTC
    published: int | None = None
    purpose: str | None = None
    #: What `seeing` and `without` name: the steps of seeing through disguise.
    seeing: tuple[tree.Name, ...] = ()
    without: tuple[tree.Name, ...] = ()
    #: Whether a head was written at all.
    written: bool = False


def read_head(declarations: Iterable[tree.Declaration], source: Source, report: Reporter) -> Head:
    """The head of the main file; a file without one is named after itself."""
    head = Head(source.name.replace("\\", "/").rsplit("/", 1)[-1].removesuffix(".rules") or "rulebook")
    published: tree.Day | None = None
    seen: set[str] = set()
    for one in declarations:
        if not isinstance(one, tree.Header):
            continue
        if head.written or one.span.source is not source:
            report.add(SECOND_HEAD, one.name.span)
            continue
        head.written = True
        head.name = one.name.value
        for entry in one.entries:
            if entry.key in seen:
                report.add(TWICE_IN_HEAD, entry.span, what=entry.span.text)
                continue
            seen.add(entry.key)
            value = entry.value
            if isinstance(value, tree.Day):
                published = value
            elif isinstance(value, tuple):
                if entry.key == "seeing":
                    head.seeing = value
                else:
                    head.without = value
            else:
                _enter(head, entry.key, value, report)
    if published is not None:
        head.published = dates.midnight(published.value, head.zone)
    return head


def _enter(head: Head, key: str, value: tree.Text | tree.Name, report: Reporter) -> None:
    written = value.value if isinstance(value, tree.Text) else value.text
    if key == "version":
        head.version = written
    elif key == "purpose":
        head.purpose = written
    elif key == "language":
        if written in ("en", "zh"):
            head.language = "zh" if written == "zh" else "en"
        else:
            meant = _LANGUAGES.get(written.lower())
            report.add(BAD_LANGUAGE, value.span, fix=Fix(value.span, meant) if meant else None, name=written)
    elif key == "timezone":
        try:
            head.zone = zones.zone(written)
            head.timezone = written
        except KeyError:
            known = list(dates.zone_names())
            near = closest(written, known) if "/" in written else None
            if any(word in written.lower() for word in _IN_CHINA):
                near = "Asia/Shanghai"
            report.add(
                UNKNOWN_NAME,
                value.span,
                fix=Fix(value.span, near) if near is not None else None,
                name=written,
                kind=KINDS["timezone"],
                suggestion=suggestion(near, ["Asia/Shanghai", "Europe/London", "UTC"], KINDS["timezone"]),
            )
