"""Workflows with one thing changed: a delay, a shift, a guard, a target, a recipient, a reminder, a place, a link.

A change that could not be seen whatever the story is not proposed: a shift of what always falls on a working day.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from random import Random
from typing import Any

from ..domain.workflow import PREVIOUS, Workflow
from ..workflows.check_acts import ACTS
from ..workflows.check_beyond import BEYOND
from ..workflows.check_dates import DATES
from ..workflows.check_linked import Find, links_hold
from ..workflows.check_moves import MOVES
from ..workflows.checked import Checked
from ..workflows.compile import digest
from .beyond_changed import links, places, silences
from .covering import opened_tasks
from .delays_changed import durations, of_rung, shifts
from .guards_changed import dropped, guards, targets, thresholds
from .mutation import GONE, KINDS, Mutation, Place
from .recipients_changed import awaited, roles, told


def mutations(workflow: Workflow, random: Random) -> Iterator[Mutation]:
    """Give every change that can be made, in random order, the kinds in turn while they last."""
    plain = workflow.model_dump(mode="json")
    by_kind: dict[str, list[Mutation]] = {kind: [] for kind in KINDS}
    for one in dict.fromkeys(_keyed(_all(workflow, plain))):
        if not _elsewhere(workflow, one.value.place) and not _leads_there(workflow, one.value):
            by_kind[one.value.kind].append(one.value)
    for found in by_kind.values():
        random.shuffle(found)
    while any(by_kind.values()):
        for found in by_kind.values():
            if found:
                yield found.pop()


def _elsewhere(workflow: Workflow, place: Place) -> bool:
    """Say whether a place is of a task that only a linked case asks for: the stories of that one show it."""
    section, name = str(place[0]), str(place[1]) if len(place) > 1 else ""
    task = name if section == "tasks" else name.partition(".")[0] if section == "parameters" else ""
    return task in workflow.tasks and task not in opened_tasks(workflow)


def _leads_there(workflow: Workflow, mutation: Mutation) -> bool:
    """Say whether the state before, put instead of a target, can only be that target."""
    if mutation.after != PREVIOUS:
        return False
    sources = workflow.actions[str(mutation.place[1])].sources
    entering = [other for other in workflow.actions.values() if other.target in (*sources, PREVIOUS)]
    came_from = {
        PREVIOUS if other.target == PREVIOUS else name for other in entering for name in other.sources
    }
    return came_from == {mutation.before}


def mutant(workflow: Workflow, mutation: Mutation, version: int) -> Workflow:
    """Make the changed workflow, under a version of its own."""
    plain = workflow.model_dump(mode="json")
    holder: Any = plain
    for part in mutation.place[:-1]:
        holder = holder[part]
    last: Any = mutation.place[-1]
    if mutation.after == GONE:
        del holder[last]
    else:
        holder[last] = mutation.after
    plain["version"] = version
    changed = Workflow.model_validate(plain)
    return changed.model_copy(update={"digest": digest(changed)})


def is_sound(workflow: Workflow, find: Find) -> bool:
    """Say whether the checker would let the workflow be used; `find` gives those to which it is linked."""
    checked = Checked(workflow, {})
    alone = not any(True for rule in (*ACTS, *BEYOND, *DATES, *MOVES) for _ in rule(checked))
    return alone and links_hold(workflow, find)


@dataclass(frozen=True, slots=True)
class _Keyed:
    """A mutation that can be told from another, whatever it holds."""

    key: str
    value: Mutation

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Keyed) and other.key == self.key

    def __hash__(self) -> int:
        return hash(self.key)


def _keyed(found: Iterable[Mutation]) -> Iterator[_Keyed]:
    for one in found:
        yield _Keyed(f"{one.path} {one.after!r}", one)


def _all(workflow: Workflow, plain: dict[str, Any]) -> Iterator[Mutation]:
    yield from durations(plain)
    yield from thresholds(plain)
    for name, rule in plain["deadlines"].items():
        place: Place = ("deadlines", name)
        yield from shifts(plain, rule, place)
        yield from dropped(rule, (*place, "when"))
        yield from roles(workflow, rule["who"], (*place, "who"))
        for index, rung in enumerate(rule["ladder"]):
            here = (*place, "ladder", index)
            yield from of_rung(plain, rule, rung, here)
            yield from dropped(rung, (*here, "when"))
            yield from silences(rung, here)
            yield from roles(workflow, rung["to"], (*here, "to"), tokens=True, who=awaited(workflow, (name,)))
    for name, action in plain["actions"].items():
        yield from guards(plain, action, ("actions", name))
        yield from targets(plain, action, ("actions", name))
    for name, notice in plain["notices"].items():
        who = told(workflow, name)
        yield from roles(workflow, notice["to"], ("notices", name, "to"), tokens=True, who=who)
    for name, task in plain["tasks"].items():
        yield from roles(workflow, task["who"], ("tasks", name, "who"))
    yield from roles(workflow, plain["escalation"], ("escalation",))
    yield from places(plain)
    yield from links(plain)
