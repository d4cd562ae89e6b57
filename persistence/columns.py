"""The columns the tables are made of, one line each, and the names their constraints take."""

from typing import Any

import sqlalchemy as sa

from .types import ID, TEXT, Canonical, CivilDate, Instant

metadata = sa.MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    }
)


def text(name: str, *, null: bool = False, default: str | None = None, key: bool = False) -> sa.Column[str]:
    """Make a text column."""
    return sa.Column(name, TEXT, nullable=null, server_default=default, primary_key=key)


def number(name: str, *, null: bool = False, default: str | None = None, key: bool = False) -> sa.Column[int]:
    """Make a column for a small whole number."""
    return sa.Column(
        name, sa.Integer, nullable=null, server_default=default, primary_key=key, autoincrement=False
    )


def instant(name: str, *, null: bool = False) -> sa.Column[Any]:
    """Make a column for an aware UTC instant."""
    return sa.Column(name, Instant, nullable=null)


def civil_date(name: str, *, null: bool = False) -> sa.Column[Any]:
    """Make a column for a civil date."""
    return sa.Column(name, CivilDate, nullable=null)


def canonical(name: str, *, default: str | None = None) -> sa.Column[Any]:
    """Make a column for a JSON value, never NULL."""
    return sa.Column(name, Canonical, nullable=False, server_default=default)


def identity() -> sa.Column[int]:
    """Make a key that the database numbers."""
    return sa.Column("id", ID, sa.Identity(), primary_key=True)


def reference(name: str, target: str, *, null: bool = False, key: bool = False) -> sa.Column[Any]:
    """Make a column that refers to `target`."""
    kind = ID if target in ("jalon_cases.id", "jalon_deadlines.id", "jalon_places.id") else TEXT
    return sa.Column(name, kind, sa.ForeignKey(target), nullable=null, primary_key=key, autoincrement=False)


def of_case(*, key: bool = False) -> sa.Column[Any]:
    """Make the column of the case the row belongs to."""
    return reference("case_id", "jalon_cases.id", key=key)


def of_establishment(*, key: bool = False) -> sa.Column[Any]:
    """Make the column of the establishment the row belongs to."""
    return reference("establishment_id", "jalon_establishments.id", key=key)


def is_word(column: sa.Column[str], word: str) -> sa.ColumnElement[bool]:
    """Compare with a word that stands in the SQL itself: a partial index does not serve a bound parameter."""
    return column == sa.literal_column(f"'{word}'")
