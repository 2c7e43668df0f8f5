"""Every coded message of a rulebook's text and meaning, by code.

A message is declared beside the code that reports it; the modules that declare some are listed here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import ModuleType
from typing import Final

from communityrules.checker import (
    actions,
    amounts,
    arithmetic,
    backlog,
    clauses,
    comparisons,
    confiding,
    dates,
    declarations,
    definitions,
    expressions,
    header,
    loading,
    measures,
    noting,
    paths,
    powers,
    predicates,
    proportion,
    report,
    requires,
    rules,
    saying,
    scope,
    seeing,
    sizes,
    spots,
    tallies,
    unknown,
    using,
    versions,
)
from communityrules.checker.checks import (
    consequences,
    constancy,
    cycles,
    duties,
    emptiness,
    expectations,
    gifts,
    ladders,
    match_all,
    modality,
    parameters,
    patterns,
    templates,
    thresholds,
    unfinished,
    unused,
)
from communityrules.diagnostics.message import Message
from communityrules.language import messages as syntax

_MODULES: Final[tuple[ModuleType, ...]] = (
    syntax,
    actions,
    amounts,
    arithmetic,
    backlog,
    clauses,
    comparisons,
    confiding,
    dates,
    declarations,
    definitions,
    expressions,
    header,
    loading,
    measures,
    noting,
    paths,
    powers,
    predicates,
    proportion,
    report,
    requires,
    rules,
    saying,
    scope,
    seeing,
    sizes,
    spots,
    tallies,
    unknown,
    using,
    versions,
    consequences,
    constancy,
    cycles,
    duties,
    emptiness,
    gifts,
    expectations,
    ladders,
    match_all,
    modality,
    parameters,
    patterns,
    templates,
    thresholds,
    unfinished,
    unused,
)


def gather(modules: Iterable[ModuleType]) -> dict[str, Message]:
    """The messages that modules declare, by code, in the order of the codes.

    Raises ValueError when two messages have one code.
    """
    found: dict[str, Message] = {}
    for module in modules:
        for one in vars(module).values():
            if isinstance(one, Message) and found.setdefault(one.code, one) is not one:
                raise ValueError(f"{one.code} is declared twice")
    return dict(sorted(found.items()))


#: Every message of the language and of the checker, by code.
ALL_MESSAGES: Final[Mapping[str, Message]] = gather(_MODULES)
