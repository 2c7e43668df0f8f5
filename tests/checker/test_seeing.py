"""How lists say what is seen through, and how their words stand."""

from __future__ import annotations

import pytest

from communityrules.checker.check import check
from communityrules.checker.checked import Rulebook
from communityrules.diagnostics.source import Source
from communityrules.language.format import format_file
from communityrules.language.parse import parse
from communityrules.library.disguise.steps import USUAL
from communityrules.library.names import LibraryNames

RULE = "rule 1\n  must not\n  on message\n  if message.text contains any of ads\n  then delete\n"


def checked(text: str) -> Rulebook:
    result = check(Source("a.rules", text))
    assert result.rulebook is not None, result.diagnostics
    return result.rulebook


def codes(text: str) -> list[str]:
    return [one.code for one in check(Source("a.rules", text)).diagnostics]


@pytest.mark.parametrize(
    ("head", "words", "rulebook", "of_list", "edges"),
    [
        ("", "", None, None, None),
        ("", "without leet, parts", None, USUAL - {"leet", "parts"}, None),
        ("", "seeing homophones", None, USUAL | {"homophones"}, None),
        ("  seeing homophones\n", "", USUAL | {"homophones"}, None, None),
        (
            "  seeing homophones\n  without case\n",
            "without homophones",
            (USUAL | {"homophones"}) - {"case"},
            USUAL - {"case"},
            None,
        ),
        ("  without leet\n", "seeing leet", USUAL - {"leet"}, USUAL, None),
        ("", "seeing separators", None, None, None),
        ("", "whole words", None, None, "whole"),
        ("", "seeing 谐音 anywhere", None, USUAL | {"homophones"}, "anywhere"),
        ("", "exactly whole words", None, None, "whole"),
    ],
)
def test_steps_and_edges(
    head: str, words: str, rulebook: frozenset[str] | None, of_list: frozenset[str] | None, edges: str | None
) -> None:
    found = checked(f'rulebook "Ours"\n{head}\nlist ads {words} = "加微信"\n\n{RULE}')
    assert found.steps == (None if rulebook is None else tuple(sorted(rulebook)))
    assert found.lists["ads"].steps == (None if of_list is None else tuple(sorted(of_list)))
    assert found.lists["ads"].edges == edges


def test_both_spellings_mean_the_same_and_translate_back() -> None:
    english = f'rulebook "Ours"\n  seeing homophones\n\nlist ads without leet, parts whole words = "加微信"\n\n{RULE}'
    tree, _ = parse(Source("a.rules", english))
    chinese = format_file(tree, LibraryNames(), "zh")
    assert "识破 谐音" in chinese
    assert "词表 ads 不识 数字代字母、拆字 整词 =" in chinese
    tree, _ = parse(Source("a.rules", chinese))
    back = format_file(tree, LibraryNames(), "en")
    assert "seeing homophones" in back
    assert checked(chinese).digest == checked(english).digest == checked(back).digest


def test_the_digest_tells_steps_apart_and_nothing_else() -> None:
    def digest(words: str) -> str:
        return checked(f'rulebook "Ours"\n\nlist ads {words} = "加微信"\n\n{RULE}').digest

    assert digest("") == digest("seeing leet") == digest("without homophones")
    assert len({digest(""), digest("without leet"), digest("whole words"), digest("anywhere")}) == 4


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("seeing homophone", "CR201"),
        ("without 拆", "CR201"),
        ("exactly seeing homophones", "CR621"),
        ("exactly without leet", "CR621"),
        ("whole words anywhere", "CR622"),
    ],
)
def test_what_is_at_fault_is_told(words: str, code: str) -> None:
    assert codes(f'list ads {words} = "加微信"\n\n{RULE}') == [code]
