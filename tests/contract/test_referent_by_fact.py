"""The act that names who follows a case gives it to them: the reminders that wait go to the right person at once."""

from collections.abc import Iterator
from datetime import date

import pytest
from support.engines import paris

from jalon import ActionRefused, Engine, Settings, VirtualClock, load
from jalon.interfaces.words import reason_words

DAY = date(2027, 1, 18)
MANDATE = {
    "pole": {"name": "Pôle logement", "email": "pole@drome.example"}, "menage": {"name": "Famille Z."},
    "type_suspecte": "recherche", "adresse": "12 rue du Port",
}  # fmt: skip


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    made = Engine(Settings(database=database_url), clock=VirtualClock(paris(DAY)))
    made.establishments.add("soliha", "Soliha")
    for person, role in (
        ("samir", "cesf"),
        ("lea", "cesf"),
        ("nadia", "responsable_soliha"),
        ("hugo", "cesf"),
    ):
        made.people.add(person, person.title(), address=f"{person}@soliha.example")
        made.people.grant(person, role, "soliha")
    made.people.add("hugo", "Hugo", active=False)
    made.workflows.register(load("asll_soliha"))
    yield made
    made.close()


def a_mandate(engine: Engine) -> int:
    return engine.cases.open("asll_soliha", MANDATE, by="nadia", establishment="soliha").id


def handed(engine: Engine, case: int) -> list[tuple[str | None, str | None]]:
    found = [event.body for event in engine.cases.history(case) if event.kind == "referent"]
    return [(body["from"], body["to"]) for body in found]


def test_whoever_is_named_follows_the_case(engine: Engine) -> None:
    case = a_mandate(engine)
    assert engine.cases.get(case).referent is None
    engine.cases.perform(case, "affecter", {"cesf_designe": "samir"}, by="nadia")
    assert engine.cases.get(case).referent == "samir"
    engine.cases.perform(case, "reaffecter", {"cesf_designe": "lea"}, by="nadia")
    assert engine.cases.get(case).referent == "lea"
    engine.cases.perform(case, "reaffecter", {"cesf_designe": "lea"}, by="nadia")
    assert handed(engine, case) == [(None, "samir"), ("samir", "lea")]
    assert {item.referent for item in engine.deadlines.pending(referent="lea")} == {"lea"}
    assert engine.verify().sound


def test_the_reminders_of_a_measure_go_to_its_cesf_alone(engine: Engine) -> None:
    case = a_mandate(engine)
    engine.cases.perform(case, "affecter", {"cesf_designe": "samir"}, by="nadia")
    engine._world.clock.set(paris(date(2027, 2, 11), 9))
    engine.run_due()
    told = {(one.template, one.recipient) for one in engine.notices.outbox(case=case) if one.role == "cesf"}
    assert told == {("diagnostic_a_rendre", "actor:samir")}


@pytest.mark.parametrize(("person", "words"), [
    ("nadia", "n’a pas ici la fonction qu’il faut : Conseiller en économie sociale et familiale."),
    ("hugo", "n’agit plus : choisissez quelqu’un d’autre."),
    ("personne", "aucune personne n’est connue sous l’identifiant"),
])  # fmt: skip
def test_nobody_follows_who_cannot(engine: Engine, person: str, words: str) -> None:
    case = a_mandate(engine)
    before = engine.cases.get(case)
    with pytest.raises(ActionRefused) as told:
        engine.cases.perform(case, "affecter", {"cesf_designe": person}, by="nadia")
    assert any(words in reason_words(reason) for reason in told.value.reasons)
    assert engine.cases.get(case) == before


def test_a_case_is_not_opened_for_someone_of_another_house(engine: Engine) -> None:
    engine.people.add("zoe", "Zoé")
    with pytest.raises(ActionRefused) as told:
        engine.cases.open("asll_soliha", MANDATE, by="nadia", establishment="soliha", referent="zoe")
    assert {reason.code for reason in told.value.reasons} == {"role"}
    assert engine.cases.find() == ()
