"""Only patterns that may match are tried: the table that tells which is of the phrases, and loses no match."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest

from communityrules.tables.drafting import phrases
from communityrules.tables.drafting.computing import kept_text, needs
from communityrules.tables.drafting.phrases import held_by, lines_of, names, pattern

HOW_TO_MEND = "the phrases have changed: run `python -m communityrules.tables.drafting.computing`"
TEXTS = (
    "每人每天发布信息不超过3次,22:00至次日8:00请勿发言", "收到投诉后24小时内回复,一周内解决",
    "禁止广告、刷屏和辱骂他人,违者首次警告,第二次禁言1天", "发布人员发布的公告须经管理员审核后发布",
    "at most three posts a day, and no posting between 10 pm and 8 am", "feedback is answered within 24 hours",
    "no advertising, spam or insults; the second offence is a mute of 2 days", "", "...", "今天天气很好", "42",
)  # fmt: skip


def test_the_table_is_made_of_the_phrases() -> None:
    kept = files(phrases.__package__).joinpath("phrases", phrases.TABLE).read_text(encoding="utf-8")
    assert kept == kept_text(), HOW_TO_MEND


@pytest.mark.parametrize("text", TEXTS)
def test_what_is_not_tried_would_not_match(text: str) -> None:
    held = held_by(text)
    form = 2 if text.isascii() else 0 if re.search("[a-z]", text) else 1
    for subject in ("consequences", "deadlines", "guards", "hours", "limits", "modality", "reports", "review", "scope"):
        for name in names(subject):
            tried = {one.pattern for one in pattern(subject, name).lines(held)}
            for line in lines_of(subject, name):
                match, same = re.search(line[0], text), re.search(line[form], text)
                assert (match and match.span()) == (same and same.span()), (subject, name, line[0])
                assert line[form] in tried or match is None or not match[0], (subject, name, line[0])


@pytest.mark.parametrize("text", TEXTS)
def test_several_patterns_match_as_one_would(text: str) -> None:
    for subject, name in (("modality", "must_not"), ("guards", "if"), ("consequences", "nth"), ("common", "plain")):
        sources = [re.sub(r"\(\?P<\w+>", "(?:", one) for one, _, _, _ in lines_of(subject, name)]
        one = re.compile("|".join(sources))
        expected = [match.span() for match in one.finditer(text) if match[0]]
        assert [match.span() for match in pattern(subject, name).finditer(text)] == expected
        assert pattern(subject, name).sub("_", text) == one.sub(lambda match: "_" if match[0] else "", text)


def test_the_needs_of_a_pattern() -> None:
    assert needs("禁止(?:广告|推销)?发布") == [frozenset({"发布"}), frozenset({"禁止"})]
    assert needs("(?:最多|不超过)<=3") == [frozenset({"最多", "不超过"}), frozenset({"3"})]
    assert needs("(?:每天)*") == []
    assert needs("(?:a|.)") == []
