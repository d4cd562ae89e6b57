"""Which places a case has held, as its acts tell it in their order of effect. Pure: rows are this, written down."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from ..domain.beyond import PlaceMove
from ..domain.places import Holding
from ..domain.texts import place_key
from ..domain.timeline import Entry
from ..domain.workflow import Workflow

STATUS: dict[PlaceMove, Holding] = {
    "promise": "promised", "occupy": "occupied", "keep": "kept", "to_free": "to_free",
}  # fmt: skip
"""How a case holds its place after each move that does not give it back."""


@dataclass(frozen=True, slots=True)
class Span:
    """A place that a case holds from a day on, or until another: `freed_on` is the first day it is not its own.

    `status_since` is the day since which it holds it so.
    """

    place: str
    since: date
    status: Holding
    status_since: date
    freed_on: date | None = None


def spans(workflow: Workflow, acts: Sequence[Entry], until: date | None = None) -> list[Span]:
    """Give every place that acts gave to a case, in order; with `until`, as it stood at the end of that day.

    A place that a correction names where no act had is moved to; any other value put right was so from the start.
    """
    kind, found, named = workflow.place, list[Span](), None
    if kind is None:
        return found
    for entry in acts:
        if until is not None and entry.on > until:
            break
        named = entry.facts.get(kind.fact, named)
        move = workflow.actions[entry.action].place if entry.action else None
        held = found[-1] if found and found[-1].freed_on is None else None
        if move in ("promise", "occupy") and isinstance(named, str):
            _take(found, held, named, STATUS[move], entry.on)
        elif held is not None and move == "free":
            found[-1] = _ended(held, entry.on)
        elif held is not None and move in ("keep", "to_free"):
            found[-1] = _standing(held, STATUS[move], entry.on)
        elif held is not None and not entry.action and kind.fact in entry.facts and isinstance(named, str):
            _take(found, held, named, held.status, entry.on)
    return found


def holding(workflow: Workflow, acts: Sequence[Entry], until: date | None = None) -> Span | None:
    """Give the place that acts leave to a case, if they leave one."""
    found = spans(workflow, acts, until)
    return found[-1] if found and found[-1].freed_on is None else None


def _take(found: list[Span], held: Span | None, name: str, status: Holding, day: date) -> None:
    """Keep the place that is held already, or leave it for the one that is named."""
    if held is not None and same_place(held.place, name):
        found[-1] = _standing(held, status, day)
        return
    if held is not None:
        found[-1] = _ended(held, day)
    found.append(Span(name, day, status, day))


def _standing(held: Span, status: Holding, day: date) -> Span:
    since = held.status_since if held.status == status else day
    return Span(held.place, held.since, status, since)


def _ended(held: Span, day: date) -> Span:
    return Span(held.place, held.since, held.status, held.status_since, day)


def same_place(one: str, other: str) -> bool:
    """Say whether two names are those of one place."""
    return place_key(one) == place_key(other)
