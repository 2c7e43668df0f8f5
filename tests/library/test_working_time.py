"""Working time against a model that walks through time minute by minute."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from communityrules.library.working_time import (
    NoWorkingTime,
    UnknownYear,
    add_working_time,
    known_years,
    working_between,
)
from communityrules.library.zones import zone
from communityrules.model.values import DAY, HOUR, MINUTE, instant


@dataclass(frozen=True)
class Office:
    """A calendar, as the checker makes them."""

    week: tuple[tuple[tuple[int, int], ...], ...]
    regions: tuple[str, ...] = ()
    holidays: tuple[date, ...] = ()
    workdays: tuple[date, ...] = ()


NINE_TO_SIX = ((9 * 60, 18 * 60),)
OFFICE = Office((NINE_TO_SIX,) * 5 + ((), ()), ("CN",))
PLAIN = Office((NINE_TO_SIX,) * 5 + ((), ()))
EVERY_DAY = Office((NINE_TO_SIX,) * 7, ("CN",))
SHANGHAI = "Asia/Shanghai"


def at(text: str, name: str = SHANGHAI) -> int:
    return zone(name).first(datetime.fromisoformat(text))


@pytest.mark.parametrize(
    ("calendar", "start", "hours", "due"),
    [
        (PLAIN, "2024-10-08T10:00", 4, "2024-10-08T14:00"),
        (PLAIN, "2024-10-08T16:00", 4, "2024-10-09T11:00"),
        (PLAIN, "2024-10-08T09:00", 9, "2024-10-08T18:00"),
        (PLAIN, "2024-10-08T18:00", 1, "2024-10-09T10:00"),
        (PLAIN, "2024-10-08T03:00", 1, "2024-10-08T10:00"),
        (PLAIN, "2024-10-11T17:00", 2, "2024-10-14T10:00"),
        # The Saturday after the holidays is worked instead.
        (OFFICE, "2024-10-11T17:00", 2, "2024-10-12T10:00"),
        # From the last working day to the first: seven days off.
        (OFFICE, "2024-09-30T17:00", 2, "2024-10-08T10:00"),
        # A team that works every day rests on public holidays only.
        (EVERY_DAY, "2024-10-05T10:00", 1, "2024-10-08T10:00"),
        (EVERY_DAY, "2024-10-19T10:00", 1, "2024-10-19T11:00"),
        (Office(OFFICE.week, ("CN",), (date(2024, 10, 8),), ()), "2024-10-07T10:00", 1, "2024-10-09T10:00"),
        (Office(OFFICE.week, ("CN",), (), (date(2024, 10, 1),)), "2024-10-01T10:00", 1, "2024-10-01T11:00"),
        (Office(OFFICE.week, (), (), (date(2024, 10, 13),)), "2024-10-13T10:00", 1, "2024-10-13T11:00"),
        (PLAIN, "2024-10-08T10:00", 0, "2024-10-08T10:00"),
        (PLAIN, "2024-10-13T10:00", 0, "2024-10-13T10:00"),
    ],
)
def test_deadlines(calendar: Office, start: str, hours: int, due: str) -> None:
    assert add_working_time(calendar, at(start), hours * HOUR, SHANGHAI) == at(due)
    assert working_between(calendar, at(start), at(due), SHANGHAI) == hours * HOUR


def test_a_night_shift_belongs_to_the_day_on_which_it_begins() -> None:
    nights = Office((((22 * 60, 6 * 60),), (), (), (), (), (), ()))
    monday = at("2024-10-07T20:00")
    assert add_working_time(nights, monday, 8 * HOUR, SHANGHAI) == at("2024-10-08T06:00")
    assert add_working_time(nights, at("2024-10-08T05:00"), 2 * HOUR, SHANGHAI) == at("2024-10-14T23:00")
    off = Office(nights.week, (), (date(2024, 10, 7),))
    assert add_working_time(off, monday, HOUR, SHANGHAI) == at("2024-10-14T23:00")


def test_a_night_shift_lasts_longer_where_the_clock_goes_back() -> None:
    nights = Office((((22 * 60, 6 * 60),),) * 7)
    start, end = at("2024-11-02T22:00", "America/New_York"), at("2024-11-03T06:00", "America/New_York")
    assert working_between(nights, start, end, "America/New_York") == 9 * HOUR


def test_an_unknown_year_is_an_error() -> None:
    first, last = known_years("CN")
    with pytest.raises(UnknownYear) as caught:
        add_working_time(OFFICE, at(f"{last}-12-31T17:00"), 24 * HOUR, SHANGHAI)
    assert (caught.value.region, caught.value.year, caught.value.known) == ("CN", last + 1, (first, last))
    with pytest.raises(UnknownYear):
        working_between(OFFICE, at(f"{first - 1}-12-31T17:00"), at(f"{first}-02-01T00:00"), SHANGHAI)


def test_years_at_the_border_are_only_asked_for_when_they_matter() -> None:
    first, last = known_years("CN")
    assert working_between(OFFICE, at(f"{last}-12-01T00:00"), at(f"{last + 1}-01-01T00:00"), SHANGHAI) > 0
    assert working_between(OFFICE, at(f"{first}-01-01T00:00"), at(f"{first}-02-01T00:00"), SHANGHAI) > 0
    # What the calendar says of a day itself needs no region.
    own = Office(OFFICE.week, ("CN",), (), (date(last + 1, 1, 4),))
    assert working_between(own, at(f"{last + 1}-01-04T00:00"), at(f"{last + 1}-01-05T00:00"), SHANGHAI) == 9 * HOUR


def test_too_little_working_time() -> None:
    with pytest.raises(NoWorkingTime):
        add_working_time(Office(((),) * 7), at("2024-10-08T10:00"), 1, SHANGHAI)
    with pytest.raises(NoWorkingTime):
        add_working_time(PLAIN, at("2024-10-08T10:00"), 4000 * DAY, SHANGHAI)


def test_an_unknown_region() -> None:
    with pytest.raises(LookupError):
        add_working_time(Office(OFFICE.week, ("XX",)), at("2024-10-08T10:00"), HOUR, SHANGHAI)


# --- the model -------------------------------------------------------------------------------------------------


def is_worked(calendar: Office, local: datetime) -> bool:
    """Whether the clock shows a worked time, by the day on which the hours began."""
    for day, shift in ((local.date(), 0), (local.date() - timedelta(days=1), 1440)):
        minute = local.hour * 60 + local.minute + shift
        hours = calendar.week[day.weekday()]
        if day in calendar.workdays:
            hours = hours or next((one for one in calendar.week if one), ())
        elif day in calendar.holidays:
            hours = ()
        for start, end in hours:
            if start <= minute < (end if end > start else end + 1440):
                return True
    return False


HOURS = st.lists(
    st.tuples(st.integers(0, 23), st.integers(0, 24)).map(lambda pair: (pair[0] * 60, pair[1] * 60)), max_size=2
).map(tuple)
#: A local time, within two days after which the clock changes in some of the zones.
STARTS = {
    "Asia/Shanghai": datetime(2024, 10, 5, 12),
    "America/New_York": datetime(2024, 11, 2, 12),
    "Europe/London": datetime(2024, 3, 30, 12),
    "America/St_Johns": datetime(2006, 10, 28, 12),
    "Australia/Lord_Howe": datetime(2024, 4, 6, 12),
    "America/Sao_Paulo": datetime(2018, 2, 17, 12),
    "Pacific/Apia": datetime(2011, 12, 29, 3),
}


@given(
    st.tuples(*[HOURS] * 7),
    st.sampled_from(sorted(STARTS)),
    st.integers(0, 24 * 60),
    st.integers(0, 48),
    st.sets(st.integers(0, 4), max_size=2),
    st.sets(st.integers(0, 4), max_size=2),
)
@settings(max_examples=150, deadline=None)
def test_against_the_model(
    week: tuple[tuple[tuple[int, int], ...], ...], name: str, delay: int, hours: int, off: set[int], on: set[int]
) -> None:
    day = STARTS[name].date()
    calendar = Office(
        week,
        (),
        tuple(day + timedelta(days=n) for n in sorted(off)),
        tuple(day + timedelta(days=n) for n in sorted(on)),
    )
    clock = zone(name)
    start = clock.first(STARTS[name]) + delay * MINUTE
    worked = 0
    due = start if hours == 0 else None
    for minute in range(3 * 24 * 60):
        moment = start + minute * MINUTE
        if is_worked(calendar, clock.local(moment)):
            worked += 1
            if worked == hours * 60:
                due = moment + MINUTE
    assert working_between(calendar, start, start + 3 * DAY, name) == worked * MINUTE
    if due is not None:
        assert add_working_time(calendar, start, hours * HOUR, name) == due


@given(st.integers(0, 400 * 24 * 60), st.integers(1, 10**13))
def test_adding_and_measuring_are_inverse(minutes: int, duration: int) -> None:
    start = instant(datetime.fromisoformat("2023-01-01T00:00:00+08:00")) + minutes * MINUTE
    due = add_working_time(OFFICE, start, duration, SHANGHAI)
    assert working_between(OFFICE, start, due, SHANGHAI) == duration
    assert working_between(OFFICE, start, due - 1, SHANGHAI) == duration - 1
