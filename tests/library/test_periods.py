"""Calendar units against a model that walks through time minute by minute."""

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from communityrules.library.periods import Periods, Unit, periods
from communityrules.library.zones import Zone, zone
from communityrules.model.values import DAY, HOUR, MINUTE, WEEK, instant

#: Zones and an instant near which their clocks do something odd.
ODD = {
    "Asia/Shanghai": datetime(2024, 10, 8, tzinfo=UTC),
    "America/New_York spring": datetime(2024, 3, 10, 7, tzinfo=UTC),
    "America/New_York autumn": datetime(2024, 11, 3, 6, tzinfo=UTC),
    "Australia/Lord_Howe": datetime(2024, 4, 6, 15, tzinfo=UTC),
    "America/St_Johns": datetime(2006, 10, 29, 2, 31, tzinfo=UTC),
    "America/Sao_Paulo spring": datetime(2017, 10, 15, 3, tzinfo=UTC),
    "America/Sao_Paulo autumn": datetime(2018, 2, 18, 2, tzinfo=UTC),
    "America/Havana": datetime(2023, 11, 5, 5, tzinfo=UTC),
    "Pacific/Apia": datetime(2011, 12, 30, 10, tzinfo=UTC),
    "Asia/Beirut": datetime(2023, 3, 29, 22, tzinfo=UTC),
    "Asia/Kathmandu": datetime(2024, 1, 1, tzinfo=UTC),
}
SPAN = 2 * 24 * 60


@lru_cache
def name_and_centre(label: str) -> tuple[str, int]:
    return label.partition(" ")[0], instant(ODD[label])


def label_of(unit: str, local: datetime) -> tuple[int, ...]:
    """Which unit the clock shows; labels of later units are larger."""
    day = local.date().toordinal()
    match unit:
        case "hour":
            return day, local.hour
        case "day":
            return (day,)
        case "week":
            return ((day - 1) // 7,)
        case "month":
            return local.year, local.month
        case "quarter":
            return local.year, (local.month - 1) // 3
        case _:
            return (local.year,)


@lru_cache(maxsize=64)
def walk(name: str, centre: int) -> tuple[tuple[int, datetime], ...]:
    """Every minute of four days around an instant, with what the clock shows."""
    clock = zone(name)
    start = centre - centre % MINUTE - SPAN * MINUTE
    return tuple((start + at * MINUTE, clock.local(start + at * MINUTE)) for at in range(2 * SPAN))


@lru_cache(maxsize=64)
def beginnings(label: str, unit: str) -> tuple[int, ...]:
    """The minutes at which the clock first shows a later unit than ever before."""
    name, centre = name_and_centre(label)
    found = []
    latest: tuple[int, ...] | None = None
    for minute, local in walk(name, centre):
        shown = label_of(unit, local)
        if latest is not None and shown > latest:
            found.append(minute)
        latest = shown if latest is None else max(latest, shown)
    return tuple(found)


@pytest.mark.parametrize("unit", ["hour", "day", "week", "month", "quarter", "year"])
@pytest.mark.parametrize("label", ODD)
def test_units_begin_when_the_clock_first_shows_them(label: str, unit: Unit) -> None:
    name, centre = name_and_centre(label)
    expected = beginnings(label, unit)
    first, last = walk(name, centre)[0][0], walk(name, centre)[-1][0]
    calendar = Periods(name)
    found = []
    at = calendar.next(unit, first)
    while at <= last:
        found.append(at)
        at = calendar.next(unit, at)
    assert tuple(found) == expected


@pytest.mark.parametrize("label", ODD)
@given(minutes=st.lists(st.integers(0, 2 * SPAN - 1), min_size=1, max_size=5), data=st.data())
@settings(max_examples=30)
def test_an_instant_is_in_its_unit_whatever_was_asked_before(
    label: str, minutes: list[int], data: st.DataObject
) -> None:
    name, centre = name_and_centre(label)
    shared = periods(name)
    for minute in minutes:
        moment = walk(name, centre)[minute][0] + data.draw(st.integers(0, MINUTE - 1))
        unit: Unit = data.draw(st.sampled_from(["second", "minute", "hour", "day", "week", "month", "quarter", "year"]))
        count = data.draw(st.integers(1, 3))
        start, end = shared.bounds(unit, moment, count)
        assert start <= moment < end
        assert (start, end) == Periods(name).bounds(unit, moment, count)
        assert (shared.start(unit, moment, count), shared.next(unit, moment, count)) == (start, end)
        assert shared.bounds(unit, start, count) == (start, end)
        assert shared.bounds(unit, end, count)[0] == end


@pytest.mark.parametrize("label", ODD)
@given(minute=st.integers(0, 2 * SPAN - 1))
@settings(max_examples=40)
def test_the_clock(label: str, minute: int) -> None:
    name, centre = name_and_centre(label)
    moment, local = walk(name, centre)[minute]
    shared = periods(name)
    assert shared.minute_of_day(moment + 59_999_999) == local.hour * 60 + local.minute
    assert shared.date(moment) == local.date()


@pytest.mark.parametrize(
    ("unit", "start", "end"),
    [
        ("hour", "2024-10-08T12:00", "2024-10-08T13:00"),
        ("day", "2024-10-08T00:00", "2024-10-09T00:00"),
        ("week", "2024-10-07T00:00", "2024-10-14T00:00"),
        ("month", "2024-10-01T00:00", "2024-11-01T00:00"),
        ("quarter", "2024-10-01T00:00", "2025-01-01T00:00"),
        ("year", "2024-01-01T00:00", "2025-01-01T00:00"),
    ],
)
def test_in_shanghai(unit: Unit, start: str, end: str) -> None:
    moment = instant(datetime.fromisoformat("2024-10-08T12:34:56.789+08:00"))
    expected = tuple(instant(datetime.fromisoformat(f"{one}+08:00")) for one in (start, end))
    assert Periods("Asia/Shanghai").bounds(unit, moment) == expected


def test_days_have_23_and_25_hours_where_the_clock_changes() -> None:
    calendar = Periods("America/New_York")
    for day, hours in ((date(2024, 3, 10), 23), (date(2024, 11, 3), 25), (date(2024, 11, 4), 24)):
        start, end = calendar.bounds("day", calendar.midnight(day))
        assert end - start == hours * HOUR


def test_several_units_together_do_not_depend_on_when_one_asks() -> None:
    calendar = Periods("Asia/Shanghai")
    start, end = calendar.bounds("week", instant(datetime(2024, 10, 8, tzinfo=UTC)), 2)
    assert end - start == 2 * WEEK
    assert calendar.bounds("week", end - 1, 2) == (start, end)
    months = calendar.bounds("month", start, 6)
    assert calendar.zone.local(months[0]) == datetime(2024, 7, 1)


def test_before_1970() -> None:
    calendar = Periods("UTC")
    assert calendar.bounds("day", -1) == (-DAY, 0)
    assert calendar.bounds("week", -1)[0] == -3 * DAY
    assert calendar.zone.local(calendar.start("month", -1)) == datetime(1969, 12, 1)


def test_an_unknown_zone() -> None:
    for name in ("Asia/Nowhere", "../etc/passwd", "", "Asia"):
        with pytest.raises(KeyError):
            Periods(name)


@pytest.mark.parametrize("label", ODD)
def test_segments_cover_a_range_with_the_right_offset(label: str) -> None:
    name, centre = name_and_centre(label)
    clock: Zone = zone(name)
    start, end = centre - 3 * DAY, centre + 3 * DAY
    pieces = clock.segments(start, end)
    assert [piece[0] for piece in pieces] == [start, *(piece[1] for piece in pieces[:-1])]
    assert pieces[-1][1] == end
    for low, high, ahead in pieces:
        assert clock.offset(low) == clock.offset(high - 1) == ahead
    assert all(one[2] != other[2] for one, other in pairwise(pieces))


@pytest.mark.parametrize("label", ODD)
@given(minute=st.integers(0, 2 * SPAN - 1))
@settings(max_examples=40)
def test_the_first_instant_of_a_local_time(label: str, minute: int) -> None:
    name, centre = name_and_centre(label)
    _, local = walk(name, centre)[minute]
    moment = zone(name).first(local)
    assert zone(name).local(moment).replace(fold=0) == local.replace(fold=0)
    assert moment <= walk(name, centre)[minute][0]
    skipped = local + timedelta(minutes=1)
    assert zone(name).local(zone(name).first(skipped)) >= skipped


@pytest.mark.parametrize("minutes", [1, 5, 15, 30])
@pytest.mark.parametrize("label", ODD)
def test_ticks_are_where_the_clock_shows_them_both_times(label: str, minutes: int) -> None:
    name, centre = name_and_centre(label)
    shown = [minute for minute, local in walk(name, centre) if local.minute % minutes == 0 and local.second == 0]
    calendar, at, found = Periods(name), walk(name, centre)[0][0] - 1, []
    last = walk(name, centre)[-1][0]
    while (at := calendar.tick(minutes, at)) <= last:
        found.append(at)
    assert found == shown
