"""A matrix as a `table`: each of its cells says what holds for a row and a column together, and is a rule."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, Literal

from communityrules.diagnostics.message import Bilingual, Language
from communityrules.frozen import dataclass
from communityrules.language import tree
from communityrules.tables import making
from communityrules.tables.carried import Carried, Grade, filled, joined, short
from communityrules.tables.dealing import cells
from communityrules.tables.dealing.axes import Side, kind_of, sides
from communityrules.tables.dealing.owners import owners_of
from communityrules.tables.dealing.process import assign, event_of
from communityrules.tables.dealing.tabling import Dealt, Making, Numbers, table_of
from communityrules.tables.drafting import said
from communityrules.tables.drafting.draft import draft_rule
from communityrules.tables.drafting.text import even
from communityrules.tables.making import NOWHERE
from communityrules.tables.sheets.found import Matrix, MatrixCell, Table

Mark = Literal["allow", "delete", "hold", "unsure"]

_YES: Final = frozenset({"是", "√", "✓", "✔", "✅", "○", "◯", "yes", "y", "有", "x", "v", "●"})
_NO: Final = frozenset({"否", "×", "✗", "✘", "❌", "no", "n"})
_MARKS: Final[dict[Mark, str]] = {
    "allow": (
        "可|可以|允许|可发|可发布|准许|许可|放行|通过|开放|不限|无限制|allow|allowed|ok|okay|permitted|permit|fine|open|may|can|"
        "unrestricted"
    ),
    "delete": (
        "不可|不可以|不允许|禁止|不得|不能|不准|严禁|删除|不可发|禁止发布|deny|denied|forbidden|prohibited|"
        "not allowed|disallowed|banned|never|may not|cannot|delete|deleted|remove|removed|block|blocked|not permitted"
    ),
    "hold": (
        "需审核|须审核|审核|先审后发|需审批|审批|须审批|送审|待审|审核后发布|需要审核|review|reviewed|needs review|"
        "review first|approval|needs approval|requires approval|with approval|hold|held|moderated|pre-moderated|"
        "on approval|after review"
    ),
}
_BY_MARK: Final[dict[str, Mark]] = {one: mark for mark, words in _MARKS.items() for one in words.split("|")}
_FORBIDS: Final = re.compile(r"禁止|禁发|不得|forbidden|prohibit|banned|not allowed")
_REVIEWS: Final = re.compile(r"审核|审批|review|approv|moderat")
_LEVELS: Final = re.compile(r"优先|紧急|级别|priority|urgency|level")
_OWNERS: Final = re.compile(r"负责|责任|处理人|由谁|权限|归属|\bwho\b|owner|responsib|assign|handled")
_SANCTION: Final = re.compile(
    r"警告|禁言|移出|踢|封|删除|扣|提醒|warn|mute|kick|ban|delet|remov|suspen|remind|timeout|time-out|points?\b"
)

_DONE: Final = Bilingual("a row of table `{table}`", "成为表 `{table}` 的一行")
_TODO: Final = Bilingual("left as `todo`", "留作待办")
_PERMITS: Final = Bilingual("a yes means that it is allowed, a no that it is deleted", "“是”即允许,“否”即删除")
_NOTHING: Final = Bilingual("it says that nothing holds", "没有规定")
_ASKED: Final = Bilingual("it is about what comes as `{event}`", "所指的是 `{event}` 事件")
_BESIDE: Final = Bilingual("a rule of its own, as people judge it", "由人认定,因此单独成为规则")
#: What parts the steps of a ladder.
_SIGN, _SIGN_PLAIN = "；", "; "


@dataclass(frozen=True, slots=True)
class _Value:
    """What a cell says, as clauses."""

    clauses: tuple[tree.Clause, ...] = ()
    needs: tuple[tree.Declaration, ...] = ()
    assumed: tuple[Bilingual, ...] = ()
    #: Nothing of it was understood.
    unread: bool = False
    #: It says that there is nothing to do.
    empty: bool = False


def deal_with(table: Table, matrix: Matrix, language: Language, numbers: Numbers) -> Dealt:
    """The `table` of a matrix: a row for each cell that says something, in the order of the matrix.

    Where most cells were not understood each row of the matrix is one rule that is left to do.
    """
    about_messages = _about_messages(matrix)
    event = "message" if about_messages else event_of(table)
    heads = [one for one in (matrix.row_axis, matrix.column_axis, table.title) if one]
    values = _values([one.value.shown.strip() for one in matrix.cells], event, " ".join(heads), language)
    said_there = [value for one in matrix.cells if not (value := values[one.value.shown.strip()]).empty]
    if sum(one.unread for one in said_there) * 2 >= len(said_there):
        return _unread(table, matrix, language, numbers)
    rows = _labels(matrix, across=False)
    columns = _labels(matrix, across=True)
    along = dict(zip(rows, sides(matrix.row_axis, list(rows.values()), event, language, numbers), strict=True))
    over = dict(zip(columns, sides(matrix.column_axis, list(columns.values()), event, language, numbers), strict=True))
    dealt = Dealt()
    name = numbers.name(table.title, language)
    notes: list[Bilingual] = [] if event == "message" else [filled(_ASKED, event=event)]
    made: list[Making] = []
    for one in matrix.cells:
        value = values[one.value.shown.strip()]
        if value.empty:
            dealt.accounts.append(_account(table, one, None, "exact", _NOTHING))
            continue
        row = _row(one, value, along[one.row.row], over[one.column.column], numbers)
        made.append(row)
        for part in (along[one.row.row], over[one.column.column]):
            dealt.declarations += part.needs
            notes += part.assumed
        dealt.declarations += value.needs
        notes += value.assumed
        why = [filled(_DONE, table=name), *([_TODO] if row.todos else [])]
        grade: Grade = "exact" if not row.todos else "approximate" if value.clauses else "not"
        dealt.accounts.append(_account(table, one, row.id, grade, joined(why)))
    owed = any(one.has(tree.Require) and not one.has(tree.Then) for one in made)
    head: tuple[tree.Clause, ...] = ()
    if owed:
        note = making.layout(said.assumed_of(said.OWNER, language))
        head = (tree.Responsible(making.name("staff"), NOWHERE, note),)
    dealt.declarations.append(table_of(name, event, made, language, clauses=head, notes=notes))
    return dealt


def _labels(matrix: Matrix, *, across: bool) -> dict[int, str]:
    """The labels of one side by their column or row."""
    if across:
        return {one.column.column: one.column.shown.strip() for one in matrix.cells}
    return {one.row.row: one.row.shown.strip() for one in matrix.cells}


def _row(one: MatrixCell, value: _Value, along: Side, over: Side, numbers: Numbers) -> Making:
    words = one.value.shown.strip()
    name = f"{along.label} × {over.label}"
    made = Making(numbers.given(""), name, f"{along.label} · {over.label} · {words}")
    conditions = [part.condition for part in (along, over) if part.condition is not None]
    if conditions:
        made.clauses.append(tree.If(making.every(*conditions), NOWHERE))
    strange = [part.label for part in (along, over) if not part.understood]
    if strange or value.unread:
        # What is not known to narrow it would widen it.
        made.todos.append(f"{' × '.join(strange or [name])}: {words}")
    if not strange:
        made.clauses += value.clauses
    return made


def _account(table: Table, one: MatrixCell, rule: str | None, grade: Grade, why: Bilingual) -> Carried:
    value = short(f"{one.row.shown.strip()} × {one.column.shown.strip()}: {one.value.shown.strip()}")
    return Carried(one.value.row, f"{table.sheet}!{one.value.place}", value, grade, why, rule)


def _unread(table: Table, matrix: Matrix, language: Language, numbers: Numbers) -> Dealt:
    dealt = Dealt()
    by_row: dict[int, list[MatrixCell]] = {}
    for one in matrix.cells:
        by_row.setdefault(one.row.row, []).append(one)
    name = numbers.name(table.title, language)
    made = []
    for said_there in by_row.values():
        label = said_there[0].row
        row = Making(numbers.given(""), f"{matrix.row_axis} {label.shown.strip()}".strip(), "")
        if beside := matrix.beside.get(label.row):
            row.clauses.append(tree.Content(making.text(beside), NOWHERE))
        row.todos = [f"{one.column.shown.strip()}: {one.value.shown.strip()}" for one in said_there]
        made.append(row)
        why = joined([filled(_DONE, table=name), _TODO])
        dealt.accounts += [_account(table, one, row.id, "not", why) for one in said_there]
    dealt.declarations.append(table_of(name, "message", made, language, first_match=False))
    return dealt


# --- values --------------------------------------------------------------------------------------------------


def _about_messages(matrix: Matrix) -> bool:
    """Whether the cells say what becomes of messages, rather than who answers, when and how urgently."""
    service = message = 0
    for one in matrix.cells:
        text = one.value.shown.strip()
        if cells.deadlines(text, "reply") or cells.priority_of(text, bare=False) is not None:
            service += 1
        elif _mark(text, "") is not None or _SANCTION.search(even(text)):
            message += 1
    return message > service


def _values(texts: Sequence[str], event: str, heads: str, language: Language) -> dict[str, _Value]:
    """Each different cell, read once. `heads`: what the table and its corner are called."""
    first = cells.scale_of(texts)
    met = cells.met_of_head(heads, "reply")
    if event == "message":
        return {one: _of_message(one, heads, language) for one in dict.fromkeys(texts)}
    return {one: _of_matter(one, met, first, even(heads), language) for one in dict.fromkeys(texts)}


def _of_matter(words: str, met: cells.Met, first: int, heads: str, language: Language) -> _Value:
    """How something that is asked is dealt with. Numbers are levels, and words are names, only where `heads` say so."""
    bare, who = _LEVELS.search(heads) is not None, _OWNERS.search(heads) is not None
    if cells.says_nothing(words):
        return _Value(empty=True)
    due = cells.deadlines(words, met)
    if due is not None and len(due) == 1:
        needs = (cells.working_days(language),) if due[0].length.working else ()
        assumed = (said.WORKDAYS if language == "zh" else said.WORKDAYS_PLAIN,) if needs else ()
        return _Value((due[0].clause(language),), needs, assumed)
    level = cells.priority_of(words, first, bare=bare)
    if level is not None:
        return _Value((tree.Then((assign("staff", level),), NOWHERE),))
    owners = owners_of(words, language)
    known = owners.first is not None and (owners.first.known or who)
    if owners.first is not None and known and not owners.left and owners.late is None:
        then = tree.Then((assign(owners.first.group, None),), NOWHERE)
        return _Value((then,), owners.first.needs, owners.first.assumed)
    return _Value(unread=True)


def _mark(words: str, heads: str) -> Mark | None:
    plain = even(words).strip(" .。!")
    known = _BY_MARK.get(plain)
    if known is not None:
        return known
    if plain in _YES or plain in _NO:
        yes = plain in _YES
        if _FORBIDS.search(even(heads)):
            return "delete" if yes else "allow"
        if _REVIEWS.search(even(heads)):
            return "hold" if yes else "allow"
        return "allow" if yes else "delete"
    return None


def _of_message(words: str, heads: str, language: Language) -> _Value:
    """What becomes of a message."""
    mark = _mark(words, heads)
    plain = even(words).strip()
    if mark is not None:
        action = making.action("hold", making.path("staff")) if mark == "hold" else making.action(mark)
        modality: tree.Clause = tree.Modality("must_not" if mark == "delete" else "must", NOWHERE)
        bare = plain in _YES or plain in _NO
        return _Value((modality, tree.Then((action,), NOWHERE)), assumed=(_PERMITS,) if bare else ())
    if cells.says_nothing(words):
        return _Value(empty=True)
    if _SANCTION.search(plain):
        then = _sanction(words, language)
        if then is not None:
            return _Value((tree.Modality("must_not", NOWHERE), then))
    return _Value(unread=True)


def _sanction(words: str, language: Language) -> tree.Then | None:
    """What follows a breach, in the words of a cell."""
    sentence = f"禁止发布广告,违者{words}。" if language == "zh" else f"No advertising. Violators: {words}."
    drafted = draft_rule("1", "", sentence, language=language)
    then = next((one for one in drafted.rule.clauses if isinstance(one, tree.Then)), None)
    if drafted.outcome != "drafted" or len(drafted.rules) != 1 or then is None:
        return None
    return tree.Then(then.consequences, NOWHERE)


def counts_offences(matrix: Matrix) -> bool:
    """Whether the columns count the offences, so that each row is a ladder."""
    return kind_of(matrix.column_axis, list(_labels(matrix, across=True).values())) == "count"


# --- ladders -------------------------------------------------------------------------------------------------


def deal_with_ladders(table: Table, matrix: Matrix, language: Language, numbers: Numbers) -> Dealt:
    """The `table` of a matrix whose columns count offences: each row is a rule with a penalty of its own.

    What only people can tell stands in rules beside it.
    """
    by_row: dict[int, list[MatrixCell]] = {}
    for one in matrix.cells:
        by_row.setdefault(one.row.row, []).append(one)
    dealt = Dealt()
    made: list[Making] = []
    beside: list[tree.Declaration] = []
    notes: list[Bilingual] = []
    name = numbers.name(table.title, language)
    for steps in by_row.values():
        label = steps[0].row.shown.strip()
        said_there = (_SIGN if language == "zh" else _SIGN_PLAIN).join(
            f"{one.column.shown.strip()}: {one.value.shown.strip()}"
            for one in steps if not cells.says_nothing(one.value.shown)
        )  # fmt: skip
        number = numbers.given("")
        forbidden = f"禁止{label}。{said_there}。" if language == "zh" else f"No {label}. {said_there}."
        drafted = draft_rule(number, label, forbidden, language=language)
        content = tree.Content(making.text(f"{label}: {said_there}"), NOWHERE)
        kept = [one for one in drafted.rule.clauses if isinstance(one, tree.If | tree.Then)]
        acts = len(drafted.rules) == 1 and drafted.outcome == "drafted" and len(kept) == 2
        if acts and "message" in _heard(drafted.rule):
            row = Making(number, label, f"{label} · {said_there}", [content, tree.Modality("must_not", NOWHERE), *kept])
            made.append(row)
            notes += drafted.assumed
            grade: Grade = "exact"
            why = filled(_DONE, table=name)
        else:
            rest = tuple(content if isinstance(one, tree.Content) else one for one in drafted.rule.clauses)
            beside += [tree.Rule(drafted.rule.id, drafted.rule.name, rest, NOWHERE, drafted.rule.layout)]
            beside += drafted.rules[1:]
            grade = "exact" if drafted.outcome in ("drafted", "found") else "approximate"
            grade = "not" if drafted.outcome == "todo" else grade
            why = joined([_BESIDE, *drafted.assumed] if grade == "exact" else [_BESIDE, _TODO])
        dealt.declarations += drafted.declarations
        dealt.accounts += [_account(table, one, number, grade, why) for one in steps]
    if made:
        clauses = (tree.OnEvents(tuple(map(making.name, ("message", "edit"))), NOWHERE),)
        written = table_of(name, "message", made, language, first_match=False, notes=notes)
        dealt.declarations.append(tree.Table(
            written.name, clauses, False, written.columns, written.rows, NOWHERE, written.layout
        ))  # fmt: skip
    dealt.declarations += beside
    return dealt


def _heard(rule: tree.Rule) -> set[str]:
    return {name.text for one in rule.clauses if isinstance(one, tree.OnEvents) for name in one.events}
