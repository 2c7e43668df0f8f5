"""Patterns between slashes that do not close on their line."""

from __future__ import annotations

from communityrules.diagnostics.message import Bilingual, Diagnostic, Fix
from communityrules.diagnostics.source import Source, Span
from communityrules.language import messages
from communityrules.language.trouble.place import Values

_NO_SLASH: Values = {
    "problem": Bilingual("there is no `/` after it on its line", "本行内它后面没有 `/`"),
    "action": Bilingual("Close it with `/`; write a slash inside it as `\\/`.", "用 `/` 闭合;格式中的斜线写作 `\\/`。"),
}
_OPEN_SET: Values = {
    "problem": Bilingual(
        "this `[` has no `]`, so that the `/` after it is one of its letters and closes nothing",
        "这个 `[` 没有 `]`,它后面的 `/` 成了其中的字符,不起闭合作用",
    ),
    "action": Bilingual(
        "Close it with `]` before the `/`; write a `[` that stands for itself as `\\[`.",
        "在 `/` 之前用 `]` 闭合;要表示 `[` 本身,写作 `\\[`。",
    ),
}
_EMPTY: Values = {
    "problem": Bilingual("nothing stands between its slashes", "两条斜线之间没有内容"),
    "action": Bilingual("Write a pattern between them, such as `/[0-9]+/`.", "在中间写上格式,例如 `/[0-9]+/`。"),
}


def unclosed_pattern(source: Source, start: int, end: int) -> Diagnostic:
    """What is wrong with the pattern that opens at `start`, on a line whose text ends at `end`; and what closes it."""
    if source.text[start:end] == "//":
        return Diagnostic(messages.BAD_REGEX, Span(source, start, end), _EMPTY)
    opened, place, closing = _scan(source.text, start + 1, end)
    stop = place
    if place == end and source.text[place - 1] == "\\" and not source.text[start:place].endswith("\\\\"):
        # A backslash at the end would take the slash into the pattern.
        place -= 1
    fix = Fix(Span(source, place, stop), closing)
    mark = start if opened is None else opened
    values = _NO_SLASH if opened is None else _OPEN_SET
    return Diagnostic(messages.BAD_REGEX, Span(source, mark, mark + 1), values, fix)


def _scan(text: str, start: int, end: int) -> tuple[int | None, int, str]:
    """Where the set of letters opens that holds the closing slash; where something is missing, and what."""
    opened: int | None = None
    slash = depth = 0
    position = start
    while position < end:
        letter = text[position]
        if letter == "\\":
            position += 2
            continue
        if opened is not None:
            if letter == "]":
                opened = None
            elif letter == "/":
                slash = position
        elif letter == "[":
            opened, slash = position, 0
        elif letter in "()":
            depth = max(0, depth + (1 if letter == "(" else -1))
        position += 1
    groups = ")" * depth
    if opened is None:
        return None, end, groups + "/"
    # `[/` has no letters but the slash itself: it cannot be closed before it.
    if slash and slash > opened + 1:
        return opened, slash, "]" + groups
    return opened, end, "]" + groups + "/"
