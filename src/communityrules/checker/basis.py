"""What is remembered of a rulebook that was found good, so that a changed text of it is soon checked.

No part of the syntax tree is kept: the text itself, where its declarations begin and what they are called, and of what
the checks over the whole rulebook compare only as much as tells whether a changed part can matter to another.
"""

from __future__ import annotations

import marshal
import re
from array import array
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final
from weakref import ref

from communityrules.checker import checked
from communityrules.checker.book import Book
from communityrules.checker.checks.cycles import raised
from communityrules.checker.checks.duties import duty_key
from communityrules.checker.loading import Files, Limits
from communityrules.checker.rules import Judged, measures_in
from communityrules.checker.walk import walk
from communityrules.checker.written import Written
from communityrules.diagnostics.message import Diagnostic
from communityrules.diagnostics.source import Source
from communityrules.frozen import replace
from communityrules.language import tree
from communityrules.library.declare import Library

#: Letters of a text from which on it is worth remembering: shorter ones are checked in a moment.
LEAST = 20_000
#: Letters that names may also be written with, so that a name cannot be looked for as it stands.
_WIDE: Final = re.compile("[０-９Ａ-Ｚａ-ｚ＿]")

#: An English word, as names are written.
WORD: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")

#: What a declaration is called: a name, the id of a rule; of a table its name and the ids of its rows.
Called = str | tuple[str, ...]


@dataclass(slots=True, eq=False, weakref_slot=True)
class Basis:
    """One rulebook that was found good. Nothing in it changes once it is made, but that its rulebook may be moved."""

    source: Source
    library: Library
    rulebook: checked.Rulebook
    #: All its warnings, in order.
    diagnostics: tuple[Diagnostic, ...]
    #: Of each declaration where it begins, with the comments before it; what it is; what it is called; how many
    #: versions of rules it makes.
    starts: array[int]
    kinds: list[type]
    called: list[Called]
    counts: list[int]
    written: Written
    #: Words that would be told apart from names if they stood anywhere in the text.
    asked: frozenset[str]
    #: Ids of rules that something refers to, and maybe some that something referred to once.
    referred: frozenset[str]
    #: From the ids of rules with `as rule N` to these N.
    loans: Mapping[str, frozenset[str]]
    #: Definitions that come out differently where they are used.
    uneven: frozenset[str]
    #: How many duties have the same key, by its hash.
    duties: Counter[int]
    #: Pairs of events that the engine raises: rules on the first raise the second, or did once.
    raised: frozenset[tuple[str, str]]
    #: Ids of rules that read measures.
    counting: frozenset[str]
    #: Names and ids that several declarations have, or had once.
    shared: frozenset[str]
    #: Names that are no English words, and maybe some that there were once.
    others: tuple[str, ...]
    #: Whether a name may be written in wide letters.
    wide: bool

    def put_away(self) -> bytes:
        """All that stands in memory beside what will be let go, and so would keep that from being given back; it can
        be used again once it was taken out again. It no longer holds its rulebook."""
        del self.rulebook
        kinds = tuple(dict.fromkeys(self.kinds))
        numbers = {one: number for number, one in enumerate(kinds)}
        away = (
            bytes(numbers[one] for one in self.kinds), self.called, self.counts, self.asked, self.referred,
            {one: tuple(lenders) for one, lenders in self.loans.items()}, self.uneven, dict(self.duties),
            tuple(self.raised), self.counting, self.shared, self.others, self.written.put_away(),
        )  # fmt: skip
        packed = marshal.dumps(away)
        self.kinds, self.called, self.counts, self.loans = list(kinds), [], [], {}
        self.asked = self.referred = self.uneven = self.counting = self.shared = frozenset()
        self.duties, self.raised, self.others = Counter(), frozenset(), ()
        return packed

    def take_out(self, packed: bytes, rulebook: checked.Rulebook) -> None:
        """The other way round, with the rulebook where it stands now."""
        (
            kinds, self.called, self.counts, self.asked, self.referred, loans, self.uneven, duties, raised,
            self.counting, self.shared, self.others, written,
        ) = marshal.loads(packed)  # packed above, in this process  # fmt: skip
        known = self.kinds
        self.kinds = [known[one] for one in kinds]
        self.loans = {one: frozenset(lenders) for one, lenders in loans.items()}
        self.duties, self.raised = Counter(duties), frozenset(raised)
        self.written.take_out(written)
        self.rulebook = rulebook

    @property
    def changed_ids(self) -> set[str]:
        """Ids of the rules with changes by date."""
        if tree.Amend not in self.kinds and tree.Repeal not in self.kinds:
            return set()
        return {
            str(name) for name, kind in zip(self.called, self.kinds, strict=True) if kind in (tree.Amend, tree.Repeal)
        }

    def end(self, piece: int) -> int:
        """Where a declaration ends."""
        return self.starts[piece + 1] if piece + 1 < len(self.starts) else len(self.source.text)

    def piece(self, offset: int) -> int:
        """The number of the declaration around an offset."""
        return max(bisect_right(self.starts, offset) - 1, 0)


def basis_of(book: Book, rulebook: checked.Rulebook, files: Files) -> Basis | None:
    """The basis of a rulebook that was found good, within the usual limits; its own rulebook has the digest that the
    given one lacks. None where it does not stand in one large text, or parts of it cannot be looked at alone."""
    text = book.main.text
    if len(text) < LEAST or len(files.sources) > 1 or files.asked is None:
        return None
    diagnostics = book.report.in_order([book.main])
    starts = starts_of(book.declarations, text)
    kinds: list[type] = [type(one) for one in book.declarations]
    if (
        starts is None
        or len(diagnostics) > Limits().diagnostics
        or tree.Use in kinds
        or not (tree.Rule in kinds or tree.Table in kinds)
        or not _in_order_of_rules(book, rulebook.leaderboards)
    ):
        return None
    written = Written(rulebook)
    rulebook = replace(rulebook, digest=written.digest)
    names = [called(one) for one in book.declarations]
    counts = [0] * len(starts)
    for one in book.rules:
        counts[bisect_right(starts, one.text.id.span.start) - 1] += 1
    return Basis(
        source=book.main,
        library=book.scope.library,
        rulebook=rulebook,
        diagnostics=diagnostics,
        starts=starts,
        kinds=kinds,
        called=names,
        counts=counts,
        written=written,
        asked=files.asked,
        referred=frozenset(book.scope.referred),
        loans=dict(loans_of(book.rules)),
        uneven=frozenset(book.resolver.definitions.uneven),
        duties=duties_of(one.rule for one in book.rules),
        raised=raised_by(book),
        counting=counting(book.rules, book.definitions) if book.measures else frozenset(),
        shared=shared_of(names),
        others=others_of(one for one, kind in zip(names, kinds, strict=True) if kind not in (tree.Rule, tree.Test)),
        wide=is_wide(book.main.text),
    )


def starts_of(declarations: Iterable[tree.Declaration], text: str) -> array[int] | None:
    """Where each declaration begins, with the lines before it that belong to none; None when two share a line."""
    found = array("I")
    end = 0
    for one in declarations:
        if found:
            end = text.find("\n", end) + 1
            if not 0 < end <= one.span.start:
                return None
        found.append(end)
        end = one.span.end
    return found


def called(one: tree.Declaration) -> Called:
    """What a declaration is called; empty for what has no name."""
    match one:
        case tree.Rule():
            return one.id.text
        case tree.Table():
            return one.name.text, *(row.id.text for row in one.rows)
        case tree.Amend() | tree.Repeal():
            return one.rule.text
        case _ if isinstance(name := getattr(one, "name", None), tree.Name):
            return name.text
        case _:
            return ""


def shared_of(names: Iterable[Called]) -> frozenset[str]:
    """Names that several declarations have."""
    return frozenset(str(one) for one, times in Counter(names).items() if times > 1)


def others_of(names: Iterable[Called]) -> tuple[str, ...]:
    """Names that are not to be found among the English words of a text."""
    return tuple(one for one in names if isinstance(one, str) and one and WORD.fullmatch(one) is None)


def loans_of(rules: Iterable[Judged]) -> Iterable[tuple[str, frozenset[str]]]:
    """The rules that borrow, and from which."""
    found: dict[str, frozenset[str]] = {}
    for one in rules:
        lenders = frozenset(part.text for part in one.consequences if isinstance(part, tree.RuleId))
        if lenders:
            found[one.rule.id] = found.get(one.rule.id, frozenset()) | lenders
    return found.items()


def duties_of(rules: Iterable[checked.Rule]) -> Counter[int]:
    """How many duties have the same key, by its hash."""
    return Counter(hash(duty_key(one, duty)) for one in rules for duty in one.duties)


def raised_by(book: Book) -> frozenset[tuple[str, str]]:
    edges, _ = raised(book)
    return frozenset((event, one) for event, several in edges.items() for one in several)


def counting(rules: Iterable[Judged], definitions: Mapping[str, checked.Expression]) -> frozenset[str]:
    """Ids of the rules whose conditions read measures."""
    known = dict(definitions)
    return frozenset(
        one.rule.id
        for one in rules
        if one.rule.condition is not None and next(iter(measures_in(one.rule.condition, known)), None) is not None
    )


def read_in_order(
    groups: Mapping[str, checked.Expression],
    rules: Iterable[checked.Rule],
    definitions: Mapping[str, checked.Expression],
    boards: Iterable[checked.Leaderboard],
) -> dict[int, str]:
    """The numbers of the measures in the order in which they come to be known, each in the words of who reads it
    first."""
    found: dict[int, str] = {}
    for root in (*groups.values(), *(one.condition for one in rules if one.condition is not None)):
        for one in walk(root, definitions):
            if isinstance(one, checked.AggregateRef):
                found.setdefault(one.index, one.what)
    for board in boards:
        found.setdefault(board.aggregate, "")
    return found


def _in_order_of_rules(book: Book, boards: Iterable[checked.Leaderboard]) -> bool:
    """Whether the measures have the numbers and words that the order of the rules gives them."""
    if not book.measures:
        return True
    found = read_in_order(book.groups, (one.rule for one in book.rules), book.definitions, boards)
    return list(found) == list(range(len(book.measures))) and all(
        not what or what == book.measures[number].what for number, what in found.items()
    )


def is_wide(text: str) -> bool:
    return not text.isascii() and _WIDE.search(text) is not None


#: Those that somebody still holds, the latest last, by the name and the first line of their source.
_HELD: Final[dict[tuple[str, str], list[ref[Basis]]]] = {}


def held(basis: Basis) -> None:
    """Enters a basis, to be found for the next text of its rulebook as long as somebody holds it."""
    key = _key(basis.source)

    def forget(gone: ref[Basis]) -> None:
        known = _HELD.get(key, [])
        if gone in known:
            known.remove(gone)
        if not known:
            _HELD.pop(key, None)

    _HELD.setdefault(key, []).append(ref(basis, forget))


def latest(source: Source) -> Basis | None:
    """The latest basis that is held of a rulebook of that name."""
    known = (one() for one in reversed(_HELD.get(_key(source), []).copy()))
    return next((one for one in known if one is not None), None)


def _key(source: Source) -> tuple[str, str]:
    return source.name, source.text[:200].partition("\n")[0]
