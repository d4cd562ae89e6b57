"""French for the command line: counts, lists, dates, how far a day is, typography. Pure."""

import re
from collections.abc import Iterable
from datetime import date

NBSP = "\u00a0"
THIN = "\u202f"
SHOWN = 7  # what a list shows before it counts the others

_BEFORE = re.compile(r" (?=[:»])")
_BEFORE_THIN = re.compile(r" (?=[;!?])")
_AFTER = re.compile(r"(?<=«) ")


def plural(count: int, one: str, many: str) -> str:
    """Write a count and its noun: `1 jour`, `2 jours`; zero is singular in French."""
    return f"{count} {one if abs(count) < 2 else many}"


def listed(items: Iterable[str], last: str = "et", *, most: int | None = SHOWN) -> str:
    """Write a list as a sentence says it: `a, b et c`; beyond `most` items the others are counted."""
    shown = list(items)
    if most is not None and len(shown) > most:
        shown[most:] = [plural(len(shown) - most, "autre", "autres")]
    return f" {last} ".join([", ".join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown)


def quoted(text: object) -> str:
    """Write a text between French quotation marks."""
    return f"« {text} »"


def short_date(day: date) -> str:
    """Write a date in figures: `15/01/2027`."""
    return f"{day.day:02}/{day.month:02}/{day.year:04}"


def long_day(value: object) -> str:
    """Write in full a date that data hold as text; anything else as it is."""
    from ..dates import long_date

    try:
        return long_date(date.fromisoformat(str(value)))
    except ValueError:
        return str(value)


def how_far(day: date, today: date) -> str:
    """Say how far a due date is: `aujourd’hui`, `demain`, `dans 3 jours`, `en retard de 2 jours`."""
    return days_away((day - today).days)


def days_away(days: int) -> str:
    """Say how far a due date is, from the number of days until it."""
    near = {-1: "en retard d’un jour", 0: "aujourd’hui", 1: "demain"}
    return near.get(days) or (f"dans {days} jours" if days > 0 else f"en retard de {-days} jours")


def typeset(text: str) -> str:
    """Set the no-break spaces that French asks for, for the eye; a text read by a program keeps plain ones."""
    return _AFTER.sub(NBSP, _BEFORE.sub(NBSP, _BEFORE_THIN.sub(THIN, text)))
