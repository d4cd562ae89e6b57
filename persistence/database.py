"""One database, ours or the host's: where transactions begin and end."""

import os
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import sqlalchemy as sa

from ..domain.errors import InputError
from . import host as hosts
from . import postgres, sqlite
from .faults import translated
from .host import Host
from .revision import require, revision_of
from .schema import meta

Connection = sa.Connection
"""What the layers above hold of a transaction, without naming the library."""

_POSTGRESQL = ("postgresql", "postgresql+psycopg")
_SQLITE = ("sqlite", "sqlite+pysqlite")
_IDENTITY = sa.select(meta.c.value).where(meta.c.name == sa.literal_column("'database'"))

_open: weakref.WeakSet["Database"] = weakref.WeakSet()
_abandoned: list[sa.Pool] = []


class Database:
    """A SQLite file or a PostgreSQL database, shared by any number of threads; after a fork it reconnects."""

    def __init__(self, url: str | None = None, *, engine: sa.Engine | None = None) -> None:
        """Open nothing yet; raise InputError for a URL or an engine that jalon cannot use."""
        if (url is None) == (engine is None):
            raise InputError("a Database takes a URL or an engine, one of the two")
        self.path: Path | None = None  # the SQLite file jalon owns
        self.owned = engine is None
        self.engine = self._opened(str(url)) if engine is None else _accepted(engine)
        self.dialect = self.engine.dialect.name
        self._reader = self.engine
        if self.dialect == "postgresql":
            # As on SQLite: everything one reader sees, it sees as of one moment.
            self._reader = self.engine.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )
        self._current: weakref.WeakSet[sa.Pool] = weakref.WeakSet()
        self._known_identity: str | None = None
        if self.owned:
            _follow_forks()
            _open.add(self)

    def _opened(self, text: str) -> sa.Engine:
        url = _parsed(text)
        if url.drivername in _POSTGRESQL:
            return postgres.create_engine(url)
        self.path = Path(str(url.database)).absolute()
        return sqlite.create_engine(self.path)

    @contextmanager
    def write(self) -> Iterator[sa.Connection]:
        """One transaction, committed at the end, rolled back on an error; on SQLite it begins by locking."""
        with translated(), self.engine.connect() as connection:
            if self.dialect == "sqlite":
                # On the connection: an engine with options of its own asks its listeners twice at each statement.
                connection.execution_options(**{sqlite.WRITES: True})
            with connection.begin():
                if not self.owned:
                    hosts.begin(connection)
                    hosts.lock(connection)
                yield connection

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """One transaction that reads the database as of one moment."""
        with translated(), self._reader.begin() as connection:
            if not self.owned:
                hosts.look(connection)
            yield connection

    @contextmanager
    def join(self, host: Host, *, write: bool = True) -> Iterator[sa.Connection]:
        """The host's own connection, in the host's transaction, which jalon neither commits nor rolls back.

        With `write`, on SQLite, the first statement takes the write lock: StaleSnapshot if what the host has
        read is no longer true, StorageError with `reason="busy"` if another keeps the lock. Raise InputError
        for a host that cannot be joined or is on another database, NotInitialised, NeedsUpgrade or TooRecent
        for tables that are not those of this jalon.
        """
        connection = hosts.connection_of(host)
        if connection.dialect.name != self.dialect:
            raise InputError(
                f"this connection is to {connection.dialect.name}, jalon's database to {self.dialect}"
            )
        with translated():
            hosts.begin(connection)
            if write:
                hosts.lock(connection)
            self._recognise(connection)
            yield connection

    def require_current(self) -> None:
        """Raise NotInitialised, NeedsUpgrade or TooRecent; ask the database once, then remember."""
        pool = self.engine.pool
        if pool in self._current:
            return
        with self.read() as connection:
            require(revision_of(connection))
        if self.path is not None:
            with translated():
                sqlite.use_wal(self.engine)
        self._current.add(pool)

    def close(self) -> None:
        """Close the connections, unless they are the host's."""
        if self.owned:
            self.engine.dispose()

    def _recognise(self, connection: sa.Connection) -> None:
        """Check once that a host's pool leads to our database, with the tables of this jalon."""
        pool = connection.engine.pool
        if pool in self._current:
            return
        require(revision_of(connection))
        if pool is not self.engine.pool and connection.scalar(_IDENTITY) != self.identity():
            raise InputError("this connection is to another database than jalon's")
        self._current.add(pool)

    def identity(self) -> str | None:
        """Give the name that this database was born with, by which its messages are told from another's."""
        if self._known_identity is None:
            with self.read() as connection:
                self._known_identity = connection.scalar(_IDENTITY)
        return self._known_identity


def _parsed(text: str) -> sa.URL:
    try:
        url = sa.make_url(text)
    except sa.exc.ArgumentError as error:
        raise InputError("a database is a URL: sqlite:///jalon.db or postgresql://host/name") from error
    if url.drivername in _POSTGRESQL:
        return url
    if url.drivername not in _SQLITE:
        raise InputError(
            f"jalon keeps its rows in sqlite:///path or postgresql://, not in {url.drivername}://"
            " (drivers: sqlite3 and psycopg 3, both synchronous)"
        )
    if url.query or url.host:
        raise InputError("a SQLite URL takes a path and nothing else: sqlite:///jalon.db")
    _refuse_memory(url.database)
    return url


def _accepted(engine: sa.Engine) -> sa.Engine:
    if not isinstance(engine, sa.Engine):
        raise InputError(f"jalon takes a synchronous SQLAlchemy Engine, not {type(engine).__name__}")
    if engine.dialect.name not in ("sqlite", "postgresql") or engine.dialect.is_async:
        raise InputError(f"jalon uses SQLite or PostgreSQL, synchronously, not {engine.url.drivername}")
    if engine.dialect.name == "sqlite":
        _refuse_memory(engine.url.database)
    return engine


def _refuse_memory(database: str | None) -> None:
    if not database or ":memory:" in database or database.startswith("file:"):
        raise InputError("a SQLite database is a file, which several connections share: sqlite:///jalon.db")


@cache
def _follow_forks() -> None:
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=_forget_connections)


def _forget_connections() -> None:
    """In a child, leave the parent's connections alone: neither used, nor closed, nor collected."""
    for database in list(_open):
        _abandoned.append(database.engine.pool)
        database.engine.dispose(close=False)
