"""What a calendar reads: the occurrences of many cases, and the lines of history that changed them."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa

from .columns import is_word
from .schema import cases, deadlines, events


def rows_of_houses(
    connection: sa.Connection, houses: Sequence[str], since: date
) -> tuple[Sequence[Any], Sequence[Any]]:
    """Read the dates and the history of the cases of some houses.

    A case that was closed before a day is left out, unless something is still awaited of it.
    """
    awaited = sa.select(deadlines.c.case_id).where(is_word(deadlines.c.status, "open"))
    going_on = sa.or_(cases.c.closed_on.is_(None), cases.c.closed_on >= since, cases.c.id.in_(awaited))
    return _rows(connection, sa.and_(cases.c.establishment_id.in_(houses), going_on))


def rows_of_case(connection: sa.Connection, case_id: int) -> tuple[Sequence[Any], Sequence[Any]]:
    """Read the dates and the history of a case."""
    return _rows(connection, cases.c.id == case_id)


def _rows(connection: sa.Connection, wanted: sa.ColumnElement[bool]) -> tuple[Sequence[Any], Sequence[Any]]:
    dated = (
        sa.select(deadlines, cases.c.workflow, cases.c.version, cases.c.state, cases.c.referent_id)
        .join(cases, cases.c.id == deadlines.c.case_id)
        .where(wanted)
        .order_by(deadlines.c.case_id, deadlines.c.name, deadlines.c.ordinal)
    )
    lines = (
        sa.select(events.c.case_id, events.c.at, events.c.body)
        .join(cases, cases.c.id == events.c.case_id)
        .where(wanted)
        .order_by(events.c.case_id, events.c.seq)
    )
    return connection.execute(dated).all(), connection.execute(lines).all()
