"""What a guard may see beside the case: loaded under the lock, frozen, complete."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from .calendars import Calendar, counted_by
from .case import Actor, Document, Occurrence
from .linked import Linked, Other
from .places import Ahead, Places
from .timeline import Entry


@dataclass(frozen=True, slots=True)
class House:
    """What an establishment brings to a decision: its calendar, its hours, its zone and its settings."""

    id: str
    name: str
    calendar: Calendar
    timezone: str = "Europe/Paris"
    opens: str = "08:00"
    closes: str = "20:00"

    def calendar_of(self, name: str) -> Calendar:
        """Give the calendar by which a deadline of this name of calendar counts."""
        return counted_by(name, self.calendar)


@dataclass(frozen=True, slots=True)
class Context:
    """One frozen picture of everything a decision may depend on.

    `at` is the instant of the call, `today` its civil day in the house's zone; `acts` are the case's acts with
    corrections applied, in order of effect; `rank` is the place in the waiting list, from 1, `ahead` the
    first of those who wait where the case does not; `place_taken_by` the case that already holds the place asked for.
    `places`, `links` (by role) and `others` are loaded where the action asks about them.
    """

    at: datetime
    today: date
    house: House
    actor: Actor
    parameters: Mapping[str, Any] = field(default_factory=dict)
    acts: Sequence[Entry] = ()
    occurrences: Sequence[Occurrence] = ()
    reminded: frozenset[str] = frozenset()
    documents: Sequence[Document] = ()
    rank: int | None = None
    ahead: Ahead | None = None
    place_taken_by: int | None = None
    places: Places | None = None
    links: Mapping[str, tuple[Linked, ...]] = field(default_factory=dict)
    others: tuple[Other, ...] = ()
    effective_on: date | None = None

    @property
    def on(self) -> date:
        """Give the day on which the step takes effect."""
        return self.effective_on or self.today
