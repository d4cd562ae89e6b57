"""An adult has one home at a time, whatever the house; people are recognised without being named."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from support import engines
from support.engines import Post, at, dump
from support.liens import AMINA, a_stay, an_engine, codes, refused

from jalon import Engine
from jalon.engine.recognising import recognised
from jalon.persistence import schema


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    with an_engine(database_url) as engine:
        yield engine


def _household(*people: Any) -> dict[str, Any]:
    return {"menage": {"name": "Un ménage", "persons": list(people)}}


def _rows(engine: Engine, case: int) -> list[tuple[bool, date | None, bool]]:
    """Whether each way is sure, since when they are an adult, and whether they count as housed by the case."""
    with engine._world.database.read() as connection:
        found = connection.execute(sa.select(schema.persons).where(schema.persons.c.case_id == case)).all()
    return sorted((row.sure, row.adult_on, row.counted) for row in found)


def _enter(engine: Engine, case: int, by: str = "gaia") -> list[tuple[str, dict[str, Any]]]:
    before = dump(engine)
    found = refused(lambda: engine.cases.perform(case, "entrer", by=by))
    assert dump(engine) == before
    return found


# -- who is recognised


def test_a_name_is_compared_without_case_accents_order_or_signs() -> None:
    same = [
        {"name": name, "born": "1988-04-02"}
        for name in ("Léa Martin-Durand", "MARTIN DURAND, Lea", "  léa   martin durand")
    ]
    assert len({tuple(sorted(recognised("base", one))) for one in same}) == 1


def test_the_same_person_has_another_digest_in_another_database() -> None:
    one = {"name": "Amina K.", "born": "1988-04-02", "ref": "SIAO-7"}
    assert not set(recognised("une base", one)) & set(recognised("une autre", one))


def test_a_reference_or_a_birth_date_is_sure_and_a_name_is_not() -> None:
    sure = [known.sure for known in recognised("b", {"name": "A", "born": "1988-04-02", "ref": "7"}).values()]
    assert sure == [True, True, False]
    assert [known.sure for known in recognised("b", {"name": "A"}).values()] == [False]
    assert recognised("b", {"anonymous": True}) == {}
    assert recognised("b", None) == {}
    assert recognised("b", {"email": "a@b.example"}) == {}


def test_someone_born_on_29_february_is_an_adult_on_the_28th() -> None:
    """R3: 18 years after 29 February 2008 is 28 February 2026."""
    found = recognised("b", {"name": "A", "born": "2008-02-29"})
    assert {known.adult_on for known in found.values()} == {date(2026, 2, 28)}


# -- one home at a time


def test_an_adult_housed_elsewhere_does_not_come_to_live_here(engine: Engine) -> None:
    a_stay(engine, housed=True)
    a_stay(engine)
    assert _enter(engine, 2) == [
        ("already_housed", {"cases": ["D-0001"], "elsewhere": False, "kind": "home"})
    ]
    option = next(one for one in engine.cases.options(2, by="gaia") if one.action == "entrer")
    assert ([reason.code for reason in option.reasons], option.allowed) == (["already_housed"], False)


def test_a_file_of_a_house_that_one_does_not_see_is_not_named(engine: Engine) -> None:
    a_stay(engine, house="lilas", by="luc", housed=True)
    a_stay(engine)
    assert _enter(engine, 2) == [("already_housed", {"cases": [], "elsewhere": True, "kind": "home"})]
    assert _enter(engine, 2, by="ines") == [
        ("already_housed", {"cases": ["D-0001"], "elsewhere": False, "kind": "home"})
    ]


def test_a_home_that_is_left_is_free_for_another(engine: Engine) -> None:
    a_stay(engine, housed=True)
    a_stay(engine)
    engine.cases.perform(1, "partir", by="gaia")
    assert engine.cases.perform(2, "entrer", by="gaia").state == "actif"
    assert engine.verify().sound


def test_a_case_that_only_waits_is_no_home(engine: Engine) -> None:
    a_stay(engine)
    a_stay(engine)
    assert engine.cases.perform(2, "entrer", by="gaia").state == "actif"


def test_the_same_reference_is_the_same_person_whatever_the_name(engine: Engine) -> None:
    a_stay(engine, _household({"name": "Amina K.", "born": "1988-04-02", "ref": "SIAO 7"}), housed=True)
    a_stay(engine, _household({"name": "Mina Karimi", "born": "1988-04-03", "ref": "siao  7"}))
    assert [code for code, _ in _enter(engine, 2)] == ["already_housed"]


def test_a_child_may_have_two_homes(engine: Engine) -> None:
    """Born on 24 November 2008: a child until the day before the 18th birthday, today being the 23rd."""
    child = {"name": "Sami K.", "born": "2008-11-24"}
    a_stay(engine, _household({"name": "Mère", "born": "1980-01-01"}, child), housed=True)
    a_stay(engine, _household({"name": "Père", "born": "1981-01-01"}, child))
    engine.cases.perform(2, "entrer", by="gaia")
    after = engine.cases.perform(2, "renouveler", by="gaia")
    assert "warnings" not in engine.cases.history(2)[-1].body
    assert after.state == "actif"
    assert engine.verify().sound


def test_someone_who_is_18_today_is_an_adult(engine: Engine) -> None:
    someone = {"name": "Sami K.", "born": "2008-11-23"}
    a_stay(engine, _household(someone), housed=True)
    a_stay(engine, _household(someone))
    assert [code for code, _ in _enter(engine, 2)] == ["already_housed"]


def test_the_same_name_alone_is_a_warning(engine: Engine) -> None:
    a_stay(engine, _household({"name": "Amina K."}), housed=True)
    a_stay(engine, _household({"name": "amina k"}))
    engine.cases.perform(2, "entrer", by="gaia")
    assert engine.cases.history(2)[-1].body["warnings"] == ["overlap_name"]


def test_two_birth_dates_make_two_people_of_one_name(engine: Engine) -> None:
    a_stay(engine, _household({"name": "Jean Martin", "born": "1950-01-01"}), housed=True)
    a_stay(engine, _household({"name": "Jean Martin", "born": "1980-01-01"}))
    engine.cases.perform(2, "entrer", by="gaia")
    assert "warnings" not in engine.cases.history(2)[-1].body


def test_a_name_that_one_file_knows_without_its_birth_date_is_a_warning(engine: Engine) -> None:
    a_stay(engine, housed=True)
    a_stay(engine, _household({"name": "Amina K."}))
    assert list(engine.cases.preview(2, "entrer", by="gaia").warnings) == ["overlap_name"]
    option = next(one for one in engine.cases.options(2, by="gaia") if one.action == "entrer")
    assert ([warning.code for warning in option.warnings], option.allowed) == (["overlap_name"], True)


def test_a_stay_for_care_overlaps_with_a_room_that_is_kept(engine: Engine) -> None:
    """Flagged on both sides, never refused."""
    person = {"name": "Amina K.", "born": "1988-04-02"}
    a_stay(engine, housed=True)
    engine.cases.open("soins", {"personne": person}, by="gaia", establishment="tilleuls")
    engine.cases.perform(2, "coucher", by="gaia")
    assert engine.cases.history(2)[-1].body["warnings"] == ["overlap_care"]
    a_stay(engine)
    assert [code for code, _ in _enter(engine, 3)] == ["already_housed"]
    engine.cases.perform(1, "partir", by="gaia")
    engine.cases.perform(3, "entrer", by="gaia")
    assert engine.cases.history(3)[-1].body["warnings"] == ["overlap_care"]
    assert engine.verify().sound


def test_nobody_recognises_someone_anonymous(engine: Engine) -> None:
    for _ in range(2):
        a_stay(engine, {"menage": {"anonymous": True}}, housed=True)
    assert _rows(engine, 1) == []
    assert engine.verify().sound


# -- kept true


def test_rows_follow_an_act_a_correction_and_an_annulment(engine: Engine) -> None:
    adult, born = date(2006, 4, 2), "1988-04-02"
    a_stay(engine, housed=True)
    assert _rows(engine, 1) == [(False, adult, False), (True, adult, True)]
    engine.cases.correct(
        1, _household({"name": "Amina K.", "born": born, "ref": "7"}), by="gaia", reason="Référence."
    )
    assert _rows(engine, 1) == [(False, adult, False), (True, adult, True), (True, adult, True)]
    engine.cases.perform(1, "partir", by="gaia")
    assert [housed for *_, housed in _rows(engine, 1)] == [False] * 3
    engine.cases.annul(1, by="gaia", reason="Pas encore.")
    assert [housed for *_, housed in _rows(engine, 1)] == [False, True, True]
    engine.cases.perform(1, "renommer", _household({"name": "Autre"}), by="gaia")
    assert _rows(engine, 1) == [(False, None, False)]
    assert engine.verify().sound


def test_someone_who_joins_a_household_is_judged_when_they_do(engine: Engine) -> None:
    bruno = {"name": "Bruno", "born": "1990-05-05"}
    a_stay(engine, _household(bruno), housed=True)
    a_stay(engine, housed=True)
    joined = _household(*AMINA["persons"], bruno)
    assert codes(lambda: engine.cases.perform(2, "renommer", joined, by="gaia")) == ["already_housed"]
    engine.cases.perform(1, "partir", by="gaia")
    engine.cases.perform(2, "renommer", joined, by="gaia")
    assert engine.verify().sound


def test_a_home_is_not_given_back_to_someone_who_has_another_since(engine: Engine) -> None:
    a_stay(engine, housed=True)
    a_stay(engine)
    engine.cases.perform(1, "partir", by="gaia")
    engine.cases.perform(2, "entrer", by="gaia")
    assert codes(lambda: engine.cases.annul(1, by="gaia", reason="Erreur.")) == ["already_housed"]


@pytest.mark.parametrize("by", ["gaia", "ines"])
def test_a_correction_that_reveals_two_homes_is_made_and_flagged(engine: Engine, by: str) -> None:
    """The other file is named to whom may see its house, and only to them; the oldest home counts."""
    a_stay(engine, house="lilas", by="luc", housed=True)
    a_stay(engine, _household({"name": "Amina K.", "born": "1988-04-03"}), housed=True)
    engine.cases.correct(2, {"menage": AMINA}, by=by, reason="Date de naissance.")
    body = engine.cases.history(2)[-1].body
    assert (body["warnings"], body.get("overlaps")) == (["overlap_home"], [1] if by == "ines" else None)
    assert [[counted for *_, counted in _rows(engine, number)] for number in (1, 2)] == [
        [False, True], [False, False],
    ]  # fmt: skip
    assert engine.verify().sound
    engine.cases.perform(1, "partir", by="luc")
    assert [[counted for *_, counted in _rows(engine, number)] for number in (1, 2)] == [
        [False, False], [False, True],
    ]  # fmt: skip
    assert engine.verify().sound


def test_an_act_that_says_better_who_is_there_is_flagged_and_whoever_joins_is_judged(engine: Engine) -> None:
    a_stay(engine, housed=True)
    a_stay(engine, _household({"name": "Amina K.", "born": "1988-04-03"}), housed=True)
    engine.cases.perform(2, "renommer", {"menage": AMINA}, by="gaia")
    assert engine.cases.history(2)[-1].body["warnings"] == ["overlap_home"]
    engine.cases.perform(2, "renommer", {"menage": AMINA}, by="gaia")
    assert "warnings" not in engine.cases.history(2)[-1].body
    a_stay(engine, _household({"name": "Bruno"}), housed=True)
    assert codes(lambda: engine.cases.perform(3, "renommer", {"menage": AMINA}, by="gaia")) == [
        "already_housed"
    ]
    assert engine.verify().sound


def test_two_references_make_two_people_whatever_the_name(engine: Engine) -> None:
    one = {"name": "Mohamed Ali", "born": "1950-01-01"}
    a_stay(engine, _household({**one, "ref": "SIAO-1"}), housed=True)
    a_stay(engine, _household({**one, "ref": "SIAO-2"}), housed=True)
    assert "warnings" not in engine.cases.history(2)[-1].body
    a_stay(engine, _household(one))
    ((_, data),) = _enter(engine, 3)
    assert data["cases"] == ["D-0001", "D-0002"]
    assert engine.verify().sound
    engine.cases.perform(1, "partir", by="gaia")
    assert [data["cases"] for _, data in _enter(engine, 3)] == [["D-0002"]]
    assert engine.verify().sound
    engine.cases.perform(2, "partir", by="gaia")
    assert engine.cases.perform(3, "entrer", by="gaia").state == "actif"
    assert engine.verify().sound


def test_one_reference_is_one_person_of_whom_nobody_knows_the_age(engine: Engine) -> None:
    a_stay(engine, _household({"name": "Mohamed Ali", "ref": "R1"}), housed=True)
    a_stay(engine, _household({"name": "Momo", "ref": "R1"}))
    assert [code for code, _ in _enter(engine, 2)] == ["already_housed"]
    engine.cases.correct(
        2, _household({"name": "Momo", "ref": "R1", "born": "2015-01-01"}), by="gaia", reason="Un enfant."
    )
    assert engine.cases.perform(2, "entrer", by="gaia").state == "actif"
    assert engine.verify().sound


def test_two_beds_for_care_are_refused_like_two_homes(engine: Engine) -> None:
    person = {"name": "Amina K.", "born": "1988-04-02"}
    for _ in range(2):
        engine.cases.open("soins", {"personne": person}, by="gaia", establishment="tilleuls")
    engine.cases.perform(1, "coucher", by="gaia")
    found = refused(lambda: engine.cases.perform(2, "coucher", by="gaia"))
    assert found == [("already_housed", {"cases": ["D-0001"], "elsewhere": False, "kind": "care"})]
    assert engine.verify().sound


def test_an_entry_back_dated_into_a_stay_that_is_over_is_flagged(engine: Engine) -> None:
    """Gone on 10 December from one, come on the 1st to the other; whoever comes on the 10th is not there twice."""
    a_stay(engine, housed=True)
    a_stay(engine)
    a_stay(engine)
    at(engine, "2026-12-10")
    engine.cases.perform(1, "partir", by="gaia")
    engine.cases.perform(2, "entrer", by="gaia", on=date(2026, 12, 1))
    assert engine.cases.history(2)[-1].body["warnings"] == ["overlap_past"]
    engine.cases.annul(2, by="gaia", reason="Mauvaise date.")
    at(engine, "2026-12-11")
    engine.cases.perform(3, "entrer", by="gaia", on=date(2026, 12, 10))
    assert "warnings" not in engine.cases.history(3)[-1].body
    assert engine.verify().sound


def test_a_home_from_before_the_18th_birthday_is_given_back(engine: Engine) -> None:
    child = _household({"name": "Sami K.", "born": "2008-12-01"})
    for _ in range(2):
        a_stay(engine, child, housed=True)
    at(engine, "2026-12-02")
    engine.cases.perform(1, "partir", by="gaia")
    assert engine.cases.annul(1, by="gaia", reason="Il est resté.").state == "actif"
    assert engine.verify().sound


def test_a_birthday_does_not_put_anyone_out(engine: Engine) -> None:
    """Two homes as a child, then 18: both stay, and a renewal says that they are two."""
    child = {"name": "Sami K.", "born": "2008-11-30"}
    for parent in ("Mère", "Père"):
        a_stay(engine, _household({"name": parent, "born": "1980-01-01"}, child), housed=True)
    at(engine, "2026-12-01")
    engine.run_due()
    assert [engine.cases.get(number).state for number in (1, 2)] == ["actif", "actif"]
    engine.cases.perform(1, "renouveler", by="gaia")
    body = engine.cases.history(1)[-1].body
    assert (body["warnings"], body["overlaps"]) == (["overlap_home"], [2])
    engine.cases.correct(
        1, _household({"name": "Mère", "born": "1980-01-02"}, child), by="gaia", reason="Faute."
    )
    assert engine.verify().sound


def test_a_condition_counts_the_other_homes(engine: Engine) -> None:
    a_stay(engine, housed=True)
    a_stay(engine)
    ((code, data),) = refused(lambda: engine.cases.perform(2, "avertir", by="gaia"))
    assert (code, data) == ("others", {"others": ["logement_foyer"], "count": 1})
    engine.cases.perform(1, "avertir", by="gaia")
    engine.cases.perform(1, "partir", by="gaia")
    engine.cases.perform(2, "avertir", by="gaia")


def test_the_rows_of_people_are_what_the_histories_say(engine: Engine) -> None:
    a_stay(engine, housed=True)
    with engine._world.database.write() as connection:
        connection.execute(sa.update(schema.persons).values(counted=False))
    assert [(fault.case_id, fault.what) for fault in engine.verify().faults] == [(1, "people")]


def test_nothing_of_a_person_stands_in_the_rows(engine: Engine) -> None:
    a_stay(engine, _household({"name": "Amina K.", "born": "1988-04-02", "ref": "SIAO-7"}))
    with engine._world.database.read() as connection:
        rows = connection.execute(sa.select(schema.persons.c.person)).scalars().all()
    assert all(len(row) == 32 and int(row, 16) >= 0 for row in rows)


def test_the_people_of_older_cases_are_recognised_by_the_upgrade(engine: Engine) -> None:
    """As in a database of before: no row, and an adult who had two homes counts in the older one."""
    for _ in range(2):
        a_stay(engine)
    engine.cases.perform(1, "entrer", by="gaia")
    before = _rows(engine, 1)
    with engine._world.database.write() as connection:
        connection.execute(sa.delete(schema.persons))
    engine.cases.perform(2, "entrer", by="gaia")  # nobody knew
    with engine._world.database.write() as connection:
        connection.execute(sa.delete(schema.persons))
    engine.upgrade()
    assert _rows(engine, 1) == before
    assert [housed for *_, housed in _rows(engine, 2)] == [False, False]
    assert engine.verify().sound
    engine.cases.correct(2, {"fin_le": "2027-01-04"}, by="gaia", reason="Date.")  # nothing stands in its way
    engine.upgrade()
    assert _rows(engine, 1) == before


def test_someone_anonymous_is_told_on_paper_under_that_name(database_url: str, tmp_path: Path) -> None:
    """No address, so no e-mail; the sheet may name them, its object says what it says to anybody."""
    templates = tmp_path / "modeles"
    templates.mkdir()
    (templates / "rappel_visite.txt.j2").write_text("Objet : Votre visite\n\nPour {{ destinataire.nom }}.\n")
    post = Post()
    with engines.an_engine(database_url, transport=post, templates=templates) as engine:
        case = engines.entered(engine, facts={"menage": {"anonymous": True}})
        assert case.state == "actif"
        at(engine, "2026-12-22")
        engine.run_due()
        engine.deliver()
        (paper,) = [one for one in engine.notices.outbox() if one.recipient == "fact:menage"]
        assert (paper.status, paper.address, paper.subject) == ("paper", None, "Votre visite")
        assert engine.notices.read(paper.id).text == "Pour Personne anonyme.\n"
        assert all("menage" not in str(message["To"]) for message in post.sent)
        assert post.sent
