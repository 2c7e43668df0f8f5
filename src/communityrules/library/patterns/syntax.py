"""The syntax of patterns: text to tree."""

from __future__ import annotations

import re
from typing import Literal

from communityrules.library.patterns.advice import FEWER, SEVERAL
from communityrules.library.patterns.properties import plain_property
from communityrules.library.patterns.refusals import PatternRefused
from communityrules.library.patterns.tree import (
    Anchor,
    Atomic,
    BackReference,
    Char,
    Choice,
    Class,
    Dot,
    Flags,
    Group,
    Look,
    Node,
    Property,
    Range,
    Repeat,
    Sequence,
    Shorthand,
)

MAX_LENGTH = 4096
MAX_DEPTH = 100
MAX_REPEAT = 1000


#: Characters that stand for themselves, and end nothing.
_PLAIN = re.compile(r"[^\\()\[{|*+?.^$]+")
_REPEATING = {"*": (0, None), "+": (1, None), "?": (0, 1), "{": (0, 0)}
_CONTROLS = {"t": "\t", "n": "\n", "r": "\r", "f": "\f", "v": "\v", "a": "\a", "e": "\x1b"}
#: `u` says of other engines that they know all scripts, which this one always does.
_FLAGS = frozenset("imsu-")
_LETTERS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
_POSIX = frozenset(
    [
        "alnum",
        "alpha",
        "ascii",
        "blank",
        "cntrl",
        "digit",
        "graph",
        "lower",
        "print",
        "punct",
        "space",
        "upper",
        "word",
        "xdigit",
    ]
)


def parse(pattern: str) -> Node:
    """The tree of a pattern; `PatternRefused` with the place of the first thing that is wrong with its form."""
    if len(pattern) > MAX_LENGTH:
        raise PatternRefused("too_long", MAX_LENGTH, len(pattern))
    reader = _Reader(pattern)
    tree = reader.choice(0)
    if reader.at < len(pattern):
        raise PatternRefused("unopened_group", reader.at, reader.at + 1)
    return tree


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    def peek(self, length: int = 1) -> str:
        return self.text[self.at : self.at + length]

    def choice(self, depth: int) -> Node:
        start = self.at
        options = [self.sequence(depth)]
        while self.peek() == "|":
            self.at += 1
            options.append(self.sequence(depth))
        return options[0] if len(options) == 1 else Choice(tuple(options), start, self.at)

    def sequence(self, depth: int) -> Node:
        start, text = self.at, self.text
        items: list[Node] = []
        while self.at < len(text) and (sign := text[self.at]) not in "|)":
            if sign == "(" and self.peek(3) == "(?#":
                self.comment()
                continue
            if sign == "\\" and self.peek(2) == "\\Q":
                items += self.quoted()
                continue
            if (plain := _PLAIN.match(text, self.at)) is not None:
                # What repeats them, if anything does, repeats the last.
                last = plain.end() - 1
                items += [Char(text[at], at, at + 1) for at in range(self.at, last)]
                self.at = last
            items.append(self.repeated(self.atom(depth)))
        return Sequence(tuple(items), start, self.at)

    def quoted(self) -> list[Node]:
        """`\\Q…\\E`: every character stands for itself; what repeats after it repeats the last."""
        start = self.at + 2
        end = self.text.find("\\E", start)
        end, self.at = (len(self.text), len(self.text)) if end < 0 else (end, end + 2)
        items: list[Node] = [Char(self.text[at], at, at + 1) for at in range(start, end)]
        return [*items[:-1], self.repeated(items[-1])] if items else items

    def comment(self) -> None:
        end = self.text.find(")", self.at)
        if end < 0:
            raise PatternRefused("unclosed_group", self.at, self.at + 1)
        self.at = end + 1

    # --- repetition ------------------------------------------------------------------------------------------

    def repeated(self, inner: Node) -> Node:
        count = self.count()
        if count is None:
            return inner
        low, high = count
        begin = self.at
        if isinstance(inner, (Anchor, Flags, Look)):
            raise PatternRefused("bad_repeat", inner.end, self.at)
        lazy = self.peek() == "?"
        possessive = self.peek() == "+"
        self.at += lazy or possessive
        node = Repeat(inner, low, high, lazy, possessive, inner.start, self.at)
        if self.count() is not None:
            raise PatternRefused("bad_repeat", begin, self.at)
        return node

    def count(self) -> tuple[int, int | None] | None:
        """How often, if a repetition stands here; it is read."""
        sign = self.text[self.at : self.at + 1]
        if sign not in _REPEATING:
            return None
        if sign != "{":
            self.at += 1
            return _REPEATING[sign]
        close = self.text.find("}", self.at)
        inside = self.text[self.at + 1 : close] if close >= 0 else ""
        low, comma, high = inside.partition(",")
        if not _digits(low) or (high and not _digits(high)):
            return None  # a brace that stands for itself
        begin, self.at = self.at, close + 1
        least = int(low[:6])
        most = None if comma and not high else int(high[:6]) if comma else least
        if least > MAX_REPEAT or (most or 0) > MAX_REPEAT:
            raise PatternRefused("repeat_too_large", begin, self.at, None, FEWER)
        if most is not None and most < least:
            raise PatternRefused("bad_range", begin, self.at)
        return least, most

    # --- atoms -----------------------------------------------------------------------------------------------

    def atom(self, depth: int) -> Node:
        start, char = self.at, self.peek()
        if char == "(":
            return self.group(depth + 1)
        if char == "[":
            return self.bracket()
        if char == "\\":
            return self.escape()
        if char in "*+?":
            raise PatternRefused("bad_repeat", start, start + 1)
        self.at += 1
        if char == ".":
            return Dot(start, self.at)
        if char == "^":
            return Anchor("^", start, self.at)
        if char == "$":
            return Anchor("$", start, self.at)
        return Char(char, start, self.at)

    def group(self, depth: int) -> Node:
        start = self.at
        if depth > MAX_DEPTH:
            raise PatternRefused("too_deep", start, start + 1)
        if self.peek(2) not in ("(?", "(*"):
            inner = self.inside(1, depth)
            return Group("(", inner, start, self.at)
        for opening, ahead, negated in (
            ("(?=", True, False),
            ("(?!", True, True),
            ("(?<=", False, False),
            ("(?<!", False, True),
        ):
            if self.peek(len(opening)) == opening:
                inner = self.inside(len(opening), depth)
                return Look(ahead, negated, inner, start, self.at)
        if self.peek(3) == "(?>":
            inner = self.inside(3, depth)
            return Atomic(inner, start, self.at)
        if self.peek(4) == "(?P=":
            close = self.text.find(")", start)
            raise PatternRefused("back_reference", start, close + 1 if close >= 0 else len(self.text))
        if self.peek(3) in ("(?(", "(?R", "(?&", "(?0", "(?1") or self.peek(4) == "(?P>" or self.peek(2) == "(*":
            raise PatternRefused("condition", start, min(start + 3, len(self.text)), None, SEVERAL)
        if self.peek(3) == "(?|":
            inner = self.inside(3, depth)
            return Group("(?:", inner, start, self.at)
        if self.peek(3) in ("(?P", "(?<", "(?'"):
            return self.named(depth)
        return self.flagged(depth)

    def named(self, depth: int) -> Node:
        start = self.at
        opening, closing = ("'", "'") if self.peek(3) == "(?'" else ("<", ">")
        begin = self.text.find(opening, start)
        close = self.text.find(closing, begin + 1)
        name = self.text[begin + 1 : close]
        if begin not in (start + 2, start + 3) or close < 0 or not name.isidentifier():
            raise PatternRefused("bad_group", start, start + 3)
        # The name is of no use to rules, and engines differ on which they take.
        inner = self.inside(close + 1 - start, depth)
        return Group("(", inner, start, self.at)

    def flagged(self, depth: int) -> Node:
        start = self.at
        at = start + 2
        while at < len(self.text) and (self.text[at].isalpha() or self.text[at] == "-"):
            at += 1
        flags, closing = self.text[start + 2 : at], self.text[at : at + 1]
        if closing not in (")", ":"):
            raise PatternRefused("bad_group" if closing else "unclosed_group", start, start + 2)
        if not set(flags) <= _FLAGS or flags.count("-") > 1 or flags.endswith("-") or (closing == ")" and not flags):
            raise PatternRefused("unknown_flag", start, at + 1)
        flags = flags.replace("u", "").rstrip("-")
        if closing == ")":
            self.at = at + 1
            return Flags(flags, start, self.at)
        inner = self.inside(at + 1 - start, depth)
        return Group(f"(?{flags}:", inner, start, self.at)

    def inside(self, opening: int, depth: int) -> Node:
        start = self.at
        self.at += opening
        inner = self.choice(depth)
        if self.peek() != ")":
            raise PatternRefused("unclosed_group", start, start + 1)
        self.at += 1
        return inner

    # --- escapes ---------------------------------------------------------------------------------------------

    def escape(self) -> Node:
        start = self.at
        letter = self.text[start + 1 : start + 2]
        if letter in ("b", "B", "A", "z", "Z"):
            self.at += 2
            kind: Literal["\\b", "\\B", "\\A", "\\z"] = (
                "\\b" if letter == "b" else "\\B" if letter == "B" else "\\A" if letter == "A" else "\\z"
            )
            return Anchor(kind, start, self.at)
        if letter and letter in "123456789":
            self.at += 2
            return BackReference(start, self.at)
        if letter in ("k", "g"):
            closing = {"<": ">", "{": "}", "'": "'"}.get(self.text[start + 2 : start + 3])
            close = self.text.find(closing, start + 3) if closing else -1
            self.at = close + 1 if close >= 0 else start + 2 + (letter == "g")
            return BackReference(start, min(self.at, len(self.text)))
        if letter == "R":
            self.at += 2
            ends = Class(False, tuple(Range(one, one) for one in "\n\v\f\r\x85\u2028\u2029"), -1, -1)
            pair = Sequence((Char("\r", -1, -1), Char("\n", -1, -1)), -1, -1)
            return Group("(?:", Choice((pair, ends), -1, -1), start, self.at)
        one = self.escaped(start)
        return Char(one, start, self.at) if isinstance(one, str) else one

    def escaped(self, start: int) -> str | Shorthand | Property:
        """What an escape that may also stand in a class means."""
        letter = self.text[start + 1 : start + 2]
        if not letter:
            raise PatternRefused("dangling_escape", start, start + 1)
        self.at = start + 2
        if letter in "dDwWsS":
            return Shorthand(letter, start, self.at)
        if letter in "pP":
            return self.property(start)
        if letter in _CONTROLS:
            return _CONTROLS[letter]
        if letter in "hH":
            return Property("\\p{Blank}" if letter == "h" else "\\P{Blank}", start, self.at)
        if letter == "c" and self.peek() and self.peek() in _LETTERS:
            self.at += 1
            return chr(ord(self.text[self.at - 1].upper()) - 64)
        if letter == "x":
            return self.code_point(start, 2)
        if letter == "u":
            return self.code_point(start, 4)
        if letter == "U":
            return self.code_point(start, 8)
        if letter == "0":
            while len(self.text[start + 1 : self.at]) < 3 and self.peek() and self.peek() in "01234567":
                self.at += 1
            return chr(int(self.text[start + 1 : self.at], 8))
        if letter.isascii() and letter.isalnum():
            raise PatternRefused("unknown_escape", start, self.at)
        return letter

    def code_point(self, start: int, length: int) -> str:
        if self.peek() == "{":
            close = self.text.find("}", self.at)
            digits, end = (self.text[self.at + 1 : close], close + 1) if close >= 0 else ("", self.at)
        else:
            digits, end = self.peek(length), self.at + length
            if len(digits) < length:
                digits = ""
        self.at = end
        if not digits or len(digits) > 8 or not all(char in "0123456789abcdefABCDEF" for char in digits):
            raise PatternRefused("unknown_escape", start, min(end, len(self.text)))
        value = int(digits, 16)
        if value > 0x10FFFF or 0xD800 <= value <= 0xDFFF:
            raise PatternRefused("unknown_escape", start, end)
        return chr(value)

    def property(self, start: int) -> Property:
        if self.peek() == "{":
            close = self.text.find("}", self.at)
            self.at = close + 1 if close >= 0 else len(self.text)
        else:
            self.at += 1
        return Property(plain_property(self.text[start : self.at]), start, self.at)

    # --- classes ---------------------------------------------------------------------------------------------

    def bracket(self) -> Class:
        start = self.at
        self.at += 1
        negated = self.peek() == "^"
        self.at += negated
        items: list[Range | Shorthand | Property] = []
        first = True
        while first or self.peek() != "]":
            first = False
            if self.at >= len(self.text):
                raise PatternRefused("unclosed_class", start, start + 1)
            begin = self.at
            low = self.member()
            if isinstance(low, str) and self.peek() == "-" and self.peek(2)[1:] not in ("", "]"):
                self.at += 1
                high = self.member()
                if not isinstance(high, str) or high < low:
                    raise PatternRefused("bad_range", begin, self.at)
                items.append(Range(low, high))
            else:
                items.append(Range(low, low) if isinstance(low, str) else low)
        self.at += 1
        return Class(negated, tuple(items), start, self.at)

    def member(self) -> str | Shorthand | Property:
        start = self.at
        if start >= len(self.text):
            raise PatternRefused("unclosed_class", start - 1, start)
        sign = self.text[start]
        if sign == "[" and self.peek(2) == "[:":
            close = self.text.find(":]", start)
            if close >= 0:
                name = self.text[start + 2 : close].removeprefix("^")
                if name not in _POSIX:
                    raise PatternRefused("unknown_class", start, close + 2)
                self.at = close + 2
                return Property(self.text[start : self.at], start, self.at)
        if sign != "\\":
            self.at += 1
            return sign
        if self.peek(2) == "\\b":
            self.at += 2
            return "\b"
        return self.escaped(start)


def _digits(text: str) -> bool:
    return text.isascii() and text.isdigit()
