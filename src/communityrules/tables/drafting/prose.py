"""Documents with numbered rules: cut into rules, and drafted."""

from __future__ import annotations

import re
from typing import Final

from communityrules.diagnostics.message import Language
from communityrules.frozen import dataclass
from communityrules.tables.drafting.tabling import Draft, Row, draft_table

#: Characters of a document that are read.
MOST: Final = 1_000_000

_FENCE: Final = re.compile(r"^\s*(?:```|~~~)")
_HEADING: Final = re.compile(r"^\s{0,3}(?P<marks>#{1,6})\s+(?P<text>.+?)\s*#*$|^\s*【(?P<boxed>[^】]{1,40})】\s*$")
_NUMBER: Final = re.compile(
    r"^(?P<indent>\s*)(?:[-*+]\s+)?(?:\*\*|__)?"
    r"(?P<number>第[一二三四五六七八九十百零〇0-9]+[条條款项項]|§\s*[0-9]+(?:\([a-z0-9]\))?|(?:rule|Rule|"
    r"RULE)\s+[0-9]+(?:\.[0-9]+)*"
    r"|[0-9]+(?:\.[0-9]+)*(?=[.、)）．:：]|\s*️?⃣)|[(（](?:[0-9]{1,2}|[一二三四五六七八九十]{1,3}|[a-z])[)）]|"
    r"[一二三四五六七八九十]{1,3}(?=、)|[①-⑳]|[0-9](?=️?⃣))"
    r"(?P<sign>[.、)）．:：]|️?⃣|\s*[-–—:：.]|)\s*(?P<text>.*)$"
)
_BULLET: Final = re.compile(r"^(?P<indent>\s*)(?:[-*+•·▪●○❌✅✖✔☑]|[-*+]\s+[❌✅])\s+(?P<text>.+)$")
_TABLE: Final = re.compile(r"^\s*\|(?P<cells>.*)\|\s*$")
_RULED: Final = re.compile(r"^\s*\|?[\s:|-]+\|?\s*$")
_UNDER: Final = re.compile(r"^\s*(?:-{3,}|={3,}|\*{3,}|_{3,}|~{3,})\s*$")
_MARKUP: Final = (
    (re.compile(r"!\[[^\]]*\]\([^)]*\)"), ""), (re.compile(r"\[([^\]]*)\]\([^()]*(?:\([^()]*\)[^()]*)*\)"), r"\1"),
    (re.compile(r"</?[A-Za-z][^>]*>"), ""), (re.compile(r"\*\*|__|`|~~"), ""), (re.compile(r"\{[#%:][^}]*\}?"), ""),
)  # fmt: skip
_SKIPPED_LINE: Final = re.compile(r"^\s*(?::::|\{%|\.\. |!!!|\?\?\?|<!--)")


@dataclass(slots=True)
class _Open:
    """A rule while its lines are gathered."""

    number: str
    indent: int
    name: str
    lines: list[str]
    heading: str
    plain: bool = False
    scope: str = ""


@dataclass(frozen=True, slots=True)
class Prose:
    """The rules of a document, and what in it is none."""

    rows: tuple[Row, ...]
    #: Paragraphs that stand under no number: what surrounds the rules.
    skipped: tuple[str, ...]


def draft_prose(text: str, language: Language | None = None, title: str = "", timezone: str | None = None) -> Draft:
    """A rulebook from a document of Markdown or plain text whose rules are numbered or listed (`一、`, `1.`, `(1)`,
    `第一条`, `§ 2`, `-`) or stand in a table of two columns.

    A document without any gives a rulebook without rules. The arguments are those of `draft_table`.
    """
    return draft_table(split(text).rows, language, title, timezone)


def split(text: str) -> Prose:
    """The rules of a document, in order: number, name, words, and the heading above."""
    found: list[_Open] = []
    skipped: list[str] = []
    titled = re.match(r"\s*---\s*\n(?:.*\n)*?title:\s*(?P<title>.+)\n", text[:2000])
    headings: list[tuple[int, str]] = [(0, _clean(titled["title"]))] if titled is not None else []
    current: _Open | None = None
    lines = _lines(text[:MOST])
    for index, line in enumerate(lines):
        if not line.strip():
            continue
        heading = _HEADING.match(line)
        following = lines[index + 1] if index + 1 < len(lines) else ""
        if heading is None and _UNDER.match(following) and not _RULED.match(line) and not _NUMBER.match(line):
            heading = _HEADING.match(f"# {line.strip()}")
        if heading is not None:
            level = len(heading["marks"] or "###")
            said = _clean(heading["text"] or heading["boxed"])
            headings = [one for one in headings if one[0] < level]
            numbered = _NUMBER.match(said)
            current = None
            if numbered is not None and numbered["text"]:
                current = _Open(
                    _bare(numbered["number"]),
                    -1,
                    _clean(numbered["text"]),
                    [],
                    _above(headings),
                    scope=_whose(headings),
                )
                found.append(current)
            headings.append((level, said))
            continue
        if _UNDER.match(line) or _RULED.match(line):
            continue
        table = _TABLE.match(line)
        if table is not None:
            if _RULED.match(following):
                continue
            row = _of_table(table["cells"], _above(headings))
            if row is not None:
                row.scope = _whose(headings)
            if row is not None:
                found.append(row)
            continue
        numbered, bullet = _NUMBER.match(line), _BULLET.match(line)
        here = numbered or bullet
        indent = len(here["indent"].expandtabs(4)) if here is not None else 0
        deeper = current is not None and current.indent >= 0 and indent > current.indent + 1
        title = _TITLE.match(_clean(here["text"])) if here is not None else None
        if title is not None and _inner(lines, index):
            headings = [one for one in headings if one[0] < 7]
            headings.append((7, _clean(title["text"])))
            current = None
            continue
        if here is not None and not deeper and not (current is not None and current.indent < 0 and numbered is None):
            number = _bare(numbered["number"]) if numbered is not None else ""
            current = _Open(number, indent, "", [_clean(here["text"])], _above(headings), scope=_whose(headings))
            found.append(current)
        elif current is not None and (
            deeper
            or line[:1].isspace()
            or current.indent < 0
            or line.lstrip().startswith(">")
            or lines[index - 1].strip()
        ):
            current.lines.append(_clean(here["text"] if here is not None else line))
        else:
            current = None
            skipped.append(_clean(line))
    return Prose(tuple(_rows(found)), tuple(one for one in skipped if one))


_TITLE: Final = re.compile(r"^(?P<text>[^,，。;；.!?]{1,24})[:：]$")


def _inner(lines: list[str], index: int) -> bool:
    """Whether a numbered line follows at once: then a line that ends with a colon is the title of what follows."""
    following = next((one for one in lines[index + 1 :] if one.strip()), "")
    return _NUMBER.match(following) is not None or _BULLET.match(following) is not None


def _lines(text: str) -> list[str]:
    """The lines of a document without what is no prose: its front matter, code, components and directives."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").lstrip("\ufeff").split("\n")
    kept: list[str] = []
    fenced = False
    start = 0
    if lines and lines[0].strip() == "---":
        ends = [place for place, line in enumerate(lines[1:60], start=1) if line.strip() == "---"]
        start = ends[0] + 1 if ends else 0
    for line in lines[start:]:
        if _FENCE.match(line):
            fenced = not fenced
            continue
        if fenced:
            continue
        kept.append("" if _SKIPPED_LINE.match(line) else line)
    return kept


def _clean(text: str) -> str:
    for looked, instead in _MARKUP:
        text = looked.sub(instead, text)
    return text.strip().lstrip(">").strip()


def _bare(number: str) -> str:
    number = number.replace("§", "").strip()
    return number[1:-1] if number[:1] in "(（" else number


_OF_STAFF: Final = re.compile(
    r"管理(?:员|人员|团队)?(?:行为)?(?:守则|准则|规范|须知|职责)|管理員守則|(?:administrators?|moderators?|"
    r"admins?|staff)(?:.s)? (?:rules|guidelines|code|duties)",
    re.IGNORECASE,
)


def _whose(headings: list[tuple[int, str]]) -> str:
    """Whom a part of a document speaks to, where its headings say that it is those in charge."""
    return "管理员" if any(_OF_STAFF.search(said) for _, said in headings) else ""


def _above(headings: list[tuple[int, str]]) -> str:
    return headings[-1][1] if headings else ""


def _of_table(cells: str, heading: str) -> _Open | None:
    """A row of a table of two columns is a rule; of a wider one it is left as it is."""
    said = [_clean(one) for one in re.split(r"(?<!\\)\|", cells)]
    if not any(said):
        return None
    if len(said) == 2 and all(said):
        return _Open("", 0, said[0], [said[1]], heading)
    return _Open("", 0, said[0], [" | ".join(said)], heading, plain=True)


_STEP: Final = re.compile(
    r"(?:第?[一二两三四五六1-6]次|首次|初犯|再犯|(?:first|second|third|1st|2nd|3rd)\b)", re.IGNORECASE
)


def _ladders(found: list[_Open]) -> list[_Open]:
    """Steps of one ladder that stand as items without numbers as one rule."""
    kept: list[_Open] = []
    for one in found:
        last = kept[-1] if kept else None
        if (
            last is not None and not last.number and not one.number and last.heading == one.heading
            and last.lines and one.lines
            and _STEP.match(last.lines[-1]) and _STEP.match(one.lines[0])
        ):  # fmt: skip
            last.lines += one.lines
        else:
            kept.append(one)
    return kept


def _rows(found: list[_Open]) -> list[Row]:
    """The rules with numbers of their own: those of a list count on, and a number used again stands behind its part."""
    found = _ladders(found)
    rows: list[Row] = []
    taken: set[str] = set()
    part = 1
    heading = found[0].heading if found else ""
    counted = 0
    for one in found:
        if one.heading != heading:
            heading, part, counted = one.heading, part + 1, 0
        content = "\n".join(line for line in one.lines if line)
        if not content and not one.name:
            continue
        counted += 1
        number = one.number or f"{part}.{counted}"
        if number in taken:
            number = f"{part}.{one.number or counted}"
        while number in taken:
            number += "b"
        taken.add(number)
        rows.append(Row(number, one.name, content, one.scope, heading=one.heading, plain=one.plain))
    return rows
