"""One delivery at a time for a database: a lock that a process that dies lets go of by dying."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa

from .database import Database

_KEY = int.from_bytes(b"courrier", "big") >> 1
_TRY = sa.text("SELECT pg_try_advisory_lock(:key)").bindparams(key=_KEY)
_RELEASE = sa.text("SELECT pg_advisory_unlock(:key)").bindparams(key=_KEY)


@contextmanager
def delivery_lock(database: Database) -> Iterator[bool]:
    """Give True to the one pass that may deliver now; another gets False, and leaves it to the first.

    Two passes at once would send messages out of order, and the same message twice.
    """
    if database.dialect == "postgresql":
        with _advisory(database) as mine:
            yield mine
        return
    path = Path(f"{database.path or database.engine.url.database}-courrier")
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        yield False
    else:
        yield True
    finally:
        os.close(descriptor)


@contextmanager
def _advisory(database: Database) -> Iterator[bool]:
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        mine = bool(connection.scalar(_TRY))
        try:
            yield mine
        finally:
            if mine:
                connection.execute(_RELEASE)
