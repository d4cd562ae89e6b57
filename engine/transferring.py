"""All the cases that someone follows, handed over to another: batch by batch, each case all or nothing."""

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..domain.errors import ActionRefused, JalonError, NotFound, Reason, StorageError
from ..domain.texts import looked_up
from ..persistence import people as people_rows
from ..persistence import referents as rows
from .absences import identifier
from .acting import house_day
from .casefile import CaseFile
from .deputies import actor_on
from .people import Houses, seen_by
from .referents import checked_reason, followers_of, hand_over, lacks_role, staff_of
from .registry import Workflows
from .steps import Steps
from .stored import case_of
from .world import Unit, World

BATCH = 50
NAME = "transfer"
Told = Callable[[int, int], object]

_logger = logging.getLogger("jalon")


@dataclass(frozen=True, slots=True)
class Kept:
    """Cases that were not handed over, all of one house and one workflow, and why."""

    establishment: str
    workflow: str
    cases: tuple[int, ...]
    reason: Reason


@dataclass(slots=True)
class Transfer:
    """What a transfer did: the cases handed over, those kept and why, and how many waiting messages follow them."""

    person: str
    to: str
    cases: list[int] = field(default_factory=list)
    kept: list[Kept] = field(default_factory=list)
    notices: int = 0


@dataclass(frozen=True, slots=True)
class Order:
    """Who gives to whom, who asks for it, and why."""

    person: str
    to: str
    by: str
    reason: str | None


class Transferring:
    """One transfer, as of one instant."""

    def __init__(self, world: World, workflows: Workflows, session: Any = None) -> None:
        self._world = world
        self._workflows = workflows
        self._steps = Steps(world, workflows)
        self._session = session
        self._at = world.now()

    def transfer(
        self, person: Any, to: Any, *, establishment: str | None, workflow: str | None, by: Any, reason: Any,
        told: Told | None,
    ) -> Transfer:  # fmt: skip
        """Hand over. Raises ActionRefused, InputError, NotFound before anything is written.

        Nothing is said of the cases that who asks does not see.
        """
        order = Order(
            identifier(person), identifier(to), identifier(by), checked_reason(reason, NAME, needed=True)
        )
        if order.person == order.to:
            raise ActionRefused(NAME, [Reason("transfer_self", {"person": order.person})])
        for kind, name in (("establishment", establishment), ("workflow", workflow)):
            if name is not None:
                looked_up(name, kind)
        report = Transfer(order.person, order.to)
        with self._world.writing(self._session) as unit:
            _known(unit, order, establishment, workflow)
            seen = seen_by(unit.connection, order.by, self._at) or ()
            if establishment is not None and establishment not in seen:
                raise NotFound("establishment", establishment)
            followed = rows.followed(unit.connection, order.person, establishment, workflow)
            found = [row for row in followed if row.establishment_id in seen]
            report.kept.extend(self._refused(unit, found, order))
        kept = {number for one in report.kept for number in one.cases}
        numbers = [row.id for row in found if row.id not in kept]
        for start in range(0, len(numbers), BATCH):
            batch = numbers[start : start + BATCH]
            self._catch_up(batch)
            self._batch(batch, order, report)
            if told is not None:
                told(min(start + BATCH, len(numbers)), len(numbers))
        return report

    def _refused(self, unit: Unit, found: Sequence[Any], order: Order) -> Iterator[Kept]:
        """Say which houses keep their cases: the new one may not follow them, or who asks may not give them."""
        houses = Houses(unit.connection)
        grouped: dict[tuple[str, str, int], list[int]] = {}
        for row in found:
            grouped.setdefault((row.establishment_id, row.workflow, row.version), []).append(row.id)
        for (house, name, version), numbers in grouped.items():
            workflow = self._workflows.rules(unit.connection, name, version).workflow
            held = {row.role for row in people_rows.read_roles(unit.connection, order.to, house)}
            author = actor_on(unit, order.by, house, house_day(houses.house(house), self._at))
            reason = lacks_role(workflow, order.to, held, followers_of(workflow)) or lacks_role(
                workflow, order.by, author.roles, staff_of(workflow)
            )
            if reason is not None:
                yield Kept(house, name, tuple(numbers), reason)

    def _catch_up(self, batch: Sequence[int]) -> None:
        """Play what is already due on each case; one that cannot be played changes hands all the same."""
        with self._world.reading(self._session) as connection:
            due = rows.due_among(connection, batch, self._at)
        for number in due:
            try:
                with self._world.writing(self._session) as unit:
                    self._steps.catch_up(self._steps.open(unit, number), self._at)
            except StorageError:
                raise
            except Exception:
                _logger.exception("what is due on case %s cannot be played", number)

    def _batch(self, batch: Sequence[int], order: Order, report: Transfer) -> None:
        """Hand over some cases in one transaction; one that cannot be written down stays as it was, alone."""
        done: list[int] = []
        notices = 0
        with self._world.writing(self._session) as unit:
            houses = Houses(unit.connection)
            for row in rows.lock(unit.connection, batch, order.person):
                happened = len(unit.happenings)
                try:
                    with unit.connection.begin_nested():
                        notices += self._one(unit, houses, row, order)
                    done.append(row.id)
                except StorageError:
                    raise
                except Exception as error:
                    _logger.exception("case %s cannot be handed over", row.id)
                    del unit.happenings[happened:]
                    code = error.code if isinstance(error, JalonError) else type(error).__name__
                    reason = Reason("transfer_failed", {"error": code})
                    report.kept.append(Kept(row.establishment_id, row.workflow, (row.id,), reason))
        report.cases.extend(done)
        report.notices += notices

    def _one(self, unit: Unit, houses: Houses, row: Any, order: Order) -> int:
        """Hand over one case, of which only the end of the history is needed; give the messages that follow."""
        rules = self._workflows.rules(unit.connection, row.workflow, row.version)
        house = houses.house(row.establishment_id)
        actor_on(unit, order.by, house.id, house_day(house, self._at))
        file = CaseFile(unit, case_of(row, rules.workflow), rules, house, {}, [], [], [], [])
        count = hand_over(file, order.to, order.by, self._at, order.reason)
        rows.give(unit.connection, row.id, order.to, file.case.seq, file.case.head)
        return count


def _known(unit: Unit, order: Order, establishment: str | None, workflow: str | None) -> None:
    """Raise NotFound for who or what nobody knows; only who gives their cases away may be inactive."""
    for name in (order.person, order.to, order.by):
        row = people_rows.read_actor(unit.connection, name)
        if row is None or (name != order.person and not row.active):
            raise NotFound("actor", name)
    if establishment is not None and people_rows.read_establishment(unit.connection, establishment) is None:
        raise NotFound("establishment", establishment)
    if workflow is not None and people_rows.read_version(unit.connection, workflow) is None:
        raise NotFound("workflow", workflow)
