"""What one stretch of a rule's words was understood to say."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING, Literal

from communityrules.diagnostics.message import Bilingual
from communityrules.frozen import dataclass
from communityrules.language import tree

if TYPE_CHECKING:
    from communityrules.tables.drafting.penalties import Found

#: How strongly words speak, as `phrases/modality.toml` tells them apart.
Strength = Literal["not_asked", "advise_not", "may", "must_not", "should", "must"]

#: `message`: a condition on what is written. `duty`: what must happen in time. `review`: what waits for approval.
#: `report`: what follows reports. `breach`: what follows a breach of any rule. `rating`: what follows a rating.
#: `found`: what people judge. `todo`: what was not understood.
Kind = Literal["message", "duty", "review", "report", "breach", "rating", "found", "todo"]


@dataclass(frozen=True, slots=True)
class Scope:
    """Whom words speak to. Groups are names of the library or of declarations in `needs`; none means everyone."""

    groups: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    needs: tuple[tree.Declaration, ...] = ()
    assumed: tuple[Bilingual, ...] = ()
    #: Whether the words name those in charge, who are bound by it or see to it.
    staff: bool = False


EVERYONE = Scope()


@dataclass(slots=True)
class Norm:
    """One norm, or what is left of one."""

    kind: Kind
    #: The words it came from, as written.
    words: str
    strength: Strength = "must"
    #: The event types, by their English names.
    events: tuple[str, ...] = ()
    condition: tree.Expression | None = None
    #: What the words themselves say follows; empty where they say nothing.
    actions: tuple[tree.Action, ...] = ()
    requires: tuple[tree.Require, ...] = ()
    #: Declarations that the condition or the actions need.
    needs: tuple[tree.Declaration, ...] = ()
    assumed: tuple[Bilingual, ...] = ()
    scope: Scope | None = None
    #: Categories that the condition was wired to.
    categories: tuple[str, ...] = ()
    #: Of a `todo`: why.
    why: Bilingual | None = None
    #: Whether the norm holds until approved rather than forbids.
    waits: bool = False
    #: Of a `breach`: the consequences as they were read.
    ladder: Found | None = None

    def copied(self) -> Norm:
        """One of its own, to be changed."""
        return Norm(
            self.kind, self.words, self.strength, self.events, self.condition, self.actions, self.requires, self.needs,
            self.assumed, self.scope, self.categories, self.why, self.waits, self.ladder,
        )  # fmt: skip


@dataclass(slots=True)
class Norms:
    """Everything that was understood of one rule's words, in their order."""

    found: list[Norm] = field(default_factory=list)
    #: What follows a breach of this rule, where the words say so.
    consequence: Norm | None = None
