"""What the rows of a case say, read back as values: the case, its history, its dates, its rungs."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from ..domain.case import Case, Document, Event, Occurrence, Source
from ..domain.facts import read_fact
from ..domain.workflow import Workflow
from ..persistence import cases as rows
from ..persistence.database import Connection

TYPED = frozenset({"date", "time", "instant", "money"})
DAYS = ("lapses_on", "act_by", "suspended_on", "postponed_from", "cap_on")
INSTANTS = ("anchor_at", "due_at")
"""What an occurrence may have besides the columns of its row, which keeps it where there is something to keep."""
_READ: Mapping[str, Any] = {
    **dict.fromkeys(DAYS, date.fromisoformat), **dict.fromkeys(INSTANTS, datetime.fromisoformat),
}  # fmt: skip


@dataclass(slots=True)
class Dated:
    """An occurrence as the rows have it."""

    id: int
    item: Occurrence


@dataclass(slots=True)
class Step:
    """A rung as the rows have it."""

    id: int
    deadline_id: int
    rung: str
    generation: int
    kind: str
    day: date
    fire_at: datetime
    status: str
    fired_seq: int | None = None
    attempts: int = 0
    retry_at: datetime | None = None
    error: str | None = None


def case_of(row: Any, workflow: Workflow) -> Case:
    """Read a case from its row."""
    return Case(
        row.id, row.workflow, row.version, row.establishment_id, row.state, row.revision, row.seq, row.head,
        typed(workflow, row.facts), row.referent_id, row.opened_on, row.state_since, row.closed_on,
    )  # fmt: skip


def typed(workflow: Workflow, facts: Mapping[str, Any]) -> dict[str, Any]:
    """Give kept values their types back."""
    found: dict[str, Any] = {}
    for name, value in facts.items():
        declared = workflow.facts.get(name)
        known = declared is not None and declared.type in TYPED and value is not None
        found[name] = read_fact(workflow, name, value) if known else value
    return found


def events_of(connection: Connection, case_id: int, workflow: Workflow) -> list[Event]:
    """Read a case's history, personal values included as long as they are kept."""
    return events_from(*rows.read_events(connection, case_id), workflow)


def events_from(
    lines: Iterable[Any], beside: Mapping[tuple[int, str], Any], workflow: Workflow
) -> list[Event]:
    """Read lines of a history, with the personal values that are kept beside them."""
    return [_event(row, beside, workflow) for row in lines]


def _event(row: Any, beside: Mapping[tuple[int, str], Any], workflow: Workflow) -> Event:
    body = row.body
    facts = dict(body.get("facts", {}))
    erased: set[str] = set()
    for name in body.get("sealed", ()):
        kept = beside.get((row.seq, name))
        if kept is None:
            erased.add(name)
        elif name in workflow.facts:
            facts[name] = kept.value
        else:
            body = {**body, name: kept.value}
    return Event(
        row.seq, row.at, row.effective_on, row.kind, row.actor_id, row.on_behalf, row.action, row.source, row.target,
        typed(workflow, facts), body, row.digest, frozenset(erased),
    )  # fmt: skip


def dated_of(row: Any) -> Dated:
    """Read an occurrence from its row."""
    why = row.why
    source = Source(why["source"]["kind"], why["source"]["name"], why["source"]["seq"])
    more = {name: _READ[name](value) for name, value in why.items() if name in _READ}
    item = Occurrence(
        row.name, row.key, row.k, row.anchor_on, source, why["delay"], row.legal_on, row.due_on, row.status,
        row.closed_on, row.closed_seq, bool(why.get("last")), ordinal=row.ordinal, paused=why.get("paused", 0),
        restarted=why.get("restarted"), **more,
    )  # fmt: skip
    return Dated(row.id, item)


def step_of(row: Any) -> Step:
    """Read a rung from its row."""
    return Step(
        row.id, row.deadline_id, row.rung, row.generation, row.kind, row.day, row.fire_at, row.status,
        row.fired_seq, row.attempts, row.retry_at, row.error,
    )  # fmt: skip


def document_of(row: Any) -> Document:
    """Read a document of a case from its row."""
    return Document(row.type, row.received_on, row.valid_until, row.signed_on, row.not_applicable)
