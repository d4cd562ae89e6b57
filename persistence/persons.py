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
        persons.c.person, persons.c.sure, persons.c.adult_on, persons.c.case_id, cases.c.workflow, cases.c.version,
        cases.c.state, cases.c.establishment_id,
    )
    .join(cases, cases.c.id == persons.c.case_id)
    .where(persons.c.person.in_(sa.bindparam("persons_", expanding=True)), persons.c.case_id != sa.bindparam("id_"))
    .order_by(persons.c.case_id)
)  # fmt: skip
_HOUSED = sa.select(persons.c.person).where(
    persons.c.person.in_(sa.bindparam("persons_", expanding=True)), persons.c.housed,
    persons.c.case_id != sa.bindparam("id_"),
)  # fmt: skip
_INSERT = sa.insert(persons)
_MATCH = (persons.c.case_id == sa.bindparam("case_id_"), persons.c.person == sa.bindparam("person_"))
_UPDATE = sa.update(persons).where(*_MATCH).values(
    {name: sa.bindparam(f"{name}_") for name in ("sure", "adult_on", "housed")}
)  # fmt: skip
_DELETE = sa.delete(persons).where(*_MATCH)


def read_persons(connection: sa.Connection, case_id: int) -> Sequence[Row]:
    """Read the people of a case."""
    return connection.execute(_OF_CASE, {"id_": case_id}).all()


def cases_with(connection: sa.Connection, known: Iterable[str], case_id: int) -> Sequence[Any]:
    """Read the other cases of people, once for each of their digests."""
    found: Sequence[Any] = connection.execute(_ELSEWHERE, {"persons_": sorted(known), "id_": case_id}).all()
    return found


def housed_elsewhere(connection: sa.Connection, known: Iterable[str], case_id: int) -> frozenset[str]:
    """Name the people whom another case houses."""
    found = connection.execute(_HOUSED, {"persons_": sorted(known), "id_": case_id})
    return frozenset(found.scalars())


def write_persons(
    connection: sa.Connection, gone: Sequence[Params], changed: Sequence[Params], new: Sequence[Params]
) -> bool:
    """Write what changed of the people of a case, in one order for all; say whether nobody was housed meanwhile.

    Where the constraint refuses someone whom another case houses, nothing of it is written.
    """
    if not any(row["housed"] for row in (*changed, *new)):
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
