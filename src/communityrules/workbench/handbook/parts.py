"""What a handbook consists of. Texts are plain, in one language; dates are those of the rulebook's own zone."""

from __future__ import annotations

from datetime import date

from communityrules.diagnostics.message import Language
from communityrules.frozen import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that is said of a rule: what it is about, and what."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class RuleText:
    """A rule as it stands on the day of the handbook."""

    id: str
    #: Unique in the handbook, without spaces.
    anchor: str
    name: str
    #: What it says: its content, or its clauses in one sentence.
    content: str
    #: Whether the content is a sentence made of the clauses.
    described: bool
    modality: str
    applies_to: str
    places: str
    #: From when it holds, and from when in this text; None: always.
    since: date | None
    text_since: date | None
    #: Trial, grace, the last day, still unfinished: short, to be shown as marks.
    marks: tuple[str, ...]
    #: What follows, who owes what, and so on.
    consequences: tuple[Line, ...]
    #: How it is told that the rule has been broken or met.
    particulars: tuple[Line, ...]
    #: Names of penalties that it leads to.
    penalties: tuple[str, ...]
    review_by: date | None


@dataclass(frozen=True, slots=True)
class PenaltyText:
    name: str
    anchor: str
    #: Which offences count.
    over: str
    #: Each offence and what it costs.
    steps: tuple[Line, ...]
    #: Appeals and caps.
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DutyText:
    #: Number and anchor of the rule that asks for it.
    rule: str
    anchor: str
    who: str
    #: When it comes about: on which events, or how often.
    when: str
    what: str
    #: Deadlines by priority and reminders.
    more: tuple[str, ...]
    if_late: str


@dataclass(frozen=True, slots=True)
class Value:
    """A parameter: the value on the day of the handbook, None where it has none yet, and every value by date."""

    name: str
    now: str | None
    all: tuple[tuple[date | None, str], ...]


@dataclass(frozen=True, slots=True)
class Term:
    """A name that rules speak of, and what it stands for."""

    kind: str
    name: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that changed: what it is about, the text before (None: there was none) and after (None: it is gone)."""

    label: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Change:
    """One dated change."""

    #: The rule that changed, or ``.
    rule: str
    #: Where the rule stands in the handbook, where it does.
    anchor: str
    what: str
    differences: tuple[Difference, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Changes:
    """What changed on one day."""

    day: date
    #: Whether the day is after that of the handbook.
    coming: bool
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Handbook:
    """A rulebook for people."""

    language: Language
    #: Whether that is the language in which the rulebook is kept.
    own: bool
    name: str
    purpose: str
    version: str
    #: SHA-256 of the rulebook, 64 hex digits.
    digest: str
    timezone: str
    published: date | None
    #: The day of which all is told; None where the rulebook names none, so that nothing in it ever changes.
    day: date | None
    #: The next day on which rules are looked at again, and their numbers.
    review: tuple[date, tuple[str, ...]] | None
    #: Those in force on the day, in the order of the text.
    rules: tuple[RuleText, ...]
    penalties: tuple[PenaltyText, ...]
    duties: tuple[DutyText, ...]
    #: Powers of staff and limits of what the rules do by themselves.
    powers: tuple[str, ...]
    parameters: tuple[Value, ...]
    terms: tuple[Term, ...]
    #: Newest first.
    history: tuple[Changes, ...]
