"""The points of a session: the cases on its agenda, in order, and what became of each; the cases that wait for one.

What became of a point is read from the lines of the session's history. A decision that was annulled since is as if
it had not been: the point is open again.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from ..domain.beyond import MeetingKind
from ..domain.workflow import Workflow
from ..persistence import meetings as rows
from ..persistence.database import Connection
from .registry import Workflows

MADE, ENDED, DECIDED = "made", "ended", "decided"
"""What a line of a session's history says of a point (`change`); one that was put off is ended, and `carried`."""


@dataclass(frozen=True, slots=True)
class Point:
    """One case on the agenda of a session, and what became of it there.

    `since` is the day on which it was put there; `action` the act by which it was decided, whose line in the case is
    `act`; `outside` says that it was taken apart from the session. A point that was put off says to which session
    (`carried_to`), if to one, and why. `by` and `on` say who did either and with effect on which day; the reasons of
    a decision are in the case.
    """

    rank: int
    case_id: int
    workflow: str
    title: str
    state: str
    state_label: str
    since: date
    action: str | None = None
    action_label: str | None = None
    act: int | None = None
    outside: bool = False
    carried: bool = False
    carried_to: int | None = None
    reason: str | None = None
    by: str | None = None
    on: date | None = None

    @property
    def number(self) -> str:
        """Give the file number that people read."""
        return f"D-{self.case_id:04d}"

    @property
    def settled(self) -> bool:
        """Say whether it has a decision, or was put off."""
        return self.action is not None or self.carried


@dataclass(frozen=True, slots=True)
class Awaiting:
    """A case that waits for a body, since when, and the open session on whose agenda it is (`meeting`), if on one."""

    case_id: int
    workflow: str
    title: str
    state: str
    state_label: str
    body: str
    body_label: str
    since: date
    meeting: int | None = None

    @property
    def number(self) -> str:
        """Give the file number that people read."""
        return f"D-{self.case_id:04d}"


def points_of(
    connection: Connection, workflows: Workflows, sessions: Sequence[int], meeting: MeetingKind
) -> dict[int, list[Point]]:
    """Give the points of each session, in order; a case that came back is where it came last, unless let go of."""
    agendas = rows.agendas(connection, sessions, meeting.agenda)
    lines = _last_lines(connection, sessions, meeting.agenda)
    gone = rows.annulled(connection, sorted({row.linked_id for row in agendas}))
    latest: dict[tuple[int, int], Point] = {}
    flows: dict[int, Workflow] = {}
    for row in agendas:
        session, case = row.case_id, row.linked_id
        line = lines.get((session, case))
        if line is not None and line.seq <= row.seq:
            line = None  # it was put off, then came back
        flows[case] = workflows.rules(connection, row.workflow, row.version).workflow
        point = _point(flows[case], row, line, gone)
        if point.settled or row.ended_on is None:
            latest.pop((session, case), None)
            latest[session, case] = point
    found: dict[int, list[Point]] = {session: [] for session in sessions}
    for (session, _), point in latest.items():
        found[session].append(replace(point, rank=len(found[session]) + 1))
    return {
        session: _settled_outside(connection, flows, session, points, gone, meeting)
        for session, points in found.items()
    }


def _settled_outside(
    connection: Connection, flows: Mapping[int, Workflow], session: int, points: list[Point],
    gone: frozenset[tuple[int, int]], meeting: MeetingKind,
) -> list[Point]:  # fmt: skip
    """Settle the points of cases that an act took from before the body, apart from the session."""
    left = {
        point.case_id: flows[point.case_id] for point in points
        if not point.settled and meeting.body not in flows[point.case_id].states[point.state].turn
    }  # fmt: skip
    moves = _leaving(rows.moves_of(connection, sorted(left)), left, gone, session, meeting)
    return [
        replace(
            point, action=move.action, action_label=left[point.case_id].actions[move.action].label, act=move.seq,
            outside=True, by=move.actor_id, on=move.effective_on,
        ) if (move := moves.get(point.case_id)) is not None else point
        for point in points
    ]  # fmt: skip


def _leaving(
    lines: Sequence[Any], left: Mapping[int, Workflow], gone: frozenset[tuple[int, int]], session: int,
    meeting: MeetingKind,
) -> dict[int, Any]:  # fmt: skip
    """Find the last act by which each case, since it is on the agenda, left a state that waits for the body."""
    found: dict[int, Any] = {}
    for line in lines:
        if line.kind == "link":
            if line.body["case"] == session and line.body["change"] == MADE:
                found.pop(line.case_id, None)
            continue
        states = left[line.case_id].states
        waited = line.source in states and meeting.body in states[line.source].turn
        stays = line.target in states and meeting.body in states[line.target].turn
        if waited and not stays and (line.case_id, line.seq) not in gone:
            found[line.case_id] = line
    return found


def _last_lines(connection: Connection, sessions: Sequence[int], agenda: str) -> dict[tuple[int, int], Any]:
    return {
        (line.case_id, line.body["case"]): line
        for line in rows.lines_of(connection, sessions)
        if line.body["link"] == agenda and (line.body["change"] == DECIDED or line.body.get("carried"))
    }


def _point(workflow: Workflow, row: Any, line: Any, gone: frozenset[tuple[int, int]]) -> Point:
    known = (
        row.linked_id,
        row.workflow,
        workflow.title,
        row.state,
        workflow.states[row.state].label,
        row.since,
    )
    if line is None:
        return Point(0, *known)
    body = line.body
    if body.get("carried"):
        return Point(
            0, *known, carried=True, carried_to=body.get("to"), reason=line.reason, by=line.actor_id,
            on=line.effective_on,
        )  # fmt: skip
    if (row.linked_id, body["act"]) in gone:
        return Point(0, *known)
    action = workflow.actions.get(body["action"])
    return Point(
        0, *known, action=body["action"], action_label=action.label if action else body["action"], act=body["act"],
        by=line.actor_id, on=line.effective_on,
    )  # fmt: skip


def unsettled(
    connection: Connection, workflows: Workflows, session: int, meeting: MeetingKind
) -> frozenset[int]:
    """Name the cases of an agenda that have neither a decision nor a report."""
    found = points_of(connection, workflows, [session], meeting)[session]
    return frozenset(point.case_id for point in found if not point.settled)


# -- those that wait


def waiting_in(
    connection: Connection, workflows: Workflows, establishment: str, bodies: Iterable[str] | None
) -> list[Awaiting]:
    """List the cases of a house whose state waits for a body (for one of `bodies`, if said), the longest first."""
    wanted = None if bodies is None else frozenset(bodies)
    kinds = {
        (row.workflow, row.version, row.state): body
        for row in rows.states_of(connection, establishment)
        for body in _awaited(workflows.rules(connection, row.workflow, row.version).workflow, row.state)
        if wanted is None or body in wanted
    }
    found = rows.cases_in(connection, establishment, kinds)
    sessions = open_sessions(connection, workflows, [row.id for row in found])
    return [
        _waiting(workflows.rules(connection, row.workflow, row.version).workflow, row,
                 kinds[row.workflow, row.version, row.state], sessions)
        for row in found
    ]  # fmt: skip


def _awaited(workflow: Workflow, state: str) -> Iterator[str]:
    """Name the bodies for which a state waits; a session waits for nobody's decision."""
    if workflow.meeting is None:
        yield from (role for role in workflow.states[state].turn if workflow.roles[role].kind == "body")


def _waiting(workflow: Workflow, row: Any, body: str, sessions: Mapping[int, int]) -> Awaiting:
    return Awaiting(
        row.id, row.workflow, workflow.title, row.state, workflow.states[row.state].label, body,
        workflow.roles[body].label, row.state_since, sessions.get(row.id),
    )  # fmt: skip


def open_sessions(connection: Connection, workflows: Workflows, case_ids: Sequence[int]) -> dict[int, int]:
    """Name the open session on whose agenda each case still is, for those that are on one."""
    return dict(open_points(connection, workflows, case_ids))


def open_points(
    connection: Connection, workflows: Workflows, case_ids: Sequence[int]
) -> list[tuple[int, int]]:
    """Give each point of open sessions that these cases still are: case, session; the first made comes first."""
    held = on_agendas(connection, workflows, case_ids)
    kinds = {session: meeting for _, session, meeting in held}
    left = {session: unsettled(connection, workflows, session, meeting) for session, meeting in kinds.items()}
    return [(case, session) for case, session, _ in held if case in left[session]]


def on_agendas(
    connection: Connection, workflows: Workflows, case_ids: Sequence[int]
) -> list[tuple[int, int, MeetingKind]]:
    """Give the open sessions to whose agendas these cases are linked, settled there or not: case, session, kind."""
    found: list[tuple[int, int, MeetingKind]] = []
    for row in rows.open_sessions_of(connection, case_ids):
        meeting = workflows.rules(connection, row.workflow, row.version).workflow.meeting
        if meeting is not None and meeting.agenda == row.name:
            found.append((row.linked_id, row.id, meeting))
    return found
