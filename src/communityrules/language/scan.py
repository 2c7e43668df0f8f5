"""What happens to a text before the grammar sees it: quotes, comments, punctuation, first words of lines.

The prepared text has the same length as the source, so that every offset means the same in both.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable
from dataclasses import field
from functools import lru_cache

from communityrules.diagnostics.source import Source
from communityrules.frozen import dataclass
from communityrules.kernel import native
from communityrules.language.keywords import keyword_table

#: How quotes close, by how they open.
QUOTES = {
    '"': '"', "＂": "＂", "“": "”", "”": "”", "„": "”", "「": "」", "『": "』", "﹁": "﹂", "‘": "’", "’": "’",
    "«": "»",
}  # fmt: skip

_TEXT_FIRST, _TEXT_REST, _REGEX_FIRST, _REGEX_REST = "\ue000", "\ue001", "\ue002", "\ue003"
#: Stands before the first word of a line.
LINE_MARK = "\x02"

#: What is looked for: usual quotes with all that they hold, where that says what it is written as; else what opens.
_INTEREST = re.compile('"[^"\\\\\n]*"|[#＃/' + "".join(QUOTES) + "]")
_REGEX = re.compile(r"/((?:\\[^\n]|\[(?:\\[^\n]|[^\]\\\n])*\]|[^/\\\n\[])+)/(?:([gimsuy]+)(?!\w))?")
#: Begins with what is rare, so that it is found quickly: what stands before the marks is looked at afterwards. Only
#: the first mark of several is tried, which keeps the time in proportion to the length.
_SENTENCE_MARK = re.compile(r"[.;。](?<![.;。][.;。])[.;。]*+(?=[ \t]*(?:\n|$))")
_FIRST_WORDS = re.compile(r"(?:^|\n)[ \t]*(?=[^\s])")
_WORDS = re.compile(r"\w+")
_ESCAPES = re.compile(r"\\(.)", re.DOTALL)
_ESCAPED = {"n": "\n", "t": "\t", "r": "\r"}

_PUNCTUATION = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {
    ord(wide): ord(narrow)
    for wide, narrow in {
        "。": ".", "｡": ".", "、": ",", "､": ",", "；": ";", "−": "-", "–": "-", "—": "-", "×": "*", "÷": "/",
        "≤": "≤", "〈": "<", "〉": ">", "【": "(", "】": ")", "〔": "(", "〕": ")", "｜": "|", "│": "|",
        "\u3000": " ", "\u00a0": " ", "\u2002": " ", "\u2003": " ", "\u2009": " ", "\u202f": " ", "\u200b": " ",
        "\ufeff": " ", "\r": " ", "\x02": "\ufffd", "\x85": " ", "\u2028": " ", "\u2029": " ",
        _TEXT_FIRST: "\ufffd", _TEXT_REST: "\ufffd", _REGEX_FIRST: "\ufffd", _REGEX_REST: "\ufffd",
    }.items()
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment: where its `#` stands and what follows, without the one space after it."""

    start: int
    text: str


@dataclass(slots=True)
class Scan:
    """A source as the grammar sees it."""

    source: Source
    #: The prepared text.
    text: str
    #: The values of quoted texts and the patterns of regex literals, by the offset of what opens them.
    values: dict[int, str]
    comments: list[Comment]
    #: Spans of quotes that do not close on their line, from the quote to the end of its text.
    unclosed: list[tuple[int, int]]
    #: The offsets at which the first words of lines stand, in order.
    firsts: list[int] = field(default_factory=list)
    #: Offsets of regex literals that do not close on their line.
    unclosed_regexes: list[tuple[int, int]] = field(default_factory=list)
    #: The words that `has_word` was asked for.
    asked: set[str] = field(default_factory=set)
    _declared: frozenset[str] | None = None
    _words: frozenset[str] | None = None

    def has_word(self, word: str) -> bool:
        """Whether the text has this word somewhere, standing alone."""
        self.asked.add(word)
        if self._words is None:
            self._words = frozenset(_WORDS.findall(self.text))
        return word in self._words

    def declares(self, word: str) -> bool:
        """Whether the text declares something of this name."""
        if self._declared is None:
            self._declared = frozenset(_declarations().findall(self.text))
        return word in self._declared

    @property
    def is_chinese(self) -> bool:
        """Whether the lines of the text mostly begin with Chinese words."""
        starts = [self.source.text[first] for first in self.firsts[:200]]
        return sum(letter > "\u2e80" for letter in starts) * 2 > sum(letter.isalpha() for letter in starts)

    def is_first(self, offset: int) -> bool:
        """Whether the first word of a line stands there."""
        index = bisect_left(self.firsts, offset)
        return index < len(self.firsts) and self.firsts[index] == offset


def unescape(body: str) -> str:
    r"""What a quoted text says.

    `\n`, `\t` and `\r` are what they usually are, a backslash before a quote or a backslash gives that sign, and
    before anything else it stands for itself.
    """

    def one(match: re.Match[str]) -> str:
        letter = match.group(1)
        if letter in _ESCAPED:
            return _ESCAPED[letter]
        return letter if letter == "\\" or letter in _QUOTE_LETTERS else match.group(0)

    return _ESCAPES.sub(one, body) if "\\" in body else body


def normal_letters(text: str) -> str:
    """The text with punctuation, letters and digits of normal width, as the grammar sees it."""
    return text.translate(_PUNCTUATION)


@lru_cache(maxsize=len(QUOTES))
def _body(opening: str) -> re.Pattern[str]:
    """What a quoted text may hold; few of the quotes are in a rulebook, and compiling takes a while."""
    closing = re.escape(QUOTES[opening])
    return re.compile(rf"[^\n\\{closing}]*(?:\\[^\n][^\n\\{closing}]*)*\\?")


_QUOTE_LETTERS = frozenset(QUOTES) | frozenset(QUOTES.values())


def scan(source: Source) -> Scan:
    """Prepare a source. Takes time in proportion to its length, whatever it holds."""
    text = source.text
    pieces: list[str] = []
    values: dict[int, str] = {}
    comments: list[Comment] = []
    unclosed: list[tuple[int, int]] = []
    unclosed_regexes: list[tuple[int, int]] = []
    done = 0
    #: Where the line ends on which the last sign was found: a quote closes on its line or not at all.
    line_end = -1
    # Between quotes most rulebooks hold nothing that would have to change.
    clean = "\r" not in text and LINE_MARK not in text
    usual = _usual()
    while True:
        if usual is not None:
            piece, done = usual(text, done, values)
            pieces.append(piece)
        match = _INTEREST.search(text, done)
        if match is None:
            break
        start = match.start()
        if start > done:
            gap = text[done:start]
            pieces.append(gap if clean and gap.isascii() else gap.translate(_PUNCTUATION))
        letter = match.group()
        if len(letter) > 1:
            values[start] = letter[1:-1]
            done = match.end()
            pieces.append(_TEXT_FIRST + _TEXT_REST * (done - start - 1))
            continue
        if start > line_end:
            line_end = _line_end(text, start)
        end = text.find(closing, start + 1, line_end) if (closing := QUOTES.get(letter)) else -1
        if end > 0 and "\\" not in (body := text[start + 1 : end]):
            # It ends with the first quote that could close it, and says what it is written as.
            values[start] = body
            end += 1
            pieces.append(_TEXT_FIRST + _TEXT_REST * (end - start - 1))
        elif letter in "#＃":
            end = line_end
            body = text[start + 1 : end].rstrip()
            body = body[1:] if body.startswith(" ") else body
            comments.append(Comment(start, body or " "))
            pieces.append(" " * (end - start))
        elif letter == "/":
            end = start + 1
            if _regex_may_start(pieces):
                regex = _REGEX.match(text, start)
                if regex:
                    end = regex.end()
                    values[start] = _flagged(regex.group(1), regex.group(2) or "")
                else:
                    end = _last_word_end(text, start, line_end)
                    values[start] = ""
                    unclosed_regexes.append((start, end))
                pieces.append(_REGEX_FIRST + _REGEX_REST * (end - start - 1))
            else:
                pieces.append("/")
        else:
            body_match = _body(letter).match(text, start + 1)
            assert body_match is not None  # the pattern matches the empty text
            end = body_match.end()
            if text[end : end + 1] == QUOTES[letter]:
                values[start] = unescape(text[start + 1 : end])
                end += 1
            else:
                end = _last_word_end(text, start, line_end)
                values[start] = unescape(text[start + 1 : end])
                unclosed.append((start, end))
            pieces.append(_TEXT_FIRST + _TEXT_REST * (end - start - 1))
        done = end
    pieces.append(text[done:].translate(_PUNCTUATION))
    prepared = _SENTENCE_MARK.sub(_blanked, "".join(pieces)).replace(";", ",")
    result = Scan(source, "", values, comments, unclosed, [], unclosed_regexes)
    result.text = _mark_first_words(prepared, result.firsts)
    return result


@lru_cache(maxsize=1)
def _usual() -> Callable[[str, int, dict[int, str]], tuple[str, int]] | None:
    """What the kernel does of it, where it was built: from a place on it prepares the text, and notes the values of
    its quoted texts, up to where it ends or something stands that is neither one of those nor between them."""
    module = native("scanning")
    if module is None:
        return None
    table = module.table(_PUNCTUATION, "#＃/" + "".join(QUOTES))
    return lambda text, place, values: module.usual(text, place, table, values)


def _blanked(marks: re.Match[str]) -> str:
    """Blanks for the marks at the end of a sentence; the marks where no sentence stands before them on the line."""
    text, at = marks.string, marks.start()
    while at and text[at - 1] in " \t":
        at -= 1
    ends = at > 0 and not text[at - 1].isspace() and text[at - 1] not in ".;。"
    return " " * len(marks.group()) if ends else marks.group()


def _flagged(body: str, flags: str) -> str:
    """A pattern with its flags in front: `/vx/i` is `/(?i)vx/`. `g`, `u` and `y` say nothing here."""
    kept = "".join(one for one in "ims" if one in flags)
    return f"(?{kept}){body}" if kept else body


def _mark_first_words(text: str, firsts: list[int]) -> str:
    module = native("scanning")
    if module is not None:
        found: str = module.marked(text, firsts)
        return found
    pieces = []
    done = 0
    for match in _FIRST_WORDS.finditer(text):
        end = match.end()
        firsts.append(end)
        if end:
            pieces.append(text[done : end - 1])
            pieces.append(LINE_MARK)
            done = end
    pieces.append(text[done:])
    return "".join(pieces)


def _line_end(text: str, start: int) -> int:
    end = text.find("\n", start)
    return len(text) if end < 0 else end


def _last_word_end(text: str, start: int, end: int) -> int:
    """Where the text of a line that ends at `end` ends, after `start`."""
    return max(start + 1, start + len(text[start:end].rstrip()))


@lru_cache(maxsize=1)
def _before_regex() -> re.Pattern[str]:
    matches = keyword_table().entry("operators", "matches")
    words = "|".join(re.escape(one) for one in (*matches.en, *matches.zh))
    # After a point it is a field of that name, which can be divided.
    return re.compile(rf"(?:[=(,:]|(?<!\.)(?:{words}))\s*$")


#: What follows these is no name.
_NAMELESS = frozenset({"rulebook", "use", "member", "rule", "amend", "repeal", "test"})


@lru_cache(maxsize=1)
def _declarations() -> re.Pattern[str]:
    naming = [one for one in keyword_table().section("declarations") if one.id not in _NAMELESS]
    words = "|".join(re.escape(spelling) for one in naming for spelling in (*one.en, *one.zh))
    return re.compile(rf"(?:{LINE_MARK}|^)(?:{words})[ \t]+(\w+)")


def _regex_may_start(pieces: list[str]) -> bool:
    """Whether a slash opens a pattern: after `=`, `(`, a comma or `matches`, never after an operand."""
    before = pieces[-1] if pieces and pieces[-1].strip() else "".join(pieces[-3:])
    return _before_regex().search(before[-40:]) is not None
