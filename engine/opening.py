"""A case about to be opened: a file without a number, then its row, before any line of its history."""

from dataclasses import replace
from datetime import date
from typing import Any

from ..domain import chain
from ..domain.case import Case
from ..domain.context import House
from ..domain.workflow import START, Workflow
from ..persistence import cases as rows
from .casefile import CaseFile
from .people import parameters_of
from .registry import Workflows
from .world import Unit


def blank(
    unit: Unit, workflows: Workflows, rules: Any, house: House, day: date, referent: str | None
) -> CaseFile:
    """Give the file of a case that is about to be opened, which has no number yet."""
    workflow: Workflow = rules.workflow
    case = Case(
        0, workflow.workflow, workflow.version, house.id, START, 0, 0, chain.GENESIS, {}, referent, day, day
    )
    parameters = parameters_of(unit.connection, house.id, workflow)
    return CaseFile(unit, case, rules, house, parameters, [], [], [], [], registry=workflows)


def insert(file: CaseFile) -> None:
    """Give a case that is about to be opened its row, and so its number."""
    case = file.case
    number = rows.insert_case(
        file.connection,
        {
            "workflow": case.workflow, "version": case.version, "establishment_id": case.establishment,
            "state": case.state, "revision": 0, "seq": 0, "head": chain.GENESIS, "facts": {},
            "referent_id": case.referent, "opened_on": case.opened_on, "state_since": case.state_since,
            "closed_on": None, "next_due_at": None,
        },
    )  # fmt: skip
    file.case = replace(case, id=number)
