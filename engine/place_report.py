"""Who holds which place on a day, past or to come: read from the histories, and from what each house lists."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from ..domain.case import Case, Occurrence
from ..domain.errors import Reason
from ..domain.places import Outage, Place, Taken
from ..domain.texts import place_key
from ..domain.timeline import timeline
from ..domain.workflow import Workflow
from ..persistence import places as rows
from ..persistence.database import Connection
from .place_choice import Seeker, Stock, natural, people_of, seeker, unsuited
from .place_sight import place_of
from .place_spans import Span, holding
from .registry import Workflows
from .stored import case_of, dated_of, events_from

FREE, OUT = "free", "out_of_use"
HELD = ("promised", "occupied", "kept", "to_free")
Slot = tuple[str, str]
"""The kind of a place and the key of its name."""


@dataclass(frozen=True, slots=True)
class Standing:
    """One place on one day: its state, the case that holds it, since when, and what is expected of it.

    `arrival` and `departure` are dates that someone waits for, never a promise that the place will be free. `listed`
    is false for a name that the house has not listed, `exists` where it has the place that day; `people` live there, or
    are expected. `unsuited` says why it does not suit the case that holds it, from today on: what a case was on a past
    day is not asked.
    """

    establishment: str
    kind: str
    name: str
    state: str
    unit: str | None = None
    room: str | None = None
    size: int = 1
    programmes: tuple[str, ...] = ()
    attributes: Mapping[str, Any] = field(default_factory=dict)
    case_id: int | None = None
    workflow: str | None = None
    since: date | None = None
    arrival: date | None = None
    departure: date | None = None
    outage: Outage | None = None
    listed: bool = True
    exists: bool = True
    people: int = 0
    unsuited: Reason | None = None

    @property
    def number(self) -> str | None:
        """Give the file number of the case that holds the place."""
        return None if self.case_id is None else f"D-{self.case_id:04d}"

    @property
    def beyond(self) -> bool:
        """Say whether someone holds a place that could not be given to them today: they stay, it is not taken again."""
        fine = self.listed and self.exists and self.outage is None and self.people <= self.size
        return self.case_id is not None and not fine


@dataclass(frozen=True, slots=True)
class Totals:
    """The places of a kind in a unit of a house on a day, counted.

    `capacity` counts the places that can be used that day, `out_of_use` those that the house has and cannot use,
    `beyond` those that are held all the same though they can no longer be given.
    """

    establishment: str
    kind: str
    unit: str | None
    on: date
    capacity: int = 0
    free: int = 0
    promised: int = 0
    occupied: int = 0
    kept: int = 0
    to_free: int = 0
    out_of_use: int = 0
    beyond: int = 0


@dataclass(frozen=True, slots=True)
class Occupancy:
    """Every place of some houses on a day, and its totals by unit."""

    places: tuple[Standing, ...]
    totals: tuple[Totals, ...]

    def whole(self) -> tuple[Totals, ...]:
        """Give the totals of each kind in each house, all units together."""
        days = {one.establishment: one.on for one in self.totals}
        found: dict[tuple[str, str], list[Standing]] = {}
        for place in self.places:
            found.setdefault((place.establishment, place.kind), []).append(place)
        return tuple(_counted(house, kind, None, days[house], some) for (house, kind), some in found.items())


@dataclass(frozen=True, slots=True)
class Holder:
    """A case that holds a place on a day, and the dates that are open on it."""

    case: Case
    workflow: Workflow
    span: Span
    dates: Sequence[Occurrence] = ()


def standing_of(
    connection: Connection, workflows: Workflows, house: str, day: date, today: date, kind: str | None
) -> Occupancy:
    """Tell the places of a house on a day; after today, who is there stays, and what is planned of the places is so."""
    held = holders(connection, workflows, house, min(day, today), expected=day >= today)
    listed = list(listed_places(connection, house, kind))
    why = _unsuited(listed, held) if day >= today else {}
    places = sorted(_places(house, day, kind, held, listed, why), key=_order)
    units: dict[tuple[str, str | None], list[Standing]] = {}
    for place in places:
        units.setdefault((place.kind, place.unit), []).append(place)
    totals = (_counted(house, named, unit, day, some) for (named, unit), some in units.items())
    return Occupancy(tuple(places), tuple(totals))


def holders(
    connection: Connection, workflows: Workflows, house: str, day: date, *, expected: bool
) -> dict[Slot, Holder]:
    """Find who holds a place of a house on a day, as the histories tell it, by kind and key of the place."""
    found: dict[Slot, Holder] = {}
    ids = rows.holders_on(connection, [house], day)
    cases = [
        (row, workflows.rules(connection, row.workflow, row.version).workflow)
        for row in rows.read_cases(connection, ids)
    ]
    named = {known.place.fact for _, known in cases if known.place is not None}
    lines, sealed = (
        _by_case(rows.read_acts(connection, ids)),
        _by_case(rows.read_sealed(connection, ids, sorted(named))),
    )
    dates = _by_case(rows.open_dates(connection, ids)) if expected else {}
    for row, workflow in cases:
        beside = {(value.seq, value.name): value for value in sealed.get(row.id, ())}
        span = holding(workflow, timeline(events_from(lines.get(row.id, ()), beside, workflow)), day)
        if span is not None and workflow.place is not None:
            items = [dated_of(one).item for one in dates.get(row.id, ())]
            found[workflow.place.kind, place_key(span.place)] = Holder(
                case_of(row, workflow), workflow, span, items
            )
    return found


def _by_case(lines: Iterable[Any]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for line in lines:
        found.setdefault(line.case_id, []).append(line)
    return found


def listed_places(connection: Connection, house: str, kind: str | None = None) -> Iterator[Place]:
    """Read the places that a house has ever listed, each with the days on which it is out of use."""
    outages: dict[int, list[Outage]] = {}
    for row in rows.outages_of_house(connection, house):
        outages.setdefault(row.place_id, []).append(Outage(row.since, row.until, row.reason))
    for row in rows.read_places(connection, house, kind):
        yield place_of(row, outages.get(row.id, ()))


def _places(
    house: str, day: date, kind: str | None, held: Mapping[Slot, Holder], listed: Sequence[Place],
    why: Mapping[Slot, Reason],
) -> Iterator[Standing]:  # fmt: skip
    left = dict(held)
    for place in listed:
        slot = (place.kind, place_key(place.name))
        holder = left.pop(slot, None)
        if place.exists(day) or holder is not None:
            yield _listed(house, place, day, holder, why.get(slot))
    for (named, _), holder in left.items():
        if kind is None or named == kind:
            yield Standing(house, named, holder.span.place, holder.span.status, listed=False, **_told(holder))


def _unsuited(listed: Sequence[Place], held: Mapping[Slot, Holder]) -> dict[Slot, Reason]:
    """Say of each place that is held why it suits no more, if so, beside those who are in the room with it."""
    seekers = {
        slot: one for slot, holder in held.items()
        if (one := seeker(holder.workflow, holder.case.id, holder.case.facts)) is not None
    }  # fmt: skip
    stocks: dict[str, Stock] = {}
    found: dict[Slot, Reason] = {}
    for slot, seeking in seekers.items():
        if not seeking.rule.fits:
            continue
        kind, key = slot
        if kind not in stocks:
            stocks[kind] = _stock(kind, listed, held, seekers)
        reason = unsuited(stocks[kind], seeking, key)
        if reason is not None:
            found[slot] = reason
    return found


def _stock(
    kind: str, listed: Sequence[Place], held: Mapping[Slot, Holder], seekers: Mapping[Slot, Seeker]
) -> Stock:
    taken = {
        slot[1]: Taken(slot[1], seeking.case_id, held[slot].span.status, held[slot].span.since, seeking.facts)
        for slot, seeking in seekers.items() if slot[0] == kind
    }  # fmt: skip
    return Stock({place_key(place.name): place for place in listed if place.kind == kind}, taken)


def _listed(house: str, place: Place, day: date, holder: Holder | None, why: Reason | None) -> Standing:
    outage = place.outage(day)
    state = holder.span.status if holder is not None else OUT if outage is not None else FREE
    return Standing(
        house, place.kind, place.name, state, place.unit, place.room, place.size, place.programmes, place.attributes,
        outage=outage, exists=place.exists(day), unsuited=why, **(_told(holder) if holder is not None else {}),
    )  # fmt: skip


def _told(holder: Holder) -> dict[str, Any]:
    kind = holder.workflow.place
    leaves = kind.leaves if kind is not None else ()
    comes = _arriving(holder.workflow) if holder.span.status in ("promised", "kept") else ()
    return {
        "case_id": holder.case.id, "workflow": holder.case.workflow, "since": holder.span.status_since,
        "departure": _first(holder.dates, leaves), "arrival": _first(holder.dates, comes),
        "people": people_of(holder.workflow, holder.case.facts),
    }  # fmt: skip


def _arriving(workflow: Workflow) -> list[str]:
    """Name the deadlines that an act which occupies the place meets."""
    acts = {name for name, action in workflow.actions.items() if action.place == "occupy"}
    return [
        name for name, rule in workflow.deadlines.items() if any(meet.act in acts for meet in rule.met_by)
    ]


def _first(dates: Sequence[Occurrence], names: Iterable[str]) -> date | None:
    wanted = set(names)
    days = [one.due_on for one in dates if one.name in wanted and one.suspended_on is None]
    return min((day for day in days if day != date.max), default=None)


def _order(place: Standing) -> tuple[Any, ...]:
    return (place.kind, *(natural(text or "") for text in (place.unit, place.room, place.name)))


def _counted(house: str, kind: str, unit: str | None, day: date, places: Sequence[Standing]) -> Totals:
    counts = {state: sum(one.state == state for one in places) for state in (FREE, *HELD)}
    usable = sum(one.listed and one.exists and one.outage is None for one in places)
    out = sum(one.listed and one.exists and one.outage is not None for one in places)
    beyond = sum(one.beyond for one in places)
    return Totals(house, kind, unit, day, usable, out_of_use=out, beyond=beyond, **counts)
