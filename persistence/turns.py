"""One at a time: what has no row to lock yet is held under its name, until the transaction ends."""

import hashlib

import sqlalchemy as sa

_HOLD = sa.text("SELECT pg_advisory_xact_lock(:key)")
_SHARE = sa.text("SELECT pg_advisory_xact_lock_shared(:key)")


def hold(connection: sa.Connection, name: str) -> None:
    """Wait for whoever holds this name, then hold it until the transaction ends.

    On SQLite the write lock, which every writer takes first, already does.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(_HOLD, {"key": _key(name)})


def share(connection: sa.Connection, name: str) -> None:
    """Hold a name together with others that share it, and with nobody that holds it alone."""
    if connection.dialect.name == "postgresql":
        connection.execute(_SHARE, {"key": _key(name)})


def _key(name: str) -> int:
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True)
