"""A rulebook after its sheets were edited: only what was edited changes, all else stays letter for letter.

Two tables of the same rulebook are laid beside each other: the one that its text gives now, and the edited one. A
declaration that both say alike keeps its lines, comments and layout; one that differs is written anew in its place;
one that is new comes after the one before it; one that is gone is taken out, unless the sheets never had it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from difflib import unified_diff
from typing import Final

from communityrules.diagnostics.message import Bilingual, Language, RulesError
from communityrules.diagnostics.source import Source
from communityrules.frozen import dataclass
from communityrules.language import tree
from communityrules.language.format import format_file
from communityrules.language.names import NameTable
from communityrules.language.parse import parse
from communityrules.tables.carried import filled
from communityrules.tables.workbook.completing import complete
from communityrules.tables.workbook.entering import Entered, enter, tree_of
from communityrules.tables.workbook.grid import raw
from communityrules.tables.workbook.held import Key, heading, keys_of, mark, row_key
from communityrules.tables.workbook.leaving import leave
from communityrules.tables.workbook.splicing import spliced

_SINCE: Final = Bilingual(
    "not in these sheets, as it came into the rulebook after they were made: {what}; it stays",
    "导出之后才加入手册、表中没有的内容予以保留:{what}",
)
#: Things that a note names one by one.
_NAMED: Final = 20


@dataclass(frozen=True, slots=True)
class Merged:
    """A rulebook's text with the edits in it."""

    text: str
    #: Headings of what was changed, added and taken out, each as its first line says it.
    changed: tuple[str, ...]
    added: tuple[str, ...]
    removed: tuple[str, ...]
    #: What is to be said of the sheets themselves.
    notes: tuple[Bilingual, ...] = ()

    def difference(self, before: str, name: str) -> list[str]:
        """What changes in the text, as lines of a unified difference."""
        return list(
            unified_diff(before.split("\n"), self.text.split("\n"), name, name, lineterm="", n=1)
        )  # fmt: skip


def merge(
    source: Source, entered: Entered, names: NameTable, language: Language, imported: Iterable[str] = ()
) -> Merged:
    """The rulebook's text with what was edited in its sheets. `language` is the spelling of the sheets.

    RulesError when the rulebook has errors of syntax, and `Refused` with the cells that do not read as the language.
    """
    kept = tuple(imported)
    file, wrong = parse(source)
    errors = tuple(one for one in wrong if one.severity == "error")
    if errors:
        raise RulesError(errors)
    now = leave(file, names, language, kept)
    sheets, notes = complete(entered.sheets, now)
    again = enter(sheets)
    edited = tree_of(again, source.name)
    plain, _ = parse(Source(source.name, enter(raw(now)).text))
    was = dict(zip(keys_of(plain.declarations), plain.declarations, strict=True))
    edited, since = _with_later_rows(edited, was, again.held)
    told = _said(plain, names, kept)
    then = _said(edited, names, kept)
    blocks = _blocks(source, file)
    keys = keys_of(file.declarations)
    by_key = dict(zip(keys, file.declarations, strict=True))
    changed: dict[Key, list[str]] = {}
    added: list[tuple[Key | None, Key, str]] = []
    before: Key | None = None
    for key, one in zip(keys_of(edited.declarations), edited.declarations, strict=True):
        if key in by_key:
            if then[key] != told.get(key):
                changed[key] = _changed(by_key[key], was.get(key), one, file, edited, names, kept)
            before = key
        else:
            added.append((before, key, _written(one, edited, names, kept, file.spelling)))
    missing = [key for key in by_key if key not in then]
    removed = [key for key in missing if not again.held or mark(key) in again.held]
    since += [key for key in missing if key not in removed]
    if since:
        notes.append(filled(_SINCE, what=_listed([heading(key) for key in since])))
    text = _spliced(source, blocks, keys, changed, added, removed)
    return Merged(
        text, tuple(heading(key) for key in changed), tuple(heading(key) for _, key, _ in added),
        tuple(heading(key) for key in removed), tuple(notes),
    )  # fmt: skip


def _with_later_rows(
    edited: tree.File, was: Mapping[Key, tree.Declaration], held: Collection[str]
) -> tuple[tree.File, list[Key]]:
    """The edited rulebook with those rows of rule tables that came into the rulebook after the sheets were made, each
    behind the row that it stands behind there; and what they are."""
    if not held:
        return edited, []
    since: list[Key] = []
    declarations: list[tree.Declaration] = []
    for key, one in zip(keys_of(edited.declarations), edited.declarations, strict=True):
        stands = was.get(key)
        if isinstance(one, tree.Table) and isinstance(stands, tree.Table) and stands.columns == one.columns:
            rows = list(one.rows)
            for place, row in enumerate(stands.rows):
                ids = [other.id.text for other in rows]
                if row.id.text not in ids and mark(row_key(key, row)) not in held:
                    since.append(("Rule", row.id.text, "", 1))
                    before = next((id_.id.text for id_ in reversed(stands.rows[:place]) if id_.id.text in ids), None)
                    rows.insert(ids.index(before) + 1 if before is not None else 0, row)
            one = one if len(rows) == len(one.rows) else replace(one, rows=tuple(rows))
        declarations.append(one)
    return (replace(edited, declarations=tuple(declarations)) if since else edited), since


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(f"`{one}`" for one in names[:_NAMED])
    return shown if len(names) <= _NAMED else f"{shown}, … ({len(names)})"


def _changed(
    stands: tree.Declaration, was: tree.Declaration | None, one: tree.Declaration, file: tree.File,
    edited: tree.File, names: NameTable, imported: tuple[str, ...],
) -> list[str]:  # fmt: skip
    """The lines of a declaration with its edits: of a rule only those clauses change that were edited."""
    if isinstance(stands, tree.Rule | tree.Amend) and type(stands) is type(was) is type(one):
        assert isinstance(was, tree.Rule | tree.Amend)
        assert isinstance(one, tree.Rule | tree.Amend)

        def write(rule: tree.Declaration) -> list[str]:
            return _lines(_written(rule, edited, names, imported, file.spelling))

        def compare(rule: tree.Declaration) -> list[str]:
            return _lines(_written(rule, edited, names, imported, "en"))

        lines = spliced(stands, was, one, write, compare)
        if lines is not None:
            return lines
    return _lines(_written(one, edited, names, imported, file.spelling))


def _said(file: tree.File, names: NameTable, imported: tuple[str, ...]) -> dict[Key, str]:
    return {
        key: _written(one, file, names, imported, "en")
        for key, one in zip(keys_of(file.declarations), file.declarations, strict=True)
    }


def _written(one: tree.Declaration, file: tree.File, names: NameTable, imported: tuple[str, ...], to: Language) -> str:
    """A declaration alone, in one spelling, where the names of its file are known."""
    own = [name for other in file.declarations for name in _own_names(other)]
    alone = tree.File((one,), (), file.span, file.spelling)
    return format_file(alone, names, to, (*imported, *own))


def _own_names(one: tree.Declaration) -> tuple[str, ...]:
    from communityrules.language.printing.words import own_names

    return own_names(one)


# --- lines -----------------------------------------------------------------------------------------------------


def _blocks(source: Source, file: tree.File) -> list[tuple[int, int]]:
    """For each declaration its first line and the one after its last, comments before it included; from 0."""
    text = source.text
    found: list[tuple[int, int]] = []
    for one in file.declarations:
        first = text.count("\n", 0, one.span.start) - len(one.layout.before)
        last = text.count("\n", 0, max(one.span.start, one.span.end - 1)) + 1
        found.append((first, last))
    return found


def _lines(text: str) -> list[str]:
    return text.removesuffix("\n").split("\n")


def _spliced(
    source: Source,
    blocks: Sequence[tuple[int, int]],
    keys: Sequence[Key],
    changed: dict[Key, list[str]],
    added: Sequence[tuple[Key | None, Key, str]],
    removed: Sequence[Key],
) -> str:
    lines = _lines(source.text)
    after: dict[Key | None, list[str]] = {}
    for before, _, text in added:
        after.setdefault(before, []).extend(["", *_lines(text)])
    out: list[str] = []
    end = 0
    gone = set(removed)
    for key, (first, last) in zip(keys, blocks, strict=True):
        between = lines[end:first]
        if key in gone:
            # With the blank line before it, so that no gap is left.
            out += between[:-1] if between and not between[-1].strip() else between
        else:
            out += between
            out += changed[key] if key in changed else lines[first:last]
        out += after.get(key, [])
        end = last
    out += lines[end:]
    out += after.get(None, [])
    return "".join(f"{line}\n" for line in out)
