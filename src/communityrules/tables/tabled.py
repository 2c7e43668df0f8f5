"""A stranger's table of rules, or rules in prose, as a rulebook: what its words clearly say becomes clauses.

Cells of columns that are named like clauses are read as the language, each told of at its own cell; everything else is
drafted from its words. Every row that says something is in the account.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from communityrules.diagnostics.message import Bilingual, Language
from communityrules.diagnostics.source import Source
from communityrules.language import tree
from communityrules.language.keywords import keyword_table
from communityrules.language.parse import parse
from communityrules.tables import making
from communityrules.tables.carried import PLAIN, Account, Carried, Grade, filled, joined, short
from communityrules.tables.dealing.tabling import Dealt, Numbers
from communityrules.tables.drafting.draft import Outcome
from communityrules.tables.drafting.tabling import Row, draft_table, together
from communityrules.tables.drafting.text import language_of
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
#: Columns that say what to look for in messages.
_SOUGHT: Final[frozenset[Meaning]] = frozenset({"words", "pattern"})
#: Columns whose words are added to the content where there is no column of contents, or beside it.
_WORDS: Final[tuple[Meaning, ...]] = ("content", "penalty")
#: Columns that say something of a rule without being a clause, for a row that has no content.
_ELSE: Final[tuple[Meaning, ...]] = (
    "category", "response", "solution", "authority", "priority", "words", "pattern", "replacement", "points", "reason",
    "example", "note",
)  # fmt: skip
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
    rows = [one for table in tables.tables if table.kind == "rules" for one in _rows(table)]
    spoken = language or _language(tables.tables)
    draft = draft_table([one.said for one in rows], spoken, title)
    account = Account()
    account.notes += tables.notes
    rules: dict[str, tree.Rule] = {}
    words_only: set[str] = set()
    for one, drafted in zip(rows, draft.rows, strict=True):
        changed, problems = _with_clauses(drafted.rule, one.clauses)
        rules[drafted.rule.id.text] = changed
        words_only.update(rule.id.text for rule in (drafted.rules[1:] if one.clauses else drafted.rules))
        outcome: Outcome = drafted.outcome
        assumed = drafted.assumed
        if _spelt_out(one.clauses, problems):
            outcome, assumed = "drafted", ()
        elif problems and (outcome != "todo" or len(problems) < len(one.clauses)):
            outcome = "partly"
        why = joined([said for said in (_WHY[outcome], *problems, *assumed) if said.en])
        value = short(one.said.content or one.said.name)
        account.add(Carried(one.number, one.place, value, _GRADES[outcome], why, drafted.rule.id.text))
    declared = [rules.get(one.id.text, one) if isinstance(one, tree.Rule) else one for one in draft.file.declarations]
    taken = {one.name.text for one in declared if isinstance(one, tree.Definition | tree.GroupDeclaration)}
    numbers = Numbers({one.id.text for one in declared if isinstance(one, tree.Rule)}, taken)
    others: list[tree.Declaration] = []
    for table in tables.tables:
        if table.kind != "rules":
            dealt = _dealt(table, spoken, numbers)
            others += dealt.declarations
            account.items += dealt.accounts
    for skipped in tables.skipped:
        account.add(Carried(skipped.number, skipped.place, short(skipped.text), "not", skipped.why))
    return Imported(
        replace(draft.file, declarations=_put_together(declared, (*numbers.definitions.values(), *others))),
        account,
        tables.diagnostics,
        frozenset(words_only),
    )


def import_prose(text: str, file: str, language: Language | None, title: str) -> Imported:
    """The rulebook of a document whose rules are numbered or listed. `Refused` when it holds none."""
    # Tables are read without it.
    from communityrules.tables.drafting.prose import draft_prose, split

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
    drafted_ids = frozenset(rule.id.text for one in draft.rows for rule in one.rules)
    return Imported(draft.file, account, drafted=drafted_ids)


# --- rows ------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Read:
    """One row of a table of rules."""

    number: int
    place: str
    #: Its cells in words.
    said: Row
    #: Those that are clauses: the text of each and where it stands.
    clauses: dict[Meaning, tuple[str, str]]


def _rows(table: Table) -> Iterator[_Read]:
    named: frozenset[Meaning | None] = frozenset()
    columns = None
    for row in table.rows:
        if row.columns is not columns:
            columns, named = row.columns, frozenset(one.meaning for one in row.columns)
        yield _row(row, named)


def _row(row: TableRow, named: frozenset[Meaning | None]) -> _Read:
    """What a row holds; `named`: what its columns are."""
    content = "\n".join([text for one in _WORDS if one in named and (text := row.text(one))])
    name = row.text("name") or row.text("category")
    clauses = {
        one: (text, row.at(one)) for one in _CLAUSES if one in named and (text := row.text(one))
    } if not named.isdisjoint(_CLAUSES) else {}  # fmt: skip
    if "if" not in clauses and not named.isdisjoint(_SOUGHT) and (found := _looked_for(row)) is not None:
        clauses = {"on": ("message, edit", found[1]), **clauses, "if": found}
        clauses = {one: clauses[one] for one in _CLAUSES if one in clauses}
    plain = not content
    if plain:
        # Nothing that is written in a row may be lost, whatever its columns are.
        content = "; ".join(_headed(row, name))
    said = Row(row.text("number"), name, content, _scope(row), row.text("effective"), row.section, plain)
    return _Read(row.number, row.at(), said, clauses)


#: What parts the words of a cell.
_BETWEEN: Final = re.compile(r"[\n、,;|\uff0c\uff1b]")


def _looked_for(row: TableRow) -> tuple[str, str] | None:
    """The condition of a row that lists words or gives a pattern, and where it stands."""
    listed = [word.strip() for word in _BETWEEN.split(row.text("words")) if any(char.isalnum() for char in word)]
    if listed:
        words = ", ".join(f'"{_bare(word)}"' for word in dict.fromkeys(listed))
        return f"message.text contains any of ({words})", row.at("words")
    pattern = row.text("pattern")
    if pattern and "\n" not in pattern:
        slashed = (
            pattern if pattern[0] == pattern[-1] == "/" and len(pattern) > 2 else f"/{pattern.replace('/', '[/]')}/"
        )
        return f"message.text matches {slashed}", row.at("pattern")
    return None


def _bare(word: str) -> str:
    """A word without what would end it in a text of the language."""
    return word.replace("\\", " ").replace('"', " ").strip()


def _headed(row: TableRow, name: str) -> list[str]:
    """The cells of a row with their headings, but for the name and number that it has already."""
    found = []
    for column in row.columns:
        cell = row.cells.get(column.number)
        text = "" if cell is None else " ".join(cell.shown.split())
        if text and text != name and (column.meaning is None or column.meaning in _ELSE):
            found.append(f"{column.heading.strip()}: {text}" if column.heading.strip() else text)
    return found


def _scope(row: TableRow) -> str:
    """Whom a row speaks of, with those whom another column leaves out, in the language of the words."""
    scope, excluded = row.text("scope"), row.text("except")
    if not excluded:
        return scope
    if language_of(f"{scope} {excluded}") == "zh":
        return f"{scope},{excluded}除外" if scope else f"{excluded}除外"
    return f"{scope} except {excluded}" if scope else f"everyone except {excluded}"


def _language(tables: Iterable[Table]) -> Language:
    """The language that most of the words of some tables are in."""
    words = []
    for table in tables:
        words += [cell.shown for row in table.rows for cell in row.cells.values()]
        if table.matrix is not None:
            words += [part.shown for one in table.matrix.cells for part in (one.row, one.column, one.value)]
    return language_of(" ".join(words))


def _dealt(table: Table, language: Language, numbers: Numbers) -> Dealt:
    """A table whose rows are no rules in words becomes a `table`."""
    # Most files hold no such table.
    from communityrules.tables.dealing.matrices import counts_offences, deal_with, deal_with_ladders
    from communityrules.tables.dealing.process import deal

    if table.matrix is None:
        return deal(table, language, numbers)
    if counts_offences(table.matrix):
        return deal_with_ladders(table, table.matrix, language, numbers)
    return deal_with(table, table.matrix, language, numbers)


def _put_together(
    drafted: Iterable[tree.Declaration], others: Iterable[tree.Declaration]
) -> tuple[tree.Declaration, ...]:
    """The header, what is declared, rules and tables: each declaration once, fields of one event in one place."""
    rules = (tree.Rule, tree.Table)
    fields: dict[str, list[tree.FieldDeclaration]] = {}
    rest: list[tree.Declaration] = []
    acting: list[tree.Declaration] = []
    for one in (*drafted, *others):
        if isinstance(one, tree.MemberFields | tree.EventType):
            known = fields.setdefault(one.name.text if isinstance(one, tree.EventType) else "", [])
            known += [new for new in one.fields if all(old.name.text != new.name.text for old in known)]
        elif isinstance(one, rules):
            acting.append(one)
        else:
            rest.append(one)
    made: list[tree.Declaration] = [
        tree.EventType(making.name(name), tuple(found), making.NOWHERE) if name
        else tree.MemberFields(tuple(found), making.NOWHERE)
        for name, found in fields.items()
    ]  # fmt: skip
    head = [one for one in rest if isinstance(one, tree.Header)]
    return (*head, *together([one for one in (*rest, *made) if not isinstance(one, tree.Header)]), *acting)


def _with_clauses(rule: tree.Rule, clauses: dict[Meaning, tuple[str, str]]) -> tuple[tree.Rule, list[Bilingual]]:
    """The rule with the clauses that its cells spell out in place of those drafted; what does not read is left out."""
    if not clauses:
        return rule, []
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
    kept.sort(key=lambda one: isinstance(one, tree.Todo))
    return replace(rule, clauses=tuple(kept)), problems


def _spelt_out(clauses: dict[Meaning, tuple[str, str]], problems: list[Bilingual]) -> bool:
    """Whether the cells say the whole rule in the language."""
    return not problems and {"if", "then"} <= clauses.keys()
