"""Names that a rulebook may declare."""

from __future__ import annotations

from typing import Final

from communityrules.diagnostics.message import Bilingual, Language
from communityrules.language.keywords import keyword_table
from communityrules.library.registry import standard_library

#: What the library has names for.
_KINDS: Final = ("entities", "events", "functions", "aggregates", "actions", "detectors", "groups", "values", "units")


def free_name(name: str, longer: Bilingual, language: Language) -> str:
    """A name that neither the language nor the library has; `longer` makes one of a name that they do."""
    return longer.fill(language, {"name": name}) if known_name(name) else name


def known_name(name: str) -> bool:
    """Whether the language or the library has a name."""
    library = standard_library()
    return (
        name in keyword_table().reserved()
        or keyword_table().is_word(name)
        or any(library.resolve(kind, name) is not None for kind in _KINDS)
    )
