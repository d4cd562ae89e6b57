"""A civil hour is one instant in every zone, on every day its clock changes from 2024 to 2037."""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest

from jalon.dates import instant

PARIS = "Europe/Paris"
FRENCH = [
    PARIS, "America/Guadeloupe", "America/Martinique", "America/Cayenne", "America/St_Barthelemy",
    "America/Marigot", "America/Miquelon", "Indian/Reunion", "Indian/Mayotte",
]  # fmt: skip
QUARTER = timedelta(minutes=15)


def offset(zone, day):
    return datetime.combine(day, time(12), zone).utcoffset()


def changes(name):
    """The days around which the noon offset of a zone changes."""
    zone, day, found = ZoneInfo(name), date(2024, 1, 1), []
    while day.year <= 2037:
        if offset(zone, day) != offset(zone, day + timedelta(days=7)):
            week = [day + timedelta(days=n) for n in range(8)]
            found += [b for a, b in pairwise(week) if offset(zone, a) != offset(zone, b)]
        day += timedelta(days=7)
    return tuple(found)


@lru_cache
def zones_that_change():
    """One zone for each distinct list of changes, the French ones always."""
    seen = {}
    for name in [*FRENCH, *sorted(available_timezones())]:
        days = changes(name)
        if days:
            seen.setdefault((days, offset(ZoneInfo(name), days[0])), (name, days))
    return list(seen.values())


def instants_by_wall(zone, day):
    """Every quarter of an hour of the civil day, with the instants at which the clock shows it."""
    at, walls = datetime.combine(day - timedelta(days=1), time(), UTC), {}
    for _ in range(3 * 96):
        walls.setdefault(at.astimezone(zone).replace(tzinfo=None, fold=0), []).append(at)
        at += QUARTER
    return walls


def check(name, day):
    zone, kinds = ZoneInfo(name), set()
    walls = instants_by_wall(zone, day)
    for number in range(96):
        wall = datetime.combine(day, time()) + number * QUARTER
        found = instant(day, wall.time(), name)
        meant = walls.get(wall, [])
        kinds.add(len(meant))
        assert found.tzinfo is UTC
        assert found.astimezone(zone).date() == day, (name, wall)
        if meant:
            assert found == meant[0], (name, wall)
    return kinds


def test_the_date_stays_whatever_the_hour_when_the_clock_changes():
    """Hours that exist are kept, the first of two is taken, and the day is always the one asked for."""
    kinds = set()
    for name, days in zones_that_change():
        for day in days[:4] + days[-2:] if name not in FRENCH else days:
            for near in (day - timedelta(days=1), day):
                kinds |= check(name, near)
    assert kinds == {0, 1, 2}


@pytest.mark.parametrize("name", FRENCH)
def test_eight_o_clock_stays_eight_o_clock(name):
    day = date(2024, 1, 1)
    while day.year <= 2037:
        local = instant(day, time(8), name).astimezone(ZoneInfo(name))
        assert (local.date(), local.time()) == (day, time(8))
        day += timedelta(days=1)


def test_an_hour_that_does_not_exist_is_read_with_the_offset_before():
    """On 28 March 2027 the clock jumps from 02:00 to 03:00: 02:30 is 03:30."""
    assert instant(date(2027, 3, 28), time(2, 30), PARIS) == datetime(2027, 3, 28, 1, 30, tzinfo=UTC)
    assert instant(date(2027, 3, 28), time(2), PARIS) == instant(date(2027, 3, 28), time(3), PARIS)


def test_an_hour_that_comes_twice_is_the_first():
    """On 31 October 2027, 02:30 comes in summer time, then again."""
    assert instant(date(2027, 10, 31), time(2, 30), PARIS) == datetime(2027, 10, 31, 0, 30, tzinfo=UTC)
    assert instant(date(2027, 10, 31), time(2, 30, fold=1), PARIS) == datetime(
        2027, 10, 31, 0, 30, tzinfo=UTC
    )


def test_a_gap_that_ends_at_midnight_keeps_its_day():
    """In Nuuk the hour from 23:00 to midnight does not exist on 28 March 2026."""
    found = instant(date(2026, 3, 28), time(23, 30), "America/Nuuk")
    assert found.astimezone(ZoneInfo("America/Nuuk")).date() == date(2026, 3, 28)


def test_a_day_that_does_not_exist_still_has_one_instant():
    """Samoa had no 30 December 2011: its noon is the noon that came next."""
    assert instant(date(2011, 12, 30), time(12), "Pacific/Apia") == instant(
        date(2011, 12, 31), time(12), "Pacific/Apia"
    )


def test_midnight_of_a_winter_day_is_the_evening_before_in_utc():
    assert instant(date(2027, 1, 15), time(0), PARIS) == datetime(2027, 1, 14, 23, tzinfo=UTC)
    assert instant(date(2027, 1, 15), time(8), "Indian/Reunion") == datetime(2027, 1, 15, 4, tzinfo=UTC)
