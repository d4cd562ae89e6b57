"""Passes fire what is due: each rung once, however often, however late and however many run."""

import shutil
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from support.engines import MONDAY, an_engine, at, dump, entered, opened, paris, suivi, told, written

from jalon import Case, Engine


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    with an_engine(database_url) as engine:
        yield engine


def _lines(engine: Engine, case: int) -> list[tuple[Any, ...]]:
    """A history without what a late pass changes: entry instants and digests."""
    return [
        (line.kind, line.effective_on.isoformat(), line.actor, line.action, line.source, line.target,
         {name: value for name, value in line.body.items() if name != "sealed"}, line.facts)
        for line in engine.cases.history(case)
    ]  # fmt: skip


def _dated(engine: Engine, case: int) -> list[tuple[Any, ...]]:
    return [
        (one.name, one.ordinal, one.due_on, one.status, one.closed_on) for one in engine.cases.dates(case)
    ]


def _days(engine: Engine, until: str) -> None:
    """Let the days pass, with a tick each morning."""
    day = date.fromisoformat(MONDAY)
    while day < date.fromisoformat(until):
        day += timedelta(1)
        at(engine, day, 9)
        engine.tick()


def test_a_second_pass_at_the_same_instant_changes_nothing(engine: Engine) -> None:
    opened(engine)
    entered(engine)
    at(engine, "2027-03-01")
    assert len(engine.run_due().fired) == 10
    before = dump(engine)
    report = engine.run_due()
    assert (report.fired, report.failed) == ([], [])
    assert dump(engine) == before


def test_one_late_pass_writes_the_history_of_daily_ones(sqlite_url: str, postgres_url: str) -> None:
    """And SQLite writes the history of PostgreSQL."""
    told_by: list[Any] = []
    for url, daily in ((sqlite_url, True), (postgres_url, False)):
        with an_engine(url) as engine:
            cases = [
                opened(engine, {"rendez_vous_le": "2026-11-27"}).id, entered(engine).id, entered(engine, "A2").id,
            ]  # fmt: skip
            if daily:
                _days(engine, "2026-12-18")
            at(engine, "2026-12-18")
            engine.cases.document(cases[1], "carte", by="gaia")
            engine.cases.perform(cases[2], "visiter", by="gaia")
            if daily:
                at(engine, "2026-12-19")
            for turn in range(100):
                at(engine, date(2026, 12, 18) + timedelta(turn if daily else 99), 9)
                engine.tick()
            assert engine.verify().sound
            notices = [
                (one.template, one.recipient, one.created_at, one.not_before, one.rung)
                for one in engine.notices.outbox()
            ]
            told_by.append(
                (
                    [_lines(engine, case) for case in cases],
                    [_dated(engine, case) for case in cases],
                    sorted(notices),
                )
            )
    assert told_by[0] == told_by[1]


def test_a_rung_is_recorded_on_its_own_day_however_late(engine: Engine) -> None:
    case = opened(engine)
    at(engine, "2026-12-31")
    report = engine.run_due()
    assert [(one.rung, one.day.isoformat(), one.late_by.days, one.outcome) for one in report.fired] == [
        ("-P3D:notice", "2026-11-30", 31, "fired"), ("P0D:task", "2026-12-03", 28, "fired"),
        ("P1D:act", "2026-12-04", 27, "fired"),
    ]  # fmt: skip
    line = engine.cases.history(case.id)[-1]
    assert (line.actor, line.effective_on, line.at) == (
        "echeance:reponse", date(2026, 12, 4), paris("2026-12-31"),
    )  # fmt: skip
    assert engine.cases.get(case.id).state_since == date(2026, 12, 4)


def test_reminders_fired_together_are_those_fired_one_by_one(
    sqlite_url: str, postgres_url: str, sqlite_template: Path, tmp_path: Path
) -> None:
    """A limit makes a pass go case by case."""
    found: list[Any] = []
    other = f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'other.db')}"
    for url, limit in ((sqlite_url, None), (other, 1), (postgres_url, None)):
        with an_engine(url) as engine:
            cases = [entered(engine, f"A{number}").id for number in range(3)]
            at(engine, "2026-11-30")
            cases.append(opened(engine, on=date(2026, 11, 27)).id)
            for day in ("2026-12-22", "2027-01-25"):
                at(engine, day)
                fired = list(engine.run_due(limit).fired)
                while limit and (more := engine.run_due(limit).fired):
                    fired += more
                assert engine.run_due().fired == []
            notices = engine.notices.outbox()
            found.append(
                (
                    [_lines(engine, case) for case in cases], [_dated(engine, case) for case in cases],
                    sorted(
                        (one.case_id, one.seq, one.template, one.recipient, one.rung, one.generation, one.not_before)
                        for one in notices
                    ),
                    sorted((one.case_id, one.rung, one.day, one.late_by) for one in fired), engine.next_due(),
                )
            )  # fmt: skip
            assert len({one.message_id for one in notices}) == len(notices)
            assert engine.verify().sound
    assert found[0] == found[1] == found[2]


def test_a_limit_stops_a_pass_and_the_next_goes_on(engine: Engine) -> None:
    cases = [opened(engine).id, opened(engine).id]
    at(engine, "2026-12-10")
    counts = []
    while report := engine.run_due(limit=2):
        counts.append(len(report.fired))
        if not report.fired:
            break
    assert counts == [2, 2, 2, 0]
    assert {engine.cases.get(case).state for case in cases} == {"suspendu"}
    assert _lines(engine, cases[0])[1:] == _lines(engine, cases[1])[1:]


def test_a_clock_that_goes_back_fires_nothing_twice_and_loses_nothing(engine: Engine) -> None:
    straight, disturbed = entered(engine), entered(engine, "A2")
    at(engine, "2027-01-22")
    engine.run_due()
    at(engine, "2026-12-01")
    before = dump(engine)
    assert engine.run_due().fired == []
    assert dump(engine) == before
    engine.cases.perform(disturbed.id, "noter", {"note": "x"}, by="gaia")
    assert _dated(engine, disturbed.id) == _dated(engine, straight.id)
    at(engine, "2027-03-01")
    engine.run_due()
    assert _dated(engine, disturbed.id) == _dated(engine, straight.id)
    noted = [line for line in _lines(engine, disturbed.id) if line[3] != "noter"]
    assert [line[:3] for line in noted[3:]] == [line[:3] for line in _lines(engine, straight.id)[3:]]
    assert engine.verify().sound


def test_the_next_due_instant_is_known(engine: Engine) -> None:
    assert engine.next_due() is None
    opened(engine)
    assert engine.next_due() == paris("2026-11-30", 8)
    at(engine, "2026-11-30")
    engine.run_due()
    assert engine.next_due() == paris("2026-11-30", 8)  # a message may leave since then


# -- a poisoned case


class Mine:
    """A guard that blows up until it is mended."""

    def __init__(self) -> None:
        self.armed = True
        self.__name__ = "mine"

    def __call__(self, case: Case, context: Any, facts: Any) -> None:
        if self.armed:
            raise RuntimeError("Amina K. has stepped on it")


def _mined(engine: Engine) -> Mine:
    guard = Mine()
    engine.workflows.register(
        suivi(2, **{"to: suspendu, by: systeme": "to: suspendu, by: systeme, requires: [{guard: mine}]"}),
        [guard],
    )
    return guard


def test_a_poisoned_case_is_set_aside_and_the_others_go_on(engine: Engine) -> None:
    guard = _mined(engine)
    poisoned, sane = opened(engine), opened(engine, version=1)
    at(engine, "2026-12-10")
    before = _lines(engine, poisoned.id)
    report = engine.run_due()
    assert [one.case_id for one in report.fired] == [sane.id] * 3
    (failed,) = report.failed
    assert (failed.case_id, failed.error, failed.retry_at) == (
        poisoned.id, "RuntimeError", paris("2026-12-10", 10, 1),
    )  # fmt: skip
    assert _lines(engine, poisoned.id) == before  # what came before the fault is undone with it
    assert engine.next_due() == failed.retry_at
    guard.armed = False
    assert engine.run_due().fired == []  # not before its time
    at(engine, "2026-12-10", 10, 1)
    assert [one.outcome for one in engine.run_due().fired] == ["fired"] * 3
    assert [line[:6] for line in _lines(engine, poisoned.id)] == [
        line[:6] for line in _lines(engine, sane.id)
    ]
    assert engine.verify().sound


def test_a_case_that_fails_again_waits_longer(engine: Engine) -> None:
    guard = _mined(engine)
    opened(engine)
    at(engine, "2026-12-10")
    waits = []
    for _ in range(8):
        (failed,) = engine.run_due().failed
        waits.append((failed.retry_at - engine.now()).total_seconds() / 60)
        assert engine.next_due() == failed.retry_at
        engine._world.clock.set(failed.retry_at)
    assert waits == sorted(waits)
    assert (waits[0], waits[-1]) == (1, 720)
    guard.armed = False
    assert len(engine.run_due().fired) == 3


def test_a_workflow_that_can_no_longer_be_read_stops_only_its_cases(
    engine: Engine, database_url: str
) -> None:
    engine.workflows.register(suivi(2, P10D="P9D"))
    poisoned, sane = opened(engine), opened(engine, version=1)
    written(engine, "UPDATE jalon_workflow_versions SET compiled = '{}' WHERE version = 2")
    with an_engine(database_url, on="2026-12-10", bare=True) as later:
        report = later.run_due()
        assert [one.case_id for one in report.failed] == [poisoned.id]
        assert {one.case_id for one in report.fired} == {sane.id}


def test_a_failed_case_tells_no_listener(engine: Engine) -> None:
    _mined(engine)
    poisoned, sane = opened(engine), opened(engine, version=1)
    heard: list[int] = []
    engine.subscribe(lambda happening: heard.append(happening.case_id))
    at(engine, "2026-12-10")
    engine.run_due()
    assert set(heard) == {sane.id}
    assert poisoned.id not in heard


# -- acts that are not possible yet


def test_an_act_of_the_clock_that_is_not_possible_waits_until_it_is(engine: Engine) -> None:
    engine.workflows.register(
        suivi(2, **{"to: suspendu, by: systeme": "to: suspendu, by: systeme, requires: [{documents: carte}]"})
    )
    case = opened(engine)
    at(engine, "2026-12-10")
    assert [one.outcome for one in engine.run_due().fired] == ["fired", "fired", "waiting"]
    before = dump(engine)
    assert engine.run_due().fired == []
    assert dump(engine) == before
    (view,) = [one for one in engine.deadlines.explain(case.id, "reponse").ladder if one.kind == "act"]
    assert (view.status, view.error) == ("waiting", "documents_missing")
    engine.cases.document(case.id, "carte", by="gaia")
    assert [one.outcome for one in engine.run_due().fired] == ["fired"]
    line = engine.cases.history(case.id)[-1]
    assert (line.action, line.effective_on) == ("suspendre", date(2026, 12, 4))


def test_a_deadline_met_early_fires_nothing(engine: Engine) -> None:
    entered(engine)
    at(engine, "2026-12-10")
    assert engine.run_due().fired == []
    assert told(engine) == []


def test_a_task_is_opened_once_and_closed_by_its_act(engine: Engine) -> None:
    case = opened(engine)
    at(engine, "2026-12-03", 12)
    engine.run_due()
    (task,) = [item for item in engine.deadlines.pending() if item.kind == "task"]
    assert (task.name, task.due_on, task.who) == ("rappeler", date(2026, 12, 7), ("gardien",))
    engine.cases.perform(case.id, "clore", {"motif": "fin"}, by="gaia")
    assert [item.kind for item in engine.deadlines.pending()] == []


def test_pending_sorts_what_is_late_today_this_week_and_later(engine: Engine) -> None:
    entered(engine, referent="gaia")
    opened(engine, {"rendez_vous_le": "2026-12-03"}, referent="gaia")
    for day, buckets in (
        ("2026-11-24", {"sejour": "later", "visite": "later", "reponse": "later", "rendez_vous": "later"}),
        ("2026-11-26", {"sejour": "later", "visite": "later", "reponse": "week", "rendez_vous": "week"}),
        ("2026-12-03", {"sejour": "later", "visite": "later", "reponse": "today", "rendez_vous": "today"}),
        ("2026-12-04", {"sejour": "later", "visite": "later", "reponse": "late", "rendez_vous": "late"}),
    ):
        at(engine, day)
        assert {item.name: item.bucket for item in engine.deadlines.pending()} == buckets
    (visite,) = [item for item in engine.deadlines.pending() if item.name == "visite"]
    assert (visite.who, visite.actions, visite.state_label) == (("gardien",), ("visiter",), "Actif")
