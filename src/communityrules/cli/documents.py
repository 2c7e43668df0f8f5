"""Rulebooks as documents in JSON, for `export` and `import`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

from communityrules.checker.files import folder_reader
from communityrules.cli.books import folder, open_source
from communityrules.cli.fmt import imported_names
from communityrules.cli.screen import Screen
from communityrules.cli.writing import replacing
from communityrules.diagnostics.formats import to_json
from communityrules.diagnostics.message import Bilingual, Language
from communityrules.diagnostics.source import Source
from communityrules.diagnostics.text import Part
from communityrules.diagnostics.width import visible
from communityrules.language import tree

_EXPORTED: Final = Bilingual("Written to {file}: {rules} rules", "已写入 {file}:{rules} 条规则")
_READ: Final = Bilingual("{file}: a rulebook in JSON, {rules} rules", "{file}:JSON 手册,{rules} 条规则")
_WRITTEN: Final = Bilingual("Written to {book}", "已写入 {book}")


def export_document(out: Screen, book: str, output: Path, to: Language | None, form: str) -> int:
    """Write a rulebook as a document; `to` is the spelling that it asks `import` for.

    RulesError when the rulebook has errors or is too large.
    """
    from communityrules.language.parse import parse
    from communityrules.tables.data.exporting import export_data

    source = open_source(book)
    parsed = file, _ = parse(source)
    text = export_data(source, folder_reader(folder(book)), imported_names(book, source, file), to, parsed)
    with replacing(output) as file_out:
        file_out.write(text.encode("utf-8"))
    rules = _rules(file)
    if form == "json":
        told = {"file": book, "document": str(output), "rules": rules, "digest": json.loads(text)["digest"]}
        out.raw(json.dumps(told, ensure_ascii=False) + "\n")
    else:
        out.out([[Part(_EXPORTED.fill(out.language, {"file": visible(str(output)), "rules": str(rules)}), "good")]])
    return 0


def import_document(out: Screen, data: bytes, named: str, output: str | None, to: Language | None, form: str) -> int:
    """Write the rulebook of a document to its file, or to standard output. `Refused` when it is none.

    Files that it uses are looked for beside the rulebook that is written, or beside the document.
    """
    from communityrules.tables.data.errors import CHANGED
    from communityrules.tables.data.importing import from_data
    from communityrules.tables.reading import decode

    beside = output or named

    def names(file: tree.File) -> list[str]:
        return imported_names(beside, Source(beside, _uses(file)), file)

    found = from_data(decode(data, named), named, to, beside, folder_reader(folder(beside)), names)
    if output is not None:
        with replacing(Path(output)) as file_out:
            file_out.write(found.text.encode("utf-8"))
    # A digest that is not the rulebook's is a finding, too: the document is not what was exported.
    errors = any(one.severity == "error" or one.message is CHANGED for one in found.diagnostics)
    rules = _rules(found.file)
    if form == "json":
        told: dict[str, object] = {
            "file": named, "as": "json", "book": output, "rules": rules, "digest": found.digest,
            "diagnostics": [to_json(one, out.language) for one in found.diagnostics],
        }  # fmt: skip
        if output is None:
            told["rulebook"] = found.text
        out.raw(json.dumps(told, ensure_ascii=False) + "\n")
        return int(errors)
    out.diagnostics(found.diagnostics)
    said = [[Part(_READ.fill(out.language, {"file": visible(named), "rules": str(rules)}), "strong")]]
    if output is not None:
        out.out([*said, [Part(_WRITTEN.fill(out.language, {"book": visible(output)}))]])
    else:
        out.raw(found.text)
        out.err(said)
    return int(errors)


def _rules(file: tree.File) -> int:
    rows = sum(len(one.rows) for one in file.declarations if isinstance(one, tree.Table))
    return rows + sum(isinstance(one, tree.Rule) for one in file.declarations)


def _uses(file: tree.File) -> str:
    """The lines of a rulebook that name other files."""
    from communityrules.language.format import format_file
    from communityrules.language.names import NoNames

    uses = tuple(one for one in file.declarations if isinstance(one, tree.Use))
    return format_file(tree.File(uses, (), file.span), NoNames(), "en")
