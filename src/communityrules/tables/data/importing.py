"""A document in JSON as the text of a rulebook."""

from __future__ import annotations

from collections.abc import Callable, Collection

from communityrules.checker.check import check
from communityrules.diagnostics.message import Diagnostic, Language
from communityrules.diagnostics.source import Source
from communityrules.frozen import dataclass
from communityrules.language import tree
from communityrules.library.names import LibraryNames
from communityrules.library.registry import standard_library
from communityrules.tables.data.entering import read_document
from communityrules.tables.data.errors import CHANGED
from communityrules.tables.data.proving import prove, text_of


@dataclass(frozen=True, slots=True)
class FromData:
    """What a document gave."""

    text: str
    file: tree.File
    #: The digest of the rulebook; None when it has errors.
    digest: str | None
    #: What `check` says of the text; and a warning when the digest that the document tells is another.
    diagnostics: tuple[Diagnostic, ...]


def from_data(
    text: str,
    name: str,
    to: Language | None = None,
    called: str | None = None,
    read: Callable[[str], Source] | None = None,
    imported: Callable[[tree.File], Collection[str]] | None = None,
) -> FromData:
    """The rulebook that a document in JSON holds, in one spelling; None keeps the one that it was exported from.

    `name` is what messages call the document, `called` what they call the rulebook; `read` opens files that it uses,
    and `imported` says which names they declare. `Refused` when the text is no such document.
    """
    document, file = read_document(text, name)
    prove(file, name)
    names = imported(file) if imported is not None else ()
    written = text_of(file, LibraryNames(), to or file.spelling, names, name)
    result = check(Source(called or name, written), library=standard_library(), read=read)
    found = list(result.diagnostics)
    digest = result.rulebook.digest if result.rulebook is not None else None
    told = document.get("digest")
    if told is not None and digest is not None and told != digest:
        found.append(Diagnostic(CHANGED, None, {"file": name}))
    return FromData(written, file, digest, tuple(found))
