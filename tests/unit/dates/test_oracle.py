"""`due` against an oracle that steps by hand, one day or one month at a time, on the bare calendar."""

from datetime import date
from functools import cache

from hypothesis import given, settings
from hypothesis import strategies as st

from jalon.dates import ZONES, Calendar, Delay, due, explain, is_working_day, series

SHIFTS = {"aucun": 0, "suivant": 1, "precedent": -1}
ABOLITION = {
    "mayotte": (4, 27), "martinique": (5, 22), "guadeloupe": (5, 27), "saint-martin": (5, 28),
    "guyane": (6, 10), "saint-barthelemy": (10, 9), "la-reunion": (12, 20),
}  # fmt: skip


def exists(year, month, day):
    try:
        return date(year, month, day)
    except ValueError:
        return None


@cache
def beside(day, direction):
    """The day before or after, found by trying."""
    if direction > 0:
        return (
            exists(day.year, day.month, day.day + 1)
            or exists(day.year, day.month + 1, 1)
            or date(day.year + 1, 1, 1)
        )
    if day.day > 1:
        return date(day.year, day.month, day.day - 1)
    year, month = (day.year - 1, 12) if day.month == 1 else (day.year, day.month - 1)
    return next(found for number in (31, 30, 29, 28) if (found := exists(year, month, number)))


def by_months(day, count):
    year, month = day.year, day.month
    for _ in range(abs(count)):
        month += 1 if count > 0 else -1
        if month in (0, 13):
            year, month = (year + 1, 1) if month == 13 else (year - 1, 12)
    return next(found for number in range(day.day, 0, -1) if (found := exists(year, month, number)))


@cache
def closed_days(year, zone):
    """The law, from the Sunday after the full moon by Gauss's rule for 1900-2199."""
    shift, weekday = (24, 5) if year < 2100 else (24, 6)
    moon = (19 * (year % 19) + shift) % 30
    after = (2 * (year % 4) + 4 * (year % 7) + 6 * moon + weekday) % 7
    number = 22 + moon + after
    if (moon == 29 and after == 6) or (moon == 28 and after == 6 and year % 19 > 10):
        number -= 7
    day = easter = date(year, 3, number) if number <= 31 else date(year, 4, number - 31)
    days = {
        date(year, m, n) for m, n in [(1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25)]
    }
    for distance in range(1, 51):
        day = beside(day, 1)
        if distance in (1, 39, 50):
            days.add(day)
    if zone == "alsace-moselle":
        days |= {beside(beside(easter, -1), -1), date(year, 12, 26)}
    return days | ({date(year, *ABOLITION[zone])} if zone in ABOLITION else set())


def open_day(day, house):
    if day in house.extra_days:
        return True
    return day.weekday() not in (5, 6) and day not in house.closures | closed_days(day.year, house.zone)


def oracle(anchor, parts, k, shift, house, franc):
    months, days, working = (part * k for part in parts)
    day = by_months(anchor, months)
    for _ in range(abs(days)):
        day = beside(day, 1 if days > 0 else -1)
    left = abs(working)
    while left:
        day = beside(day, 1 if working > 0 else -1)
        left -= open_day(day, house)
    if franc:
        leading = next((part for part in (months, days, working) if part), 0)
        day = beside(day, -1 if leading < 0 else 1)
    while SHIFTS[shift] and not open_day(day, house):
        day = beside(day, SHIFTS[shift])
    return day


DAYS = st.dates(date(1950, 1, 1), date(2150, 12, 31))


@st.composite
def month_ends(draw):
    day = draw(DAYS)
    return beside(date(day.year + day.month // 12, day.month % 12 + 1, 1), -1)


@st.composite
def houses(draw, near):
    close = st.frozensets(st.dates(date(near.year - 1, 1, 1), date(near.year + 1, 12, 31)), max_size=8)
    closures = draw(close)
    return Calendar(draw(st.sampled_from(ZONES)), closures, draw(close) - closures)


@st.composite
def questions(draw):
    anchor = draw(DAYS | month_ends())
    sign = draw(st.sampled_from([1, -1]))
    parts = [sign * draw(st.integers(0, most)) for most in (30, 80, 12)]
    return anchor, parts, draw(st.integers(-4, 4)), draw(st.sampled_from(list(SHIFTS))), draw(houses(anchor))


@settings(max_examples=250, deadline=None)
@given(questions(), st.booleans())
def test_due_is_the_date_found_by_stepping_one_day_at_a_time(question, franc):
    anchor, parts, k, shift, house = question
    delay = Delay(*parts)
    found = due(anchor, delay, k=k, shift=shift, calendar=house, franc=franc)
    assert found == oracle(anchor, parts, k, shift, house, franc)
    assert due(anchor, str(delay), k=k, shift=shift, calendar=house, franc=franc) == found


@settings(max_examples=150, deadline=None)
@given(questions(), st.booleans())
def test_an_explanation_agrees_with_due_and_names_every_day_passed(question, franc):
    anchor, parts, k, shift, house = question
    told = explain(anchor, Delay(*parts), k=k, shift=shift, calendar=house, franc=franc)
    assert told.due == due(anchor, Delay(*parts), k=k, shift=shift, calendar=house, franc=franc)
    assert told.raw == due(anchor, Delay(*parts), k=k, calendar=house, franc=franc)
    assert len(told.moves) == abs((told.due - told.raw).days)
    assert told.clamped == (by_months(anchor, parts[0] * k).day != anchor.day)
    assert all(move.reason and not is_working_day(move.day, house) for move in told.moves + told.skipped)


@given(st.sampled_from(ZONES), DAYS)
def test_working_days_are_those_of_the_oracle(zone, day):
    assert is_working_day(day, zone) == open_day(day, Calendar(zone))


@given(DAYS | month_ends(), st.integers(1, 24))
def test_occurrences_come_from_the_anchor_and_never_drift(anchor, months):
    """Every occurrence has the anchor's day-number, or is the last day of its month."""
    for told in series(anchor, Delay(months=months), 6):
        assert told.due.day == anchor.day or beside(told.due, 1).day == 1


@given(st.integers(-60, 60), st.integers(-99, 99), st.integers(-20, 20), st.integers(-72, 72))
def test_the_canonical_text_reads_back(months, days, working_days, hours):
    delay = Delay(months, days, working_days, hours)
    assert Delay.parse(str(delay)) == delay
