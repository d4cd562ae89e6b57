"""What the fold remembers of a case as it goes: where it stands, its facts and what set them, its acts."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from .timeline import Entry
from .workflow import Anchor, Condition, Deadline, Workflow


class Remembered:
    """The case as the acts fed so far leave it."""

    def __init__(self, workflow: Workflow, parameters: Mapping[str, Any]) -> None:
        self.workflow = workflow
        self.parameters = parameters
        self.state: str | None = None
        self.facts: dict[str, Any] = {}
        self._set_by: dict[str, Entry] = {}
        self._acts: dict[str, list[Entry]] = {}

    def feed(self, entry: Entry) -> None:
        """Take one more act into account."""
        self.facts.update(entry.facts)
        self._set_by.update(dict.fromkeys(entry.facts, entry))
        self._acts.setdefault(entry.action, []).append(entry)
        self.state = entry.target or self.state

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
        """Give the event since which an anchor counts; none where what it must follow has not happened."""
        if not anchor.since:
            return 0
        return max((acts[-1].seq for name in anchor.since if (acts := self._acts.get(name))), default=None)

    def dated_fact(self, name: str, since: int) -> tuple[date, int] | None:
        """Give the date that a fact holds, if it was set since an event, and the event that set it."""
        value, setter = self.facts.get(name), self._set_by.get(name)
        if not isinstance(value, date) or setter is None or setter.seq < since:
            return None
        return value, setter.seq

    def act(self, name: str, since: int, *, first: bool) -> Entry | None:
        """Give the last act of a kind since an event, or the first."""
        acts = [act for act in self._acts.get(name, ()) if act.seq >= since]
        return (acts[0] if first else acts[-1]) if acts else None

    def written(self, rule: Deadline, since: int) -> date | None:
        """Give the date that an act wrote in full since an event; a waiver's waits for the act that uses it."""
        found = self.dated_fact(rule.due.decided, since) if rule.due.decided else None
        return found[0] if found is not None and self.waiver(rule) is None else None

    def waiver(self, rule: Deadline) -> str | None:
        """Name the waiver by which the decided date was last given, if it was."""
        setter = self._set_by.get(rule.due.decided or "")
        action = self.workflow.actions.get(setter.action) if setter is not None else None
        return action.waives if action is not None else None
