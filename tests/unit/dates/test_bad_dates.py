"""Arguments that make no sense are refused at once, by name."""

import json
from datetime import UTC, date, datetime, time, timedelta
from timeit import repeat

import pytest
from dateutil.relativedelta import relativedelta

from jalon.dates import (
    Calendar,
    Delay,
    due,
    explain,
    holidays,
    instant,
    is_working_day,
    printed_last_day,
    series,
)
from jalon.domain.errors import InputError

DAY = date(2027, 1, 15)
HUGE = 10 ** (10**6)


def refused(argument, problem, call, *args, **options):
    with pytest.raises(InputError) as caught:
        call(*args, **options)
    assert caught.value.code == "input"
    assert (caught.value.data["argument"], caught.value.data["problem"]) == (argument, problem)
    assert argument in str(caught.value)
    assert len(str(caught.value)) < 400
    json.dumps(caught.value.data)


@pytest.mark.parametrize(
    "text",
    [
        "", "P", "PT", "P1", "1M", "M", "p1m", "P1m", "+P1M", "P-1M", "-P-1M", "--P1M",
        "P-1M-2D", "-P1M-2D", "P1M-0D",
        "P1.5M", "P1,5M", "P1M ", " P1M", "P1M\n", "P1D1M", "P1M1M", "P1M1Y", "P1B1D", "PT1M", "P1DT",
        "P1H", "T48H",
        "P١M", "P²M", "2 mois", "P2M*", "P" + "9" * 10_000_000 + "Y", "P" + "1" * 5_000 + "D",
    ],
    ids=lambda text: text[:12],
)  # fmt: skip
def test_a_delay_that_is_ill_formed_is_refused(text):
    refused("delay", "form", due, DAY, text)


@pytest.mark.parametrize("value", [None, 2, 1.5, b"P2M", timedelta(days=1), ["P2M"], relativedelta(months=1)])
def test_a_delay_of_another_type_is_refused(value):
    refused("delay", "type", due, DAY, value)


@pytest.mark.parametrize(
    ("text", "part"),
    [("P999999999Y", "months"), ("P3652060D", "days"), ("P999999W", "days"), ("P100001B", "working_days"),
     ("PT99999999999H", "hours"), ("-P10000Y", "months")],
)  # fmt: skip
def test_a_delay_longer_than_the_calendar_is_refused(text, part):
    refused(part, "range", due, DAY, text)


def test_a_delay_built_by_hand_is_checked_too():
    refused("months", "type", Delay, 1.5)
    refused("days", "type", Delay, 0, True)
    refused("working_days", "range", Delay, 0, 0, HUGE)
    refused("k", "type", Delay.parse("P1M").times, "2")
    refused("delay", "type", Delay.parse("P1M").plus, 3)


def test_hours_do_not_count_from_a_date():
    refused("delay", "hours", due, DAY, "PT48H")
    refused("delay", "hours", explain, DAY, Delay(days=1, hours=2))


@pytest.mark.parametrize("k", [True, 1.0, "1", None])
def test_k_is_an_integer(k):
    refused("k", "type", due, DAY, "P1M", k=k)


@pytest.mark.parametrize("k", [HUGE, -HUGE, 10**12], ids=["huge", "-huge", "10**12"])
def test_a_k_that_leaves_the_calendar_is_refused_at_once(k):
    refused("k", "range", due, DAY, "P1M", k=k)


def test_any_k_of_no_delay_is_the_anchor():
    assert due(DAY, "P0D", k=HUGE) == DAY


@pytest.mark.parametrize("shift", ["next", "", "Suivant", None, 1, ["suivant"]])
def test_an_unknown_shift_is_refused(shift):
    refused("shift", "unknown", due, DAY, "P1M", shift=shift)


@pytest.mark.parametrize("calendar", ["corse", "", "Metropole", None, 7, ["metropole"]])
def test_an_unknown_calendar_is_refused(calendar):
    refused("calendar", "unknown", due, DAY, "P1M", calendar=calendar)
    refused("calendar", "unknown", holidays, 2027, calendar)
    refused("calendar", "unknown", is_working_day, DAY, calendar)


def test_an_instant_is_not_a_date():
    """A datetime is refused, not cut: its day depends on a zone."""
    for moment in (datetime(2027, 1, 15, 23), datetime(2027, 1, 15, 23, tzinfo=UTC)):
        refused("anchor", "datetime", due, moment, "P1M")
        refused("day", "datetime", is_working_day, moment)
        refused("day", "datetime", instant, moment, time(8), "Europe/Paris")
        refused("anchor", "datetime", printed_last_day, moment, "P1M")


@pytest.mark.parametrize("anchor", [None, "2027-01-15", 20270115, time(8)])
def test_an_anchor_is_a_date(anchor):
    refused("anchor", "type", due, anchor, "P1M")
    refused("anchor", "type", series, anchor, "P1M", 2)


@pytest.mark.parametrize(
    ("anchor", "delay"),
    [
        (date.max, "P1D"), (date.min, "-P1D"), (date.max, "P1M"), (date.min, "-P1M"), (DAY, "P9999Y"),
        (DAY, "-P9999Y"), (DAY, "P3652059D"), (DAY, "-P3652059D"), (date.max, "P1B"),
    ],
)  # fmt: skip
def test_a_date_outside_the_years_1_to_9999_is_refused(anchor, delay):
    refused("anchor", "range", due, anchor, delay)


def test_a_date_at_the_very_end_is_given():
    assert due(date(9999, 12, 30), "P1D") == date.max
    assert due(date(1, 1, 31), "-P30D") == date.min
    assert due(date(1500, 1, 31), "P1M") == date(1500, 2, 28)


def test_holidays_are_known_from_1583_to_9999():
    for year in (1582, 0, -1, 10_000, HUGE):
        refused("year", "range", holidays, year)
    for year in (True, 2027.0, "2027", None):
        refused("year", "type", holidays, year)
    refused("year", "range", due, date(1500, 1, 3), "P1B")
    assert len(holidays(1583)) == len(holidays(9999)) == 11


def test_a_house_closed_for_years_has_no_next_day():
    closures = frozenset(DAY + timedelta(days=n) for n in range(-5_000, 5_000))
    house = Calendar(closures=closures)
    refused("calendar", "closed", due, DAY, "P0D", shift="suivant", calendar=house)
    refused("calendar", "closed", due, DAY, "-P1B", calendar=house)
    assert due(DAY, "P0D", calendar=house) == DAY


def test_a_calendar_is_made_of_dates():
    refused("zone", "unknown", Calendar, "corse")
    refused("zone", "unknown", Calendar, None)
    refused("closures", "type", Calendar, "metropole", "2027-01-15")
    refused("closures", "type", Calendar, "metropole", frozenset({"2027-01-15"}))
    refused("extra_days", "datetime", Calendar, "metropole", frozenset(), frozenset({datetime(2027, 1, 15)}))
    refused("extra_days", "contradiction", Calendar, "metropole", frozenset({DAY}), frozenset({DAY}))


def test_a_printed_period_runs_forward():
    for delay, k in (("P0D", 1), ("-P1M", 1), ("P1M", 0), ("P1M", -1)):
        refused("delay", "backwards", printed_last_day, DAY, delay, k)


@pytest.mark.parametrize("times", [0, -1, 10_001, HUGE], ids=["0", "-1", "10001", "huge"])
def test_a_series_has_a_number_of_dates_that_one_can_read(times):
    refused("times", "range", series, DAY, "P1M", times)


@pytest.mark.parametrize(
    "zone",
    [
        "", "Mars/Phobos", "Europe", "../etc/passwd", "/etc/passwd", "Europe/Paris\0", "\ud800", "x" * 10**6,
        None, 2,
    ],
    ids=lambda zone: ascii(zone)[:15],
)  # fmt: skip
def test_an_unknown_zone_is_refused(zone):
    refused("zone", "unknown", instant, DAY, time(8), zone)


def test_an_hour_is_a_time_without_zone():
    refused("hour", "tzinfo", instant, DAY, time(8, tzinfo=UTC), "Europe/Paris")
    for hour in (8, "08:00", None, datetime(2027, 1, 15, 8)):
        refused("hour", "type", instant, DAY, hour, "Europe/Paris")


def test_an_instant_outside_the_calendar_is_refused():
    refused("day", "range", instant, date.min, time(0), "Europe/Paris")
    refused("day", "range", instant, date.max, time(23), "America/Miquelon")


def test_a_shifted_date_costs_at_most_three_plain_additions():
    """Parsed delays and the holidays of a year are kept, so a date that moves stays cheap."""
    anchor = date(2026, 12, 31)
    ours = min(repeat(lambda: due(anchor, "P2M", shift="suivant"), number=2_000, repeat=7))
    theirs = min(repeat(lambda: anchor + relativedelta(months=2), number=2_000, repeat=7))
    assert ours <= 3 * theirs
