"""What would follow on a case, up to a day: the clock's acts, renewals and rhythms, each with what it supposes.

Two futures are unrolled: one in which the clock acts alone, one in which each period is renewed on its due date.
Pure; nothing is written.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from .case import Occurrence, PlannedRung
from .future import Assumption, Foreseen, Future, Standing, followed_by, marks
from .ladder import plan
from .timeline import state_of

MOST_FORESEEN = 400


@dataclass(frozen=True, slots=True)
class Foresight:
    """All that would follow, and the deadlines of which the list was cut."""

    found: tuple[Foreseen, ...]
    truncated: frozenset[str]


def foresee(case: Standing, until: date) -> Foresight:
    """Unroll what would follow on a case up to a day, at most some hundreds of dates and steps a deadline."""
    found = [*Future(case, until, keeping=False).unroll()]
    items = (*case.opened, *(one.item for one in found))
    if any(followed_by(case.workflow.deadlines[item.name], item, until) for item in items):
        told = frozenset(mark for one in found for mark in marks(one.item, one.assumptions))
        found += Future(case, until, keeping=True, told=told).unroll()
    ahead = [one for one in found if one.rungs or (one.item.act_by or one.item.due_on) <= until]
    return _cut(sorted(ahead, key=lambda one: (one.item.due_on, one.item.name, one.item.k)))


def repeats(case: Standing, item: Occurrence, until: date) -> Iterator[tuple[PlannedRung, Assumption]]:
    """Give the steps that an open occurrence repeats up to a day, were it to stay open that long."""
    rule = case.workflow.deadlines[item.name]
    if item.suspended_on is not None or not any(rung.every is not None for rung in rule.ladder):
        return
    state = state_of(case.entries)
    remains = Assumption("nothing_changes")
    if rule.span and state is not None:
        remains = Assumption("state_remains", {"state": state, "label": case.workflow.states[state].label})
    for rung in plan(rule, item, case.house, case.parameters, until):
        if "#" in rung.id and case.today <= rung.day <= until:
            yield rung, remains


def _cut(found: Sequence[Foreseen]) -> Foresight:
    """Keep some hundreds of dates and steps a deadline, the nearest first."""
    kept: list[Foreseen] = []
    count: dict[str, int] = {}
    truncated: set[str] = set()
    for one in found:
        name = one.item.name
        room = MOST_FORESEEN - count.get(name, 0)
        if room < 1 + len(one.rungs):
            truncated.add(name)
        if room > 0:
            kept.append(replace(one, rungs=one.rungs[: room - 1]))
            count[name] = count.get(name, 0) + 1 + len(kept[-1].rungs)
    return Foresight(tuple(kept), frozenset(truncated))
