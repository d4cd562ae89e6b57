"""A setting or a calendar that changes: the dates of the cases of the house follow, in the same transaction."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from ..domain.case import Event
from ..domain.context import House
from ..domain.model import parameters_in
from ..domain.workflow import SYSTEM, Workflow
from ..persistence import cases
from .arming import arm
from .casefile import CaseFile, Line, append, open_file, save
from .firing import play
from .registry import Workflows
from .world import Unit

CHUNK = 50  # cases between two words to whoever waits

Told = Callable[[int, int], object]

_logger = logging.getLogger("jalon")


@dataclass(frozen=True, slots=True)
class Moves:
    """What a change of a house did to its cases: the dates that changed, in how many cases, and those set aside.

    A case set aside keeps its dates until its next step, which then moves them; `aside` gives the error of each.
    """

    dates: int = 0
    cases: int = 0
    aside: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Change:
    """What changed: a parameter of a workflow, or the calendar of a house, and what it was before."""

    establishment: str
    actor: str = SYSTEM
    house: House | None = None
    calendar: Mapping[str, Any] = field(default_factory=dict)
    workflow: str | None = None
    parameter: str = ""
    before: Any = None
    to: Any = None

    def old(self, file: CaseFile) -> tuple[House, Mapping[str, Any]]:
        """Give the house and the parameters of a case as they were."""
        if self.workflow is None:
            return self.house or file.house, file.parameters
        return file.house, {**file.parameters, self.parameter: self._before(file.workflow)}

    def cause(self, file: CaseFile) -> dict[str, Any]:
        """Tell the change, for the history of a case."""
        if self.workflow is None:
            return {"calendar": dict(self.calendar)}
        return {"parameter": self.parameter, "from": self._before(file.workflow), "to": self.to}

    def touches(self, workflow: Workflow) -> bool:
        """Say whether a date of a case may depend on what changed."""
        if self.workflow is None:
            return bool(workflow.deadlines)
        known = workflow.parameters.get(self.parameter)
        return known is not None and self._before(workflow) != self.to and reads(workflow, self.parameter)

    def _before(self, workflow: Workflow) -> Any:
        return workflow.parameters[self.parameter].default if self.before is None else self.before


def reads(workflow: Workflow, parameter: str) -> bool:
    """Say whether a deadline or a task of a workflow reads a parameter, its ladder and its conditions included."""
    return any(
        parameter in parameters_in(kept) for kept in (*workflow.deadlines.values(), *workflow.tasks.values())
    )


def rederive(
    unit: Unit, workflows: Workflows, change: Change, at: datetime, told: Told | None = None
) -> Moves:
    """Derive again the dates of every case that a change touches; the row of the house is locked already.

    The cases are locked in the order of their numbers. What was due on a case is played first, as things stood. A
    case that fails is undone alone.
    """
    work = _Work(unit, workflows, change, at)
    rows = cases.cases_of(unit.connection, change.establishment, change.workflow)
    for done, row in enumerate(rows, start=1):
        work.alone(row)
        if told is not None and (done % CHUNK == 0 or done == len(rows)):
            told(done, len(rows))
    return Moves(work.dates, work.cases, work.aside)


class _Work:
    """The cases of one change, derived again one by one."""

    def __init__(self, unit: Unit, workflows: Workflows, change: Change, at: datetime) -> None:
        self._unit = unit
        self._workflows = workflows
        self._change = change
        self._at = at
        self._touched: dict[tuple[str, int], bool] = {}
        self.dates = self.cases = 0
        self.aside: dict[int, str] = {}

    def alone(self, row: Any) -> None:
        """Derive one case again under a savepoint: what fails there is undone alone."""
        heard = len(self._unit.happenings)
        savepoint = self._unit.connection.begin_nested()
        try:
            moved = self._one(row.id) if self._touches(row) else 0
        except Exception as error:
            _logger.exception("the dates of case %s are left as they were", row.id)
            savepoint.rollback()
            del self._unit.happenings[heard:]
            self.aside[row.id] = type(error).__name__
            return
        savepoint.commit()
        self.dates += moved
        self.cases += bool(moved)

    def _touches(self, row: Any) -> bool:
        key = (row.workflow, row.version)
        if key not in self._touched:
            rules = self._workflows.rules(self._unit.connection, *key)
            self._touched[key] = self._change.touches(rules.workflow)
        return self._touched[key]

    def _one(self, number: int) -> int:
        """Play what was due as things stood, then derive again; give how many dates changed."""
        file = open_file(self._unit, self._workflows, number)
        if file is None:
            return 0
        new = file.house, file.parameters
        file.house, file.parameters = self._change.old(file)
        play(file, self._at)
        file.house, file.parameters = new
        today = file.civil_day(self._at)
        body: dict[str, Any] = {"cause": self._change.cause(file)}
        provisional = Event(file.case.seq + 1, self._at, today, "settings", self._change.actor, body=body)
        with file.supposing(provisional):
            # An act that waited for a setting may now be possible: it is tried again.
            changes = arm(file, self._at, today, wake=True, line="settings")
        if changes or self._counted(file):
            body["changes"] = changes
            append(file, Line("settings", self._at, today, self._change.actor, body=body))
        save(file)
        return len(changes)

    def _counted(self, file: CaseFile) -> bool:
        """Say whether a rhythm that has run reads the setting: its dates were counted with the old one."""
        names = {dated.item.name for dated in file.dated}
        rules = (file.workflow.deadlines[name] for name in names)
        return any(rule.due.every is not None and self._change.parameter in rule.settings for rule in rules)
