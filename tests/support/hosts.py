"""The engines a host may have: as SQLAlchemy makes them, and as its manual advises for SQLite."""

import sys
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event

# How sqlite3 begins a transaction; PostgreSQL has one way only.
MODES = ["postgresql", "legacy", "begin", *(["modern"] if sys.version_info >= (3, 12) else [])]


def host_engine(url: str, mode: str, *, timeout: float = 0.05) -> sa.Engine:
    """An engine of the host over the same database."""
    if mode == "postgresql":
        return sa.create_engine(sa.make_url(url).set(drivername="postgresql+psycopg"))
    arguments: dict[str, Any] = {"timeout": timeout}
    if mode == "modern":
        arguments["autocommit"] = False
    if mode == "begin":
        arguments["isolation_level"] = None
    engine = sa.create_engine(url, connect_args=arguments)
    if mode == "begin":
        event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
    return engine
