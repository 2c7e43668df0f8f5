"""Diagnostics for programs: JSON, SARIF 2.1.0 for code scanners, annotations for GitHub."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from communityrules.diagnostics.message import Diagnostic, Language
from communityrules.diagnostics.source import Span

SARIF_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def _place(span: Span) -> dict[str, Any]:
    line, column = span.source.position(span.start)
    end_line, end_column = span.source.position(span.end)
    return {"line": line, "column": column, "end_line": end_line, "end_column": end_column}


def to_json(one: Diagnostic, language: Language) -> dict[str, Any]:
    """One diagnostic as plain values. Lines and columns count code points from 1; the end is not included."""
    return {
        "code": one.code,
        "severity": one.severity,
        "file": one.span.source.name if one.span else None,
        **(_place(one.span) if one.span else {"line": None, "column": None, "end_line": None, "end_column": None}),
        "title": one.message.title.fill(language, {}),
        "message": one.text(language),
        "hint": one.hint(language),
        "fix": {**_place(one.fix.span), "replacement": one.fix.replacement} if one.fix else None,
    }


def render_json(diagnostics: Sequence[Diagnostic], language: Language) -> str:
    """`{"diagnostics": […], "errors": 1, "warnings": 0}` on one line."""
    errors = sum(one.severity == "error" for one in diagnostics)
    found = {
        "diagnostics": [to_json(one, language) for one in diagnostics],
        "errors": errors,
        "warnings": len(diagnostics) - errors,
    }
    return json.dumps(found, ensure_ascii=False) + "\n"


def _region(span: Span) -> dict[str, int]:
    place = _place(span)
    return {
        "startLine": place["line"],
        "startColumn": place["column"],
        "endLine": place["end_line"],
        "endColumn": place["end_column"],
    }


def _location(span: Span) -> dict[str, Any]:
    return {"artifactLocation": {"uri": _uri(span.source.name)}, "region": _region(span)}


def _uri(name: str) -> str:
    from urllib.parse import quote

    return quote(name.replace("\\", "/"), safe="/:._-~")


def render_sarif(diagnostics: Sequence[Diagnostic], language: Language, version: str) -> str:
    """A SARIF 2.1.0 log with one run."""
    kinds = {one.code: one.message for one in diagnostics}
    order = {code: index for index, code in enumerate(sorted(kinds))}
    results = []
    for one in diagnostics:
        result: dict[str, Any] = {
            "ruleId": one.code,
            "ruleIndex": order[one.code],
            "level": one.severity,
            "message": {"text": "\n".join(text for text in (one.text(language), one.hint(language)) if text)},
        }
        if one.span:
            result["locations"] = [{"physicalLocation": _location(one.span)}]
        if one.fix:
            result["fixes"] = [
                {
                    "description": {"text": one.hint(language) or one.text(language)},
                    "artifactChanges": [
                        {
                            "artifactLocation": {"uri": _uri(one.fix.span.source.name)},
                            "replacements": [
                                {
                                    "deletedRegion": _region(one.fix.span),
                                    "insertedContent": {"text": one.fix.replacement},
                                }
                            ],
                        }
                    ],
                }
            ]
        results.append(result)
    log = {
        "$schema": SARIF_SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "communityrules",
                        "version": version,
                        "language": "zh-CN" if language == "zh" else "en-US",
                        "rules": [
                            {
                                "id": code,
                                "shortDescription": {"text": kinds[code].title.fill(language, {})},
                                "defaultConfiguration": {"level": kinds[code].severity},
                            }
                            for code in order
                        ],
                    }
                },
                "columnKind": "unicodeCodePoints",
                "results": results,
            }
        ],
    }
    return json.dumps(log, ensure_ascii=False, indent=2) + "\n"


def render_github(diagnostics: Sequence[Diagnostic], language: Language) -> str:
    """Workflow commands that GitHub shows as annotations beside the lines."""
    lines = []
    for one in diagnostics:
        properties = {"title": f"{one.code} {one.message.title.fill(language, {})}"}
        if one.span:
            place = _place(one.span)
            properties = {
                "file": one.span.source.name,
                "line": str(place["line"]),
                "endLine": str(place["end_line"]),
                "col": str(place["column"]),
                "endColumn": str(place["end_column"]),
                **properties,
            }
        said = ",".join(f"{name}={_escape(value, property=True)}" for name, value in properties.items())
        text = "\n".join(text for text in (one.text(language), one.hint(language)) if text)
        lines.append(f"::{one.severity} {said}::{_escape(text)}\n")
    return "".join(lines)


def _escape(text: str, *, property: bool = False) -> str:
    text = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return text.replace(":", "%3A").replace(",", "%2C") if property else text
