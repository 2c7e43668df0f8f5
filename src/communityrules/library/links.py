"""Links and mentions in a text.

A link is a web address with a scheme (`https://…`, `tg://…`), or a bare domain with a real ending (`example.com/a`),
its dots perhaps written in another way (`defanged`: `example点com`, `hxxp://example[.]com`). Bare text that only looks
like one is left alone: a name with an ending that is also that of files (`main.py`, `notes.md`) is a link only with a
path or `www.`; one whose ending is also an English word (`like it.in fact`) is none when more words follow; one whose
ending programs use for names of their own (`{that cart.app}`, `events.onReady.fire`) is one only where something says
that it is a site; four bare numbers are one only with a port or a path. E-mail addresses are no links.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from communityrules.frozen import dataclass
from communityrules.library import endings
from communityrules.library.defanged import find_defanged, host_at, may_be_defanged
from communityrules.library.hosts import LETTERS, is_ipv4, plain_host, registered_domain
from communityrules.library.later import later
from communityrules.library.narrow import narrow
from communityrules.library.signs import LINKS, MENTIONS, may_hold
from communityrules.library.unseen import seen_of


@dataclass(frozen=True, slots=True)
class Link:
    """A link and where it stands, in code points of the original text."""

    start: int
    end: int
    #: As the text has it, but for scheme and host in their plain spelling: `https://shop.example/A`.
    text: str
    host: str


#: Beside the narrow ones, the dots and slashes one of which is in every text with a link.
_WIDE_SIGNS = ("．", "／", "․", "﹒")
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9_-]*[A-Za-z0-9])?"
_SCHEME = later(
    r"(?:https?:(?://|\\\\|/\\|\\/)|(?<![A-Za-z0-9])(?:h(?:tt|xx|\*\*)ps?(?::|\[:\]|\(:\))?//"
    r"|(?![A-Za-z0-9+-]*https?:)[A-Za-z][A-Za-z0-9+-]{1,15}:(?://|\\\\|/\\|\\/)))"
    r"(?:[!-.0-9:;=A-Z_a-z~]*@)?",
    re.IGNORECASE,
)
#: What every scheme ends with; and the most characters of a scheme that stand before it.
_SLASHES = later(r"[/\\]{2}")
_LONGEST_SCHEME = 20
#: `hxxp`, `hXXps`, `h**p`: what is written so that nobody opens it by accident, or no filter sees it.
_DISGUISED_SCHEME = later(r"h[x*]{2}p(s?)$", re.IGNORECASE)
#: What before a bare name says that it is a site.
_SITE = later(
    r"(?:\b(?:visit|sites?|website|webpage|url|link|go ?to|open|check(?: out)?|join|download|browse)"
    r"|网址|网站|官网|域名|访问|登录|登陆|登入|打开|点击|下载|浏览|进入|链接|地址|搜索|搜)[\s:：,，是为]{0,4}$",
    re.IGNORECASE,
)
_CAMEL = later(r"[a-z][A-Z]")
#: A sentence that begins right after the full stop of another: `done.Thanks`.
_TITLE = later(r"[a-z]\.[A-Z][a-z]+$")
_FOLLOWING_WORD = later(r"[ ]+[A-Za-z0-9]")
_MASK = later(r"/[0-9]{1,2}(?![A-Za-z0-9/?#.])")
_BARE = later(
    rf"(?<![A-Za-z0-9@._/\\-])(?:{_LABEL}\.)+(?:[A-Za-z]{{2,24}}|xn--[A-Za-z0-9-]{{2,59}})(?![A-Za-z0-9_@(-]|\.[A-Za-z0-9])"
)
_BARE_IP = later(r"(?<![A-Za-z0-9@._/\\-])(?:[0-9]{1,3}\.){3}[0-9]{1,3}(?=:[0-9]{1,5}|/)")
_PLAIN_HOST = later(rf"(?:{_LABEL}\.)*{_LABEL}")
_PORT = later(r":[0-9]{1,5}")
_PATH = later(r"[/?#][!-;=?-~]*")
_CLOSING = {")": "(", "]": "[", "}": "{"}


# Patterns over the letters of all scripts take long to compile: only those wait who meet what they are for.
@lru_cache(maxsize=1)
def _wide_host() -> re.Pattern[str]:
    """A host in another script, to the end of its letters."""
    return re.compile(rf"[{LETTERS}](?:[{LETTERS}-]|[.。｡](?=[{LETTERS}]))*")


@lru_cache(maxsize=1)
def _mention() -> re.Pattern[str]:
    return re.compile(rf"(?<![A-Za-z0-9._%+-])@([{LETTERS}](?:[{LETTERS}.-]{{0,62}}[{LETTERS}])?)")


def find_links(text: str) -> tuple[Link, ...]:
    """Every link of a text, in order, none within another."""
    return _links(text) if may_hold(text, LINKS) else ()


@lru_cache(maxsize=16)
def _links(text: str) -> tuple[Link, ...]:
    # Remembered for the last few texts: rules ask for the links of one message in several ways.
    found = _find(text)
    shown = seen_of(text)
    if shown is None:
        return tuple(found)
    seen, places = shown
    found += [Link(places[one.start], places[one.end - 1] + 1, one.text, one.host) for one in _find(seen)]
    apart: list[Link] = []
    # Of two that overlap the first, the longer, and of two at one place that without hidden characters.
    for one in sorted(found, key=lambda link: (link.start, -link.end, len(link.text))):
        if not apart or one.start >= apart[-1].end:
            apart.append(one)
    return tuple(apart)


def _find(text: str) -> list[Link]:
    if not _has_sign(text) and not may_be_defanged(text):
        return []
    plain = narrow(text)
    found: list[Link] = []
    taken = 0
    for place in sorted(_candidates(plain), key=lambda one: (one.start, -one.host_end)):
        if place.start >= taken:
            # Where it ends is worked out only now: what lies within a link before it may be as long as the rest.
            found.append(_link(plain, place))
            taken = found[-1].end
    return found


def _has_sign(text: str) -> bool:
    """Whether there is a dot or a slash, of any width: without one only `defanged` can find a link."""
    return "." in text or "/" in text or (not text.isascii() and any(sign in text for sign in _WIDE_SIGNS))


def links_of(text: str) -> tuple[str, ...]:
    """What `message.links` holds: the text of each link once, in order."""
    if not may_hold(text, LINKS):
        return ()
    found = _links(text)
    texts = [one.text for one in found]
    if seen_of(text) is not None:
        # A program may end a link where a hidden character stands: `evil.com\u200bnext.org` opens evil.com.
        starts = {one.start for one in found}
        texts += [one.text for one in _find(text) if one.start in starts and registered_domain(one.host) is not None]
    return tuple(dict.fromkeys(texts))


def link_of(text: str, item: str) -> Link | None:
    """Where an item of `links_of` stands; None when the text has no such link."""
    return next((one for one in (*find_links(text), *_find(text)) if one.text == item), None)


def host_of(link: str) -> str:
    """The host of a link or a bare domain, in its plain spelling: `shop.example` of `https://me@Shop.example:8/a`."""
    rest = narrow(link).strip()
    scheme = rest.find("://")
    if scheme >= 0:
        rest = rest[scheme + 3 :]
    elif rest.startswith("//"):
        rest = rest[2:]
    authority = re.split(r"[/?#\\]", rest, maxsplit=1)[0]
    host = plain_host(re.sub(r":[0-9]*$", "", authority.rpartition("@")[2]))
    if host.isdigit() and len(host) > 7 and int(host) < 1 << 32:
        # Browsers take one number for an address: 16909060 is 1.2.3.4.
        return ".".join(str(int(host) >> shift & 255) for shift in (24, 16, 8, 0))
    return host


class _Place(NamedTuple):
    """Where a link begins, and where its host does and ends; `host` is its plain spelling when it is in disguise."""

    start: int
    host_start: int
    host_end: int
    host: str = ""


def _candidates(plain: str) -> Iterator[_Place]:
    if "//" in plain or ":\\" in plain or ":/" in plain:
        for match in _schemes(plain):
            hidden = host_at(plain, match.end())
            if hidden is not None:
                yield _Place(match.start(), match.end(), hidden.end, hidden.plain)
                continue
            end = _host_end(plain, match.end())
            if end > match.end():
                yield _Place(match.start(), match.end(), end)
    for host in find_defanged(plain) if may_be_defanged(plain) else ():
        yield _Place(host.start, host.start, host.end, host.plain)
    if not _has_inner_dot(plain):
        return
    for match in _BARE().finditer(plain):
        if _is_domain(plain, match):
            yield _Place(match.start(), match.start(), match.end())
    for match in _BARE_IP().finditer(plain):
        if is_ipv4(match.group()) and not _MASK().match(plain, match.end()):
            yield _Place(match.start(), match.start(), match.end())


def _schemes(plain: str) -> Iterator[re.Match[str]]:
    """Every scheme, as `finditer` would give them; what is far from the slashes that end one is not looked through."""
    done = 0
    while slashes := _SLASHES().search(plain, done):
        match = _SCHEME().search(plain, max(done, slashes.start() - _LONGEST_SCHEME))
        if match is None:
            return
        yield match
        done = match.end()


def _has_inner_dot(plain: str) -> bool:
    """Whether a dot stands between letters or digits, as in every bare domain; most dots end a sentence."""
    at = plain.find(".")
    while at >= 0:
        if plain[at - 1 : at].isalnum() and plain[at + 1 : at + 2].isalnum():
            return True
        at = plain.find(".", at + 1)
    return False


def _host_end(plain: str, start: int) -> int:
    match = _PLAIN_HOST().match(plain, start)
    end = match.end() if match else start
    following = plain[end : end + 2]
    within_name = following[:1] > "\x7f" and "." not in plain[start:end]
    if within_name or (following[:1] == "." and following[1:] > "\x7f"):
        wide = _wide_host().match(plain, start)
        return wide.end() if wide else start
    return end


def _is_domain(plain: str, match: re.Match[str]) -> bool:
    written = match.group()
    host = written.lower()
    if not host.startswith("www.") and not _has_path(plain, _after_port(plain, match.end())):
        labels = host.split(".")
        ending = labels[-1]
        if ending in endings.FILES or (len(labels) > 2 and labels[0] in endings.PACKAGES):
            return False
        if ending in endings.WORDS and _FOLLOWING_WORD().match(plain, match.end()):
            return False
        if labels[-2].isdigit() and len(labels) == 2 and len(labels[0]) < 3 and ending not in _NUMBERED:
            return False
        if ending not in _NUMBERED and (
            _CAMEL().search(written) or _TITLE().search(written) or labels[0] in _HOLDERS or _is_code(plain, match)
        ):
            return False
        if host in _TECHNOLOGIES or (not endings.is_usual(ending) and not _is_named_as_site(plain, match)):
            return False
    return registered_domain(host) is not None


#: What programs call things whose fields they name, and titles of people: `self.id`, `Mr.Li`.
_HOLDERS = frozenset(
    (
        *("args", "arr", "config", "console", "ctx", "data", "document", "el", "elem", "event", "item", "kwargs"),
        *(
            "math",
            "module",
            "node",
            "np",
            "obj",
            "object",
            "options",
            "os",
            "params",
            "pd",
            "props",
            "req",
            "request",
            "res",
        ),
        *("response", "self", "state", "sys", "that", "this", "user", "window", "mr", "mrs", "ms", "dr", "prof"),
    )
)
#: Names of programs that end like a host.
_TECHNOLOGIES = frozenset(("asp.net", "ado.net", "vb.net", "ml.net", "socket.io"))


def _is_code(plain: str, match: re.Match[str]) -> bool:
    """Whether what stands right beside a name is of a program."""
    before, after = plain[max(0, match.start() - 1) : match.start()], plain[match.end() : match.end() + 3]
    return before in ("{", "`", "$", "=") or after[:1] in ("`", "}", ";", "=") or after[:2] in (" =", ").", "),")


#: Endings of hosts that may be a number alone, or mix capitals: `8.cn`, `YouTube.com`.
_NUMBERED = frozenset(("com", "net", "org", "cn", "cc", "top", "vip", "xyz", "tv", "io"))


def _is_named_as_site(plain: str, match: re.Match[str]) -> bool:
    """Whether what stands around a bare name says that it is a site: words before it, nothing or Han beside it, digits
    and hyphens, which programs do not have in names."""
    before, after = plain[max(0, match.start() - 24) : match.start()], plain[match.end() : match.end() + 24]
    if _SITE().search(before) or (not before.strip() and not after.strip()):
        return True
    if "\u4e00" <= before[-1:] <= "\u9fff" or "\u4e00" <= after[:1] <= "\u9fff":
        return True
    name = match.group().rpartition(".")[0]
    return any(char.isdigit() or char == "-" for char in name) and after[:1] not in ('"', "'", "`", ")", "}", ";")


def _has_path(plain: str, end: int) -> bool:
    return plain[end : end + 1] in ("/", "?", "#")


def _after_port(plain: str, end: int) -> int:
    port = _PORT().match(plain, end)
    return port.end() if port else end


def _link(plain: str, place: _Place) -> Link:
    start, host_start, host_end, host = place
    end = _after_port(plain, host_end)
    path = _PATH().match(plain, end)
    if path:
        end += len(_without_closing(path.group()))
    host = plain_host(host or plain[host_start:host_end])
    before = _plain_scheme(plain[start:host_start])
    return Link(start, end, f"{before}{host}{plain[host_end:end]}", host)


def _plain_scheme(written: str) -> str:
    """`hxxps://` is `https://`; a user's name before the host stays."""
    if not written:
        return ""
    scheme, mark, rest = re.split(r"([\[(]?:?[\])]?[/\\]{2})", written.lower(), maxsplit=1)
    return _DISGUISED_SCHEME().sub(r"http\1", scheme) + ("://" if mark else "") + rest


def _without_closing(path: str) -> str:
    """The path without punctuation that belongs to the sentence around the link."""
    open_and_closed = {sign: path.count(sign) for pair in _CLOSING.items() for sign in pair}
    end = len(path)
    while end:
        last = path[end - 1]
        if last in _CLOSING and open_and_closed[last] > open_and_closed[_CLOSING[last]]:
            open_and_closed[last] -= 1
        elif last not in ".,;:!?'\"*~":
            break
        end -= 1
    return path[:end]


# --- mentions ------------------------------------------------------------------------------------------------


def mentions_of(text: str) -> tuple[str, ...]:
    """What `message.mentions` holds: the names after `@`, without it, each once, in order. No e-mail addresses."""
    if not may_hold(text, MENTIONS):
        return ()
    plain = narrow(text)
    if "@" not in plain:
        return ()
    return tuple(dict.fromkeys(text[one.start(1) : one.end(1)] for one in _mention().finditer(plain)))
