"""Sessions and the cases that wait for them. Statements are built once."""

from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa

from .schema import cases, event_values, events, links

Kind = tuple[str, int, str]
"""A workflow, its version, and a state."""

_OPEN = cases.c.closed_on.is_(None)
_STATES = (
    sa.select(cases.c.workflow, cases.c.version, cases.c.state)
    .where(cases.c.establishment_id == sa.bindparam("house_"), _OPEN)
    .distinct()
)
_VERSIONS = sa.select(cases.c.workflow, cases.c.version).distinct()
_IN_STATES = (
    sa.select(cases)
    .where(
        cases.c.establishment_id == sa.bindparam("house_"), _OPEN,
        sa.tuple_(cases.c.workflow, cases.c.version, cases.c.state).in_(sa.bindparam("kinds_", expanding=True)),
    )
    .order_by(cases.c.state_since, cases.c.id)
)  # fmt: skip
_OF_VERSIONS = (
    sa.select(cases)
    .where(sa.tuple_(cases.c.workflow, cases.c.version).in_(sa.bindparam("versions_", expanding=True)))
    .order_by(cases.c.id.desc())
)
_AGENDA = (
    sa.select(
        links.c.case_id, links.c.linked_id, links.c.seq, links.c.since, links.c.ended_on, cases.c.workflow,
        cases.c.version, cases.c.state, cases.c.state_since,
    )
    .join(cases, cases.c.id == links.c.linked_id)
    .where(links.c.case_id.in_(sa.bindparam("ids_", expanding=True)), links.c.name == sa.bindparam("name_"))
    .order_by(links.c.id)
)  # fmt: skip
_SESSIONS_OF = (
    sa.select(links.c.linked_id, links.c.name, cases.c.id, cases.c.workflow, cases.c.version)
    .join(cases, cases.c.id == links.c.case_id)
    .where(links.c.linked_id.in_(sa.bindparam("ids_", expanding=True)), links.c.ended_on.is_(None), _OPEN)
    .order_by(links.c.id)
)
_LINES = (
    sa.select(
        events.c.case_id, events.c.seq, events.c.actor_id, events.c.effective_on, events.c.body,
        event_values.c.value.label("reason"),
    )
    .outerjoin(
        event_values,
        sa.and_(
            event_values.c.case_id == events.c.case_id, event_values.c.seq == events.c.seq,
            event_values.c.name == "reason",
        ),
    )
    .where(events.c.case_id.in_(sa.bindparam("ids_", expanding=True)), events.c.kind == "link")
    .order_by(events.c.case_id, events.c.seq)
)  # fmt: skip
_MOVES = (
    sa.select(events.c.case_id, events.c.seq, events.c.kind, events.c.actor_id, events.c.effective_on, events.c.action,
              events.c.source, events.c.target, events.c.body)
    .where(
        events.c.case_id.in_(sa.bindparam("ids_", expanding=True)),
        sa.or_(events.c.kind == "link", sa.and_(events.c.kind == "act", events.c.target.is_not(None))),
    )
    .order_by(events.c.case_id, events.c.seq)
)  # fmt: skip
_ANNULLED = sa.select(events.c.case_id, events.c.body).where(
    events.c.case_id.in_(sa.bindparam("ids_", expanding=True)), events.c.kind == "annulment"
)


def states_of(connection: sa.Connection, establishment: str) -> Sequence[Any]:
    """Name the states in which a house has open cases: workflow, version, state."""
    return connection.execute(_STATES, {"house_": establishment}).all()


def versions(connection: sa.Connection) -> Sequence[Any]:
    """Name the versions of workflows of which there are cases."""
    return connection.execute(_VERSIONS).all()


def cases_in(connection: sa.Connection, establishment: str, kinds: Iterable[Kind]) -> Sequence[Any]:
    """Read the open cases of a house in certain states, those that have been there longest first."""
    wanted = list(kinds)
    return connection.execute(_IN_STATES, {"house_": establishment, "kinds_": wanted}).all() if wanted else ()


def cases_of(connection: sa.Connection, known: Iterable[tuple[str, int]]) -> Sequence[Any]:
    """Read the cases of certain versions of workflows, the latest first."""
    wanted = list(known)
    return connection.execute(_OF_VERSIONS, {"versions_": wanted}).all() if wanted else ()


def agendas(connection: sa.Connection, sessions: Sequence[int], name: str) -> Sequence[Any]:
    """Read what is or was on the agendas of sessions, in order, with where each case stands."""
    return connection.execute(_AGENDA, {"ids_": list(sessions), "name_": name}).all() if sessions else ()


def open_sessions_of(connection: sa.Connection, case_ids: Sequence[int]) -> Sequence[Any]:
    """Read the links of open cases to these, with the case that has each: some of them are sessions."""
    return connection.execute(_SESSIONS_OF, {"ids_": list(case_ids)}).all() if case_ids else ()


def lines_of(connection: sa.Connection, sessions: Sequence[int]) -> Sequence[Any]:
    """Read the lines of the histories of sessions that tell what became of their points."""
    return connection.execute(_LINES, {"ids_": list(sessions)}).all() if sessions else ()


def moves_of(connection: sa.Connection, case_ids: Sequence[int]) -> Sequence[Any]:
    """Read, of the histories of cases, the acts that moved them and the lines of their links."""
    return connection.execute(_MOVES, {"ids_": list(case_ids)}).all() if case_ids else ()


def annulled(connection: sa.Connection, case_ids: Sequence[int]) -> frozenset[tuple[int, int]]:
    """Name the acts of cases that were annulled: case, line."""
    if not case_ids:
        return frozenset()
    rows = connection.execute(_ANNULLED, {"ids_": list(case_ids)}).all()
    return frozenset((row.case_id, row.body["act"]) for row in rows)
