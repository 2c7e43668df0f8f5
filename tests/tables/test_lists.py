"""Plain lists: what they are taken for, what stands in them, and that the rules act."""

from __future__ import annotations

import codecs
import gzip
from pathlib import Path
from typing import Any

import pytest
from imports import Community, imported, part

from communityrules.tables.lists import Kind, entries
from communityrules.tables.reading import MOST_BYTES, Refused, decode
from communityrules.tables.sources import Wishes, import_data

DATA = Path(__file__).parents[3] / "shared" / "data" / "rulebooks"


def words(text: str, kind: Kind | None = None) -> list[str]:
    return [one.text for one in entries(text, kind)[1]]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("加微信\n刷单\ncheap followers", "words"), ("evil.example.com\n*.bad.org\nhttps://worse.net/x", "domains"),
        ("0.0.0.0 evil.com\n127.0.0.1 bad.org", "domains"), ("||evil.com^\n||bad.org^$third-party", "domains"),
        ("/加.?微/i\n刷[单單]\n\\d{5,}", "patterns"), ("^早$\n晚安\n[a-z]{9,}\n午.*", "patterns"),
        ('<item enabled="true">r=刷[单單]</item>', "patterns"), ("really?\nwhat.\nno way!", "words"),
    ],
)  # fmt: skip
def test_what_a_list_is_taken_for(text: str, kind: Kind) -> None:
    assert entries(text, None)[0] == kind


def test_words_are_read_as_people_write_them() -> None:
    assert words("# remark\n\n// another\n加微信，刷单、兼职\t代购\n\"quoted\",\n  spaced out  \n#话题") == [
        "加微信", "刷单", "兼职", "代购", "quoted", "spaced out", "#话题",
    ]  # fmt: skip
    counted = entries("加微信 12\n刷单\t7\n兼职,3\n代购 1", "words")[1]
    assert [(one.text, one.weight) for one in counted] == [
        ("加微信", "12"),
        ("刷单", "7"),
        ("兼职", "3"),
        ("代购", "1"),
    ]
    assert words("top 10\nplain\nwords\nhere\nonly") == ["top 10", "plain", "words", "here", "only"]


def test_domains_are_read_in_every_form() -> None:
    text = "https://evil.com/x\n*.bad.org # remark\n||worse.net^\n0.0.0.0 worst.io\n.dot.example\n! comment"
    assert words(text, "domains") == ["https://evil.com/x", "*.bad.org", "worse.net", "worst.io", "dot.example"]


def test_words_act_through_disguise() -> None:
    club = Community(imported("加微信\nfree kittens\n", kind="words", then="delete"))
    assert club.verdict("请加微信聊") == "block"
    assert club.verdict("ＦＲＥＥ kittens!") == "block"
    assert club.verdict("nothing") == "allow"


def test_domains_act_on_links_and_subdomains() -> None:
    written = imported("evil.example\n*.bad.example\nno_domain at all", kind="domains", then="hold")
    club = Community(written)
    assert club.verdict("see http://www.evil.example/a") == "hold"
    assert club.verdict("see evil.example.org") == "allow"
    assert [one.grade for one in written.imported.account.items] == ["exact", "approximate", "not"]


def test_patterns_act_as_they_stand() -> None:
    written = imported("/加.?微/\n/SALE/i\nbig \\w+ \\d\n(a)\\1", kind="patterns")
    club = Community(written)
    assert [club.verdict(one) for one in ("加 微", "sale", "big deal 5", "BIG deal 5", "aa")] == [
        "flag", "flag", "flag", "allow", "allow",
    ]  # fmt: skip
    assert part(written, "pattern").grade == "exact"
    assert written.todos == 1


def test_danmaku_filters() -> None:
    text = (
        '<filters>\n<item enabled="true">t=前方高能</item>\n<item enabled="true">r=哈{5,}</item>\n'
        '<item enabled="false">t=旧词</item>\n<item enabled="true">u=1a2b3c</item>\n</filters>'
    )
    written = imported(text, kind=None)
    assert [Community(written).verdict(one) for one in ("前方高能", "哈哈哈哈哈哈", "旧词")] == [
        "flag",
        "flag",
        "allow",
    ]
    assert [one.grade for one in written.imported.account.items] == ["exact", "exact", "not", "not"]


def test_the_same_entry_again_and_weights_are_told() -> None:
    written = imported("刷单\n刷单\n兼职,5", kind="words")
    told = [(one.line, one.grade, one.why.en) for one in written.imported.account.items]
    assert told[1] == (2, "exact", "the same as on line 1")
    assert told[2][1] == "approximate"


def test_the_list_alone() -> None:
    written = imported("刷单\n兼职", kind="words", then="nothing", language="zh")
    assert written.text == '规则手册 "Imported"\n  语言 zh\n\n词表 导入词 = "刷单"、"兼职"\n'


@pytest.mark.parametrize("text", ["", "# only remarks\n", "\n\n"])
def test_an_empty_list_is_refused(text: str) -> None:
    with pytest.raises(Refused) as refused:
        imported(text, kind="words")
    assert [one.code for one in refused.value.diagnostics] == ["CR771"]


def test_more_than_a_rulebook_holds_is_refused() -> None:
    with pytest.raises(Refused) as refused:
        imported("\n".join(f"{number:060}" for number in range(70_000)), kind="words")
    assert [one.code for one in refused.value.diagnostics] == ["CR773"]


def test_odd_entries_do_no_harm() -> None:
    odd = '"; then delete\nrule 9\n\u200b\n\\\n"quote\'\n“x”\na"b\n' + "长" * 5000 + "\n{x}\n/\n%s\n"
    for kind in ("words", "patterns", "domains"):
        written = imported(odd, kind=kind)
        assert {one.line for one in written.imported.account.items} >= {1, 2, 5, 6, 7, 8, 9}


# --- files -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "data",
    [
        "加微信\n".encode(), codecs.BOM_UTF8 + "加微信\n".encode(), "加微信\r\n".encode("utf-16"), "加微信\r".encode(),
        gzip.compress("加微信\n".encode(), mtime=0), codecs.BOM_UTF16_BE + "加微信\n".encode("utf-16-be"),
    ],
)  # fmt: skip
def test_texts_in_every_dress(data: bytes) -> None:
    assert decode(data, "x.txt") == "加微信\n"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ("刷单".encode("gb18030"), "CR772"), (b"a\0b", "CR772"), (b"PK\x03\x04\xff\xfe\x00", "CR772"),
        (b"\x1f\x8b\x08\x00garbage", "CR774"), (gzip.compress(b"x" * 100, mtime=0)[:-4], "CR774"),
        (b"x" * (MOST_BYTES + 1), "CR773"), (gzip.compress(b"x" * (MOST_BYTES + 1), mtime=0), "CR773"),
    ],
)  # fmt: skip
def test_what_is_no_text_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(Refused) as refused:
        decode(data, "x.txt")
    assert [one.code for one in refused.value.diagnostics] == [code]


@pytest.mark.parametrize(
    ("file", "kind"),
    [
        ("zh_ad_words.txt", "words"), ("tgspam_stop_words.txt", "words"), ("phishing_domains_a.txt.gz", "domains"),
        ("zh_danmaku_block_regex.txt", "patterns"),
    ],
)  # fmt: skip
def test_lists_that_people_use(file: str, kind: str) -> None:
    path = DATA / file
    if not path.is_file():
        pytest.skip("no lists of other people here")
    text = decode(path.read_bytes(), file)
    found, result = import_data(text.encode(), file, Wishes("zh", "x"))
    assert found == kind
    lines = [one for one in text.split("\n") if one.strip()]
    assert len(result.account.items) == len(lines)
    share: Any = result.account.share()
    assert share > 0.98
