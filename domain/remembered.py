"""What the fold remembers of a case as it goes: where it stands, its facts and what set them, its acts."""

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from .civil import instant
from .condition import Condition
from .deadline import Anchor, Deadline
from .errors import InputError
from .timeline import Entry
from .workflow import Workflow

CLOCK = "echeance:"
"""How the name begins under which the clock acts."""


class Remembered:
    """The case as the acts fed so far leave it."""

    def __init__(self, workflow: Workflow, parameters: Mapping[str, Any], timezone: str) -> None:
        self.workflow = workflow
        self.parameters = parameters
        self._zone = timezone
        self.state: str | None = None
        self.facts: dict[str, Any] = {}
        self._set_by: dict[str, Entry] = {}
        self._acts: dict[str, list[Entry]] = {}
        self._ranks: dict[int, int] = {}

    def feed(self, entry: Entry) -> None:
        """Take one more act into account."""
        self._ranks[entry.seq] = len(self._ranks) + 1
        self.facts.update(entry.facts)
        self._set_by.update(dict.fromkeys(entry.facts, entry))
        self._acts.setdefault(entry.action, []).append(entry)
        self.state = entry.target or self.state

    def rank(self, seq: int) -> int:
        """Give the place of an act in order of effect, which a correction may have changed; 0 for none."""
        return self._ranks.get(seq, 0)

    def satisfies(self, condition: Condition) -> bool:
        """Judge what may gate a deadline or an anchor: facts, parameters and the state, nothing else."""
        if condition.state:
            return self.state in condition.state
        value = (
            self.parameters.get(condition.param) if condition.param else self.facts.get(condition.fact or "")
        )
        if condition.is_ in ("set", "unset"):
            return (value is not None) is (condition.is_ == "set")
        if condition.is_ is not None:
            return bool(value) is condition.is_
        return value == condition.equals if condition.equals is not None else value in condition.in_

    def floor(self, anchor: Anchor) -> int | None:
        """Give the rank since which an anchor counts; none where what it must follow has not happened."""
        if not anchor.since:
            return 0
        return max(
            (self.rank(acts[-1].seq) for name in anchor.since if (acts := self._acts.get(name))), default=None
        )

    def dated_fact(self, name: str, since: int) -> tuple[date, int] | None:
        """Give the date that a fact holds, if it was set since a rank, and the event that set it."""
        value, setter = self.facts.get(name), self._set_by.get(name)
        if not isinstance(value, date) or setter is None or self.rank(setter.seq) < since:
            return None
        return (value.date() if isinstance(value, datetime) else value), setter.seq

    def instant_of_fact(self, name: str) -> datetime | None:
        """Give the instant that a fact holds; a date without its hour begins at midnight."""
        value = self.facts[name]
        hour = value.time() if isinstance(value, datetime) else time(0)
        try:
            return instant(value.date() if isinstance(value, datetime) else value, hour, self._zone)
        except InputError:  # the very first or last day of the calendar, elsewhere than in Greenwich
            return None

    def instant_of_act(self, entry: Entry) -> datetime:
        """Give the instant of an act: when it was entered, or the first one of the day to which it was dated.

        The clock acts at the first instant of a day, whenever a pass comes to it.
        """
        at, by_clock = entry.at, entry.actor.startswith(CLOCK)
        if at is not None and not by_clock and at.astimezone(ZoneInfo(self._zone)).date() == entry.on:
            return at
        return instant(entry.on, time(0), self._zone)

    def act(self, name: str, since: int, *, first: bool) -> Entry | None:
        """Give the last act of a kind since a rank, or the first."""
        acts = [act for act in self._acts.get(name, ()) if self.rank(act.seq) >= since]
        return (acts[0] if first else acts[-1]) if acts else None

    def written(self, rule: Deadline, since: int) -> date | None:
        """Give the date that an act wrote in full since a rank; a waiver's waits for the act that uses it."""
        found = self.dated_fact(rule.due.decided, since) if rule.due.decided else None
        return found[0] if found is not None and self.waiver(rule) is None else None

    def waiver(self, rule: Deadline) -> str | None:
        """Name the waiver by which the decided date was last given, if it was."""
        setter = self._set_by.get(rule.due.decided or "")
        action = self.workflow.actions.get(setter.action) if setter is not None else None
        return action.waives if action is not None else None
