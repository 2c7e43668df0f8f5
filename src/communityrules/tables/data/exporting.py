"""A rulebook as a document in JSON."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace

from communityrules.checker import canonical
from communityrules.checker.check import check
from communityrules.checker.loading import Files, Limits
from communityrules.checker.report import Reporter
from communityrules.checker.resolve import resolve
from communityrules.diagnostics.message import Diagnostic, Language, RulesError
from communityrules.diagnostics.source import Source
from communityrules.language import tree
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
    parsed: tuple[tree.File, Sequence[Diagnostic]] | None = None,
) -> str:
    """The document of a rulebook, as text. Names of the library are in English.

    `read` opens the files that it uses, `imported` are the names that they declare; `to` is the spelling in which a
    reader is to write it, which otherwise is its own. `parsed` is what `parse` gave of the source, where that was asked
    before. RulesError when the rulebook has errors, or when its document would be larger than what `import` takes.
    """
    parsed = parsed or parse(source)
    result = check(source, library=standard_library(), read=read, parsed=parsed)
    if result.rulebook is None:
        raise RulesError(tuple(result.diagnostics))
    file, _ = parsed
    written, told, wrong = english(file, LibraryNames(), imported, source.name)
    if told != file and not _means(written, (told, wrong), result.rulebook.digest, read):
        # A name that means something else in English: then it stays as it is written, which can be read, too.
        told = file
    told = replace(told, spelling=to or file.spelling)
    text = dumps(document(told, result.rulebook.digest))
    if len(text) > MOST_CHARACTERS:
        raise RulesError(too_much(source.name).diagnostics)
    return text


def _means(
    source: Source, parsed: tuple[tree.File, Sequence[Diagnostic]], digest: str, read: Callable[[str], Source] | None
) -> bool:
    """Whether a rulebook's text resolves to this digest. What else `check` says was said of the rulebook itself."""
    report, library = Reporter(), standard_library()
    files = Files(report, read, Limits(), library)
    _, rulebook = resolve(source, files.load(source, parsed), files, report, library)
    return report.errors == 0 and canonical.digest(rulebook) == digest
