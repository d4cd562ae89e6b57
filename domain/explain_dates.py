"""Dates told to people, in French: how each was found, and why it was moved."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import NamedTuple

from .arguments import civil_date, refused, whole_number
from .calendars import Calendar, as_calendar, as_shift, step, why_closed, worked
from .civil_dates import add_months, unshifted
from .delay import Delay, as_delay
from .errors import InputError
from .rhythms import Rhythm

LONGEST_SERIES = 10_000
_LONG_MONTH = 28  # every month has so many days
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

    `raw` is the date before the shift, `due` after it; `delay` is the whole delay, already multiplied by `k`, or
    `rhythm` the rhythm of which it is the k-th date.
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
    rhythm: Rhythm | None = None

    def rule(self) -> str:
        """Say the rule in French: `2 mois après le jeudi 31 décembre 2026`."""
        start = f"le {long_date(self.anchor)}"
        if self.rhythm is not None:
            number = "" if self.k == 1 else f", {self.k}ᵉ date"
            return f"{told_rhythm(self.rhythm)}, après {start}{number}"
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
        if self.clamped and self.rhythm is not None:
            yield f"{_MONTHS[self.raw.month - 1]} {self.raw.year} est trop court, dernier jour du mois"
        elif self.clamped:
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
    """Find the same date as `due`, and keep how it was found; raises InputError.

    In place of a delay, a rhythm of the calendar may be given: `premier jeudi`, `le 15`, `lundi`.
    """
    rules, direction = as_calendar(calendar), as_shift(shift)
    rhythm = _as_rhythm(delay)
    if rhythm is not None:
        return _of_rhythm(civil_date(anchor, "anchor"), rhythm, k, direction, rules)
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


def _as_rhythm(delay: Delay | str) -> Rhythm | None:
    """Read what is no delay as a rhythm, if it is one."""
    if isinstance(delay, str) and not delay.lstrip("-").startswith("P"):
        try:
            return Rhythm.parse(delay)
        except InputError:
            return None
    return _before_month_end(delay) if isinstance(delay, str) else None


def _before_month_end(text: str) -> Rhythm | None:
    return Rhythm.parse(text) if text.endswith("avant la fin du mois") else None


def _of_rhythm(start: date, rhythm: Rhythm, k: int, direction: int, calendar: Calendar) -> Explanation:
    if not 1 <= whole_number(k, "k") <= LONGEST_SERIES:
        raise refused("k", k, "rank", f"the dates of a rhythm are counted from 1 to {LONGEST_SERIES}")
    raw = next(islice(rhythm.after(start, calendar), k - 1, None), None)
    if raw is None:
        raise refused("k", k, "range", "so many periods leave the calendar")
    found = worked(raw, direction, calendar)
    short = rhythm.kind == "day" and raw.day != rhythm.day
    return Explanation(start, Delay(), k, False, raw, found, short, (), _passed(raw, found, calendar), rhythm)


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


def told_rhythm(rhythm: Rhythm) -> str:
    """Say the dates of a rhythm: `chaque lundi`, `chaque premier jeudi du mois`, `le 15 de chaque mois`."""
    if not rhythm.monthly:
        return f"chaque {rhythm}"
    if rhythm.kind == "nth":
        return f"chaque {rhythm} du mois"
    short = rhythm.kind == "day" and rhythm.day > _LONG_MONTH
    return f"{told_day(rhythm)} de chaque mois{', ou son dernier jour s’il est plus court' if short else ''}"


def told_day(rhythm: Rhythm) -> str:
    """Say the day of a month that a rhythm gives: `le premier lundi`, `le 15`, `le dernier jour`."""
    if rhythm.kind == "end" and rhythm.before is None:
        return "le dernier jour"
    if rhythm.before is not None:
        return f"{long_delay(rhythm.before)} avant la fin"
    return f"le {rhythm}" if rhythm.kind == "nth" else str(rhythm)


def _listed(moves: tuple[Move, ...]) -> str:
    return " ; ".join(str(move) for move in moves)
