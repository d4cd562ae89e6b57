"""A history put right is asked again whether its places suited: on the days that it would give them, and no others."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from ..domain.errors import Reason
from ..domain.facts import plain
from ..domain.places import Holding, Place, Taken, misfit
from ..domain.texts import place_key
from ..domain.timeline import Entry
from .casefile import CaseFile
from .place_choice import Seeker, Stock, narrow, seeker, shut
from .place_sight import load_stock, with_roommates
from .place_spans import spans


@dataclass(frozen=True, slots=True)
class Gain:
    """Days on which a case would have a place that it had not: from `since` to the day before `until`.

    `stays` where it was there already and had only left: nobody is put out of where they are.
    """

    place: str
    status: Holding
    since: date
    until: date | None
    stays: bool


def unfit(file: CaseFile, facts: Mapping[str, Any], acts: Sequence[Entry], at: datetime) -> Reason | None:
    """Say why a place does not suit the case on the days that other acts would give it; nothing is asked of the others.

    Where the house has listed no place of the kind, any name is one.
    """
    seeking = seeker(file.workflow, file.case.id, facts)
    gains = list(_gains(file, acts))
    if seeking is None or not gains:
        return None
    first = min(gain.since for gain in gains)
    stock = load_stock(file.connection, file.house.id, seeking.rule.kind, first)
    if not stock.places:
        return None
    stock = with_roommates(file.connection, stock, [seeking])
    found = (_against(stock, seeking, gain, file.civil_day(at)) for gain in gains)
    return next((reason for reason in found if reason is not None), None)


# -- which days are gained


def _gains(file: CaseFile, acts: Sequence[Entry]) -> Iterator[Gain]:
    before = spans(file.workflow, file.acts)
    for span in spans(file.workflow, acts):
        known = [one for one in before if place_key(one.place) == place_key(span.place)]
        for since, until in _left(span.since, span.freed_on or date.max, known):
            stays = any(
                one.status != "promised" and one.since < since == one.freed_on and span.since < since
                for one in known
            )
            yield Gain(span.place, span.status, since, None if until == date.max else until, stays)


def _left(since: date, until: date, known: Sequence[Any]) -> list[tuple[date, date]]:
    """Take the days that a case had already from those that it would have."""
    left = [(since, until)] if since < until else []
    for one in known:
        over = one.freed_on or date.max
        parts = (
            part for first, last in left for part in ((first, min(last, one.since)), (max(first, over), last))
        )
        left = [(first, last) for first, last in parts if first < last]
    return left


# -- what is asked of them


def _against(stock: Stock, seeking: Seeker, gain: Gain, today: date) -> Reason | None:
    place = stock.places.get(place_key(gain.place))
    if place is None:
        fault = Reason("place_unknown", {"place": gain.place, "fact": seeking.rule.fact})
        return None if gain.stays else fault
    reason = None if gain.stays else _itself(seeking, place, gain, today)
    return reason or _with_others(stock, seeking, place, gain)


def _itself(seeking: Seeker, place: Place, gain: Gain, today: date) -> Reason | None:
    """Ask of the place itself: the day that someone comes in, or every day of a promise."""
    last = gain.since
    if gain.status == "promised":
        last = max(last, today if gain.until is None else min(today, gain.until - timedelta(days=1)))
    day = place.first_shut(gain.since, last)
    return narrow(seeking, place) if day is None else shut(seeking.rule, place, day)


def _with_others(stock: Stock, seeking: Seeker, place: Place, gain: Gain) -> Reason | None:
    """Ask of those who were in the same room on these days, and who was there first where one is."""
    rule, mates = seeking.rule, list(_mates(stock, seeking, place, gain))
    if gain.stays:
        rule = rule.model_copy(update={"fits": tuple(fit for fit in rule.fits if fit.shared is not None)})
    reason = misfit(rule, place, seeking.facts, seeking.case_id, mates)
    if reason is None or "case" not in reason.data:
        return reason
    since = next(mate.since for mate in mates if mate.case_id == reason.data["case"])
    return Reason(reason.code, {**reason.data, "since": plain(since)}, reason.text)


def _mates(stock: Stock, seeking: Seeker, place: Place, gain: Gain) -> Iterator[Taken]:
    """Give who was in the same room on these days; beside whom someone was already, they stay."""
    for mate, left in stock.beside(place, seeking.case_id):
        meets = (gain.until is None or mate.since < gain.until) and (left is None or left > gain.since)
        if meets and not (gain.stays and mate.since < gain.since):
            yield mate
