"""Who is in the house of a story: one person a role unless it says otherwise, and whoever its acts name."""

import difflib
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from ..domain.errors import InputError
from ..domain.workflow import SYSTEM, Workflow
from ..engine.people import slug
from ..workflows.report import suggestion
from .page import Page
from .story import Act, Member, Path

ADDRESS = "{}@maison.example"
_CLOSE = 0.85  # a name nearer than this to a known one is taken for a slip of the pen


def held_roles(workflow: Workflow) -> list[str]:
    """Name the roles that someone holds by an account: not the household, nor who is told through a fact."""
    return [
        name for name, role in workflow.roles.items()
        if role.kind in ("staff", "body", "partner") and role.contact is None
    ]  # fmt: skip


def staff_roles(workflow: Workflow) -> list[str]:
    """Name the roles of the house's own people."""
    return [name for name, role in workflow.roles.items() if role.kind == "staff"]


def read_people(page: Page, known: Collection[str], value: Any, path: Path) -> list[Member]:
    """Read `people`: `claire: role`, `claire: [roles]` or `claire: {roles, name, address}`; `known` are the roles."""
    found = []
    for name, held in page.table(value, path).items():
        place = (*path, name)
        person = (
            {"roles": held}
            if not isinstance(held, dict)
            else page.table(held, place, ("roles", "name", "address"))
        )
        if not _is_identifier(page, name, place):
            continue
        roles = page.names(
            "fonction", person.get("roles"), known, (*place, "roles") if isinstance(held, dict) else place
        )
        label = page.text(person["name"], (*place, "name")) if "name" in person else name.title()
        address: str | None = ADDRESS.format(name)
        if "address" in person:
            written = page.text(person["address"], (*place, "address"))
            address = None if written == "aucune" else written
        found.append(Member(name, label or name, roles, address))
    return found


def cast(
    page: Page,
    workflows: Iterable[Workflow],
    declared: Iterable[Member],
    acts: Iterable[tuple[Workflow, Act]],
) -> tuple[Member, ...]:
    """Give everyone of the house: those declared, one person for each role that nobody has, those whom acts name."""
    found = {member.id: member for member in declared}
    taken = {role for member in found.values() for role in member.roles}
    for workflow in workflows:
        for role in held_roles(workflow):
            if role not in taken and role not in found:
                found[role] = Member(role, workflow.roles[role].label, (role,), ADDRESS.format(role))
    for name, roles in _named(page, found, acts).items():
        found[name] = Member(name, name.title(), tuple(roles), ADDRESS.format(name))
    return tuple(found.values())


def _named(
    page: Page, known: Mapping[str, Member], acts: Iterable[tuple[Workflow, Act]]
) -> dict[str, dict[str, None]]:
    """Give whoever acts without having been declared, with the roles of the acts that they do."""
    found: dict[str, dict[str, None]] = {}
    for workflow, act in acts:
        if act.by is None or act.by in known:
            continue
        near = difflib.get_close_matches(act.by, known, n=1, cutoff=_CLOSE)
        if near:
            page.fault(
                (*act.path, "by"), f"personne inconnue « {act.by} »{suggestion(near[0])}", "unknown_name"
            )
            continue
        if not _is_identifier(page, act.by, (*act.path, "by")):
            continue
        roles = found.setdefault(act.by, {})
        if act.more.get("refused"):
            continue
        role = role_for(workflow, act.name) if act.kind == "act" else next(iter(staff_roles(workflow)), None)
        if role is not None:
            roles[role] = None
    return found


def role_for(workflow: Workflow, action: str) -> str | None:
    """Name the role whose holder does an act, or enters it for who does it."""
    by = workflow.actions[action].by
    holders = held_roles(workflow)
    for name in by:
        if name in holders:
            return name
    for name in by:
        role = workflow.roles.get(name)
        if role is not None and role.entered_by:
            return role.entered_by[0]
    return next(iter(staff_roles(workflow)), None)


def doer(workflow: Workflow, people: Iterable[Member], action: str) -> str:
    """Name who does an act where the story does not say."""
    everyone = tuple(people)
    wanted = role_for(workflow, action)
    found = next((member.id for member in everyone if wanted in member.roles), None)
    return found or (everyone[0].id if everyone else SYSTEM)


def _is_identifier(page: Page, name: str, path: Path) -> bool:
    try:
        slug(name, "people")
    except InputError:
        text = "un identifiant de personne s’écrit en minuscules, chiffres, - et _"
        page.fault(path, text, "name", key=True)
        return False
    return True
