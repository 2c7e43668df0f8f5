"""A rulebook as a document in JSON."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace

from communityrules.checker.check import check, resolve
from communityrules.checker.loading import Files, Limits
from communityrules.checker.report import Reporter
from communityrules.diagnostics.message import Language, RulesError
from communityrules.diagnostics.source import Source
from communityrules.language.format import format_file
from communityrules.language.parse import parse
from communityrules.library.names import LibraryNames
from communityrules.library.registry import standard_library
from communityrules.tables.data.leaving import document, dumps
from communityrules.tables.data.proving import english
from communityrules.tables.data.strict import MOST_CHARACTERS, too_much


def export_data(
    source: Source,
    read: Callable[[str], Source] | None = None,
    imported: Collection[str] = (),
    to: Language | None = None,
) -> str:
    """The document of a rulebook, as text. Names of the library are in English.

    `read` opens the files that it uses, `imported` are the names that they declare; `to` is the spelling in which a
    reader is to write it, which otherwise is its own. RulesError when the rulebook has
    errors, or when its document would be larger than what `import` takes.
    """
    result = check(source, library=standard_library(), read=read)
    if result.rulebook is None:
        raise RulesError(tuple(result.diagnostics))
    file, _ = parse(source)
    names = LibraryNames()
    told = english(file, names, imported)
    if told != file and not _means(format_file(told, names, "en", imported), result.rulebook.digest, source.name, read):
        # A name that means something else in English: then it stays as it is written.
        told = file
    told = replace(told, spelling=to or file.spelling)
    text = dumps(document(told, result.rulebook.digest))
    if len(text) > MOST_CHARACTERS:
        raise RulesError(too_much(source.name).diagnostics)
    return text


def _means(text: str, digest: str, name: str, read: Callable[[str], Source] | None) -> bool:
    """Whether a rulebook's text resolves to this digest. What else `check` says was said of the rulebook itself."""
    report, library = Reporter(), standard_library()
    files, source = Files(report, read, Limits(), library), Source(name, text)
    _, rulebook = resolve(source, files.load(source), files, report, library)
    return report.errors == 0 and rulebook.digest == digest
