"""A civil day and hour in a zone, as one instant (R14)."""

from datetime import UTC, date, datetime, time
from functools import lru_cache
from zoneinfo import ZoneInfo

from .arguments import civil_date, refused

MIDNIGHT = time(0)
_LONGEST_ZONE = 64


def instant(day: date, hour: time, zone: str) -> datetime:
    """Give the one UTC instant of an hour on a civil day, in an IANA zone.

    An hour that comes twice is the first of the two. An hour that does not exist is read with the offset in
    force before the gap (RFC 5545, 3.3.5): 02:30 is then 03:30 by the clock. Were that the next civil day,
    the offset in force after the gap is taken, so that the date stays. Raises InputError.
    """
    return _found(civil_date(day, "day"), _hour(hour), _zone(zone))


@lru_cache(maxsize=4096)
def _found(day: date, hour: time, zone: ZoneInfo) -> datetime:
    wanted = datetime.combine(day, hour, zone)
    try:
        before, after = (wanted.replace(fold=fold).astimezone(UTC) for fold in (0, 1))
        local = before.astimezone(wanted.tzinfo).date()
    except OverflowError:
        raise refused("day", day, "range", "in this zone the instant leaves the years 1 to 9999") from None
    if local != wanted.date() and after.astimezone(wanted.tzinfo).date() == wanted.date():
        return after
    return before


def _hour(hour: object) -> time:
    if not isinstance(hour, time):
        raise refused("hour", hour, "type", "a time is wanted")
    if hour.tzinfo is not None:
        raise refused("hour", str(hour), "tzinfo", "a time without tzinfo is wanted; the zone is given apart")
    return hour


def _zone(name: object) -> ZoneInfo:
    if not isinstance(name, str) or not 0 < len(name) <= _LONGEST_ZONE:
        raise refused("zone", name, "unknown", "the name of an IANA zone is wanted")
    return _loaded(name)


@lru_cache(maxsize=128)
def _loaded(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:  # unknown; ill-formed; a folder of zones
        raise refused("zone", name, "unknown", "the name of an IANA zone is wanted") from error
