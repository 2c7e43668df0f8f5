"""A community's rule table, made executable: verdicts, sanctions and duties from readable rules.

from communityrules import Engine, load

rulebook = load("community.rules")
engine = Engine(rulebook, store="sqlite:///community.db")
decision = engine.judge(event)
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from communityrules.diagnostics.message import Diagnostic, RulesError
    from communityrules.engine.engine import Engine
    from communityrules.engine.errors import EventError
    from communityrules.library.scores import Scored, give_scores, score
    from communityrules.loading import Rulebook, load, loads
    from communityrules.model.decision import Case, Decision, Duty, Outcome, Sanction
    from communityrules.model.event import Event, Member, Message
    from communityrules.stores.errors import StoreError
    from communityrules.wire.audit.errors import AuditError
    from communityrules.wire.audit.writing import AuditLog
    from communityrules.wire.events import WireError, decision_to_wire, event_from_wire
    from communityrules.wire.reading import read_events

__version__ = "0.1.0"

__all__ = [
    "AuditError",
    "AuditLog",
    "Case",
    "Decision",
    "Diagnostic",
    "Duty",
    "Engine",
    "Event",
    "EventError",
    "Member",
    "Message",
    "Outcome",
    "Rulebook",
    "RulesError",
    "Sanction",
    "Scored",
    "StoreError",
    "WireError",
    "decision_to_wire",
    "event_from_wire",
    "give_scores",
    "load",
    "loads",
    "read_events",
    "score",
]

#: Where each name lives. Loaded when first asked for: a command that only formats need not load an engine.
_HOMES: Final = {
    "AuditError": "wire.audit.errors",
    "AuditLog": "wire.audit.writing",
    "Case": "model.decision",
    "Decision": "model.decision",
    "Diagnostic": "diagnostics.message",
    "Duty": "model.decision",
    "Engine": "engine.engine",
    "Event": "model.event",
    "EventError": "engine.errors",
    "Member": "model.event",
    "Message": "model.event",
    "Outcome": "model.decision",
    "Rulebook": "loading",
    "RulesError": "diagnostics.message",
    "Sanction": "model.decision",
    "Scored": "library.scores",
    "StoreError": "stores.errors",
    "WireError": "wire.events",
    "decision_to_wire": "wire.events",
    "event_from_wire": "wire.events",
    "give_scores": "library.scores",
    "load": "loading",
    "loads": "loading",
    "read_events": "wire.reading",
    "score": "library.scores",
}


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = getattr(import_module(f"{__name__}.{home}"), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
