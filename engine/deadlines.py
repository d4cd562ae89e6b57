"""What is pending, for whom, by when; and why a date is what it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from ..domain.case import Occurrence
from ..domain.dating import printed_on
from ..domain.delay import Delay
from ..domain.errors import NotFound
from ..domain.explain_dates import Explanation, explain
from ..domain.texts import looked_up
from ..domain.workflow import Workflow
from ..persistence import cases as case_rows
from ..persistence import worklists
from ..persistence.database import Connection
from .acts import By, case_number
from .casefile import CaseFile, Step, open_file
from .pending import Pending, Worklist
from .people import seen_by
from .registry import Workflows
from .world import Unit, World


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
            found = Worklist(connection, self._workflows, houses, number, at).items(until)
        kept = [item for item in found if role is None or role in item.who]
        kept = [item for item in kept if until is None or item.due_on <= until]
        return tuple(sorted(kept, key=lambda item: (item.due_on, item.case_id, item.kind, item.name)))

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
        _arithmetic(file, item), printed_on(item) if rule.printed else None,
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
