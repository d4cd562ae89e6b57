"""A date is postponed by someone who may, for a reason; it moves alone, and history, `why` and its steps follow."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from support.engines import an_engine, at, dump, entered, opened, suivi

from jalon import ActionRefused, Engine, InputError, KeyReused, NotFound, StaleCase
from jalon.persistence import schema

FRIDAY = date(2026, 12, 11)


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    with an_engine(database_url) as engine:
        yield engine


def _postpone(engine: Engine, case: int, deadline: str = "reponse", to: date = FRIDAY, **options: Any) -> Any:
    given = {"case": case, "deadline": deadline, "to": to, "reason": "absente", "by": "chloe", **options}
    return engine.deadlines.postpone(**given)


def _dates(engine: Engine, case: int, name: str) -> list[tuple[date, str, date | None]]:
    found = (item for item in engine.cases.dates(case) if item.name == name)
    return [(item.due_on, item.status, item.postponed_from) for item in found]


def _rungs(engine: Engine, deadline: str) -> list[tuple[str, int, str, str]]:
    rungs, dates = schema.rungs, schema.deadlines
    statement = (
        sa.select(rungs).join(dates, dates.c.id == rungs.c.deadline_id)
        .where(dates.c.name == deadline).order_by(rungs.c.id)
    )  # fmt: skip
    with engine._world.database.read() as connection:
        return [
            (row.rung, row.generation, row.day.isoformat(), row.status)
            for row in connection.execute(statement)
        ]


def _refused(engine: Engine, case: int, **options: Any) -> list[str]:
    before = dump(engine)
    with pytest.raises(ActionRefused) as refusal:
        _postpone(engine, case, **options)
    assert refusal.value.action == "postpone"
    assert dump(engine) == before
    return [reason.code for reason in refusal.value.reasons]


def test_a_postponed_date_moves_with_its_steps_and_says_so(engine: Engine) -> None:
    """The answer of 3 December goes to the 11th; the reminder that has left is due again."""
    case = opened(engine)
    at(engine, "2026-12-01")
    engine.run_due()
    after = _postpone(engine, case.id)
    assert (after.revision, after.state) == (case.revision + 1, "ouvert")
    assert _dates(engine, case.id, "reponse") == [(FRIDAY, "open", date(2026, 12, 3))]
    assert _rungs(engine, "reponse") == [
        ("-P3D:notice", 1, "2026-11-30", "fired"), ("P0D:task", 1, "2026-12-11", "pending"),
        ("P1D:act", 1, "2026-12-12", "pending"), ("-P3D:notice", 2, "2026-12-08", "pending"),
    ]  # fmt: skip
    line = engine.cases.history(case.id)[-1]
    assert (line.kind, line.action, line.actor, line.effective_on) == (
        "postponement", "postpone", "chloe", date(2026, 12, 1),
    )  # fmt: skip
    assert {name: line.body[name] for name in ("deadline", "ordinal", "from", "to", "reason")} == {
        "deadline": "reponse", "ordinal": 1, "from": "2026-12-03", "to": "2026-12-11", "reason": "absente",
    }  # fmt: skip
    assert line.body["changes"] == [
        {"deadline": "reponse", "ordinal": 1, "change": "moved", "due_on": "2026-12-11", "from": "2026-12-03",
         "legal_on": "2026-12-03"}
    ]  # fmt: skip
    (move,) = [one for one in engine.deadlines.explain(case.id, "reponse").moves if one["change"] == "moved"]
    assert (move["kind"], move["reason"], move["due_on"]) == ("postponement", "absente", "2026-12-11")
    (pending,) = [item for item in engine.deadlines.pending(case=case.id) if item.name == "reponse"]
    assert pending.due_on == FRIDAY
    assert engine.verify().sound


def test_a_correction_beyond_the_postponed_day_wins_and_one_before_does_not(engine: Engine) -> None:
    at(engine, "2026-12-02")
    case = opened(engine)  # to answer by 12 December
    _postpone(engine, case.id, to=date(2026, 12, 14))
    engine.cases.correct(case.id, by="gaia", on=date(2026, 12, 1), reason="la veille")
    assert _dates(engine, case.id, "reponse") == [(date(2026, 12, 14), "open", date(2026, 12, 11))]
    at(engine, "2026-12-06")
    engine.cases.correct(case.id, by="gaia", on=date(2026, 12, 6), reason="en fait le 6")
    assert _dates(engine, case.id, "reponse") == [(date(2026, 12, 16), "open", None)]
    assert engine.cases.history(case.id)[-1].body["changes"][0]["why"] == {"postponed": False}
    assert engine.verify().sound


def test_the_series_stays_where_it_is(engine: Engine) -> None:
    """R12: the visit of 23 December goes to the 30th; the next one is still for 23 January."""
    case = entered(engine)
    _postpone(engine, case.id, "visite", date(2026, 12, 30))
    at(engine, "2026-12-29")
    engine.cases.perform(case.id, "visiter", by="gaia")
    assert _dates(engine, case.id, "visite") == [
        (date(2026, 12, 30), "met", date(2026, 12, 23)), (date(2027, 1, 23), "open", None),
    ]  # fmt: skip
    assert engine.verify().sound


def test_an_occurrence_is_named_by_its_row_too(engine: Engine) -> None:
    case = opened(engine)
    with engine._world.database.read() as connection:
        number = connection.execute(sa.select(schema.deadlines.c.id)).scalar()
    after = engine.deadlines.postpone(number, to=FRIDAY, reason="absente", by="chloe")
    assert (after.id, _dates(engine, case.id, "reponse")[0][0]) == (case.id, FRIDAY)
    for unknown in (999, 0, True):
        with pytest.raises(NotFound):
            engine.deadlines.postpone(unknown, to=FRIDAY, reason="absente", by="chloe")


def test_what_names_no_date_is_not_found(engine: Engine) -> None:
    case = opened(engine)
    before = dump(engine)
    for wrong in ({"deadline": "sejour"}, {"deadline": "nulle"}, {"ordinal": 9}, {"case": 99}):
        with pytest.raises(NotFound):
            _postpone(engine, **{"case": case.id, **wrong})
    with pytest.raises(InputError):
        _postpone(engine, case.id, deadline=None)
    with pytest.raises(InputError):
        _postpone(engine, case.id, to="demain")
    assert dump(engine) == before


@pytest.mark.parametrize(
    ("asked", "codes"),
    [
        ({"by": "gaia"}, ["role"]),
        ({"reason": " "}, ["reason_missing"]),
        ({"reason": None}, ["reason_missing"]),
        ({"to": date(2026, 12, 3)}, ["postpone_not_later"]),
        ({"to": date(2026, 11, 20)}, ["postpone_not_later", "postpone_past"]),
        ({"deadline": "rendez_vous"}, ["postpone_never"]),
        (
            {"by": "gaia", "to": date(2026, 12, 1), "reason": ""},
            ["role", "postpone_not_later", "reason_missing"],
        ),
    ],
)
def test_a_date_that_may_not_go_there_stays(engine: Engine, asked: dict[str, Any], codes: list[str]) -> None:
    case = opened(engine, {"rendez_vous_le": "2026-12-10"})
    assert _refused(engine, case.id, **asked) == codes


def test_a_date_overdue_goes_to_a_day_to_come(engine: Engine) -> None:
    case = entered(engine)
    at(engine, "2027-02-26")  # the stay was to end on the 23rd
    engine.run_due()
    assert _refused(engine, case.id, deadline="sejour", to=date(2027, 2, 25)) == ["postpone_past"]
    _postpone(engine, case.id, "sejour", date(2027, 2, 26))
    assert _dates(engine, case.id, "sejour") == [(date(2027, 2, 26), "open", date(2027, 2, 23))]


def test_a_date_that_is_over_or_beyond_its_period_is_not_postponed(engine: Engine) -> None:
    case = entered(engine)
    assert _refused(engine, case.id) == ["postpone_closed"]
    # Half-way between 23 December and 23 January, the visit of January takes over: on 8 January.
    assert _refused(engine, case.id, deadline="visite", to=date(2027, 1, 8)) == ["postpone_lapse"]
    _postpone(engine, case.id, "visite", date(2027, 1, 7))
    assert engine.verify().sound


def _in_winter(engine: Engine, shift: str) -> int:
    """A case to answer out of the winter truce: by 1 April 2027, a Thursday."""
    changes = {
        "deadlines:\n  reponse": "seasons:\n  treve_hivernale: {label: Trêve hivernale, from: 11-01, to: 03-31, "
        "basis: 'law:CPCE L412-6'}\n\ndeadlines:\n  reponse",
        "due: {after: P10D*}": f"due: {{after: P10D*, shift: {shift}, not_before: treve_hivernale}}",
    }
    engine.workflows.register(suivi(2, **changes))
    return opened(engine).id


def test_a_date_that_waits_for_the_end_of_a_season_is_not_postponed_into_it(engine: Engine) -> None:
    """31 October 2027 is a Sunday, 1 November a holiday: put off, the date would stand on Tuesday the 2nd."""
    case = _in_winter(engine, "suivant")
    assert _dates(engine, case, "reponse") == [(date(2027, 4, 1), "open", None)]
    assert _refused(engine, case, to=date(2027, 12, 15)) == ["postpone_season"]
    with pytest.raises(ActionRefused) as refusal:
        _postpone(engine, case, to=date(2027, 10, 31))
    (reason,) = refusal.value.reasons
    assert reason.data == {
        "deadline": "reponse", "to": "2027-10-31", "due_on": "2027-04-01", "season": "treve_hivernale",
        "label": "Trêve hivernale", "basis": "law:CPCE L412-6", "on": "2027-11-02", "after": "2028-04-01",
    }  # fmt: skip
    _postpone(engine, case, to=date(2027, 10, 29))
    assert _dates(engine, case, "reponse") == [(date(2027, 10, 29), "open", date(2027, 4, 1))]
    assert engine.verify().sound


def test_a_closed_day_may_not_bring_a_date_back_into_its_season(engine: Engine) -> None:
    """1 April 2028 is a Saturday: on the Friday before, the truce still runs."""
    case = _in_winter(engine, "precedent")
    assert _refused(engine, case, to=date(2028, 4, 1)) == ["postpone_season"]
    _postpone(engine, case, to=date(2028, 4, 3))
    assert _dates(engine, case, "reponse") == [(date(2028, 4, 3), "open", date(2027, 4, 1))]


def test_a_date_goes_at_most_two_years_away(engine: Engine) -> None:
    case = opened(engine)  # to answer by 3 December 2026
    assert _refused(engine, case.id, to=date(2028, 12, 4)) == ["postpone_too_far"]
    assert _refused(engine, case.id, to=date(9999, 12, 31)) == ["postpone_too_far"]
    _postpone(engine, case.id, to=date(2028, 12, 3))
    assert _dates(engine, case.id, "reponse") == [(date(2028, 12, 3), "open", date(2026, 12, 3))]


def test_the_two_years_of_a_date_long_overdue_begin_today(engine: Engine) -> None:
    case = entered(engine)
    at(engine, "2029-06-01")  # the stay was to end on 23 February 2027
    engine.run_due()
    assert _refused(engine, case.id, deadline="sejour", to=date(2031, 6, 2)) == ["postpone_too_far"]
    _postpone(engine, case.id, "sejour", date(2031, 6, 1))
    assert _dates(engine, case.id, "sejour") == [(date(2031, 6, 1), "open", date(2027, 2, 23))]


def test_a_clock_that_stands_still_is_not_postponed(engine: Engine) -> None:
    """The answer is suspended while the case is; nothing is planned meanwhile, and what remained remains."""
    changes = {
        "    while: ouvert\n    due: {after: P10D*}\n": "    while: [ouvert, suspendu]\n    due: {after: P10D*}\n"
        "    suspends: {while: suspendu, because: La maison est fermée.}\n",
        "to: suspendu, by: systeme}": "to: suspendu, by: [systeme, chef]}\n"
        "  reprendre: {label: Reprendre, from: suspendu, to: ouvert, by: chef}",
    }
    engine.workflows.register(suivi(2, **changes))
    case = opened(engine)
    at(engine, "2026-11-25")
    engine.cases.perform(case.id, "suspendre", by="chloe")
    assert _refused(engine, case.id) == ["postpone_suspended"]
    (change,) = [
        one for one in engine.cases.history(case.id)[-1].body["changes"] if one["deadline"] == "reponse"
    ]
    assert (change["change"], change["suspended_on"], change["due_on"]) == (
        "suspended",
        "2026-11-25",
        "2026-12-03",
    )
    assert {status for *_, status in _rungs(engine, "reponse")} == {"cancelled"}
    assert engine.verify().sound
    at(engine, "2026-12-10")
    assert engine.run_due().fired == []
    engine.cases.perform(case.id, "reprendre", by="chloe")
    (change,) = [
        one for one in engine.cases.history(case.id)[-1].body["changes"] if one["deadline"] == "reponse"
    ]
    assert (change["change"], change["from"], change["due_on"], change["why"]) == (
        "running", "2026-12-03", "2026-12-18", {"paused": 15},
    )  # fmt: skip
    assert _rungs(engine, "reponse") == [
        ("-P3D:notice", 1, "2026-12-15", "pending"), ("P0D:task", 1, "2026-12-18", "pending"),
        ("P1D:act", 1, "2026-12-19", "pending"),
    ]  # fmt: skip
    assert engine.verify().sound


def test_a_retried_postponement_gives_the_first_answer(engine: Engine) -> None:
    case = opened(engine)
    first = _postpone(engine, case.id, key="k")
    before = dump(engine)
    assert _postpone(engine, case.id, key="k") == first
    with pytest.raises(KeyReused):
        _postpone(engine, case.id, to=date(2026, 12, 14), key="k")
    with pytest.raises(StaleCase):
        _postpone(engine, case.id, to=date(2026, 12, 14), revision=case.revision)
    assert dump(engine) == before


def test_a_postponement_is_part_of_the_transaction_of_the_host(engine: Engine) -> None:
    case = opened(engine)
    before = dump(engine)
    with engine._world.database.engine.connect() as connection:
        _postpone(engine, case.id, session=connection)
        connection.rollback()
    assert dump(engine) == before
