"""Which days are worked: legal holidays by zone, weekends, and what one house adds or takes away.

Present-day law (code du travail L3133-1, L3134-13, L3422-2) is applied to every year from 1583 to 9999: a
date of the past is judged by the holidays of today. Customary days are not legal holidays.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from types import MappingProxyType

from .arguments import civil_date, refused, whole_number

FIRST_YEAR, LAST_YEAR = 1583, 9999  # the first whole year of the Gregorian calendar; the last of `date`
LONGEST_CLOSURE = 3_660  # days: ten years without one working day is a mistake in the calendar
SHIFTS = {"aucun": 0, "suivant": 1, "precedent": -1}  # the step, in days, that leads to a working day (R11)

_WEEKEND = {5: "samedi", 6: "dimanche"}
_AFTER_EASTER = {1: "lundi de Pâques", 39: "jeudi de l’Ascension", 50: "lundi de Pentecôte"}
_EVERY_YEAR = {
    (1, 1): "jour de l’An",
    (5, 1): "1er Mai",
    (5, 8): "8 Mai",
    (7, 14): "14 Juillet",
    (8, 15): "Assomption",
    (11, 1): "Toussaint",
    (11, 11): "11 Novembre",
    (12, 25): "Noël",
}
_ABOLITION = "abolition de l’esclavage"
_OF_ZONE: dict[str, dict[tuple[int, int], str]] = {
    "metropole": {},
    "alsace-moselle": {(12, 26): "lendemain de Noël"},  # and Good Friday, which follows Easter
    "guadeloupe": {(5, 27): _ABOLITION},
    "martinique": {(5, 22): _ABOLITION},
    "guyane": {(6, 10): _ABOLITION},
    "la-reunion": {(12, 20): _ABOLITION},
    "mayotte": {(4, 27): _ABOLITION},
    "saint-barthelemy": {(10, 9): _ABOLITION},
    "saint-martin": {(5, 28): _ABOLITION},
    "saint-pierre-et-miquelon": {},
}
ZONES = tuple(_OF_ZONE)


@dataclass(frozen=True, slots=True)
class Calendar:
    """The legal holidays of a zone, the days on which a house is closed, and those worked all the same.

    An extra day is worked although it is a Saturday, a Sunday or a holiday; with `every_day`, all are: a shelter
    never closes. Raises InputError on an unknown zone, on something that is not a date, and on a day both closed
    and worked.
    """

    zone: str = "metropole"
    closures: frozenset[date] = frozenset()
    extra_days: frozenset[date] = frozenset()
    every_day: bool = False

    def __post_init__(self) -> None:
        if not isinstance(self.zone, str) or self.zone not in _OF_ZONE:
            raise refused("zone", self.zone, "unknown", f"one of {', '.join(ZONES)} is wanted")
        for name in ("closures", "extra_days"):
            object.__setattr__(self, name, _dates(getattr(self, name), name))
        if both := self.closures & self.extra_days:
            raise refused("extra_days", min(both), "contradiction", "this day is also among the closures")


def _dates(days: object, argument: str) -> frozenset[date]:
    if not isinstance(days, frozenset | set | list | tuple):
        raise refused(argument, days, "type", "a set of dates is wanted")
    return frozenset(civil_date(day, argument) for day in days)


_PLAIN = {zone: Calendar(zone) for zone in ZONES}


@lru_cache(maxsize=64)
def every_day(zone: str) -> Calendar:
    """Give the calendar of a zone in which every day of the year is worked."""
    return Calendar(zone, every_day=True)


def counted_by(name: str, calendar: Calendar) -> Calendar:
    """Give the calendar by which a deadline counts: the house's own, or `continu`, every day of the year."""
    return every_day(calendar.zone) if name == "continu" else calendar


def as_calendar(value: Calendar | str) -> Calendar:
    """Return the calendar itself, or the plain one of the zone; raises InputError."""
    if isinstance(value, Calendar):
        return value
    if not isinstance(value, str) or value not in _PLAIN:
        raise refused("calendar", value, "unknown", f"a Calendar, or one of {', '.join(ZONES)}, is wanted")
    return _PLAIN[value]


def easter(year: int) -> date:
    """Give Easter Sunday by the Gregorian computus (Meeus, Jones and Butcher)."""
    century, rest = divmod(year, 100)
    golden = year % 19
    leap_centuries, century_rest = divmod(century, 4)
    moon = (century - (century + 8) // 25 + 1) // 3
    epact = (19 * golden + century - leap_centuries - moon + 15) % 30
    weekday = (32 + 2 * century_rest + 2 * (rest // 4) - epact - rest % 4) % 7
    late = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)


@lru_cache(maxsize=1024)
def named_holidays(year: int, zone: str) -> Mapping[date, str]:
    """Name in French each legal holiday of a year in a zone; two on one date are one entry."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise refused("year", year, "range", f"holidays are known from {FIRST_YEAR} to {LAST_YEAR}")
    sunday = easter(year)
    names = [(date(year, *day), name) for day, name in (_EVERY_YEAR | _OF_ZONE[zone]).items()]
    names += [(sunday + timedelta(days=after), name) for after, name in _AFTER_EASTER.items()]
    if zone == "alsace-moselle":
        names.append((sunday - timedelta(days=2), "Vendredi saint"))
    found: dict[date, str] = {}
    for day, name in sorted(names):
        found[day] = f"{found[day]} et {name}" if day in found else name
    return MappingProxyType(found)


def holidays(year: int, calendar: Calendar | str = "metropole") -> tuple[date, ...]:
    """Give the legal holidays of a year, sorted, each date once; closures of a house are not among them."""
    return tuple(named_holidays(whole_number(year, "year"), as_calendar(calendar).zone))


def is_open(day: date, calendar: Calendar) -> bool:
    """Say whether a day is worked, its arguments being already checked."""
    if calendar.every_day or day in calendar.extra_days:
        return True
    if day.weekday() in _WEEKEND or day in calendar.closures:
        return False
    return day not in named_holidays(day.year, calendar.zone)


def is_working_day(day: date, calendar: Calendar | str = "metropole") -> bool:
    """Say whether a day is worked: Monday to Friday, not a holiday, not a closure; or an extra day."""
    return is_open(civil_date(day, "day"), as_calendar(calendar))


def why_closed(day: date, calendar: Calendar) -> str:
    """Say in French why a day is not worked; the law first, then the weekend, then the house."""
    if is_open(day, calendar):
        return ""
    if name := named_holidays(day.year, calendar.zone).get(day):
        return f"{name} (férié)"
    return _WEEKEND.get(day.weekday(), "fermeture de l’établissement")


def as_shift(value: str) -> int:
    """Return the step of a shift policy in days: 0, 1 or -1; raises InputError."""
    if not isinstance(value, str) or value not in SHIFTS:
        raise refused("shift", value, "unknown", f"one of {', '.join(SHIFTS)} is wanted")
    return SHIFTS[value]


def step(day: date, days: int) -> date:
    """Move by calendar days; raises InputError outside the years 1 to 9999."""
    try:
        return day + timedelta(days=days)
    except OverflowError:
        raise refused("anchor", day, "range", f"{days} days from here leave the years 1 to 9999") from None


def worked(day: date, direction: int, calendar: Calendar) -> date:
    """Give the day itself if it is worked, else the nearest one that way; direction 0 never moves.

    Raises InputError when `LONGEST_CLOSURE` days hold no working day.
    """
    if direction == 0:
        return day
    found = day
    for _ in range(LONGEST_CLOSURE):
        if is_open(found, calendar):
            return found
        found = step(found, direction)
    raise refused("calendar", day, "closed", f"no working day within {LONGEST_CLOSURE} days of this one")


def count_worked(day: date, number: int, calendar: Calendar) -> date:
    """Count working days, forwards or backwards; the starting day is not counted, whatever its kind."""
    direction = 1 if number > 0 else -1
    for _ in range(abs(number)):
        day = worked(step(day, direction), direction, calendar)
    return day
