"""What of a changed text must be looked at: the declarations that changed, whatever names them, and what they name.

The parts are put together to a small rulebook that the parser and the checks see as they see any other.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import Any, Final

from communityrules.checker.basis import WORD, Basis, Called, called, starts_of
from communityrules.checker.stretches import Stretch
from communityrules.checker.using import left_open
from communityrules.diagnostics.source import Source
from communityrules.language import tree
from communityrules.language.parse import parse_asking
from communityrules.language.scan import normal_letters
from communityrules.library.words import STAFF

#: What can be looked at again by itself; what else there is says something of the whole rulebook.
_REDONE: Final = frozenset({
    tree.Rule, tree.Table, tree.Amend, tree.Repeal, tree.Test, tree.GroupDeclaration, tree.PlaceDeclaration,
    tree.ListDeclaration, tree.PatternDeclaration, tree.ParameterDeclaration, tree.Definition, tree.Metric,
    tree.StateDeclaration, tree.CalendarDeclaration, tree.PenaltyDeclaration, tree.TemplateDeclaration,
})  # fmt: skip
#: What is named without its name, and so is always looked at.
_ALWAYS: Final = frozenset({tree.Header, tree.MemberFields, tree.LabelTypes, tree.EventType})
_CHANGES: Final = frozenset({tree.Amend, tree.Repeal})
_RULES: Final = frozenset({tree.Rule, tree.Table})
_NAMELESS: Final = frozenset({*_RULES, *_CHANGES, tree.Test})

#: What an English word goes on with; a digit before a name may be a number that needs no space.
_MORE: Final = re.compile(r"[A-Za-z0-9_]")
_LETTER: Final = re.compile(r"[A-Za-z_]")
#: A name that is mentioned more often is not followed.
_MOST: Final = 5000


class UnlikeError(Exception):
    """The texts differ in a way that only checking all of the new one can judge."""


@dataclass(slots=True)
class Run:
    """Declarations of the old text, from one up to another, in whose place others stand."""

    first: int
    last: int
    #: Offsets in the new text.
    begin: int
    stop: int
    #: The first of them that is as it was, with all after it, and where it begins in the new text.
    rest: int = 0
    rest_at: int = 0


@dataclass(slots=True, eq=False)
class Entry:
    """One declaration of the small rulebook."""

    node: tree.Declaration
    #: Where it begins in the small text and in the new one.
    at: int
    begin: int
    #: Its number in the old text; None when it is not there as it stands.
    piece: int | None
    run: Run | None


@dataclass(slots=True)
class Ids:
    """The ids of the rules that stand in the old text, but for some."""

    choice: Choice
    gone: set[str]

    def __contains__(self, rule: object) -> bool:
        return isinstance(rule, str) and rule not in self.gone and self.choice.rule(rule) is not None


def _all_of(what: object, listed: list[Any]) -> Iterator[int]:
    """Where something stands in a list."""
    at = -1
    with suppress(ValueError):
        while True:
            at = listed.index(what, at + 1)
            yield at


class Small:
    """The small rulebook, parsed."""

    def __init__(self, source: Source, entries: list[Entry], asked: frozenset[str]) -> None:
        self.source = source
        self.entries = entries
        self.asked = asked
        self._starts = [one.at for one in entries]

    def text_of(self, entry: Entry) -> str:
        """The small text of a declaration."""
        place = bisect_right(self._starts, entry.at)
        return self.source.text[entry.at : self._starts[place] if place < len(self._starts) else None]

    def entry(self, offset: int) -> Entry:
        """The declaration around an offset of the small text."""
        return self.entries[bisect_right(self._starts, offset) - 1]


class Choice:
    """What is looked at; grows until it holds all that matters."""

    def __init__(self, basis: Basis, source: Source, stretches: list[Stretch]) -> None:
        self.basis = basis
        self.source = source
        self.stretches = stretches
        self._ends = [one.end for one in stretches]
        self._shifts = [0, *(one.stop - one.end for one in stretches)]
        #: Declarations outside of the runs that are looked at; and those whose result may be another.
        self.parts: set[int] = set()
        self.again: set[int] = set()
        self.runs = self._runs()
        #: The number of the first rule of each declaration.
        self.firsts = list(accumulate(basis.counts, initial=0))
        #: The last declaration of each name or id; those of which there are several are looked for one by one.
        self._last: dict[Called, int] = dict(zip(basis.called, range(len(basis.called)), strict=True))
        self._tables = list(_all_of(tree.Table, basis.kinds))
        self._seen: set[int] = set()
        self._told: set[Called] = set()
        self._gone: set[int] = set()
        self._first()

    @property
    def size(self) -> tuple[int, int]:
        return len(self.parts), len(self.again)

    def moved(self, offset: int) -> int:
        """Where in the new text something stands that stood outside of the stretches."""
        return offset + self._shifts[bisect_right(self._ends, offset)]

    def old_text(self, piece: int) -> str:
        return self.basis.source.text[self.basis.starts[piece] : self.basis.end(piece)]

    # --- at first --------------------------------------------------------------------------------------------

    def _runs(self) -> list[Run]:
        """Each stretch with the declarations around it, as one can go on where the next one was."""
        basis = self.basis
        found: list[Run] = []
        for one in self.stretches:
            first = max(basis.piece(one.start) - 1, 0)
            last = min(basis.piece(max(one.end - 1, one.start)) + 2, len(basis.starts))
            if found and first <= found[-1].last:
                found[-1].last = max(found[-1].last, last)
            else:
                found.append(Run(first, last, 0, 0))
        for run in found:
            run.begin = self.moved(basis.starts[run.first]) if run.first else 0
            ends = basis.end(run.last - 1)
            run.stop = self.moved(ends) if run.last < len(basis.starts) else len(self.source.text)
        if sum(one.last - one.first for one in found) > max(len(basis.starts) // 2, 50):
            raise UnlikeError
        return found

    def _all(self, name: str) -> list[int]:
        """All declarations that are called so."""
        last = self._last.get(name)
        if last is None:
            return []
        return list(_all_of(name, self.basis.called)) if name in self.basis.shared else [last]

    def is_known(self, name: Called) -> bool:
        """Whether anything in the old text is called so."""
        return name in self._last

    def named(self, name: str) -> list[int]:
        """The declarations of that name, which something may use."""
        return [one for one in self._all(name) if name and self.basis.kinds[one] not in _NAMELESS]

    def rule(self, rule: str) -> int | None:
        """The declaration that makes the rule of that id."""
        for piece in self._all(rule):
            if self.basis.kinds[piece] is tree.Rule:
                return piece
        return next((one for one in self._tables if rule in self.basis.called[one][1:]), None)

    def changes(self, rule: str) -> list[int]:
        """The declarations that change the rule of that id from a day on."""
        return [one for one in self._all(rule) if self.basis.kinds[one] in _CHANGES]

    def _first(self) -> None:
        for kind in _ALWAYS:
            for piece in _all_of(kind, self.basis.kinds):
                self._take(piece)
        for piece in self.named(STAFF):
            self._take(piece)
        for run in self.runs:
            self._name(self.source.text[run.begin : run.stop])
            for piece in range(run.first, run.last):
                self._name(self.old_text(piece))

    # --- growing ---------------------------------------------------------------------------------------------

    def _in_run(self, piece: int) -> bool:
        return any(one.first <= piece < one.last for one in self.runs)

    def _take(self, piece: int) -> None:
        """Look at a declaration, too, and at what it names."""
        if piece in self._seen:
            return
        self._seen.add(piece)
        if not self._in_run(piece):
            self.parts.add(piece)
            self._name(self.old_text(piece))

    def _name(self, text: str) -> None:
        for name in self.names_in(text):
            for piece in self.named(name):
                self._take(piece)

    def names_in(self, text: str) -> Iterator[str]:
        """The declared names that stand in a text, and maybe some that only seem to."""
        text = normal_letters(text) if not text.isascii() else text
        for one in dict.fromkeys(WORD.findall(text)):
            if one in self._last and self.named(one):
                yield one
        yield from (one for one in self.basis.others if one in text and self.named(one))

    def _redo(self, piece: int) -> None:
        """Look at a declaration again: what it names has changed."""
        if piece in self.again:
            return
        if self.basis.kinds[piece] not in _REDONE:
            raise UnlikeError
        self._take(piece)
        self.again.add(piece)
        self._change(self.basis.kinds[piece], self.basis.called[piece])

    def _change(self, kind: type, name: Called) -> None:
        """Something of that name is another one now: whatever names it is looked at again."""
        if kind in _NAMELESS:
            ids = name[1:] if isinstance(name, tuple) else (name,) if kind is not tree.Test else ()
            for one in ids:
                self._change_rule(one)
        elif isinstance(name, str) and name not in self._told:
            if not name or name == STAFF:
                raise UnlikeError
            self._told.add(name)
            for piece in self.mentions(name):
                self._redo(piece)

    def _change_rule(self, rule: str) -> None:
        """Its changes by date belong to it, and who borrows from it does something else."""
        if rule in self._told:
            return
        self._told.add(rule)
        for piece in (*self.changes(rule), self.rule(rule)):
            if piece is not None and piece not in self._gone:
                self._redo(piece)
        for borrower, lenders in self.basis.loans.items():
            piece = self.rule(borrower) if rule in lenders else None
            if piece is not None and piece not in self._gone:
                self._redo(piece)

    def mentions(self, name: str) -> list[int]:
        """The declarations of the old text, still there, in which a name stands, or seems to."""
        if self.basis.wide:
            raise UnlikeError
        text, found, at = self.basis.source.text, dict[int, None](), 0
        is_word = WORD.fullmatch(name) is not None
        while (at := text.find(name, at)) >= 0:
            if is_word and (_MORE.match(text, at + len(name)) or (at and _LETTER.match(text, at - 1))):
                # Within a longer word, which begins and ends with English letters.
                at += 1
                continue
            piece = self.basis.piece(at)
            if piece not in self._gone:
                found[piece] = None
            if len(found) > _MOST:
                raise UnlikeError
            at = max(at + 1, self.basis.end(piece))
        return list(found)

    def grow(self, small: Small) -> None:
        """Take in what the declarations that have changed touch."""
        self._gone = self.gone(small)
        for piece in self._gone:
            self._changed(self.basis.kinds[piece], self.basis.called[piece])
        gone_ids = {one for piece in self._gone for one in self.ids_of(piece)}
        for entry in small.entries:
            if entry.piece is None:
                self._changed(type(entry.node), called(entry.node))
                if isinstance(entry.node, tree.Rule | tree.Table):
                    name = called(entry.node)
                    ids = name[1:] if isinstance(name, tuple) else (name,)
                    if any(self.rule(one) is not None and one not in gone_ids for one in ids):
                        raise UnlikeError

    def gone(self, small: Small) -> set[int]:
        """The declarations of the old text that are not in the new one as they were."""
        there = {one.piece for one in small.entries}
        return {piece for run in self.runs for piece in range(run.first, run.last) if piece not in there}

    def ids_of(self, piece: int) -> tuple[str, ...]:
        """The ids of the rules that a declaration of the old text makes."""
        name = self.basis.called[piece]
        if self.basis.kinds[piece] not in _RULES:
            return ()
        return name[1:] if isinstance(name, tuple) else (name,)

    def _changed(self, kind: type, name: Called) -> None:
        if kind in _REDONE:
            self._change(kind, name)
        elif kind is not tree.Header:
            raise UnlikeError

    def add(self, pieces: Iterable[int]) -> None:
        for piece in pieces:
            self._take(piece)

    # --- the small rulebook ----------------------------------------------------------------------------------

    def small(self) -> Small:
        """What has been chosen, in the order of the text, read. UnlikeError when it does not read as in its place."""
        basis, new = self.basis, self.source.text
        chunks: list[tuple[int, int, Run | int]] = [(one.begin, one.stop, one) for one in self.runs]
        for piece in self.parts:
            begin = self.moved(basis.starts[piece])
            chunks.append((begin, begin + basis.end(piece) - basis.starts[piece], piece))
        chunks.sort(key=lambda one: one[0])
        texts = [new[begin:stop] for begin, stop, _ in chunks]
        texts = [one if one.endswith("\n") or not one else one + "\n" for one in texts]
        if sum(map(len, texts)) > len(new) // 2 + 20_000:
            raise UnlikeError
        source = Source(basis.source.name, "".join(texts))
        file, problems, asked = parse_asking(source)
        starts = starts_of(file.declarations, source.text)
        if problems or starts is None or asked is None or left_open(file.declarations):
            raise UnlikeError
        entries: list[Entry] = []
        number = 0
        offsets = list(accumulate(map(len, texts), initial=0))
        for (begin, stop, what), (at, end) in zip(chunks, pairwise(offsets), strict=True):
            first = number
            while number < len(starts) and starts[number] < end:
                number += 1
            inside = list(range(first, number))
            if (inside and starts[first] != at) or (isinstance(what, int) and len(inside) != 1):
                raise UnlikeError
            for one in inside:
                node = file.declarations[one]
                if isinstance(what, int) and (
                    type(node) is not basis.kinds[what] or called(node) != basis.called[what]
                ):
                    raise UnlikeError
                entry = Entry(node, starts[one], begin + starts[one] - at, None, None)
                if isinstance(what, Run):
                    entry.run = what
                else:
                    entry.piece = what
                entries.append(entry)
            if isinstance(what, Run):
                self._align(what, entries[len(entries) - len(inside) :], stop)
        if number != len(starts):
            raise UnlikeError
        return Small(source, entries, asked)

    def _align(self, run: Run, entries: list[Entry], stop: int) -> None:
        """The declarations at both ends of a run that are as they were."""
        stops = [*(one.begin for one in entries[1:]), stop]
        new = [self.source.text[one.begin : end] for one, end in zip(entries, stops, strict=False)]
        old = [self.old_text(piece) for piece in range(run.first, run.last)]
        front = 0
        while front < min(len(new), len(old)) and new[front] == old[front]:
            entries[front].piece = run.first + front
            front += 1
        back = 0
        while back < min(len(new), len(old)) - front and new[-1 - back] == old[-1 - back]:
            back += 1
            entries[-back].piece = run.last - back
        run.rest = run.last - back
        run.rest_at = entries[-back].begin if back else stop
