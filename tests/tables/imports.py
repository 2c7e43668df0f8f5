"""Importing a text and judging by what came of it, for these tests."""

from __future__ import annotations

from itertools import count
from typing import Any

from communityrules import Engine
from communityrules.loading import loads
from communityrules.model.decision import Decision
from communityrules.tables.carried import Carried
from communityrules.tables.sources import Wishes, import_data
from communityrules.tables.writing import Written, write


def imported(text: str, *, kind: str | None = "automoderator", file: str = "given", **wishes: Any) -> Written:
    """The rulebook of a text; `check` must accept it."""
    chosen = Wishes(wishes.pop("language", "en"), "Imported", **wishes)
    written = write(import_data(text.encode(), file, chosen, kind)[1], chosen.language, "imported.rules")
    assert [one for one in written.diagnostics if one.severity == "error"] == []
    return written


def grades(written: Written) -> dict[str, str]:
    """How each construct was carried over."""
    return {one.construct: one.grade for one in written.imported.account.items}


def part(written: Written, construct: str) -> Carried:
    return next(one for one in written.imported.account.items if one.construct == construct)


class Community:
    """Sends one event after the other to an engine with an imported rulebook."""

    def __init__(self, written: Written) -> None:
        self.engine = Engine(loads(written.text))
        self._numbers = count(1)

    def send(self, type_: str = "message", member: str | dict[str, Any] = "amy", **more: Any) -> Decision:
        number = next(self._numbers)
        who = {"id": member} if isinstance(member, str) else member
        event = {
            "id": f"e{number}", "time": f"2026-01-01T{number // 60:02}:{number % 60:02}:00Z", "type": type_,
            "community": "club", "member": {"roles": ["member"], **who},
        }  # fmt: skip
        if type_ in ("message", "edit"):
            event["message"] = {"id": f"m{number}", "text": "", **more}
        else:
            event |= more
        return self.engine.judge(event)

    def verdict(self, text: str = "", **more: Any) -> str:
        return self.send(text=text, **more).verdict


def does(decision: Decision) -> list[str]:
    """The actions of a decision."""
    return [action.do for outcome in decision.outcomes for action in outcome.actions]
