"""Lists of domains compared with links."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from communityrules.library.hosts import plain_host
from communityrules.library.links import host_of


class DomainMatcher:
    """A list compared with links: an entry matches its domain and every subdomain, whatever the width, case, port,
    user's name, dot at the end or punycode. An entry with a path (`example.com/shop`) matches links whose path begins
    with it, at the end of a word: `/shop/1` and `/shop?x=1`, not `/shopping`.

    `*.example.com`, `.example.com` and the spelling of blocking lists, `||example.com^`, say the same as `example.com`.
    Takes time in proportion to the labels of a link's host, however long the list is.
    """

    __slots__ = ("_hosts",)

    def __init__(self, domains: Iterable[str]) -> None:
        #: Host → path prefixes and entries, in the list's order.
        self._hosts: dict[str, list[tuple[str, str]]] = {}
        for entry in domains:
            written = entry.strip().removeprefix("||").rstrip("^").removeprefix("*.")
            host = plain_host(host_of(written).removeprefix("*.").lstrip("."))
            if host:
                self._hosts.setdefault(host, []).append((_path_of(written), entry))

    def find(self, links: Iterable[str]) -> tuple[tuple[str, str], ...]:
        """Each link that matches, with the entry that it matches first: the longest host, then the list's order."""
        found = []
        for link in links:
            entry = self._entry(link)
            if entry is not None:
                found.append((link, entry))
        return tuple(found)

    def contains(self, links: Iterable[str]) -> bool:
        """Whether any of the links matches."""
        return any(self._entry(link) is not None for link in links)

    def contains_all(self, links: Iterable[str]) -> bool:
        """Whether every entry is matched by one of the links or another."""
        given = tuple(links)
        wanted = ((host, path) for host, entries in self._hosts.items() for path, _ in entries)
        return all(any(_matches(link, host, path) for link in given) for host, path in wanted)

    def _entry(self, link: str) -> str | None:
        host = host_of(link)
        while host:
            for path, entry in self._hosts.get(host, ()):
                if _begins(_path_of(link), path):
                    return entry
            host = host.partition(".")[2]
        return None


def _matches(link: str, host: str, path: str) -> bool:
    found = host_of(link)
    return (found == host or found.endswith("." + host)) and _begins(_path_of(link), path)


def _begins(path: str, prefix: str) -> bool:
    if not path.startswith(prefix):
        return False
    following = path[len(prefix) : len(prefix) + 1]
    return not (prefix[-1:].isalnum() and (following.isalnum() or following in ("-", "_")) and following)


@lru_cache(maxsize=1024)
def _path_of(link: str) -> str:
    """What follows the host, without a slash at the end: `/a/b`. Paths keep their case."""
    rest = link.partition("://")[2] or link.strip().removeprefix("//")
    slash = rest.find("/")
    return rest[slash:].rstrip("/") if slash >= 0 else ""
