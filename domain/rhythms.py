"""Rhythms of the calendar, written as people say them: `premier jeudi`, `le 15`, `fin de mois`, `lundi`.

A rhythm gives dates that depend on nothing but the calendar; the day from which it runs does not count (R2), and a
date that a shift moves does not move the next ones (R12).
"""

import re
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Literal

from .arguments import refused
from .calendars import Calendar, step
from .civil_dates import add_months, unshifted
from .delay import Delay
from .errors import InputError

WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
MONTHS = (
    "janvier", "fevrier", "mars", "avril", "mai", "juin",
    "juillet", "aout", "septembre", "octobre", "novembre", "decembre",
)  # fmt: skip
_LONGEST_TEXT = 48
_RANKS = {
    "premier": 1, "1er": 1, "deuxieme": 2, "second": 2, "2e": 2, "troisieme": 3, "3e": 3, "quatrieme": 4, "4e": 4,
    "dernier": -1,
}  # fmt: skip
_RANK_WORDS = {1: "premier", 2: "deuxième", 3: "troisième", 4: "quatrième", -1: "dernier"}
_DAY = re.compile(r"le (0?[1-9]|[12][0-9]|3[01]|1er)")
_BEFORE_END = re.compile(r"(p[0-9a-z]+) avant la fin du mois")
_WEEK = 7
_MOST_DAYS, _MOST_WORKING_DAYS = 27, 15  # before the end of a month, so as to stay in it


@dataclass(frozen=True, slots=True)
class Rhythm:
    """A rhythm of the calendar: a weekday of each week, or a day of each month.

    `week` is each `weekday` (0 is Monday); `nth` the `rank`-th `weekday` of the month (-1 the last); `day` a
    day-number, or the last day of a month too short for it (R3); `end` the last day of the month, less `before`.
    """

    kind: Literal["week", "nth", "day", "end"]
    weekday: int = 0
    rank: int = 0
    day: int = 0
    before: Delay | None = None

    @staticmethod
    def parse(text: str) -> "Rhythm":
        """Read `lundi`, `premier jeudi`, `le 15`, `fin de mois`, `P5B avant la fin du mois`; raises InputError."""
        if not isinstance(text, str) or len(text) > _LONGEST_TEXT:
            raise refused("rhythm", text, "form", "a text such as « premier jeudi » is wanted")
        found = _parsed(" ".join(text.split()))
        if found is None:
            wanted = (
                "« lundi », « premier jeudi », « le 15 », « fin de mois » or « P5B avant la fin du mois »"
            )
            raise refused("rhythm", text, "form", f"{wanted} is wanted")
        return found

    def __str__(self) -> str:
        """Write the canonical text, which `parse` reads."""
        if self.kind == "week":
            return WEEKDAYS[self.weekday]
        if self.kind == "nth":
            return f"{_RANK_WORDS[self.rank]} {WEEKDAYS[self.weekday]}"
        if self.kind == "day":
            return f"le {'1er' if self.day == 1 else self.day}"
        return "fin de mois" if self.before is None else f"{self.before} avant la fin du mois"

    @property
    def monthly(self) -> bool:
        """Say whether it gives one date each month."""
        return self.kind != "week"

    def in_month(self, day: date, calendar: Calendar) -> date:
        """Give the date of the month in which a day falls; raises InputError for a weekly rhythm."""
        if not self.monthly:
            raise refused("rhythm", str(self), "weekly", "a day of the month is wanted")
        first = day.replace(day=1)
        if self.kind == "nth" and self.rank > 0:
            return step(first, (self.weekday - first.weekday()) % _WEEK + _WEEK * (self.rank - 1))
        if self.kind == "day":
            return add_months(date(2000, 1, self.day), _months_between(date(2000, 1, 1), first)).day
        last = add_months(date(2000, 1, 31), _months_between(date(2000, 1, 1), first)).day
        if self.kind == "nth":
            return step(last, -((last.weekday() - self.weekday) % _WEEK))
        return last if self.before is None else unshifted(last, self.before.times(-1), calendar)

    def after(self, day: date, calendar: Calendar) -> Iterator[date]:
        """Give its dates after a day, that day not counted, up to the end of the calendar."""
        try:
            if self.kind == "week":
                found = step(day, (self.weekday - day.weekday() - 1) % _WEEK + 1)
                while True:
                    yield found
                    found = step(found, _WEEK)
            month = day.replace(day=1)
            while True:
                found = self.in_month(month, calendar)
                if found > day:
                    yield found
                month = add_months(month, 1).day
        except InputError:
            return


def _months_between(start: date, end: date) -> int:
    return (end.year - start.year) * 12 + end.month - start.month


def plain_words(text: str) -> str:
    """Write a text without capitals nor accents, as names of months and days are compared."""
    spread = unicodedata.normalize("NFKD", text.lower())
    return "".join(char for char in spread if not unicodedata.combining(char))


@lru_cache(maxsize=256)
def _parsed(text: str) -> Rhythm | None:
    plain = plain_words(text)
    rank, _, weekday = plain.rpartition(" ")
    if weekday in WEEKDAYS:
        number = WEEKDAYS.index(weekday)
        if not rank or rank == "chaque":
            return Rhythm("week", number)
        return Rhythm("nth", number, _RANKS[rank]) if rank in _RANKS else None
    if found := _DAY.fullmatch(plain):
        return Rhythm("day", day=1 if found[1] == "1er" else int(found[1]))
    if plain == "fin de mois":
        return Rhythm("end")
    if found := _BEFORE_END.fullmatch(plain):
        return _before_end(found[1].upper())
    return None


def _before_end(text: str) -> Rhythm | None:
    try:
        before = Delay.parse(text)
    except InputError:
        return None
    within = 0 <= before.days <= _MOST_DAYS and 0 <= before.working_days <= _MOST_WORKING_DAYS
    one = not (before.days and before.working_days)
    return Rhythm("end", before=before) if within and one and not (before.months or before.hours) else None


def kept(dates: Iterator[date], not_in: Collection[int]) -> Iterator[date]:
    """Leave out the dates that fall in certain months."""
    return (day for day in dates if day.month not in not_in)
