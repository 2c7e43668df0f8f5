"""Under which event an expression is read: this decides which facts are at hand."""

from __future__ import annotations

from typing import Literal

from communityrules.diagnostics.source import Span
from communityrules.frozen import dataclass, replace


@dataclass(frozen=True, slots=True)
class Context:
    """Where an expression stands.

    `event`: judged on events of these types. `period`: judged once for each member. `group`: asked about one member.
    `counted`: read on a counted event, inside a measure. `loose`: a definition by itself, before anybody uses it.
    `place`: asked of where an event happened.
    """

    kind: Literal["event", "period", "group", "counted", "loose", "place"]
    #: Canonical names of the event types, each of which must be able to answer.
    events: tuple[str, ...] = ()
    #: The keys of a measure, read on the judged event: a key of another event's member is the subject member.
    query: bool = False
    #: Where the definition being read was used; what is not at hand is reported there.
    use: Span | None = None

    @property
    def key(self) -> tuple[str, tuple[str, ...], bool]:
        """What decides the outcome of resolving."""
        return (self.kind, self.events, self.query)

    def used_at(self, span: Span) -> Context:
        """The same for a definition that is used there; the outermost use counts."""
        return self if self.use is not None else replace(self, use=span)


LOOSE = Context("loose")
GROUP = Context("group")
PERIOD = Context("period")
PLACE = Context("place")
