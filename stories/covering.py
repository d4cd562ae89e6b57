"""What stories have shown of a workflow: transitions, guards refused, dates met, missed and moved, messages, tasks."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from ..domain.case import Occurrence
from ..domain.condition import Condition
from ..domain.errors import Reason
from ..domain.workflow import START, Action, Workflow
from .looking import Look
from .playing import Played
from .sandbox import Sandbox
from .story import Story

PARTS = ("transitions", "acts", "guards", "met", "missed", "moved", "notices", "tasks")
"""What is counted, in the order in which it is told."""

_CODES = {
    "fact": "fact_condition", "param": "parameter", "state": "state_condition", "count": "count",
    "deadline": "deadline_condition", "documents": "documents_missing", "queue": "queue", "apart_from": "same_person",
    "place": "place_none_free", "linked": "linked", "others": "others", "members": "members", "between": "between",
    "last": "last_missing",
}  # fmt: skip


@dataclass(slots=True)
class Coverage:
    """Of one workflow, all that could be shown and what was, part by part; each thing as a story would name it."""

    workflow: str
    all: Mapping[str, tuple[str, ...]]
    shown: dict[str, set[str]] = field(default_factory=lambda: {part: set() for part in PARTS})

    def missing(self, part: str) -> tuple[str, ...]:
        """Give what no story has shown."""
        return tuple(name for name in self.all[part] if name not in self.shown[part])

    def count(self, part: str) -> tuple[int, int]:
        """Give how many were shown, of how many."""
        return len(self.all[part]) - len(self.missing(part)), len(self.all[part])


def coverage_of(workflow: Workflow) -> Coverage:
    """Give the coverage of a workflow of which nothing was shown yet."""
    dated = {name: rule for name, rule in workflow.deadlines.items() if not rule.informative}
    return Coverage(
        workflow.workflow,
        {
            "transitions": tuple(_transitions(workflow)),
            "acts": tuple(name for name, action in workflow.actions.items() if action.stays),
            "guards": tuple(guard_name(name, index) for name, index, _ in guards(workflow)),
            "met": tuple(name for name, rule in dated.items() if rule.met_by or rule.leaving),
            "missed": tuple(dated),
            "moved": tuple(workflow.deadlines),
            "notices": tuple(workflow.notices),
            "tasks": tuple(name for name in workflow.tasks if name in opened_tasks(workflow)),
        },
    )


def opened_tasks(workflow: Workflow) -> frozenset[str]:
    """Name the tasks that its acts and its dates open: another may be asked for from a linked case."""
    acts = (name for action in workflow.actions.values() for name in action.task)
    rungs = (rung.task for rule in workflow.deadlines.values() for rung in rule.ladder)
    return frozenset((*acts, *(name for name in rungs if name is not None)))


def guards(workflow: Workflow) -> Iterator[tuple[str, int, Condition]]:
    """Give every condition of every act."""
    for name, action in workflow.actions.items():
        for index, condition in enumerate(action.requires):
            yield name, index, condition


def guard_name(action: str, index: int) -> str:
    """Name a condition by its place."""
    return f"{action}.requires[{index}]"


def _transitions(workflow: Workflow) -> Iterator[str]:
    for name, action in workflow.actions.items():
        for source in action.sources:
            yield _move(name, source)


def _move(action: str, source: str) -> str:
    return f"{action} ({'ouverture' if source == START else source})"


def add(known: dict[str, Coverage], sandbox: Sandbox, story: Story, played: Played) -> None:
    """Add, by workflow, what one story has shown, which the sandbox still holds: its cases and those they opened."""
    for refusal in played.refusals:
        workflow = story.workflows[refusal.workflow]
        found = _coverage(known, workflow)
        rule = workflow.actions[refusal.action]
        found.shown["guards"].update(
            guard_name(refusal.action, index) for index in _refusing(rule, refusal.reasons)
        )
    for case in sandbox.engine.cases.find():
        workflow = story.workflows[case.workflow]
        shown = _coverage(known, workflow).shown
        look = Look(sandbox.engine, case.id, workflow, story.given.timezone)
        _add_history(shown, workflow, look)
        for item in look.occurrences:
            _add_date(shown, item, look)
        shown["notices"].update(notice.template for notice in look.notices)


def _coverage(known: dict[str, Coverage], workflow: Workflow) -> Coverage:
    if workflow.digest not in known:
        known[workflow.digest] = coverage_of(workflow)
    return known[workflow.digest]


def _refusing(rule: Action, reasons: Iterable[Reason]) -> Iterator[int]:
    """Name the conditions of an act from which reasons came."""
    told = list(reasons)
    for index, condition in enumerate(rule.requires):
        if any(_comes_from(condition, reason) for reason in told):
            yield index


def _comes_from(condition: Condition, reason: Reason) -> bool:
    if condition.guard is not None:
        return reason.code == "guard" and reason.data.get("guard") == condition.guard
    if condition.otherwise or condition.warn:
        return reason.text == (condition.otherwise or condition.warn)
    return any(
        reason.code == code and getattr(condition, subject) not in (None, (), "")
        for subject, code in _CODES.items()
    )


def _add_history(shown: dict[str, set[str]], workflow: Workflow, look: Look) -> None:
    for event in look.history:
        action = workflow.actions.get(event.action or "")
        if event.kind == "act" and action is not None and event.action is not None:
            if event.target is not None:
                shown["transitions"].add(_move(event.action, event.source or START))
            if action.stays:
                shown["acts"].add(event.action)
            warnings = event.body.get("warnings", ())
            for index, condition in enumerate(action.requires):
                if condition.warn in warnings:
                    shown["guards"].add(guard_name(event.action, index))
            shown["tasks"].update(action.task)
        elif event.kind == "task":
            shown["tasks"].add(str(event.body["task"]))
        for change in event.body.get("changes", ()):
            if change["change"] == "moved" and "deadline" in change:
                shown["moved"].add(str(change["deadline"]))


def _add_date(shown: dict[str, set[str]], item: Occurrence, look: Look) -> None:
    """A date is missed when its period ends without its act, or when its day is over before anything closes it."""
    if item.status == "met":
        shown["met"].add(item.name)
    last = item.closed_on or max(event.effective_on for event in look.history)
    if item.status == "missed" or last > item.due_on:
        shown["missed"].add(item.name)
