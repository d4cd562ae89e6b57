"""What the fold of a case's acts remembers of each deadline, and small questions about it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from .case import Occurrence
from .dating import Start
from .deadline import Deadline
from .timeline import Entry

PILE_UP = ("oldest", "all")
"""How an act meets the dates of a rhythm that stay open together."""


@dataclass(frozen=True, slots=True)
class Changed:
    """A setting of the house that changed, as the history of the case tells it: after which line, and which day."""

    seq: int
    on: date
    name: str
    before: Any


@dataclass(frozen=True, slots=True)
class Found:
    """An anchor as found: where the clock starts, and the name of the group it belongs to."""

    start: Start
    group: str


@dataclass(slots=True)
class Track:
    """What the fold remembers of one deadline.

    `k` counts the dates of a rhythm from its `base`, `serial` those of its group, whatever they were counted from.
    `decided` are the dates written in a decision, by the number of renewals done then; `taken_back` says that a renewal
    was. `pauses` are the days during which its clock stood still, `restart` the act by which it runs again.
    """

    current: Occurrence | None = None
    found: Found | None = None
    done: dict[str, Occurrence] = field(default_factory=dict)
    consumed: int = 0
    consumed_key: str = ""
    group: str | None = None
    entered: Entry | None = None
    renewals: int = 0
    decided: dict[int, date] = field(default_factory=dict)
    taken_back: bool = False
    k: int = 1
    serial: int = 1
    pauses: list[tuple[date, date | None]] = field(default_factory=list)
    restart: Entry | None = None


def overdue(track: Track) -> Sequence[Occurrence]:
    """Give the dates of a rhythm that stay open although the next one is."""
    return [item for item in track.done.values() if item.status == "open"]


def serial(key: str, group: str) -> int:
    """Give the number of a date among those that a rhythm has had in a group; 0 for one of another."""
    head, _, number = key.rpartition(".")
    return int(number) if head == group else 0


def chosen(rule: Deadline, opened: Sequence[Occurrence], day: date) -> Sequence[Occurrence]:
    """Choose which open occurrences an act meets."""
    if rule.meets == "all" or not opened:
        return opened
    if rule.meets == "oldest":
        return [min(opened, key=lambda item: item.due_on)]
    return [min(opened, key=lambda item: (abs((item.due_on - day).days), item.due_on))]
