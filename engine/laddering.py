"""The steps of a date that changed: those that have not fired move with it, one that has is due again if later.

A message that leaves however late (`late: send`) tells a date that someone counts on: it is due again if earlier too.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from ..domain.case import Occurrence, PlannedRung
from ..domain.facts import plain
from ..domain.ladder import plan
from .casefile import CaseFile
from .stored import Dated, Step

PENDING = ("pending", "waiting")
DONE = ("fired", "dropped")  # a message that an outage dropped is as final as one that left


@dataclass(slots=True)
class Difference:
    """What arming found to write, gathered so that each table is written once."""

    changes: list[dict[str, Any]] = field(default_factory=list)
    occurrences: list[dict[str, Any]] = field(default_factory=list)
    new_rungs: list[dict[str, Any]] = field(default_factory=list)
    rungs: dict[int, Step] = field(default_factory=dict)


@dataclass(slots=True)
class Known:
    """What the rows have of one rung: its latest generation, the latest day on which it fired, the last one told."""

    latest: Step
    fired_on: date | None = None
    told: Step | None = None


@dataclass(frozen=True, slots=True)
class Moment:
    """When a step is taken: its instant, the civil day up to which dates have run, and whether waiting acts wake.

    `given_back` says that an act is taken back: what it had cancelled is due again, however late. `mending` says that
    dates are put right, and that what was told of them was wrong.
    """

    at: datetime
    today: date
    wake: bool
    given_back: bool = False
    mending: bool = False


def known_steps(steps: Iterable[Step]) -> dict[int, dict[str, Known]]:
    """Give what is known of each rung, by occurrence."""
    found: dict[int, dict[str, Known]] = {}
    for step in steps:
        rungs = found.setdefault(step.deadline_id, {})
        known = rungs.setdefault(step.rung, Known(step))
        if step.generation > known.latest.generation:
            known.latest = step
        if step.status in DONE:
            known.fired_on = max(step.day, known.fired_on or step.day)
            if known.told is None or step.generation > known.told.generation:
                known.told = step
    return found


def sync(
    file: CaseFile, dated: Dated, known: Mapping[str, Known], moment: Moment, difference: Difference
) -> None:
    """Make the steps of an occurrence those that its ladder says."""
    planned: Mapping[str, PlannedRung] = {}
    if dated.item.status == "open":
        rule = file.workflow.deadlines[dated.item.name]
        found = plan(rule, dated.item, file.house, file.parameters, moment.today)
        planned = {rung.id: rung for rung in found}
    for name, rung in planned.items():
        if name in known:
            _move(file, dated, known[name], rung, moment, difference)
        else:
            _add(file, dated, rung, 1, moment, difference)
    for name, rungs in known.items():
        if name not in planned:
            _cancel(rungs.latest, difference)


def _standing(rung: PlannedRung, item: Occurrence, moment: Moment) -> str:
    """A message whose moment is past is skipped; an act, a task or a lapse is due however late.

    One that was for this morning still leaves where the date has come: nobody else would say so.
    """
    past = rung.fire_at <= moment.at and rung.kind == "notice" and rung.late == "skip"
    for_today = rung.day == moment.today and rung.day >= item.due_on and item.due_at is None
    return "skipped" if past and not for_today else "pending"


def _add(
    file: CaseFile, dated: Dated, rung: PlannedRung, generation: int, moment: Moment, difference: Difference
) -> None:
    difference.new_rungs.append(
        {
            "deadline_id": dated.id, "case_id": file.case.id, "rung": rung.id, "generation": generation,
            "kind": rung.kind, "day": rung.day, "fire_at": rung.fire_at, "status": _standing(rung, dated.item, moment),
        }
    )  # fmt: skip


def _move(
    file: CaseFile, dated: Dated, known: Known, rung: PlannedRung, moment: Moment, difference: Difference
) -> None:
    """Move a rung that has not fired; one that has is due again only if its day moved later, or is to be told again."""
    step = known.latest
    if step.status in DONE:
        if _again(file, dated, known, rung, moment):
            _add(file, dated, rung, step.generation + 1, moment, difference)
        return
    if known.told is not None and not _again(file, dated, known, rung, moment):
        _cancel(step, difference)  # it moved, then back to a day on which it had fired already
        return
    moved = step.fire_at != rung.fire_at
    if step.status == "pending" and not moved:
        return
    if step.status == "waiting" and not (moved or moment.wake):
        return
    if step.status == "skipped" and not (moved and rung.fire_at > moment.at):
        return
    taken_back = moment.given_back and step.status == "cancelled"
    status = "pending" if taken_back else _standing(rung, dated.item, moment)
    _set(
        step, difference, status=status, day=rung.day, fire_at=rung.fire_at, retry_at=None,
        attempts=0, error=None,
    )  # fmt: skip


def _again(file: CaseFile, dated: Dated, known: Known, rung: PlannedRung, moment: Moment) -> bool:
    """Say whether a rung that has fired is due again on the day that it now has."""
    if known.told is None or known.fired_on is None:
        return True
    later = rung.day > known.fired_on
    if rung.kind != "notice" or rung.late != "send":
        return later
    told = _told_then(file, known.told)
    if told is None:
        return later
    return told != tells(file, dated.item, rung.rule) and (
        later or moment.mending or known.told is not known.latest
    )


def tells(file: CaseFile, item: Occurrence, rung: str) -> str:
    """Give the date that the message of a rung tells: the appointment that it is about, else its own."""
    ladder = file.workflow.deadlines[item.name].ladder
    notify = next((one.notify for one in ladder if one.id == rung), ())
    about = next((fact for name in notify if (fact := file.workflow.notices[name].about) is not None), None)
    return str(plain(item.due_on if about is None else file.case.facts.get(about)))


def _told_then(file: CaseFile, step: Step) -> str | None:
    """Give the date that a message told as it left, by the line of history that says so; none where none did."""
    line = next((event for event in reversed(file.events) if event.seq == step.fired_seq), None)
    return None if line is None else line.body.get("told")


def _cancel(step: Step, difference: Difference) -> None:
    if step.status in PENDING:
        _set(step, difference, status="cancelled", retry_at=None)


def _set(step: Step, difference: Difference, **values: Any) -> None:
    for name, value in values.items():
        setattr(step, name, value)
    difference.rungs[step.id] = step
