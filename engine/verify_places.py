"""The rows that say which places a case holds and held, against its history."""

from collections.abc import Sequence
from typing import Any

from ..domain.case import Event
from ..domain.texts import place_key
from ..domain.timeline import timeline
from ..domain.workflow import Workflow
from .place_spans import spans


def same_places(workflow: Workflow, events: Sequence[Event], rows: Sequence[Any]) -> bool:
    """Say whether the rows are what the history tells; of a name that was erased they say more than it does."""
    if workflow.place is None:
        return not rows
    if any(workflow.place.fact in event.erased for event in events):
        return True
    kind = workflow.place.kind
    told = [
        (kind, place_key(span.place), span.status, span.since, span.freed_on)
        for span in spans(workflow, timeline(events))
    ]
    return told == [(row.kind, row.place, row.status, row.since, row.freed_on) for row in rows]
