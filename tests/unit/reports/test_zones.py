"""The clock of a house as a calendar file tells it, against zoneinfo, with two readers that did not write it."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from support.calendars import by_the_file, onsets_of, read, unfolded

from jalon.reports.agenda import CalendarDate, write
from jalon.reports.zones import timezone

ZONES = (
    "Europe/Paris", "Indian/Reunion", "Indian/Mayotte", "America/Martinique", "America/Guadeloupe", "America/Cayenne",
    "America/Miquelon", "Pacific/Noumea", "Pacific/Tahiti",
)  # fmt: skip
CHANGING = ("Europe/Paris", "America/Miquelon")
FIRST, LAST = 2026, 2037
STAMP = datetime(2026, 11, 24, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)


def at_each(zone: str, instants: list[datetime]) -> bytes:
    dates = [
        CalendarDate(
            f"u{rank}", "D-0001", at.astimezone(ZoneInfo(zone)).date(), zone, "CONFIRMED", 0, STAMP, at
        )
        for rank, at in enumerate(instants)
    ]
    return write("Échéances", dates, zone=zone, year=FIRST)


def changes(zone: str) -> Iterator[datetime]:
    """Every hour from which the offset is another, found by looking at each."""
    known, at = ZoneInfo(zone), datetime(FIRST, 1, 1, tzinfo=UTC)
    while at.year <= LAST:
        if (at - HOUR).astimezone(known).utcoffset() != at.astimezone(known).utcoffset():
            yield at
        at += HOUR


def observances(zone: str, *years: int) -> list[tuple[str, ...]]:
    """What is told of a zone: kind, onset, offsets before and after, name."""
    names = ("BEGIN", "DTSTART", "TZOFFSETFROM", "TZOFFSETTO", "TZNAME")
    found: list[dict[str, str]] = []
    for name, _, value in unfolded(timezone(zone, years).to_ical()):
        if name == "BEGIN" and value != "VTIMEZONE":
            found.append({})
        if name in names and found:
            found[-1][name] = value
    return [tuple(one[name] for name in names) for one in found]


def test_paris_changes_on_the_days_of_the_directive() -> None:
    """The last Sunday of March at two, the last of October at three, each by the clock before."""
    assert observances("Europe/Paris", 2026, 2027) == [
        ("STANDARD", "20260101T000000", "+0100", "+0100", "CET"),
        ("DAYLIGHT", "20260329T020000", "+0100", "+0200", "CEST"),
        ("STANDARD", "20261025T030000", "+0200", "+0100", "CET"),
        ("DAYLIGHT", "20270328T020000", "+0100", "+0200", "CEST"),
        ("STANDARD", "20271031T030000", "+0200", "+0100", "CET"),
    ]


def test_miquelon_changes_on_the_days_of_north_america() -> None:
    """The second Sunday of March and the first of November, at two."""
    assert observances("America/Miquelon", 2026) == [
        ("STANDARD", "20260101T000000", "-0300", "-0300", "-03"),
        ("DAYLIGHT", "20260308T020000", "-0300", "-0200", "-02"),
        ("STANDARD", "20261101T020000", "-0200", "-0300", "-03"),
    ]


@pytest.mark.parametrize(
    ("zone", "offset"),
    [("Indian/Reunion", "+0400"), ("America/Martinique", "-0400"), ("America/Guadeloupe", "-0400"),
     ("America/Cayenne", "-0300")],
)  # fmt: skip
def test_a_zone_without_summer_time_has_one_clock(zone: str, offset: str) -> None:
    assert [one[:4] for one in observances(zone, 2026, 2027)] == [
        ("STANDARD", "20260101T000000", offset, offset)
    ]


@pytest.mark.parametrize("zone", CHANGING)
def test_every_change_to_2037_is_read_back_at_the_right_instant(zone: str) -> None:
    """Just before, at, and for two hours after each change: hours that come twice, days that lack one."""
    near = (
        -2 * HOUR,
        -timedelta(minutes=1),
        timedelta(0),
        HOUR / 2,
        HOUR - timedelta(minutes=1),
        HOUR,
        2 * HOUR,
    )
    found = list(changes(zone))
    assert len(found) == 2 * (LAST - FIRST + 1)
    instants = [at + step for at in found for step in near]
    assert [one.start.astimezone(UTC) for one in read(at_each(zone, instants))] == instants


@pytest.mark.parametrize("zone", ZONES)
def test_the_file_alone_gives_the_offset_of_every_change_and_every_week(zone: str) -> None:
    """A reader that knows no zone, and follows the file as RFC 5545 says, finds what zoneinfo says."""
    weeks = [
        datetime(FIRST, 1, 1, 12, tzinfo=UTC) + timedelta(days=7 * week)
        for week in range(52 * (LAST - FIRST + 1))
    ]
    edges = [at + step for at in changes(zone) for step in (-timedelta(minutes=1), 2 * HOUR)]
    onsets = onsets_of(at_each(zone, weeks), zone)
    for at in [*weeks, *edges]:
        wall = at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
        assert by_the_file(onsets, wall) == at


def test_an_hour_that_comes_twice_is_read_as_the_one_that_was_meant() -> None:
    """2027-10-31 in Paris: 02:30 is 00:30 UTC, then 01:30 UTC; the second is written in UTC, having no other name."""
    twice = [datetime(2027, 10, 31, hour, 30, tzinfo=UTC) for hour in (0, 1)]
    content = at_each("Europe/Paris", twice)
    assert [one.start.astimezone(UTC) for one in read(content)] == twice
    assert b"DTSTART;TZID=Europe/Paris:20271031T023000" in content
    assert b"DTSTART:20271031T013000Z" in content


def test_the_hour_of_summer_and_of_winter() -> None:
    """Noon in Paris is 10:00 UTC in July and 11:00 UTC in January."""
    noons = [datetime(2027, 7, 14, 10, tzinfo=UTC), datetime(2028, 1, 14, 11, tzinfo=UTC)]
    found = read(at_each("Europe/Paris", noons))
    assert [one.start.astimezone(UTC) for one in found] == noons
    assert [(one.start.hour, one.start.utcoffset()) for one in found] == [(12, 2 * HOUR), (12, HOUR)]


def test_years_far_apart_are_told_without_those_between() -> None:
    """A calendar with a date this year and one in 2090 says what both need, and not half a century."""
    instants = [datetime(2026, 7, 1, 10, tzinfo=UTC), datetime(2090, 1, 10, 11, tzinfo=UTC)]
    content = at_each("Europe/Paris", instants)
    assert [one.start.astimezone(UTC) for one in read(content)] == instants
    years = {onset.year for onset, _ in onsets_of(content, "Europe/Paris")}
    assert years == {*range(2025, 2038), 2090}


def test_every_file_tells_the_same_of_a_zone() -> None:
    """A reader that keeps the first telling of a zone reads the next file right: here one of winter, then of summer."""
    winter, summer = datetime(2027, 1, 14, 11, tzinfo=UTC), datetime(2031, 7, 14, 10, tzinfo=UTC)
    first = onsets_of(at_each("Europe/Paris", [winter]), "Europe/Paris")
    assert first == onsets_of(at_each("Europe/Paris", [summer]), "Europe/Paris")
    assert by_the_file(first, datetime(2031, 7, 14, 12)) == summer


def test_the_last_hours_of_a_year_belong_to_the_year_of_the_house() -> None:
    """2027-01-01 00:30 in Reunion is 2026-12-31 20:30 UTC."""
    at = datetime(2026, 12, 31, 20, 30, tzinfo=UTC)
    (one,) = read(at_each("Indian/Reunion", [at]))
    assert one.start.replace(tzinfo=None) == datetime(2027, 1, 1, 0, 30)
    assert one.start.astimezone(UTC) == at
    assert one.start.date() == date(2027, 1, 1)
