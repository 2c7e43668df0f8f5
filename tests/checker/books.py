"""Help for the checker's tests: checking a text, and short rulebooks."""

from __future__ import annotations

from communityrules.checker import checked
from communityrules.checker.check import CheckResult, check
from communityrules.checker.loading import Limits
from communityrules.diagnostics.source import Source


def look(text: str, files: dict[str, str] | None = None, limits: Limits | None = None) -> CheckResult:
    """What checking a rulebook says, with files that stand beside it."""

    def read(path: str) -> Source:
        if files is None or path not in files:
            raise FileNotFoundError(path)
        return Source(path, files[path])

    return check(Source("main.rules", text), read=read, limits=limits or Limits())


def codes(text: str, files: dict[str, str] | None = None) -> list[str]:
    """The codes of what is found, in order."""
    return [one.code for one in look(text, files).diagnostics]


def found(text: str) -> list[tuple[str, str]]:
    """Codes with the text under their marks."""
    return [(one.code, one.span.text if one.span else "") for one in look(text).diagnostics]


def book(text: str, files: dict[str, str] | None = None) -> checked.Rulebook:
    """The checked rulebook of a text without errors."""
    result = look(text, files)
    assert result.rulebook is not None, [(one.code, one.text()) for one in result.diagnostics]
    return result.rulebook


def rule(condition: str = "", *, on: str = "on message", then: str = "then delete", before: str = "") -> str:
    """A rulebook of one rule."""
    lines = ["rule 1", "  must not", f"  {on}"]
    if condition:
        lines.append(f"  if {condition}")
    if then:
        lines.append(f"  {then}")
    return f"{before}\n" + "\n".join(lines) + "\n"


def condition(text: str, *, on: str = "on message", before: str = "") -> checked.Expression:
    """The checked condition of a rule."""
    resolved = book(rule(text, on=on, before=before)).rules[0].condition
    assert resolved is not None
    return resolved
