"""The people of cases, known by digests that say nothing of them. Statements are built once."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from .schema import cases, persons

Row = sa.Row[Any]
Params = Mapping[str, Any]

_OF_CASE = sa.select(persons).where(persons.c.case_id == sa.bindparam("id_"))
_ELSEWHERE = (
    sa.select(
        persons.c.person, persons.c.sure, persons.c.adult_on, persons.c.ref, persons.c.case_id, cases.c.workflow,
        cases.c.version, cases.c.state, cases.c.state_since, cases.c.establishment_id,
    )
    .join(cases, cases.c.id == persons.c.case_id)
    .where(persons.c.person.in_(sa.bindparam("persons_", expanding=True)), persons.c.case_id != sa.bindparam("id_"))
    .order_by(persons.c.case_id)
)  # fmt: skip
_COUNTED = sa.select(persons.c.person, persons.c.ref).where(
    persons.c.person.in_(sa.bindparam("persons_", expanding=True)), persons.c.counted,
    persons.c.housed == sa.bindparam("kind_"), persons.c.case_id != sa.bindparam("id_"),
)  # fmt: skip
_TWICE = persons.alias("twice")
_NEXT = (
    sa.select(sa.func.min(_TWICE.c.case_id))
    .where(
        _TWICE.c.person == sa.bindparam("person_"), _TWICE.c.housed == sa.bindparam("kind_"), _TWICE.c.adult,
        ~_TWICE.c.counted,
    )
    .scalar_subquery()
)  # fmt: skip
_HAND_ON = sa.update(persons).where(
    persons.c.person == sa.bindparam("person_"), persons.c.case_id == _NEXT
).values(counted=True)  # fmt: skip
_INSERT = sa.insert(persons)
_MATCH = (persons.c.case_id == sa.bindparam("case_id_"), persons.c.person == sa.bindparam("person_"))
_UPDATE = sa.update(persons).where(*_MATCH).values(
    {name: sa.bindparam(f"{name}_") for name in ("sure", "adult_on", "ref", "housed", "adult", "counted")}
)  # fmt: skip
_DELETE = sa.delete(persons).where(*_MATCH)


def read_persons(connection: sa.Connection, case_id: int) -> Sequence[Row]:
    """Read the people of a case."""
    return connection.execute(_OF_CASE, {"id_": case_id}).all()


def cases_with(connection: sa.Connection, known: Iterable[str], case_id: int) -> Sequence[Any]:
    """Read the other cases of people, once for each of their digests."""
    found: Sequence[Any] = connection.execute(_ELSEWHERE, {"persons_": sorted(known), "id_": case_id}).all()
    return found


def counted_elsewhere(
    connection: sa.Connection, known: Iterable[str], kind: str, case_id: int
) -> dict[str, str | None]:
    """Name the people who count as housed so by another case, each with the reference they have there."""
    values = {"persons_": sorted(known), "kind_": kind, "id_": case_id}
    return {row.person: row.ref for row in connection.execute(_COUNTED, values)}


def hand_on(connection: sa.Connection, free: Iterable[tuple[str, str]]) -> None:
    """Count people who are no more housed so by one case where they are by another, the oldest."""
    for person, kind in sorted(free):
        connection.execute(_HAND_ON, {"person_": person, "kind_": kind})


def write_persons(
    connection: sa.Connection, gone: Sequence[Params], changed: Sequence[Params], new: Sequence[Params]
) -> bool:
    """Write what changed of the people of a case, in one order for all; say whether nobody was housed meanwhile.

    Where the constraint refuses someone whom another case houses, nothing of it is written.
    """
    if not any(row["counted"] for row in (*changed, *new)):
        _write(connection, gone, changed, new)
        return True
    savepoint = connection.begin_nested()
    try:
        _write(connection, gone, changed, new)
    except sa.exc.IntegrityError:
        savepoint.rollback()
        return False
    savepoint.commit()
    return True


def _write(
    connection: sa.Connection, gone: Sequence[Params], changed: Sequence[Params], new: Sequence[Params]
) -> None:
    for statement, rows in ((_DELETE, gone), (_UPDATE, changed)):
        for row in sorted(rows, key=_order):
            connection.execute(statement, {f"{name}_": value for name, value in row.items()})
    if new:
        connection.execute(_INSERT, sorted(map(dict, new), key=_order))


def _order(row: Params) -> str:
    return str(row["person"])
