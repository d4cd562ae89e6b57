"""Parts of the year in which something may not happen: the winter truce (CPCE L412-6), say."""

from datetime import date

from .arguments import refused
from .calendars import step
from .workflow import Season

_LONGEST = 366


def inside(season: Season, day: date) -> bool:
    """Say whether a day is in a season, its first and last days included."""
    here = f"{day.month:02}-{day.day:02}"
    if season.start <= season.end:
        return season.start <= here <= season.end
    return here >= season.start or here <= season.end


def first_outside(season: Season, day: date) -> date:
    """Give the day itself, or the first one after the season in which it falls; raises InputError."""
    found = day
    for _ in range(_LONGEST):
        if not inside(season, found):
            return found
        found = step(found, 1)
    raise refused("season", f"{season.start}/{season.end}", "range", "a season leaves some days of the year")
