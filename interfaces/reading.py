"""Values that people type, read; each refusal is an InputError that `words_input` says in French."""

import re
from datetime import date

from .. import InputError

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
