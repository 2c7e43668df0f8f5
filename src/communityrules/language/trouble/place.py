"""A place where the parser cannot go on, and what a check of it answers."""

from __future__ import annotations

import re
from functools import cached_property

from communityrules.diagnostics.message import Bilingual, Diagnostic
from communityrules.diagnostics.source import Span
from communityrules.frozen import dataclass
from communityrules.language.keywords import Keyword, keyword_table
from communityrules.language.run import END, Run
from communityrules.language.scan import Scan
from communityrules.language.token import Token

WORD = re.compile(r"\w+")
CHUNK = re.compile(r"[0-9][0-9.:/%年月日号\-]*")
SPACES = re.compile(r"[ \t]*")
_COLON = re.compile(r"[ \t]*:[ \t]*")
#: Chinese letters come after this one.
HAN = "\u2e80"

#: Signs that stand for quoted texts and patterns begin here.
_OPAQUE = "\ue000"
#: How far back on its line a place looks.
_NEAR = 300
_QUOTED = re.compile("\ue000\ue001*|\ue002\ue003*")

Values = dict[str, str | Bilingual]


@dataclass(frozen=True, slots=True)
class Repair:
    """How the parser goes on: it takes these tokens and continues at that place."""

    tokens: tuple[Token, ...]
    position: int


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong; without a repair the item is dropped and reading goes on at the next one."""

    diagnostic: Diagnostic
    repair: Repair | None = None


class Place:
    """The place of the trouble and what is known about it."""

    def __init__(self, run: Run, scan: Scan, start: int) -> None:
        self.run = run
        self.scan = scan
        self.start = start
        self.text = scan.text
        self.at_end = start >= run.end
        self.first_on_line = self.at_end or scan.is_first(start)

    @cached_property
    def expected(self) -> frozenset[str]:
        return self.run.expected()

    @cached_property
    def complete(self) -> bool:
        """Whether what stands before is complete, so that a new declaration could begin, or the text end."""
        return self.run.can_take(END)

    @cached_property
    def word(self) -> str:
        """The word that stands here; empty when another kind of thing does."""
        match = None if self.at_end else WORD.match(self.text, self.start, self.run.end)
        return match.group() if match and not match.group()[0].isdigit() else ""

    @cached_property
    def stop(self) -> int:
        """Where the thing that stands here ends."""
        for pattern in (_QUOTED, CHUNK, WORD):
            match = pattern.match(self.text, self.start, self.run.end)
            if match:
                return match.end()
        return min(self.start + 1, self.run.end)

    @cached_property
    def keywords(self) -> list[tuple[str, Keyword]]:
        """Spellings that would be taken here, of declarations only at the beginning of a line."""
        table = keyword_table()
        found: list[tuple[str, Keyword]] = []
        for token in table.tokens():
            if token not in self.expected or token == "LATER":
                continue
            for one in table.of_token(token):
                if one.section != "declarations" or self.first_on_line:
                    found.extend((spelling, one) for spelling in (*one.en, *one.zh) if spelling[0].isalpha())
        return found

    @cached_property
    def already_mended(self) -> bool:
        """Whether a word was put in on this line before: one guess is help, a second one follows from the first."""
        return self.run.mended >= self.scan.source.text.rfind("\n", 0, self.start)

    def fits(self, token: str, stop: int) -> bool:
        """Whether after such a token the parser could go on with what stands at `stop`."""
        after = self.run.after(token, self.run.stack())
        if after is None:
            return False
        colon = _COLON.match(self.text, stop, self.run.end)
        # A colon after the word, and a text without quotes, are mistakes of their own.
        for begin in (stop, colon.end()) if colon else (stop,):
            following = self.run.token_at(begin, after)
            if following is not None and self.run.can_take(following.type, after):
                return True
        spaces = SPACES.match(self.text, colon.end() if colon else stop, self.run.end)
        begin = spaces.end() if spaces else stop
        return colon is not None and self.text[begin : begin + 1].isalnum() and self.run.can_take("TEXT", after)

    def span(self, start: int | None = None, stop: int | None = None) -> Span:
        begin = self.start if start is None else start
        return Span(self.scan.source, begin, self.stop if stop is None else stop)

    def written(self, start: int | None = None, stop: int | None = None) -> str:
        text = self.span(start, stop).text
        return text if len(text) <= 40 else text[:40] + "…"

    @property
    def top(self) -> Token | None:
        """The last token, when nothing has been made of it yet."""
        last = self.run.values[-1] if self.run.values else None
        return last if isinstance(last, Token) else None

    @cached_property
    def keyword(self) -> bool:
        """Whether the word that stands here is one of the language, though not one that fits."""
        return bool(self.word) and keyword_table().is_word(self.word)

    @property
    def chinese(self) -> bool:
        """Whether the line so far is Chinese, names and texts aside."""
        previous = self.run.previous
        if HAN < self.written() < _OPAQUE or (previous is not None and HAN < previous < _OPAQUE):
            return True
        begin = max(self.start - _NEAR, 0)
        line = self.text[max(self.text.rfind("\n", begin, self.start) + 1, begin) : self.start]
        table = keyword_table()
        words = (word for word in WORD.findall(line) if word > HAN)
        return any(table.is_word(word) or table.meaning("weekdays", word) is not None for word in words)
