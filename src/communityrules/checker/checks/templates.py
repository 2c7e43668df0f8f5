"""Templates: what stands in braces is a parameter, and the rulebook's own language has a text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from communityrules.checker.book import Book
from communityrules.checker.scope import suggestion
from communityrules.checker.suggest import closest
from communityrules.checker.words import KINDS
from communityrules.diagnostics.message import Bilingual, Fix, Message
from communityrules.diagnostics.source import Span
from communityrules.language import tree

UNKNOWN_PLACEHOLDER: Final = Message(
    code="CR611",
    severity="error",
    title=Bilingual("Unknown placeholder", "未知的占位名"),
    text=Bilingual(
        "There is no parameter `{name}` to stand in for `{{name}}`.", "没有可填入 `{{name}}` 的参数 `{name}`。"
    ),
    hint=Bilingual("{suggestion}", "{suggestion}"),
)

NO_TEXT: Final = Message(
    code="CR612",
    severity="warning",
    title=Bilingual("Template without a text in the rulebook's language", "话术缺少手册语言的文本"),
    text=Bilingual(
        "The template `{name}` has no text in {language}, the rulebook's language.",
        "话术 `{name}` 没有{language}文本,而手册用的是{language}。",
    ),
    hint=Bilingual('Add a line `{key} "…"`.', '请加一行 `{key} "…"`。'),
)

TEXT_TWICE: Final = Message(
    code="CR613",
    severity="error",
    title=Bilingual("Two texts in one language", "同一语言的两段文本"),
    text=Bilingual("The template `{name}` has this language already.", "话术 `{name}` 已有这种语言的文本。"),
    hint=Bilingual("Keep one of them.", "只保留一段。"),
)

_PLACEHOLDER: Final = re.compile(r"\{([^{}\n]*)\}")
_LANGUAGES: Final = {"en": Bilingual("English", "英文"), "zh": Bilingual("Chinese", "中文")}


def placeholders(node: tree.TemplateDeclaration) -> Iterator[tuple[str, Span]]:
    """The names in braces, with where they stand."""
    for one in node.texts:
        span = one.text.span
        for found in _PLACEHOLDER.finditer(span.text):
            yield found.group(1).strip(), Span(span.source, span.start + found.start(1), span.start + found.end(1))


def check_templates(book: Book) -> None:
    """Every template; parameters that it names count as used."""
    parameters = book.scope.declared.get("parameter", {})
    for name, node in book.scope.declared.get("template", {}).items():
        for placeholder, span in placeholders(node):
            if placeholder in parameters:
                book.scope.used.add(("parameter", placeholder))
            elif placeholder not in book.report.lost_words:
                near = closest(placeholder, parameters)
                book.report.add(
                    UNKNOWN_PLACEHOLDER,
                    span,
                    fix=Fix(span, near) if near is not None else None,
                    name=placeholder,
                    suggestion=suggestion(near, list(parameters), KINDS["parameter"]),
                )
        seen: set[str] = set()
        for one in node.texts:
            if one.language in seen:
                book.report.add(TEXT_TWICE, one.span, name=name)
            seen.add(one.language)
        if book.head.language not in seen and book.complete:
            book.report.add(
                NO_TEXT, node.name.span, name=name, language=_LANGUAGES[book.head.language], key=book.head.language
            )
