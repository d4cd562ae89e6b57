"""The demonstration: lives played day by day in four houses, in virtual time, through the real engine."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from .. import Case, Engine, Event, Maildir, Settings, VirtualClock, load
from ..stories.casting import doer
from ..stories.filling import filled
from ..stories.story import Member
from .demo_houses import HOMES, NAMES, RESIDENCE
from .demo_stories import FIRST_DAY, LAST_DAY, TALES
from .demo_tales import Act, Tale

PARIS = ZoneInfo("Europe/Paris")
PASS_HOUR, ACT_HOUR = 9, 10
AWAY = ("samir", date(2027, 8, 9), date(2027, 8, 27), "lea")
"""The holidays of a worker, and who replaces them."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the history of a case, on the day on which it was written."""

    day: date
    case: Case
    event: Event


def instant(day: date, hour: int) -> datetime:
    """Give an hour of a civil day in Paris."""
    return datetime.combine(day, time(hour), PARIS).astimezone(UTC)


def days() -> Sequence[date]:
    """List the days of the demonstration."""
    return [FIRST_DAY + timedelta(days=number) for number in range((LAST_DAY - FIRST_DAY).days + 1)]


def furnish(folder: Path) -> tuple[Engine, VirtualClock]:
    """Make the sandbox: a database that the user can keep, a Maildir, four houses with their people and places."""
    clock = VirtualClock(instant(FIRST_DAY, ACT_HOUR))
    settings = Settings(
        database=f"sqlite:///{folder / 'jalon.db'}", sender="residence@tilleuls.example",
        sender_name="Résidence des Tilleuls",
    )  # fmt: skip
    engine = Engine(settings, clock=clock, transport=Maildir(folder / "courriels"))
    engine.upgrade(sandbox=True)
    for home in HOMES:
        engine.establishments.add(home.id, home.name, phone=home.phone)
        for who, roles in home.people.items():
            engine.people.add(who, NAMES[who], address=f"{who}@{RESIDENCE}.example")
            for role in roles:
                engine.people.grant(who, role, home.id)
        for workflow in home.workflows:
            engine.workflows.register(load(workflow))
        for place in home.rooms:
            engine.places.add(
                home.id, place.name, kind=place.kind, unit=place.unit, room=place.room,
                programmes=() if place.programme is None else (place.programme,), attributes=place.attributes,
            )  # fmt: skip
    return engine, clock


def play(engine: Engine, clock: VirtualClock, step: Callable[[], object]) -> None:
    """Play the lives side by side: a pass at nine each day, acts at ten, and what they told leaves."""
    engine.people.absent(AWAY[0], since=AWAY[1], until=AWAY[2], deputy=AWAY[3])
    player = _Player(engine)
    for day in days():
        clock.set(instant(day, PASS_HOUR))
        engine.tick()
        clock.set(instant(day, ACT_HOUR))
        if player.act(day):
            engine.deliver()
        step()


def lines(engine: Engine, establishment: str) -> Iterator[Line]:
    """Give what happened in a house, day by day, in the order in which it was written."""
    found = [
        Line(event.at.astimezone(PARIS).date(), case, event)
        for case in engine.cases.find(establishment=establishment)
        for event in engine.cases.history(case.id)
    ]
    yield from sorted(found, key=lambda line: (line.day, line.case.id, line.event.seq))


class _Player:
    """Takes the acts of the tales, each by someone who may."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._cases: dict[int, int] = {}
        self._staff: Mapping[str, Sequence[Member]] = {
            home.id: [Member(who, NAMES[who], roles, None) for who, roles in home.people.items()]
            for home in HOMES
        }
        self._agenda: dict[date, list[tuple[int, Act]]] = {}
        for number, tale in enumerate(TALES):
            for act in tale.acts:
                self._agenda.setdefault(act.day, []).append((number, act))

    def act(self, day: date) -> bool:
        """Do what is done on a day; say whether there was anything."""
        todo = self._agenda.get(day, [])
        for number, act in todo:
            if number in self._cases:
                self._take(TALES[number], self._cases[number], act, number)
            else:
                self._cases[number] = self._open(TALES[number], act, number)
        return bool(todo)

    def _open(self, tale: Tale, act: Act, number: int) -> int:
        by, facts = self._filled(tale, tale.workflow, act, number)
        opened = self._engine.cases.open(
            tale.workflow, facts, by=by, establishment=tale.house, action=act.action, referent=tale.referent
        )
        return opened.id

    def _take(self, tale: Tale, case: int, act: Act, number: int) -> None:
        if act.link is not None:
            case = [link for link in self._engine.cases.links(case) if link.role == act.link][-1].case_id
        known = self._engine.cases.get(case)
        by, facts = self._filled(tale, known.workflow, act, number, known.facts)
        for kind in act.documents:
            self._engine.cases.document(
                case, kind, by=self._keeper(tale), received_on=act.day, signed_on=act.day
            )
        self._engine.cases.perform(case, act.action, facts, by=by)

    def _keeper(self, tale: Tale) -> str:
        return tale.referent or self._staff[tale.house][0].id

    def _filled(
        self, tale: Tale, workflow: str, act: Act, number: int, before: Mapping[str, Any] | None = None
    ) -> tuple[str, dict[str, Any]]:
        """Say who acts, and fill in what the tale leaves out of the form."""
        known = self._engine.workflows.get(workflow)
        by = act.by or doer(known, self._staff[tale.house], act.action)
        facts = {"menage": {"name": tale.who}, **act.facts}
        rule = known.actions[act.action]
        given = {name: value for name, value in facts.items() if name in (*rule.form, *rule.optional)}
        held = (before or {}).get(known.place.fact) if known.place is not None else None
        return by, filled(known, rule, given, day=act.day, by=by, place=lambda: str(held), number=number + 1)
