"""The library with what installed packages add to it.

A package adds to the library by an entry point of the group `communityrules.library`. It names a sequence of
declarations, or a function without arguments that gives one: of `declare.Function`, `declare.Action`,
`declare.Detector`, `declare.Score`. Checker, formatter, evaluator and reference pages know them like built-ins. Entry
points are read in the order of their names.

    [project.entry-points."communityrules.library"]
    weather = "weather_rules:DECLARATIONS"
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache
from typing import Final

from communityrules.library.declare import Action, Detector, Function, Library, Score
from communityrules.library.installed import may_declare
from communityrules.library.table import STANDARD

GROUP: Final = "communityrules.library"

Declaration = Function | Action | Detector | Score
#: Which table a declaration goes into.
_TABLES: Final = {Function: "functions", Action: "actions", Detector: "detectors", Score: "scores"}


class ExtensionError(Exception):
    """An installed package declares something that the library cannot take. Says which and why."""


def extended(library: Library, declarations: Iterable[Declaration], source: str) -> Library:
    """The library with more functions, actions, detectors and scores. `source` names who declares them, for errors.

    `ExtensionError` when a spelling is taken already or something else than these is declared.
    """
    tables = {table: dict(getattr(library, table)) for table in _TABLES.values()}
    for one in declarations:
        table = _TABLES.get(type(one))
        if table is None:
            raise ExtensionError(f"{source}: {one!r} is no function, action, detector or score")
        known = replace(library, **tables)
        for spelling in (one.names.en, one.names.zh, *one.names.aliases):
            if known.resolve(table, spelling) is not None or (
                table == "functions" and known.resolve("aggregates", spelling) is not None
            ):
                raise ExtensionError(f"{source}: the name {spelling!r} is taken among {table}")
        tables[table][one.names.en] = one
    return replace(library, **tables)


@lru_cache(maxsize=1)
def standard_library() -> Library:
    """The standard library with what installed packages add. Read once. `ExtensionError` when one cannot be taken."""
    if not may_declare(GROUP):
        return STANDARD
    from importlib.metadata import entry_points

    library = STANDARD
    for point in sorted(entry_points(group=GROUP), key=lambda one: (one.name, one.value)):
        loaded = point.load()
        library = extended(library, loaded() if callable(loaded) else loaded, f"{point.name} ({point.value})")
    return library
