"""The difference between the dates a case should have and those its rows have: what the history tells.

Deadlines are never armed, moved or cancelled by hand: `schedule` says what should be, and this writes it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from datetime import date, datetime
from functools import cached_property
from operator import attrgetter
from typing import Any

from ..domain.case import Occurrence
from ..domain.schedule import schedule
from ..domain.timeline import Entry
from ..persistence import dates, outbox
from .casefile import CaseFile, postponements, settings_changed
from .changes import ToldBy, first_word, told_change
from .laddering import DONE, Difference, Moment, known_steps, sync
from .outbox import written_late
from .stored import DAYS, INSTANTS, Dated, Step
from .task_dates import follow_tasks

OVER = ("met", "missed")
MENDS = ("correction", "annulment", "settings", "postponement")
"""The lines that put dates right without an act: what was opened on them follows."""

Key = tuple[str, str]

_derived = attrgetter(*(each.name for each in fields(Occurrence) if each.name != "ordinal"))
"""What `schedule` says of an occurrence: all but the number that its row gave it."""


def arm(
    file: CaseFile, at: datetime, today: date, *, wake: bool = False, line: str = "",
    mended: Sequence[Entry] | None = None,
) -> list[dict[str, Any]]:  # fmt: skip
    """Make the rows say what `schedule` says; give the changes, for the history.

    `at` is the instant of the step, by which a rung that is already past is known: its message is skipped, its
    act is still due. `wake` tries again the acts that were not possible until now. `line` is the kind of the line
    that will tell the changes. `mended` are the acts as they stood before the step: the dates that are over follow
    what it changes of them.
    """
    # A clock that goes back does not undo the days that were already played.
    today = max([today, *(step.day for step in file.steps if step.status in DONE)])
    found = {(dated.item.name, dated.item.key): dated for dated in file.dated}
    moment = Moment(at, today, wake, given_back=line == "annulment", mending=line in MENDS)
    difference, steps = Difference(), known_steps(file.steps)
    comparing = _Comparing(
        file, today, ToldBy(line, file.case.seq + 1, file.house.calendar.zone), mended, difference
    )
    for item in scheduled(file, file.acts, today):
        dated = found.pop((item.name, item.key), None)
        if dated is None:
            dated = _insert(file, item, difference)
        else:
            comparing.compare(dated, item)
        sync(file, dated, steps.get(dated.id, {}), moment, difference)
    for dated in found.values():
        if comparing.gone(dated):
            sync(file, dated, steps.get(dated.id, {}), moment, difference)
    _write(file, difference)
    if file.workflow.tasks and (line in MENDS or _moved(difference)):
        difference.changes += follow_tasks(file, today)
    return difference.changes


def scheduled(file: CaseFile, acts: Sequence[Entry], today: date) -> Sequence[Occurrence]:
    """Say which dates a case has, from acts, as its house and its parameters stand."""
    return schedule(
        file.workflow, acts, today, file.parameters, file.house.calendar, file.house.timezone,
        postponements(file.events), settings_changed(file.events),
    )  # fmt: skip


def _moved(difference: Difference) -> bool:
    return any(change["change"] in ("moved", "running") for change in difference.changes)


def _insert(file: CaseFile, item: Occurrence, difference: Difference) -> Dated:
    ordinal = 1 + max((dated.item.ordinal for dated in file.dated if dated.item.name == item.name), default=0)
    numbered = replace(item, ordinal=ordinal)
    row = {"case_id": file.case.id, "establishment_id": file.house.id, **occurrence_row(numbered)}
    dated = Dated(dates.insert_occurrence(file.connection, row), numbered)
    file.dated.append(dated)
    difference.changes.append(first_word(numbered))
    return dated


class _Comparing:
    """Compares what the rows have with what should be; a date that is over follows only what the step changes."""

    def __init__(
        self,
        file: CaseFile,
        today: date,
        line: ToldBy,
        mended: Sequence[Entry] | None,
        difference: Difference,
    ) -> None:
        self._file = file
        self._today = today
        self._line = line
        self._mended = mended
        self._difference = difference

    @cached_property
    def _before(self) -> Mapping[Key, Occurrence]:
        """Say which dates the acts gave before the step: what differs follows from it alone."""
        return {
            (item.name, item.key): item for item in scheduled(self._file, self._mended or (), self._today)
        }

    def compare(self, dated: Dated, item: Occurrence) -> None:
        """Take what changed of an occurrence that should be."""
        before = dated.item
        if before.status == item.status == "void" or _derived(item) == _derived(before):
            return
        over = before.status in OVER and item.status != "open"
        if not over or self._follows(item):  # a setting changes what is to come, not what was
            self._take(dated, replace(item, ordinal=before.ordinal))

    def _follows(self, item: Occurrence) -> bool:
        return self._mended is not None and self._before.get((item.name, item.key)) != item

    def gone(self, dated: Dated) -> bool:
        """Make void an occurrence that should not be; one that is over only if the step undoes it."""
        before = dated.item
        if before.status == "void":
            return False
        if before.status != "open":
            known = self._before.get((before.name, before.key)) if self._mended is not None else None
            if known is None or known.status == "void":
                return False
        self._take(dated, replace(before, status="void", closed_on=self._today, closed_seq=None))
        return True

    def _take(self, dated: Dated, after: Occurrence) -> None:
        before, dated.item = dated.item, after
        row = occurrence_row(after)
        kept = ("anchor_on", "legal_on", "due_on", "status", "closed_on", "closed_seq", "why")
        self._difference.occurrences.append({"id": dated.id, **{name: row[name] for name in kept}})
        rule = self._file.workflow.deadlines[after.name]
        change = told_change(before, after, rule, self._line)
        if change is not None:
            self._difference.changes.append(change)


# -- rows


def occurrence_row(item: Occurrence) -> dict[str, Any]:
    """Give an occurrence as its row keeps it."""
    return {
        "name": item.name, "ordinal": item.ordinal, "key": item.key, "k": item.k, "anchor_on": item.anchor_on,
        "legal_on": item.legal_on, "due_on": item.due_on, "status": item.status, "closed_on": item.closed_on,
        "closed_seq": item.closed_seq, "why": _why(item),
    }  # fmt: skip


def _why(item: Occurrence) -> dict[str, Any]:
    """Give what a row keeps beside its columns; what an occurrence does not have is left out."""
    why: dict[str, Any] = {"source": item.source.as_data(), "delay": item.delay}
    if item.last:
        why["last"] = True
    for name in (*DAYS, *INSTANTS):
        value = getattr(item, name)
        if value is not None:
            why[name] = value.isoformat()
    if item.paused:
        why["paused"] = item.paused
    if item.restarted is not None:
        why["restarted"] = item.restarted
    return why


def step_row(step: Step) -> dict[str, Any]:
    """Give what may change of a rung, as its row keeps it."""
    return {
        "id": step.id, "day": step.day, "fire_at": step.fire_at, "status": step.status, "fired_seq": step.fired_seq,
        "attempts": step.attempts, "retry_at": step.retry_at, "error": step.error,
    }  # fmt: skip


def _drop_reminders(file: CaseFile, difference: Difference) -> None:
    """What is met, missed or void needs no reminder any more: those that have not left are dropped.

    A message that a pass wrote late leaves all the same once its period is over: its rule did not drop it.
    """
    if all(row["status"] == "open" for row in difference.occurrences):
        return
    fired = [step for step in file.steps if step.kind == "notice" and step.status == "fired"]
    reminded = {step.deadline_id for step in fired}
    late = {step.deadline_id for step in fired if written_late(file, step.fired_seq)}
    for status, gone in (("met", reminded), ("missed", reminded - late), ("void", reminded)):
        closed = [
            row["id"] for row in difference.occurrences if row["status"] == status and row["id"] in gone
        ]
        if closed:
            outbox.drop_of(file.connection, closed, f"deadline_{status}")


def _write(file: CaseFile, difference: Difference) -> None:
    connection = file.connection
    _drop_reminders(file, difference)
    dates.update_occurrences(connection, difference.occurrences)
    dates.update_rungs(connection, [step_row(step) for step in difference.rungs.values()])
    if difference.new_rungs:
        for row, number in zip(
            difference.new_rungs, dates.insert_rungs(connection, difference.new_rungs), strict=True
        ):
            file.steps.append(
                Step(number, row["deadline_id"], row["rung"], row["generation"], row["kind"], row["day"],
                     row["fire_at"], row["status"])
            )  # fmt: skip
