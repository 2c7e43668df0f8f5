"""The changes of a rulebook by date, for people to read."""

from __future__ import annotations

from typing import Final

from communityrules.diagnostics.message import Bilingual, Language
from communityrules.language import tree
from communityrules.language.printing.declarations import DeclarationPrinter

_PUBLISHED: Final = Bilingual("Published", "发布")
_VERSION: Final = Bilingual("Published, version {version}", "发布,版本 {version}")
_REPEALED: Final = Bilingual("Repealed", "废止")
_BEGINS: Final = Bilingual("Comes into force", "开始实施")
_ENDS: Final = Bilingual("Last day in force", "实施的最后一天")
_NEW: Final = Bilingual("New: {text}", "新文本:{text}")
_VALUE: Final = Bilingual("{name} becomes {value}", "{name} 改为 {value}")


def history(file: tree.File, printer: DeclarationPrinter, language: Language) -> list[list[str]]:
    """Rows of date, rule and what changed, by date; of one day in the order of the rulebook."""
    found: list[tuple[str, str, str]] = []
    words = printer.words

    def say(day: tree.Day, rule: str, what: Bilingual, **values: str) -> None:
        found.append((words.constant(day), rule, what.fill(language, values)))

    for one in file.declarations:
        match one:
            case tree.Header():
                entries = {entry.key: entry.value for entry in one.entries}
                published, version = entries.get("published"), entries.get("version")
                if isinstance(published, tree.Day):
                    if isinstance(version, tree.Text):
                        say(published, "", _VERSION, version=version.value)
                    else:
                        say(published, "", _PUBLISHED)
            case tree.Rule():
                for clause in one.clauses:
                    if isinstance(clause, tree.Effective):
                        if clause.start is not None:
                            say(clause.start, words.rule_id(one.id), _BEGINS)
                        if clause.end is not None:
                            say(clause.end, words.rule_id(one.id), _ENDS)
            case tree.Amend(start=tree.Day() as start):
                for clause in one.clauses:
                    say(start, words.rule_id(one.rule), _NEW, text=printer.clause(clause))
            case tree.Repeal(start=tree.Day() as start):
                say(start, words.rule_id(one.rule), _REPEALED)
            case tree.ParameterDeclaration():
                for value in one.values:
                    if value.start is not None:
                        say(value.start, "", _VALUE, name=one.name.text, value=words.constant(value.value))
            case _:
                pass
    return [list(row) for row in sorted(found, key=lambda row: row[0])]
