"""The writer's words in evidence: the same however the rulebook is laid out."""

from __future__ import annotations

import re
from itertools import product

import pytest

from communityrules.checker.wording import is_uneven, shortened
from communityrules.diagnostics.source import Source, Span
from communityrules.language import tree


def words(text: str) -> str:
    before = "if "
    return shortened(Span(Source("a.rules", before + text + " then"), len(before), len(before) + len(text)))


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("message.text contains any of ads", "message.text contains any of ads"),
        ("tally(\n    2 if a,\n    3 if b\n  )", "tally(2 if a, 3 if b)"),
        ("tally( 2 if a ,3 if b )", "tally(2 if a, 3 if b)"),
        ("tally(\n  2 if a, # the first\n  3 if b\n)", "tally(2 if a, 3 if b)"),
        ("count(message  by member\twithin 10 minutes)", "count(message by member within 10 minutes)"),
        ("member.level>=3", "member.level >= 3"),
        ("member.level<-3", "member.level < -3"),
        ("member.born<2026-01-01", "member.born < 2026-01-01"),
        ("member . level", "member.level"),
        ('message.text is "a  ( b )#c"', 'message.text is "a  ( b )#c"'),
        ("message.text matches /a  ( b )/", "message.text matches /a  ( b )/"),
        ("计数（消息  按 成员）＞ 3", "计数(消息 按 成员) > 3"),
        ('消息.文本 包含任一 ("a"、"b")', '消息.文本 包含任一 ("a", "b")'),
    ],
)
def test_one_layout(written: str, told: str) -> None:
    assert words(written) == told


def test_what_is_long_is_cut_at_the_same_place() -> None:
    short = "at least 2 of (" + ", ".join(f"condition_number_{n}" for n in range(20)) + ")"
    wide = short.replace(", ", ",\n" + " " * 90).replace("(", "(\n")
    assert words(short) == words(wide)
    assert len(words(short)) == 120


#: As it would be said without thinking of time.
_SAID_PLAINLY = re.compile(
    r"\s\s|[^\S ]|\( | [),.]|,(?! )|(?<![ <>=!])[<>=!≠≤≥]|[<>=≠≤≥](?![ <>=])|[#\uff01-\uff5e\u3000-\u303f]"
)


def test_what_is_uneven_is_found() -> None:
    for length in range(4):
        for letters in product(" \t\n(),.<=!≠#a\u3000(\xa0", repeat=length):
            text = "".join(letters)
            assert is_uneven(text) == (_SAID_PLAINLY.search(text) is not None), text
    for letter in map(chr, range(0x110000)):
        assert is_uneven(letter) == (_SAID_PLAINLY.search(letter) is not None), letter


@pytest.mark.parametrize(
    "written",
    [
        'message.text is "a  ( b )#c"', 'message.text  is "a , b"', 'message.text is( "a")', "a matches /b{1,3}/",
        "a  matches /b{1,3}/", "a = 「b ,c」", 'a="b ,c"', "a matches  /b ,/i", "消息.文本 匹配 /,，/", "a matches /b",
    ],
)  # fmt: skip
def test_a_quoted_end_makes_no_difference(written: str) -> None:
    source = Source("a.rules", written)
    start = min(at for at in (written.find(one) for one in '"「/') if at >= 0)
    last = tree.Text("", Span(source, start, len(written)))
    whole = Span(source, 0, len(written))
    assert shortened(whole, last) == shortened(whole)
