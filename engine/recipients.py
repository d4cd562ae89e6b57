"""Who is told: from the words of a notice to people, their addresses, or a sheet of paper.

What would go to someone who is away goes to their deputy; without one, to the others who hold the role, else to those
who supervise, else to the person all the same: nothing is lost.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from ..domain.case import Case
from ..domain.workflow import Role, Workflow
from .absences import Absences

ACTOR = "actor:"
ROLE = "role:"
UNNAMED = "Personne anonyme"


@dataclass(frozen=True, slots=True)
class Recipient:
    """One person or mailbox told of something, in a role; without an address, on paper."""

    role: str
    ref: str
    name: str = ""
    address: str | None = None
    language: str = "fr"
    staff: bool = False
    deputy: str | None = None  # who is told in their place

    @property
    def on_paper(self) -> bool:
        """Say whether the message is to be printed and handed over."""
        return self.address is None

    @property
    def reader(self) -> str:
        """Name who reads it in the end."""
        return self.ref if self.deputy is None else f"{ACTOR}{self.deputy}"


@dataclass(frozen=True, slots=True)
class Presence:
    """Who is away on a day, and who stands in for them."""

    absences: Absences
    day: date

    def away(self, recipient: Recipient) -> bool:
        """Say whether someone is away."""
        kind, _, person = recipient.ref.partition(":")
        return kind == "actor" and self.absences.away(person, self.day) is not None

    def there(self, recipients: Iterable[Recipient]) -> list[Recipient]:
        """Keep those who can be told: who is there, and who is away with a deputy, who is told then."""
        return [one for recipient in recipients if (one := self._there(recipient)) is not None]

    def _there(self, recipient: Recipient) -> Recipient | None:
        if not self.away(recipient):
            return recipient
        row = self.absences.deputy(recipient.ref.removeprefix(ACTOR), self.day)
        if row is None:
            return None
        address = row.address if row.consent else None
        return replace(
            recipient, name=row.deputy_name, address=address, language=row.language, deputy=row.deputy_id
        )


def recipients(
    workflow: Workflow, case: Case, members: Sequence[Any], tokens: Iterable[str], who: Iterable[str],
    presence: Presence | None = None,
) -> list[Recipient]:  # fmt: skip
    """Find everyone a notice is for, each once, among the `members` of the house. `who` are the roles that must act."""
    found: dict[str, Recipient] = {}
    for word in tokens:
        told = [
            recipient for role in roles_of(workflow, (word,), tuple(who))
            for recipient in reached(workflow, case, role, members, presence)
        ]  # fmt: skip
        for recipient in _held(told):
            known = found.get(recipient.reader)
            if known is None or (known.deputy is not None and recipient.deputy is None):
                found[recipient.reader] = recipient
    named = [one for one in found.values() if not _unnamed(one, case)]
    return named or list(found.values())


def _unnamed(recipient: Recipient, case: Case) -> bool:
    """Say whether a fact of the case should name someone and does not: no sheet for them, where others are told."""
    kind, _, fact = recipient.ref.partition(":")
    return kind == "fact" and case.facts.get(fact) is None


def _held(told: Sequence[Recipient]) -> Sequence[Recipient]:
    """Leave out the roles that nobody holds, where others are told by the same word: a house need not have them all."""
    someone = [one for one in told if not one.ref.startswith(ROLE)]
    return someone or told


def reached(
    workflow: Workflow, case: Case, role: str, members: Sequence[Any], presence: Presence | None
) -> list[Recipient]:
    """Give who is told of something as the holders of a role, on the day of `presence`."""
    named = list(_holders(workflow, case, role, members))
    if presence is None or not any(map(presence.away, named)):
        return named
    there = presence.there(named)
    return there or instead(workflow, case, role, members, presence) or named


def instead(
    workflow: Workflow, case: Case, role: str, members: Sequence[Any], presence: Presence
) -> list[Recipient]:
    """Give who is told where nobody who is named can be: the others of the role, else those who supervise."""
    others = presence.there(_members(workflow, role, members))
    if others:
        return others
    return [
        one for name in workflow.escalation
        for one in presence.there(_holders(workflow, case, name, members)) if one.ref.startswith(ACTOR)
    ]  # fmt: skip


def roles_of(workflow: Workflow, tokens: Iterable[str], who: tuple[str, ...]) -> Iterator[str]:
    """Give the roles that the words of a notice name; `who` are those that must act."""
    for word in tokens:
        if word == "who":
            yield from who or workflow.referent
        elif word == "escalation":
            yield from workflow.escalation
        elif word == "referent":
            yield from workflow.referent
        elif word == "household":
            yield next((name for name, role in workflow.roles.items() if role.kind == "household"), "")
        else:
            yield word


def _holders(workflow: Workflow, case: Case, name: str, members: Sequence[Any]) -> Iterator[Recipient]:
    role = workflow.roles.get(name)
    if role is None:
        return
    if role.kind == "household":
        fact = role.contact or household_fact(workflow, case.facts)
        yield _of_fact(name, role, fact, case.facts.get(fact))
        return
    if role.contact is not None:
        yield _of_fact(name, role, role.contact, case.facts.get(role.contact))
        return
    holders = _members(workflow, name, members)
    if name in workflow.referent and _followed(workflow, case, members):
        # One person follows the case, in one of these roles: nobody else is told in any of them.
        yield from (one for one in holders if one.ref == f"{ACTOR}{case.referent}")
        return
    yield from holders
    if not holders:
        yield Recipient(name, f"{ROLE}{name}", role.label, None, staff=role.kind != "partner")


def _followed(workflow: Workflow, case: Case, members: Sequence[Any]) -> bool:
    """Say whether who follows the case holds here a role that may follow it."""
    return any(member.id == case.referent and member.role in workflow.referent for member in members)


def _members(workflow: Workflow, name: str, members: Sequence[Any]) -> list[Recipient]:
    """Give the people who hold a role in the house."""
    staff = workflow.roles[name].kind != "partner"
    return [
        Recipient(
            name, f"{ACTOR}{member.id}", member.name, member.address if member.consent else None, member.language,
            staff=staff,
        )
        for member in members if member.role == name
    ]  # fmt: skip


def household_fact(workflow: Workflow, facts: Mapping[str, Any]) -> str:
    """Name the fact that says who the household is, and where it is told: the first that is known."""
    named = [name for name, fact in workflow.facts.items() if fact.type in ("household", "person")]
    return next((name for name in named if facts.get(name) is not None), named[0] if named else "")


def name_in(contact: Mapping[str, Any]) -> str:
    """Name someone as a letter does, the one who gives no name included."""
    return UNNAMED if contact.get("anonymous") else str(contact.get("name", ""))


def _of_fact(name: str, role: Role, ref: str, contact: Mapping[str, Any] | None) -> Recipient:
    known = contact or {}
    reached = known.get("consent", True) and not role.paper
    return Recipient(
        name, f"fact:{ref}", name_in(known), known.get("email") if reached else None,
        str(known.get("language", "fr")),
    )  # fmt: skip
