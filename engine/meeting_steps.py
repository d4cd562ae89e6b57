"""What a session does to its agenda: points put on it, or put off. Each is said in both histories."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from ..domain.beyond import MeetingKind
from ..domain.case import Actor, Case, Event
from ..domain.errors import ActionRefused, Reason
from ..domain.facts import is_blank
from ..domain.texts import paragraph
from ..persistence import links as rows
from .casefile import CaseFile, Line, append
from .documents_kept import staff_only
from .link_facts import given_facts, set_facts
from .linking import given
from .meeting_points import ENDED, MADE, open_sessions, unsettled

GATHER, CARRY = "gather", "carry"


@dataclass(slots=True)
class Table:
    """A session in one transaction: its file, those of the cases of the step, who acts, and when."""

    file: CaseFile
    kind: MeetingKind
    others: Mapping[int, CaseFile]
    actor: Actor
    at: datetime

    @property
    def number(self) -> int:
        """Give the number of the session."""
        return self.file.case.id

    @property
    def day(self) -> date | None:
        """Give the day of the session."""
        found: date | None = self.file.case.facts.get(self.kind.date)
        return found

    @property
    def over(self) -> bool:
        """Say whether it was closed or cancelled."""
        return self.file.workflow.states[self.file.case.state].terminal

    @property
    def held(self) -> bool:
        """Say whether it was held: those who attended are known."""
        if self.kind.members is None:
            return self.day is not None and self.day <= self.file.civil_day(self.at)
        return not is_blank(self.file.case.facts.get(self.kind.members))

    def left(self) -> frozenset[int]:
        """Name the cases of the agenda that have neither a decision nor a report."""
        return unsettled(self.file.connection, self.file.workflows, self.number, self.kind)


# -- points put on the agenda


def gather(table: Table, *, itself: bool, asked: bool) -> Case:
    """Put cases on the agenda; those that were not asked for by name and cannot come are left out.

    `itself` says that the session was named as one of them, which is refused.
    """
    reasons = over(table) + staff_only(table.file, table.actor)
    if itself:
        reasons.append(Reason("point_itself", {"meeting": table.number}))
    elsewhere = open_sessions(table.file.connection, table.file.workflows, sorted(table.others))
    against = {number: not_for(table, other, elsewhere) for number, other in table.others.items()}
    if asked:
        reasons += [reason for found in against.values() for reason in found]
    if reasons:
        raise ActionRefused(GATHER, reasons)
    coming = [other for number, other in table.others.items() if not against[number]]
    for other in sorted(coming, key=lambda one: (one.case.state_since, one.case.id)):
        put_on(table, other)
    return table.file.case


def over(table: Table) -> list[Reason]:
    """Refuse what comes after the session was closed or cancelled."""
    if not table.over:
        return []
    state = table.file.workflow.states[table.file.case.state]
    return [Reason("meeting_over", {"meeting": table.number, "label": state.label})]


def not_for(table: Table, other: CaseFile, elsewhere: Mapping[int, int]) -> list[Reason]:
    """Say why a case does not come on this agenda: it waits for nobody there, is on one, or was decided on this one."""
    data: dict[str, Any] = {"case": other.case.id, "meeting": table.number}
    case, link = other.case, table.file.workflow.links[table.kind.agenda]
    state = other.workflow.states[case.state]
    waits = (
        case.workflow in link.workflow and case.establishment == table.file.case.establishment
        and table.kind.body in state.turn and (table.day is None or case.state_since <= table.day)
    )  # fmt: skip
    if not waits:
        body = table.file.workflow.roles[table.kind.body].label
        return [Reason("point_not_waiting", {**data, "label": state.label, "body": body})]
    if case.id in elsewhere:
        return [Reason("point_elsewhere", {**data, "on": elsewhere[case.id]})]
    if rows.read_link(table.file.connection, table.number, case.id, table.kind.agenda) is not None:
        return [Reason("point_settled", data)]  # decided here, it came back since: it waits for another
    return []


def put_on(table: Table, other: CaseFile) -> None:
    """Link a case to the session, and let it know its day."""
    link = table.file.workflow.links[table.kind.agenda]
    today = table.file.civil_day(table.at)
    event = say(table, table.file, {"change": MADE, "case": other.case.id, "side": "to"})
    rows.insert_link(
        table.file.connection,
        {"case_id": table.number, "linked_id": other.case.id, "name": table.kind.agenda, "seq": event.seq,
         "since": today, "ended_on": None},
    )  # fmt: skip
    facts = given_facts(other, given(link, table.file.case.facts))
    tell(table, other, {"change": MADE, "case": table.number, "side": "from"}, facts)


# -- a point


def not_open(table: Table, number: int) -> list[Reason]:
    """Say that a case is not on the agenda, or is settled already."""
    if number == table.number:
        return [Reason("point_itself", {"meeting": number})]
    if number in table.left():
        return []
    data = {"case": number, "meeting": table.number}
    agenda = rows.seen_from(table.file.connection, table.number)
    on_it = any(row.other == number and row.name == table.kind.agenda for row in agenda)
    return [Reason("point_settled", data) if on_it else Reason("point_unknown", data)]


# -- a point put off


def carry(table: Table, number: int, to: int | None, reason: str) -> Case:
    """Put a point off to another session, or to none yet. Raises ActionRefused with every reason."""
    other = table.others.get(number, table.file)
    why = paragraph(reason, "reason").strip()
    reasons = over(table) + staff_only(table.file, table.actor)
    if not table.over:
        reasons += not_open(table, number)
    if not why:
        reasons.append(Reason("reason_missing", {}))
    later = None if to is None else _later(table, table.others.get(to, table.file), other)
    reasons += later if isinstance(later, list) else []
    if reasons:
        raise ActionRefused(CARRY, reasons)
    on = {"to": to} if to is not None else {}
    say(
        table,
        table.file,
        {"change": ENDED, "case": number, "side": "to", "carried": True, **on},
        secret={"reason": why},
    )
    _end(table, number)
    take_off(table, other)
    if isinstance(later, Table):
        put_on(later, other)
    return other.case


def _later(table: Table, session: CaseFile, other: CaseFile) -> "Table | list[Reason]":
    """Give the session to which a point is put off, or say why it cannot be."""
    kind, data = session.workflow.meeting, {"case": session.case.id, "meeting": table.number}
    if kind is None or kind.body != table.kind.body or session is table.file:
        return [Reason("meeting_other", data)]
    later = Table(session, kind, {}, table.actor, table.at)
    reasons = over(later)
    if not reasons:
        reasons = not_for(later, other, {})
    return reasons or later


def _end(table: Table, number: int) -> None:
    row = rows.read_link(table.file.connection, table.number, number, table.kind.agenda)
    if row is not None:
        rows.end_link(table.file.connection, row.id, table.file.civil_day(table.at))


def take_off(table: Table, other: CaseFile) -> None:
    """Let a case know that it is on no agenda."""
    tell(table, other, {"change": ENDED, "case": table.number, "side": "from"}, unset(table, other))


def unset(table: Table, other: CaseFile) -> dict[str, None]:
    """Name what the session gave a case and what no longer holds: it does not come before it any more."""
    link = table.file.workflow.links[table.kind.agenda]
    return {theirs: None for theirs in link.gives if other.case.facts.get(theirs) is not None}


def release(table: Table) -> None:
    """A session that ends without having settled a point lets its case wait for another."""
    for number in sorted(table.left()):
        if number in table.others:
            let_out(table, table.others[number])


def let_out(table: Table, other: CaseFile) -> None:
    """Take a point off the agenda without a decision or a report: both histories say it."""
    say(table, table.file, {"change": ENDED, "case": other.case.id, "side": "to"})
    _end(table, other.case.id)
    take_off(table, other)


# -- lines of history


def say(
    table: Table, file: CaseFile, body: Mapping[str, Any], *, on: date | None = None,
    secret: Mapping[str, Any] | None = None,
) -> Event:  # fmt: skip
    """Write a line of the session's history."""
    day = on or file.civil_day(table.at)
    event = append(
        file, Line("link", table.at, day, table.actor.id, body=_body(table, body), secret=secret or {})
    )
    file.case = replace(file.case, revision=file.case.revision + 1)
    return event


def tell(table: Table, other: CaseFile, body: Mapping[str, Any], facts: Mapping[str, Any]) -> None:
    """Write a line of the history of a case of the agenda, with what it learns from the session."""
    line = Line(
        "link", table.at, other.civil_day(table.at), table.actor.id, facts=facts, body=_body(table, body)
    )
    if facts:
        set_facts(other, line, table.at)
    else:
        append(other, line)
        other.case = replace(other.case, revision=other.case.revision + 1)


def _body(table: Table, body: Mapping[str, Any]) -> dict[str, Any]:
    return {**body, "link": table.kind.agenda, "label": table.file.workflow.links[table.kind.agenda].label}
