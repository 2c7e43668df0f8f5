"""What `import` does when a rulebook's own sheets come back: only what was edited changes, and it is shown first."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Final

from communityrules.checker.check import check
from communityrules.checker.files import folder_reader
from communityrules.cli.books import folder, open_source
from communityrules.cli.fmt import imported_names
from communityrules.cli.writing import replacing
from communityrules.diagnostics.formats import to_json
from communityrules.diagnostics.message import Bilingual, Language
from communityrules.diagnostics.source import Source
from communityrules.diagnostics.text import Part, Style, StyledLine
from communityrules.diagnostics.width import visible
from communityrules.language import tree
from communityrules.language.parse import parse
from communityrules.library.names import LibraryNames
from communityrules.library.registry import standard_library
from communityrules.tables.returned import written_back
from communityrules.tables.workbook.merging import Merged, merge

if TYPE_CHECKING:
    from communityrules.cli.screen import Screen
    from communityrules.tables.workbook.entering import Entered
    from communityrules.tables.writing import Written

_SAME: Final = Bilingual("{book}: nothing was edited", "{book}:没有改动")
_SUMMARY: Final = Bilingual(
    "{book}: {changed} changed, {added} added, {removed} taken out",
    "{book}:修改 {changed} 处,新增 {added} 处,删除 {removed} 处",
)
_NOT_WRITTEN: Final = Bilingual(
    "{book} is left as it was: with these edits the rulebook has errors.",
    "{book} 未改动:按这些修改,规则手册会有错误。",
)
_STYLES: Final[dict[str, Style]] = {"+": "good", "-": "error", "@": "faint"}


def bring_back(out: Screen, entered: Entered, book: Path, output: str, language: Language, form: str) -> int:
    """Put what was edited in its sheets into a rulebook that is there, and show the difference before it is written.

    The exit status: 0, or 1 when the edited rulebook has errors, and then nothing is written. RulesError when the
    rulebook that is there cannot be parsed, `Refused` when a cell cannot.
    """
    source = open_source(output)
    file, _ = parse(source)
    merged = merge(source, entered, LibraryNames(), language, imported_names(output, source, file))
    result = check(Source(output, merged.text), library=standard_library(), read=folder_reader(book.parent))
    errors = [one for one in result.diagnostics if one.severity == "error"]
    changed = merged.text != source.text
    if form == "text":
        out.out(_told(merged, source.text, output, out.language))
        out.diagnostics(errors)
    if changed and not errors:
        with replacing(book) as file_out:
            file_out.write(merged.text.encode("utf-8"))
    elif errors and form == "text":
        out.err([[Part(_NOT_WRITTEN.fill(out.language, {"book": visible(output)}), "error")]])
    if form == "json":
        report = {
            "book": output, "written": changed and not errors, "changed": merged.changed, "added": merged.added,
            "removed": merged.removed, "notes": [one.fill(out.language, {}) for one in merged.notes],
            "difference": merged.difference(source.text, output),
            "diagnostics": [to_json(one, out.language) for one in errors],
        }  # fmt: skip
        out.raw(json.dumps(report, ensure_ascii=False) + "\n")
    return 1 if errors else 0


def write_anew(entered: Entered, named: str, output: str | None, to: Language | None) -> Written:
    """The rulebook of exported sheets where there is none yet. Files that it uses are looked for beside it."""
    beside = output or named

    def names(source: Source, file: tree.File) -> list[str]:
        return imported_names(beside, source, file)

    return written_back(entered, named, to, folder_reader(folder(beside)), names)


def _told(merged: Merged, before: str, name: str, language: Language) -> list[StyledLine]:
    lines: list[StyledLine] = [
        [Part(visible(line), _STYLES.get(line[:1], "plain"))] for line in merged.difference(before, name)
    ]
    notes: list[StyledLine] = [[Part(visible(one.fill(language, {})), "warning")] for one in merged.notes]
    if not lines:
        return [*notes, [Part(_SAME.fill(language, {"book": visible(name)}), "good")]]
    counts = {
        "book": visible(name), "changed": str(len(merged.changed)), "added": str(len(merged.added)),
        "removed": str(len(merged.removed)),
    }  # fmt: skip
    return [*lines, [], *notes, [Part(_SUMMARY.fill(language, counts), "strong")]]
