"""A story as it was read: who and what is given, what is done on which day, and what is expected then."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any, Literal

from ..domain.workflow import Workflow
from ..workflows.reader import Document

Path = tuple[str | int, ...]
Ticks = Literal["daily", "hourly", "never"]

ACTS_AT = time(10)
PASS_AT = time(9)


@dataclass(frozen=True, slots=True)
class Member:
    """Someone of the house: an identifier, a name, roles, and an address or none."""

    id: str
    name: str
    roles: tuple[str, ...]
    address: str | None


@dataclass(frozen=True, slots=True)
class Given:
    """What stands before the first step: the house, its people, facts for the forms, documents already there."""

    zone: str = "metropole"
    timezone: str = "Europe/Paris"
    opens: str = "08:00"
    closes: str = "20:00"
    closures: tuple[date, ...] = ()
    worked: tuple[date, ...] = ()
    people: tuple[Member, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)
    documents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Act:
    """One thing done: an act of the workflow (`act`), or what the house does beside it.

    `facts` are the values of the form; `more` what another kind of act needs; `path` its place in the document.
    """

    kind: Literal["act", "documents", "correct", "annul", "postpone", "set", "closed", "assign"]
    name: str
    path: Path
    facts: Mapping[str, Any] = field(default_factory=dict)
    by: str | None = None
    on: date | None = None
    more: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Expected:
    """One thing expected: the key under which it is written, the value as read, its place."""

    key: str
    value: Any
    path: Path


@dataclass(frozen=True, slots=True)
class Step:
    """What happens at one instant to one case, and what is then expected of it."""

    at: datetime
    day: date
    case: str
    outage: bool
    acts: tuple[Act, ...]
    expected: tuple[Expected, ...]
    path: Path


@dataclass(frozen=True, slots=True)
class Story:
    """One story of one workflow."""

    document: Document
    title: str
    workflow: Workflow
    given: Given
    parameters: Mapping[str, Any]
    ticks: Ticks
    pass_at: time
    steps: tuple[Step, ...]

    @property
    def file(self) -> str:
        """Give the path of its file."""
        return self.document.file
