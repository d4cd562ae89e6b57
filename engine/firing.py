"""What is due on a case, played in the order of time: each rung as of its own day, however late it fires."""

import logging
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from ..domain.civil import MIDNIGHT, instant
from ..domain.deadline import Rung
from ..domain.errors import ActionRefused
from ..domain.ladder import answered_on, of_effect_on
from .acting import Command, act, open_task, system_actor
from .arming import arm, step_row
from .casefile import CaseFile, Line, append
from .catching import Dropped, Held, is_due, may_drop, rung_of
from .laddering import tells
from .outbox import Cause, write_notices
from .stored import Dated, Step

MOST_AT_ONCE = 20_000
ORDER = {"act": 0, "lapse": 1, "task": 2, "notice": 3}

_logger = logging.getLogger("jalon")


@dataclass(frozen=True, slots=True)
class Fired:
    """One rung that a pass fired, and how late.

    `late` says that its civil day was over; `missed` how many other dates it speaks for, their messages dropped.
    """

    case_id: int
    deadline: str
    ordinal: int
    rung: str
    kind: str
    day: date
    late_by: timedelta
    outcome: str
    late: bool = False
    missed: int = 0


def play(file: CaseFile, now: datetime, limit: int | None = None) -> list[Fired | Dropped]:
    """Fire all that is due on a case, what it arms included, in chronological order; give all that was done.

    At most `limit` rungs are fired, but for the end of a series of late messages of which only the last leaves:
    what is dropped is always told in the same transaction.
    """
    held = Held(file, now)
    done: list[Fired | Dropped] = []
    count = 0
    for _ in range(MOST_AT_ONCE):
        if limit is not None and count >= limit and not held.undecided:
            break
        found = _next(file, now)
        if found is None:
            break
        why = held.why(*found)
        if why is not None:
            _drop(file, *found, why, held)
            continue
        done.extend(_fired(file, *found, now, held))
        count += 1
    else:
        _logger.error("case %s has more than %s rungs due at once", file.case.id, MOST_AT_ONCE)
    for dated, step in held.last():
        done.extend(_fired(file, dated, step, now, held))
    return [*done, *held.rest()]


def _fired(file: CaseFile, dated: Dated, step: Step, now: datetime, held: Held) -> list[Fired | Dropped]:
    """Fire one rung; give what was fired, and the messages that it speaks for."""
    outcome, missed = _fire(file, dated, step, now, held)
    item = dated.item
    late = max(now - step.fire_at, timedelta())
    fired = Fired(
        file.case.id, item.name, item.ordinal, step.rung, step.kind, step.day, late, outcome,
        step.day < file.civil_day(now), missed,
    )  # fmt: skip
    return [fired, *(held.told(dated) if step.kind == "notice" else ())]


def _next(file: CaseFile, now: datetime) -> tuple[Dated, Step] | None:
    """Find the next rung to fire; at the same instant acts come before messages, in the order of their effect."""
    due = [step for step in file.steps if is_due(step, now)]
    if not due:
        return None
    by_id = {dated.id: dated for dated in file.dated}
    names = list(file.workflow.deadlines)

    def order(step: Step) -> tuple[Any, ...]:
        dated = by_id[step.deadline_id]
        item, rule = dated.item, _rule(file, dated, step)
        of = step.day if rule is None else answered_on(rule, item, step.day)
        return (step.fire_at, ORDER[step.kind], of, names.index(item.name), item.ordinal, step.rung)

    step = min(due, key=order)
    return by_id[step.deadline_id], step


def only_reminds(file: CaseFile, now: datetime) -> bool:
    """Say whether all the rungs of a case are messages that leave, and after which its dates stay what they are."""
    by_id = {dated.id: dated for dated in file.dated}
    today = file.civil_day(now)
    for step in file.steps:
        dated = by_id[step.deadline_id]
        rule = _rule(file, dated, step)
        if step.kind != "notice" or (rule is not None and rule.every is not None):
            return False
        if may_drop(file, dated, step, today):
            return False
    return True


def _fire(file: CaseFile, dated: Dated, step: Step, now: datetime, held: Held) -> tuple[str, int]:
    """Fire a rung; give how it ended, and how many other dates it speaks for."""
    rule = _rule(file, dated, step)
    if step.kind == "act" and rule is not None:
        return _act(file, dated, step, rule, now), 0
    step.status = "fired"
    body: dict[str, Any] = {"deadline": dated.item.name, "ordinal": dated.item.ordinal, "rung": step.rung}
    if step.generation > 1:
        body["generation"] = step.generation
    if step.kind == "notice":
        body.update(held.carried(dated))
        if rule is not None and rule.late == "send":
            body["told"] = tells(file, dated.item, rule.id)
    changes = [*body.get("changes", ()), *_go_on(file, step, rule)]
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
    return "fired", body.get("missed", 0)


def _drop(file: CaseFile, dated: Dated, step: Step, why: str, held: Held) -> None:
    """Drop a late message; one that repeats still brings the next."""
    held.drop(dated, step, why)
    held.changed(dated, _go_on(file, step, _rule(file, dated, step)))


def _go_on(file: CaseFile, step: Step, rule: Rung | None) -> list[dict[str, Any]]:
    """Plan what comes after the end of a period or a step that repeats; give what changed."""
    if step.kind != "lapse" and (rule is None or rule.every is None):
        return []
    return arm(file, step.fire_at, max(step.day, file.civil_day(step.fire_at)))


def _kind(step: Step) -> Any:
    return step.kind


def _rule(file: CaseFile, dated: Dated, step: Step) -> Rung | None:
    return rung_of(file.workflow.deadlines[dated.item.name], step)


def _act(file: CaseFile, dated: Dated, step: Step, rule: Rung, now: datetime) -> str:
    """Let the clock act, as of the civil day of its rung; an act not possible yet waits until the case moves."""
    # Marked first, so that arming what the act brings leaves this rung alone.
    step.status = "fired"
    day = of_effect_on(rule, dated.item, step.day, file.acts)
    at = max(step.fire_at, instant(day, MIDNIGHT, file.house.timezone))
    command = Command(rule.perform or "", {}, system_actor(dated.item.name), day, at, now)
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
