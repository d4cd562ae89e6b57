"""Which places suit a case, the best first, and why the others do not. Pure."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
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

    `before` are those who held one after the day of the step and hold it no more, each with the day on which they left:
    it was not free on that day.
    """

    places: Mapping[str, Place]
    taken: Mapping[str, Taken] = field(default_factory=dict)
    before: Mapping[str, Sequence[tuple[Taken, date]]] = field(default_factory=dict)

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

    def stays(self, key: str) -> Iterator[tuple[Taken, date | None]]:
        """Give who holds a place, and who did after the day of the step; each with the day on which they left."""
        if key in self.taken:
            yield self.taken[key], None
        yield from self.before.get(key, ())

    def beside(self, place: Place, case_id: int) -> list[tuple[Taken, date | None]]:
        """Give who else holds a place in the same room, or did after the day of the step."""
        if place.room is None:
            return []
        found = (one for mate in self.room(place) for one in self.stays(place_key(mate.name)))
        return [one for one in found if one[0].case_id != case_id]

    def mates(self, place: Place, case_id: int) -> list[Taken]:
        """Give who else holds a place in the same room."""
        return [mate for mate, _ in self.beside(place, case_id)]

    def with_facts(self, facts: Mapping[int, Mapping[str, Any]]) -> "Stock":
        """Give the same, knowing the facts of some of those who hold a place."""

        def known(one: Taken) -> Taken:
            return Taken(one.place, one.case_id, one.status, one.since, facts.get(one.case_id, one.facts))

        before = {key: [(known(one), day) for one, day in some] for key, some in self.before.items()}
        return Stock(self.places, {key: known(one) for key, one in self.taken.items()}, before)


def seeker(
    workflow: Workflow, case_id: int, facts: Mapping[str, Any], rule: PlaceKind | None = None
) -> Seeker | None:
    """Give a case as it looks for a place, by the rule of its workflow unless said; none where it takes no place."""
    rule = rule or workflow.place
    if rule is None:
        return None
    known = {name: plain(value) for name, value in facts.items()}
    return Seeker(case_id, workflow.workflow, rule, known, people_of(workflow, facts))


def people_of(workflow: Workflow, facts: Mapping[str, Any]) -> int:
    """Count the people of a case: those that it names, or one."""
    names = (name for name, fact in workflow.facts.items() if fact.type in ("household", "person"))
    return len(members(facts.get(next(names, "")))) or 1


def against(
    stock: Stock, seeking: Seeker, place: Place, day: date, last: date | None = None
) -> Reason | None:
    """Say why a case may not take a place on a day, or nothing where it may; what it holds is its own.

    With `last`, the place is wanted on every day until that one.
    """
    closed = place.first_shut(day, last or day)
    if closed is not None:
        return shut(seeking.rule, place, closed)
    held = _held(stock, seeking, place_key(place.name))
    if held is not None:
        return Reason("place_taken", {"place": place.name, "fact": seeking.rule.fact, **held})
    reason = narrow(seeking, place)
    if reason is not None:
        return reason
    return unsuited(stock, seeking, place_key(place.name))


def unsuited(stock: Stock, seeking: Seeker, key: str) -> Reason | None:
    """Say why the place that a case holds does not suit it, or who is in the room with it; any unlisted one does."""
    place = stock.places.get(key)
    if place is None:
        return None
    return misfit(seeking.rule, place, seeking.facts, seeking.case_id, stock.mates(place, seeking.case_id))


def narrow(seeking: Seeker, place: Place) -> Reason | None:
    """Say that a place is kept for other workflows, or is for fewer people."""
    data = {"place": place.name, "fact": seeking.rule.fact}
    if place.programmes and seeking.workflow not in place.programmes:
        return Reason("place_misfit", {**data, "programmes": list(place.programmes)})
    if seeking.people > place.size:
        return Reason("place_misfit", {**data, "size": place.size, "people": seeking.people})
    return None


def shut(rule: PlaceKind, place: Place, day: date) -> Reason:
    """Say that the house has not the place that day, or that it is out of use."""
    return Reason("place_out", {"place": place.name, "fact": rule.fact, **_shut(place, day)})


def _shut(place: Place, day: date) -> dict[str, Any]:
    outage = place.outage(day)
    if place.opened_on is not None and day < place.opened_on:
        return {"opened_on": plain(place.opened_on)}
    if outage is None or not place.exists(day):
        return {"closed_on": plain(place.closed_on)}
    return {"since": plain(outage.since), "until": plain(outage.until), "reason": outage.reason}


def _held(stock: Stock, seeking: Seeker, key: str) -> dict[str, Any] | None:
    """Say which other case has a place, or had it after that day."""
    taken, freed_on = next(
        (one for one in stock.stays(key) if one[0].case_id != seeking.case_id), (None, None)
    )
    if taken is None:
        return None
    if freed_on is None:
        return {"case": taken.case_id, "status": taken.status}
    return {"case": taken.case_id, "freed_on": plain(freed_on)}


def suited(
    stock: Stock, seeking: Seeker, day: date, last: date | None = None
) -> tuple[dict[str, str], dict[str, Reason]]:
    """Name by key the places that a case may take on a day, the best first, and say why it may not take each other one.

    A room where someone is already comes first, then the smallest place, in the smallest room, then the order of names.
    """
    free: list[Place] = []
    why: dict[str, Reason] = {}
    for key, place in stock.places.items():
        reason = against(stock, seeking, place, day, last)
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
    return list(dict.fromkeys(one.case_id for key in shared for one, _ in stock.stays(key)))
