"""Corrections in any order, through the engine: the rows end as those of a case entered right the first time."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from support.engines import Post, paris
from support.lives import MONDAY, Life, lives
from support.temps import begin, house, nothing_twice, only_what_is_allowed, rungs, seen, sound, temps

from jalon import Calendar, Engine
from jalon.domain.context import House
from jalon.domain.ladder import plan
from jalon.domain.schedule import schedule
from jalon.domain.timeline import timeline


def on_the(engine: Engine, day: date) -> None:
    engine._world.clock.set(paris(day))


def as_written(engine: Engine, life: Life) -> int:
    """Enter a life as it was written, corrections included; give the number of the case."""
    cases, case, acts = engine.cases, 0, []
    for line in life.written:
        on_the(engine, line.today)
        if line.kind == "act" and not case:
            case = begin(engine, dict(line.facts), on=line.on)
            acts.append(1)
        elif line.kind == "act":
            cases.perform(case, line.action, dict(line.facts), by="ana", on=line.on)
            acts.append(cases.get(case).seq)
        elif line.kind == "facts" and all(
            cases.get(case).facts.get(name) == value for name, value in line.facts.items()
        ):
            continue  # nothing to correct, which is refused
        elif line.kind == "facts":
            cases.correct(case, dict(line.facts), by="ana", reason="une erreur")
        else:
            cases.correct(case, by="ana", on=line.on, act=acts[line.act], reason="le bon jour")
    return case


def entered_right(engine: Engine, life: Life) -> int:
    """Enter the acts as they stand, each on its day, in order."""
    case = 0
    for act in life.in_effect():
        on_the(engine, act.on)
        if case:
            engine.cases.perform(case, act.action, dict(act.facts), by="ana")
        else:
            case = begin(engine, dict(act.facts))
    return case


def dates(engine: Engine, case: int) -> Counter[Any]:
    """What is awaited, met and missed; what came to nothing aside."""
    return Counter(seen(item) for item in engine.cases.dates(case) if item.status != "void")


def rows_are_derived(engine: Engine, case: int, today: date) -> None:
    """The rows say what the whole history says when it is derived from nothing, rungs included."""
    workflow, calendar = temps(), Calendar()
    parameters = {name: parameter.default for name, parameter in workflow.parameters.items()}
    wanted = schedule(workflow, timeline(engine.cases.history(case)), today, parameters, calendar)
    assert dates(engine, case) == Counter(seen(item) for item in wanted if item.status != "void")
    pending = {
        (step.name, step.ordinal, step.rung): step.fire_at
        for step in rungs(engine, case)
        if step.status == "pending"
    }
    known = House("tilleuls", "Tilleuls", calendar)
    planned = {
        (item.name, item.ordinal, step.id): step.fire_at
        for item in engine.cases.dates(case)
        if item.status == "open"
        for step in plan(workflow.deadlines[item.name], item, known, parameters, today)
    }
    assert pending.items() <= planned.items()
    now = paris(today)
    late = {name for name, instant in planned.items() if instant > now} - set(pending)
    assert not late, f"planned but not pending: {late}"


@pytest.fixture
def engine(sqlite_url: str) -> Iterator[Engine]:
    with house(sqlite_url, on=MONDAY.isoformat(), transport=Post()) as engine:
        yield engine


@pytest.mark.parametrize("overtaking", [False, True])
def test_corrections_end_in_the_rows_of_acts_entered_right(engine: Engine, overtaking: bool) -> None:
    """Also where an act entered later took effect before another."""

    @settings(
        max_examples=40, deadline=None, derandomize=True, database=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(lives(most=18, overtaking=overtaking))
    def check(example: tuple[Life, date]) -> None:
        life, today = example
        with only_what_is_allowed():
            right = entered_right(engine, life)
            wrong = as_written(engine, life)
        on_the(engine, today)
        assert engine.run_due().failed == []
        for case in (wrong, right):
            sound(engine, case)
            rows_are_derived(engine, case, today)
        assert dates(engine, wrong) == dates(engine, right)

    check()
    nothing_twice(engine)
    assert engine.verify().sound
