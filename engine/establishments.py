"""Establishments: added, changed, set. The dates of their cases follow what is changed."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, time
from typing import Any

from ..domain.calendars import Calendar
from ..domain.civil import instant
from ..domain.errors import InputError, NotFound
from ..domain.texts import looked_up, one_line
from ..domain.workflow import SYSTEM
from ..persistence import people as rows
from ..persistence.database import Connection
from .people import (
    Establishment,
    Setting,
    actor_in,
    establishment_of,
    hour,
    house_of,
    parameters_of,
    row_of,
    slug,
)
from .rederiving import Change, Moves, Told, rederive
from .registry import Workflows
from .world import Unit, World


class Establishments:
    """Adds establishments and sets their parameters."""

    def __init__(self, world: World, workflows: Workflows) -> None:
        self._world = world
        self._workflows = workflows

    def add(
        self, name: str, label: str | None = None, *, zone: str = "metropole", timezone: str = "Europe/Paris",
        opens: str = "08:00", closes: str = "20:00", closures: Iterable[date] = (), extra_days: Iterable[date] = (),
        phone: str | None = None, address: str | None = None, by: Any = None, told: Told | None = None,
        session: Any = None,
    ) -> Establishment:  # fmt: skip
        """Add an establishment, or change it; the dates of its cases follow its calendar and its opening hour.

        `by` is named in the histories of the cases that move, `told` is called with the cases done and their number;
        `moves` of what is given says what moved. Raises InputError for a zone, an hour or a date that makes no sense.
        """
        if label:
            one_line(label, "name")
        for text, argument in ((phone, "phone"), (address, "postal_address")):
            if text is not None:
                one_line(text, argument)
        house = Establishment(
            slug(name, "establishment"), label or name, zone, timezone, hour(opens), hour(closes),
            frozenset(closures), frozenset(extra_days), phone, address,
        )  # fmt: skip
        Calendar(zone=zone, closures=house.closures, extra_days=house.extra_days)
        instant(date(2000, 1, 1), time(0), timezone)
        if house.opens >= house.closes:
            raise InputError("a house opens before it closes", argument="opens", value=opens, problem="range")
        at = self._world.now()
        with self._world.writing(session) as unit:
            actor = _author(unit.connection, by, house.id)
            rows.hold_house(unit.connection, house.id)
            before = rows.read_establishment(unit.connection, house.id, lock=True)
            was = house_of(unit.connection, house.id) if before is not None else None
            _save(unit, house)
            changed = _changed(establishment_of(before), house) if before is not None else {}
            if not changed:
                return house
            change = Change(house.id, actor, house=was, calendar=changed)
            return replace(house, moves=rederive(unit, self._workflows, change, at, told))

    def get(self, name: str) -> Establishment:
        """Give an establishment. Raises NotFound."""
        with self._world.reading() as connection:
            return establishment_of(row_of(connection, name))

    def list(self) -> tuple[Establishment, ...]:
        """List the establishments."""
        with self._world.reading() as connection:
            return tuple(establishment_of(row) for row in rows.list_establishments(connection))

    def set_parameter(
        self, establishment: str, workflow: str, name: str, value: Any, *, by: Any = None, told: Told | None = None,
        session: Any = None,
    ) -> Moves:  # fmt: skip
        """Set a parameter of a workflow in an establishment; the dates that read it follow, and what moved is given.

        `by` is named in the histories of the cases that move, `told` is called with the cases done and their number.
        Raises NotFound, InputError for the wrong type.
        """
        from ..workflows.settings import checked_setting

        at = self._world.now()
        with self._world.writing(session) as unit:
            connection = unit.connection
            house = row_of(connection, establishment).id
            known = self._workflows.rules(connection, workflow).workflow
            if looked_up(name, "parameter") not in known.parameters:
                raise NotFound("parameter", name)
            kept = checked_setting(known, name, value)
            actor = _author(connection, by, house)
            rows.hold_house(connection, house)
            row_of(connection, house, lock=True)
            before = rows.read_parameters(connection, house, known.workflow).get(name)
            values = {"establishment_id": house, "workflow": known.workflow, "name": name, "value": kept}
            rows.save_parameter(connection, values)
            change = Change(house, actor, workflow=known.workflow, parameter=name, before=before, to=kept)
            return rederive(unit, self._workflows, change, at, told)

    def parameters(self, establishment: str, workflow: str) -> tuple[Setting, ...]:
        """List the parameters of a workflow as an establishment has them, defaults included."""
        with self._world.reading() as connection:
            row_of(connection, establishment)
            known = self._workflows.rules(connection, workflow).workflow
            values = parameters_of(connection, establishment, known)
        return tuple(
            Setting(name, parameter.label, values[name], parameter.default, parameter.basis)
            for name, parameter in known.parameters.items()
        )


def _author(connection: Connection, by: Any, establishment: str) -> str:
    """Give who is named in the histories: someone known, or nobody but the house itself. Raises NotFound."""
    return SYSTEM if by is None else actor_in(connection, by, establishment).id


def _save(unit: Unit, house: Establishment) -> None:
    rows.save_establishment(
        unit.connection,
        {
            "id": house.id, "name": house.name, "zone": house.zone, "timezone": house.timezone, "opens": house.opens,
            "closes": house.closes, "phone": house.phone, "address": house.address,
            "closures": sorted(day.isoformat() for day in house.closures),
            "extra_days": sorted(day.isoformat() for day in house.extra_days),
        },
    )  # fmt: skip


def _changed(before: Establishment, after: Establishment) -> Mapping[str, Any]:
    """Say what changed of what dates are counted with: days, zone, opening hour; a new phone moves no date."""
    changed: dict[str, Any] = {}
    for name in ("zone", "timezone", "opens"):
        was, now = getattr(before, name), getattr(after, name)
        if was != now:
            changed[name] = {"from": was, "to": now}
    for name in ("closures", "extra_days"):
        was, now = getattr(before, name), getattr(after, name)
        if was != now:
            changed[name] = {
                word: [day.isoformat() for day in sorted(days)]
                for word, days in (("added", now - was), ("removed", was - now))
                if days
            }
    return changed
