"""The links between cases, read from both sides. Statements are built once."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa

from ..domain.errors import StaleSnapshot
from .schema import cases, links

Row = sa.Row[Any]
Params = Mapping[str, Any]

_OTHER = (
    cases.c.workflow, cases.c.version, cases.c.establishment_id, cases.c.state, cases.c.state_since, cases.c.closed_on,
)  # fmt: skip
_OPEN = links.c.ended_on.is_(None)
_FROM = sa.select(links).where(links.c.case_id == sa.bindparam("id_"), _OPEN).order_by(links.c.id)
_TO = sa.select(links).where(links.c.linked_id == sa.bindparam("id_"), _OPEN).order_by(links.c.id)
_SEEN_FROM = (
    sa.select(links, cases.c.id.label("other"), *_OTHER)
    .join(cases, cases.c.id == links.c.linked_id)
    .where(links.c.case_id == sa.bindparam("id_"))
    .order_by(links.c.id)
)
_SEEN_TO = (
    sa.select(links, cases.c.id.label("other"), *_OTHER)
    .join(cases, cases.c.id == links.c.case_id)
    .where(links.c.linked_id == sa.bindparam("id_"))
    .order_by(links.c.id)
)
_LINE = sa.select(links).where(links.c.case_id == sa.bindparam("id_"), links.c.seq == sa.bindparam("seq_"))
_ONE = sa.select(links).where(
    links.c.case_id == sa.bindparam("id_"), links.c.linked_id == sa.bindparam("other_"),
    links.c.name == sa.bindparam("name_"), _OPEN,
)  # fmt: skip
_INSERT = sa.insert(links)
_END = sa.update(links).where(links.c.id == sa.bindparam("id_")).values(ended_on=sa.bindparam("ended_on_"))
_IN_HOUSES = sa.select(cases.c.id).where(
    cases.c.id.in_(sa.bindparam("ids_", expanding=True)),
    cases.c.establishment_id.in_(sa.bindparam("houses_", expanding=True)),
)  # fmt: skip
_LOCK = (
    sa.select(cases.c.id)
    .where(cases.c.id.in_(sa.bindparam("ids_", expanding=True)))
    .order_by(cases.c.id)
    .with_for_update(key_share=True)
)


def links_from(connection: sa.Connection, case_id: int) -> Sequence[Row]:
    """Read the links of a case that are not ended, oldest first."""
    return connection.execute(_FROM, {"id_": case_id}).all()


def links_to(connection: sa.Connection, case_id: int) -> Sequence[Row]:
    """Read the links of other cases to this one that are not ended, oldest first."""
    return connection.execute(_TO, {"id_": case_id}).all()


def seen_from(connection: sa.Connection, case_id: int) -> Sequence[Row]:
    """Read the links of a case, ended or not, with the case at the other end (`other`)."""
    return connection.execute(_SEEN_FROM, {"id_": case_id}).all()


def seen_to(connection: sa.Connection, case_id: int) -> Sequence[Row]:
    """Read the links of other cases to this one, ended or not, with the case that has them (`other`)."""
    return connection.execute(_SEEN_TO, {"id_": case_id}).all()


def links_of_line(connection: sa.Connection, case_id: int, seq: int) -> Sequence[Row]:
    """Read the links that a line of the history of a case made."""
    return connection.execute(_LINE, {"id_": case_id, "seq_": seq}).all()


def read_link(connection: sa.Connection, case_id: int, other: int, name: str) -> Row | None:
    """Read the link of one case to another under a role, unless it is ended."""
    return connection.execute(_ONE, {"id_": case_id, "other_": other, "name_": name}).first()


def insert_link(connection: sa.Connection, values: Params) -> None:
    """Link two cases. Raises StaleSnapshot where they just were, under this role."""
    try:
        connection.execute(_INSERT, dict(values))
    except sa.exc.IntegrityError as error:
        raise StaleSnapshot from error


def end_link(connection: sa.Connection, link_id: int, on: date) -> None:
    """End a link."""
    connection.execute(_END, {"id_": link_id, "ended_on_": on})


def in_houses(connection: sa.Connection, case_ids: Iterable[int], houses: Iterable[str]) -> set[int]:
    """Name those of some cases that are of some houses."""
    values = {"ids_": sorted(case_ids), "houses_": sorted(houses)}
    return set(connection.execute(_IN_HOUSES, values).scalars())


def lock_cases(connection: sa.Connection, case_ids: Iterable[int]) -> None:
    """Lock cases in the order of their numbers; SQLite's transaction has the only lock already."""
    wanted = sorted(case_ids)
    if wanted and connection.dialect.name != "sqlite":
        connection.execute(_LOCK, {"ids_": wanted}).all()
