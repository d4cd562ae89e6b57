"""What a database answers when it cannot work, in jalon's own errors."""

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa

from ..domain.errors import StaleSnapshot, StorageError

# https://www.sqlite.org/rescode.html: the low byte is the code, the rest refines it.
_SQLITE_BUSY = 5
_SQLITE_LOCKED = 6
_SQLITE_BUSY_SNAPSHOT = 517
_SQLITE_DAMAGED = (11, 26, 522)  # SQLITE_CORRUPT, SQLITE_NOTADB, SQLITE_IOERR_SHORT_READ

# https://www.postgresql.org/docs/current/errcodes-appendix.html
_SERIALIZATION_FAILURE = "40001"
_POSTGRESQL_BUSY = ("40P01", "55P03")  # deadlock_detected, lock_not_available

_NOT_OURS = (sa.exc.IntegrityError, sa.exc.ProgrammingError, sa.exc.DataError)


@contextmanager
def translated() -> Iterator[None]:
    """Turn the errors of a database that cannot work into StorageError; let integrity and SQL errors pass.

    StaleSnapshot: what this transaction read has changed under it. StorageError with `reason="busy"`: another
    connection kept its lock too long; with `reason="damaged"`: the file is no database, or no longer
    one; with `reason="unavailable"`: the rest (unreachable, full).
    """
    try:
        yield
    except _NOT_OURS:
        raise
    except (sa.exc.DBAPIError, sa.exc.TimeoutError) as error:
        raise _translation(error) from error


def _translation(error: sa.exc.SQLAlchemyError) -> StorageError:
    cause = getattr(error, "orig", None)
    sqlite = getattr(cause, "sqlite_errorcode", None)
    state = getattr(cause, "sqlstate", None) or getattr(cause, "pgcode", None)
    if sqlite == _SQLITE_BUSY_SNAPSHOT or state == _SERIALIZATION_FAILURE:
        return StaleSnapshot()
    busy = sqlite is not None and sqlite & 0xFF in (_SQLITE_BUSY, _SQLITE_LOCKED)
    if busy or state in _POSTGRESQL_BUSY or isinstance(error, sa.exc.TimeoutError):
        return StorageError("another connection kept the database locked for too long", reason="busy")
    if is_damage(sqlite):
        return StorageError("this file is not a database, or it is damaged", reason="damaged")
    # The first line only: what follows may quote the row, and the row may be personal.
    said = str(cause or error).partition("\n")[0]
    return StorageError(f"the database does not answer: {said}", reason="unavailable")


def is_damage(code: int | None) -> bool:
    """Say whether a SQLite error code means that the file is no database, or no longer a sound one."""
    return code is not None and (code in _SQLITE_DAMAGED or code & 0xFF in _SQLITE_DAMAGED)
