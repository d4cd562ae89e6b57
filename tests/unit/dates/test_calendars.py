"""Legal holidays of each zone, and which days are worked."""

from datetime import date, timedelta

import pytest

from jalon.dates import ZONES, Calendar, holidays, is_working_day

EASTER = {
    2026: (4, 5), 2027: (3, 28), 2028: (4, 16), 2029: (4, 1), 2030: (4, 21), 2031: (4, 13), 2032: (3, 28),
}  # fmt: skip
TABLE = {
    2026: ["01-01", "04-06", "05-01", "05-08", "05-14", "05-25", "07-14", "08-15", "11-01", "11-11", "12-25"],
    2027: ["01-01", "03-29", "05-01", "05-06", "05-08", "05-17", "07-14", "08-15", "11-01", "11-11", "12-25"],
    2028: ["01-01", "04-17", "05-01", "05-08", "05-25", "06-05", "07-14", "08-15", "11-01", "11-11", "12-25"],
    2029: ["01-01", "04-02", "05-01", "05-08", "05-10", "05-21", "07-14", "08-15", "11-01", "11-11", "12-25"],
    2030: ["01-01", "04-22", "05-01", "05-08", "05-30", "06-10", "07-14", "08-15", "11-01", "11-11", "12-25"],
    2031: ["01-01", "04-14", "05-01", "05-08", "05-22", "06-02", "07-14", "08-15", "11-01", "11-11", "12-25"],
    2032: ["01-01", "03-29", "05-01", "05-06", "05-08", "05-17", "07-14", "08-15", "11-01", "11-11", "12-25"],
}
OWN_DAYS = {
    "mayotte": (4, 27), "martinique": (5, 22), "guadeloupe": (5, 27), "saint-martin": (5, 28),
    "guyane": (6, 10), "saint-barthelemy": (10, 9), "la-reunion": (12, 20),
}  # fmt: skip


def knuth_easter(year):
    """Easter by the epact and the Sunday after the full moon, another way than the code's."""
    golden, century = year % 19 + 1, year // 100 + 1
    dropped, moon = 3 * century // 4 - 12, (8 * century + 5) // 25 - 5
    epact = (11 * golden + 20 + moon - dropped) % 30
    if (epact == 25 and golden > 11) or epact == 24:
        epact += 1
    full = 44 - epact if 44 - epact >= 21 else 74 - epact
    number = full + 7 - (5 * year // 4 - dropped - 10 + full) % 7
    return date(year, 4, number - 31) if number > 31 else date(year, 3, number)


@pytest.mark.parametrize("year", TABLE)
def test_holidays_are_those_of_the_reference_table(year):
    assert [f"{day:%m-%d}" for day in holidays(year)] == TABLE[year]
    assert knuth_easter(year) == date(year, *EASTER[year])
    assert date(year, *EASTER[year]) + timedelta(days=1) in holidays(year, "metropole")


def test_easter_is_right_in_every_year_of_the_calendar():
    for year in range(1583, 10_000):
        assert {knuth_easter(year) + timedelta(days=n) for n in (1, 39, 50)} <= set(holidays(year)), year


def test_two_holidays_on_one_date_count_once():
    """Ascension was on 1 May in 2008."""
    assert len(holidays(2008)) == 10
    assert holidays(2008).count(date(2008, 5, 1)) == 1
    assert len(holidays(2027)) == 11


def test_there_are_ten_zones():
    assert set(ZONES) == {"metropole", "alsace-moselle", "saint-pierre-et-miquelon", *OWN_DAYS}


@pytest.mark.parametrize("zone", OWN_DAYS)
def test_each_overseas_zone_keeps_its_day_of_abolition(zone):
    assert set(holidays(2027, zone)) - set(holidays(2027)) == {date(2027, *OWN_DAYS[zone])}
    assert set(holidays(2027)) < set(holidays(2027, zone))


def test_alsace_moselle_adds_good_friday_and_the_day_after_christmas():
    assert set(holidays(2027, "alsace-moselle")) - set(holidays(2027)) == {
        date(2027, 3, 26),
        date(2027, 12, 26),
    }


def test_saint_pierre_et_miquelon_has_the_eleven_days():
    assert holidays(2027, "saint-pierre-et-miquelon") == holidays(2027)


def test_holidays_are_sorted_and_of_the_law_alone():
    house = Calendar("guyane", closures=frozenset({date(2027, 8, 16)}))
    assert holidays(2027, house) == holidays(2027, "guyane")
    assert list(holidays(2027, house)) == sorted(set(holidays(2027, house)))


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        (date(2027, 3, 26), True),  # Good Friday, outside Alsace-Moselle
        (date(2027, 3, 27), False),  # Saturday
        (date(2027, 3, 28), False),  # Easter Sunday
        (date(2027, 3, 29), False),  # Easter Monday
        (date(2027, 3, 30), True),
        (date(2027, 8, 16), True),  # Assumption on a Sunday is not carried to Monday
        (date(2027, 11, 1), False),
    ],
)
def test_working_days_are_monday_to_friday_but_holidays(day, worked):
    assert is_working_day(day) is worked


def test_a_house_may_work_on_a_holiday_and_close_on_a_weekday():
    house = Calendar(closures=frozenset({date(2027, 8, 16)}), extra_days=frozenset({date(2027, 7, 14)}))
    assert not is_working_day(date(2027, 8, 16), house)
    assert is_working_day(date(2027, 7, 14), house)
    assert not is_working_day(date(2027, 7, 14))
