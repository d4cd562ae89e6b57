"""Values that people type, read; each refusal is an InputError that `words_input` says in French."""

import re
from datetime import UTC, date, datetime, time

from .. import InputError
from ..domain.civil import instant

PARIS = "Europe/Paris"

_FRENCH = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_WHOLE = re.compile(r"[+-]?\d{1,18}")


def read_date(text: str, argument: str) -> date:
    """Read `2026-12-31` or `31/12/2026`. Raises InputError."""
    if found := _ISO.fullmatch(text):
        year, month, day = found.groups()
    elif found := _FRENCH.fullmatch(text):
        day, month, year = found.groups()
    else:
        raise InputError("a date is wanted", argument=argument, value=text, problem="date")
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        raise InputError("no such day", argument=argument, value=text, problem="no_day") from None


def read_whole(text: str, argument: str) -> int:
    """Read a whole number. Raises InputError."""
    if not _WHOLE.fullmatch(text):
        raise InputError("a whole number is wanted", argument=argument, value=text, problem="whole")
    return int(text)


def read_between(text: str, argument: str, most: int, *, least: int = 1) -> int:
    """Read a whole number within bounds. Raises InputError."""
    if not text.isascii() or not text.isdigit() or len(text) > 12 or not least <= int(text) <= most:
        data = {"argument": argument, "value": text[:80], "problem": "between", "least": least, "most": most}
        raise InputError("a whole number within bounds is wanted", **data)
    return int(text)


def read_number(text: str | None, argument: str) -> int | None:
    """Read a whole number where one is given. Raises InputError."""
    return None if text is None else read_whole(text, argument)


def read_limit(text: str | None) -> int | None:
    """Read how many are wanted at most, from 1. Raises InputError."""
    if text is None:
        return None
    found = read_whole(text, "limit")
    if found < 1:
        raise InputError("at least one is wanted", argument="limit", value=text, problem="range")
    return found


def read_day(text: str | None, argument: str) -> date | None:
    """Read a date where one is given. Raises InputError."""
    return None if text is None else read_date(text, argument)


def read_now(text: str) -> datetime:
    """Read an instant: a day (ten o'clock in Paris), a day and an hour, with a zone or in Paris. Raises InputError."""
    if _ISO.fullmatch(text) or _FRENCH.fullmatch(text):
        return instant(read_date(text, "now"), time(10), PARIS)
    try:
        found = datetime.fromisoformat(text)
        if found.tzinfo is not None:
            return found.astimezone(UTC)
    except (ValueError, OverflowError):
        raise InputError("an instant is wanted", argument="now", value=text, problem="instant") from None
    return instant(found.date(), found.time(), PARIS)
