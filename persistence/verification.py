"""What a verification reads beyond one case."""

import sqlalchemy as sa

from .schema import events


def told_cases(connection: sa.Connection) -> set[int]:
    """Name the cases of which a history is kept, whether their row is still there or not."""
    return set(connection.execute(sa.select(events.c.case_id).distinct()).scalars())
