"""A stranger's table of rules, or rules in prose, as a rulebook: what its words clearly say becomes clauses.

Cells of columns that are named like clauses are read as the language, each told of at its own cell; everything else is
drafted from its words. Every row that says something is in the account.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from communityrules.diagnostics.message import Bilingual, Diagnostic, Language
from communityrules.diagnostics.source import Source
from communityrules.language import tree
from communityrules.language.keywords import keyword_table
from communityrules.language.parse import parse
from communityrules.tables.carried import PLAIN, Account, Carried, Grade, filled, joined, short
from communityrules.tables.drafting.draft import Outcome
from communityrules.tables.drafting.prose import draft_prose, split
from communityrules.tables.drafting.tabling import Draft, Row, draft_table
from communityrules.tables.errors import NOTHING_FOUND
from communityrules.tables.imported import Imported
from communityrules.tables.reading import refused
from communityrules.tables.sheets.found import Table, TableRow
from communityrules.tables.sheets.reading import read_tables
from communityrules.tables.sheets.words import Meaning

#: Columns that are read as the language: what opens the clause, and what closes it.
_CLAUSES: Final[dict[Meaning, tuple[str, str]]] = {
    "on": ("on", ""), "if": ("if", ""), "then": ("then", ""), "require": ("require", ""), "in": ("in", ""),
    "responsible": ("responsible", ""), "every": ("every", ""), "cooldown": ("cooldown", ""),
    "overrides": ("overrides", ""), "trial": ("trial", ""), "review_by": ("review_by", ""),
    "found_by": ("found_by", "found_by_end"), "modality": ("", ""),
}  # fmt: skip
_KINDS: Final[dict[Meaning, type]] = {
    "on": tree.OnEvents, "if": tree.If, "then": tree.Then, "require": tree.Require, "in": tree.InPlaces,
    "responsible": tree.Responsible, "every": tree.Every, "cooldown": tree.Cooldown, "overrides": tree.Overrides,
    "trial": tree.Trial, "review_by": tree.ReviewBy, "found_by": tree.FoundBy, "modality": tree.Modality,
}  # fmt: skip
#: What says when a rule acts.
_NARROWING: Final[frozenset[Meaning]] = frozenset({"on", "if", "in"})
#: Columns whose words are added to the content where there is no column of contents, or beside it.
_WORDS: Final[tuple[Meaning, ...]] = ("content", "penalty")
#: The parts of a process table that together say what a rule says.
_PROCESS: Final[tuple[Meaning, ...]] = ("category", "response", "solution", "authority", "priority")
_NOT_READ: Final = Bilingual("{place} does not read as a clause: {problem}", "{place} 不能读作子句:{problem}")
_GRADES: Final[dict[Outcome, Grade]] = {"drafted": "exact", "found": "exact", "partly": "approximate", "todo": "not"}
_WHY: Final[dict[Outcome, Bilingual]] = {
    "drafted": PLAIN,
    "found": Bilingual("people judge it: `found by`", "由人认定"),
    "partly": Bilingual("a part is left as `todo`", "一部分留作待办"),
    "todo": Bilingual("left as `todo`", "留作待办"),
}
_NO_RULE: Final = Bilingual("no rule of its own", "不是单独的规则")
_WANTED: Final = Bilingual("rules", "规则")
_LOOKED: Final = Bilingual(
    "Looked for: numbered or listed paragraphs, or a table of two columns.",
    "寻找的是:带编号或列表符号的段落,或两列的表格。",
)


def import_table(data: bytes, file: str, language: Language | None, title: str, columns: str | None) -> Imported:
    """The rulebook of the tables in a file. `Refused` when it cannot be read, or holds no table of rules."""
    tables = read_tables(data, file, columns)
    rows = [read for table in tables.tables for read in _read(table)]
    draft = draft_table([said for _, _, said, _ in rows], language, title)
    account = Account()
    account.notes += tables.notes
    diagnostics: list[Diagnostic] = list(tables.diagnostics)
    rules: dict[str, tree.Rule] = {}
    for (number, place, said, clauses), drafted in zip(rows, draft.rows, strict=True):
        changed, problems = _with_clauses(drafted.rule, clauses)
        rules[drafted.rule.id.text] = changed
        outcome: Outcome = drafted.outcome
        assumed = drafted.assumed
        if _spelt_out(clauses, problems):
            outcome, assumed = "drafted", ()
        elif problems and (outcome != "todo" or len(problems) < len(clauses)):
            outcome = "partly"
        why = joined([one for one in (_WHY[outcome], *problems, *assumed) if one.en])
        value = short(said.content or said.name)
        account.add(Carried(number, place, value, _GRADES[outcome], why, drafted.rule.id.text))
    for skipped in tables.skipped:
        account.add(Carried(skipped.number, skipped.place, short(skipped.text), "not", skipped.why))
    return Imported(_replaced(draft, rules), account, tuple(diagnostics))


def import_prose(text: str, file: str, language: Language | None, title: str) -> Imported:
    """The rulebook of a document whose rules are numbered or listed. `Refused` when it holds none."""
    found = split(text)
    if not found.rows:
        raise refused(NOTHING_FOUND, file=file, wanted=_WANTED, looked=_LOOKED)
    draft = draft_prose(text, language, title)
    account = Account()
    for place, (row, drafted) in enumerate(zip(found.rows, draft.rows, strict=True), 1):
        why = joined([one for one in (_WHY[drafted.outcome], *drafted.assumed) if one.en])
        value = short(row.content or row.name)
        account.add(Carried(place, row.id or str(place), value, _GRADES[drafted.outcome], why, drafted.rule.id.text))
    for words in found.skipped:
        account.add(Carried(len(found.rows) + 1, "", short(words), "not", _NO_RULE))
    return Imported(draft.file, account)


# --- rows ------------------------------------------------------------------------------------------------------


#: Where a rule stands, its cells in words, and those that are clauses: the text of each and where it stands.
_Read = tuple[int, str, Row, dict[Meaning, tuple[str, str]]]


def _read(table: Table) -> list[_Read]:
    if table.matrix is None:
        return [(row.number, row.at(), *_row(row)) for row in table.rows]
    found: list[_Read] = []
    for one in table.matrix.cells:
        # What stands in the middle says what holds for both of its labels.
        name = f"{one.row.shown.strip()} × {one.column.shown.strip()}"
        said = Row("", name, one.value.shown.strip(), heading=table.title)
        found.append((one.value.row, f"{table.sheet}!{one.value.place}", said, {}))
    return found


def _row(row: TableRow) -> tuple[Row, dict[Meaning, tuple[str, str]]]:
    """The cells of a rule in words, and those that are clauses: the text of each and where it stands."""
    content = "\n".join(text for one in _WORDS if (text := row.text(one)))
    name = row.text("name") or row.text("category")
    if not row.text("content") and any(row.text(one) for one in _PROCESS):
        parts = (row.text(one) for one in ("response", "solution", "authority", "priority"))
        content = ",".join(part for part in parts if part)
    scope = row.text("scope")
    if excluded := row.text("except"):
        scope = f"{scope},{excluded}除外" if scope else f"{excluded}除外"
    clauses = {one: (text, row.at(one)) for one in _CLAUSES if (text := row.text(one))}
    return Row(row.text("number"), name, content, scope, row.text("effective"), row.section), clauses


def _with_clauses(rule: tree.Rule, clauses: dict[Meaning, tuple[str, str]]) -> tuple[tree.Rule, list[Bilingual]]:
    """The rule with the clauses that its cells spell out in place of those drafted; what does not read is left out."""
    kept = list(rule.clauses)
    problems: list[Bilingual] = []
    unread: set[Meaning] = set()
    table = keyword_table()
    for meaning, (text, place) in clauses.items():
        opening, ending = _CLAUSES[meaning]
        first = table.spell(opening, "en") if opening else ""
        last = table.spell(ending, "en") if ending else ""
        lines = [" ".join(part for part in (first, line, last) if part) for line in text.split("\n")]
        source = Source(place, "rule 1\n" + "".join(f"  {line}\n" for line in lines))
        read, diagnostics = parse(source)
        wrong = next((one for one in diagnostics if one.severity == "error"), None)
        made = next((one for one in read.declarations if isinstance(one, tree.Rule)), None)
        if wrong is not None or made is None or not made.clauses:
            told = Bilingual(wrong.text("en"), wrong.text("zh")) if wrong is not None else PLAIN
            problems.append(filled(_NOT_READ, place=place, problem=told))
            unread.add(meaning)
            kept.append(tree.Todo(tree.Text(text, rule.span), rule.span))
            continue
        kind = _KINDS[meaning]
        kept = [one for one in kept if not isinstance(one, kind)]
        kept += made.clauses
    if unread & _NARROWING:
        # Without what narrows it the rule would act on everything.
        kept = [one for one in kept if not isinstance(one, tree.Then | tree.Require)]
    if "found_by" not in clauses and {"on", "if", "every"} & clauses.keys():
        # What is judged on events is not found by people.
        kept = [one for one in kept if not isinstance(one, tree.FoundBy)]
    if _spelt_out(clauses, problems):
        # Words that were not understood beside what the cells spell out are its content.
        kept = [one for one in kept if not isinstance(one, tree.Todo)]
    return replace(rule, clauses=tuple(kept)), problems


def _spelt_out(clauses: dict[Meaning, tuple[str, str]], problems: list[Bilingual]) -> bool:
    """Whether the cells say the whole rule in the language."""
    return not problems and {"if", "then"} <= clauses.keys()


def _replaced(draft: Draft, rules: dict[str, tree.Rule]) -> tree.File:
    declarations = tuple(
        rules.get(one.id.text, one) if isinstance(one, tree.Rule) else one for one in draft.file.declarations
    )
    return replace(draft.file, declarations=declarations)
