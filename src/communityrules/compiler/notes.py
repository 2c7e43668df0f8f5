"""Pieces of evidence from values. Which there are and what they say: `communityrules.compiler.evidence`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from communityrules.compiler.facts import Alike
from communityrules.compiler.finders import Finder, ItemFinder
from communityrules.compiler.plain import plain, quote
from communityrules.compiler.runtime import dated
from communityrules.library.declare import Match
from communityrules.library.fold import Folded, fold
from communityrules.library.links import link_of
from communityrules.library.patterns import PatternMatcher
from communityrules.model.event import Event

Note = dict[str, Any]


class Notes(list[Note]):
    """The evidence of one rule while it is being gathered."""

    #: Made when it is first asked for: few rules tell of definitions.
    _told: set[str] | None = None

    def once(self, what: str) -> bool:
        """Whether this was not yet told; from now on it is."""
        told = self._told
        if told is None:
            told = self._told = set()
        if what in told:
            return False
        told.add(what)
        return True

    def pieces(self) -> tuple[Note, ...]:
        """What was gathered, each piece once."""
        if len(self) < 2:
            return tuple(self)
        kept: list[Note] = []
        for one in self:
            if one not in kept:
                kept.append(one)
        return tuple(kept)


Dated = Sequence[tuple[tuple[int | None, Any], ...]]


def happened(event_type: str) -> Note:
    return {"kind": "event", "what": event_type}


def finding(event: Event) -> Note:
    """Who found it, and what they wrote with it."""
    text = event.message.text if event.message is not None else ""
    note: Note = {"kind": "finding", "member": event.member.id if event.member is not None else None}
    return {**note, "text": quote(text)} if text else note


def absent(what: str) -> Note:
    return {"kind": "absent", "what": what}


def unless_absent(note: Callable[..., Note], swapped: bool, names: Sequence[str], *values: Any) -> Note:
    """What `note` says of some values, in the other order when `swapped`; of the first absent one that it is absent."""
    for what, value in zip(names, values, strict=True):
        if value is None:
            return absent(what)
    return note(*(values[::-1] if swapped else values))


# --- comparisons ---------------------------------------------------------------------------------------------


def count(what: str, operator: str, most: int | None, kind: str, timezone: str, value: Any, limit: Any) -> Note:
    """A count against a limit. Stores may count on beyond `most` or stop there, so it is told the same either way."""
    stopped = most is not None and value >= most
    note: Note = {"kind": "count", "what": what, "value": most if stopped else int(value)}
    note["limit"] = plain(limit, kind, timezone)
    if operator not in (">", ">="):
        note["operator"] = operator
    alike = value if isinstance(value, Alike) else None
    if stopped or (alike is not None and alike.at_least):
        note["at_least"] = True
    if alike is not None and alike.like is not None:
        note["like"] = alike.like
    return note


def compare(kind: str, what: str, operator: str, kinds: tuple[str, str], timezone: str, value: Any, limit: Any) -> Note:
    return {
        "kind": kind,
        "what": what,
        "value": plain(value, kinds[0], timezone),
        "operator": operator,
        "limit": plain(limit, kinds[1], timezone),
    }


def tally(what: str, timezone: str, value: Any, counted: list[Note]) -> Note:
    """What a tally came to. `counted` is filled by `weigh` as the conditions are told."""
    return {"kind": "tally", "what": what, "value": plain(value, "number", timezone), "counted": counted}


def score(what: str, kind: str, value: Any, source: tuple[str, str] | None) -> list[Note]:
    """Which model said what of a message, where that is known."""
    if source is None or value is None:
        return []
    model, version = source
    return [
        {
            "kind": "score",
            "what": what,
            "value": plain(value, kind, ""),
            "model": quote(model),
            "version": quote(version),
        }
    ]


def weigh(counted: list[Note], what: str, weight: Any) -> None:
    """Adds a condition that counted."""
    if weight:
        counted.append({"what": what, "weight": plain(weight, "number", "")})


def within(
    kind: str, what: str, operator: str, kinds: tuple[str, str, str], timezone: str, value: Any, low: Any, high: Any
) -> Note:
    return {
        "kind": kind,
        "what": what,
        "value": plain(value, kinds[0], timezone),
        "operator": operator,
        "low": plain(low, kinds[1], timezone),
        "high": plain(high, kinds[2], timezone),
    }


def valued(kind: str, what: str, type_kind: str, timezone: str, value: Any) -> Note:
    return {"kind": kind, "what": what, "value": plain(value, type_kind, timezone)}


def empty(what: str) -> Note:
    return {"kind": "empty", "what": what}


def missing(field: str, looked_for: str, value: Any) -> Note:
    """Nothing was found; or there was nothing to look through."""
    return absent(field) if value is None else {"kind": "no_match", "field": field, "what": quote(looked_for)}


# --- texts and lists -----------------------------------------------------------------------------------------


def _match(field: str, found: tuple[str, Match], original: str) -> Note:
    what, match = found
    text = quote(original[match.start : match.end])
    note: Note = {"kind": "match", "field": field, "what": what, "text": text, "start": match.start, "end": match.end}
    return {**note, "seen": match.seen} if match.seen else note


def matches(field: str, fixed: Sequence[Finder], by_date: Dated, mode: str, folded: Folded, law: int) -> list[Note]:
    """The first thing found in a text, or each of them where all must be there."""
    notes: list[Note] = []
    for finder in (*fixed, *(dated(values, law) for values in by_date)):
        found = finder.first(folded) if finder is not None else None
        if found is not None:
            notes.append(_match(field, found, folded.original))
            if mode == "any":
                break
    return notes


def listed(field: str, finder: Finder, text: str) -> Note:
    """The first of a list's words in a text, where one is known to be there."""
    (note,) = matches(field, (finder,), (), "any", fold(text), 0)
    return note


def affixes(field: str, fixed: Sequence[Finder], by_date: Dated, end: str, folded: Folded, law: int) -> list[Note]:
    """What a text begins or ends with."""
    for finder in (*fixed, *(dated(values, law) for values in by_date)):
        if finder is not None:
            found = finder.leading(folded) if end == "start" else finder.trailing(folded)
            if found is not None:
                return [_match(field, found, folded.original)]
    return []


def items(
    field: str,
    fixed: Sequence[ItemFinder],
    by_date: Dated,
    mode: str,
    given: tuple[Any, ...],
    law: int,
    text: str | None,
) -> list[Note]:
    """The first item found in a list, or each of them where all must be there. `text` is where links come from."""
    notes: list[Note] = []
    for finder in (*fixed, *(dated(values, law) for values in by_date)):
        found = finder.item(given) if finder is not None else None
        if found is not None:
            what, item = found
            note: Note = {"kind": "match", "field": field, "what": what, "text": quote(str(item))}
            if text is not None:
                link = link_of(text, item)
                if link is not None:
                    note |= {"text": quote(text[link.start : link.end]), "start": link.start, "end": link.end}
            notes.append(note)
            if mode == "any":
                break
    return notes


def fits(field: str, name: str, pattern: PatternMatcher, value: str | tuple[str, ...]) -> Note:
    """Where a pattern fits a text, or which item of a list it fits."""
    if isinstance(value, str):
        match = pattern.search(value) or Match(0, 0)
        return _match(field, (name, match), value)
    item = next((one for one in value if pattern.found(one)), "")
    return {"kind": "match", "field": field, "what": name, "text": quote(item)}
