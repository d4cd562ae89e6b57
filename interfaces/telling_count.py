"""How a date was found: its arithmetic, what held it back, the days it was moved over, the day by which to act."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from .. import Delay, InputError
from ..domain.explain_dates import long_date, long_delay
from .french import listed, plural, quoted, short_date
from .telling import FAR, Teller
from .telling_pending import stands_still

_BEFORE = ("dated", "chosen", "renewed", "written")
"""What is said before the arithmetic; the rest held its result back, or moved it."""


def count_lines(told: Teller, why: Any) -> Iterator[str]:
    """Tell the arithmetic, what else counted, then the legal date where the date to act by is another."""
    if why.item.legal_on == date.max:
        yield f"Calcul : {FAR}"
        return
    notes = {note.code: note.data for note in why.notes}
    yield from (line for code in _BEFORE if code in notes for line in _note(told, code, notes[code]))
    yield f"Calcul : {_arithmetic(told, why, notes)}"
    if why.arithmetic is not None:
        yield from (f"  {reason}" for reason in why.arithmetic.reasons())
    if why.arithmetic is not None and notes.get("rhythm", {}).get("k", 1) > 1:
        yield f"  {_rhythm(notes['rhythm'])}"
    for code, data in notes.items():
        if code not in _BEFORE:
            yield from _note(told, code, data)
    yield from _shift(why)


def _arithmetic(told: Teller, why: Any, notes: Mapping[str, Any]) -> str:
    found, item = why.arithmetic, why.item
    if found is not None and found.delay == Delay():
        which = "la date écrite" if "written" in notes else "ce jour même"
        return f"{which}, {long_date(found.raw)}"
    if found is not None:
        return f"{found.rule()}, soit le {long_date(found.raw)}"
    if "rhythm" in notes:
        since = f"après le {long_date(item.anchor_on)}"
        return f"{_rhythm(notes['rhythm'])} {since}, soit le {long_date(item.legal_on)}"
    if item.anchor_at is not None and item.due_at is not None:
        delay = long_delay(item.delay)
        return f"{delay} après le {told.clock(item.anchor_at)}, soit le {told.clock(item.due_at)}"
    return f"{_said(item.delay)} après le {long_date(item.anchor_on)}, soit le {long_date(item.legal_on)}"


def _rhythm(data: Mapping[str, Any]) -> str:
    rank = "1re" if data["k"] == 1 else f"{data['k']}ᵉ"
    names = [long_date(date(2000, month, 2)).split()[2] for month in data["not_in"]]
    apart = f", sauf en {listed(names)}," if names else ""
    return f"{rank} date du rythme {quoted(_said(data['every']))}{apart}"


def _said(delay: str) -> str:
    try:
        return long_delay(delay)
    except InputError:
        return delay


def _shift(why: Any) -> Iterator[str]:
    """Name the closed days that a shift passed over, each with its holiday; then the day by which to act."""
    item = why.item
    if why.shifted is not None and why.shifted.moves and (why.arithmetic is None or not why.arithmetic.moves):
        yield from (f"  {reason}" for reason in why.shifted.reasons())
    due_on = item.postponed_from or item.due_on
    if due_on != item.legal_on:
        begins = "À faire" if item.postponed_from is None else "Sans le report décidé, à faire"
        yield f"{begins} pour le {long_date(due_on)} ; la règle donne le {long_date(item.legal_on)}"
    if why.before is not None and why.before.moves:
        yield f"La date reste le {long_date(item.due_on)}, mais il faut agir avant :"
        yield from (f"  {reason}" for reason in why.before.reasons())
        yield f"À faire pour le {long_date(why.before.due)}"


def _note(told: Teller, code: str, data: Mapping[str, Any]) -> Iterator[str]:
    """Say one thing that counted; the arithmetic says a rhythm and an hour."""
    match code:
        case "written":
            then = " ; la suite se compte d’elle" if data["counted"] else ""
            yield f"Une date écrite ({quoted(data['label'])}) tient lieu de calcul : {_day(data['on'])}{then}"
        case "renewed":
            yield _renewed(data)
        case "dated":
            yield _version(data)
        case "chosen":
            value = told.value(data["fact"], data["value"])
            yield f"Délai choisi par {quoted(data['label'])} ({value}) : {_said(data['delay'])}"
        case "capped":
            yield f"Plafond : {_said(data['cap'])} en tout ; la date ne dépasse pas le {_day(data['on'])}"
        case "cap":
            yield f"Plafond : {_said(data['cap'])} en tout, soit le {_day(data['on'])} au plus tard"
        case "restarted":
            because = _because(data["because"])
            yield f"Le délai recommence entier le {_day(data['on'])}, par {quoted(data['label'])}{because}"
        case "paused":
            added = plural(data["days"], "jour de suspension ajouté", "jours de suspension ajoutés")
            yield f"{added}{_because(' ; '.join(data['because']))}"
        case "suspended":
            still = stands_still(date.fromisoformat(data["on"]), data["remaining"])
            yield f"{still[0].upper()}{still[1:]}{_because(data['because'])}"
        case "season":
            yield f"Pas pendant {quoted(data['label'])}, jusqu’au {_day(data['until'])} ({data['basis']})"
        case "postponed":
            yield f"Reportée par décision : du {_day(data['due_on'])} au {_day(data['to'])}"


def _renewed(data: Mapping[str, Any]) -> str:
    """Say how often a period was renewed, and what that makes of its delay."""
    times = "une fois" if data["times"] == 1 else f"{data['times']} fois"
    if data.get("periods", 0) != data["times"] + 1:
        return f"Renouvelée {times}"  # from a written date, or up to what renewals may give
    return f"Renouvelée {times} : {data['periods']} fois {_said(data['delay'])} depuis le point de départ"


def _version(data: Mapping[str, Any]) -> str:
    """Say which version of a rule that changed was taken, and why."""
    since = f"depuis le {_day(data['since'])}" if data["since"] else ""
    until = f"jusqu’au {_day(data['until'])} non compris" if data["until"] else ""
    when = " et ".join(part for part in (since, until) if part)
    return (
        f"La règle a changé : {_said(data['delay'])} pour ce qui commence {when} ; "
        f"ce point de départ est le {_day(data['anchor_on'])}"
    )


def _because(text: str) -> str:
    return f" : {text}" if text else ""


def _day(text: str) -> str:
    return short_date(date.fromisoformat(text))
