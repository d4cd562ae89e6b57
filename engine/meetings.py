"""Sessions: what waits for them, what is on their agendas, and what is decided there, one point at a time.

A session is a case of a workflow that has a `meeting`; its agenda is its links, its decisions are acts on the linked
cases. Holding, moving, minutes and closing are acts of its own workflow, performed as for any case.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from ..domain.arguments import checked_limit
from ..domain.beyond import MeetingKind
from ..domain.case import Case
from ..domain.errors import InputError, NotFound
from ..domain.texts import looked_up
from ..domain.workflow import Workflow
from ..persistence import cases as case_rows
from ..persistence import meetings as rows
from ..persistence.database import Connection
from ..persistence.people import list_versions
from .acts import By, case_number
from .answers import answer, fingerprint, remember
from .casefile import CaseFile, open_file, save
from .deputies import actor_on
from .meeting_deciding import decide
from .meeting_points import Awaiting, Point, points_of, waiting_in
from .meeting_steps import Table, carry, gather
from .people import row_of, seen_by, seen_case
from .reach import Reach, hold, reach_of
from .registry import Workflows
from .steps import Steps
from .stored import case_of
from .veiling import refusing_as_seen
from .world import Unit, World


@dataclass(frozen=True, slots=True)
class Meeting:
    """A session in a list: its day, how many points are on its agenda, how many are settled, whether it has minutes."""

    case_id: int
    workflow: str
    title: str
    establishment: str
    state: str
    state_label: str
    on: date | None
    points: int
    decided: int
    carried: int
    minutes: bool
    over: bool

    @property
    def number(self) -> str:
        """Give the file number that people read."""
        return f"D-{self.case_id:04d}"


class Meetings:
    """Gathers the agendas of sessions, and decides their points. Verbs take the host's `session` as others do."""

    def __init__(self, world: World, workflows: Workflows) -> None:
        self._world = world
        self._workflows = workflows
        self._steps = Steps(world, workflows)

    def list(
        self, establishment: str | None = None, *, by: By = None, open_only: bool = False, limit: int | None = None,
        session: Any = None,
    ) -> tuple[Meeting, ...]:  # fmt: skip
        """List the sessions of a house, or of all that `by` may see, the latest first. Raises NotFound."""
        most = checked_limit(limit)
        with self._world.reading(session) as connection:
            if establishment is not None:
                row_of(connection, establishment)
            seen = seen_by(connection, by, self._world.now())
            found = [
                row for row in self._sessions(connection)
                if (establishment is None or row.establishment_id == establishment)
                and (seen is None or row.establishment_id in seen) and not (open_only and row.closed_on is not None)
            ]  # fmt: skip
            return tuple(self._told(connection, found[:most]))

    def waiting(
        self, establishment: str, body: str | None = None, *, by: By = None, session: Any = None
    ) -> tuple[Awaiting, ...]:
        """List the cases of a house that wait for a body, those that have waited longest first.

        Raises NotFound, and InputError for a body that no workflow knows.
        """
        if body is not None:
            looked_up(body, "role")
        with self._world.reading(session) as connection:
            row_of(connection, establishment)
            seen = seen_by(connection, by, self._world.now())
            if seen is not None and establishment not in seen:
                raise NotFound("establishment", establishment)
            if body is not None:
                self._known_body(connection, body)
            bodies = None if body is None else (body,)
            return tuple(waiting_in(connection, self._workflows, establishment, bodies))

    def agenda(self, meeting: int, *, by: By = None, session: Any = None) -> tuple[Point, ...]:
        """Give the points of a session, in order, with what became of each. Raises NotFound, InputError."""
        with self._world.reading(session) as connection:
            seen = seen_by(connection, by, self._world.now())
            row = seen_case(connection, case_number(meeting), seen)
            return self._points(connection, row.id, self._kind(connection, row))

    def gather(
        self, meeting: int, cases: Iterable[int] | None = None, *, by: By, session: Any = None
    ) -> tuple[Point, ...]:
        """Put on the agenda the cases that wait for the body and are on no other, or these; give the agenda.

        Each learns the day of the session where its workflow keeps it. Raises ActionRefused with every reason.
        """
        number = case_number(meeting)
        chosen = None if cases is None else list(dict.fromkeys(case_number(case) for case in cases))

        def among(connection: Connection, row: Any, kind: MeetingKind) -> Sequence[int]:
            if chosen is not None:
                return chosen
            waiting = waiting_in(connection, self._workflows, row.establishment_id, (kind.body,))
            return [one.case_id for one in waiting if one.meeting is None]

        def step(table: Table) -> Case:
            return gather(table, itself=number in (chosen or ()), asked=chosen is not None)

        self._at(number, among, step, by=by, session=session)
        return self.agenda(number, session=session)

    def decide(
        self, meeting: int, case: int, action: str, facts: Mapping[str, Any] | None = None, *, by: By,
        key: str | None = None, session: Any = None,
    ) -> Case:  # fmt: skip
        """Decide a point: take the act on its case, with effect on the day of the session; give the case.

        The act is one that decides, and whoever takes it as one of the body attended. Those who attended are its
        members unless some of them are named. With `key` a retried command gives the first
        answer. Raises ActionRefused with every reason, KeyReused, NotFound.
        """
        if facts is not None and not isinstance(facts, Mapping):
            raise InputError("facts are values by name", argument="facts", problem="type")
        number, decided_case, given = case_number(meeting), case_number(case), dict(facts or {})
        print_ = fingerprint("decide", number, decided_case, action, given, by)
        return self._at(
            number, (decided_case,), lambda table: decide(table, decided_case, action, given), by=by, action=action,
            key=key, print_=print_, session=session,
        )  # fmt: skip

    def carry(
        self, meeting: int, case: int, *, reason: str, by: By, to: int | None = None, session: Any = None
    ) -> tuple[Point, ...]:
        """Put a point off to another session, or to none yet, with a reason; give the agenda it leaves.

        Raises ActionRefused with every reason, NotFound.
        """
        number, put_off = case_number(meeting), case_number(case)
        later = None if to is None else case_number(to)
        reached = (put_off,) if later is None else (put_off, later)
        self._at(number, reached, lambda table: carry(table, put_off, later, reason), by=by, session=session)
        return self.agenda(number, session=session)

    # -- one transaction over a session and the cases of its agenda

    def _at(
        self, number: int, cases: Sequence[int] | Callable[[Connection, Any, MeetingKind], Sequence[int]],
        step: Callable[[Table], Case], *, by: By, action: str | None = None, key: str | None = None, print_: str = "",
        session: Any = None,
    ) -> Case:  # fmt: skip
        """Lock a session and cases in the order of their numbers, play what is due on each, then take one step."""
        at = self._world.now()
        while True:
            with self._world.writing(session) as unit:
                answered = answer(unit, self._workflows, key, print_)
                if answered is not None:
                    return answered
                seen = seen_by(unit.connection, by, at)
                row = seen_case(unit.connection, number, seen)
                kind = self._kind(unit.connection, row)
                chosen = cases(unit.connection, row, kind) if callable(cases) else cases
                for chosen_case in chosen:
                    seen_case(unit.connection, chosen_case, seen)
                files = self._files(unit, row, chosen, action)
                played = [self._steps.catch_up(file, at) for file in files.values()]
                if any(played) and session is None:
                    continue  # committed by itself, since the step may yet be refused
                file = files.pop(number)
                actor = actor_on(unit, by, file.house.id, file.civil_day(at))
                with refusing_as_seen(unit.connection, by, at):
                    after = step(Table(file, kind, files, actor, at))
                for one in (file, *files.values()):
                    save(one)
                remember(unit, key, print_, after)
                return after

    def _files(self, unit: Unit, row: Any, cases: Sequence[int], action: str | None) -> dict[int, CaseFile]:
        """Load the session and the cases under their locks; the house's first where the act looks at its capacity."""
        reach = Reach()
        for number in cases:
            known = case_rows.read_case(unit.connection, number)
            if known is None:
                raise NotFound("case", number)
            if action is not None:
                workflow = self._workflow(unit.connection, known)
                reach = reach.with_(reach_of(self._workflows, unit.connection, workflow, action))
                hold(unit, self._workflows, known, reach, (row.id,))
        if action is None:
            hold(unit, self._workflows, row, reach, tuple(cases))
        files: dict[int, CaseFile] = {}
        for number in sorted({row.id, *cases}):
            file = open_file(unit, self._workflows, number)
            if file is None:
                raise NotFound("case", number)
            files[number] = file
        circle = dict(files)
        for file in files.values():
            file.circle = circle  # what a step on one reaches of the others is what is here
        return files

    # -- reading

    def _workflow(self, connection: Connection, row: Any) -> Workflow:
        found: Workflow = self._workflows.rules(connection, row.workflow, row.version).workflow
        return found

    def _known_body(self, connection: Connection, body: str) -> None:
        """Refuse a body that no registered workflow has, which nothing could wait for."""
        known = {
            name for row in list_versions(connection)
            for name, role in self._workflow(connection, row).roles.items() if role.kind == "body"
        }  # fmt: skip
        if body not in known:
            raise InputError(
                f"no workflow has the body {body}", argument="body", problem="unknown", value=body, known=sorted(known)
            )  # fmt: skip

    def _kind(self, connection: Connection, row: Any) -> MeetingKind:
        kind = self._workflow(connection, row).meeting
        if kind is None:
            raise InputError(
                f"case {row.id} is no session",
                argument="meeting",
                problem="no_meeting",
                value=f"D-{row.id:04d}",
            )
        return kind

    def _points(self, connection: Connection, number: int, kind: MeetingKind) -> tuple[Point, ...]:
        return tuple(points_of(connection, self._workflows, [number], kind)[number])

    def _sessions(self, connection: Connection) -> Sequence[Any]:
        known = [
            (row.workflow, row.version) for row in rows.versions(connection)
            if self._workflow(connection, row).meeting is not None
        ]  # fmt: skip
        return rows.cases_of(connection, known)

    def _told(self, connection: Connection, found: Sequence[Any]) -> Iterable[Meeting]:
        for row in found:
            workflow, kind = self._workflow(connection, row), self._kind(connection, row)
            points = self._points(connection, row.id, kind)
            facts = case_of(row, workflow).facts
            state = workflow.states[row.state]
            minutes = any(
                facts.get(name) is not None for name, fact in workflow.facts.items() if fact.type == "file"
            )
            yield Meeting(
                row.id, row.workflow, workflow.title, row.establishment_id, row.state, state.label,
                facts.get(kind.date), len(points), sum(point.action is not None for point in points),
                sum(point.carried for point in points), minutes, state.terminal,
            )  # fmt: skip
