"""What a forecast reads of many cases: a page of them at a time, each table once."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from .columns import is_word
from .schema import cases, deadlines, event_values, events, rungs

Row = sa.Row[Any]

FOLDED = ("act", "correction", "annulment", "postponement", "settings")
"""The kinds of lines from which the acts of a case are told, what was postponed, and the settings that changed."""

_OF_CASES: Any = sa.bindparam("ids_", expanding=True)
_AWAITED = sa.exists().where(deadlines.c.case_id == cases.c.id, is_word(deadlines.c.status, "open"))
_EVENTS = (
    sa.select(events)
    .where(events.c.case_id.in_(_OF_CASES), events.c.kind.in_(FOLDED))
    .order_by(events.c.case_id, events.c.seq)
)
_VALUES = sa.select(event_values).where(event_values.c.case_id.in_(_OF_CASES))
_OPEN = (
    sa.select(deadlines)
    .where(deadlines.c.case_id.in_(_OF_CASES), is_word(deadlines.c.status, "open"))
    .order_by(deadlines.c.id)
)
_RUNGS = (
    sa.select(rungs)
    .join(deadlines, deadlines.c.id == rungs.c.deadline_id)
    .where(rungs.c.case_id.in_(_OF_CASES), is_word(deadlines.c.status, "open"))
    .order_by(rungs.c.fire_at, rungs.c.id)
)


def count_awaiting(connection: sa.Connection, houses: Sequence[str] | None) -> int:
    """Count the cases that have an open date."""
    statement = _within(sa.select(sa.func.count()).select_from(cases).where(_AWAITED), houses)
    return int(connection.execute(statement).scalar_one())


def awaiting(
    connection: sa.Connection, houses: Sequence[str] | None, after: int, limit: int
) -> Sequence[Row]:
    """Read a page of the cases that have an open date, by number, those after a number."""
    statement = sa.select(cases).where(cases.c.id > after, _AWAITED).order_by(cases.c.id).limit(limit)
    return connection.execute(_within(statement, houses)).all()


def acts_of(connection: sa.Connection, case_ids: Sequence[int]) -> tuple[Sequence[Row], Sequence[Row]]:
    """Read the lines from which the acts of cases are told, in order; and the personal values kept beside them."""
    given = {"ids_": case_ids}
    return connection.execute(_EVENTS, given).all(), connection.execute(_VALUES, given).all()


def open_occurrences(connection: sa.Connection, case_ids: Sequence[int]) -> Sequence[Row]:
    """Read the open occurrences of cases."""
    return connection.execute(_OPEN, {"ids_": case_ids}).all()


def rungs_of_open(connection: sa.Connection, case_ids: Sequence[int]) -> Sequence[Row]:
    """Read the steps of the open occurrences of cases, whatever became of them, in the order of their instants."""
    return connection.execute(_RUNGS, {"ids_": case_ids}).all()


def _within(statement: Any, houses: Sequence[str] | None) -> Any:
    return statement if houses is None else statement.where(cases.c.establishment_id.in_(houses))
