"""What a condition is asked about, and how values are compared: the common ground of all conditions."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from .case import Case
from .condition import Condition
from .context import Context
from .model import Setting
from .workflow import Workflow

Guard = Callable[[Case, Context, Mapping[str, Any]], str | None]
"""A named guard sees the case, the frozen context and the values given; it gives a French reason, or nothing."""


@dataclass(frozen=True, slots=True)
class Question:
    """All that a condition may be asked about: the case as it would be with the values given."""

    workflow: Workflow
    case: Case
    facts: Mapping[str, Any]
    given: Mapping[str, Any]
    context: Context
    guards: Mapping[str, Guard]


def setting(value: Any, parameters: Mapping[str, Any]) -> Any:
    """Give a value, looked up among the establishment's parameters where it is one of them."""
    return parameters[value.param] if isinstance(value, Setting) else value


def satisfies(value: Any, condition: Condition, question: Question) -> bool:
    """Compare one value with everything the condition says of it."""
    checks: list[bool] = []
    if condition.is_ is not None:
        checks.append(_is(value, condition.is_))
    if condition.equals is not None:
        checks.append(value == condition.equals)
    if condition.in_:
        checks.append(value in condition.in_)
    for bound, compare in BOUNDS:
        limit = getattr(condition, bound)
        if limit is not None:
            known = setting(limit, question.context.parameters)
            checks.append(value is not None and compare(value, known))
    return all(checks)


def _is(value: Any, wanted: Any) -> bool:
    if wanted == "set":
        return value is not None
    if wanted == "unset":
        return value is None
    return bool(value) is wanted


def bounded(number: int, condition: Condition, question: Question) -> bool:
    """Compare a number with the bounds of a condition."""
    limits = (
        (compare, setting(getattr(condition, bound), question.context.parameters))
        for bound, compare in BOUNDS
    )
    return all(compare(number, limit) for compare, limit in limits if limit is not None)


def matches(where: Mapping[str, tuple[Any, ...]], facts: Mapping[str, Any]) -> bool:
    """Say whether the values of an act are among those asked."""
    return all(facts.get(name) in values for name, values in where.items())


BOUNDS: tuple[tuple[str, Callable[[Any, Any], bool]], ...] = (
    ("at_least", lambda value, limit: value >= limit),
    ("at_most", lambda value, limit: value <= limit),
    ("above", lambda value, limit: value > limit),
    ("below", lambda value, limit: value < limit),
)
