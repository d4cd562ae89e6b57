"""Rows written straight into the tables, for the tests of the tables themselves."""

from datetime import UTC, date, datetime
from typing import Any

import sqlalchemy as sa

from jalon.persistence import schema

AT = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
DAY = date(2026, 11, 24)


def a_house(connection: sa.Connection, name: str = "ophis") -> str:
    connection.execute(
        schema.establishments.insert(),
        {"id": name, "name": "Résidence", "zone": "metropole", "timezone": "Europe/Paris"},
    )
    return name


def a_case(connection: sa.Connection, house: str = "ophis") -> int:
    """A case with its house and its workflow, at its first event."""
    a_house(connection, house)
    connection.execute(
        schema.workflow_versions.insert(),
        {
            "workflow": f"w_{house}",
            "version": 1,
            "title": "Un",
            "digest": "d",
            "compiled": "c",
            "registered_at": AT,
        },
    )
    values: dict[str, Any] = {
        "workflow": f"w_{house}",
        "version": 1,
        "establishment_id": house,
        "state": "ouvert",
        "revision": 1,
        "seq": 1,
        "head": "0" * 64,
        "facts": {},
        "opened_on": DAY,
        "state_since": DAY,
    }
    return connection.execute(schema.cases.insert().returning(schema.cases.c.id), values).scalar_one()


def an_event(connection: sa.Connection, case: int, seq: int = 1) -> None:
    connection.execute(
        schema.events.insert(),
        {
            "case_id": case,
            "seq": seq,
            "at": AT,
            "effective_on": DAY,
            "kind": "opened",
            "actor_id": "ana",
            "body": {"é": 1},
            "digest": "d",
        },
    )


def mark(connection: sa.Connection, name: str) -> None:
    """Leave one row that says a transaction was committed."""
    connection.execute(schema.meta.insert(), {"name": name, "value": ""})


def marks(connection: sa.Connection) -> set[str]:
    """The rows left by `mark`."""
    names = connection.scalars(sa.select(schema.meta.c.name))
    return set(names) - {"lock", "database"}
