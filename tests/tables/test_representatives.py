"""A few rules stand for thousands that are alike, and nothing that `check` refuses is lost with the others."""

from __future__ import annotations

from communityrules.checker.check import check
from communityrules.diagnostics.source import Source
from communityrules.language import tree
from communityrules.language.parse import parse
from communityrules.tables.carried import Account
from communityrules.tables.drafting.tabling import Row, draft_table
from communityrules.tables.imported import Imported
from communityrules.tables.likeness import representatives
from communityrules.tables.writing import write


def book(*clauses: str) -> tree.File:
    rules = "".join(f'rule {number} "R"\n  must\n  {one}\n' for number, one in enumerate(clauses, 1))
    return parse(Source("book", f'rulebook "T"\n{rules}'))[0]


def kept(file: tree.File, *drafted: str) -> list[str]:
    few = representatives(file, frozenset(drafted))
    assert few is not None
    return [one.id.text for one in few.declarations if isinstance(one, tree.Rule)]


def test_rules_with_the_same_clauses_are_looked_at_twice() -> None:
    file = book(*(f'content "Words {one}"\n  found by staff' for one in range(300)))
    assert kept(file) == ["1", "2"]


def test_rules_that_people_wrote_differ_by_each_number() -> None:
    clauses = [f"on message\n  if message.length > {one + 2}\n  then delete" for one in range(300)]
    assert len(kept(book(*clauses))) == 300
    assert kept(book(*clauses), *map(str, range(1, 301))) == ["1"]


def test_a_number_of_unusual_size_is_looked_at() -> None:
    clauses = [f"on message\n  if message.length > {one + 2}\n  then delete" for one in range(300)]
    clauses[200] = "on message\n  if message.length > 0\n  then delete"
    assert kept(book(*clauses), *map(str, range(1, 301))) == ["1", "201"]


def test_a_small_rulebook_is_looked_at_whole() -> None:
    assert representatives(book("found by staff", "found by staff")) is None


def test_an_error_among_thousands_is_mended() -> None:
    clauses = [f'content "Words {one}"\n  on message\n  if message.length > 5\n  then delete' for one in range(300)]
    clauses[250] = "on message\n  if message.nonsense > 5\n  then delete"
    written = write(Imported(book(*clauses), Account()), "en", "book", warnings=False)
    assert written.todos == 1
    assert check(Source("book", written.text)).rulebook is not None


def test_what_is_drafted_passes_check_whole() -> None:
    rows = [
        Row(
            str(one), f"Rule {one}",
            f"At most {one % 20 + 1} posts a {'hour' if one % 2 else 'day'}. Feedback is answered within "
            f"{one % 40 + 2} hours. No {('advertising', 'insults', 'spam')[one % 3]}. "
            f"First offence is a warning, the second a "
            f"{one % 9 + 1} day mute, the third a ban.",
        )
        for one in range(1, 301)
    ]  # fmt: skip
    draft = draft_table(rows, "en", "T")
    drafted = frozenset(rule.id.text for one in draft.rows for rule in one.rules)
    written = write(Imported(draft.file, Account(), drafted=drafted), "en", "book", warnings=False)
    assert check(Source("book", written.text)).rulebook is not None


def process_table(rows: int, odd: str = "") -> tree.File:
    about = "".join(f'define about_{one} as message.text contains "matter {one}"\n' for one in range(rows))
    cells = "".join(
        f"  | {one} | {odd if odd and one == rows - 1 else f'about_{one}'} | reply within 2 hours |\n"
        for one in range(rows)
    )
    head = "table matters on complaint, first match\n  must\n  responsible staff\n  | rule | if | require |\n"
    return parse(Source("book", f'rulebook "T"\n{about}{head}{cells}'))[0]


def test_rows_that_ask_in_the_same_way_are_looked_at_twice() -> None:
    few = representatives(process_table(300))
    assert few is not None
    tables = [one for one in few.declarations if isinstance(one, tree.Table)]
    assert [len(one.rows) for one in tables] == [2]
    assert sum(isinstance(one, tree.Definition) for one in few.declarations) == 2


def test_an_error_in_one_row_of_hundreds_is_mended() -> None:
    file = process_table(300, odd="message.nonsense > 5")
    written = write(Imported(file, Account()), "en", "book", warnings=False)
    assert written.todos == 1
    assert check(Source("book", written.text)).rulebook is not None
