"""What a rulebook held when its sheets were made: told in the sheets, so that they can come back to a rulebook that has
grown in the meantime.

A rule that the sheets lack was taken out by a person if they had it once, and came into the rulebook later if they
never did. Each declaration and each row of a rule table is told by a few letters made of its kind and name.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from typing import Final

from communityrules.diagnostics.message import Bilingual
from communityrules.language import tree

#: What the rulebook's own sheet calls it. Its rows are hidden where a format can hide rows.
HELD: Final = Bilingual("Held", "导出时所含")
#: What tells declarations of one rulebook apart: the kind, the name or number, the day, and which of several alike.
Key = tuple[str, str, str, int]
#: Letters of one mark: among ten thousand declarations one in a million new ones looks like one that was held.
_LETTERS: Final = 7
#: Marks in one cell.
_A_CELL: Final = 500


def keys_of(declarations: Sequence[tree.Declaration]) -> list[Key]:
    """What tells each declaration from the others."""
    seen: dict[tuple[str, str, str], int] = {}
    keys: list[Key] = []
    for one in declarations:
        kind = type(one).__name__
        start = ""
        match one:
            case tree.Rule():
                name = one.id.text
            case tree.Amend() | tree.Repeal():
                name, start = one.rule.text, str(one.start.value) if one.start is not None else ""
            case tree.Header() | tree.MemberFields() | tree.LabelTypes() | tree.Breaker() | tree.Confidential():
                name = ""
            case tree.TemplateDeclaration():
                name, start = one.name.text, str(one.start.value) if one.start is not None else ""
            case tree.Use():
                name = one.path.value
            case tree.Power():
                name = one.group.text
            case tree.Test():
                name = one.name.value
            case _:
                name = one.name.text
        number = seen[kind, name, start] = seen.get((kind, name, start), 0) + 1
        keys.append((kind, name, start, number))
    return keys


def row_key(table: Key, row: tree.Row) -> Key:
    """What tells a row of a rule table from everything else."""
    return "Row", row.id.text, table[1], 1


def heading(key: Key) -> str:
    """A declaration as its first line says it: `rule 5`, `list ads`."""
    kind, name, start, _ = key
    return " ".join(part for part in (kind.removesuffix("Declaration").lower(), name, start) if part)


def mark(key: Key) -> str:
    """The letters of a declaration. Letters only: a program of tables would read `12e4` as a number."""
    number = int.from_bytes(sha256("\0".join(map(str, key)).encode("utf-8", "surrogatepass")).digest()[:8], "big")
    found = ""
    for _ in range(_LETTERS):
        number, letter = divmod(number, 26)
        found += chr(ord("a") + letter)
    return found


def told(file: tree.File) -> Iterator[str]:
    """The cells that tell everything a rulebook holds."""
    marks = list(map(mark, _all_of(file)))
    for start in range(0, len(marks), _A_CELL):
        yield " ".join(marks[start : start + _A_CELL])


def _all_of(file: tree.File) -> Iterable[Key]:
    for key, one in zip(keys_of(file.declarations), file.declarations, strict=True):
        yield key
        if isinstance(one, tree.Table):
            for row in one.rows:
                yield row_key(key, row)
