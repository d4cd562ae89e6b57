"""What is due on a case, played in the order of time: each rung as of its own day, however late it fires."""

import logging
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from ..domain.errors import ActionRefused
from ..domain.workflow import Rung
from .acting import Command, act, open_task, system_actor
from .arming import arm, step_row
from .casefile import CaseFile, Dated, Line, Step, append
from .outbox import Cause, write_notices

MOST_AT_ONCE = 20_000
ORDER = {"act": 0, "lapse": 1, "task": 2, "notice": 3}

_logger = logging.getLogger("jalon")


@dataclass(frozen=True, slots=True)
class Fired:
    """One rung that a pass fired, and how late."""

    case_id: int
    deadline: str
    ordinal: int
    rung: str
    kind: str
    day: date
    late_by: timedelta
    outcome: str


def play(file: CaseFile, now: datetime, limit: int | None = None) -> list[Fired]:
    """Fire all that is due on a case, what it arms included, in chronological order; at most `limit` rungs."""
    fired: list[Fired] = []
    for _ in range(MOST_AT_ONCE if limit is None else limit):
        found = _next(file, now)
        if found is None:
            return fired
        dated, step = found
        outcome = _fire(file, dated, step, now)
        item = dated.item
        late = max(now - step.fire_at, timedelta())
        fired.append(
            Fired(file.case.id, item.name, item.ordinal, step.rung, step.kind, step.day, late, outcome)
        )
    if limit is None:
        _logger.error("case %s has more than %s rungs due at once", file.case.id, MOST_AT_ONCE)
    return fired


def _next(file: CaseFile, now: datetime) -> tuple[Dated, Step] | None:
    """Find the next rung to fire; at the same instant acts come before messages, always in the same order."""
    due = [
        step for step in file.steps
        if step.status == "pending" and step.fire_at <= now and (step.retry_at is None or step.retry_at <= now)
    ]  # fmt: skip
    if not due:
        return None
    by_id = {dated.id: dated for dated in file.dated}
    names = list(file.workflow.deadlines)

    def order(step: Step) -> tuple[Any, ...]:
        item = by_id[step.deadline_id].item
        return (step.fire_at, ORDER[step.kind], names.index(item.name), item.ordinal, step.rung)

    step = min(due, key=order)
    return by_id[step.deadline_id], step


def only_reminds(file: CaseFile) -> bool:
    """Say whether all the rungs of a case are messages after which its dates stay what they are."""
    by_id = {dated.id: dated for dated in file.dated}
    for step in file.steps:
        rule = _rule(file, by_id[step.deadline_id], step)
        if step.kind != "notice" or (rule is not None and rule.every is not None):
            return False
    return True


def _fire(file: CaseFile, dated: Dated, step: Step, now: datetime) -> str:
    rule = _rule(file, dated, step)
    if step.kind == "act" and rule is not None:
        return _act(file, dated, step, rule, now)
    step.status = "fired"
    body: dict[str, Any] = {"deadline": dated.item.name, "ordinal": dated.item.ordinal, "rung": step.rung}
    if step.generation > 1:
        body["generation"] = step.generation
    if step.kind == "lapse" or (rule is not None and rule.every is not None):
        changes = arm(file, step.fire_at, max(step.day, file.civil_day(step.fire_at)))
        if changes:
            body["changes"] = changes
    seq = file.case.seq + 1
    if step.kind == "task" and rule is not None and rule.task is not None:
        body["task"] = rule.task
        body["due_on"] = open_task(file, rule.task, step.day, seq).isoformat()
    elif step.kind == "notice" and rule is not None:
        who = file.workflow.deadlines[dated.item.name].who or file.workflow.states[file.case.state].turn
        cause = Cause(seq, dated, step)
        body["notices"] = write_notices(file, rule.notify, cause, step.fire_at, to=rule.to, who=who)
    actor = system_actor(dated.item.name).id
    append(file, Line(_kind(step), now, step.day, actor, body=body))
    _settle(file, step)
    return "fired"


def _kind(step: Step) -> Any:
    return step.kind


def _rule(file: CaseFile, dated: Dated, step: Step) -> Rung | None:
    name = step.rung.partition("#")[0]
    ladder = file.workflow.deadlines[dated.item.name].ladder
    return next((rung for rung in ladder if rung.id == name), None)


def _act(file: CaseFile, dated: Dated, step: Step, rule: Rung, now: datetime) -> str:
    """Let the clock act, as of the civil day of its rung; an act not possible yet waits until the case moves."""
    # Marked first, so that arming what the act brings leaves this rung alone.
    step.status = "fired"
    day = max(step.day, file.case.state_since)
    command = Command(rule.perform or "", {}, system_actor(dated.item.name), day, step.fire_at, now)
    try:
        act(file, command)
    except ActionRefused as refusal:
        step.status = "waiting"
        step.error = ", ".join(reason.code for reason in refusal.reasons)
        file.writes.rung(step_row(step))
        return "waiting"
    _settle(file, step)
    return "fired"


def _settle(file: CaseFile, step: Step) -> None:
    step.fired_seq, step.retry_at, step.error = file.case.seq, None, None
    file.writes.rung(step_row(step))


def set_aside(step: Step, error: Exception, now: datetime) -> None:
    """Put off a rung that failed, with its reason, longer each time."""
    from ..notifications.backoff import next_attempt

    step.attempts += 1
    step.error = f"{type(error).__name__}"
    step.retry_at = next_attempt(step.attempts, now)
