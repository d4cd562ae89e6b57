"""Dates as a calendar file (iCalendar, RFC 5545 and 7986): plain values in, bytes out, the same each time.

A calendar is copied to telephones and to servers abroad. It shows a file number and a date; nothing else of a case
has a place here, and there is no field through which it could come.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

PRODUCT = "-//jalon//agenda//FR"
REFRESH = timedelta(hours=1)

_TOLD_TO = 2037


@dataclass(frozen=True, slots=True)
class CalendarDate:
    """One date of a calendar: a day or, where `at` is given, an instant told by the clock of `zone`.

    `uid` never changes; `sequence` grows each time the date does, and `changed_at` says when it last did.
    """

    uid: str
    number: str
    day: date
    zone: str
    status: Literal["CONFIRMED", "TENTATIVE", "CANCELLED"]
    sequence: int
    changed_at: datetime
    at: datetime | None = None
    url: str = ""


def write(name: str, dates: Sequence[CalendarDate], *, zone: str, year: int) -> bytes:
    """Write a calendar and its dates, in their order.

    `zone` is told even where no date has an hour: a calendar holds at least one component. `year` is the present
    one.
    """
    # loaded here: a program that writes no calendar starts without the library
    from icalendar import Calendar, vText

    from .zones import timezone

    calendar = Calendar()
    for field, value in (
        ("prodid", PRODUCT), ("version", "2.0"), ("calscale", "GREGORIAN"), ("method", "PUBLISH"),
        ("name", vText(name)), ("x-wr-calname", vText(name)), ("x-published-ttl", "PT1H"),
    ):  # fmt: skip
        calendar.add(field, value)
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    for known, years in sorted(_years(dates, zone, year).items()):
        calendar.add_component(timezone(known, years))
    for one in dates:
        calendar.add_component(_event(one))
    content: bytes = calendar.to_ical()
    return content


def written(at: datetime, zone: str) -> datetime:
    """Give an instant as a calendar writes it: by the clock of the zone, or in UTC in an hour that comes twice.

    A reader takes the first of the two hours (RFC 5545, 3.3.5); the second has no other way to be written.
    """
    local = at.astimezone(ZoneInfo(zone))
    return at.astimezone(UTC) if local.fold else local


def _years(dates: Sequence[CalendarDate], zone: str, year: int) -> dict[str, set[int]]:
    """Give the civil years for which each zone is told: those of its dates, and the same ones in every file.

    Some readers keep what the first file says of a zone and read every other file by it.
    """
    always = range(year - 1, max(year, _TOLD_TO) + 1)
    years = {zone: set(always)}
    for one in dates:
        if one.at is not None:
            years.setdefault(one.zone, set(always)).add(written(one.at, one.zone).year)
    return years


def _event(one: CalendarDate) -> Any:
    from icalendar import Event

    event = Event()
    event.add("uid", one.uid)
    event.add("summary", f"Échéance {one.number}")
    if one.at is not None:
        event.add("dtstart", written(one.at, one.zone))
    else:
        event.add("dtstart", one.day)
        event.add("dtend", one.day + timedelta(days=1))
    event.add("dtstamp", one.changed_at.replace(microsecond=0))
    event.add("last-modified", one.changed_at.replace(microsecond=0))
    event.add("sequence", one.sequence)
    event.add("status", one.status)
    event.add("transp", "TRANSPARENT")
    if one.url:
        event.add("url", one.url)
    return event
