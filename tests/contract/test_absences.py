"""Absences as they are entered and ended, on both databases."""

from collections.abc import Iterator
from datetime import date, datetime

import pytest
from support.engines import an_engine
from support.staff import away, day, hire

from jalon import ActionRefused, Engine, InputError, NotFound
from jalon.interfaces.words import reason_words


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    with an_engine(database_url) as engine:
        hire(engine)
        yield engine


def refused(engine: Engine, *asked: object, **options: object) -> list[str]:
    """The codes for which an absence is refused; each has its French sentence, and nothing is written."""
    before = engine.people.absences()
    with pytest.raises(ActionRefused) as refusal:
        engine.people.absent(*asked, **options)
    assert engine.people.absences() == before
    assert all("Une condition n’est pas remplie" not in reason_words(one) for one in refusal.value.reasons)
    return [reason.code for reason in refusal.value.reasons]


def test_an_absence_is_kept_with_who_entered_it(engine: Engine) -> None:
    found = engine.people.absent(
        "samir", day("2026-12-21"), day("2027-01-01"), deputy="lea", by="chloe", reason=" Congés "
    )
    assert engine.people.absences() == engine.people.absences("samir") == (found,)
    assert (found.person, found.since, found.until, found.deputy) == (
        "samir", date(2026, 12, 21), date(2027, 1, 1), "lea",
    )  # fmt: skip
    assert (found.entered_by, found.reason, found.entered_at) == ("chloe", "Congés", engine.now())
    assert engine.people.absences("rosa") == ()


def test_two_absences_of_one_person_do_not_overlap(engine: Engine) -> None:
    away(engine, "samir", "2026-12-21", "2027-01-01")
    for since, until in (
        ("2027-01-01", "2027-01-05"), ("2026-12-01", "2026-12-21"), ("2026-12-25", "2026-12-26"), ("2026-12-01", None),
    ):  # fmt: skip
        assert refused(engine, "samir", day(since), None if until is None else day(until)) == [
            "absence_overlap"
        ]
    away(engine, "samir", "2027-01-02", "2027-01-05")
    away(engine, "samir", "2026-12-20", "2026-12-20")
    away(engine, "rosa", "2026-12-25")
    assert [one.since.isoformat() for one in engine.people.absences("samir")] == [
        "2026-12-20", "2026-12-21", "2027-01-02",
    ]  # fmt: skip
    assert refused(engine, "rosa", day("2030-01-01")) == ["absence_overlap"]


def test_a_deputy_is_someone_else_who_may_act(engine: Engine) -> None:
    engine.people.add("rosa", "Rosa", active=False)
    assert refused(engine, "samir", day("2026-12-01"), deputy="samir") == ["deputy_self"]
    assert refused(engine, "samir", day("2026-12-01"), deputy="rosa") == ["deputy_inactive"]
    assert refused(engine, "samir", day("2026-12-02"), day("2026-12-01"), deputy="lea") == ["absence_days"]
    for name in ("personne", "", 3):
        with pytest.raises(NotFound):
            engine.people.absent("samir", day("2026-12-01"), deputy=name)
    assert engine.people.absences() == ()


def test_deputies_never_go_round_in_a_circle(engine: Engine) -> None:
    """Samir by lea, lea by ines: ines by samir would leave nobody, but for the days on which one of them is there."""
    away(engine, "samir", "2026-12-07", "2026-12-11", "lea")
    away(engine, "lea", "2026-12-09", "2026-12-18", "ines")
    assert refused(engine, "ines", day("2026-12-10"), day("2026-12-20"), deputy="samir") == ["deputy_circle"]
    assert refused(engine, "ines", day("2026-12-11"), deputy="lea") == ["deputy_circle"]
    away(engine, "ines", "2026-12-12", "2026-12-20", "samir")


@pytest.mark.parametrize(
    ("asked", "error"),
    [
        (("samir", "2026-12-01"), InputError), (("samir", datetime(2026, 12, 1)), InputError),
        (("samir", date(2026, 12, 1), 3), InputError), (("nul", date(2026, 12, 1)), NotFound),
        ((None, date(2026, 12, 1)), NotFound), (("x\0", date(2026, 12, 1)), NotFound),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused_clearly(
    engine: Engine, asked: tuple[object, ...], error: type[Exception]
) -> None:
    with pytest.raises(error):
        engine.people.absent(*asked)
    with pytest.raises(InputError):
        engine.people.absent("samir", day("2026-12-01"), reason=["x"])
    with pytest.raises(NotFound):
        engine.people.absent("samir", day("2026-12-01"), by="nul")
    with pytest.raises(NotFound):
        engine.people.absences("nul")
    assert engine.people.absences() == ()


def test_someone_who_is_back_was_away_until_the_day_before(engine: Engine) -> None:
    away(engine, "samir", "2026-12-01", None, "lea")
    found = engine.people.back("samir", day("2026-12-10"))
    assert found is not None
    assert (found.since, found.until) == (date(2026, 12, 1), date(2026, 12, 9))
    assert engine.people.absences("samir") == (found,)


def test_back_on_the_first_day_there_was_no_absence(engine: Engine) -> None:
    away(engine, "samir", "2026-12-01", "2026-12-04")
    away(engine, "samir", "2026-12-21", "2026-12-24")
    assert engine.people.back("samir", day("2026-12-01")) is None
    assert [one.since for one in engine.people.absences("samir")] == [date(2026, 12, 21)]


@pytest.mark.parametrize("on", ["2026-11-30", "2026-12-05", "2026-12-20"])
def test_nobody_comes_back_who_was_not_away(engine: Engine, on: str) -> None:
    """A holiday that is still to come is not taken back by a slip of the pen."""
    away(engine, "samir", "2026-12-01", "2026-12-04")
    away(engine, "samir", "2026-12-21", "2026-12-24")
    before = engine.people.absences()
    with pytest.raises(ActionRefused) as refusal:
        engine.people.back("samir", day(on))
    assert [reason.code for reason in refusal.value.reasons] == ["absence_none"]
    with pytest.raises(NotFound):
        engine.people.back("nul", day(on))
    with pytest.raises(InputError):
        engine.people.back("samir", on)
    assert engine.people.absences() == before


def test_an_absence_joins_the_transaction_of_the_host(engine: Engine) -> None:
    with engine._world.database.write() as connection:
        engine.people.absent("samir", day("2026-12-01"), session=connection)
        with pytest.raises(ActionRefused):
            engine.people.absent("samir", day("2026-12-01"), session=connection)
        engine.people.back("samir", day("2026-12-02"), session=connection)
    (kept,) = engine.people.absences()
    assert kept.until == date(2026, 12, 1)


@pytest.mark.parametrize("day", [date(1, 1, 1), date(1899, 12, 31)])
def test_an_absence_of_another_age_is_a_slip_of_the_pen(engine: Engine, day: date) -> None:
    with pytest.raises(InputError):
        engine.people.absent("ana", since=day)
    with pytest.raises(InputError):
        engine.people.back("ana", on=day)
