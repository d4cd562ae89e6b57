"""Dates that have an hour, caps and seasons, through the engine and its rows, on both databases."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from support.engines import Post, at, paris
from support.timely import HORLOGES

from jalon import ActionRefused, Engine, Settings, VirtualClock, load

NADIA = "nadia@foyer.example"


@pytest.fixture
def post() -> Post:
    return Post()


@pytest.fixture
def engine(database_url: str, post: Post) -> Iterator[Engine]:
    """A shelter on Christmas Eve, at twenty to eleven in the evening."""
    clock = VirtualClock(paris("2026-12-24", 22, 40))
    engine = Engine(Settings(database=database_url), clock=clock, transport=post)
    engine.workflows.register(load(HORLOGES))
    engine.establishments.add("foyer", "Foyer")
    engine.people.add("nadia", "Nadia", address=NADIA)
    for role in ("agent", "direction"):
        engine.people.grant("nadia", role, "foyer")
    yield engine
    engine.close()


def _taken_in(engine: Engine) -> int:
    return engine.cases.open("horloges", {"menage": "M. Diallo"}, by="nadia", establishment="foyer").id


def _followed(engine: Engine, contract: str = "2026-12-24") -> int:
    number = _taken_in(engine)
    engine.cases.perform(number, "prendre", {"date_contrat": contract}, by="nadia")
    return number


def test_a_shelter_is_told_by_night_and_on_a_holiday(engine: Engine, post: Post) -> None:
    number = _taken_in(engine)
    (item,) = [one for one in engine.cases.dates(number) if one.name == "en_heures"]
    assert item.due_at == datetime(2026, 12, 26, 21, 40, tzinfo=UTC)
    at(engine, "2026-12-25", 2, 39)
    assert engine.run_due().fired == []
    at(engine, "2026-12-25", 2, 40)
    assert [(one.kind, one.rung) for one in engine.run_due().fired] == [("task", "+PT4H:task")]
    at(engine, "2026-12-26", 20, 40)  # a Saturday evening, the day after Christmas
    engine.tick()
    assert [str(message["To"].addresses[0].addr_spec) for message in post.sent] == [NADIA]


def test_an_hour_that_has_passed_is_late_at_once(engine: Engine) -> None:
    _taken_in(engine)

    def bucket() -> str:
        (line,) = [one for one in engine.deadlines.pending() if one.name == "en_heures"]
        return line.bucket

    at(engine, "2026-12-26", 22, 39)
    assert bucket() == "today"
    at(engine, "2026-12-26", 22, 41)
    assert bucket() == "late"


def test_a_renewal_taken_back_gives_the_date_and_its_reminders_again(engine: Engine) -> None:
    """Six months from Christmas Eve; a renewal adds six, and what takes it back takes them off, reminders included."""
    number = _followed(engine)

    def periods() -> list[tuple[str, str]]:
        return [
            (str(one.due_on), one.status) for one in engine.cases.dates(number) if one.name == "avec_plafond"
        ]

    assert periods() == [("2027-06-24", "open")]
    engine.cases.perform(number, "renouveler", by="nadia")
    assert periods() == [("2027-06-24", "met"), ("2027-12-24", "open")]
    engine.cases.perform(number, "retirer", by="nadia")
    assert periods() == [("2027-06-24", "open"), ("2027-12-24", "void")]
    assert engine.verify().sound
    at(engine, "2027-05-24", 9, 0)
    fired = [one for one in engine.run_due().fired if one.deadline == "avec_plafond"]
    assert [(one.rung, one.day) for one in fired] == [("-P1M:notice", date(2027, 5, 24))]
    engine.cases.perform(number, "renouveler", by="nadia")
    assert periods() == [("2027-06-24", "met"), ("2027-12-24", "open")]
    assert engine.verify().sound


def test_no_renewal_goes_beyond_the_cap(engine: Engine) -> None:
    number = _followed(engine)
    with pytest.raises(ActionRefused) as refusal:
        engine.cases.perform(number, "renouveler", {"fin_decidee": "2031-01-01"}, by="nadia")
    assert [reason.code for reason in refusal.value.reasons] == ["beyond_cap"]
    engine.cases.perform(number, "renouveler", {"fin_decidee": "2030-12-24"}, by="nadia")
    (item,) = [
        one for one in engine.cases.dates(number) if one.name == "avec_plafond" and one.status == "open"
    ]
    assert (item.due_on, item.cap_on, item.last) == (date(2030, 12, 24), date(2030, 12, 24), True)
    with pytest.raises(ActionRefused) as refusal:
        engine.cases.perform(number, "renouveler", by="nadia")
    assert [reason.code for reason in refusal.value.reasons] == ["cap_reached"]
    engine.cases.perform(number, "reorienter", by="nadia")


def test_a_renewal_never_shortens_what_it_renews(engine: Engine) -> None:
    """The end is 24 June: a renewal may write that day or a later one, not the day before."""
    number = _followed(engine)
    with pytest.raises(ActionRefused) as refusal:
        engine.cases.perform(number, "renouveler", {"fin_decidee": "2027-06-23"}, by="nadia")
    assert [(reason.code, reason.data["end"]) for reason in refusal.value.reasons] == [
        ("renewal_shortens", "2027-06-24")
    ]
    engine.cases.perform(number, "renouveler", {"fin_decidee": "2027-06-24"}, by="nadia")
    with pytest.raises(ActionRefused):
        engine.cases.perform(number, "renouveler", {"fin_decidee": "2027-06-23"}, by="nadia")
    engine.cases.perform(number, "renouveler", {"fin_decidee": "2027-06-25"}, by="nadia")
    dates = [one for one in engine.cases.dates(number) if one.name == "avec_plafond"]
    assert [str(one.due_on) for one in dates if one.status == "open"] == ["2027-06-25"]
    for written, warned in (("2027-06-23", True), ("2027-06-24", False)):
        engine.cases.correct(number, {"fin_decidee": written}, by="nadia", reason="la décision relue")
        assert ("renewal_shortens" in engine.cases.history(number)[-1].body.get("warnings", ())) is warned


def test_nothing_is_executed_during_the_truce(engine: Engine) -> None:
    number = _followed(engine)
    with pytest.raises(ActionRefused) as refusal:
        engine.cases.perform(number, "executer", by="nadia")
    assert [(reason.code, reason.data["season"]) for reason in refusal.value.reasons] == [
        ("season", "treve_hivernale")
    ]
    at(engine, "2027-03-31", 12)
    with pytest.raises(ActionRefused):
        engine.cases.perform(number, "executer", by="nadia")
    at(engine, "2027-04-01", 0, 1)
    engine.cases.perform(number, "executer", by="nadia")


def test_a_review_looks_at_the_average_and_at_the_month(engine: Engine) -> None:
    number = _followed(engine)

    def refused() -> list[str]:
        with pytest.raises(ActionRefused) as refusal:
            engine.cases.perform(number, "evaluer", by="nadia")
        return [reason.code for reason in refusal.value.reasons]

    assert refused() == ["count"]
    for day in ("2027-01-04", "2027-01-25"):  # 21 days between two visits
        at(engine, day)
        engine.cases.perform(number, "visiter", by="nadia")
    assert refused() == ["average"]
    at(engine, "2027-02-01")  # 28 days, two gaps: 14 on average
    engine.cases.perform(number, "visiter", by="nadia")
    engine.cases.perform(number, "evaluer", by="nadia")
    assert refused() == ["count"]  # once a month
    at(engine, "2027-03-01")
    engine.cases.perform(number, "evaluer", by="nadia")
    at(engine, "2027-05-03")  # of the three visits, none is in the last three months
    assert refused() == ["count"]


def test_a_clock_that_stands_still_is_neither_late_nor_reminded(engine: Engine) -> None:
    number = _followed(engine)
    at(engine, "2027-01-04")
    engine.cases.perform(number, "suspendre", by="nadia")
    at(engine, "2027-06-01")
    engine.tick()
    (line,) = [one for one in engine.deadlines.pending() if one.name == "suspendue_et_reprise"]
    assert line.bucket != "late"
    assert not any(rung.notices for rung in engine.deadlines.explain(number, "suspendue_et_reprise").ladder)
    engine.cases.perform(number, "reprendre", by="nadia")
    (item,) = [one for one in engine.cases.dates(number) if one.name == "suspendue_et_reprise"]
    # due on 24 February; 148 days stood still, from 4 January to 1 June
    assert (item.due_on, item.paused, item.suspended_on) == (date(2027, 7, 22), 148, None)
    assert engine.verify().sound
