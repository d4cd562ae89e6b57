"""One at a time: what has no row to lock yet is held under its name, until the transaction ends."""

import hashlib

import sqlalchemy as sa

_HOLD = sa.text("SELECT pg_advisory_xact_lock(:key)")


def hold(connection: sa.Connection, name: str) -> None:
    """Wait for whoever holds this name, then hold it until the transaction ends.

    On SQLite the write lock, which every writer takes first, already does.
    """
    if connection.dialect.name == "postgresql":
        digest = hashlib.sha256(name.encode()).digest()[:8]
        connection.execute(_HOLD, {"key": int.from_bytes(digest, "big", signed=True)})
