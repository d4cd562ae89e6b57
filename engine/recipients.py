"""Who is told: from the words of a notice to people, their addresses, or a sheet of paper."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..domain.case import Case
from ..domain.workflow import Workflow


@dataclass(frozen=True, slots=True)
class Recipient:
    """One person or mailbox told of something, in a role; without an address, on paper."""

    role: str
    ref: str
    name: str = ""
    address: str | None = None
    language: str = "fr"
    staff: bool = False

    @property
    def on_paper(self) -> bool:
        """Say whether the message is to be printed and handed over."""
        return self.address is None


def recipients(
    workflow: Workflow, case: Case, members: Sequence[Any], tokens: Iterable[str], who: Iterable[str]
) -> list[Recipient]:
    """Find everyone a notice is for, each once, among the `members` of the house. `who` are the roles that must act."""
    found: dict[str, Recipient] = {}
    for role in roles_of(workflow, tokens, tuple(who)):
        for recipient in _holders(workflow, case, role, members):
            found.setdefault(recipient.ref, recipient)
    return list(found.values())


def roles_of(workflow: Workflow, tokens: Iterable[str], who: tuple[str, ...]) -> Iterator[str]:
    """Give the roles that the words of a notice name; `who` are those that must act."""
    for word in tokens:
        if word == "who":
            yield from who or ((workflow.referent,) if workflow.referent else ())
        elif word == "escalation":
            yield from workflow.escalation
        elif word == "referent":
            yield workflow.referent or ""
        elif word == "household":
            yield next((name for name, role in workflow.roles.items() if role.kind == "household"), "")
        else:
            yield word


def _holders(workflow: Workflow, case: Case, name: str, members: Sequence[Any]) -> Iterator[Recipient]:
    role = workflow.roles.get(name)
    if role is None:
        return
    if role.kind == "household":
        fact = household_fact(workflow)
        yield _of_fact(name, fact, case.facts.get(fact))
        return
    if role.contact is not None:
        yield _of_fact(name, role.contact, case.facts.get(role.contact))
        return
    holders = [member for member in members if member.role == name]
    referent = [member for member in holders if member.id == case.referent]
    for member in referent if referent and name == workflow.referent else holders:
        address = member.address if member.consent else None
        yield Recipient(
            name, f"actor:{member.id}", member.name, address, member.language, staff=role.kind != "partner"
        )
    if not holders:
        yield Recipient(name, f"role:{name}", role.label, None, staff=role.kind != "partner")


def household_fact(workflow: Workflow) -> str:
    """Name the fact that says who the household is, and where it is told."""
    return next((name for name, fact in workflow.facts.items() if fact.type == "household"), "")


def _of_fact(role: str, ref: str, contact: Mapping[str, Any] | None) -> Recipient:
    known = contact or {}
    agrees = known.get("consent", True)
    return Recipient(
        role, f"fact:{ref}", str(known.get("name", "")), known.get("email") if agrees else None,
        str(known.get("language", "fr")),
    )  # fmt: skip
