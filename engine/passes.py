"""A pass over all that is due: it ends, it can be run twice, and one poisoned case never stops the others."""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from ..domain.arguments import checked_limit
from ..persistence import dates
from .arming import step_row
from .casefile import CaseFile, open_file, save
from .catching import Dropped
from .firing import Fired, play, set_aside
from .reach import hold_for_clock, reaches_by_clock
from .registry import Workflows
from .stored import step_of
from .together import play_together
from .world import Unit, World

TOGETHER = 500
ONE_BY_ONE = 100

_logger = logging.getLogger("jalon")


@dataclass(frozen=True, slots=True)
class Failed:
    """A case that a pass set aside, and why: it is tried again later."""

    case_id: int
    error: str
    retry_at: datetime | None


@dataclass(slots=True)
class PassReport:
    """What a pass did: the rungs it fired, the cases it set aside, and the late messages it dropped."""

    at: datetime
    fired: list[Fired] = field(default_factory=list)
    failed: list[Failed] = field(default_factory=list)
    dropped: list[Dropped] = field(default_factory=list)

    def add(self, done: Iterable[Fired | Dropped]) -> None:
        """Note what was done on a case."""
        for one in done:
            if isinstance(one, Fired):
                self.fired.append(one)
            else:
                self.dropped.append(one)


class Passes:
    """Runs passes."""

    def __init__(self, world: World, workflows: Workflows) -> None:
        self._world = world
        self._workflows = workflows

    def run_due(self, limit: int | None = None, *, at: datetime | None = None) -> PassReport:
        """Fire everything that is due now, oldest first, and stop; `limit` bounds the number of rungs.

        What is dropped does not count, and a series of which only the last message leaves is not cut.
        """
        limit = checked_limit(limit)
        at = at or self._world.now()
        report = PassReport(at)
        aside: set[int] = set()
        while limit is None or len(report.fired) < limit:
            told = len(report.fired), len(report.dropped)
            with self._world.writing() as unit:
                batch = dates.due_cases(unit.connection, at, TOGETHER, aside)
                others = batch if limit is not None else self._together(unit, batch, report)
                for case_id in others[:ONE_BY_ONE]:
                    left = None if limit is None else limit - len(report.fired)
                    if left is not None and left <= 0:
                        return report
                    self._one(unit, case_id, at, report, left)
            if not batch:
                return report
            # A case that failed, or that another pass has, is not looked at again in this one.
            played = {one.case_id for one in report.fired[told[0] :]}
            played.update(one.case_id for one in report.dropped[told[1] :])
            aside.update(case_id for case_id in batch if case_id not in played)
            aside.difference_update(others[ONE_BY_ONE:])
        return report

    def _together(self, unit: Unit, batch: Sequence[int], report: PassReport) -> Sequence[int]:
        """Fire what can be fired for many cases at once; give those that remain to be played one by one."""
        if len(batch) < 2:
            return batch
        told = len(unit.happenings)
        savepoint = unit.connection.begin_nested()
        try:
            done, others = play_together(unit, self._workflows, batch, report.at)
            savepoint.commit()
        except Exception:
            # One of them is poisoned: each is tried under a savepoint of its own, which tells which.
            _logger.warning("%s cases are played one by one", len(batch), exc_info=True)
            savepoint.rollback()
            del unit.happenings[told:]
            unit.beside.clear()
            return batch
        report.add([*unit.beside, *done])
        unit.beside.clear()
        return others

    def _one(self, unit: Unit, case_id: int, at: datetime, report: PassReport, limit: int | None) -> None:
        """Play one case under a savepoint: what fails there is undone alone."""
        told = len(unit.happenings)
        savepoint = unit.connection.begin_nested()
        file: CaseFile | None = None
        try:
            file = open_file(unit, self._workflows, case_id, skip=True)
            if file is not None and reaches_by_clock(file):
                savepoint.rollback()  # let go of, to be locked in order with those that it may reach
                savepoint = unit.connection.begin_nested()
                hold_for_clock(unit, self._workflows, case_id)
                file = open_file(unit, self._workflows, case_id, skip=True)
            if file is not None:
                done = play(file, at, limit)
                save(file)
                report.add([*unit.beside, *done])
            savepoint.commit()
        except Exception as error:
            _logger.exception("case %s is set aside", case_id)
            savepoint.rollback()
            del unit.happenings[told:]
            report.failed.append(self._put_off(unit, case_id, error, at))
        unit.beside.clear()

    def _put_off(self, unit: Unit, case_id: int, error: Exception, at: datetime) -> Failed:
        """Put off the first rung that is due on a case that failed, and so the case."""
        retry_at: datetime | None = None
        for row in dates.read_rungs(unit.connection, case_id):
            if row.status == "pending" and row.fire_at <= at:
                step = step_of(row)
                set_aside(step, error, at)
                retry_at = step.retry_at
                dates.update_rungs(unit.connection, [step_row(step)])
        return Failed(case_id, type(error).__name__, retry_at)

    def next_due(self) -> datetime | None:
        """Give the instant at which something is next due, a rung or a message."""
        from ..persistence import outbox

        with self._world.reading() as connection:
            found = [dates.next_fire_at(connection), outbox.next_attempt_at(connection)]
        return min((instant for instant in found if instant is not None), default=None)
