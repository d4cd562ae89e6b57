"""The steps of an occurrence: on which day, at which instant, and what each one does.

A reminder whose day is not worked leaves on the previous working day, an alert on the next (R15); an act of the
clock takes effect at the first hour of its civil day, and is never shifted. A step counted in hours fires at its
instant, whatever the day.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from .calendars import Calendar, as_shift, step, worked
from .case import Occurrence, PlannedRung
from .civil import MIDNIGHT, instant
from .civil_dates import due
from .condition import Condition
from .context import House
from .deadline import Deadline, Rung
from .delay import Delay
from .errors import InputError
from .question import setting
from .rhythms import Rhythm
from .timeline import Entry
from .tracks import PILE_UP

MOST_REPEATS = 1_000
"""Of a step that repeats, no more than this are caught up: older ones have fired, or no longer matter."""
LAPSE = "lapse"


def plan(
    rule: Deadline, item: Occurrence, house: House, parameters: Mapping[str, Any], today: date
) -> tuple[PlannedRung, ...]:
    """Give the steps that an open occurrence should have; a step that repeats is planned one beyond `today`.

    While its clock stands still it has none.
    """
    if item.suspended_on is not None:
        return ()
    ends_on = None if rule.meets in PILE_UP else item.lapses_on
    planner = _Planner(item, house, house.calendar_of(rule.due.calendar), parameters, today, ends_on)
    rungs: list[PlannedRung] = []
    for rung in rule.ladder:
        if _applies(rung, item, parameters):
            rungs.extend(planner.rungs(rung))
    if item.lapses_on is not None and item.lapses_on != date.max:
        fire_at = instant(item.lapses_on, MIDNIGHT, house.timezone)
        rungs.append(PlannedRung(LAPSE, "lapse", item.lapses_on, fire_at, LAPSE))
    return tuple(rungs)


def answered_on(rung: Rung, item: Occurrence, day: date) -> date:
    """Give the day of which an act of the clock is, whose rung has a day: a silence answers on the last of its delay.

    That last day is over when the act is played: of what is played together, it comes before what begins that day.
    """
    return item.due_on if rung.effective == "due" else day


def of_effect_on(rung: Rung, item: Occurrence, day: date, acts: Iterable[Entry]) -> date:
    """Give the day on which an act of the clock takes effect, after the acts that were taken.

    Not before the last change of state; nor before the act that told what the date counts from.
    """
    floors = (entry.on for entry in acts if entry.target or entry.seq == item.source.seq)
    return max(answered_on(rung, item, day), *floors, date.min)


def _applies(rung: Rung, item: Occurrence, parameters: Mapping[str, Any]) -> bool:
    if rung.only == "last" and not item.last:
        return False
    if rung.only == "first" and item.k != 1:
        return False
    return rung.when is None or _allowed(rung.when, parameters)


def _allowed(condition: Condition, parameters: Mapping[str, Any]) -> bool:
    value = parameters.get(condition.param or "")
    return bool(value) is condition.is_ if isinstance(condition.is_, bool) else value == condition.equals


@dataclass(frozen=True, slots=True)
class _Planner:
    """Lays out the steps of one occurrence."""

    item: Occurrence
    house: House
    calendar: Calendar
    parameters: Mapping[str, Any]
    today: date
    ends_on: date | None

    def rungs(self, rung: Rung) -> Iterator[PlannedRung]:
        """Give a step, and its last repetitions up to one beyond today."""
        if rung.every is None:
            if (planned := self._rung(rung, 0)) is not None:
                yield planned
            return
        first_to_come = self._to_come(rung)
        for number in range(max(first_to_come - MOST_REPEATS, 0), first_to_come + 1):
            planned = self._rung(rung, number)
            if planned is None:
                return
            yield planned

    def _to_come(self, rung: Rung) -> int:
        """Count the repetitions up to today: those of an old date are too many to be looked at one by one."""

        def over(number: int) -> bool:
            planned = self._rung(rung, number)
            return planned is None or planned.day > self.today

        reach = 1
        while not over(reach - 1):
            reach *= 2
        return bisect_left(range(reach), True, key=over)

    def _rung(self, rung: Rung, number: int) -> PlannedRung | None:
        """Give a step, or one of its repetitions; none where its day leaves the calendar or the date's period."""
        more = Delay.parse(self._set(rung.every)).times(number) if number else None
        try:
            day, fire_at = self._when(rung, more)
        except (InputError, OverflowError):
            return None
        if self.ends_on is not None and day >= self.ends_on:
            return None
        name = f"{rung.id}#{number}" if number else rung.id
        return PlannedRung(name, rung.kind, day, fire_at, rung.id, rung.late)

    def _when(self, rung: Rung, more: Delay | None) -> tuple[date, datetime]:
        text = self._set(rung.delay)
        if rung.base == "month":
            found = Rhythm.parse(text).in_month(self.item.due_on, self.calendar)
            day = worked(found, as_shift(rung.shift), self.calendar)
            return day, self._at(day, rung)
        delay = Delay.parse(text) if more is None else Delay.parse(text).plus(more)
        if "T" in text:
            return self._by_the_hour(rung, delay)
        day = due(self._base(rung), delay, shift=rung.shift, calendar=self.calendar)
        return day, self._at(day, rung)

    def _by_the_hour(self, rung: Rung, delay: Delay) -> tuple[date, datetime]:
        """Count months and days on the calendar, then hours as they pass from the instant of the date."""
        known = self.item.anchor_at if rung.base == "anchor" else self.item.due_at
        whole = Delay(delay.months, delay.days)
        if known is None or any(whole.parts):
            zone = ZoneInfo(self.house.timezone)
            hour = known.astimezone(zone).time() if known is not None else MIDNIGHT
            known = instant(due(self._base(rung), whole), hour, self.house.timezone)
        fire_at = known + timedelta(hours=delay.hours)
        return fire_at.astimezone(ZoneInfo(self.house.timezone)).date(), fire_at

    def _base(self, rung: Rung) -> date:
        if rung.base == "anchor":
            return step(self.item.anchor_on, self._postponed_by())
        return self.item.legal_on if rung.base == "legal" else self.item.due_on

    def _postponed_by(self) -> int:
        """Count the days by which someone postponed the date: what is counted from its anchor moves as much."""
        before = self.item.postponed_from
        return 0 if before is None else (self.item.due_on - before).days

    def _at(self, day: date, rung: Rung) -> datetime:
        """An act takes effect at the start of its day; a message waits for the house to open."""
        if rung.hour is not None:
            hour = time.fromisoformat(rung.hour)
        else:
            hour = MIDNIGHT if rung.kind == "act" else time.fromisoformat(self.house.opens)
        return instant(day, hour, self.house.timezone)

    def _set(self, value: Any) -> str:
        return str(setting(value, self.parameters))
