"""Delays, the days of reminders and shifts, each changed in every way that could be seen."""

from collections.abc import Iterator
from typing import Any

from ..domain.delay import Delay
from ..domain.errors import InputError
from .mutation import Mutation, Place

SHIFTS = ("aucun", "suivant", "precedent")
_UNITS = (("months", 30, "days"), ("days", 1, "working_days"), ("working_days", 1, "days"))
_DIRECTION = {1: "suivant", -1: "precedent"}


def durations(plain: dict[str, Any]) -> Iterator[Mutation]:
    """Delays written or set: of deadlines, of tasks, of documents."""
    for name, parameter in plain["parameters"].items():
        yield from longer("duration", parameter["default"], ("parameters", name, "default"))
    for name, rule in plain["deadlines"].items():
        due, place = rule["due"], ("deadlines", name, "due")
        after = due["after"]
        yield from longer("duration", after, (*place, "after"), due["shift"])
        if isinstance(after, dict):
            for part in ("cases", "until"):
                for key, value in after.get(part, {}).items():
                    yield from longer("duration", value, (*place, "after", part, key))
            yield from longer("duration", after.get("then"), (*place, "after", "then"))
        for key in ("every", "cap"):
            yield from longer("duration", due[key], (*place, key))
    for section, key in (("tasks", "due"), ("documents", "valid")):
        for name, held in plain[section].items():
            yield from longer("duration", held[key], (section, name, key))


def longer(kind: str, value: Any, place: Place, shift: str = "aucun") -> Iterator[Mutation]:
    """One more, one less, twice as much, or the same number of another unit.

    A day after, moved to the next working day, is a working day after: that is no change.
    """
    delay = _delay(value)
    if delay is None:
        return
    for other in _others(delay):
        if not (shift == _DIRECTION.get(_one_day(delay)) and _one_day(delay) == _one_day(other)):
            yield Mutation(kind, place, value, str(other))


def _one_day(delay: Delay) -> int:
    """Say whether a delay is one day, working or not, and in which direction."""
    return (
        delay.days + delay.working_days
        if abs(delay.days) + abs(delay.working_days) == 1 and not delay.months
        else 0
    )


def _delay(value: Any) -> Delay | None:
    if not isinstance(value, str) or not value.lstrip("-").startswith("P"):
        return None
    try:
        return Delay.parse(value)
    except InputError:
        return None


def _others(delay: Delay) -> Iterator[Delay]:
    if not any(delay.parts):
        yield from (Delay(days=1), Delay(days=-1))
        return
    names = ("months", "days", "working_days", "hours")
    parts = dict(zip(names, delay.parts, strict=True))
    name = next(key for key, number in parts.items() if number)
    for number in {parts[name] + 1, parts[name] - 1, parts[name] * 2} - {0}:
        yield Delay(**{**parts, name: number})
    for unit, times, other in _UNITS:
        if unit == name:
            yield Delay(**{**parts, unit: 0, other: parts[other] + parts[unit] * times})


def of_rung(
    plain: dict[str, Any], rule: dict[str, Any], rung: dict[str, Any], place: Place
) -> Iterator[Mutation]:
    """The day of a reminder, how often it comes back, and its shift where the day may not be worked."""
    yield from longer("rung", rung["delay"], (*place, "delay"), rung["shift"])
    yield from longer("rung", rung["every"], (*place, "every"))
    offset = _delay(_set(plain, rung["delay"]))
    settled = offset is not None and (
        bool(offset.working_days)
        or (not any(offset.parts) and rung["base"] == "due" and rule["due"]["shift"] != "aucun")
    )
    if not settled and rung["kind"] != "act":  # an act of the clock is never shifted
        yield from _shifted(rung["shift"], (*place, "shift"))


# -- shifts


def shifts(plain: dict[str, Any], rule: dict[str, Any], place: Place) -> Iterator[Mutation]:
    """The shift of a date, unless its delay is counted in working days."""
    due = rule["due"]
    counted = _delay(_set(plain, due["after"]))
    always_worked = counted is not None and counted.working_days and not due["franc"] and due["every"] is None
    if not always_worked:
        yield from _shifted(due["shift"], (*place, "due", "shift"))


def _shifted(value: str, place: Place) -> Iterator[Mutation]:
    for shift in SHIFTS:
        if shift != value:
            yield Mutation("shift", place, value, shift)


def _set(plain: dict[str, Any], value: Any) -> Any:
    """Give what a setting of the house is by default."""
    if isinstance(value, dict) and set(value) == {"param"}:
        return plain["parameters"][value["param"]]["default"]
    return value
