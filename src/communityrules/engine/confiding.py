"""What is confidential in a decision: which of its parts show a field that only some groups may see.

The decision itself is whole; each such part names who may see it, and `Decision.seen_by` covers it for others.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from communityrules.checker import checked
from communityrules.checker.walk import walk
from communityrules.model.decision import Evidence
from communityrules.model.event import Event
from communityrules.model.values import TEXT

#: Who may see a field; nobody, where two declarations leave none.
Groups = tuple[str, ...]
#: Stands for no group at all, as no group can be called.
NOBODY: Final[Groups] = ("",)

#: Facts that quote another.
_PARTS: Final[Mapping[str, str]] = {"links": "text", "mentions": "text"}
#: Evidence of numbers that many events come to.
_COUNTS: Final = frozenset({"count", "tally"})


class Confidence:
    """What one rulebook keeps confidential. Holds no state but what it has worked out already."""

    def __init__(self, rulebook: checked.Rulebook) -> None:
        self._rulebook = rulebook
        self._fields: dict[tuple[str, str, str | None], Groups] = {}
        for one in rulebook.confidential:
            key = (one.root, one.name, one.event)
            self._fields[key] = common(self._fields.get(key, ()), one.groups)
        self._words: dict[tuple[int, str], list[tuple[re.Pattern[str], Groups]]] = {}

    def __bool__(self) -> bool:
        return bool(self._fields)

    def of(self, ref: checked.FieldRef, event: str) -> Groups:
        """The groups that may see a fact of an event of a type; nothing where everybody may."""
        root = "member" if ref.root in checked.OF_MEMBERS else ref.root
        name = _PARTS.get(ref.name, ref.name) if root == "message" else ref.name
        found: Groups = ()
        for of_type in (None, event):
            found = common(found, self._fields.get((root, name, of_type), ()))
        return found

    def of_text(self, event: str) -> Groups:
        """The groups that may see what an event of a type says."""
        return self.of(checked.FieldRef("message", "text", TEXT), event)

    def mark(self, rule: checked.Rule, event: Event, evidence: list[Evidence]) -> list[Evidence]:
        """A rule's evidence, where each piece that shows something confidential names the groups that may see it."""
        words = self._words_of(rule, event.type)
        found = []
        for piece in evidence:
            groups = self.of_text(event.type) if piece["kind"] == "finding" and "text" in piece else ()
            if piece["kind"] not in _COUNTS:
                said = str(piece.get("field", piece.get("what", "")))
                for word, may in words:
                    if word.search(said):
                        groups = common(groups, may)
            found.append({**piece, "confidential": list(groups)} if groups else piece)
        return found

    def _words_of(self, rule: checked.Rule, event: str) -> list[tuple[re.Pattern[str], Groups]]:
        """How the writer of a rule calls what is confidential in it."""
        key = (id(rule), event)
        known = self._words.get(key)
        if known is None:
            refs = {one: self.of(one, event) for one in self._below(rule.condition)} if rule.condition else {}
            names = {(one.what, may) for one, may in refs.items() if may and one.what}
            names |= set(self._metrics(rule.condition, event))
            known = [(re.compile(rf"(?<![\w.]){re.escape(what)}(?!\w)"), may) for what, may in sorted(names)]
            self._words[key] = known
        return known

    def _below(self, condition: checked.Expression | None) -> Iterator[checked.FieldRef]:
        """The fields that a condition reads of the event at hand, through definitions."""
        if condition is not None:
            for one in walk(condition, self._rulebook.definitions):
                if isinstance(one, checked.FieldRef):
                    yield one

    def _metrics(self, condition: checked.Expression | None, event: str) -> Iterator[tuple[str, Groups]]:
        """Measures and named values by which something confidential could be told."""
        if condition is None:
            return
        for one in walk(condition, self._rulebook.definitions):
            groups: Groups = ()
            name = ""
            if isinstance(one, checked.DefinitionRef) and one.type.kind != "boolean":
                name = one.name
                for part in walk(self._rulebook.definitions[one.name], self._rulebook.definitions):
                    groups = common(groups, self._of_part(part, event))
            elif isinstance(one, checked.AggregateRef):
                name, groups = one.what, self._of_part(one, event)
            if groups and name:
                yield name, groups

    def _of_part(self, part: checked.Expression, event: str) -> Groups:
        if isinstance(part, checked.FieldRef):
            return self.of(part, event)
        if not isinstance(part, checked.AggregateRef):
            return ()
        measure = self._rulebook.aggregates[part.index]
        groups: Groups = ()
        for one in self._below(measure.value):
            for counted in measure.events:
                groups = common(groups, self.of(one, counted))
        return groups


def common(some: Groups, others: Groups) -> Groups:
    """Who may see two things at once, where nothing is said of a thing that everybody may see."""
    if not some or not others:
        return some or others
    return tuple(sorted(set(some).intersection(others))) or NOBODY


def owner(ref: checked.FieldRef, event: Event) -> str | None:
    """The member whose fact it is, who may see it, too."""
    who: Any = {"member": event.subject, "sender": event.member, "whom": event.aimed, "own": event.member}.get(ref.root)
    if ref.root in ("message", "label"):
        who = event.subject if event.subject_message is not None else event.member
    return who.id if who is not None else None
