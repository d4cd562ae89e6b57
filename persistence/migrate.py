"""Migrations: up only, under a lock, in one transaction, whoever runs them and however many at once."""

from contextlib import suppress
from typing import Any

import sqlalchemy as sa

from ..domain.errors import InputError, NotInitialised, TooRecent
from . import host as hosts
from . import sqlite
from .database import Database
from .faults import translated
from .revision import REVISIONS, VERSION_TABLE, Status, revision_of, status_of

_PREFIX = "jalon_"

_LOCK = sa.text("SELECT pg_advisory_xact_lock(:key)").bindparams(key=int.from_bytes(b"jalon", "big"))


def status(database: Database) -> Status:
    """Say whether the database is missing, older, current or newer; nothing is written."""
    if database.path is not None and not database.path.exists():
        return "missing"
    with database.read() as connection:
        return status_of(revision_of(connection))


def upgrade(target: Database | sa.Connection) -> None:
    """Bring the tables to what this jalon needs; does nothing where they are. TooRecent: nothing is written.

    A Database is created if its file is missing. On a host's Connection, which must be in a transaction, the
    host commits.
    """
    if isinstance(target, Database):
        _upgrade_database(target)
        return
    connection = hosts.connection_of(target)
    if not connection.in_transaction():
        raise InputError("begin a transaction first: jalon does not commit for its host")
    with translated():
        _upgrade(connection)


def host_includes(name: str | None, kind: str, parent_names: Any) -> bool:
    """Alembic's `include_name` for a host: its autogenerate leaves jalon's tables alone."""
    del parent_names
    return not (kind == "table" and name is not None and name.startswith(_PREFIX))


def _upgrade_database(database: Database) -> None:
    found = status(database)
    if database.path is not None and found != "newer":
        sqlite.create_file(database.path)
        with translated():
            sqlite.use_wal(database.engine)
    if found != "current":
        with translated(), database.write() if database.owned else database.engine.begin() as connection:
            _upgrade(connection)
    database.require_current()


def _upgrade(connection: sa.Connection) -> None:
    hosts.begin(connection)
    if connection.dialect.name == "postgresql":
        connection.execute(_LOCK)
    else:
        with suppress(NotInitialised):
            hosts.lock(connection)
    revision = revision_of(connection)
    found = status_of(revision)
    if found == "newer":
        raise TooRecent(revision=revision)
    if found != "current":
        _climb(connection, revision)


def _climb(connection: sa.Connection, revision: str | None) -> None:
    # Imported here: most programs never migrate, and Alembic is slow to import.
    from alembic.config import Config
    from alembic.migration import MigrationContext
    from alembic.operations import Operations
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", f"{__package__}:migrations")
    scripts = ScriptDirectory.from_config(config)
    context = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE})
    for script in reversed(list(scripts.iterate_revisions(REVISIONS[-1], revision))):
        # Not alembic.op, which is one for the process: a host's own migration may be running around this one.
        script.module.upgrade(Operations(context))
    context.stamp(scripts, REVISIONS[-1])
