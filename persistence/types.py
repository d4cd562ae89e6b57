"""The column types: an instant, a civil date, a JSON value, each kept as one fixed text on both databases."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import sqlalchemy as sa

from ..domain.errors import InputError

# PostgreSQL sorts text by the language of the cluster; its "C" collation sorts byte by byte, as SQLite does.
TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")

# SQLite numbers a row by itself only when its key is declared INTEGER.
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


class _BoundInputError(InputError, sa.exc.DontWrapMixin):
    """An argument makes no sense; SQLAlchemy lets this error through as it is."""


# Built once: `json.dumps` with any argument builds its encoder at each call.
_encode = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode


def instant_text(value: datetime | None) -> str | None:
    """Write an aware instant as `2026-11-24T09:30:00.000000Z`; raise InputError for anything else."""
    if value is None:
        return None
    if not isinstance(value, datetime) or value.utcoffset() is None:
        raise _BoundInputError(f"an instant must be an aware datetime, not {_kind(value)}")
    return value.astimezone(UTC).isoformat(timespec="microseconds")[:26] + "Z"


def date_text(value: date | None) -> str | None:
    """Write a civil date as `2026-11-24`; raise InputError for anything else, a datetime included."""
    if value is None:
        return None
    if not isinstance(value, date) or isinstance(value, datetime):
        raise _BoundInputError(f"a civil date must be a date, not {_kind(value)}")
    return value.isoformat()


def canonical_text(value: Any) -> str:
    """Write a JSON value in its one form: keys sorted, no space; raise InputError if it has none."""
    try:
        text = _encode(value)
        if not text.isascii():
            text.encode()  # half of a surrogate pair is text in Python and in no database
    except (TypeError, ValueError) as error:
        # The error may quote the value, and the value may be personal.
        raise _BoundInputError(f"this value has no JSON form ({type(error).__name__})") from None
    return text


def _kind(value: object) -> str:
    return "a naive datetime" if isinstance(value, datetime) else type(value).__name__


def _instant(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


def _date(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _value(text: str | None) -> Any:
    return None if text is None else json.loads(text)


class _Text(sa.types.TypeDecorator[Any]):
    """A text column whose processors are plain functions, built once and called bare."""

    impl = sa.Text
    cache_ok = True
    write: Callable[[Any], Any]
    read: Callable[[Any], Any]

    def load_dialect_impl(self, dialect: sa.Dialect) -> sa.types.TypeEngine[Any]:
        """Take the collation of the dialect."""
        return dialect.type_descriptor(TEXT)

    def bind_processor(self, dialect: sa.Dialect) -> Callable[[Any], Any]:
        """Give the function that writes a parameter."""
        del dialect
        return type(self).write

    def result_processor(self, dialect: sa.Dialect, coltype: object) -> Callable[[Any], Any]:
        """Give the function that reads a column."""
        del dialect, coltype
        return type(self).read

    def process_literal_param(self, value: Any, dialect: sa.Dialect) -> str:
        """Write a value that stands in the SQL itself."""
        del dialect
        return str(type(self).write(value))


class Instant(_Text):
    """An aware UTC instant, kept as fixed-width text: it sorts and compares as the instants do."""

    cache_ok = True
    write = staticmethod(instant_text)
    read = staticmethod(_instant)


class CivilDate(_Text):
    """A civil date, kept as ISO text: it sorts and compares as the dates do."""

    cache_ok = True
    write = staticmethod(date_text)
    read = staticmethod(_date)


class Canonical(_Text):
    """A JSON value, kept as its one canonical text; Python's None is JSON's null, never SQL's NULL."""

    cache_ok = True
    write = staticmethod(canonical_text)
    read = staticmethod(_value)
