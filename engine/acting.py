"""One act on one case: decided on what was read, then written with all that follows from it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from ..domain.case import Actor, Case, Event
from ..domain.context import Context, House
from ..domain.errors import ActionRefused, Reason
from ..domain.facts import is_blank
from ..domain.remembered import CLOCK
from ..domain.texts import is_clean, is_name, place_key
from ..domain.workflow import SYSTEM, Action, Condition, Workflow
from ..persistence import cases as rows
from .arming import arm
from .casefile import CaseFile, Line, append, open_items
from .outbox import Cause, write_notices
from .people import unknown_actors
from .task_dates import open_tasks, task_due


@dataclass(frozen=True, slots=True)
class Command:
    """An act someone asks for."""

    action: str
    facts: Mapping[str, Any]
    actor: Actor
    effective_on: date
    at: datetime
    recorded_at: datetime


def needs_capacity(workflow: Workflow, action: str) -> bool:
    """Say whether an action looks beyond its case: what it looks at is locked first."""
    rule = workflow.actions.get(action) if is_name(action) else None
    if rule is None:
        return False
    return rule.place is not None or any(_asks_queue(part) for part in rule.requires)


def _asks_queue(condition: Condition) -> bool:
    return condition.queue is not None or any(_asks_queue(part) for part in (*condition.any, *condition.all))


def context_of(file: CaseFile, actor: Actor, at: datetime, effective_on: date, action: str | None = None,
               facts: Mapping[str, Any] | None = None) -> Context:  # fmt: skip
    """Load the frozen picture that a decision is made on."""
    rule = file.workflow.actions.get(action or "")
    return Context(
        at=at, today=file.civil_day(at), house=file.house, actor=actor, parameters=file.parameters, acts=file.acts,
        occurrences=open_items(file), reminded=_reminded(file), documents=tuple(file.documents),
        rank=_rank(file, rule), place_taken_by=_holder(file, rule, facts or {}), effective_on=effective_on,
    )  # fmt: skip


def _reminded(file: CaseFile) -> frozenset[str]:
    """Name the deadlines of which a reminder has left for their open occurrence."""
    fired = {step.deadline_id for step in file.steps if step.kind == "notice" and step.status == "fired"}
    return frozenset(
        dated.item.name for dated in file.dated if dated.item.status == "open" and dated.id in fired
    )


def _rank(file: CaseFile, rule: Action | None) -> int | None:
    """Give the rank in the waiting list of the state in which the case waits, from 1."""
    state = file.workflow.states.get(file.case.state)
    if (
        rule is None
        or state is None
        or not state.queue
        or not any(_asks_queue(part) for part in rule.requires)
    ):
        return None
    waiting = rows.waiting_cases(file.connection, file.house.id, file.workflow.workflow, file.case.state)

    def order(row: Any) -> tuple[Any, ...]:
        # An unknown value comes last; dates are kept as text and numbers as numbers, so each sorts among its kind.
        values = [row.facts.get(name) for name in state.queue]
        return (*[(value is None, value if value is not None else 0) for value in values], row.id)

    ordered = [row.id for row in sorted(waiting, key=order)]
    return ordered.index(file.case.id) + 1 if file.case.id in ordered else None


def _holder(file: CaseFile, rule: Action | None, facts: Mapping[str, Any]) -> int | None:
    """Name the other case that holds the place asked for."""
    place = file.workflow.place
    if place is None or rule is None or rule.place not in ("promise", "occupy"):
        return None
    wanted = facts.get(place.fact) if not is_blank(facts.get(place.fact)) else file.case.facts.get(place.fact)
    if not isinstance(wanted, str) or not is_clean(wanted):
        return None
    return file.held_by_another(place.kind, wanted)


def decided(file: CaseFile, command: Command) -> Any:
    """Decide one act on what the database holds. Raises ActionRefused with every reason; writes nothing."""
    from ..workflows.decide import decide

    if not is_name(command.action):
        code = Reason("action_unknown", {"action": ascii(command.action)[:80]})
        raise ActionRefused("act", [code])
    strangers = unknown_actors(file.connection, file.workflow, command.facts)
    context = context_of(file, command.actor, command.at, command.effective_on, command.action, command.facts)
    try:
        decision = decide(
            file.rules, file.case, command.action, command.facts, command.actor, command.effective_on, context
        )
    except ActionRefused as refusal:
        raise ActionRefused(command.action, [*refusal.reasons, *strangers]) from None
    if strangers:
        raise ActionRefused(command.action, strangers)
    return decision


def act(file: CaseFile, command: Command) -> Event:
    """Take one act. Raises ActionRefused with every reason, before anything is written."""
    decision = decided(file, command)
    target = decision.target
    before = file.case
    moved = target is not None
    tentative = replace(
        before,
        state=decision.state(before),
        state_since=command.effective_on if moved else before.state_since,
    )
    file.case = tentative
    event = _record(file, command, decision, before)
    closing = file.workflow.states[tentative.state].terminal
    file.case = replace(
        file.case, revision=before.revision + 1,
        closed_on=(file.case.closed_on or command.effective_on) if closing else None,
    )  # fmt: skip
    _place(file, decision, command.effective_on)
    _tasks(file, decision, event)
    _tell(file, decision, event, command.at)
    return event


def _record(file: CaseFile, command: Command, decision: Any, before: Case) -> Event:
    """Arm what follows, then write the line of history, which says it."""
    seq = before.seq + 1
    provisional = Event(
        seq, command.recorded_at, command.effective_on, "act", command.actor.id, decision.on_behalf, command.action,
        before.state, decision.target, dict(decision.facts), {"waived": list(decision.waived)},
    )  # fmt: skip
    acts = file.acts
    with file.supposing(provisional):
        changes = arm(file, command.at, file.civil_day(command.at), wake=True, line="act", mended=acts)
    body: dict[str, Any] = {}
    if changes:
        body["changes"] = changes
    if decision.waived:
        body["waived"] = list(decision.waived)
    if decision.warnings:
        body["warnings"] = [reason.text or reason.code for reason in decision.warnings]
    if decision.notices:
        body["notices"] = list(decision.notices)
    return append(
        file,
        Line(
            "act", command.recorded_at, command.effective_on, command.actor.id, decision.on_behalf, command.action,
            before.state, decision.target, decision.facts, body,
        ),
    )  # fmt: skip


def _place(file: CaseFile, decision: Any, day: date) -> None:
    """Take, keep or free the place of the case; the constraint has the last word."""
    kind, move = file.workflow.place, decision.place
    if kind is None or move is None:
        return
    held = rows.held_place(file.connection, file.case.id)
    if move in ("free", "to_free"):
        if held is not None:
            change = {"freed_on": day} if move == "free" else {"status": "to_free"}
            rows.change_place(file.connection, held.id, change)
        return
    status = "promised" if move == "promise" else "occupied"
    place = place_key(file.case.facts[kind.fact])
    if held is not None and held.place == place:
        rows.change_place(file.connection, held.id, {"status": status})
        return
    if held is not None:
        rows.change_place(file.connection, held.id, {"freed_on": day})
    rows.take_place(
        file.connection,
        {"establishment_id": file.house.id, "kind": kind.kind, "place": place, "case_id": file.case.id,
         "status": status, "since": day, "freed_on": None},
    )  # fmt: skip


def _tasks(file: CaseFile, decision: Any, event: Event) -> None:
    for task in rows.read_tasks(file.connection, file.case.id) if decision.tasks_closed else ():
        if task.status == "open" and task.name in decision.tasks_closed:
            rows.close_task(file.connection, task.id, "done", event.seq)
    for name in decision.tasks_opened:
        open_task(file, name, event.effective_on, event.seq)


def open_task(file: CaseFile, name: str, day: date, seq: int) -> date:
    """Open a task for its role, unless it is open for that day already; give the day, a working one."""
    kind = file.workflow.tasks[name]
    due_on = task_due(file, name, day)
    if any((task.name, task.due_on) == (name, due_on) for task in open_tasks(file)):
        return (
            due_on  # it followed what opens it again to this day, or was asked twice: it is to be done once
        )
    rows.insert_task(
        file.connection,
        {"case_id": file.case.id, "establishment_id": file.house.id, "name": name, "role": ",".join(kind.who),
         "due_on": due_on, "status": "open", "opened_seq": seq, "closed_seq": None},
    )  # fmt: skip
    return due_on


def _tell(file: CaseFile, decision: Any, event: Event, at: datetime) -> None:
    if decision.notices:
        turn = file.workflow.states[file.case.state].turn
        write_notices(file, decision.notices, Cause(event.seq), at, who=turn)


def system_actor(deadline: str) -> Actor:
    """Give the actor under whose name the clock acts."""
    return Actor(f"{CLOCK}{deadline}", "Automatique", frozenset({SYSTEM}))


def house_day(house: House, at: datetime) -> date:
    """Give the civil day of an instant in a house."""
    from zoneinfo import ZoneInfo

    return at.astimezone(ZoneInfo(house.timezone)).date()
