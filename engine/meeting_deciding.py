"""A point decided in a session: by an act that decides, by someone who was there, with effect on the day."""

from collections.abc import Mapping
from typing import Any

from ..domain.case import Case
from ..domain.errors import ActionRefused, Reason
from ..domain.facts import is_blank, read_fact
from ..domain.texts import is_name
from ..domain.workflow import PREVIOUS, Action
from .acting import Command, act
from .casefile import CaseFile
from .meeting_attendance import allowed, keepers
from .meeting_points import DECIDED
from .meeting_steps import Table, not_open, over, say, tell, unset
from .people import absent_from

NAME = "decide"


def decide(table: Table, number: int, action: str, facts: Mapping[str, Any]) -> Case:
    """Take an act on a case of the agenda, with effect on the day of the session. Raises ActionRefused."""
    known = is_name(action)
    reasons = _not_held(table) + not_open(table, number)
    if reasons:
        raise ActionRefused(action if known and number in table.others else NAME, reasons)
    other = table.others[number]
    rule = other.workflow.actions.get(action) if known else None
    if rule is not None:
        against = _no_decision(table, other, action, rule) or _not_there(table, other, rule, facts)
        if against:
            raise ActionRefused(action, against)
    day = max(table.day or other.case.state_since, other.case.state_since)
    command = Command(
        action, _with_members(table, rule, facts), table.actor, day, table.at, table.at
    )  # fmt: skip
    event = act(other, command)
    label = other.workflow.actions[action].label
    decided = {"change": DECIDED, "action": action, "act_label": label, "act": event.seq}
    say(table, table.file, {**decided, "case": number, "side": "to"}, on=event.effective_on)
    tell(table, other, {**decided, "case": table.number, "side": "from"}, unset(table, other))
    return other.case


def _not_held(table: Table) -> list[Reason]:
    if table.over:
        return over(table)
    day = None if table.day is None else table.day.isoformat()
    return [] if table.held else [Reason("meeting_not_held", {"meeting": table.number, "on": day})]


# -- what decides


def decides(table: Table, other: CaseFile, rule: Action) -> bool:
    """Say whether an act decides a point: the body may do it, or it leaves the states that wait for the body."""
    if table.kind.body in rule.by:
        return True
    if rule.target is None or rule.target == PREVIOUS:
        return False
    return table.kind.body not in other.workflow.states[rule.target].turn


def _no_decision(table: Table, other: CaseFile, action: str, rule: Action) -> list[Reason]:
    """Refuse an act that decides nothing; name those that do from where the case stands."""
    if decides(table, other, rule):
        return []
    names = [
        name for name, one in other.workflow.actions.items()
        if other.case.state in one.sources and decides(table, other, one)
    ]  # fmt: skip
    labels = [other.workflow.actions[name].label for name in names]
    data = {"case": other.case.id, "action": action, "label": rule.label, "actions": names, "labels": labels}
    return [Reason("point_no_decision", data)]


# -- who decides


def _not_there(table: Table, other: CaseFile, rule: Action, facts: Mapping[str, Any]) -> list[Reason]:
    """Refuse whoever decides as one of the body without having attended, and members who did not attend."""
    if table.kind.members is None:
        return []
    there = list(table.file.case.facts[table.kind.members])
    named = _named(table.kind.members, other, facts)
    missing = absent_from(other.connection, named, there)
    if _as_body(table, other, rule) and table.actor.id not in (
        *there,
        *keepers(table.file.workflow, table.file.case.facts),
    ):
        missing.insert(0, table.actor.id)
    if not missing:
        return []
    return [Reason("member_not_there", {"meeting": table.number, "people": list(dict.fromkeys(missing))})]


def _as_body(table: Table, other: CaseFile, rule: Action) -> bool:
    """Say whether someone acts by the role of the body alone: no other role allows them the act."""
    return table.actor.roles & allowed(other.workflow, rule) == {table.kind.body}


def _named(name: str, other: CaseFile, facts: Mapping[str, Any]) -> list[str]:
    """Name the members that a decision is given; none where they cannot be read, which the form says."""
    if name not in other.workflow.facts or is_blank(facts.get(name)):
        return []
    try:
        found = read_fact(other.workflow, name, facts[name])
    except ValueError:
        return []
    return [found] if isinstance(found, str) else list(found)


def _with_members(table: Table, rule: Action | None, facts: Mapping[str, Any]) -> Mapping[str, Any]:
    """Give those who attended as the members of the decision, where its form asks for them and nobody is named."""
    name = table.kind.members
    if name is None or rule is None or name not in (*rule.form, *rule.optional) or name in facts:
        return facts
    return {**facts, name: table.file.case.facts[name]}
