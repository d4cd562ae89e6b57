"""The indexes over part of a table, apart from the tables: naming a dialect makes SQLAlchemy import it.

Only what compares the schema with a real database needs them.
"""

from functools import cache

import sqlalchemy as sa

from . import schema
from .columns import metadata

_PARTIAL = (
    (
        "ix_jalon_cases_due",
        schema.cases,
        ("establishment_id", "next_due_at"),
        "next_due_at IS NOT NULL",
        False,
    ),
    ("ix_jalon_cases_followed", schema.cases, ("referent_id",), "referent_id IS NOT NULL", False),
    ("ix_jalon_deadlines_open", schema.deadlines, ("establishment_id", "due_on"), "status = 'open'", False),
    ("ix_jalon_rungs_due", schema.rungs, ("fire_at", "id"), "status = 'pending'", False),
    ("ix_jalon_rungs_pending", schema.rungs, ("case_id",), "status = 'pending'", False),
    ("ix_jalon_tasks_open", schema.tasks, ("establishment_id", "due_on"), "status = 'open'", False),
    ("ix_jalon_notices_waiting", schema.notices, ("next_attempt_at", "id"), "status = 'waiting'", False),
    ("ix_jalon_notices_failed", schema.notices, ("establishment_id", "id"), "status = 'failed'", False),
    (
        "uq_jalon_occupancies_place",
        schema.occupancies,
        ("establishment_id", "kind", "place"),
        "freed_on IS NULL",
        True,
    ),
    ("uq_jalon_links_open", schema.links, ("case_id", "linked_id", "name"), "ended_on IS NULL", True),
    ("uq_jalon_persons_counted", schema.persons, ("person", "housed"), "counted", True),
    ("uq_jalon_occupancies_case", schema.occupancies, ("case_id", "kind"), "freed_on IS NULL", True),
)


@cache
def complete_metadata() -> sa.MetaData:
    """Give the metadata of every table with every index."""
    for name, table, columns, where, unique in _PARTIAL:
        condition = sa.text(where)
        sa.Index(
            name,
            *(table.c[column] for column in columns),
            unique=unique,
            sqlite_where=condition,
            postgresql_where=condition,
        )
    return metadata
