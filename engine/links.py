"""The verbs on the links of cases: linking two by hand, ending a link, and seeing both sides."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from ..domain.arguments import EARLIEST
from ..domain.beyond import LinkKind
from ..domain.case import Actor, Case, Event
from ..domain.errors import ActionRefused, NotFound, Reason
from ..domain.texts import is_name, paragraph
from ..domain.workflow import Workflow
from ..persistence import cases as case_rows
from ..persistence import links as rows
from ..persistence.database import Connection
from .casefile import CaseFile, Line, append, save
from .circle import reached
from .documents_kept import staff_only
from .link_facts import given_facts, set_facts
from .linking import given
from .meeting_guards import against_tying, against_untying
from .people import seen_by

LINKING, UNLINKING = "link", "unlink"
FROM, TO = "from", "to"


@dataclass(frozen=True, slots=True)
class Link:
    """A case linked to another, as that one sees it.

    `direction` is `to` for a link that this case has, `from` for one that the other has to it. `since` is the day of
    the link, `ended_on` the day on which someone ended it.
    """

    role: str
    label: str
    direction: str
    case_id: int
    number: str
    workflow: str
    title: str
    establishment: str
    state: str
    state_label: str
    terminal: bool
    since: date
    ended_on: date | None = None


@dataclass(frozen=True, slots=True)
class Side:
    """A link as its row has it: from which case, to which, under which name; `kind` is what the first says of it."""

    name: str
    kind: LinkKind
    holder: CaseFile
    linked: CaseFile


def links_seen(
    connection: Connection, workflows: Any, case: Case, seen: Sequence[str] | None
) -> Iterator[Link]:
    """Give the links of a case from both sides, oldest first, those to what someone may not see left out."""
    own: Workflow = workflows.rules(connection, case.workflow, case.version).workflow
    found = [(row, TO) for row in rows.seen_from(connection, case.id)]
    found += [(row, FROM) for row in rows.seen_to(connection, case.id)]
    for row, direction in sorted(found, key=lambda one: one[0].id):
        if seen is not None and row.establishment_id not in seen:
            continue
        other: Workflow = workflows.rules(connection, row.workflow, row.version).workflow
        role, label = _named(own, other, row, direction)
        state = other.states[row.state]
        yield Link(
            role, label, direction, row.other, f"D-{row.other:04d}", row.workflow, other.title, row.establishment_id,
            row.state, state.label, state.terminal, row.since, row.ended_on,
        )  # fmt: skip


def _named(own: Workflow, other: Workflow, row: Any, direction: str) -> tuple[str, str]:
    """Name a link as this side does; where it has no name for it, as the other does."""
    if direction == TO:
        return row.name, own.links[row.name].label
    mine = next(
        (
            name
            for name, kind in own.links.items()
            if kind.reverse == row.name and row.workflow in kind.workflow
        ),
        None,
    )
    return (mine, own.links[mine].label) if mine is not None else (row.name, other.links[row.name].label)


# -- by hand


def tie(file: CaseFile, number: int, role: str, actor: Actor, at: datetime, on: date | None) -> None:
    """Link a case to another under a role. Raises ActionRefused with every reason, NotFound."""
    day = on or file.civil_day(at)
    side, reasons = _side(LINKING, file, number, role, actor, at)
    reasons += _day_reasons(file, side, day, at)
    if _tied(side) is not None:
        reasons.append(Reason("link_exists", _data(side, file)))
    else:
        reasons += against_tying(side.holder, side.linked, side.name, at) or _differing(side, file)
    if reasons:
        raise ActionRefused(LINKING, reasons)
    holder, linked = side.holder, side.linked
    seq = holder.case.seq + 1
    _tell(side, "made", actor, at, day, {})
    rows.insert_link(
        file.connection,
        {"case_id": holder.case.id, "linked_id": linked.case.id, "name": side.name, "seq": seq, "since": day,
         "ended_on": None},
    )  # fmt: skip


def untie(file: CaseFile, number: int, role: str, actor: Actor, at: datetime, reason: Any) -> None:
    """End the link of a case with another under a role. Raises ActionRefused with every reason, NotFound."""
    if isinstance(reason, str):
        paragraph(reason, "reason")
    side, reasons = _side(UNLINKING, file, number, role, actor, at)
    row = _tied(side)
    if row is None:
        reasons.append(Reason("link_none", _data(side, file)))
    else:
        reasons += against_untying(side.holder, side.linked, side.name)
    if not isinstance(reason, str) or not reason.strip():
        reasons.append(Reason("reason_missing", {}))
    if reasons or row is None:
        raise ActionRefused(UNLINKING, reasons)
    day = max(file.civil_day(at), row.since)
    _tell(side, "ended", actor, at, day, {"reason": reason.strip()})
    rows.end_link(file.connection, row.id, day)


def _side(
    verb: str, file: CaseFile, number: int, role: str, actor: Actor, at: datetime
) -> tuple[Side, list[Reason]]:
    """Find the two sides of a link, and what is said against it. Raises ActionRefused, NotFound."""
    reasons = staff_only(file, actor)
    other = reached(file, number, at) if _seen(file, number, actor, at) else None
    if other is None:
        raise NotFound("case", number)
    named = role if is_name(role) else ascii(role)[:80]
    kind = file.workflow.links.get(named)
    if kind is None:
        data = {"link": named, "links": list(file.workflow.links)}
        raise ActionRefused(verb, [*reasons, Reason("link_unknown", data)])
    if number == file.case.id:
        raise ActionRefused(verb, [*reasons, Reason("link_itself", {"link": named, "label": kind.label})])
    if other.case.workflow not in kind.workflow:
        data = {"link": named, "label": kind.label, "case": other.case.number, "title": other.workflow.title}
        raise ActionRefused(verb, [*reasons, Reason("link_workflow", data)])
    if kind.reverse is None:
        return Side(named, kind, file, other), reasons
    declared = other.workflow.links.get(kind.reverse)
    if declared is None or declared.reverse is not None or file.case.workflow not in declared.workflow:
        data = {"link": named, "label": kind.label, "case": other.case.number, "title": other.workflow.title}
        raise ActionRefused(verb, [*reasons, Reason("link_workflow", data)])
    return Side(kind.reverse, declared, other, file), reasons


def _seen(file: CaseFile, number: int, actor: Actor, at: datetime) -> bool:
    row = case_rows.read_case(file.connection, number)
    if row is None:
        return False
    if row.establishment_id == file.house.id:
        return True
    seen = seen_by(file.connection, actor.id, at)
    return seen is None or row.establishment_id in seen


def _tied(side: Side) -> Any | None:
    return rows.read_link(side.holder.connection, side.holder.case.id, side.linked.case.id, side.name)


def _data(side: Side, file: CaseFile) -> dict[str, Any]:
    other = side.linked if side.holder is file else side.holder
    return {"link": side.name, "label": side.kind.label, "case": other.case.number}


def _day_reasons(file: CaseFile, side: Side, day: date, at: datetime) -> list[Reason]:
    today = file.civil_day(at)
    if day > today:
        return [Reason("effective_future", {"on": day.isoformat(), "today": today.isoformat()})]
    if day < EARLIEST:
        return [Reason("effective_too_old", {"on": day.isoformat()})]
    late = max((side.holder, side.linked), key=lambda one: one.case.opened_on)
    if day < late.case.opened_on:
        data = {"on": day.isoformat(), "case": late.case.number, "opened_on": late.case.opened_on.isoformat()}
        return [Reason("link_before_opening", data)]
    return []


def _differing(side: Side, file: CaseFile) -> list[Reason]:
    """Refuse a link that would replace what is known there: it may be the case of other people."""
    linked = side.linked
    names = (
        [name for name in _given(side) if linked.case.facts.get(name) is not None]
        if side.kind.follows
        else []
    )
    if not names:
        return []
    labels = [linked.workflow.facts[name].label for name in names]
    return [Reason("link_differs", {**_data(side, file), "facts": names, "labels": labels})]


def _tell(side: Side, change: str, actor: Actor, at: datetime, day: date, secret: dict[str, str]) -> None:
    """Write the line of both cases; what the link gives is given at once where it follows."""
    for mine, other, way in ((side.holder, side.linked, TO), (side.linked, side.holder, FROM)):
        body = {
            "change": change, "link": side.name, "label": side.kind.label, "case": other.case.id, "side": way,
        }  # fmt: skip
        if way == FROM and change == "ended":
            body |= _left(side)
        line = Line("link", at, day, actor.id, body=body, secret=secret)
        facts = _given(side) if way == FROM and change == "made" and side.kind.follows else {}
        if facts:
            set_facts(mine, replace(line, facts=facts), at)
        else:
            append(mine, line)
            mine.case = replace(mine.case, revision=mine.case.revision + 1)
        save(mine)


def _left(side: Side) -> dict[str, list[str]]:
    """Name what followed until the link ended: it stays as it is."""
    linked = side.linked
    names = [name for name in side.kind.gives if linked.case.facts.get(name) is not None]
    return {"follows_no_more": names} if side.kind.follows and names else {}


def _given(side: Side) -> dict[str, Any]:
    linked = side.linked
    if linked.workflow.states[linked.case.state].terminal:
        return {}
    return given_facts(linked, given(side.kind, side.holder.case.facts))


def made_by(event: Event) -> Iterator[tuple[str, int]]:
    """Give the links that a line of a case made: the role, and the other case."""
    if event.kind == "act":
        yield from ((one["link"], one["case"]) for one in event.body.get("opened", ()))
    elif event.kind == "link" and event.body["change"] == "made" and event.body["side"] == TO:
        yield event.body["link"], event.body["case"]
