"""What a link gives is kept up to date in the linked case: its dates move, with a line that says from and to."""

from collections.abc import Iterator
from datetime import date

import pytest
from support.engines import at, dump
from support.liens import AMINA, a_stay, an_engine, refused

from jalon import Engine


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    with an_engine(database_url) as engine:
        a_stay(engine, {"fin_le": "2027-03-01"})
        engine.cases.perform(1, "engager", by="chloe")
        yield engine


def _term(engine: Engine) -> date:
    (item,) = [item for item in engine.cases.dates(2) if item.status == "open"]
    return item.due_on


def test_an_act_that_changes_what_is_given_moves_what_depends_on_it(engine: Engine) -> None:
    seen = engine.cases.get(2)
    engine.cases.perform(1, "dater", {"fin_le": "2027-04-15"}, by="gaia")
    assert _term(engine) == date(2027, 4, 15)
    now, line = engine.cases.get(2), engine.cases.history(2)[-1]
    assert (now.facts["echeance"], now.revision, now.state) == (
        date(2027, 4, 15),
        seen.revision + 1,
        "ouverte",
    )
    assert (line.kind, line.actor, dict(line.facts)) == ("link", "gaia", {"echeance": date(2027, 4, 15)})
    assert {key: line.body[key] for key in ("change", "link", "label", "case", "side")} == {
        "change": "followed", "link": "mesure", "label": "Mesure", "case": 1, "side": "from",
    }  # fmt: skip
    (change,) = line.body["changes"]
    assert (change["change"], change["from"], change["due_on"]) == ("moved", "2027-03-01", "2027-04-15")
    assert engine.verify().sound


def test_a_correction_moves_it_too(engine: Engine) -> None:
    engine.cases.correct(1, {"fin_le": "2027-02-10"}, by="gaia", reason="Faute de frappe.")
    assert _term(engine) == date(2027, 2, 10)


def test_an_annulment_moves_it_back(engine: Engine) -> None:
    engine.cases.perform(1, "dater", {"fin_le": "2027-04-15"}, by="gaia")
    engine.cases.annul(1, by="gaia", reason="Mauvaise date.")
    assert _term(engine) == date(2027, 3, 1)
    assert engine.verify().sound


def test_the_same_value_again_says_nothing(engine: Engine) -> None:
    before = engine.cases.history(2)
    engine.cases.perform(1, "dater", {"fin_le": "2027-03-01"}, by="gaia")
    assert engine.cases.history(2) == before


def test_a_closed_case_and_an_ended_link_follow_no_more(engine: Engine) -> None:
    engine.cases.perform(1, "engager", by="chloe")
    engine.cases.perform(2, "finir", by="gaia")
    engine.cases.unlink(1, 3, "mesure", by="gaia", reason="Plus rien à voir.")
    before = [engine.cases.history(number) for number in (2, 3)]
    engine.cases.perform(1, "dater", {"fin_le": "2027-04-15"}, by="gaia")
    assert [engine.cases.history(number) for number in (2, 3)] == before


def test_each_of_several_linked_cases_follows(engine: Engine) -> None:
    engine.cases.perform(1, "engager", by="chloe")
    engine.cases.perform(1, "dater", {"fin_le": "2027-04-15"}, by="gaia")
    assert {engine.cases.get(number).facts["echeance"] for number in (2, 3)} == {date(2027, 4, 15)}


def test_people_follow_too_and_stay_sealed(engine: Engine) -> None:
    other = {"name": "Amina Karimi", "persons": [{"name": "Amina Karimi", "born": "1988-04-02"}]}
    engine.cases.perform(1, "renommer", {"menage": other}, by="gaia")
    assert engine.cases.get(2).facts["menage"] == other
    line = engine.cases.history(2)[-1]
    assert line.body["before"] == {"menage": AMINA}
    assert set(line.body["sealed"]) == {"menage", "before"}
    assert engine.verify().sound


def test_a_reminder_that_had_left_leaves_again_for_the_later_date(engine: Engine) -> None:
    """A week before 1 March is 22 February; a week before 15 April is 8 April."""
    at(engine, "2027-02-23")
    engine.run_due()
    engine.cases.perform(1, "dater", {"fin_le": "2027-04-15"}, by="gaia")
    at(engine, "2027-04-08")
    engine.run_due()
    told = [
        notice.generation for notice in engine.notices.outbox(case=2) if notice.template == "rappel_echeance"
    ]
    assert told == [1, 2]


def test_linking_by_hand_gives_at_once_what_follows(engine: Engine) -> None:
    engine.cases.open(
        "mesure",
        {"menage": AMINA},
        by="chloe",
        establishment="tilleuls",
        action="ouvrir_autrement",
    )
    engine.cases.link(1, 3, "mesure", by="gaia")
    assert engine.cases.get(3).facts["echeance"] == date(2027, 3, 1)


def test_a_link_by_hand_replaces_nothing_that_differs(engine: Engine) -> None:
    """Nor the household of other people, nor a date; what is equal, or not known there, is no obstacle."""
    other = {"name": "Bob", "persons": [{"name": "Bob", "born": "1970-01-01"}]}
    for facts in ({"menage": other, "echeance": "2027-01-04"}, {"menage": AMINA, "echeance": "2027-01-04"}):
        engine.cases.open("mesure", facts, by="chloe", establishment="tilleuls", action="ouvrir")
    before = dump(engine)
    ((code, data),) = refused(lambda: engine.cases.link(1, 3, "mesure", by="gaia"))
    assert (code, data) == (
        "link_differs",
        {"link": "mesure", "label": "Mesure", "case": "D-0003", "facts": ["menage", "echeance"],
         "labels": ["Ménage", "Échéance"]},
    )  # fmt: skip
    ((code, data),) = refused(lambda: engine.cases.link(4, 1, "sejour", by="gaia"))
    assert (code, data["facts"]) == ("link_differs", ["echeance"])
    assert dump(engine) == before
    engine.cases.correct(4, {"echeance": "2027-03-01"}, by="gaia", reason="Date.")
    engine.cases.link(4, 1, "sejour", by="gaia")
    assert engine.verify().sound


def test_the_line_of_a_link_that_ends_says_what_follows_no_more(engine: Engine) -> None:
    engine.cases.unlink(1, 2, "mesure", by="gaia", reason="Mauvais dossier.")
    assert engine.cases.history(2)[-1].body["follows_no_more"] == ["menage", "echeance"]
    assert "follows_no_more" not in engine.cases.history(1)[-1].body
    assert engine.cases.get(2).facts["echeance"] == date(2027, 3, 1)


def test_a_value_that_an_annulment_unsets_follows(database_url: str) -> None:
    """What the linked case had of its own comes back; what it had from the link only is unset."""
    with an_engine(database_url) as engine:
        a_stay(engine)
        for own, action in (({"echeance": "2027-01-04"}, "ouvrir"), ({}, "ouvrir_autrement")):
            facts = {"menage": AMINA, **own}
            case = engine.cases.open("mesure", facts, by="chloe", establishment="tilleuls", action=action)
            engine.cases.link(1, case.id, "mesure", by="gaia")
        engine.cases.perform(1, "dater", {"fin_le": "2027-05-03"}, by="gaia")
        assert [engine.cases.get(number).facts["echeance"] for number in (2, 3)] == [date(2027, 5, 3)] * 2
        engine.cases.annul(1, by="gaia", reason="Mauvaise date.")
        assert [engine.cases.get(number).facts.get("echeance") for number in (2, 3)] == [
            date(2027, 1, 4),
            None,
        ]
        assert _term(engine) == date(2027, 1, 4)
        assert [item.status for item in engine.cases.dates(3)] == ["void"]
        assert engine.verify().sound


def test_a_case_that_is_open_again_catches_up(engine: Engine) -> None:
    engine.cases.perform(2, "finir", by="gaia")
    engine.cases.perform(1, "dater", {"fin_le": "2027-04-15"}, by="gaia")
    engine.cases.annul(2, by="gaia", reason="Pas finie.")
    assert _term(engine) == date(2027, 4, 15)
    line = engine.cases.history(2)[-1]
    assert (line.kind, line.body["change"], line.body["case"]) == ("link", "followed", 1)
    assert engine.verify().sound


def test_two_cases_that_give_each_other_the_same_fact_agree(engine: Engine) -> None:
    for _ in range(2):
        engine.cases.open("duo", {"mot": "un"}, by="gaia", establishment="tilleuls")
    engine.cases.link(3, 4, "autre", by="gaia")
    engine.cases.link(4, 3, "autre", by="gaia")
    engine.cases.perform(4, "dire", {"mot": "trois"}, by="gaia")
    assert [engine.cases.get(number).facts["mot"] for number in (3, 4)] == ["trois", "trois"]
    assert engine.verify().sound
