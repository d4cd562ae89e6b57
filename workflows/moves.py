"""The moves of a workflow, guards aside: which act leads from which state to which."""

from collections.abc import Iterator

from ..domain.workflow import PREVIOUS, START, Workflow


class Moves:
    """Where each act may lead; `previous` is any state from which the act's own states are entered."""

    def __init__(self, workflow: Workflow) -> None:
        self._workflow = workflow
        self._entered: dict[str, set[str]] = {}
        for action in workflow.actions.values():
            if action.target is not None and action.target != PREVIOUS:
                self._entered.setdefault(action.target, set()).update(action.sources)
        self._came_from: dict[tuple[str, ...], frozenset[str]] = {}

    def targets(self, name: str) -> frozenset[str]:
        """Give the states to which an act may lead."""
        action = self._workflow.actions[name]
        if action.target is None:
            return frozenset()
        if action.target != PREVIOUS:
            return frozenset({action.target})
        known = self._came_from.get(action.sources)
        if known is None:
            entered = set[str]().union(*(self._entered.get(source, ()) for source in action.sources))
            known = self._came_from[action.sources] = frozenset(entered - {*action.sources, START})
        return known

    def edges(self) -> Iterator[tuple[tuple[str, ...], frozenset[str]]]:
        """Give, act by act, the states it leaves and those it may reach."""
        for name, action in self._workflow.actions.items():
            if action.sources:
                yield action.sources, self.targets(name)

    def reach(self, starts: set[str], *, backwards: bool = False) -> set[str]:
        """Give every state that can be reached from these, themselves included; or that leads to them."""
        next_states: dict[str, set[str]] = {}
        for sources, targets in self.edges():
            firsts, seconds = (targets, sources) if backwards else (sources, targets)
            for first in firsts:
                next_states.setdefault(first, set()).update(seconds)
        seen, todo = set(starts), list(starts)
        while todo:
            fresh = next_states.get(todo.pop(), set()) - seen
            seen |= fresh
            todo += fresh
        return seen
