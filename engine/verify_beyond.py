"""The links and the people of a case against its history: what their rows must be, since each step writes both."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from ..domain.case import Event
from ..domain.timeline import timeline
from ..domain.workflow import Workflow
from ..persistence import links as link_rows
from ..persistence import persons as person_rows
from ..persistence.database import Connection
from .links import FROM, TO, made_by
from .persons import COLUMNS, people_of
from .recognising import people_facts

Tie = tuple[str, int, int, date, date | None]


def faults_beyond(
    connection: Connection, case_id: int, workflow: Workflow, events: Sequence[Event], key: str
) -> Iterator[str]:
    """Name what the rows around a case do not say as its history does."""
    if not (_same_links(connection, case_id, events) and _same_reverse(connection, case_id, events)):
        yield "links"
    if not _same_people(connection, case_id, workflow, events, key):
        yield "people"


def _same_links(connection: Connection, case_id: int, events: Sequence[Event]) -> bool:
    rows = link_rows.seen_from(connection, case_id)
    kept = Counter((row.name, row.linked_id, row.seq, row.since, row.ended_on) for row in rows)
    return kept == Counter(_told(events))


def _told(events: Sequence[Event]) -> Iterator[Tie]:
    """Fold the lines that make and end links into the links that they leave."""
    ties: list[Tie] = []
    for event in events:
        ties += [(name, other, event.seq, event.effective_on, None) for name, other in made_by(event)]
        if event.kind == "annulment":
            ties = [_ended(one, event) if one[2] == event.body["act"] else one for one in ties]
        elif _is(event, "ended", TO):
            named = (event.body["link"], event.body["case"])
            ties = [_ended(one, event) if one[:2] == named else one for one in ties]
    return iter(ties)


def _ended(tie: Tie, event: Event) -> Tie:
    return tie if tie[4] is not None else (*tie[:4], event.effective_on)


def _is(event: Event, change: str, side: str) -> bool:
    return event.kind == "link" and (event.body["change"], event.body["side"]) == (change, side)


def _same_reverse(connection: Connection, case_id: int, events: Sequence[Event]) -> bool:
    """Whoever is linked to this case is named by its opening, or by a line of its own."""
    kept = Counter((row.name, row.case_id) for row in link_rows.seen_to(connection, case_id))
    told = Counter((event.body["link"], event.body["case"]) for event in events if _is(event, "made", FROM))
    opened_from = events[0].body.get("from") if events else None
    if opened_from is not None:
        told[opened_from["link"], opened_from["case"]] += 1
    return kept == told


def _same_people(
    connection: Connection, case_id: int, workflow: Workflow, events: Sequence[Event], key: str
) -> bool:
    """An adult may turn out to have two homes: one of them counts."""
    if any(event.erased for event in events) or not people_facts(workflow):
        return True
    wanted = people_of(key, workflow, timeline(events))
    rows = {row.person: row for row in person_rows.read_persons(connection, case_id)}
    if rows.keys() != wanted.keys():
        return False
    if not all(_same(rows[digest], one) for digest, one in wanted.items()):
        return False
    twice = [one for digest, one in wanted.items() if one.housed and one.adult and not rows[digest].counted]
    taken: set[str] = set()
    for kind in {one.housed for one in twice}:
        taken |= person_rows.counted_elsewhere(connection, rows, kind or "", case_id).keys()
    return {one.person for one in twice} <= taken


def _same(row: Any, one: Any) -> bool:
    """A row says what the history does, and only an adult who is housed counts."""
    counts = bool(one.housed) and one.adult
    return (counts or not row.counted) and all(getattr(row, name) == getattr(one, name) for name in COLUMNS)
