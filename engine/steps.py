"""How a step on a case is taken: what is already due first, then the step, all or nothing."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ..domain.case import Actor, Case
from ..domain.errors import NotFound, StaleCase
from ..persistence import cases as rows
from .answers import answer, remember
from .casefile import CaseFile, open_file, save
from .deputies import actor_seeing
from .firing import play
from .reach import hold, reach_of
from .registry import Workflows
from .veiling import refusing_as_seen
from .world import Unit, World


@dataclass(frozen=True, slots=True)
class Ask:
    """How a verb was called: on which case, by whom, seen at which revision, under which key, in whose session."""

    case_id: int
    by: str | Actor | Any
    at: datetime
    print_: str
    revision: int | None = None
    key: str | None = None
    session: Any = None


class Steps:
    """Takes steps on cases."""

    def __init__(self, world: World, workflows: Workflows) -> None:
        self._world = world
        self._workflows = workflows

    def take(
        self,
        ask: Ask,
        step: Callable[[CaseFile, Actor], object],
        *,
        action: str | None = None,
        capacity: bool = False,
        undoes: bool = False,
        others: tuple[int, ...] = (),
    ) -> Case:
        """Play what is due on the case in a transaction of its own, then take one step in another.

        Someone who does not see the case gets the answer of one that does not exist, and nothing is played.
        `others` are the cases that the step is about too: they are locked with it.
        """
        while True:
            with self._world.writing(ask.session) as unit:
                answered = answer(unit, self._workflows, ask.key, ask.print_)
                if answered is not None:
                    return answered
                file = self.open(unit, ask.case_id, action, capacity=capacity, undoes=undoes, others=others)
                actor = actor_seeing(unit, ask.by, file.case, file.civil_day(ask.at))
                if self.catch_up(file, ask.at) and ask.session is None:
                    continue  # committed by itself, since the step may yet be refused
                _check_revision(file, ask.revision)
                with refusing_as_seen(unit.connection, ask.by, ask.at):
                    step(file, actor)
                save(file)
                remember(unit, ask.key, ask.print_, file.case)
                return file.case

    def open(
        self, unit: Unit, case_id: int, action: str | None = None, *, capacity: bool = False,
        undoes: bool = False, others: tuple[int, ...] = (),
    ) -> CaseFile:  # fmt: skip
        """Load a case under its lock, what the step may reach beyond it locked before. Raises NotFound."""
        seen = rows.read_case(unit.connection, case_id)
        if seen is None:
            raise NotFound("case", case_id)
        rules = self._workflows.rules(unit.connection, seen.workflow, seen.version)
        reach = reach_of(
            self._workflows, unit.connection, rules.workflow, action, corrects=capacity, undoes=undoes
        )
        hold(unit, self._workflows, seen, reach, others)
        file = open_file(unit, self._workflows, case_id, capacity=reach.capacity, seen=seen)
        if file is None:
            raise NotFound("case", case_id)
        return file

    def catch_up(self, file: CaseFile, at: datetime) -> bool:
        """Play what is already due on the case; say whether there was anything."""
        fired = play(file, at)
        if fired:
            save(file)
        return bool(fired)


def _check_revision(file: CaseFile, revision: int | None) -> None:
    case = file.case
    if revision is not None and revision != case.revision:
        raise StaleCase(
            f"case {case.id} is at revision {case.revision}, not {revision}",
            case=case.id, revision=case.revision, seen=revision, state=case.state,
        )  # fmt: skip
