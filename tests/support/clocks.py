"""A case of the workflow that shows every clock, as acts alone: what its dates are, with no database."""

from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from jalon import Calendar, load
from jalon.domain.context import House
from jalon.domain.facts import read_fact
from jalon.domain.ladder import plan
from jalon.domain.schedule import schedule
from jalon.domain.timeline import Entry
from jalon.domain.workflow import PREVIOUS

PARIS = House("maison", "Maison", Calendar())


@cache
def horloges():
    return load(Path(__file__).with_name("timely.yaml"))


class Clocks:
    """Acts given as (day or day and hour, action, facts), and what follows from them."""

    def __init__(self, *acts, house: House = PARIS, postponed=None, **settings: Any) -> None:
        self.workflow = horloges()
        self.house = house
        self.postponed = postponed or {}
        self.settings = {name: one.default for name, one in self.workflow.parameters.items()} | settings
        self.entries: list[Entry] = []
        self._state: str | None = None
        for when, action, *facts in acts:
            self.do(when, action, **(facts[0] if facts else {}))

    def do(self, when: str, action: str, **facts: Any) -> "Clocks":
        rule = self.workflow.actions[action]
        assert rule.target != PREVIOUS
        at = datetime.fromisoformat(when).replace(tzinfo=UTC) if "T" in when else None
        read = {name: read_fact(self.workflow, name, value) for name, value in facts.items()}
        self.entries.append(
            Entry(len(self.entries) + 1, date.fromisoformat(when[:10]), action, "agent", self._state, rule.target,
                  read, at=at)
        )  # fmt: skip
        self._state = rule.target or self._state
        return self

    def all(self, name: str, today: str):
        found = schedule(
            self.workflow, self.entries, date.fromisoformat(today), self.settings, self.house.calendar,
            self.house.timezone, self.postponed,
        )  # fmt: skip
        return [item for item in found if item.name == name]

    def one(self, name: str, today: str):
        """The open occurrence of a deadline."""
        (found,) = [item for item in self.all(name, today) if item.status == "open"]
        return found

    def told(self, name: str, today: str) -> list[str]:
        """Every occurrence, as `2027-03-15 met`, in order."""
        return [
            f"{item.due_on} {item.status}" for item in sorted(self.all(name, today), key=lambda item: item.k)
        ]

    def ladder(self, name: str, today: str) -> list[str]:
        """The steps of the open occurrence, as `2027-03-15T08:00 id`, by the clock of the house."""
        from zoneinfo import ZoneInfo

        rungs = plan(self.workflow.deadlines[name], self.one(name, today), self.house, self.settings,
                     date.fromisoformat(today))  # fmt: skip
        zone = ZoneInfo(self.house.timezone)
        return [
            f"{rung.fire_at.astimezone(zone):%Y-%m-%dT%H:%M} {rung.id}"
            for rung in sorted(rungs, key=lambda rung: (rung.fire_at, rung.id))
        ]
