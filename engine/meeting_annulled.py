"""What an annulment does on agendas: a point that is open again there, one that is let go of, never two at once."""

from datetime import datetime

from ..domain.case import Actor, Event
from .casefile import CaseFile, Line, save
from .circle import reached
from .link_facts import given_facts, set_facts
from .linking import given
from .meeting_guards import decided_in
from .meeting_points import on_agendas, open_points
from .meeting_steps import Table, let_out
from .stored import typed


def on_agendas_again(file: CaseFile, act: int, event: Event, at: datetime) -> None:
    """Put the points of a case right once an act of it is annulled: let go of some, and be told of the day of one."""
    _let_go(file, act, event, at)
    _come_again(file, act, event, at)


def _let_go(file: CaseFile, act: int, event: Event, at: datetime) -> None:
    """Leave the agendas of bodies for which the case waits no more, and all but one of the others.

    That one is of the session in which the act had decided, whose point is open again; else the first.
    """
    kinds = {
        session: kind for _, session, kind in on_agendas(file.connection, file.workflows, [file.case.id])
    }
    if not kinds:
        return
    save(file)  # what became of its points is read from where it stands now
    turn = file.workflow.states[file.case.state].turn
    left = [session for _, session in open_points(file.connection, file.workflows, [file.case.id])]
    waits = [session for session in left if kinds[session].body in turn]
    row = decided_in(file, act)
    kept = row.id if row is not None and row.id in waits else next(iter(waits), None)
    for number in left:
        if number != kept:
            session = reached(file, number, at)
            let_out(Table(session, kinds[number], {}, Actor(event.actor, event.actor), at), file)
            save(session)


def _come_again(file: CaseFile, act: int, event: Event, at: datetime) -> None:
    """Tell a case whose decision was annulled the day of the session before which it comes again."""
    row = decided_in(file, act)
    workflow = file.known_workflow(row.workflow, row.version) if row is not None else None
    if row is None or workflow is None or workflow.meeting is None:
        return
    name = workflow.meeting.agenda
    facts = given_facts(file, given(workflow.links[name], typed(workflow, row.facts)))
    if not facts:
        return
    label = workflow.links[name].label
    body = {"change": "followed", "link": name, "label": label, "case": row.id, "side": "from"}
    set_facts(file, Line("link", at, event.effective_on, event.actor, facts=facts, body=body), at)
