"""Messages about an appointment that have not left: dropped with the case that ends, or for a more recent one.

What a notice is `about` is the date that it announces. One that leaves afterwards tells that date as it stands then;
on paper it is written out once, and so again when what it told is put right.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from ..domain.case import Event
from ..domain.workflow import Workflow
from ..persistence import outbox
from .casefile import CaseFile

CASE_ENDED = "case_ended"
REPLACED = "date_replaced"
NO_PURPOSE = "no_purpose"  # someone said so
BY = "dropped_by"
"""What a dropped message keeps: the line of the act, which may be annulled."""

BLANK: Mapping[str, Any] = {"subject": None, "body": None, "html": None}
"""A message to be written out again."""

NOT_LEFT = ("waiting", "paper", "failed", "refused")


def drop_outdated(file: CaseFile, event: Event) -> None:
    """Drop what an act makes untrue; its own messages are written already."""
    dates = _dates(file.workflow)
    ends = event.target is not None and file.workflow.states[event.target].terminal
    told = {dates[name] for name in event.body.get("notices", ()) if name in dates}
    given = set(dates.values()) & event.facts.keys()
    if not dates or not (ends or told or given):
        return
    rows = list(_rows(file, NOT_LEFT, dates))
    again = {(dates[row.template], row.recipient) for row in rows if row.seq == event.seq}
    for row in rows:
        about = dates[row.template]
        if row.seq == event.seq:
            continue
        if ends:
            _drop(file, row, CASE_ENDED, event.seq)
        elif (about, row.recipient) in again:
            _drop(file, row, REPLACED, event.seq)
        elif about in given:
            _write_again(file, row)


def put_right(file: CaseFile) -> None:
    """Let papers about an appointment be written out again: what they told may have been corrected."""
    dates = _dates(file.workflow)
    if dates:
        for row in _rows(file, ("paper",), dates):
            _write_again(file, row)


def resume(file: CaseFile, act: int) -> None:
    """Let what an act had dropped leave after all: the act is annulled."""
    dates = _dates(file.workflow)
    if not dates:
        return
    for row in _rows(file, ("dropped",), dates):
        if row.error in (CASE_ENDED, REPLACED) and row.context.get(BY) == act:
            paper = row.role in file.workflow.notices[row.template].paper
            context = {name: value for name, value in row.context.items() if name != BY}
            values = {"status": "paper" if paper else "waiting", "error": None, "context": context, **BLANK}
            outbox.update_notice(file.connection, row.id, values)
    put_right(file)


def _dates(workflow: Workflow) -> dict[str, str]:
    return {name: kind.about for name, kind in workflow.notices.items() if kind.about is not None}


def _rows(file: CaseFile, status: tuple[str, ...], dates: Mapping[str, str]) -> Iterator[Any]:
    found = outbox.list_notices(file.connection, None, case_id=file.case.id, status=status)
    return (row for row in found if row.template in dates)


def _drop(file: CaseFile, row: Any, why: str, act: int) -> None:
    values = {"status": "dropped", "error": why, "context": {**row.context, BY: act}}
    outbox.update_notice(file.connection, row.id, values)


def _write_again(file: CaseFile, row: Any) -> None:
    if row.status == "paper" and row.subject is not None:
        outbox.update_notice(file.connection, row.id, BLANK)
