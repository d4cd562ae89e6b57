"""What is pending, for whom, by when; and why a date is what it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from ..domain.case import Occurrence
from ..domain.delay import Delay
from ..domain.errors import NotFound
from ..domain.explain_dates import Explanation, explain
from ..domain.texts import looked_up
from ..domain.workflow import SYSTEM, Workflow
from ..persistence import cases as case_rows
from ..persistence import dates as rows
from ..persistence import worklists
from ..persistence.database import Connection
from .acting import house_day
from .acts import By, case_number
from .casefile import CaseFile, Step, open_file
from .people import house_of, seen_by
from .registry import Workflows
from .world import Unit, World

LATE, TODAY, WEEK, LATER = "late", "today", "week", "later"


@dataclass(frozen=True, slots=True)
class Pending:
    """One thing that is awaited: a date, a task, a message that failed or is on paper, a case that was set aside."""

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
    bucket: str
    days: int
    who: tuple[str, ...]
    who_labels: tuple[str, ...]
    actions: tuple[str, ...]
    action_labels: tuple[str, ...]
    referent: str | None = None
    ordinal: int | None = None
    legal_on: date | None = None
    informative: bool = False
    error: str | None = None
    id: int | None = None


@dataclass(frozen=True, slots=True)
class RungView:
    """One step of a ladder and what became of it."""

    rung: str
    generation: int
    kind: str
    day: date
    status: str
    does: tuple[str, ...]
    error: str | None
    notices: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Why:
    """Why one date is what it is: rule, basis, anchor, arithmetic, shift, moves, and its ladder."""

    case_id: int
    number: str
    item: Occurrence
    label: str
    basis: str | None
    source_label: str
    arithmetic: Explanation | None
    printed: date | None
    moves: tuple[Mapping[str, Any], ...]
    ladder: tuple[RungView, ...]


class Deadlines:
    """Lists what is pending and explains dates."""

    def __init__(self, world: World, workflows: Workflows) -> None:
        self._world = world
        self._workflows = workflows

    def pending(
        self, *, by: By = None, establishment: str | None = None, role: str | None = None, until: date | None = None,
        case: int | None = None, session: Any = None,
    ) -> tuple[Pending, ...]:  # fmt: skip
        """List what is awaited, the most overdue first; someone sees only their establishments.

        Late, today, within seven days, later: the bucket of each line. `role` keeps what that role must do.
        """
        at = self._world.now()
        if establishment is not None:
            looked_up(establishment, "establishment")
        with self._world.reading(session) as connection:
            seen = seen_by(connection, by)
            houses = [establishment] if establishment is not None else seen
            if establishment is not None and seen is not None and establishment not in seen:
                raise NotFound("establishment", establishment)
            number = None if case is None else case_number(case)
            days: dict[str, date] = {}
            found = [
                *self._dates(connection, houses, until, number, at, days),
                *self._tasks(connection, houses, number, at, days),
                *self._messages(connection, houses, number, at, days),
                *self._set_aside(connection, houses, number, at, days),
            ]
        kept = [item for item in found if role is None or role in item.who]
        kept = [item for item in kept if until is None or item.due_on <= until]
        return tuple(sorted(kept, key=lambda item: (item.due_on, item.case_id, item.kind, item.name)))

    def _dates(
        self, connection: Connection, houses: Sequence[str] | None, until: date | None, case: int | None, at: Any,
        days: dict[str, date],
    ) -> list[Pending]:  # fmt: skip
        found: list[Pending] = []
        for row in rows.pending_rows(connection, houses, until, case):
            workflow = self._workflows.rules(connection, row.workflow, row.version).workflow
            rule = workflow.deadlines[row.name]
            today = self._today(connection, row.establishment_id, at, days)
            if rule.informative and row.due_on < today:
                continue
            who = rule.who or workflow.states[row.state].turn
            acts = [meet.act for meet in rule.met_by] or list(rule.due.renewed_by) or list(rule.leaving)
            found.append(
                _pending("deadline", row, workflow, today, row.name, rule.label, row.due_on, who, acts,
                         ordinal=row.ordinal, legal_on=row.legal_on, informative=rule.informative)
            )  # fmt: skip
        return found

    def _tasks(
        self,
        connection: Connection,
        houses: Sequence[str] | None,
        case: int | None,
        at: Any,
        days: dict[str, date],
    ) -> list[Pending]:
        found: list[Pending] = []
        for row in worklists.open_tasks(connection, houses, case):
            workflow = self._workflows.rules(connection, row.workflow, row.version).workflow
            kind = workflow.tasks[row.name]
            today = self._today(connection, row.establishment_id, at, days)
            found.append(
                _pending(
                    "task", row, workflow, today, row.name, kind.label, row.due_on, kind.who, kind.closed_by
                )
            )
        return found

    def _messages(
        self,
        connection: Connection,
        houses: Sequence[str] | None,
        case: int | None,
        at: Any,
        days: dict[str, date],
    ) -> list[Pending]:
        """A message that cannot leave is somebody's to see; one on paper is somebody's to hand over."""
        found: list[Pending] = []
        for row in worklists.stuck_notices(connection, houses, case):
            workflow = self._workflows.rules(connection, row.workflow, row.version).workflow
            today = self._today(connection, row.establishment_id, at, days)
            day = house_day(house_of(connection, row.establishment_id), row.not_before)
            kind = "paper" if row.status == "paper" else "message"
            who = (workflow.referent,) if workflow.referent else workflow.escalation
            found.append(
                _pending(kind, row, workflow, today, row.template, _for_whom(workflow, row.role), day, who, (),
                         error=row.error)
            )  # fmt: skip
        return found

    def _set_aside(
        self,
        connection: Connection,
        houses: Sequence[str] | None,
        case: int | None,
        at: Any,
        days: dict[str, date],
    ) -> list[Pending]:
        """A case that a pass could not play is tried again later; meanwhile somebody must know."""
        found: list[Pending] = []
        for row in worklists.set_aside(connection, houses, case, at):
            workflow = self._workflows.rules(connection, row.workflow, row.version).workflow
            today = self._today(connection, row.establishment_id, at, days)
            label = workflow.deadlines[row.name].label
            found.append(
                _pending(
                    "aside", row, workflow, today, row.name, label, row.day, workflow.escalation, (),
                    ordinal=row.ordinal, error=row.error,
                )
            )  # fmt: skip
        return found

    @staticmethod
    def _today(connection: Connection, establishment: str, at: Any, days: dict[str, date]) -> date:
        if establishment not in days:
            days[establishment] = house_day(house_of(connection, establishment), at)
        return days[establishment]

    def explain(
        self, case: int, deadline: str, *, ordinal: int | None = None, by: By = None, session: Any = None
    ) -> Why:
        """Say why a date of a case is what it is: the open one, or the last. Raises NotFound."""
        number = case_number(case)
        with self._world.reading(session) as connection:
            seen = seen_by(connection, by)
            row = case_rows.read_case(connection, number)
            if row is None or (seen is not None and row.establishment_id not in seen):
                raise NotFound("case", case)
            file = open_file(Unit(connection), self._workflows, number, lock=False)
            if file is None:
                raise NotFound("case", case)
            return _why(connection, file, deadline, ordinal)


def _pending(
    kind: str, row: Any, workflow: Workflow, today: date, name: str, label: str, due_on: date, who: Sequence[str],
    acts: Sequence[str], **more: Any,
) -> Pending:  # fmt: skip
    possible = [act for act in acts if _open_to_people(workflow, act, row.state)]
    return Pending(
        kind, row.case_id, f"D-{row.case_id:04d}", row.establishment_id, workflow.workflow, row.state,
        workflow.states[row.state].label, row.state_since, name, label, due_on, bucket(due_on, today),
        (due_on - today).days, tuple(who), tuple(workflow.roles[role].label for role in who if role in workflow.roles),
        tuple(possible), tuple(workflow.actions[act].label for act in possible), row.referent_id, id=row.id, **more,
    )  # fmt: skip


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


# -- why


def _why(connection: Connection, file: CaseFile, deadline: str, ordinal: int | None) -> Why:
    rule = file.workflow.deadlines.get(deadline)
    found = [dated for dated in file.dated if dated.item.name == deadline]
    if ordinal is not None:
        found = [dated for dated in found if dated.item.ordinal == ordinal]
    if rule is None or not found:
        raise NotFound("deadline", deadline)
    chosen = next((dated for dated in found if dated.item.status == "open"), found[-1])
    item = chosen.item
    return Why(
        file.case.id, file.case.number, item, rule.label, rule.basis, _source(file.workflow, item),
        _arithmetic(file, item), item.legal_on - timedelta(days=1) if rule.printed else None,
        tuple(_moves(file, item)),
        tuple(
            _rung(connection, file, deadline, step)
            for step in sorted(file.steps, key=lambda step: (step.fire_at, step.id))
            if step.deadline_id == chosen.id
        ),
    )  # fmt: skip


def _arithmetic(file: CaseFile, item: Occurrence) -> Explanation | None:
    rule = file.workflow.deadlines[item.name]
    if item.legal_on == date.max:
        return None
    return explain(
        item.anchor_on,
        Delay.parse(item.delay),
        shift=rule.due.shift,
        calendar=file.house.calendar,
        franc=rule.due.franc,
    )


def _source(workflow: Workflow, item: Occurrence) -> str:
    """Name what started the clock, in the words of the workflow."""
    name = item.source.name
    if item.source.kind == "fact":
        return workflow.facts[name].label
    if item.source.kind == "act":
        return workflow.actions[name].label
    if item.source.kind == "deadline":
        return workflow.deadlines[name].label
    return workflow.states[name].label if name in workflow.states else name


def _moves(file: CaseFile, item: Occurrence) -> Sequence[Mapping[str, Any]]:
    found: list[Mapping[str, Any]] = []
    for event in file.events:
        for change in event.body.get("changes", ()):
            if change["deadline"] == item.name and change["ordinal"] == item.ordinal:
                reason = event.body.get("reason")
                found.append({**change, "seq": event.seq, "on": event.effective_on.isoformat(), "action": event.action,
                              "kind": event.kind, "actor": event.actor, "reason": reason})  # fmt: skip
    return found


def _rung(connection: Connection, file: CaseFile, deadline: str, step: Step) -> RungView:
    rule = next(
        (rung for rung in file.workflow.deadlines[deadline].ladder if rung.id == step.rung.partition("#")[0]),
        None,
    )
    does: tuple[str, ...] = ()
    if rule is not None:
        does = rule.notify or tuple(name for name in (rule.perform, rule.task) if name)
    sent = worklists.notices_of_rung(connection, step.deadline_id, step.rung, step.generation)
    notices = tuple(
        {"id": row.id, "template": row.template, "role": row.role, "status": row.status, "sent_at": row.sent_at,
         "error": row.error}
        for row in sent
    )  # fmt: skip
    return RungView(step.rung, step.generation, step.kind, step.day, step.status, does, step.error, notices)
