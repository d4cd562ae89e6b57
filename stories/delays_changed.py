"""Delays, the days of reminders and shifts, each changed in every way that could be seen."""

from collections.abc import Iterator
from dataclasses import dataclass
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
        landing = _set_landing(plain, name)
        yield from longer("duration", parameter["default"], ("parameters", name, "default"), landing)
    for name, rule in plain["deadlines"].items():
        due, place = rule["due"], ("deadlines", name, "due")
        after, landing, unshifted = due["after"], _landing(due), Landing(continuous=_continuous(due))
        yield from longer("duration", after, (*place, "after"), landing)
        if isinstance(after, dict):
            for part in ("cases", "until"):
                for key, value in after.get(part, {}).items():
                    yield from longer("duration", value, (*place, "after", part, key), unshifted)
            yield from longer("duration", after.get("then"), (*place, "after", "then"), unshifted)
        for key in ("every", "cap"):
            yield from longer("duration", due[key], (*place, key), unshifted)
    for name, task in plain["tasks"].items():
        yield from longer("duration", task["due"], ("tasks", name, "due"), OF_A_TASK)
    for name, paper in plain["documents"].items():
        yield from longer("duration", paper["valid"], ("documents", name, "valid"))


@dataclass(frozen=True, slots=True)
class Landing:
    """Where what a delay counts may land: its shift, and whether every day of the year is worked."""

    shift: str = "aucun"
    continuous: bool = False

    def is_same(self, delay: Delay, other: Delay) -> bool:
        """Say whether two delays give the same day, whatever the day they count from.

        Where every day is worked, a working day is a day. Elsewhere a day after, moved to the next working day, is a
        working day after.
        """
        if self.continuous:
            return _all_days(delay) == _all_days(other)
        return self.shift == _DIRECTION.get(_one_day(delay)) and _one_day(delay) == _one_day(other)


ANYWHERE = Landing()
OF_A_TASK = Landing("suivant")
"""A task is for a working day."""


def longer(kind: str, value: Any, place: Place, landing: Landing = ANYWHERE) -> Iterator[Mutation]:
    """One more, one less, twice as much, or the same number of another unit; nothing that gives the same days."""
    delay = _delay(value)
    if delay is None:
        return
    for other in _others(delay):
        if not landing.is_same(delay, other):
            yield Mutation(kind, place, value, str(other))


def _landing(due: dict[str, Any]) -> Landing:
    return Landing(due["shift"], _continuous(due))


def _continuous(due: dict[str, Any]) -> bool:
    return bool(due["calendar"] == "continu")


def _set_landing(plain: dict[str, Any], name: str) -> Landing:
    """Give where all the dates counted by a setting land, if it counts nothing else and they land alike."""
    here = {"param": name}
    landings = [_landing(rule["due"]) for rule in plain["deadlines"].values() if rule["due"]["after"] == here]
    landings += [OF_A_TASK for task in plain["tasks"].values() if task["due"] == here]
    alike = len(set(landings)) == 1 and len(landings) == _times(plain, here)
    return landings[0] if alike else ANYWHERE


def _times(value: Any, wanted: Any) -> int:
    if value == wanted:
        return 1
    held = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return sum(_times(inner, wanted) for inner in held)


def _all_days(delay: Delay) -> tuple[int, int, int]:
    return delay.months, delay.days + delay.working_days, delay.hours


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
    continuous = _continuous(rule["due"])
    yield from longer("rung", rung["delay"], (*place, "delay"), Landing(rung["shift"], continuous))
    yield from longer("rung", rung["every"], (*place, "every"), Landing(continuous=continuous))
    offset = _delay(_set(plain, rung["delay"]))
    on_the_date = offset is not None and not any(offset.parts) and rung["base"] == "due"
    settled = (
        continuous
        or (offset is not None and bool(offset.working_days or offset.hours))
        or (on_the_date and rule["due"]["shift"] != "aucun")
    )
    if not settled and rung["kind"] != "act":  # an act of the clock is never shifted
        yield from _shifted(rung["shift"], (*place, "shift"))


# -- shifts


def shifts(plain: dict[str, Any], rule: dict[str, Any], place: Place) -> Iterator[Mutation]:
    """The shift of a date, unless every day is worked or its delay is counted in working days."""
    due = rule["due"]
    counted = _delay(_set(plain, due["after"]))
    always_worked = counted is not None and counted.working_days and not due["franc"] and due["every"] is None
    if not always_worked and not _continuous(due):
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
