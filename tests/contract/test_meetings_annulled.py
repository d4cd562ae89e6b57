"""An act annulled and the agendas: what sent a case before the body, a decision, a closing; never two at once."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from support.engines import dump
from support.house import clock_of
from support.seances import (
    MOVED,
    PUT_BACK,
    SESSION,
    a_house,
    being_held,
    closed,
    held,
    passage,
    programmed,
    unsettled,
    waits,
)
from support.together import together

from jalon import ActionRefused, Engine, JalonError, Settings

WHY: Any = {"reason": "Erreur."}


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = a_house(database_url)
    yield engine
    engine.close()


def ended(engine: Engine, number: int, other: int) -> list[tuple[str, int]]:
    """Tell the lines of a history by which a point was let go of: who, and from or to which case."""
    return [
        (event.actor, event.body["case"]) for event in engine.cases.history(number)
        if event.kind == "link" and event.body["change"] == "ended" and event.body["case"] == other
    ]  # fmt: skip


def sent_again(engine: Engine, case: int) -> None:
    """Send a case that was put back before the body again, which are two acts."""
    for action in ("completer", "inscrire_commission"):
        engine.cases.perform(case, action, by="claire")


def test_a_case_that_does_not_wait_any_more_leaves_the_agenda_with_the_act_that_sent_it(
    engine: Engine,
) -> None:
    """The session keeps no point that nobody can decide: it is held and closed with those that are left."""
    (gone, kept), session = waits(engine, 2), programmed(engine)
    engine.meetings.gather(session, by="claire")
    assert engine.cases.annul(gone, by="claire", **WHY).state != "en_commission"
    assert (unsettled(engine, session), passage(engine, gone)[0]) == ([kept], None)
    assert passage(engine, gone)[1] == [(date.fromisoformat(SESSION), "void")]
    assert (ended(engine, gone, session), ended(engine, session, gone)) == (
        [("claire", session)], [("claire", gone)],
    )  # fmt: skip
    held(engine, session)
    engine.meetings.decide(session, kept, "ajourner", PUT_BACK, by="colette")
    assert closed(engine, session).state == "close"
    assert engine.verify().faults == ()


def test_what_is_let_go_of_comes_again_once_it_is_sent_again(engine: Engine) -> None:
    (case,), session = waits(engine), programmed(engine)
    engine.meetings.gather(session, by="claire")
    engine.cases.annul(case, by="claire", **WHY)
    engine.cases.perform(case, "inscrire_commission", by="claire")
    assert [one.meeting for one in engine.meetings.waiting("ophis")] == [None]
    engine.meetings.gather(session, by="claire")
    on = date.fromisoformat(SESSION)
    assert (unsettled(engine, session), passage(engine, case)) == ([case], (on, [(on, "void"), (on, "open")]))


def test_a_point_decided_in_one_session_and_gathered_by_another_is_never_open_on_both(engine: Engine) -> None:
    """Annulled one after the other, the acts that sent it again and the decision leave it where it was decided."""
    (case, _), first = being_held(engine, 2)
    engine.meetings.decide(first, case, "ajourner", PUT_BACK, by="colette")
    sent_again(engine, case)
    second = programmed(engine, "2027-01-14")
    engine.meetings.gather(second, [case], by="claire")
    engine.cases.annul(case, by="claire", **WHY)
    assert (case in unsettled(engine, first), unsettled(engine, second)) == (False, [])
    engine.cases.annul(case, by="claire", **WHY)
    engine.cases.annul(case, by="colette", **WHY)
    assert (case in unsettled(engine, first), unsettled(engine, second)) == (True, [])
    assert passage(engine, case)[0] == date.fromisoformat(SESSION)
    assert engine.verify().faults == ()


def test_a_case_put_off_that_came_back_is_let_go_of_and_the_report_is_shown_again(engine: Engine) -> None:
    (case, other), session = waits(engine, 2), programmed(engine)
    engine.meetings.gather(session, by="claire")
    engine.meetings.carry(session, case, reason="Absente.", by="claire")
    engine.meetings.gather(session, [case], by="claire")
    assert unsettled(engine, session) == [other, case]
    engine.cases.annul(case, by="claire", **WHY)
    agenda = {point.case_id: (point.rank, point.reason) for point in engine.meetings.agenda(session)}
    assert agenda == {case: (1, "Absente."), other: (2, None)}
    assert engine.verify().faults == ()


def test_a_point_that_came_back_keeps_what_was_done_apart_from_the_session(engine: Engine) -> None:
    (case, _), session = being_held(engine, 2)
    engine.cases.perform(case, "ajourner", {**PUT_BACK, "membres": ["colette"]}, by="colette")
    sent_again(engine, case)
    assert case in unsettled(engine, session)
    engine.cases.annul(case, by="claire", **WHY)
    point = next(one for one in engine.meetings.agenda(session) if one.case_id == case)
    assert (point.action, point.outside) == ("ajourner", True)


def test_a_closed_session_is_not_opened_again_over_a_point_that_another_has(engine: Engine) -> None:
    (case,), session = being_held(engine, 1)
    engine.cases.perform(case, "ajourner", {**PUT_BACK, "membres": ["colette"]}, by="colette")
    closed(engine, session)
    sent_again(engine, case)
    later = programmed(engine, MOVED)
    engine.meetings.gather(later, by="claire")
    engine.run_due()
    before = dump(engine)
    with pytest.raises(ActionRefused) as refusal:
        engine.cases.annul(session, by="diane", **WHY)
    assert [(one.code, one.data["on"]) for one in refusal.value.reasons] == [("point_elsewhere", later)]
    assert dump(engine) == before
    engine.meetings.carry(later, case, reason="Il revient à la première.", by="claire")
    assert engine.cases.annul(session, by="diane", **WHY).state == "compte_rendu_diffuse"
    assert (unsettled(engine, session), unsettled(engine, later)) == ([case], [])


@pytest.fixture
def other(engine: Engine, database_url: str) -> Iterator[Engine]:
    """Another process, as the database sees it."""
    other = Engine(Settings(database=database_url), clock=clock_of(engine))
    yield other
    other.close()


def test_a_case_gathered_while_the_act_that_sent_it_is_annulled_is_on_no_agenda(
    engine: Engine, other: Engine
) -> None:
    """Whichever comes first, the point is let go of, whatever the order of the numbers."""
    for turn in range(8):
        before = [programmed(engine)] if turn % 2 else []
        (case,) = waits(engine)
        (session,) = before or [programmed(engine)]
        done, gathered = together(
            lambda case=case: engine.cases.annul(case, by="claire", **WHY),
            lambda case=case, on=session: other.meetings.gather(on, [case], by="claire"),
        )
        assert not isinstance(done, JalonError)
        if isinstance(gathered, JalonError):
            assert isinstance(gathered, ActionRefused)
            assert [one.code for one in gathered.reasons] == ["point_not_waiting"]
        assert (unsettled(engine, session), passage(engine, case)[0]) == ([], None)
    assert engine.verify().faults == ()


def test_a_session_moved_while_an_act_of_its_agenda_is_annulled_waits_for_it(
    engine: Engine, other: Engine
) -> None:
    """Each reaches the other, by locks taken in one order: nobody waits for ever, and both are done."""
    moved = {"date_seance": MOVED, "motif_report": "Salle."}
    for turn in range(8):
        before = [programmed(engine)] if turn % 2 else []
        cases = waits(engine, 3)
        (session,) = before or [programmed(engine)]
        engine.meetings.gather(session, by="claire")
        done = together(
            lambda case=cases[turn % 3]: engine.cases.annul(case, by="claire", **WHY),
            lambda on=session: other.cases.perform(on, "deplacer", moved, by="claire"),
        )
        assert not any(isinstance(one, JalonError) for one in done)
        assert len(unsettled(engine, session)) == 2
        assert passage(engine, cases[turn % 3])[0] is None
    assert engine.verify().faults == ()
