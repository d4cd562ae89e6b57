"""A deputy acts with the roles of whoever is away, in their houses, that day; the history says for whom."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from support.engines import HOUSEHOLD, an_engine, at, opened, suivi
from support.staff import away, followed, hire

from jalon import ActionRefused, Engine, NotFound

VALIDATE = {
    "  suspendre: {label": (
        "  valider: {label: Valider, in: any, by: chef,"
        " requires: [{apart_from: noter, else: Une autre personne valide.}]}\n  suspendre: {label"
    )
}


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    with an_engine(database_url) as engine:
        hire(engine)
        yield engine


def note(engine: Engine, case: int, by: str) -> list[str]:
    """Take an act, and say for whom its line says that it was."""
    engine.cases.perform(case, "noter", {"note": "x"}, by=by)
    line = engine.cases.history(case)[-1]
    assert (line.kind, line.actor) == ("act", by)
    return line.body.get("deputy_for", [])


def is_unknown(engine: Engine, case: int, by: str) -> bool:
    """Whether the case does not exist for someone, who holds no role in its house."""
    with pytest.raises(NotFound) as unseen:
        engine.cases.perform(case, "noter", {"note": "x"}, by=by)
    return unseen.value.data == {"kind": "case", "name": case}


def test_a_deputy_holds_the_roles_on_both_days_of_the_bounds_and_between(engine: Engine) -> None:
    """Samir is away from Tuesday 24 to Thursday 26 November: lea may act on these days, and on no other."""
    case = opened(engine).id
    away(engine, "samir", "2026-11-24", "2026-11-26", "lea")
    assert is_unknown(engine, case, "lea")
    for on in ("2026-11-24", "2026-11-25", "2026-11-26"):
        at(engine, on)
        assert note(engine, case, "lea") == ["samir"]
    at(engine, "2026-11-27")
    assert is_unknown(engine, case, "lea")
    assert engine.verify().sound


def test_the_day_is_that_of_the_house_across_midnight(engine: Engine) -> None:
    """At 20:30 UTC on the 23rd it is 21:30 in Paris, and half past midnight on the 24th in La Réunion."""
    engine.establishments.add("case", "La Case", zone="la-reunion", timezone="Indian/Reunion")
    engine.people.grant("samir", "gardien", "case")
    engine.people.grant("luc", "gardien", "case")
    engine.people.grant("chloe", "chef", "case")
    here = opened(engine).id
    there = engine.cases.open("suivi", {"menage": HOUSEHOLD}, by="luc", establishment="case").id
    away(engine, "samir", "2026-11-24", "2026-11-24", "lea")
    engine._world.clock.set(datetime(2026, 11, 23, 20, 30, tzinfo=UTC))
    assert note(engine, there, "lea") == ["samir"]
    assert is_unknown(engine, here, "lea")
    engine._world.clock.set(datetime(2026, 11, 24, 20, 30, tzinfo=UTC))
    assert is_unknown(engine, there, "lea")
    assert note(engine, here, "lea") == ["samir"]


def test_a_deputy_holds_nothing_where_the_absent_holds_nothing(engine: Engine) -> None:
    away(engine, "samir", "2026-11-23", None, "lea")
    other = engine.cases.open("suivi", {"menage": HOUSEHOLD}, by="luc", establishment="lilas").id
    assert is_unknown(engine, other, "lea")
    with pytest.raises(NotFound):
        engine.cases.get(other, by="lea")


def test_who_holds_the_role_acts_in_their_own_name(engine: Engine) -> None:
    case = opened(engine).id
    away(engine, "samir", "2026-11-23", None, "gaia")
    assert note(engine, case, "gaia") == []
    away(engine, "chloe", "2026-11-23", None, "gaia")
    engine.cases.document(case, "attestation", by="gaia")
    engine.cases.perform(case, "entrer", {"logement": "A1"}, by="gaia")
    engine.cases.perform(case, "prolonger", {"motif": "Attente."}, by="gaia")
    last = engine.cases.history(case)[-1]
    assert (last.action, last.body["deputy_for"]) == ("prolonger", ["chloe"])


def test_every_line_of_a_deputy_says_for_whom(engine: Engine) -> None:
    case = opened(engine).id
    away(engine, "samir", "2026-11-23", None, "lea")
    engine.cases.document(case, "carte", by="lea")
    engine.cases.correct(case, {"note": "y"}, by="lea", reason="Erreur.")
    engine.cases.assign(case, "gaia", by="lea")
    kinds = [(line.kind, line.body.get("deputy_for")) for line in engine.cases.history(case)][1:]
    assert kinds == [("document", ["samir"]), ("correction", ["samir"]), ("referent", ["samir"])]
    assert engine.verify().sound


def test_the_clock_acts_for_nobody(engine: Engine) -> None:
    """What is due is played before the act of a deputy, under the name of its rule."""
    case = opened(engine).id
    away(engine, "samir", "2026-11-23", None, "lea")
    at(engine, "2026-12-10")
    assert note(engine, case, "lea") == ["samir"]
    assert [line.kind for line in engine.cases.history(case) if "deputy_for" in line.body] == ["act"]


def test_the_deputy_of_a_deputy_acts_for_the_first(engine: Engine) -> None:
    case = opened(engine).id
    away(engine, "samir", "2026-11-23", "2026-11-30", "lea")
    away(engine, "lea", "2026-11-24", "2026-11-24", "ines")
    assert note(engine, case, "lea") == ["samir"]
    at(engine, "2026-11-24")
    assert note(engine, case, "ines") == ["samir"]
    assert is_unknown(engine, case, "lea")  # she is away herself, and holds the role through nobody
    at(engine, "2026-11-25")
    assert is_unknown(engine, case, "ines")


def test_someone_away_may_still_act(engine: Engine) -> None:
    case = opened(engine).id
    away(engine, "samir", "2026-11-23", None, "lea")
    assert note(engine, case, "samir") == []


def test_an_inactive_person_lends_nothing(engine: Engine) -> None:
    case = opened(engine).id
    away(engine, "samir", "2026-11-23", None, "lea")
    engine.people.add("samir", "Samir", active=False)
    assert is_unknown(engine, case, "lea")


def test_an_inactive_deputy_acts_no_more(engine: Engine) -> None:
    case = opened(engine).id
    away(engine, "samir", "2026-11-23", None, "lea")
    engine.people.add("lea", "Lea", active=False)
    with pytest.raises(NotFound):
        engine.cases.perform(case, "noter", {}, by="lea")


def test_a_deputy_sees_the_houses_of_the_absent_as_long_as_they_are_away(engine: Engine) -> None:
    case = followed(engine).id
    away(engine, "samir", "2026-11-23", "2026-11-23", "lea")
    assert engine.cases.get(case, by="lea").id == case
    assert [one.id for one in engine.cases.find(by="lea")] == [case]
    assert {option.action for option in engine.cases.options(case, by="lea") if option.allowed} >= {
        "noter",
        "clore",
    }
    assert engine.cases.preview(case, "noter", {"note": "x"}, by="lea").case.facts["note"] == "x"
    assert engine.deadlines.pending(by="lea") == engine.deadlines.pending(by="samir")
    at(engine, "2026-11-24")
    assert engine.cases.find(by="lea") == ()
    with pytest.raises(NotFound):
        engine.cases.history(case, by="lea")


def test_a_deputy_opens_cases(engine: Engine) -> None:
    away(engine, "samir", "2026-11-23", None, "lea")
    case = opened(engine, by="lea")
    (line,) = engine.cases.history(case.id)
    assert (line.actor, line.body["deputy_for"]) == ("lea", ["samir"])


def test_a_separation_of_duties_looks_at_who_really_acted(engine: Engine) -> None:
    """Lea notes for samir: she cannot then validate for chloe; samir, who noted nothing, could."""
    engine.workflows.register(suivi(2, **VALIDATE))
    case = opened(engine).id
    for person in ("samir", "chloe"):
        away(engine, person, "2026-11-23", None, "lea")
    engine.cases.perform(case, "noter", {"note": "x"}, by="lea")
    with pytest.raises(ActionRefused) as refusal:
        engine.cases.perform(case, "valider", by="lea")
    assert [reason.code for reason in refusal.value.reasons] == ["same_person"]
    engine.cases.perform(case, "noter", {"note": "y"}, by="gaia")
    engine.cases.perform(case, "valider", by="lea")
    assert engine.cases.history(case)[-1].body["deputy_for"] == ["chloe"]


def test_a_postponement_by_a_deputy_says_for_whom(engine: Engine) -> None:
    case = opened(engine).id
    away(engine, "chloe", "2026-11-23", None, "lea")
    engine.deadlines.postpone(
        case=case, deadline="reponse", to=date(2026, 12, 10), reason="Attente.", by="lea"
    )
    line = engine.cases.history(case)[-1]
    assert (line.kind, line.body["deputy_for"]) == ("postponement", ["chloe"])
