"""What an establishment may set: the rules that the compiler holds the default to."""

from typing import Any

from ..domain.arguments import refused
from ..domain.delay import Delay
from ..domain.workflow import Parameter, Setting, Workflow
from .amounts import delay_fault

HIGHEST_NUMBER = 1_000_000
LONGEST_YEARS = 50
"""Longer than any stay, notice or limitation: a slip of the pen."""


def checked_setting(workflow: Workflow, name: str, value: Any) -> Any:
    """Return a value that a parameter may take: of its default's kind. Raises InputError."""
    parameter = workflow.parameters[name]
    if type(value) is not type(parameter.default):
        raise refused("value", value, "type", f"{type(parameter.default).__name__} wanted")
    if isinstance(value, str):
        _check_delay(parameter, value, forward=name in _rhythms(workflow))
    elif not 0 <= value <= HIGHEST_NUMBER:
        raise refused("value", value, "range", f"a number from 0 to {HIGHEST_NUMBER}")
    return value


def _check_delay(parameter: Parameter, value: str, *, forward: bool) -> None:
    delay = Delay.parse(value)
    if delay.hours:
        raise refused("value", value, "hours", "a delay in days is wanted")
    if delay_fault(value, forward=forward) is not None:
        raise refused("value", value, "forward", "a delay of at least a day is wanted")
    if _signs(delay) - _signs(Delay.parse(str(parameter.default))) - {0}:
        raise refused("value", value, "sign", "a delay on the same side as the default is wanted")
    if _years(delay) > LONGEST_YEARS:
        raise refused("value", value, "length", f"at most {LONGEST_YEARS} years are wanted")


def _signs(delay: Delay) -> set[int]:
    """Give the sides on which a delay moves, after its anchor where it does not move."""
    return {(part > 0) - (part < 0) for part in delay.parts if part} or {1}


def _years(delay: Delay) -> float:
    return abs(delay.months) / 12 + abs(delay.days) / 365.25 + abs(delay.working_days) / 250


def _rhythms(workflow: Workflow) -> frozenset[str]:
    """Name the parameters that are a rhythm or a validity: time must move on with them."""
    used = [paper.valid for paper in workflow.documents.values()]
    for deadline in workflow.deadlines.values():
        used += [deadline.due.every, *(rung.every for rung in deadline.ladder)]
    return frozenset(one.param for one in used if isinstance(one, Setting))
