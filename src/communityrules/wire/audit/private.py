"""Which words of a decision are personal, and the decision without them.

What the rulebook says and how the decision was come to stays: rules, verdicts, numbers, times. Every other text may
have been written by somebody or name them. It is listed apart, and its place points there: `{"text":3}`.
What stays is named here and what is not named goes, so that a field that is new is never published by mistake.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final

from msgspec import Struct

from communityrules.wire.decisions import encode_wire

#: Texts that stay, by the list or object in which they stand ("" is the decision itself) and their name.
_STAY: Final[Mapping[str, frozenset[str]]] = {
    "": frozenset({"time", "community", "verdict"}),
    "event": frozenset({"type", "what"}),
    "rulebook": frozenset({"name", "version", "digest"}),
    "outcomes": frozenset({"rule", "name", "content", "modality", "verdict", "overridden_by"}),
    "actions": frozenset({"do", "penalty", "template", "label", "kind", "for", "group", "verdict"}),
    "evidence": frozenset(
        {
            "kind",
            "field",
            "what",
            "operator",
            "seen",
            "model",
            "version",
            "penalty",
            "state",
            "imposed",
            "group",
            "rules",
        }
    ),
    "counted": frozenset({"what"}),
    "sanctions": frozenset({"kind", "start", "end", "penalty", "status", "rules"}),
    "duties": frozenset({"rule", "on", "due", "status"}),
    "cases": frozenset({"rule", "kind", "group", "opened", "due", "status"}),
    "votes": frozenset({"vote"}),
    "notices": frozenset({"kind", "rule", "template"}),
    "to": frozenset({"group"}),
    "points": frozenset({"rule"}),
    "labels": frozenset({"label", "end", "rule"}),
    "errors": frozenset({"rule", "file"}),
}
#: Objects and lists of them whose names are ours. Those of any other might be people's: it goes as a whole.
_INSIDE: Final[Mapping[str, frozenset[str]]] = {
    "": frozenset(
        {"event", "rulebook", "outcomes", "sanctions", "duties", "cases", "notices", "points", "labels", "errors"}
    ),
    "outcomes": frozenset({"actions", "evidence"}),
    "actions": frozenset({"on"}),
    "evidence": frozenset({"counted", "votes"}),
    "cases": frozenset({"votes"}),
    "notices": frozenset({"to", "texts"}),
    "labels": frozenset({"on"}),
}
#: Names under which a decision speaks of its event or of what came of it: `m42`, `m42/sanction/1`. Those stay.
_HANDLES: Final = frozenset({"event", "id", "message", "case", "sanction", "duty", "about", "met_by", "like"})
_NOTHING: Final[frozenset[str]] = frozenset()

#: How deep a decision goes at most; a log may be a stranger's.
_DEEP: Final = 30
#: Under which names members stand.
_PEOPLE: Final = frozenset({"member", "responsible", "by", "about"})
#: Where the members stand whom a decision is about, not others who have a part in it.
_SUBJECTS: Final = frozenset({"people", "sanctions", "points", "on", "duties", "cases"})


class Parted:
    """A decision, in the wire form, without its personal texts; and these, each once, in the order of their places."""

    __slots__ = ("_event", "_numbers", "decision", "texts")

    def __init__(self, wire: Mapping[str, Any]) -> None:
        event = wire["event"]
        self._event: str | None = event if isinstance(event, str) else None
        self._numbers: dict[str, int] = {}
        self.texts: list[str] = []
        self.decision = self._object(wire, "")

    def put(self, text: str) -> dict[str, int]:
        """What stands in the place of a text."""
        return {"text": self._number(str(text))}

    def _object(self, value: Mapping[str, Any], section: str) -> dict[str, Any]:
        return {name: self._value(one, section, name) for name, one in value.items()}

    def _value(self, value: Any, section: str, name: str) -> Any:
        if isinstance(value, str):
            if name in _STAY.get(section, _NOTHING) or (name in _HANDLES and self._own(value)):
                return value
            return self.put(value)
        if isinstance(value, Mapping):
            if name in _INSIDE.get(section, _NOTHING):
                return self._object(value, name)
            return {"json": self._number(encode_wire(value).decode())} if value else {}
        if isinstance(value, list | tuple):
            return [self._value(one, section, name) for one in value]
        if isinstance(value, date):
            return self.put(value.isoformat())
        return value

    def _number(self, text: str) -> int:
        found = self._numbers.get(text)
        if found is None:
            found = self._numbers[text] = len(self.texts)
            self.texts.append(text)
        return found

    def _own(self, value: str) -> bool:
        event = self._event
        return event is not None and (value == event or value.startswith(f"{event}/"))


class Use(Struct, frozen=True):
    """A place of a recorded decision in which a personal text stood."""

    #: Which of the record's texts.
    index: int
    #: Whether it is who a member is, and whether the decision is about that member.
    person: bool
    subject: bool


def uses(content: Mapping[str, Any]) -> Iterator[Use]:
    """The places of personal texts in what a record of a decision holds."""
    yield from _uses(content.get("people"), "people", "people", _DEEP)
    yield from _uses(content.get("decision"), "", "", _DEEP)


def _uses(value: Any, section: str, name: str, deep: int) -> Iterator[Use]:
    if not deep:
        return
    if isinstance(value, list):
        for one in value:
            yield from _uses(one, section, name, deep - 1)
    elif isinstance(value, dict):
        index = value.get("text", value.get("json"))
        if len(value) == 1 and type(index) is int and index >= 0:
            person = "text" in value and (section == "people" or name in _PEOPLE)
            yield Use(index, person, person and section in _SUBJECTS)
            return
        for key, one in value.items():
            inner = isinstance(one, list) or (isinstance(one, dict) and not one.keys() & {"text", "json"})
            yield from _uses(one, key if inner else section, key, deep - 1)
