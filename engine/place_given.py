"""What people say of a place, checked: a name, a kind, how many people, days. Each raises InputError."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from ..domain.arguments import recent_date, refused, whole_number
from ..domain.errors import InputError
from ..domain.texts import LONGEST_LINE, is_name, is_visible, looked_up, one_line

LARGEST = 100  # people in one place
_KIND = re.compile(r"[a-z][a-z0-9_]{0,63}")


def given_kind(kind: Any) -> str:
    """Read a kind of place: a name such as lit."""
    if not isinstance(kind, str) or not _KIND.fullmatch(kind):
        raise refused("kind", kind, "form", "a kind of place is a name such as lit")
    return kind


def given_name(name: Any) -> str:
    """Read the name of a place."""
    found = given_line(name, "name")
    if found is None:
        raise refused("name", name, "blank", "a name is wanted")
    if not is_visible(found):
        raise refused("name", name, "unseen", "a name of characters that can be seen is wanted")
    return found


def given_line(text: Any, argument: str) -> str | None:
    """Read a text of one line, none where it is blank."""
    return " ".join(one_line(text, argument).split()) or None if text is not None else None


def given_size(size: Any) -> int:
    """Read for how many people a place is."""
    number = whole_number(size, "size")
    if not 0 < number <= LARGEST:
        raise refused("size", size, "range", f"a number of people from 1 to {LARGEST} is wanted")
    return number


def given_names(programmes: Any) -> tuple[str, ...]:
    """Read the names of workflows."""
    if isinstance(programmes, str) or not isinstance(programmes, Iterable):
        raise refused("programmes", programmes, "type", "a list of workflows is wanted")
    return tuple(dict.fromkeys(looked_up(name, "workflow") for name in programmes))


def given_attributes(attributes: Any) -> dict[str, Any]:
    """Read what a place has, by name."""
    if attributes is not None and not isinstance(attributes, Mapping):
        raise refused("attributes", attributes, "type", "values by name are wanted")
    for name, value in (attributes or {}).items():
        if not is_name(name) or not name.isidentifier():
            raise refused("attributes", name, "form", "the name of an attribute is an identifier")
        for part in value if isinstance(value, list | tuple) else (value,):
            fine = isinstance(part, bool | int) or (is_name(part) and len(part) <= LONGEST_LINE)
            if not fine:
                raise refused(
                    "attributes", part, "type", "an attribute is yes or no, a text, a number, or several"
                )
    return {
        name: list(value) if isinstance(value, tuple) else value for name, value in (attributes or {}).items()
    }


def given_day(day: Any, argument: str) -> date | None:
    """Read a day that may be left out."""
    return None if day is None else recent_date(day, argument)


def reversed_days(argument: str, day: date) -> InputError:
    """Build the error of a day that comes before the first."""
    return refused(argument, day, "reversed", "this day comes before the first")
