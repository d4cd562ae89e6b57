"""A time zone as a calendar file tells it (VTIMEZONE, RFC 5545 3.6.5), taken from the tables of zoneinfo.

The library's own generator dates the changes of spring by the new clock, an hour late; ours follows the RFC: an
onset is written by the clock in force just before it.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Component, Timezone, TimezoneDaylight, TimezoneStandard

_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Clock:
    """What the clocks of a zone say for a while."""

    offset: timedelta
    name: str
    summer: bool


def timezone(zone: str, years: Collection[int]) -> Timezone:
    """Tell a zone over the civil years asked for: the clock they begin with, and each change in them."""
    known = ZoneInfo(zone)
    told = Timezone()
    told.add("tzid", zone)
    for year in sorted(years):
        if year - 1 not in years:
            opening = datetime(year, 1, 1, tzinfo=known)
            clock = _clock(opening)
            told.add_component(_observance(opening.replace(tzinfo=None), clock, clock))
        for onset, before, after in _changes(known, year):
            told.add_component(_observance(onset, before, after))
    return told


def _changes(zone: ZoneInfo, year: int) -> Iterator[tuple[datetime, Clock, Clock]]:
    """Give each change of the clock in a civil year: its wall time by the clock before, and both clocks."""
    at, end = (datetime(one, 1, 1, tzinfo=zone).astimezone(UTC) for one in (year, year + 1))
    while at < end:
        following = min(at + _DAY, end)
        before, after = _clock(at.astimezone(zone)), _clock(following.astimezone(zone))
        if before != after:
            onset = _onset(zone, at, following, before)
            yield (onset + before.offset).replace(tzinfo=None), before, after
        at = following


def _onset(zone: ZoneInfo, low: datetime, high: datetime, before: Clock) -> datetime:
    """Find the first second at which the clock is no longer the one before."""
    while high - low > _SECOND:
        middle = low + (high - low) // _SECOND // 2 * _SECOND
        if _clock(middle.astimezone(zone)) == before:
            low = middle
        else:
            high = middle
    return high


def _clock(local: datetime) -> Clock:
    return Clock(local.utcoffset() or timedelta(0), local.tzname() or "", bool(local.dst()))


def _observance(onset: datetime, before: Clock, after: Clock) -> Component:
    told = TimezoneDaylight() if after.summer else TimezoneStandard()
    told.add("dtstart", onset)
    told.add("tzoffsetfrom", before.offset)
    told.add("tzoffsetto", after.offset)
    told.add("tzname", after.name)
    return told
