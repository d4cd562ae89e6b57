"""What decides a point and who may decide it; a point decided apart from the session; who may reach a session."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from support.engines import dump
from support.seances import (
    ADMITTED,
    PUT_BACK,
    REFUSED,
    SESSION,
    a_house,
    being_held,
    closed,
    held,
    now_is,
    passage,
    programmed,
    unsettled,
    waits,
)

from jalon import ActionRefused, Engine, NotFound
from jalon.interfaces.words import error_words, reason_words

ON = date.fromisoformat(SESSION)


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = a_house(database_url)
    yield engine
    engine.close()


@pytest.fixture
def table(engine: Engine) -> tuple[list[int], int]:
    """Two cases on the agenda of a session that is being held."""
    return being_held(engine, 2)


def refused(verb: Any, *args: Any, **options: Any) -> ActionRefused:
    with pytest.raises(ActionRefused) as refusal:
        verb(*args, **options)
    return refusal.value


# -- what decides


def test_an_act_that_decides_nothing_is_refused_and_those_that_decide_are_named(
    engine: Engine, table: Any
) -> None:
    cases, session = table
    before = dump(engine)
    met = refused(
        engine.meetings.decide, session, cases[0], "contacter", {"resultat_contact": "joint"}, by="claire"
    )
    assert [reason.code for reason in met.reasons] == ["point_no_decision"]
    assert reason_words(met.reasons[0]) == (
        f"« Prendre contact » ne décide pas du dossier D-{cases[0]:04d}. Ce qui décide ici : « Se désister », "
        "« Annuler l'orientation », « Admettre », « Refuser », « Ajourner » et « Admettre en liste d'attente »."
    )
    assert dump(engine) == before


def test_a_session_is_no_point_of_its_own(engine: Engine, table: Any) -> None:
    _, session = table
    before = dump(engine)
    for verb in (
        lambda: engine.meetings.decide(session, session, "clore", by="diane"),
        lambda: engine.meetings.gather(session, [session], by="claire"),
        lambda: engine.meetings.carry(session, session, reason="Non.", by="claire"),
    ):
        met = refused(verb)
        assert "point_itself" in [reason.code for reason in met.reasons]
        assert met.action not in error_words(met)[0]  # the verb is said in French
    assert dump(engine) == before


def test_a_case_decided_in_a_session_and_sent_again_since_waits_for_another(
    engine: Engine, table: Any
) -> None:
    """Gathering leaves it out, and says why where it is named; nothing else is lost."""
    cases, session = table
    engine.meetings.decide(session, cases[0], "ajourner", PUT_BACK, by="colette")
    for action in ("completer", "inscrire_commission"):
        engine.cases.perform(cases[0], action, by="claire")
    (late,) = waits(engine)
    engine.meetings.gather(session, by="claire")
    assert unsettled(engine, session) == [cases[1], late]
    met = refused(engine.meetings.gather, session, [cases[0]], by="claire")
    assert [reason.code for reason in met.reasons] == ["point_settled"]
    later = programmed(engine, "2027-01-14")
    met = refused(engine.meetings.carry, session, cases[0], to=later, reason="Non.", by="claire")
    assert [reason.code for reason in met.reasons] == ["point_settled"]
    engine.meetings.gather(later, by="claire")
    assert unsettled(engine, later) == [cases[0]]
    met = refused(engine.meetings.carry, later, cases[0], to=session, reason="Non.", by="claire")
    assert [reason.code for reason in met.reasons] == ["point_settled"]
    assert engine.verify().faults == ()


# -- who decides


def test_whoever_decides_as_one_of_the_body_was_there(engine: Engine) -> None:
    (case,), session = waits(engine), programmed(engine)
    engine.meetings.gather(session, by="claire")
    now_is(engine, SESSION)
    engine.cases.perform(
        session, "tenir", {"membres": ["diane", "Mme Roy"], "secretaire": "claire"}, by="diane"
    )
    met = refused(engine.meetings.decide, session, case, "decider_favorable", ADMITTED, by="colette")
    assert [(reason.code, reason.data["people"]) for reason in met.reasons] == [
        ("member_not_there", ["colette"])
    ]
    assert "« colette »" in reason_words(met.reasons[0])
    engine.cases.correct(session, {"membres": ["diane", "colette"]}, by="diane", reason="Elle était là.")
    assert engine.meetings.decide(session, case, "decider_favorable", ADMITTED, by="colette").state == "admis"


def test_the_secretary_enters_what_the_body_decided_where_the_act_is_theirs_too(engine: Engine) -> None:
    (case,), session = waits(engine), programmed(engine)
    engine.meetings.gather(session, by="claire")
    now_is(engine, SESSION)
    engine.cases.perform(session, "tenir", {"membres": "Mme Roy", "secretaire": "colette"}, by="diane")
    decided = engine.meetings.decide(session, case, "decider_favorable", ADMITTED, by="colette")
    assert (decided.state, decided.facts["membres"]) == ("admis", ["Mme Roy"])


def test_the_members_of_a_decision_are_some_of_those_who_were_there(engine: Engine, table: Any) -> None:
    cases, session = table
    met = refused(
        engine.meetings.decide, session, cases[0], "decider_defavorable", {**REFUSED, "membres": "claire, diane"},
        by="colette",
    )  # fmt: skip
    assert [(reason.code, reason.data["people"]) for reason in met.reasons] == [
        ("member_not_there", ["claire"])
    ]


def test_a_member_of_a_decision_written_by_name_is_the_account_that_was_there(
    engine: Engine, table: Any
) -> None:
    cases, session = table
    facts = {**REFUSED, "membres": ["Diane"]}
    decided = engine.meetings.decide(session, cases[0], "decider_defavorable", facts, by="colette")
    assert decided.facts["membres"] == ["Diane"]
    claire = {**REFUSED, "membres": ["Claire"]}
    met = refused(engine.meetings.decide, session, cases[1], "decider_defavorable", claire, by="colette")
    assert [reason.code for reason in met.reasons] == ["member_not_there"]


def test_someone_of_another_house_finds_no_session(engine: Engine, table: Any) -> None:
    cases, session = table
    engine.establishments.add("autre", "Autre")
    engine.people.add("zoe", "Zoé")
    for role in ("commission_interne", "coordinatrice_actions_sociales"):
        engine.people.grant("zoe", role, "autre")
    before = dump(engine)
    for verb in (
        lambda: engine.meetings.decide(session, cases[0], "decider_favorable", ADMITTED, by="zoe"),
        lambda: engine.meetings.gather(session, by="zoe"),
        lambda: engine.meetings.carry(session, cases[0], reason="Non.", by="zoe"),
    ):
        with pytest.raises(NotFound):
            verb()
    assert dump(engine) == before


# -- decided apart from the session


def test_a_point_decided_before_the_session_is_settled_by_that_act(engine: Engine) -> None:
    (first, second), session = waits(engine, 2), programmed(engine)
    engine.meetings.gather(session, by="claire")
    now_is(engine, "2026-12-01")
    engine.cases.perform(first, "decider_favorable", {**ADMITTED, "membres": "colette"}, by="colette")
    apart, left = engine.meetings.agenda(session)
    assert (apart.outside, apart.action, apart.by, apart.on, apart.settled, apart.carried) == (
        True, "decider_favorable", "colette", date(2026, 12, 1), True, False,
    )  # fmt: skip
    assert (left.outside, left.settled) == (False, False)
    assert engine.cases.history(first)[apart.act - 1].action == "decider_favorable"
    (listed,) = engine.meetings.list("ophis")
    assert (listed.points, listed.decided, listed.carried) == (2, 1, 0)
    held(engine, session)
    met = refused(engine.meetings.decide, session, first, "ajourner", PUT_BACK, by="colette")
    assert [reason.code for reason in met.reasons] == ["point_settled"]
    engine.meetings.decide(session, second, "ajourner", PUT_BACK, by="colette")
    assert closed(engine, session).state == "close"
    assert engine.verify().faults == ()


def test_an_act_apart_that_is_annulled_opens_the_point_again(engine: Engine) -> None:
    (case,), session = waits(engine), programmed(engine)
    engine.meetings.gather(session, by="claire")
    engine.cases.perform(case, "decider_defavorable", {**REFUSED, "membres": "colette"}, by="colette")
    assert unsettled(engine, session) == []
    engine.cases.annul(case, by="colette", reason="Mauvais dossier.")
    assert unsettled(engine, session) == [case]
    assert passage(engine, case)[0] == ON


def test_a_case_that_comes_back_before_the_body_is_to_be_decided_again(engine: Engine) -> None:
    (case,), session = waits(engine), programmed(engine)
    engine.meetings.gather(session, by="claire")
    engine.cases.perform(case, "ajourner", {**PUT_BACK, "membres": "colette"}, by="colette")
    assert [point.action for point in engine.meetings.agenda(session)] == ["ajourner"]
    engine.cases.perform(case, "completer", by="claire")
    engine.cases.perform(case, "inscrire_commission", by="claire")
    assert unsettled(engine, session) == [case]
    held(engine, session)
    assert engine.meetings.decide(session, case, "decider_favorable", ADMITTED, by="colette").state == "admis"
