"""A setting or a calendar that changes moves the dates that read it, in the same transaction, and history says why."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from support import house
from support.engines import an_engine, at, dump, entered, opened, suivi, written

from jalon import Engine, InputError, NotFound
from jalon.persistence import schema


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    with an_engine(database_url) as engine:
        yield engine


def _rungs(engine: Engine, case: int, *deadlines: str) -> list[tuple[str, int, str, str, str]]:
    """The rungs of a case: name, generation, day, hour of Paris, status."""
    rungs, dates = schema.rungs, schema.deadlines
    statement = (
        sa.select(rungs).join(dates, dates.c.id == rungs.c.deadline_id)
        .where(dates.c.name.in_(deadlines), rungs.c.case_id == case).order_by(rungs.c.id)
    )  # fmt: skip
    with engine._world.database.read() as connection:
        return [
            (row.rung, row.generation, row.day.isoformat(), f"{row.fire_at:%H:%M}", row.status)
            for row in connection.execute(statement)
        ]


def _settings(engine: Engine, case: int) -> list[Any]:
    return [line for line in engine.cases.history(case) if line.kind == "settings"]


def test_a_setting_moves_what_reads_it_and_nothing_else(engine: Engine) -> None:
    """Ten days become twelve: the answer and its steps move, the meeting and the case that has entered do not."""
    waiting = opened(engine, {"rendez_vous_le": "2026-12-10"})
    housed, elsewhere = entered(engine), opened(engine, by="luc", establishment="lilas")
    untouched = _rungs(engine, waiting.id, "rendez_vous")
    before = {case.id: engine.cases.history(case.id) for case in (housed, elsewhere)}
    moves = engine.establishments.set_parameter("tilleuls", "suivi", "reponse.after", "P12D", by="chloe")
    assert (moves.dates, moves.cases, moves.aside) == (1, 1, {})
    (line,) = _settings(engine, waiting.id)
    assert (line.actor, line.effective_on, line.action) == ("chloe", date(2026, 11, 23), None)
    assert line.body == {
        "cause": {"parameter": "reponse.after", "from": "P10D", "to": "P12D"},
        "changes": [
            {
                "deadline": "reponse",
                "ordinal": 1,
                "change": "moved",
                "due_on": "2026-12-05",
                "from": "2026-12-03",
            }
        ],
    }
    assert _rungs(engine, waiting.id, "reponse") == [
        ("-P3D:notice", 1, "2026-12-02", "07:00", "pending"), ("P0D:task", 1, "2026-12-05", "07:00", "pending"),
        ("P1D:act", 1, "2026-12-06", "23:00", "pending"),
    ]  # fmt: skip
    assert _rungs(engine, waiting.id, "rendez_vous") == untouched
    assert {case: engine.cases.history(case) for case in before} == before
    assert engine.cases.get(waiting.id).revision == waiting.revision
    assert engine.verify().sound


def test_what_was_due_is_played_first_as_things_stood(engine: Engine) -> None:
    """The reminder of 30 November had to leave; the date moves later, and so it is due again."""
    case = opened(engine)
    at(engine, "2026-12-01")
    engine.establishments.set_parameter("tilleuls", "suivi", "reponse.after", "P14D")
    assert [line.kind for line in engine.cases.history(case.id)] == ["act", "notice", "settings"]
    assert engine.cases.history(case.id)[-1].actor == "systeme"
    rungs = [
        (name, generation, day, status)
        for name, generation, day, _, status in _rungs(engine, case.id, "reponse")
    ]
    assert rungs == [
        ("-P3D:notice", 1, "2026-11-30", "fired"), ("P0D:task", 1, "2026-12-07", "pending"),
        ("P1D:act", 1, "2026-12-08", "pending"), ("-P3D:notice", 2, "2026-12-04", "pending"),
    ]  # fmt: skip
    assert engine.verify().sound


def test_the_same_value_again_changes_nothing(engine: Engine) -> None:
    opened(engine)
    for _ in range(2):
        engine.establishments.set_parameter("tilleuls", "suivi", "reponse.after", "P12D")
        before = dump(engine)
    engine.establishments.set_parameter("tilleuls", "suivi", "reponse.after", "P12D")
    engine.establishments.add("tilleuls", "Tilleuls", phone="02 00 00 00 00")
    assert {**dump(engine), "jalon_establishments": []} == {**before, "jalon_establishments": []}


SHIFTED = {"due: {after: P10D*}": "due: {after: P10D*, shift: suivant}"}


def test_a_day_of_closure_moves_the_date_that_falls_on_it_with_its_steps(engine: Engine) -> None:
    """The tenth day is Thursday 3 December; the house closes that day, the answer is for Friday."""
    engine.workflows.register(suivi(2, **SHIFTED))
    case = opened(engine)
    house = engine.establishments.add("tilleuls", "Tilleuls", closures=[date(2026, 12, 3)], by="chloe")
    assert (house.moves.dates, house.moves.cases) == (1, 1)
    (line,) = _settings(engine, case.id)
    assert line.body == {
        "cause": {"calendar": {"closures": {"added": ["2026-12-03"]}}},
        "changes": [
            {"deadline": "reponse", "ordinal": 1, "change": "moved", "due_on": "2026-12-04", "from": "2026-12-03",
             "legal_on": "2026-12-03"}
        ],
    }  # fmt: skip
    assert [(name, day) for name, _, day, _, _ in _rungs(engine, case.id, "reponse")] == [
        ("-P3D:notice", "2026-12-01"), ("P0D:task", "2026-12-04"), ("P1D:act", "2026-12-05"),
    ]  # fmt: skip
    assert engine.verify().sound
    engine.establishments.add("tilleuls", "Tilleuls")
    assert _settings(engine, case.id)[-1].body["cause"] == {
        "calendar": {"closures": {"removed": ["2026-12-03"]}}
    }
    assert engine.verify().sound


def test_an_opening_hour_moves_the_hour_of_messages_and_tells_no_date(engine: Engine) -> None:
    case = opened(engine)
    assert _rungs(engine, case.id, "reponse")[0][3] == "07:00"  # 08:00 in Paris
    house = engine.establishments.add("tilleuls", "Tilleuls", opens="10:00")
    assert _rungs(engine, case.id, "reponse")[0][3] == "09:00"
    assert (house.moves.dates, _settings(engine, case.id)) == (0, [])
    assert engine.next_due() is not None
    assert engine.verify().sound


def test_a_task_follows_the_setting_of_its_delay(engine: Engine) -> None:
    case = opened(engine)
    at(engine, "2026-12-03")
    engine.run_due()
    engine.establishments.set_parameter("tilleuls", "suivi", "rappeler.due", "P4B")
    assert _settings(engine, case.id)[-1].body["changes"] == [
        {"task": "rappeler", "change": "moved", "due_on": "2026-12-09", "from": "2026-12-07"}
    ]
    assert engine.verify().sound


def test_a_poisoned_case_is_set_aside_and_follows_at_its_next_step(engine: Engine) -> None:
    poisoned, other = opened(engine), opened(engine)
    with engine._world.database.read() as connection:
        why = connection.exec_driver_sql("SELECT why FROM jalon_deadlines WHERE case_id = 1").scalar()
    written(engine, "UPDATE jalon_deadlines SET why = 'nothing' WHERE case_id = 1")
    heard: list[Any] = []
    engine.subscribe(heard.append)
    moves = engine.establishments.set_parameter("tilleuls", "suivi", "reponse.after", "P12D")
    assert (moves.dates, moves.cases, list(moves.aside)) == (1, 1, [poisoned.id])
    assert [(one.case_id, one.kind) for one in heard] == [(other.id, "settings")]
    written(engine, "UPDATE jalon_deadlines SET why = :why WHERE case_id = 1", why=why)
    engine.cases.perform(poisoned.id, "noter", {"note": "x"}, by="gaia")
    assert engine.cases.history(poisoned.id)[-1].body["changes"] == [
        {"deadline": "reponse", "ordinal": 1, "change": "moved", "due_on": "2026-12-05", "from": "2026-12-03",
         "why": {"setting": "reponse.after"}}
    ]  # fmt: skip
    assert engine.verify().sound


def test_a_change_that_is_refused_changes_nothing(engine: Engine) -> None:
    opened(engine)
    before = dump(engine)
    with pytest.raises(NotFound):
        engine.establishments.set_parameter("tilleuls", "suivi", "reponse.after", "P12D", by="personne")
    with pytest.raises(InputError):
        engine.establishments.set_parameter("tilleuls", "suivi", "reponse.after", "douze")
    with pytest.raises(NotFound):
        engine.establishments.add("tilleuls", "Tilleuls", closures=[date(2026, 12, 3)], by="personne")
    assert dump(engine) == before


def test_dates_move_in_the_transaction_of_the_host(engine: Engine) -> None:
    case = opened(engine)
    before = dump(engine)
    with engine._world.database.engine.connect() as connection:
        moves = engine.establishments.set_parameter(
            "tilleuls", "suivi", "reponse.after", "P12D", session=connection
        )
        assert moves.dates == 1
        connection.rollback()
    assert dump(engine) == before
    with engine._world.database.engine.connect() as connection:
        engine.establishments.set_parameter("tilleuls", "suivi", "reponse.after", "P12D", session=connection)
        connection.commit()
    assert len(_settings(engine, case.id)) == 1


def test_whoever_waits_is_told_how_far_it_is(engine: Engine) -> None:
    for _ in range(3):
        opened(engine)
    told: list[tuple[int, int]] = []
    engine.establishments.set_parameter(
        "tilleuls", "suivi", "reponse.after", "P12D", told=lambda done, total: told.append((done, total))
    )
    assert told == [(3, 3)]


def test_what_is_over_stays_what_it_was_whatever_the_setting(engine: Engine) -> None:
    """A visit missed and one met while they were monthly stay so when visits become quarterly, and after."""
    case = entered(engine)
    at(engine, "2027-01-20")  # the visit of December was missed on 8 January
    engine.run_due()
    engine.cases.perform(case.id, "visiter", by="gaia")
    over = [item for item in engine.cases.dates(case.id) if item.status in ("met", "missed")]
    assert [(item.name, item.due_on.isoformat(), item.status) for item in over if item.name == "visite"] == [
        ("visite", "2026-12-23", "missed"), ("visite", "2027-01-23", "met"),
    ]  # fmt: skip
    engine.establishments.set_parameter("tilleuls", "suivi", "reponse.after", "P20D")
    engine.establishments.set_parameter("tilleuls", "suivi", "visite.every", "P5W")
    engine.cases.perform(case.id, "noter", {"note": "x"}, by="gaia")
    engine.cases.correct(case.id, {"note": "y"}, by="gaia", reason="faute")
    assert [item for item in engine.cases.dates(case.id) if item.status in ("met", "missed")] == over
    assert engine.verify().sound


def test_settings_and_acts_at_once_leave_every_date_right(engine: Engine) -> None:
    """Threads act and open cases while the house changes: in the end each case counts with the last setting."""
    first = [opened(engine).id for _ in range(3)]

    def work(number: int) -> None:
        if number % 4 == 0:
            engine.establishments.set_parameter("tilleuls", "suivi", "reponse.after", f"P{12 + number}D")
        elif number % 4 == 1:
            opened(engine)
        else:
            engine.cases.perform(first[number % 3], "noter", {"note": f"{number}"}, by="gaia")

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(16)))
    (setting,) = [
        one for one in engine.establishments.parameters("tilleuls", "suivi") if one.name == "reponse.after"
    ]
    wanted = date(2026, 11, 23) + timedelta(days=int(str(setting.value)[1:-1]))
    found = [item.due_on for case in engine.cases.find() for item in engine.cases.dates(case.id)]
    assert found == [wanted] * 7
    assert engine.verify().sound


def test_a_contract_put_right_moves_the_dates_that_hang_on_it_and_says_so(database_url: str) -> None:
    """The stay that began on 15 December began on the 17th: its end moves, and the notice of three months with it."""
    engine = house.an_engine(database_url, on="2026-12-15")
    story = house.a_case(engine, "en_sejour")
    house.clock_of(engine).set(house.paris("2026-12-18"))
    engine.cases.correct(story.case.id, {"date_effet": "2026-12-17"}, by="claire", reason="lu de travers")
    changes = {one["deadline"]: one for one in engine.cases.history(story.case.id)[-1].body["changes"]}
    assert sorted(changes) == ["echeance_sejour", "preavis_conditions"]
    stay, notice = changes["echeance_sejour"], changes["preavis_conditions"]
    assert (stay["from"], stay["due_on"], "why" in stay) == ("2027-12-15", "2027-12-17", False)
    assert (notice["from"], notice["due_on"], notice["why"]["anchor"]["name"]) == (
        "2027-09-15", "2027-09-17", "echeance_sejour",
    )  # fmt: skip
    assert engine.verify().sound
    engine.close()


def test_a_rhythm_that_changes_its_step_goes_on_and_what_is_over_stays(engine: Engine) -> None:
    """Entered on 23 November, visited each month, then every two months from April on."""
    case = entered(engine).id
    for day in ("2026-12-21", "2027-01-22", "2027-02-22"):
        at(engine, day)
        engine.cases.perform(case, "visiter", by="gaia")
    at(engine, "2027-04-20")
    engine.run_due()

    def visits() -> list[tuple[int, str, str]]:
        found = (item for item in engine.cases.dates(case) if item.name == "visite")
        return [(item.ordinal, item.due_on.isoformat(), item.status) for item in found]

    over = [
        (1, "2026-12-23", "met"), (2, "2027-01-23", "met"), (3, "2027-02-23", "met"), (4, "2027-03-23", "missed"),
    ]  # fmt: skip
    assert visits() == [*over, (5, "2027-04-23", "open")]
    engine.establishments.set_parameter("tilleuls", "suivi", "visite.every", "P2M")
    assert visits() == [*over, (5, "2027-05-23", "open")]
    line = engine.cases.history(case)[-1]
    assert (line.kind, line.body["cause"]) == (
        "settings", {"parameter": "visite.every", "from": "P1M", "to": "P2M"},
    )  # fmt: skip
    at(engine, "2027-06-01")
    engine.cases.perform(case, "visiter", by="gaia")
    assert visits() == [*over, (5, "2027-05-23", "met"), (6, "2027-07-23", "open")]
    at(engine, "2027-10-01")
    engine.run_due()
    assert visits()[5:] == [(6, "2027-07-23", "missed"), (7, "2027-09-23", "open")]
    assert engine.verify().sound
