"""Links and mentions in a text.

A link is a web address with a scheme (`https://…`, `tg://…`), or a bare domain with a real ending (`example.com/a`).
Bare text that only looks like one is left alone: a name with an ending that is also that of files (`main.py`,
`notes.md`) is a link only with a path or `www.`; one whose ending is also an English word (`like it.in fact`) is none
when a space and a small letter follow; four bare numbers are one only with a port or a path. E-mail addresses are no
links.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from communityrules.frozen import dataclass
from communityrules.library.hosts import LETTERS, is_ipv4, plain_host, registered_domain
from communityrules.library.narrow import narrow


@dataclass(frozen=True, slots=True)
class Link:
    """A link and where it stands, in code points of the original text."""

    start: int
    end: int
    #: As the text has it, but for scheme and host in their plain spelling: `https://shop.example/A`.
    text: str
    host: str


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


#: Endings of countries that are also those of files people name in chats.
_FILE_ENDINGS = _words("java md mk ml mov mp pl pm ps pub py rs sc sh so st sy tf zip")
#: Endings that are also words, with which a sentence may begin whose writer left out the space.
_WORD_ENDINGS = _words(
    "am as at be best bet build buy by call care click cool date day do fail free fun he help here how id in is "
    "it life like link live love me men my name new no now one open page play read run safe save say see show so "
    "space store style to today tools us watch we win work wow you zone"
)

#: One of these is in every text with a link: a dot or a slash, of any width.
_SIGNS = (".", "/", "．", "／", "․", "﹒")
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9_-]*[A-Za-z0-9])?"
_SCHEME = re.compile(r"(?<![A-Za-z0-9])([A-Za-z][A-Za-z0-9+-]{1,15})://(?:[!-.0-9:;=A-Z_a-z~]*@)?")
_BARE = re.compile(
    rf"(?<![A-Za-z0-9@._/\\-])(?:{_LABEL}\.)+(?:[A-Za-z]{{2,24}}|xn--[A-Za-z0-9-]{{2,59}})(?![A-Za-z0-9_@(-]|\.[A-Za-z0-9])"
)
_BARE_IP = re.compile(r"(?<![A-Za-z0-9@._/\\-])(?:[0-9]{1,3}\.){3}[0-9]{1,3}(?=:[0-9]{1,5}|/)")
_PLAIN_HOST = re.compile(rf"(?:{_LABEL}\.)*{_LABEL}")
_PORT = re.compile(r":[0-9]{1,5}")
_PATH = re.compile(r"[/?#][!-;=?-~]*")
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
    if not any(sign in text for sign in _SIGNS):
        return ()
    plain = narrow(text)
    found: list[Link] = []
    taken = 0
    for one in sorted(_candidates(plain), key=lambda link: (link.start, -link.end)):
        if one.start >= taken:
            found.append(one)
            taken = one.end
    return tuple(found)


def links_of(text: str) -> tuple[str, ...]:
    """What `message.links` holds: the text of each link once, in order."""
    return tuple(dict.fromkeys(one.text for one in find_links(text)))


def host_of(link: str) -> str:
    """The host of a link or a bare domain, in its plain spelling: `shop.example` of `https://me@Shop.example:8/a`."""
    rest = narrow(link).strip()
    scheme = rest.find("://")
    if scheme >= 0:
        rest = rest[scheme + 3 :]
    authority = re.split(r"[/?#\\]", rest, maxsplit=1)[0]
    return plain_host(_PORT.sub("", authority.rpartition("@")[2]))


def _candidates(plain: str) -> Iterator[Link]:
    if "://" in plain:
        for match in _SCHEME.finditer(plain):
            end = _host_end(plain, match.end())
            if end > match.end():
                yield _link(plain, match.start(), match.end(), end)
    if not _has_inner_dot(plain):
        return
    for match in _BARE.finditer(plain):
        if _is_domain(plain, match):
            yield _link(plain, match.start(), match.start(), match.end())
    for match in _BARE_IP.finditer(plain):
        if is_ipv4(match.group()):
            yield _link(plain, match.start(), match.start(), match.end())


def _has_inner_dot(plain: str) -> bool:
    """Whether a dot stands between letters or digits, as in every bare domain; most dots end a sentence."""
    at = plain.find(".")
    while at >= 0:
        if plain[at - 1 : at].isalnum() and plain[at + 1 : at + 2].isalnum():
            return True
        at = plain.find(".", at + 1)
    return False


def _host_end(plain: str, start: int) -> int:
    match = _PLAIN_HOST.match(plain, start)
    end = match.end() if match else start
    following = plain[end : end + 2]
    within_name = following[:1] > "\x7f" and "." not in plain[start:end]
    if within_name or (following[:1] == "." and following[1:] > "\x7f"):
        wide = _wide_host().match(plain, start)
        return wide.end() if wide else start
    return end


def _is_domain(plain: str, match: re.Match[str]) -> bool:
    host = match.group().lower()
    ending = host.rpartition(".")[2]
    if not host.startswith("www.") and not _PATH.match(plain, _after_port(plain, match.end())):
        if ending in _FILE_ENDINGS:
            return False
        following = plain[match.end() : match.end() + 2]
        if ending in _WORD_ENDINGS and following[:1] == " " and "a" <= following[1:] <= "z":
            return False
    return registered_domain(host) is not None


def _after_port(plain: str, end: int) -> int:
    port = _PORT.match(plain, end)
    return port.end() if port else end


def _link(plain: str, start: int, host_start: int, host_end: int) -> Link:
    end = _after_port(plain, host_end)
    path = _PATH.match(plain, end)
    if path:
        end += len(_without_closing(path.group()))
    host = plain_host(plain[host_start:host_end])
    return Link(start, end, f"{plain[start:host_start].lower()}{host}{plain[host_end:end]}", host)


def _without_closing(path: str) -> str:
    """The path without punctuation that belongs to the sentence around the link."""
    while path:
        last = path[-1]
        if last in ".,;:!?'\"*~" or (last in _CLOSING and path.count(last) > path.count(_CLOSING[last])):
            path = path[:-1]
        else:
            break
    return path


# --- mentions ------------------------------------------------------------------------------------------------


def mentions_of(text: str) -> tuple[str, ...]:
    """What `message.mentions` holds: the names after `@`, without it, each once, in order. No e-mail addresses."""
    plain = narrow(text)
    if "@" not in plain:
        return ()
    return tuple(dict.fromkeys(text[one.start(1) : one.end(1)] for one in _mention().finditer(plain)))
