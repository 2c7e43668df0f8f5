"""Patterns that run in linear time on the original text."""

from __future__ import annotations

from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from communityrules.library.declare import Match
from communityrules.library.fold import MAX_TEXT, whole_characters
from communityrules.library.patterns.advice import FEWER
from communityrules.library.patterns.linear import refuse
from communityrules.library.patterns.literals import Required, also_required, required
from communityrules.library.patterns.refusals import PatternRefused
from communityrules.library.patterns.syntax import parse
from communityrules.library.patterns.translate import translate
from communityrules.library.patterns.tree import counted_places

if TYPE_CHECKING:
    from communityrules.library.patterns.tree import Node


#: Each place after the first may cost another look through all of the rest of a text, so there is an end to them.
MOST_PLACES: Final = 1_000
#: Bytes that one pattern may take, built and at work; what needs more to build is refused as too large.
_MEMORY: Final = 8 << 20
#: Bytes of one with this many places under counted repetition, as `[\w.]{1,64}@` has: where what it has learnt of a
#: text does not fit, the engine goes on without learning, a thousand times slower. Only long runs fill them.
_ROOM: Final = 64 << 20
_MANY_PLACES: Final = 40


def check_pattern(pattern: str) -> None:
    """Raise `PatternRefused` when a pattern, as written between its slashes, cannot be used."""
    matcher(pattern)


#: As many as a large rulebook has: its patterns are built once, to check them, and used from then on.
@lru_cache(maxsize=4096)
def matcher(pattern: str) -> PatternMatcher:
    """The pattern with that spelling; one that was built before when it is still remembered. `PatternRefused` as for
    `PatternMatcher`."""
    return PatternMatcher(pattern)


class PatternMatcher:
    """A pattern. `PatternRefused` when it cannot be used.

    The original text is searched, its first `fold.MAX_TEXT` code points; upper and lower case differ unless `(?i)`
    says otherwise; `.` stands for any character but a line feed, `$` for the end of the text.
    """

    __slots__ = ("_compiled", "_others", "_tree", "pattern")

    def __init__(self, pattern: str) -> None:
        #: As written.
        self.pattern = pattern
        self._tree: Node = parse(pattern)
        #: What a text must hold beside `required`, worked out when first asked.
        self._others: tuple[tuple[str, ...], ...] | None = None
        try:
            refuse(pattern, self._tree)
        except PatternRefused as refused:
            raise _with_working_rewrite(refused) from None
        self._compiled = _compile(pattern, translate(self._tree), roomy=counted_places(self._tree) >= _MANY_PLACES)

    def find(self, text: str) -> tuple[Match, ...]:
        """Places that the pattern fits, none within another, from the left, `MOST_PLACES` at most; empty ones are left
        out."""
        found = islice(self._compiled.finditer(whole_characters(text[:MAX_TEXT])), MOST_PLACES)
        spans = (one.span() for one in found)
        return tuple(Match(start, end) for start, end in spans if start < end)

    def search(self, text: str) -> Match | None:
        """The first place that the pattern fits, an empty one too."""
        text = text[:MAX_TEXT]
        try:
            encoded = text.encode()
        except UnicodeEncodeError:
            text = whole_characters(text)
            encoded = text.encode()
        # In bytes, because the engine's own way back to characters is long.
        found = self._compiled.search(encoded)
        if not found:
            return None
        start, end = found.span()
        if len(encoded) == len(text):
            return Match(start, end)
        try:
            before = len(encoded[:start].decode())
            return Match(before, before + len(encoded[start:end].decode()))
        except UnicodeDecodeError:
            # `\B` fits inside of a character, too: only the engine tells which place it means.
            return Match(*self._compiled.search(text).span())

    def found(self, text: str) -> bool:
        """Whether the pattern fits anywhere."""
        text = text[:MAX_TEXT]
        for literals in self._others or self.also_required:
            for one in literals:
                if one in text:
                    break
            else:
                return False
        try:
            # Bytes, because no places need be told.
            return self._compiled.search(text.encode()) is not None
        except UnicodeEncodeError:
            return self._compiled.search(whole_characters(text)) is not None

    @property
    def fits_everything(self) -> bool:
        """Whether the pattern fits the empty text, and so any text."""
        return self._compiled.fullmatch("") is not None

    @property
    def also_required(self) -> tuple[tuple[str, ...], ...]:
        """Literals beside `required`: of each of these, too, a text must hold one."""
        others = self._others
        if others is None:
            others = self._others = also_required(self._tree)
        return others

    @property
    def required(self) -> Required:
        """Literals of which a text must hold at least one for the pattern to fit; none when unknown."""
        return required(self._tree)


def _compile(pattern: str, spelling: str, *, roomy: bool) -> Any:
    # Imported when the first pattern is built.
    import re2  # type: ignore[import-untyped]  # the package has no types

    options = re2.Options()
    options.log_errors = False
    options.max_mem = _MEMORY
    spelling = whole_characters(spelling)
    try:
        compiled = re2.compile(spelling, options)
    except re2.error as error:
        said = str(error.args[0])
        reason = (
            "repeat_too_large"
            if "repetition size" in said
            else "unknown_class"
            if "character class" in said
            else "too_large"
        )
        instead = None if reason == "unknown_class" else FEWER
        raise PatternRefused(reason, *_place(pattern, reason), None, instead) from None
    if not roomy:
        return compiled
    # What is too large to build was found with the smaller bound, so that room for work lets nothing larger in.
    options.max_mem = _ROOM
    return re2.compile(spelling, options)


def _place(pattern: str, reason: str) -> tuple[int, int]:
    if reason == "unknown_class":
        start = pattern.find("\\p") if "\\p" in pattern else pattern.find("\\P")
        if start >= 0:
            close = pattern.find("}", start)
            return start, close + 1 if close >= 0 else min(start + 3, len(pattern))
    return 0, len(pattern)


def _with_working_rewrite(refused: PatternRefused) -> PatternRefused:
    """The refusal, its rewrite left out when that cannot be used either."""
    if refused.rewrite is not None:
        try:
            PatternMatcher(refused.rewrite)
        except PatternRefused:
            return PatternRefused(refused.reason, refused.start, refused.end, None, refused.instead)
    return refused
