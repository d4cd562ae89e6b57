"""Corrections, in whatever order, end in the dates of the same acts entered right the first time."""

from collections import Counter
from datetime import UTC, date, datetime, time
from typing import Any

from hypothesis import HealthCheck, given, settings
from support.lives import Life, lives
from support.temps import seen, temps

from jalon import Calendar
from jalon.domain.case import Event, Occurrence
from jalon.domain.schedule import schedule
from jalon.domain.timeline import Entry, timeline


def events(life: Life) -> tuple[Event, ...]:
    """The history that was written."""
    found: list[Event] = []
    numbers: list[int] = []  # the line of each act
    for seq, line in enumerate(life.written, start=1):
        at = datetime.combine(line.today, time(10), UTC)
        if line.kind == "act":
            act = life.acts[len(numbers)]
            numbers.append(seq)
            found.append(
                Event(seq, at, line.on, "act", "ana", action=line.action, source=act.source, target=act.target,
                      facts=dict(line.facts))
            )  # fmt: skip
        elif line.kind == "facts":
            found.append(Event(seq, at, line.today, "correction", "ana", facts=dict(line.facts)))
        else:
            body = {"act": numbers[line.act], "on": line.on.isoformat()}
            found.append(Event(seq, at, line.today, "correction", "ana", body=body))
    return tuple(found)


def right(life: Life) -> tuple[Entry, ...]:
    """The same acts, as they stand, entered one after the other in the order in which they took effect."""
    return tuple(
        Entry(seq, act.on, act.action, "ana", act.source, act.target, dict(act.facts))
        for seq, act in enumerate(life.in_effect(), start=1)
    )  # fmt: skip


def dates(entries: tuple[Entry, ...], today: date) -> Counter[Any]:
    """What is awaited, met and missed; what came to nothing aside."""
    workflow = temps()
    parameters = {name: parameter.default for name, parameter in workflow.parameters.items()}
    found: tuple[Occurrence, ...] = schedule(workflow, entries, today, parameters, Calendar())
    return Counter(seen(item) for item in found if item.status != "void")


@settings(
    max_examples=400, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)
@given(lives())
def test_corrections_end_in_the_dates_of_acts_entered_right(given_life: tuple[Life, date]) -> None:
    life, today = given_life
    entries = timeline(events(life))
    told = [(entry.on, entry.action, dict(entry.facts)) for entry in entries]
    assert told == [(act.on, act.action, act.facts) for act in life.in_effect()]
    assert dates(entries, today) == dates(right(life), today)
