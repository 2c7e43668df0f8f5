"""A rulebook that was found good, checked again after a change: only what has changed is read, and what that touches.

What comes out is what checking all of it would give, or nothing: wherever the change could matter in a way that is not
looked at here, and wherever anything is at fault, all of the text is checked.
"""

from __future__ import annotations

import re
from typing import Any, Final

from communityrules.checker import checked
from communityrules.checker.basis import Basis
from communityrules.checker.checks.duties import duty_key
from communityrules.checker.checks.table import CHECKS
from communityrules.checker.checks.unused import check_unused
from communityrules.checker.definitions import circles
from communityrules.checker.loading import Files, Limits
from communityrules.checker.looked import Looked
from communityrules.checker.looking import Choice, Ids, Small, UnlikeError
from communityrules.checker.report import Reporter
from communityrules.checker.resolve import Elsewhere, resolve
from communityrules.checker.splicing import spliced
from communityrules.checker.stretches import differences
from communityrules.diagnostics.source import Source
from communityrules.language.survey import refuse
from communityrules.library.declare import Library

#: How often the choice may grow before all of the text is checked.
_ROUNDS: Final = 12
#: Of the declarations that may use a name, how many are looked at at a time.
_AT_A_TIME: Final = 8
#: Of a text of which so many characters have changed, and so great a share, all is checked: names that have changed are
#: looked for in all of it, one by one.
_MUCH: Final = 1 << 16
_SHARE: Final = 8
_GIVING: Final = frozenset({"award", "deduct", "label"})


def changed(basis: Basis, source: Source, library: Library) -> Basis | None:
    """The basis of a changed text of the same rulebook; None when all of it must be checked."""
    if basis.library is not library or source.name != basis.source.name or refuse(source) is not None:
        return None
    try:
        return _changed(basis, source)
    except UnlikeError:
        return None


def _changed(basis: Basis, source: Source) -> Basis:
    choice = Choice(basis, source, differences(basis.source.text, source.text, basis.starts))
    if sum(run.stop - run.begin for run in choice.runs) > max(_MUCH, len(source.text) // _SHARE):
        raise UnlikeError
    for _ in range(_ROUNDS):
        size = choice.size
        small = choice.small()
        choice.grow(small)
        if choice.size != size:
            continue
        looked = _look(choice, small)
        choice.add(_wanted(choice, looked))
        if choice.size == size:
            _compare(looked)
            return spliced(looked)
    raise UnlikeError


def _look(choice: Choice, small: Small) -> Looked:
    basis = choice.basis
    report = Reporter()
    files = Files(report, None, Limits(), basis.library)
    gone = {one for piece in choice.gone(small) for one in choice.ids_of(piece)}
    elsewhere = Elsewhere(Ids(choice, gone), basis.rulebook.aggregates)
    nodes = [one.node for one in small.entries]
    book, rulebook = resolve(small.source, nodes, files, report, basis.library, elsewhere)
    for run in CHECKS:
        if run is not check_unused:
            run(book)
    old = basis.rulebook
    same_head = all(getattr(rulebook, one) == getattr(old, one) for one in _HEAD)
    if report.errors or not same_head or _reads_otherwise(choice, small):
        raise UnlikeError
    return Looked(choice, small, book, rulebook, report.in_order([small.source]))


_HEAD: Final = ("name", "language", "timezone", "published", "purpose", "steps", "member_fields", "event_types")


def _reads_otherwise(choice: Choice, small: Small) -> bool:
    """Whether a word that comes or is gone would have something told as two words written together."""
    basis, new = choice.basis, choice.source.text
    words: set[str] = set()
    for run in choice.runs:
        words.update(_WORD.findall(new[run.begin : run.stop]))
    for run in choice.runs:
        words.difference_update(_WORD.findall(basis.source.text[basis.starts[run.first] : basis.end(run.last - 1)]))
    if not basis.asked.isdisjoint(words):
        return True
    parts = [one for one in small.asked if any(word.startswith(one) or word.endswith(one) for word in words)]
    return any(re.search(rf"(?<!\w){re.escape(one)}(?!\w)", new) for one in parts)


_WORD: Final = re.compile(r"\w+")


def _wanted(choice: Choice, looked: Looked) -> set[int]:
    """Declarations that must be looked at to know what the others do: rules that are referred to, what changes them by
    date, and those that may use a name that perhaps nothing else uses."""
    scope = looked.book.scope
    referred = (choice.rule(one) for one in scope.referred if one not in scope.rules)
    found = {one for one in referred if one is not None}
    # Who borrows from a rule does at each time what that one does then.
    found.update(change for one in scope.referred for change in choice.changes(one))
    for kind, name in looked.candidates:
        is_definition = kind in ("definition", "metric")
        known = name in looked.book.definitions or not is_definition
        if (kind, name) in scope.used and known:
            continue
        there = {one.piece for one in looked.small.entries}
        rest = [one for one in choice.mentions(name) if one not in there]
        found.update(rest[:_AT_A_TIME])
    return found


def _compare(looked: Looked) -> None:
    """Unlike where what has changed could be at odds with what is not looked at."""
    basis, book = looked.choice.basis, looked.book
    old = basis.rulebook
    uneven = basis.uneven | book.resolver.definitions.uneven
    redone = looked.redone
    for name, meaning in book.definitions.items():
        before = old.definitions.get(name)
        if name in uneven or (before is not None and name not in redone and before != meaning):
            raise UnlikeError
    if any(name in uneven for name in redone):
        raise UnlikeError
    _compare_rules(looked)


def _compare_rules(looked: Looked) -> None:
    basis, book = looked.choice.basis, looked.book
    before = looked.old_rules
    after = [one.rule for listed in looked.rules.values() for one in listed]
    giving = {one.id for one in after if _gives(one)}
    for one in before:
        if one.id in basis.referred and ((one.id not in book.scope.rules) or (_gives(one) and one.id not in giving)):
            raise UnlikeError
    keys = basis.duties.copy()
    keys.subtract(hash(duty_key(one, duty)) for one in before for duty in one.duties)
    if any(keys[hash(duty_key(one, duty))] > 0 for one in after for duty in one.duties):
        raise UnlikeError
    edges: dict[str, list[str]] = {}
    for event, raises in sorted(basis.raised | looked.raised):
        edges.setdefault(event, []).append(raises)
    if not looked.raised <= basis.raised and circles(edges):
        raise UnlikeError


def _gives(rule: checked.Rule) -> bool:
    late: list[Any] = [one for duty in rule.duties for one in duty.if_late]
    acts = [*rule.actions, *late, *(one for act in rule.actions for one in act.if_late)]
    return any(one.do in _GIVING for one in acts)
