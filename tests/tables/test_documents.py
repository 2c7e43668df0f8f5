"""YAML from strangers: values with their lines, within bounds, each document on its own."""

from __future__ import annotations

import pytest

from communityrules.tables.automoderator.documents import (
    MOST_DOCUMENTS,
    Broken,
    Document,
    Listing,
    Mapping,
    Scalar,
    Value,
    read_documents,
)


def only(text: str) -> Value:
    (found,) = read_documents(text)
    assert isinstance(found, Document)
    assert found.value is not None
    return found.value


def broken(text: str) -> Broken:
    (found,) = (one for one in read_documents(text) if isinstance(one, Broken))
    return found


def test_keys_and_values_know_their_lines() -> None:
    found = only("# first\n\ntitle: [a,\n  b]\nauthor:\n    name: bob\n")
    assert isinstance(found, Mapping)
    assert [(one.key, one.line) for one in found.entries] == [("title", 3), ("author", 5)]
    titles = found.entries[0].value
    assert isinstance(titles, Listing)
    assert [(one.text, one.line) for one in titles.items if isinstance(one, Scalar)] == [("a", 3), ("b", 4)]


def test_documents_stand_between_markers() -> None:
    text = "\ufefftitle: a\n--- # two\ntitle: b\n---\n# only a remark\n---\ntitle: |\n    ---\n    c\n".lstrip("\ufeff")
    found = list(read_documents(text))
    assert [(one.line, one.value is None) for one in found if isinstance(one, Document)] == [
        (1, False), (2, False), (4, True), (6, False),
    ]  # fmt: skip


def test_comments_before_the_first_key_are_kept() -> None:
    (found,) = read_documents("---\n####\n# No shouting  #\n\n## please\ntitle: A\n# after\n")
    assert isinstance(found, Document)
    assert found.comments == ("No shouting", "please")


@pytest.mark.parametrize(
    ("word", "flag", "whole", "converted"),
    [
        ("true", True, None, True), ("No", False, None, True), ("'yes'", None, None, False), ("3", None, 3, False),
        ("'3'", None, 3, False), ("0755", None, 755, True), ("1_000", None, None, True), ("0x1f", None, None, True),
        ("abc", None, None, False), ("1:30", None, None, True), ("-5", None, -5, False),
    ],
)  # fmt: skip
def test_what_yaml_makes_of_words(word: str, flag: bool | None, whole: int | None, converted: bool) -> None:
    found = only(f"a: {word}")
    assert isinstance(found, Mapping)
    value = found.entries[0].value
    assert isinstance(value, Scalar)
    assert (value.flag, value.whole, value.converted) == (flag, whole, converted)


def test_a_broken_document_costs_only_itself() -> None:
    found = list(read_documents("title: a\n---\nok: 1\ntitle: [b\n---\ntitle: c\n"))
    assert [type(one).__name__ for one in found] == ["Document", "Broken", "Document"]
    assert isinstance(found[1], Broken)
    assert (found[1].line, found[1].at) == (2, 5)


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("a: 1\n\tb: 2", 2, "tab"),
        ("a: *nobody", 1, "stands for nothing"),
        ("a: \x07", 1, "YAML"),
        ("a: 1\n...\nb: 2", 3, "YAML"),
        ("[a]: b", 1, "key"),
        ("a: " + "[" * 50 + "]" * 50, 1, "deep"),
        ("a: " + "[" * 100_000, 1, ""),
        ("a: '" + "x" * 10, 1, "YAML"),
        ("!!python/object/apply:os.system [ls]", 1, ""),
    ],
)
def test_what_cannot_be_read_is_told_with_its_line(text: str, line: int, said: str) -> None:
    found = list(read_documents(text))
    if text.startswith("!!"):
        # Tags mean nothing here: what they stand before is read as what it looks like.
        assert isinstance(found[0], Document)
        assert isinstance(found[0].value, Listing)
        return
    assert broken(text).at == line
    assert said in broken(text).reason.en


def test_aliases_stand_for_what_they_name_but_do_not_multiply_without_end() -> None:
    found = only("base: &words [a, b]\ntitle: *words\n")
    assert isinstance(found, Mapping)
    assert found.entries[1].value == found.entries[0].value
    bomb = "a0: &a0 [x, x]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]\n" for n in range(1, 40))
    assert "too many" in broken(bomb).reason.en


def test_merged_keys_are_taken_over() -> None:
    found = only("defaults: &d\n  action: remove\nrule:\n  <<: *d\n  title: a\n")
    assert isinstance(found, Mapping)
    rule = found.entries[1].value
    assert isinstance(rule, Mapping)
    assert [one.key for one in rule.entries] == ["title", "action"]


def test_there_is_an_end_to_documents() -> None:
    found = list(read_documents("a: 1\n---\n" * (MOST_DOCUMENTS + 10)))
    assert len(found) == MOST_DOCUMENTS + 1
    assert isinstance(found[-1], Broken)
