"""Files of a rulebook: the main one, those it uses, and the lists and days that stand in files of their own.

Every file is read through the caller's `read`, by a path with `/` relative to the folder of the main file. Paths may
not leave that folder. Packs (`use "pack:ads"`) are part of the library and need no `read`.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Sequence
from dataclasses import field
from typing import Final, Literal

from communityrules.checker import packs
from communityrules.checker.report import Reporter
from communityrules.checker.suggest import closest, one_of
from communityrules.checker.using import LEFT_OPEN, NO_VALUE, USED_ALREADY, Settings, dated, left_open, names_of_knobs
from communityrules.diagnostics.message import Bilingual, Diagnostic, Fix, Message
from communityrules.diagnostics.source import Source, Span
from communityrules.frozen import dataclass
from communityrules.language import tree
from communityrules.language.messages import FORGOTTEN, UNEXPECTED
from communityrules.language.parse import parse_asking
from communityrules.library.declare import Library

NOT_FOUND: Final = Message(
    code="CR711",
    severity="error",
    title=Bilingual("File that cannot be read", "无法读取的文件"),
    text=Bilingual("The file `{path}` cannot be read: {reason}.", "无法读取文件 `{path}`:{reason}。"),
    hint=Bilingual("Paths are relative to the file that names them.", "路径相对于写出它的文件。"),
)

OUTSIDE: Final = Message(
    code="CR712",
    severity="error",
    title=Bilingual("File outside the rulebook's folder", "文件不在规则手册的文件夹内"),
    text=Bilingual(
        "`{path}` leads out of the folder of the main file, and nothing is read from there.",
        "`{path}` 指向主文件所在文件夹之外,不会读取。",
    ),
    hint=Bilingual(
        "Move the file beside the rulebook and write its path with `/`.", "请把文件放到规则手册旁边,路径用 `/`。"
    ),
)

CIRCLE: Final = Message(
    code="CR713",
    severity="error",
    title=Bilingual("Files that use each other", "文件互相引用"),
    text=Bilingual("`{path}` is being read already: {circle}.", "`{path}` 正在读取中:{circle}。"),
    hint=Bilingual("Move what both need into a third file.", "把双方都需要的内容移到第三个文件。"),
)

TOO_MANY_FILES: Final = Message(
    code="CR714",
    severity="error",
    title=Bilingual("Too many files", "文件过多"),
    text=Bilingual(
        "A rulebook may have at most {most} files, nested at most {deepest} deep.",
        "一部规则手册最多 {most} 个文件,嵌套最多 {deepest} 层。",
    ),
    hint=Bilingual("Join some of them.", "请合并一些文件。"),
)

TOO_LARGE: Final = Message(
    code="CR715",
    severity="error",
    title=Bilingual("File too large", "文件过大"),
    text=Bilingual("`{path}` has more than {most} {unit}.", "`{path}` 超过 {most} {unit}。"),
    hint=Bilingual("Split it into several files.", "请拆成几个文件。"),
)

UNKNOWN_PACK: Final = Message(
    code="CR716",
    severity="error",
    title=Bilingual("Unknown pack", "未知的规则包"),
    text=Bilingual("There is no pack `{name}`.", "没有名为 `{name}` 的规则包。"),
    hint=Bilingual("{suggestion}", "{suggestion}"),
)

_NO_READER: Final = Bilingual("files are not read here", "此处不读取文件")
_MISSING: Final = Bilingual("there is no such file", "没有这个文件")
_NOT_TEXT: Final = Bilingual("it is not a text in UTF-8", "它不是 UTF-8 文本")
_REFUSED: Final = Bilingual("it could not be opened", "无法打开")
_LINES: Final = Bilingual("lines", "行")
_CHARACTERS: Final = Bilingual("characters", "个字符")


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is believed of files that may come from strangers."""

    files: int = 100
    depth: int = 10
    #: Characters of a list file.
    characters: int = 16_000_000
    lines: int = 500_000
    diagnostics: int = 200


@dataclass(slots=True)
class Files:
    """Reads and parses a rulebook's files."""

    report: Reporter
    read: Callable[[str], Source] | None
    limits: Limits
    library: Library
    #: Every file read, the main one first, in the order of reading.
    sources: list[Source] = field(default_factory=list)
    #: Of the main file, what `parse_asking` tells beside its tree; None too where it was parsed before.
    asked: frozenset[str] | None = None
    _paths: dict[int, str] = field(default_factory=dict)
    _done: set[str] = field(default_factory=set)
    _reads: int = 0
    #: The language of the main file, and so of its packs.
    _language: Literal["en", "zh"] = "en"

    def again(self, report: Reporter) -> Files:
        """A reader for the same declarations, checked once more: it knows where they stand."""
        return Files(report, self.read, self.limits, self.library, _paths=dict(self._paths), _language=self._language)

    def load(
        self, main: Source, parsed: tuple[tree.File, Sequence[Diagnostic]] | None = None
    ) -> list[tree.Declaration]:
        """Every declaration, those of a used file in the place of its `use`. `parsed` is what `parse` gave of the main
        file, where that was asked before."""
        name = posixpath.basename(main.name.replace("\\", "/")) or "rulebook"
        self._paths[id(main)] = name
        found: list[tree.Declaration] = []
        self._parse(main, [name], found, parsed)
        for one in left_open(found):
            if one.span.source is main:
                self.report.add(NO_VALUE, one.span, name=one.text)
        return found

    def _parse(
        self, source: Source, trail: list[str], into: list[tree.Declaration],
        known: tuple[tree.File, Sequence[Diagnostic]] | None = None,
    ) -> None:  # fmt: skip
        self.sources.append(source)
        self._done.add(trail[-1])
        if len(trail) > 1 and packs.is_pack(trail[-1]):
            known = packs.parsed_pack_file(trail[-1])
        asked = None
        if known is None:
            file, problems, asked = parse_asking(source)
            known = file, problems
        file, diagnostics = known
        if len(trail) == 1:
            self._language, self.asked = _language(file.declarations), asked
        for one in diagnostics:
            self.report.put(self._without_then(one) or one)
        if any(one.severity == "error" for one in diagnostics):
            self.report.lose(source, [one.span for one in file.declarations], [one.span for one in diagnostics])
        for declaration in file.declarations:
            into.append(declaration)
            if isinstance(declaration, tree.Use):
                self._use(declaration, source, trail, into)

    def _without_then(self, found: Diagnostic) -> Diagnostic | None:
        """A line that begins with an action: what the parser cannot know is that only `then` is missing."""
        span = found.span
        if found.code != UNEXPECTED.code or span is None or self.library.resolve("actions", span.text) is None:
            return None
        text = span.source.text
        if text[text.rfind("\n", 0, span.start) + 1 : span.start].strip():
            return None
        word = "则" if span.text > "\u2e80" else "then"
        fix = Fix(Span(span.source, span.start, span.start), f"{word} ")
        return Diagnostic(FORGOTTEN, span, {"found": span.text, "word": word}, fix)

    def _use(self, node: tree.Use, source: Source, trail: list[str], into: list[tree.Declaration]) -> None:
        path = self._pack(node.path) if packs.is_pack(node.path.value) else self._resolve(node.path, source)
        if path is None:
            return
        if path in trail:
            circle = " → ".join(f"`{one}`" for one in (*trail[trail.index(path) :], path))
            self.report.add(CIRCLE, node.path.span, path=node.path.value, circle=circle)
            return
        if path in self._done:
            if node.start is not None or node.end is not None or node.settings:
                self.report.add(USED_ALREADY, node.span, path=node.path.value)
            return
        if len(trail) > self.limits.depth:
            self._too_many(node.path.span)
            return
        used = self._open(path, node.path)
        if used is None:
            return
        found: list[tree.Declaration] = []
        self._parse(used, [*trail, path], found)
        if packs.is_pack(path):
            # Its head and its tests are for whoever reads or tests the pack alone.
            found = [one for one in found if not isinstance(one, tree.Header | tree.Test)]
        found = dated(found, node)
        if node.settings:
            Settings(self.report, self.lines).apply(found, node.settings, lambda: self._other_names(path, found))
        if len(trail) == 1:
            # Not of a file that is used by a used one: the outermost `use` may set those too.
            for name in left_open(found):
                self.report.add(LEFT_OPEN, node.span, path=node.path.value, name=name.text)
        into.extend(found)

    def _pack(self, written: tree.Text) -> str | None:
        """The main file of a pack; None after reporting that there is no such pack."""
        name = written.value.removeprefix(packs.PREFIX)
        known = packs.pack_names()
        if name in known:
            return packs.main_file(name, self._language)
        near = closest(name, known)
        listed = one_of(list(known), len(known))
        meant = Bilingual(f"Did you mean `{near}`?", f"是否想写 `{near}`?")
        suggestion = meant if near is not None else Bilingual(f"There is {listed}.", f"已有:{listed}。")
        fix = Fix(written.span, f'"{packs.PREFIX}{near}"') if near is not None else None
        self.report.add(UNKNOWN_PACK, written.span, fix=fix, name=name, suggestion=suggestion)
        return None

    def _other_names(self, path: str, found: list[tree.Declaration]) -> dict[str, str]:
        """Names of knobs in the pack's file of the other language → those in the one that is used."""
        if not packs.is_pack(path):
            return {}
        pack = path.removeprefix(packs.PREFIX).partition("/")[0]
        file, _ = packs.parsed_pack_file(packs.main_file(pack, "en" if self._language == "zh" else "zh"))
        return dict(zip(names_of_knobs(file.declarations), names_of_knobs(found), strict=False))

    def _too_many(self, span: Span) -> None:
        self.report.add(TOO_MANY_FILES, span, most=str(self.limits.files), deepest=str(self.limits.depth))

    def lines(self, written: tree.Text) -> list[tuple[str, Span]] | None:
        """The lines of a file named in the rules, without comments, blanks and what is empty; None after an error."""
        path = self._resolve(written, written.span.source)
        if path is None:
            return None
        source = self._open(path, written)
        if source is None:
            return None
        if len(source.text) > self.limits.characters:
            self.report.add(
                TOO_LARGE, written.span, path=written.value, most=str(self.limits.characters), unit=_CHARACTERS
            )
            return None
        if source.text.count("\n") > self.limits.lines:
            self.report.add(TOO_LARGE, written.span, path=written.value, most=str(self.limits.lines), unit=_LINES)
            return None
        self.sources.append(source)
        found: list[tuple[str, Span]] = []
        start = 0
        for line in source.text.split("\n"):
            item = line.strip().removeprefix("\ufeff").strip()
            if item and not item.startswith("#"):
                found.append((item, Span(source, start, start + len(line))))
            start += len(line) + 1
        return found

    def _resolve(self, written: tree.Text, source: Source) -> str | None:
        """The path from the main file's folder; None after reporting that it leads out of it."""
        value = written.value
        naming = self._paths.get(id(source), "")
        path = posixpath.normpath(posixpath.join(posixpath.dirname(naming), value))
        unsafe = not value or value.startswith("/") or "\\" in value or ":" in value or "\0" in value
        unsafe = unsafe or (packs.is_pack(naming) and not packs.inside(path, naming))
        if unsafe or path == "." or path == ".." or path.startswith("../"):
            self.report.add(OUTSIDE, written.span, path=value)
            return None
        return path

    def _open(self, path: str, written: tree.Text) -> Source | None:
        reason: Bilingual
        if packs.is_pack(path):
            source = packs.read_pack_file(path)
            self._paths[id(source)] = path
            return source
        if self.read is None:
            reason = _NO_READER
        elif self._reads >= self.limits.files:
            self._too_many(written.span)
            return None
        else:
            self._reads += 1
            try:
                source = self.read(path)
            except FileNotFoundError:
                reason = _MISSING
            except (UnicodeError, ValueError):
                reason = _NOT_TEXT
            except OSError:
                reason = _REFUSED
            else:
                self._paths[id(source)] = path
                return source
        self.report.add(NOT_FOUND, written.span, path=written.value, reason=reason)
        return None


def _language(declarations: tuple[tree.Declaration, ...]) -> Literal["en", "zh"]:
    """What the head of the main file says; `en` where it says nothing."""
    entries = (entry for one in declarations if isinstance(one, tree.Header) for entry in one.entries)
    written = next((one.value for one in entries if one.key == "language"), None)
    return "zh" if isinstance(written, tree.Name) and written.text == "zh" else "en"
