"""Patterns that run in linear time on the original text."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING, Any, Final
from weakref import WeakValueDictionary

from communityrules.library.declare import Match
from communityrules.library.fold import MAX_TEXT, whole_characters
from communityrules.library.patterns.advice import FEWER
from communityrules.library.patterns.linear import refuse
from communityrules.library.patterns.literals import Also, Required, required
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
_REMEMBERED: Final = 4096


@lru_cache(maxsize=_REMEMBERED)
def matcher(pattern: str) -> PatternMatcher:
    """The pattern with that spelling; one that was built before when it is still remembered. `PatternRefused` as for
    `PatternMatcher`."""
    found = usable(pattern)
    found.build()
    return found


def usable(pattern: str) -> PatternMatcher:
    """The same of a pattern that was checked before, built when it is first asked: few of many ever are.
    `PatternRefused` then."""
    found = _HELD.get(pattern)
    if found is None:
        found = _HELD[pattern] = PatternMatcher(pattern, at_once=False)
    return found


class PatternMatcher:
    """A pattern. `PatternRefused` when it cannot be used.

    The original text is searched, its first `fold.MAX_TEXT` code points; upper and lower case differ unless `(?i)`
    says otherwise; `.` stands for any character but a line feed, `$` for the end of the text.
    """

    __slots__ = ("__weakref__", "_compiled", "_others", "_search", "pattern")

    def __init__(self, pattern: str, *, at_once: bool = True) -> None:
        """`at_once`: build it now, not when it is first asked."""
        #: As written.
        self.pattern = pattern
        #: What a text must hold beside `required`, found when first asked.
        self._others: Also | None = None
        self._compiled: Any = None
        #: What finds where it first fits bytes, None where nowhere.
        self._search: Callable[[bytes], Any] | None = None
        if at_once:
            self.build()

    def build(self) -> Any:
        """What runs it, built when it was not before. `PatternRefused` when it cannot be used."""
        if self._compiled is None:
            tree = parse(self.pattern)
            try:
                refuse(self.pattern, tree)
            except PatternRefused as refused:
                raise _with_working_rewrite(refused) from None
            _remember(self.pattern, tree)
            roomy = counted_places(tree) >= _MANY_PLACES
            self._compiled = _compile(self.pattern, translate(tree), roomy=roomy)
            self._search = self._compiled.search
        return self._compiled

    def _built(self) -> Callable[[bytes], Any]:
        search: Callable[[bytes], Any] = self.build().search
        return search

    def find(self, text: str) -> tuple[Match, ...]:
        """Places that the pattern fits, none within another, from the left, `MOST_PLACES` at most; empty ones are left
        out."""
        found = islice(self.build().finditer(whole_characters(text[:MAX_TEXT])), MOST_PLACES)
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
        found = (self._search or self._built())(encoded)
        if found is None:
            return None
        start, end = found.span()
        if len(encoded) == len(text):
            return Match(start, end)
        try:
            before = len(encoded[:start].decode())
            return Match(before, before + len(encoded[start:end].decode()))
        except UnicodeDecodeError:
            # `\B` fits inside of a character, too: only the engine tells which place it means.
            return Match(*self.build().search(text).span())

    def found(self, text: str) -> bool:
        """Whether the pattern fits anywhere."""
        text = text[:MAX_TEXT]
        for literals in self._others or self.also_required:
            for one in literals:
                if one in text:
                    break
            else:
                return False
        search = self._search or self._built()
        try:
            return search(text.encode()) is not None
        except UnicodeEncodeError:
            return search(whole_characters(text).encode()) is not None

    @property
    def fits_everything(self) -> bool:
        """Whether the pattern fits the empty text, and so any text."""
        return self.build().fullmatch("") is not None

    @property
    def also_required(self) -> Also:
        """Literals beside `required`: of each of these, too, a text must hold one."""
        others = self._others
        if others is None:
            others = self._others = _known(self.pattern)[1]
        return others

    @property
    def required(self) -> Required:
        """Literals of which a text must hold at least one for the pattern to fit; none when unknown."""
        return required_by(self.pattern)


#: Patterns that somebody holds: a rulebook that is loaded again has most of them.
_HELD: Final[WeakValueDictionary[str, PatternMatcher]] = WeakValueDictionary()


#: A few literals each.
_MOST_REQUIRED: Final = 32_768
#: What patterns require, found when they are checked: by then a large rulebook lets go of all else of them.
_REQUIRED: Final[dict[str, tuple[Required, Also]]] = {}


def let_go() -> Callable[[], None]:
    """Forgets the patterns that were built, but not what they require: what this gives remembers that again, made anew,
    once memory was given back."""
    import re2  # type: ignore[import-untyped]  # the package has no types

    matcher.cache_clear()
    # It remembers some of its own.
    re2.purge()
    # A copy: threads that check other patterns meanwhile add to it.
    packed = pickle.dumps(_REQUIRED.copy())
    _REQUIRED.clear()
    return lambda: _REQUIRED.update(pickle.loads(packed))


def required_by(pattern: str) -> Required:
    """What a text must hold one of for a pattern to fit it, without making what runs the pattern."""
    return _known(pattern)[0]


def _known(pattern: str) -> tuple[Required, Also]:
    return _REQUIRED.get(pattern) or _remember(pattern, parse(pattern))


def _remember(pattern: str, tree: Node) -> tuple[Required, Also]:
    if len(_REQUIRED) >= _MOST_REQUIRED:
        _REQUIRED.clear()
    found = _REQUIRED[pattern] = required(tree)
    return found


def _compile(pattern: str, spelling: str, *, roomy: bool) -> Any:
    # Imported when the first pattern is built.
    import re2

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
