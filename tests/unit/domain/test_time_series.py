"""Every start date of eight years, every delay in use: what moves one date of a series never moves the next.

The dates wanted are worked out apart from jalon, in `support/by_hand.py`.
"""

import re
from datetime import date, time, timedelta
from functools import cache

import pytest
from support.by_hand import at_hour, reached, shifted

from jalon import Calendar, load
from jalon.domain.case import Occurrence, Source
from jalon.domain.context import House
from jalon.domain.deadline import Anchor, Deadline, Due, Meet, Rung
from jalon.domain.ladder import plan
from jalon.domain.schedule import schedule
from jalon.domain.timeline import Entry
from jalon.domain.workflow import Action, State, Workflow

FIRST, DAYS = date(2024, 1, 1), 2922  # to 31 December 2031: two 29 February
OF_THE_PROGRAMMES = (  # those of DOMAIN §1.6 and §2, beside those of the shipped workflows
    "P2D", "P2B", "P3B", "P4D", "P5B", "P5D", "P7D", "P8D", "P10D", "P10B", "P13D", "P14D", "P15D", "P15B", "P16D",
    "P20B", "P21D", "P25D", "P28D", "P40D", "P45D", "P6W", "P1M", "P1M15D", "P2M", "P3M", "P3M14D", "P4M", "P6M", "P9M",
    "P1Y", "P18M", "P2Y", "P3Y", "P4Y", "P5Y", "P12Y",
)  # fmt: skip
DELAY = re.compile(r"P([0-9]+[YMWDB])+")
RHYTHMS = ("suivant", "precedent")
ZONES = ("metropole", "la-reunion")


@cache
def delays() -> tuple[str, ...]:
    """Every delay that a shipped workflow or the description of the programmes counts forward."""
    found = set(OF_THE_PROGRAMMES)
    for text in re.findall(r'"-?(P[0-9A-Z]+)"', load("rs_temporaire").model_dump_json()):
        if DELAY.fullmatch(text):
            found.add(text)
    return tuple(sorted(found - {"P0D"}))


def starts() -> list[tuple[date, str]]:
    """Each start date with its zone, by turns: over the eight years each day of the year meets both."""
    return [(FIRST + timedelta(number), ZONES[number % 2]) for number in range(DAYS)]


def series(delay: str, second: str) -> Workflow:
    """Two series of one delay, all met by one act: a rhythm, and beside it another or periods that are renewed."""
    begun = (Anchor(kind="act", names=("ouvrir",)),)
    rules = {
        shift: Deadline(label=shift, met_by=(Meet(act="faire"),), due=Due(anchors=begun, every=delay, shift=shift))
        for shift in RHYTHMS
    }  # fmt: skip
    renewed = Due(anchors=begun, after=delay, renewed_by=("faire",), shift="suivant")
    rules["periode"] = Deadline(label="periode", due=renewed)
    return Workflow(
        workflow="series", version=1, title="Séries", kind="mesure", roles={},
        states={"cours": State(label="Cours", phase="cours")},
        actions={
            "ouvrir": Action(label="ouvrir", sources=("start",), target="cours"),
            "faire": Action(label="faire", stays=("cours",)),
        },
        deadlines={name: rules[name] for name in ("suivant", second)},
    )  # fmt: skip


def compared(workflow: Workflow, delay: str, start: date, zone: str, calendar: Calendar) -> int:
    """Act on the day to which the first date is moved; the second must count from the start all the same."""
    first, second = reached(start, delay, 1, zone), reached(start, delay, 2, zone)
    held = shifted(first, "suivant", zone)
    entries = (Entry(1, start, "ouvrir", "ana", target="cours"), Entry(2, held, "faire", "ana"))
    found = schedule(workflow, entries, held, {}, calendar)
    told = {(item.name, item.k, item.status, item.anchor_on, item.legal_on, item.due_on) for item in found}
    assert told == {
        (
            name,
            k,
            status,
            start,
            legal,
            shifted(legal, "precedent" if name == "precedent" else "suivant", zone),
        )
        for name in workflow.deadlines
        for k, status, legal in ((1, "met", first), (2, "open", second))
    }, (delay, start, zone)
    return len(found)


def test_a_shifted_date_never_moves_the_series() -> None:
    """Every start date with every delay, the second series by turns of two days."""
    calendars = {zone: Calendar(zone) for zone in ZONES}
    number = 0
    for delay in delays():
        if reached(FIRST, delay) < FIRST + timedelta(7):
            continue  # no rhythm is as short as a closed week-end: these are delays, see below
        workflows = [series(delay, second) for second in ("precedent", "periode")]
        for turn, (start, zone) in enumerate(starts()):
            number += compared(workflows[turn // 2 % 2], delay, start, zone, calendars[zone])
    assert number > 300_000


def test_periods_that_run_out_are_counted_from_the_start() -> None:
    """Nobody comes: each date gives way to the next, and none moves the others."""
    wanted_k = 5
    number = 0
    for delay in ("P7D", "P14D", "P1M", "P2M", "P3M", "P6M"):
        workflow = series(delay, "precedent")
        for start, zone in starts()[::3]:
            until = reached(start, delay, wanted_k, zone)
            found = schedule(
                workflow, [Entry(1, start, "ouvrir", "ana", target="cours")], until, {}, Calendar(zone)
            )
            for shift in RHYTHMS:
                dates = [(item.legal_on, item.due_on) for item in found if item.name == shift]
                legal = [reached(start, delay, k, zone) for k in range(1, wanted_k + 1)]
                assert dates == [(day, shifted(day, shift, zone)) for day in legal], (delay, start, zone)
                number += len(dates)
    assert number > 50_000


@pytest.mark.parametrize("delay", ["P7D", "P14D", "P1M"])
def test_no_date_is_missed_before_it_comes(delay: str) -> None:
    """A house that closes for three weeks in August moves its dates to the day on which it opens again."""
    workflow = series(delay, "precedent")
    closed = frozenset(date(2027, 8, 2) + timedelta(number) for number in range(20))
    calendar = Calendar(closures=closed)
    for number in range(60):
        start = date(2027, 5, 1) + timedelta(number)
        found = schedule(
            workflow, [Entry(1, start, "ouvrir", "ana", target="cours")], date(2027, 12, 31), {}, calendar
        )
        missed = [item for item in found if item.status == "missed"]
        assert len(missed) > 8
        early = [
            (item.legal_on, item.due_on, item.closed_on) for item in missed if item.closed_on <= item.due_on
        ]
        assert not early, f"missed before its day, from {start}: {early}"


@pytest.mark.parametrize("shift", ["aucun", *RHYTHMS])
def test_every_delay_ends_on_its_day(shift: str) -> None:
    """And a delay counted back, as a rung before its date, on its own (R7, R15), at its hour."""
    rungs = tuple(
        Rung(
            id=f"{sign}{delay}",
            base="due",
            delay=f"{sign}{delay}",
            kind="notice",
            notify=("rappel",),
            shift=shift,
        )
        for delay in delays()
        for sign in ("", "-")
    )
    rule = Deadline(label="une date", due=Due(anchors=(Anchor(kind="entry"),)), ladder=rungs)
    source = Source("entry", "cours", 1)
    houses = {zone: House(zone, zone, Calendar(zone), "Europe/Paris") for zone in ZONES}
    number = 0
    for start, zone in starts()[:: 2 if shift == "suivant" else 5]:
        item = Occurrence("date", "e1", 1, start, source, "P0D", start, start)
        planned = plan(rule, item, houses[zone], {}, start)
        days = {rung.id: rung.day for rung in planned}
        assert len(planned) == len(rungs)
        for rung in rungs:
            wanted = shifted(reached(start, rung.delay, 1, zone), shift, zone)
            assert days[rung.id] == wanted, (rung.delay, start, zone)
        assert {rung.fire_at for rung in planned} <= {
            at_hour(day, time(8), "Europe/Paris") for day in days.values()
        }
        number += len(planned)
    assert number > 40_000
