"""Guards dropped or turned round, thresholds moved, targets replaced."""

from collections.abc import Iterator
from typing import Any

from ..domain.workflow import ANY, PREVIOUS
from .delays_changed import longer
from .mutation import GONE, Mutation, Place

_OPPOSITE = {"at_least": "below", "below": "at_least", "at_most": "above", "above": "at_most"}
_SWAPPED: dict[Any, Any] = {True: False, False: True, "set": "unset", "unset": "set"}
_SWAPPED_LINK = {"open": "closed", "closed": "open", "set": "unset", "unset": "set"}
_SWAPPED_PLACE = {"free": "none", "none": "free"}


def guards(plain: dict[str, Any], action: dict[str, Any], place: Place) -> Iterator[Mutation]:
    """Each condition of an act: dropped, turned round, bounded otherwise, or asked in every case."""
    for index, condition in enumerate(action["requires"]):
        here = (*place, "requires", index)
        yield Mutation("guard", here, _brief(condition), GONE)
        yield from _changed(plain, condition, here)


def _changed(plain: dict[str, Any], condition: dict[str, Any], place: Place) -> Iterator[Mutation]:
    """What a condition says, changed one thing at a time; in its parts too."""
    yield from _negated(plain, condition, place)
    yield from _bounded(condition, place)
    yield from _about(condition, place)
    yield from dropped(condition, (*place, "when"))
    for key in ("any", "all"):
        parts = condition[key]
        for index, part in enumerate(parts):
            here = (*place, key, index)
            if len(parts) > 1:
                yield Mutation("guard", here, _brief(part), GONE)
            yield from _changed(plain, part, here)


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
    swapped = _SWAPPED_LINK if condition["linked"] else {} if condition["deadline"] else _SWAPPED
    if condition["is_"] in swapped:
        yield Mutation("guard", (*place, "is_"), condition["is_"], swapped[condition["is_"]])
    if condition["place"] in _SWAPPED_PLACE:
        yield Mutation("guard", (*place, "place"), condition["place"], _SWAPPED_PLACE[condition["place"]])
    if condition["state"]:
        others = [name for name in plain["states"] if name not in condition["state"]]
        yield Mutation("guard", (*place, "state"), condition["state"], others)


def _bounded(condition: dict[str, Any], place: Place) -> Iterator[Mutation]:
    """One more or one less than a number that is written; a delay a little longer or shorter."""
    for bound in _OPPOSITE:
        yield from _moved(condition[bound], (*place, bound))
    yield from _moved(condition["within"], (*place, "within"))
    for end in ("from_", "to"):
        if condition["aged"] is not None:
            yield from _moved(condition["aged"][end], (*place, "aged", end))


def _moved(value: Any, place: Place) -> Iterator[Mutation]:
    if isinstance(value, int) and not isinstance(value, bool):
        yield from (
            Mutation("guard", place, value, number) for number in (value - 1, value + 1) if number >= 0
        )
    else:
        yield from longer("guard", value, place)


def _about(condition: dict[str, Any], place: Place) -> Iterator[Mutation]:
    """What narrows a condition, dropped: the values of an act, since when, the states of a linked case, an age."""
    for key, empty in (("where", {}), ("of", {}), ("since", []), ("aged", None)):
        if condition[key]:
            yield Mutation("guard", (*place, key), condition[key], empty)
    if condition["linked"] and condition["in_"]:
        yield Mutation("guard", (*place, "in_"), condition["in_"], [])
    for key in ("others", "last"):
        if len(condition[key]) > 1:
            for index, name in enumerate(condition[key]):
                yield Mutation("guard", (*place, key, index), name, GONE)


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
