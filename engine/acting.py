"""One act on one case: decided on what was read, then written with all that follows from it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from ..domain.case import Actor, Case, Event
from ..domain.context import Context, House
from ..domain.errors import ActionRefused, Reason, StaleSnapshot
from ..domain.remembered import CLOCK
from ..domain.texts import is_name
from ..domain.workflow import SYSTEM, Action, Workflow
from ..persistence import cases as rows
from ..persistence import people
from .arming import arm
from .casefile import CaseFile, Line, append, open_items
from .circle import links_asked
from .outbox import Cause, write_notices
from .outdated import drop_outdated
from .overlapping import flagged
from .people import each_once, unknown_actors
from .place_sight import look, looks_beyond
from .place_taking import settle_last
from .referents import followers_of, hand_over, lacks_role
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
    # a case that is opened may take a place at once
    return looks_beyond(rule) or bool(rule.opens)


def context_of(file: CaseFile, actor: Actor, at: datetime, effective_on: date, action: str | None = None,
               facts: Mapping[str, Any] | None = None) -> Context:  # fmt: skip
    """Load the frozen picture that a decision is made on."""
    rule = file.workflow.actions.get(action or "")
    today = file.civil_day(at)
    sight = look(file, rule, facts or {}, effective_on, today)
    return Context(
        at=at, today=today, house=file.house, actor=actor, parameters=file.parameters, acts=file.acts,
        occurrences=open_items(file), reminded=_reminded(file), documents=tuple(file.documents),
        rank=sight.rank, ahead=sight.ahead, place_taken_by=sight.taken_by, places=sight.places,
        effective_on=effective_on, **_linked(file, rule, facts or {}, effective_on),
    )  # fmt: skip


def _linked(file: CaseFile, rule: Action | None, facts: Mapping[str, Any], on: date) -> dict[str, Any]:
    """Load the linked cases, and those of the same people, where an action asks about them."""
    if rule is None or not rule.requires:
        return {}
    from .beyond import others_asked

    return {"links": links_asked(file, rule), "others": others_asked(file, rule, facts, on)}


def _reminded(file: CaseFile) -> frozenset[str]:
    """Name the deadlines of which a reminder has left for their open occurrence."""
    fired = {step.deadline_id for step in file.steps if step.kind == "notice" and step.status == "fired"}
    return frozenset(
        dated.item.name for dated in file.dated if dated.item.status == "open" and dated.id in fired
    )


def decided(file: CaseFile, command: Command) -> Any:
    """Decide one act on what the database holds. Raises ActionRefused with every reason; writes nothing."""
    from ..workflows.decide import decide

    if not is_name(command.action):
        code = Reason("action_unknown", {"action": ascii(command.action)[:80]})
        raise ActionRefused("act", [code])
    command = replace(command, facts=each_once(file.connection, file.workflow, command.facts))
    against = unknown_actors(file.connection, file.workflow, command.facts)
    against += _cannot_follow(file, command.facts)
    beyond, warnings = _beyond(file, command)
    against += beyond
    context = context_of(file, command.actor, command.at, command.effective_on, command.action, command.facts)
    try:
        decision = decide(
            file.rules, file.case, command.action, command.facts, command.actor, command.effective_on, context
        )
    except ActionRefused as refusal:
        raise ActionRefused(command.action, [*refusal.reasons, *against]) from None
    if against:
        raise ActionRefused(command.action, against)
    return replace(decision, warnings=(*decision.warnings, *warnings)) if warnings else decision


def _named(workflow: Workflow, facts: Mapping[str, Any]) -> list[str]:
    """Name the people whom facts say to follow the case from now on."""
    known = workflow.facts
    return [
        value for name, value in facts.items() if name in known and known[name].referent and is_name(value)
    ]


def _cannot_follow(file: CaseFile, facts: Mapping[str, Any]) -> list[Reason]:
    """Refuse to give the case to someone who cannot follow it: who is not there, or holds another role."""
    found: list[Reason] = []
    for person in _named(file.workflow, facts):
        held = people.read_roles(file.connection, person, file.house.id)
        if held and held[0].active:
            reason = lacks_role(
                file.workflow, person, {row.role for row in held}, followers_of(file.workflow)
            )
            found += [reason] if reason is not None else []
        elif held:
            found.append(Reason("person_inactive", {"actor": person}))
    return found


def _beyond(file: CaseFile, command: Command) -> tuple[list[Reason], list[Reason]]:
    """Give the reasons against an act that lie beyond its case; nothing is loaded where there can be none."""
    place = file.workflow.place
    if not (file.workflow.links or file.workflow.houses or (place is not None and place.fits)):
        return [], []
    from .beyond import judged

    return judged(file, command)


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
    beyond = _around(file, command, before)
    event = _record(file, command, decision, before, beyond)
    closing = file.workflow.states[tentative.state].terminal
    file.case = replace(
        file.case, revision=before.revision + 1,
        closed_on=(file.case.closed_on or command.effective_on) if closing else None,
    )  # fmt: skip
    if decision.place is not None:
        settle_last(file, event.seq)
    _tasks(file, decision, event)
    for person in _named(file.workflow, decision.facts):
        hand_over(file, person, command.actor.id, command.recorded_at, None)
    _tell(file, decision, event, command.at)
    drop_outdated(file, event)
    _carried(file, command, event, before, beyond)
    return event


def _around(file: CaseFile, command: Command, before: Case) -> Any:
    if not file.workflow.links:
        return None
    from .beyond import around

    return around(file, command, before)


def _carried(file: CaseFile, command: Command, event: Event, before: Case, beyond: Any) -> None:
    """Do what an act does beyond its case, once its line is written."""
    from .beyond import carried

    try:
        carried(file, command, event, before, beyond)
    except ActionRefused as refusal:
        if not command.actor.id.startswith(CLOCK):
            raise
        # The clock takes a refusal for an act that waits, and goes on: this one has been written in part.
        raise StaleSnapshot(f"what {command.action} was decided on has changed") from refusal


def _record(file: CaseFile, command: Command, decision: Any, before: Case, beyond: Any) -> Event:
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
    if before.seq == 0 and file.workflow.referent:
        body["referent"] = before.referent  # who follows the case from its opening on
    if changes:
        body["changes"] = changes
    if decision.waived:
        body["waived"] = list(decision.waived)
    if decision.warnings:
        body["warnings"] = [reason.text or reason.code for reason in decision.warnings]
        body.update(flagged(decision.warnings))
    if decision.notices:
        body["notices"] = list(decision.notices)
    if beyond is not None:
        body.update(beyond.body())
    if file.opened_from is not None and before.seq == 0:
        parent, link = file.opened_from
        body["from"] = {"case": parent.case.id, "link": link}
    return append(
        file,
        Line(
            "act", command.recorded_at, command.effective_on, command.actor.id, decision.on_behalf, command.action,
            before.state, decision.target, decision.facts, body,
        ),
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
