"""What the words of many rules lead to is the same however it is gathered, and what is said of each word by itself."""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import Any

import pytest

from communityrules import Engine, loads
from communityrules.compiler import gathering, index
from communityrules.compiler.gathering import Gathered, Gathering, Wanted, gather
from communityrules.compiler.sieve import Sieve
from communityrules.kernel import native
from communityrules.library import matching
from communityrules.library.disguise import tables
from communityrules.library.disguise.letters import SKELETON
from communityrules.library.disguise.words import KNOWN, parts_of, prepare, stretched
from communityrules.library.fold import fold, fold_text
from communityrules.library.matching import WordMatcher

kernel = native("leading")
#: Letters that are read in several ways, characters in parts and of one shape, known ways to write something, signs,
#: spaces, what folds to several characters or to none, what joins, and what stands beyond the first plane.
PIECES = (
    *"abcilqov01", "ll", "oo", "qq", "iiii", "微信", "微", "v", "加", "林", "明", "好", "人", "入", "未", "末", "了一",
    "信", "購", "ＡＢ", "É", "ß", "é", "ﾊ", "ﾞ", "한", "\u1161", "ⅷ", "㎏", "ı", "İ", "Ǆ", " ", "  ", "-", "$", "😀",
    "\u200b", "\u0301", "\x00", "\ud800", "𝐀", "𠀀", "〇", "々", "か\u3099", "\ue000", "\n",
    *dict.fromkeys(known for known, _ in KNOWN),
)  # fmt: skip
#: What has no known ways to write it, and is usual.
PLAIN = [*"abcdeilosnrt01", "加", "好", "友", "林", "木", "明", "日", "月", "了", "未", "末", "人", "入", " ", "-"]


def _needs(draw: random.Random, pieces: tuple[str, ...] | list[str]) -> list[tuple[int, Wanted]]:
    shared = ["".join(draw.choices(pieces, k=draw.randrange(1, 7))) for _ in range(12)]
    needs = []
    for bit in range(draw.randrange(1, 40)):
        words = draw.sample(shared, 2) + ["".join(draw.choices(pieces, k=draw.randrange(0, 9))) for _ in range(5)]
        needs.append((bit, Wanted(tuple(words), draw.random() < 0.7)))
    return needs


def _rules(numbers: Mapping[str, int], groups: dict[tuple[int, ...], int]) -> dict[str, tuple[int, ...]]:
    sets = list(groups)
    return {text: sets[number] for text, number in numbers.items()}


def _told(found: Gathered, groups: dict[tuple[int, ...], int]) -> dict[str, Any]:
    """The same with the rules themselves in place of numbers."""
    assert len(set(found.words)) == len(found.words) == len(found.owners)
    assert list(groups.values()) == list(range(len(groups)))
    words = dict(zip(found.words, found.owners, strict=True))
    numbered = {"words": words, "after": found.after, "before": found.before, "anywhere": found.anywhere}
    return {
        **{name: _rules(one, groups) for name, one in numbered.items()},
        "repeated": found.repeated,
        "parts": found.parts,
        "splits": {char: sorted(every) for char, every in found.splits.items()},
        "bare": found.bare,
    }


def _gathered(needs: list[tuple[int, Wanted]], how: Gathering | None) -> dict[str, Any]:
    groups: dict[tuple[int, ...], int] = {(1, 2, 3): 0}
    return _told(gather(needs, groups, how), groups)


@pytest.mark.skipif(kernel is None, reason="the kernel was not built")
@pytest.mark.parametrize("seed", range(60))
def test_the_kernel_gathers_the_same(seed: int) -> None:
    draw = random.Random(seed)
    for pieces in (PIECES, PLAIN):
        needs = _needs(draw, pieces)
        assert _gathered(needs, None) == _gathered(needs, Gathering())


@pytest.mark.parametrize("seed", range(30))
def test_it_is_what_each_word_leads_to(seed: int) -> None:
    needs = _needs(random.Random(seed), PIECES)
    found = _gathered(needs, None)
    words: dict[str, set[int]] = {}
    repeated: set[str] = set()
    parts: set[tuple[str, str]] = set()
    for bit, one in needs:
        made = list(prepare(one.words))
        for word in made:
            words.setdefault(word.skeleton, set()).add(bit)
            words.setdefault(word.short, set()).add(bit)
            repeated.update(stretched(word))
            # One word by itself: of several a character may hide another that has the same parts.
            parts.update(parts_of([word]).items())
    assert found["words"] == {word: tuple(sorted(bits)) for word, bits in words.items()}
    assert {(split, char) for split, chars in found["parts"].items() for char in chars} >= parts
    assert found["repeated"] == repeated | {one * 2 for split in found["parts"] for one in split}
    assert found["splits"].keys() == {char for chars in found["parts"].values() for char in chars}
    for char, bits in found["anywhere"].items():
        assert bits == tuple(sorted({bit for word, every in words.items() if char in word for bit in every}))
    for word, several in words.items():
        for at, char in enumerate(word):
            if char in found["splits"]:
                beside = found["after"].get(word[at : at + 2]) or found["before"][word[max(0, at - 1) : at + 1]]
                assert several <= set(beside)


@pytest.mark.parametrize("folds", [True, False])
def test_words_with_a_sign_at_an_end_are_told_folded(folds: bool) -> None:
    words = ("Ｃ++", "plain", "C++", "\u200bx", " a", "\u200b", "", "!!")
    found = _gathered([(4, Wanted(words, folds)), (5, Wanted(("plain",), folds))], None)
    # What folding removes counts where folding is not undone as a whole.
    assert found["bare"] == [(4, ("c++", " a", "!!") if folds else ("c++", "x", " a", "!!"))]
    assert found["words"]["plain"] == (4, 5)


@pytest.mark.skipif(kernel is None, reason="the kernel was not built")
def test_usual_words_are_not_left_to_python(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gathering, "prepare", None)
    found = gather([(0, Wanted(("casino", "加好友", "a b", "free gift", "林", "I'm", "É", "ＡＢ")))], {})
    assert "caslno" in found.words


def test_no_words_and_words_of_nothing() -> None:
    for needs in ([], [(0, Wanted())], [(3, Wanted(("", "\u200b")))]):
        found = _gathered(needs, None)
        assert not any(found.values())
    sieve = Sieve(0b11, [(1, [matching.needed(("\u200b",))])])
    assert sieve.of_folded(fold("\u200b anything")) == 0b01


def test_lists_are_made_when_their_rules_are_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of ten thousand lists hardly any is ever looked for by itself."""
    made: list[tuple[str, ...]] = []

    class Noted(WordMatcher):
        def __init__(self, words: Any, *rest: Any) -> None:
            made.append(tuple(words))
            super().__init__(made[-1], *rest)

    monkeypatch.setattr(matching, "WordMatcher", Noted)
    rules = "".join(
        f'list w{one} = "gathered{one}", "聚集{one}"\nrule {one}\n  must not\n  on message\n'
        f"  if message.text contains any of w{one}\n  then flag\n\n"
        for one in range(2 * index.MANY)
    )
    engine = Engine(loads(f'rulebook "Lists"\n\n{rules}', name="made lately"))
    assert made == []
    event = {"id": "1", "time": "2026-01-01T00:00:00Z", "type": "message", "community": "c", "member": {"id": "u"}}
    decision = engine.judge({**event, "message": {"id": "m", "text": "what was g-a-t-h-e-r-e-d-5"}})
    assert [one.rule for one in decision.outcomes] == ["5"]
    assert made == [("gathered5", "聚集5")]


@pytest.mark.skipif(kernel is None, reason="the kernel was not built")
def test_what_the_kernel_refuses() -> None:
    assert kernel is not None
    with pytest.raises(TypeError):
        kernel.Gathering()
    made = kernel.Gathering(gathering.learn)
    for given in ((0, ["a"]), (0, ("a", 1)), ("x", ("a",)), (0,)):
        with pytest.raises(TypeError):
            made.add(*given)
    for bit in (-1, 1 << 31, 1 << 80):
        with pytest.raises(OverflowError):
            made.add(bit, ())
        with pytest.raises(OverflowError):
            made.put(bit, [], [], "")
    for put in ((0, ("a",), [], ""), (0, [1], [], ""), (0, [], [None], ""), (0, [], [], 1)):
        with pytest.raises(TypeError):
            made.put(*put)
    for splits in ({"ab": []}, {"": []}, {1: []}, {"a": ("b",)}):
        with pytest.raises(TypeError):
            made.finish(splits, {})
    made.put(1, ["ab"], [], "")
    for splits in ({"a": [1]}, {"a": [None]}):
        with pytest.raises(TypeError):
            made.finish(splits, {})
    made = kernel.Gathering(gathering.learn)
    made.put(1, ["ab"], [], "")
    assert made.finish({"a": []}, {}) == (["ab"], [0], [], {"ab": 0}, {}, {"a": 0})


@pytest.mark.skipif(kernel is None, reason="the kernel was not built")
def test_what_python_answers_is_not_believed() -> None:
    assert kernel is not None
    for answer in (1, "x", (), ("a", "b"), ("a", "b", "c", "d", 5)):
        with pytest.raises(TypeError):
            kernel.Gathering(lambda _, answer=answer: answer).add(0, ("word",))

    def broken(char: str) -> None:
        raise RuntimeError(char)

    made = kernel.Gathering(broken)
    for _ in range(2):
        with pytest.raises(RuntimeError):
            made.add(0, ("word",))
    assert made.add(0, ("", "😀", "w" * 129)) == ["", "😀", "w" * 129]


def test_what_characters_are_told_of_holds_for_words() -> None:
    """What the kernel goes by says what folding and reading a whole word would."""
    for char in dict.fromkeys("".join((*PIECES, *tables.common_shapes(), *map(chr, range(0x250))))):
        told = gathering.learn(char)
        if told is None:
            continue
        folded, reads, shapes, _, _ = told
        assert fold_text(f"a{char}b") == f"a{folded}b"
        assert SKELETON[folded] == reads
        assert len(shapes) == len(tables.common_shapes().get(folded, ""))
