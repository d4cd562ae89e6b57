"""A workflow being checked: what several rules ask about it, found once."""

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from typing import Any

from ..domain.condition import Condition
from ..domain.deadline import Deadline, Rung
from ..domain.model import Setting
from ..domain.workflow import ANY, Workflow
from .moves import Moves
from .report import Path

Fault = tuple[Path, str, str]
"""Where, what (in French), and a stable code."""


class Checked:
    """One workflow, its moves, and where its rungs are written."""

    def __init__(self, workflow: Workflow, rungs: Mapping[tuple[str, str], Path]) -> None:
        self.workflow = workflow
        self.moves = Moves(workflow)
        self._rungs = rungs

    def rung_path(self, name: str, rung: Rung, key: str = "") -> Path:
        """Say where a rung is written; one from a shared ladder is placed at the deadline that uses it."""
        path = self._rungs.get((name, rung.id), ("deadlines", name, "ladder"))
        if path[0] != "deadlines":
            return ("deadlines", name, "ladder")
        return (*path, key) if key else path

    @cached_property
    def performed(self) -> frozenset[str]:
        """Name the acts that a rung performs."""
        return frozenset(rung.perform for _, _, rung in self.rungs() if rung.perform is not None)

    def first(self, value: Any) -> Any:
        """Give a value as it is before any house sets it."""
        if not isinstance(value, Setting):
            return value
        known = self.workflow.parameters.get(value.param)
        return None if known is None else known.default

    def rungs(self) -> Iterator[tuple[str, Deadline, Rung]]:
        """Give every rung, with its deadline."""
        for name, rule in self.workflow.deadlines.items():
            for rung in rule.ladder:
                yield name, rule, rung

    def possible(self, act: str, span: frozenset[str]) -> bool:
        """Say whether an act can be taken somewhere in a span; with no span, anywhere."""
        action = self.workflow.actions.get(act)
        if action is None or not span or action.stays == (ANY,):
            return True
        return not span.isdisjoint(action.sources) or not span.isdisjoint(action.stays)


Rule = Callable[[Checked], Iterator[Fault]]


def parts(condition: Condition, path: Path) -> Iterator[tuple[Path, Condition]]:
    """Give a condition and all its parts, each with its place."""
    yield path, condition
    for key in ("any", "all"):
        for index, inner in enumerate(getattr(condition, key)):
            yield from parts(inner, (*path, key, index))
    if condition.when is not None:
        yield from parts(condition.when, (*path, "when"))
