"""What a pass does not send after an outage: held until a line of the history tells it, and never without trace."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from ..domain.case import Occurrence
from ..domain.catch_up import LATEST, comes, followed, too_late
from ..domain.deadline import Deadline, Rung
from ..domain.question import setting
from .acting import system_actor
from .arming import scheduled, step_row
from .casefile import CaseFile, Line, append
from .stored import Dated, Step

DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class Dropped:
    """One late message that a pass dropped, how late it was, and why.

    `why` is `late:none`, `late:latest` (a later one of the same deadline left) or `late:within`, then with the
    delay `within` which it would have left.
    """

    case_id: int
    deadline: str
    ordinal: int
    rung: str
    day: date
    late_by: timedelta
    why: str
    within: str | None = None


@dataclass(slots=True)
class Group:
    """The messages of one deadline that were dropped and are not told yet, oldest first; and what that changed."""

    why: str
    steps: list[tuple[Dated, Step]] = field(default_factory=list)
    changes: list[dict[str, Any]] = field(default_factory=list)


class Held:
    """The late messages of a case, as one play of it drops them."""

    def __init__(self, file: CaseFile, now: datetime) -> None:
        self._file = file
        self._now = now
        self._today = file.civil_day(now)
        self._groups: dict[str, Group] = {}
        self._foreseen: tuple[Any, Sequence[Occurrence]] = (None, ())

    def why(self, dated: Dated, step: Step) -> str | None:
        """Give the code of why the rung that is next is dropped, or None where it fires."""
        file, name = self._file, dated.item.name
        if not may_drop(file, dated, step, self._today):
            return None
        policy = file.workflow.deadlines[name].catch_up
        if policy.mode == "latest":
            return LATEST if self._followed(dated, step) else None
        return too_late(policy, step.day, self._today, file.parameters, file.house.calendar)

    def drop(self, dated: Dated, step: Step, why: str) -> None:
        """Set a message aside for good; its row is written with the line that tells it."""
        step.status, step.error, step.retry_at = DROPPED, why, None
        self._groups.setdefault(dated.item.name, Group(why)).steps.append((dated, step))

    def changed(self, dated: Dated, changes: Sequence[dict[str, Any]]) -> None:
        """Keep what changed as a message was dropped, for the line that tells it."""
        self._groups[dated.item.name].changes.extend(changes)

    @property
    def undecided(self) -> bool:
        """Say whether some were dropped for a later one that has not left yet."""
        return any(group.why == LATEST for group in self._groups.values())

    def carried(self, dated: Dated) -> dict[str, Any]:
        """Say, for the message that leaves, what did not: how many other dates were missed, and each message."""
        group = self._groups.get(dated.item.name)
        if group is None or group.why != LATEST:
            return {}
        body: dict[str, Any] = {}
        if group.steps:
            others = {one.item.ordinal for one, _ in group.steps} - {dated.item.ordinal}
            body = {"missed": len(others), "dropped": _listed(group)}
        if group.changes:
            body["changes"] = group.changes
        return body

    def told(self, dated: Dated) -> list[Dropped]:
        """Write the rows of what the last line of the history has told, by the message of a deadline."""
        group = self._groups.get(dated.item.name)
        if group is None or group.why != LATEST:
            return []
        return list(self._tell(dated.item.name))

    def last(self) -> Iterator[tuple[Dated, Step]]:
        """Take back, of what was dropped for one that did not come, the last that still says something true."""
        for group in list(self._groups.values()):
            standing = [pair for pair in group.steps if group.why == LATEST and self._stands(*pair)]
            if standing:
                dated, step = standing[-1]
                group.steps.remove((dated, step))
                step.status, step.error = "pending", None
                yield dated, step

    def rest(self) -> list[Dropped]:
        """Tell what no message tells: one line of history for each deadline."""
        told: list[Dropped] = []
        for name, group in list(self._groups.items()):
            body: dict[str, Any] = {"deadline": name, "policy": group.why.partition(":")[2]}
            within = self._within(name)
            if within is not None:
                body["within"] = within
            body["dropped"] = _listed(group)
            if group.changes:
                body["changes"] = group.changes
            append(self._file, Line("dropped", self._now, self._today, system_actor(name).id, body=body))
            told.extend(self._tell(name))
        return told

    def _tell(self, name: str) -> Iterator[Dropped]:
        file, group = self._file, self._groups.pop(name)
        within = self._within(name)
        for dated, step in group.steps:
            step.fired_seq = file.case.seq
            file.writes.rung(step_row(step))
            late_by = self._now - step.fire_at
            yield Dropped(
                file.case.id, name, dated.item.ordinal, step.rung, step.day, late_by, group.why, within
            )

    def _within(self, name: str) -> str | None:
        within = self._file.workflow.deadlines[name].catch_up.within
        return str(setting(within, self._file.parameters)) if within is not None else None

    def _stands(self, dated: Dated, step: Step) -> bool:
        """A reminder is worth sending while its date is open and has not moved."""
        again = any(
            other.deadline_id == step.deadline_id and other.rung == step.rung and other.generation > step.generation
            for other in self._file.steps
        )  # fmt: skip
        return dated.item.status == "open" and not again

    # -- what would follow

    def _followed(self, dated: Dated, step: Step) -> bool:
        """Say whether a later message of the same deadline is due by now: one that waits, or one to come."""
        file, name = self._file, dated.item.name
        mine = {one.id: one.item for one in file.dated if one.item.name == name}
        zone = file.house.timezone
        for other in file.steps:
            item = mine.get(other.deadline_id)
            if item is None or other.kind != "notice" or not is_due(other, self._now):
                continue
            if comes(other.fire_at, item.lapses_on, step.fire_at, self._now, zone):
                return True
        closed = {item.key for item in mine.values() if item.status != "open"}
        known = {item.key: {one.rung for one in file.steps if one.deadline_id == number}
                 for number, item in mine.items()}  # fmt: skip
        items = [item for item in self._schedule() if item.name == name and item.key not in closed]
        rule = file.workflow.deadlines[name]
        return followed(rule, items, known, step.fire_at, self._now, file.house, file.parameters, self._today)

    def _schedule(self) -> Sequence[Occurrence]:
        """Give every occurrence up to the day of the pass; folded again only after an act."""
        file = self._file
        if self._foreseen[0] is not file.acts:
            self._foreseen = (file.acts, scheduled(file, file.acts, self._today))
        return self._foreseen[1]


def is_due(step: Step, now: datetime) -> bool:
    """Say whether a rung is to fire now."""
    waits = step.retry_at is not None and step.retry_at > now
    return step.status == "pending" and step.fire_at <= now and not waits


def may_drop(file: CaseFile, dated: Dated, step: Step, today: date) -> bool:
    """Say whether the rule of a deadline may drop this rung on a day: a message whose own day is over."""
    deadline = file.workflow.deadlines[dated.item.name]
    if step.kind != "notice" or step.day >= today or deadline.catch_up.mode == "all":
        return False
    rung = rung_of(deadline, step)
    return rung is None or rung.late != "send"


def rung_of(deadline: Deadline, step: Step) -> Rung | None:
    """Give the step of the ladder that a rung comes from; none for the end of a period."""
    name = step.rung.partition("#")[0]
    return next((rung for rung in deadline.ladder if rung.id == name), None)


def _listed(group: Group) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for dated, step in group.steps:
        one: dict[str, Any] = {"ordinal": dated.item.ordinal, "rung": step.rung, "day": step.day.isoformat()}
        if step.generation > 1:
            one["generation"] = step.generation
        found.append(one)
    return found
