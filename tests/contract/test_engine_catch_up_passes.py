"""What an outage drops is the same whoever plays, however often, together or case by case, and within a limit."""

import shutil
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from support.engines import MONDAY, Post, an_engine, at, dump, entered, opened, suivi, written
from support.outage import TENTH, answers, fortnights, left, lines, rows

from jalon import Engine


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    with an_engine(database_url, transport=Post()) as engine:
        yield engine


def test_before_someone_acts_the_same_is_dropped(engine: Engine) -> None:
    case = fortnights(engine, "latest")
    at(engine, TENTH)
    engine.cases.perform(case.id, "noter", {"note": "x"}, by="gaia")
    assert [line.body["missed"] for line in lines(engine, case, "visite")] == [9]
    assert engine.run_due().dropped == []


def test_before_someone_acts_what_is_only_dropped_is_written_too(engine: Engine) -> None:
    case = answers(engine, "none", "- {at: -P3D, shift: aucun}")
    at(engine, "2026-12-03")
    engine.cases.perform(case.id, "noter", {"note": "x"}, by="gaia")
    assert [line.kind for line in engine.cases.history(case.id)] == ["act", "dropped", "act"]
    assert engine.verify().sound


def test_a_late_reminder_of_what_is_done_meanwhile_does_not_leave(engine: Engine) -> None:
    case = fortnights(engine, "latest")
    at(engine, "2026-12-07")
    engine.run_due()
    engine.cases.perform(case.id, "visiter", by="gaia")
    assert left(engine, "rappel_visite") == []
    assert {(one.status, one.error) for one in engine.notices.outbox()} == {("dropped", "deadline_met")}


def test_a_second_pass_and_a_clock_that_goes_back_change_nothing(engine: Engine) -> None:
    for place, policy in (("A1", "latest"), ("A2", "none")):
        visits = {
            "every: P1M*": "every: P14D*",
            "met_by: visiter": f"met_by: visiter\n    catch_up: {policy}",
        }
        version = 2 if policy == "latest" else 3
        engine.workflows.register(suivi(version, **visits))
        entered(engine, place)
    at(engine, TENTH)
    assert len(engine.run_due().dropped) == 19
    before = dump(engine)
    for day in (TENTH, "2027-02-01", "2026-12-05"):
        at(engine, day)
        report = engine.run_due()
        assert (report.fired, report.dropped, report.failed) == ([], [], [])
        assert dump(engine) == before
    at(engine, "2027-04-24")
    report = engine.run_due()
    assert [(one.ordinal, one.missed) for one in report.fired if one.kind == "notice"] == [(11, 0), (11, 0)]
    assert report.dropped == []
    assert engine.verify().sound


def test_a_date_that_moves_later_is_reminded_again(engine: Engine) -> None:
    """A reminder that was dropped is as final as one that left: due again only because its day moved later."""
    engine.workflows.register(
        suivi(2, **{"due: {anchor: rendez_vous_le}": "due: {anchor: rendez_vous_le}\n    catch_up: none"})
    )
    case = opened(engine, {"rendez_vous_le": "2026-12-01"})
    at(engine, "2026-12-02")
    assert [one.day for one in engine.run_due().dropped] == [date(2026, 11, 29)]
    engine.cases.perform(case.id, "noter", {"rendez_vous_le": "2026-11-30"}, by="gaia")
    assert [row[2] for row in rows(engine, "rendez_vous")] == ["dropped"]
    engine.cases.perform(case.id, "noter", {"rendez_vous_le": "2026-12-07"}, by="gaia")
    assert [row[1:3] for row in rows(engine, "rendez_vous")] == [
        (date(2026, 11, 29), "dropped"), (date(2026, 12, 5), "pending"),
    ]  # fmt: skip
    assert engine.verify().sound


def _without(engine: Engine, case: int) -> list[Any]:
    """A history but for the messages of the visits, which the rule may drop, and the place of its lines."""
    found = []
    for line in engine.cases.history(case):
        if line.kind in ("notice", "dropped") and line.body["deadline"] == "visite":
            continue
        body = {name: value for name, value in line.body.items() if name != "sealed"}
        found.append(
            (
                line.kind,
                line.effective_on,
                line.actor,
                line.action,
                line.source,
                line.target,
                line.facts,
                body,
            )
        )
    return found


@pytest.mark.parametrize("policy", ["all", "latest", "none", "{within: P20D}"])
def test_daily_hourly_or_once_the_history_is_the_same_but_for_what_is_dropped(
    sqlite_template: Path, tmp_path: Path, policy: str
) -> None:
    """Four hundred days in daily passes or at once, the first sixty by the hour."""
    told: list[Any] = []
    kept: list[list[date]] = []
    end = date.fromisoformat(MONDAY) + timedelta(days=400)
    for pace in ("daily", "hourly", "once"):
        url = f"sqlite:///{shutil.copy(sqlite_template, tmp_path / f'{pace}.db')}"
        with an_engine(url) as engine:
            cases = [fortnights(engine, policy), entered(engine, "A2"), opened(engine)]
            day = date.fromisoformat(MONDAY)
            while pace != "once" and day < end:
                day += timedelta(days=1)
                hours = range(24) if pace == "hourly" and day < date(2027, 1, 22) else (9,)
                for hour in hours:
                    at(engine, day, hour)
                    assert engine.run_due().dropped == []
            at(engine, end)
            engine.run_due()
            assert engine.verify().sound
            told.append([_without(engine, case.id) for case in cases])
            kept.append([line.effective_on for line in lines(engine, cases[0], "visite", "notice")])
    assert told[0] == told[1] == told[2]
    assert kept[0] == kept[1]
    last = kept[0][-1]
    assert kept[2] == {"all": kept[0], "latest": [last], "none": []}.get(policy, [last])


def test_a_limit_drops_and_fires_what_one_pass_does(sqlite_template: Path, tmp_path: Path) -> None:
    """A series of which only the last leaves is not cut."""
    found: list[Any] = []
    for number, limit in enumerate((None, 1, 3)):
        url = f"sqlite:///{shutil.copy(sqlite_template, tmp_path / f'{number}.db')}"
        with an_engine(url) as engine:
            case = fortnights(engine, "latest")
            entered(engine, "A2")
            at(engine, TENTH)
            passes, report = 0, engine.run_due(limit)
            dropped, fired = list(report.dropped), list(report.fired)
            while report.fired:
                passes, report = passes + 1, engine.run_due(limit)
                dropped, fired = [*dropped, *report.dropped], [*fired, *report.fired]
                assert passes < 100
            found.append((sorted(map(repr, dropped)), sorted(map(repr, fired)), rows(engine, "visite"),
                          _without(engine, case.id), _without(engine, 2)))  # fmt: skip
            assert engine.verify().sound
    assert found[0] == found[1] == found[2]
    assert len(found[0][0]) == 18


def test_together_or_one_by_one_the_same_leaves(sqlite_template: Path, tmp_path: Path) -> None:
    """Cases of which only reminders are due go together, but where the rule may drop one."""
    found: list[Any] = []
    for number, limit in enumerate((None, 1)):
        url = f"sqlite:///{shutil.copy(sqlite_template, tmp_path / f'{number}.db')}"
        with an_engine(url) as engine:
            for policy, version in (("latest", 2), ("none", 3), ("all", 4)):
                due = "{after: P10D*}\n    met_by: entrer"
                engine.workflows.register(suivi(version, **{due: f"{due}\n    catch_up: {policy}"}))
                for _ in range(3):
                    opened(engine)
            at(engine, "2026-12-01")
            report = engine.run_due(limit)
            fired, dropped = list(report.fired), list(report.dropped)
            while report.fired and limit:
                report = engine.run_due(limit)
                fired, dropped = [*fired, *report.fired], [*dropped, *report.dropped]
            found.append((sorted(map(repr, fired)), sorted(map(repr, dropped)), rows(engine, "reponse")))
            assert engine.verify().sound
    assert found[0] == found[1]
    assert (len(found[0][0]), len(found[0][1])) == (6, 3)


def test_a_poisoned_case_that_comes_back_is_judged_as_it_comes_back(engine: Engine) -> None:
    """What failed wrote nothing: neither dropped nor told."""
    case = fortnights(engine, "none")
    written(engine, "UPDATE jalon_deadlines SET name = 'inconnue' WHERE name = 'sejour'")
    at(engine, "2027-03-01")
    report = engine.run_due()
    assert ([one.case_id for one in report.failed], report.dropped) == ([case.id], [])
    written(engine, "UPDATE jalon_deadlines SET name = 'sejour' WHERE name = 'inconnue'")
    at(engine, "2027-03-02")
    assert len(engine.run_due().dropped) == 7
    assert engine.verify().sound
