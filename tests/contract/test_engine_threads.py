"""One engine serves many threads, and two engines one database."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from support.engines import an_engine, at, entered, furnish, opened, suivi

from jalon import ActionRefused, Engine, JalonError, StaleCase

CALLERS = 8


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    with an_engine(database_url) as engine:
        yield engine


def _together(callers: int, ask: Callable[[int], Any]) -> list[Any]:
    """What each of several callers gets, an error of jalon included, all starting at once."""
    start = Barrier(callers)

    def one(number: int) -> Any:
        start.wait()
        try:
            return ask(number)
        except JalonError as error:
            return error

    with ThreadPoolExecutor(callers) as pool:
        return list(pool.map(one, range(callers)))


def test_of_many_who_saw_the_same_revision_exactly_one_wins(engine: Engine) -> None:
    case = opened(engine)
    for turn in range(3):
        found = _together(
            CALLERS,
            lambda number, turn=turn: engine.cases.perform(
                case.id, "noter", {"note": f"{turn}/{number}"}, by="gaia", revision=turn + 1
            ),
        )
        won = [answer for answer in found if not isinstance(answer, JalonError)]
        assert len(won) == 1
        assert all(isinstance(answer, StaleCase) for answer in found if answer is not won[0])
        assert engine.cases.get(case.id) == won[0]
    assert [line.seq for line in engine.cases.history(case.id)] == [1, 2, 3, 4]
    assert engine.verify().sound


def test_callers_on_one_case_without_a_revision_all_act_one_after_the_other(engine: Engine) -> None:
    case = opened(engine)
    found = _together(
        CALLERS, lambda number: engine.cases.perform(case.id, "noter", {"note": str(number)}, by="gaia")
    )
    assert sorted(answer.revision for answer in found) == list(range(2, CALLERS + 2))
    assert engine.verify().sound


def test_callers_on_cases_of_their_own_all_succeed(engine: Engine) -> None:
    def live(number: int) -> str:
        case = entered(engine, f"A{number}")
        for _ in range(2):
            engine.cases.perform(case.id, "visiter", by="gaia")
        engine.cases.options(case.id, by="gaia")
        return engine.cases.perform(case.id, "clore", {"motif": "fin"}, by="gaia").state

    assert _together(CALLERS, live) == ["clos"] * CALLERS
    verified = engine.verify()
    assert (verified.sound, verified.cases, verified.events) == (True, CALLERS, CALLERS * 6)


def test_one_unit_asked_twice_at_once_goes_to_one(engine: Engine) -> None:
    cases = [opened(engine).id for _ in range(4)]
    for case in cases:
        engine.cases.document(case, "attestation", by="gaia")
    found = _together(
        4, lambda number: engine.cases.perform(cases[number], "entrer", {"logement": "A1"}, by="gaia")
    )
    refused = [answer for answer in found if isinstance(answer, ActionRefused)]
    assert len(refused) == 3
    assert {reason.code for answer in refused for reason in answer.reasons} == {"place_taken"}
    assert sorted(case.state for case in engine.cases.find()) == ["actif", "ouvert", "ouvert", "ouvert"]


def test_a_unit_corrected_and_asked_at_once_goes_to_one(engine: Engine) -> None:
    held, asking = entered(engine, "A1"), opened(engine)
    engine.cases.document(asking.id, "attestation", by="gaia")

    def ask(number: int) -> Any:
        if number:
            return engine.cases.perform(asking.id, "entrer", {"logement": "A2"}, by="gaia")
        return engine.cases.correct(held.id, {"logement": "A2"}, by="gaia", reason="mauvais numéro")

    found = _together(2, ask)
    assert sum(isinstance(answer, ActionRefused) for answer in found) == 1


def test_two_engines_that_tick_together_fire_each_rung_once(engine: Engine, database_url: str) -> None:
    cases = [opened(engine).id for _ in range(6)] + [entered(engine, f"A{n}").id for n in range(6)]
    with an_engine(database_url, on="2027-03-01", bare=True) as other:
        at(engine, "2027-03-01")
        reports = _together(4, lambda number: (engine if number % 2 else other).run_due())
    fired = [(one.case_id, one.deadline, one.ordinal, one.rung) for report in reports for one in report.fired]
    assert len(fired) == len(set(fired)) == 6 * 3 + 6 * 7
    assert engine.run_due().fired == []
    assert not any(report.failed for report in reports)
    notices = engine.notices.outbox()
    assert len(notices) == len({notice.message_id for notice in notices})
    assert {engine.cases.get(case).state for case in cases[:6]} == {"suspendu"}
    assert engine.verify().sound


def test_people_act_while_passes_run(engine: Engine) -> None:
    cases = [entered(engine, f"A{number}").id for number in range(4)]
    at(engine, "2027-02-26")

    def ask(number: int) -> Any:
        if number < 2:
            return engine.run_due()
        return engine.cases.perform(cases[number - 2], "visiter", by="gaia")

    found = _together(6, ask)
    assert not any(isinstance(answer, JalonError) for answer in found)
    engine.run_due()
    histories = [
        [(line.kind, line.effective_on, line.body.get("rung")) for line in engine.cases.history(case)]
        for case in cases
    ]
    assert all(history == histories[0] for history in histories)
    assert engine.verify().sound


def test_processes_that_start_together_furnish_the_same_house(database_url: str) -> None:
    with an_engine(database_url, bare=True) as one, an_engine(database_url, bare=True) as other:
        assert _together(4, lambda number: furnish(one if number % 2 else other)) == [None] * 4
        assert len(one.workflows.list()) == 1
        assert len(one.people.list()) == 4


def test_a_workflow_registered_and_undone_by_its_host_is_forgotten(engine: Engine) -> None:
    pool = engine._world.database.engine
    with pool.connect() as connection:
        engine.workflows.register(suivi(2), session=connection)
        opened(engine, session=connection)
        connection.rollback()
    engine.workflows.register(suivi(2, P10D="P20D"))
    assert engine.cases.dates(opened(engine).id)[0].delay == "P20D"
