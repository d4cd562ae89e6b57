"""Facts that follow: what a link gives is kept up to date in the linked case, as a line of its history."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from ..domain.beyond import LinkKind
from ..domain.case import Event
from ..domain.errors import ActionRefused
from ..domain.facts import plain, read_fact
from ..persistence import cases as case_rows
from ..persistence import links as rows
from .arming import arm
from .casefile import CaseFile, Line, append, days_of, save
from .circle import of_linked, reached, through
from .persons import keep_people
from .stored import typed

NAME: Final = "link"


def follow(file: CaseFile, before: Mapping[str, Any], event: Event, at: datetime) -> None:
    """Give the linked open cases the facts that a step changed here, where their link says that they follow.

    Raises ActionRefused where what changes cannot be there.
    """
    links = {name: kind for name, kind in file.workflow.links.items() if kind.follows}
    if not links:
        return
    given = {ours for kind in links.values() for ours in kind.gives.values()}
    values = {
        name: file.case.facts.get(name) for name in given
        if plain(before.get(name)) != plain(file.case.facts.get(name))
    }  # fmt: skip
    for row in rows.links_from(file.connection, file.case.id) if values else ():
        kind = links.get(row.name)
        wanted = (
            {theirs: values[ours] for theirs, ours in kind.gives.items() if ours in values} if kind else {}
        )
        if kind is not None and wanted:
            _give(reached(file, row.linked_id, at), wanted, _body(row.name, kind, file.case.id), event, at)


def catch_up(file: CaseFile, event: Event, at: datetime) -> None:
    """Give a case that is open again what changed meanwhile in those that it follows. Raises ActionRefused."""
    for row in rows.links_to(file.connection, file.case.id):
        holder = case_rows.read_case(file.connection, row.case_id)
        workflow = file.known_workflow(holder.workflow, holder.version) if holder is not None else None
        kind = workflow.links.get(row.name) if workflow is not None else None
        if holder is not None and workflow is not None and kind is not None and kind.follows:
            facts = typed(workflow, holder.facts)
            wanted = {
                theirs: facts[ours] for theirs, ours in kind.gives.items() if facts.get(ours) is not None
            }
            _give(file, wanted, _body(row.name, kind, row.case_id), event, at)


def _body(name: str, kind: LinkKind, number: int) -> dict[str, Any]:
    return {"change": "followed", "link": name, "label": kind.label, "case": number, "side": "from"}


def _give(
    other: CaseFile, wanted: Mapping[str, Any], body: Mapping[str, Any], event: Event, at: datetime
) -> None:
    """Give an open case what changes something there."""
    if other.workflow.states[other.case.state].terminal:
        return
    known = {name: value for name, value in wanted.items() if value is not None}
    unset = [name for name in wanted if name not in known and other.case.facts.get(name) is not None]
    facts = given_facts(other, known) | {name: _own(other, name, body) for name in unset}
    if not facts:
        return
    actor = through(event.actor, body["link"])
    try:
        set_facts(other, Line(NAME, event.at, event.effective_on, actor, facts=facts, body=body), at)
    except ActionRefused as refusal:
        reasons = of_linked(other.workflow.title, refusal.reasons)
        raise ActionRefused(event.action or NAME, reasons) from refusal
    save(other)


def _own(other: CaseFile, name: str, body: Mapping[str, Any]) -> Any:
    """Give what a case had of its own before a link gave it something: what is unset there gives nothing any more."""
    for line in other.events:
        if line.kind == "link" and line.body["case"] == body["case"] and name in line.facts:
            before = line.body.get("before", {}).get(name)
            return None if before is None else read_fact(other.workflow, name, before)
    return None


def given_facts(other: CaseFile, values: Mapping[str, Any]) -> dict[str, Any]:
    """Give, of values that a link copies, those that change something there; what cannot be read is left out."""
    found: dict[str, Any] = {}
    for name, value in values.items():
        if name not in other.workflow.facts or other.workflow.facts[name].of:
            continue
        try:
            read = read_fact(other.workflow, name, value)
        except ValueError:
            continue
        if plain(other.case.facts.get(name)) != plain(read):
            found[name] = read
    return found


def set_facts(other: CaseFile, line: Line, at: datetime) -> Event:
    """Write a line of a link that changes facts: the dates that follow from them move, as after a correction."""
    before, acts = dict(other.case.facts), other.acts
    provisional = Event(
        other.case.seq + 1,
        line.at,
        line.effective_on,
        NAME,
        line.actor,
        facts=dict(line.facts),
        body=dict(line.body),
    )
    with other.supposing(provisional):
        changes = arm(other, at, other.civil_day(at), wake=True, line=NAME, mended=acts)
    body = dict(line.body)
    if changes:
        body["changes"] = changes
    secret = {"before": {name: plain(before.get(name)) for name in line.facts}}
    event = append(other, replace(line, body=body, secret=secret))
    opened_on, state_since, closed_on = days_of(other.workflow, other.acts)
    other.case = replace(
        other.case, revision=other.case.revision + 1, opened_on=opened_on or other.case.opened_on,
        state_since=state_since or other.case.state_since, closed_on=closed_on,
    )  # fmt: skip
    keep_people(other, NAME)
    follow(other, before, event, at)
    return event
