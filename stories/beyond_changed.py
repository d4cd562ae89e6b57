"""What a workflow says of the world beyond its case, changed: its place, its links, an answer that silence gives."""

from collections.abc import Iterator
from typing import Any, get_args

from ..domain.beyond import Ending, PlaceMove
from .mutation import GONE, Mutation, Place


def places(plain: dict[str, Any]) -> Iterator[Mutation]:
    """What makes a place compatible, dropped; what an act does with it, another thing or nothing."""
    held = plain["place"]
    for index, fit in enumerate(held["fits"] if held is not None else ()):
        yield Mutation("place", ("place", "fits", index), fit["otherwise"], GONE)
    for name, action in plain["actions"].items():
        if action["place"] is not None:
            for move in (None, *get_args(PlaceMove)):
                if move != action["place"]:
                    yield Mutation("place", ("actions", name, "place"), action["place"], move)


def links(plain: dict[str, Any]) -> Iterator[Mutation]:
    """What a linked case is given, whether it follows, what becomes of it; what an act opens, dropped."""
    for name, link in plain["links"].items():
        place: Place = ("links", name)
        if link["reverse"] is not None:
            continue
        for theirs, ours in link["gives"].items():
            yield Mutation("link", (*place, "gives", theirs), ours, GONE)
        if link["gives"]:
            yield Mutation("link", (*place, "follows"), link["follows"], not link["follows"])
        for ending in get_args(Ending) if not _opened_at_the_end(plain, name) else ():
            if ending not in (link["ends"], "close"):
                yield Mutation("link", (*place, "ends"), link["ends"], ending)
    for name, action in plain["actions"].items():
        for index, link in enumerate(action["opens"]):
            yield Mutation("link", ("actions", name, "opens", index), link, GONE)


def _opened_at_the_end(plain: dict[str, Any], link: str) -> bool:
    """Say whether the acts that open a linked case all end this one: nothing of it is left to end with the case."""
    terminal = {name for name, state in plain["states"].items() if state["terminal"]}
    openers = [action for action in plain["actions"].values() if link in action["opens"]]
    return bool(openers) and all(action["target"] in terminal for action in openers)


def silences(rung: dict[str, Any], place: Place) -> Iterator[Mutation]:
    """The day on which an act of the clock takes effect."""
    if rung["perform"] is not None:
        other = "rung" if rung["effective"] == "due" else "due"
        yield Mutation("rung", (*place, "effective"), rung["effective"], other)
