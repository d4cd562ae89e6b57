"""One pass after four hundred days writes the history of daily ones, but for what each deadline lets an outage drop."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from shutil import copy

import pytest
from support.engines import Post, paris
from support.temps import Told, dropped, messages, others, seen

from jalon import Engine, Settings, VirtualClock, loads

MONDAY = date(2026, 11, 23)
FORTNIGHTS = 29  # the reminder of the twenty-ninth is of the 404th day
LAST = MONDAY + timedelta(406)
REMINDER = "-P2D:notice"
RULES = {"tout": "all", "dernier": "latest", "rien": "none", "recent": "{within: P3D}"}
TEXT = """
workflow: panne
version: 1
title: Une panne
kind: parcours
include: [base]
referent: cesf
escalation: chef
roles: {staff: {cesf: CESF, chef: Chef}}
states:
  sejour:
    actif: {label: Actif, turn: cesf}
    revue: {label: En revue, turn: cesf}
  sortie: {clos: {label: Clos, terminal: true}}
groups: {suivi: [actif, revue]}
tasks:
  appeler: {label: Appeler, who: cesf, due: P2B*, closed_by: clore}
actions:
  ouvrir: {label: Ouvrir, from: start, to: actif, by: cesf}
  visiter: {label: Visiter, in: suivi, by: cesf}
  revoir: {label: Revoir, from: actif, to: revue, by: systeme}
  clore: {label: Clore, from: suivi, to: clos, by: cesf}
deadlines:
  annee:
    label: Un an
    while: actif
    due: {after: P1Y}
    catch_up: none
    met_by: clore
    ladder: [{at: -P1M}, {at: P1D, perform: revoir, notify: rappel_echeance}]
    basis: essai
  retard:
    label: Un mois
    while: suivi
    due: {after: P1M}
    catch_up: latest
    met_by: visiter
    ladder: [{at: P0D}, {at: P1D, every: P7D, shift: aucun}]
    basis: essai
"""
RHYTHM = """
  {name}:
    label: Quinzaine {name}
    while: suivi
    due: {{anchor: ouvrir, every: P14D}}
    catch_up: {rule}
    met_by: visiter
    ladder: [{{at: -P2D, shift: aucun}}, {{at: P0D, task: appeler}}]
    basis: essai
"""


@contextmanager
def a_house(url: str) -> Iterator[Engine]:
    engine = Engine(Settings(database=url), clock=VirtualClock(paris(MONDAY)), transport=Post())
    try:
        engine.establishments.add("tilleuls", "Tilleuls")
        for person, role in (("ana", "cesf"), ("chloe", "chef")):
            engine.people.add(person, person.title(), address=f"{person}@maison.example")
            engine.people.grant(person, role, "tilleuls")
        rules = "".join(RHYTHM.format(name=name, rule=rule) for name, rule in RULES.items())
        engine.workflows.register(loads(TEXT + rules, "panne.yaml"))
        yield engine
    finally:
        engine.close()


def lived(engine: Engine, *, daily: bool) -> int:
    """Four hundred days in which nobody does anything."""
    case = engine.cases.open("panne", by="ana", establishment="tilleuls").id
    clock = engine._world.clock
    for number in range(1, 406 if daily else 0):
        clock.set(paris(MONDAY + timedelta(number), 9))
        engine.tick()
    clock.set(paris(LAST, 9))
    engine.tick()
    assert engine.verify().sound
    return case


def fortnight(name: str, number: int) -> Told:
    """The reminder of a fortnight, two days before it."""
    return name, number, REMINDER, MONDAY + timedelta(14 * number - 2)


def expected() -> dict[str, set[Told]]:
    """What each rule drops, counted by hand: `tout` nothing; of the others, all but what may still leave."""
    everything = {name: {fortnight(name, number) for number in range(1, FORTNIGHTS + 1)} for name in RULES}
    last = {name: fortnight(name, FORTNIGHTS) for name in RULES}
    return {
        "tout": set(),
        "dernier": everything["dernier"] - {last["dernier"]},
        "rien": everything["rien"],
        "recent": everything["recent"] - {last["recent"]},  # two days late, and three are allowed
    }


@pytest.fixture
def other(sqlite_template: Path, tmp_path: Path) -> str:
    return f"sqlite:///{copy(sqlite_template, tmp_path / 'other.db')}"


def test_the_difference_is_what_was_dropped(sqlite_url: str, postgres_url: str, other: str) -> None:
    with a_house(other) as daily:
        each = lived(daily, daily=True)
        assert not dropped(daily, each)
        for url in (sqlite_url, postgres_url):
            with a_house(url) as late:
                once = lived(late, daily=False)
                gone = dropped(late, once)
                assert messages(daily, each) - messages(late, once) == gone
                assert not messages(late, once) - messages(daily, each)
                for name, wanted in expected().items():
                    assert {rung for rung in gone if rung[0] == name} == wanted, name
                assert others(late, once) == others(daily, each)
                assert late.cases.get(once).state == daily.cases.get(each).state == "revue"
                assert [seen(item) for item in late.cases.dates(once)] == [
                    seen(item) for item in daily.cases.dates(each)
                ]


def test_what_repeats_sends_only_its_last(database_url: str) -> None:
    """Of `retard`, the reminder of its day and an alert a week since 24 December: the last is of 30 December 2027."""
    with a_house(database_url) as engine:
        case = lived(engine, daily=False)
        left = [rung for rung in messages(engine, case) if rung[0] == "retard"]
        assert [rung[3] for rung in left] == [date(2027, 12, 30)]
        assert len([rung for rung in dropped(engine, case) if rung[0] == "retard"]) == 1 + 53
        assert max(Counter(dropped(engine, case)).values()) == 1
