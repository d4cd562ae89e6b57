"""Several roles may follow a case: each house has one of them, and one person follows the case for all."""

from collections.abc import Iterator
from datetime import date

import pytest
from support.engines import at, paris

from jalon import Engine, Settings, VirtualClock, load

DAY = date(2027, 3, 1)
NEED = {
    "personne": {"name": "Ali B.", "born": "1980-01-01"},
    "genre": "homme",
    "accompagne": False,
    "sans_logement": True,
}
ROLES = ("coordinatrice_actions_sociales", "travailleur_social_lhss", "travailleur_social_chrs")


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    made = Engine(Settings(database=database_url), clock=VirtualClock(paris(DAY)))
    made.establishments.add("centre", "Centre d'hébergement")
    for person, role in (("tom", ROLES[2]), ("tina", ROLES[2]), ("rose", "responsable_chrs")):
        made.people.add(person, person.title(), address=f"{person}@centre.example")
        made.people.grant(person, role, "centre")
    for name in ("chrs_urgence", "chrs_insertion", "relogement", "succession"):
        made.workflows.register(load(name))
    yield made
    made.close()


def a_search(engine: Engine) -> int:
    """Shelter someone followed by tom, and open the search of a dwelling from the stay."""
    stay = engine.cases.open(
        "chrs_urgence",
        {**NEED, "canal": "siao", "majeur": True},
        by="rose",
        establishment="centre",
        referent="tom",
    )
    engine.cases.perform(stay.id, "mettre_a_l_abri", {"lit": "L1"}, by="rose")
    engine.cases.perform(stay.id, "engager_relogement", by="tom")
    (search,) = engine.cases.find(workflow="relogement")
    return search.id


def unfollowed(engine: Engine, case: int) -> list[str]:
    return [item.label for item in engine.deadlines.pending(case=case) if item.kind == "warning"]


def told(engine: Engine, case: int) -> list[str]:
    return [one.recipient for one in engine.notices.outbox(case=case) if one.template == "rappel_echeance"]


def test_who_follows_the_stay_follows_the_search(engine: Engine) -> None:
    case = a_search(engine)
    assert engine.cases.get(case).referent == "tom"
    assert unfollowed(engine, case) == []


def test_a_paper_for_the_household_is_the_turn_of_any_role_that_may_follow(engine: Engine) -> None:
    case = a_search(engine)
    offer = {"origine_proposition": "bailleur", "logement_propose": "Un T1"}
    engine.cases.perform(case, "proposer", offer, by="tom")
    papers = [item for item in engine.deadlines.pending(role=ROLES[2], case=case) if item.kind == "paper"]
    assert [(item.name, item.who) for item in papers] == [("proposition_relogement", ROLES)]


def test_whoever_follows_is_told_alone_in_whichever_of_the_roles(engine: Engine) -> None:
    """A coordinator works there too; the search is tom's, then hers."""
    engine.people.add("cora", "Cora", address="cora@centre.example")
    engine.people.grant("cora", ROLES[0], "centre")
    case = a_search(engine)
    at(engine, "2027-05-25", 9, 0)
    engine.run_due()
    assert told(engine, case) == ["actor:tom"]
    engine.cases.assign(case, "cora", by="rose")
    assert told(engine, case) == ["actor:cora"]
    assert unfollowed(engine, case) == []


def test_a_referent_in_none_of_the_roles_is_said_so(engine: Engine) -> None:
    case = a_search(engine)
    engine.cases.assign(case, "rose", by="rose")
    (said,) = unfollowed(engine, case)
    assert said == (
        "Dossier sans référent : Rose n’a plus aucune des fonctions « Coordinatrice d'actions sociales », "
        "« Travailleur social (LHSS) » et « Travailleur social (CHRS) » ici"
    )
    at(engine, "2027-05-25", 9, 0)
    engine.run_due()
    assert sorted(told(engine, case)) == ["actor:tina", "actor:tom"]
    report = engine.people.transfer("rose", "tina", by="rose", reason="Tina reprend la recherche.")
    assert (report.cases, report.kept, engine.cases.get(case).referent) == ([case], [], "tina")
    assert engine.verify().sound


def test_one_who_may_not_follow_is_not_given_the_search(engine: Engine) -> None:
    case = a_search(engine)
    report = engine.people.transfer("tom", "rose", by="rose", reason="Rose reprend tout.")
    kept = {number: one.reason.data["roles"] for one in report.kept for number in one.cases}
    assert kept[case] == sorted(ROLES)
