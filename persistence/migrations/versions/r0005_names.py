"""The names of places compared as Unicode does (NFKC): what is kept of them is reckoned again.

Where two rows would then be one, the later keeps what it had: nobody loses a place, and `verify` tells it.
"""

import unicodedata
from typing import Any

import sqlalchemy as sa
from alembic.operations import Operations

revision = "jalon_0005"
down_revision = "jalon_0004"
branch_labels = None
depends_on = None

_PLACES = sa.table("jalon_places", *map(sa.column, ("id", "establishment_id", "kind", "place")))
_TAKEN = sa.table(
    "jalon_occupancies", *map(sa.column, ("id", "establishment_id", "kind", "place", "freed_on"))
)


def upgrade(op: Operations) -> None:
    """Reckon the keys of names that are not plain ASCII."""
    connection = op.get_bind()
    for table in (_PLACES, _TAKEN):
        found = connection.execute(sa.select(table).order_by(table.c.id)).all()
        alone = {_where(row, row.place) for row in found if _alone(row)}
        for row in found:
            key = _key(row.place)
            if key == row.place or (_alone(row) and _where(row, key) in alone):
                continue
            alone.add(_where(row, key))
            connection.execute(sa.update(table).where(table.c.id == row.id).values(place=key))


def _alone(row: sa.Row[Any]) -> bool:
    """Say whether no other row may have the same key: a listed place, or one that is held now."""
    return getattr(row, "freed_on", None) is None


def _where(row: sa.Row[Any], key: str) -> tuple[str, str, str]:
    return row.establishment_id, row.kind, key


def _key(text: str) -> str:
    """Give the key as of this revision; the one that the program gives may change again later."""
    if text.isascii():
        return text
    drawn = "".join(sign for sign in text if not "\ufe00" <= sign <= "\ufe0f")
    upper = unicodedata.normalize("NFKC", drawn).upper()
    return " ".join(unicodedata.normalize("NFKC", upper).split())
