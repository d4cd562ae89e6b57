"""Who may say that someone is away, or back: they themself, or whoever may give their cases to another there.

A deputy holds the roles of who is away, so an absence gives roles: it is not for anyone to enter, and one that gives
someone a role that they do not hold is for who supervises.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from ..domain.errors import Reason
from ..domain.workflow import Workflow
from ..persistence import absences as rows
from ..persistence import people as people_rows
from ..persistence.database import Connection
from .absences import Wanted, overlapping
from .acting import house_day
from .deputies import actor_on
from .people import Houses
from .referents import staff_of
from .world import Unit


def against_author(unit: Unit, wanted: Wanted, at: datetime) -> list[Reason]:
    """Say of each house in which the roles of the person are at stake that the author may not lend them there.

    For each of these roles, the author is one of the staff of a workflow that has it, as to transfer its cases; or
    supervises there, where a deputy, even of a deputy who is away, would get a role that they do not hold.
    """
    by = wanted.by
    if by is None:
        return []
    connection = unit.connection
    workflows, held = _workflows(connection), _held(connection)
    known = [
        row
        for row in rows.absences_from(connection, wanted.since)
        if overlapping(wanted.since, wanted.until, row)
    ]
    at_stake = _lent(by, wanted, held, known)
    deputies = _reached(wanted.deputy, known)
    houses = Houses(connection)
    if by == wanted.person and not at_stake:
        return []
    if not at_stake:
        return _of_nowhere(unit, by, workflows, held, houses, at)
    reasons: list[Reason] = []
    for house, roles in sorted(at_stake.items()):
        own = actor_on(unit, by, house, house_day(houses.house(house), at)).roles
        for role in sorted(roles):
            known_there = any(role in workflow.roles for workflow in workflows)
            held_there = [held.get(one, {}).get(house, frozenset()) for one in deputies]
            gives = any(role not in roles if known_there else not roles for roles in held_there)
            allowed = _allowed(workflows, role, gives=gives)
            if not allowed.keys() & own:
                reasons.append(_refused(by, house, allowed))
                break
    return reasons


def _allowed(workflows: Sequence[Workflow], role: str, *, gives: bool) -> dict[str, str]:
    """Name those who may lend a role; one that no workflow has only lets see the house.

    To give it to someone who does not hold it, they supervise in every workflow that has it.
    """
    known = [workflow for workflow in workflows if role in workflow.roles] or workflows
    found: dict[str, str] = {}
    for workflow in known:
        for name in workflow.escalation if gives else sorted(staff_of(workflow)):
            found.setdefault(name, workflow.roles[name].label)
    if not gives:
        return found
    return {
        name: label for name, label in found.items() if all(name in workflow.escalation for workflow in known)
    }


def _of_nowhere(
    unit: Unit, by: str, workflows: Sequence[Workflow], held: Mapping[str, Mapping[str, frozenset[str]]],
    houses: Houses, at: datetime,
) -> list[Reason]:  # fmt: skip
    """Of someone who works in no house, whoever is one of the staff of any may say it."""
    allowed = _allowed(workflows, "", gives=False)
    for house in held.get(by, ()):
        own = actor_on(unit, by, house, house_day(houses.house(house), at)).roles
        if allowed.keys() & own:
            return []
    return [_refused(by, None, {})]


def _refused(by: str, house: str | None, allowed: Mapping[str, str]) -> Reason:
    data = {"actor": by, "roles": sorted(allowed), "labels": [allowed[name] for name in sorted(allowed)]}
    return Reason("role", data if house is None else {**data, "establishment": house})


def _workflows(connection: Connection) -> list[Workflow]:
    """Read the latest version of each workflow: its roles, for which no guard is needed."""
    from ..workflows.compiled import restore

    names = dict.fromkeys(row.workflow for row in people_rows.list_versions(connection))
    found = (people_rows.read_version(connection, name) for name in names)
    return [restore(row.compiled) for row in found if row is not None]


def _held(connection: Connection) -> dict[str, dict[str, frozenset[str]]]:
    """Give the roles that each person holds of their own, by house."""
    held: dict[str, dict[str, frozenset[str]]] = {}
    for row in people_rows.list_memberships(connection):
        mine = held.setdefault(row.actor_id, {})
        mine[row.establishment_id] = mine.get(row.establishment_id, frozenset()) | {row.role}
    return held


def _lent(
    by: str, wanted: Wanted, held: Mapping[str, Mapping[str, frozenset[str]]], known: Sequence[Any]
) -> dict[str, frozenset[str]]:
    """Give the roles that would pass to a deputy, by house: those of the person, and of whom they stand in for.

    Of oneself one says it freely, not of those whose roles one was lent.
    """
    found: dict[str, frozenset[str]] = {}
    for person in _reached(wanted.person, known, back=True) - ({by} & {wanted.person}):
        for house, roles in held.get(person, {}).items():
            found[house] = found.get(house, frozenset()) | roles
    return found


def _reached(person: str | None, known: Sequence[Any], *, back: bool = False) -> set[str]:
    """Name a person and who stands in for them on one of these days, or, back, for whom they do; through others too."""
    todo, seen = [person], {person}
    while todo:
        one = todo.pop()
        pairs = ((row.deputy_id, row.actor_id) if back else (row.actor_id, row.deputy_id) for row in known)
        more = {to for start, to in pairs if start == one and to is not None} - seen
        seen |= more
        todo += more
    return {one for one in seen if one is not None}
