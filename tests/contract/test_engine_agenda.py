"""Calendar files of cases: what they say, dates that move, dates that are over; read back by another library."""

from collections.abc import Iterator
from datetime import date

import pytest
from support import house
from support.calendars import Read, blocks, calendar, dated, read, unfolded
from support.engines import an_engine, at, dump, entered, opened, paris, written

from jalon import Agenda, Engine, InputError, NotFound

REPONSE, RENDEZ_VOUS = date(2026, 12, 3), date(2026, 12, 1)  # ten days after 2026-11-23; the day given


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    with an_engine(database_url) as engine:
        yield engine


def by_day(found: list[Read]) -> dict[date, Read]:
    return {one.start: one for one in found}


# -- what a calendar says


def test_a_case_gives_its_dates_and_the_file_number_alone(engine: Engine) -> None:
    case = dated(engine)
    found = calendar(engine, case=case.id)
    assert [(one.start, one.end) for one in found] == [
        (RENDEZ_VOUS, date(2026, 12, 2)), (REPONSE, date(2026, 12, 4)),
    ]  # fmt: skip
    assert {one.summary for one in found} == {"Échéance D-0001"}
    assert {(one.status, one.sequence) for one in found} == {("CONFIRMED", 0)}
    assert {one.stamp for one in found} == {paris("2026-11-23")}


def test_one_deadline_and_one_occurrence(engine: Engine) -> None:
    case = dated(engine)
    assert [one.start for one in calendar(engine, case=case.id, deadline="reponse")] == [REPONSE]
    assert [one.start for one in calendar(engine, case=case.id, deadline="reponse", ordinal=1)] == [REPONSE]
    assert calendar(engine, case=case.id, deadline="sejour") == []  # nothing has dated it yet


def test_what_does_not_exist_is_said(engine: Engine) -> None:
    case = dated(engine)
    for kind, wanted in (
        ("case", {"case": case.id + 1}),
        ("deadline", {"case": case.id, "deadline": "nulle"}),
        ("occurrence", {"case": case.id, "deadline": "reponse", "ordinal": 2}),
        ("establishment", {"establishment": "nulle"}),
        ("actor", {"person": "nulle"}),
        ("actor", {"case": case.id, "by": "nulle"}),
    ):
        with pytest.raises(NotFound) as refusal:
            engine.deadlines.agenda(**wanted)
        assert refusal.value.data["kind"] == kind


def test_a_calendar_is_of_one_thing(engine: Engine) -> None:
    for argument, wanted in (
        ("agenda", {}),
        ("agenda", {"case": 1, "person": "gaia"}),
        ("agenda", {"person": "gaia", "establishment": "tilleuls"}),
        ("deadline", {"person": "gaia", "deadline": "reponse"}),
        ("occurrence", {"case": 1, "ordinal": 1}),
    ):
        with pytest.raises(InputError) as refusal:
            engine.deadlines.agenda(**wanted)
        assert refusal.value.data["argument"] == argument


def test_an_empty_calendar_is_valid(engine: Engine) -> None:
    found = engine.deadlines.agenda(establishment="tilleuls")
    assert read(found.content) == []
    assert (found.name, found.dates, found.cancelled) == ("Échéances", 0, 0)
    assert calendar(engine, person="nina") == []  # works nowhere


def test_the_answer_counts_what_it_holds(engine: Engine) -> None:
    case = entered(engine)
    found = engine.deadlines.agenda(case=case.id)
    assert isinstance(found, Agenda)
    # the answer that entering met; then the end of the stay and the first visit
    assert (found.name, found.dates, found.cancelled) == ("Échéances D-0001", 3, 1)


def test_links_lead_to_the_file_where_the_host_has_some(database_url: str) -> None:
    with an_engine(database_url, link="https://jalon.example/") as engine:
        case = dated(engine)
        (event, _) = blocks(engine.deadlines.agenda(case=case.id).content, "VEVENT")
        assert ("URL", {}, "https://jalon.example/dossiers/D-0001") in event


def test_a_sandbox_says_that_it_is_one(database_url: str) -> None:
    with an_engine(database_url, bare=True) as engine:
        engine._world.make_sandbox()
        engine.establishments.add("tilleuls", "Tilleuls")
        lines = unfolded(engine.deadlines.agenda(establishment="tilleuls").content)
        assert ("NAME", {}, "Échéances (bac à sable)") in lines


# -- a date that moves


def test_a_date_that_moves_keeps_its_identifier_and_its_sequence_grows(engine: Engine) -> None:
    case = dated(engine)
    first = by_day(calendar(engine, case=case.id))
    at(engine, "2026-11-25", 14)
    engine.cases.correct(case.id, {"rendez_vous_le": "2026-12-08"}, by="gaia", reason="une erreur")
    second = by_day(calendar(engine, case=case.id))
    moved = second[date(2026, 12, 8)]
    assert moved.uid == first[RENDEZ_VOUS].uid
    assert (moved.sequence, moved.stamp) == (1, paris("2026-11-25", 14))
    assert second[REPONSE] == first[REPONSE]  # what did not move is told as it was
    at(engine, "2026-11-26")
    engine.cases.correct(case.id, {"rendez_vous_le": "2026-12-01"}, by="gaia", reason="finalement")
    back = by_day(calendar(engine, case=case.id))[RENDEZ_VOUS]
    assert (back.uid, back.sequence) == (moved.uid, 2)


def test_an_act_that_is_dated_right_moves_what_follows_from_it(engine: Engine) -> None:
    """Opened on the 20th and not the 23rd: the answer is due on 2026-11-30."""
    case = opened(engine)
    before = calendar(engine, case=case.id)[0]
    engine.cases.correct(case.id, on=date(2026, 11, 20), by="gaia", reason="reçue le 20")
    (after,) = calendar(engine, case=case.id)
    assert (after.start, after.uid, after.sequence) == (date(2026, 11, 30), before.uid, 1)


def test_what_changes_elsewhere_changes_no_byte(engine: Engine) -> None:
    """Neither the hour at which it is asked for, nor a note, nor a pass that fires a reminder."""
    case = dated(engine)
    before = engine.deadlines.agenda(case=case.id).content
    at(engine, "2026-11-30", 16)
    engine.run_due()  # a reminder of each date is past
    engine.cases.perform(case.id, "noter", {"note": "rien de neuf"}, by="gaia")
    assert engine.deadlines.agenda(case=case.id).content == before


def test_the_same_calendar_from_another_engine_is_the_same(database_url: str) -> None:
    with an_engine(database_url) as engine:
        case = dated(engine)
        content = engine.deadlines.agenda(case=case.id).content
    with an_engine(database_url, bare=True, sender="autre@ailleurs.example") as other:
        assert other.deadlines.agenda(case=case.id).content == content


def test_two_databases_share_no_identifier(sqlite_url: str, postgres_url: str) -> None:
    found = []
    for url in (sqlite_url, postgres_url):
        with an_engine(url) as engine:
            found.append({one.uid for one in calendar(engine, case=dated(engine).id)})
    assert len(found[0]) == len(found[1]) == 2
    assert not found[0] & found[1]


def test_asking_writes_nothing(engine: Engine) -> None:
    case = dated(engine, referent="gaia")
    at(engine, "2026-12-20")
    before = dump(engine)
    for wanted in ({"case": case.id}, {"person": "gaia"}, {"establishment": "tilleuls"}):
        engine.deadlines.agenda(**wanted)
    assert dump(engine) == before


# -- a date that is over


def test_what_is_met_is_cancelled_under_the_same_identifier(engine: Engine) -> None:
    case = dated(engine)
    first = by_day(calendar(engine, case=case.id))
    at(engine, "2026-11-25")
    engine.cases.document(case.id, "attestation", by="gaia")
    engine.cases.perform(case.id, "entrer", {"logement": "A1"}, by="gaia")
    second = {one.uid: one for one in calendar(engine, case=case.id)}
    for before in first.values():
        after = second[before.uid]
        assert (after.start, after.status, after.sequence) == (before.start, "CANCELLED", 1)
        assert after.stamp == paris("2026-11-25")
    # three months after the entry, and the first visit a month after
    new = [one for one in second.values() if one.status == "CONFIRMED"]
    assert [(one.start, one.sequence) for one in new] == [(date(2026, 12, 25), 0), (date(2027, 2, 25), 0)]


def test_what_is_void_is_cancelled(engine: Engine) -> None:
    case = dated(engine)
    engine.cases.perform(case.id, "clore", {"motif": "parti"}, by="gaia")
    assert {(one.status, one.sequence) for one in calendar(engine, case=case.id)} == {("CANCELLED", 1)}


def test_what_an_annulled_act_had_met_is_confirmed_again(engine: Engine) -> None:
    case = opened(engine)
    (before,) = calendar(engine, case=case.id)
    engine.cases.document(case.id, "attestation", by="gaia")
    engine.cases.perform(case.id, "entrer", {"logement": "A1"}, by="gaia")
    engine.cases.perform(case.id, "visiter", by="gaia")
    for _ in range(2):
        engine.cases.annul(case.id, by="gaia", reason="un autre dossier")
    after = {one.uid: one for one in calendar(engine, case=case.id)}
    again = after.pop(before.uid)
    assert (again.start, again.status, again.sequence) == (before.start, "CONFIRMED", 2)
    assert {one.status for one in after.values()} == {"CANCELLED"}


def test_what_is_late_stays(engine: Engine) -> None:
    """Nobody entered: the answer of 2026-12-03 is what is awaited, and stays where it is."""
    case = opened(engine)
    at(engine, "2026-12-03", 23)
    found = calendar(engine, case=case.id)
    assert [(one.start, one.status) for one in found] == [(REPONSE, "CONFIRMED")]


def test_what_was_missed_stays(engine: Engine) -> None:
    """The visit of 2026-12-23 lapses half-way to that of 2027-01-23: it was missed, and the calendar still says it."""
    case = entered(engine)
    at(engine, "2027-01-20")
    engine.run_due()
    visits = engine.cases.dates(case.id)
    missed = [item.due_on for item in visits if item.name == "visite" and item.status == "missed"]
    assert missed == [date(2026, 12, 23)]
    (found,) = calendar(engine, case=case.id, deadline="visite", ordinal=1)
    assert (found.start, found.status) == (date(2026, 12, 23), "CONFIRMED")
    assert found.sequence >= 1


def test_what_is_cancelled_goes_after_ninety_days(engine: Engine) -> None:
    """Closed on 2026-11-23: there until 2027-02-21, then gone; asked for by its rank, it is there."""
    case = dated(engine)
    engine.cases.perform(case.id, "clore", {"motif": "parti"}, by="gaia")
    wanted = ({"case": case.id}, {"establishment": "tilleuls"}, {"person": "gaia"})
    at(engine, "2027-02-21")
    assert [len(calendar(engine, **one)) for one in wanted] == [2, 2, 2]
    at(engine, "2027-02-22")
    assert [len(calendar(engine, **one)) for one in wanted] == [0, 0, 0]
    (last,) = calendar(engine, case=case.id, deadline="reponse", ordinal=1)
    assert last.status == "CANCELLED"


def test_what_a_closed_case_still_awaits_stays(database_url: str) -> None:
    """Who withdrew on 2027-01-04 is to be reported to the SIAO by the 11th: in May it still is."""
    engine = house.an_engine(database_url, on="2027-01-04")
    house.a_case(engine, "sans_suite")
    house.clock_of(engine).set(paris("2027-05-31"))
    assert [one.start for one in calendar(engine, establishment="ophis")] == [date(2027, 1, 11)]
    assert [one.status for one in calendar(engine, person="claire")] == ["CONFIRMED"]
    engine.close()


def test_a_date_without_a_known_day_is_left_out(engine: Engine) -> None:
    case = dated(engine)
    written(engine, "UPDATE jalon_deadlines SET due_on = '9999-12-31' WHERE name = 'reponse'")
    assert [one.start for one in calendar(engine, case=case.id)] == [RENDEZ_VOUS]
