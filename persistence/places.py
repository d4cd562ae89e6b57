"""Places: those a house has listed, when they are out of use, and who holds them. Statements are built once."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa

from .cases import one_only
from .schema import cases, deadlines, event_values, events, occupancies, outages, places

Row = sa.Row[Any]
Params = Mapping[str, Any]

_OF_HOUSE = sa.select(places).where(places.c.establishment_id == sa.bindparam("house_"))
_OF_KIND = _OF_HOUSE.where(places.c.kind == sa.bindparam("kind_"))
_ONE = _OF_KIND.where(places.c.place == sa.bindparam("place_"))
_WITH_OUTAGES = (
    sa.select(places, outages.c.since, outages.c.until, outages.c.reason)
    .outerjoin(outages, outages.c.place_id == places.c.id)
    .where(places.c.establishment_id == sa.bindparam("house_"), places.c.kind == sa.bindparam("kind_"))
    .order_by(places.c.id, outages.c.since, outages.c.id)
)
_OUTAGES_OF = (
    sa.select(outages)
    .where(outages.c.place_id == sa.bindparam("id_"))
    .order_by(outages.c.since, outages.c.id)
)
_OUTAGES_OF_HOUSE = (
    sa.select(outages)
    .join(places, places.c.id == outages.c.place_id)
    .where(places.c.establishment_id == sa.bindparam("house_"))
    .order_by(outages.c.since, outages.c.id)
)
_HELD = sa.select(occupancies).where(
    occupancies.c.case_id == sa.bindparam("id_"), occupancies.c.freed_on.is_(None)
)
_HOLDER = sa.select(occupancies.c.case_id).where(
    occupancies.c.establishment_id == sa.bindparam("house_"), occupancies.c.kind == sa.bindparam("kind_"),
    occupancies.c.place == sa.bindparam("place_"), occupancies.c.freed_on.is_(None),
)  # fmt: skip
_TAKEN = sa.select(
    occupancies.c.place, occupancies.c.case_id, occupancies.c.status, occupancies.c.since, occupancies.c.freed_on
).where(
    occupancies.c.establishment_id == sa.bindparam("house_"), occupancies.c.kind == sa.bindparam("kind_")
)  # fmt: skip
_TAKEN_NOW = _TAKEN.where(occupancies.c.freed_on.is_(None))
_TAKEN_SINCE = _TAKEN.where(
    sa.or_(occupancies.c.freed_on.is_(None), occupancies.c.freed_on > sa.bindparam("day_"))
)
_SPANS = sa.select(occupancies).where(occupancies.c.case_id == sa.bindparam("id_")).order_by(occupancies.c.id)
_OTHERS = sa.select(occupancies).where(
    occupancies.c.establishment_id == sa.bindparam("house_"), occupancies.c.kind == sa.bindparam("kind_"),
    occupancies.c.place == sa.bindparam("place_"), occupancies.c.case_id != sa.bindparam("id_"),
    sa.or_(occupancies.c.freed_on.is_(None), occupancies.c.freed_on > sa.bindparam("since_")),
)  # fmt: skip
_TAKE = sa.insert(occupancies)
_FREE = (
    sa.update(occupancies)
    .where(occupancies.c.id == sa.bindparam("id_"))
    .values(freed_on=sa.bindparam("freed_on_"))
)
_CHANGE = sa.update(occupancies).where(occupancies.c.id == sa.bindparam("id_")).values(
    {name: sa.bindparam(f"{name}_") for name in ("place", "status", "since", "freed_on")}
)  # fmt: skip
_STATUS = (
    sa.update(occupancies)
    .where(occupancies.c.id == sa.bindparam("id_"))
    .values(status=sa.bindparam("status_"))
)
_FACTS = sa.select(cases.c.id, cases.c.facts).where(cases.c.id.in_(sa.bindparam("ids_", expanding=True)))
_HOLDERS = (
    sa.select(occupancies.c.case_id)
    .where(
        occupancies.c.establishment_id.in_(sa.bindparam("houses_", expanding=True)),
        occupancies.c.since <= sa.bindparam("day_"),
        sa.or_(occupancies.c.freed_on.is_(None), occupancies.c.freed_on > sa.bindparam("day_")),
    )
    .distinct()
)
_CASES = sa.select(cases).where(cases.c.id.in_(sa.bindparam("ids_", expanding=True))).order_by(cases.c.id)
_EVENTS = (
    sa.select(events)
    .where(
        events.c.case_id.in_(sa.bindparam("ids_", expanding=True)),
        events.c.kind.in_(("act", "correction", "annulment", "link")),
    )
    .order_by(events.c.case_id, events.c.seq)
)
_SEALED = sa.select(event_values).where(
    event_values.c.case_id.in_(sa.bindparam("ids_", expanding=True)),
    event_values.c.name.in_(sa.bindparam("names_", expanding=True)),
)
_DATES = sa.select(deadlines).where(
    deadlines.c.case_id.in_(sa.bindparam("ids_", expanding=True)), deadlines.c.status == "open"
)
_WAITING = (
    sa.select(cases.c.workflow, cases.c.version, cases.c.state)
    .where(cases.c.establishment_id == sa.bindparam("house_"), cases.c.closed_on.is_(None))
    .distinct()
)


# -- what a house lists


def read_places(connection: sa.Connection, house: str, kind: str | None = None) -> Sequence[Row]:
    """Read the places of a house, of one kind or of all, in no order."""
    if kind is None:
        return connection.execute(_OF_HOUSE, {"house_": house}).all()
    return connection.execute(_OF_KIND, {"house_": house, "kind_": kind}).all()


def read_place(connection: sa.Connection, house: str, kind: str, place: str) -> Row | None:
    """Read a place by the key of its name."""
    return connection.execute(_ONE, {"house_": house, "kind_": kind, "place_": place}).first()


def save_place(connection: sa.Connection, place_id: int | None, values: Params) -> None:
    """Add a place, or change one."""
    if place_id is None:
        connection.execute(sa.insert(places), dict(values))
    else:
        connection.execute(sa.update(places).where(places.c.id == place_id).values(dict(values)))


def places_with_outages(connection: sa.Connection, house: str, kind: str) -> Sequence[Any]:
    """Read the places of a kind, each once for each time that it is out of use, the earliest first, or once."""
    return connection.execute(_WITH_OUTAGES, {"house_": house, "kind_": kind}).all()


def outages_of_house(connection: sa.Connection, house: str) -> Sequence[Row]:
    """Read when the places of a house are out of use, the earliest first."""
    return connection.execute(_OUTAGES_OF_HOUSE, {"house_": house}).all()


def outages_of(connection: sa.Connection, place_id: int) -> Sequence[Row]:
    """Read when a place is out of use, the earliest first."""
    return connection.execute(_OUTAGES_OF, {"id_": place_id}).all()


def save_outage(connection: sa.Connection, outage_id: int | None, values: Params) -> None:
    """Add days out of use, or change some."""
    if outage_id is None:
        connection.execute(sa.insert(outages), dict(values))
    else:
        connection.execute(sa.update(outages).where(outages.c.id == outage_id).values(dict(values)))


def drop_outage(connection: sa.Connection, outage_id: int) -> None:
    """Take back days out of use that never began."""
    connection.execute(sa.delete(outages).where(outages.c.id == outage_id))


# -- who holds them


def held_place(connection: sa.Connection, case_id: int) -> Row | None:
    """Give the place that a case holds."""
    return connection.execute(_HELD, {"id_": case_id}).first()


def holder_of(connection: sa.Connection, house: str, kind: str, place: str) -> int | None:
    """Give the case that holds a place."""
    return connection.execute(_HOLDER, {"house_": house, "kind_": kind, "place_": place}).scalar()


def taken_places(
    connection: sa.Connection, house: str, kind: str, since: date | None = None
) -> Sequence[Any]:
    """Read who holds which places of a kind, those freed after a day included where one is given."""
    if since is None:
        return connection.execute(_TAKEN_NOW, {"house_": house, "kind_": kind}).all()
    return connection.execute(_TAKEN_SINCE, {"house_": house, "kind_": kind, "day_": since}).all()


def spans_of(connection: sa.Connection, case_id: int) -> Sequence[Row]:
    """Read every place that a case has held, in order."""
    return connection.execute(_SPANS, {"id_": case_id}).all()


def others_on(
    connection: sa.Connection, house: str, kind: str, place: str, case_id: int, since: date
) -> Sequence[Row]:
    """Read who else has held a place after a day."""
    values = {"house_": house, "kind_": kind, "place_": place, "id_": case_id, "since_": since}
    return connection.execute(_OTHERS, values).all()


def take_place(connection: sa.Connection, values: Params) -> None:
    """Take a place; a constraint refuses the one that another case holds: StaleSnapshot."""
    with one_only():
        connection.execute(_TAKE, dict(values))


def hold_so(connection: sa.Connection, occupancy_id: int, status: str) -> None:
    """Say how a case holds its place."""
    connection.execute(_STATUS, {"id_": occupancy_id, "status_": status})


def free_place(connection: sa.Connection, occupancy_id: int, day: date) -> None:
    """Free a place from a day on."""
    connection.execute(_FREE, {"id_": occupancy_id, "freed_on_": day})


def change_span(connection: sa.Connection, occupancy_id: int, values: Params) -> None:
    """Put right when and how a case held which place: StaleSnapshot if another has it."""
    given = {f"{name}_": values[name] for name in ("place", "status", "since", "freed_on")}
    with one_only():
        connection.execute(_CHANGE, {"id_": occupancy_id, **given})


def drop_span(connection: sa.Connection, occupancy_id: int) -> None:
    """Take back a place that, as the history now stands, a case never had."""
    connection.execute(sa.delete(occupancies).where(occupancies.c.id == occupancy_id))


# -- what is read of the cases that hold or wait


def facts_of_cases(connection: sa.Connection, case_ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """Read the facts of cases, by number."""
    if not case_ids:
        return {}
    return {row.id: row.facts for row in connection.execute(_FACTS, {"ids_": list(case_ids)}).all()}


def holders_on(connection: sa.Connection, houses: Sequence[str], day: date) -> list[int]:
    """Name the cases that hold a place of some houses on a day."""
    return list(connection.execute(_HOLDERS, {"houses_": list(houses), "day_": day}).scalars())


def read_cases(connection: sa.Connection, case_ids: Sequence[int]) -> Sequence[Row]:
    """Read cases by their numbers."""
    return connection.execute(_CASES, {"ids_": list(case_ids)}).all() if case_ids else ()


def read_acts(connection: sa.Connection, case_ids: Sequence[int]) -> Sequence[Row]:
    """Read the lines of histories that make the acts of cases what they are, by case and in order."""
    return connection.execute(_EVENTS, {"ids_": list(case_ids)}).all() if case_ids else ()


def read_sealed(connection: sa.Connection, case_ids: Sequence[int], names: Sequence[str]) -> Sequence[Row]:
    """Read some of the personal values that the histories of cases seal."""
    given = {"ids_": list(case_ids), "names_": list(names)}
    return connection.execute(_SEALED, given).all() if case_ids and names else ()


def open_dates(connection: sa.Connection, case_ids: Sequence[int]) -> Sequence[Row]:
    """Read the open occurrences of cases."""
    return connection.execute(_DATES, {"ids_": list(case_ids)}).all() if case_ids else ()


def active_states(connection: sa.Connection, house: str) -> Sequence[Any]:
    """Name the states in which cases of a house stand, by workflow and version."""
    return connection.execute(_WAITING, {"house_": house}).all()
