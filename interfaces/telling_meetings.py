"""A session told as it is held: its agenda, what became of each point, what a decision has just done."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from .. import Case, Event
from ..domain.explain_dates import long_date
from .data import Data, day
from .french import listed, plural, quoted, short_date
from .telling import Teller
from .telling_links import around_lines
from .words import warning_words

HEADS = (
    "séance",
    "établissement",
    "date",
    "état",
    "points",
    "décidés",
    "reportés",
    "compte rendu",
    "programme",
)

WAITING_HEADS = ("dossier", "depuis le", "attend", "séance", "état", "programme")


def agenda_lines(told: Teller, session: Case, points: Sequence[Any]) -> Iterator[str]:
    """Tell a session and its agenda, in order."""
    yield f"Séance {session.number} : {heading(told, session)}"
    yield f"  {tally(points)}"
    attended = told.workflow.meeting.members if told.workflow.meeting else None
    if attended is not None and session.facts.get(attended):
        yield f"  {told.fact(attended)} : {told.value(attended, session.facts[attended])}"
    if points:
        yield ""
    width = len(str(len(points)))
    for point in points:
        yield f"  {point.rank:>{width}}. {point.number}  {outcome(told.names, point)}"


def heading(told: Teller, session: Case) -> str:
    """Say what a session is, when it is, and where it stands."""
    on = session.facts.get(told.workflow.meeting.date) if told.workflow.meeting else None
    when = f", le {long_date(on)}" if on is not None else ""
    return f"{told.workflow.title}{when} ({told.workflow.states[session.state].label})"


def tally(points: Sequence[Any]) -> str:
    """Count the points of an agenda, and what became of them."""
    if not points:
        return "Aucun dossier à l’ordre du jour."
    decided = sum(point.action is not None for point in points)
    carried = sum(point.carried for point in points)
    left = len(points) - decided - carried
    parts = [plural(decided, "décidé", "décidés")] if decided else []
    parts += [plural(carried, "reporté", "reportés")] if carried else []
    parts += [f"{left} à examiner"] if left else []
    return f"{plural(len(points), 'dossier', 'dossiers')} à l’ordre du jour : {listed(parts)}."


def outcome(names: Mapping[str, str], point: Any) -> str:
    """Say what became of a point, by whom and when; a decision keeps its reasons in the case."""
    who = names.get(point.by or "", point.by or "?")
    if point.action is not None:
        apart = "hors séance, " if point.outside else ""
        return f"{point.action_label} ({apart}{who}, le {short_date(point.on)})"
    if point.carried:
        to = f"à la séance D-{point.carried_to:04d}" if point.carried_to else "à une prochaine séance"
        return f"reporté {to} ({who}, le {short_date(point.on)}) : {point.reason or 'motif effacé'}"
    return f"à examiner ({point.state_label}, {point.title})"


def decision_lines(
    told: Teller, case: Case, points: Sequence[Any], event: Event, notices: Sequence[Any]
) -> Iterator[str]:
    """Tell the decision that was just taken: where the case goes, its warnings, what leaves, how many are left."""
    point = next(one for one in points if one.case_id == case.id)
    label = told.workflow.states[case.state].label
    yield f"{case.number} : {quoted(point.action_label)} → {label}, avec effet le {long_date(point.on)}"
    yield from (f"  Attention : {warning_words(text)}" for text in event.body.get("warnings", ()))
    yield from (f"  {line}" for line in around_lines(told, event.body))
    for template in dict.fromkeys(notice.template for notice in notices):
        roles = [told.role(notice.role) for notice in notices if notice.template == template]
        yield f"  Message {quoted(template)} à : {listed(dict.fromkeys(roles))}"
    left = sum(not one.settled for one in points)
    rest = f"il en reste {left} à examiner" if left else "tout est examiné"
    yield f"  Point {point.rank} sur {len(points)} ; {rest}."


def meeting_row(meeting: Any) -> tuple[str, ...]:
    """Write a session as a row of a table."""
    return (
        meeting.number, meeting.establishment, short_date(meeting.on) if meeting.on else "", meeting.state_label,
        str(meeting.points), str(meeting.decided), str(meeting.carried), "oui" if meeting.minutes else "non",
        meeting.title,
    )  # fmt: skip


def waiting_row(waiting: Any) -> tuple[str, ...]:
    """Write a case that waits as a row of a table."""
    session = f"D-{waiting.meeting:04d}" if waiting.meeting is not None else ""
    return (
        waiting.number, short_date(waiting.since), waiting.body_label, session, waiting.state_label, waiting.title,
    )  # fmt: skip


# -- for programs


def meeting_data(meeting: Any) -> Data:
    """Describe a session in a list."""
    return {
        "case": meeting.case_id, "number": meeting.number, "workflow": meeting.workflow, "title": meeting.title,
        "establishment": meeting.establishment, "state": meeting.state, "state_label": meeting.state_label,
        "on": day(meeting.on), "points": meeting.points, "decided": meeting.decided, "carried": meeting.carried,
        "minutes": meeting.minutes, "over": meeting.over,
    }  # fmt: skip


def point_data(point: Any) -> Data:
    """Describe a point of an agenda."""
    return {
        "rank": point.rank, "case": point.case_id, "number": point.number, "workflow": point.workflow,
        "title": point.title, "state": point.state, "state_label": point.state_label, "since": day(point.since),
        "settled": point.settled, "action": point.action, "action_label": point.action_label, "act": point.act,
        "outside": point.outside, "carried": point.carried, "carried_to": point.carried_to, "reason": point.reason,
        "by": point.by, "on": day(point.on),
    }  # fmt: skip


def waiting_data(waiting: Any) -> Data:
    """Describe a case that waits for a body."""
    return {
        "case": waiting.case_id, "number": waiting.number, "workflow": waiting.workflow, "title": waiting.title,
        "state": waiting.state, "state_label": waiting.state_label, "body": waiting.body,
        "body_label": waiting.body_label, "since": day(waiting.since), "meeting": waiting.meeting,
    }  # fmt: skip
