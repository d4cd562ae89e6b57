"""When a task is to be done, and the open tasks that follow the day of what opened them."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from ..domain.civil_dates import due
from ..domain.ladder import plan
from ..domain.question import setting
from ..persistence import cases as rows
from .casefile import CaseFile


def task_due(file: CaseFile, name: str, day: date) -> date:
    """Give the day for which a task is to be done, a working day, from the day that opens it."""
    delay = str(setting(file.workflow.tasks[name].due, file.parameters))
    return due(day, delay, shift="suivant", calendar=file.house.calendar)


def open_tasks(file: CaseFile) -> Sequence[Any]:
    """Give the tasks of a case that are still to be done."""
    return [task for task in rows.read_tasks(file.connection, file.case.id) if task.status == "open"]


def follow_tasks(file: CaseFile, today: date) -> list[dict[str, Any]]:
    """Make the open tasks due from the present day of the act or the rung that opened them; give what to tell."""
    changes: list[dict[str, Any]] = []
    for task in open_tasks(file):
        day = _opened_on(file, task.opened_seq, today)
        if day is None:
            continue
        due_on = task_due(file, task.name, day)
        if due_on != task.due_on:
            rows.change_task(file.connection, task.id, {"due_on": due_on})
            changes.append(task_change("moved", task.name, due_on, before=task.due_on))
    return changes


def task_change(word: str, name: str, due_on: date, *, before: date | None = None) -> dict[str, Any]:
    """Tell what became of a task."""
    change = {"task": name, "change": word, "due_on": due_on.isoformat()}
    return change if before is None else {**change, "from": before.isoformat()}


def _opened_on(file: CaseFile, seq: int, today: date) -> date | None:
    """Give the present day of what opened a task: an act as it is corrected, a rung as its date now stands."""
    act = next((entry for entry in file.acts if entry.seq == seq), None)
    if act is not None:
        return act.on
    line = next((event for event in file.events if event.seq == seq and event.kind == "task"), None)
    if line is None:
        return None
    name, ordinal, rung = (line.body[key] for key in ("deadline", "ordinal", "rung"))
    items = (dated.item for dated in file.dated)
    item = next((one for one in items if (one.name, one.ordinal) == (name, ordinal)), None)
    if item is None or item.status == "void":
        return None
    planned = plan(file.workflow.deadlines[name], item, file.house, file.parameters, today)
    return next((one.day for one in planned if one.id == rung), None)
