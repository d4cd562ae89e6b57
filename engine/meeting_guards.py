"""What the rules of a session refuse of the steps taken on it, or on its cases, by other verbs than its own."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from ..domain.beyond import MeetingKind
from ..domain.case import Actor, Event
from ..domain.errors import Reason
from ..domain.facts import is_blank, read_fact
from ..domain.timeline import Entry, facts_of
from ..persistence import absences as absence_rows
from ..persistence import cases as case_rows
from ..persistence import people
from .absences import absences_of
from .casefile import CaseFile
from .meeting_attendance import corrected_attendance
from .meeting_points import DECIDED, ENDED, open_points, open_sessions, points_of, unsettled
from .meeting_steps import Table, not_for, over

# -- an act annulled


def against_annulling(file: CaseFile, entry: Entry, undone: tuple[Entry, ...]) -> list[Reason]:
    """Say why an act of a session, or a decision taken in one, is not annulled: what followed stands on it."""
    return [*_of_session(file, entry, undone), *_of_decision(file, entry)]


def _of_session(file: CaseFile, entry: Entry, undone: tuple[Entry, ...]) -> Iterator[Reason]:
    kind = file.workflow.meeting
    if kind is None:
        return
    data: dict[str, Any] = {
        "act": entry.seq, "action": entry.action, "label": file.workflow.actions[entry.action].label,
    }  # fmt: skip
    released = [
        event.body["case"] for event in file.events
        if event.kind == "link" and event.seq > entry.seq and event.body["link"] == kind.agenda
        and event.body["change"] == ENDED and not event.body.get("carried")
    ]  # fmt: skip
    if released and file.workflow.states[file.case.state].terminal:
        yield Reason("annul_released", {**data, "cases": released})
    if entry.target in file.workflow.states and file.workflow.states[entry.target].terminal:
        yield from _elsewhere(file, kind)
    made = _decisions(file, kind)
    if made and kind.members in entry.facts and is_blank(facts_of(undone).get(kind.members or "")):
        last = max(made, key=lambda line: line.seq)
        yield Reason(
            "annul_followed",
            {**data, "later": last.seq, "later_action": last.body["action"], "later_actor": last.actor,
             "later_label": last.body["act_label"], "later_on": last.effective_on.isoformat()},
        )  # fmt: skip


def _elsewhere(file: CaseFile, kind: MeetingKind) -> Iterator[Reason]:
    """Refuse to open again a session of which a point, that came back since, is on the agenda of another."""
    left = unsettled(file.connection, file.workflows, file.case.id, kind)
    for case, on in open_points(file.connection, file.workflows, sorted(left)):
        yield Reason("point_elsewhere", {"case": case, "meeting": file.case.id, "on": on})


def _decisions(file: CaseFile, kind: MeetingKind) -> list[Event]:
    """Give the lines of the decisions of a session that still stand."""
    found = points_of(file.connection, file.workflows, [file.case.id], kind)[file.case.id]
    standing = {(point.case_id, point.act) for point in found if point.act is not None and not point.outside}
    return [
        event for event in file.events
        if event.kind == "link" and event.body["change"] == DECIDED
        and (event.body["case"], event.body["act"]) in standing
    ]  # fmt: skip


def _of_decision(file: CaseFile, entry: Entry) -> Iterator[Reason]:
    row = decided_in(file, entry.seq)
    if row is not None and file.known_workflow(row.workflow, row.version).states[row.state].terminal:
        label = file.workflow.actions[entry.action].label
        data = {"act": entry.seq, "action": entry.action, "label": label, "meeting": row.id}
        yield Reason("annul_meeting_over", data)


def decided_in(file: CaseFile, act: int) -> Any | None:
    """Read the session in which an act of a case decided a point."""
    for event in file.events:
        if event.kind == "link" and event.body["change"] == DECIDED and event.body["act"] == act:
            return case_rows.read_case(file.connection, event.body["case"])
    return None


# -- a session corrected


def against_correcting(file: CaseFile, values: Mapping[str, Any], at: datetime) -> list[Reason]:
    """Refuse of a session that was held a day or an attendance that its decisions, or its holding, contradict."""
    kind = file.workflow.meeting
    if kind is None or not Table(file, kind, {}, Actor("", ""), at).held:
        return []
    against = _day_corrected(file, kind, values, at) if kind.date in values else []
    return against + corrected_attendance(file, kind, _decisions(file, kind), values, at)


def _day_corrected(
    file: CaseFile, kind: MeetingKind, values: Mapping[str, Any], at: datetime
) -> list[Reason]:
    was, on, today = file.case.facts.get(kind.date), values[kind.date], file.civil_day(at)
    data: dict[str, Any] = {"meeting": file.case.id, "on": None if on is None else on.isoformat()}
    if on is None or on > today:
        return [Reason("meeting_day_future", data)]
    cases = [
        line.body["case"] for line in _decisions(file, kind)
        if line.effective_on == was or line.effective_on < on
    ]  # fmt: skip
    return [Reason("meeting_day_decided", {**data, "cases": cases})] if cases else []


# -- the agenda linked by hand


def against_tying(holder: CaseFile, linked: CaseFile, name: str, at: datetime) -> list[Reason]:
    """Say why a case does not come on an agenda by hand either."""
    kind = holder.workflow.meeting
    if kind is None or kind.agenda != name:
        return []
    table = Table(holder, kind, {linked.case.id: linked}, Actor("", ""), at)
    return over(table) or not_for(
        table, linked, open_sessions(holder.connection, holder.workflows, [linked.case.id])
    )


def against_untying(holder: CaseFile, linked: CaseFile, name: str) -> list[Reason]:
    """Refuse to take a point off an agenda without a report."""
    kind = holder.workflow.meeting
    if kind is None or kind.agenda != name:
        return []
    return [Reason("point_carry", {"meeting": holder.case.id, "case": linked.case.id})]


# -- who attends


def against_attending(file: CaseFile, facts: Mapping[str, Any], on: date) -> list[Reason]:
    """Refuse, among those who attend, accounts that cannot: inactive, of another house, or away that day."""
    kind = file.workflow.meeting
    if kind is None or kind.members is None or is_blank(facts.get(kind.members)):
        return []
    try:
        named = read_fact(file.workflow, kind.members, facts[kind.members])
    except ValueError:
        return []  # the form says it
    found: dict[str, list[str]] = {}
    for person in dict.fromkeys(named):
        why = _kept_away(file, person, on)
        if why is not None:
            found.setdefault(why, []).append(person)
    return [Reason("member_cannot", {"why": why, "people": who}) for why, who in found.items()]


def _kept_away(file: CaseFile, person: str, on: date) -> str | None:
    rows = people.read_roles(file.connection, person, file.house.id)
    if not rows:
        return None  # someone without an account, written by their name
    if not rows[0].active:
        return "inactive"
    known = absences_of(file.unit, on)
    if known.away(person, on) is not None:
        return "away"
    stood = known.replaced_by(person, on)
    lent = absence_rows.roles_of(file.connection, stood, file.house.id) if stood else ()
    return None if lent or any(row.role is not None for row in rows) else "elsewhere"
