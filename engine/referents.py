"""Who follows a case: given at its opening, changed by a line of its history, and what waits for the one before."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from typing import Any

from ..domain.errors import ActionRefused, Reason
from ..domain.texts import paragraph
from ..domain.workflow import Workflow
from ..persistence import outbox
from .casefile import CaseFile, Line, append
from .deputies import STAFF
from .recipients import ACTOR


def hand_over(file: CaseFile, to: str, actor: str, at: datetime, reason: str | None) -> int:
    """Give a case to someone, with its line of history; the messages that wait for the referent go to them.

    Gives the number of these messages. Nothing is written where they follow it already.
    """
    before = file.case.referent
    if before == to:
        return 0
    body = {"from": before, "to": to}
    secret = {"reason": reason} if reason else {}
    append(file, Line("referent", at, file.civil_day(at), actor, body=body, secret=secret))
    file.case = replace(file.case, referent=to)
    if before is None:
        return 0
    return sum(
        outbox.readdress(file.connection, file.case.id, role, f"{ACTOR}{before}", f"{ACTOR}{to}")
        for role in file.workflow.referent
    )


def staff_of(workflow: Workflow) -> frozenset[str]:
    """Name the roles of the house."""
    return frozenset(name for name, role in workflow.roles.items() if role.kind in STAFF)


def followers_of(workflow: Workflow) -> frozenset[str]:
    """Name the roles of those who may follow a case: those of the referent, or any of the house."""
    return frozenset(workflow.referent) or staff_of(workflow)


def lacks_role(
    workflow: Workflow, person: str, held: Collection[str], allowed: frozenset[str]
) -> Reason | None:
    """Say that someone holds none of the roles that are allowed."""
    if allowed.intersection(held):
        return None
    roles = sorted(allowed)
    labels = [workflow.roles[name].label for name in roles]
    return Reason("role", {"actor": person, "roles": roles, "labels": labels})


def checked_reason(reason: Any, action: str, *, needed: bool) -> str | None:
    """Read why a case changes hands. Raises InputError, ActionRefused where it is needed and missing."""
    text = paragraph(reason, "reason").strip() if reason is not None else ""
    if needed and not text:
        raise ActionRefused(action, [Reason("reason_missing", {})])
    return text or None
