"""Places told: a table by house and kind, the totals of each unit and of all, and who waits."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from ..domain.explain_dates import long_date
from ..domain.figures import plain_words
from .data import day, reasons_data
from .french import listed, plural, quoted, short_date

STATES = {
    "free": "libre", "promised": "promise", "occupied": "occupée", "kept": "gardée", "to_free": "à libérer",
    "out_of_use": "hors service",
}  # fmt: skip
HEADS = ("unité", "chambre", "place", "état", "dossier", "depuis", "attendu", "")
WAITING_HEADS = ("rang", "dossier", "depuis", "pourquoi ce rang", "libre et convient")

_COUNTED = (
    ("free", "libre", "libres"), ("promised", "promise", "promises"), ("occupied", "occupée", "occupées"),
    ("kept", "gardée", "gardées"), ("to_free", "à libérer", "à libérer"),
)  # fmt: skip


def heading(total: Any, houses: Mapping[str, str]) -> str:
    """Name a kind of place of a house, and the day that is told."""
    return f"{houses.get(total.establishment, total.establishment)}, {total.kind}, {long_date(total.on)}"


def place_row(place: Any) -> tuple[str, ...]:
    """Tell one place, cell by cell."""
    return (
        place.unit or "", place.room or "", place.name, STATES[place.state], place.number or "",
        short_date(place.since) if place.since else "", _expected(place), _note(place),
    )  # fmt: skip


def _expected(place: Any) -> str:
    found = (("arrivée", place.arrival), ("départ", place.departure))
    return listed(f"{word} le {short_date(when)}" for word, when in found if when is not None)


def _note(place: Any) -> str:
    notes = [_shut(place)] if place.outage is not None else []
    notes += [] if place.exists else ["n’existe plus"]
    notes += [] if place.listed else ["non déclarée"]
    notes += [f"ne convient plus ({_why(place.unsuited)})"] if place.unsuited is not None else []
    notes += [plural(place.size, "personne", "personnes")] if place.size > 1 else []
    notes += [name for name, value in sorted(place.attributes.items()) if value is True]
    notes += [
        f"{name} : {plain_words(value)}"
        for name, value in sorted(place.attributes.items())
        if not isinstance(value, bool)
    ]
    notes += [f"pour {listed(place.programmes, 'ou')}"] if place.programmes else []
    return " ; ".join(notes)


def _why(reason: Any) -> str:
    """Say in the words of the workflow why a place does not suit, and who is in the room with it."""
    text = str(reason.text).rstrip(".")
    beside = f", D-{reason.data['case']:04d}" if "case" in reason.data else ""
    return f"{text[:1].lower()}{text[1:]}{beside}"


def _shut(place: Any) -> str:
    """Say since when a place is out of use, until when, and why."""
    outage, what = place.outage, "" if place.state == "out_of_use" else "hors service "
    until = f" jusqu’au {short_date(outage.until)}" if outage.until is not None else ""
    return f"{what}depuis le {short_date(outage.since)}{until} ({outage.reason})"


def total_lines(whole: Any, units: Sequence[Any]) -> Iterator[str]:
    """Tell the totals of each unit where there are several, then those of all."""
    if len(units) > 1:
        for unit in units:
            yield f"{unit.unit or 'Sans unité'} : {total_words(unit)}"
    yield f"Total : {total_words(whole)}"


def total_words(total: Any) -> str:
    """Count places in a sentence: those that can be used, how each is held, and what is out of the count."""
    parts = [
        plural(getattr(total, name), one, many)
        for name, one, many in _COUNTED
        if getattr(total, name) or (name == "free" and total.capacity)
    ]
    told = [", ".join(parts)] if parts else []
    told += [f"{total.out_of_use} hors service"] if total.out_of_use else []
    told += [f"{plural(total.beyond, 'tenue', 'tenues')} au-delà"] if total.beyond else []
    usable = (
        plural(total.capacity, "place", "places") if total.capacity else "aucune place déclarée en service"
    )
    return f"{' ; '.join((usable, *told))}."


def waiting_row(one: Any) -> tuple[str, ...]:
    """Tell one who waits, cell by cell."""
    return str(one.rank), one.number, short_date(one.since), one.because, _suits(one)


def _suits(one: Any) -> str:
    if not one.listed:
        return "places non déclarées"
    return listed(one.free, "ou", most=3) if one.free else "aucune"


def changed_lines(change: Any, done: str) -> Iterator[str]:
    """Say what became of a place, and who stays there all the same."""
    yield f"Place {done} : {change.place.name} ({change.place.kind})."
    shut = change.place.closed_on is not None or change.place.outages
    if change.case_id is not None and shut:
        number = f"D-{change.case_id:04d}"
        yield f"Le dossier {number} la tient : la personne reste, la place ne sera pas donnée à un autre."


# -- JSON


def occupancy_data(found: Any) -> dict[str, Any]:
    """Describe who holds what."""
    return {
        "places": [_place_data(one) for one in found.places],
        "totals": [_total_data(one) for one in found.totals],
        "whole": [_total_data(one) for one in found.whole()],
    }


def change_data(change: Any) -> dict[str, Any]:
    """Describe a place as the house lists it, and who holds it all the same."""
    place, case = change.place, change.case_id
    return {
        "kind": place.kind, "unit": place.unit, "room": place.room, "name": place.name, "size": place.size,
        "programmes": list(place.programmes), "attributes": dict(place.attributes), "opened_on": day(place.opened_on),
        "closed_on": day(place.closed_on), "outages": [_outage_data(one) for one in place.outages],
        "case": case, "number": None if case is None else f"D-{case:04d}",
    }  # fmt: skip


def _outage_data(outage: Any) -> dict[str, Any]:
    return {"since": day(outage.since), "until": day(outage.until), "reason": outage.reason}


def _place_data(one: Any) -> dict[str, Any]:
    return {
        "establishment": one.establishment, "kind": one.kind, "unit": one.unit, "room": one.room, "name": one.name,
        "size": one.size, "programmes": list(one.programmes), "attributes": dict(one.attributes), "state": one.state,
        "case": one.case_id, "number": one.number, "workflow": one.workflow, "since": day(one.since),
        "arrival": day(one.arrival), "departure": day(one.departure), "listed": one.listed, "exists": one.exists,
        "beyond": one.beyond, "outage": None if one.outage is None else _outage_data(one.outage),
        "unsuited": None if one.unsuited is None else reasons_data([one.unsuited])[0],
    }  # fmt: skip


def _total_data(one: Any) -> dict[str, Any]:
    return {
        "establishment": one.establishment, "kind": one.kind, "unit": one.unit, "on": day(one.on),
        "capacity": one.capacity, "free": one.free, "promised": one.promised, "occupied": one.occupied,
        "kept": one.kept, "to_free": one.to_free, "out_of_use": one.out_of_use, "beyond": one.beyond,
    }  # fmt: skip


def waiting_data(one: Any) -> dict[str, Any]:
    """Describe who waits."""
    return {
        "rank": one.rank, "case": one.case_id, "number": one.number, "workflow": one.workflow, "state": one.state,
        "state_label": one.state_label, "since": day(one.since), "because": one.because,
        "values": {name: value.isoformat() if isinstance(value, date) else value for name, value in one.values.items()},
        "listed": one.listed, "free": list(one.free), "closed": reasons_data(one.closed),
    }  # fmt: skip


def kind_warning(kind: str, known: Sequence[str]) -> str:
    """Say that no workflow takes places of a kind."""
    all_ = listed(known) if known else "aucune"
    return f"Attention : aucun programme enregistré ne prend de place {quoted(kind)}. Sortes : {all_}."
