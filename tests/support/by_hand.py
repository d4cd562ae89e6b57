"""Civil dates worked out apart from jalon: dateutil's months and Easter, a list of worked days, zoneinfo's hours."""

import re
from bisect import bisect_left, bisect_right
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import pairwise
from zoneinfo import ZoneInfo

from dateutil.easter import easter
from dateutil.relativedelta import relativedelta

FIRST_YEAR, LAST_YEAR = 2010, 2060
EVERYWHERE = ((1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25))
OF_ZONE = {"metropole": (), "la-reunion": ((12, 20),)}
PART = re.compile(r"([0-9]+)([YMWDB])")


def holidays(year: int, zone: str) -> set[date]:
    """The legal holidays of a year, in the zones known here."""
    movable = {easter(year) + timedelta(days) for days in (1, 39, 50)}
    return movable | {date(year, month, day) for month, day in EVERYWHERE + OF_ZONE[zone]}


@cache
def worked_days(zone: str) -> tuple[date, ...]:
    """Every worked day of the years known here, in order."""
    closed = set().union(*(holidays(year, zone) for year in range(FIRST_YEAR, LAST_YEAR + 1)))
    first, last = date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31)
    days = (first + timedelta(number) for number in range((last - first).days + 1))
    return tuple(day for day in days if day.weekday() < 5 and day not in closed)


@cache
def shifted(day: date, shift: str, zone: str) -> date:
    """The day, or the worked one after (or before) it."""
    days = worked_days(zone)
    if shift == "suivant":
        return days[bisect_left(days, day)]
    if shift == "precedent":
        return days[bisect_right(days, day) - 1]
    return day


@cache
def parts(text: str) -> tuple[int, int, int]:
    """Months, days and worked days of a delay as it is written."""
    sign = -1 if text.startswith("-") else 1
    found = {unit: int(number) for number, unit in PART.findall(text)}
    return (
        sign * (12 * found.get("Y", 0) + found.get("M", 0)),
        sign * (7 * found.get("W", 0) + found.get("D", 0)),
        sign * found.get("B", 0),
    )


@cache
def reached(anchor: date, text: str, k: int = 1, zone: str = "metropole") -> date:
    """The day so many delays away, always from the anchor: months, then days, then worked days."""
    months, days, worked = (k * part for part in parts(text))
    day = anchor + relativedelta(months=months) + timedelta(days)
    if not worked:
        return day
    known = worked_days(zone)
    where = bisect_right(known, day) - 1 + worked if worked > 0 else bisect_left(known, day) + worked
    return known[where]


def clock_changes(timezone: str, first: int, last: int) -> tuple[date, ...]:
    """The days, of these years, on which the clocks of a zone change."""
    zone = ZoneInfo(timezone)
    noon = datetime(first, 1, 1, 12, tzinfo=zone)
    noons = [noon + timedelta(number) for number in range((date(last, 12, 31) - noon.date()).days + 1)]
    return tuple(b.date() for a, b in pairwise(noons) if a.utcoffset() != b.utcoffset())


def at_hour(day: date, hour: time, timezone: str) -> datetime:
    """The instant of an hour of a civil day; one that does not exist, or comes twice, is read as before the change."""
    zone = ZoneInfo(timezone)
    wall = datetime.combine(day, hour)
    readings = {
        (wall - wall.replace(tzinfo=zone, fold=fold).utcoffset()).replace(tzinfo=UTC) for fold in (0, 1)
    }
    if len(readings) == 1:
        return readings.pop()
    before = datetime.combine(day - timedelta(1), time(12), zone).utcoffset()
    return (wall - before).replace(tzinfo=UTC)
