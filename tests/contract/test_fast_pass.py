"""Reminders fired together write, row by row, what they write fired case by case."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
import sqlalchemy as sa
from support.engines import HOUSEHOLD, MONDAY, an_engine, at, entered, opened, written

from jalon import Engine
from jalon.engine.passes import PassReport
from jalon.engine.together import play_together
from jalon.engine.world import Unit
from jalon.persistence import dates, schema

TABLES = (
    schema.cases, schema.events, schema.event_values, schema.deadlines, schema.rungs, schema.tasks, schema.notices,
)  # fmt: skip
HOUSEHOLDS = (
    HOUSEHOLD, {"name": "Bilal"}, {"name": "Chan", "email": "chan@menage.example", "consent": False},
)  # fmt: skip


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    with an_engine(database_url) as engine:
        yield engine


def _some_cases(engine: Engine, random: Random) -> None:
    """Cases of two houses, opened on several days, some entered, some put off after a failure."""
    monday = date.fromisoformat(MONDAY)
    for number in range(14):
        at(engine, monday + timedelta(days=number // 2))
        facts: dict[str, Any] = {"menage": random.choice(HOUSEHOLDS)}
        if random.random() < 0.5:
            facts["rendez_vous_le"] = (monday + timedelta(days=random.randint(5, 40))).isoformat()
        if random.random() < 0.2:
            opened(engine, facts, by="luc", establishment="lilas")
        elif random.random() < 0.5:
            opened(engine, facts, referent=random.choice((None, "gaia")))
        else:
            entered(engine, f"A{number}", facts=facts)
    written(
        engine,
        "UPDATE jalon_rungs SET attempts = 1, retry_at = :late WHERE id = (SELECT max(id) FROM jalon_rungs)",
        late="2026-12-10T09:00:00.000000Z",
    )


def _rows(unit: Unit) -> dict[str, list[Any]]:
    """Every row, but for the numbers that the database gives."""
    found: dict[str, list[Any]] = {}
    for table in TABLES:
        numbered = table in (schema.tasks, schema.notices)
        columns = [column for column in table.c if not (numbered and column.name == "id")]
        found[table.name] = sorted(map(repr, unit.connection.execute(sa.select(*columns)).all()))
    return found


def _written(engine: Engine, play: Callable[[Unit, list[int], PassReport], None]) -> tuple[Any, ...]:
    """What a way to play writes and tells; then all is undone."""
    report = PassReport(engine.now())
    with engine._world.trying() as unit:
        play(unit, list(dates.due_cases(unit.connection, report.at, 10_000)), report)
        told = sorted(unit.happenings, key=lambda told: (told.case_id, told.seq))
        fired = sorted(report.fired, key=repr)
        return _rows(unit), told, fired, report.failed


@pytest.mark.parametrize("seed", range(4))
def test_together_or_one_by_one_the_rows_are_the_same(engine: Engine, seed: int) -> None:
    random = Random(seed)
    _some_cases(engine, random)
    passes, together = engine._passes, []

    def fast(unit: Unit, due: list[int], report: PassReport) -> None:
        fired, others = play_together(unit, engine.workflows, due, report.at)
        together.append(len(fired))
        report.fired.extend(fired)
        slow(unit, others, report)

    def slow(unit: Unit, due: list[int], report: PassReport) -> None:
        for case_id in due:
            passes._one(unit, case_id, report.at, report, None)

    for days in (9, 11, 16, 33):
        at(engine, date.fromisoformat(MONDAY) + timedelta(days=days + random.randint(-1, 1)))
        assert _written(engine, fast) == _written(engine, slow)
        engine.run_due()
    assert sum(together) > 5
    assert engine.verify().faults == ()


def test_only_the_case_that_is_poisoned_is_set_aside(engine: Engine) -> None:
    """One that cannot be played together brings all of them back to be played one by one."""
    good, bad = opened(engine), opened(engine)
    written(engine, "UPDATE jalon_deadlines SET name = 'inconnue' WHERE case_id = :id", id=bad.id)
    at(engine, "2026-11-30")
    report = engine.run_due()
    assert [fired.case_id for fired in report.fired] == [good.id]
    assert [failed.case_id for failed in report.failed] == [bad.id]
    assert [line.kind for line in engine.cases.history(bad.id)] == ["act"]


def test_many_cases_are_written_in_a_few_statements(engine: Engine) -> None:
    """As many for twelve cases as for six."""
    counts: list[int] = []
    for number in (6, 12):
        for _ in range(number):
            opened(engine)
        day = engine.now().date() + timedelta(days=7)
        at(engine, day)
        seen: list[str] = []
        sa.event.listen(
            engine._world.database.engine,
            "before_cursor_execute",
            lambda *args, seen=seen: seen.append(args[2]),
        )
        assert len(engine.run_due().fired) == number
        counts.append(sum(statement.startswith(("INSERT", "UPDATE")) for statement in seen))
        for case in engine.cases.find(state="ouvert"):
            engine.cases.perform(case.id, "clore", {"motif": "fin"}, by="gaia")
    assert counts == [4, 4]
