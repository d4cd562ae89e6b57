"""What the rules of a session refuse of other verbs: annulling, correcting, linking by hand, and who attends."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from support.engines import dump
from support.seances import (
    ADMITTED,
    MEMBERS,
    PUT_BACK,
    REFUSED,
    SESSION,
    a_house,
    being_held,
    closed,
    now_is,
    numbers,
    passage,
    programmed,
    unsettled,
    waits,
)

from jalon import ActionRefused, Engine, NotFound
from jalon.interfaces.words import reason_words

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


def refused(engine: Engine, verb: Any, *args: Any, **options: Any) -> list[str]:
    """Take a step that is refused, and writes nothing; give the codes. Each has its words."""
    before = dump(engine)
    with pytest.raises(ActionRefused) as refusal:
        verb(*args, **options)
    assert dump(engine) == before
    assert not any("Une condition n’est pas remplie" in reason_words(one) for one in refusal.value.reasons)
    return [reason.code for reason in refusal.value.reasons]


# -- annulled


def test_a_cancellation_that_let_cases_go_is_not_annulled(engine: Engine) -> None:
    cases, session = waits(engine, 2), programmed(engine)
    engine.meetings.gather(session, by="claire")
    engine.cases.perform(session, "annuler", {"motif_annulation": "Salle prise."}, by="diane")
    assert refused(engine, engine.cases.annul, session, by="diane", reason="Erreur.") == ["annul_released"]
    assert [one.meeting for one in engine.meetings.waiting("ophis")] == [None] * len(cases)


def test_a_cancellation_that_let_nobody_go_is_annulled(engine: Engine) -> None:
    session = programmed(engine)
    engine.cases.perform(session, "annuler", {"motif_annulation": "Salle prise."}, by="diane")
    assert engine.cases.annul(session, by="diane", reason="Erreur.").state == "programmee"


def test_holding_is_not_annulled_while_a_decision_stands(engine: Engine, table: Any) -> None:
    cases, session = table
    engine.meetings.decide(session, cases[0], "ajourner", PUT_BACK, by="colette")
    assert refused(engine, engine.cases.annul, session, by="diane", reason="Erreur.") == ["annul_followed"]
    engine.cases.annul(cases[0], by="colette", reason="Erreur.")
    assert passage(engine, cases[0]) == (ON, [(ON, "open")])
    assert engine.cases.annul(session, by="diane", reason="Erreur.").state == "programmee"
    assert unsettled(engine, session) == cases
    assert engine.verify().faults == ()


def test_a_decision_of_a_closed_session_is_annulled_after_its_closing(engine: Engine, table: Any) -> None:
    cases, session = table
    engine.meetings.decide(session, cases[0], "decider_defavorable", REFUSED, by="colette")
    engine.meetings.carry(session, cases[1], reason="Absente.", by="claire")
    closed(engine, session)
    annul = engine.cases.annul
    assert refused(engine, annul, cases[0], by="colette", reason="Erreur.") == ["annul_meeting_over"]
    annul(session, by="diane", reason="Un dossier est à revoir.")
    assert annul(cases[0], by="colette", reason="Erreur.").state == "en_commission"
    assert (unsettled(engine, session), passage(engine, cases[0])[0]) == (cases[:1], ON)
    assert engine.verify().faults == ()


# -- corrected


def test_the_day_of_a_held_session_is_neither_to_come_nor_against_its_decisions(
    engine: Engine, table: Any
) -> None:
    cases, session = table
    now_is(engine, "2026-12-14")
    engine.run_due()
    correct = engine.cases.correct
    for day, codes in (("2026-12-24", ["meeting_day_future"]), ("2026-12-11", ["meeting_day_decided"])):
        if codes == ["meeting_day_decided"]:
            engine.meetings.decide(session, cases[0], "ajourner", PUT_BACK, by="colette")
        assert refused(engine, correct, session, {"date_seance": day}, by="diane", reason="Erreur.") == codes
    engine.cases.annul(cases[0], by="colette", reason="La séance avait un autre jour.")
    correct(session, {"date_seance": "2026-12-11"}, by="diane", reason="C'était vendredi.")
    assert passage(engine, cases[0])[0] == date(2026, 12, 11)
    assert engine.verify().faults == ()


def test_who_decided_in_a_session_stays_among_those_who_were_there(engine: Engine, table: Any) -> None:
    """Their decisions are named; the others may be taken out, and they too once their decisions are annulled."""
    cases, session = table
    engine.meetings.decide(session, cases[0], "ajourner", PUT_BACK, by="colette")
    correct = engine.cases.correct
    with pytest.raises(ActionRefused) as refusal:
        correct(session, {"membres": "diane, Mme Roy"}, by="diane", reason="Erreur.")
    assert [(one.code, one.data["people"], one.data["cases"]) for one in refusal.value.reasons] == [
        ("member_decided", ["colette"], cases[:1])
    ]
    assert reason_words(refusal.value.reasons[0]) == (
        f"« colette » a décidé dans la séance D-{session:04d} (D-{cases[0]:04d}) : annulez d’abord ces décisions."
    )
    correct(session, {"membres": "colette, Mme Roy"}, by="diane", reason="Diane est sortie.")
    engine.cases.annul(cases[0], by="colette", reason="Elle n'était pas là.")
    assert correct(session, {"membres": "diane"}, by="diane", reason="Erreur.").facts["membres"] == ["diane"]
    assert engine.verify().faults == ()


def test_the_secretary_who_entered_decisions_stays_so_and_who_decides_by_another_role_may_go(
    engine: Engine,
) -> None:
    cases, session = waits(engine, 2), programmed(engine)
    engine.meetings.gather(session, by="claire")
    now_is(engine, SESSION)
    engine.cases.perform(session, "tenir", {"membres": "diane, Mme Roy", "secretaire": "colette"}, by="diane")
    engine.meetings.decide(session, cases[0], "ajourner", PUT_BACK, by="colette")
    engine.meetings.decide(session, cases[1], "desister", {"raison": "Non."}, by="diane")
    engine.run_due()
    correct = engine.cases.correct
    told = refused(engine, correct, session, {"secretaire": "claire"}, by="diane", reason="Erreur.")
    assert told == ["member_decided"]
    correct(session, {"secretaire": "claire", "membres": "colette, Mme Roy"}, by="diane", reason="Erreur.")
    assert engine.cases.get(session).facts["membres"] == ["colette", "Mme Roy"]


def test_an_attendance_put_right_still_meets_the_quorum(engine: Engine) -> None:
    engine.establishments.set_parameter("ophis", "commission", "quorum", 3)
    session = programmed(engine)
    now_is(engine, SESSION)
    correct = engine.cases.correct
    correct(session, {"heure_seance": "10:00"}, by="diane", reason="Matin.")  # nobody attended yet
    engine.cases.perform(session, "tenir", {"membres": MEMBERS, "secretaire": "claire"}, by="diane")
    engine.run_due()
    with pytest.raises(ActionRefused) as refusal:
        correct(session, {"membres": "diane, colette"}, by="diane", reason="Erreur.")
    assert [(one.code, one.text) for one in refusal.value.reasons] == [
        ("members", "Le quorum n'est pas atteint.")
    ]
    correct(session, {"membres": "diane, colette, M. Noir"}, by="diane", reason="C'était lui.")
    engine.establishments.set_parameter("ophis", "commission", "quorum", 4)
    kept = correct(session, {"membres": "diane, colette, M. Noir, gaston"}, by="diane", reason="Lui aussi.")
    assert len(kept.facts["membres"]) == 4


def test_a_quorum_that_was_raised_since_is_not_that_of_a_session_held_before(engine: Engine) -> None:
    engine.establishments.set_parameter("ophis", "commission", "quorum", 2)
    session = programmed(engine)
    now_is(engine, SESSION)
    engine.cases.perform(session, "tenir", {"membres": MEMBERS, "secretaire": "claire"}, by="diane")
    engine.establishments.set_parameter("ophis", "commission", "quorum", 9)
    kept = engine.cases.correct(session, {"membres": "diane, colette"}, by="diane", reason="Erreur.")
    assert kept.facts["membres"] == ["diane", "colette"]


# -- linked by hand


def test_a_point_is_not_taken_off_by_hand(engine: Engine, table: Any) -> None:
    cases, session = table
    unlink = engine.cases.unlink
    assert refused(engine, unlink, session, cases[0], "ordre_du_jour", by="claire", reason="Non.") == [
        "point_carry"
    ]
    assert numbers(engine, session) == cases


def test_a_case_comes_on_an_agenda_by_hand_as_it_is_gathered(engine: Engine, table: Any) -> None:
    cases, session = table
    engine.meetings.decide(session, cases[0], "decider_favorable", ADMITTED, by="colette")
    later = programmed(engine, "2027-01-14")
    link = engine.cases.link
    assert refused(engine, link, later, cases[0], "ordre_du_jour", by="claire") == ["point_not_waiting"]
    assert refused(engine, link, later, cases[1], "ordre_du_jour", by="claire") == ["point_elsewhere"]
    engine.meetings.carry(session, cases[1], reason="Absente.", by="claire")
    link(later, cases[1], "ordre_du_jour", by="claire")
    assert (unsettled(engine, later), passage(engine, cases[1])[0]) == (cases[1:], date(2027, 1, 14))
    engine.cases.perform(later, "annuler", {"motif_annulation": "Salle prise."}, by="diane")
    assert refused(engine, link, later, cases[1], "ordre_du_jour", by="claire") == ["meeting_over"]


# -- who attends


def test_someone_named_twice_counts_once(engine: Engine) -> None:
    engine.establishments.set_parameter("ophis", "commission", "quorum", 3)
    session = programmed(engine)
    now_is(engine, SESSION)
    engine.run_due()
    held_by = {"membres": ["colette", "colette", "diane"], "secretaire": "claire"}
    assert refused(engine, engine.cases.perform, session, "tenir", held_by, by="diane") == ["members"]
    held_by["membres"] = ["colette", "Mme Roy", "diane"]
    assert engine.cases.perform(session, "tenir", held_by, by="diane").state == "tenue"


def test_an_account_and_its_own_name_are_one_person(engine: Engine) -> None:
    """Written either way, in any case: kept once, counted once, when the session is held and when it is put right."""
    engine.establishments.set_parameter("ophis", "commission", "quorum", 2)
    engine.people.add("camille", "Camille Roy")
    engine.people.grant("camille", "commission_interne", "ophis")
    session = programmed(engine)
    now_is(engine, SESSION)
    engine.run_due()
    for named in (["camille", "Camille Roy"], "camille roy, camille,CAMILLE", ["M. Roy", "m. roy"]):
        held_by = {"membres": named, "secretaire": "claire"}
        assert refused(engine, engine.cases.perform, session, "tenir", held_by, by="diane") == ["members"]
    held_by["membres"] = ["Camille Roy", "M. Roy", "camille", "diane", "M. Roy", "diane"]
    kept = engine.cases.perform(session, "tenir", held_by, by="diane").facts["membres"]
    assert kept == ["M. Roy", "camille", "diane"]
    correct = engine.cases.correct
    again = {"membres": "M. Roy, camille, Camille Roy, diane"}
    assert refused(engine, correct, session, again, by="diane", reason="Erreur.") == ["nothing_to_correct"]
    again["membres"] = "Camille Roy, camille, diane"
    assert correct(session, again, by="diane", reason="Erreur.").facts["membres"] == ["camille", "diane"]


def test_two_accounts_of_one_name_are_two_people(engine: Engine) -> None:
    engine.establishments.set_parameter("ophis", "commission", "quorum", 2)
    for person in ("camille", "camille.r"):
        engine.people.add(person, "Camille Roy")
        engine.people.grant(person, "commission_interne", "ophis")
    session = programmed(engine)
    now_is(engine, SESSION)
    held_by = {"membres": "camille, camille.r", "secretaire": "claire"}
    assert engine.cases.perform(session, "tenir", held_by, by="diane").facts["membres"] == [
        "camille",
        "camille.r",
    ]


def test_a_case_of_another_house_is_no_point_of_a_session(
    engine: Engine, table: tuple[list[int], int]
) -> None:
    """It does not exist for diane, however it is named; no more does her session for the other house."""
    cases, session = table
    engine.establishments.add("autre", "Autre")
    engine.people.add("zoe", "Zoé")
    engine.people.grant("zoe", "direction", "autre")
    other = engine.cases.open(
        "commission", {"date_seance": SESSION}, by="zoe", establishment="autre", action="programmer"
    ).id
    before = dump(engine)
    for verb in (
        lambda: engine.meetings.gather(session, [other], by="diane"),
        lambda: engine.meetings.decide(session, other, "admettre", by="diane"),
        lambda: engine.meetings.carry(session, cases[0], to=other, reason="r", by="diane"),
        lambda: engine.meetings.gather(session, by="zoe"),
        lambda: engine.meetings.agenda(cases[0], by="zoe"),
        lambda: engine.meetings.gather(cases[0], by="zoe"),
    ):
        with pytest.raises(NotFound):
            verb()
    assert dump(engine) == before


def test_an_account_that_cannot_attend_is_refused_a_deputy_and_a_name_are_not(engine: Engine) -> None:
    engine.establishments.add("autre", "Autre")
    engine.people.add("zoe", "Zoé")
    engine.people.grant("zoe", "direction", "autre")
    engine.people.add("victor", "Victor", active=False)
    engine.people.absent("gaston", date(2026, 12, 1), date(2026, 12, 31), by="diane")
    session = programmed(engine)
    now_is(engine, SESSION)
    engine.run_due()
    with pytest.raises(ActionRefused) as refusal:
        engine.cases.perform(
            session,
            "tenir",
            {"membres": [*MEMBERS, "zoe", "victor", "gaston"], "secretaire": "claire"},
            by="diane",
        )
    assert [(one.code, one.data["why"], one.data["people"]) for one in refusal.value.reasons] == [
        ("member_cannot", "elsewhere", ["zoe"]), ("member_cannot", "inactive", ["victor"]),
        ("member_cannot", "away", ["gaston"]),
    ]  # fmt: skip
    engine.people.absent("colette", date(2026, 12, 10), date(2026, 12, 10), deputy="zoe", by="diane")
    attended = {"membres": ["zoe", "diane", "Mme Roy"], "secretaire": "claire"}
    assert engine.cases.perform(session, "tenir", attended, by="diane").state == "tenue"
