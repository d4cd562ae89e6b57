"""Documents of a file, waivers used once, and who follows a case, on both databases."""

from collections.abc import Iterator
from datetime import date

import pytest
from support.engines import MONDAY, an_engine, at, opened, suivi, told

from jalon import ActionRefused, Engine


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    with an_engine(database_url) as engine:
        yield engine


def test_a_document_is_valid_as_long_as_its_kind_says(engine: Engine) -> None:
    case = opened(engine)
    kept = engine.cases.document(case.id, "attestation", by="gaia", received_on=date(2026, 11, 2))
    assert kept.valid_until == date(2027, 11, 2)
    own = engine.cases.document(case.id, "attestation", by="gaia", valid_until=date(2026, 12, 31))
    assert (own.received_on, own.valid_until) == (date.fromisoformat(MONDAY), date(2026, 12, 31))
    assert engine.cases.document(case.id, "carte", by="gaia").valid_until is None
    assert [document.type for document in engine.cases.documents(case.id)] == [
        "attestation", "attestation", "carte",
    ]  # fmt: skip
    assert engine.cases.history(case.id)[-1].body == {"document": "carte", "received_on": MONDAY}


def test_the_validity_of_a_document_is_a_setting_of_the_house(engine: Engine) -> None:
    name = next(
        one.name for one in engine.establishments.parameters("tilleuls", "suivi") if one.default == "P1Y"
    )
    engine.establishments.set_parameter("tilleuls", "suivi", name, "P3M")
    case = opened(engine)
    assert engine.cases.document(case.id, "attestation", by="gaia").valid_until == date(2027, 2, 23)


def test_a_document_out_of_date_no_longer_counts(engine: Engine) -> None:
    case = opened(engine)
    engine.cases.document(case.id, "attestation", by="gaia", valid_until=date(2026, 11, 25))
    at(engine, "2026-11-26")
    with pytest.raises(ActionRefused, match="documents_missing"):
        engine.cases.perform(case.id, "entrer", {"logement": "A1"}, by="gaia")
    assert engine.cases.perform(
        case.id, "entrer", {"logement": "A1"}, by="gaia", on=date(2026, 11, 25)
    ).state == "actif"  # fmt: skip


def test_a_document_that_does_not_apply_counts_with_its_reason(engine: Engine) -> None:
    case = opened(engine)
    engine.cases.document(case.id, "attestation", by="gaia", not_applicable="sans ressources")
    assert engine.cases.perform(case.id, "entrer", {"logement": "A1"}, by="gaia").state == "actif"
    line = engine.cases.history(case.id)[1]
    assert line.body["not_applicable"] == "sans ressources"
    assert "not_applicable" in line.body["sealed"]  # it says something of a person


def test_a_waiver_lets_its_case_pass_and_no_other(engine: Engine) -> None:
    case = opened(engine)
    engine.cases.perform(case.id, "deroger_sans_attestation", {"motif_derogation": "urgence"}, by="chloe")
    engine.cases.perform(case.id, "entrer", {"logement": "A1"}, by="gaia")
    assert engine.cases.history(case.id)[-1].body["waived"] == ["sans_attestation"]
    other = opened(engine)
    with pytest.raises(ActionRefused) as refusal:
        engine.cases.perform(other.id, "entrer", {"logement": "A2"}, by="gaia")
    assert refusal.value.reasons[0].data["waiver"] == "sans_attestation"


def test_a_waiver_used_does_not_serve_again(database_url: str) -> None:
    waived = "label: Visiter, requires: [{documents: attestation, waiver: sans_attestation}],"
    again = suivi(2, **{"label: Visiter,": waived})
    with an_engine(database_url) as engine:
        engine.workflows.register(again)
        case = opened(engine)
        for turn in range(2):
            engine.cases.perform(case.id, "deroger_sans_attestation", {"motif_derogation": "u"}, by="chloe")
            if turn == 0:
                engine.cases.perform(case.id, "entrer", {"logement": "A1"}, by="gaia")
                with pytest.raises(ActionRefused, match="documents_missing"):
                    engine.cases.perform(case.id, "visiter", by="gaia")
        engine.cases.perform(case.id, "visiter", by="gaia")
        with pytest.raises(ActionRefused, match="documents_missing"):
            engine.cases.perform(case.id, "visiter", by="gaia")


def test_reminders_go_to_the_referent_of_the_case(engine: Engine) -> None:
    engine.people.add("gilles", address="gilles@maison.example")
    engine.people.grant("gilles", "gardien", "tilleuls")
    case = opened(engine)
    assert engine.cases.assign(case.id, "gilles", by="gaia").referent == "gilles"
    at(engine, "2026-11-30")
    engine.run_due()
    assert told(engine) == [("rappel_echeance", "actor:gilles", "waiting")]
