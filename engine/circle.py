"""The cases linked to one, as a step sees them: read as they stand, or reached to be changed with it."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from ..domain.case import Actor
from ..domain.condition import Condition
from ..domain.errors import NotFound, Reason
from ..domain.linked import Linked
from ..domain.remembered import CLOCK
from ..domain.workflow import SYSTEM, Action
from ..persistence import links as rows
from .casefile import CaseFile, open_file, save

LINK = "lien:"
"""What begins the name under which a link acts: the end of one case closes another."""


def link_actor(link: str) -> Actor:
    """Give the actor under whose name a link acts."""
    return Actor(f"{LINK}{link}", "Automatique", frozenset({SYSTEM}))


def through(actor: str, link: str) -> str:
    """Name who did, in a linked case, what an act brings there: the same person, or the link for the clock."""
    return link_actor(link).id if actor.startswith((CLOCK, LINK)) else actor


def of_linked(title: str, reasons: Sequence[Reason]) -> list[Reason]:
    """Say of reasons that they come from a linked case, by the title of its programme."""
    return [
        Reason(one.code, {**one.data, "linked": title}, f"{title} : {one.text}" if one.text else "")
        for one in reasons
    ]


def asked(conditions: tuple[Condition, ...], subject: str) -> frozenset[str]:
    """Name what conditions ask of a subject (`linked`, `others`), in any of their parts."""
    return frozenset(name for part in _parts(conditions) for name in _named(getattr(part, subject)))


def _parts(conditions: tuple[Condition, ...]) -> Iterator[Condition]:
    for condition in conditions:
        yield condition
        inner = (*condition.any, *condition.all, *((condition.when,) if condition.when is not None else ()))
        yield from _parts(inner)


def _named(value: Any) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value or ())


def links_asked(file: CaseFile, rule: Action | None) -> Mapping[str, tuple[Linked, ...]]:
    """Give, by role, the linked cases that an action asks about; nothing is read for the others."""
    if rule is None or not file.workflow.links:
        return {}
    found = {name: tuple(linked(file, name)) for name in sorted(asked(rule.requires, "linked"))}
    if file.workflow.meeting is not None:
        from .meeting_ending import still_open

        found = {name: still_open(file, name, cases) for name, cases in found.items()}
    return found


def linked(file: CaseFile, name: str) -> Iterator[Linked]:
    """Give the cases linked under a role, the ended links apart, as they stand in this step."""
    kind = file.workflow.links[name]
    if kind.reverse is None:
        found = [row for row in rows.seen_from(file.connection, file.case.id) if row.name == name]
    else:
        found = [
            row for row in rows.seen_to(file.connection, file.case.id)
            if row.name == kind.reverse and row.workflow in kind.workflow
        ]  # fmt: skip
    for row in found:
        if row.ended_on is None:
            here = file.circle.get(row.other)
            state = here.case.state if here is not None else row.state
            terminal = file.known_workflow(row.workflow, row.version).states[state].terminal
            yield Linked(name, row.other, row.workflow, state, terminal, row.since)
    yield from _about_to_be(file, name)


def _about_to_be(file: CaseFile, name: str) -> Iterator[Linked]:
    """The case that opens this one is linked to it already, as far as its opening goes."""
    kind = file.workflow.links[name]
    if file.opened_from is None or file.case.id or kind.reverse != file.opened_from[1]:
        return
    other, _ = file.opened_from
    if other.case.workflow in kind.workflow:
        terminal = other.workflow.states[other.case.state].terminal if other.case.seq else False
        yield Linked(
            name, other.case.id, other.case.workflow, other.case.state, terminal, file.case.opened_on
        )


def reached(file: CaseFile, number: int, at: datetime) -> CaseFile:
    """Load a linked case under its lock, once in a step, and play what was already due on it."""
    if file.case.id:
        file.circle.setdefault(file.case.id, file)
    known = file.circle.get(number)
    if known is not None:
        return known
    other = open_file(file.unit, file.workflows, number)
    if other is None:
        raise NotFound("case", number)
    other.circle = file.circle
    file.circle[number] = other
    from .firing import play  # an act ends what it is linked to, and playing takes acts

    done = play(other, at)
    if done:
        save(other)
        file.unit.beside.extend(done)
    return other
