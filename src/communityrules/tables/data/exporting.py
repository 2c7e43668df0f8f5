"""A rulebook as a document in JSON."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace

from communityrules.checker.check import check
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
    again = check(Source(source.name, format_file(told, names, "en", imported)), library=standard_library(), read=read)
    if again.rulebook is None or again.rulebook.digest != result.rulebook.digest:
        # A name that means something else in English: then it stays as it is written.
        told = file
    told = replace(told, spelling=to or file.spelling)
    text = dumps(document(told, result.rulebook.digest))
    if len(text) > MOST_CHARACTERS:
        raise RulesError(too_much(source.name).diagnostics)
    return text
