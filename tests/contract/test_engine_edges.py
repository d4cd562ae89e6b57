"""What is given at the edges is refused by jalon, with words, and never by the database."""

from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from typing import Any

import pytest
from support.engines import an_engine, dump, entered, opened
from support.house import a_case
from support.house import an_engine as a_house

from jalon import ActionRefused, Engine, InputError, NotFound, Settings

BAD = ("\x00", "a\nb", "a\rb", "\x1b[31m", "\udcff", "x" * 5_000)


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    with an_engine(database_url) as engine:
        yield engine


def _codes(engine: Engine, act: Callable[[], Any]) -> list[str]:
    before = dump(engine)
    with pytest.raises(ActionRefused) as refusal:
        act()
    assert dump(engine) == before
    return [reason.code for reason in refusal.value.reasons]


def _argument(engine: Engine, act: Callable[[], Any]) -> tuple[str, str]:
    before = dump(engine)
    with pytest.raises(InputError) as refusal:
        act()
    assert dump(engine) == before
    return refusal.value.data["argument"], refusal.value.data["problem"]


# -- what a form refuses, a correction refuses


@pytest.fixture
def house(database_url: str) -> Iterator[Engine]:
    engine = a_house(database_url)
    yield engine
    engine.close()


def _corrected(engine: Engine, case: int, facts: dict[str, Any]) -> list[str]:
    return _codes(engine, lambda: engine.cases.correct(case, facts, by="claire", reason="erreur"))


def test_a_correction_refuses_a_day_to_come_where_a_form_does(house: Engine) -> None:
    case = a_case(house, "refuse").case
    house.cases.perform(
        case.id, "notifier_decision", {"mode_remise": "lrar", "decision_recue_le": "2026-11-24"}, by="claire"
    )
    assert _corrected(house, case.id, {"decision_recue_le": "2099-02-08"}) == ["fact_future"]
    assert _corrected(house, case.id, {"date_demande_siao": "2099-01-01"}) == ["fact_future"]
    house.cases.correct(case.id, {"date_demande_siao": "2026-09-01"}, by="claire", reason="erreur")


def test_a_correction_counts_a_day_that_may_not_be_past_from_the_act_that_gave_it(house: Engine) -> None:
    case = a_case(house, "preadmission_planifiee").case
    workflow = house.workflows.get("rs_temporaire")
    assert workflow.facts["date_rdv"].from_today
    assert _corrected(house, case.id, {"date_rdv": "2026-11-23"}) == ["fact_past"]
    house.cases.correct(case.id, {"date_rdv": "2026-11-25"}, by="claire", reason="erreur")


# -- people


def test_an_identifier_of_nobody_is_refused_and_a_name_is_not(house: Engine) -> None:
    story = a_case(house, "en_commission")
    facts = {"motifs": "m", "motif_refus": "autre_orientation"}

    def decide(members: Any) -> Any:
        return house.cases.perform(
            story.case.id, "decider_defavorable", {**facts, "membres": members}, by="colette"
        )

    assert _codes(house, lambda: decide("colette, ghost")) == ["actor_unknown"]
    assert decide(["colette", "Mme Roy", "Élodie"]).facts["membres"] == ["colette", "Mme Roy", "Élodie"]
    assert _corrected(house, story.case.id, {"membres": ["ghost"]}) == ["actor_unknown"]


ADDRESSES = (
    "a@x.example,z@e.example", "A <a@x.example>", '"a b"@x.example', "@x.example", "a@", "a@b c", "é@x.example",
    "a" * 300 + "@x.fr",
)  # fmt: skip


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_address_that_is_not_one_is_refused_in_facts_and_for_people(engine: Engine, address: str) -> None:
    for menage in ({"name": "A", "email": address}, address):
        assert _codes(engine, partial(opened, engine, {"menage": menage})) == ["fact_type"]
    assert _argument(engine, lambda: engine.people.add("eve", address=address)) == ("address", "form")


def test_a_good_address_is_taken_as_it_is_written(engine: Engine) -> None:
    case = opened(engine, {"menage": {"name": "A", "email": "a.b+c@Mairie-Clermont.example"}})
    assert case.facts["menage"]["email"] == "a.b+c@Mairie-Clermont.example"


# -- days


def test_a_day_before_1900_is_refused(engine: Engine) -> None:
    old = date(1899, 12, 31)
    assert _codes(engine, lambda: opened(engine, on=old)) == ["effective_too_old"]
    case = opened(engine)
    assert _codes(engine, lambda: engine.cases.correct(case.id, by="gaia", on=old, reason="r")) == [
        "effective_too_old"
    ]
    for field in ("received_on", "signed_on", "valid_until"):
        given = {"received_on": date(1899, 1, 1), field: old}
        codes = _codes(engine, partial(engine.cases.document, case.id, "attestation", by="gaia", **given))
        assert set(codes) == {"effective_too_old"}
    assert opened(engine, on=date(1900, 1, 1)).opened_on == date(1900, 1, 1)


@pytest.mark.parametrize("hour", ["14:30:61", "14:30:59", "14:3", "24:00", "1430", " 14:30"])
def test_an_hour_is_written_hours_and_minutes(house: Engine, hour: str) -> None:
    case = a_case(house, "orientation_recue").case
    facts = {"date_rdv": "2026-12-03", "heure_rdv": hour, "lieu_rdv": "B"}
    assert _codes(house, lambda: house.cases.perform(case.id, "planifier_entretien", facts, by="claire")) == [
        "fact_type"
    ]


# -- settings of a house


@pytest.mark.parametrize(
    ("name", "value", "problem"),
    [
        ("contact.after", "PT48H", "hours"), ("contact.after", "-P8D", "sign"), ("contact.after", "P51Y", "length"),
        ("contact.after", "P13000B", "length"), ("contact.after", 8, "type"),
        ("visite.every", "P0D", "forward"), ("visite.every", "-P1M", "forward"), ("visite.every", "P-1M40D", "forward"),
        ("renouvellements", -5, "range"), ("renouvellements", 10**30, "range"), ("renouvellements", True, "type"),
    ],
)  # fmt: skip
def test_a_house_sets_what_the_compiler_would_take(
    house: Engine, name: str, value: Any, problem: str
) -> None:
    def change() -> None:
        house.establishments.set_parameter("ophis", "rs_temporaire", name, value)

    assert _argument(house, change) == ("value", problem)


def test_every_default_may_be_set_again(house: Engine) -> None:
    for name, parameter in house.workflows.get("rs_temporaire").parameters.items():
        house.establishments.set_parameter("ophis", "rs_temporaire", name, parameter.default)
    house.establishments.set_parameter("ophis", "rs_temporaire", "contact.after", "P10B")


# -- texts


@pytest.mark.parametrize("text", BAD)
def test_what_a_host_names_holds_on_a_line(engine: Engine, text: str) -> None:
    add, house = engine.people.add, engine.establishments.add
    assert _argument(engine, lambda: add("eve", text)) == ("name", "form")
    assert _argument(engine, lambda: add("eve", address=f"{text}@x.example")) == ("address", "form")
    assert _argument(engine, lambda: house("h", text)) == ("name", "form")
    assert _argument(engine, lambda: house("h", phone=text)) == ("phone", "form")
    assert _argument(engine, lambda: house("h", address=text)) == ("postal_address", "form")
    assert _argument(engine, lambda: opened(engine, key=text)) == ("key", "form")
    for argument in ("sender", "reply_to", "sender_name", "environment", "link"):
        with pytest.raises(InputError) as refusal:
            Settings(database="sqlite:///x.db", **{argument: text})
        assert refusal.value.data["argument"] == argument


@pytest.mark.parametrize("text", ["a\x00", "\udcff", "\x1b[31m", "x" * 2_001])
def test_a_reason_is_a_text_that_can_be_kept(engine: Engine, text: str) -> None:
    case = opened(engine)

    def correct(reason: str) -> Any:
        return engine.cases.correct(case.id, {"rendez_vous_le": "2026-12-10"}, by="gaia", reason=reason)

    def waive(why: str) -> Any:
        return engine.cases.document(case.id, "attestation", by="gaia", not_applicable=why)

    assert _argument(engine, lambda: correct(text)) == ("reason", "form")
    assert _argument(engine, lambda: waive(text)) == ("not_applicable", "form")
    correct("première ligne\nseconde ligne")
    assert waive("première ligne\nseconde ligne").not_applicable == "première ligne\nseconde ligne"


@pytest.mark.parametrize("name", ["\x00", "a\x00", "\udcff", "x" * 5_000, 7, None, ["a"]])
def test_a_name_that_nothing_can_have_is_not_found(engine: Engine, name: Any) -> None:
    case = opened(engine)
    cases, houses = engine.cases, engine.establishments
    lookups: list[Callable[[], Any]] = [
        lambda: cases.open(name, by="gaia", establishment="tilleuls"),
        lambda: cases.open("suivi", by="gaia", establishment=name),
        lambda: cases.perform(case.id, "noter", by=name),
        lambda: houses.get(name),
        lambda: houses.set_parameter(name, "suivi", "prolongations", 1),
        lambda: houses.set_parameter("tilleuls", "suivi", name, 1),
        lambda: houses.parameters("tilleuls", name),
        lambda: engine.workflows.get(name),
    ]
    if name is not None:
        lookups += [
            lambda: cases.get(case.id, by=name),
            lambda: cases.find(by=name),
            lambda: cases.find(establishment=name),
            lambda: cases.find(workflow=name),
            lambda: cases.find(state=name),
            lambda: cases.find(referent=name),
            lambda: engine.deadlines.pending(establishment=name),
            lambda: engine.deadlines.pending(by=name),
            lambda: engine.notices.outbox(establishment=name),
        ]
    for lookup in lookups:
        with pytest.raises(NotFound):
            lookup()
    assert _codes(engine, lambda: cases.perform(case.id, name, by="gaia")) == ["action_unknown"]


def test_half_a_character_in_a_fact_is_of_the_wrong_type(engine: Engine) -> None:
    case = opened(engine)
    for fact in ("note", "logement"):
        act = partial(engine.cases.correct, case.id, {fact: "63\udcff"}, by="gaia", reason="r")
        assert _codes(engine, act) == ["fact_type"]
    engine.cases.document(case.id, "attestation", by="gaia")
    for place in ("A\x00", "A\udcff"):
        act = partial(engine.cases.perform, case.id, "entrer", {"logement": place}, by="gaia")
        assert "fact_type" in _codes(engine, act)


# -- numbers


@pytest.mark.parametrize("limit", [0, -1, 2**70, "x", True, 1.5])
def test_a_limit_is_a_number_from_one(engine: Engine, limit: Any) -> None:
    for verb in (engine.run_due, engine.deliver):
        assert _argument(engine, partial(verb, limit))[0] == "limit"
    assert _argument(engine, lambda: engine.cases.find(limit=limit))[0] == "limit"
    assert _argument(engine, lambda: engine.notices.outbox(limit=limit))[0] == "limit"


@pytest.mark.parametrize("number", [2**70, 2**63, 0, -1, "x", None, True])
def test_a_number_that_no_row_has_is_not_found(engine: Engine, number: Any) -> None:
    notices = engine.notices
    lookups = (
        notices.read, notices.explain, notices.retry, partial(notices.handed_over, by="gaia"),
        engine.cases.get,
    ) if number is not True else (notices.read, engine.cases.get)  # fmt: skip
    for lookup in lookups:
        with pytest.raises(NotFound):
            lookup(number)


# -- places


def test_a_place_is_one_however_it_is_written(engine: Engine) -> None:
    case = entered(engine, "  Studio   12 ")
    assert case.facts["logement"] == "Studio 12"
    other = opened(engine)
    engine.cases.document(other.id, "attestation", by="gaia")
    for spelling in ("studio 12", "STUDIO\u00a012", "Studio 12"):
        act = partial(engine.cases.perform, other.id, "entrer", {"logement": spelling}, by="gaia")
        assert _codes(engine, act) == ["place_taken"]
    engine.cases.perform(other.id, "entrer", {"logement": "Studio 13"}, by="gaia")
    correct = partial(engine.cases.correct, other.id, {"logement": "studio 12"}, by="gaia", reason="r")
    assert _codes(engine, correct) == ["place_taken"]
    engine.cases.correct(other.id, {"logement": "studio 13"}, by="gaia", reason="casse")
    assert engine.cases.get(other.id).facts["logement"] == "studio 13"
    assert engine.verify().sound
