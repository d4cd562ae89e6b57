"""The host's own Session or Connection: found, checked and locked; never committed by jalon."""

import sqlite3
from typing import Any, Protocol

import sqlalchemy as sa

from ..domain.errors import InputError, NotInitialised

_LOCKED = "_jalon_locked"  # the transaction in which a Connection has taken the write lock

_NO_OP = sa.text("UPDATE jalon_meta SET value = value WHERE name = 'lock'")


class HostSession(Protocol):
    """What jalon needs of a Session or scoped_session; it does not import the ORM for their names."""

    def connection(self) -> sa.Connection:
        """Give the Connection of the present transaction."""


Host = sa.Connection | HostSession


def connection_of(host: Any) -> sa.Connection:
    """Give the Connection of a Session or the Connection itself; raise InputError for anything else."""
    if any(kind.__module__.startswith("sqlalchemy.ext.asyncio") for kind in type(host).__mro__):
        raise InputError(
            f"jalon is synchronous and cannot use an {type(host).__name__}: await host.run_sync(function),"
            " and give jalon the synchronous session or connection that the function receives"
        )
    connection = host if isinstance(host, sa.Connection) else _connection(host)
    if not isinstance(connection, sa.Connection):
        raise InputError(f"jalon joins a SQLAlchemy Session or Connection, not {type(host).__name__}")
    if connection.closed or connection.invalidated:
        raise InputError("this connection is closed")
    return connection


def _connection(session: Any) -> Any:
    give = getattr(session, "connection", None)
    try:
        return give() if callable(give) else None
    except sa.exc.UnboundExecutionError as error:
        raise InputError(
            "this Session has no engine of its own: give jalon the Connection of the database that holds"
            " its tables, session.connection(bind_arguments={...})"
        ) from error


def begin(connection: sa.Connection) -> None:
    """Begin the host's transaction where it has not begun; raise InputError on an autocommit connection."""
    if not connection.in_transaction():
        connection.begin()
    driver = _driver(connection)
    if getattr(driver, "autocommit", False) is True or _never_begins(connection):
        raise InputError("this connection commits each statement by itself: jalon needs a transaction")


def lock(connection: sa.Connection) -> None:
    """Take SQLite's write lock with the first statement, so that all that follows is read under it.

    Raise NotInitialised where there is no table to lock by, InputError in a savepoint that may not be one.
    """
    if connection.dialect.name != "sqlite":
        return
    transaction = connection.get_transaction()
    if vars(connection).get(_LOCKED) is not transaction or not _in_transaction(connection):
        _lock(connection)
        setattr(connection, _LOCKED, transaction)


def _lock(connection: sa.Connection) -> None:
    if not _in_transaction(connection):
        # sqlite3's legacy mode: no BEGIN before the first INSERT, UPDATE or DELETE. This one is better.
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        return
    if connection.in_nested_transaction() and _is_legacy(connection):
        raise InputError(
            "sqlite3 in its legacy mode may have opened this savepoint outside of any transaction, and would"
            " commit when it is released: call jalon before begin_nested(), or let SQLAlchemy write BEGIN"
            " (docs/how-to/host-session.md)"
        )
    try:
        connection.execute(_NO_OP)
    except sa.exc.OperationalError as error:
        if getattr(error.orig, "sqlite_errorcode", None) == sqlite3.SQLITE_ERROR:  # no such table
            raise NotInitialised from error
        raise


def look(connection: sa.Connection) -> None:
    """Begin to read as of one moment, which sqlite3's legacy mode does not do by itself."""
    if connection.dialect.name == "sqlite" and not _in_transaction(connection):
        connection.exec_driver_sql("BEGIN")


def _driver(connection: sa.Connection) -> Any:
    return connection.connection.driver_connection


def _in_transaction(connection: sa.Connection) -> bool:
    return bool(_driver(connection).in_transaction)


def _is_legacy(connection: sa.Connection) -> bool:
    # From Python 3.12 `autocommit` is a bool in the modern mode, and a number in the legacy one.
    driver = _driver(connection)
    return driver.isolation_level is not None and not isinstance(getattr(driver, "autocommit", None), bool)


def _never_begins(connection: sa.Connection) -> bool:
    if connection.dialect.name != "sqlite" or _in_transaction(connection):
        return False
    return not _is_legacy(connection)
