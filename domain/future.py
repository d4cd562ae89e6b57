"""One way that things may go on a case, unrolled from the acts that were taken.

The dates come from the same fold as those that are armed, fed with acts that nobody has taken yet; the steps come
from the same ladders. Pure; nothing is written.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from heapq import heappop, heappush
from typing import Any, Literal

from .case import Occurrence, PlannedRung, Source
from .context import House
from .deadline import Deadline
from .ladder import LAPSE, of_effect_on, plan
from .question import setting
from .schedule import folded
from .timeline import Entry, previous_state, state_of
from .tracks import Changed
from .workflow import ANY, PREVIOUS, Action, Workflow

MOST_STEPS = 500
APART = 1_000_000  # between the numbers of the acts of one future and those of another

Code = Literal["clock_acts", "renewed", "rhythm_continues", "state_remains", "nothing_changes"]
Ident = tuple[str, str]
Mark = tuple[str, Any, date]

_ORDER = {
    "clock_acts": 0,
    "renewed": 1,
    "rhythm_continues": 1,
}  # of one day: the clock acts at its first hour


@dataclass(frozen=True, slots=True)
class Assumption:
    """What a foreseen date rests on: a stable code, and its data."""

    code: Code
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Standing:
    """A case as a forecast reads it: its acts, the occurrences that its rows have open, the acts that await their day.

    `awaited` names them by deadline, key and rung.
    """

    workflow: Workflow
    entries: Sequence[Entry]
    opened: Sequence[Occurrence]
    awaited: frozenset[tuple[str, str, str]]
    house: House
    parameters: Mapping[str, Any]
    today: date
    postponed: Mapping[Ident, date] = field(default_factory=dict)
    changed: Sequence[Changed] = ()


@dataclass(frozen=True, slots=True)
class Foreseen:
    """An occurrence that would follow: the state it would be in, its steps up to the horizon, and what it supposes."""

    item: Occurrence
    state: str
    rungs: tuple[PlannedRung, ...]
    assumptions: tuple[Assumption, ...]


def followed_by(rule: Deadline, item: Occurrence, until: date) -> bool:
    """Say whether an act done on its date would bring the next one: a renewal, or a visit that each date awaits."""
    if item.suspended_on is not None or item.due_on > until:
        return False
    if rule.due.renewed_by:
        return not item.last
    return rule.due.every is not None and item.lapses_on is None and bool(rule.met_by)


def marks(item: Occurrence, assumptions: tuple[Assumption, ...]) -> tuple[Mark, Mark]:
    """Give what makes a date the same in two futures: its key, or its day and all that it rests on.

    What follows from an act that nobody has taken yet bears the number of that act, which no two futures share.
    """
    rests = tuple((one.code, one.data.get("deadline"), one.data.get("on")) for one in assumptions)
    return (item.name, item.key, item.due_on), (item.name, rests, item.due_on)


@dataclass(frozen=True, slots=True)
class _Step:
    """An act that nobody has taken yet: of the clock, or a renewal on its due date.

    `on` is the day of which it is, `day` the one on which it is taken, which for a silence is the next.
    """

    on: date
    day: date
    action: str
    item: Occurrence
    code: Code
    assumptions: tuple[Assumption, ...]


class Future:
    """One way that things may go, from the acts that were taken."""

    def __init__(
        self, case: Standing, until: date, *, keeping: bool, told: frozenset[Mark] = frozenset()
    ) -> None:  # fmt: skip
        self._case = case
        self._until = until
        self._keeping = keeping  # whether people act on each date
        self._told = told  # what another future gives already
        self._entries = list(case.entries)
        self._state = state_of(case.entries) or ""
        self._seq = max((entry.seq for entry in case.entries), default=0) + (APART if keeping else 0)
        self._fold = folded(
            case.workflow, case.entries, case.parameters, case.house.calendar, case.house.timezone, case.postponed,
            case.changed,
        )  # fmt: skip
        self._held = {(item.name, item.key) for item in case.opened}
        self._known: dict[Ident, tuple[Assumption, ...]] = {}
        self._rhythms: dict[tuple[str, Source], tuple[Assumption, ...]] = {}
        self._lapses: dict[tuple[str, Source, int], date] = {}
        self._planned: set[tuple[Ident, date]] = set()
        self._open: dict[Ident, Occurrence] = {}
        self._steps: list[tuple[date, int, date, int, _Step]] = []
        self._count = 0

    def unroll(self) -> Iterator[Foreseen]:
        """Take the steps in order of day; give the occurrences that they and the passing of time open."""
        for item in self._fold.finish(self._case.today):
            # what is void may come back, and would then be a date that follows
            if item.status in ("met", "missed") or (item.name, item.key) in self._held:
                self._remember(item, ())
        yield from self._look(self._case.today, None)
        for _ in range(MOST_STEPS):
            if not self._steps:
                break
            step = self._taken(heappop(self._steps)[-1])
            if step is not None:
                yield from self._look(step.day, step)
        yield from self._look(self._until, None)

    # -- what is open after a step

    def _look(self, day: date, step: _Step | None) -> Iterator[Foreseen]:
        """Find what opened since the last look, and what the clock or a person would do about it."""
        items = self._fold.finish(day)
        self._open = {(item.name, item.key): item for item in items if item.status == "open"}
        for item in items:
            ident = (item.name, item.key)
            if item.status not in ("open", "missed"):
                continue
            if ident not in self._known:
                assumptions = self._assumed(item, step)
                opened = self._lapses.get((item.name, item.source, item.k - 1))
                late = opened is None and step is not None and step.code != "clock_acts"
                self._remember(item, assumptions)
                if self._told.isdisjoint(marks(item, assumptions)):
                    yield self._foreseen(item, opened or day, assumptions, late=late)
            if item.status == "open" and (ident, item.due_on) not in self._planned:
                self._planned.add((ident, item.due_on))
                self._plan(item, self._known[ident])

    def _remember(self, item: Occurrence, assumptions: tuple[Assumption, ...]) -> None:
        self._known[item.name, item.key] = assumptions
        if self._case.workflow.deadlines[item.name].due.every is None:
            return
        self._rhythms.setdefault((item.name, item.source), assumptions)
        if item.lapses_on is not None:
            self._lapses[item.name, item.source, item.k] = item.lapses_on

    def _assumed(self, item: Occurrence, step: _Step | None) -> tuple[Assumption, ...]:
        """Say what an occurrence rests on: the step that opened it, or the rhythm that goes on."""
        before = self._rhythms.get((item.name, item.source))
        if before is not None:
            return (*before, *self._bounded(item), self._goes_on(item))
        if step is None:
            return (Assumption("nothing_changes"),)
        if step.code == "rhythm_continues":
            goes_on = self._goes_on(step.item)
            return step.assumptions if goes_on in step.assumptions else (*step.assumptions, goes_on)
        workflow = self._case.workflow
        data = {
            "deadline": step.item.name, "label": workflow.deadlines[step.item.name].label,
            "action": step.action, "action_label": workflow.actions[step.action].label, "on": step.on.isoformat(),
        }  # fmt: skip
        return (*step.assumptions, Assumption(step.code, data))

    def _bounded(self, item: Occurrence) -> tuple[Assumption, ...]:
        """Say what the date rests on beyond which a rhythm has none."""
        bound = self._case.workflow.deadlines[item.name].due.until
        return next((self._known.get(ident, ()) for ident in self._open if ident[0] == bound), ())

    def _goes_on(self, item: Occurrence) -> Assumption:
        rule = self._case.workflow.deadlines[item.name]
        every = str(setting(rule.due.every, self._case.parameters))
        return Assumption("rhythm_continues", {"deadline": item.name, "label": rule.label, "every": every})

    def _foreseen(
        self, item: Occurrence, opened: date, assumptions: tuple[Assumption, ...], *, late: bool
    ) -> Foreseen:
        """Give an occurrence and the steps that would still be ahead when it opens.

        People act during the day, after the house has written: `late`.
        """
        case = self._case
        rule = case.workflow.deadlines[item.name]
        rungs = [
            rung
            for rung in plan(rule, item, case.house, case.parameters, self._until)
            if rung.kind != LAPSE and rung.day <= self._until
            and (item.lapses_on is None or rung.day < item.lapses_on)
            and (rung.kind != "notice" or rung.late == "send" or rung.day >= opened)
            and not (late and rung.kind == "notice" and rung.late == "skip" and rung.day == opened)
        ]  # fmt: skip
        return Foreseen(item, self._state, tuple(sorted(rungs, key=lambda rung: rung.fire_at)), assumptions)

    # -- what would be done

    def _plan(self, item: Occurrence, assumptions: tuple[Assumption, ...]) -> None:
        """Put in line what would be done about an open occurrence; what stands still waits."""
        rule = self._case.workflow.deadlines[item.name]
        if item.suspended_on is not None:
            return
        if self._keeping and item.due_on >= self._case.today and followed_by(rule, item, self._until):
            code: Code = "renewed" if rule.due.renewed_by else "rhythm_continues"
            for name in rule.due.renewed_by or [meet.act for meet in rule.met_by if not meet.where]:
                self._put(_Step(item.due_on, item.due_on, name, item, code, assumptions))
        acts = {rung.id: rung for rung in rule.ladder if rung.kind == "act"}
        if not acts:
            return
        ours = (item.name, item.key) in self._held
        for rung in plan(rule, item, self._case.house, self._case.parameters, self._until):
            act = acts.get(rung.id)
            if (
                act is None
                or act.perform is None
                or (ours and (item.name, item.key, rung.id) not in self._case.awaited)
            ):
                continue
            # However late it is played, an act of the clock bears the day of its rung.
            latest = max((entry.on for entry in self._entries), default=rung.day)
            on = of_effect_on(act, item, rung.day, self._entries)
            self._put(_Step(on, max(rung.day, latest), act.perform, item, "clock_acts", assumptions))

    def _put(self, step: _Step) -> None:
        if step.day <= self._until:
            self._count += 1
            heappush(self._steps, (step.day, _ORDER[step.code], step.on, self._count, step))

    def _taken(self, step: _Step) -> _Step | None:
        """Take a step, if what calls for it still stands and the state allows it; give it with its day."""
        rule = self._case.workflow.actions[step.action]
        current = self._open.get((step.item.name, step.item.key))
        if current is None or current.due_on != step.item.due_on or not self._possible(rule):
            return None
        if step.code == "clock_acts" and rule.requires:
            return None  # what the clock would find then is not for a forecast to say
        target = previous_state(self._entries) if rule.target == PREVIOUS else rule.target
        self._seq += 1
        moved_on = max((entry.on for entry in self._entries if entry.target), default=step.on)
        step = replace(step, on=max(step.on, moved_on))
        entry = Entry(self._seq, step.on, step.action, "", self._state, target, dict(rule.set))
        self._entries.append(entry)
        self._fold.feed(entry)
        self._state = target or self._state
        return step

    def _possible(self, rule: Action) -> bool:
        return rule.stays == (ANY,) or self._state in rule.stays or self._state in rule.sources
