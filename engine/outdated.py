"""Messages about an appointment that have not left: dropped once it is over, for a more recent one, or with the case.

What a notice is `about` is the date that it announces. One that leaves afterwards tells that date as it stands then;
on paper it is written out once, and so again when what it told is put right. So is any paper of an act of which the day
or the facts are put right, as long as it has not been handed over.
"""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from ..domain.case import Event
from ..domain.deadline import Due
from ..domain.facts import plain
from ..domain.timeline import redated, setter_of
from ..domain.workflow import Workflow
from ..persistence import outbox
from .casefile import CaseFile

CASE_ENDED = "case_ended"
REPLACED = "date_replaced"
HELD = "date_held"
PASSED = "date_passed"
NO_PURPOSE = "no_purpose"  # someone said so
BY = "dropped_by"
"""What a dropped message keeps: the line of the act, which may be annulled."""

BLANK: Mapping[str, Any] = {"subject": None, "body": None, "html": None}
"""A message to be written out again."""

NOT_LEFT = ("waiting", "paper", "failed", "refused")


def drop_outdated(file: CaseFile, event: Event) -> None:
    """Drop what an act makes untrue; its own messages are written already."""
    dates = _dates(file.workflow)
    if not dates:
        return
    ends = event.target is not None and file.workflow.states[event.target].terminal
    told = {dates[name] for name in event.body.get("notices", ()) if name in dates}
    given = set(dates.values()) & event.facts.keys()
    held = _held(file, event) - given
    if not (ends or told or given or held):
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
        elif about in held and _announces(file, row, about):
            _drop(file, row, HELD, event.seq)
        elif about in given:
            _write_again(file, row)


def passed(file: CaseFile, row: Any, today: date) -> str | None:
    """Say that the day which a message announces is over; what is said of an appointment afterwards still leaves.

    So does one that moves an appointment: the day that was told before it holds no more. An urgent message has the
    next day too, which begins at midnight.
    """
    kind = file.workflow.notices[row.template]
    about, over = kind.about, today - timedelta(days=1 if kind.urgent else 0)
    told = file.case.facts.get(about) if about is not None else None
    if about is None or told is None or told >= over:
        return None
    return PASSED if _announces(file, row, about) and not _moves(file, row, about) else None


def _moves(file: CaseFile, row: Any, about: str) -> bool:
    """Say whether the act of a message gave another day to an appointment that was still to come."""
    event = next((event for event in file.events if event.seq == row.seq), None)
    if row.rung is not None or event is None or about not in event.facts:
        return False
    before = [act.facts[about] for act in file.acts if act.seq < row.seq and about in act.facts]
    told, day = plain(before[-1] if before else None), str(event.effective_on)
    return isinstance(told, str) and told[: len(day)] >= day and told != plain(event.facts[about])


def put_right(file: CaseFile, event: Event | None = None) -> None:
    """Let papers be written out again whose appointment, act or date the line of a correction puts right.

    What was dropped because its day was over leaves after all, where that day is among what is put right: the last
    look will tell.
    """
    dates = _dates(file.workflow)
    acts, deadlines = _mended(file, event) if event is not None else (set(), set())
    for row in outbox.papers_of(file.connection, file.case.id):
        if row.template in dates or row.seq in acts or row.deadline_id in deadlines:
            _write_again(file, row)
    mended = event.facts.keys() & set(dates.values()) if event is not None else set()
    for row in _rows(file, ("dropped",), dates) if mended else ():
        if row.error == PASSED and dates[row.template] in mended:
            _wait_again(file, row)


def _mended(file: CaseFile, event: Event) -> tuple[set[int], set[int]]:
    """Give the acts whose day, facts or dates a correction puts right, and the rows of these dates."""
    setters = (setter for name in event.facts if (setter := setter_of(file.acts, name)) is not None)
    moved = {(one["deadline"], one["ordinal"]) for one in event.body.get("changes", ()) if "ordinal" in one}
    telling = (
        one.seq for one in file.events
        if one.kind == "act"
        and any((change.get("deadline"), change.get("ordinal")) in moved for change in one.body.get("changes", ()))
    )  # fmt: skip
    rows = {dated.id for dated in file.dated if (dated.item.name, dated.item.ordinal) in moved}
    return {*setters, *telling, *(act for act, _ in redated(event))}, rows


def resume(file: CaseFile, act: int) -> None:
    """Let what an act had dropped leave after all: the act is annulled."""
    dates = _dates(file.workflow)
    if not dates:
        return
    for row in _rows(file, ("dropped",), dates):
        if row.error in (CASE_ENDED, REPLACED, HELD) and row.context.get(BY) == act:
            _wait_again(file, row)
    put_right(file)


def _dates(workflow: Workflow) -> dict[str, str]:
    return {name: kind.about for name, kind in workflow.notices.items() if kind.about is not None}


def _held(file: CaseFile, event: Event) -> set[str]:
    """Name the appointments that an act has kept: it meets the date that is their day itself, not one before it."""
    met = [one for one in event.body.get("changes", ()) if one["change"] == "met" and "deadline" in one]
    held = ((_appointment(file.workflow.deadlines[one["deadline"]].due), one["due_on"]) for one in met)
    facts = file.case.facts
    return {fact for fact, day in held if fact is not None and str(plain(facts.get(fact)))[: len(day)] == day}


def _appointment(due: Due) -> str | None:
    """Name the fact whose very day a date is, if it is one."""
    (anchor, *others) = due.anchors
    delayed = due.after is not None or due.every is not None or due.decided is not None
    return None if others or delayed or anchor.kind != "fact" else anchor.names[0]


def _announces(file: CaseFile, row: Any, about: str) -> bool:
    """Say whether a message tells of an appointment to come: its act gave the day, or its rung is of no later day."""
    if row.rung is not None:
        rung = (row.deadline_id, row.rung, row.generation)
        step = next(
            (step for step in file.steps if (step.deadline_id, step.rung, step.generation) == rung), None
        )
        return step is not None and step.day <= file.case.facts[about]
    event = next((event for event in file.events if event.seq == row.seq), None)
    return event is not None and about in event.facts


def _rows(file: CaseFile, status: tuple[str, ...], dates: Mapping[str, str]) -> Iterator[Any]:
    found = outbox.list_notices(file.connection, None, case_id=file.case.id, status=status)
    return (row for row in found if row.template in dates)


def _drop(file: CaseFile, row: Any, why: str, act: int) -> None:
    values = {"status": "dropped", "error": why, "context": {**row.context, BY: act}}
    outbox.update_notice(file.connection, row.id, values)


def _wait_again(file: CaseFile, row: Any) -> None:
    paper = row.role in file.workflow.notices[row.template].paper
    context = {name: value for name, value in row.context.items() if name != BY}
    values = {"status": "paper" if paper else "waiting", "error": None, "context": context, **BLANK}
    outbox.update_notice(file.connection, row.id, values)


def _write_again(file: CaseFile, row: Any) -> None:
    if row.status == "paper" and row.subject is not None:
        outbox.update_notice(file.connection, row.id, BLANK)
