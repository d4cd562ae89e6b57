"""An engine over PostgreSQL, through psycopg 3."""

from time import monotonic
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection

from ..domain.errors import InputError

LOCK_MILLISECONDS = 30_000  # as long as SQLite waits for its lock
_IDLE_SECONDS = 30.0


def create_engine(url: sa.URL) -> sa.Engine:
    """Make an engine over the server of the URL; raise InputError where psycopg is not installed."""
    settings: dict[str, Any] = {
        "application_name": "jalon",
        "options": f"-c lock_timeout={LOCK_MILLISECONDS}",
    }
    try:
        engine = sa.create_engine(
            url.set(drivername="postgresql+psycopg"),
            connect_args={name: value for name, value in settings.items() if name not in url.query},
            pool_size=10,
            max_overflow=20,
            hide_parameters=True,
        )
    except ModuleNotFoundError as error:
        raise InputError("PostgreSQL needs psycopg: install jalon[postgres]") from error
    event.listen(engine, "checkin", _rest)
    event.listen(engine, "checkout", _wake)
    return engine


def _rest(dbapi_connection: Any, record: ConnectionPoolEntry) -> None:
    del dbapi_connection
    record.info["jalon_rested"] = monotonic()


def _wake(dbapi_connection: Any, record: ConnectionPoolEntry, proxy: PoolProxiedConnection) -> None:
    """Try a connection that has rested for long, as a firewall or a restart may have cut it meanwhile.

    SQLAlchemy's own `pool_pre_ping` would ask before every transaction, one more round trip each.
    """
    del proxy
    rested = record.info.get("jalon_rested")
    if rested is None or monotonic() - rested < _IDLE_SECONDS:
        return
    try:
        dbapi_connection.execute("SELECT 1")
        dbapi_connection.rollback()
    except Exception as error:
        raise sa.exc.DisconnectionError from error
