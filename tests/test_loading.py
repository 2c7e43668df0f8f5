"""Loading the same text again."""

from __future__ import annotations

import gc
from pathlib import Path

import pytest

from communityrules import RulesError, load, loads
from communityrules.library.matching import WordMatcher, word_matcher
from communityrules.loading import Rulebook

TEXT = """rulebook "small"
  timezone UTC

rule 1
  must not
  on message
  if message.text contains "spam"
  then delete
"""


def test_the_same_text_is_the_same_rulebook_while_somebody_holds_it() -> None:
    first = loads(TEXT)
    again = loads(TEXT)
    assert again.evaluator is first.evaluator
    assert again.diagnostics == first.diagnostics
    assert loads(TEXT, name="other").evaluator is not first.evaluator
    assert loads(TEXT.replace("delete", "flag")).digest != first.digest


def test_nothing_is_held_for_those_who_let_it_go() -> None:
    import weakref

    held = weakref.ref(loads(TEXT, name="brief").evaluator)
    gc.collect()
    assert held() is None


def test_who_is_told_of_scores_gets_an_evaluator_of_its_own() -> None:
    assert loads(TEXT, on_score=lambda _: None).evaluator is not loads(TEXT).evaluator


def test_a_rulebook_with_files_is_read_anew(tmp_path: Path) -> None:
    book = tmp_path / "book.rules"
    words = tmp_path / "words.txt"
    book.write_text(TEXT.replace('"spam"', "words") + '\nlist words = file "words.txt"\n', encoding="utf-8")

    def read(said: str) -> Rulebook:
        words.write_text(said, encoding="utf-8")
        return load(book)

    first, second = read("spam\n"), read("scam\n")
    assert first.digest != second.digest


def test_a_text_at_fault_is_told_each_time() -> None:
    for _ in range(2):
        with pytest.raises(RulesError):
            loads(TEXT + "\nrule 1\n  may\n")


def test_a_list_that_is_held_is_not_made_again() -> None:
    first = word_matcher(("spam", "scam"))
    assert word_matcher(["spam", "scam"]) is first
    assert word_matcher(("spam", "scam"), True) is not first
    assert word_matcher(("scam", "spam")) is not first
    assert first.needed == WordMatcher(("spam", "scam")).needed
    assert first.needed == first.needed
    assert [one.word for one in first.find("a s p a m and a scam")] == ["spam", "scam"]
    assert first.needed == WordMatcher(("spam", "scam")).needed
