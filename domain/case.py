"""A case, its history and its dates, as values: nothing here changes in place."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

Status = Literal["open", "met", "missed", "void"]
EventKind = Literal[
    "act", "correction", "annulment", "postponement", "settings", "document", "notice", "dropped", "task", "lapse",
    "link", "referent", "withdrawn",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a person known to the establishment, and the roles held there."""

    id: str
    name: str
    roles: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Case:
    """One run of one version of one workflow, in one establishment."""

    id: int
    workflow: str
    version: int
    establishment: str
    state: str
    revision: int
    seq: int
    head: str
    facts: Mapping[str, Any]
    referent: str | None
    opened_on: date
    state_since: date
    closed_on: date | None = None

    @property
    def number(self) -> str:
        """Give the file number that people read and that a subject line may show."""
        return f"D-{self.id:04d}"


@dataclass(frozen=True, slots=True)
class Event:
    """One line of a case's history; append-only.

    `at` is when it was entered, `effective_on` when it took effect: deadlines count from the second.
    """

    seq: int
    at: datetime
    effective_on: date
    kind: EventKind
    actor: str
    on_behalf: str | None = None
    action: str | None = None
    source: str | None = None
    target: str | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    body: Mapping[str, Any] = field(default_factory=dict)
    digest: str = ""
    erased: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Document:
    """A document of a file: received, valid until a day, or not applicable with a reason."""

    type: str
    received_on: date | None = None
    valid_until: date | None = None
    signed_on: date | None = None
    not_applicable: str | None = None

    def stands(self, day: date) -> bool:
        """Say whether the document counts on this day."""
        if self.not_applicable:
            return True
        return self.received_on is not None and (self.valid_until is None or day <= self.valid_until)


@dataclass(frozen=True, slots=True)
class Source:
    """Where an anchor came from: an act, a fact, an entry or another deadline, and the event that set it."""

    kind: Literal["fact", "act", "deadline", "entry"]
    name: str
    seq: int

    def as_data(self) -> dict[str, Any]:
        """Give the source as plain data, for the row and for JSON."""
        return {"kind": self.kind, "name": self.name, "seq": self.seq}


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One concrete due date of a deadline on a case.

    `key` names its cause and never changes; `k` is the multiple of the period. `legal_on` is the date before
    any shift, `due_on` the one that counts; `act_by`, where the rule says so, the working day by which to act.
    `due_at` is the instant of a date that has an hour,
    `anchor_at` that of its anchor. `suspended_on` is the day on which its clock stopped: it
    stands still until the case leaves the states that suspend it. `postponed_from` is the date that someone
    postponed; `paused` the days added by suspensions that are over; `restarted` the act that made it run again;
    `cap_on` the day beyond which no renewal goes.
    """

    name: str
    key: str
    k: int
    anchor_on: date
    source: Source
    delay: str
    legal_on: date
    due_on: date
    status: Status = "open"
    closed_on: date | None = None
    closed_seq: int | None = None
    last: bool = False
    lapses_on: date | None = None
    ordinal: int = 0
    anchor_at: datetime | None = None
    due_at: datetime | None = None
    act_by: date | None = None
    suspended_on: date | None = None
    paused: int = 0
    restarted: str | None = None
    postponed_from: date | None = None
    cap_on: date | None = None

    def over(self, status: Status, on: date, seq: int | None) -> "Occurrence":
        """Give the occurrence closed; `dataclasses.replace`, with so many fields, takes twice as long."""
        return Occurrence(
            self.name, self.key, self.k, self.anchor_on, self.source, self.delay, self.legal_on, self.due_on, status,
            on, seq, self.last, self.lapses_on, self.ordinal, self.anchor_at, self.due_at, self.act_by,
            self.suspended_on, self.paused, self.restarted, self.postponed_from, self.cap_on,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class PlannedRung:
    """One step of an occurrence's ladder, on its day and at its instant."""

    id: str
    kind: Literal["act", "notice", "task", "lapse"]
    day: date
    fire_at: datetime
    rule: str
    late: Literal["skip", "send"] = "skip"
