"""Why a date written in a decision, or renewed, is what it is: its true start, its delay, its renewals."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import pytest
from support.engines import Post, at, paris

from jalon import Engine, Settings, VirtualClock, loads

TEXT = """
workflow: sejour
version: 1
title: Un séjour
kind: parcours
roles:
  staff: {agent: Agent}
states:
  sejour:
    present: {label: Présent, turn: agent}
    parti:   {label: Parti, terminal: true}
facts:
  arrivee: {type: date, label: Arrivée, until: today}
  duree:   {type: choice, label: Durée, choices: {court: Court, long: Long}}
  fin:     {type: date, label: Fin écrite}
actions:
  entrer:    {label: Entrer, from: start, to: present, by: agent, form: [arrivee, duree], optional: fin}
  prolonger: {label: Prolonger, in: present, by: agent, optional: fin}
  revoir:    {label: Revoir, in: present, by: agent}
  partir:    {label: Partir, from: present, to: parti, by: agent}
deadlines:
  echeance:
    label: Fin de la période
    while: present
    due: {anchor: arrivee, after: {by: duree, cases: {court: P4M, long: P6M}}, renewed_by: prolonger, decided: fin}
    met_by: partir
    basis: law:six mois
  revue:
    label: Revue
    while: present
    due: {after: P2M*, renewed_by: revoir, decided: fin, most: 2}
"""
ARRIVED = date(2027, 3, 1)


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = Engine(
        Settings(database=database_url), clock=VirtualClock(paris("2027-03-01")), transport=Post()
    )
    engine.workflows.register(loads(TEXT, "sejour.yaml"))
    engine.establishments.add("foyer", "Foyer")
    engine.people.add("nadia", "Nadia")
    engine.people.grant("nadia", "agent", "foyer")
    yield engine
    engine.close()


def _entered(engine: Engine, **facts: Any) -> None:
    given = {"arrivee": ARRIVED, "duree": "long", **facts}
    engine.cases.open("sejour", given, by="nadia", establishment="foyer")


def _told(engine: Engine, name: str = "echeance") -> tuple[date, date, date, dict[str, Mapping[str, Any]]]:
    """Give the start of a date, what its arithmetic counts from, the date, and its notes."""
    why = engine.deadlines.explain(1, name)
    assert why.arithmetic is not None
    assert why.arithmetic.raw == why.item.legal_on
    return why.starts_on, why.arithmetic.anchor, why.item.due_on, {one.code: one.data for one in why.notes}


def test_a_date_written_at_the_start_leaves_the_start_and_the_delay_what_they_are(engine: Engine) -> None:
    _entered(engine, fin=date(2027, 9, 15))
    start, counted, due, notes = _told(engine)
    assert (start, counted, due) == (ARRIVED, date(2027, 9, 15), date(2027, 9, 15))
    assert notes == {
        "written": {"fact": "fin", "label": "Fin écrite", "on": "2027-09-15", "counted": False},
        "chosen": {"fact": "duree", "label": "Durée", "value": "long", "delay": "P6M"},
    }


def test_a_renewal_after_a_written_date_counts_from_it_and_is_told(engine: Engine) -> None:
    _entered(engine, fin=date(2027, 9, 15))
    engine.cases.perform(1, "prolonger", by="nadia")
    start, counted, due, notes = _told(engine)
    assert (start, counted, due) == (ARRIVED, date(2027, 9, 15), date(2028, 3, 15))
    assert (notes["written"]["counted"], notes["chosen"]["delay"]) == (True, "P6M")
    assert notes["renewed"] == {"times": 1, "periods": 1, "delay": "P6M"}


def test_a_renewed_period_says_its_delay_and_how_many_times_it_counts(engine: Engine) -> None:
    """Six months renewed once are a year, which nobody chose."""
    _entered(engine)
    engine.cases.perform(1, "prolonger", by="nadia")
    start, counted, due, notes = _told(engine)
    assert (start, counted, due) == (ARRIVED, ARRIVED, date(2028, 3, 1))
    assert notes == {
        "chosen": {"fact": "duree", "label": "Durée", "value": "long", "delay": "P6M"},
        "renewed": {"times": 1, "periods": 2, "delay": "P6M"},
    }


def test_a_date_written_by_a_renewal_takes_the_place_of_the_reckoning(engine: Engine) -> None:
    _entered(engine)
    at(engine, "2027-08-20")
    engine.cases.perform(1, "prolonger", {"fin": date(2027, 12, 31)}, by="nadia")
    start, counted, due, notes = _told(engine)
    assert (start, counted, due) == (ARRIVED, date(2027, 12, 31), date(2027, 12, 31))
    assert notes["renewed"] == {"times": 1, "periods": 0, "delay": "P6M"}
    assert (notes["written"]["on"], notes["chosen"]["delay"]) == ("2027-12-31", "P6M")


def test_a_correction_of_the_start_is_told_although_the_written_date_stays(engine: Engine) -> None:
    _entered(engine, fin=date(2027, 9, 15))
    engine.cases.correct(1, {"arrivee": date(2027, 2, 26)}, by="nadia", reason="Arrivée le vendredi.")
    start, _, due, _ = _told(engine)
    assert (start, due) == (date(2027, 2, 26), date(2027, 9, 15))


def test_renewals_beyond_what_they_may_give_do_not_say_more_periods(engine: Engine) -> None:
    _entered(engine)
    for _ in range(3):
        engine.cases.perform(1, "revoir", by="nadia")
    start, counted, due, notes = _told(engine, "revue")
    assert (start, counted, due) == (ARRIVED, ARRIVED, date(2027, 9, 1))
    assert notes["renewed"] == {"times": 3, "periods": 3, "delay": "P2M"}
