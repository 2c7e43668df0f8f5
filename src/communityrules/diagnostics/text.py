"""Diagnostics for people at a terminal: where, what, how to mend it, with the line and a caret under the place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal, NamedTuple

from communityrules.diagnostics.message import Bilingual, Diagnostic, Language, Severity
from communityrules.diagnostics.width import cells, cut, cut_left, visible

Style = Literal["error", "warning", "good", "strong", "place", "mark", "hint", "faint", "plain"]


class Part(NamedTuple):
    """A piece of one line and how it is to look."""

    text: str
    style: Style = "plain"


#: One line of output.
StyledLine = list[Part]

#: Cells that an excerpt may take.
EXCERPT: Final = 110
_SEVERITY: Final = {"error": Bilingual("error", "错误"), "warning": Bilingual("warning", "警告")}
_HINT: Final = Bilingual("help", "建议")
_SUMMARY: Final = Bilingual("{errors}, {warnings}", "{errors},{warnings}")
_ONE: Final[dict[Severity, Bilingual]] = {
    "error": Bilingual("1 error", "1 个错误"),
    "warning": Bilingual("1 warning", "1 个警告"),
}
_MANY: Final[dict[Severity, Bilingual]] = {
    "error": Bilingual("{number} errors", "{number} 个错误"),
    "warning": Bilingual("{number} warnings", "{number} 个警告"),
}
_NONE: Final = Bilingual("no problems", "没有问题")


def styled(diagnostic: Diagnostic, language: Language) -> list[StyledLine]:
    """One diagnostic as lines of styled parts, ending with an empty line."""
    severity = diagnostic.severity
    colon = ":" if language == "zh" else ": "
    word = _SEVERITY[severity].fill(language, {})
    lines: list[StyledLine] = [
        [Part(f"{word}[{diagnostic.code}]", severity), Part(f"{colon}{visible(diagnostic.text(language))}", "strong")]
    ]
    margin = 2
    if (span := diagnostic.span) is not None:
        number = str(span.line)
        margin = len(number) + 1
        lines.append([Part(f"{' ' * (margin - 1)}--> {visible(span.source.name)}:{number}:{span.column}", "place")])
        before, inside, after = _excerpt(diagnostic)
        lines.append([Part(f"{' ' * margin}|", "place")])
        lines.append([Part(f"{number} |", "place"), Part(f" {before}"), Part(inside, severity), Part(after)])
        caret = " " * cells(before) + "^" * max(1, cells(inside))
        lines.append([Part(f"{' ' * margin}|", "place"), Part(f" {caret}", severity)])
    hint = diagnostic.hint(language)
    if hint:
        lines.append([Part(f"{' ' * margin}= {_HINT.fill(language, {})}{colon}{visible(hint)}", "hint")])
    lines.append([])
    return lines


def _excerpt(diagnostic: Diagnostic) -> tuple[str, str, str]:
    """The line of the span: what stands before it, in it and after it, printable and short enough."""
    span = diagnostic.span
    if span is None:
        return "", "", ""
    line = span.source.line(span.line)
    start = span.column - 1
    end = min(start + max(0, span.end - span.start), len(line))
    # Only what can be seen is made printable: a line may be a megabyte long.
    before = visible(line[max(0, start - EXCERPT) : start])
    inside = cut(visible(line[start : min(end, start + EXCERPT)]), EXCERPT // 2)
    after = visible(line[end : end + EXCERPT])
    if start > EXCERPT:
        before = "…" + before
    room = EXCERPT - cells(inside)
    before = cut_left(before, max(room // 2, room - cells(after)))
    return before, inside, cut(after, max(0, room - cells(before)))


def plain(lines: Sequence[StyledLine]) -> str:
    """Styled lines without their styles, each with a line end."""
    return "".join("".join(part.text for part in line).rstrip() + "\n" for line in lines)


def render_text(diagnostics: Sequence[Diagnostic], language: Language) -> str:
    """All diagnostics and how many there are, without colours."""
    lines = [line for one in diagnostics for line in styled(one, language)]
    return plain([*lines, [Part(summary(diagnostics, language))]])


def summary(diagnostics: Sequence[Diagnostic], language: Language) -> str:
    """`2 errors, 1 warning`."""
    if not diagnostics:
        return _NONE.fill(language, {})
    found = {severity: sum(one.severity == severity for one in diagnostics) for severity in ("error", "warning")}
    return _SUMMARY.fill(
        language, {"errors": _counted("error", found["error"]), "warnings": _counted("warning", found["warning"])}
    )


def _counted(severity: Severity, number: int) -> Bilingual:
    if number == 1:
        return _ONE[severity]
    many = _MANY[severity]
    return Bilingual(*(text.replace("{number}", str(number)) for text in (many.en, many.zh)))
