"""Dates told to people, in French: how each was found, and why it was moved."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from .arguments import civil_date, refused, whole_number
from .calendars import Calendar, as_calendar, as_shift, step, why_closed, worked
from .civil_dates import add_months, unshifted
from .delay import Delay, as_delay

LONGEST_SERIES = 10_000
_DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
_MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin",
    "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip


class Move(NamedTuple):
    """A day passed over, and in French why: `samedi`, `lundi de Pâques (férié)`…"""

    day: date
    reason: str

    def __str__(self) -> str:
        named = long_date(self.day)
        return named if self.reason in _DAYS else f"{named}, {self.reason}"


@dataclass(frozen=True, slots=True)
class Explanation:
    """One date and how it was found.

    `raw` is the date before the shift, `due` after it; `delay` is the whole delay, already multiplied by `k`.
    `clamped` says that a month was too short (R3). `skipped` holds the holidays and closures left out of a
    count of working days, weekends apart; `moves` every day that the shift passed over, in order.
    """

    anchor: date
    delay: Delay
    k: int
    franc: bool
    raw: date
    due: date
    clamped: bool
    skipped: tuple[Move, ...]
    moves: tuple[Move, ...]

    def rule(self) -> str:
        """Say the rule in French: `2 mois après le jeudi 31 décembre 2026`."""
        start = f"le {long_date(self.anchor)}"
        on = Delay(*(max(part, 0) for part in self.delay.parts))
        back = Delay(*(min(part, 0) for part in self.delay.parts))
        if on == back:
            return start
        if self.delay.backwards:
            return f"{long_delay(back)} avant {start}" + (f", plus {long_delay(on)}" if any(on.parts) else "")
        return f"{long_delay(on)} après {start}" + (f", moins {long_delay(back)}" if any(back.parts) else "")

    def reasons(self) -> tuple[str, ...]:
        """Say in French what makes the date other than the plain one: a short month, holidays, a shift."""
        return tuple(self._reasons())

    def _reasons(self) -> Iterator[str]:
        if self.clamped:
            short = add_months(self.anchor, self.delay.months).day
            month = f"{_MONTHS[short.month - 1]} {short.year}"
            yield f"le {self.anchor.day} {month} n’existe pas, dernier jour du mois"
        if self.skipped:
            yield f"non compté : {_listed(self.skipped)}"
        if self.franc:
            yield "délai franc, un jour de plus"
        if self.moves:
            moved = "reporté" if self.due > self.raw else "avancé"
            yield f"{moved} : {_listed(self.moves)}"

    def __str__(self) -> str:
        told = " — ".join(self.reasons())
        return f"{long_date(self.due)} ({told})" if told else long_date(self.due)


def explain(
    anchor: date,
    delay: Delay | str,
    *,
    k: int = 1,
    shift: str = "aucun",
    calendar: Calendar | str = "metropole",
    franc: bool = False,
) -> Explanation:
    """Find the same date as `due`, and keep how it was found; raises InputError."""
    rules, direction = as_calendar(calendar), as_shift(shift)
    start, whole = civil_date(anchor, "anchor"), as_delay(delay).times(k)
    raw = unshifted(start, whole, rules, franc=franc)
    found = worked(raw, direction, rules)
    return Explanation(
        anchor=start,
        delay=whole,
        k=k,
        franc=franc,
        raw=raw,
        due=found,
        clamped=add_months(start, whole.months).clamped,
        skipped=_skipped(start, whole, rules),
        moves=_passed(raw, found, rules),
    )


def series(
    anchor: date,
    delay: Delay | str,
    times: int,
    *,
    shift: str = "aucun",
    calendar: Calendar | str = "metropole",
    franc: bool = False,
) -> list[Explanation]:
    """Explain the occurrences 1 to `times`, each from the anchor (R8, R12); raises InputError."""
    if not 1 <= whole_number(times, "times") <= LONGEST_SERIES:
        raise refused("times", times, "range", f"a number from 1 to {LONGEST_SERIES} is wanted")
    ks = range(1, times + 1)
    return [explain(anchor, delay, k=k, shift=shift, calendar=calendar, franc=franc) for k in ks]


def _passed(start: date, end: date, calendar: Calendar) -> tuple[Move, ...]:
    """List every closed day from one date to another, the last apart."""
    direction = 1 if end > start else -1
    days = (step(start, direction * index) for index in range(abs((end - start).days)))
    return tuple(Move(day, reason) for day in days if (reason := why_closed(day, calendar)))


def _skipped(anchor: date, delay: Delay, calendar: Calendar) -> tuple[Move, ...]:
    if not delay.working_days:
        return ()
    start = unshifted(anchor, Delay(delay.months, delay.days), calendar)
    end = unshifted(anchor, delay, calendar)
    passed = _passed(start, end, calendar)
    return tuple(move for move in passed if move.day != start and move.reason not in _DAYS)


def long_date(day: date) -> str:
    """Write a date in French: `vendredi 15 janvier 2027`, `lundi 1er mars 2027`; raises InputError."""
    checked = civil_date(day, "day")
    number = "1er" if checked.day == 1 else str(checked.day)
    return f"{_DAYS[checked.weekday()]} {number} {_MONTHS[checked.month - 1]} {checked.year}"


def long_delay(delay: Delay | str) -> str:
    """Write a delay in French, without its direction: `1 an`, `2 mois et 15 jours`, `5 jours ouvrés`."""
    whole = as_delay(delay)
    years, months = (0, whole.months) if whole.months % 12 else (whole.months // 12, 0)
    parts = [
        (abs(years), "an", "ans"),
        (abs(months), "mois", "mois"),
        (abs(whole.days), "jour", "jours"),
        (abs(whole.working_days), "jour ouvré", "jours ouvrés"),
        (abs(whole.hours), "heure", "heures"),
    ]
    said = [f"{count} {many if count > 1 else one}" for count, one, many in parts if count]
    return " et ".join([", ".join(said[:-1]), said[-1]] if len(said) > 1 else said) or "0 jour"


def _listed(moves: tuple[Move, ...]) -> str:
    return " ; ".join(str(move) for move in moves)
