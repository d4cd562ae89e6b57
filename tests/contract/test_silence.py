"""A silence that counts as an answer: effective on its last day, played after it, whenever it is known."""

from collections.abc import Iterator
from datetime import date

import pytest
from support.engines import Post, at, paris

from jalon import Engine, Settings, VirtualClock, loads

TEXT = """
workflow: demande
version: 1
title: Une demande
kind: demande
roles:
  staff: {agent: Agent}
states:
  demande:
    envoyee: {label: Envoyée, turn: agent}
    suivie:  {label: Suivie, turn: agent}
    close:   {label: Close, terminal: true}
groups: {en_cours: [envoyee, suivie]}
facts:
  recu_le: {type: date, label: Reçue le, until: today}
  accord:  {type: yesno, label: Accord}
actions:
  envoyer: {label: Envoyer, from: start, to: envoyee, by: agent}
  suivre:  {label: Suivre, from: envoyee, to: suivie, by: agent}
  noter:   {label: Noter la réception, in: en_cours, by: agent, form: recu_le}
  taire:   {label: Constater le silence, in: en_cours, by: systeme, set: {accord: true}}
  clore:   {label: Clore, from: en_cours, to: close, by: agent}
deadlines:
  attente:
    label: Suivre
    while: en_cours
    due: {after: P1Y*}
    met_by: clore
  silence:
    label: Réponse
    while: en_cours
    due: {anchor: recu_le, after: P1M}
    who: agent
    met_by: taire
    ladder: {at: P1D, perform: taire, effective: due}
    basis: law:un mois
"""


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = Engine(
        Settings(database=database_url), clock=VirtualClock(paris("2027-01-11")), transport=Post()
    )
    engine.workflows.register(loads(TEXT, "demande.yaml"))
    engine.establishments.add("foyer", "Foyer")
    engine.people.add("nadia", "Nadia")
    engine.people.grant("nadia", "agent", "foyer")
    engine.cases.open("demande", by="nadia", establishment="foyer")
    yield engine
    engine.close()


def _silence(engine: Engine) -> tuple[str, date | None]:
    (item,) = [one for one in engine.cases.dates(1) if one.name == "silence"]
    return item.status, item.closed_on


def _noted(engine: Engine, day: str, received: str) -> None:
    at(engine, day)
    engine.cases.perform(1, "noter", {"recu_le": received}, by="nadia")


def _passed(engine: Engine, day: str) -> tuple[date, bool]:
    """Let the pass of a day play; give the day on which the silence took effect, and whether the history is sound."""
    at(engine, day)
    engine.run_due()
    (line,) = [event for event in engine.cases.history(1) if event.action == "taire"]
    return line.effective_on, engine.verify().sound


def test_a_month_of_silence_answers_on_its_last_day_and_is_played_after_it(engine: Engine) -> None:
    _noted(engine, "2027-01-12", "2027-01-12")
    at(engine, "2027-02-12", 23, 59)
    assert engine.run_due().fired == []
    assert _passed(engine, "2027-02-13") == (date(2027, 2, 12), True)
    assert _silence(engine) == ("met", date(2027, 2, 12))


def test_a_receipt_learnt_after_the_month_is_answered_on_the_day_it_is_known(engine: Engine) -> None:
    """Nothing follows from a date before it was told: else the answer would come before its question."""
    _noted(engine, "2027-04-01", "2027-01-12")
    assert _passed(engine, "2027-04-02") == (date(2027, 4, 1), True)
    assert _silence(engine) == ("met", date(2027, 4, 1))


def test_a_month_over_before_the_last_change_of_state_is_still_an_answer(engine: Engine) -> None:
    at(engine, "2027-03-01")
    engine.cases.perform(1, "suivre", by="nadia")
    _noted(engine, "2027-04-01", "2027-01-12")
    assert _passed(engine, "2027-04-02") == (date(2027, 4, 1), True)
    assert _silence(engine) == ("met", date(2027, 4, 1))
