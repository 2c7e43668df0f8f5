"""Links, hosts and mentions."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from communityrules.library import defanged, links
from communityrules.library.hosts import is_ipv4, plain_host, registered_domain
from communityrules.library.links import find_links, host_of, link_of, links_of, mentions_of


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("see https://shop.example/a", ["https://shop.example/a"]),
        ("看https://shop.example/a吧", ["https://shop.example/a"]),
        ("看https://shop.example吧", ["https://shop.example"]),
        ("https://a.com/x，然后abc", ["https://a.com/x"]),
        ("https://a.com/x,然后", ["https://a.com/x"]),
        ("(https://en.wikipedia.org/wiki/A_(b)).", ["https://en.wikipedia.org/wiki/A_(b)"]),
        ("HTTPS://A.COM/B", ["https://a.com/B"]),
        ("访问Example.COM吧", ["example.com"]),
        ("ｗｗｗ．ｅｖｉｌ．ｃｏｍ", ["www.evil.com"]),
        ("https://例子.中国/路", ["https://例子.中国/"]),
        ("https://xn--fsqu00a.xn--fiqs8s/x", ["https://例子.中国/x"]),
        ("https://a.b.例子.中国:80/x?y", ["https://a.b.例子.中国:80/x?y"]),
        ("http://bücher.de tg://join?x=1", ["http://bücher.de", "tg://join?x=1"]),
        ("https://bank.com@evil.com/x", ["https://bank.com@evil.com/x"]),
        ("1.2.3.4:80/x and http://1.2.3.4", ["1.2.3.4:80/x", "http://1.2.3.4"]),
        ("t.me/joinchat bit.ly/3x", ["t.me/joinchat", "bit.ly/3x"]),
        ("visit flipkart.in", ["flipkart.in"]),
        ("evil.py/abc.", ["evil.py/abc"]),
        ("a.com a.com b.com", ["a.com", "b.com"]),
        # Dots and slashes in disguise.
        ("evil点com/x evil[.]com evil (dot) com", ["evil.com/x", "evil.com"]),
        ("hxxps://evil[.]com/a?b", ["https://evil.com/a?b"]),
        (
            "h**p://evil.com http[:]//evil.org http:\\\\evil.net",
            ["http://evil.com", "http://evil.org", "http://evil.net"],
        ),
        ("看baidu。com吧", ["baidu.com"]),
        ("evil dot com now", ["evil.com"]),
        ("www点evil点cn", ["www.evil.cn"]),
        ("a.b[.]co[.]uk", ["a.b.co.uk"]),
        ("evil .com, evil . net", ["evil.com", "evil.net"]),
        ("e v i l . c o m", ["evil.com"]),
        ("t点me/abc", ["t.me/abc"]),
        ("打开abc.app下载", ["abc.app"]),
        ("nhttps://a.com", ["https://a.com"]),
        # What only looks like a link.
        ("the dot net framework, polka dot com", []),
        ("三点整 3点cc 8点com", []),
        ("我用qq。好的 完了。OK", []),
        ("{that cart.app}.events cart.app(x) `a.info`", []),
        ("events.onReady.fire com.example.mail self.id user.name Mr.Li done.Thanks", []),
        ("asp.net socket.io", []),
        ("10.0.0.1/24 src//lib/x", []),
        ("f(.) a[0].b x[.]", []),
        ("main.py notes.md libc.so", []),
        ("i like it.in fact", []),
        ("self.name() foo.call(x)", []),
        ("v1.2.3 1.2.3.4 3.14", []),
        ("e.g. i.e. U.S. a..b", []),
        ("co.uk com.cn", []),
        ("me@a.com", []),
        ("我喜欢。com", []),
        ("https:// http:// a", []),
        ("好的.嗯", []),
        ("", []),
    ],
)
def test_links(text: str, links: list[str]) -> None:
    assert list(links_of(text)) == links


def test_spans_are_of_the_original() -> None:
    text = "去ｗｗｗ．ｅｖｉｌ．ｃｏｍ／ａ看"
    (link,) = find_links(text)
    assert text[link.start : link.end] == "ｗｗｗ．ｅｖｉｌ．ｃｏｍ／ａ"
    assert (link.text, link.host) == ("www.evil.com/a", "www.evil.com")


@given(st.text(st.sampled_from("ab.:/@中。．-?# hTps\u200b1"), max_size=60))
def test_links_lie_apart_within_the_text(text: str) -> None:
    end = 0
    for link in find_links(text):
        assert end <= link.start < link.end <= len(text)
        assert link.host == host_of(link.text)
        end = link.end


@pytest.mark.parametrize(
    ("host", "plain"),
    [
        ("WWW.Example.COM.", "www.example.com"),
        ("ｅｘａｍｐｌｅ．ｃｏｍ", "example.com"),
        ("例子。中国", "例子.中国"),
        ("xn--fsqu00a.xn--fiqs8s", "例子.中国"),
        ("xn--bcher-kva.de", "bücher.de"),
        ("BÜCHER.de", "bücher.de"),
        ("xn--.com", "xn--.com"),
        ("xn--a-ecp.ru", "xn--a-ecp.ru"),
        ("", ""),
    ],
)
def test_hosts_have_one_spelling(host: str, plain: str) -> None:
    assert plain_host(host) == plain_host(plain)


def test_registered_domains() -> None:
    assert registered_domain("www.example.co.uk") == "example.co.uk"
    assert registered_domain("co.uk") is None
    assert registered_domain("a.nothing") is None


def test_ipv4() -> None:
    assert is_ipv4("1.2.3.255")
    assert not is_ipv4("1.2.3.256")
    assert not is_ipv4("1.2.3")


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("hi @bob, @小明! @bob.", ["bob", "小明"]),
        ("＠全体 @a-b.c.", ["全体", "a-b.c"]),
        ("a@b.com @", []),
        ("no one", []),
    ],
)
def test_mentions(text: str, names: list[str]) -> None:
    assert list(mentions_of(text)) == names


def test_a_link_with_hidden_characters_is_read_both_ways() -> None:
    assert links_of("see ev\u200bil.com/a\u200bb") == ("evil.com/ab",)
    assert links_of("evil.com\u200bnext.org") == ("evil.comnext.org", "evil.com")
    assert links_of("evil.com\u200b你好") == ("evil.com",)
    assert host_of("//evil.com/x") == "evil.com"
    split = link_of("see evil.com\u200bnext.org", "evil.com")
    assert split is not None
    assert (split.start, split.end) == (4, 12)


@given(st.text(st.sampled_from(tuple("a1. ([<{)dotDOTcnxyzCX/点。，")), max_size=24))
def test_the_first_look_passes_over_nothing(text: str) -> None:
    assert defanged.may_be_defanged(text) is (defanged._HINT().search(text) is not None)


@given(st.text(st.sampled_from(tuple("a1:/\\htpsxX*([)]@. ")), max_size=40))
def test_schemes_are_found_wherever_slashes_stand(text: str) -> None:
    assert [one.span() for one in links._schemes(text)] == [one.span() for one in links._SCHEME().finditer(text)]
