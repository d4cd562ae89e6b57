"""Who follows cases: the cases of someone, and the one they are given to."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from .schema import cases

_LOCKED = (
    sa.select(cases)
    .where(
        cases.c.id.in_(sa.bindparam("ids_", expanding=True)), cases.c.referent_id == sa.bindparam("person_"),
        cases.c.closed_on.is_(None),
    )
    .order_by(cases.c.id)
    .with_for_update(key_share=True)
)  # fmt: skip
_GIVE = (
    sa.update(cases)
    .where(cases.c.id == sa.bindparam("id_"))
    .values({name: sa.bindparam(f"{name}_") for name in ("referent_id", "seq", "head")})
)
_DUE = (
    sa.select(cases.c.id)
    .where(cases.c.id.in_(sa.bindparam("ids_", expanding=True)), cases.c.next_due_at <= sa.bindparam("at_"))
    .order_by(cases.c.id)
)


def followed(
    connection: sa.Connection, person: str, establishment: str | None, workflow: str | None
) -> Sequence[Any]:
    """List the cases that someone follows and that are not over, in the order of their numbers."""
    statement = (
        sa.select(cases.c.id, cases.c.establishment_id, cases.c.workflow, cases.c.version)
        .where(cases.c.referent_id == person, cases.c.closed_on.is_(None))
        .order_by(cases.c.id)
    )
    if establishment is not None:
        statement = statement.where(cases.c.establishment_id == establishment)
    if workflow is not None:
        statement = statement.where(cases.c.workflow == workflow)
    return connection.execute(statement).all()


def count_followed(connection: sa.Connection, person: str) -> int:
    """Count the cases that someone follows and that are not over."""
    statement = (
        sa.select(sa.func.count())
        .select_from(cases)
        .where(cases.c.referent_id == person, cases.c.closed_on.is_(None))
    )
    return int(connection.execute(statement).scalar_one())


def due_among(connection: sa.Connection, numbers: Sequence[int], at: datetime) -> list[int]:
    """Name those of these cases on which something is due."""
    found = connection.execute(_DUE, {"ids_": list(numbers), "at_": at}).scalars()
    return list(found)


def lock(connection: sa.Connection, numbers: Sequence[int], person: str) -> Sequence[Any]:
    """Read under their locks, in the order of their numbers, those cases that someone still follows."""
    return connection.execute(_LOCKED, {"ids_": list(numbers), "person_": person}).all()


def give(connection: sa.Connection, number: int, person: str, seq: int, head: str) -> None:
    """Write who follows a case from now on, and the line of history that says it."""
    connection.execute(_GIVE, {"id_": number, "referent_id_": person, "seq_": seq, "head_": head})
