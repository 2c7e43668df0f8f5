"""AutoModerator's YAML as plain values with the lines they stand on.

Only what the format needs is built: texts, lists and mappings, from the parser's events, within bounds; no object of
any other kind can come of a file. Each document is read on its own, so that a broken one costs only itself.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from dataclasses import field
from typing import Any, Final

from communityrules.diagnostics.message import Bilingual
from communityrules.frozen import dataclass

#: Documents of a file, nodes of a document with what its aliases stand for, levels of nesting.
MOST_DOCUMENTS: Final = 2_000
MOST_NODES: Final = 100_000
MOST_DEPTH: Final = 20
#: Lines of comment before the first key of a document that are kept.
_COMMENTS: Final = 12

_MARKER: Final = re.compile(r"---(?=\s|$)")
_BOOLEANS: Final = {
    "true": True, "false": False, "yes": True, "no": False, "on": True, "off": False,
}  # fmt: skip
_WHOLE: Final = re.compile(r"[-+]?\d+\Z")
#: Numbers as YAML 1.1 has them beside plain ones: `0x1F`, `0755`, `1_000`, `1:30`, `1.5`.
_OTHER_NUMBER: Final = re.compile(r"[-+]?(?:0[xX][0-9a-fA-F_]+|0b[01_]+|[0-9][0-9_]*(?::[0-5]?[0-9])*(?:\.[0-9_]*)?)\Z")


@dataclass(frozen=True, slots=True)
class Scalar:
    """One text, as written."""

    text: str
    line: int
    #: Without quotes, so that YAML may take it for something else than a text.
    plain: bool

    @property
    def flag(self) -> bool | None:
        """What YAML reads it as, where that is true or false."""
        return _BOOLEANS.get(self.text.lower()) if self.plain else None

    @property
    def whole(self) -> int | None:
        """The whole number that it is, quoted or not."""
        written = self.text.strip()
        return int(written) if _WHOLE.match(written) and len(written) <= 18 else None

    @property
    def empty(self) -> bool:
        """Whether it is no value at all."""
        return not self.text or (self.plain and self.text.lower() in ("~", "null"))

    @property
    def converted(self) -> bool:
        """Whether YAML reads it as something that is spelt otherwise: `yes` as true, `0755` as 493."""
        if not self.plain:
            return False
        return self.flag is not None or (
            _OTHER_NUMBER.match(self.text) is not None and (self.whole is None or self.text != str(self.whole))
        )


@dataclass(frozen=True, slots=True)
class Listing:
    items: tuple[Value, ...]
    line: int


@dataclass(frozen=True, slots=True)
class Entry:
    """One key with its value."""

    key: str
    line: int
    value: Value


@dataclass(frozen=True, slots=True)
class Mapping:
    entries: tuple[Entry, ...]
    line: int


Value = Scalar | Listing | Mapping


@dataclass(frozen=True, slots=True)
class Document:
    """What stands between two `---`."""

    #: The line on which it begins, from 1.
    line: int
    #: None when it holds nothing but comments.
    value: Value | None
    #: Comments before its first key, without `#`.
    comments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Broken:
    """A document that cannot be read."""

    #: The line on which it begins, and that of the trouble.
    line: int
    at: int
    reason: Bilingual


class _Unreadable(Exception):  # noqa: N818  # it says what the document is
    def __init__(self, line: int, reason: Bilingual) -> None:
        self.line = line
        self.reason = reason
        super().__init__(reason.en)


def read_documents(text: str) -> Iterator[Document | Broken]:
    """Every document of a file in order. Never raises for what a file holds."""
    if all(line[:1] in (" ", "") or not line.strip() for line in text.split("\n")):
        # Copied out of a page that showed it as code: the markers are indented with the rest.
        text = textwrap.dedent(text)
    for count, (first, chunk) in enumerate(_chunks(text)):
        if count >= MOST_DOCUMENTS:
            reason = Bilingual(f"a file may have {MOST_DOCUMENTS} parts at most", f"一个文件最多 {MOST_DOCUMENTS} 段")
            yield Broken(first, first, reason)
            return
        try:
            yield Document(first, _Builder(first).read(chunk), _comments(chunk))
        except _Unreadable as error:
            yield Broken(first, error.line, error.reason)


def _chunks(text: str) -> Iterator[tuple[int, str]]:
    """The parts between markers, each with the number of its first line. Parts without a letter are left out."""
    first, lines = 1, list[str]()
    for number, line in enumerate(text.split("\n"), start=1):
        if _MARKER.match(line) and number > 1:
            if any(one.strip() for one in lines):
                yield first, "\n".join(lines)
            first, lines = number, []
        lines.append(line)
    if any(one.strip() for one in lines):
        yield first, "\n".join(lines)


def _comments(chunk: str) -> tuple[str, ...]:
    found: list[str] = []
    for line in chunk.split("\n"):
        stripped = line.strip()
        if stripped.startswith("#"):
            said = stripped.strip("#").strip()
            if any(char.isalnum() for char in said):
                found.append(said)
        elif stripped and not _MARKER.match(line):
            break
    return tuple(found[:_COMMENTS])


@dataclass(slots=True)
class _Builder:
    """Values from the events of one document."""

    first: int
    nodes: int = 0
    #: What anchors stand for, with how many nodes each is.
    anchors: dict[str, tuple[Value, int]] = field(default_factory=dict)

    def read(self, chunk: str) -> Value | None:
        # Imported when first used: no other command reads YAML.
        import yaml

        loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        events = yaml.parse(chunk, Loader=loader)
        try:
            found: Value | None = None
            for event in events:
                if isinstance(event, yaml.NodeEvent):
                    found = self._value(event, events, 0)
        except yaml.YAMLError as error:
            raise self._trouble(error, chunk) from None
        if isinstance(found, Scalar) and found.empty:
            return None
        return found

    def _line(self, event: Any) -> int:
        return self.first + int(event.start_mark.line)

    def _trouble(self, error: Exception, chunk: str) -> _Unreadable:
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        position = getattr(error, "position", None)
        at = chunk.count("\n", 0, position) if isinstance(position, int) else 0
        if mark is not None:
            at = int(mark.line)
        said = str(getattr(error, "problem", None) or getattr(error, "reason", None) or "it is no YAML")
        lines = chunk.split("\n")
        line = lines[at] if at < len(lines) else ""
        if "\t" in line[: len(line) - len(line.lstrip())] or "'\\t'" in said:
            reason = Bilingual(
                "a tab stands where YAML wants spaces; replace it", "应为空格处有制表符,YAML 不允许,请改成空格"
            )
        else:
            reason = Bilingual(f"it cannot be read as YAML ({said})", f"不是合法的 YAML({said})")
        return _Unreadable(self.first + at, reason)

    def _value(self, event: Any, events: Any, depth: int) -> Value:
        import yaml

        line = self._line(event)
        if depth > MOST_DEPTH:
            raise _Unreadable(line, Bilingual("it is nested too deep", "嵌套过深"))
        if isinstance(event, yaml.AliasEvent):
            known = self.anchors.get(str(event.anchor))
            if known is None:
                raise _Unreadable(
                    line, Bilingual(f"`*{event.anchor}` stands for nothing", f"`*{event.anchor}` 没有所指")
                )
            self._count(known[1], line)
            return known[0]
        before = self.nodes
        self._count(1, line)
        value: Value
        if isinstance(event, yaml.ScalarEvent):
            value = Scalar(event.value, line, not event.style)
        elif isinstance(event, yaml.SequenceStartEvent):
            items: list[Value] = []
            for inner in events:
                if isinstance(inner, yaml.SequenceEndEvent):
                    break
                items.append(self._value(inner, events, depth + 1))
            value = Listing(tuple(items), line)
        else:
            value = self._mapping(events, line, depth)
        if event.anchor is not None:
            self.anchors[event.anchor] = (value, self.nodes - before)
        return value

    def _mapping(self, events: Any, line: int, depth: int) -> Mapping:
        import yaml

        entries: list[Entry] = []
        merged: list[Entry] = []
        for inner in events:
            if isinstance(inner, yaml.MappingEndEvent):
                break
            at = self._line(inner)
            key = self._value(inner, events, depth + 1)
            value = self._value(next(events), events, depth + 1)
            if not isinstance(key, Scalar):
                raise _Unreadable(at, Bilingual("a key is not a word", "键不是文字"))
            if key.text == "<<" and isinstance(value, Mapping):
                merged.extend(value.entries)
            else:
                entries.append(Entry(key.text, at, value))
        own = {one.key for one in entries}
        return Mapping((*entries, *(one for one in merged if one.key not in own)), line)

    def _count(self, nodes: int, line: int) -> None:
        self.nodes += nodes
        if self.nodes > MOST_NODES:
            raise _Unreadable(line, Bilingual("it holds too many values", "内容过多"))


def texts(value: Value) -> tuple[Scalar, ...] | None:
    """The texts of a value that is one or a list of them; None when it is neither."""
    if isinstance(value, Scalar):
        return (value,)
    if isinstance(value, Listing) and all(isinstance(one, Scalar) for one in value.items):
        return tuple(one for one in value.items if isinstance(one, Scalar))
    return None


def shown(value: Value) -> str:
    """A value as a report shows it."""
    match value:
        case Scalar():
            return value.text
        case Listing():
            return ", ".join(shown(one) for one in value.items[:8]) + (", …" if len(value.items) > 8 else "")
        case Mapping():
            return ", ".join(one.key for one in value.entries[:8])
