"""A story as it was read: who and what is given, what is done on which day, and what is expected then."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
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
    places: tuple[Mapping[str, Any], ...] = ()


Kind = Literal[
    "act", "documents", "correct", "annul", "postpone", "set", "closed", "assign",
    "link", "unlink", "absent", "transfer", "place_out", "place_back", "place_closed",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Act:
    """One thing done: an act of the workflow (`act`), or what the house does beside it.

    `facts` are the values of the form; `more` what another kind of act needs; `path` its place in the document.
    """

    kind: Kind
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
    """What happens at one instant to one case of a workflow, and what is then expected of it."""

    at: datetime
    day: date
    case: str
    workflow: str
    outage: bool
    acts: tuple[Act, ...]
    expected: tuple[Expected, ...]
    path: Path


@dataclass(frozen=True, slots=True)
class Story:
    """One story: its main workflow, and by name every workflow of which its house may open cases.

    `parameters` are the settings of the house, by workflow.
    """

    document: Document
    title: str
    workflow: Workflow
    workflows: Mapping[str, Workflow]
    given: Given
    parameters: Mapping[str, Mapping[str, Any]]
    ticks: Ticks
    pass_at: time
    steps: tuple[Step, ...]

    @property
    def file(self) -> str:
        """Give the path of its file."""
        return self.document.file

    @property
    def named(self) -> frozenset[str]:
        """Name the workflows whose cases it names."""
        return frozenset({self.workflow.workflow, *(step.workflow for step in self.steps)})

    def on(self, changed: Workflow) -> "Story":
        """Give the story with another workflow in the place of the one of its name."""
        name = changed.workflow
        return replace(
            self, workflow=changed if name == self.workflow.workflow else self.workflow,
            workflows={**self.workflows, name: changed},
        )  # fmt: skip
