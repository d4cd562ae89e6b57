"""The last act annulled, as a new line of history: the case gets back what the act took, if nothing has followed."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from ..domain.case import Actor, Event
from ..domain.errors import ActionRefused, Reason
from ..domain.texts import paragraph
from ..domain.timeline import Entry, facts_of, state_of
from ..domain.workflow import Action, Workflow
from ..persistence import cases as rows
from ..persistence import outbox
from .acting import system_actor
from .arming import arm, scheduled
from .casefile import CaseFile, Line, append, days_of
from .circle import LINK
from .ending import closed_by, goes_on, opened_by
from .link_facts import catch_up, follow
from .meeting_annulled import on_agendas_again
from .meeting_guards import against_annulling
from .outdated import resume
from .overlapping import flagged, overlaps
from .persons import housed_since, keep_people
from .place_again import unfit
from .place_taking import clash, settle
from .place_unsuited import by_annulment
from .recognising import people_facts
from .stored import Dated
from .task_dates import task_change

NAME = "annul"
ANNULLED = "annulled"
NEVER = ("annul_opening", "annul_clock")
"""Why an act is not annulled by anyone."""


def annul(file: CaseFile, actor: Actor, at: datetime, *, reason: str, act: int | None) -> Event:
    """Annul the last act. Raises ActionRefused with every reason, and what to do instead."""
    if isinstance(reason, str):
        paragraph(reason, "reason")
    entry, reasons = _chosen(file, act)
    if not isinstance(reason, str) or not reason.strip():
        reasons.append(Reason("reason_missing", {}))
    if entry is None:
        raise ActionRefused(NAME, reasons)
    rule = file.workflow.actions[entry.action]
    if not any(found.code in NEVER for found in reasons):
        reasons += _role(file.workflow, rule, actor)
    undone = tuple(one for one in file.acts if one.seq != entry.seq)
    alone = _armed_alone(file, undone, file.civil_day(at))
    reasons += _sent(file, entry, alone)
    reasons += _given(file, undone, at)
    against, warnings = _housed(file, undone, actor, at)
    reasons += opened_by(file, entry.seq) + against + against_annulling(file, entry, undone)
    if reasons:
        raise ActionRefused(NAME, reasons)
    return _write(file, entry, alone, actor, at, reason.strip(), [*warnings, *by_annulment(file, undone)])


# -- what stands in the way


def _chosen(file: CaseFile, act: int | None) -> tuple[Entry | None, list[Reason]]:
    """Find the act, and say why it is not one that can be annulled."""
    acts = sorted((entry for entry in file.acts if entry.action), key=lambda entry: entry.seq)
    entry = acts[-1] if act is None else next((one for one in acts if one.seq == act), None)
    if entry is None:
        return None, [_unknown(file, act)]
    data = {"act": entry.seq, "action": entry.action, "label": file.workflow.actions[entry.action].label}
    if file.workflow.actions[entry.action].is_opening and entry is acts[0]:
        return entry, [Reason("annul_opening", data)]
    reasons: list[Reason] = []
    if entry.actor.startswith((system_actor("").id, LINK)):
        reasons.append(Reason("annul_clock", data))
    if entry is not acts[-1]:
        later = acts[-1]
        follower = {
            "later": later.seq, "later_action": later.action, "later_actor": later.actor,
            "later_label": file.workflow.actions[later.action].label, "later_on": later.on.isoformat(),
        }  # fmt: skip
        reasons.append(Reason("annul_followed", {**data, **follower}))
    return entry, reasons


def _unknown(file: CaseFile, act: int | None) -> Reason:
    gone = {event.body["act"] for event in file.events if event.kind == "annulment"}
    return Reason("annul_already", {"act": act}) if act in gone else Reason("act_unknown", {"act": act})


def _role(workflow: Workflow, rule: Action, actor: Actor) -> list[Reason]:
    """Allow whoever of the house may take the act or enter it, and those to whom matters are escalated."""
    staff = [name for name, role in workflow.roles.items() if role.kind in ("staff", "body")]
    allowed = dict.fromkeys(name for name in rule.by if name in staff)
    for name in rule.by:
        allowed |= dict.fromkeys(workflow.enterers(name))
    allowed |= dict.fromkeys(workflow.escalation)
    if actor.roles & set(allowed):
        return []
    labels = [workflow.roles[name].label for name in allowed]
    return [Reason("role", {"actor": actor.id, "roles": list(allowed), "labels": labels})]


def _armed_alone(file: CaseFile, undone: Sequence[Entry], today: date) -> list[Dated]:
    """Find the dates that only the act gave: without it they would not be."""
    left = {(item.name, item.key) for item in scheduled(file, undone, today) if item.status != "void"}
    return [
        dated for dated in file.dated
        if dated.item.status != "void" and (dated.item.name, dated.item.key) not in left
    ]  # fmt: skip


def _messages(file: CaseFile, entry: Entry, alone: Sequence[Dated]) -> list[Any]:
    """Find the messages of the act, and those of the reminders of dates that only it gave."""
    numbers = {dated.id for dated in alone}
    return [
        row for row in outbox.list_notices(file.connection, None, case_id=file.case.id)
        if row.seq == entry.seq or (row.deadline_id in numbers and row.seq > entry.seq)
    ]  # fmt: skip


def _sent(file: CaseFile, entry: Entry, alone: Sequence[Dated]) -> list[Reason]:
    sent = [row for row in _messages(file, entry, alone) if row.status == "sent"]
    if not sent:
        return []
    data = {"act": entry.seq, "action": entry.action, "notices": [row.id for row in sent]}
    return [Reason("annul_sent", {**data, "templates": list(dict.fromkeys(row.template for row in sent))})]


def _given(file: CaseFile, undone: Sequence[Entry], at: datetime) -> list[Reason]:
    """Refuse where the place that the case would get back was given to another since, or suits it no more."""
    why = clash(file, undone, at) or unfit(file, facts_of(undone), undone, at)
    if why is None:
        return []
    data = {"place": why.data["place"], "fact": why.data["fact"]}
    if why.code != "place_taken" or why.text:
        data["why"] = {"code": why.code, **why.data, "text": why.text}
    return [Reason("annul_place", data)]


def _housed(
    file: CaseFile, undone: Sequence[Entry], actor: Actor, at: datetime
) -> tuple[list[Reason], list[Reason]]:
    """Refuse to give back a home to someone who has another one since; who came as a child keeps both."""
    target, since = state_of(undone), housed_since(file.workflow, undone)
    if target is None or since is None or not people_facts(file.workflow):
        return [], []
    return overlaps(file, actor, target, facts_of(undone), since, at)


# -- what it had


def _write(
    file: CaseFile, entry: Entry, alone: Sequence[Dated], actor: Actor, at: datetime, reason: str,
    warnings: Sequence[Reason],
) -> Event:  # fmt: skip
    today, before, acts = file.civil_day(at), file.case.state, file.acts
    seq = file.case.seq + 1
    facts = file.case.facts
    body: dict[str, Any] = {"act": entry.seq, "annulled": entry.action}
    if warnings:
        body["warnings"] = [warning.code for warning in warnings]
        body.update(flagged(warnings))
    closed = closed_by(file, entry.seq)
    if closed:
        body["stay_closed"] = closed
    _drop_messages(file, entry, alone)
    open_before = {dated.id for dated in file.dated if dated.item.status == "open"}
    tasks = _tasks(file, entry, alone, seq)
    with file.supposing(Event(seq, at, today, "annulment", actor.id, action=NAME, body=dict(body))):
        state = state_of(file.acts) or before
        opened_on, state_since, closed_on = days_of(file.workflow, file.acts)
        file.case = replace(
            file.case, state=state, revision=file.case.revision + 1, opened_on=opened_on or file.case.opened_on,
            state_since=state_since or file.case.state_since, closed_on=closed_on,
        )  # fmt: skip
        changes = [*arm(file, at, today, wake=True, line="annulment", mended=acts), *tasks]
    if changes:
        body["changes"] = changes
    again = [dated.id for dated in file.dated if dated.item.status == "open" and dated.id not in open_before]
    outbox.resume_of(file.connection, again, _paper_roles(file.workflow))
    resume(file, entry.seq)
    settle(file)
    moved = state != before
    event = append(
        file,
        Line(
            "annulment", at, today, actor.id, action=NAME, source=before if moved else None,
            target=state if moved else None, body=body, secret={"reason": reason},
        ),
    )  # fmt: skip
    keep_people(file, NAME, entering=before not in file.workflow.houses)
    goes_on(file, event, at)
    follow(file, facts, event, at)
    states = file.workflow.states
    if moved and states[before].terminal and not states[state].terminal:
        catch_up(file, event, at)
    on_agendas_again(file, entry.seq, event, at)
    return event


def _drop_messages(file: CaseFile, entry: Entry, alone: Sequence[Dated]) -> None:
    """What the act would have told is not told any more: nothing of it has left."""
    for row in _messages(file, entry, alone):
        if row.status not in ("sent", "dropped"):
            outbox.update_notice(file.connection, row.id, {"status": "dropped", "error": ANNULLED})


def _paper_roles(workflow: Workflow) -> dict[str, tuple[str, ...]]:
    return {name: kind.paper for name, kind in workflow.notices.items()}


def _tasks(file: CaseFile, entry: Entry, alone: Sequence[Dated], seq: int) -> list[dict[str, Any]]:
    """Tasks that the act opened, or a date that only it gave, are void; those it closed are open again."""
    gone = {(dated.item.name, dated.item.ordinal) for dated in alone}
    openers = {entry.seq} | {
        event.seq for event in file.events
        if event.kind == "task" and event.seq > entry.seq and (event.body["deadline"], event.body["ordinal"]) in gone
    }  # fmt: skip
    changes: list[dict[str, Any]] = []
    for task in rows.read_tasks(file.connection, file.case.id):
        if task.opened_seq in openers and task.status != "void":
            rows.change_task(file.connection, task.id, {"status": "void", "closed_seq": seq})
            changes.append(task_change("void", task.name, task.due_on))
        elif task.status == "done" and task.closed_seq == entry.seq:
            rows.change_task(file.connection, task.id, {"status": "open", "closed_seq": None})
            changes.append(task_change("resumed", task.name, task.due_on))
    return changes
