"""The rulebook after a change, put together from what was looked at and, as it was, from what was not."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from communityrules.checker import checked, moved
from communityrules.checker.basis import (
    Basis,
    Called,
    called,
    counting,
    duties_of,
    is_wide,
    loans_of,
    others_of,
    shared_of,
)
from communityrules.checker.checks.unused import UNUSED, put_unused
from communityrules.checker.loading import Limits
from communityrules.checker.looked import Looked
from communityrules.checker.looking import Entry, UnlikeError
from communityrules.checker.renumbering import measured
from communityrules.checker.report import Reporter
from communityrules.checker.words import KINDS
from communityrules.checker.written import Splice
from communityrules.diagnostics.message import Diagnostic
from communityrules.diagnostics.source import Source
from communityrules.frozen import replace
from communityrules.language import tree
from communityrules.language.parse import parse
from communityrules.library.words import STAFF

#: Where the checked forms of declarations stand in a rulebook, by name; with what moves them.
_FIELDS: Final[dict[type, str]] = {
    tree.GroupDeclaration: "groups", tree.PlaceDeclaration: "places", tree.ListDeclaration: "lists",
    tree.PatternDeclaration: "patterns", tree.ParameterDeclaration: "parameters", tree.StateDeclaration: "states",
    tree.CalendarDeclaration: "calendars", tree.PenaltyDeclaration: "penalties", tree.TemplateDeclaration: "templates",
}  # fmt: skip
_MOVED: Final[dict[str, Callable[[Any, moved.LineOf], Any]]] = {
    "lists": moved.moved_list, "penalties": moved.moved_penalty,
}  # fmt: skip
_DEFINED: Final = frozenset({tree.Definition, tree.Metric})
#: What the canonical form names before the rules.
_BEFORE: Final = (
    "aggregates", "breakers", "calendars", "confidential", "definitions", "event_types", "groups", "language",
    "leaderboards", "lists", "member_fields", "name", "parameters", "patterns", "penalties", "places", "powers",
    "published", "purpose",
)  # fmt: skip


#: A stretch of old declarations, by their numbers, or one that was looked at in their place.
Part = tuple[int, int] | Entry


def spliced(looked: Looked) -> Basis:
    """The basis of the new text."""
    return _Splicing(looked).basis()


class _Splicing:
    def __init__(self, looked: Looked) -> None:
        self.choice = choice = looked.choice
        self.looked = looked
        self.old = choice.basis
        self.source = choice.source
        self.parts = self._parts()
        #: The declarations that were looked at, by their numbers in the old text.
        self._entries = {one.piece: one for one in looked.small.entries if one.piece is not None}
        #: Fields of the rulebook in which nothing but lines differs.
        self._only_moved: set[str] = set()
        self._lines()
        #: Ids of rules of which parts stand elsewhere: they borrow, or have changes by date.
        self._apart = {*self.old.loans, *self.old.changed_ids}

    # --- the row of declarations -----------------------------------------------------------------------------

    def _parts(self) -> list[Part]:
        found: list[Part] = []
        at = 0
        for run in self.choice.runs:
            found.append((at, run.first))
            found += [
                (one.piece, one.piece + 1) if one.piece is not None else one
                for one in self.looked.small.entries
                if one.run is run
            ]
            at = run.last
        found.append((at, len(self.old.starts)))
        return found

    def _row(self) -> tuple[array[int], list[type], list[Called]]:
        """Where each declaration of the new text begins, what it is and what it is called."""
        old = self.old
        starts, kinds, names = array("I"), list[type](), list[Called]()
        for part in self.parts:
            if isinstance(part, Entry):
                starts.append(part.begin)
                kinds.append(type(part.node))
                names.append(called(part.node))
                continue
            first, last = part
            if first < last:
                shift = self.offset_of(old.starts[first]) - old.starts[first]
                listed = old.starts[first:last]
                starts.extend(array("I", [one + shift for one in listed]) if shift else listed)
                kinds += old.kinds[first:last]
                names += old.called[first:last]
        return starts, kinds, names

    # --- places ----------------------------------------------------------------------------------------------

    def _lines(self) -> None:
        """How many lines what follows each run has moved, by the line on which that began; and where the lines of the
        small text stand."""
        old, new = self.old.source.text, self.source.text
        self._line_starts: list[int] = []
        self._line_shifts = [0]
        line = at = shift = 0
        for run in self.choice.runs:
            start = self.old.starts[run.first]
            end = self.old.end(run.rest - 1) if run.rest else 0
            line += old.count("\n", at, start)
            inside = old.count("\n", start, end)
            shift += new.count("\n", run.begin, run.rest_at) - inside
            line += inside
            at = end
            self._line_starts.append(line + 1)
            self._line_shifts.append(shift)
        self.shifted = any(self._line_shifts)
        small = self.looked.small
        self._small_lines: list[int] = []
        self._small_shifts: list[int] = []
        here = there = at = offset = 0
        for one in small.entries:
            here += small.source.text.count("\n", offset, one.at)
            there += new.count("\n", at, one.begin)
            offset, at = one.at, one.begin
            self._small_lines.append(here + 1)
            self._small_shifts.append(there - here)

    def line_of(self, line: int) -> int:
        """From a line of the old text, outside of the runs, to that of the new one."""
        return line + self._line_shifts[bisect_right(self._line_starts, line)]

    def line_here(self, line: int) -> int:
        """The same from a line of the small text."""
        return line + self._small_shifts[bisect_right(self._small_lines, line) - 1]

    def offset_of(self, offset: int) -> int:
        """From an offset in an old declaration that is as it was to that in the new text."""
        piece = self.old.piece(offset)
        entry = self._entries.get(piece)
        # Where letters repeat, they differ elsewhere than declarations do.
        return self.choice.moved(offset) if entry is None else offset - self.old.starts[piece] + entry.begin

    def offset_here(self, offset: int) -> int:
        entry = self.looked.small.entry(offset)
        return offset - entry.at + entry.begin

    # --- putting together ------------------------------------------------------------------------------------

    def basis(self) -> Basis:
        old, looked = self.old, self.looked
        starts, kinds, names = self._row()
        if tree.Rule not in kinds and tree.Table not in kinds:
            raise UnlikeError
        splices, rules, counts = self._rules()
        fields: dict[str, Any] = {name: self._field(kind, name) for kind, name in _FIELDS.items()}
        definitions = self._definitions()
        fields["definitions"] = definitions
        judged = [one for listed in looked.rules.values() for one in listed]
        gone_ids = self._gone_ids()
        reads = counting(judged, {**definitions, **looked.book.definitions})
        rulebook = replace(
            old.rulebook, **fields, version=looked.rulebook.version, rules=rules, tests=self._tests(starts, kinds)
        )
        if self.shifted:
            rulebook = replace(
                rulebook,
                powers=tuple(moved.moved_power(one, self.line_of) for one in rulebook.powers),
                breakers=tuple(moved.moved_breaker(one, self.line_of) for one in rulebook.breakers),
            )
            self._only_moved |= {"powers", "breakers"}
        read = old.counting - gone_ids | reads
        if old.rulebook.aggregates or looked.book.measures:
            rulebook, splices = measured(looked, rulebook, splices, read)
        same = all(
            getattr(rulebook, name) is getattr(old.rulebook, name) or name in self._only_moved for name in _BEFORE
        )
        written = old.written.changed(rulebook, splices, same_before=same)
        diagnostics = self._diagnostics()
        if len(diagnostics) > Limits().diagnostics:
            raise UnlikeError
        before = looked.old_rules
        duties = old.duties.copy()
        duties.subtract(duties_of(before))
        duties.update(duties_of(one.rule for one in judged))
        loans = {one: lenders for one, lenders in old.loans.items() if one not in gone_ids}
        loans.update(loans_of(judged))
        return Basis(
            source=self.source,
            library=old.library,
            rulebook=replace(rulebook, digest=written.digest),
            diagnostics=diagnostics,
            starts=starts,
            kinds=kinds,
            called=names,
            counts=counts,
            written=written,
            asked=old.asked | looked.small.asked,
            referred=old.referred | looked.book.scope.referred,
            loans=loans,
            uneven=old.uneven,
            duties=+duties,
            raised=old.raised | looked.raised,
            counting=read,
            shared=self._shared(),
            others=old.others + others_of(self._new_names()),
            wide=old.wide or any(is_wide(self.source.text[one.begin : one.stop]) for one in self.choice.runs),
        )

    def _new_names(self) -> list[Called]:
        """What declarations are called that the old text has not as they are."""
        return [
            called(part.node)
            for part in self.parts
            if isinstance(part, Entry) and not isinstance(part.node, tree.Rule | tree.Test)
        ]

    def _shared(self) -> frozenset[str]:
        new = [called(part.node) for part in self.parts if isinstance(part, Entry)]
        return self.old.shared | shared_of(new) | {str(one) for one in new if one and self.choice.is_known(one)}

    def _gone_ids(self) -> set[str]:
        """Ids of the rules of the old text that were looked at anew or are gone."""
        pieces = self.looked.gone | self.choice.again
        return {one for piece in pieces for one in self.choice.ids_of(piece)}

    # --- rules -----------------------------------------------------------------------------------------------

    def _rules(self) -> tuple[list[Splice], tuple[checked.Rule, ...], list[int]]:
        """Where the rules differ from the old ones, all of them, and how many each declaration makes."""
        old, firsts = self.old, self.choice.firsts
        new = self.looked.rules
        again = sorted(self.choice.again)
        counts: list[int] = []
        splices: list[Splice] = []
        made: list[checked.Rule] = []
        at = 0

        def keep(first: int, last: int) -> None:
            nonlocal made, at
            counts.extend(old.counts[first:last])
            if firsts[first] < firsts[last]:
                if made or at < firsts[first]:
                    splices.append((at, firsts[first], made))
                    made = []
                at = firsts[last]

        for part in self.parts:
            if isinstance(part, Entry):
                rules = [moved.moved_rule(one.rule, self.line_here) for one in new[part.at]]
                counts.append(len(rules))
                made += rules
                continue
            begin, last = part
            for piece in again[bisect_left(again, begin) : bisect_left(again, last)]:
                keep(begin, piece)
                begin = piece + 1
                rules = [moved.moved_rule(one.rule, self.line_here) for one in new[self._entries[piece].at]]
                if self._is_as_before(piece, rules):
                    keep(piece, begin)
                else:
                    counts.append(len(rules))
                    made += rules
            keep(begin, last)
        if made or at < len(old.rulebook.rules):
            splices.append((at, len(old.rulebook.rules), made))
        return splices, self._joined(splices), counts

    def _is_as_before(self, piece: int, found: list[checked.Rule]) -> bool:
        """Whether looking at a declaration again gave the same rules at the same places."""
        firsts = self.choice.firsts
        before = self.old.rulebook.rules[firsts[piece] : firsts[piece + 1]]
        return tuple(found) == before and all(
            moved.places(moved.moved_rule(one, self.line_of)) == moved.places(other)
            for one, other in zip(before, found, strict=True)
        )

    def _joined(self, splices: list[Splice]) -> tuple[checked.Rule, ...]:
        rules = self.old.rulebook.rules
        found: list[checked.Rule] = []
        at = 0
        for start, end, made in splices:
            found += self._kept(rules[at:start])
            found += made
            at = end
        found += self._kept(rules[at:])
        return tuple(found)

    def _kept(self, rules: tuple[checked.Rule, ...]) -> Iterable[checked.Rule]:
        if not self.shifted or not rules:
            return rules
        line_of = self.line_of
        by, lasts = (line_of(one.origin.line) - one.origin.line for one in (rules[0], rules[-1]))
        if by != lasts:
            return [moved.moved_rule(one, line_of) for one in rules]
        apart = self._apart
        if by == 0 and not apart:
            return rules
        return [moved.moved_by(one, by) if one.id not in apart else moved.moved_rule(one, line_of) for one in rules]

    # --- other declarations ----------------------------------------------------------------------------------

    def _field(self, kind: type, name: str) -> Mapping[str, Any]:
        """The checked forms of one kind of declaration; the same object where none of them changed."""
        old: Mapping[str, Any] = getattr(self.old.rulebook, name)
        here: Mapping[str, Any] = getattr(self.looked.rulebook, name)
        move = _MOVED.get(name)
        kinds = self.old.kinds
        touched = any(kinds[one] is kind for one in self.looked.gone | self.choice.again)
        touched = touched or any(one.piece is None and type(one.node) is kind for one in self.looked.small.entries)
        if not touched and (move is None or not self._is_moved(old)):
            return old
        if not touched:
            self._only_moved.add(name)
        found: dict[str, Any] = {}
        for part in self.parts:
            for entry, piece in [(part, -1)] if isinstance(part, Entry) else self._of_kind(kind, *part):
                if entry is None or (entry.piece is not None and entry.piece not in self.choice.again):
                    key = str(self.old.called[piece])
                    if key in old and key not in found:
                        found[key] = move(old[key], self.line_of) if move is not None and self.shifted else old[key]
                elif type(entry.node) is kind and (key := str(called(entry.node))) in here and key not in found:
                    one = here[key] if move is None else move(here[key], self.line_here)
                    same = piece >= 0 and not self.shifted and one == old.get(key)
                    found[key] = old[key] if same else one
        if name == "groups" and STAFF not in found:
            found[STAFF] = old[STAFF]
        return found

    def _is_moved(self, old: Mapping[str, Any]) -> bool:
        """Whether any of some declarations, in the order of the text, stands on another line now."""
        return self.shifted and bool(old) and next(reversed(list(old.values()))).origin.line >= self._line_starts[0]

    def _of_kind(self, kind: type, first: int, last: int) -> Iterable[tuple[Entry | None, int]]:
        kinds = self.old.kinds
        return [(self._entries.get(one), one) for one in range(first, last) if kinds[one] is kind]

    def _definitions(self) -> Mapping[str, checked.Expression]:
        """Definitions that something uses."""
        old, here = self.old.rulebook.definitions, self.looked.book.definitions
        redone = self.looked.redone
        named = {name for kind, name in self.looked.candidates if kind in ("definition", "metric")}
        found: dict[str, checked.Expression] = {}
        for name, meaning in old.items():
            if name in here:
                found[name] = here[name] if name in redone and here[name] != meaning else meaning
            elif name not in redone and name not in named:
                found[name] = meaning
        for name, meaning in here.items():
            if name in redone or name in named:
                found.setdefault(name, meaning)
        return old if list(found.items()) == list(old.items()) and not redone else found

    # --- reports and tests -----------------------------------------------------------------------------------

    def _diagnostics(self) -> tuple[Diagnostic, ...]:
        old, looked, choice = self.old, self.looked, self.choice
        asked = {(name, KINDS[kind]) for kind, name in looked.candidates}
        found: list[Diagnostic] = []
        for one in old.diagnostics:
            assert one.span is not None  # all are of a place in the text
            piece = old.piece(one.span.start)
            if piece in looked.gone or piece in choice.again:
                continue
            if one.message is not UNUSED or (one.values["name"], one.values["kind"]) not in asked:
                found.append(moved.moved_diagnostic(one, self.source, self.offset_of, self.line_of))
        report = Reporter()
        scope = looked.book.scope
        for kind, name in looked.candidates:
            if (kind, name) not in scope.used:
                put_unused(report, kind, scope.declared[kind][name].name)
        here = [
            one
            for one in looked.diagnostics
            if one.span is not None and looked.is_redone(looked.small.entry(one.span.start))
        ]
        here += report.in_order([looked.small.source])
        found += [moved.moved_diagnostic(one, self.source, self.offset_here, self.line_here) for one in here]
        return tuple(sorted(found, key=_place))

    def _tests(self, row: array[int], kinds: list[type]) -> tuple[tree.Test, ...]:
        """Every test, read again: what stands in it is told by its place."""
        if tree.Test not in kinds:
            return ()
        at = 0
        starts: list[int] = []
        begins: list[int] = []
        texts: list[str] = []
        for number, kind in enumerate(kinds):
            if kind is not tree.Test:
                continue
            text = self.source.text[row[number] : row[number + 1] if number + 1 < len(row) else None]
            texts.append(text if text.endswith("\n") else text + "\n")
            starts.append(at)
            begins.append(row[number])
            at += len(texts[-1])
        file, problems = parse(Source(self.source.name, "".join(texts)))
        if problems or len(file.declarations) != len(texts):
            raise UnlikeError

        def offset_of(offset: int) -> int:
            place = bisect_right(starts, offset) - 1
            return offset - starts[place] + begins[place]

        return tuple(moved.moved_node(one, self.source, offset_of) for one in file.declarations)  # type: ignore[misc]  # nothing but tests


def _place(one: Diagnostic) -> tuple[int, int, str]:
    assert one.span is not None  # all are of a place in the text
    return one.span.start, one.span.end, one.code
