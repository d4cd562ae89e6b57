"""When a step of a ladder came: as its rule says, unless the day is another; then how far it was.

A reminder that would fall on a closed day leaves on another: « le jour de l’échéance » would be false of it.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from .. import Event, InputError
from ..domain.calendars import Calendar
from ..domain.civil_dates import due as counted
from ..domain.deadline import Rung
from ..domain.delay import Delay
from ..domain.model import Setting
from ..domain.rhythms import Rhythm
from .french import plural

_FROM = {"due": "l’échéance", "legal": "la date légale", "anchor": "le point de départ"}
_ON = {
    "due": "le jour de l’échéance",
    "legal": "le jour de la date légale",
    "anchor": "le jour du point de départ",
}


@dataclass(frozen=True, slots=True)
class Bases:
    """The days from which the steps of a date are counted; its anchor where it is known."""

    due: date
    legal: date
    anchor: date | None = None


def bases_of(item: Any) -> Bases:
    """Give the days of a date as it stands."""
    return Bases(item.due_on, item.legal_on, item.anchor_on)


def bases_at(events: Iterable[Event], dates: Iterable[Any]) -> dict[int, Bases]:
    """Give, by its line, the days from which each step of a history was counted when it came.

    The history says where a date stood; its anchor is that of today, if the date has not moved since.
    """
    now = {(item.name, item.ordinal): item for item in dates}
    then: dict[tuple[str, int], Mapping[str, Any]] = {}
    found: dict[int, Bases] = {}
    for event in events:
        body = event.body
        key = (body.get("deadline", ""), body.get("ordinal", 0))
        if "rung" in body and key in then:
            due, item = _day(then[key]["due_on"]), now.get(key)
            legal = _day(then[key].get("legal_on", then[key]["due_on"]))
            found[event.seq] = Bases(due, legal, item.anchor_on if item and item.due_on == due else None)
        then.update(((one["deadline"], one["ordinal"]), one) for one in _dated(body))
    return found


def _dated(body: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    return (one for one in body.get("changes", ()) if "due_on" in one and "ordinal" in one)


def _day(text: str) -> date:
    return date.fromisoformat(text)


def said(says: str, when: str, rung: Rung, day: date, bases: Bases, defaults: Mapping[str, Any]) -> str:
    """Tell a step, which begins with `when`: as it is, or with the days that there truly were."""
    return (
        says if _true(rung, day, bases, defaults) else f"{_away(rung, day, bases)}{says.removeprefix(when)}"
    )


def _true(rung: Rung, day: date, bases: Bases, defaults: Mapping[str, Any]) -> bool:
    """Say whether a step came on the day that its rule names; what only a rule can say is not judged."""
    text = str(defaults.get(rung.delay.param) if isinstance(rung.delay, Setting) else rung.delay)
    if rung.every is not None or bases.due == date.max:
        return True
    if rung.base == "anchor" and bases.anchor is None:
        return rung.shift == "aucun" or _worked(text)
    try:
        return _worked(text) or day == _named(rung, text, bases)
    except (InputError, OverflowError):
        return True


def _worked(text: str) -> bool:
    """Say whether a delay ends where it says: hours are never moved, and working days end on one."""
    try:
        delay = Delay.parse(text)
    except InputError:
        return False
    return bool(delay.hours or delay.working_days)


def _named(rung: Rung, text: str, bases: Bases) -> date:
    if rung.base == "month":
        return Rhythm.parse(text).in_month(bases.due, Calendar())
    base: date = getattr(bases, rung.base)
    return counted(base, text)


def _away(rung: Rung, day: date, bases: Bases) -> str:
    name = rung.base if rung.base in _FROM and getattr(bases, rung.base) is not None else "due"
    days = (day - getattr(bases, name)).days
    if days == 0:
        return _ON[name]
    return f"{plural(abs(days), 'jour', 'jours')} {'avant' if days < 0 else 'après'} {_FROM[name]}"
