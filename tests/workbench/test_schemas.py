"""The published schemas are up to date, and real rulebooks fit theirs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from communityrules import load
from communityrules.checker import canonical
from communityrules.workbench.schemas import published, rulebook_schema, write

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "docs" / "reference" / "schemas"
BOOKS = [
    # What they share stands a folder deeper, and not all of it stands alone.
    *sorted((ROOT / "examples").glob("*/*.rules")),
    ROOT / "tests" / "cli" / "data" / "club.rules",
    *sorted((ROOT.parent / "shared" / "language").glob("tour.*.rules")),
]


@pytest.mark.parametrize("name", sorted(published()))
def test_the_published_schemas_are_up_to_date(name: str) -> None:
    text = (FOLDER / name).read_text(encoding="utf-8")
    assert text == published()[name], "run `python -m communityrules.workbench.schemas`"
    Draft202012Validator.check_schema(json.loads(text))


def test_writing_them_gives_what_is_published(tmp_path: Path) -> None:
    write(tmp_path)
    assert {one.name: one.read_text(encoding="utf-8") for one in tmp_path.iterdir()} == published()


@pytest.mark.parametrize("book", BOOKS, ids=lambda one: one.name)
def test_rulebooks_fit_their_schema(book: Path) -> None:
    form = json.loads(canonical.dumps(canonical.to_json(load(book).checked)))
    validator = Draft202012Validator(rulebook_schema())
    assert [error.message[:200] for error in validator.iter_errors(form)] == []
    form["rules"][0]["surprise"] = 1
    assert list(validator.iter_errors(form))
