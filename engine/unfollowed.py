"""Who follows cases on a day: whether the referent is away, who stands in, and the cases that nobody follows."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from ..domain.explain_dates import long_date
from ..domain.workflow import Workflow
from ..persistence import worklists
from ..persistence.database import Connection
from .absences import Absences

NAME = "sans_referent"
ALONE = "Dossier sans référent : "


class Away(NamedTuple):
    """The absence of a referent on a day: its first and last days, and who stands in."""

    since: date | None = None
    until: date | None = None
    deputy: str | None = None


THERE = Away()


@dataclass(frozen=True, slots=True)
class Known:
    """Someone who follows cases: their name, whether they may act, and their roles by house."""

    name: str
    active: bool
    roles: dict[str, set[str]] = field(default_factory=dict)


def away_on(absences: Absences, person: str | None, day: date) -> Away:
    """Say whether a referent is away on a day."""
    row = absences.away(person, day) if absences else None
    if row is None or person is None:
        return THERE
    deputy = absences.deputy(person, day)
    return Away(row.since, row.until, None if deputy is None else deputy.deputy_id)


def known_people(connection: Connection, people: set[str]) -> dict[str, Known]:
    """Read people and the roles that they hold."""
    found: dict[str, Known] = {}
    for row in worklists.roles_held(connection, people) if people else ():
        known = found.setdefault(row.id, Known(row.name, row.active, {}))
        if row.role is not None:
            known.roles.setdefault(row.establishment_id, set()).add(row.role)
    return found


def unfollowed(workflow: Workflow, following: Any, people: Mapping[str, Known], away: Away) -> str | None:
    """Say why nobody follows the cases of a referent, in a sentence; None where someone does."""
    if not workflow.referent:
        return None
    person = people.get(following.referent_id or "")
    if person is None:
        return f"{ALONE}personne ne le suit"
    if not person.active:
        return f"{ALONE}{person.name} n’agit plus"
    if not person.roles.get(following.establishment_id, set()).intersection(workflow.referent):
        return f"{ALONE}{person.name} n’a plus {_roles(workflow)} ici"
    if away.since is not None and away.deputy is None:
        when = (
            f"depuis le {long_date(away.since)}"
            if away.until is None
            else f"jusqu’au {long_date(away.until)}"
        )
        return f"{ALONE}{person.name} n’est pas là {when}, sans remplaçant"
    return None


def _roles(workflow: Workflow) -> str:
    """Name the roles of which one is needed to follow a case."""
    *others, last = [f"« {workflow.roles[name].label} »" for name in workflow.referent]
    return f"aucune des fonctions {', '.join(others)} et {last}" if others else f"la fonction {last}"


def names_in(followings: Any) -> Iterator[str]:
    """Name the referents of cases."""
    return (row.referent_id for row in followings if row.referent_id is not None)
