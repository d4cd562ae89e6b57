"""Reminders of many cases, fired together: the same rows as case by case, read and written by sets.

It serves the cases of which all that is due is a message that leaves, and leaves their dates as they are: nothing of
their history need be read. The others are left to be played one by one; those too of which an outage may drop some.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from ..persistence import cases, dates, people
from .casefile import CaseFile, save
from .catching import Dropped
from .firing import Fired, only_reminds, play
from .people import Houses
from .registry import Workflows
from .stored import Dated, Step, case_of, dated_of, step_of
from .world import Unit
from .writes import Gathered


def play_together(
    unit: Unit, workflows: Workflows, case_ids: Sequence[int], at: datetime
) -> tuple[list[Fired | Dropped], list[int]]:
    """Fire what is due on many cases; give also the cases to be played one by one."""
    fired: list[Fired | Dropped] = []
    others: list[int] = []
    gathered = Gathered(unit.connection)
    for file in _files(unit, workflows, case_ids, at):
        if not only_reminds(file, at):
            others.append(file.case.id)
            continue
        file.writes = gathered
        fired.extend(play(file, at))
        save(file)
    gathered.flush()
    return fired, others


def _files(unit: Unit, workflows: Workflows, case_ids: Sequence[int], at: datetime) -> Iterator[CaseFile]:
    """Load, for each case that is free and has something due, its row and what is due; in the order asked."""
    connection = unit.connection
    claimed = {row.id: row for row in cases.claim_cases(connection, case_ids)}
    steps: dict[int, list[Step]] = {}
    for row in dates.read_due_rungs(connection, at, list(claimed)):
        steps.setdefault(row.case_id, []).append(step_of(row))
    wanted = {step.deadline_id for due in steps.values() for step in due}
    dated = {row.id: dated_of(row) for row in dates.read_some_occurrences(connection, sorted(wanted))}
    later = dates.next_rungs(connection, at, list(steps))
    houses = _Surroundings(unit, workflows)
    for number in case_ids:
        if number in steps:
            yield houses.file(claimed[number], steps[number], dated, later.get(number))


class _Surroundings:
    """What surrounds the cases of a batch, each thing read once."""

    def __init__(self, unit: Unit, workflows: Workflows) -> None:
        self._unit = unit
        self._workflows = workflows
        self._houses = Houses(unit.connection)
        self._members: dict[str, Any] = {}

    def file(self, row: Any, steps: list[Step], dated: dict[int, Dated], later: datetime | None) -> CaseFile:
        """Make the file of a case, which holds only what is due."""
        connection, name = self._unit.connection, row.establishment_id
        rules = self._workflows.rules(connection, row.workflow, row.version)
        if name not in self._members:
            self._members[name] = people.members(connection, name)
        found = [dated[number] for number in {step.deadline_id for step in steps}]
        file = CaseFile(
            self._unit, case_of(row, rules.workflow), rules, self._houses.house(name),
            self._houses.parameters(name, rules.workflow), [], found, steps, [],
        )  # fmt: skip
        file.later = later
        file.members = self._members[name]
        return file
