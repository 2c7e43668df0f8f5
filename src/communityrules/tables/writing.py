"""From an imported tree to the text of a rulebook that passes `check`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from communityrules.checker.check import check
from communityrules.checker.checks.unused import UNUSED
from communityrules.diagnostics.message import Bilingual, Diagnostic, Language
from communityrules.diagnostics.source import Source, Span
from communityrules.frozen import dataclass
from communityrules.language import tree
from communityrules.language.format import format_file
from communityrules.language.limits import MAX_FILE
from communityrules.language.parse import parse
from communityrules.library.names import LibraryNames
from communityrules.library.registry import standard_library
from communityrules.tables import making
from communityrules.tables.carried import Carried, filled
from communityrules.tables.errors import TOO_LARGE
from communityrules.tables.imported import Imported
from communityrules.tables.likeness import representatives
from communityrules.tables.reading import refused

#: How often what does not pass is left out and the rest is looked at anew.
_ROUNDS: Final = 20
_NOT_ACCEPTED: Final = Bilingual("`check` does not accept it: {problem}", "`check` 不接受:{problem}")


@dataclass(frozen=True, slots=True)
class Written:
    """A rulebook as text, with what was found on the way."""

    text: str
    imported: Imported
    #: Rules, and how many of them have something left to do.
    rules: int
    todos: int
    #: What `check` says of the text: errors only where they could not be traced to a rule; warnings if asked for.
    diagnostics: tuple[Diagnostic, ...]


def write(imported: Imported, language: Language, name: str, *, warnings: bool = True) -> Written:
    """The text of an imported rulebook in one spelling. Without `warnings` only what must be mended is looked for,
    which of thousands of rules that are alike takes a look at some.

    `Refused` when it is larger than a rulebook can be. A rule that `check` refuses is left as a `todo` with the reason,
    and the account says so: whatever was read, the rulebook that comes of it can be used.
    """
    file = imported.file
    found: Sequence[Diagnostic] = ()
    text = ""
    for _ in range(_ROUNDS):
        text = format_file(file, LibraryNames(), language)
        if len(text) > MAX_FILE:
            raise refused(TOO_LARGE, file=name, limit=f"{MAX_FILE // (1024 * 1024)} MB")
        source = Source(name, text)
        found = _found(file, source, language, warnings, imported.drafted)
        errors = [one for one in found if one.severity == "error"]
        if not errors:
            break
        narrowed = _without(file, source, errors, imported, language)
        if narrowed is None:
            break
        file = narrowed
    file = _without_unused(file, found)
    if file is not imported.file:
        text = format_file(file, LibraryNames(), language)
        found = _found(file, Source(name, text), language, warnings, imported.drafted)
    rules = list(_clauses(file))
    left = sum(any(isinstance(clause, tree.Todo) for clause in one) for one in rules)
    return Written(text, replace(imported, file=file), len(rules), left, tuple(found))


def _clauses(file: tree.File) -> Iterator[Sequence[tree.Clause | None]]:
    """The clauses of each rule, those of tables included."""
    for one in file.declarations:
        if isinstance(one, tree.Rule):
            yield one.clauses
        elif isinstance(one, tree.Table):
            yield from (row.cells for row in one.rows)


def _found(
    file: tree.File, source: Source, language: Language, warnings: bool, drafted: frozenset[str]
) -> tuple[Diagnostic, ...]:
    """What `check` says of a rulebook; without `warnings`, of rules that stand for all, as long as nothing is wrong."""
    few = None if warnings else representatives(file, drafted)
    if few is not None:
        text = format_file(few, LibraryNames(), language)
        found = check(Source(source.name, text), library=standard_library()).diagnostics
        if not any(one.severity == "error" for one in found):
            return found
    return check(source, library=standard_library()).diagnostics


def _without(
    file: tree.File, source: Source, errors: Sequence[Diagnostic], imported: Imported, language: Language
) -> tree.File | None:
    """The tree with each rule that has an error as a `todo`; None when no error could be traced to one."""
    read, _ = parse(source)
    if len(read.declarations) != len(file.declarations):
        return None
    blamed: dict[int, Diagnostic] = {}
    for error in errors:
        if error.span is None:
            continue
        for index, one in enumerate(read.declarations):
            if one.span.start <= error.span.start < max(one.span.end, one.span.start + 1):
                blamed.setdefault(_owner(file, index), error)
    if not blamed:
        return None
    kept: list[tree.Declaration] = []
    for index, declared in enumerate(file.declarations):
        error_here = blamed.get(index)
        if error_here is not None and isinstance(declared, tree.Rule):
            kept.append(_left(declared, error_here, imported, language))
        elif error_here is not None and isinstance(declared, tree.Table):
            written = read.declarations[index]
            narrowed = _narrowed(declared, written, errors, imported, language)
            if narrowed is None:
                return None
            kept += narrowed
        elif error_here is not None:
            return None
        else:
            kept.append(declared)
    return replace(file, declarations=tuple(kept))


def _owner(file: tree.File, index: int) -> int:
    """The rule that a declaration belongs to: patterns and lists stand right before theirs."""
    while index < len(file.declarations) - 1 and isinstance(
        file.declarations[index], tree.PatternDeclaration | tree.ListDeclaration
    ):
        index += 1
    return index


def _narrowed(
    table: tree.Table, read: tree.Declaration, errors: Sequence[Diagnostic], imported: Imported, language: Language
) -> list[tree.Declaration] | None:
    """The table with each row that has an error as a `todo`; None when no error could be traced to one.

    A row whose condition is at fault becomes a rule of its own: without it, it would take everything.
    """
    if not isinstance(read, tree.Table) or len(read.rows) != len(table.rows):
        return None
    columns = table.columns if "todo" in table.columns else (*table.columns, "todo")
    kinds = [one for one in columns if one not in ("rule", "name")]
    rows: list[tree.Row] = []
    beside: list[tree.Declaration] = []
    changed = False
    for row, written in zip(table.rows, read.rows, strict=True):
        cells = [*row.cells, *([None] if columns is not table.columns else [])]
        error = next((one for one in errors if _stands_in(written.span, one)), None)
        if error is None:
            rows.append(replace(row, cells=tuple(cells)))
            continue
        changed = True
        why = _refusal(row.id.text, error, imported)
        todo = tree.Todo(making.text(why.fill(language, {})), making.NOWHERE)
        if any(isinstance(one, tree.If) and _stands_in(one.span, error) for one in written.cells):
            content = [one for one in row.cells if isinstance(one, tree.Content)]
            clauses: tuple[tree.Clause, ...] = (*content, tree.Modality("must", making.NOWHERE), todo)
            beside.append(tree.Rule(row.id, row.name, clauses, making.NOWHERE, row.layout))
            continue
        kept = [
            todo if column == "todo" else one if isinstance(one, tree.If | tree.Content) else None
            for column, one in zip(kinds, cells, strict=True)
        ]
        rows.append(replace(row, cells=tuple(kept)))
    return [*([replace(table, columns=columns, rows=tuple(rows))] if rows else []), *beside] if changed else None


def _stands_in(span: Span, error: Diagnostic) -> bool:
    return error.span is not None and span.start <= error.span.start < max(span.end, span.start + 1)


def _refusal(rule: str, error: Diagnostic, imported: Imported) -> Bilingual:
    """Why `check` does not accept a rule; the account says so, too."""
    problem = Bilingual(error.text("en"), error.text("zh"))
    why = filled(_NOT_ACCEPTED, problem=problem)
    account = imported.account
    account.items = [_refused(one, why) if one.rule == rule else one for one in account.items]
    return why


def _left(rule: tree.Rule, error: Diagnostic, imported: Imported, language: Language) -> tree.Rule:
    why = _refusal(rule.id.text, error, imported)
    kept = tuple(one for one in rule.clauses if isinstance(one, tree.Modality | tree.Content | tree.Todo))
    todo = tree.Todo(making.text(why.fill(language, {})), making.NOWHERE)
    return replace(rule, clauses=(*kept, todo))


def _refused(one: Carried, why: Bilingual) -> Carried:
    return one if one.grade == "not" else replace(one, grade="not", why=why)


def _without_unused(file: tree.File, found: Sequence[Diagnostic]) -> tree.File:
    """The tree without lists and patterns that nothing uses, as a rule that became a `todo` leaves them behind."""
    unused = {str(one.values.get("name")) for one in found if one.message is UNUSED}
    kept = tuple(
        one for one in file.declarations
        if not isinstance(one, tree.PatternDeclaration | tree.ListDeclaration | tree.GroupDeclaration)
        or one.name.text not in unused
    )  # fmt: skip
    return file if len(kept) == len(file.declarations) else replace(file, declarations=kept)
