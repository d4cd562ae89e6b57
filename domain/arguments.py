"""Refuse arguments of dates that make no sense, always with the same data: argument, value, problem."""

import reprlib
from datetime import date, datetime

from .errors import InputError

EARLIEST = date(1900, 1, 1)
"""No act and no paper of a case is older: an earlier day is a slip of the pen."""
HIGHEST_LIMIT = 10**9
_SHOWN_BITS = 64
_KEPT_CHARACTERS = 64


def refused(argument: str, value: object, problem: str, sentence: str) -> InputError:
    """Build the error of one argument: its name, what it held (clipped), a slug, a sentence."""
    shown = _clipped(value)
    short = isinstance(value, str) and len(value) <= _KEPT_CHARACTERS and value.isprintable()
    kept = value if short else shown
    return InputError(f"{argument}: {sentence}: {shown}", argument=argument, value=kept, problem=problem)


def _clipped(value: object) -> str:
    """Show a value whatever its size; Python itself refuses to print an integer of many digits."""
    if isinstance(value, int) and value.bit_length() > _SHOWN_BITS:
        return f"an integer of {value.bit_length()} bits"
    if isinstance(value, date):
        return value.isoformat()
    try:
        return reprlib.repr(value)
    except ValueError:
        return type(value).__name__


def civil_date(value: object, argument: str) -> date:
    """Return the date, or raise InputError; a datetime is refused, since cutting its hour could be wrong."""
    if isinstance(value, datetime):
        raise refused(argument, value, "datetime", "a date is wanted; take the civil date of this instant")
    if not isinstance(value, date):
        raise refused(argument, value, "type", "a date is wanted")
    return value


def recent_date(value: object, argument: str) -> date:
    """Return the date, or raise InputError: one before those of any case is a slip of the pen."""
    found = civil_date(value, argument)
    if found < EARLIEST:
        raise refused(argument, found, "range", f"a day from {EARLIEST} on is wanted")
    return found


def whole_number(value: object, argument: str) -> int:
    """Return the integer, or raise InputError; a bool or a float is refused."""
    if not isinstance(value, int) or isinstance(value, bool):
        raise refused(argument, value, "type", "an integer is wanted")
    return value


def checked_limit(value: object, argument: str = "limit") -> int | None:
    """Return a limit, None for none. Raises InputError for what is no whole number from 1 to a billion."""
    if value is None:
        return None
    number = whole_number(value, argument)
    if not 0 < number <= HIGHEST_LIMIT:
        raise refused(argument, value, "range", f"a number from 1 to {HIGHEST_LIMIT} is wanted")
    return number
