"""What a step may look at or change beyond its case, known before it, and locked in one order.

The houses first, in the order of their names, then the cases, in the order of their numbers.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ..domain.texts import is_name
from ..domain.workflow import SYSTEM, Action, Workflow
from ..persistence import cases as case_rows
from ..persistence import links as rows
from ..persistence import people
from ..persistence.database import Connection
from .acting import needs_capacity
from .casefile import CaseFile
from .circle import asked
from .meeting_points import on_agendas
from .people import row_of
from .registry import Workflows
from .world import Unit

Far = Mapping[int, str | None]
"""Cases by number, and the house of each whose capacity its closing looks at."""


@dataclass(frozen=True, slots=True)
class Reach:
    """Whether a step looks at the capacity of its house, opens cases, through which links it goes, and to sessions.

    `sessions` says that it reaches the open sessions that have the case on their agendas.
    """

    capacity: bool = False
    opens: bool = False
    links: frozenset[str] = frozenset()
    sessions: bool = False

    def with_(self, other: "Reach") -> "Reach":
        """Give what both reach."""
        return Reach(
            self.capacity or other.capacity, self.opens or other.opens, self.links | other.links,
            self.sessions or other.sessions,
        )  # fmt: skip


def reach_of(
    workflows: Workflows, connection: Connection, workflow: Workflow, action: str | None = None, *,
    corrects: bool = False, undoes: bool = False,
) -> Reach:  # fmt: skip
    """Say what a step may reach, with what the clock may do before it: an act, or what puts things right.

    Only what undoes an act takes a case off the agendas of sessions.
    """
    links = frozenset(workflow.links) if corrects else frozenset()
    found = Reach(capacity=corrects, links=links, sessions=undoes)
    if action is not None:
        found = found.with_(_of_action(workflows, connection, workflow, action, ()))
    return found.with_(reach_of_clock(workflows, connection, workflow)) if workflow.links else found


def reach_of_clock(workflows: Workflows, connection: Connection, workflow: Workflow) -> Reach:
    """Say what the acts of the clock may reach through the links of a case."""
    found = Reach()
    for name in _by_clock(workflows, workflow):
        found = found.with_(_of_action(workflows, connection, workflow, name, ()))
    return found


def _by_clock(workflows: Workflows, workflow: Workflow) -> tuple[str, ...]:
    """Name the acts of the clock that may reach other cases; found once for a version."""
    if not workflow.links:
        return ()
    key = (workflow.workflow, workflow.version, "by_clock")
    known = workflows.kept.get(key)
    if known is None or known[0] is not workflow:
        names = tuple(
            name for name, action in workflow.actions.items()
            if SYSTEM in action.by and (action.opens or _links(workflow, name, action))
        )  # fmt: skip
        known = workflows.kept[key] = (workflow, names)
    found: tuple[str, ...] = known[1]
    return found


def _of_action(
    workflows: Workflows, connection: Connection, workflow: Workflow, action: str, seen: tuple[str, ...]
) -> Reach:
    rule = workflow.actions.get(action) if is_name(action) else None
    if rule is None:
        return Reach()
    found = Reach(needs_capacity(workflow, action), bool(rule.opens), _links(workflow, action, rule))
    for link in rule.opens:
        name = workflow.links[link].workflow[0]
        opened = workflows.latest(connection, name) if name not in seen else None
        if opened is None:
            continue
        for opening in opened.opening:
            more = _of_action(workflows, connection, opened, opening, (*seen, name))
            found = found.with_(Reach(more.capacity, more.opens))
    return found


def _links(workflow: Workflow, action: str, rule: Action) -> frozenset[str]:
    """Name the links through which an act goes: it asks about them, ends what they say, or gives what follows."""
    if not workflow.links:
        return frozenset()
    named = set(asked(rule.requires, "linked"))
    ends = rule.target in workflow.states and workflow.states[rule.target or ""].terminal
    touched = {*rule.form, *rule.optional, *rule.set}
    touched |= {name for name, fact in workflow.facts.items() if action in fact.of}
    for name, kind in workflow.links.items():
        let_go = workflow.meeting is not None and workflow.meeting.agenda == name
        if (ends and (let_go or kind.ends != "continue")) or (
            kind.follows and touched & set(kind.gives.values())
        ):
            named.add(name)
    return frozenset(named)


def hold(unit: Unit, workflows: Workflows, row: Any, reach: Reach, more: tuple[int, ...] = ()) -> None:
    """Lock what a step may reach from a case, and other cases; SQLite's transaction has the only lock already.

    The links are read again under the lock: a case that was linked meanwhile is locked in its turn.
    """
    connection = unit.connection
    if connection.dialect.name == "sqlite" or not (reach.opens or reach.links or reach.sessions or more):
        return
    if reach.opens:
        people.share_house(connection, row.establishment_id)
    while reach.links or reach.sessions or more:
        found = _circle(connection, workflows, row, reach, more)
        savepoint = connection.begin_nested()
        houses = {house for house in found.values() if house is not None}
        for house in sorted(houses | ({row.establishment_id} if reach.capacity else set())):
            row_of(connection, house, lock=True)
        rows.lock_cases(connection, found)
        if _circle(connection, workflows, row, reach, more) == found:
            savepoint.commit()
            return
        savepoint.rollback()  # what was locked since it is let go of, to be locked again in order


def reaches_by_clock(file: CaseFile) -> bool:
    """Say whether an act of the clock may reach other cases; on SQLite the transaction has the only lock already."""
    if not file.workflow.links or file.connection.dialect.name == "sqlite":
        return False
    found = reach_of_clock(file.workflows, file.connection, file.workflow)
    return bool(found.opens or found.links)


def hold_for_clock(unit: Unit, workflows: Workflows, case_id: int) -> None:
    """Lock what the acts of the clock may reach from a case."""
    row = case_rows.read_case(unit.connection, case_id)
    if row is not None:
        workflow = workflows.rules(unit.connection, row.workflow, row.version).workflow
        hold(unit, workflows, row, reach_of_clock(workflows, unit.connection, workflow))


def _circle(
    connection: Connection, workflows: Workflows, row: Any, reach: Reach, more: tuple[int, ...]
) -> Far:
    """Follow the links of a case, then those by which what is reached may reach others."""
    found: dict[int, str | None] = {row.id: None}
    todo: list[tuple[int, str | None]] = [(number, None) for number in more]
    todo += _through(connection, workflows, row, reach.links)
    while todo:
        number, house = todo.pop()
        known = number in found
        found[number] = house or found.get(number)
        if known:
            continue
        other = case_rows.read_case(connection, number)
        if other is not None:
            workflow = workflows.rules(connection, other.workflow, other.version).workflow
            further = frozenset(
                name for name, kind in workflow.links.items() if kind.follows or kind.ends != "continue"
            )
            todo += _through(connection, workflows, other, further)
    if reach.sessions:  # of their agendas only this case is touched: their other cases are left free
        on = on_agendas(connection, workflows, [row.id])
        found = {**dict.fromkeys((session for _, session, _ in on), None), **found}
    return found


def _through(
    connection: Connection, workflows: Workflows, row: Any, names: frozenset[str]
) -> Iterator[tuple[int, str | None]]:
    """Give the cases at the other end of the links of a case, and the house whose capacity one's closing looks at."""
    if not names:
        return
    workflow: Workflow = workflows.rules(connection, row.workflow, row.version).workflow
    for link in rows.links_from(connection, row.id):
        if link.name in names and link.name in workflow.links:
            yield (
                link.linked_id,
                _house(connection, workflows, link.linked_id, workflow.links[link.name].closed_by),
            )
    reversed_ = {workflow.links[name].reverse for name in names} - {None}
    if reversed_:
        yield from (
            (link.case_id, None) for link in rows.links_to(connection, row.id) if link.name in reversed_
        )


def _house(connection: Connection, workflows: Workflows, number: int, closed_by: str | None) -> str | None:
    other = case_rows.read_case(connection, number) if closed_by is not None else None
    if other is None:
        return None
    workflow = workflows.rules(connection, other.workflow, other.version).workflow
    house: str = other.establishment_id
    return house if needs_capacity(workflow, closed_by or "") else None
