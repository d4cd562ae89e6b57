"""Occurrences of deadlines, and the rungs of their ladders."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from .cases import update_many
from .columns import is_word
from .schema import deadlines, rungs
from .types import Instant

Row = sa.Row[Any]
Params = Mapping[str, Any]

_OCCURRENCES = sa.select(deadlines).where(deadlines.c.case_id == sa.bindparam("id_")).order_by(deadlines.c.id)
_RUNGS = sa.select(rungs).where(rungs.c.case_id == sa.bindparam("id_")).order_by(rungs.c.id)
_INSERT_OCCURRENCE = sa.insert(deadlines).returning(deadlines.c.id)
_INSERT_RUNGS = sa.insert(rungs).returning(rungs.c.id, sort_by_parameter_order=True)
_UPDATE_OCCURRENCE = sa.update(deadlines).where(deadlines.c.id == sa.bindparam("id_")).values(
    {name: sa.bindparam(f"{name}_") for name in (
        "anchor_on", "legal_on", "due_on", "status", "closed_on", "closed_seq", "why",
    )}
)  # fmt: skip
_UPDATE_RUNG = sa.update(rungs).where(rungs.c.id == sa.bindparam("id_")).values(
    {name: sa.bindparam(f"{name}_") for name in (
        "day", "fire_at", "status", "fired_seq", "attempts", "retry_at", "error",
    )}
)  # fmt: skip
_DUE = sa.and_(
    is_word(rungs.c.status, "pending"), rungs.c.fire_at <= sa.bindparam("at_"),
    sa.or_(rungs.c.retry_at.is_(None), rungs.c.retry_at <= sa.bindparam("at_")),
)  # fmt: skip
_DUE_CASES = (
    sa.select(rungs.c.case_id)
    .where(_DUE, rungs.c.case_id.not_in(sa.bindparam("aside_", expanding=True)))
    .order_by(rungs.c.fire_at, rungs.c.id)
    .limit(sa.bindparam("limit_"))
)
_OF_CASES = rungs.c.case_id.in_(sa.bindparam("ids_", expanding=True))
_DUE_RUNGS = sa.select(rungs).where(_DUE, _OF_CASES).order_by(rungs.c.id)
_LATER = (
    sa.select(rungs.c.case_id, sa.func.min(rungs.c.fire_at).label("first"))
    .where(
        is_word(rungs.c.status, "pending"), _OF_CASES,
        sa.or_(rungs.c.fire_at > sa.bindparam("at_"), rungs.c.retry_at > sa.bindparam("at_")),
    )
    .group_by(rungs.c.case_id)
)  # fmt: skip
_SOME_OCCURRENCES = sa.select(deadlines).where(deadlines.c.id.in_(sa.bindparam("ids_", expanding=True)))
_NEXT = sa.select(sa.func.min(sa.func.coalesce(rungs.c.retry_at, rungs.c.fire_at, type_=Instant))).where(
    is_word(rungs.c.status, "pending")
)


def read_occurrences(connection: sa.Connection, case_id: int) -> Sequence[Row]:
    """Read the occurrences of a case."""
    return connection.execute(_OCCURRENCES, {"id_": case_id}).all()


def read_rungs(connection: sa.Connection, case_id: int) -> Sequence[Row]:
    """Read the rungs of a case."""
    return connection.execute(_RUNGS, {"id_": case_id}).all()


def insert_occurrence(connection: sa.Connection, values: Params) -> int:
    """Insert an occurrence and give its number."""
    return int(connection.execute(_INSERT_OCCURRENCE, dict(values)).scalar_one())


def update_occurrences(connection: sa.Connection, changes: Sequence[Params]) -> None:
    """Write what a step changes of occurrences."""
    update_many(connection, _UPDATE_OCCURRENCE, changes)


def insert_rungs(connection: sa.Connection, values: Sequence[Params]) -> list[int]:
    """Insert rungs and give their numbers, in the same order."""
    return [row.id for row in connection.execute(_INSERT_RUNGS, [dict(value) for value in values]).all()]


def update_rungs(connection: sa.Connection, changes: Sequence[Params]) -> None:
    """Write what a step changes of rungs."""
    update_many(connection, _UPDATE_RUNG, changes)


def due_cases(
    connection: sa.Connection, at: datetime, limit: int, aside: Collection[int] = ()
) -> Sequence[int]:
    """Name cases that have something due, the longest overdue first: those of the first `limit` rungs."""
    found = connection.execute(_DUE_CASES, {"at_": at, "limit_": limit, "aside_": list(aside)}).scalars()
    return list(dict.fromkeys(found))


def read_due_rungs(connection: sa.Connection, at: datetime, case_ids: Sequence[int]) -> Sequence[Row]:
    """Read the rungs of many cases that are due."""
    return connection.execute(_DUE_RUNGS, {"at_": at, "ids_": case_ids}).all()


def next_rungs(connection: sa.Connection, at: datetime, case_ids: Sequence[int]) -> dict[int, datetime]:
    """Give the instant of the first rung of each case that is pending and not yet due."""
    rows = connection.execute(_LATER, {"at_": at, "ids_": case_ids}).all()
    return {row.case_id: row.first for row in rows}


def read_some_occurrences(connection: sa.Connection, occurrence_ids: Sequence[int]) -> Sequence[Row]:
    """Read occurrences by their numbers."""
    return connection.execute(_SOME_OCCURRENCES, {"ids_": occurrence_ids}).all()


def next_fire_at(connection: sa.Connection) -> datetime | None:
    """Give the instant at which the next rung is due."""
    found: datetime | None = connection.execute(_NEXT).scalar()
    return found
