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
from communityrules.engine.incoming import believe
from communityrules.engine.judging import Judging, StoredFacts
from communityrules.engine.ledger import Ledger
from communityrules.engine.measures import Home
from communityrules.engine.members import NO_LABELS, PEOPLE, TELLING
from communityrules.engine.spans import Calendar, Span
from communityrules.engine.timers import Timers
from communityrules.engine.windows import Windows
from communityrules.engine.working_set import WorkingSet
from communityrules.kernel import native
from communityrules.model.decision import Decision, RulebookRef
from communityrules.model.event import NO_TARGET, Event, Member, Message, Target
from communityrules.stores.memory import Log, Rulebooks
from communityrules.stores.protocol import Entry, Standing
from communityrules.stores.seen import Seen
from communityrules.wire.events import event_from_wire
from communityrules.wire.types import WireTypes


def _knowing(kernel: Any | None) -> Any | None:
    """The kernel once it knows where our objects keep what; None where it cannot, as another msgspec may have them keep
    it elsewhere."""
    if kernel is not None:
        try:
            kernel.know(
                Event=Event, Member=Member, Message=Message, Target=Target, Home=Home, Count=Count, History=History,
                Span=Span, Calendar=Calendar, Standing=Standing, WorkingSet=WorkingSet, Windows=Windows, Seen=Seen,
                Judging=Judging, StoredFacts=StoredFacts, Timers=Timers, Log=Log, Rulebooks=Rulebooks, Ledger=Ledger,
                Counts=Counts,
            )  # fmt: skip
        except TypeError:
            return None
    return kernel


_KERNEL: Final = _knowing(native("turning"))


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
        usual=types.usual.body,
        read=event_from_wire,
        believe=believe,
        types=types,
        prepare=consequences.prepare,
        match=consequences.match,
        nothing=NOTHING,
        listening=consequences.listening,
        before=frozenset(BEFORE),
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
