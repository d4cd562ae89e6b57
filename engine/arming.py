"""The difference between the dates a case should have and those its rows have: what the history tells.

Deadlines are never armed, moved or cancelled by hand: `schedule` says what should be, and this writes it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from ..domain.case import Occurrence, PlannedRung
from ..domain.ladder import plan
from ..domain.schedule import schedule
from ..persistence import dates, outbox
from .casefile import CaseFile, Dated, Step

PENDING = ("pending", "waiting")


@dataclass(slots=True)
class Difference:
    """What arming found to write, gathered so that each table is written once."""

    changes: list[dict[str, Any]]
    occurrences: list[dict[str, Any]]
    new_rungs: list[dict[str, Any]]
    rungs: dict[int, Step]


def arm(file: CaseFile, at: datetime, today: date, *, wake: bool = False) -> list[dict[str, Any]]:
    """Make the rows say what `schedule` says; give the changes, for the history.

    `at` is the instant of the step, by which a rung that is already past is known: its message is skipped, its
    act is still due. `wake` tries again the acts that were not possible until now.
    """
    # A clock that goes back does not undo the days that were already played.
    today = max([today, *(step.day for step in file.steps if step.status == "fired")])
    wanted = schedule(file.workflow, file.acts, today, file.parameters, file.house.calendar)
    found = {(dated.item.name, dated.item.key): dated for dated in file.dated}
    difference = Difference([], [], [], {})
    latest = _latest(file.steps)
    for item in wanted:
        dated = found.pop((item.name, item.key), None)
        if dated is None:
            dated = _insert(file, item, difference)
        else:
            _compare(dated, item, difference)
        _sync(file, dated, latest.get(dated.id, {}), at, today, difference, wake=wake)
    for dated in found.values():
        if dated.item.status == "open":
            gone = replace(dated.item, status="void", closed_on=today)
            _compare(dated, gone, difference)
            _sync(file, dated, latest.get(dated.id, {}), at, today, difference, wake=False)
    _write(file, difference)
    return difference.changes


def _insert(file: CaseFile, item: Occurrence, difference: Difference) -> Dated:
    ordinal = 1 + max((dated.item.ordinal for dated in file.dated if dated.item.name == item.name), default=0)
    numbered = replace(item, ordinal=ordinal)
    row = {"case_id": file.case.id, "establishment_id": file.house.id, **occurrence_row(numbered)}
    dated = Dated(dates.insert_occurrence(file.connection, row), numbered)
    file.dated.append(dated)
    change = "armed" if item.status == "open" else item.status
    difference.changes.append(_change(change, numbered))
    return dated


def occurrence_row(item: Occurrence) -> dict[str, Any]:
    """Give an occurrence as its row keeps it."""
    return {
        "name": item.name, "ordinal": item.ordinal, "key": item.key, "k": item.k, "anchor_on": item.anchor_on,
        "legal_on": item.legal_on, "due_on": item.due_on, "status": item.status, "closed_on": item.closed_on,
        "closed_seq": item.closed_seq, "why": _why(item),
    }  # fmt: skip


def _why(item: Occurrence) -> dict[str, Any]:
    why: dict[str, Any] = {"source": item.source.as_data(), "delay": item.delay}
    if item.last:
        why["last"] = True
    if item.lapses_on is not None:
        why["lapses_on"] = item.lapses_on.isoformat()
    return why


def _compare(dated: Dated, item: Occurrence, difference: Difference) -> None:
    """Write what changed of an occurrence; one that is closed keeps the date it had."""
    before = dated.item
    if before.status != "open" and item.status != "open":
        if item.status == before.status:
            return
        after = replace(before, status=item.status, closed_on=item.closed_on, closed_seq=item.closed_seq)
    else:
        after = replace(item, ordinal=before.ordinal)
        if after == before:
            return
    dated.item = after
    row = occurrence_row(after)
    kept = ("anchor_on", "legal_on", "due_on", "status", "closed_on", "closed_seq", "why")
    difference.occurrences.append({"id": dated.id, **{name: row[name] for name in kept}})
    if before.status != after.status:
        word = "resumed" if after.status == "open" else after.status
        difference.changes.append(_change(word, after))
    elif before.due_on != after.due_on:
        difference.changes.append(_change("moved", after, before.due_on))


def _change(word: str, item: Occurrence, before: date | None = None) -> dict[str, Any]:
    change = {
        "deadline": item.name,
        "ordinal": item.ordinal,
        "change": word,
        "due_on": item.due_on.isoformat(),
    }
    if item.k > 1:
        change["k"] = item.k
    if item.legal_on != item.due_on:
        change["legal_on"] = item.legal_on.isoformat()
    if before is not None:
        change["from"] = before.isoformat()
    return change


# -- rungs


def _latest(steps: Iterable[Step]) -> dict[int, dict[str, Step]]:
    """Give the latest generation of each rung, by occurrence."""
    latest: dict[int, dict[str, Step]] = {}
    for step in steps:
        known = latest.setdefault(step.deadline_id, {})
        if step.rung not in known or step.generation > known[step.rung].generation:
            known[step.rung] = step
    return latest


def _sync(
    file: CaseFile, dated: Dated, latest: dict[str, Step], at: datetime, today: date, difference: Difference,
    *, wake: bool,
) -> None:  # fmt: skip
    planned: Mapping[str, PlannedRung] = {}
    if dated.item.status == "open":
        rule = file.workflow.deadlines[dated.item.name]
        planned = {rung.id: rung for rung in plan(rule, dated.item, file.house, file.parameters, today)}
    for name, rung in planned.items():
        if name in latest:
            _move(file, dated, latest.pop(name), rung, at, difference, wake=wake)
        else:
            _add(file, dated, rung, 1, at, difference)
    for step in latest.values():
        if step.status in PENDING:
            _set(step, difference, status="cancelled", retry_at=None)


def _standing(rung: PlannedRung, at: datetime) -> str:
    """A message whose moment is past is skipped; an act, a task or a lapse is due however late."""
    past = rung.fire_at <= at
    return "skipped" if past and rung.kind == "notice" and rung.late == "skip" else "pending"


def _add(
    file: CaseFile, dated: Dated, rung: PlannedRung, generation: int, at: datetime, difference: Difference
) -> None:
    difference.new_rungs.append(
        {
            "deadline_id": dated.id, "case_id": file.case.id, "rung": rung.id, "generation": generation,
            "kind": rung.kind, "day": rung.day, "fire_at": rung.fire_at, "status": _standing(rung, at),
        }
    )  # fmt: skip


def _move(
    file: CaseFile,
    dated: Dated,
    step: Step,
    rung: PlannedRung,
    at: datetime,
    difference: Difference,
    *,
    wake: bool,
) -> None:
    """Move a rung that has not fired; one that has is due again only if its day moved later."""
    if step.status == "fired":
        if rung.day > step.day:
            _add(file, dated, rung, step.generation + 1, at, difference)
        return
    moved = step.fire_at != rung.fire_at
    if step.status == "pending" and not moved:
        return
    if step.status == "waiting" and not (moved or wake):
        return
    if step.status == "skipped" and not (moved and rung.fire_at > at):
        return
    status = "skipped" if step.status == "skipped" and rung.fire_at <= at else _standing(rung, at)
    _set(
        step,
        difference,
        status=status,
        day=rung.day,
        fire_at=rung.fire_at,
        retry_at=None,
        attempts=0,
        error=None,
    )


def _set(step: Step, difference: Difference, **values: Any) -> None:
    for name, value in values.items():
        setattr(step, name, value)
    difference.rungs[step.id] = step


def step_row(step: Step) -> dict[str, Any]:
    """Give what may change of a rung, as its row keeps it."""
    return {
        "id": step.id, "day": step.day, "fire_at": step.fire_at, "status": step.status, "fired_seq": step.fired_seq,
        "attempts": step.attempts, "retry_at": step.retry_at, "error": step.error,
    }  # fmt: skip


def _drop_reminders(file: CaseFile, difference: Difference) -> None:
    """What is met, missed or void needs no reminder any more: those that have not left are dropped."""
    reminded = {step.deadline_id for step in file.steps if step.kind == "notice" and step.status == "fired"}
    for status in ("met", "missed", "void"):
        closed = [
            row["id"] for row in difference.occurrences if row["status"] == status and row["id"] in reminded
        ]
        if closed:
            outbox.drop_of(file.connection, closed, f"deadline_{status}")


def _write(file: CaseFile, difference: Difference) -> None:
    connection = file.connection
    _drop_reminders(file, difference)
    dates.update_occurrences(connection, difference.occurrences)
    dates.update_rungs(connection, [step_row(step) for step in difference.rungs.values()])
    if difference.new_rungs:
        for row, number in zip(
            difference.new_rungs, dates.insert_rungs(connection, difference.new_rungs), strict=True
        ):
            file.steps.append(
                Step(number, row["deadline_id"], row["rung"], row["generation"], row["kind"], row["day"],
                     row["fire_at"], row["status"])
            )  # fmt: skip
