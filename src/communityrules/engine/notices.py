"""Messages to people that the host is to deliver."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

from communityrules.engine.turn import Act, Terms, Turn
from communityrules.model.decision import Notice
from communityrules.model.values import DAY, HOUR, MINUTE, SECOND, Type

_PLACEHOLDER: Final = re.compile(r"\{([^{}]*)\}")


def send(turn: Turn, terms: Terms, act: Act, to: Mapping[str, str]) -> None:
    """Send what an action says to a member or a group."""
    name = act.arguments.get("template")
    template = turn.book.rulebook.templates.get(name) if isinstance(name, str) else None
    texts: dict[str, str] = {}
    if template is not None:
        texts = {language: _fill(turn, text, language) for language, text in template.texts.items()}
    elif isinstance(text := act.arguments.get("text"), str):
        texts = {turn.book.rulebook.language: text}
    turn.parts.notices.append(
        Notice(turn.tx.new_id("notice"), act.do, dict(to), terms.rule, template.name if template else None, texts)
    )


def to_group(turn: Turn, terms: Terms, act: Act) -> None:
    """Send to the group that the action names, if any."""
    group = act.arguments.get("to")
    if isinstance(group, str):
        send(turn, terms, act, {"group": group})


def with_text(turn: Turn, terms: Terms, act: Act, to: Mapping[str, str]) -> None:
    """Send when the action carries words and there is somebody to read them."""
    if to and (act.arguments.get("template") is not None or act.arguments.get("text") is not None):
        send(turn, terms, act, to)


def _fill(turn: Turn, text: str, language: str) -> str:
    """A template's text with the values that parameters have now; other braces stay as written."""

    def value(found: re.Match[str]) -> str:
        name = found[1].strip()
        declared = turn.book.rulebook.parameters.get(name)
        if declared is None:
            return found[0]
        return spell(turn.book.parameter(name, turn.now), declared.type, language)

    return _PLACEHOLDER.sub(value, text)


_UNITS: Final = (
    (DAY, " days", " day", "天"),
    (HOUR, " hours", " hour", "小时"),
    (MINUTE, " minutes", " minute", "分钟"),
    (SECOND, " seconds", " second", "秒"),
)


def spell(value: Any, type_: Type, language: str) -> str:
    """A value as people read it: a length of time in its largest whole unit, a time of day as `08:00`."""
    if value is None:
        return ""
    if type_.kind == "duration" and isinstance(value, int):
        for length, many, one, chinese in _UNITS:
            if value % length == 0:
                count = value // length
                return f"{count}{chinese}" if language == "zh" else f"{count}{one if count == 1 else many}"
        seconds = Decimal(value) / SECOND
        return f"{seconds}秒" if language == "zh" else f"{seconds} seconds"
    if type_.kind == "time_of_day" and isinstance(value, int):
        return f"{value // 60:02d}:{value % 60:02d}"
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return ("、" if language == "zh" else ", ").join(spell(one, type_.item or type_, language) for one in value)
    return str(value)
