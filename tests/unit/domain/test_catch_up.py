"""When a late message is dropped: counted on the civil calendar, and never for want of a later one."""

from datetime import UTC, date, datetime, timedelta

import pytest

from jalon.domain.calendars import Calendar
from jalon.domain.case import Occurrence, Source
from jalon.domain.catch_up import LATEST, NONE, WITHIN, comes, followed, too_late
from jalon.domain.context import House
from jalon.domain.deadline import Anchor, CatchUp, Deadline, Due, Rung
from jalon.domain.workflow import Setting

SATURDAY = date(2026, 12, 5)
HOUSE = House("tilleuls", "Tilleuls", Calendar())
REMINDER = Rung(id="-P2D:notice", base="due", delay="-P2D", kind="notice")


def why(policy: CatchUp, today: date, **parameters: str) -> str | None:
    return too_late(policy, SATURDAY, today, parameters, HOUSE.calendar)


@pytest.mark.parametrize("mode", ["all", "latest"])
def test_those_that_are_judged_otherwise_are_never_too_late(mode: str) -> None:
    assert why(CatchUp(mode=mode), date(2030, 1, 1)) is None


@pytest.mark.parametrize("policy", [CatchUp(mode="none"), CatchUp(mode="within", within="P3D")])
@pytest.mark.parametrize("today", [SATURDAY, SATURDAY - timedelta(days=9)])
def test_nothing_is_late_before_its_day_is_over(policy: CatchUp, today: date) -> None:
    """Today, or for a clock that went back."""
    assert why(policy, today) is None


def test_none_is_too_late_on_the_next_day() -> None:
    assert why(CatchUp(mode="none"), date(2026, 12, 6)) == NONE == "late:none"
    assert LATEST == "late:latest"


@pytest.mark.parametrize(
    ("within", "last"),
    [
        ("P3D", date(2026, 12, 8)), ("P0D", SATURDAY), ("P1M", date(2027, 1, 5)),
        ("P2B", date(2026, 12, 8)),  # Monday, Tuesday
        ("P15B", date(2026, 12, 28)),  # Christmas, a Friday, is no working day
    ],
)  # fmt: skip
def test_within_counts_from_the_day_of_the_rung(within: str, last: date) -> None:
    policy = CatchUp(mode="within", within=within)
    assert why(policy, last) is None
    assert why(policy, last + timedelta(days=1)) == WITHIN == "late:within"


def test_within_may_be_a_setting_of_the_house() -> None:
    policy = CatchUp(mode="within", within=Setting(param="rattrapage"))
    assert why(policy, date(2026, 12, 10), rattrapage="P5D") is None
    assert why(policy, date(2026, 12, 11), rattrapage="P5D") == WITHIN


def test_a_delay_beyond_the_last_date_there_is_drops_nothing() -> None:
    assert why(CatchUp(mode="within", within="P9000Y"), date(9999, 12, 31)) is None


# -- what comes after


def paris(day: int, hour: int = 8, month: int = 12) -> datetime:
    """An instant of winter in Paris."""
    return datetime(2026, month, day, hour - 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("fire_at", "lapses_on", "expected"),
    [
        (paris(6), None, True), (paris(5), None, False), (paris(4), None, False), (paris(20, 10), None, True),
        (paris(20, 11), None, False), (paris(14), date(2026, 12, 15), True), (paris(15), date(2026, 12, 15), False),
        (paris(14), date.max, True),
    ],
)  # fmt: skip
def test_a_message_comes_after_another_by_now_and_within_its_period(
    fire_at: datetime, lapses_on: date | None, expected: bool
) -> None:
    assert comes(fire_at, lapses_on, paris(5), paris(20, 10), "Europe/Paris") is expected


def a_rule(*ladder: Rung) -> Deadline:
    due = Due(anchors=(Anchor(kind="act", names=("entrer",)),), every="P14D")
    return Deadline(label="Visite", span=(), due=due, ladder=ladder)


def fortnight(k: int, **changes: object) -> Occurrence:
    """From Monday 23 November 2026: the first is due on 7 December and over on the 15th."""
    start = date(2026, 11, 23)
    due_on = start + timedelta(days=14 * k)
    values = {"status": "open", "lapses_on": due_on + timedelta(days=8), **changes}
    return Occurrence(
        "visite", f"a1.{k}", k, start, Source("act", "entrer", 1), "P14D", due_on, due_on, **values
    )


def foreseen(items: list[Occurrence], known: dict[str, set[str]], until: datetime, *ladder: Rung) -> bool:
    """What is foreseen after the first reminder, of Saturday 5 December at eight."""
    rule, today = a_rule(*(ladder or (REMINDER,))), until.date()
    return followed(rule, items, known, paris(5), until, HOUSE, {}, today)


FIRST = {"a1.1": {REMINDER.id}}


def test_the_reminder_of_a_period_to_come_is_foreseen_once_it_is_due() -> None:
    items = [fortnight(1, status="missed"), fortnight(2)]
    assert not foreseen(items, FIRST, paris(19, 7))
    assert foreseen(items, FIRST, paris(19, 8))


def test_what_is_planned_is_not_foreseen_again() -> None:
    items = [fortnight(1, status="missed"), fortnight(2)]
    assert not foreseen(items, {**FIRST, "a1.2": {REMINDER.id}}, paris(20))


@pytest.mark.parametrize("status", ["met", "void"])
def test_a_date_that_is_met_or_void_brings_no_message(status: str) -> None:
    assert not foreseen([fortnight(1), fortnight(2, status=status)], FIRST, paris(20))


def test_a_period_that_is_over_had_its_message() -> None:
    """The reminder of the second period left before that period was over."""
    assert foreseen([fortnight(1, status="missed"), fortnight(2, status="missed")], FIRST, paris(30))


def test_a_step_that_repeats_is_foreseen() -> None:
    weekly = Rung(id="P1D:notice", base="due", delay="P1D", kind="notice", every="P3D", shift="aucun")
    known = {"a1.1": {weekly.id}}  # of Tuesday the 8th; the next are the 11th, then the 14th
    rule, items = a_rule(weekly), [fortnight(1)]
    assert not followed(rule, items, known, paris(8), paris(10), HOUSE, {}, date(2026, 12, 10))
    assert followed(rule, items, known, paris(8), paris(11), HOUSE, {}, date(2026, 12, 11))
    assert not followed(
        rule, items, known, paris(14), paris(30), HOUSE, {}, date(2026, 12, 30)
    )  # over on the 15th


@pytest.mark.parametrize(("late", "expected"), [("skip", False), ("send", True)])
def test_what_is_past_as_its_period_begins_is_no_message_unless_it_is_to_be_sent(
    late: str, expected: bool
) -> None:
    """Ten days before 21 December is the 11th; the second period begins on the 15th."""
    early = Rung(id="-P10D:notice", base="due", delay="-P10D", kind="notice", late=late, shift="aucun")
    items = [fortnight(1, status="missed"), fortnight(2)]
    assert foreseen(items, {"a1.1": {early.id}}, paris(20), early) is expected


@pytest.mark.parametrize("kind", ["act", "task"])
def test_acts_and_tasks_are_no_messages(kind: str) -> None:
    rung = Rung(id="-P2D:other", base="due", delay="-P2D", kind=kind)
    assert not foreseen([fortnight(1, status="missed"), fortnight(2)], FIRST, paris(20), rung)
