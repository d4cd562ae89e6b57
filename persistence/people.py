"""Establishments, their settings, actors and the roles they hold, and the versions of workflows."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa

from .absences import IS_ANY
from .schema import actors, establishments, memberships, parameters, workflow_versions
from .turns import hold, share

Row = sa.Row[Any]
Params = Mapping[str, Any]

_ESTABLISHMENT = sa.select(establishments).where(establishments.c.id == sa.bindparam("id_"))
_ESTABLISHMENT_LOCKED = _ESTABLISHMENT.with_for_update(key_share=True)
_PARAMETERS = sa.select(parameters.c.name, parameters.c.value).where(
    parameters.c.establishment_id == sa.bindparam("id_"), parameters.c.workflow == sa.bindparam("workflow_")
)
_ACTOR = sa.select(actors).where(actors.c.id == sa.bindparam("id_"))
_ROLES = (
    sa.select(actors.c.id, actors.c.name, actors.c.active, memberships.c.role)
    .outerjoin(
        memberships,
        sa.and_(
            memberships.c.actor_id == actors.c.id,
            memberships.c.establishment_id == sa.bindparam("establishment_"),
        ),
    )
    .where(actors.c.id == sa.bindparam("id_"))
)  # fmt: skip
_ROLES_AND_ABSENCES = _ROLES.add_columns(IS_ANY.label("away"))
_MEMBERS = (
    sa.select(actors, memberships.c.role)
    .join(memberships, memberships.c.actor_id == actors.c.id)
    .where(memberships.c.establishment_id == sa.bindparam("establishment_"), actors.c.active)
    .order_by(actors.c.id)
)
_PLACES_OF = (
    sa.select(memberships.c.establishment_id).where(memberships.c.actor_id == sa.bindparam("id_")).distinct()
)
_VERSION = sa.select(workflow_versions).where(
    workflow_versions.c.workflow == sa.bindparam("workflow_"),
    workflow_versions.c.version == sa.bindparam("version_"),
)
_LATEST = (
    sa.select(workflow_versions)
    .where(workflow_versions.c.workflow == sa.bindparam("workflow_"))
    .order_by(workflow_versions.c.version.desc())
    .limit(1)
)


def read_establishment(connection: sa.Connection, name: str, *, lock: bool = False) -> Row | None:
    """Read an establishment; `lock` keeps its row, which carries the capacity, until the end."""
    return connection.execute(_ESTABLISHMENT_LOCKED if lock else _ESTABLISHMENT, {"id_": name}).first()


def hold_house(connection: sa.Connection, name: str) -> None:
    """Let no case be opened in a house while it is changed; taken before its row, and those of its cases."""
    hold(connection, f"{establishments.name} {name}")


def share_house(connection: sa.Connection, name: str) -> None:
    """Keep a house as it is while a case is opened in it, with others that open some."""
    share(connection, f"{establishments.name} {name}")


def list_establishments(connection: sa.Connection) -> Sequence[Row]:
    """List the establishments."""
    return connection.execute(sa.select(establishments).order_by(establishments.c.id)).all()


def save_establishment(connection: sa.Connection, values: Params) -> None:
    """Add an establishment, or change it."""
    _save(connection, establishments, ("id",), values)


def save_parameter(connection: sa.Connection, values: Params) -> None:
    """Set a parameter of an establishment."""
    _save(connection, parameters, ("establishment_id", "workflow", "name"), values)


def read_parameters(connection: sa.Connection, establishment: str, workflow: str) -> dict[str, Any]:
    """Read the settings of an establishment for a workflow: those it has changed."""
    rows = connection.execute(_PARAMETERS, {"id_": establishment, "workflow_": workflow}).all()
    return {row.name: row.value for row in rows}


def save_actor(connection: sa.Connection, values: Params) -> None:
    """Add an actor, or change them."""
    _save(connection, actors, ("id",), values)


def read_actor(connection: sa.Connection, name: str) -> Row | None:
    """Read an actor."""
    return connection.execute(_ACTOR, {"id_": name}).first()


def list_actors(connection: sa.Connection) -> Sequence[Row]:
    """List the actors."""
    return connection.execute(sa.select(actors).order_by(actors.c.id)).all()


def list_memberships(connection: sa.Connection) -> Sequence[Row]:
    """List who holds which role where."""
    return connection.execute(sa.select(memberships)).all()


def grant(connection: sa.Connection, values: Params) -> None:
    """Give a role to an actor in an establishment; giving it twice changes nothing."""
    key = ("actor_id", "role", "establishment_id")
    hold(connection, memberships.name)
    found = connection.execute(sa.select(memberships).where(*_match(memberships, key, values))).first()
    if found is None:
        connection.execute(sa.insert(memberships), dict(values))


def revoke(connection: sa.Connection, values: Params) -> None:
    """Take a role back."""
    key = ("actor_id", "role", "establishment_id")
    connection.execute(sa.delete(memberships).where(*_match(memberships, key, values)))


def read_roles(connection: sa.Connection, actor: str, establishment: str) -> Sequence[Any]:
    """Read an actor once for each role held in an establishment, or once with no role."""
    return connection.execute(_ROLES, {"id_": actor, "establishment_": establishment}).all()


def read_roles_on(connection: sa.Connection, actor: str, establishment: str, day: date) -> Sequence[Any]:
    """Read an actor as `read_roles` does, and on each row whether anyone is away on a day or later."""
    values = {"id_": actor, "establishment_": establishment, "day_": day}
    return connection.execute(_ROLES_AND_ABSENCES, values).all()


def establishments_of(connection: sa.Connection, actor: str) -> list[str]:
    """Name the establishments in which an actor holds a role."""
    return [row.establishment_id for row in connection.execute(_PLACES_OF, {"id_": actor}).all()]


def members(connection: sa.Connection, establishment: str) -> Sequence[Row]:
    """List the active actors of an establishment, once for each role held."""
    return connection.execute(_MEMBERS, {"establishment_": establishment}).all()


def read_version(connection: sa.Connection, workflow: str, version: int | None = None) -> Row | None:
    """Read a version of a workflow, or its latest."""
    if version is None:
        return connection.execute(_LATEST, {"workflow_": workflow}).first()
    return connection.execute(_VERSION, {"workflow_": workflow, "version_": version}).first()


def hold_versions(connection: sa.Connection) -> None:
    """Let one transaction register at a time: processes that start together register the same workflows."""
    hold(connection, workflow_versions.name)


def insert_version(connection: sa.Connection, values: Params) -> None:
    """Keep a version of a workflow, for good."""
    connection.execute(sa.insert(workflow_versions), dict(values))


def list_versions(connection: sa.Connection) -> Sequence[Any]:
    """List the versions of workflows that are registered."""
    table = workflow_versions
    statement = sa.select(table.c.workflow, table.c.version, table.c.title, table.c.digest)
    return connection.execute(statement.order_by(table.c.workflow, table.c.version)).all()


def _save(connection: sa.Connection, table: sa.Table, key: tuple[str, ...], values: Params) -> None:
    hold(connection, table.name)
    changed = {name: value for name, value in values.items() if name not in key}
    result = connection.execute(sa.update(table).where(*_match(table, key, values)).values(changed))
    if result.rowcount == 0:
        connection.execute(sa.insert(table), dict(values))


def _match(table: sa.Table, key: tuple[str, ...], values: Params) -> list[Any]:
    return [table.c[name] == values[name] for name in key]
