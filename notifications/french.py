"""French for letters: dates, hours, plurals, lists and typography; pure functions, the templates' filters."""

import re
from collections.abc import Sequence
from datetime import date, datetime, time

from ..domain.explain_dates import long_date

NBSP = "\u00a0"
THIN = "\u202f"

_LISTED = 7

# Each pattern begins where a run begins, so that a long run is read once.
_ADDRESS = re.compile(r"((?<!\S)\S*?://\S*)")
_RULES = (
    (re.compile(r"(?<=\w)'(?=\w)"), "’"),
    (re.compile(r"(?<![ \u00a0])[ \u00a0]+(?=[;!?])"), THIN),
    (re.compile(r"(?<! ) +(?=[:»])"), NBSP),
    (re.compile(r"(?<=«) +"), NBSP),
    (re.compile(r"(?<=n°) +(?=\S)"), NBSP),
)


class Timed(date):
    """A date that has an hour in the house: both ways of writing a date then say it."""

    hour: str

    @classmethod
    def at(cls, day: date, hour: str) -> "Timed":
        """Give a day and its hour, an ISO time such as 14:30."""
        found = cls(day.year, day.month, day.day)
        found.hour = hour
        return found


def date_longue(day: date) -> str:
    """Write a date in full, "vendredi 1er janvier 2027"; raises TypeError on anything but a date."""
    _civil(day)
    return f"{long_date(day)}{_hour_of(day)}"


def date_courte(day: date) -> str:
    """Write a date in figures, "15/01/2027"; raises TypeError on anything but a date."""
    _civil(day)
    return f"{day.day:02}/{day.month:02}/{day.year:04}{_hour_of(day)}"


def heure(value: str | time) -> str:
    """Write an hour of the day, "14 h 30" or "9 h"; raises ValueError on what is not an ISO time."""
    moment = value if isinstance(value, time) else _time(_text(value))
    minutes = f"{NBSP}{moment.minute:02}" if moment.minute else ""
    return f"{moment.hour}{NBSP}h{minutes}"


def pluriel(count: int, singular: str, plural: str) -> str:
    """Write a count and its noun, "1 jour", "2 jours"; zero is singular in French."""
    return f"{_whole(count)}{NBSP}{_text(singular) if abs(count) < 2 else _text(plural)}"


def relatif(days: int) -> str:
    """Write how far a day is: "dans 30 jours", "demain", "aujourd’hui", "hier", "il y a 3 jours"."""
    near = {-1: "hier", 0: "aujourd’hui", 1: "demain"}
    counted = pluriel(abs(_whole(days)), "jour", "jours")
    return near.get(days) or (f"dans {counted}" if days > 0 else f"il y a {counted}")


def liste(items: Sequence[str]) -> str:
    """Write one "- " line per item, seven at most, then how many others there are (NOTICES §2.7)."""
    if not isinstance(items, list | tuple):
        raise TypeError(_wanted("a list", items))
    shown = [_text(item).strip() for item in items]
    hidden = len(shown[_LISTED:])
    if hidden:
        shown[_LISTED:] = [f"et {hidden} {'autre' if hidden == 1 else 'autres'}"]
    return f"{THIN};\n".join(f"- {line}" for line in shown) + ("." if shown else "")


def typographie(text: str) -> str:
    """Set the apostrophes and no-break spaces that French asks for, web addresses apart; adds no space."""
    pieces = _ADDRESS.split(text)
    for index in range(0, len(pieces), 2):
        for pattern, sign in _RULES:
            pieces[index] = pattern.sub(sign, pieces[index])
    return "".join(pieces)


def _hour_of(day: date) -> str:
    return f" à {heure(day.hour)}" if isinstance(day, Timed) else ""


def _time(text: str) -> time:
    try:
        return time.fromisoformat(text)
    except ValueError:
        raise ValueError("an ISO time is expected, such as 14:30") from None


def _civil(day: object) -> None:
    if not isinstance(day, date) or isinstance(day, datetime):
        raise TypeError(_wanted("a civil date", day))


def _whole(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(_wanted("a whole number", value))
    return value


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(_wanted("a text", value))
    return value


def _wanted(expected: str, value: object) -> str:
    """Name the type, never the value: errors are recorded and logged."""
    return f"{expected} is expected, not {type(value).__name__}"
