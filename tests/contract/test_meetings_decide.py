"""A point decided in a session: when, by whom, with what in both histories; and a session that closes, or may not."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from support.engines import dump
from support.house import a_case
from support.seances import (
    ADMITTED,
    MEMBERS,
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
    urgent,
    waits,
)

from jalon import ActionRefused, Engine, InputError, KeyReused, NotFound, StaleCase
from jalon.interfaces.words import reason_words

ON = date.fromisoformat(SESSION)


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = a_house(database_url)
    yield engine
    engine.close()


@pytest.fixture
def table(engine: Engine) -> tuple[list[int], int]:
    """Three cases on the agenda of a session that is being held."""
    return being_held(engine, 3)


def reasons(refusal: pytest.ExceptionInfo[ActionRefused]) -> list[str]:
    return [reason.code for reason in refusal.value.reasons]


# -- a decision


def test_a_decision_is_an_act_on_the_case_at_the_day_of_the_session(engine: Engine, table) -> None:
    cases, session = table
    now_is(engine, "2026-12-11")
    case = engine.meetings.decide(session, cases[0], "decider_favorable", ADMITTED, by="colette")
    assert (case.state, case.state_since, case.facts["membres"]) == ("admis", ON, MEMBERS)
    assert case == engine.cases.get(cases[0])
    point = engine.meetings.agenda(session)[0]
    assert (point.settled, point.action, point.action_label, point.by, point.on, point.state_label) == (
        True, "decider_favorable", "Admettre", "colette", ON, "Admis",
    )  # fmt: skip
    act, line = engine.cases.history(cases[0])[-2:]
    assert (act.seq, act.action, act.effective_on, act.at.date()) == (
        point.act,
        "decider_favorable",
        ON,
        date(2026, 12, 11),
    )
    assert (line.kind, line.body["change"], line.body["case"]) == ("link", "decided", session)
    told = engine.cases.history(session)[-1]
    assert (told.kind, told.actor, told.effective_on) == ("link", "colette", ON)
    assert {key: told.body[key] for key in ("change", "case", "action", "act")} == {
        "change": "decided", "case": cases[0], "action": "decider_favorable", "act": point.act,
    }  # fmt: skip
    assert "motifs" not in told.facts  # the reasons are in the case, and nowhere else
    assert engine.verify().faults == ()


def test_a_date_that_follows_from_a_decision_counts_from_the_session(engine: Engine, table) -> None:
    """The notification is due five working days after Thursday the 10th, whenever the decision is entered."""
    cases, session = table
    now_is(engine, "2026-12-11")
    engine.meetings.decide(session, cases[0], "decider_defavorable", REFUSED, by="colette")
    due = {item.name: item.due_on for item in engine.cases.dates(cases[0]) if item.status == "open"}
    assert due["notification"] == date(2026, 12, 17)


def test_a_decision_is_never_dated_before_the_case_came_to_its_state(engine: Engine, table) -> None:
    """Annulled on the 11th after a new interview, the point is decided again, from the day of its last change."""
    cases, session = table
    case = cases[0]
    engine.meetings.decide(session, case, "ajourner", PUT_BACK, by="colette")
    now_is(engine, "2026-12-11")
    engine.cases.perform(case, "completer", by="claire")
    engine.cases.perform(case, "inscrire_commission", by="claire")
    other = urgent(engine, "2026-12-11")
    engine.meetings.gather(other, [case], by="claire")
    held(engine, other, "2026-12-11")
    assert engine.meetings.decide(
        other, case, "decider_favorable", ADMITTED, by="colette"
    ).state_since == date(2026, 12, 11)
    assert [engine.meetings.agenda(one)[0].action for one in (session, other)] == [
        "ajourner",
        "decider_favorable",
    ]
    assert engine.verify().faults == ()


def test_a_second_passage_has_a_date_of_its_own(engine: Engine, table) -> None:
    """Put off from one session to another, a passage has one date that moves; sent again, it is another passage."""
    cases, session = table
    later = programmed(engine, "2027-01-14")
    on = date(2027, 1, 14)
    engine.meetings.decide(session, cases[0], "ajourner", PUT_BACK, by="colette")
    engine.meetings.carry(session, cases[1], to=later, reason="Absente.", by="claire")
    now_is(engine, "2026-12-11")
    for action in ("completer", "inscrire_commission"):
        engine.cases.perform(cases[0], action, by="claire")
    engine.meetings.gather(later, [cases[0]], by="claire")
    assert passage(engine, cases[0]) == (on, [(ON, "void"), (on, "open")])
    assert passage(engine, cases[1]) == (on, [(on, "open")])
    engine.cases.perform(
        later, "deplacer", {"date_seance": "2027-01-15", "motif_report": "Salle."}, by="claire"
    )
    moved = date(2027, 1, 15)
    assert passage(engine, cases[0]) == (moved, [(ON, "void"), (moved, "open")])
    assert engine.verify().faults == ()


def test_other_members_may_be_named_and_acts_without_members_have_none(engine: Engine, table) -> None:
    cases, session = table
    case = engine.meetings.decide(
        session, cases[0], "decider_defavorable", {**REFUSED, "membres": "diane"}, by="colette"
    )
    assert case.facts["membres"] == ["diane"]
    # `desister` asks for no members: it is an act of the household, and no less a decision of the point
    case = engine.meetings.decide(session, cases[1], "desister", {"raison": "Parti."}, by="claire")
    assert (case.state, case.facts.get("membres")) == ("sans_suite", None)


def test_a_renewal_is_decided_in_session_too(engine: Engine) -> None:
    story = a_case(engine, "renouvellement_a_instruire")
    session = programmed(engine, "2027-08-20")
    engine.meetings.gather(session, by="claire")
    assert passage(engine, story.case.id) == (date(2027, 8, 20), [(date(2027, 8, 20), "open")])
    held(engine, session, "2027-08-20")
    renewed = {"motifs": "Le relogement est proche.", "avenant_signe": True}
    case = engine.meetings.decide(session, story.case.id, "renouveler", renewed, by="colette")
    assert (case.state, case.facts["membres"]) == ("en_sejour", MEMBERS)


# -- what stands in the way


def test_nothing_is_decided_before_the_session_is_held(engine: Engine) -> None:
    (case,), session = waits(engine), programmed(engine)
    engine.meetings.gather(session, by="claire")
    before = dump(engine)
    with pytest.raises(ActionRefused) as refusal:
        engine.meetings.decide(session, case, "decider_favorable", ADMITTED, by="colette")
    assert reasons(refusal) == ["meeting_not_held"]
    assert reason_words(refusal.value.reasons[0]) == (
        f"La séance D-{session:04d}, prévue le jeudi 10 décembre 2026, n’a pas encore été tenue."
    )
    assert dump(engine) == before


def test_a_case_on_no_agenda_is_not_decided_there(engine: Engine, table) -> None:
    _, session = table
    (late,) = waits(engine, 1)
    with pytest.raises(ActionRefused) as refusal:
        engine.meetings.decide(session, late, "decider_favorable", ADMITTED, by="colette")
    assert reasons(refusal) == ["point_unknown"]


def test_a_point_is_decided_once(engine: Engine, table) -> None:
    cases, session = table
    engine.meetings.decide(session, cases[0], "ajourner", PUT_BACK, by="colette")
    engine.meetings.carry(session, cases[1], reason="Absente.", by="claire")
    before = dump(engine)
    for case in cases[:2]:
        with pytest.raises(ActionRefused) as refusal:
            engine.meetings.decide(session, case, "decider_favorable", ADMITTED, by="colette")
        assert reasons(refusal) == ["point_settled"]
    assert dump(engine) == before


def test_whoever_held_the_interview_does_not_decide_alone(engine: Engine) -> None:
    engine.people.grant("claire", "commission_interne", "ophis")
    (case,), session = waits(engine), programmed(engine)
    engine.meetings.gather(session, by="claire")
    held(engine, session)
    with pytest.raises(ActionRefused) as refusal:
        engine.meetings.decide(session, case, "decider_favorable", ADMITTED, by="claire")
    assert reasons(refusal) == ["same_person"]
    assert engine.meetings.decide(session, case, "decider_favorable", ADMITTED, by="colette").state == "admis"


def test_what_the_act_refuses_is_refused_with_every_reason_and_nothing_is_written(
    engine: Engine, table
) -> None:
    cases, session = table
    before = dump(engine)
    for action, facts, by, expected in (
        ("decider_defavorable", {"motifs": " "}, "victor", ["role", "fact_missing", "fact_missing"]),
        ("signer", {}, "gaston", None), ("rien", {}, "colette", ["action_unknown"]),
        (3, {}, "colette", ["action_unknown"]),
    ):  # fmt: skip
        with pytest.raises(ActionRefused) as refusal:
            engine.meetings.decide(session, cases[0], action, facts, by=by)
        assert expected is None or reasons(refusal) == expected
    with pytest.raises(InputError):
        engine.meetings.decide(session, cases[0], "ajourner", ["motifs"], by="colette")
    for wrong in ((session, 999), (999, cases[0])):
        with pytest.raises(NotFound):
            engine.meetings.decide(*wrong, "ajourner", PUT_BACK, by="colette")
    with pytest.raises(InputError):
        engine.meetings.decide(cases[0], cases[1], "ajourner", PUT_BACK, by="colette")
    with pytest.raises(NotFound):
        engine.meetings.decide(session, cases[0], "ajourner", PUT_BACK, by="personne")
    assert dump(engine) == before


def test_a_place_is_given_once_in_a_session(engine: Engine, table) -> None:
    cases, session = table
    engine.meetings.decide(session, cases[0], "decider_favorable", ADMITTED, by="colette")
    with pytest.raises(ActionRefused) as refusal:
        engine.meetings.decide(session, cases[1], "decider_favorable", ADMITTED, by="colette")
    assert reasons(refusal) == ["place_taken"]
    assert unsettled(engine, session) == cases[1:]


# -- taken back, asked twice, at the same time


def test_a_decision_that_is_annulled_opens_its_point_again(engine: Engine, table) -> None:
    cases, session = table
    for case in cases[1:]:
        engine.meetings.carry(session, case, reason="Plus tard.", by="claire")
    engine.meetings.decide(session, cases[0], "decider_defavorable", REFUSED, by="colette")
    engine.cases.annul(cases[0], by="colette", reason="Mauvais dossier.")
    assert unsettled(engine, session) == cases[:1]
    with pytest.raises(ActionRefused):
        closed(engine, session)
    engine.meetings.decide(session, cases[0], "ajourner", PUT_BACK, by="colette")
    assert engine.cases.perform(session, "clore", by="diane").state == "close"
    assert engine.verify().faults == ()


def test_a_command_repeated_under_its_key_decides_once(engine: Engine, table) -> None:
    cases, session = table
    first = engine.meetings.decide(session, cases[0], "ajourner", PUT_BACK, by="colette", key="point-1")
    before = dump(engine)
    assert (
        engine.meetings.decide(session, cases[0], "ajourner", PUT_BACK, by="colette", key="point-1") == first
    )
    with pytest.raises(KeyReused):
        engine.meetings.decide(session, cases[1], "ajourner", PUT_BACK, by="colette", key="point-1")
    assert dump(engine) == before


def test_two_people_who_decide_one_point_at_once_leave_one_decision(engine: Engine, table) -> None:
    cases, session = table

    def decide(action_facts: tuple[str, dict[str, str]]) -> str:
        try:
            return engine.meetings.decide(session, cases[0], *action_facts, by="colette").state
        except ActionRefused as refusal:
            return refusal.reasons[0].code

    with ThreadPoolExecutor(2) as pool:
        found = sorted(pool.map(decide, (("ajourner", PUT_BACK), ("decider_defavorable", REFUSED))))
    assert found in (["ajourne", "point_settled"], ["point_settled", "refuse"])
    assert (
        len([event for event in engine.cases.history(session) if event.body.get("change") == "decided"]) == 1
    )
    assert engine.verify().faults == ()


def test_two_sessions_that_gather_at_once_share_the_cases_out(engine: Engine) -> None:
    cases = waits(engine, 4)
    sessions = [programmed(engine), programmed(engine, "2026-12-17")]
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda session: engine.meetings.gather(session, by="claire"), sessions))
    found = [point.case_id for session in sessions for point in engine.meetings.agenda(session)]
    assert sorted(found) == cases
    assert engine.verify().faults == ()


def test_a_host_decides_in_its_own_transaction(engine: Engine, table) -> None:
    cases, session = table
    before = dump(engine)
    with engine._world.database.write() as connection:
        case = engine.meetings.decide(
            session, cases[0], "ajourner", PUT_BACK, by="colette", session=connection
        )
        assert case.state == "ajourne"
        connection.rollback()
    assert dump(engine) == before


# -- closing


def test_a_session_is_not_closed_without_minutes_nor_with_a_point_left(engine: Engine, table) -> None:
    cases, session = table
    with pytest.raises(ActionRefused) as refusal:
        engine.cases.perform(session, "clore", by="diane")
    assert reasons(refusal) == ["state", "linked"]
    with pytest.raises(ActionRefused) as refusal:
        closed(engine, session)
    assert [reason_words(reason) for reason in refusal.value.reasons] == [
        "Un point de l'ordre du jour n'a ni décision ni report."
    ]
    assert refusal.value.reasons[0].data["cases"] == cases
    for case in cases[:2]:  # the minutes have left: a point that was forgotten is still decided
        engine.meetings.decide(session, case, "ajourner", PUT_BACK, by="colette")
    engine.meetings.carry(session, cases[2], reason="Oubliée.", by="claire")
    assert engine.cases.perform(session, "clore", by="diane").state == "close"
    for late in (
        lambda: engine.meetings.decide(session, cases[2], "ajourner", PUT_BACK, by="colette"),
        lambda: engine.meetings.carry(session, cases[2], reason="Encore.", by="claire"),
        lambda: engine.meetings.gather(session, by="claire"),
    ):
        with pytest.raises(ActionRefused) as refusal:
            late()
        assert "meeting_over" in reasons(refusal)


def test_a_quorum_that_is_not_reached_holds_no_session(engine: Engine) -> None:
    engine.establishments.set_parameter("ophis", "commission", "quorum", 4)
    session = programmed(engine)
    with pytest.raises(ActionRefused) as refusal:
        held(engine, session)
    assert [reason_words(reason) for reason in refusal.value.reasons] == ["Le quorum n'est pas atteint."]
    engine.establishments.set_parameter("ophis", "commission", "quorum", 3)
    assert held(engine, session).state == "tenue"


def test_a_revision_seen_before_an_agenda_changed_is_stale(engine: Engine) -> None:
    waits(engine)
    session = programmed(engine)
    seen = engine.cases.get(session).revision
    engine.meetings.gather(session, by="claire")
    with pytest.raises(StaleCase):
        engine.cases.perform(session, "annuler", {"motif_annulation": "Non."}, by="diane", revision=seen)
