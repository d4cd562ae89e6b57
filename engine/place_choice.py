"""Which places suit a case, the best first, and why the others do not. Pure."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, lru_cache
from typing import Any

from ..domain.beyond import PlaceKind
from ..domain.contacts import members
from ..domain.errors import Reason
from ..domain.facts import plain
from ..domain.places import Place, Taken, misfit
from ..domain.texts import place_key
from ..domain.workflow import Workflow

_DIGITS = re.compile(r"(\d+)")


@dataclass(frozen=True, slots=True)
class Seeker:
    """A case that looks for a place, and what of it decides which one suits."""

    case_id: int
    workflow: str
    rule: PlaceKind
    facts: Mapping[str, Any]
    people: int = 1


@dataclass(frozen=True)
class Stock:
    """The listed places of a kind in a house, by key, and who holds a place of that kind there.

    `before` are those who held one after the day of the step and hold it no more: it was not free on that day.
    """

    places: Mapping[str, Place]
    taken: Mapping[str, Taken] = field(default_factory=dict)
    before: Mapping[str, tuple[Taken, date]] = field(default_factory=dict)

    @cached_property
    def rooms(self) -> Mapping[tuple[str | None, str], list[Place]]:
        """Give the places of each room."""
        found: dict[tuple[str | None, str], list[Place]] = {}
        for place in self.places.values():
            if place.room is not None:
                found.setdefault((place.unit, place.room), []).append(place)
        return found

    def room(self, place: Place) -> Sequence[Place]:
        """Give the places of the same room, itself among them; one with no room has a room of its own."""
        return (place,) if place.room is None else self.rooms[place.unit, place.room]

    def mates(self, place: Place, case_id: int) -> list[Taken]:
        """Give who else holds a place in the same room."""
        if place.room is None:
            return []
        found = (self.taken.get(place_key(one.name)) for one in self.room(place))
        return [taken for taken in found if taken is not None and taken.case_id != case_id]

    def with_facts(self, facts: Mapping[int, Mapping[str, Any]]) -> "Stock":
        """Give the same, knowing the facts of some of those who hold a place."""
        known = {
            key: Taken(one.place, one.case_id, one.status, one.since, facts.get(one.case_id, one.facts))
            for key, one in self.taken.items()
        }
        return Stock(self.places, known, self.before)


def seeker(workflow: Workflow, case_id: int, facts: Mapping[str, Any]) -> Seeker | None:
    """Give a case as it looks for a place; none where its workflow takes no place."""
    if workflow.place is None:
        return None
    names = (name for name, fact in workflow.facts.items() if fact.type in ("household", "person"))
    people = len(members(facts.get(next(names, "")))) or 1
    known = {name: plain(value) for name, value in facts.items()}
    return Seeker(case_id, workflow.workflow, workflow.place, known, people)


def against(stock: Stock, seeking: Seeker, place: Place, day: date) -> Reason | None:
    """Say why a case may not take a place on a day, or nothing where it may; what it holds is its own."""
    data = {"place": place.name, "fact": seeking.rule.fact}
    if not place.usable(day):
        return Reason("place_out", {**data, **_shut(place, day)})
    held = _held(stock, seeking, place_key(place.name))
    if held is not None:
        return Reason("place_taken", {**data, **held})
    if place.programmes and seeking.workflow not in place.programmes:
        return Reason("place_misfit", {**data, "programmes": list(place.programmes)})
    if seeking.people > place.size:
        return Reason("place_misfit", {**data, "size": place.size, "people": seeking.people})
    return misfit(seeking.rule, place, seeking.facts, seeking.case_id, stock.mates(place, seeking.case_id))


def _shut(place: Place, day: date) -> dict[str, Any]:
    """Say that the house has not the place that day, or that it is out of use."""
    outage = place.outage(day)
    if place.opened_on is not None and day < place.opened_on:
        return {"opened_on": plain(place.opened_on)}
    if outage is None or not place.exists(day):
        return {"closed_on": plain(place.closed_on)}
    return {"since": plain(outage.since), "until": plain(outage.until), "reason": outage.reason}


def _held(stock: Stock, seeking: Seeker, key: str) -> dict[str, Any] | None:
    """Say which other case has a place, or had it after that day."""
    taken, earlier = stock.taken.get(key), stock.before.get(key)
    if taken is not None and taken.case_id != seeking.case_id:
        return {"case": taken.case_id, "status": taken.status}
    if earlier is not None and earlier[0].case_id != seeking.case_id:
        return {"case": earlier[0].case_id, "freed_on": plain(earlier[1])}
    return None


def suited(stock: Stock, seeking: Seeker, day: date) -> tuple[dict[str, str], dict[str, Reason]]:
    """Name by key the places that a case may take on a day, the best first, and say why it may not take each other one.

    A room where someone is already comes first, then the smallest place, in the smallest room, then the order of names.
    """
    free: list[Place] = []
    why: dict[str, Reason] = {}
    for key, place in stock.places.items():
        reason = against(stock, seeking, place, day)
        if reason is None:
            free.append(place)
        else:
            why[key] = reason

    def order(place: Place) -> tuple[Any, ...]:
        room = stock.room(place)
        shared = bool(stock.mates(place, seeking.case_id))
        return (not shared, place.size, sum(one.size for one in room), natural(place.name))

    mine = {key for key, taken in stock.taken.items() if taken.case_id == seeking.case_id}
    ordered = ((place_key(place.name), place.name) for place in sorted(free, key=order))
    return {key: name for key, name in ordered if key not in mine}, why


def could_take_one(stock: Stock, seeking: Seeker, day: date) -> bool:
    """Say whether a place is free that suits a case."""
    return any(against(stock, seeking, place, day) is None for place in stock.places.values())


@lru_cache(maxsize=4096)
def natural(name: str) -> tuple[tuple[int, int, str], ...]:
    """Give what sorts names as people do: "Lit 2" before "Lit 10"."""
    parts = (part for part in _DIGITS.split(name.casefold()) if part)
    return tuple((0, int(part), "") if part.isdecimal() else (1, 0, part) for part in parts)


def roommates(stock: Stock, seekers: Iterable[Seeker]) -> list[int]:
    """Name the cases whose facts decide who may share their room."""
    if not any(fit.shared is not None for one in seekers for fit in one.rule.fits):
        return []
    shared = (place_key(one.name) for room in stock.rooms.values() if len(room) > 1 for one in room)
    return [stock.taken[key].case_id for key in shared if key in stock.taken]
