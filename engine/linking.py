"""A linked case opened by an act, in the same transaction: decided with it, written with it, or not at all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ..domain.beyond import LinkKind
from ..domain.case import Actor, Event
from ..domain.errors import ActionRefused, Reason
from ..domain.facts import derived_facts, read_facts
from ..domain.timeline import Entry
from ..domain.workflow import Action, Workflow
from ..persistence import links as rows
from .acting import Command, act, decided
from .casefile import CaseFile, save
from .circle import of_linked, through
from .opening import blank, insert


@dataclass(slots=True)
class Opening:
    """A case about to be opened under a link, and the act that opens it."""

    link: str
    file: CaseFile
    command: Command


def refusals(file: CaseFile, command: Command) -> list[Reason]:
    """Give every reason against the cases that an act would open; nothing is written."""
    rule = file.workflow.actions[command.action]
    facts = _facts_after(file, command)
    reasons: list[Reason] = []
    for link in rule.opens:
        planned = _planned(file, command, link, facts)
        if isinstance(planned, Reason):
            reasons.append(planned)
            continue
        try:
            decided(planned.file, planned.command)
        except ActionRefused as refusal:
            reasons += of_linked(planned.file.workflow.title, refusal.reasons)
    return reasons


def prepare(file: CaseFile, command: Command) -> list[Opening]:
    """Give each case that an act opens its row, so that the line of the act can name it."""
    rule = file.workflow.actions[command.action]
    found = [_planned(file, command, link, _facts_after(file, command)) for link in rule.opens]
    refused = [one for one in found if isinstance(one, Reason)]
    if refused:
        raise ActionRefused(command.action, refused)
    openings = [one for one in found if isinstance(one, Opening)]
    for one in openings:
        insert(one.file)
    return openings


def open_linked(file: CaseFile, event: Event, openings: Sequence[Opening]) -> None:
    """Link each case to the one whose act opens it, and open it. Raises ActionRefused."""
    for one in openings:
        number = one.file.case.id
        rows.insert_link(
            file.connection,
            {"case_id": file.case.id, "linked_id": number, "name": one.link, "seq": event.seq,
             "since": event.effective_on, "ended_on": None},
        )  # fmt: skip
        file.circle[file.case.id] = file
        file.circle[number] = one.file
        command = replace(one.command, facts=given(file.workflow.links[one.link], file.case.facts))
        try:
            act(one.file, command)
        except ActionRefused as refusal:
            raise ActionRefused(
                event.action or "", of_linked(one.file.workflow.title, refusal.reasons)
            ) from refusal
        save(one.file)


def given(kind: LinkKind, facts: Mapping[str, Any]) -> dict[str, Any]:
    """Give the facts that a link copies, by their names there; what is unset is not given."""
    return {theirs: facts[ours] for theirs, ours in kind.gives.items() if facts.get(ours) is not None}


def _facts_after(file: CaseFile, command: Command) -> dict[str, Any]:
    """Give the facts of the case as the act would leave them, as far as they can be read."""
    rule = file.workflow.actions[command.action]
    values, _ = read_facts(file.workflow, command.facts, (*rule.form, *rule.optional))
    taken = {**values, **rule.set}
    entry = Entry(
        file.case.seq + 1, command.effective_on, command.action, command.actor.id, file.case.state, rule.target,
        taken, (), command.recorded_at,
    )  # fmt: skip
    acts = sorted([*file.acts, entry], key=lambda one: (one.on, one.seq))
    return {**file.case.facts, **taken, **derived_facts(file.workflow, acts)}


def _planned(file: CaseFile, command: Command, link: str, facts: Mapping[str, Any]) -> Opening | Reason:
    """Make the file of a case to be opened, and the act that opens it: whoever acts may, through the link."""
    kind = file.workflow.links[link]
    name = kind.workflow[0]
    data = {"link": link, "label": kind.label, "workflow": name}
    latest = file.workflows.latest(file.connection, name)
    if latest is None:
        return Reason("link_unregistered", data)
    opening = opening_act(latest, kind.opens_by)
    if opening is None:
        return Reason("link_ambiguous", {**data, "actions": list(latest.opening)})
    lineage = (*file.lineage, (file.workflow.workflow, command.action))
    if (name, opening) in lineage:
        return Reason("link_loop", data)
    rules = file.workflows.rules(file.connection, name, latest.version)
    other = blank(file.unit, file.workflows, rules, file.house, command.effective_on, _referent(file, latest))
    other.circle, other.opened_from, other.lineage = file.circle, (file, link), lineage
    actor = allowed(command.actor, link, latest.actions.get(opening))
    return Opening(link, other, replace(command, action=opening, facts=given(kind, facts), actor=actor))


def opening_act(workflow: Workflow, named: str | None) -> str | None:
    """Name the act that opens a case: the one that is said, or the only one."""
    if named is not None:
        return named
    return workflow.opening[0] if len(workflow.opening) == 1 else None


def allowed(actor: Actor, link: str, rule: Action | None) -> Actor:
    """Give who acts with the role that an act asks for: the act that brings it here was allowed already."""
    by = frozenset(rule.by if rule is not None else ())
    return Actor(through(actor.id, link), actor.name, actor.roles | by)


def _referent(file: CaseFile, opened: Workflow) -> str | None:
    """Whoever follows this case follows the other, where the same role does."""
    same = opened.referent is not None and opened.referent == file.workflow.referent
    return file.case.referent if same else None


def opened_body(openings: Sequence[Opening]) -> list[dict[str, Any]]:
    """Tell the cases that an act opens, in its line."""
    return [{"link": one.link, "case": one.file.case.id} for one in openings]
