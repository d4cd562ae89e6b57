"""What is said of a story that fails: where, what was expected, what was found, and why."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from ..domain.errors import JalonError, Reason

Moment = tuple[date, time | None]


def _reason(reason: Reason) -> str:
    return reason.text or reason.code


def _error(error: JalonError) -> Sequence[str]:
    return [str(error)]


@dataclass(frozen=True, slots=True)
class Words:
    """How reasons and errors are said; the command line gives its French, the library what the workflow says."""

    reason: Callable[[Reason], str] = _reason
    error: Callable[[JalonError], Sequence[str]] = _error


@dataclass(frozen=True, slots=True)
class Difference:
    """The first thing in which a story and what was played differ.

    `about` is the key and the name at stake (`due › contact`); `hints` say why, one sentence each.
    """

    file: str
    line: int
    column: int
    on: date
    about: str
    expected: str
    found: str
    hints: tuple[str, ...] = ()


def shown(value: Any) -> str:
    """Write a value as a story would."""
    if value is None or value == () or value == [] or value == {}:
        return "aucune"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return value.strftime("%H:%M")
    if isinstance(value, dict):
        return ", ".join(f"{shown(key)}: {shown(held)}" for key, held in value.items())
    if isinstance(value, tuple | list):
        return ", ".join(shown(item) for item in value)
    return str(value)


def moment(value: Moment) -> str:
    """Write a day, with its hour where it has one."""
    day, hour = value
    return day.isoformat() if hour is None else f"{day.isoformat()} {hour.strftime('%H:%M')}"


def same_words(text: str) -> str:
    """Give a sentence as it is compared: apostrophes and spaces alike, no full stop."""
    return " ".join(text.replace("’", "'").replace("\u00a0", " ").replace("\u202f", " ").split()).rstrip(".")
