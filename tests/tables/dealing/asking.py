"""Importing a table and asking what its rulebook does, for these tests."""

from __future__ import annotations

import csv
import io
from itertools import count
from typing import Any

from communityrules import Engine
from communityrules.loading import loads
from communityrules.model.decision import Decision
from communityrules.tables.tabled import import_table
from communityrules.tables.writing import Written, write


def imported(rows: list[list[str]], columns: str | None = None, title: str = "Test") -> Written:
    """The rulebook of a table; `check` must accept it, in both spellings."""
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    read = import_table(text.getvalue().encode(), "table.csv", None, title, columns)
    written = write(read, read.file.spelling, "table.rules")
    other = write(read, "en" if read.file.spelling == "zh" else "zh", "table.rules")
    assert [one.text("en") for one in (*written.diagnostics, *other.diagnostics) if one.severity == "error"] == []
    accounted = {one.line for one in read.account.items}
    assert accounted >= set(range(2, len(rows) + 1)), "each row is accounted for"
    return written


class Asked:
    """Sends one event after the other to an engine with the rulebook of a table."""

    def __init__(self, written: Written) -> None:
        self.engine = Engine(loads(written.text))
        self._numbers = count(1)

    def send(
        self, kind: str, text: str = "", *, roles: tuple[str, ...] = ("member",), time: str = "2026-01-05T10:00:00",
        topic: str | None = None, fields: dict[str, Any] | None = None, **more: Any,
    ) -> Decision:  # fmt: skip
        """2026-01-05 is a Monday, a working day."""
        number = next(self._numbers)
        message: dict[str, Any] = {"id": f"m{number}", "text": text}
        if topic is not None:
            message["topic"] = topic
        member = {"id": f"amy{number}", "roles": list(roles), **more.pop("member", {})}
        event: dict[str, Any] = {
            "id": f"e{number}", "time": f"{time}+08:00", "type": kind, "community": "club", "member": member,
            "message": message, **more,
        }  # fmt: skip
        if fields is not None:
            event[kind] = fields
        return self.engine.judge(event)


def assigned(decision: Decision) -> list[tuple[str, str | None]]:
    """To whom, and how urgently, a matter was assigned."""
    return [
        (one.arguments["to"], one.arguments.get("priority"))
        for outcome in decision.outcomes for one in outcome.actions if one.do == "assign"
    ]  # fmt: skip


def owed(decision: Decision) -> list[tuple[str, str | None, float]]:
    """What is owed by whom, and within how many hours."""
    found = []
    for one in decision.duties:
        assert one.due is not None
        found.append((one.what, one.responsible, (one.due - decision.time) / 3_600_000_000))
    return sorted(found)


def does(decision: Decision) -> list[str]:
    return [one.do for outcome in decision.outcomes for one in outcome.actions]


def rules(decision: Decision) -> list[str]:
    return [one.rule for one in decision.outcomes]
