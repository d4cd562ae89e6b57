"""Who is away, from when to when, and who stands in for them."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa

from .schema import absences, actors, establishments, memberships
from .turns import hold
from .types import CivilDate

Params = Mapping[str, Any]

_DEPUTY = actors.alias("deputy")
_LASTING = sa.or_(
    absences.c.until.is_(None), absences.c.until >= sa.bindparam("day_", type_=CivilDate)
)  # fmt: skip
IS_ANY = sa.exists(sa.select(absences.c.id).where(_LASTING))
"""Whether anyone is away on a day or later; `day_` is to be given."""
_FROM = (
    sa.select(
        absences, _DEPUTY.c.name.label("deputy_name"), _DEPUTY.c.address, _DEPUTY.c.language, _DEPUTY.c.consent,
        _DEPUTY.c.active,
    )
    .outerjoin(_DEPUTY, _DEPUTY.c.id == absences.c.deputy_id)
    .where(_LASTING)
    .order_by(absences.c.since, absences.c.id)
)  # fmt: skip
_ROLES_OF = (
    sa.select(memberships.c.actor_id, memberships.c.role)
    .join(actors, actors.c.id == memberships.c.actor_id)
    .where(
        memberships.c.actor_id.in_(sa.bindparam("ids_", expanding=True)), actors.c.active,
        memberships.c.establishment_id == sa.bindparam("establishment_"),
    )
)  # fmt: skip
_HOUSES_OF = (
    sa.select(memberships.c.actor_id, memberships.c.establishment_id, establishments.c.timezone)
    .join(actors, actors.c.id == memberships.c.actor_id)
    .join(establishments, establishments.c.id == memberships.c.establishment_id)
    .where(memberships.c.actor_id.in_(sa.bindparam("ids_", expanding=True)), actors.c.active)
    .distinct()
)  # fmt: skip


def hold_absences(connection: sa.Connection) -> None:
    """Let one transaction change the absences at a time: two of one person never overlap."""
    hold(connection, absences.name)


def absences_from(connection: sa.Connection, day: date) -> Sequence[Any]:
    """List the absences that last until a day or later, each with its deputy."""
    return connection.execute(_FROM, {"day_": day}).all()


def list_absences(connection: sa.Connection, actor: str | None = None) -> Sequence[Any]:
    """List the absences of someone, or all of them, the earliest first."""
    statement = sa.select(absences).order_by(absences.c.since, absences.c.id)
    if actor is not None:
        statement = statement.where(absences.c.actor_id == actor)
    return connection.execute(statement).all()


def insert_absence(connection: sa.Connection, values: Params) -> int:
    """Record an absence and give its number."""
    statement = sa.insert(absences).returning(absences.c.id)
    return int(connection.execute(statement, dict(values)).scalar_one())


def end_absence(connection: sa.Connection, absence_id: int, until: date) -> None:
    """Change the last day of an absence."""
    connection.execute(sa.update(absences).where(absences.c.id == absence_id).values(until=until))


def delete_absence(connection: sa.Connection, absence_id: int) -> None:
    """Take back an absence that did not take place."""
    connection.execute(sa.delete(absences).where(absences.c.id == absence_id))


def roles_of(connection: sa.Connection, people: Collection[str], establishment: str) -> Sequence[Any]:
    """List the roles that active people hold in an establishment."""
    return connection.execute(_ROLES_OF, {"ids_": list(people), "establishment_": establishment}).all()


def houses_of(connection: sa.Connection, people: Collection[str]) -> Sequence[Any]:
    """List the establishments in which active people hold a role, with their time zones."""
    return connection.execute(_HOUSES_OF, {"ids_": list(people)}).all()
