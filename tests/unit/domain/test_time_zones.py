"""The hours of a ladder in every zone, around every change of the clocks to 2037 (R14)."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from support.by_hand import at_hour, clock_changes

from jalon import Calendar
from jalon.dates import ZONES
from jalon.domain.case import Occurrence, PlannedRung, Source
from jalon.domain.context import House
from jalon.domain.deadline import Anchor, Deadline, Due, Rung
from jalon.domain.ladder import plan

CLOCKS = {
    "metropole": "Europe/Paris", "alsace-moselle": "Europe/Paris", "guadeloupe": "America/Guadeloupe",
    "martinique": "America/Martinique", "guyane": "America/Cayenne", "la-reunion": "Indian/Reunion",
    "mayotte": "Indian/Mayotte", "saint-barthelemy": "America/St_Barthelemy", "saint-martin": "America/Marigot",
    "saint-pierre-et-miquelon": "America/Miquelon",
}  # fmt: skip
FURTHER = ("Pacific/Noumea", "Pacific/Tahiti", "Pacific/Marquesas", "Pacific/Gambier", "Pacific/Wallis")
HOUSES = [*CLOCKS.items(), *(("metropole", timezone) for timezone in FURTHER)]
HOURS = ("00:00", "00:30", "01:00", "01:30", "02:00", "02:30", "03:00", "03:30", "12:00", "23:59")
CHANGING = {"Europe/Paris", "America/Miquelon"}
FIRST, LAST = 2024, 2037


def test_every_zone_has_its_clock_here() -> None:
    assert set(CLOCKS) == set(ZONES)
    for _, timezone in HOUSES:
        assert bool(clock_changes(timezone, FIRST, LAST)) == (timezone in CHANGING)
    assert all(len(clock_changes(timezone, FIRST, LAST)) == 2 * (LAST - FIRST + 1) for timezone in CHANGING)


def ladder(zone: str, timezone: str, day: date) -> dict[str, PlannedRung]:
    """A message, an act, and messages at each of the hours, all on one day."""
    hours = tuple(
        Rung(id=hour, base="due", delay="P0D", kind="notice", notify=("rappel",), hour=hour) for hour in HOURS
    )
    rungs = (
        Rung(id="message", base="due", delay="P0D", kind="notice", notify=("rappel",)),
        Rung(id="act", base="due", delay="P0D", kind="act", perform="agir"), *hours,
    )  # fmt: skip
    rule = Deadline(label="une date", due=Due(anchors=(Anchor(kind="entry"),)), ladder=rungs)
    item = Occurrence("date", "e1", 1, day, Source("entry", "cours", 1), "P0D", day, day)
    house = House(zone, zone, Calendar(zone), timezone)
    return {rung.id: rung for rung in plan(rule, item, house, {}, day)}


@pytest.mark.parametrize(("zone", "timezone"), HOUSES)
def test_a_message_keeps_its_hour_and_an_act_its_day(zone: str, timezone: str) -> None:
    """Around both changes of every year, of the house's own clock and of that of Paris."""
    clock = ZoneInfo(timezone)
    days = {*clock_changes("Europe/Paris", FIRST, LAST), *clock_changes(timezone, FIRST, LAST)}
    for changed in sorted(days):
        for day in (changed - timedelta(1), changed, changed + timedelta(1)):
            steps = ladder(zone, timezone, day)
            for name, hour in (("message", time(8)), ("act", time(0))):
                local = steps[name].fire_at.astimezone(clock)
                assert (local.date(), local.time()) == (day, hour), (name, day)
            for hour in HOURS:
                fire_at = steps[hour].fire_at
                assert fire_at == at_hour(day, time.fromisoformat(hour), timezone), (hour, day)
                assert fire_at.astimezone(clock).date() == day, (hour, day)


@pytest.mark.parametrize(
    ("timezone", "day", "hour", "wanted"),
    [
        ("Europe/Paris", "2027-03-28", "02:30", datetime(2027, 3, 28, 1, 30, tzinfo=UTC)),  # 03:30 by the clock
        ("Europe/Paris", "2027-10-31", "02:30", datetime(2027, 10, 31, 0, 30, tzinfo=UTC)),  # the first of the two
        ("America/Miquelon", "2027-03-14", "02:30", datetime(2027, 3, 14, 5, 30, tzinfo=UTC)),
        ("America/Miquelon", "2027-11-07", "01:30", datetime(2027, 11, 7, 3, 30, tzinfo=UTC)),
    ],
)  # fmt: skip
def test_an_hour_that_is_missing_or_comes_twice_has_one_instant(
    timezone: str, day: str, hour: str, wanted: datetime
) -> None:
    assert ladder("metropole", timezone, date.fromisoformat(day))[hour].fire_at == wanted
    assert at_hour(date.fromisoformat(day), time.fromisoformat(hour), timezone) == wanted
