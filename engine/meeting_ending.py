"""What a session asks of its agenda when it ends: nothing left open, or cases let go to wait for another session."""

from datetime import datetime

from ..domain.case import Actor, Case, Event
from ..domain.linked import Linked
from .casefile import CaseFile, save
from .circle import reached
from .meeting_points import unsettled
from .meeting_steps import Table, release


def still_open(file: CaseFile, name: str, found: tuple[Linked, ...]) -> tuple[Linked, ...]:
    """Keep, of the cases linked to a session as its agenda, those that have neither a decision nor a report."""
    kind = file.workflow.meeting
    if kind is None or kind.agenda != name or not found:
        return found
    left = unsettled(file.connection, file.workflows, file.case.id, kind)
    return tuple(one for one in found if one.case_id in left)


def let_go(file: CaseFile, event: Event, before: Case, at: datetime) -> None:
    """Let the cases of a session that just ended without having settled them wait for another."""
    kind, states = file.workflow.meeting, file.workflow.states
    over = states[file.case.state].terminal and (
        before.state not in states or not states[before.state].terminal
    )
    if kind is None or not over:
        return
    left = unsettled(file.connection, file.workflows, file.case.id, kind)
    others = {number: reached(file, number, at) for number in sorted(left)}
    release(Table(file, kind, others, Actor(event.actor, event.actor), at))
    for other in others.values():
        save(other)
