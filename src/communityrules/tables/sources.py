"""Everything that can be imported: one entry for each kind of file."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from communityrules.diagnostics.message import Bilingual, Language
from communityrules.frozen import dataclass
from communityrules.tables.imported import Imported
from communityrules.tables.reading import Refused, decode
from communityrules.tables.sheets.errors import NO_RULES

if TYPE_CHECKING:
    from communityrules.tables.automoderator.fields import Host
    from communityrules.tables.listing import Then
    from communityrules.tables.lists import Kind


@dataclass(frozen=True, slots=True)
class Wishes:
    """What whoever imports may choose."""

    #: The language of whoever imports.
    reader: Language
    #: The name of the rulebook.
    title: str
    #: Of lists: what the rule does.
    then: Then = "flag"
    #: Of AutoModerator: where the rulebook is to run.
    host: Host = "forum"
    #: The spelling of the rulebook where it was asked for. Tables and prose otherwise keep the language of their words;
    #: what has no language of its own goes by the reader's.
    to: Language | None = None
    #: Of tables: which column is what, as in `编号=A,内容=C`.
    columns: str | None = None

    @property
    def language(self) -> Language:
        """The spelling of what has no language of its own."""
        return self.to or self.reader


@dataclass(frozen=True, slots=True)
class Source:
    """One kind of file."""

    about: Bilingual
    #: From the bytes of a file and its name to a rulebook; `Refused` when there is nothing of this kind in it.
    read: Callable[[bytes, str, Wishes], Imported]


def _automoderator(data: bytes, file: str, wishes: Wishes) -> Imported:
    from communityrules.tables.automoderator.importing import import_automoderator

    imported = import_automoderator(decode(data, file), file, wishes.language, wishes.host, wishes.title)
    return _spelt(imported, wishes)


def _list(kind: Kind) -> Callable[[bytes, str, Wishes], Imported]:
    def read(data: bytes, file: str, wishes: Wishes) -> Imported:
        from communityrules.tables.listing import import_list

        imported = import_list(decode(data, file), file, wishes.language, wishes.title, kind, wishes.then)
        return _spelt(imported, wishes)

    return read


def _spelt(imported: Imported, wishes: Wishes) -> Imported:
    return replace(imported, file=replace(imported.file, spelling=wishes.language))


def _table(data: bytes, file: str, wishes: Wishes) -> Imported:
    from communityrules.tables.tabled import import_table

    return import_table(data, file, wishes.to, wishes.title, wishes.columns)


def _prose(data: bytes, file: str, wishes: Wishes) -> Imported:
    from communityrules.tables.tabled import import_prose

    return import_prose(decode(data, file), file, wishes.to, wishes.title)


def _json(data: bytes, file: str, wishes: Wishes) -> Imported:
    from communityrules.tables.carried import Account
    from communityrules.tables.data.importing import from_data

    found = from_data(decode(data, file), file, wishes.to)
    return Imported(found.file, Account(), found.diagnostics)


#: By the name that `--as` gives.
SOURCES: Final[Mapping[str, Source]] = {
    "automoderator": Source(Bilingual("Reddit AutoModerator", "Reddit AutoModerator"), _automoderator),
    "words": Source(Bilingual("a list of words", "词表"), _list("words")),
    "patterns": Source(Bilingual("a list of patterns", "格式列表"), _list("patterns")),
    "domains": Source(Bilingual("a list of domains", "域名列表"), _list("domains")),
    "table": Source(Bilingual("a table of rules", "规则表"), _table),
    "prose": Source(Bilingual("rules in prose", "成文的规则"), _prose),
    "json": Source(Bilingual("a rulebook in JSON", "JSON 手册"), _json),
}
_YAML: Final = (".yaml", ".yml")
_JSON: Final = ".json"
_SHEETS: Final = (".xlsx", ".xlsm", ".xls", ".ods", ".csv", ".tsv")
#: How a rulebook as data begins, whatever its file is called.
_OBJECT: Final = re.compile(r'\s*\{\s*"(?:form|\$schema|digest|declarations|spelling)"')
_PROSE: Final = (".md", ".markdown", ".rst", ".html", ".htm", ".doc", ".docx")
#: How packed workbooks and old ones begin.
_PACKED: Final = (b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0")


def import_data(data: bytes, file: str, wishes: Wishes, kind: str | None = None) -> tuple[str, Imported]:
    """What a file was taken for, and its rulebook. `kind` is a key of `SOURCES`; None guesses.

    `Refused` when there is nothing to import in it.
    """
    kind = kind or guessed(data, file, wishes.columns)
    if kind != "document":
        return kind, SOURCES[kind].read(data, file, wishes)
    # A document may hold its rules in a table or as paragraphs.
    try:
        return "table", _table(data, file, wishes)
    except Refused as error:
        if error.diagnostic.message is not NO_RULES:
            raise
    return "prose", _prose(data, file, wishes)


def guessed(data: bytes, file: str, columns: str | None = None) -> str:
    """What a file most likely holds: a key of `SOURCES`, or `document` for a table or prose."""
    called = file.lower().removesuffix(".gz")
    if called.endswith(_SHEETS) or data.startswith(_PACKED) or columns is not None:
        return "table"
    if called.endswith(_JSON):
        return "json"
    if called.endswith(_PROSE):
        return "document"
    from communityrules.tables.automoderator.importing import is_automoderator

    text = decode(data, file)
    if called.endswith(_YAML) or is_automoderator(text):
        return "automoderator"
    if _OBJECT.match(text):
        return "json"
    from communityrules.tables.lists import entries
    from communityrules.tables.sheets.markdown import has_table

    return "document" if has_table(text) else entries(text, None)[0]
