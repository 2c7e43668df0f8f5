"""Time at every change of a clock from 2020 to 2037, in every time zone, a microsecond either side.

What a rulebook should do there is worked out from the offsets of `zoneinfo` alone: the pieces between changes, and in
each what the clock shows. Zones whose clocks show the same all through are judged once.
"""

from __future__ import annotations

import importlib.resources
import io
import zoneinfo
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import pairwise
from typing import NamedTuple

import pytest
from village import evaluator_of

from communityrules.engine.engine import Engine
from communityrules.model.event import Event, Member, Message
from communityrules.model.values import DAY, HOUR, instant

FIRST, LAST = datetime(2020, 1, 1, tzinfo=UTC), datetime(2038, 1, 1, tzinfo=UTC)
EPOCH = datetime(1970, 1, 1)


def time_of(moment: int) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=moment)


class Piece(NamedTuple):
    """`[start, end)` in microseconds, through which the clock is so far ahead of UTC."""

    start: int
    end: int
    ahead: int


def ahead(info: zoneinfo.ZoneInfo, moment: int) -> int:
    offset = time_of(moment).astimezone(info).utcoffset()
    assert offset is not None
    return offset // timedelta(microseconds=1)


@cache
def pieces(name: str) -> tuple[Piece, ...]:
    """From a year before the first change looked at to a year after the last."""
    return _pieces((importlib.resources.files("tzdata") / "zoneinfo" / name).read_bytes())


@cache
def _weeks() -> tuple[tuple[int, datetime], ...]:
    begin, end = instant(FIRST) - 400 * DAY, instant(LAST) + 400 * DAY
    return tuple((at, time_of(at)) for at in range(begin, end + 7 * DAY, 7 * DAY))


@cache
def _pieces(data: bytes) -> tuple[Piece, ...]:
    """Of a zone file: many names have the same."""
    info = zoneinfo.ZoneInfo.from_file(io.BytesIO(data))
    weeks = _weeks()
    found: list[Piece] = []
    at = start = weeks[0][0]
    now = ahead(info, start)
    seen = weeks[0][1].astimezone(info).utcoffset()
    # No clock changes twice within a week.
    for after, time in weeks[1:]:
        offset = time.astimezone(info).utcoffset()
        if offset != seen:
            low, high = at, after
            while high - low > 1:
                middle = (low + high) // 2
                low, high = (middle, high) if ahead(info, middle) == now else (low, middle)
            found.append(Piece(start, high, now))
            start, now, seen = high, ahead(info, high), offset
        at = after
    found.append(Piece(start, at, now))
    return tuple(found)


@cache
def clocks() -> dict[tuple[Piece, ...], list[str]]:
    """Every zone by what its clock shows."""
    names = (importlib.resources.files("tzdata") / "zones").read_text().split()
    found: dict[tuple[Piece, ...], list[str]] = {}
    for name in names:
        found.setdefault(pieces(name), []).append(name)
    return found


def changes(name: str) -> list[int]:
    return [one.start for one in pieces(name)[1:] if instant(FIRST) <= one.start < instant(LAST)]


def shown(name: str, moment: int) -> datetime:
    (piece,) = (one for one in pieces(name) if one.start <= moment < one.end)
    return EPOCH + timedelta(microseconds=moment + piece.ahead)


def first(name: str, local: datetime) -> int:
    """The first instant at which the clock shows this or later."""
    wanted = (local - EPOCH) // timedelta(microseconds=1)
    return min(max(one.start, wanted - one.ahead) for one in pieces(name) if wanted - one.ahead < one.end)


def midnight(name: str, day: date) -> int:
    return first(name, datetime(day.year, day.month, day.day))


ZONES = sorted(names[0] for names in clocks().values() if changes(names[0]))
NAMES = {name: other for names in clocks().values() for name in names for other in [names[0]]}


def test_every_zone_is_among_them() -> None:
    assert set(NAMES) >= zoneinfo.available_timezones() - {"localtime"}
    assert len(ZONES) >= 50
    assert sum(len(changes(name)) for name in ZONES) > 1_000
    still = [name for name, other in NAMES.items() if other not in ZONES]
    assert {"Asia/Shanghai", "UTC", "Asia/Tokyo"} <= set(still)


def event(number: int, moment: int, kind: str = "message") -> Event:
    return Event(f"e{number}", moment, kind, "c", member=Member("amy"), message=Message(f"m{number}", "hello"))


HOURS = "\n".join(
    f"""rule {hour + 1}
  must
  on message
  if event.time between {hour:02}:00 to {(hour + 1) % 24:02}:00
  then flag
"""
    for hour in range(24)
)


def of_hours(name: str) -> str:
    return f'rulebook "Hours"\n  timezone {name}\n\n{HOURS}'


def instants(name: str) -> list[int]:
    """A microsecond either side of each change and of what the clock shows once or twice around it."""
    found: set[int] = set()
    for one, other in pairwise(pieces(name)):
        if not instant(FIRST) <= other.start < instant(LAST):
            continue
        moved = abs(other.ahead - one.ahead)
        for at in (other.start - moved, other.start, other.start + moved):
            found |= {at - 1, at, at + 1}
        for at in (other.start - moved, other.start + moved):
            # The full hours there.
            local = shown(name, at).replace(minute=0, second=0, microsecond=0)
            for full in (local, local + timedelta(hours=1)):
                begins = first(name, full)
                found |= {begins - 1, begins, begins + 1}
    return sorted(found)


@pytest.mark.parametrize("name", ZONES)
def test_times_of_day_are_what_the_clock_shows(name: str) -> None:
    engine = Engine(evaluator_of(of_hours(name)))
    for number, moment in enumerate(instants(name)):
        (outcome,) = engine.judge(event(number, moment)).outcomes
        assert outcome.rule == str(shown(name, moment).hour + 1), time_of(moment)


WINDOWS = """rulebook "Windows"
  timezone {name}

rule 1 "Today"
  must
  on message
  if count(message by member today) < 9999
  then flag

rule 2 "This week"
  must
  on message
  if count(message by member this week) < 9999
  then flag

rule 3 "This month"
  must
  on message
  if count(message by member this month) < 9999
  then flag
"""


def unit_start(name: str, rule: str, moment: int) -> int:
    """Of the beginnings that have been, the last: the clock may go back over one."""
    day = shown(name, moment).date() + timedelta(days=1)
    while True:
        start = {
            "1": day,
            "2": day - timedelta(days=day.weekday()),
            "3": day.replace(day=1),
        }[rule]
        begins = midnight(name, start)
        if begins <= moment:
            return begins
        day = start - timedelta(days=1)


@pytest.mark.parametrize("name", ZONES)
def test_calendar_windows_begin_where_the_clock_first_shows_it(name: str) -> None:
    engine = Engine(evaluator_of(WINDOWS.format(name=name)))
    moments: set[int] = set()
    for change in changes(name):
        day = shown(name, change).date()
        for one in (day, day + timedelta(days=1), day.replace(day=1), day - timedelta(days=day.weekday())):
            begins = midnight(name, one)
            moments |= {begins - 1, begins, begins + 1}
        moments |= {change - 1, change, change + 1}
    ordered = sorted(moments)
    for number, moment in enumerate(ordered):
        decision = engine.judge(event(number, moment))
        assert [one.rule for one in decision.outcomes] == ["1", "2", "3"]
        for outcome in decision.outcomes:
            start = unit_start(name, outcome.rule, moment)
            (count,) = [one["value"] for one in outcome.evidence if one["kind"] == "count"]
            assert count == sum(1 for one in ordered[: number + 1] if one >= start), (outcome.rule, time_of(moment))


DATED = """rulebook "Dates"
  timezone {name}

"""
ONE_DATED = """rule {number}
  must
  effective from {day} through {last}
  on message
  then flag

"""


@pytest.mark.parametrize("name", ZONES)
def test_rules_are_in_force_from_the_beginning_of_a_date_through_its_end(name: str) -> None:
    days = sorted({shown(name, change + moved).date() for change in changes(name) for moved in (-DAY, 0, DAY)})
    rules = "".join(ONE_DATED.format(number=number, day=day, last=day) for number, day in enumerate(days))
    engine = Engine(evaluator_of(DATED.format(name=name) + rules))
    held = [(midnight(name, day), midnight(name, day + timedelta(days=1))) for day in days]
    moments = sorted({one + moved for ends in held for one in ends for moved in (-1, 0, 1)})
    for number, moment in enumerate(moments):
        found = {one.rule for one in engine.judge(event(number, moment)).outcomes}
        wanted = {str(at) for at, (begins, ends) in enumerate(held) if begins <= moment < ends}
        assert found == wanted, time_of(moment)


OWED = """rulebook "Owed"
  timezone {name}

calendar nights
  Monday to Sunday 00:00 to 06:00

group staff as member.roles has "staff"

rule 1 "By the clock"
  must
  responsible staff
  on message
  require reply within 24 hours

rule 2 "In working time"
  must
  responsible staff
  on message
  require resolved within 5 hours by nights
"""


def worked_until(name: str, start: int, duration: int) -> int:
    """When so much of the time that the clock shows midnight to six has passed."""
    left = duration
    day = shown(name, start).date() - timedelta(days=2)
    ranges: list[tuple[int, int]] = []
    for more in range(6):
        local = (datetime.combine(day + timedelta(days=more), datetime.min.time()) - EPOCH) // timedelta(microseconds=1)
        for piece in pieces(name):
            low, high = max(piece.start, local - piece.ahead), min(piece.end, local + 6 * HOUR - piece.ahead)
            if max(low, start) < high:
                ranges.append((max(low, start), high))
    for low, high in sorted(ranges):
        if high - low >= left:
            return low + left
        left -= high - low
    raise AssertionError("not within six days")


@pytest.mark.parametrize("name", ZONES)
def test_deadlines_are_late_at_their_instant(name: str) -> None:
    engine = Engine(evaluator_of(OWED.format(name=name)))
    number = 0
    for change in changes(name)[:6]:
        for moment in (change - 3 * HOUR, change - 1, change, change + 1):
            number += 1
            duties = engine.judge(event(number, moment)).duties
            due = {one.rule: one.due for one in duties}
            assert due == {"1": moment + DAY, "2": worked_until(name, moment, 5 * HOUR)}, time_of(moment)
            for at in sorted(due.values()):
                early = [one for decision in engine.advance(at - 1) for one in decision.duties]
                assert (f"e{number}", at) not in [(one.about, one.due) for one in early]
                lapsed = [one for decision in engine.advance(at) for one in decision.duties]
                assert any(one.status == "late" and one.due == at for one in lapsed), time_of(at)


DAILY = """rulebook "Daily"
  timezone {name}

group staff as member.roles has "staff"

rule 1 "Rounds"
  must
  responsible staff
  every day
  require patrol at least 1 times
"""


@pytest.mark.parametrize("name", ZONES)
def test_every_day_has_its_duty_whatever_the_clock_does(name: str) -> None:
    for change in changes(name)[:4]:
        engine = Engine(evaluator_of(DAILY.format(name=name)))
        engine.judge(event(1, change - 3 * DAY))
        day = shown(name, change - 3 * DAY).date()
        due = [
            one.due for decision in engine.advance(change + 3 * DAY) for one in decision.duties if one.status == "open"
        ]
        wanted = [midnight(name, day + timedelta(days=more)) for more in range(2, 9)]
        assert due == wanted[: len(due)]
        assert len(due) >= 5


@pytest.mark.parametrize(
    ("name", "day", "hours", "what"),
    [
        ("America/New_York", "2024-03-10", 23, "skips 02:00"),
        ("America/New_York", "2024-11-03", 25, "shows 01:00 twice"),
        ("Australia/Lord_Howe", "2024-04-07", 24.5, "shows half an hour twice"),
        ("Australia/Lord_Howe", "2024-10-06", 23.5, "skips half an hour"),
        ("Africa/Cairo", "2024-04-26", 23, "skips midnight"),
        ("Asia/Beirut", "2024-03-31", 23, "skips midnight"),
        ("America/Havana", "2024-11-03", 25, "shows midnight twice"),
        ("Asia/Almaty", "2024-02-29", 25, "goes back at midnight for good"),
        ("Asia/Shanghai", "2024-10-08", 24, "stays"),
    ],
)
def test_gaps_and_folds(name: str, day: str, hours: float, what: str) -> None:
    start = midnight(name, date.fromisoformat(day))
    end = midnight(name, date.fromisoformat(day) + timedelta(days=1))
    assert (end - start) / HOUR == hours, what
    engine = Engine(evaluator_of(WINDOWS.format(name=name)))
    seen = []
    for number, moment in enumerate((start - 1, start, end - 1, end)):
        (today,) = [one for one in engine.judge(event(number, moment)).outcomes if one.rule == "1"]
        seen += [one["value"] for one in today.evidence if one["kind"] == "count"]
    assert seen == [1, 1, 2, 1]
