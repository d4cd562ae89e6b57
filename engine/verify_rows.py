"""The rows of a case against its history: what they must be, since each step writes both.

Nothing is held against a row that a calendar, a setting or a person changed since could explain.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from ..domain.case import Event, PlannedRung
from ..domain.context import House
from ..domain.deadline import Rung
from ..domain.ladder import plan
from ..domain.timeline import timeline
from ..domain.workflow import Workflow
from .acting import system_actor
from .casefile import days_of
from .laddering import PENDING, Known, known_steps
from .outdated import NO_PURPOSE
from .stored import Dated, Step
from .verify_places import same_places

COUNTED = (
    "act",
    "correction",
    "annulment",
    "postponement",
    "document",
    "link",
)  # the lines that a reader's revision counts
STANDING = ("armed", "moved", "resumed", "suspended", "running")  # the words after which a date is open
FIRED = ("notice", "task", "lapse")  # the lines of the clock that are not acts


@dataclass(frozen=True, slots=True)
class Kept:
    """All that is kept of a case: its row, its history, and the rows that follow from it."""

    row: Any
    workflow: Workflow
    house: House
    parameters: Mapping[str, Any]
    events: Sequence[Event]
    dated: Sequence[Dated]
    steps: Sequence[Step]
    documents: Sequence[Any]
    notices: Sequence[Any]
    houses: frozenset[str]
    taken: Sequence[Any] = ()


def faults_of_rows(kept: Kept) -> Iterator[str]:
    """Name what the rows of a case do not say as its history does."""
    yield from _case_row(kept)
    if not _same_documents(kept):
        yield "documents"
    if _dates_told(kept.events) != _dates_kept(kept.dated):
        yield "deadlines"
    if not (_fired_as_told(kept) and all(_ladder_stands(kept, dated) for dated in kept.dated)):
        yield "rungs"
    if not _same_notices(kept):
        yield "notices"
    if not same_places(kept.workflow, kept.events, kept.taken):
        yield "places"


# -- the row of the case


def _case_row(kept: Kept) -> Iterator[str]:
    row = kept.row
    if row.revision != sum(event.kind in COUNTED for event in kept.events):
        yield "revision"
    opened_on, state_since, closed_on = _days(kept.events, kept.workflow)
    if row.opened_on != opened_on:
        yield "opened_on"
    if row.state_since != state_since:
        yield "state_since"
    if row.closed_on != closed_on:
        yield "closed_on"
    if kept.houses - {row.establishment_id}:
        yield "establishment"
    if not _same_referent(kept):
        yield "referent"


def _same_referent(kept: Kept) -> bool:
    """Who follows a case is whom its history names last; one opened before histories told it may not say."""
    opening = kept.events[0].body if kept.events else {}
    told = "referent" in opening
    current = opening.get("referent")
    for event in kept.events:
        if event.kind != "referent":
            continue
        if told and event.body["from"] != current:
            return False
        told, current = True, event.body["to"]
    return not told or current == kept.row.referent_id


def _days(events: Sequence[Event], workflow: Workflow) -> tuple[date | None, date | None, date | None]:
    """Give the days on which a case opened, came to its state and closed."""
    return days_of(workflow, timeline(events))


# -- documents


def _same_documents(kept: Kept) -> bool:
    told = {event.seq: event for event in kept.events if event.kind == "document"}
    rows = {row.seq: row for row in kept.documents}
    if len(rows) != len(kept.documents) or set(rows) != set(told):
        return False
    return all(_same_document(event, rows[seq]) for seq, event in told.items())


def _same_document(event: Event, row: Any) -> bool:
    days = ("received_on", "valid_until", "signed_on")
    if any(event.body.get(name) != _text(getattr(row, name)) for name in days):
        return False
    if "not_applicable" not in event.erased and event.body.get("not_applicable") != row.not_applicable:
        return False
    return (event.body["document"], event.actor) == (row.type, row.actor_id)


def _text(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


# -- dates


def _dates_told(events: Sequence[Event]) -> dict[tuple[str, int], tuple[str, str]]:
    """Fold the changes that the history tells into the last status and date of each occurrence."""
    told: dict[tuple[str, int], tuple[str, str]] = {}
    for event in events:
        for change in event.body.get("changes", ()):
            if "deadline" not in change:  # a task: none of its dates
                continue
            word = change["change"]
            status = change.get("status", "open") if word in STANDING else word
            told[change["deadline"], change["ordinal"]] = (status, change["due_on"])
    return told


def _dates_kept(dated: Sequence[Dated]) -> dict[tuple[str, int], tuple[str, str]]:
    return {
        (one.item.name, one.item.ordinal): (one.item.status, one.item.due_on.isoformat()) for one in dated
    }


# -- rungs


def _fired_as_told(kept: Kept) -> bool:
    """What has fired is told by a line, and what a line tells has fired."""
    items = {dated.id: dated.item for dated in kept.dated}
    fired = [(items[step.deadline_id], step) for step in kept.steps if step.status == "fired"]
    marked = Counter(
        ("act", step.fired_seq, system_actor(item.name).id)
        if step.kind == "act"
        else (step.kind, step.fired_seq, item.name, item.ordinal, step.rung, step.generation)
        for item, step in fired
    )
    marked.update(
        ("dropped", step.fired_seq, items[step.deadline_id].name, items[step.deadline_id].ordinal, step.rung,
         step.generation)
        for step in kept.steps if step.status == "dropped"
    )  # fmt: skip
    return marked == Counter(_lines_of_clock(kept.events))


def _lines_of_clock(events: Sequence[Event]) -> Iterator[tuple[Any, ...]]:
    clock = system_actor("").id
    for event in events:
        for one in event.body.get("dropped", ()):
            yield (
                "dropped", event.seq, event.body["deadline"], one["ordinal"], one["rung"], one.get("generation", 1),
            )  # fmt: skip
        if event.kind in FIRED:
            body = event.body
            yield (
                event.kind,
                event.seq,
                body["deadline"],
                body["ordinal"],
                body["rung"],
                body.get("generation", 1),
            )
        elif event.kind == "act" and event.actor.startswith(clock):
            yield ("act", event.seq, event.actor)


def _ladder_stands(kept: Kept, dated: Dated) -> bool:
    """A date that is open has the steps of its ladder; one that is closed awaits none."""
    known = known_steps(kept.steps).get(dated.id, {})
    if dated.item.status != "open" or dated.item.suspended_on is not None:
        return not any(rung.latest.status in PENDING for rung in known.values())
    rule = kept.workflow.deadlines[dated.item.name]
    ladder = {rung.id: rung for rung in rule.ladder}
    last_at = max(event.at for event in kept.events)
    for planned in plan(rule, dated.item, kept.house, kept.parameters, dated.item.anchor_on):
        written = ladder.get(planned.rule)
        # A setting may have changed since: a step that depends on one is not asked for.
        if planned.id != planned.rule or (written is not None and written.when is not None):
            continue
        if not _holds(known.get(planned.id), planned, written, last_at):
            return False
    return True


def _holds(known: Known | None, planned: PlannedRung, written: Rung | None, last_at: datetime) -> bool:
    if known is None:
        return False
    step = known.latest
    if step.status == "cancelled":  # it moved back to a day on which it had fired already
        return known.fired_on is not None
    if step.status == "skipped":  # it was past already when the last line was written
        return step.fire_at <= last_at
    return step.status not in PENDING or _in_time(step, planned, written)


def _in_time(step: Step, planned: PlannedRung, written: Rung | None) -> bool:
    """A step fires on its day; its day is the planned one, where no calendar or setting has a say in it."""
    if abs((step.fire_at.date() - step.day).days) > 1:  # an instant in UTC, a day of the house
        return False
    fixed = written is None or (
        written.shift == "aucun" and isinstance(written.delay, str) and "B" not in written.delay
    )
    return not fixed or step.day == planned.day


# -- messages


def _same_notices(kept: Kept) -> bool:
    """Each message is one that a line tells, each that the clock tells is there, and what is sent has its hour.

    What was declared without object is what a line says was.
    """
    by_seq = {event.seq: event for event in kept.events}
    found: dict[int, Counter[str]] = {}
    for row in kept.notices:
        if (row.status == "sent") != (row.sent_at is not None):
            return False
        event = by_seq.get(row.seq)
        if event is None or (event.kind == "act" and row.template not in event.body.get("notices", ())):
            return False
        found.setdefault(row.seq, Counter())[f"{row.template}:{row.role}"] += 1
    withdrawn = Counter(event.body["notice"] for event in kept.events if event.kind == "withdrawn")
    if withdrawn != Counter(row.id for row in kept.notices if row.error == NO_PURPOSE):
        return False
    return all(
        found.get(event.seq, Counter()) == Counter(event.body.get("notices", ()))
        for event in kept.events
        if event.kind == "notice"
    )
