"""What is awaited, for operators: dates, tasks, messages that are stuck or on paper, cases that were set aside."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from ..domain.case import Occurrence
from ..domain.workflow import SYSTEM, Workflow
from ..persistence import dates as rows
from ..persistence import worklists
from ..persistence.database import Connection
from .acting import house_day
from .casefile import dated_of
from .people import Houses
from .registry import Workflows

LATE, TODAY, WEEK, LATER = "late", "today", "week", "later"


@dataclass(frozen=True, slots=True)
class Pending:
    """One thing that is awaited: a date, a task, a message that failed or is on paper, a case that was set aside.

    `day` is the one by which to act: `act_by` where there is one, else `due_on`; `days` counts to it. Of a date that
    is suspended, `remaining` days will be left once it runs again. `id` is that of its row.
    """

    kind: str
    case_id: int
    number: str
    establishment: str
    workflow: str
    state: str
    state_label: str
    since: date
    name: str
    label: str
    due_on: date
    day: date
    bucket: str
    days: int
    who: tuple[str, ...]
    who_labels: tuple[str, ...]
    actions: tuple[str, ...]
    action_labels: tuple[str, ...]
    referent: str | None = None
    ordinal: int | None = None
    legal_on: date | None = None
    act_by: date | None = None
    due_at: datetime | None = None
    suspended_on: date | None = None
    remaining: int | None = None
    postponed_from: date | None = None
    informative: bool = False
    error: str | None = None
    id: int | None = None


class Worklist:
    """One reading of all that is awaited in some houses; each house is read once."""

    def __init__(
        self,
        connection: Connection,
        workflows: Workflows,
        houses: Sequence[str] | None,
        case: int | None,
        at: datetime,
    ) -> None:
        self._connection = connection
        self._workflows = workflows
        self._houses = houses
        self._case = case
        self._at = at
        self._known = Houses(connection)

    def items(self, until: date | None) -> list[Pending]:
        """Give everything, in no order."""
        return [*self._dates(until), *self._tasks(), *self._messages(), *self._set_aside()]

    def _dates(self, until: date | None) -> Iterator[Pending]:
        for row in rows.pending_rows(self._connection, self._houses, until, self._case):
            workflow = self._workflow(row)
            rule = workflow.deadlines[row.name]
            today = self._today(row.establishment_id)
            item = dated_of(row).item
            if rule.informative and row.due_on < today:
                continue
            who = rule.who or workflow.states[row.state].turn
            acts = [meet.act for meet in rule.met_by] or list(rule.due.renewed_by) or list(rule.leaving)
            yield _pending(
                "deadline", row, workflow, today, row.name, rule.label, row.due_on, who, acts,
                ordinal=row.ordinal, legal_on=row.legal_on, informative=rule.informative,
                **_standing(item, today, self._at),
            )  # fmt: skip

    def _tasks(self) -> Iterator[Pending]:
        for row in worklists.open_tasks(self._connection, self._houses, self._case):
            workflow = self._workflow(row)
            kind = workflow.tasks[row.name]
            today = self._today(row.establishment_id)
            yield _pending(
                "task", row, workflow, today, row.name, kind.label, row.due_on, kind.who, kind.closed_by
            )

    def _messages(self) -> Iterator[Pending]:
        """A message that cannot leave is somebody's to see; one on paper is somebody's to hand over."""
        for row in worklists.stuck_notices(self._connection, self._houses, self._case):
            workflow = self._workflow(row)
            today = self._today(row.establishment_id)
            day = house_day(self._known.house(row.establishment_id), row.not_before)
            kind = "paper" if row.status == "paper" else "message"
            who = (workflow.referent,) if workflow.referent else workflow.escalation
            yield _pending(
                kind, row, workflow, today, row.template, _for_whom(workflow, row.role), day, who, (), error=row.error
            )  # fmt: skip

    def _set_aside(self) -> Iterator[Pending]:
        """A case that a pass could not play is tried again later; meanwhile somebody must know."""
        for row in worklists.set_aside(self._connection, self._houses, self._case, self._at):
            workflow = self._workflow(row)
            today = self._today(row.establishment_id)
            label = workflow.deadlines[row.name].label
            yield _pending(
                "aside", row, workflow, today, row.name, label, row.day, workflow.escalation, (),
                ordinal=row.ordinal, error=row.error,
            )  # fmt: skip

    def _workflow(self, row: Any) -> Workflow:
        found: Workflow = self._workflows.rules(self._connection, row.workflow, row.version).workflow
        return found

    def _today(self, establishment: str) -> date:
        return house_day(self._known.house(establishment), self._at)


def _pending(
    kind: str, row: Any, workflow: Workflow, today: date, name: str, label: str, due_on: date, who: Sequence[str],
    acts: Sequence[str], **more: Any,
) -> Pending:  # fmt: skip
    day = more.pop("day", due_on)
    when = more.pop("bucket", None) or bucket(day, today)
    possible = [act for act in acts if _open_to_people(workflow, act, row.state)]
    return Pending(
        kind, row.case_id, f"D-{row.case_id:04d}", row.establishment_id, workflow.workflow, row.state,
        workflow.states[row.state].label, row.state_since, name, label, due_on, day, when,
        (day - today).days, tuple(who), tuple(workflow.roles[role].label for role in who if role in workflow.roles),
        tuple(possible), tuple(workflow.actions[act].label for act in possible), row.referent_id, id=row.id, **more,
    )  # fmt: skip


def day_to_act(item: Occurrence, today: date) -> date:
    """Give the day by which to act; of a date that is suspended the earliest possible, were it to run again today."""
    if item.suspended_on is None:
        return item.act_by or item.due_on
    return today + min(timedelta(days=_remaining(item)), date.max - today)


def _remaining(item: Occurrence) -> int:
    return max((item.due_on - (item.suspended_on or item.due_on)).days, 0)


def _standing(item: Occurrence, today: date, at: datetime) -> dict[str, Any]:
    """Say by when to act on an open date: late from its instant where it has an hour, never where it is suspended."""
    found: dict[str, Any] = {
        "act_by": item.act_by, "due_at": item.due_at, "postponed_from": item.postponed_from,
        "day": day_to_act(item, today),
    }  # fmt: skip
    if item.suspended_on is not None:
        found |= {"suspended_on": item.suspended_on, "remaining": _remaining(item), "bucket": LATER}
    elif item.due_at is not None and item.due_at <= at:
        found["bucket"] = LATE
    return found


def awaited_order(item: Pending) -> tuple[Any, ...]:
    """Order what is awaited: the most overdue first, what is suspended last, and of one day by the hour."""
    at = item.due_at.timestamp() if item.due_at is not None else 0.0
    return (item.suspended_on is not None, item.day, at, item.case_id, item.kind, item.name)


def bucket(due_on: date, today: date) -> str:
    """Say when something is awaited: late from the day after its date (R5)."""
    if due_on < today:
        return LATE
    if due_on == today:
        return TODAY
    return WEEK if due_on <= today + timedelta(days=7) else LATER


def _open_to_people(workflow: Workflow, act: str, state: str) -> bool:
    action = workflow.actions[act]
    possible = action.stays == ("any",) or state in action.stays or state in action.sources
    return possible and action.by != (SYSTEM,)


def _for_whom(workflow: Workflow, role: str) -> str:
    known = workflow.roles.get(role)
    return known.label if known else role
