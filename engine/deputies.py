"""Who acts, with the roles held for others: a deputy holds those of whoever they stand in for, that day."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from ..domain.case import Actor, Case
from ..domain.errors import NotFound
from ..domain.texts import is_name, looked_up
from ..domain.workflow import Workflow
from ..persistence import absences as absence_rows
from ..persistence import people as rows
from .absences import Absences, absences_of
from .world import Unit

STAFF = ("staff", "body")


@dataclass(frozen=True, slots=True)
class Deputy(Actor):
    """Someone who acts with their own roles, and with those of people who are away."""

    own: frozenset[str] = frozenset()
    lent: Mapping[str, frozenset[str]] = field(default_factory=dict)


def actor_on(unit: Unit, by: Any, establishment: str, day: date) -> Actor:
    """Give who acts on a day, with the roles held in an establishment, those held for others included.

    Raises NotFound for someone unknown or inactive.
    """
    name = looked_up(by if isinstance(by, str) else getattr(by, "id", by), "actor")
    found = rows.read_roles_on(unit.connection, name, establishment, day)
    if not found or not found[0].active:
        raise NotFound("actor", name)
    own = frozenset(row.role for row in found if row.role is not None)
    if unit.absences is None and not found[0].away:
        unit.absences = Absences((), day)
    lent = _lent(unit, name, establishment, day)
    unit.deputy = Deputy(found[0].id, found[0].name, own.union(*lent.values()), own, lent) if lent else None
    return unit.deputy or Actor(found[0].id, found[0].name, own)


def actor_seeing(unit: Unit, by: Any, case: Case, day: date) -> Actor:
    """Give who acts on a case that they see. Raises NotFound for another, as where there is no case.

    It is the rule of `people.seen_case`, for a step: to see a case is to hold a role in its house, own or lent.
    """
    actor = actor_on(unit, by, case.establishment, day)
    if not actor.roles:
        raise NotFound("case", case.id)
    return actor


def _lent(unit: Unit, name: str, establishment: str, day: date) -> dict[str, frozenset[str]]:
    """Give the roles that someone holds for each person they stand in for."""
    stood = absences_of(unit, day).replaced_by(name, day)
    lent: dict[str, frozenset[str]] = {}
    for row in absence_rows.roles_of(unit.connection, stood, establishment) if stood else ():
        lent[row.actor_id] = lent.get(row.actor_id, frozenset()) | {row.role}
    return lent


def stood_for(unit: Unit, actor: str, roles: Iterable[str]) -> list[str]:
    """Name those for whom someone acts, who could not by the roles of their own; `roles` are those that may."""
    deputy: Deputy | None = unit.deputy
    if deputy is None or deputy.id != actor:
        return []
    allowed = frozenset(roles)
    if deputy.own & allowed:
        return []
    return sorted(person for person, lent in deputy.lent.items() if lent & allowed)


def who_may(workflow: Workflow, kind: str, action: str | None, deadline: str | None) -> frozenset[str]:
    """Name the roles that may write a line of history: those of its act, of its date, or the staff."""
    if kind == "act" and is_name(action) and action in workflow.actions:
        by = workflow.actions[action].by
        return frozenset(by).union(*(workflow.enterers(name) for name in by))
    if kind == "postponement" and deadline in workflow.deadlines:
        return frozenset(workflow.deadlines[deadline].postponed_by)
    return frozenset(name for name, role in workflow.roles.items() if role.kind in STAFF)
