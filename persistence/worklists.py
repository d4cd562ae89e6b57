"""Lists for operators: tasks to do, messages that are stuck, messages of a rung."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from .columns import is_word
from .schema import cases, deadlines, notices, rungs, tasks

Row = sa.Row[Any]

_OF_CASE = (cases.c.workflow, cases.c.version, cases.c.state, cases.c.state_since, cases.c.referent_id)
STUCK = ("failed", "refused", "paper")


def open_tasks(connection: sa.Connection, houses: Sequence[str] | None, case_id: int | None) -> Sequence[Row]:
    """List the tasks that are still to do."""
    statement = (
        sa.select(tasks, *_OF_CASE)
        .join(cases, cases.c.id == tasks.c.case_id)
        .where(tasks.c.status == "open")
        .order_by(tasks.c.due_on, tasks.c.id)
    )
    return connection.execute(_within(statement, tasks, houses, case_id)).all()


def stuck_notices(
    connection: sa.Connection, houses: Sequence[str] | None, case_id: int | None
) -> Sequence[Row]:
    """List the messages that failed, were refused, or are to be printed and handed over."""
    statement = (
        sa.select(notices, *_OF_CASE)
        .join(cases, cases.c.id == notices.c.case_id)
        .where(notices.c.status.in_(STUCK))
        .order_by(notices.c.id)
    )
    return connection.execute(_within(statement, notices, houses, case_id)).all()


def set_aside(
    connection: sa.Connection, houses: Sequence[str] | None, case_id: int | None, at: datetime
) -> Sequence[Row]:
    """List the rungs that failed and are to be tried again: their cases are set aside until then."""
    statement = (
        sa.select(
            deadlines.c.name, deadlines.c.ordinal, deadlines.c.establishment_id, rungs.c.id, rungs.c.case_id,
            rungs.c.day, rungs.c.error, rungs.c.retry_at, *_OF_CASE,
        )
        .join(deadlines, deadlines.c.id == rungs.c.deadline_id)
        .join(cases, cases.c.id == rungs.c.case_id)
        .where(is_word(rungs.c.status, "pending"), rungs.c.fire_at <= at, rungs.c.retry_at.is_not(None))
        .order_by(rungs.c.id)
    )  # fmt: skip
    return connection.execute(_within(statement, deadlines, houses, case_id)).all()


def notices_of_rung(connection: sa.Connection, deadline_id: int, rung: str, generation: int) -> Sequence[Row]:
    """List the messages that a rung wrote."""
    statement = sa.select(notices).where(
        notices.c.deadline_id == deadline_id, notices.c.rung == rung, notices.c.generation == generation
    )
    return connection.execute(statement.order_by(notices.c.id)).all()


def _within(statement: Any, table: sa.Table, houses: Sequence[str] | None, case_id: int | None) -> Any:
    if houses is not None:
        statement = statement.where(table.c.establishment_id.in_(houses))
    if case_id is not None:
        statement = statement.where(table.c.case_id == case_id)
    return statement
