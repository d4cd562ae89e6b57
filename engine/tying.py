"""The verbs on links: link two cases, end a link, see both sides."""

from datetime import date
from typing import Any

from ..domain.arguments import civil_date
from ..domain.case import Actor, Case
from .acts import By, case_number
from .casefile import CaseFile
from .links import Link, links_seen, tie, untie
from .people import seen_by, seen_case
from .registry import Workflows
from .steps import Ask, Steps
from .stored import case_of
from .world import World


class Ties:
    """Links cases. Every verb takes the host's `session` to join its transaction."""

    _world: World
    _workflows: Workflows
    _steps: Steps

    def link(
        self, case_id: int, other: int, role: str, *, by: By, on: date | None = None, session: Any = None
    ) -> Case:
        """Link a case to another under a role of its workflow, from a day on, today unless said; both say it.

        Raises ActionRefused with every reason, NotFound, also for a case that `by` may not see.
        """
        number = case_number(other)
        day = None if on is None else civil_date(on, "on")
        ask = Ask(case_number(case_id), by, self._world.now(), "", session=session)

        def linked(file: CaseFile, actor: Actor) -> None:
            tie(file, number, role, actor, ask.at, day)

        return self._steps.take(ask, linked, others=(number,))

    def unlink(
        self, case_id: int, other: int, role: str, *, by: By, reason: str, session: Any = None
    ) -> Case:
        """End the link of a case with another under a role; both say why. Raises ActionRefused, NotFound."""
        number = case_number(other)
        ask = Ask(case_number(case_id), by, self._world.now(), "", session=session)

        def ended(file: CaseFile, actor: Actor) -> None:
            untie(file, number, role, actor, ask.at, reason)

        return self._steps.take(ask, ended, others=(number,))

    def links(self, case_id: int, *, by: By = None, session: Any = None) -> tuple[Link, ...]:
        """Give the links of a case, its own and those of others to it, oldest first, the ended ones included.

        Cases that `by` may not see are left out. Raises NotFound.
        """
        number = case_number(case_id)
        with self._world.reading(session) as connection:
            seen = seen_by(connection, by, self._world.now())
            row = seen_case(connection, number, seen)
            case = case_of(row, self._workflows.rules(connection, row.workflow, row.version).workflow)
            return tuple(links_seen(connection, self._workflows, case, seen))
