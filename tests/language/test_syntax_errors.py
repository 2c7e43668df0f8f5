"""What is said about texts with syntax errors: a snapshot for each case, refreshed with UPDATE_SNAPSHOTS=1."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from reading import CASES, codes, errors

from communityrules.diagnostics.message import Diagnostic
from communityrules.diagnostics.source import Source
from communityrules.language import limits, messages
from communityrules.language.parse import parse

ERRORS = sorted((CASES / "errors").glob("*.rules"))
#: Their cases are too large, or no text, and stand below.
WITHOUT_A_FILE = {"CR108", "CR122", "CR123"}


def told(problem: Diagnostic) -> str:
    span = problem.span
    assert span is not None
    lines = [
        f"{span.line}:{span.column} {problem.code} `{span.text[:60]}`",
        f"  en: {problem.text('en')} {problem.hint('en')}",
        f"  zh: {problem.text('zh')} {problem.hint('zh')}",
    ]
    if problem.fix is not None:
        place = problem.fix.span
        lines.append(f"  fix: {place.line}:{place.column} `{place.text[:60]}` -> `{problem.fix.replacement}`")
    return "\n".join(lines)


@pytest.mark.parametrize("path", ERRORS, ids=lambda path: path.stem)
def test_snapshot(path: Path) -> None:
    source = Source(path.name, path.read_text(encoding="utf-8"))
    problems = parse(source)[1]
    found = "\n".join(map(told, problems)) + "\n"
    snapshot = path.with_suffix(".txt")
    if os.environ.get("UPDATE_SNAPSHOTS"):
        snapshot.write_text(found, encoding="utf-8")
    assert found == snapshot.read_text(encoding="utf-8")
    assert path.stem.partition("-")[0] in {one.code for one in problems}


def test_every_message_has_a_case() -> None:
    covered = {path.stem.partition("-")[0] for path in ERRORS} | WITHOUT_A_FILE
    assert covered == {one.code for one in messages.MESSAGES}


def test_messages_speak_both_languages() -> None:
    for message in messages.MESSAGES:
        for text in (message.title, message.text, message.hint):
            assert _placeholders(text.en) == _placeholders(text.zh), message.code
            assert text.zh > "\u2e80" or any(letter > "\u2e80" for letter in text.zh) or text.zh == "{action}"


def _placeholders(text: str) -> set[str]:
    return {piece.partition("}")[0] for piece in text.split("{")[1:]}


def test_no_placeholder_stays_empty() -> None:
    for path in ERRORS:
        for problem in errors(path.read_text(encoding="utf-8")):
            for language in ("en", "zh"):
                said = problem.text(language) + problem.hint(language)
                assert not {"{" + name + "}" for name in ("found", "expected", "mended", "what", "limit")} & set(
                    said.split()
                )


@pytest.mark.parametrize("path", ERRORS, ids=lambda path: path.stem)
def test_fixes_help(path: Path) -> None:
    """Applying every fix leaves no error of those codes whose fixes are certain."""
    text = path.read_text(encoding="utf-8")
    certain = {"CR102", "CR103", "CR104", "CR105", "CR109", "CR113", "CR114", "CR115", "CR124"}
    problems = [one for one in errors(text) if one.code in certain]
    edits = [(one.fix.span.start, one.fix.span.end, one.fix.replacement) for one in problems if one.fix]
    assert len(edits) == len(problems)
    for start, end, replacement in sorted(edits, reverse=True):
        text = text[:start] + replacement + text[end:]
    assert not certain & set(codes(text)), text


# --- whole files ---------------------------------------------------------------------------------------------


def test_too_large() -> None:
    text = "#" * (limits.MAX_FILE + 1)
    assert codes(text) == ["CR108"]


def test_not_a_text() -> None:
    found = errors('list a = "x"\n\x00\x01')
    assert [one.code for one in found] == ["CR123"]
    assert found[0].span is not None
    assert found[0].span.line == 2


def test_stops_after_many_errors() -> None:
    found = codes('rule 1 "x"\n  should @\n' * 500)
    assert found[-1] == "CR122"
    assert len(found) == limits.MAX_ERRORS + 1


# --- what is told must be told alone -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("broken", "line", "code"),
    [
        ("  if message.text contains any of (“a”, “b”", 3, "CR109"),
        ('  content "words', 3, "CR102"),
        ("  if advertising or", 3, "CR116"),
        ("  ifadvertising", 3, "CR103"),
        ("  nonsense here and more", 3, "CR101"),
        ('  cooldown "soon"', 3, "CR101"),
    ],
)
def test_an_error_does_not_spread(broken: str, line: int, code: str) -> None:
    text = f'rule 1 "x"\n  must not\n{broken}\n  on message\n  then delete\n\ndefine advertising as a is 1\n'
    found = errors(text)
    assert [one.code for one in found] == [code]
    assert found[0].span is not None
    assert found[0].span.line == line


def test_several_errors_in_one_rule() -> None:
    text = 'rule 1 "x"\n  contnet "a"\n  if\n  cooldown 5\n  then delete @\nrule 2\n  effective from 2024-99-01\n'
    assert codes(text) == ["CR105", "CR116", "CR113", "CR115", "CR110"]


def test_what_can_be_read_is_kept() -> None:
    file, problems = parse(Source("x", 'list a = "x"\nrule 1 "x"\n  must not\n  if @@@\n  then delete\nlist b = "y"\n'))
    assert problems
    assert [type(one).__name__ for one in file.declarations] == ["ListDeclaration", "Rule", "ListDeclaration"]
    assert [type(one).__name__ for one in file.declarations[1].clauses] == ["Modality", "Then"]  # type: ignore[union-attr]


def test_columns_count_code_points_under_wide_characters() -> None:
    found = errors('规则 1 "很宽的文字" @\n')
    assert [(one.code, one.span.line, one.span.column) for one in found if one.span] == [("CR115", 1, 14)]
