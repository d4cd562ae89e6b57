"""Places: what a house lists, when each is out of use, who holds them on a day, and who waits."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from ..domain.arguments import recent_date, refused
from ..domain.errors import InputError, NotFound
from ..domain.places import Outage, Place
from ..domain.texts import looked_up, one_line, place_key
from ..persistence import people as houses
from ..persistence import places as rows
from ..persistence.database import Connection
from .acting import house_day
from .acts import By
from .people import as_house, establishment_of, row_of, seen_by
from .place_given import (
    given_attributes,
    given_day,
    given_kind,
    given_line,
    given_name,
    given_names,
    given_size,
    reversed_days,
)
from .place_report import Occupancy, Standing, Totals, listed_places, standing_of
from .place_sight import place_of
from .place_waiting import Waiting, waiting_list
from .registry import Workflows
from .world import World

__all__ = ["Occupancy", "Places", "Standing", "Totals", "Waiting"]

_REOPENED = "fermée"


@dataclass(frozen=True, slots=True)
class PlaceChange:
    """What became of a place, and the case that holds it all the same: whoever is there stays."""

    place: Place
    case_id: int | None = None


class Places:
    """Lists places and tells who holds them."""

    def __init__(self, world: World, workflows: Workflows) -> None:
        self._world = world
        self._workflows = workflows

    def add(
        self, establishment: str, name: str, *, kind: str, unit: str | None = None, room: str | None = None,
        size: int = 1, programmes: Iterable[str] = (), attributes: Mapping[str, Any] | None = None,
        opened_on: date | None = None, session: Any = None,
    ) -> PlaceChange:  # fmt: skip
        """List a place, or change what is said of it: what is left out returns to its default.

        `programmes` are the workflows that may take it, all unless said; `opened_on` is its first day, always unless
        said; after the day on which a closed place was closed, it opens it again. Raises NotFound, InputError.
        """
        given = Place(
            given_name(name), given_kind(kind), given_line(unit, "unit"), given_line(room, "room"), given_size(size),
            given_names(programmes), given_attributes(attributes), given_day(opened_on, "opened_on"),
        )  # fmt: skip
        key = place_key(given.name)
        with self._world.writing(session) as work:
            house = row_of(work.connection, establishment, lock=True).id
            for programme in given.programmes:
                if houses.read_version(work.connection, programme) is None:
                    raise NotFound("workflow", programme)
            before = rows.read_place(work.connection, house, given.kind, key)
            values = {**_values(given), "establishment_id": house, "place": key}
            if before is not None:
                values |= _reopened(work.connection, before, given.opened_on)
            rows.save_place(work.connection, None if before is None else before.id, values)
            return _change(work.connection, house, given.kind, key)

    def close(
        self, establishment: str, kind: str, name: str, *, on: date, session: Any = None
    ) -> PlaceChange:
        """Say that the house has not the place any more, from a day on; who is there stays.

        Raises NotFound, InputError for a day before its first.
        """
        day = recent_date(on, "on")
        with self._world.writing(session) as unit:
            house, row = _found(unit.connection, establishment, kind, name)
            if row.opened_on is not None and day < row.opened_on:
                raise reversed_days("on", day)
            rows.save_place(unit.connection, row.id, {"closed_on": day})
            return _change(unit.connection, house, row.kind, row.place)

    def out_of_use(
        self, establishment: str, kind: str, name: str, *, since: date, reason: str, until: date | None = None,
        session: Any = None,
    ) -> PlaceChange:  # fmt: skip
        """Say that a place cannot be taken from a day on, until another one included if it is known, and why.

        Raises NotFound, InputError for days that go backwards or that another outage has already.
        """
        first, last = recent_date(since, "since"), given_day(until, "until")
        why = one_line(reason, "reason")
        if not why.strip():
            raise refused("reason", reason, "blank", "a reason is wanted")
        if last is not None and last < first:
            raise reversed_days("until", last)
        with self._world.writing(session) as unit:
            house, row = _found(unit.connection, establishment, kind, name)
            for other in rows.outages_of(unit.connection, row.id):
                if (last is None or other.since <= last) and (other.until is None or first <= other.until):
                    raise InputError(
                        f"{row.name} is out of use already since {other.since}", argument="since",
                        value=other.since.isoformat(), problem="overlap",
                    )  # fmt: skip
            values = {"place_id": row.id, "since": first, "until": last, "reason": why.strip()}
            rows.save_outage(unit.connection, None, values)
            return _change(unit.connection, house, row.kind, row.place)

    def back(self, establishment: str, kind: str, name: str, *, on: date, session: Any = None) -> PlaceChange:
        """Say that a place can be taken again from a day on. Raises NotFound, InputError where it can be already."""
        day = recent_date(on, "on")
        with self._world.writing(session) as unit:
            house, row = _found(unit.connection, establishment, kind, name)
            covering = (one for one in rows.outages_of(unit.connection, row.id) if _outage(one).covers(day))
            outage = next(covering, None)
            if outage is None:
                raise InputError(
                    f"{row.name} is in use on {day}", argument="on", value=day.isoformat(), problem="in_use"
                )
            if outage.since == day:
                rows.drop_outage(unit.connection, outage.id)
            else:
                rows.save_outage(unit.connection, outage.id, {"until": day - timedelta(days=1)})
            return _change(unit.connection, house, row.kind, row.place)

    def list(
        self, establishment: str, *, kind: str | None = None, by: By = None, session: Any = None
    ) -> tuple[Place, ...]:
        """Give the places that a house has ever listed, in no order that counts. Raises NotFound."""
        with self._world.reading(session) as connection:
            house = _seen_house(connection, establishment, by, self._world.now())
            return tuple(listed_places(connection, house.id, None if kind is None else given_kind(kind)))

    def occupancy(
        self, establishment: str | None = None, *, on: date | None = None, kind: str | None = None, by: By = None,
        session: Any = None,
    ) -> Occupancy:  # fmt: skip
        """Tell every place on a day, today unless said: its state, who holds it, and the totals.

        A past day is read from the histories as they now stand; a day to come shows who is there now, and what is
        planned of the places. Raises NotFound, InputError.
        """
        at, on = self._world.now(), given_day(on, "on")
        kind = None if kind is None else given_kind(kind)
        found: list[Occupancy] = []
        with self._world.reading(session) as connection:
            if establishment is not None:
                known = [_seen_house(connection, establishment, by, at)]
            else:
                seen = seen_by(connection, by, at)
                known = [
                    row for row in houses.list_establishments(connection) if seen is None or row.id in seen
                ]
            for row in known:
                today = house_day(as_house(establishment_of(row)), at)
                found.append(standing_of(connection, self._workflows, row.id, on or today, today, kind))
        return Occupancy(
            tuple(place for one in found for place in one.places),
            tuple(total for one in found for total in one.totals),
        )

    def waiting(
        self, establishment: str, workflow: str | None = None, *, by: By = None, session: Any = None
    ) -> tuple[Waiting, ...]:
        """Give who waits in a house, in order, with the reason of each rank and what is free. Raises NotFound."""
        at = self._world.now()
        with self._world.reading(session) as connection:
            row = _seen_house(connection, establishment, by, at)
            if workflow is not None:
                self._workflows.rules(connection, workflow)
            today = house_day(as_house(establishment_of(row)), at)
            return tuple(waiting_list(connection, self._workflows, row.id, workflow, today))


# -- what is read


def _seen_house(connection: Connection, establishment: str, by: By, at: datetime) -> Any:
    row, seen = row_of(connection, establishment), seen_by(connection, by, at)
    if seen is not None and row.id not in seen:
        raise NotFound("establishment", establishment)
    return row


def _found(connection: Connection, establishment: str, kind: str, name: str) -> tuple[str, Any]:
    """Give a listed place, its house locked. Raises NotFound."""
    key = place_key(looked_up(name, "place"))
    house = row_of(connection, establishment, lock=True).id
    row = rows.read_place(connection, house, looked_up(kind, "place"), key)
    if row is None:
        raise NotFound("place", name)
    return house, row


def _outage(row: Any) -> Outage:
    return Outage(row.since, row.until, row.reason)


def _change(connection: Connection, house: str, kind: str, key: str) -> PlaceChange:
    row = rows.read_place(connection, house, kind, key)
    if row is None:
        raise NotFound("place", key)
    outages = [_outage(one) for one in rows.outages_of(connection, row.id)]
    return PlaceChange(place_of(row, outages), rows.holder_of(connection, house, kind, key))


def _values(place: Place) -> dict[str, Any]:
    return {
        "kind": place.kind, "name": place.name, "unit": place.unit, "room": place.room, "size": place.size,
        "programmes": list(place.programmes), "attributes": dict(place.attributes), "opened_on": place.opened_on,
        "closed_on": None,
    }  # fmt: skip


def _reopened(connection: Connection, before: Any, opened_on: date | None) -> dict[str, Any]:
    """Keep the day on which a place was closed; a later first day opens it again, out of use in between."""
    if before.closed_on is None or opened_on is None or opened_on < before.closed_on:
        return {"closed_on": before.closed_on}
    if before.closed_on < opened_on:
        gap = {"since": before.closed_on, "until": opened_on - timedelta(days=1), "reason": _REOPENED}
        rows.save_outage(connection, None, {"place_id": before.id, **gap})
    return {"closed_on": None, "opened_on": before.opened_on}
