"""Places as values: what one is, who holds it, and whether it suits a case. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from .beyond import Fit, PlaceKind
from .errors import Reason

Holding = Literal["promised", "occupied", "kept", "to_free"]


@dataclass(frozen=True, slots=True)
class Outage:
    """Days on which a place cannot be taken, both included; `until` is unknown as long as nobody says it."""

    since: date
    until: date | None = None
    reason: str = ""

    def covers(self, day: date) -> bool:
        """Say whether the place is out of use on a day."""
        return self.since <= day and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True)
class Place:
    """A place that a case may take: a bed, a room, a dwelling, in a room of a unit, for `size` people.

    `programmes` are the workflows whose cases may take it, all where it is empty.
    """

    name: str
    kind: str
    unit: str | None = None
    room: str | None = None
    size: int = 1
    programmes: tuple[str, ...] = ()
    attributes: Mapping[str, Any] = field(default_factory=dict)
    opened_on: date | None = None
    closed_on: date | None = None
    outages: tuple[Outage, ...] = ()

    def exists(self, day: date) -> bool:
        """Say whether the house has this place on a day."""
        opened = self.opened_on is None or self.opened_on <= day
        return opened and (self.closed_on is None or day < self.closed_on)

    def outage(self, day: date) -> Outage | None:
        """Give what keeps it out of use on a day."""
        return next((outage for outage in self.outages if outage.covers(day)), None)

    def first_shut(self, first: date, last: date) -> date | None:
        """Give the first of some days on which it cannot be taken, both ends included."""
        changes = (first, self.closed_on, *(outage.since for outage in self.outages))
        days = (day for day in changes if day is not None and first <= day <= last)
        return min((day for day in days if not self.usable(day)), default=None)

    def usable(self, day: date) -> bool:
        """Say whether it can be taken on a day, as far as the place itself goes."""
        return self.exists(day) and self.outage(day) is None


@dataclass(frozen=True, slots=True)
class Taken:
    """A place that a case holds, and the facts of that case."""

    place: str
    case_id: int
    status: Holding
    since: date
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ahead:
    """The first of those who wait and could take what a case that does not wait would take."""

    case_id: int
    since: date
    place: str | None = None


@dataclass(frozen=True, slots=True)
class Places:
    """The places of a kind as a case sees them: those it could take, the best first, and the one it holds.

    `free` gives the name of each by the form under which it is compared (`texts.place_key`), `why` says of each that
    could not be taken the reason; `wanted` is the name that the step asks for, none where it leaves the choice.
    `declared` is false where the house has listed no place of the kind: any name is one.
    """

    declared: bool
    free: Mapping[str, str] = field(default_factory=dict)
    why: Mapping[str, Reason] = field(default_factory=dict)
    held: Taken | None = None
    wanted: str | None = None

    def closed_ways(self) -> list[dict[str, Any]]:
        """Give, as plain data, why each place is closed to the case."""
        return [{"code": one.code, **one.data, "text": one.text} for one in self.why.values()]


def misfit(
    rule: PlaceKind, place: Place, facts: Mapping[str, Any], case_id: int, mates: Sequence[Taken]
) -> Reason | None:
    """Say why a place does not suit a case, `mates` being those who hold a place in the same room."""
    others = [mate for mate in mates if mate.case_id != case_id]
    for fit in rule.fits:
        data = {"place": place.name, "fact": fit.fact}
        if fit.attribute is not None:
            if not _has(place, fit.attribute, facts.get(fit.fact)):
                return Reason("place_misfit", data, fit.otherwise)
            continue
        mate = next((mate for mate in others if not _shares(fit, facts, case_id, mate)), None)
        if mate is not None:
            return Reason("place_misfit", {**data, "case": mate.case_id}, fit.otherwise)
    return None


def _shares(fit: Fit, facts: Mapping[str, Any], case_id: int, mate: Taken) -> bool:
    """Say whether two may share a room."""
    mine, theirs = facts.get(fit.fact), mate.facts.get(fit.fact)
    if fit.shared == "alone":
        return not (mine is True or theirs is True)
    return mine == theirs or _together(fit, facts, case_id, mate)


def _has(place: Place, attribute: str, value: Any) -> bool:
    if isinstance(value, bool) or value is None:
        return value is not True or place.attributes.get(attribute) is True
    wanted = place.attributes.get(attribute)
    return wanted is None or value == wanted or (isinstance(wanted, list | tuple) and value in wanted)


def _together(fit: Fit, facts: Mapping[str, Any], case_id: int, mate: Taken) -> bool:
    """Say whether one of two names the other: a couple shares a room."""
    if fit.unless is None:
        return False
    named = (facts.get(fit.unless), mate.facts.get(fit.unless))
    return _number(named[0]) == mate.case_id or (case_id != 0 and _number(named[1]) == case_id)


def _number(written: Any) -> int | None:
    """Read a file number as people write it: D-0012, d-12 or 12."""
    text = str(written or "").strip().upper().removeprefix("D-")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else None
