"""A community for tests: rules in the language, events in a line, decisions in a few words."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from communityrules.checker.check import check
from communityrules.compiler.evaluator import Evaluator
from communityrules.diagnostics.source import Source
from communityrules.engine.engine import Engine
from communityrules.library.table import STANDARD
from communityrules.model.decision import Decision
from communityrules.model.event import Event, Member, Message, Target
from communityrules.model.values import instant

ZONE = ZoneInfo("Asia/Shanghai")
HEAD = """
rulebook "Village"
  timezone Asia/Shanghai
  language en

"""


def evaluator_of(rules: str) -> Evaluator:
    """The evaluator of rules written without a header."""
    text = rules if "rulebook " in rules else HEAD + rules
    result = check(Source("village.rules", text))
    assert result.rulebook is not None, [(one.code, one.text()) for one in result.diagnostics]
    return Evaluator(result.rulebook, STANDARD)


def at(moment: str) -> int:
    """`2024-10-08 09:00` in Shanghai as microseconds."""
    return instant(datetime.fromisoformat(moment).replace(tzinfo=ZONE))


class Village:
    """One community under some rules. Days go on where the last event left off."""

    def __init__(self, rules: str, day: str = "2024-10-08", store: str = "memory:") -> None:
        self.evaluator = evaluator_of(rules)
        self.engine = Engine(self.evaluator, store)
        self.day = day
        self.now = at(f"{day} 00:00")
        self.count = 0
        self.roles: dict[str, tuple[str, ...]] = {}
        self.decisions: list[Decision] = []

    def given(self, member: str, *roles: str) -> None:
        """From now on the member has these roles."""
        self.roles[member] = roles

    def send(
        self,
        when: str,
        member: str | None,
        kind: str,
        text: str | None = None,
        *,
        id: str | None = None,
        joined: str | None = None,
        reply_to: str | None = None,
        message: str | None = None,
        about: str | None = None,
        case: str | None = None,
        rule: str | None = None,
        labels: dict[str, Any] | None = None,
        **fields: Any,
    ) -> Decision:
        """One event, at `HH:MM` of the day or at a full date and time; `message` and `about` are its target."""
        if " " in when:
            self.day = when.split()[0]
        moment = at(when if " " in when else f"{self.day} {when}")
        self.count += 1
        name = id or f"e{self.count}"
        event = Event(
            name,
            moment,
            kind,
            "village",
            None if member is None else Member(member, self.roles.get(member, ()), at(joined) if joined else None),
            None if text is None else Message(name, text, reply_to, labels=labels or {}),
            Target(message, about, case, rule),
            fields,
            described=tuple(Member(one, roles) for one, roles in self.roles.items() if one != member),
        )
        self.passed = self._until(moment)
        decision = self.engine.judge(event)
        self.now = moment
        self.decisions.append(decision)
        return decision

    def later(self, seconds: int) -> None:
        """Move on without letting timers fire; the next event does."""
        self.now += seconds * 1_000_000

    def clock(self) -> str:
        """The present moment as `send` takes it."""
        return datetime.fromtimestamp(self.now // 1_000_000, ZONE).replace(tzinfo=None).isoformat(" ")

    def pass_time(self, **length: int) -> list[Decision]:
        """Let time pass, its last instant included; the decisions of the timers."""
        return self.until(self.now + timedelta(**length) // timedelta(microseconds=1))

    def until(self, moment: int | str) -> list[Decision]:
        """Let time pass up to an instant."""
        self.now = at(moment) if isinstance(moment, str) else moment
        found = self._until(self.now)
        self.day = (datetime.fromtimestamp(self.now // 1_000_000, ZONE)).date().isoformat()
        return found

    def _until(self, moment: int) -> list[Decision]:
        found = list(self.engine.advance(moment))
        self.decisions.extend(found)
        return found


def done(decision: Decision | Iterable[Decision]) -> list[str]:
    """What rules did, as `delete under 5`; what is on trial or overridden is left out."""
    decisions = [decision] if isinstance(decision, Decision) else list(decision)
    return [
        f"{action.do} under {outcome.rule}"
        for one in decisions
        for outcome in one.outcomes
        if not outcome.trial and outcome.overridden_by is None
        for action in outcome.actions
    ]


def minutes(value: int | None) -> int | None:
    return None if value is None else value // 60_000_000
