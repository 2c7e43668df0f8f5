"""Ordinary events by the kernel, where that is built: what it must know of the engine.

It does in one step what stands in `Engine._take` and below, and leaves to those whatever is unusual.
"""

from __future__ import annotations

from collections.abc import Sized
from typing import Any, Final

from communityrules.compiler.match import NOTHING
from communityrules.engine.consequences import BEFORE, Consequences
from communityrules.engine.count import Count
from communityrules.engine.counts import Counts
from communityrules.engine.handing import Handing
from communityrules.engine.history import History
from communityrules.engine.judging import Judging, StoredFacts
from communityrules.engine.ledger import Ledger
from communityrules.engine.measures import Home
from communityrules.engine.members import NO_LABELS, PEOPLE, TELLING
from communityrules.engine.spans import Span
from communityrules.engine.timers import Timers
from communityrules.engine.windows import Windows
from communityrules.engine.working_set import WorkingSet
from communityrules.kernel import native
from communityrules.model.decision import Decision, RulebookRef
from communityrules.model.event import NO_TARGET, Event, Member, Message
from communityrules.stores.memory import Log, Rulebooks
from communityrules.stores.protocol import Entry, Standing
from communityrules.stores.seen import Seen
from communityrules.wire.events import event_from_wire
from communityrules.wire.types import WireTypes

_KERNEL: Final = native("turning")
if _KERNEL is not None:
    _KERNEL.know(
        Event=Event, Member=Member, Message=Message, Home=Home, Count=Count, History=History, Span=Span,
        Standing=Standing, WorkingSet=WorkingSet, Windows=Windows, Judging=Judging, StoredFacts=StoredFacts,
        Timers=Timers, Log=Log, Rulebooks=Rulebooks, Ledger=Ledger, Counts=Counts, Seen=Seen,
    )  # fmt: skip


def turning(
    consequences: Consequences,
    rulebook: RulebookRef,
    types: WireTypes,
    judgings: dict[str, Judging],
    ledger: Ledger,
    handing: Handing,
    counts: Counts,
    waiting: Sized,
) -> Any | None:
    """What takes the ordinary events of an engine by one rulebook; None where all is left to Python.

    It takes none while anything stands in `waiting`.
    """
    if _KERNEL is None:
        return None
    return _KERNEL.turning(
        judgings=judgings,
        reached=handing.reached,
        ledger=ledger,
        counts=counts,
        waiting=waiting,
        read=event_from_wire,
        types=types,
        prepare=consequences.prepare,
        match=consequences.match,
        nothing=NOTHING,
        listening=consequences.listening,
        before=BEFORE.keys() | frozenset(),
        about_others=consequences.about_others,
        telling=TELLING,
        remembers=consequences.remembers,
        no_target=NO_TARGET,
        no_labels=NO_LABELS,
        most=PEOPLE,
        decision=Decision,
        entry=Entry,
        rulebook=rulebook,
    )
