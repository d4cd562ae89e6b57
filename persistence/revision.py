"""Which migration a database has reached, and whether this jalon can use it."""

from typing import Literal

import sqlalchemy as sa

from ..domain.errors import NeedsUpgrade, NotInitialised, TooRecent

VERSION_TABLE = "jalon_alembic_version"

# Every revision of `migrations/versions/`, in order; a test compares. Known without importing Alembic.
REVISIONS = ("jalon_0001", "jalon_0002", "jalon_0003", "jalon_0004", "jalon_0005")

Status = Literal["missing", "older", "current", "newer"]

_VERSION = sa.select(sa.table(VERSION_TABLE, sa.column("version_num", sa.Text)).c.version_num)


def revision_of(connection: sa.Connection) -> str | None:
    """Read the revision of the database, or None without jalon's tables; never fails a host's transaction."""
    if not sa.inspect(connection).has_table(VERSION_TABLE):
        return None
    return connection.execute(_VERSION).scalar()


def status_of(revision: str | None) -> Status:
    """Place a revision among those this jalon knows; one it does not know comes from a newer jalon."""
    if revision is None:
        return "missing"
    if revision not in REVISIONS:
        return "newer"
    return "current" if revision == REVISIONS[-1] else "older"


def require(revision: str | None) -> None:
    """Raise NotInitialised, NeedsUpgrade or TooRecent unless the revision is the one this jalon writes."""
    match status_of(revision):
        case "missing":
            raise NotInitialised
        case "older":
            raise NeedsUpgrade(revision=revision)
        case "newer":
            raise TooRecent(revision=revision)
        case "current":
            return
