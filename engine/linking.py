"""A linked case opened by an act, in the same transaction: decided with it, written with it, or not at all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ..domain.beyond import LinkKind
from ..domain.case import Actor, Event
from ..domain.errors import ActionRefused, Reason
from ..domain.facts import derived_facts, read_fact, read_facts
from ..domain.timeline import Entry
from ..domain.workflow import Action, Workflow
from ..persistence import links as rows
from ..persistence import people
from .acting import Command, act, decided
from .casefile import CaseFile, save
from .circle import asked, of_linked, through
from .opening import blank, insert


@dataclass(slots=True)
class Opening:
    """A case about to be opened under a link, the act that opens it, and our facts that it does not take."""

    link: str
    file: CaseFile
    command: Command
    left_out: tuple[str, ...] = ()
    older: int | None = None  # the version in which it is opened, where the latest cannot be


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


def foreseen(file: CaseFile, command: Command) -> list[Reason]:
    """Give the reasons against the cases that an act would open, but for what its form has yet to tell."""
    rule = file.workflow.actions[command.action]
    told = {*rule.form, *rule.optional}
    reasons: list[Reason] = []
    for link in rule.opens:
        planned = _planned(file, command, link, file.case.facts)
        if isinstance(planned, Reason):
            reasons.append(planned)
            continue
        later = {theirs for theirs, ours in file.workflow.links[link].gives.items() if ours in told}
        opening = planned.file.workflow.actions.get(planned.command.action)
        asked_later = opening is not None and bool(later & asked(opening.requires, "fact"))
        try:
            decided(planned.file, planned.command)
        except ActionRefused as refusal:
            sure = [
                one for one in refusal.reasons
                if (one.data["fact"] not in later if "fact" in one.data else not asked_later)
            ]  # fmt: skip
            reasons += of_linked(planned.file.workflow.title, sure)
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
        kind = file.workflow.links[one.link]
        command = replace(one.command, facts=_accepted(one, given(kind, file.case.facts)))
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


def _accepted(opening: Opening, facts: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out what the version to be opened does not ask any more, or asks as something else."""
    workflow = opening.file.workflow
    rule = workflow.actions.get(opening.command.action)
    form = (*rule.form, *rule.optional) if rule is not None else ()
    return {name: value for name, value in facts.items() if name in form and _is_read(workflow, name, value)}


def _is_read(workflow: Workflow, name: str, value: Any) -> bool:
    try:
        read_fact(workflow, name, value)
    except ValueError:
        return False
    return True


def left_out(file: CaseFile, command: Command) -> list[Reason]:
    """Say what the cases that an act would open do not take any more, and which are opened in an older version."""
    found: list[Reason] = []
    facts = _facts_after(file, command)
    for link in file.workflow.actions[command.action].opens:
        planned = _planned(file, command, link, facts)
        if isinstance(planned, Reason):
            continue
        data: dict[str, Any] = {"link": link, "label": file.workflow.links[link].label}
        if planned.left_out:
            labels = [file.workflow.facts[name].label for name in planned.left_out]
            data |= {"facts": list(planned.left_out), "labels": labels}
            found.append(Reason("link_left_out", data))
        elif planned.older is not None:
            found.append(Reason("link_older", data | {"version": planned.older}))
    return found


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
    if (name, opening) in (*file.lineage, (file.workflow.workflow, command.action)):
        return Reason("link_loop", data)
    planned = _in_version(file, command, link, opening, facts, latest.version)
    return _before_it_broke(file, command, link, facts, planned) if _is_broken(planned) else planned


def _before_it_broke(
    file: CaseFile, command: Command, link: str, facts: Mapping[str, Any], planned: Opening
) -> Opening:
    """Open in the last version that still takes what the link gives: an act must not wait for the next one."""
    workflow, opening = planned.file.workflow, planned.command.action
    known = (
        row.version for row in people.list_versions(file.connection) if row.workflow == workflow.workflow
    )
    for version in sorted((one for one in known if one < workflow.version), reverse=True):
        older = _in_version(file, command, link, opening, facts, version)
        if not (older.left_out or _is_broken(older)):
            older.older = version
            return older
    return planned


def _is_broken(opening: Opening) -> bool:
    """Say whether a version does not open any more for want of what it lost: its act, or facts that the link gives."""
    if opening.command.action not in opening.file.workflow.actions:
        return True
    if not opening.left_out:
        return False
    try:
        decided(opening.file, opening.command)
    except ActionRefused:
        return True
    return False


def _in_version(
    file: CaseFile, command: Command, link: str, opening: str, facts: Mapping[str, Any], version: int
) -> Opening:
    kind = file.workflow.links[link]
    rules = file.workflows.rules(file.connection, kind.workflow[0], version)
    workflow: Workflow = rules.workflow
    referent = _referent(file, workflow)
    other = blank(file.unit, file.workflows, rules, file.house, command.effective_on, referent)
    other.circle, other.opened_from = file.circle, (file, link)
    other.lineage = (*file.lineage, (file.workflow.workflow, command.action))
    actor = allowed(command.actor, link, workflow.actions.get(opening))
    planned = Opening(link, other, replace(command, action=opening, facts={}, actor=actor))
    taken = _accepted(planned, given(kind, facts))
    planned.command = replace(planned.command, facts=taken)
    planned.left_out = tuple(
        ours for theirs, ours in kind.gives.items() if facts.get(ours) is not None and theirs not in taken
    )
    return planned


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
    """Whoever follows this case follows the other, where each role that may follow the one may follow the other."""
    here = file.workflow.referent
    return file.case.referent if here and set(here).issubset(opened.referent) else None


def opened_body(openings: Sequence[Opening]) -> list[dict[str, Any]]:
    """Tell the cases that an act opens, in its line."""
    return [
        {"link": one.link, "case": one.file.case.id}
        | ({"left_out": list(one.left_out)} if one.left_out else {})
        for one in openings
    ]
