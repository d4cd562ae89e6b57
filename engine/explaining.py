"""Why a date is what it is: its rule, its anchor, its count, what moved it, and what became of its reminders."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from ..domain.case import Event, Occurrence
from ..domain.dating import printed_on
from ..domain.deadline import Rung
from ..domain.errors import ActionRefused, NotFound, Reason
from ..domain.explain_dates import Explanation
from ..domain.question import setting
from ..domain.timeline import redated
from ..domain.workflow import Workflow
from ..persistence import worklists
from .acting import Command, decided, system_actor
from .casefile import CaseFile
from .catching import DROPPED
from .reckoning import Note, reckon
from .stored import Dated, Step


@dataclass(frozen=True, slots=True)
class Corrected:
    """One line that put right what a clock starts from: its number, who entered it, and why."""

    seq: int
    at: datetime
    actor: str
    reason: str | None


@dataclass(frozen=True, slots=True)
class Origin:
    """What started a clock: an act, a fact, the entry in a state or another date; its line, and who corrected it.

    `ordinal` numbers the date of another deadline; `seq` is then none.
    """

    kind: str
    name: str
    label: str
    seq: int | None
    action: str | None
    on: date | None
    actor: str | None
    ordinal: int | None
    corrected: tuple[Corrected, ...]


@dataclass(frozen=True, slots=True)
class RungView:
    """One step of a ladder and what became of it.

    `fired_seq` is the line that tells it; `reasons` say why an act of the clock waits; `dropped` why an outage
    dropped a message: the policy (`why`), its delay (`within`), and whether a later one `left` in its place.
    """

    rung: str
    generation: int
    kind: str
    day: date
    status: str
    does: tuple[str, ...]
    error: str | None
    notices: tuple[Mapping[str, Any], ...]
    fire_at: datetime
    fired_seq: int | None
    reasons: tuple[Reason, ...] = ()
    dropped: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Why:
    """Why one date is what it is: rule, basis, anchor, arithmetic, shift, moves, and its ladder.

    `starts_on` is the day of what started the clock; `arithmetic` counts from `item.anchor_on`, which is another where
    a date written in a decision has taken its place. `notes` are what else counted, `shifted` goes from the legal date
    to the one that counts, `before` from that one to the working day by which to act.
    """

    case_id: int
    number: str
    id: int
    item: Occurrence
    label: str
    basis: str | None
    source_label: str
    origin: Origin
    starts_on: date
    arithmetic: Explanation | None
    notes: tuple[Note, ...]
    shifted: Explanation | None
    before: Explanation | None
    printed: date | None
    moves: tuple[Mapping[str, Any], ...]
    ladder: tuple[RungView, ...]


def why(file: CaseFile, deadline: str, ordinal: int | None, at: datetime) -> Why:
    """Explain a date of a deadline: the open one or the last, unless its number is said. Raises NotFound."""
    found = [dated for dated in file.dated if dated.item.name == deadline]
    if ordinal is not None:
        found = [dated for dated in found if dated.item.ordinal == ordinal]
    if deadline not in file.workflow.deadlines or not found:
        raise NotFound("deadline", deadline)
    return why_dated(file, next((dated for dated in found if dated.item.status == "open"), found[-1]), at)


def why_dated(file: CaseFile, dated: Dated, at: datetime) -> Why:
    """Explain one date."""
    item = dated.item
    rule = file.workflow.deadlines[item.name]
    found = reckon(file, item)
    label = _source(file.workflow, item)
    steps = sorted(file.steps, key=lambda step: (step.fire_at, step.id))
    return Why(
        file.case.id, file.case.number, dated.id, item, rule.label, rule.basis, label, _origin(file, item, label),
        found.starts_on, found.arithmetic, found.notes, found.shifted, found.before,
        printed_on(item) if rule.printed else None, tuple(_moves(file, item)),
        tuple(_rung(file, item, step, at) for step in steps if step.deadline_id == dated.id),
    )  # fmt: skip


# -- what started the clock


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


def _origin(file: CaseFile, item: Occurrence, label: str) -> Origin:
    source = item.source
    if source.kind == "deadline":
        key = item.key.partition(":")[2]
        parents = (one.item for one in file.dated if (one.item.name, one.item.key) == (source.name, key))
        parent = next(parents, None)
        ordinal, on = (parent.ordinal, parent.due_on) if parent else (None, None)
        return Origin(source.kind, source.name, label, None, None, on, None, ordinal, ())
    act = next((entry for entry in file.acts if entry.seq == source.seq), None)
    action, on, actor = (act.action or None, act.on, act.actor) if act else (None, None, None)
    corrected = tuple(_corrections(file, item))
    return Origin(source.kind, source.name, label, source.seq, action, on, actor, None, corrected)


def _corrections(file: CaseFile, item: Occurrence) -> Iterator[Corrected]:
    """Find the lines that changed the day of the act, or the value of the fact, from which a clock counts."""
    source = item.source
    for event in file.events:
        if event.kind != "correction" or event.seq < source.seq:
            continue
        of_fact = source.kind == "fact" and source.name in event.facts
        of_act = source.kind != "fact" and any(act == source.seq for act, _ in redated(event))
        if of_fact or of_act:
            yield Corrected(event.seq, event.at, event.actor, event.body.get("reason"))


# -- what moved it


def _moves(file: CaseFile, item: Occurrence) -> Iterator[Mapping[str, Any]]:
    """Give each change of the date that the history tells, with the line that tells it and its reason."""
    for event in file.events:
        for change in event.body.get("changes", ()):
            if change.get("deadline") == item.name and change.get("ordinal") == item.ordinal:
                yield {**change, **_line(event)}


def _line(event: Event) -> dict[str, Any]:
    return {
        "seq": event.seq, "on": event.effective_on.isoformat(), "action": event.action, "kind": event.kind,
        "actor": event.actor, "reason": event.body.get("reason"), "act": event.body.get("act"),
        "cause": event.body.get("cause"),
    }  # fmt: skip


# -- what became of its steps


def _rung(file: CaseFile, item: Occurrence, step: Step, at: datetime) -> RungView:
    ladder = file.workflow.deadlines[item.name].ladder
    rule = next((rung for rung in ladder if rung.id == step.rung.partition("#")[0]), None)
    does: tuple[str, ...] = ()
    if rule is not None:
        does = rule.notify or tuple(name for name in (rule.perform, rule.task) if name)
    sent = worklists.notices_of_rung(file.connection, step.deadline_id, step.rung, step.generation)
    notices = tuple(
        {"id": row.id, "template": row.template, "role": row.role, "status": row.status, "sent_at": row.sent_at,
         "error": row.error}
        for row in sent
    )  # fmt: skip
    reasons = _in_the_way(file, item, rule, at) if step.status == "waiting" and rule is not None else ()
    return RungView(
        step.rung, step.generation, step.kind, step.day, step.status, does, step.error, notices, step.fire_at,
        step.fired_seq, reasons, _dropped(file, item, step),
    )  # fmt: skip


def _dropped(file: CaseFile, item: Occurrence, step: Step) -> dict[str, Any] | None:
    if step.status != DROPPED:
        return None
    within = file.workflow.deadlines[item.name].catch_up.within
    line = next((event for event in file.events if event.seq == step.fired_seq), None)
    return {
        "why": (step.error or "").partition(":")[2],
        "within": None if within is None else str(setting(within, file.parameters)),
        "left": line is not None and line.kind == "notice",
    }


def _in_the_way(file: CaseFile, item: Occurrence, rule: Rung, at: datetime) -> tuple[Reason, ...]:
    """Say why an act of the clock cannot be taken as things stand; nothing is written by asking."""
    day = max(file.civil_day(at), file.case.state_since)
    command = Command(rule.perform or "", {}, system_actor(item.name), day, at, at)
    try:
        decided(file, command)
    except ActionRefused as refusal:
        return refusal.reasons
    return ()
