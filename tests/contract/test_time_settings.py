"""A parameter or a calendar that changes: the open dates end as those of a case that knew only the last ones."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from support.engines import Post, paris
from support.lives import MONDAY, Life, lives
from support.temps import HOUSEHOLD, house, nothing_twice, only_what_is_allowed, rungs, seen, sound

from jalon import Engine

CHOICES: dict[str, list[Any]] = {
    "prolongations": [0, 1, 4],
    "reponse.after": ["P3D", "P8B", "P1M"],
    "cas.after.court": ["P15D", "P2M"],
    "cas.after.long": ["P4M", "P6M"],
    "fin.after": ["P1M", "P4M", "P1Y"],
    "visite.every": ["P21D", "P2M"],
    "quinzaine.every": ["P7D", "P1M"],
    "tardive.after": ["P21D", "P2M"],
    "mesure.after": ["P1M", "P100D"],
    "silence.after": ["P20D", "P2M"],
    "avis.after": ["P40D", "P3M"],
    "suite.after": ["P3B", "P8D"],
}
DAYS = st.integers(0, 200).map(lambda number: MONDAY + timedelta(number))


@dataclass
class Settings:
    """What a house has set."""

    parameters: dict[str, Any] = field(default_factory=dict)
    zone: str = "metropole"
    closures: frozenset[date] = frozenset()


@dataclass(frozen=True)
class Change:
    """One thing that a house sets, before the line of a life that has this number."""

    line: int
    parameter: str = ""
    value: Any = None
    zone: str = ""
    closures: frozenset[date] = frozenset()


@st.composite
def changes(draw: Any) -> Change:
    """A parameter, or the calendar: another zone, or days on which the house is closed."""
    line, what = draw(st.integers(1, 14)), draw(st.sampled_from([*CHOICES, "calendar", "calendar"]))
    if what != "calendar":
        return Change(line, what, draw(st.sampled_from(CHOICES[what])))
    first, number = draw(DAYS), draw(st.integers(0, 6))
    closures = frozenset(first + timedelta(day) for day in range(number))
    return Change(
        line, zone=draw(st.sampled_from(["metropole", "la-reunion", "alsace-moselle"])), closures=closures
    )


def apply(engine: Engine, name: str, change: Change, known: Settings) -> int:
    """Let a house set something; give how many dates a parameter moved."""
    if change.parameter:
        known.parameters[change.parameter] = change.value
        return engine.establishments.set_parameter(name, "temps", change.parameter, change.value).dates
    known.zone, known.closures = change.zone, change.closures
    engine.establishments.add(name, zone=change.zone, closures=change.closures)
    return 0


def live(
    engine: Engine, name: str, life: Life, before: dict[int, list[Change]], known: Settings
) -> tuple[int, int]:
    """Enter the acts of a life in a house that changes its settings along the way; give also what these moved."""
    case = moved = 0
    for number, line in enumerate(life.written):
        engine._world.clock.set(paris(line.today))
        if case:
            engine.cases.perform(case, line.action, dict(line.facts), by="ana", on=line.on)
        else:
            facts = {"menage": HOUSEHOLD, **line.facts}
            case = engine.cases.open("temps", facts, by="ana", establishment=name, on=line.on).id
        for change in before.get(number + 1, ()):
            moved += apply(engine, name, change, known)
    return case, moved


PILED = ("reunion",)  # dates that stay open together: those that came before a change keep the day they had


def met_before(engine: Engine, case: int, life: Life, before: dict[int, list[Change]]) -> set[str]:
    """The rhythms changed once an act had met a date: it stays met, and meets no date of the new rhythm."""
    changed = {
        change.parameter.removesuffix(".every"): life.written[line - 1].today
        for line, each in sorted(before.items())
        for change in each
        if change.parameter.endswith(".every")
    }
    return {
        item.name
        for item in engine.cases.dates(case)
        if item.name in changed and item.status == "met" and item.closed_on <= changed[item.name]
    }


def awaited(engine: Engine, case: int, aside: set[str]) -> Counter[Any]:
    """The dates that are open, with the steps that are still to come."""
    now = engine._world.clock.now()
    coming: dict[tuple[str, int], set[Any]] = {}
    for step in rungs(engine, case):
        if step.status == "pending" and step.fire_at > now:
            coming.setdefault((step.name, step.ordinal), set()).add((step.rung, step.fire_at))
    opened = [item for item in engine.cases.dates(case) if item.status == "open" and item.name not in aside]
    return Counter(
        (*seen(item), frozenset(coming.get((item.name, item.ordinal), ()))) for item in opened
    )  # fmt: skip


@pytest.fixture
def engine(sqlite_url: str) -> Iterator[Engine]:
    with house(sqlite_url, on=MONDAY.isoformat(), transport=Post()) as engine:
        yield engine


def a_new_house(engine: Engine, name: str, known: Settings) -> None:
    """A house that has these settings from the start."""
    engine.establishments.add(name, zone=known.zone, closures=known.closures)
    engine.people.grant("ana", "cesf", name)
    engine.people.grant("chloe", "chef", name)
    for parameter, value in known.parameters.items():
        engine.establishments.set_parameter(name, "temps", parameter, value)


def test_dates_end_as_under_the_last_settings(engine: Engine) -> None:
    houses, moves = iter(range(1_000)), []

    @settings(
        max_examples=30, deadline=None, derandomize=True, database=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(lives(most=12, least=7, corrected=False), st.lists(changes(), min_size=5, max_size=9))
    def check(example: tuple[Life, date], changed: list[Change]) -> None:
        life, today = example
        before: dict[int, list[Change]] = {}
        for change in changed:
            before.setdefault(min(change.line, len(life.written)), []).append(change)
        known, names = Settings(), [f"m{next(houses)}" for _ in range(2)]
        a_new_house(engine, names[0], known)
        with only_what_is_allowed():
            moved, dates = live(engine, names[0], life, before, known)
            a_new_house(engine, names[1], known)
            fresh, _ = live(engine, names[1], life, {}, known)
        moves.append(dates)
        engine._world.clock.set(paris(today))
        assert engine.run_due().failed == []
        for case in (moved, fresh):
            sound(engine, case)
        aside = {*PILED, *met_before(engine, moved, life, before)}
        assert awaited(engine, moved, aside) == awaited(engine, fresh, aside)

    check()
    assert sum(moves) > 40
    nothing_twice(engine)
    assert engine.verify().sound
