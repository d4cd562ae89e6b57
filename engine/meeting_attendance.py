"""Who attended a session, put right once it was held: whoever decided as one of the body was there, with the quorum."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from ..domain.beyond import MeetingKind
from ..domain.case import Actor, Event
from ..domain.conditions import fault
from ..domain.context import Context
from ..domain.errors import Reason
from ..domain.facts import is_blank
from ..domain.question import Question
from ..domain.workflow import Action, Workflow
from ..persistence import cases as case_rows
from ..persistence import people
from .casefile import CaseFile


def corrected_attendance(
    file: CaseFile, kind: MeetingKind, decisions: Sequence[Event], values: Mapping[str, Any], at: datetime
) -> list[Reason]:
    """Say what stands against an attendance as it is put right: a decision taken there, or too few people."""
    facts = {**file.case.facts, **values}
    gone = set(_there(file, kind, file.case.facts)) - set(_there(file, kind, facts))
    if not gone:
        return []
    theirs = [line for line in decisions if line.actor in gone and _as_body(file, kind, line)]
    found: list[Reason] = []
    if theirs:
        who, cases = ({line.actor for line in theirs}, {line.body["case"] for line in theirs})
        data = {"meeting": file.case.id, "people": sorted(who), "cases": sorted(cases)}
        found.append(Reason("member_decided", data))
    return [*found, *_too_few(file, kind, facts, values, at)]


def _there(file: CaseFile, kind: MeetingKind, facts: Mapping[str, Any]) -> Iterator[str]:
    """Name those who attended, and those to whom the session gives a function."""
    yield from facts.get(kind.members or "") or ()
    yield from keepers(file.workflow, facts)


def keepers(workflow: Workflow, facts: Mapping[str, Any]) -> list[str]:
    """Name those to whom a session gives a function, as its secretary: they enter what the body decides."""
    return [
        facts[name] for name, fact in workflow.facts.items()
        if fact.type == "actor" and not is_blank(facts.get(name))
    ]  # fmt: skip


def allowed(workflow: Workflow, rule: Action) -> set[str]:
    """Name the roles by which an act may be taken, or entered for those who take it."""
    return set(rule.by).union(*(workflow.enterers(name) for name in rule.by))


def _as_body(file: CaseFile, kind: MeetingKind, line: Event) -> bool:
    """Say whether whoever decided holds no role that allows them the act but that of the body."""
    row = case_rows.read_case(file.connection, line.body["case"])
    rule = None
    if row is not None:
        workflow = file.known_workflow(row.workflow, row.version)
        rule = workflow.actions.get(line.body["action"])
    if rule is None:
        return False
    held = {one.role for one in people.read_roles(file.connection, line.actor, file.house.id)}
    return not held & (allowed(workflow, rule) - {kind.body})


def _too_few(
    file: CaseFile, kind: MeetingKind, facts: Mapping[str, Any], values: Mapping[str, Any], at: datetime
) -> Iterator[Reason]:
    """Ask again how many had to be there, as the act that held the session did.

    Where those who were there are too few already, the quorum was raised since: it is not that of this session.
    """
    held = next((act for act in reversed(file.acts) if act.action and kind.members in act.facts), None)
    rule = file.workflow.actions.get(held.action) if held is not None else None
    if held is None or rule is None or kind.members not in values:
        return
    context = Context(
        at=at, today=held.on, house=file.house, actor=Actor(held.actor, "", frozenset()), parameters=file.parameters,
        acts=file.acts, effective_on=held.on,
    )  # fmt: skip
    question = Question(file.workflow, file.case, facts, values, context, {})
    before = Question(file.workflow, file.case, file.case.facts, file.case.facts, context, {})
    for condition in rule.requires:
        if (
            condition.members == kind.members
            and condition.warn is None
            and condition.waiver not in held.waived
        ):
            reason = fault(condition, question)
            if reason is not None and fault(condition, before) is None:
                yield reason
