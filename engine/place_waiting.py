"""Who waits for a place, in order, with the reason of each rank and what is free for each."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from ..domain.errors import Reason
from ..domain.explain_dates import long_date
from ..domain.figures import plain_words
from ..domain.workflow import Workflow
from ..persistence import cases as case_rows
from ..persistence import places as rows
from ..persistence.database import Connection
from .place_choice import seeker, suited
from .place_queue import waiting_order
from .place_sight import load_stock, with_roommates
from .registry import Workflows
from .stored import case_of, typed


@dataclass(frozen=True, slots=True)
class Waiting:
    """A case that waits: its rank, why it has it (`because`, in French), and the listed places that suit it now.

    `values` are those of the facts that order the list; `closed` says why each place is closed to it where none suits.
    `listed` is false where the house has listed no place of the kind.
    """

    rank: int
    case_id: int
    workflow: str
    state: str
    state_label: str
    since: date
    because: str
    values: Mapping[str, Any]
    free: tuple[str, ...] = ()
    closed: tuple[Reason, ...] = ()
    listed: bool = False

    @property
    def number(self) -> str:
        """Give the file number."""
        return f"D-{self.case_id:04d}"


def waiting_list(
    connection: Connection, workflows: Workflows, house: str, workflow: str | None, today: date
) -> Iterator[Waiting]:
    """Give every waiting list of a house, or those of one workflow, each in its order."""
    latest: dict[tuple[str, str], int] = {}
    for row in rows.active_states(connection, house):
        if workflow is None or row.workflow == workflow:
            key = (row.workflow, row.state)
            latest[key] = max(latest.get(key, 0), row.version)
    for (name, state), version in sorted(latest.items()):
        known = workflows.rules(connection, name, version).workflow
        if state in known.states and known.states[state].queue:
            yield from _one_list(connection, known, house, state, today)


def _one_list(
    connection: Connection, workflow: Workflow, house: str, state: str, today: date
) -> Iterator[Waiting]:
    queue = workflow.states[state].queue
    found = case_rows.waiting_cases(connection, house, workflow.workflow, state)
    ordered = sorted(found, key=lambda row: waiting_order(queue, row))
    cases = {row.id: row for row in rows.read_cases(connection, [row.id for row in ordered])}
    stock = load_stock(connection, house, workflow.place.kind) if workflow.place is not None else None
    if stock is not None:
        seekers = [seeker(workflow, row.id, row.facts) for row in ordered]
        stock = with_roommates(connection, stock, [one for one in seekers if one is not None])
    before: Any = None
    for rank, row in enumerate(ordered, start=1):
        case = case_of(cases[row.id], workflow)
        seeking = seeker(workflow, row.id, row.facts)
        listed = stock is not None and bool(stock.places) and seeking is not None
        free, why = suited(stock, seeking, today) if listed and stock and seeking else ({}, {})
        yield Waiting(
            rank, row.id, case.workflow, state, workflow.states[state].label, case.state_since,
            _because(workflow, queue, row, before, len(ordered)), {name: row.facts.get(name) for name in queue},
            tuple(free.values()), () if free else tuple(why.values()), listed,
        )  # fmt: skip
        before = row


def _because(workflow: Workflow, queue: Sequence[str], row: Any, before: Any, number: int) -> str:
    """Say what gives a case its rank: the first of the facts in which it differs from the one before it."""
    if before is None and number == 1:
        return "Seul dossier à attendre."
    if before is None:
        first = next((name for name in queue if row.facts.get(name) is not None), None)
        if first is None:
            return "Premier par son numéro de dossier : rien d’autre n’est renseigné."
        return f"Premier : {_label(workflow, first)}, {_value(workflow, first, row.facts)}."
    ahead = f"Après D-{before.id:04d}"
    for name in queue:
        if row.facts.get(name) != before.facts.get(name):
            mine, theirs = (_value(workflow, name, facts) for facts in (row.facts, before.facts))
            return f"{ahead} : {_label(workflow, name)}, {mine} ; avant lui, {theirs}."
    return f"{ahead} : tout est égal, son numéro de dossier vient ensuite."


def _label(workflow: Workflow, name: str) -> str:
    return f"« {workflow.facts[name].label} »"


def _value(workflow: Workflow, name: str, facts: Mapping[str, Any]) -> str:
    value = typed(workflow, facts).get(name)
    fact = workflow.facts[name]
    if value is None:
        return "non renseigné"
    if isinstance(value, date):
        return long_date(value)
    return fact.choices[value].label if value in fact.choices else plain_words(value)
