"""What an establishment may set: the rules that the compiler holds the default to."""

from collections.abc import Iterator
from typing import Any

from ..domain.arguments import refused
from ..domain.delay import Delay
from ..domain.model import Setting
from ..domain.rhythms import Rhythm
from ..domain.workflow import Parameter, Workflow
from .checked import parts
from .lengths import DAYS, ONWARD, RHYTHM, SHORT, TIMED, Wanted, delay_fault, is_delay, years

HIGHEST_NUMBER = 1_000_000
LONGEST_YEARS = 50
"""Longer than any stay, notice or limitation: a slip of the pen."""


def checked_setting(workflow: Workflow, name: str, value: Any) -> Any:
    """Return a value that a parameter may take: of its default's kind. Raises InputError."""
    parameter = workflow.parameters[name]
    if type(value) is not type(parameter.default):
        raise refused("value", value, "type", f"{type(parameter.default).__name__} wanted")
    if isinstance(value, str):
        _check_length(parameter, value, [wanted for used, wanted in _uses(workflow) if used == name])
    elif not 0 <= value <= HIGHEST_NUMBER:
        raise refused("value", value, "range", f"a number from 0 to {HIGHEST_NUMBER}")
    return value


def _check_length(parameter: Parameter, value: str, uses: list[Wanted]) -> None:
    """A rhythm of the calendar may stand wherever all that uses the parameter takes one."""
    if uses and all(wanted.rhythm for wanted in uses) and not is_delay(value):
        Rhythm.parse(value)
        return
    delay = Delay.parse(value)
    default = Delay.parse(str(parameter.default)) if is_delay(parameter.default) else delay
    _check_unit(value, delay, default, uses)
    if any(delay_fault(value, wanted) is not None for wanted in uses):
        raise refused("value", value, "forward", "a delay of at least a day is wanted")
    if _signs(delay) - _signs(default) - {0}:
        raise refused("value", value, "sign", "a delay on the same side as the default is wanted")
    if years(delay) > LONGEST_YEARS:
        raise refused("value", value, "length", f"at most {LONGEST_YEARS} years are wanted")


def _check_unit(value: str, delay: Delay, default: Delay, uses: list[Wanted]) -> None:
    """What counts from an instant keeps its hours, and what counts from a day its days."""
    if delay.hours and not (default.hours and all(wanted.hours for wanted in uses)):
        raise refused("value", value, "hours", "a delay in days is wanted")
    if default.hours and not delay.hours:
        raise refused("value", value, "days", "a delay in hours is wanted")
    if delay.hours and delay.working_days:
        raise refused("value", value, "mixed", "hours and working days are not counted together")
    if delay.months and not all(wanted.months for wanted in uses):
        raise refused("value", value, "months", "a delay in days is wanted")


def _signs(delay: Delay) -> set[int]:
    """Give the sides on which a delay moves, after its anchor where it does not move."""
    return {(part > 0) - (part < 0) for part in delay.parts if part} or {1}


def _uses(workflow: Workflow) -> Iterator[tuple[str, Wanted]]:
    """Name each parameter that is a length of time, with what its place wants, once for each use."""
    return ((value.param, wanted) for value, wanted in _places(workflow) if isinstance(value, Setting))


def _places(workflow: Workflow) -> Iterator[tuple[Any, Wanted]]:
    for paper in workflow.documents.values():
        yield paper.valid, ONWARD
    for task in workflow.tasks.values():
        yield task.due, DAYS
    for action in workflow.actions.values():
        for whole in action.requires:
            yield from ((part.within, ONWARD) for _, part in parts(whole, ()))
    for rule in workflow.deadlines.values():
        renewed = Wanted(hours=True, forward=bool(rule.due.renewed_by))
        yield from ((value, renewed) for value in rule.due.lengths)
        yield rule.due.every, RHYTHM
        yield rule.due.cap, ONWARD
        yield rule.catch_up.within, SHORT
        for rung in rule.ladder:
            yield rung.delay, DAYS if rung.base == "legal" else TIMED
            yield rung.every, ONWARD
