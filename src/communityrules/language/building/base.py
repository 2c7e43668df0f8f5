"""What all builders share: spans, names, numbers, dates, and the report of problems."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, cast

from communityrules.diagnostics.message import Bilingual, Diagnostic, Fix, Message
from communityrules.diagnostics.source import Span
from communityrules.language import messages
from communityrules.language.keywords import KeywordTable, keyword_table
from communityrules.language.layout import Layouts
from communityrules.language.limits import EXACT, MAX_DEPTH, MAX_DIGITS, MAX_ERRORS, MAX_NAME, MAX_TEXT
from communityrules.language.scan import Scan
from communityrules.language.token import Token
from communityrules.language.tree import Day, Duration, Flag, Layout, Name, Number, RuleId, Text, TimeOfDay, TimeUnit

_DIGITS = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_CLOCK = re.compile(r"([0-9]{1,2}):([0-5][0-9])(?::([0-5][0-9]))?")
_CHINESE_DIGITS = {letter: value for value, letter in enumerate("零一二三四五六七八九")}


class BaseBuilder:
    """State of one parse and the small conversions."""

    #: Set before each parse.
    scan: Scan
    layouts: Layouts
    problems: list[Diagnostic]

    def __init__(self) -> None:
        self.keywords: KeywordTable = keyword_table()
        self.reserved = self.keywords.reserved()
        self._depths: dict[int, tuple[int, object]] = {}

    def prepare(self, scan: Scan) -> None:
        """Make ready for one source."""
        self.scan = scan
        self.layouts = Layouts(scan)
        self.problems = []
        self._depths = {}

    def forget(self) -> None:
        """Let go of the source and its nodes."""
        del self.scan, self.layouts
        self._depths = {}

    # --- places ----------------------------------------------------------------------------------------------

    def span(self, children: list[Any]) -> Span:
        """From the beginning of the first child to the end of the last."""
        first, last = children[0], children[-1]
        # Asked of every node.
        start = first.start_pos if first.__class__ is Token else first.span.start
        end = last.end_pos if last.__class__ is Token else last.span.end
        return Span(self.scan.source, start, end)

    @staticmethod
    def start(child: Any) -> int:
        return child.start_pos if isinstance(child, Token) else child.span.start

    @staticmethod
    def end(child: Any) -> int:
        return child.end_pos if isinstance(child, Token) else child.span.end

    def token_span(self, token: Token) -> Span:
        return Span(self.scan.source, token.start_pos, token.end_pos)

    def written(self, token: Token) -> str:
        """A token as it stands in the source."""
        return self.scan.source.text[token.start_pos : token.end_pos]

    def layout(self, children: list[Any]) -> Layout:
        return self.layouts.take(self.start(children[0]))

    # --- problems --------------------------------------------------------------------------------------------

    def report(
        self, message: Message, span: Span, values: Mapping[str, str | Bilingual], fix: Fix | None = None
    ) -> None:
        if len(self.problems) < MAX_ERRORS:
            self.problems.append(Diagnostic(message, span, values, fix))

    def deepen(self, node: Any, *inner: Any) -> Any:
        """The node, after its depth has been noted; deeper than the limit it is reported and a leaf stands for it."""
        depths = self._depths
        depth = 1
        for one in inner:
            if id(one) in depths:
                depth = max(depth, 1 + depths[id(one)][0])
        if depth > MAX_DEPTH:
            self._too_deep(node.span)
            return Flag(True, node.span)
        depths[id(node)] = (depth, node)
        return node

    def depth_of(self, node: Any) -> int:
        """How deeply it is nested, as was noted; 0 when nothing was."""
        return self._depths.get(id(node), (0, None))[0]

    def note_depth(self, node: Any, depth: int) -> None:
        """The same of a node that was made elsewhere."""
        self._depths[id(node)] = (depth, node)

    def _too_deep(self, span: Span) -> None:
        """One report for what begins at one place, or lies around what was reported."""
        if not any(
            one.message is messages.TOO_DEEP and one.span and span.start <= one.span.start < span.end
            for one in self.problems[-3:]
        ):
            self.report(messages.TOO_DEEP, span, {"limit": str(MAX_DEPTH)})

    # --- atoms -----------------------------------------------------------------------------------------------

    def name(self, token: Token) -> Name:
        if len(token) > MAX_NAME:
            self.too_long(token, Bilingual("name", "名称"), MAX_NAME)
        return Name(str(token), self.token_span(token))

    def quoted(self, token: Token) -> Text:
        value = self.scan.values[token.start_pos]
        if len(value) > MAX_TEXT:
            self.too_long(token, Bilingual("text", "文字"), MAX_TEXT)
        return Text(value, self.token_span(token))

    def too_long(self, token: Token, what: Bilingual, limit: int) -> None:
        values: dict[str, str | Bilingual] = {"what": what, "size": str(len(token)), "limit": str(limit)}
        self.report(messages.TOO_LONG, self.token_span(token), values)

    def decimal(self, text: str, token: Token) -> Decimal:
        """The digits at the beginning of a text as an exact number."""
        match = _DIGITS.match(text)
        digits = match.group() if match else "0"
        if len(digits) > MAX_DIGITS:
            self.report(
                messages.BAD_NUMBER, self.token_span(token), {"found": digits[:20] + "…", "limit": str(MAX_DIGITS)}
            )
            return Decimal(0)
        return Decimal(digits)

    def amount(self, token: Token) -> Number:
        value = self.decimal(token, token)
        percent = token.endswith("%")
        return Number(value.scaleb(-2, EXACT) if percent else value, percent, self.token_span(token))

    def negative(self, children: list[Any]) -> Number:
        number = self.amount(children[1])
        return Number(number.value.copy_negate(), number.percent, self.span(children))

    def duration(self, token: Token) -> Duration:
        digits = _DIGITS.match(token)
        assert digits is not None  # the terminal begins with a number
        unit = token[digits.end() :].strip()
        return Duration(self.decimal(token, token), self.unit(unit), self.token_span(token))

    def length(self, token: Token) -> Duration | Name:
        """A length of time, or the parameter that says it."""
        return self.duration(token) if token.type == "DURATION" else self.name(token)

    def unit(self, text: str) -> TimeUnit:
        """The unit of time that a text spells, with or without 内 after it."""
        spelling = text.strip()
        found = self.keywords.meaning("units", spelling)
        if found is None:
            found = self.keywords.meaning("units", re.sub(r"[ \t]*(?:以内|之内|内)$", "", spelling))
        assert found is not None  # the terminal holds nothing but units
        return cast(TimeUnit, found)

    def day(self, token: Token) -> Day:
        year, month, day = re.findall("[0-9]+", token)
        try:
            value = date(int(year), int(month[:4]), int(day[:4]))
        except ValueError:
            self.report(messages.BAD_DATE, self.token_span(token), {"found": self.written(token)[:40]})
            value = date(2000, 1, 1)
        return Day(value, self.token_span(token))

    def time_of_day(self, token: Token, *, seconds: bool = False) -> TimeOfDay:
        """The time that a token says; with seconds only where they mean something, in the lines of tests."""
        clock = _CLOCK.fullmatch(token)
        hour, minute, second = (int(part or 0) for part in clock.groups()) if clock else (24, 59, 59)
        span = self.token_span(token)
        if hour > 23 and (hour, minute, second) != (24, 0, 0):
            self.report(messages.BAD_TIME, span, {"found": self.written(token)[:40]})
            return TimeOfDay(0, span)
        if second and not seconds:
            mended = f"{hour:02}:{minute:02}"
            self.report(messages.SECONDS, span, {"found": self.written(token), "mended": mended}, Fix(span, mended))
            second = 0
        return TimeOfDay(hour * 60 + minute, span, second)

    def ordinal(self, token: Token) -> int:
        """The number in `2nd`, 第2次 or 第二次."""
        digits = re.search("[0-9]+", token)
        if digits:
            return int(digits.group()[:6])
        tens, found, ones = token.strip("第次 \t").partition("十")
        if not found:
            return _CHINESE_DIGITS.get(tens[-1:], 0)
        return _CHINESE_DIGITS.get(tens[-1:], 1) * 10 + _CHINESE_DIGITS.get(ones[:1], 0)

    def rule_id(self, children: list[Any]) -> RuleId:
        token = children[0]
        text = self.quoted(token).value if token.type == "TEXT" else str(token)
        return RuleId(text, self.token_span(token))
