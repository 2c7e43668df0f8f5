"""What became of everything that was to be carried over, for every importer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import field
from typing import Final, Literal

from communityrules.diagnostics.message import Bilingual
from communityrules.frozen import dataclass

#: `exact`: means the same. `approximate`: means nearly the same; `why` says how it differs. `not`: not in the rulebook,
#: but for a comment or a `todo`; `why` says what is missing.
Grade = Literal["exact", "approximate", "not"]

GRADES: Final[dict[Grade, Bilingual]] = {
    "exact": Bilingual("exactly", "完全"),
    "approximate": Bilingual("approximately", "近似"),
    "not": Bilingual("not", "未搬运"),
}
#: Nothing to add.
PLAIN: Final = Bilingual("", "")


@dataclass(frozen=True, slots=True)
class Carried:
    """One construct of the file that was read."""

    #: The line it stands on, from 1.
    line: int
    #: What it is called there: a key, `word`, `pattern`.
    construct: str
    #: What it says, cut to what a person needs to find it.
    value: str
    grade: Grade
    #: How it differs, or why it could not be carried over.
    why: Bilingual = PLAIN
    #: The number of the rule that it went into.
    rule: str | None = None


@dataclass(slots=True)
class Account:
    """The account of a whole file."""

    items: list[Carried] = field(default_factory=list)
    #: What holds for the whole rulebook and differs from where it came from.
    notes: list[Bilingual] = field(default_factory=list)

    def add(self, item: Carried) -> None:
        self.items.append(item)

    def note(self, said: Bilingual) -> None:
        """Something about the whole file; said once."""
        if said not in self.notes:
            self.notes.append(said)

    def counts(self) -> dict[Grade, int]:
        """How many constructs were carried over how."""
        found = Counter(one.grade for one in self.items)
        return {grade: found[grade] for grade in GRADES}

    def share(self) -> float | None:
        """The share carried over exactly, from 0 to 1; None of nothing."""
        return self.counts()["exact"] / len(self.items) if self.items else None

    def ordered(self) -> Sequence[Carried]:
        """By line."""
        return sorted(self.items, key=lambda one: one.line)


#: Characters of a value that a report repeats.
_MOST: Final = 60


def short(value: str) -> str:
    """A value for the report: one line, not too long."""
    flat = " ".join(value.split())
    return flat if len(flat) <= _MOST else flat[: _MOST - 1] + "…"


def filled(text: Bilingual, **values: str | Bilingual) -> Bilingual:
    """A text with its placeholders filled in, still in both languages."""
    return Bilingual(text.fill("en", values), text.fill("zh", values))


def joined(remarks: Sequence[Bilingual]) -> Bilingual:
    """Several remarks as one, each once."""
    if len(remarks) == 1:
        return remarks[0]
    return Bilingual(
        "; ".join(dict.fromkeys(one.en for one in remarks)), ";".join(dict.fromkeys(one.zh for one in remarks))
    )
