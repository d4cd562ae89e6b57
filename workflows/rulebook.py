"""The rulebook: one shared machine per workflow version, holding no case. Here `transitions` begins and ends.

The machine keeps no model; each attempt is made by a cursor that is thrown away, so a failed step leaves nothing
behind. It is given callables, never names to import, and its callbacks have no effect.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

from transitions import EventData, Machine

from ..domain.workflow import PREVIOUS, START, Workflow
from .moves import Moves


@dataclass(slots=True)
class _Cursor:
    """Where one case stands while one action is tried."""

    state: str
    previous: str | None
    refused: bool


def _admits(event: EventData) -> bool:
    cursor: Any = event.model
    return not cursor.refused


def _came_from(state: str, event: EventData) -> bool:
    cursor: Any = event.model
    return bool(cursor.previous == state)


class Rulebook:
    """The moves of one workflow: shared by every case and every thread."""

    def __init__(self, workflow: Workflow) -> None:
        self.workflow = workflow
        self._machine = Machine(
            model=None, initial=None, auto_transitions=False, queued=False, send_event=True,
            states=[START, *workflow.states], transitions=list(_transitions(workflow)),
        )  # fmt: skip
        self._table = _table(self._machine)

    def knows(self, state: str, action: str) -> bool:
        """Say whether an action moves a case that stands in this state, guards aside."""
        return (state, action) in self._table

    def try_move(self, state: str, action: str, previous: str | None, *, refused: bool) -> str | None:
        """Fire the action on the shared machine: the state it leads to, or None where it does not lead anywhere.

        `refused` says that a guard said no; the machine asks it as a condition of every transition.
        """
        if not self.knows(state, action):
            return None
        cursor = _Cursor(state, previous, refused)
        moved = self._machine.events[action].trigger(cursor)
        return cursor.state if moved else None

    def look(self, state: str, action: str, previous: str | None, *, refused: bool = False) -> str | None:
        """Say the same as `try_move`, from the table compiled from the machine: for options and for sweeps."""
        for came_from, target in self._table.get((state, action), ()):
            if not refused and came_from in (None, previous):
                return target
        return None


def _transitions(workflow: Workflow) -> Iterable[dict[str, Any]]:
    moves = Moves(workflow)
    for name, action in workflow.actions.items():
        if not action.sources:
            continue
        for target in sorted(moves.targets(name)):
            conditions: list[Any] = [_admits]
            if action.target == PREVIOUS:
                conditions.append(partial(_came_from, target))
            yield {"trigger": name, "source": list(action.sources), "dest": target, "conditions": conditions}


def _table(machine: Any) -> dict[tuple[str, str], tuple[tuple[str | None, str], ...]]:
    """Compile the machine's transitions into a table: (state, action) to (state it must come from, target)."""
    table: dict[tuple[str, str], tuple[tuple[str | None, str], ...]] = {}
    for action, event in machine.events.items():
        for source, transitions in event.transitions.items():
            table[source, action] = tuple(
                (_origin(transition), transition.dest) for transition in transitions
            )
    return table


def _origin(transition: Any) -> str | None:
    for condition in transition.conditions:
        if isinstance(condition.func, partial):
            return str(condition.func.args[0])
    return None
