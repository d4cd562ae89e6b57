"""Rhythms of the calendar and seasons, each date found on a paper calendar."""

from datetime import date
from itertools import islice

import pytest

from jalon import InputError
from jalon.domain.calendars import Calendar, every_day
from jalon.domain.rhythms import Rhythm
from jalon.domain.seasons import first_outside, inside
from jalon.domain.workflow import Season

HOUSE = Calendar()
TRUCE = Season(label="Trêve hivernale", start="11-01", end="03-31", basis="law:CPCE L412-6")
SUMMER = Season(label="Été", start="07-01", end="08-31", basis="usage")


def days(text, since, number=4):
    found = Rhythm.parse(text).after(date.fromisoformat(since), HOUSE)
    return [day.isoformat() for day in islice(found, number)]


@pytest.mark.parametrize(
    ("text", "since", "dates"),
    [
        ("lundi", "2027-01-28", ["2027-02-01", "2027-02-08", "2027-02-15", "2027-02-22"]),
        (
            "lundi",
            "2027-02-01",
            ["2027-02-08", "2027-02-15", "2027-02-22", "2027-03-01"],
        ),  # that day not counted
        ("premier jeudi", "2027-04-01", ["2027-05-06", "2027-06-03", "2027-07-01", "2027-08-05"]),
        ("dernier vendredi", "2027-01-28", ["2027-01-29", "2027-02-26", "2027-03-26", "2027-04-30"]),
        ("quatrième mardi", "2027-06-01", ["2027-06-22", "2027-07-27", "2027-08-24", "2027-09-28"]),
        ("le 15", "2026-12-15", ["2027-01-15", "2027-02-15", "2027-03-15", "2027-04-15"]),
        ("le 31", "2027-12-31", ["2028-01-31", "2028-02-29", "2028-03-31", "2028-04-30"]),
        ("fin de mois", "2027-01-31", ["2027-02-28", "2027-03-31", "2027-04-30", "2027-05-31"]),
        # working days before the last: February 2027 ends on a Sunday, March has Easter Monday on the 29th
        ("P5B avant la fin du mois", "2027-01-28", ["2027-02-22", "2027-03-23", "2027-04-23", "2027-05-24"]),
    ],
)
def test_the_dates_of_a_rhythm(text, since, dates):
    assert days(text, since) == dates


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("1er  Jeudi", "premier jeudi"), ("2e mardi", "deuxième mardi"), ("deuxieme mardi", "deuxième mardi"),
        ("Fin de mois", "fin de mois"), ("le 1", "le 1er"), ("chaque lundi", "lundi"),
        ("P5B avant la fin du mois", "P5B avant la fin du mois"),
    ],
)  # fmt: skip
def test_a_rhythm_is_written_back_in_one_way(text, canonical):
    assert str(Rhythm.parse(text)) == canonical
    assert Rhythm.parse(canonical) == Rhythm.parse(text)


@pytest.mark.parametrize(
    "text",
    ["", "jeudi premier", "cinquième lundi", "le 32", "le 0", "P1M avant la fin du mois", "-P2D avant la fin du mois",
     "PT2H avant la fin du mois", "x" * 50, None, 15],
)  # fmt: skip
def test_what_is_no_rhythm_is_refused(text):
    with pytest.raises(InputError):
        Rhythm.parse(text)


def test_a_rhythm_ends_with_the_calendar():
    assert days("fin de mois", "9999-11-15") == ["9999-11-30", "9999-12-31"]
    assert days("lundi", "9999-12-24") == ["9999-12-27"]


def test_a_weekly_rhythm_has_no_day_of_the_month():
    with pytest.raises(InputError):
        Rhythm.parse("lundi").in_month(date(2027, 1, 1), HOUSE)


@pytest.mark.parametrize(
    ("season", "day", "within"),
    [
        (TRUCE, "2027-10-31", False), (TRUCE, "2027-11-01", True), (TRUCE, "2028-01-15", True),
        (TRUCE, "2028-03-31", True), (TRUCE, "2028-04-01", False),
        (SUMMER, "2027-06-30", False), (SUMMER, "2027-07-01", True), (SUMMER, "2027-08-31", True),
        (SUMMER, "2027-09-01", False),
    ],
)  # fmt: skip
def test_both_ends_of_a_season_are_in_it(season, day, within):
    assert inside(season, date.fromisoformat(day)) is within


def test_the_first_day_after_a_season():
    assert first_outside(TRUCE, date(2029, 11, 17)) == date(2030, 4, 1)  # DOMAIN, S16
    assert first_outside(TRUCE, date(2030, 2, 1)) == date(2030, 4, 1)
    assert first_outside(TRUCE, date(2030, 4, 1)) == date(2030, 4, 1)
    leap = Season(label="Hiver", start="12-01", end="02-29", basis="usage")
    assert first_outside(leap, date(2027, 1, 5)) == date(2027, 3, 1)
    assert first_outside(leap, date(2028, 2, 29)) == date(2028, 3, 1)


def test_a_season_that_never_ends_is_refused():
    with pytest.raises(InputError):
        first_outside(Season(label="Toujours", start="01-01", end="12-31", basis="usage"), date(2027, 5, 1))


def test_a_shelter_is_open_every_day():
    shelter = every_day("metropole")
    from jalon.dates import due, is_working_day

    assert is_working_day(date(2026, 12, 25), shelter)
    assert due(date(2026, 12, 24), "P5B", calendar=shelter) == date(2026, 12, 29)
    assert due(date(2026, 12, 24), "P1D", shift="suivant", calendar=shelter) == date(2026, 12, 25)
