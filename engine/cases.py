"""The verbs on cases that look: get, options, history, dates, documents, find."""

from dataclasses import replace
from typing import Any

from ..domain.arguments import checked_limit
from ..domain.case import Case, Document, Event, Occurrence
from ..domain.errors import NotFound, Reason
from ..domain.texts import looked_up
from ..persistence import cases as rows
from ..persistence import dates as date_rows
from ..persistence.database import Connection
from .acting import Command, context_of
from .acts import Acts, By, case_number
from .beyond import seen_beyond
from .casefile import open_file
from .deputies import actor_seeing
from .options import Option, options_of
from .people import seen_by, seen_case
from .stored import case_of, dated_of, events_of
from .tying import Ties
from .veiling import reasons_seen, veiled
from .world import Unit


class Cases(Acts, Ties):
    """Opens cases, moves them and looks at them. Every verb takes the host's `session` to join its transaction."""

    def get(self, case_id: int, *, by: By = None, session: Any = None) -> Case:
        """Give a case. Raises NotFound, also where `by` holds no role in its establishment."""
        with self._world.reading(session) as connection:
            return self._case(connection, case_number(case_id), by)

    def options(self, case_id: int, *, by: By, session: Any = None) -> tuple[Option, ...]:
        """Say of every action whether it is allowed to someone now, or every reason why not, with its form.

        Never has an effect. Raises NotFound, also where `by` holds no role in its establishment.
        """
        at = self._world.now()
        with self._world.reading(session) as connection:
            file = open_file(Unit(connection), self._workflows, case_number(case_id), lock=False)
            if file is None:
                raise NotFound("case", case_id)
            day = file.civil_day(at)
            actor = actor_seeing(file.unit, by, file.case, day)

            def beyond(name: str) -> tuple[list[Reason], list[Reason]]:
                return seen_beyond(file, Command(name, {}, actor, day, at, at))

            found = options_of(file, actor, day, lambda name: context_of(file, actor, at, day, name), beyond)
            return tuple(
                replace(one, reasons=tuple(reasons_seen(connection, one.reasons, by, at))) for one in found
            )

    def history(self, case_id: int, *, by: By = None, session: Any = None) -> tuple[Event, ...]:
        """Give every line of a case's history, oldest first. Raises NotFound.

        Of a case of another house, which `by` may not see, it gives neither number nor label.
        """
        with self._world.reading(session) as connection:
            case = self._case(connection, case_number(case_id), by)
            workflow = self._workflows.rules(connection, case.workflow, case.version).workflow
            events = events_of(connection, case.id, workflow)
            return veiled(connection, events, seen_by(connection, by, self._world.now()))

    def dates(self, case_id: int, *, by: By = None, session: Any = None) -> tuple[Occurrence, ...]:
        """Give every occurrence of every deadline of a case. Raises NotFound."""
        with self._world.reading(session) as connection:
            case = self._case(connection, case_number(case_id), by)
            return tuple(dated_of(row).item for row in date_rows.read_occurrences(connection, case.id))

    def documents(self, case_id: int, *, by: By = None, session: Any = None) -> tuple[Document, ...]:
        """Give the documents of a case. Raises NotFound."""
        with self._world.reading(session) as connection:
            case = self._case(connection, case_number(case_id), by)
            found = rows.read_documents(connection, case.id)
        return tuple(
            Document(row.type, row.received_on, row.valid_until, row.signed_on, row.not_applicable)
            for row in found
        )

    def find(
        self, *, by: By = None, establishment: str | None = None, workflow: str | None = None,
        state: str | None = None, referent: str | None = None, text: str | None = None, open_only: bool = False,
        limit: int | None = None, session: Any = None,
    ) -> tuple[Case, ...]:  # fmt: skip
        """Find cases, newest first; someone sees only those of the establishments where they hold a role."""
        limit = checked_limit(limit)
        _check_filters(establishment=establishment, workflow=workflow, state=state, actor=referent)
        filters = {
            "establishment_id": establishment, "workflow": workflow, "state": state, "referent_id": referent,
            "open": open_only, "limit": limit if text is None else None,
        }  # fmt: skip
        with self._world.reading(session) as connection:
            found = rows.find_cases(connection, filters, seen_by(connection, by, self._world.now()))
            cases = [
                case_of(row, self._workflows.rules(connection, row.workflow, row.version).workflow)
                for row in found
                if text is None or text.casefold() in str(row.facts).casefold() or text == f"D-{row.id:04d}"
            ]
        return tuple(cases[:limit])

    def _case(self, connection: Connection, case_id: int, by: By) -> Case:
        row = seen_case(connection, case_id, seen_by(connection, by, self._world.now()))
        return case_of(row, self._workflows.rules(connection, row.workflow, row.version).workflow)


def _check_filters(**filters: Any) -> None:
    """Raise NotFound, before any database, for a filter that no identifier can be."""
    for kind, value in filters.items():
        if value is not None:
            looked_up(value, kind)
