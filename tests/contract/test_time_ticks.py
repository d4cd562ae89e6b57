"""Ticking hourly, daily, or once after 400 days writes the same history, but for what an outage may drop."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from shutil import copy
from typing import Any

import pytest
from support import engines, temps
from support import house as programme
from support.tales import Recorded, picture

from jalon import Engine, Settings, VirtualClock, loads

FIRST = date(2026, 11, 23)
LAST = FIRST + timedelta(400)
HOUR = timedelta(hours=1)
STATES = ("orientation_recue", "dossier_incomplet", "ajourne", "liste_attente", "refuse", "en_sejour")


def moved(engine: Engine, to: datetime, by: timedelta | None) -> None:
    """Move the clock to an instant, with a tick at each step on the way, or only there."""
    clock = engine._world.clock
    while by is not None and clock.now() + by < to:
        clock.set(clock.now() + by)
        engine.tick()
    clock.set(to)


@contextmanager
def a_house(url: str) -> Iterator[Engine]:
    """The real programme, the workflow of the engine's tests and the one of the tests of time, in one database."""
    with temps.house(url, on=FIRST.isoformat(), transport=Recorded()) as engine:
        programme.furnish(engine)
        engine.people.add("gaia", "Gaia", address="gaia@maison.example")
        engine.people.grant("gaia", "gardien", "tilleuls")
        engine.workflows.register(engines.suivi())
        yield engine


def lived(engine: Engine, by: timedelta | None) -> list[dict[str, Any]]:
    """Four hundred days in a few cases, in which people act at ten o'clock of some days."""
    cases = [
        programme.a_case(engine, state, unit=f"B-{number}").case.id for number, state in enumerate(STATES)
    ]
    stay = cases[-1]
    cases += [engines.opened(engine, {"rendez_vous_le": "2026-12-10"}).id, engines.entered(engine).id]
    followed, left = (
        temps.begin(engine, {"rdv_le": "2027-03-01", "signe_le": "2026-11-20"}) for _ in range(2)
    )
    perform = engine.cases.perform
    for case in (followed, left):
        perform(case, "entrer", by="ana")
        perform(case, "choisir", {"mode": "long"}, by="ana")
    script: list[tuple[int, Callable[[], Any]]] = [
        (13, lambda: perform(followed, "visiter", by="ana")),
        (31, lambda: perform(stay, "consigner_visite", {"compte_rendu_visite": "Bien."}, by="claire")),
        (60, lambda: perform(followed, "decider", by="ana")),
        (61, lambda: perform(followed, "decider", by="ana")),
        (64, lambda: perform(followed, "notifier", by="ana")),
        (80, lambda: perform(followed, "prolonger", by="ana")),
        (95, lambda: engine.cases.correct(followed, {"rdv_le": "2027-04-05"}, by="ana", reason="faute")),
        (125, lambda: perform(stay, "consigner_bilan", {"compte_rendu_bilan": "Bien.", "axe_logement": "x"},
                              by="claire")),
        (180, lambda: perform(followed, "revenir", by="ana")),
        (200, lambda: perform(followed, "entrer", by="ana")),
    ]  # fmt: skip
    for days, act in script:
        moved(engine, engines.paris(FIRST + timedelta(days)), by)
        act()
    moved(engine, engines.paris(LAST), by)
    engine.tick()
    for case in (followed, left):
        temps.sound(engine, case)
    temps.nothing_twice(engine)
    assert engine.verify().sound
    return [told(engine, case) for case in (*cases, followed, left)]


def told(engine: Engine, case: int) -> dict[str, Any]:
    """All that two runs must agree on: whole, or without what an outage may drop."""
    return {
        "whole": picture(engine, case), "workflow": engine.cases.get(case).workflow,
        "messages": temps.messages(engine, case), "dropped": temps.dropped(engine, case),
        "others": temps.others(engine, case), "dates": [temps.seen(item) for item in engine.cases.dates(case)],
    }  # fmt: skip


def test_hourly_daily_or_once_is_the_same_history(
    sqlite_url: str, postgres_url: str, sqlite_template: Path, tmp_path: Path
) -> None:
    """And PostgreSQL, once, writes what SQLite does, daily and hourly."""
    other = f"sqlite:///{copy(sqlite_template, tmp_path / 'other.db')}"
    found = []
    for url, by in ((postgres_url, None), (sqlite_url, timedelta(days=1)), (other, HOUR)):
        with a_house(url) as engine:
            found.append(lived(engine, by))
    once, daily, hourly = found
    assert sum(len(case["whole"]["history"]) for case in once) > 200
    assert any(case["dropped"] for case in once)
    for case, second, third in zip(once, daily, hourly, strict=True):
        for part in second["whole"]:
            assert second["whole"][part] == third["whole"][part], part
            if case["workflow"] != "rs_temporaire":  # the others let an outage drop nothing
                assert case["whole"][part] == second["whole"][part], part
        assert not second["dropped"]
        assert second["messages"] - case["messages"] == case["dropped"]
        assert not case["messages"] - second["messages"]
        assert case["others"] == second["others"]
        assert case["dates"] == second["dates"]


HOURS = """
workflow: heures
version: 1
title: Des heures
kind: parcours
include: [base]
referent: cesf
escalation: chef
roles: {staff: {cesf: CESF, chef: Chef}}
states:
  orientation:
    attente: {label: En attente, turn: cesf}
    alerte: {label: Alerte, turn: cesf}
  sortie: {clos: {label: Clos, terminal: true}}
actions:
  ouvrir: {label: Ouvrir, from: start, to: attente, by: cesf}
  alerter: {label: Alerter, from: attente, to: alerte, by: systeme}
  clore: {label: Clore, from: [attente, alerte], to: clos, by: cesf}
deadlines:
  attente:
    label: Attente
    while: attente
    due: {after: P5D}
    met_by: clore
    ladder: {at: P1D, perform: alerter}
    basis: essai
  alerte:
    label: Répondre en deux jours
    while: alerte
    due: {after: PT48H}
    met_by: clore
    ladder: {at: [-PT6H, PT3H]}
    basis: essai
"""


@pytest.mark.parametrize("by", [None, timedelta(days=1), HOUR])
def test_hours_count_from_the_moment_at_which_the_clock_acts(sqlite_url: str, by: timedelta | None) -> None:
    """It acts on 29 November at midnight, whenever a pass comes to it: 48 hours lead to 1 December at midnight."""
    engine = Engine(
        Settings(database=sqlite_url), clock=VirtualClock(engines.paris(FIRST)), transport=Recorded()
    )
    engine.establishments.add("tilleuls", "Tilleuls")
    engine.people.add("ana", "Ana", address="ana@maison.example")
    for role in ("cesf", "chef"):
        engine.people.grant("ana", role, "tilleuls")
    engine.workflows.register(loads(HOURS, "heures.yaml"))
    case = engine.cases.open("heures", by="ana", establishment="tilleuls").id
    moved(engine, engines.paris("2026-12-04"), by)
    engine.tick()
    alert = next(item for item in engine.cases.dates(case) if item.name == "alerte")
    assert (alert.due_at, alert.due_on) == (engines.paris("2026-12-01", 0), date(2026, 12, 1))
    fired = [(line.rung, line.fire_at) for line in temps.rungs(engine, case) if line.name == "alerte"]
    assert fired == [
        ("-PT6H:notice", engines.paris("2026-11-30", 18)), ("PT3H:notice", engines.paris("2026-12-01", 3)),
    ]  # fmt: skip
    engine.close()
