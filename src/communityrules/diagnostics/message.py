"""Coded messages: what a person is told, in English and in Chinese.

A `Message` is declared once, beside the code that reports it. A `Diagnostic` is one report of it at one place.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import field
from functools import lru_cache
from typing import Literal

from communityrules.diagnostics.source import Span
from communityrules.frozen import dataclass

Severity = Literal["error", "warning"]
Language = Literal["en", "zh"]

_PLACEHOLDER = re.compile(r"\{(\w+)\}")


@lru_cache(maxsize=1024)
def _parts(text: str) -> tuple[str, ...]:
    """What stands between the placeholders of a text and their names, by turns."""
    return tuple(_PLACEHOLDER.split(text))


@dataclass(frozen=True, slots=True)
class Bilingual:
    """One text in both languages, with the same `{placeholders}` in each."""

    en: str
    zh: str

    def fill(self, language: Language, values: Mapping[str, str | Bilingual]) -> str:
        """The text in one language with its placeholders filled in; a bilingual value stands in the same language."""
        text = self.zh if language == "zh" else self.en
        if "{" not in text:
            return text
        # In one pass, so that braces within a value stay as they are.
        parts = list(_parts(text))
        for place in range(1, len(parts), 2):
            value = values.get(parts[place])
            if value is None:
                parts[place] = f"{{{parts[place]}}}"
            else:
                parts[place] = value if isinstance(value, str) else value.fill(language, {})
        return "".join(parts)


@dataclass(frozen=True, slots=True)
class Message:
    """A kind of report. Its code never changes its meaning."""

    #: `CR` and three digits. 1xx syntax, 2xx names and types, 3xx dates, 4xx rules and consequences,
    #: 5xx logic, 6xx texts and patterns, 7xx files and limits, 8xx events, 9xx commands.
    code: str
    severity: Severity
    #: What is the matter, for lists and page headings.
    title: Bilingual
    #: What is wrong here and why. User text stands in backticks.
    text: Bilingual
    #: How to mend it.
    hint: Bilingual


@dataclass(frozen=True, slots=True)
class Fix:
    """An edit that mends the problem: replace the span by the text."""

    span: Span
    replacement: str


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One message at one place."""

    message: Message
    #: None when the whole file or command is meant.
    span: Span | None
    #: What fills the placeholders; words of ours (a type, a kind of thing) come in both languages.
    values: Mapping[str, str | Bilingual] = field(default_factory=dict)
    fix: Fix | None = None

    @property
    def code(self) -> str:
        return self.message.code

    @property
    def severity(self) -> Severity:
        return self.message.severity

    def text(self, language: Language = "en") -> str:
        """What is wrong, in one language."""
        return self.message.text.fill(language, self.values)

    def hint(self, language: Language = "en") -> str:
        """How to mend it, in one language."""
        return self.message.hint.fill(language, self.values)


class RulesError(Exception):
    """A rulebook cannot be used. Carries every diagnostic, errors and warnings, in source order."""

    def __init__(self, diagnostics: tuple[Diagnostic, ...]) -> None:
        self.diagnostics = diagnostics
        super().__init__(self._summary())

    def _summary(self) -> str:
        lines = []
        for one in self.diagnostics:
            place = f"{one.span.source.name}:{one.span.line}:{one.span.column}: " if one.span else ""
            lines.append(f"{place}{one.code} {one.text('en')}")
        return "\n".join(lines)
