"""The date on which a delay ends: rules R1 to R4, R3b, R6 to R8, R11 and R13 of the date arithmetic."""

from datetime import date
from typing import NamedTuple

from .arguments import civil_date, refused
from .calendars import Calendar, as_calendar, as_shift, count_worked, step, worked
from .delay import Delay, as_delay

_MONTH_LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_LAST_MONTH = 9_999 * 12 + 11


def due(
    anchor: date,
    delay: Delay | str,
    *,
    k: int = 1,
    shift: str = "aucun",
    calendar: Calendar | str = "metropole",
    franc: bool = False,
) -> date:
    """Give the k-th date of a delay from its anchor, moved off closed days as `shift` says.

    `k` multiplies each part of the delay, always from the anchor (R8); `shift` is `aucun`, `suivant` or
    `precedent` (R11); a delay `franc` is one day longer (R3b). Raises InputError.
    """
    rules, direction = as_calendar(calendar), as_shift(shift)
    raw = unshifted(civil_date(anchor, "anchor"), as_delay(delay).times(k), rules, franc=franc)
    return worked(raw, direction, rules)


def unshifted(anchor: date, delay: Delay, calendar: Calendar, *, franc: bool = False) -> date:
    """Add months, then days, then working days, then the extra day of a delay franc (R2 to R4)."""
    if not isinstance(franc, bool):
        raise refused("franc", franc, "type", "a yes or a no is wanted")
    if delay.hours:
        raise refused("delay", str(delay), "hours", "hours count from an instant, not from a date")
    day = add_months(anchor, delay.months).day if delay.months else anchor
    if delay.days:
        day = step(day, delay.days)
    if delay.working_days:
        day = count_worked(day, delay.working_days, calendar)
    if franc:  # neither end counts, so a delay counted backwards ends one day earlier
        day = step(day, -1 if delay.backwards else 1)
    return day


class Reached(NamedTuple):
    """The day found some months away, and whether the month was too short for the day-number."""

    day: date
    clamped: bool


def add_months(anchor: date, months: int) -> Reached:
    """Keep the day-number, or take the last day of a month too short for it (R3); raises InputError."""
    target = anchor.year * 12 + anchor.month - 1 + months
    if not 12 <= target <= _LAST_MONTH:
        raise refused("anchor", anchor, "range", f"{months} months from here leave the years 1 to 9999")
    year, index = divmod(target, 12)
    last = _MONTH_LENGTHS[index]
    if index == 1 and year % 4 == 0 and (year % 100 != 0 or year % 400 == 0):
        last = 29
    if anchor.day > last:
        return Reached(date(year, index + 1, last), clamped=True)
    return Reached(date(year, index + 1, anchor.day), clamped=False)


def printed_last_day(anchor: date, delay: Delay | str, k: int = 1) -> date:
    """Give the day F of “du D au F”: the eve of the anniversary, or the clamped day if there is none (R13).

    Raises InputError when the period does not run forward.
    """
    first, whole = civil_date(anchor, "anchor"), as_delay(delay).times(k)
    end = unshifted(first, whole, as_calendar("metropole"))
    if end <= first:
        raise refused("delay", str(whole), "backwards", "a printed period runs forward")
    return end if add_months(first, whole.months).clamped else step(end, -1)
