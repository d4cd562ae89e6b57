"""A history put right is asked again whether its places suit: annulled, corrected, or entered late."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from support.lits import (
    HEAD,
    HOUSE,
    NURSE,
    an_engine,
    asked,
    do,
    housed,
    promised,
    refusal,
    sound,
    states,
    to,
)

from jalon import ActionRefused, Case, Engine
from jalon.interfaces.words import reason_words

MIXED = "Cette chambre est partagée avec une personne d’un autre genre"
ELSEWHERE = "L’acte ne s’annule plus : attribuez une autre place par un nouvel acte."


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    with an_engine(database_url) as engine:
        yield engine
        sound(engine)


def _annulled(engine: Engine, case: Case) -> list[tuple[str, str]]:
    with pytest.raises(ActionRefused) as told:
        engine.cases.annul(case.id, by=HEAD, reason="erreur")
    return [(reason.code, reason_words(reason)) for reason in told.value.reasons]


def _corrected(engine: Engine, case: Case, **options: Any) -> list[tuple[str, str]]:
    with pytest.raises(ActionRefused) as told:
        engine.cases.correct(case.id, by=NURSE, reason="erreur", **options)
    return [(reason.code, reason_words(reason)) for reason in told.value.reasons]


def test_a_departure_annulled_never_mixes_a_room(engine: Engine) -> None:
    """The man came into the other bed once she had gone."""
    woman = housed(engine, "Lit 5")
    to(engine, "2027-02-05")
    do(engine, woman, "sortir")
    man = housed(engine, "Lit 6", "homme")
    to(engine, "2027-02-06")
    why = f"La place « Lit 5 » ne convient plus. {MIXED} (le dossier D-0002, depuis le vendredi 5 février 2027)."
    assert _annulled(engine, woman) == [("annul_place", f"{why} {ELSEWHERE}")]
    assert states(engine) == {"Lit 6": ("occupied", man.id)}


def test_a_departure_annulled_leaves_someone_beside_whom_they_were(engine: Engine) -> None:
    """What is known of her roommate has changed since: they were together already, and simply stay."""
    case, mate = housed(engine, "Lit 5"), housed(engine, "Lit 6")
    to(engine, "2027-02-05")
    do(engine, mate, "decrire", facts={"isolement": True})
    do(engine, case, "sortir")
    engine.cases.annul(case.id, by=NURSE, reason="erreur")
    assert states(engine) == {"Lit 5": ("occupied", case.id), "Lit 6": ("occupied", mate.id)}


@pytest.mark.parametrize("how", ["closed", "out"])
def test_who_had_only_left_stays_where_they_are(engine: Engine, how: str) -> None:
    """The bed closed under them, their departure being a mistake: nobody is put out."""
    case = housed(engine, "Lit 3")
    to(engine, "2027-02-05")
    do(engine, case, "sortir")
    _shut(engine, how)
    engine.cases.annul(case.id, by=NURSE, reason="erreur")
    assert states(engine) == {"Lit 3": ("occupied", case.id)}


def _shut(engine: Engine, how: str) -> None:
    if how == "closed":
        engine.places.close(HOUSE, "lit", "Lit 3", on=date(2027, 2, 5))
    else:
        engine.places.out_of_use(HOUSE, "lit", "Lit 3", since=date(2027, 2, 5), reason="eau")


SHUT = [
    ("closed", "La place « Lit 3 » n’existe plus depuis le vendredi 5 février 2027."),
    ("out", "La place « Lit 3 » est hors service depuis le vendredi 5 février 2027 (eau)."),
]


@pytest.mark.parametrize(("how", "said"), SHUT)
def test_a_promise_given_back_is_not_one_again_on_a_place_shut_since(
    engine: Engine, how: str, said: str
) -> None:
    case = promised(engine, "Lit 3")
    to(engine, "2027-02-03")
    do(engine, case, "rendre")
    to(engine, "2027-02-06")
    _shut(engine, how)
    assert _annulled(engine, case) == [("annul_place", f"{said} {ELSEWHERE}")]
    assert "Lit 3" not in states(engine) or states(engine)["Lit 3"] == ("out_of_use", None)


@pytest.mark.parametrize(("how", "said"), SHUT)
def test_a_promise_entered_late_is_one_of_today_too(engine: Engine, how: str, said: str) -> None:
    case = asked(engine)
    to(engine, "2027-02-06")
    _shut(engine, how)
    assert refusal(engine, case, "promettre", "Lit 3", on=date(2027, 2, 3)) == [("place_out", said)]


def test_a_promise_given_back_is_not_one_again_for_a_household_that_grew(engine: Engine) -> None:
    case = promised(engine, "Lit 3")
    do(engine, case, "rendre")
    grown = {"name": "A. K.", "persons": [{"name": "A. K."}, {"name": "B. K."}]}
    engine.cases.correct(case.id, {"personne": grown}, by=HEAD, reason="elles sont deux")
    said = "La place « Lit 3 » est prévue pour 1 personne, le ménage compte 2 personnes."
    assert _annulled(engine, case) == [("annul_place", f"{said} {ELSEWHERE}")]


def test_a_departure_put_right_never_mixes_a_room(engine: Engine) -> None:
    """She left on the 10th, he came on the 11th: she did not leave on the 12th."""
    woman = housed(engine, "Lit 5")
    to(engine, "2027-02-10")
    do(engine, woman, "sortir")
    to(engine, "2027-02-11")
    housed(engine, "Lit 6", "homme")
    to(engine, "2027-02-12")
    said = f"{MIXED} (le dossier D-0002, depuis le jeudi 11 février 2027)."
    assert _corrected(engine, woman, on=date(2027, 2, 12)) == [("place_misfit", said)]
    engine.cases.correct(woman.id, by=NURSE, reason="partie le 11 au matin", on=date(2027, 2, 11))
    assert states(engine, "2027-02-10")["Lit 5"] == ("occupied", woman.id)
    assert states(engine, "2027-02-11") == {"Lit 6": ("occupied", 2)}


def test_a_place_put_right_is_asked_of_those_who_were_there_then(engine: Engine) -> None:
    """Nobody is in the double room any more; a man was, on some of the days of her stay."""
    man = housed(engine, "Lit 6", "homme")
    to(engine, "2027-02-03")
    do(engine, man, "sortir")
    woman = asked(engine)
    to(engine, "2027-02-08")
    woman = do(
        engine, do(engine, woman, "promettre", "Lit 1", on=date(2027, 2, 3)), "installer", on=date(2027, 2, 3)
    )
    engine.cases.correct(woman.id, {"lit": "Lit 5"}, by=NURSE, reason="c’était le 5")
    assert states(engine)["Lit 5"] == ("occupied", woman.id)
    said = f"{MIXED} (le dossier D-0001, depuis le lundi 1er février 2027)."
    engine.cases.correct(man.id, by=NURSE, reason="parti le 3", on=date(2027, 2, 3))
    told = _corrected(engine, man, on=date(2027, 2, 4))
    assert told == [("place_misfit", said.replace("D-0001", "D-0002").replace("lundi 1er", "mercredi 3"))]


def test_an_act_dated_back_is_not_beside_someone_who_was_there_then(engine: Engine) -> None:
    man = housed(engine, "Lit 6", "homme")
    woman = asked(engine)
    to(engine, "2027-02-10")
    do(engine, man, "sortir")
    assert refusal(engine, woman, "promettre", "Lit 5", on=date(2027, 2, 4)) == [
        ("place_misfit", f"{MIXED}.")
    ]
    assert do(engine, woman, "promettre", "Lit 5", on=date(2027, 2, 10)).state == "admis"


def test_two_who_left_a_bed_since_are_both_seen(engine: Engine) -> None:
    """A man, then a woman, had Lit 6; dated back to the days of either, a bed beside it is asked of both."""
    woman = asked(engine)
    for genre, day in (("homme", "2027-02-03"), ("femme", "2027-02-06")):
        there = housed(engine, "Lit 6", genre)
        to(engine, day)
        do(engine, there, "sortir")
    to(engine, "2027-02-08")
    assert [code for code, _ in refusal(engine, woman, "promettre", "Lit 5", on=date(2027, 2, 2))] == [
        "place_misfit"
    ]
    assert do(engine, woman, "promettre", "Lit 5", on=date(2027, 2, 3)).state == "admis"
