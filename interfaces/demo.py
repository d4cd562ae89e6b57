"""The demonstration: stories played day by day, in virtual time, through the real engine, its passes and its outbox."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from .. import Engine, Event, Maildir, Settings, VirtualClock, load
from .demo_stories import FIRST_DAY, HOUSE, LAST_DAY, PEOPLE, TALES, WORKFLOW, Act

PARIS = ZoneInfo("Europe/Paris")
PASS_HOUR, ACT_HOUR = 9, 10


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that happened on a day: an event of a case, or a message that left."""

    day: date
    case: int
    event: Event | None = None
    notice: Any = None


def instant(day: date, hour: int) -> datetime:
    """Give an hour of a civil day in Paris."""
    return datetime.combine(day, time(hour), PARIS).astimezone(UTC)


def furnish(folder: Path) -> tuple[Engine, VirtualClock]:
    """Make the sandbox: a database that the user can keep, a Maildir, a house and its people."""
    clock = VirtualClock(instant(FIRST_DAY, ACT_HOUR))
    settings = Settings(
        database=f"sqlite:///{folder / 'jalon.db'}", sender="residence@tilleuls.example",
        sender_name="Résidence des Tilleuls",
    )  # fmt: skip
    engine = Engine(settings, clock=clock, transport=Maildir(folder / "courriels"))
    engine.upgrade(sandbox=True)
    engine.establishments.add(HOUSE, "Résidence des Tilleuls", phone="01 23 45 67 89")
    for person, name, role in PEOPLE:
        engine.people.add(person, name, address=f"{person}@tilleuls.example")
        engine.people.grant(person, role, HOUSE)
    engine.workflows.register(load(WORKFLOW))
    return engine, clock


def play(engine: Engine, clock: VirtualClock, step: Callable[[], object]) -> Iterator[Line]:
    """Play the stories side by side, a pass at nine each day, acts at ten; give what happened, in order."""
    cases = [
        engine.cases.open(WORKFLOW, tale.opening, by="claire", establishment=HOUSE, referent="claire").id
        for tale in TALES
    ]
    told = _Teller(engine, cases)
    yield from told.news(FIRST_DAY)
    for day in days():
        clock.set(instant(day, PASS_HOUR))
        engine.tick()
        clock.set(instant(day, ACT_HOUR))
        for case, tale in zip(cases, TALES, strict=True):
            for act in tale.acts:
                if act.day == day:
                    _take(engine, case, act)
        engine.deliver()
        yield from told.news(day)
        step()


def days() -> Sequence[date]:
    """List the days of the demonstration, after the first."""
    return [FIRST_DAY + timedelta(days=number) for number in range(1, (LAST_DAY - FIRST_DAY).days + 1)]


def _take(engine: Engine, case: int, act: Act) -> None:
    for kind in act.documents:
        engine.cases.document(case, kind, by=act.by)
    engine.cases.perform(case, act.action, act.facts, by=act.by)


class _Teller:
    """Remembers what was told, and finds what is new."""

    def __init__(self, engine: Engine, cases: Sequence[int]) -> None:
        self._engine = engine
        self._cases = cases
        self._fresh: set[int] = set(cases)
        self._seen = dict.fromkeys(cases, 0)
        self._sent: set[int] = set()
        engine.subscribe(lambda happening: self._fresh.add(happening.case_id))

    def news(self, day: date) -> Iterator[Line]:
        for case in self._cases:
            if case in self._fresh:
                yield from self._events(day, case)
            yield from self._messages(day, case)
        self._fresh.clear()

    def _events(self, day: date, case: int) -> Iterator[Line]:
        for event in self._engine.cases.history(case):
            if event.seq > self._seen[case]:
                self._seen[case] = event.seq
                yield Line(day, case, event=event)

    def _messages(self, day: date, case: int) -> Iterator[Line]:
        waiting = self._engine.notices.outbox(case=case, status=("sent", "paper"))
        for notice in waiting:
            if notice.id not in self._sent:
                self._sent.add(notice.id)
                yield Line(day, case, notice=notice)
