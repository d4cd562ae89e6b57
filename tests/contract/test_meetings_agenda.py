"""Who waits for a session, what is put on its agenda, and what moving, cancelling or putting off does to it."""

from collections.abc import Iterator
from datetime import date

import pytest
from support.engines import Post
from support.house import a_case
from support.seances import (
    MOVED,
    SESSION,
    a_house,
    closed,
    held,
    now_is,
    numbers,
    passage,
    programmed,
    unsettled,
    urgent,
    waits,
)

from jalon import ActionRefused, Engine, InputError, NotFound
from jalon.interfaces.words import reason_words

ON, LATER = date.fromisoformat(SESSION), date.fromisoformat(MOVED)


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = a_house(database_url)
    yield engine
    engine.close()


def reasons(refusal: pytest.ExceptionInfo[ActionRefused]) -> list[str]:
    return [reason.code for reason in refusal.value.reasons]


# -- who waits


def test_cases_wait_for_the_body_of_their_state_the_longest_first(engine: Engine) -> None:
    second, _ = waits(engine, 2)
    now_is(engine, "2026-11-23")
    (first,) = waits(engine)
    waits(engine, 1, "preadmission_realisee")
    found = engine.meetings.waiting("ophis")
    assert [one.case_id for one in found][:2] == [first, second]
    one = found[0]
    assert (one.number, one.body, one.body_label, one.state, one.since, one.meeting) == (
        f"D-{first:04d}", "commission_interne", "Commission interne", "en_commission", date(2026, 11, 23), None,
    )  # fmt: skip
    assert len(found) == 3
    assert engine.meetings.waiting("ophis", "commission_interne") == found
    for unknown in ("nulle", "direction"):  # a mistyped body, or what is none, is no empty answer
        with pytest.raises(InputError) as refusal:
            engine.meetings.waiting("ophis", unknown)
        assert refusal.value.data["known"] == ["commission_interne"]


def test_a_renewal_to_decide_waits_for_the_commission_too(engine: Engine) -> None:
    story = a_case(engine, "renouvellement_a_instruire")
    assert [(one.case_id, one.state) for one in engine.meetings.waiting("ophis")] == [
        (story.case.id, "renouvellement_a_instruire")
    ]


def test_who_waits_is_told_of_a_house_that_one_may_see(engine: Engine) -> None:
    with pytest.raises(NotFound):
        engine.meetings.waiting("ailleurs")
    with pytest.raises(NotFound):
        engine.meetings.waiting("ophis", by="personne")
    engine.people.add("luc", "Luc")
    with pytest.raises(NotFound):
        engine.meetings.waiting("ophis", by="luc")
    with pytest.raises(NotFound):
        engine.meetings.waiting("ophis", "\x00")


# -- the agenda gathered


def test_gathering_puts_those_that_wait_on_the_agenda_and_tells_both_histories(engine: Engine) -> None:
    cases, session = waits(engine, 3), programmed(engine)
    points = engine.meetings.gather(session, by="claire")
    assert [(point.rank, point.case_id, point.settled, point.since) for point in points] == [
        (rank, case, False, date(2026, 11, 24)) for rank, case in enumerate(cases, 1)
    ]
    assert passage(engine, cases[0]) == (ON, [(ON, "open")])
    told = [
        (event.kind, event.body["change"], event.body["case"]) for event in engine.cases.history(session)[1:]
    ]
    assert told == [("link", "made", case) for case in cases]
    line = engine.cases.history(cases[0])[-1]
    assert (line.kind, line.actor, line.body["case"], dict(line.facts)) == (
        "link",
        "claire",
        session,
        {"seance_le": ON},
    )
    assert [one.meeting for one in engine.meetings.waiting("ophis")] == [session] * 3
    assert engine.verify().faults == ()


def test_gathering_again_adds_only_those_that_came_since(engine: Engine) -> None:
    cases, session = waits(engine, 2), programmed(engine)
    engine.meetings.gather(session, by="claire")
    before = engine.cases.get(session)
    assert [point.case_id for point in engine.meetings.gather(session, by="claire")] == cases
    assert engine.cases.get(session) == before
    cases += waits(engine)
    assert [point.case_id for point in engine.meetings.gather(session, by="claire")] == cases


def test_a_case_is_on_one_open_agenda_at_a_time_an_urgent_one_beside_the_monthly_one(engine: Engine) -> None:
    first, second = waits(engine, 2)
    monthly, other = programmed(engine), urgent(engine, "2026-11-25")
    engine.meetings.gather(other, [second], by="gaston")
    assert [point.case_id for point in engine.meetings.gather(monthly, by="claire")] == [first]
    with pytest.raises(ActionRefused) as refusal:
        engine.meetings.gather(monthly, [first, second], by="claire")
    assert [(reason.code, reason.data["case"], reason.data["on"]) for reason in refusal.value.reasons] == [
        ("point_elsewhere", first, monthly), ("point_elsewhere", second, other),
    ]  # fmt: skip
    assert reason_words(refusal.value.reasons[1]) == (
        f"Le dossier D-{second:04d} est déjà à l’ordre du jour de la séance D-{other:04d}."
    )
    engine.meetings.carry(monthly, first, to=other, reason="La place se libère demain.", by="claire")
    assert (numbers(engine, other), unsettled(engine, monthly)) == ([second, first], [])
    assert passage(engine, first)[0] == date(2026, 11, 25)


def test_a_case_that_waits_for_nobody_is_refused_by_name(engine: Engine) -> None:
    (heard,) = waits(engine, 1, "preadmission_realisee")
    session = programmed(engine)
    with pytest.raises(ActionRefused) as refusal:
        engine.meetings.gather(session, [heard], by="claire")
    assert reasons(refusal) == ["point_not_waiting"]
    assert "Commission interne" in reason_words(refusal.value.reasons[0])
    with pytest.raises(NotFound):
        engine.meetings.gather(session, [heard, 999], by="claire")
    assert numbers(engine, session) == []


def test_a_case_that_came_after_the_day_of_the_session_is_for_the_next(engine: Engine) -> None:
    session = programmed(engine, "2026-11-25")
    held(engine, session, "2026-11-25")
    now_is(engine, "2026-11-26")
    waits(engine)
    assert engine.meetings.gather(session, by="claire") == ()


def test_only_the_house_gathers_and_only_what_is_a_session_gathers(engine: Engine) -> None:
    (case,), session = waits(engine), programmed(engine)
    with pytest.raises(ActionRefused) as refusal:
        engine.meetings.gather(session, by="siao63")
    assert reasons(refusal) == ["role"]
    with pytest.raises(NotFound):
        engine.meetings.gather(session, by="personne")
    for wrong in (lambda: engine.meetings.gather(case, by="claire"), lambda: engine.meetings.agenda(case)):
        with pytest.raises(InputError) as told:
            wrong()
        assert told.value.data["problem"] == "no_meeting"
    with pytest.raises(NotFound):
        engine.meetings.agenda(999)
    engine.people.add("luc", "Luc")
    with pytest.raises(NotFound):
        engine.meetings.agenda(session, by="luc")


# -- the session moves, is cancelled, ends


def test_moving_the_session_moves_the_date_of_its_cases_and_of_no_other(engine: Engine) -> None:
    first, second = waits(engine, 2)
    session = programmed(engine)
    engine.meetings.gather(session, [first], by="claire")
    engine.cases.perform(
        session, "deplacer", {"date_seance": MOVED, "motif_report": "Salle prise."}, by="claire"
    )
    assert passage(engine, first) == (LATER, [(LATER, "open")])
    assert passage(engine, second) == (None, [])
    assert engine.cases.history(first)[-1].body["change"] == "followed"
    assert engine.verify().faults == ()


def test_a_session_is_not_moved_once_it_was_held(engine: Engine) -> None:
    session = programmed(engine)
    held(engine, session)
    with pytest.raises(ActionRefused) as refusal:
        engine.cases.perform(
            session, "deplacer", {"date_seance": MOVED, "motif_report": "Trop tard."}, by="claire"
        )
    assert reasons(refusal) == ["state"]


def test_a_cancelled_session_lets_its_cases_wait_for_the_next(engine: Engine) -> None:
    first, second = waits(engine, 2)
    session = programmed(engine)
    engine.meetings.gather(session, by="claire")
    engine.cases.perform(session, "annuler", {"motif_annulation": "Trop peu de membres."}, by="diane")
    assert passage(engine, first) == (None, [(ON, "void")])
    assert numbers(engine, session) == []
    with pytest.raises(ActionRefused) as refusal:
        engine.meetings.gather(session, [first], by="claire")
    assert reasons(refusal) == ["meeting_over"]
    engine.cases.perform(session, "reprogrammer", {"nouvelle_date": MOVED}, by="claire")
    (again,) = [one.case_id for one in engine.meetings.list("ophis", open_only=True)]
    assert engine.meetings.gather(again, by="claire")[0].case_id == first
    assert [passage(engine, case) for case in (first, second)] == [(LATER, [(LATER, "open")])] * 2
    assert engine.verify().faults == ()


# -- a point put off


def test_a_point_put_off_waits_for_the_next_session_with_its_reason(engine: Engine) -> None:
    (case,), session = waits(engine), programmed(engine)
    engine.meetings.gather(session, by="claire")
    held(engine, session)
    (point,) = engine.meetings.carry(session, case, reason="La famille n'a pas pu venir.", by="claire")
    assert (point.carried, point.carried_to, point.reason, point.by, point.on, point.settled) == (
        True, None, "La famille n'a pas pu venir.", "claire", ON, True,
    )  # fmt: skip
    assert passage(engine, case) == (None, [(ON, "void")])
    assert closed(engine, session).state == "close"
    following = programmed(engine, "2027-01-14")
    assert [point.case_id for point in engine.meetings.gather(following, by="claire")] == [case]
    assert numbers(engine, session) == [case]
    assert engine.verify().faults == ()


def test_a_point_put_off_to_a_session_is_on_its_agenda_with_its_day(engine: Engine) -> None:
    (case,), session, following = waits(engine), programmed(engine), programmed(engine, "2027-01-14")
    engine.meetings.gather(session, by="claire")
    (point,) = engine.meetings.carry(session, case, to=following, reason="Pièce attendue.", by="claire")
    assert point.carried_to == following
    assert (numbers(engine, following), passage(engine, case)[0]) == ([case], date(2027, 1, 14))
    engine.meetings.carry(following, case, to=session, reason="Elle est arrivée.", by="claire")
    assert unsettled(engine, session) == [case]
    assert passage(engine, case) == (ON, [(ON, "open")])
    assert engine.verify().faults == ()


def test_what_cannot_be_put_off_says_every_reason(engine: Engine) -> None:
    (case,), session, following = waits(engine), programmed(engine), programmed(engine, "2027-01-14")
    with pytest.raises(ActionRefused) as refusal:
        engine.meetings.carry(session, case, to=session, reason="  ", by="siao63")
    assert reasons(refusal) == ["role", "point_unknown", "reason_missing", "meeting_other"]
    engine.meetings.gather(session, by="claire")
    with pytest.raises(ActionRefused) as refusal:
        engine.meetings.carry(session, case, to=case, reason="Non.", by="claire")
    assert reasons(refusal) == ["meeting_other"]
    engine.cases.perform(following, "annuler", {"motif_annulation": "Non."}, by="diane")
    with pytest.raises(ActionRefused) as refusal:
        engine.meetings.carry(session, case, to=following, reason="Non.", by="claire")
    assert reasons(refusal) == ["meeting_over"]
    engine.meetings.carry(session, case, reason="Oui.", by="claire")
    with pytest.raises(ActionRefused) as refusal:
        engine.meetings.carry(session, case, reason="Encore.", by="claire")
    assert reasons(refusal) == ["point_settled"]
    for wrong in (None, 3, "a\x00b"):
        with pytest.raises(InputError):
            engine.meetings.carry(session, case, reason=wrong, by="claire")


# -- what is told


def test_the_convocation_says_numbers_and_never_a_name(database_url: str) -> None:
    post = Post()
    engine = a_house(database_url, transport=post)
    cases, session = waits(engine, 2), programmed(engine)
    engine.meetings.gather(session, by="claire")
    engine.deliver()
    post.sent.clear()
    now_is(engine, "2026-12-03", 9)
    engine.tick()
    sent = [message for message in post.sent if "Réunion" in str(message["Subject"])]
    engine.close()
    assert {str(message["Subject"]) for message in sent} == {
        f"Réunion du 10/12/2026 – dossier D-{session:04d}"
    }
    assert len(sent) == 3  # colette, diane et claire
    for message in sent:
        text = message.get_body(("plain",)).get_content()
        assert all(f"- D-{case:04d}" in text for case in cases)
        assert "Secrète" not in message.as_string()


def test_the_sessions_of_a_house_are_listed_with_what_became_of_them(engine: Engine) -> None:
    first, _, third = waits(engine, 3)
    session = programmed(engine)
    engine.meetings.gather(session, [first, third], by="claire")
    following = programmed(engine, "2027-01-14")
    engine.meetings.carry(session, third, to=following, reason="Plus tard.", by="claire")
    found = engine.meetings.list("ophis", by="claire")
    assert [(one.case_id, one.on, one.points, one.decided, one.carried, one.minutes, one.over) for one in found] == [
        (following, date(2027, 1, 14), 1, 0, 0, False, False), (session, ON, 2, 0, 1, False, False),
    ]  # fmt: skip
    assert engine.meetings.list(limit=1) == found[:1]
    engine.cases.perform(following, "annuler", {"motif_annulation": "Non."}, by="diane")
    assert [one.case_id for one in engine.meetings.list("ophis", open_only=True)] == [session]
    engine.people.add("luc", "Luc")
    assert engine.meetings.list(by="luc") == ()
    with pytest.raises(NotFound):
        engine.meetings.list("ailleurs")
    with pytest.raises(InputError):
        engine.meetings.list(limit=0)
