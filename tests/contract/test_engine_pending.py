"""What is awaited, by when and at what hour, on both databases."""

from collections.abc import Iterator
from datetime import date, datetime

import pytest
from support.engines import an_engine, at
from support.timely import HORLOGES

from jalon import Engine, Pending, load

RECEIVED, TAKEN = "2027-01-01", "2027-01-04"


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """A request received on Friday 1 January 2027 at 22:00, its clocks all running from Monday the 4th."""
    with an_engine(database_url, on=RECEIVED, hour=22, bare=True) as engine:
        engine.establishments.add("maison", "La Maison")
        engine.workflows.register(load(HORLOGES))
        engine.people.add("ana", "Ana", address="ana@maison.example")
        engine.people.grant("ana", "agent", "maison")
        engine.cases.open("horloges", {"menage": "Bruno L."}, by="ana", establishment="maison")
        yield engine


def take_up(engine: Engine) -> None:
    at(engine, TAKEN)
    for action, facts in (
        ("prendre", {"date_contrat": date(2027, 1, 1)}), ("notifier", {"decision_le": date(2026, 12, 31)}),
        ("fixer_rdv", {"date_rdv": date(2027, 1, 20), "heure_rdv": "14:30"}),
    ):  # fmt: skip
        engine.cases.perform(1, action, facts, by="ana")


def awaited(engine: Engine, **asked: object) -> dict[str, Pending]:
    return {item.name: item for item in engine.deadlines.pending(**asked) if item.kind == "deadline"}


@pytest.mark.parametrize(("hour", "minute", "bucket"), [(21, 59, "today"), (22, 0, "late"), (22, 1, "late")])
def test_a_date_that_has_an_hour_is_late_from_its_instant_on(
    engine: Engine, hour: int, minute: int, bucket: str
) -> None:
    """48 hours from 22:00 on 1 January: until 22:00 on the 3rd."""
    at(engine, "2027-01-03", hour, minute)
    item = awaited(engine)["en_heures"]
    assert (item.bucket, item.days, item.due_on) == (bucket, 0, date(2027, 1, 3))
    assert item.due_at == datetime.fromisoformat("2027-01-03T22:00:00+01:00")


def test_the_day_by_which_to_act_counts_and_the_date_stands_beside(engine: Engine) -> None:
    """The appeal ends on Sunday 28 February 2027: act by Friday the 26th, late from Saturday on."""
    take_up(engine)
    assert "agir_avant" not in awaited(engine, until=date(2027, 2, 25))
    item = awaited(engine, until=date(2027, 2, 26))["agir_avant"]
    assert (item.due_on, item.act_by, item.day, item.bucket) == (
        date(2027, 2, 28), date(2027, 2, 26), date(2027, 2, 26), "later",
    )  # fmt: skip
    assert item.days == (date(2027, 2, 26) - date(2027, 1, 4)).days
    at(engine, "2027-02-27")
    assert awaited(engine)["agir_avant"].bucket == "late"
    days = [item.day for item in engine.deadlines.pending()]
    assert days == sorted(days)


def test_what_is_suspended_is_never_late_and_comes_last(engine: Engine) -> None:
    """Two months from 4 January end on 4 March; stopped on 11 January, 52 days were left."""
    take_up(engine)
    at(engine, "2027-01-11")
    engine.cases.perform(1, "suspendre", by="ana")
    at(engine, "2027-06-01")
    found = engine.deadlines.pending()
    item = found[-1]
    assert (item.name, item.suspended_on, item.remaining) == ("suspendue_et_reprise", date(2027, 1, 11), 52)
    assert (item.bucket, item.day) == ("later", date(2027, 7, 23))  # were it to run again today
    assert "suspendue_et_reprise" not in awaited(engine, until=date(2027, 7, 22))
    (coming,) = [
        one
        for one in engine.deadlines.forecast(date(2030, 1, 1)).items
        if one.deadline == "suspendue_et_reprise"
    ]
    assert (coming.kind, coming.suspended_on, coming.day) == ("due", date(2027, 1, 11), date(2027, 7, 23))


def test_an_awaited_date_names_its_row_so_that_it_may_be_postponed(engine: Engine) -> None:
    take_up(engine)
    before = awaited(engine)["suspendue_et_reprise"]
    assert (before.ordinal, before.due_on, before.postponed_from) == (1, date(2027, 3, 4), None)
    engine.deadlines.postpone(before.id, to=date(2027, 3, 30), reason="Attente du médecin", by="ana")
    after = awaited(engine)["suspendue_et_reprise"]
    assert (after.id, after.due_on, after.day, after.postponed_from) == (
        before.id, date(2027, 3, 30), date(2027, 3, 30), date(2027, 3, 4),
    )  # fmt: skip
    why = engine.deadlines.explain(before.id)
    assert [note.code for note in why.notes] == ["postponed"]
    assert (why.moves[-1]["kind"], why.moves[-1]["reason"]) == ("postponement", "Attente du médecin")
    (coming,) = [
        one for one in engine.deadlines.forecast(date(2027, 12, 31)).items
        if one.deadline == "suspendue_et_reprise" and one.kind == "due"
    ]  # fmt: skip
    assert (coming.day, coming.armed) == (date(2027, 3, 30), True)
