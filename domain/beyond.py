"""What a workflow says of the world beyond its case: the place it takes, the cases linked to it, its sessions."""

from typing import Literal

from .model import Model

PlaceMove = Literal["promise", "occupy", "keep", "to_free", "free"]
Ending = Literal["continue", "ask", "close"]

ASKED = "suite_du_lien"
"""The task that asks what becomes of a case when one linked to it has ended, unless a link names another."""


class Fit(Model):
    """One thing that makes a free place compatible with a case, and what to say where it is not.

    With `attribute`, a fact that is true needs a place that has it, and any other value the same one where the place
    has one. With `shared`, it is about who is in the same room: the same value for all (`same`), unless one names the
    other's file number in `unless`; or nobody else (`alone`) where it is true for one of them.
    """

    fact: str
    attribute: str | None = None
    shared: Literal["same", "alone"] | None = None
    unless: str | None = None
    otherwise: str


class PlaceKind(Model):
    """The kind of place a case takes, the fact that names it, what fits, and the dates that announce a departure."""

    kind: str
    fact: str
    fits: tuple[Fit, ...] = ()
    leaves: tuple[str, ...] = ()


class LinkKind(Model):
    """A role under which other cases are linked to this one.

    `gives` copies our facts to a case that is opened (its fact: ours), kept up to date there if it `follows`. `ends`
    says what becomes of it when this one ends. With `reverse` it is the link of that name, read from the other side.
    """

    label: str
    workflow: tuple[str, ...]
    opens_by: str | None = None
    gives: dict[str, str] = {}
    follows: bool = False
    ends: Ending = "continue"
    closed_by: str | None = None
    task: str = ASKED
    reverse: str | None = None
    row: tuple[str, ...] = ()


class MeetingKind(Model):
    """What makes a case a session: the body that meets, the fact that dates it, who is there, and its agenda."""

    body: str
    date: str
    members: str | None = None
    agenda: str
