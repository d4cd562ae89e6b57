"""What an outage does to the messages of a deadline: which leave late, which do not, and why.

A message is late when its civil day is over as a pass comes to it. Acts, tasks and ends of periods are never late
enough to be dropped, nor is a message that is marked to be sent however late. Pure.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Any

from .calendars import Calendar
from .case import Occurrence
from .civil import MIDNIGHT, instant
from .civil_dates import due
from .context import House
from .deadline import CatchUp, Deadline
from .errors import InputError
from .ladder import plan
from .question import setting

NONE, LATEST, WITHIN = "late:none", "late:latest", "late:within"


def too_late(
    policy: CatchUp, day: date, today: date, parameters: Mapping[str, Any], calendar: Calendar
) -> str | None:
    """Give the code of why a message is dropped whatever else is due, or None where it may still leave."""
    if today <= day:
        return None
    if policy.mode == "none":
        return NONE
    if policy.mode == "within" and today > _last_day(policy, day, parameters, calendar):
        return WITHIN
    return None


def _last_day(policy: CatchUp, day: date, parameters: Mapping[str, Any], calendar: Calendar) -> date:
    try:
        return due(day, str(setting(policy.within, parameters)), calendar=calendar)
    except InputError:  # beyond the last date there is: never too late
        return date.max


def comes(fire_at: datetime, lapses_on: date | None, since: datetime, until: datetime, timezone: str) -> bool:
    """Say whether a message fires after an instant and by another, before its period is over."""
    if not since < fire_at <= until:
        return False
    return lapses_on is None or fire_at < _end(lapses_on, timezone)


def followed(
    rule: Deadline,
    items: Iterable[Occurrence],
    known: Mapping[str, Collection[str]],
    since: datetime,
    until: datetime,
    house: House,
    parameters: Mapping[str, Any],
    today: date,
) -> bool:
    """Say whether a deadline will have one more message, not planned yet, due after an instant and by another.

    `items` are its occurrences up to `today` as the acts stand, in order; `known` the rungs that are planned, by key
    of occurrence. What the clock does in between may prove it wrong.
    """
    began = since
    for item in items:
        if item.status in ("met", "void"):
            continue
        planned = known.get(item.key)
        for rung in plan(rule, item, house, parameters, today):
            # The ladder of an occurrence to come is planned as its period begins: what is past then is skipped.
            floor = since if planned is not None or rung.late == "send" else max(since, began)
            if rung.kind != "notice" or rung.id in (planned or ()):
                continue
            if comes(rung.fire_at, item.lapses_on, floor, until, house.timezone):
                return True
        if item.lapses_on is not None:
            began = _end(item.lapses_on, house.timezone)
    return False


def _end(lapses_on: date, timezone: str) -> datetime:
    return (
        datetime.max.replace(tzinfo=UTC) if lapses_on == date.max else instant(lapses_on, MIDNIGHT, timezone)
    )
