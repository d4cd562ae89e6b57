"""A calendar file: valid, the same each time, and nothing in it but numbers and dates."""

from dataclasses import fields, replace
from datetime import UTC, date, datetime

from support.calendars import blocks, read, unfolded, valid

from jalon.reports.agenda import CalendarDate, write

STAMP = datetime(2026, 11, 24, 9, 30, 15, 123456, tzinfo=UTC)
ONE = CalendarDate("11111111-0000-5000-8000-000000000000", "D-0012", date(2026, 12, 31), "Europe/Paris", "CONFIRMED",
                   3, STAMP)  # fmt: skip


def a_file(*dates: CalendarDate, name: str = "Échéances", zone: str = "Europe/Paris") -> bytes:
    return write(name, dates, zone=zone, year=2026)


def test_a_day_lasts_the_day_and_takes_no_time() -> None:
    content = a_file(ONE)
    (found,) = read(content)
    assert (found.start, found.end) == (date(2026, 12, 31), date(2027, 1, 1))
    assert (found.summary, found.sequence, found.status) == ("Échéance D-0012", 3, "CONFIRMED")
    assert found.stamp == datetime(2026, 11, 24, 9, 30, 15, tzinfo=UTC)
    assert {"DTSTART;VALUE=DATE:20261231", "DTEND;VALUE=DATE:20270101", "TRANSP:TRANSPARENT"} <= set(
        content.decode().split("\r\n")
    )


def test_an_instant_is_told_by_the_clock_of_its_house() -> None:
    """14:30 in Paris on a winter day."""
    at = datetime(2026, 12, 31, 13, 30, tzinfo=UTC)
    content = a_file(replace(ONE, at=at))
    (found,) = read(content)
    assert (found.start.astimezone(UTC), found.end) == (at, None)
    assert b"DTSTART;TZID=Europe/Paris:20261231T143000\r\n" in content


def test_each_zone_is_told_once() -> None:
    there = replace(ONE, uid="2", zone="Indian/Reunion", at=datetime(2027, 3, 1, 6, tzinfo=UTC))
    here = replace(ONE, uid="3", at=datetime(2027, 3, 1, 6, tzinfo=UTC))
    content = a_file(there, here, replace(here, uid="4"), replace(there, uid="5"))
    assert [one.start.hour for one in read(content)] == [10, 7, 7, 10]
    assert len(blocks(content, "VTIMEZONE")) == 2


def test_an_empty_calendar_is_valid_and_names_its_zone() -> None:
    """A calendar holds at least one component: that of the clock, where there is no date."""
    content = a_file(zone="America/Miquelon")
    assert read(content) == []
    (zone,) = blocks(content, "VTIMEZONE")
    assert ("TZID", {}, "America/Miquelon") in zone


def test_what_a_subscriber_needs_is_said() -> None:
    lines = unfolded(a_file(ONE))
    assert ("PRODID", {}, "-//jalon//agenda//FR") in lines
    assert ("METHOD", {}, "PUBLISH") in lines
    assert ("NAME", {}, "Échéances") in lines
    assert ("X-WR-CALNAME", {}, "Échéances") in lines
    assert ("REFRESH-INTERVAL", {"VALUE": "DURATION"}, "PT1H") in lines
    assert ("X-PUBLISHED-TTL", {}, "PT1H") in lines


def test_the_same_dates_give_the_same_bytes() -> None:
    dates = (ONE, replace(ONE, uid="2", at=STAMP))
    assert a_file(*dates) == a_file(*dates)


def test_long_lines_are_folded_between_characters() -> None:
    """75 octets a line, no character cut in two, and the address is whole once read."""
    url = f"https://exemple.example/{'éàü€' * 60}/dossiers/D-0012"
    name = "Échéances " * 20
    content = a_file(replace(ONE, url=url), name=name.strip())
    valid(content)
    assert all(line.decode("utf-8") is not None for line in content.split(b"\r\n"))
    (event,) = blocks(content, "VEVENT")
    assert ("URL", {}, url) in event
    assert ("NAME", {}, name.strip()) in unfolded(content)


def test_the_title_of_a_calendar_cannot_add_a_line() -> None:
    content = a_file(ONE, name="a; b, c\\\r\nMETHOD:REQUEST")
    valid(content)
    assert [value for name, _, value in unfolded(content) if name == "METHOD"] == ["PUBLISH"]
    assert [value for name, _, value in unfolded(content) if name == "NAME"] == [
        r"a\; b\, c\\\nMETHOD:REQUEST"
    ]


def test_there_is_no_field_for_what_a_person_says() -> None:
    """A label, a name or a reason has no way in: whoever adds one reads this first."""
    assert [field.name for field in fields(CalendarDate)] == [
        "uid", "number", "day", "zone", "status", "sequence", "changed_at", "at", "url",
    ]  # fmt: skip
