"""Plain lists of words, patterns or domains, as people pass them around: what stands on each line."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final, Literal

from communityrules.frozen import dataclass
from communityrules.library.links import host_of

Kind = Literal["words", "patterns", "domains"]

#: Characters of one entry.
LONGEST: Final = 4_000
#: Entries that are looked at when the kind is guessed.
_SAMPLE: Final = 2_000


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of a list."""

    text: str
    line: int
    #: What kind the file says it is, where it does.
    kind: Kind | None = None
    #: A number that stood beside it: a count or a weight.
    weight: str | None = None
    #: Whether upper and lower case are the same; None where it does not say.
    ignore_case: bool | None = None
    #: What the entry was taken out of, where the file has it switched off or means members.
    beside: Literal["off", "member"] | None = None


_DANMAKU: Final = re.compile(r"<item\s+enabled=\"(\w+)\"\s*>\s*([tru])=(.*?)</item>", re.IGNORECASE)
_SLASHED: Final = re.compile(r"/(.+)/([a-z]*),?\Z")
_QUOTED: Final = re.compile(r"[\"'](.+)[\"']\Z")
#: Signs that hardly ever stand in words.
_REGEX: Final = re.compile(
    r"\\[dwsbDWSB.|()\[\]+*?]|\[[^\]\s]+\]|\.[*+?]|\(\?|\{\d+(?:,\d*)?\}|\([^()\s|]+\|[^()\s]+\)|[^\s|]\|[^\s|]|\A\^|\$\Z|/.+/[a-z]*\Z"
)
_DOMAIN: Final = re.compile(
    r"(?:\*\.|\.)?(?:[^\W_](?:[\w-]*[^\W_])?\.)+(?:[^\W\d_]{2,24}|xn--[a-z0-9-]+)\.?(?::\d+)?(?:/\S*)?\Z", re.IGNORECASE
)
_HOSTS_LINE: Final = re.compile(r"(?:0\.0\.0\.0|127\.0\.0\.1|::1?)\s+(\S+)")
_ADBLOCK: Final = re.compile(r"\|\|([^\^/$*]+)\^?(?:\$.*)?\Z")
_SCHEME: Final = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_NUMBER: Final = r"-?\d+(?:\.\d+)?"
_WEIGHT: Final = re.compile(rf"(.*\S)\s*(?:[,，;；=:：|\t]|\s)\s*({_NUMBER})\Z")
_WEIGHT_BY_SIGN: Final = re.compile(rf"(.*\S)\s*[,，;；=:：|\t]\s*({_NUMBER})\Z")
_SEPARATORS: Final = re.compile(r"[,，、;；\t|]")


def entries(text: str, kind: Kind | None) -> tuple[Kind, list[Item]]:
    """The kind of a list, guessed where it is not given, and its entries in order, duplicates included."""
    lines = list(_lines(text))
    said = {one.kind for one in lines if one.kind is not None}
    if kind is None:
        kind = "patterns" if "patterns" in said else guess([one.text for one in lines[:_SAMPLE]])
    if kind == "patterns":
        return kind, [_pattern(one) for one in lines]
    if kind == "domains":
        return kind, [_domain(one) for one in lines if not one.text.startswith(("#", "!", "//"))]
    return kind, list(_words(lines))


def guess(lines: list[str]) -> Kind:
    """What most lines look like."""
    if not lines:
        return "words"
    domains = sum(_is_domain(one) for one in lines)
    if domains >= 0.8 * len(lines):
        return "domains"
    patterns = sum(_REGEX.search(one) is not None for one in lines)
    return "patterns" if patterns >= 0.25 * len(lines) else "words"


def _is_domain(line: str) -> bool:
    found = _HOSTS_LINE.match(line) or _ADBLOCK.match(line)
    said = found.group(1) if found is not None else _SCHEME.sub("", line, count=1)
    return _DOMAIN.match(said.strip()) is not None


def _lines(text: str) -> Iterator[Item]:
    """Lines that say something, without comments. Exports of danmaku filters say of each entry what it is."""
    for number, line in enumerate(text.split("\n"), start=1):
        stripped = line.strip().strip("\ufeff")
        found = list(_DANMAKU.finditer(stripped))
        for one in found:
            enabled, sort, said = one.groups()
            kind: Kind = "patterns" if sort.lower() == "r" else "words"
            beside: Literal["off", "member"] | None = (
                "member" if sort.lower() == "u" else "off" if enabled.lower() != "true" else None
            )
            yield Item(html.unescape(said), number, kind, beside=beside)
        if found or not stripped or re.match(r"#(?:\s|#|=|-|\Z)|//\s|<\?xml|</?filters>", stripped):
            continue
        yield Item(stripped, number)


def _pattern(item: Item) -> Item:
    if item.kind == "words":
        return replace(item, text=re.escape(item.text))
    found = _SLASHED.match(item.text)
    if found is None:
        return item
    return replace(item, text=found.group(1), ignore_case="i" in found.group(2))


def _domain(item: Item) -> Item:
    said = item.text.split("#", 1)[0].strip()
    found = _HOSTS_LINE.match(said) or _ADBLOCK.match(said)
    said = found.group(1) if found is not None else said
    said = said.strip("\"',，、; \t").removeprefix(".")
    weight = _WEIGHT.match(said)
    if weight is not None:
        return replace(item, text=weight.group(1), weight=weight.group(2))
    return replace(item, text=said)


def is_domain(text: str) -> bool:
    """Whether an entry names a host, with or without a scheme, a path or `*.` before it."""
    wild = text.removeprefix("*.")
    return not re.search(r"[\s*]", wild) and bool(host_of(wild)) and ("." in host_of(wild))


def _words(lines: list[Item]) -> Iterator[Item]:
    counted = sum(_WEIGHT.match(one.text) is not None for one in lines) >= max(2, 0.8 * len(lines))
    for one in lines:
        if one.kind is not None:
            yield one
            continue
        said, weight = one.text, None
        found = (_WEIGHT if counted else _WEIGHT_BY_SIGN).match(said)
        if found is not None and not re.fullmatch(_NUMBER, found.group(1)):
            said, weight = found.groups()
        for part in _SEPARATORS.split(said):
            part = part.strip()
            quoted = _QUOTED.match(part)
            part = quoted.group(1) if quoted is not None else part
            if part.strip():
                yield replace(one, text=part.strip(), weight=weight)
