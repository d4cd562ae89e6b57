"""The steps of an occurrence: on which day, at which instant, and what each one does.

A reminder whose day is not worked leaves on the previous working day, an alert on the next (R15); an act of the
clock takes effect at the first hour of its civil day, and is never shifted.
"""

from collections.abc import Iterator, Mapping
from datetime import date, time
from typing import Any

from .case import Occurrence, PlannedRung
from .civil import instant
from .civil_dates import due
from .conditions import setting
from .context import House
from .delay import Delay
from .errors import InputError
from .workflow import Condition, Deadline, Rung

MIDNIGHT = time(0)
MOST_REPEATS = 5_000
LAPSE = "lapse"


def plan(
    rule: Deadline, item: Occurrence, house: House, parameters: Mapping[str, Any], today: date
) -> tuple[PlannedRung, ...]:
    """Give the steps that an open occurrence should have; a step that repeats is planned one beyond `today`."""
    rungs: list[PlannedRung] = []
    for rung in rule.ladder:
        if _applies(rung, item, parameters):
            rungs.extend(_rungs(rung, item, house, parameters, today))
    if item.lapses_on is not None:
        fire_at = instant(item.lapses_on, MIDNIGHT, house.timezone)
        rungs.append(PlannedRung(LAPSE, "lapse", item.lapses_on, fire_at, LAPSE))
    return tuple(rungs)


def _applies(rung: Rung, item: Occurrence, parameters: Mapping[str, Any]) -> bool:
    if rung.only == "last" and not item.last:
        return False
    if rung.only == "first" and item.k != 1:
        return False
    return rung.when is None or _allowed(rung.when, parameters)


def _allowed(condition: Condition, parameters: Mapping[str, Any]) -> bool:
    value = parameters.get(condition.param or "")
    return bool(value) is condition.is_ if isinstance(condition.is_, bool) else value == condition.equals


def _rungs(
    rung: Rung, item: Occurrence, house: House, parameters: Mapping[str, Any], today: date
) -> Iterator[PlannedRung]:
    base = item.due_on if rung.base == "due" else item.anchor_on
    delay = Delay.parse(str(setting(rung.delay, parameters)))
    hour = _hour(rung, house)
    every = Delay.parse(str(setting(rung.every, parameters))) if rung.every is not None else None
    for number in range(MOST_REPEATS if every else 1):
        whole = delay.plus(every.times(number)) if every else delay
        try:
            day = due(base, whole, shift=rung.shift, calendar=house.calendar)
            fire_at = instant(day, hour, house.timezone)
        except InputError:
            return
        name = f"{rung.id}#{number}" if number else rung.id
        yield PlannedRung(name, rung.kind, day, fire_at, rung.id, rung.late)
        if day > today:
            return


def _hour(rung: Rung, house: House) -> time:
    """An act takes effect at the start of its day; a message waits for the house to open."""
    if rung.hour is not None:
        return time.fromisoformat(rung.hour)
    return MIDNIGHT if rung.kind == "act" else time.fromisoformat(house.opens)
