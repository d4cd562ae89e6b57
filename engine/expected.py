"""What is to come on one case: what its rows hold, and what the forecast adds, told alike."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from ..domain.case import Occurrence
from ..domain.deadline import Deadline, Rung
from ..domain.forecast import MOST_FORESEEN, foresee, repeats
from ..domain.future import Assumption, Foreseen, Standing
from ..domain.ladder import LAPSE
from ..domain.workflow import SYSTEM, Workflow
from .pending import day_to_act
from .recipients import roles_of
from .stored import Dated, Step

PENDING = ("pending", "waiting")
ORDER = {"due": 0, "act": 1, "task": 2, "notice": 3}


@dataclass(frozen=True, slots=True)
class Expected:
    """One thing to come on a case: a date (`due`), or a step of its ladder (`act`, `task`, `notice`).

    `armed` is what the database holds already; the rest rests on its `assumptions`. `day` is the day by which to
    act, or on which the step comes, at the instant `at` where it has one.
    """

    case_id: int
    number: str
    establishment: str
    workflow: str
    state: str
    state_label: str
    kind: str
    armed: bool
    day: date
    at: datetime | None
    deadline: str
    label: str
    k: int
    last: bool
    due_on: date
    legal_on: date
    act_by: date | None
    ordinal: int | None
    id: int | None
    rung: str | None
    waiting: bool
    suspended_on: date | None
    does: tuple[str, ...]
    does_labels: tuple[str, ...]
    who: tuple[str, ...]
    who_labels: tuple[str, ...]
    assumptions: tuple[Assumption, ...] = ()


@dataclass(frozen=True, slots=True)
class Cut:
    """A deadline of a case of which too much would follow: the list stops before the horizon."""

    case_id: int
    number: str
    deadline: str
    label: str


class Ahead:
    """One case, looked ahead."""

    def __init__(
        self, row: Any, workflow: Workflow, dated: list[Dated], steps: list[Step], today: date, until: date
    ) -> None:  # fmt: skip
        self._row = row
        self._workflow = workflow
        self._dated = {one.id: one for one in dated}
        self._steps = steps
        self._until = until
        self._today = today
        self._state = workflow.states[row.state]

    @property
    def opened(self) -> tuple[Occurrence, ...]:
        """Give the open occurrences."""
        return tuple(one.item for one in self._dated.values())

    @property
    def awaited(self) -> frozenset[tuple[str, str, str]]:
        """Name the acts of the clock that await their day, by deadline, key and rung."""
        acts = (step for step in self._steps if step.kind == "act" and step.status in PENDING)
        items = ((self._dated[step.deadline_id].item, step.rung) for step in acts)
        return frozenset((item.name, item.key, rung) for item, rung in items)

    def look(self, standing: Standing) -> tuple[list[Expected], list[Cut]]:
        """Give what is to come on the case, in order of day, and the deadlines that were cut."""
        ahead = foresee(standing, self._until)
        truncated = set(ahead.truncated)
        found = [*self._armed(), *self._repeated(standing, truncated)]
        for foreseen in ahead.found:
            found.extend(self._foreseen(foreseen))
        found.sort(key=lambda one: (one.day, ORDER[one.kind], one.deadline, one.rung or "", one.does))
        cuts = [
            Cut(self._row.id, _number(self._row), name, self._workflow.deadlines[name].label)
            for name in sorted(truncated)
        ]
        return found, cuts

    def _armed(self) -> Iterator[Expected]:
        """Give what the rows hold: the open dates, and the steps that have not come yet."""
        for one in self._dated.values():
            if day_to_act(one.item, self._today) <= self._until:
                yield self._date(one.item, self._row.state, (), dated=one)
        for step in self._steps:
            if step.status in PENDING and step.kind != LAPSE and step.day <= self._until:
                dated = self._dated[step.deadline_id]
                yield from self._rung(
                    dated.item, step.rung, step.day, step.fire_at, self._row.state, (), dated=dated,
                    waiting=step.status == "waiting",
                )  # fmt: skip

    def _repeated(self, standing: Standing, truncated: set[str]) -> Iterator[Expected]:
        """Give the steps that open dates would repeat after the one that is armed."""
        held = {(step.deadline_id, step.rung) for step in self._steps}
        for one in self._dated.values():
            ahead = repeats(standing, one.item, self._until)
            for number, (rung, remains) in enumerate(ahead):
                if number == MOST_FORESEEN:
                    truncated.add(one.item.name)
                    break
                if (one.id, rung.id) not in held:
                    yield from self._rung(
                        one.item, rung.id, rung.day, rung.fire_at, self._row.state, (remains,), dated=one
                    )

    def _foreseen(self, foreseen: Foreseen) -> Iterator[Expected]:
        item, state, assumed = foreseen.item, foreseen.state, foreseen.assumptions
        if day_to_act(item, self._today) <= self._until:
            yield self._date(item, state, assumed)
        for rung in foreseen.rungs:
            yield from self._rung(item, rung.id, rung.day, rung.fire_at, state, assumed)

    def _date(
        self, item: Occurrence, state: str, assumed: tuple[Assumption, ...], dated: Dated | None = None
    ) -> Expected:
        rule = self._workflow.deadlines[item.name]
        acts = [meet.act for meet in rule.met_by] or list(rule.due.renewed_by) or list(rule.leaving)
        labels = [self._workflow.actions[name].label for name in acts]
        who = rule.who or self._workflow.states[state].turn
        day = day_to_act(item, self._today)
        return self._expected("due", item, None, day, item.due_at, assumed, dated, acts, labels, who)

    def _rung(
        self, item: Occurrence, name: str, day: date, at: datetime, state: str, assumed: tuple[Assumption, ...],
        *, dated: Dated | None = None, waiting: bool = False,
    ) -> Iterator[Expected]:  # fmt: skip
        rule = self._workflow.deadlines[item.name]
        rung = next((one for one in rule.ladder if one.id == name.partition("#")[0]), None)
        if rung is None:
            return
        for does, label, who in self._does(rule, rung, state):
            yield self._expected(
                rung.kind, item, name, day, at, assumed, dated, (does,), (label,), who, waiting=waiting
            )

    def _does(self, rule: Deadline, rung: Rung, state: str) -> Iterator[tuple[str, str, Sequence[str]]]:
        """Say what a step does: each message and whom it reaches, its act, or its task and who must do it."""
        if rung.kind == "act":
            name = rung.perform or ""
            yield name, self._workflow.actions[name].label, (SYSTEM,)
        elif rung.kind == "task":
            task = self._workflow.tasks[rung.task or ""]
            yield rung.task or "", task.label, task.who
        else:
            who = rule.who or self._workflow.states[state].turn
            for template in rung.notify:
                tokens = rung.to or self._workflow.notices[template].to
                roles = dict.fromkeys(role for role in roles_of(self._workflow, tokens, who) if role)
                yield template, template, tuple(roles)

    def _expected(
        self, kind: str, item: Occurrence, rung: str | None, day: date, at: datetime | None,
        assumed: tuple[Assumption, ...], dated: Dated | None, does: Sequence[str], labels: Sequence[str],
        who: Sequence[str], *, waiting: bool = False,
    ) -> Expected:  # fmt: skip
        row, roles = self._row, self._workflow.roles
        return Expected(
            row.id, _number(row), row.establishment_id, row.workflow, row.state, self._state.label, kind,
            not assumed, day, at, item.name, self._workflow.deadlines[item.name].label, item.k, item.last, item.due_on,
            item.legal_on, item.act_by, item.ordinal if dated else None, dated.id if dated else None, rung, waiting,
            item.suspended_on, tuple(does), tuple(labels), tuple(who),
            tuple(roles[role].label if role in roles else "Automatique" for role in who), assumed,
        )  # fmt: skip


def _number(row: Any) -> str:
    return f"D-{row.id:04d}"
