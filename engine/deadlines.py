"""What is pending, for whom, by when; what is to come; and why a date is what it is."""

from datetime import date
from typing import Any

from ..domain.case import Case
from ..domain.errors import NotFound
from ..domain.texts import is_row_id, looked_up
from ..persistence import cases as case_rows
from ..persistence import dates, people
from ..persistence.database import Connection
from ..persistence.worklists import Within
from .absences import Absences, absences_at, identifier
from .acts import By, case_number
from .agenda import Agenda, Wanted, agenda_of
from .casefile import open_file
from .explaining import RungView, Why, why, why_dated
from .forecast import Forecast, Progress, forecast
from .pending import Pending, Worklist, awaited_order
from .people import seen_by
from .postponing import Postponing
from .registry import Workflows
from .world import Unit, World

__all__ = ["Deadlines", "RungView", "Why"]


class Deadlines:
    """Lists what is pending and explains dates."""

    def __init__(self, world: World, workflows: Workflows) -> None:
        self._world = world
        self._workflows = workflows

    def pending(
        self, *, by: By = None, establishment: str | None = None, role: str | None = None, until: date | None = None,
        case: int | None = None, referent: str | None = None, session: Any = None,
    ) -> tuple[Pending, ...]:  # fmt: skip
        """List what is awaited, the most overdue first; someone sees only their establishments.

        Late, today, within seven days, later: the bucket of each line. `role` keeps what that role must do, `referent`
        the cases that someone follows and those of the people they stand in for today. Raises NotFound.
        """
        at = self._world.now()
        if establishment is not None:
            looked_up(establishment, "establishment")
        with self._world.reading(session) as connection:
            absences = absences_at(connection, at)
            seen = seen_by(connection, by, at, absences)
            houses = [establishment] if establishment is not None else seen
            if establishment is not None and seen is not None and establishment not in seen:
                raise NotFound("establishment", establishment)
            followed = None if referent is None else self._person(connection, referent)
            within = Within(
                houses, None if case is None else case_number(case), self._followed(absences, followed)
            )
            found = Worklist(connection, self._workflows, within, at, absences, followed).items(until)
        if role is not None:
            found = [item for item in found if role in item.who]
        if until is not None:
            found = [item for item in found if item.day <= until]
        return tuple(sorted(found, key=awaited_order))

    @staticmethod
    def _person(connection: Connection, person: Any) -> str:
        """Give the identifier of someone. Raises NotFound."""
        name = identifier(person)
        if people.read_actor(connection, name) is None:
            raise NotFound("actor", name)
        return name

    @staticmethod
    def _followed(absences: Absences, person: str | None) -> list[str] | None:
        """Name those whose cases may be wanted: someone, and everyone who is or will soon be away."""
        if person is None:
            return None
        return [person, *absences.people] if absences.names(person) else [person]

    def forecast(
        self, until: date, *, case: int | None = None, establishment: str | None = None, role: str | None = None,
        by: By = None, progress: Progress | None = None, session: Any = None,
    ) -> Forecast:  # fmt: skip
        """List what is to come up to a day: what is armed, and what would follow, with what it supposes.

        Nothing is written. `role` keeps what that role must do or is told; `progress` is called with the cases read
        and their number. Raises InputError for a horizon that is past or beyond ten years, NotFound.
        """
        return forecast(
            self._world, self._workflows, until, case=case, establishment=establishment, role=role, by=by,
            session=session, progress=progress,
        )  # fmt: skip

    def explain(
        self, case: int, deadline: str | None = None, *, ordinal: int | None = None, by: By = None,
        session: Any = None,
    ) -> Why:  # fmt: skip
        """Say why a date of a case is what it is: the open one, or the last. Raises NotFound.

        Without a deadline, the first argument is the number of the occurrence itself.
        """
        at = self._world.now()
        with self._world.reading(session) as connection:
            number = self._of_occurrence(connection, case) if deadline is None else case_number(case)
            seen = seen_by(connection, by, at)
            row = case_rows.read_case(connection, number)
            if row is None or (seen is not None and row.establishment_id not in seen):
                raise NotFound("case" if deadline is not None else "occurrence", case)
            file = open_file(Unit(connection), self._workflows, number, lock=False)
            if file is None:
                raise NotFound("case", case)
            if deadline is not None:
                return why(file, deadline, ordinal, at)
            return why_dated(file, next(dated for dated in file.dated if dated.id == case), at)

    def postpone(
        self, occurrence: int | None = None, *, to: date, reason: str, by: By, case: Any = None,
        deadline: str | None = None, ordinal: int | None = None, revision: int | None = None, key: str | None = None,
        session: Any = None,
    ) -> Case:  # fmt: skip
        """Postpone an open date to a later day, by the number of the occurrence or by its case and deadline.

        Raises ActionRefused with every reason, NotFound, InputError, StaleCase, KeyReused.
        """
        return Postponing(self._world, self._workflows).postpone(
            occurrence, to, reason=reason, by=by, case=case, deadline=deadline, ordinal=ordinal, revision=revision,
            key=key, session=session,
        )  # fmt: skip

    @staticmethod
    def _of_occurrence(connection: Connection, occurrence: Any) -> int:
        """Give the case of an occurrence. Raises NotFound."""
        if not is_row_id(occurrence):
            raise NotFound("occurrence", str(occurrence)[:80])
        found = dates.read_some_occurrences(connection, [occurrence])
        if not found:
            raise NotFound("occurrence", occurrence)
        return int(found[0].case_id)

    def agenda(
        self, *, establishment: str | None = None, person: str | None = None, case: int | None = None,
        deadline: str | None = None, ordinal: int | None = None, by: By = None, session: Any = None,
    ) -> Agenda:  # fmt: skip
        """Write the dates of an establishment, a person or a case as a calendar file. Raises NotFound, InputError."""
        wanted = Wanted(case, deadline, ordinal, person, establishment)
        return agenda_of(self._world, self._workflows, wanted, by=by, session=session)
