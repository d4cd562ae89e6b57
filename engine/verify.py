"""The histories, read back line by line: what was written is what stands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain as chained
from typing import Any

from ..domain import chain
from ..domain.case import Event
from ..domain.facts import derived_facts, plain
from ..domain.timeline import facts_of, state_of, timeline
from ..domain.workflow import Workflow
from ..persistence import cases as rows
from ..persistence import dates, outbox, places
from ..persistence.database import Connection
from ..persistence.verification import told_cases
from .people import house_of, parameters_of
from .registry import Workflows
from .stored import case_of, dated_of, events_of, step_of
from .verify_beyond import faults_beyond
from .verify_rows import Kept, faults_of_rows
from .world import World


@dataclass(frozen=True, slots=True)
class Fault:
    """The first bad row of a case's history, and what is wrong with it."""

    case_id: int
    seq: int | None
    what: str


@dataclass(frozen=True, slots=True)
class Verification:
    """What a verification found: one digest over all heads, and the first fault of each broken case.

    `erased` counts the personal values that the histories sealed and that are no longer kept: that is no fault.
    """

    digest: str
    cases: int
    events: int
    faults: tuple[Fault, ...]
    heads: Mapping[int, tuple[int, str]]
    erased: int = 0

    @property
    def sound(self) -> bool:
        """Say whether every history is what was written."""
        return not self.faults


class Verifier:
    """Verifies histories."""

    def __init__(self, world: World, workflows: Workflows) -> None:
        self._world = world
        self._workflows = workflows

    def verify(self, anchor: Mapping[int, tuple[int, str]] | None = None) -> Verification:
        """Recompute every chain and compare what is kept with it; `anchor` holds heads that were noted elsewhere."""
        faults: list[Fault] = []
        total = erased = 0
        with self._world.reading() as connection:
            heads = rows.all_heads(connection)
            for case_id in sorted({*heads, *(anchor or {}), *told_cases(connection)}):
                fault, lines, gone = self._case(connection, case_id, (anchor or {}).get(case_id))
                total += lines
                erased += gone
                if fault is not None:
                    faults.append(fault)
        digest = chain.over_heads({case_id: head for case_id, (_, head) in heads.items()})
        return Verification(digest, len(heads), total, tuple(faults), heads, erased)

    def _case(
        self, connection: Connection, case_id: int, anchor: tuple[int, str] | None
    ) -> tuple[Fault | None, int, int]:
        """Give the first fault of a case, the length of its history, and how many of its values are erased."""
        try:
            row = rows.read_case(connection, case_id)
            lines, beside = rows.read_events(connection, case_id)
            if row is None:
                return Fault(case_id, None, "case_missing"), 0, 0
            fault = _chain(case_id, row, lines, beside, anchor)
            if fault is None:
                fault = self._rows(connection, case_id, row)
        except ValueError:  # a text that is no longer an instant, a date or JSON
            return Fault(case_id, None, "unreadable"), 0, 0
        gone = sum((line.seq, name) not in beside for line in lines for name in line.body.get("sealed", ()))
        return fault, len(lines), gone

    def _rows(self, connection: Connection, case_id: int, row: Any) -> Fault | None:
        """The state, the facts and the rows that are kept are those that the history leaves."""
        workflow = self._workflows.rules(connection, row.workflow, row.version).workflow
        events = events_of(connection, case_id, workflow)
        acts = timeline(events)
        if state_of(acts) != row.state:
            return Fault(case_id, None, "state")
        facts = {**facts_of(acts), **derived_facts(workflow, acts)}
        kept = {name: plain(value) for name, value in case_of(row, workflow).facts.items()}
        told = {name: plain(value) for name, value in facts.items()}
        if kept != told and not any(event.erased for event in events):
            return Fault(case_id, None, "facts")
        key = self._world.database.identity() or ""
        rows_of_it = faults_of_rows(_kept(connection, row, workflow, events))
        what = next(chained(rows_of_it, faults_beyond(connection, case_id, workflow, events, key)), None)
        return None if what is None else Fault(case_id, None, what)


def _kept(connection: Connection, row: Any, workflow: Workflow, events: Sequence[Event]) -> Kept:
    occurrences = dates.read_occurrences(connection, row.id)
    notices = outbox.list_notices(connection, None, case_id=row.id)
    taken = places.spans_of(connection, row.id)
    return Kept(
        row, workflow, house_of(connection, row.establishment_id),
        parameters_of(connection, row.establishment_id, workflow), events,
        [dated_of(found) for found in occurrences],
        [step_of(found) for found in dates.read_rungs(connection, row.id)],
        rows.read_documents(connection, row.id), notices,
        frozenset(found.establishment_id for found in (*occurrences, *notices, *taken)), taken,
    )  # fmt: skip


def _chain(case_id: int, row: Any, lines: Any, beside: Any, anchor: tuple[int, str] | None) -> Fault | None:
    head = chain.GENESIS
    for number, line in enumerate(lines, start=1):
        if line.seq != number:
            return Fault(case_id, number, "line_missing")
        head = chain.link(head, case_id, line._mapping)  # noqa: SLF001 - a row's public mapping
        if head != line.digest:
            return Fault(case_id, line.seq, "digest")
        for name, sealed in line.body.get("sealed", {}).items():
            kept = beside.get((line.seq, name))
            if kept is not None and chain.seal(kept.salt, kept.value) != sealed:
                return Fault(case_id, line.seq, "value")
        if anchor is not None and anchor[0] == line.seq and anchor[1] != head:
            return Fault(case_id, line.seq, "anchor")
    if row.seq != len(lines) or row.head != head:
        return Fault(case_id, len(lines) + 1 if row.seq > len(lines) else len(lines), "head")
    if anchor is not None and anchor[0] > len(lines):
        return Fault(case_id, anchor[0], "anchor")
    return None
