"""Lists for operators: what is awaited of many cases, and the messages of a rung.

The lists are read as the tables keep them, days as text: a list of thousands of lines decodes only what it shows.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa

from .columns import is_word
from .schema import actors, cases, deadlines, memberships, notices, occupancies, rungs, tasks
from .types import TEXT, Instant

Row = sa.Row[Any]

STUCK = ("failed", "refused", "paper")


@dataclass(frozen=True, slots=True)
class Within:
    """The cases that are looked at: of some houses, of some referents, or one case; all of them unless said."""

    houses: Sequence[str] | None = None
    case: int | None = None
    referents: Collection[str] | None = None

    @property
    def shape(self) -> tuple[bool, bool, bool]:
        """Say which of the three are asked: there is one statement for each."""
        return self.houses is not None, self.case is not None, self.referents is not None

    @property
    def values(self) -> dict[str, Any]:
        """Give the parameters of the statement."""
        found: dict[str, Any] = {} if self.case is None else {"case_": self.case}
        for name, value in (("houses_", self.houses), ("referents_", self.referents)):
            if value is not None:
                found[name] = list(value)
        return found


def open_dates(connection: sa.Connection, within: Within, until: str | None) -> Sequence[Any]:
    """List the dates that are open; up to a day, with those to act on before their date whatever it is."""
    values = within.values | ({} if until is None else {"until_": until})
    return connection.execute(_dates(within.shape, until is not None), values).all()


def open_tasks(connection: sa.Connection, within: Within) -> Sequence[Any]:
    """List the tasks that are still to do."""
    return connection.execute(_tasks(within.shape), within.values).all()


def stuck_notices(connection: sa.Connection, within: Within) -> Sequence[Any]:
    """List the messages that failed, were refused, or are to be printed and handed over."""
    return connection.execute(_notices(within.shape), within.values).all()


def set_aside(connection: sa.Connection, within: Within, at: datetime) -> Sequence[Any]:
    """List the rungs that failed and are to be tried again: their cases are set aside until then."""
    return connection.execute(_aside(within.shape), {**within.values, "at_": at}).all()


def followings(connection: sa.Connection, within: Within) -> Sequence[Any]:
    """List who follows active cases: each house, version of a workflow and referent once."""
    return connection.execute(_followings(within.shape), within.values).all()


def followed_by(connection: sa.Connection, within: Within, following: Any) -> Sequence[Any]:
    """List the active cases of one house and version of a workflow that have one referent, or none."""
    values = dict(zip(("house_", "workflow_", "version_", "referent_"), following, strict=True))
    alone = following.referent_id is None
    if alone:
        del values["referent_"]
    return connection.execute(_followed(within.shape, alone), {**within.values, **values}).all()


def holders(connection: sa.Connection, within: Within, holding: Any) -> Sequence[Any]:
    """List the cases of one house and version of a workflow that hold a place of a kind."""
    values = dict(zip(("house_", "workflow_", "version_", "kind_"), holding, strict=True))
    return connection.execute(_holders(within.shape), {**within.values, **values}).all()


def roles_held(connection: sa.Connection, people: Collection[str]) -> Sequence[Any]:
    """List people, once for each role that they hold somewhere, or once with none."""
    return connection.execute(_ROLES_HELD, {"ids_": list(people)}).all()


def notices_of_rung(connection: sa.Connection, deadline_id: int, rung: str, generation: int) -> Sequence[Any]:
    """List the messages that a rung wrote."""
    statement = sa.select(notices).where(
        notices.c.deadline_id == deadline_id, notices.c.rung == rung, notices.c.generation == generation
    )
    return connection.execute(statement.order_by(notices.c.id)).all()


# -- the statements, each built once


def _text(column: sa.ColumnElement[Any]) -> Any:
    """Read a column as its text."""
    return sa.type_coerce(column, TEXT).label(getattr(column, "name", None))


_OF_CASE = (
    cases.c.id, cases.c.establishment_id, cases.c.workflow, cases.c.version, cases.c.state,
    _text(cases.c.state_since), cases.c.referent_id,
)  # fmt: skip
_ROLES_HELD = (
    sa.select(actors.c.id, actors.c.name, actors.c.active, memberships.c.establishment_id, memberships.c.role)
    .outerjoin(memberships, memberships.c.actor_id == actors.c.id)
    .where(actors.c.id.in_(sa.bindparam("ids_", expanding=True)))
)
Shape = tuple[bool, bool, bool]


@cache
def _dates(shape: Shape, bounded: bool) -> Any:
    item = deadlines
    statement = _of_cases(
        item, shape, item.c.id, item.c.name, item.c.ordinal, _text(item.c.due_on), _text(item.c.legal_on),
        _text(item.c.why),
    ).where(is_word(item.c.status, "open"))  # fmt: skip
    if bounded:
        earlier = _text(item.c.why).contains('"act_by"')
        due_on = sa.type_coerce(item.c.due_on, TEXT)
        statement = statement.where(sa.or_(due_on <= sa.bindparam("until_"), earlier))
    return statement


@cache
def _tasks(shape: Shape) -> Any:
    statement = _of_cases(tasks, shape, tasks.c.id, tasks.c.name, _text(tasks.c.due_on))
    return statement.where(is_word(tasks.c.status, "open"))


@cache
def _notices(shape: Shape) -> Any:
    statement = _of_cases(
        notices, shape, notices.c.id, notices.c.template, notices.c.role, notices.c.status, notices.c.not_before,
        notices.c.error,
    )  # fmt: skip
    return statement.where(notices.c.status.in_([sa.literal_column(f"'{word}'") for word in STUCK]))


@cache
def _aside(shape: Shape) -> Any:
    statement = _of_cases(
        rungs, shape, rungs.c.id, deadlines.c.name, deadlines.c.ordinal, _text(rungs.c.day), rungs.c.error
    )
    return statement.join(deadlines, deadlines.c.id == rungs.c.deadline_id).where(
        is_word(rungs.c.status, "pending"), rungs.c.fire_at <= sa.bindparam("at_", type_=Instant),
        rungs.c.retry_at.is_not(None),
    )  # fmt: skip


@cache
def _followings(shape: Shape) -> Any:
    known = (cases.c.establishment_id, cases.c.workflow, cases.c.version, cases.c.referent_id)
    return _within(
        sa.select(*known).where(cases.c.closed_on.is_(None)), cases.c.establishment_id, shape
    ).distinct()


@cache
def _followed(shape: Shape, alone: bool) -> Any:
    statement = sa.select(*_OF_CASE).where(
        cases.c.closed_on.is_(None), cases.c.establishment_id == sa.bindparam("house_"),
        cases.c.workflow == sa.bindparam("workflow_"), cases.c.version == sa.bindparam("version_"),
    )  # fmt: skip
    person = cases.c.referent_id
    statement = statement.where(person.is_(None) if alone else person == sa.bindparam("referent_"))
    return _within(statement, cases.c.establishment_id, shape).order_by(cases.c.id)


@cache
def _holders(shape: Shape) -> Any:
    held = sa.select(*_OF_CASE).join(occupancies, occupancies.c.case_id == cases.c.id)
    statement = held.where(
        occupancies.c.freed_on.is_(None), occupancies.c.kind == sa.bindparam("kind_"),
        cases.c.establishment_id == sa.bindparam("house_"),
        cases.c.workflow == sa.bindparam("workflow_"), cases.c.version == sa.bindparam("version_"),
    )  # fmt: skip
    return _within(statement, cases.c.establishment_id, shape).order_by(cases.c.id)


def _of_cases(table: sa.Table, shape: Shape, *columns: Any) -> Any:
    """Read rows beside their cases; the house is asked of whichever side the list is found by."""
    statement = sa.select(*_OF_CASE, *columns).join(table, table.c.case_id == cases.c.id)
    by_case = shape[1] or shape[2] or "establishment_id" not in table.c
    return _within(statement, (cases if by_case else table).c.establishment_id, shape)


def _within(statement: Any, house: Any, shape: Shape) -> Any:
    houses, case, referents = shape
    if houses:
        statement = statement.where(house.in_(sa.bindparam("houses_", expanding=True)))
    if case:
        statement = statement.where(cases.c.id == sa.bindparam("case_"))
    if referents:
        statement = statement.where(cases.c.referent_id.in_(sa.bindparam("referents_", expanding=True)))
    return statement
