"""Guards dropped or turned round, thresholds moved, targets replaced."""

from collections.abc import Iterator
from typing import Any

from ..domain.workflow import ANY, PREVIOUS
from .mutation import GONE, Mutation, Place

_OPPOSITE = {"at_least": "below", "below": "at_least", "at_most": "above", "above": "at_most"}
_SWAPPED: dict[Any, Any] = {True: False, False: True, "set": "unset", "unset": "set"}


def guards(plain: dict[str, Any], action: dict[str, Any], place: Place) -> Iterator[Mutation]:
    """Each condition of an act: dropped, turned round, or asked in every case."""
    for index, condition in enumerate(action["requires"]):
        here = (*place, "requires", index)
        yield Mutation("guard", here, _brief(condition), GONE)
        yield from _negated(plain, condition, here)
        yield from dropped(condition, (*here, "when"))


def dropped(holder: dict[str, Any], place: Place) -> Iterator[Mutation]:
    """A condition on which a date, a rung or a guard hangs."""
    held = holder[str(place[-1])]
    if held is not None:
        yield Mutation("guard", place, _brief(held), None)


def _negated(plain: dict[str, Any], condition: dict[str, Any], place: Place) -> Iterator[Mutation]:
    for bound, opposite in _OPPOSITE.items():
        if condition[bound] is not None and condition[opposite] is None:
            turned = {**condition, bound: None, opposite: condition[bound]}
            yield Mutation("guard", place, _brief(condition), turned)
    if condition["is_"] in _SWAPPED and not condition["deadline"]:
        yield Mutation("guard", (*place, "is_"), condition["is_"], _SWAPPED[condition["is_"]])
    if condition["state"]:
        others = [name for name in plain["states"] if name not in condition["state"]]
        yield Mutation("guard", (*place, "state"), condition["state"], others)


def thresholds(plain: dict[str, Any]) -> Iterator[Mutation]:
    """A number of the house is the threshold of a guard; a yes or a no turns one on."""
    for name, parameter in plain["parameters"].items():
        value, place = parameter["default"], ("parameters", name, "default")
        if isinstance(value, bool):
            yield Mutation("guard", place, value, not value)
        elif isinstance(value, int):
            yield from (
                Mutation("guard", place, value, number) for number in (value - 1, value + 1) if number >= 0
            )


def _brief(condition: Any) -> Any:
    """Leave out of a condition what it does not say."""
    if not isinstance(condition, dict):
        return condition
    return {key: _brief(value) for key, value in condition.items() if value not in (None, [], {}, ())}


# -- targets


def targets(plain: dict[str, Any], action: dict[str, Any], place: Place) -> Iterator[Mutation]:
    """Every other state to which an act could lead."""
    if action["target"] is None:
        return
    for state in (*plain["states"], PREVIOUS):
        opens = state == PREVIOUS and "start" in action["sources"]
        if state not in (action["target"], ANY) and not opens:
            yield Mutation("target", (*place, "target"), action["target"], state)
