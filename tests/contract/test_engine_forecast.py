"""What is to come, read from the rows of many cases on both databases: nothing is written by asking."""

from collections.abc import Iterator
from datetime import date

import pytest
import sqlalchemy as sa
from support.engines import an_engine, at, dump, entered, opened

from jalon import Engine, Expected, Forecast, InputError, NotFound
from jalon.engine.forecast import PAGE


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    with an_engine(database_url) as engine:
        yield engine


def told(found: Forecast, *, armed: bool) -> list[tuple[str, str, str]]:
    """The lines of a forecast: day, kind, deadline; those that are armed, or those that are supposed."""
    return [(item.day.isoformat(), item.kind, item.deadline) for item in found.items if item.armed is armed]


def test_what_is_armed_and_what_would_follow(engine: Engine) -> None:
    """Opened on Monday 23 November 2026: an answer within ten days, reminded three before, stated the day after."""
    opened(engine)
    found = engine.deadlines.forecast(date(2026, 12, 31))
    assert (found.until, found.cases, found.truncated) == (date(2026, 12, 31), 1, ())
    assert told(found, armed=True) == [
        ("2026-11-30", "notice", "reponse"), ("2026-12-03", "due", "reponse"), ("2026-12-03", "task", "reponse"),
        ("2026-12-04", "act", "reponse"),
    ]  # fmt: skip
    assert told(found, armed=False) == []
    reminder = found.items[0]
    assert reminder.at is not None
    assert (reminder.does, reminder.who, reminder.at.isoformat()) == (
        ("rappel_echeance",), ("gardien",), "2026-11-30T07:00:00+00:00",
    )  # fmt: skip


def test_a_stay_its_renewal_and_its_visits(engine: Engine) -> None:
    """Entered on 2026-11-23: three months, prolonged once; a visit each month, reminded two days before."""
    case = entered(engine)
    found = engine.deadlines.forecast(date(2027, 3, 31), case=case.id)
    assert told(found, armed=True) == [
        ("2026-12-21", "notice", "visite"), ("2026-12-23", "due", "visite"), ("2027-01-23", "notice", "sejour"),
        ("2027-02-23", "due", "sejour"), ("2027-02-24", "notice", "sejour"),
    ]  # fmt: skip
    assert told(found, armed=False) == [
        ("2027-01-21", "notice", "visite"), ("2027-01-23", "due", "visite"), ("2027-02-21", "notice", "visite"),
        ("2027-02-23", "due", "visite"), ("2027-03-21", "notice", "visite"), ("2027-03-23", "due", "visite"),
    ]  # fmt: skip
    later = engine.deadlines.forecast(date(2027, 12, 31), case=case.id)
    second = [item for item in later.items if item.deadline == "sejour" and not item.armed]
    assert [(item.day.isoformat(), item.kind) for item in second] == [
        ("2027-04-23", "notice"), ("2027-05-23", "due"), ("2027-05-24", "notice"),
    ]  # fmt: skip
    assert [(one.code, one.data["on"]) for one in second[0].assumptions] == [("renewed", "2027-02-23")]
    assert (second[1].k, second[1].last, second[1].id, second[1].ordinal) == (2, True, None, None)


def test_an_armed_date_names_its_row_so_that_it_may_be_explained(engine: Engine) -> None:
    entered(engine)
    due = next(item for item in engine.deadlines.forecast(date(2027, 1, 1)).items if item.kind == "due")
    assert due.id is not None
    why = engine.deadlines.explain(due.id)
    assert (why.id, why.item.name, why.item.ordinal, why.item.due_on) == (due.id, "visite", 1, due.day)


def test_a_forecast_writes_nothing(engine: Engine) -> None:
    entered(engine)
    opened(engine, by="luc", establishment="lilas")
    at(engine, "2026-12-08")  # what is due and was not played stays so
    before = dump(engine)
    engine.deadlines.forecast(date(2036, 11, 1))
    engine.deadlines.forecast(date(2030, 11, 1), case=1)
    engine.deadlines.explain(1, "sejour")
    assert dump(engine) == before


def test_a_person_foresees_only_their_establishments(engine: Engine) -> None:
    mine, theirs = opened(engine), opened(engine, by="luc", establishment="lilas")
    until = date(2027, 1, 31)

    def cases(**asked: object) -> set[int]:
        return {item.case_id for item in engine.deadlines.forecast(until, **asked).items}

    assert cases() == {mine.id, theirs.id}
    assert cases(by="luc") == {theirs.id}
    assert cases(by="nina") == set()
    assert cases(establishment="tilleuls") == {mine.id}
    assert cases(establishment="tilleuls", by="gaia") == {mine.id}
    assert cases(case=mine.number) == {mine.id}
    for asked in (
        {"establishment": "tilleuls", "by": "luc"}, {"case": mine.id, "by": "luc"}, {"case": 99},
        {"establishment": "nulle"}, {"case": mine.id, "establishment": "lilas"}, {"by": "personne"},
    ):  # fmt: skip
        with pytest.raises(NotFound):
            engine.deadlines.forecast(until, **asked)
    with pytest.raises(NotFound):
        engine.deadlines.explain(engine.deadlines.pending(case=mine.id)[0].id, by="luc")


def test_a_role_is_shown_what_it_must_do_or_is_told(engine: Engine) -> None:
    entered(engine)

    def kinds(role: str) -> set[tuple[str, str]]:
        found = engine.deadlines.forecast(date(2027, 2, 28), role=role).items
        return {(item.deadline, item.kind) for item in found}

    assert kinds("famille") == {("visite", "notice")}
    assert kinds("chef") == {("sejour", "notice")}  # the alert, once the stay is over
    assert kinds("gardien") == {
        ("visite", "notice"),
        ("visite", "due"),
        ("sejour", "notice"),
        ("sejour", "due"),
    }


@pytest.mark.parametrize("until", [date(2026, 11, 22), date(2036, 11, 24)])
def test_a_horizon_is_neither_past_nor_beyond_ten_years(engine: Engine, until: date) -> None:
    with pytest.raises(InputError) as refused:
        engine.deadlines.forecast(until)
    assert (refused.value.data["argument"], refused.value.data["problem"]) == ("until", "horizon")


def test_the_first_and_the_last_day_of_the_horizon_are_in(engine: Engine) -> None:
    opened(engine)
    assert engine.deadlines.forecast(date(2026, 11, 23)).items == ()
    assert engine.deadlines.forecast(date(2036, 11, 23)).cases == 1


def test_what_the_clock_has_yet_to_play_is_said(engine: Engine) -> None:
    """No pass since the opening: the reminder of 30 November is still to leave, the period of a visit to end."""
    case = entered(engine)
    at(engine, "2027-01-20")
    found = engine.deadlines.forecast(date(2027, 3, 1), case=case.id)
    visits = [
        (item.day.isoformat(), item.kind, item.armed) for item in found.items if item.deadline == "visite"
    ]
    assert visits == [
        ("2026-12-21", "notice", True), ("2026-12-23", "due", True), ("2027-01-21", "notice", False),
        ("2027-01-23", "due", False), ("2027-02-21", "notice", False), ("2027-02-23", "due", False),
    ]  # fmt: skip


def test_a_suspended_state_and_a_closed_case_foresee_nothing(engine: Engine) -> None:
    case = opened(engine)
    engine.cases.perform(case.id, "clore", {"motif": "fini"}, by="gaia")
    assert engine.deadlines.forecast(date(2030, 1, 1)).cases == 0
    assert engine.deadlines.forecast(date(2030, 1, 1), case=case.id).items == ()


def test_many_cases_are_read_a_page_at_a_time_with_few_statements(engine: Engine) -> None:
    """The statements of a page do not grow with its cases; the progress is told page by page."""
    for _ in range(PAGE + 3):
        opened(engine)
    sent: list[str] = []
    told_of: list[tuple[int, int]] = []
    database = engine._world.database

    def count(connection, cursor, statement, *_):
        sent.append(statement)

    with database.read() as connection:
        core = connection.engine
    sa.event.listen(core, "before_cursor_execute", count)
    try:
        found = engine.deadlines.forecast(
            date(2027, 1, 1), progress=lambda done, total: told_of.append((done, total))
        )
    finally:
        sa.event.remove(core, "before_cursor_execute", count)
    assert told_of == [(PAGE, PAGE + 3), (PAGE + 3, PAGE + 3)]
    assert found.cases == PAGE + 3
    assert len([statement for statement in sent if "jalon_" in statement]) <= 16
    assert {item.case_id for item in found.items} == set(range(1, PAGE + 4))
    assert [item.case_id for item in found.items] == sorted(item.case_id for item in found.items)
    days: dict[int, list[Expected]] = {}
    for item in found.items:
        days.setdefault(item.case_id, []).append(item)
    assert all([one.day for one in items] == sorted(one.day for one in items) for items in days.values())
