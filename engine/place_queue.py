"""Who stands before a case in the waiting lists of its house."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from ..domain.places import Ahead
from ..domain.texts import place_key
from ..persistence import cases as case_rows
from .casefile import CaseFile
from .place_choice import Seeker, Stock, against, could_take_one, seeker, suited


def waiting_order(queue: Sequence[str], row: Any) -> tuple[Any, ...]:
    """Order who waits: by the facts that the state names, then by file number; an unknown value comes last."""
    # Dates are kept as text and numbers as numbers, so each sorts among its kind.
    values = [row.facts.get(name) for name in queue]
    return (*[(value is None, value if value is not None else 0) for value in values], row.id)


def waiting_before(file: CaseFile) -> list[Any]:
    """Read who waits before the case in its state; where it is in no waiting list, everyone who is in one."""
    if not _waits(file):
        lists = [_waiting(file, name) for name, state in file.workflow.states.items() if state.queue]
        return [row for found in lists for row in found]
    ordered = _waiting(file, file.case.state)
    ids = [row.id for row in ordered]
    return ordered[: ids.index(file.case.id)] if file.case.id in ids else []


def seekers_of(file: CaseFile, waiting: Sequence[Any]) -> list[Seeker]:
    """Give those who wait as they look for a place."""
    return [one for row in waiting if (one := seeker(file.workflow, row.id, row.facts)) is not None]


def rank_of(
    file: CaseFile, stock: Stock | None, on: date, waiting: Sequence[Any], named: Any
) -> tuple[int, Ahead | None]:
    """Give the rank of a case, from 1: who could take none of the free places stands in nobody's way.

    A case that is in no waiting list comes after everyone who could take a free place, or the one that it names; the
    first of them is said. One that keeps the place that it holds takes nothing from anybody.
    """
    if stock is None or not stock.places:
        first = None if _waits(file) or not waiting else Ahead(waiting[0].id, waiting[0].state_since)
        return 1 + len(waiting), first
    seekers = seekers_of(file, waiting)
    if _waits(file):
        return 1 + sum(could_take_one(stock, one, on) for one in seekers), None
    key = place_key(named) if isinstance(named, str) else None
    if any(one.case_id == file.case.id and key in (None, held) for held, one in stock.taken.items()):
        return 1, None
    place = stock.places.get(key or "")
    found = [
        one for one in seekers
        if (could_take_one(stock, one, on) if place is None else against(stock, one, place, on) is None)
    ]  # fmt: skip
    if not found:
        return 1, None
    since = next(row.state_since for row in waiting if row.id == found[0].case_id)
    suits = place.name if place is not None else next(iter(suited(stock, found[0], on)[0].values()))
    return 1 + len(found), Ahead(found[0].case_id, since, suits)


def _waits(file: CaseFile) -> bool:
    state = file.workflow.states.get(file.case.state)
    return state is not None and bool(state.queue)


def _waiting(file: CaseFile, state: str) -> list[Any]:
    queue = file.workflow.states[state].queue
    found = case_rows.waiting_cases(file.connection, file.house.id, file.workflow.workflow, state)
    return sorted(found, key=lambda row: waiting_order(queue, row))
