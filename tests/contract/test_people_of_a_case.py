"""The people of a case: their ages, several parties to one signature, a written exception, someone anonymous."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from support.engines import Post, an_engine, at

from jalon import ActionRefused, Case, Engine, loads

MEMBERS = """
workflow: foyer
version: 1
title: Foyer d'essai
kind: demande
escalation: chef
roles:
  staff: {gardien: Gardien, chef: Chef}
  household: {famille: Famille}
states:
  demande:
    recue: {label: Reçue, turn: gardien, sans_echeance: Un essai n’attend personne.}
    faite: {label: Faite, terminal: true}
facts:
  menage: {type: household, label: Ménage, personal: true}
  demande_le: {type: date, label: Demandée le}
waivers:
  sans_majeur: {label: Entrer sans majeur, by: chef}
actions:
  recevoir: {label: Recevoir, from: start, to: recue, by: gardien, form: [menage, demande_le]}
  signer:
    label: Signer
    from: recue
    to: faite
    by: gardien
    parties: [famille, gardien]
    notify: absence_entretien
    requires:
      members: menage
      aged: {from: 18, to: 64, on: demande_le}
      at_least: 1
      else: Il faut un majeur.
      waiver: sans_majeur
  compter:
    label: Compter
    in: recue
    by: gardien
    requires: [{members: menage, at_least: 2, else: Il faut deux personnes.}]
notices:
  absence_entretien: {to: famille}
"""
SIGNED = {"signature_famille": "2026-11-23", "signature_gardien": "2026-11-20"}


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    with an_engine(database_url, transport=Post()) as engine:
        engine.workflows.register(loads(MEMBERS, "foyer.yaml"))
        yield engine


def received(engine: Engine, *born: str | None, on: str = "2026-11-01", **household: Any) -> Case:
    """A request of a household, whose members were born on these days, one of them unknown."""
    persons = [
        {"name": f"Personne {number}", **({"born": day} if day else {})} for number, day in enumerate(born)
    ]
    known = household or {"name": "Famille K.", "email": "k@menage.example", "persons": persons}
    facts = {"menage": known, "demande_le": on}
    return engine.cases.open("foyer", facts, by="gaia", establishment="tilleuls")


def refusals(engine: Engine, case: Case, action: str, **facts: str) -> list[str]:
    with pytest.raises(ActionRefused) as refusal:
        engine.cases.perform(case.id, action, facts, by="gaia")
    return [reason.text or reason.code for reason in refusal.value.reasons]


@pytest.mark.parametrize(
    ("born", "on", "enough"),
    [
        ("2008-11-01", "2026-11-01", True), ("2008-11-02", "2026-11-01", False),
        ("1961-11-02", "2026-11-01", True), ("1961-11-01", "2026-11-01", False),
        ("2008-02-29", "2026-02-27", False), ("2008-02-29", "2026-02-28", True), (None, "2026-11-01", False),
    ],
)  # fmt: skip
def test_ages_are_counted_on_the_day_of_the_fact_both_bounds_included(
    engine: Engine, born: str | None, on: str, enough: bool
) -> None:
    """Eighteen on the birthday itself (28 February for the 29th), sixty-four until the eve of the next."""
    case = received(engine, born, on=on)
    if enough:
        assert engine.cases.perform(case.id, "signer", SIGNED, by="gaia").state == "faite"
    else:
        assert refusals(engine, case, "signer", **SIGNED) == ["Il faut un majeur."]


def test_members_are_counted_whatever_their_ages(engine: Engine) -> None:
    assert refusals(engine, received(engine, "1990-01-01"), "compter") == ["Il faut deux personnes."]
    assert (
        engine.cases.perform(received(engine, None, "2020-01-01").id, "compter", by="gaia").state == "recue"
    )


def test_each_party_signs_on_its_own_day_and_may_give_its_proof(engine: Engine) -> None:
    case = received(engine, "1990-01-01")
    assert len(refusals(engine, case, "signer", signature_famille="2026-11-23")) == 1
    proof = {"preuve_signature_famille": "depot/famille.pdf", "preuve_signature_gardien": "depot/gardien.pdf"}
    facts = engine.cases.perform(case.id, "signer", {**SIGNED, **proof}, by="gaia").facts
    assert (facts["signature_famille"], facts["signature_gardien"]) == (
        date(2026, 11, 23),
        date(2026, 11, 20),
    )
    assert {name: facts[name] for name in proof} == proof


def test_a_written_exception_is_granted_by_its_role_with_a_reason_and_used_once(engine: Engine) -> None:
    case = received(engine, "2010-01-01")
    given = {"motif_derogation": "Émancipée par le juge."}
    with pytest.raises(ActionRefused):
        engine.cases.perform(case.id, "deroger_sans_majeur", given, by="gaia")
    with pytest.raises(ActionRefused):
        engine.cases.perform(case.id, "deroger_sans_majeur", {}, by="chloe")
    engine.cases.perform(case.id, "deroger_sans_majeur", given, by="chloe")
    engine.cases.perform(case.id, "signer", SIGNED, by="gaia")
    granted, used = engine.cases.history(case.id)[-2:]
    assert (granted.actor, granted.facts["motif_derogation"]) == ("chloe", "Émancipée par le juge.")
    assert used.body["waived"] == ["sans_majeur"]
    engine.cases.annul(case.id, by="gaia", reason="Mauvaise date.")
    engine.cases.perform(case.id, "signer", SIGNED, by="gaia")  # the annulled act did not use it up


def test_someone_anonymous_has_no_contact_data_and_is_told_on_paper(engine: Engine) -> None:
    case = received(engine, anonymous=True)
    engine.cases.perform(case.id, "deroger_sans_majeur", {"motif_derogation": "Anonyme."}, by="chloe")
    engine.cases.perform(case.id, "signer", SIGNED, by="gaia")
    at(engine, "2026-11-24")
    engine.deliver()
    (notice,) = engine.notices.outbox(case=case.id)
    assert (notice.status, notice.address, notice.role) == ("paper", None, "famille")
    with pytest.raises(ActionRefused):
        received(engine, anonymous=True, email="x@y.example")
    assert engine.verify().sound
