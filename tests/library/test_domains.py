"""Lists of domains against links."""

import time

import pytest

from communityrules.library.domains import DomainMatcher
from communityrules.library.links import links_of


@pytest.mark.parametrize(
    ("entry", "link", "expected"),
    [
        ("evil.example", "https://evil.example/a", True),
        ("evil.example", "https://WWW.Evil.Example", True),
        ("evil.example", "notevil.example", False),
        ("evil.example", "evil.example.org", False),
        ("https://evil.example", "evil.example", True),
        ("*.evil.example", "a.b.evil.example/x", True),
        ("ｅｖｉｌ．ｅｘａｍｐｌｅ", "evil.example", True),
        ("例子.中国", "https://xn--fsqu00a.xn--fiqs8s/x", True),
        ("xn--fsqu00a.xn--fiqs8s", "https://例子.中国", True),
        ("example.com/shop", "https://example.com/shop/1", True),
        ("example.com/shop/", "https://example.com/shop", True),
        ("example.com/shop", "https://example.com/blog", False),
        ("evil.example", "https://good.example@evil.example/", True),
        ("good.example", "https://good.example@evil.example/", False),
        ("evil.example", "evil.example:8080", True),
        ("evil.example", "http://evil.example.:80/x", True),
        ("evil.example", "http://me:secret@evil.example:80/x", True),
        ("evil.example", "http://evil.example\\@good.example/", True),
        ("evil.example", "evil。example", True),
        (".evil.example", "evil.example", True),
        ("||evil.example^", "a.evil.example", True),
        ("evil.example", "http://good.example/evil.example", False),
        ("evil.example", "http://good.example?u=evil.example", False),
        ("example.com/shop", "https://example.com/shopping", False),
        ("example.com/shop", "https://example.com/shop?x=1", True),
        ("t.me/+", "https://t.me/+abc", True),
        ("bücher.de", "http://XN--BCHER-KVA.de", True),
        ("bücher.de", "http://bucher.de", False),
        ("1.2.3.4", "http://16909060/x", True),
        ("com", "evil.com", True),
        ("", "evil.example", False),
    ],
)
def test_domains(entry: str, link: str, expected: bool) -> None:
    matcher = DomainMatcher([entry])
    assert matcher.contains([link]) is expected
    assert matcher.find([link]) == (((link, entry),) if expected else ())


def test_all_of_the_domains() -> None:
    matcher = DomainMatcher(["a.example", "b.example"])
    assert matcher.contains_all(["www.a.example", "b.example/x"])
    assert not matcher.contains_all(["www.a.example"])


@pytest.mark.parametrize(
    "text",
    [
        "快看 evil点com",
        "hxxp://evil[.]com/a",
        "EVIL．COM",
        "evil。com",
        "login.evil (dot) com",
        "http://good.com@evil.com/x",
        "https://www.evil.com./a",
        "evil dot com",
    ],
)
def test_domains_of_texts_in_disguise(text: str) -> None:
    assert DomainMatcher(["evil.com"]).contains(links_of(text))


def test_a_long_list_is_looked_up_as_fast_as_a_short_one() -> None:
    short = DomainMatcher(["evil.com"])
    long = DomainMatcher([f"evil{number}.com" for number in range(20_000)])
    links = ("https://a.b.c.good.com/x",)

    def seconds(matcher: DomainMatcher) -> float:
        before = time.perf_counter()
        for _ in range(2_000):
            matcher.contains(links)
        return time.perf_counter() - before

    assert min(seconds(long) for _ in range(3)) < 5 * min(seconds(short) for _ in range(3)) + 0.01
