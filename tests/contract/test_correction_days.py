"""A day put right is asked what the act that gave it asked of it: a correction does not bring what it would refuse."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from support.engines import Post, at, dump, paris

from jalon import ActionRefused, Engine, Settings, VirtualClock, loads

TEXT = """
workflow: demande
version: 1
title: Une demande
kind: demande
escalation: agent
roles:
  staff: {agent: Agent}
states:
  demande:
    recue: {label: Reçue, turn: agent, sans_echeance: On attend.}
    entre: {label: Entrée, turn: agent, sans_echeance: On habite.}
    sorti: {label: Sortie, terminal: true}
facts:
  demande_le: {type: date, label: Demandée le, until: today}
  entree_le:  {type: date, label: Entrée le, until: today}
  visite_le:  {type: date, label: Visitée le}
  accord_le:  {type: date, label: Accord du}
  absent_le:  {type: date, label: Absente le}
  plainte_le: {type: date, label: Plainte du, until: today}
  note:       {label: Note}
actions:
  recevoir: {label: Recevoir, from: start, to: recue, by: agent, form: demande_le}
  entrer:
    label: Entrer
    from: recue
    to: entre
    by: agent
    form: entree_le
    optional: [note, accord_le]
    requires:
      - {between: [demande_le, entree_le], at_least: P0D, else: L'entrée ne précède pas la demande.}
      - {between: [demande_le, entree_le], at_most: P1Y, warn: La demande est ancienne.}
      - between: [entree_le, accord_le]
        at_most: P1M
        when: {fact: accord_le, is: set}
        waiver: tard
        else: L'accord vient trop tard.
  visiter:
    label: Visiter
    in: [recue, entre]
    by: agent
    form: visite_le
    requires:
      - any:
          - {between: [entree_le, visite_le], at_least: P0D}
          - {state: recue}
        else: La visite est avant l'entrée.
  preciser: {label: Préciser, in: entre, by: agent, optional: [entree_le, visite_le]}
  absence:
    label: Noter une absence
    in: entre
    by: agent
    form: absent_le
    requires:
      - {between: [absent_le, today], at_least: P0D, else: Une absence à venir ne se note pas.}
  plainte:
    label: Noter une plainte
    in: entre
    by: agent
    form: plainte_le
    requires:
      - {between: [plainte_le, today], at_most: P8D, else: Une plainte se note dans les huit jours.}
      - any:
          - {between: [entree_le, plainte_le], at_least: P0D}
          - {documents: titre}
        else: La plainte est avant l'entrée.
  sortir: {label: Sortir, from: entre, to: sorti, by: agent}
documents:
  titre: {label: Titre}
waivers:
  tard: {label: Accord tardif, by: agent}
deadlines:
  suivi: {label: Suivre, while: entre, due: {anchor: entree_le, after: P1Y*}, met_by: sortir, informative: true}
"""
BEFORE = "L'entrée ne précède pas la demande."


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = Engine(
        Settings(database=database_url), clock=VirtualClock(paris("2027-03-01")), transport=Post()
    )
    engine.workflows.register(loads(TEXT, "demande.yaml"))
    engine.establishments.add("foyer", "Foyer")
    engine.people.add("nadia", "Nadia")
    engine.people.grant("nadia", "agent", "foyer")
    engine.cases.open("demande", {"demande_le": "2027-02-20"}, by="nadia", establishment="foyer")
    yield engine
    engine.close()


def _do(engine: Engine, action: str, **facts: str) -> None:
    engine.cases.perform(1, action, facts, by="nadia")


def _correct(engine: Engine, facts: dict[str, Any], **more: Any) -> None:
    engine.cases.correct(1, facts, by="nadia", reason="Une faute de frappe.", **more)


def _refused(engine: Engine, facts: dict[str, Any], **more: Any) -> list[tuple[str, str | None]]:
    before = dump(engine)
    with pytest.raises(ActionRefused) as refusal:
        _correct(engine, facts, **more)
    assert dump(engine) == before
    return [(reason.code, reason.text) for reason in refusal.value.reasons]


def test_a_day_put_right_is_refused_as_its_act_would_have_refused_it(engine: Engine) -> None:
    _do(engine, "entrer", entree_le="2027-02-25")
    assert _refused(engine, {"entree_le": "2027-02-19"}) == [("between", BEFORE)]
    _correct(engine, {"entree_le": "2027-02-20"})
    assert engine.cases.get(1).facts["entree_le"] == date(2027, 2, 20)
    assert engine.verify().sound


def test_two_wrong_days_are_put_right_together(engine: Engine) -> None:
    _do(engine, "entrer", entree_le="2027-02-25")
    _correct(engine, {"entree_le": "2027-02-10", "demande_le": "2027-02-09"})
    assert _refused(engine, {"entree_le": "2027-02-08"}) == [("between", BEFORE)]


def test_the_last_act_that_gave_a_day_is_the_one_asked(engine: Engine) -> None:
    _do(engine, "entrer", entree_le="2027-02-25")
    _do(engine, "preciser", entree_le="2027-02-26")
    _correct(engine, {"entree_le": "2027-02-10"})
    assert engine.cases.get(1).facts["entree_le"] == date(2027, 2, 10)


def test_an_act_is_asked_as_on_its_day(engine: Engine) -> None:
    """A visit of a case that had not entered yet is refused nothing by the entry that followed."""
    _do(engine, "visiter", visite_le="2027-02-22")
    at(engine, "2027-03-08")
    _do(engine, "entrer", entree_le="2027-03-05")
    _correct(engine, {"visite_le": "2027-02-21"})
    _do(engine, "visiter", visite_le="2027-03-06")
    assert _refused(engine, {"visite_le": "2027-03-04"}) == [("between", "La visite est avant l'entrée.")]


def test_a_day_to_come_is_counted_from_the_day_of_its_act(engine: Engine) -> None:
    _do(engine, "entrer", entree_le="2027-02-25")
    _do(engine, "absence", absent_le="2027-02-27")
    at(engine, "2027-03-10")
    assert _refused(engine, {"absent_le": "2027-03-02"}) == [
        ("between", "Une absence à venir ne se note pas.")
    ]
    last = engine.cases.history(1)[-1].seq
    _correct(engine, {"absent_le": "2027-03-02"}, on=date(2027, 3, 2), act=last)
    assert engine.verify().sound


def test_what_only_warns_or_says_how_late_a_day_is_typed_refuses_no_correction(engine: Engine) -> None:
    _do(engine, "entrer", entree_le="2027-02-25")
    _do(engine, "plainte", plainte_le="2027-03-01")
    _correct(engine, {"demande_le": "2025-12-01"})
    _correct(engine, {"entree_le": "2026-12-01"})
    _correct(engine, {"plainte_le": "2027-01-02"})
    assert engine.cases.get(1).facts["plainte_le"] == date(2027, 1, 2)


def test_what_the_history_does_not_tell_of_the_day_of_the_act_is_not_asked_again(engine: Engine) -> None:
    """Whether a paper stood that day is not asked: it may have been there then."""
    engine.cases.document(1, "titre", by="nadia", received_on=date(2027, 2, 20))
    _do(engine, "entrer", entree_le="2027-02-25")
    _do(engine, "plainte", plainte_le="2027-02-24")
    _correct(engine, {"plainte_le": "2027-02-23"})
    assert engine.cases.get(1).facts["plainte_le"] == date(2027, 2, 23)


def test_a_condition_that_was_waived_is_not_asked_of_the_correction(engine: Engine) -> None:
    engine.cases.perform(1, "deroger_tard", {"motif_derogation": "Le courrier s'est perdu."}, by="nadia")
    _do(engine, "entrer", entree_le="2027-02-20", accord_le="2027-04-20")
    _correct(engine, {"accord_le": "2027-04-21"})
    assert engine.cases.get(1).facts["accord_le"] == date(2027, 4, 21)


def test_another_fact_of_the_same_act_is_put_right_whatever_its_days(engine: Engine) -> None:
    _do(engine, "entrer", entree_le="2027-02-25", accord_le="2027-02-26", note="x")
    _correct(engine, {"demande_le": "2027-02-28"})  # asked of whoever gave it: nothing was
    _correct(engine, {"note": "y"})
    assert _refused(engine, {"accord_le": "2027-04-26"}) == [("between", "L'accord vient trop tard.")]


def test_what_another_act_asked_of_a_day_is_told_and_not_refused(engine: Engine) -> None:
    """The request is put right after the entry: the truth is recorded, with what it makes false."""
    _do(engine, "entrer", entree_le="2027-02-25")
    _correct(engine, {"demande_le": "2027-02-26"})
    assert engine.cases.history(1)[-1].body["warnings"] == [BEFORE]
    assert engine.cases.get(1).facts["demande_le"] == date(2027, 2, 26)
    assert engine.verify().sound


def test_what_was_false_already_neither_refuses_nor_is_told_again(engine: Engine) -> None:
    _do(engine, "entrer", entree_le="2027-02-20")
    _correct(engine, {"demande_le": "2027-02-26"})
    _correct(engine, {"entree_le": "2027-02-24"})
    _correct(engine, {"demande_le": "2027-02-25"})
    assert "warnings" not in engine.cases.history(1)[-1].body
    _correct(engine, {"entree_le": "2027-02-25"})
    assert _refused(engine, {"entree_le": "2027-02-24"}) == [("between", BEFORE)]
