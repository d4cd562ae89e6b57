"""A case and all that a step on it reads, loaded once under its lock; and the lines that a step adds."""

import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from ..domain import chain
from ..domain.case import Case, Document, Event, EventKind, Occurrence
from ..domain.context import House
from ..domain.errors import InputError, NotFound
from ..domain.facts import derived_facts, plain
from ..domain.texts import place_key
from ..domain.timeline import Entry, facts_of, timeline
from ..domain.tracks import Changed
from ..domain.workflow import Workflow
from ..persistence import cases as rows
from ..persistence import dates, places
from ..persistence.database import Connection
from .deputies import stood_for, who_may
from .people import house_of, parameters_of
from .registry import Workflows
from .stored import Dated, Step, case_of, dated_of, document_of, events_of, step_of
from .world import Happening, Unit
from .writes import Writes

RETOLD = frozenset({"act", "correction", "annulment", "link"})
"""The kinds of lines that change what the acts of a case are."""


@dataclass(slots=True)
class CaseFile:
    """One case in one transaction: what was read, kept true as the steps of the transaction are taken."""

    unit: Unit
    case: Case
    rules: Any
    house: House
    parameters: Mapping[str, Any]
    events: list[Event]
    dated: list[Dated]
    steps: list[Step]
    documents: list[Document]
    acts: tuple[Entry, ...] = field(default=())
    later: datetime | None = None  # when the first of the pending rungs that were not read is due
    members: Sequence[Any] | None = None  # who holds which role in the house, once someone asks
    registry: Workflows | None = None
    circle: dict[int, "CaseFile"] = field(default_factory=dict)  # the cases that the step has reached
    opened_from: "tuple[CaseFile, str] | None" = None  # the case whose act opens this one, and the link
    lineage: tuple[tuple[str, str], ...] = ()  # the acts, by workflow, that lead to its opening
    elsewhere: dict[Any, Any] = field(default_factory=dict)  # where else its people are housed, once asked
    writes: Writes = field(init=False)

    def __post_init__(self) -> None:
        self.writes = Writes(self.unit.connection)

    @property
    def workflow(self) -> Workflow:
        """Give the workflow of the case."""
        found: Workflow = self.rules.workflow
        return found

    @property
    def connection(self) -> Connection:
        """Give the connection of the transaction."""
        return self.unit.connection

    @property
    def workflows(self) -> Workflows:
        """Give the registry of workflows, for what looks beyond the case."""
        if self.registry is None:
            raise InputError("this file was not loaded to look beyond its case")
        return self.registry

    def known_workflow(self, name: str, version: int) -> Workflow:
        """Give the workflow of another case."""
        found: Workflow = self.workflows.rules(self.connection, name, version).workflow
        return found

    def civil_day(self, at: datetime) -> date:
        """Give the day on which an instant falls in the house."""
        return at.astimezone(ZoneInfo(self.house.timezone)).date()

    def held_by_another(self, kind: str, place: str) -> int | None:
        """Name the other case that holds a place of the house, if one does."""
        holder = places.holder_of(self.connection, self.house.id, kind, place_key(place))
        return None if holder == self.case.id else holder

    @contextmanager
    def supposing(self, event: Event) -> Iterator[None]:
        """Take a line that is about to be written into account, so that what follows from it can be said in it."""
        self.events.append(event)
        if event.kind in RETOLD:
            self.retell()
        yield
        self.events.pop()

    def retell(self) -> None:
        """Fold the history again: acts, and the facts they leave."""
        self.acts = timeline(self.events)
        facts = {**facts_of(self.acts), **derived_facts(self.workflow, self.acts)}
        self.case = replace(self.case, facts=facts)


def open_file(
    unit: Unit,
    workflows: Workflows,
    case_id: int,
    *,
    lock: bool = True,
    skip: bool = False,
    capacity: bool = False,
    seen: Any = None,
) -> CaseFile | None:
    """Load a case under its lock; None where `skip` is asked and another has it. Raises NotFound."""
    connection, house = unit.connection, None
    if capacity:
        # The establishment's row carries the capacity: it is locked before the case, always in this order.
        seen = seen or rows.read_case(connection, case_id)
        if seen is not None:
            house = house_of(connection, seen.establishment_id, lock=True)
    row = (
        rows.lock_case(connection, seen)
        if seen
        else rows.read_case(connection, case_id, lock=lock, skip=skip)
    )
    if row is None:
        if skip:
            return None
        raise NotFound("case", case_id)
    return load(unit, workflows, row, house or house_of(connection, row.establishment_id))


def load(unit: Unit, workflows: Workflows, row: Any, house: House) -> CaseFile:
    """Read all that a step on a case reads, from its row."""
    connection = unit.connection
    rules = workflows.rules(connection, row.workflow, row.version)
    known: Workflow = rules.workflow
    # Only what this workflow can have is asked for.
    file = CaseFile(
        unit, case_of(row, known), rules, house,
        parameters_of(connection, row.establishment_id, known) if known.parameters else {},
        events_of(connection, row.id, known),
        [dated_of(found) for found in dates.read_occurrences(connection, row.id)] if known.deadlines else [],
        [step_of(found) for found in dates.read_rungs(connection, row.id)] if known.deadlines else [],
        [document_of(found) for found in rows.read_documents(connection, row.id)] if known.documents else [],
        registry=workflows,
    )  # fmt: skip
    file.acts = timeline(file.events)
    return file


# -- one more line of history


@dataclass(frozen=True, slots=True)
class Line:
    """A line of history about to be written; `secret` holds what is kept beside the chain, by name."""

    kind: EventKind
    at: datetime
    effective_on: date
    actor: str
    on_behalf: str | None = None
    action: str | None = None
    source: str | None = None
    target: str | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    body: Mapping[str, Any] = field(default_factory=dict)
    secret: Mapping[str, Any] = field(default_factory=dict)


def append(file: CaseFile, line: Line) -> Event:
    """Add a line to the history of the case: personal values sealed, the head moved on."""
    workflow, case, seq = file.workflow, file.case, file.case.seq + 1
    values = {name: plain(value) for name, value in line.facts.items()}
    secrets_of = {name: value for name, value in values.items() if is_personal(workflow, name)}
    secrets_of.update(line.secret)
    salts = {name: secrets.token_hex(16) for name in secrets_of}
    body: dict[str, Any] = dict(line.body)
    if file.unit.deputy is not None:
        body.update(_deputy_for(file, line))
    clear = {name: value for name, value in values.items() if name not in secrets_of}
    if clear:
        body["facts"] = clear
    if secrets_of:
        body["sealed"] = {name: chain.seal(salts[name], value) for name, value in secrets_of.items()}
    row = {
        "case_id": case.id, "seq": seq, "at": line.at, "effective_on": line.effective_on, "kind": line.kind,
        "actor_id": line.actor, "on_behalf": line.on_behalf, "action": line.action, "source": line.source,
        "target": line.target, "body": body,
    }  # fmt: skip
    row["digest"] = head = chain.link(case.head, case.id, row)
    file.writes.event(row, [
        {"case_id": case.id, "seq": seq, "name": name, "salt": salts[name], "value": value}
        for name, value in secrets_of.items()
    ])  # fmt: skip
    event = Event(
        seq, line.at, line.effective_on, line.kind, line.actor, line.on_behalf, line.action, line.source,
        line.target, dict(line.facts), {**body, **line.secret}, head,
    )  # fmt: skip
    file.events.append(event)
    file.case = replace(case, seq=seq, head=head)
    file.unit.happenings.append(Happening(case.id, seq, line.kind, line.action, line.at))
    return event


def _deputy_for(file: CaseFile, line: Line) -> dict[str, list[str]]:
    """Say for whom someone acts who holds the role in the place of a person who is away."""
    whom = stood_for(
        file.unit, line.actor, who_may(file.workflow, line.kind, line.action, line.body.get("deadline"))
    )
    return {"deputy_for": whom} if whom else {}


def is_personal(workflow: Workflow, name: str) -> bool:
    """Say whether a fact is kept beside the chain: it says something of a person."""
    fact = workflow.facts[name]
    return fact.personal or fact.sensitive is not None or fact.type in ("household", "person", "contact")


def save(file: CaseFile) -> None:
    """Write the case as it stands after the step."""
    case = file.case
    waiting = [step.fire_at for step in file.steps if step.status == "pending"]
    if file.later is not None:
        waiting.append(file.later)
    file.writes.case(
        {
            "id": case.id, "state": case.state, "revision": case.revision, "seq": case.seq, "head": case.head,
            "facts": {name: plain(value) for name, value in case.facts.items()}, "referent_id": case.referent,
            "opened_on": case.opened_on, "state_since": case.state_since, "closed_on": case.closed_on,
            "next_due_at": min(waiting) if waiting else None,
        },
    )  # fmt: skip


def postponements(events: Iterable[Event]) -> dict[tuple[str, str], date]:
    """Give the day to which people postponed each occurrence, by deadline and key; the last word counts."""
    return {
        (event.body["deadline"], event.body["key"]): date.fromisoformat(event.body["to"])
        for event in events
        if event.kind == "postponement"
    }


def settings_changed(events: Iterable[Event]) -> tuple[Changed, ...]:
    """Give the settings that changed while the case was there, in order."""
    causes = ((event, event.body["cause"]) for event in events if event.kind == "settings")
    return tuple(
        Changed(event.seq, event.effective_on, cause["parameter"], cause["from"])
        for event, cause in causes
        if "parameter" in cause
    )


def days_of(workflow: Workflow, acts: Sequence[Entry]) -> tuple[date | None, date | None, date | None]:
    """Give the days on which a case opened, came to its state and closed, as its acts stand."""
    opened_on = state_since = closed_on = None
    state = ""
    for entry in acts:
        if entry.target:
            opened_on, state, state_since = opened_on or entry.on, entry.target, entry.on
        if state:
            closed_on = (closed_on or entry.on) if workflow.states[state].terminal else None
    return opened_on, state_since, closed_on


def open_items(file: CaseFile) -> Sequence[Occurrence]:
    """Give every occurrence of the case."""
    return [dated.item for dated in file.dated]
