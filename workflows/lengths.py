"""What a length of time must be at its place: only days, hours too, one that moves on, a rhythm of the calendar."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from ..domain.delay import Delay
from ..domain.errors import InputError
from ..domain.rhythms import Rhythm
from .report import shown


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a place takes: a delay `forward`, with `hours`, in `months`, or a `rhythm` of the calendar in its stead."""

    forward: bool = False
    hours: bool = False
    months: bool = True
    rhythm: bool = False


DAYS = Wanted()
"""A delay in civil or working days, months or years, either way."""
TIMED = Wanted(hours=True)
"""A delay that may be counted in hours too."""
ONWARD = Wanted(forward=True)
"""A delay that moves on: a period, a validity."""
SHORT = Wanted(forward=True, months=False)
"""A delay that moves on, in days or weeks."""
RHYTHM = Wanted(forward=True, rhythm=True)
"""A delay that moves on, or a rhythm of the calendar."""


def delay_fault(value: Any, wanted: Wanted = DAYS) -> str | None:
    """Say what keeps a value from being a delay of the kind wanted."""
    try:
        delay = Delay.parse(value)
    except InputError:
        return None if wanted.rhythm and is_rhythm(value) else _unreadable(value, wanted)
    if delay.hours and not wanted.hours:
        return f"« {value} » : ici un délai se compte en jours, pas en heures"
    if delay.hours and delay.working_days:
        return f"« {value} » : des heures et des jours ouvrés ne se comptent pas ensemble"
    if delay.months and not wanted.months:
        return f"« {value} » : ici un délai se compte en jours ou en semaines (P3D, P2B, P1W)"
    if wanted.forward and (min(delay.parts) < 0 or not any(delay.parts)):
        return f"« {value} » n’avance pas : il faut ici une durée d’au moins un jour"
    return None


def _unreadable(value: Any, wanted: Wanted) -> str:
    if wanted.rhythm:
        if before_end := before_end_fault(value):
            return before_end
        forms = "P14D, P1M, lundi, premier jeudi, dernier vendredi, le 15, fin de mois ou P5B avant la fin du mois"
        return f"rythme illisible « {shown(value)} » : on attend par exemple {forms}"
    hours = ", PT48H" if wanted.hours else ""
    return f"délai illisible « {shown(value)} » : on attend par exemple P8D, P2M, P1Y, P5B{hours} ou -P4M"


def before_end_fault(value: Any) -> str | None:
    """Say what keeps a text that counts from the end of the month from being a day of every month."""
    if not isinstance(value, str) or not value.strip().endswith("avant la fin du mois"):
        return None
    return (
        f"« {shown(value)} » : on compte avant la fin du mois des jours (27 au plus) ou des jours ouvrés (15 au plus), "
        "par exemple P5B avant la fin du mois"
    )


def is_delay(value: Any) -> bool:
    """Say whether a value is a delay."""
    try:
        Delay.parse(value)
    except InputError:
        return False
    return True


def is_rhythm(value: Any) -> bool:
    """Say whether a value is a rhythm of the calendar."""
    try:
        Rhythm.parse(value)
    except InputError:
        return False
    return True


def has_hours(value: Any) -> bool:
    """Say whether a value is a delay counted in hours."""
    return is_delay(value) and bool(Delay.parse(value).hours)


def years(delay: Delay) -> float:
    """Give about how long a delay is."""
    return (
        abs(delay.months) / 12
        + abs(delay.days) / 365.25
        + abs(delay.working_days) / 250
        + abs(delay.hours) / 8766
    )


def all_hours(values: Iterable[Any]) -> bool:
    """Say whether each of these values, if there are any, is counted in hours."""
    found = [has_hours(value) for value in values]
    return bool(found) and all(found)
