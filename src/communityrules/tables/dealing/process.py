"""A process table as a `table`: who deals with which kind of question, how urgently, and within which time."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from communityrules.diagnostics.message import Bilingual, Language
from communityrules.language import tree
from communityrules.tables import making
from communityrules.tables.carried import Carried, Grade, filled, joined, short
from communityrules.tables.dealing import cells
from communityrules.tables.dealing.axes import ABOUT
from communityrules.tables.dealing.labels import Label, about, equal, label_of
from communityrules.tables.dealing.owners import Owner, owners_of
from communityrules.tables.dealing.tabling import Dealt, Making, Numbers, table_of, text
from communityrules.tables.drafting import said
from communityrules.tables.drafting.text import even
from communityrules.tables.making import NOWHERE
from communityrules.tables.sheets.found import Table, TableRow
from communityrules.tables.sheets.headings import SAID
from communityrules.tables.sheets.words import Meaning

#: What is asked about where the table does not call it a complaint.
_EVENTS: Final[tuple[tuple[str, re.Pattern[str]], ...]] = (
    ("complaint", re.compile(r"投诉|complain")),
    ("report", re.compile(r"举报|\b(?:abuse )?reports?\b")),
    ("feedback", re.compile(r"反馈|建议|意见|咨询|提问|feedback|suggestion|enquir|inquir|question")),
)
_WHO: Final[tuple[Meaning, ...]] = ("authority", "responsible")
_SAYS: Final[tuple[Meaning, ...]] = ("solution", "then", "content", "penalty")
#: Columns that say nothing that a rule could do.
_BESIDE: Final[tuple[Meaning, ...]] = ("note", "example", "reason")
#: Columns that are read here; what others say is left in words.
_READ: Final = frozenset({"number", "name", "category", "response", "require", "priority", *_WHO, *_SAYS, *_BESIDE})
_SETTLED: Final = Bilingual("{name}_settled", "{name}_解决")
_PRIORITY: Final = Bilingual("priority", "优先级")

ASKED: Final = Bilingual(
    "what the table deals with comes as `complaint`, whose category, topic or text tells its kind",
    "表中所处理的事项以 `投诉` 提出,由其类别、话题或文本看出种类",
)
_ASKED_AS: Final[dict[str, Bilingual]] = {
    "complaint": ASKED,
    "feedback": Bilingual(
        "the category, topic or text of a `feedback` tells its kind", "由 `反馈` 的类别、话题或文本看出种类"
    ),
    "report": Bilingual("the category of a `report` tells its kind", "由 `举报` 的类别看出种类"),
}
_SENT: Final = Bilingual(
    "the host says how urgent it is in the field `{field}`", "紧急程度由接入方在字段 `{field}` 中给出"
)
_LEVELS: Final = Bilingual("levels are taken for urgent, high, normal and low", "各级别对应紧急、高、普通、低")
_LONGEST_OF_RANGE: Final = Bilingual("of a range of times the longer counts", "时间为范围时,以较长者为准")
_DONE: Final = Bilingual("a row of table `{table}`", "成为表 `{table}` 的一行")
_PART: Final = Bilingual("a part is left as `todo`: {what}", "一部分留作待办:{what}")
_LAST: Final = Bilingual("it takes what no other row does, and stands last", "其他各行之外的都归此行,因此排在最后")


@dataclass(slots=True)
class _Row:
    """One row while it is read."""

    source: TableRow
    name: str
    label: Label
    making: Making
    owner: Owner | None = None
    priority: cells.Priority | None = None
    due: dict[cells.Met, cells.Deadline] = field(default_factory=dict)
    late: Owner | None = None
    condition: tree.Expression | None = None
    last: bool = False


def deal(table: Table, language: Language, numbers: Numbers) -> Dealt:
    """The `table` of a process table, with a second one for what has to be settled where the table says when.

    Rows keep their order, but for the one that takes everything else, which comes last. What a cell says that was not
    understood is a `todo` of its row.
    """
    event = event_of(table)
    dealt = Dealt()
    notes: list[Bilingual] = [_ASKED_AS[event]]
    first = cells.scale_of([row.text("priority") for row in table.rows])
    finer = _finer(table)
    rows = [_read(row, first, finer, language, notes) for row in table.rows]
    by_level = all(not one.source.text("category") and not _finer_text(one.source, finer) for one in rows)
    declared = _conditions(rows, event, language, notes, numbers, by_level=by_level)
    ordered = [*(one for one in rows if not one.last), *(one for one in rows if one.last)]
    for one in ordered:
        one.making.id = numbers.given(one.source.text("number"))
    name = numbers.name(table.title, language)
    dealt.declarations += declared
    for one in ordered:
        for owner in (one.owner, one.late):
            if owner is not None:
                dealt.declarations += owner.needs
                notes += owner.assumed
    if any(due.length.working for one in rows for due in one.due.values()):
        dealt.declarations.append(cells.working_days(language))
        notes.append(said.WORKDAYS if language == "zh" else said.WORKDAYS_PLAIN)
    made = [_made(one, language) for one in ordered]
    head: tuple[tree.Clause, ...] = ()
    if any(one.has(tree.Require) and not one.has(tree.Then) for one in made):
        head = (tree.Responsible(making.name("staff"), NOWHERE, _comment(said.OWNER, language)),)
    dealt.declarations.append(table_of(name, event, made, language, clauses=head, notes=notes))
    if any(len(one.due) > 1 for one in ordered):
        later = numbers.name(_SETTLED.fill(language, {"name": name}), language)
        dealt.declarations.append(table_of(later, event, _settled(ordered, numbers, language), language))
    for one in rows:
        dealt.accounts.append(_account(one, name))
    return dealt


def event_of(table: Table) -> str:
    """The kind of event that a table is about, by what it and its columns are called."""
    heads = " ".join(column.heading for column in table.columns if column.meaning in ("category", "name"))
    for said_by in (heads, f"{table.title} {table.matrix.row_axis if table.matrix is not None else ''}"):
        for event, looked in _EVENTS:
            if looked.search(even(said_by)):
                return event
    return "complaint"


def _comment(note: Bilingual, language: Language) -> tree.Layout:
    return making.layout(said.assumed_of(note, language))


# --- reading -------------------------------------------------------------------------------------------------


def _read(row: TableRow, scale: int, finer: int, language: Language, notes: list[Bilingual]) -> _Row:
    parts = [row.text("category").strip(), _finer_text(row, finer)]
    name = " · ".join(dict.fromkeys(one for one in parts if one)) or row.text("priority")
    named = parts[1] or parts[0] or row.text("priority")
    words = " · ".join(
        dict.fromkeys(cell.shown.strip() for column in row.columns if (cell := row.cells.get(column.number)) is not None
        and cell.shown.strip() and column.meaning != "number")
    )  # fmt: skip
    one = _Row(row, name, label_of(named), Making("", name, words))
    _who(one, language)
    _when(one, notes)
    _how_urgent(one, scale, notes)
    content = "\n".join(part for meaning in _SAYS if (part := row.text(meaning)))
    if content and not cells.says_nothing(content):
        one.making.clauses.append(tree.Content(text(content), NOWHERE))
    for column in row.columns:
        if column.meaning is not None and column.meaning not in _READ and (said_there := row.text(column.meaning)):
            _left(one, column.meaning, said_there, column.heading)
    return one


def _finer(table: Table) -> int:
    """The column that tells apart rows of one category where the table has no column of names; 0 for none."""
    kinds = [row.text("category") for row in table.rows]
    if table.column("name") is not None or len(set(kinds)) == len(kinds):
        return 0
    for column in table.columns:
        if column.meaning is None:
            texts = [text for row in table.rows if (text := _finer_text(row, column.number))]
            if len(texts) * 2 > len(kinds) and len(set(texts)) == len(texts):
                return column.number
    return 0


def _finer_text(row: TableRow, finer: int) -> str:
    if not finer:
        return row.text("name").strip()
    cell = row.cells.get(finer)
    return "" if cell is None else cell.shown.strip()


def _left(one: _Row, meaning: Meaning, words: str, heading: str = "") -> None:
    """What stays to be written, under the head of its column."""
    column = next((column for column in one.source.columns if column.meaning == meaning), None)
    head = heading or (column.heading if column is not None else "") or SAID[meaning].en
    one.making.todos.append(f"{head}: {words}")


def _who(one: _Row, language: Language) -> None:
    for meaning in _WHO:
        words = one.source.text(meaning)
        if not words or cells.says_nothing(words):
            continue
        found = owners_of(words, language)
        if found.left or found.first is None or (one.owner is not None and one.owner != found.first):
            _left(one, meaning, words)
        one.owner = one.owner or found.first
        one.late = one.late or found.late


def _when(one: _Row, notes: list[Bilingual]) -> None:
    for meaning in ("response", "require"):
        for column in one.source.columns:
            cell = one.source.cells.get(column.number)
            if column.meaning != meaning or cell is None or cells.says_nothing(cell.shown):
                continue
            otherwise = cells.met_of_head(column.heading, "reply" if meaning == "response" else "resolved")
            found = cells.deadlines(cell.shown, otherwise)
            if found is None or any(due.met in one.due for due in found):
                _left(one, column.meaning, cell.shown.strip(), column.heading)
                continue
            one.due.update({due.met: due for due in found})
            if cells.is_range(cell.shown):
                notes.append(_LONGEST_OF_RANGE)


def _how_urgent(one: _Row, scale: int, notes: list[Bilingual]) -> None:
    words = one.source.text("priority")
    if not words or cells.says_nothing(words):
        return
    level = cells.priority_of(words, scale)
    if level is None:
        _left(one, "priority", words)
        return
    one.priority = level
    if cells.is_counted(words):
        notes.append(_LEVELS)


# --- conditions ----------------------------------------------------------------------------------------------


def _conditions(
    rows: Sequence[_Row], event: str, language: Language, notes: list[Bilingual], numbers: Numbers, *, by_level: bool
) -> list[tree.Declaration]:
    """Says of each row when it applies; what must be declared for that."""
    if by_level:
        return _by_level(rows, event, language, notes)
    for one in rows[:-1]:
        one.last = one.label.others
    if rows:
        rows[-1].last = rows[-1].label.others or rows[-1].label.last
    counted = Counter(one.label for one in rows if not one.last)
    declared: list[tree.Declaration] = []

    def matter(label: Label) -> tree.Expression:
        return numbers.defined(about(event, label), ABOUT, label.short, language)

    for one in rows:
        if one.last:
            notes.append(_LAST)
            continue
        one.condition = matter(one.label)
        if counted[one.label] < 2:
            continue
        # Several rows of one kind: its wider kind tells them apart, or how urgent the host says that it is.
        wider = one.source.text("category")
        if one.source.text("name") and wider:
            one.condition = making.every(matter(label_of(wider)), one.condition)
        elif level := one.source.text("priority"):
            declared = [_field(event, _PRIORITY.fill(language, {}))]
            notes.append(_sent(language))
            path = f"{event}.{_PRIORITY.fill(language, {})}"
            one.condition = making.every(equal(path, _level_values(level)), one.condition)
    # One row takes everything else; others of the kind are told by their own words.
    seen = False
    for one in reversed(rows):
        if one.last and seen:
            one.last, one.condition = False, matter(one.label)
        seen = seen or one.last
    return declared


def _by_level(rows: Sequence[_Row], event: str, language: Language, notes: list[Bilingual]) -> list[tree.Declaration]:
    notes.append(_sent(language))
    field_ = _PRIORITY.fill(language, {})
    for one in rows:
        one.condition = equal(f"{event}.{field_}", _level_values(one.source.text("priority")))
    return [_field(event, field_)]


def _level_values(words: str) -> tuple[str, ...]:
    flat = " ".join(words.split())
    pieces = [one.strip() for one in re.split(r"[()（）\[\]/、,，:：]|\s-\s", flat)]
    return tuple(dict.fromkeys(one for one in (flat, *pieces) if one))


def _sent(language: Language) -> Bilingual:
    return filled(_SENT, field=_PRIORITY.fill(language, {}))


def _field(event: str, name: str) -> tree.Declaration:
    return tree.EventType(making.name(event), making.fields([(name, "text")]), NOWHERE)


# --- rows ----------------------------------------------------------------------------------------------------


def _made(one: _Row, language: Language) -> Making:
    """The row of what is done and answered."""
    made = one.making
    made.clauses.append(tree.If(one.condition, NOWHERE))
    group = one.owner.group if one.owner is not None else "staff" if one.priority is not None else ""
    if group:
        made.clauses.append(tree.Then((assign(group, one.priority),), NOWHERE))
    due = one.due.get("reply") or (one.due.get("resolved") if len(one.due) == 1 else None)
    if due is not None:
        made.clauses.append(_due(due, one, language))
    elif one.late is not None:
        made.todos.append(f"→ {one.late.group}")
    return made


def assign(group: str, priority: cells.Priority | None) -> tree.Action:
    """`assign to GROUP priority LEVEL`."""
    arguments = [tree.Argument("", making.path(group), NOWHERE)]
    if priority is not None:
        arguments.append(tree.Argument("priority", making.path(priority), NOWHERE))
    return tree.Action(making.name("assign"), tuple(arguments), (), NOWHERE)


def _due(due: cells.Deadline, one: _Row, language: Language) -> tree.Require:
    clause = due.clause(language)
    if one.late is None:
        return clause
    late = making.action("escalate", making.path(one.late.group))
    return tree.Require(clause.event, None, clause.within, clause.calendar, (late,), NOWHERE)


def _settled(rows: Sequence[_Row], numbers: Numbers, language: Language) -> list[Making]:
    """The rows of what has to be settled besides. What an earlier row takes without that is not theirs."""
    found = []
    taken: list[tree.Expression] = []
    for one in rows:
        if len(one.due) < 2:
            taken += [one.condition] if one.condition is not None else []
            continue
        made = Making(numbers.given(f"{one.making.id}-2"), one.name, "")
        conditions = [*([one.condition] if one.condition is not None else []), *map(making.negated, taken)]
        made.clauses.append(tree.If(making.every(*conditions) if conditions else None, NOWHERE))
        group = one.owner.group if one.owner is not None else "staff"
        made.clauses.append(tree.Responsible(making.name(group), NOWHERE))
        made.clauses.append(_due(one.due["resolved"], one, language))
        found.append(made)
    return found


def _account(one: _Row, table: str) -> Carried:
    why = [filled(_DONE, table=table)]
    if one.making.todos:
        why.append(filled(_PART, what=short("; ".join(one.making.todos))))
    acts = one.owner is not None or one.priority is not None or bool(one.due)
    grade: Grade = "not" if not acts else "approximate" if one.making.todos else "exact"
    return Carried(one.source.number, one.source.at(), short(one.making.words), grade, joined(why), one.making.id)
