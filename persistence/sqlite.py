"""An engine over a SQLite file: private, in WAL, durable, with transactions that say how they begin."""

import sqlite3
import threading
from contextlib import suppress
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event

from ..domain.errors import NotInitialised, StorageError
from .faults import is_damage

BUSY_SECONDS = 30.0
WRITES = "jalon_writes"  # the execution option under which a transaction begins by taking the write lock

_SETTINGS = (
    "PRAGMA synchronous = FULL",  # a commit survives a power cut
    "PRAGMA foreign_keys = ON",
    "PRAGMA wal_autocheckpoint = 4000",
)
_WAL_PAUSE = 0.01  # seconds

# Closing any descriptor of a file drops the locks that its process holds on it (howtocorrupt.html, 2.2, at
# sqlite.org): a file is created under the lock under which connections are opened.
_opening = threading.Lock()


def create_engine(path: Path) -> sa.Engine:
    """Make an engine over the file, which it never creates."""
    engine = sa.create_engine(
        sa.URL.create("sqlite+pysqlite", database=str(path)),
        creator=lambda: _connect(path),
        pool_size=10,
        max_overflow=20,
        hide_parameters=True,
    )
    event.listen(engine, "begin", _begin)
    return engine


def create_file(path: Path) -> None:
    """Create the file (0600) and the folders it lacks (0700), whatever the umask; raise StorageError."""
    try:
        for folder in reversed([parent for parent in path.parents if not parent.exists()]):
            with suppress(FileExistsError):
                folder.mkdir(mode=0o700)
                folder.chmod(0o700)
        with _opening, suppress(FileExistsError):
            path.touch(mode=0o600, exist_ok=False)
            path.chmod(0o600)
    except OSError as error:
        raise StorageError(f"cannot create {path}: {error.strerror}", reason="unavailable") from error


def use_wal(engine: sa.Engine) -> None:
    """Put the file in WAL, for good; SQLite does not wait for its own lock here, so this does."""
    with engine.connect() as connection:
        driver = connection.connection.driver_connection  # outside of any transaction
        deadline = monotonic() + BUSY_SECONDS
        while not _switched(driver):
            if monotonic() > deadline:
                raise StorageError("another connection kept the database locked for too long", reason="busy")
            sleep(_WAL_PAUSE)


def _switched(driver: Any) -> bool:
    try:
        (mode,) = driver.execute("PRAGMA journal_mode = WAL").fetchone()
    except sqlite3.DatabaseError as error:
        if is_damage(error.sqlite_errorcode):
            raise StorageError("this file is not a database, or it is damaged", reason="damaged") from error
        if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
            raise StorageError(f"the database does not answer: {error}", reason="unavailable") from error
        return False
    if mode != "wal":
        raise StorageError(f"this file cannot be kept in WAL (SQLite answers {mode!r})", reason="unavailable")
    return True


def _connect(path: Path) -> sqlite3.Connection:
    with _opening:
        if not path.exists():
            raise NotInitialised(f"there is no database at {path}", path=str(path))
        # mode=rw: a path that was mistyped does not leave an empty file behind.
        connection = sqlite3.connect(
            f"{path.as_uri()}?mode=rw",
            uri=True,
            timeout=BUSY_SECONDS,
            isolation_level=None,  # BEGIN is ours to write
            check_same_thread=False,  # the pool hands a connection to one thread at a time
        )
    try:
        for setting in _SETTINGS:
            connection.execute(setting)
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _begin(connection: sa.Connection) -> None:
    writes = connection.get_execution_options().get(WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
