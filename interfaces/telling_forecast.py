"""What is to come, case by case and month by month: what is armed, what is supposed, and on what it rests."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from .. import InputError
from ..domain.explain_dates import long_date, long_delay
from .french import listed, plural, quoted, short_date
from .telling_pending import stands_still

KINDS = {"due": "échéance", "notice": "rappel", "act": "horloge", "task": "tâche"}
_KIND_WIDTH = max(map(len, KINDS.values()))
_STANDING_WIDTH = len("supposé")
_DAY_WIDTH = len("lun. 01  08:00")


def forecast_lines(found: Any, zones: Mapping[str, str]) -> Iterator[str]:
    """Tell a forecast; an empty one and one that was cut say so. `zones` are those of the houses."""
    until = long_date(found.until)
    if not found.items:
        yield f"Rien n’est prévu d’ici au {until}."
        return
    armed = sum(item.armed for item in found.items)
    yield (
        f"D’ici au {until} : {plural(armed, 'ligne prévue', 'lignes prévues')}, "
        f"{plural(len(found.items) - armed, 'supposée', 'supposées')}."
    )
    for _, items in groupby(found.items, key=lambda item: item.case_id):
        yield ""
        yield from _case(list(items), zones)
    if found.truncated:
        yield ""
    for cut in found.truncated:
        yield (
            f"Liste coupée : {cut.number}, {quoted(cut.label)} revient trop souvent pour être suivie jusque-là ; "
            "choisissez une date plus proche."
        )


def _case(items: Sequence[Any], zones: Mapping[str, str]) -> Iterator[str]:
    first = items[0]
    yield f"{first.number}  {first.state_label}, {first.establishment}"
    zone = ZoneInfo(zones[first.establishment])
    for (year, month), found in groupby(items, key=lambda item: (item.day.year, item.day.month)):
        yield f"  {_month(date(year, month, 1))}"
        for item in found:
            yield f"    {_line(item, zone)}"


def _line(item: Any, zone: ZoneInfo) -> str:
    """Write one thing: its day and hour, whether it is armed, what it is, on what it rests."""
    local = item.at.astimezone(zone) if item.at is not None else None
    hour = f"{local:%H:%M}" if local is not None else ""
    day = f"{_weekday(item.day)} {item.day.day:02}  {hour}"
    standing = "prévu" if item.armed else "supposé"
    columns = f"{day:{_DAY_WIDTH}}  {standing:{_STANDING_WIDTH}}  {KINDS[item.kind]:{_KIND_WIDTH}}  "
    return " ; ".join([columns + _what(item), *_beside(item)])


def _what(item: Any) -> str:
    """Say what comes: a date and who is to act, or a step of its ladder and what it does."""
    label = item.label if item.k == 1 else f"{item.label} ({item.k}ᵉ)"
    roles = listed(item.who_labels, "et")
    if item.kind == "due":
        who = listed(item.who_labels, "ou")
        return f"{label}, au tour de : {who}" if who else label
    does = listed(map(quoted, item.does_labels), "et", most=None)
    if item.kind == "notice":
        return f"{label} : message {does} à {roles}"
    if item.kind == "task":
        return f"{label} : tâche {does} pour {roles}"
    return f"{label} : {does}"


def _beside(item: Any) -> Iterator[str]:
    """Say what else matters: the legal date, what stands still or waits, what is supposed."""
    if item.kind == "due" and item.act_by is not None and item.act_by != item.due_on:
        yield f"la date elle-même est le {short_date(item.due_on)}"
    elif item.kind == "due" and item.legal_on != item.due_on:
        yield f"la règle donne le {short_date(item.legal_on)}"
    if item.suspended_on is not None:
        yield stands_still(item.suspended_on, max((item.due_on - item.suspended_on).days, 0))
    if item.waiting:
        yield "attend d’être possible"
    if item.assumptions:
        yield ", puis ".join(map(assumption_words, item.assumptions))


def assumption_words(one: Any) -> str:
    """Say in French what a foreseen date rests on."""
    return _WORDS[one.code](one.data)


def _rhythm(data: Mapping[str, Any]) -> str:
    every = str(data["every"])
    try:
        period = long_delay(every)
        often = f"chaque {period[2:]}" if period.startswith("1 ") else f"tous les {period}"
    except InputError:  # a rhythm of the calendar is words already
        often = f"à son rythme ({every})"
    return f"si {quoted(data['label'])} continue {often}"


_WORDS: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "clock_acts": lambda data: (
        f"si l’horloge agit comme prévu ({quoted(data['action_label'])} le {_day(data['on'])})"
    ),
    "renewed": lambda data: f"si l’acte {quoted(data['action_label'])} est fait le {_day(data['on'])}",
    "rhythm_continues": _rhythm,
    "state_remains": lambda data: f"si l’état reste {quoted(data['label'])}",
    "nothing_changes": lambda _: "si rien ne change",
}


def _day(text: str) -> str:
    return short_date(date.fromisoformat(text))


def _month(first: date) -> str:
    name = long_date(first).split()[2]
    return f"{name[0].upper()}{name[1:]} {first.year}"


def _weekday(day: date) -> str:
    return f"{long_date(day)[:3]}."
