"""The kernel writes the same lines of decisions as what is written in Python."""

from __future__ import annotations

import random
from datetime import UTC, timedelta, timezone, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from communityrules.kernel import native
from communityrules.model.decision import Decision, RulebookRef, RuleFailure, Timer
from communityrules.wire import decisions
from communityrules.wire.decisions import Lines, line_writer

pytestmark = pytest.mark.skipif(native("lines") is None, reason="the kernel was not built")

ZONES: tuple[tzinfo, ...] = (
    UTC,
    ZoneInfo("Asia/Shanghai"),
    ZoneInfo("Europe/Berlin"),
    ZoneInfo("Australia/Lord_Howe"),
    ZoneInfo("Asia/Kathmandu"),
    timezone(timedelta(minutes=7)),
    timezone(-timedelta(seconds=3)),
)
IDS = ("m1", "", 'a"b', "a\\b", "a\x1fb", "a\x7fb", "a\nb", "消息", "é", "😀", "\ud800", "x" * 5000)
BOOKS = (RulebookRef("village", "1", "ab12"), RulebookRef("村", None, "cd34"), RulebookRef("village", "1", "ab12"))
#: A change of the clock in Berlin, the epoch, ends of calendars.
AROUND = (1_711_846_800_000_000, 0, 1_700_000_000_000_000, -62_135_596_800_000_000, 253_402_300_799_999_999, 1 << 62)


class _Text(str):
    __slots__ = ()


def _decision(draw: random.Random) -> Decision:
    event: Any = draw.choice(IDS)
    if draw.random() < 0.1:
        event = draw.choice((Timer("duty/1", "duty"), _Text("m9"), None, 7))
    time: Any = draw.choice(AROUND) + draw.choice((1, 1_000_000, 900_000_000)) * draw.randint(-5, 5)
    if draw.random() < 0.05:
        time = draw.choice((1 << 70, True))
    errors: Any = (RuleFailure("r", "f.rules", 1, "no"),) if draw.random() < 0.05 else ()
    if draw.random() < 0.03:
        errors = []
    community: Any = draw.choice(("c", "社群", 'q"', "\ud800", "c"))
    return Decision(
        event, time, community, draw.choice(BOOKS), draw.choice(("allow", "flag")), errors=errors,
        late=draw.random() < 0.2,
    )  # fmt: skip


def _said(write: Any, decision: Any) -> object:
    try:
        return write(decision)
    except Exception as error:  # noqa: BLE001  # whatever is raised must be raised by both
        return type(error), str(error)


@pytest.mark.parametrize("zone", ZONES, ids=str)
def test_lines_are_what_python_writes(zone: tzinfo) -> None:
    draw = random.Random(str(zone))
    write, twin = line_writer(zone), Lines(zone).line
    for _ in range(1_500):
        decision = _decision(draw)
        assert _said(write, decision) == _said(twin, decision), decision


def test_what_is_no_decision_is_refused_alike() -> None:
    for one in (None, "m1", 5, Decision):
        found = _said(line_writer(UTC), one)
        assert isinstance(found, tuple)
        assert found[0] is AttributeError


def test_the_kernel_is_used() -> None:
    assert type(getattr(line_writer(UTC), "__self__", None)).__module__ == "communityrules.kernel._lines"


def test_decisions_that_keep_elsewhere_what_they_hold_are_left_to_python(monkeypatch: pytest.MonkeyPatch) -> None:
    class Elsewhere:
        """As a class of another msgspec may be: of what it should have, nothing is a slot."""

    kernel: Any = native("lines")
    with pytest.raises(TypeError, match="has no slot"):
        kernel.lines(UTC, Elsewhere, *[None] * 4)
    monkeypatch.setattr(decisions, "Decision", Elsewhere)
    assert isinstance(getattr(line_writer(UTC), "__self__", None), Lines)
