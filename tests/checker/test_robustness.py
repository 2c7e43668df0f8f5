"""No text makes the checker raise, run on or speak without a place; what failed to parse is not told twice."""

from __future__ import annotations

import random
import re
import time
from pathlib import Path

import pytest
from books import codes, look, rule

from communityrules.checker.check import check
from communityrules.checker.files import folder_reader
from communityrules.checker.loading import Limits
from communityrules.diagnostics.source import Source

CASES = Path(__file__).parents[1] / "cases" / "checker"
WORDS = re.compile(r"\w+|\s+|[^\w\s]")
SIGNS = '"()/.,:|<>=%0123456789 \n年月日的和\u200b\ufeff\ud800#{}'


def mutated(text: str, seed: int) -> str:
    """The text with a few words, signs or lines taken away, put in or exchanged."""
    chance = random.Random(seed)
    pieces = [WORDS.findall(text), list(text), text.splitlines(keepends=True)][seed % 3]
    store = SIGNS if seed % 3 == 1 else pieces
    for _ in range(chance.randint(1, 6)):
        at, other = chance.randrange(len(pieces)), chance.randrange(len(pieces))
        match chance.randrange(4):
            case 0:
                pieces[at] = ""
            case 1:
                pieces[at] = chance.choice(store)
            case 2:
                pieces[at] += chance.choice(store)
            case _:
                pieces[at], pieces[other] = pieces[other], pieces[at]
    return "".join(pieces)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_mutated_rulebooks_get_only_coded_diagnostics_with_a_place(language: str) -> None:
    text = (CASES / f"market.{language}.rules").read_text(encoding="utf-8")
    check(Source("warm.rules", text))
    for seed in range(200):
        source = Source("mutant.rules", mutated(text, seed))
        began = time.perf_counter()
        result = check(source, read=folder_reader(CASES))
        assert time.perf_counter() - began < 5
        assert (result.rulebook is None) == any(one.severity == "error" for one in result.diagnostics)
        for one in result.diagnostics:
            assert one.span is not None
            assert 0 <= one.span.start <= one.span.end <= len(source.text)
            for words in ("en", "zh"):
                assert one.text(words)
                assert one.hint(words)


def test_what_failed_to_parse_is_not_missed_as_well() -> None:
    text = 'list words "a"\n' + rule("message.text contains any of words")
    found = codes(text)
    assert found
    assert all(one.startswith("CR1") for one in found)


def test_a_broken_head_of_a_rule_does_not_make_its_clauses_repetitions() -> None:
    text = rule("message.length > 3") + "rule : 2\n  must not\n  on message\n  if message.length > 9\n  then delete\n"
    assert all(one.startswith("CR1") for one in codes(text))


def test_diagnostics_come_in_the_order_of_the_text_and_are_capped() -> None:
    many = "".join(rule(f"x{n}").replace("rule 1", f"rule {n}") for n in range(1, 300))
    result = look(many, limits=Limits(diagnostics=50))
    starts = [one.span.start for one in result.diagnostics if one.span is not None]
    assert starts == sorted(starts)
    assert len(starts) == 50
    assert result.diagnostics[-1].code == "CR790"
    assert result.diagnostics[-1].values["more"] == "249"


@pytest.mark.parametrize(
    "text",
    [
        "define d0 as message.length > 3\n" + "".join(f"define d{n} as d{n - 1} or d{n - 1}\n" for n in range(1, 200)),
        "".join(f"define d{n} as d{n + 1}\n" for n in range(2000)),
        "".join(f"define d{n} as rating.score > 3 or d{n + 1} and d{n + 1}\n" for n in range(30)) + rule("d0"),
        "".join(f"group g{n} as g{n + 1}\n" for n in range(500)),
        rule(" or ".join(f'message.text is "{n}"' for n in range(2000))),
        rule(" and ".join(f"(message.length > {n} or message.length < {n})" for n in range(300))),
        "".join(f'list l{n} = "x"\n' for n in range(3000)) + rule("message.text contains any of l99999"),
        "list " + "x" * 99 + ' = "a"\n' + rule("y" * 99),
        "parameter p = " + ", ".join(f"{n} from 2024-01-01" for n in range(500)) + "\n" + rule("message.length > p"),
    ],
    ids=range(9),
)
def test_large_and_tangled_rulebooks_are_answered_soon(text: str) -> None:
    began = time.perf_counter()
    result = look(text)
    assert time.perf_counter() - began < 8
    assert result.diagnostics or result.rulebook is not None
