"""Whose dates a calendar holds, at which hour, and what is in none: read back by another library."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from support.calendars import blocks, calendar, dated, read, unfolded
from support.engines import an_engine, at, opened, suivi
from support.timely import HORLOGES

from jalon import Case, Engine, NotFound, load


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    with an_engine(database_url) as engine:
        yield engine


# -- whose dates


def test_an_establishment_has_its_own_dates(engine: Engine) -> None:
    dated(engine), opened(engine, by="luc", establishment="lilas")
    assert {one.summary for one in calendar(engine, establishment="tilleuls")} == {"Échéance D-0001"}
    assert {one.summary for one in calendar(engine, establishment="lilas")} == {"Échéance D-0002"}


def test_a_person_has_the_dates_of_their_roles(engine: Engine) -> None:
    """An open case waits for the gardien: gaia in the first house, luc in the second, and never chloe."""
    dated(engine), opened(engine, by="luc", establishment="lilas")
    assert {one.summary for one in calendar(engine, person="gaia")} == {"Échéance D-0001"}
    assert {one.summary for one in calendar(engine, person="luc")} == {"Échéance D-0002"}
    assert calendar(engine, person="chloe") == []


def test_a_person_has_the_dates_of_the_cases_they_follow(engine: Engine) -> None:
    dated(engine)
    dated(engine, referent="chloe")
    assert {one.summary for one in calendar(engine, person="chloe")} == {"Échéance D-0002"}
    engine.people.revoke("chloe", "chef", "tilleuls")
    assert calendar(engine, person="chloe") == []  # who left the house sees it no more


def test_a_deputy_has_the_dates_of_whom_they_stand_in_for_while_they_do(engine: Engine) -> None:
    """chloe follows the first case, gaia's role sees to both; nina stands in for one, then for the other."""
    dated(engine, referent="chloe"), dated(engine), opened(engine, by="luc", establishment="lilas")
    engine.people.absent("chloe", date(2026, 11, 24), date(2026, 11, 25), deputy="nina")
    engine.people.absent("gaia", date(2026, 11, 25), date(2026, 11, 26), deputy="nina")
    held = []
    for day in ("2026-11-23", "2026-11-24", "2026-11-25", "2026-11-26", "2026-11-27"):
        at(engine, day)
        held.append(sorted({one.summary[-1] for one in calendar(engine, person="nina")}))
    assert held == [[], ["1"], ["1", "2"], ["1", "2"], []]
    at(engine, "2026-11-25")
    assert calendar(engine, person="nina") == calendar(engine, person="gaia")
    assert {one.summary[-1] for one in calendar(engine, person="chloe")} == {"1"}
    assert calendar(engine, person="nina", by="luc") == []


def test_a_deputy_stands_in_on_the_days_of_each_house(engine: Engine) -> None:
    """At 20:30 UTC on the 23rd it is the 24th in La Réunion, and not yet in Paris."""
    engine.establishments.add("case", "La Case", zone="la-reunion", timezone="Indian/Reunion")
    engine.people.grant("gaia", "gardien", "case")
    dated(engine), dated(engine, establishment="case")
    engine.people.absent("gaia", date(2026, 11, 24), date(2026, 11, 24), deputy="nina")
    engine._world.clock.set(datetime(2026, 11, 23, 20, 30, tzinfo=UTC))
    assert {one.summary for one in calendar(engine, person="nina")} == {"Échéance D-0002"}
    engine._world.clock.set(datetime(2026, 11, 24, 20, 30, tzinfo=UTC))
    assert {one.summary for one in calendar(engine, person="nina")} == {"Échéance D-0001"}


def test_what_a_person_had_to_do_is_cancelled_in_their_calendar(engine: Engine) -> None:
    case = dated(engine)
    before = {one.uid for one in calendar(engine, person="gaia")}
    engine.cases.perform(case.id, "clore", {"motif": "parti"}, by="gaia")
    after = calendar(engine, person="gaia")
    assert {one.uid for one in after} == before
    assert {one.status for one in after} == {"CANCELLED"}


def test_someone_sees_only_their_establishments(engine: Engine) -> None:
    mine = dated(engine)
    for wanted in ({"case": mine.id}, {"establishment": "tilleuls"}):
        with pytest.raises(NotFound):
            engine.deadlines.agenda(by="luc", **wanted)
    assert calendar(engine, person="gaia", by="luc") == []
    assert len(calendar(engine, person="gaia", by="chloe")) == 2
    engine.people.add("gaia", active=False)
    with pytest.raises(NotFound):
        engine.deadlines.agenda(person="gaia")


def test_a_person_who_works_in_two_zones_reads_each_by_its_clock(database_url: str) -> None:
    with an_engine(database_url, bare=True) as engine:
        cases = appointments(engine, {"paris": "Europe/Paris", "reunion": "Indian/Reunion"})
        found = calendar(engine, person="anne")
        starts = {one.summary: one.start for one in found if isinstance(one.start, datetime)}
        # 14:30 on 2027-07-05: 12:30 UTC in Paris, in summer; 10:30 UTC in Reunion, all year
        assert {name: start.astimezone(UTC).hour for name, start in starts.items()} == {
            f"Échéance {cases['paris'].number}": 12, f"Échéance {cases['reunion'].number}": 10,
        }  # fmt: skip
        content = engine.deadlines.agenda(person="anne").content
        assert len(blocks(content, "VTIMEZONE")) == 2


# -- hours, suspension, the day to act by


def appointments(
    engine: Engine, houses: dict[str, str], day: str = "2027-07-05", hour: str = "14:30"
) -> dict[str, Case]:
    """A case with an appointment in each house, of the workflow that shows every clock."""
    engine.workflows.register(load(HORLOGES))
    engine.people.add("anne", "Anne")
    cases = {}
    for name, timezone in houses.items():
        engine.establishments.add(name, name.title(), timezone=timezone)
        engine.people.grant("anne", "agent", name)
        case = engine.cases.open("horloges", {"menage": {"name": "M."}}, by="anne", establishment=name)
        appointment = {"date_rdv": day, "heure_rdv": hour}
        cases[name] = engine.cases.perform(case.id, "fixer_rdv", appointment, by="anne")
    return cases


@pytest.mark.parametrize(
    ("day", "hour", "instant"),
    [
        ("2027-01-14", "14:30", datetime(2027, 1, 14, 13, 30, tzinfo=UTC)),
        ("2027-07-14", "14:30", datetime(2027, 7, 14, 12, 30, tzinfo=UTC)),
        ("2027-03-28", "01:30", datetime(2027, 3, 28, 0, 30, tzinfo=UTC)),
        ("2027-03-28", "03:30", datetime(2027, 3, 28, 1, 30, tzinfo=UTC)),
        ("2027-10-31", "02:30", datetime(2027, 10, 31, 0, 30, tzinfo=UTC)),  # the first of the two
        ("2027-10-31", "03:30", datetime(2027, 10, 31, 2, 30, tzinfo=UTC)),
    ],
)
def test_a_date_with_an_hour_is_read_at_its_instant(
    database_url: str, day: str, hour: str, instant: datetime
) -> None:
    with an_engine(database_url, bare=True) as engine:
        case = appointments(engine, {"maison": "Europe/Paris"}, day, hour)["maison"]
        (found,) = calendar(engine, case=case.id, deadline="a_l_heure")
        assert found.start.astimezone(UTC) == instant
        assert found.end is None


def test_an_hour_that_moves_alone_makes_the_sequence_grow(database_url: str) -> None:
    with an_engine(database_url, bare=True) as engine:
        case = appointments(engine, {"maison": "Europe/Paris"})["maison"]
        (before,) = calendar(engine, case=case.id, deadline="a_l_heure")
        engine.cases.correct(case.id, {"heure_rdv": "15:00"}, by="anne", reason="une erreur")
        (after,) = calendar(engine, case=case.id, deadline="a_l_heure")
        assert (after.uid, after.sequence) == (before.uid, before.sequence + 1)
        assert after.start.astimezone(UTC) == datetime(2027, 7, 5, 13, 0, tzinfo=UTC)


def test_the_day_that_counts_is_the_one_to_act_by(database_url: str) -> None:
    """Two months from 2026-12-30 end on Sunday 2027-02-28: one acts by Friday the 26th."""
    with an_engine(database_url, bare=True, on="2026-12-30") as engine:
        case = appointments(engine, {"maison": "Europe/Paris"})["maison"]
        engine.cases.perform(case.id, "notifier", {"decision_le": "2026-12-30"}, by="anne")
        (item,) = [one for one in engine.cases.dates(case.id) if one.name == "agir_avant"]
        assert item.due_on == date(2027, 2, 28)
        assert [one.start for one in calendar(engine, case=case.id, deadline="agir_avant")] == [
            date(2027, 2, 26)
        ]


def test_a_date_whose_clock_stands_still_is_tentative(database_url: str) -> None:
    with an_engine(database_url, bare=True) as engine:
        case = appointments(engine, {"maison": "Europe/Paris"})["maison"]
        engine.cases.perform(case.id, "prendre", {"date_contrat": "2026-11-23"}, by="anne")
        (before,) = calendar(engine, case=case.id, deadline="suspendue_et_reprise")
        assert (before.start, before.status) == (date(2027, 1, 23), "CONFIRMED")
        at(engine, "2026-11-30")
        engine.cases.perform(case.id, "suspendre", by="anne")
        (stopped,) = calendar(engine, case=case.id, deadline="suspendue_et_reprise")
        assert (stopped.uid, stopped.status) == (before.uid, "TENTATIVE")
        assert stopped.sequence > before.sequence
        at(engine, "2026-12-10")
        engine.cases.perform(case.id, "reprendre", by="anne")
        (again,) = calendar(engine, case=case.id, deadline="suspendue_et_reprise")
        # ten days in hospital are added
        assert (again.uid, again.start, again.status) == (before.uid, date(2027, 2, 2), "CONFIRMED")
        assert again.sequence > stopped.sequence


# -- nothing of the person


SECRETS = (
    "Zénobie", "Quetzal", "zenobie", "quetzal", "expulsion", "diabète", "hospitalisation", "Onésime", "onesime",
    "mairie-secrete", "Basilisque", "LHSS", "parti vivre", "Lits halte",
)  # fmt: skip


def test_nothing_of_the_person_the_house_or_the_programme_is_in_the_file(database_url: str) -> None:
    """Names, addresses, motives, reasons, places, labels: none is in any byte, whoever asks and whatever happened."""
    text = suivi(
        1, **{"title: Suivi d'essai": "title: Basilisque", "label: Répondre": "label: Lits halte LHSS"}
    )
    with an_engine(database_url, bare=True, link="https://jalon.example") as engine:
        engine.establishments.add(
            "lhss-quetzal", "LHSS du Quetzal", phone="01 02 03 04 05", address="Rue Onésime"
        )
        engine.people.add("onesime", "Onésime Basilisque", address="onesime@quetzal.example")
        engine.people.grant("onesime", "gardien", "lhss-quetzal")
        engine.workflows.register(text)
        given = {
            "menage": {"name": "Zénobie Quetzal", "email": "zenobie@quetzal.example"}, "rendez_vous_le": "2026-12-01",
            "contact_mairie": {"name": "Mairie", "email": "aide@mairie-secrete.example"},
            "note": "diabète, hospitalisation",
        }  # fmt: skip
        case = engine.cases.open(
            "suivi", given, by="onesime", establishment="lhss-quetzal", referent="onesime"
        )
        at(engine, "2026-11-24")
        engine.cases.correct(
            case.id, {"rendez_vous_le": "2026-12-02"}, by="onesime", reason="hospitalisation de Zénobie"
        )
        other = engine.cases.open("suivi", given, by="onesime", establishment="lhss-quetzal")
        engine.cases.perform(other.id, "clore", {"motif": "expulsion, parti vivre ailleurs"}, by="onesime")
        history = repr(engine.cases.history(case.id)) + repr(engine.cases.history(other.id))
        assert all(
            word in history for word in ("Zénobie", "expulsion", "diabète", "onesime")
        )  # they are in the rows
        for wanted in (
            {"case": case.id}, {"case": other.id}, {"person": "onesime"}, {"establishment": "lhss-quetzal"},
            {"case": case.id, "deadline": "reponse", "ordinal": 1},
        ):  # fmt: skip
            content = engine.deadlines.agenda(**wanted).content
            assert read(content)
            whole = "".join(
                f"{name}{parameters}{value}" for name, parameters, value in unfolded(content)
            ).casefold()
            assert [word for word in SECRETS if word.casefold() in whole] == []
            assert [name for name in ("reponse", "rendez_vous", "gardien", "suivi") if name in whole] == []
            assert "@" not in whole


def test_the_host_reads_what_its_own_transaction_wrote(engine: Engine) -> None:
    with engine._world.database.write() as connection:
        case = dated(engine, session=connection)
        assert len(calendar(engine, case=case.id, session=connection)) == 2
        assert len(calendar(engine, establishment="tilleuls", session=connection)) == 2
