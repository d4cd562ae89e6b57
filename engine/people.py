"""People and what they do in establishments; what an establishment brings to a decision."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from ..domain.calendars import Calendar
from ..domain.case import Actor
from ..domain.context import House
from ..domain.errors import InputError, NotFound, Reason
from ..domain.facts import is_blank, read_fact
from ..domain.texts import email_address, is_name, looked_up, one_line, place_key
from ..domain.workflow import Workflow
from ..persistence import cases as case_rows
from ..persistence import people as rows
from ..persistence.database import Connection
from ..persistence.referents import count_followed
from .absences import (
    Absence,
    Absences,
    absences_at,
    asked,
    come_back,
    enter,
    houses_lent,
    identifier,
    listed,
)
from .registry import Workflows
from .world import World

if TYPE_CHECKING:
    from .rederiving import Moves
    from .transferring import Transfer

_SLUG = re.compile(r"^[a-z0-9][a-z0-9_.-]{0,63}$")
RESERVED = frozenset({"systeme", "system"})


@dataclass(frozen=True, slots=True)
class Establishment:
    """A house: its name, its calendar and the hours at which it writes.

    `moves` says, of a house that was just changed, what that did to the dates of its cases.
    """

    id: str
    name: str
    zone: str = "metropole"
    timezone: str = "Europe/Paris"
    opens: str = "08:00"
    closes: str = "20:00"
    closures: frozenset[date] = frozenset()
    extra_days: frozenset[date] = frozenset()
    phone: str | None = None
    address: str | None = None
    moves: "Moves | None" = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Person:
    """Someone who acts or is told: their address if they have one, and whether they agree to be written to.

    `following` says, of someone who was just made inactive, how many active cases they still follow.
    """

    id: str
    name: str
    address: str | None = None
    language: str = "fr"
    consent: bool = True
    roles: Mapping[str, tuple[str, ...]] | None = None
    active: bool = True
    following: int | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Setting:
    """A parameter of a workflow as an establishment has it."""

    name: str
    label: str
    value: Any
    default: Any
    basis: str | None = None


def slug(text: object, argument: str) -> str:
    """Check an identifier that people will type. Raises InputError."""
    if not isinstance(text, str) or not _SLUG.match(text) or text in RESERVED or text.startswith("echeance"):
        raise InputError(
            "an identifier has lower-case letters, digits, '-', '_' or '.', 64 at most",
            argument=argument, value=str(text)[:80], problem="form",
        )  # fmt: skip
    return text


class People:
    """Adds people and gives them roles."""

    def __init__(self, world: World, workflows: Workflows) -> None:
        self._world = world
        self._workflows = workflows

    def add(
        self, person: str, name: str | None = None, *, address: str | None = None, language: str = "fr",
        consent: bool = True, active: bool = True, session: Any = None,
    ) -> Person:  # fmt: skip
        """Add a person, or change them; without an address, or without consent, they are told on paper."""
        if address is not None:
            email_address(address, "address")
        if name:
            one_line(name, "name")
        one_line(language, "language", 35)
        known = Person(slug(person, "person"), name or person, address, language, consent, active=active)
        with self._world.writing(session) as unit:
            rows.save_actor(
                unit.connection,
                {"id": known.id, "name": known.name, "address": address, "language": language,
                 "consent": consent, "active": active},
            )  # fmt: skip
            if not active:
                return replace(known, following=count_followed(unit.connection, known.id))
        return known

    def grant(
        self, person: str | Person | Actor, role: str, establishment: str, *, session: Any = None
    ) -> None:
        """Give a person a role in an establishment; giving it twice changes nothing. Raises NotFound."""
        with self._world.writing(session) as unit:
            rows.grant(unit.connection, self._membership(unit.connection, person, role, establishment))

    def revoke(
        self, person: str | Person | Actor, role: str, establishment: str, *, session: Any = None
    ) -> None:
        """Take a role back. Raises NotFound."""
        with self._world.writing(session) as unit:
            rows.revoke(unit.connection, self._membership(unit.connection, person, role, establishment))

    def list(self) -> tuple[Person, ...]:
        """List the people and their roles by establishment."""
        with self._world.reading() as connection:
            held: dict[str, dict[str, list[str]]] = {}
            for row in rows.list_memberships(connection):
                held.setdefault(row.actor_id, {}).setdefault(row.establishment_id, []).append(row.role)
            found = rows.list_actors(connection)
        return tuple(
            Person(row.id, row.name, row.address, row.language, row.consent,
                   {house: tuple(sorted(roles)) for house, roles in held.get(row.id, {}).items()}, row.active)
            for row in found
        )  # fmt: skip

    def absent(
        self, person: str | Person | Actor, since: date, until: date | None = None, *, deputy: Any = None,
        by: Any = None, reason: str | None = None, session: Any = None,
    ) -> Absence:  # fmt: skip
        """Say that someone is away, both days included; without `until`, until they are back.

        Meanwhile the deputy holds their roles where they hold them, and gets their messages. `by` is the person, or
        whoever may give cases to another in each of these houses; nobody is the host itself. Raises ActionRefused
        with every reason, NotFound, InputError.
        """
        from .absent_by import against_author

        return enter(self._world, asked(person, since, until, deputy, by, reason), against_author, session)

    def back(
        self, person: str | Person | Actor, on: date, *, by: Any = None, session: Any = None
    ) -> Absence | None:
        """Say that someone is back from a day on; None where their absence had not begun.

        `by` is whoever may say that they are away. Raises ActionRefused, NotFound, InputError.
        """
        from .absent_by import against_author

        return come_back(self._world, person, on, by, against_author, session)

    def absences(self, person: str | Person | Actor | None = None) -> tuple[Absence, ...]:
        """List the absences of someone, or of everyone, the earliest first. Raises NotFound."""
        with self._world.reading() as connection:
            return listed(connection, None if person is None else identifier(person))

    def transfer(
        self, person: str | Person | Actor, to: str | Person | Actor, *, by: Any, reason: str,
        establishment: str | None = None, workflow: str | None = None, told: Any = None, session: Any = None,
    ) -> "Transfer":  # fmt: skip
        """Hand over to someone every active case that another follows, each with its line of history.

        A house in which the new one does not hold a role of the referent keeps its cases, and the report says so.
        Nothing is said of a house that `by` does not see. `told` is called with the cases done and their number.
        Raises ActionRefused, NotFound, InputError.
        """
        from .transferring import Transferring

        return Transferring(self._world, self._workflows, session).transfer(
            person, to, establishment=establishment, workflow=workflow, by=by, reason=reason, told=told
        )

    @staticmethod
    def _membership(
        connection: Connection, person: str | Person | Actor, role: str, establishment: str
    ) -> dict[str, str]:
        name = looked_up(person if isinstance(person, str) else person.id, "actor")
        if rows.read_actor(connection, name) is None:
            raise NotFound("actor", name)
        row_of(connection, establishment)
        if not is_name(role) or not role.isidentifier() or role in RESERVED:
            raise InputError("this is no role", argument="role", value=str(role)[:80], problem="form")
        return {"actor_id": name, "role": role, "establishment_id": establishment}


def actor_in(connection: Connection, by: Any, establishment: str) -> Actor:
    """Give who acts, with the roles held in an establishment. Raises NotFound for someone unknown or inactive."""
    name = looked_up(by if isinstance(by, str) else getattr(by, "id", by), "actor")
    found = rows.read_roles(connection, name, establishment)
    if not found or not found[0].active:
        raise NotFound("actor", name)
    roles = frozenset(row.role for row in found if row.role is not None)
    return Actor(found[0].id, found[0].name, roles)


def seen_by(connection: Connection, by: Any, at: datetime, known: Absences | None = None) -> list[str] | None:
    """Name the establishments that someone may see, those lent to a deputy included; all of them for the host itself.

    `known` are the absences of that instant, where they were read already. Raises NotFound.
    """
    if by is None:
        return None
    name = looked_up(by if isinstance(by, str) else getattr(by, "id", by), "actor")
    row = rows.read_actor(connection, name)
    if row is None or not row.active:
        raise NotFound("actor", name)
    own = rows.establishments_of(connection, name)
    away = absences_at(connection, at) if known is None else known
    return own if not away else sorted({*own, *houses_lent(connection, away, name, at)})


def seen_case(connection: Connection, number: int, seen: Sequence[str] | None) -> Any:
    """Read the row of a case, of a house that is seen. Raises NotFound for another, as where there is no case.

    `seen` is what `seen_by` gives: nothing is known of a case in whose house someone holds no role, own or lent.
    """
    row = case_rows.read_case(connection, number)
    if row is None or (seen is not None and row.establishment_id not in seen):
        raise NotFound("case", number)
    return row


def unknown_actors(connection: Connection, workflow: Workflow, facts: Mapping[str, Any]) -> list[Reason]:
    """Refuse the identifiers of nobody in facts that name people.

    The members of a body may have no account: they are then written as a name, which no identifier looks like.
    """
    reasons: list[Reason] = []
    for name, raw in facts.items():
        fact = workflow.facts.get(name)
        if fact is None or fact.type not in ("actor", "actors") or is_blank(raw):
            continue
        for person in _named(workflow, name, raw):
            if fact.type == "actors" and not _SLUG.match(person):
                continue
            if rows.read_actor(connection, person) is None:
                data = {"fact": name, "label": fact.label, "actor": person}
                reasons.append(Reason("actor_unknown", data))
    return reasons


def each_once(connection: Connection, workflow: Workflow, facts: Mapping[str, Any]) -> Mapping[str, Any]:
    """Give facts in which nobody is named twice: a name that an account listed with it bears is that person."""
    found = dict(facts)
    for name, raw in facts.items():
        fact = workflow.facts.get(name)
        if fact is None or fact.type != "actors" or is_blank(raw):
            continue
        named = list(_named(workflow, name, raw))
        written = set(_borne(connection, named))
        kept: list[str] = []
        for person in dict.fromkeys(named):
            if not _SLUG.match(person):
                key = place_key(person)
                if key in written:
                    continue
                written.add(key)
            kept.append(person)
        if kept != named:
            found[name] = kept
    return found


def absent_from(connection: Connection, named: Sequence[str], there: Sequence[str]) -> list[str]:
    """Give those who are not among others, where an account is known by its name too."""
    borne = set(_borne(connection, there)) if named else set()
    return [one for one in named if one not in there and (_SLUG.match(one) or place_key(one) not in borne)]


def _borne(connection: Connection, people: Iterable[str]) -> Iterator[str]:
    """Give what the accounts among people are called, their identifier and their name, as names are compared."""
    for person in people:
        row = rows.read_actor(connection, person) if _SLUG.match(person) else None
        if row is not None:
            yield from (place_key(row.id), place_key(row.name))


def _named(workflow: Workflow, name: str, raw: Any) -> Iterable[str]:
    """Name the people of a fact; none where it cannot be read, which the form says."""
    try:
        found = read_fact(workflow, name, raw)
    except ValueError:
        return ()
    return [found] if isinstance(found, str) else found


def house_of(connection: Connection, establishment: str, *, lock: bool = False, keep: bool = False) -> House:
    """Give what an establishment brings to a decision. Raises NotFound.

    `lock` keeps its row, which carries the capacity; `keep` lets nobody change its calendar or its settings meanwhile.
    """
    if keep:
        rows.share_house(connection, looked_up(establishment, "establishment"))
    return as_house(establishment_of(row_of(connection, establishment, lock=lock)))


def as_house(known: Establishment) -> House:
    """Give what an establishment brings to a decision, from its row as read."""
    calendar = Calendar(zone=known.zone, closures=known.closures, extra_days=known.extra_days)
    return House(known.id, known.name, calendar, known.timezone, known.opens, known.closes)


class Houses:
    """The houses of one reading of the database, and their settings, each read once."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._houses: dict[str, House] = {}
        self._parameters: dict[tuple[str, str, int], dict[str, Any]] = {}

    def house(self, establishment: str) -> House:
        """Give what an establishment brings to a decision. Raises NotFound."""
        if establishment not in self._houses:
            self._houses[establishment] = house_of(self._connection, establishment)
        return self._houses[establishment]

    def parameters(self, establishment: str, workflow: Workflow) -> dict[str, Any]:
        """Give the parameters of a workflow as an establishment has them."""
        key = (establishment, workflow.workflow, workflow.version)
        if key not in self._parameters:
            self._parameters[key] = parameters_of(self._connection, establishment, workflow)
        return self._parameters[key]


def parameters_of(connection: Connection, establishment: str, workflow: Workflow) -> dict[str, Any]:
    """Give the parameters of a workflow: the establishment's own, else the defaults."""
    own = rows.read_parameters(connection, establishment, workflow.workflow)
    return {name: own.get(name, parameter.default) for name, parameter in workflow.parameters.items()}


def row_of(connection: Connection, name: str, *, lock: bool = False) -> Any:
    """Read the row of an establishment, locked if asked. Raises NotFound."""
    row = rows.read_establishment(connection, looked_up(name, "establishment"), lock=lock)
    if row is None:
        raise NotFound("establishment", name)
    return row


def establishment_of(row: Any) -> Establishment:
    """Read an establishment from its row."""
    return Establishment(
        row.id, row.name, row.zone, row.timezone, row.opens, row.closes,
        frozenset(date.fromisoformat(day) for day in row.closures),
        frozenset(date.fromisoformat(day) for day in row.extra_days), row.phone, row.address,
    )  # fmt: skip


def hour(text: str) -> str:
    """Read an hour of the day. Raises InputError."""
    try:
        return time.fromisoformat(text).strftime("%H:%M")
    except (TypeError, ValueError):
        raise InputError(
            "an hour is written 08:00", argument="opens", value=str(text)[:80], problem="form"
        ) from None
