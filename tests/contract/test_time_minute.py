"""One minute before its instant a rung has not fired; one minute after, exactly that one has."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from functools import cache

import pytest
from support.by_hand import at_hour, clock_changes, shifted

from jalon import Engine, Settings, VirtualClock, loads
from jalon.domain.workflow import Workflow

TEXT = """
workflow: minute
version: 1
title: À la minute
kind: parcours
include: [base]
referent: cesf
escalation: chef
roles: {staff: {cesf: CESF, chef: Chef}}
states:
  orientation:
    attente: {label: En attente, turn: cesf}
    bascule: {label: Basculé, turn: cesf, sans_echeance: La maison reprend quand elle peut.}
  sortie: {clos: {label: Clos, terminal: true}}
facts:
  jour: {type: date, label: Jour}
tasks:
  appeler: {label: Appeler, who: cesf, due: P2B*, closed_by: basculer}
actions:
  ouvrir: {label: Ouvrir, from: start, to: attente, by: cesf, form: jour}
  basculer: {label: Basculer, from: attente, to: bascule, by: [cesf, systeme]}
  clore: {label: Clore, from: bascule, to: clos, by: cesf}
deadlines:
  terme:
    label: Terme
    while: attente
    due: {anchor: jour}
    ladder:
      - {at: -P2D}
      - {at: P0D, hour: "14:30", shift: aucun, notify: rappel_echeance}
      - {at: P0D, hour: "02:30", shift: aucun, notify: rappel_echeance}
      - {at: P0D, hour: "23:30", shift: aucun, notify: echeance_depassee}
      - {at: P1D}
      - {at: P2D, task: appeler}
      - {at: P5D, perform: basculer}
    basis: essai
"""
# Each rung: its name in the rows, its distance from the day, its shift, its hour.
LADDER = (
    ("-P2D:notice", -2, "precedent", time(8)),
    ("P0D:notice", 0, "aucun", time(14, 30)),
    ("P0D:notice~2", 0, "aucun", time(2, 30)),
    ("P0D:notice~3", 0, "aucun", time(23, 30)),
    ("P1D:notice", 1, "suivant", time(8)),
    ("P2D:task", 2, "aucun", time(8)),
    ("P5D:act", 5, "aucun", time(0)),
)
CLOCKS = (
    "Europe/Paris", "America/Guadeloupe", "America/Martinique", "America/Cayenne", "America/St_Barthelemy",
    "America/Marigot", "America/Miquelon", "Indian/Reunion", "Indian/Mayotte", "Pacific/Noumea", "Pacific/Tahiti",
)  # fmt: skip
ZONES = {"Indian/Reunion": "la-reunion"}
START = datetime(2024, 1, 2, 9, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
Wanted = dict[datetime, set[tuple[int, str]]]


@cache
def minute() -> Workflow:
    return loads(TEXT, "minute.yaml")


@contextmanager
def furnished(url: str, timezones: tuple[str, ...]) -> Iterator[Engine]:
    """An engine with one house in each zone, named by its number."""
    engine = Engine(Settings(database=url), clock=VirtualClock(START))
    engine.people.add("ana", "Ana", address="ana@maison.example")
    for number, timezone in enumerate(timezones):
        zone = ZONES.get(timezone, "metropole")
        engine.establishments.add(f"m{number}", f"Maison {number}", zone=zone, timezone=timezone)
        engine.people.grant("ana", "cesf", f"m{number}")
        engine.people.grant("ana", "chef", f"m{number}")
    engine.workflows.register(minute())
    try:
        yield engine
    finally:
        engine.close()


def awaited(engine: Engine, timezones: tuple[str, ...], days: list[date]) -> Wanted:
    """Open a case for each day in each house; give the rungs by the instant at which each is due, counted by hand."""
    wanted: Wanted = {}
    for number, timezone in enumerate(timezones):
        zone = ZONES.get(timezone, "metropole")
        for day in days:
            case = engine.cases.open("minute", {"jour": day}, by="ana", establishment=f"m{number}").id
            for rung, distance, shift, hour in LADDER:
                fires_on = shifted(day + timedelta(distance), shift, zone)
                wanted.setdefault(at_hour(fires_on, hour, timezone), set()).add((case, rung))
    return wanted


def watch(engine: Engine, wanted: Wanted) -> int:
    """Look at each instant one minute before and one minute after; give the number of rungs that fired."""
    clock = engine._world.clock
    fired: list[tuple[int, str]] = []
    for instant in sorted(wanted):
        clock.set(instant - MINUTE)
        early = engine.run_due()
        assert (early.fired, early.failed) == ([], []), instant
        clock.set(instant + MINUTE)
        report = engine.run_due()
        found = [(one.case_id, one.rung) for one in report.fired]
        assert sorted(found) == sorted(wanted[instant]), instant
        assert all(one.outcome == "fired" and one.late_by == MINUTE for one in report.fired)
        assert engine.run_due().fired == []
        fired += found
    assert len(fired) == len(set(fired))
    return len(fired)


def sample() -> list[date]:
    """Both changes of the clocks of eight years, with the days around; the ends of months; an ordinary day a month."""
    days: set[date] = set()
    for changed in clock_changes("Europe/Paris", 2024, 2031):
        days |= {changed - timedelta(1), changed, changed + timedelta(1)}
    for year in range(2024, 2032):
        for month in range(1, 13):
            days |= {date(year, month, 1) + timedelta(9), date(year, month, 1) - timedelta(1)}
        days |= {date(year, 12, 24), date(year, 12, 25), date(year, 2, 28)}
    return sorted(day for day in days if day > date(2024, 1, 10))


def test_each_rung_fires_in_its_minute(sqlite_url: str) -> None:
    with furnished(sqlite_url, ("Europe/Paris",)) as engine:
        days = sample()
        assert watch(engine, awaited(engine, ("Europe/Paris",), days)) == len(days) * len(LADDER) > 1_500
        assert engine.verify().sound


def test_each_rung_fires_in_its_minute_on_both_databases(database_url: str) -> None:
    days = [date(2024, 3, 31), date(2024, 10, 27), date(2024, 5, 10)]
    with furnished(database_url, ("Europe/Paris",)) as engine:
        assert watch(engine, awaited(engine, ("Europe/Paris",), days)) == len(days) * len(LADDER)


@pytest.fixture
def overseas(sqlite_url: str) -> Iterator[Engine]:
    with furnished(sqlite_url, CLOCKS) as engine:
        yield engine


def test_each_house_has_its_own_minute(overseas: Engine) -> None:
    """Houses of every zone in one database, on the days when the clocks of Paris and Saint-Pierre change."""
    days = [*clock_changes("Europe/Paris", 2025, 2026), *clock_changes("America/Miquelon", 2026, 2026)]
    assert watch(overseas, awaited(overseas, CLOCKS, days)) == len(days) * len(CLOCKS) * len(LADDER)
    for case in range(1, len(days) * len(CLOCKS) + 1, 5):
        acts = [line for line in overseas.cases.history(case) if line.action == "basculer"]
        day = overseas.cases.get(case).facts["jour"]
        assert [line.effective_on for line in acts] == [day + timedelta(5)]
