"""What is found in a case at one moment, each thing read from the engine once."""

from collections.abc import Callable
from datetime import date, datetime
from functools import cached_property
from zoneinfo import ZoneInfo

from ..domain.case import Case, Event, Occurrence
from ..domain.dating import printed_on
from ..domain.workflow import Workflow
from ..engine import Engine
from ..engine.deadlines import Why
from ..engine.notices import Notice
from ..engine.pending import Pending
from .expecting import STATES
from .telling import Moment

_GONE = ("skipped", "cancelled", "dropped")


class Look:
    """A case as it stands."""

    def __init__(self, engine: Engine, case: int, workflow: Workflow, zone: str) -> None:
        self.workflow = workflow
        self._engine = engine
        self._id = case
        self._zone = ZoneInfo(zone)

    @cached_property
    def case(self) -> Case:
        """Give the case."""
        return self._engine.cases.get(self._id)

    @cached_property
    def history(self) -> tuple[Event, ...]:
        """Give every line of its history."""
        return self._engine.cases.history(self._id)

    @cached_property
    def occurrences(self) -> tuple[Occurrence, ...]:
        """Give every date there ever was."""
        return self._engine.cases.dates(self._id)

    @cached_property
    def notices(self) -> tuple[Notice, ...]:
        """Give every message written."""
        return self._engine.notices.outbox(case=self._id)

    @cached_property
    def pending(self) -> tuple[Pending, ...]:
        """Give what is awaited."""
        return self._engine.deadlines.pending(case=self._id)

    def why(self, deadline: str) -> Why | None:
        """Explain a date of a deadline, where it has one."""
        if any(item.name == deadline for item in self.occurrences):
            return self._engine.deadlines.explain(self._id, deadline)
        return None

    def open(self, deadline: str | None = None) -> list[Occurrence]:
        """Give the dates that are open."""
        return [item for item in self.occurrences if item.status == "open" and deadline in (None, item.name)]

    def moments(self, key: str, deadline: str) -> list[Moment]:
        """Give the open days of a deadline, as a key reads them: due, legal, act_by or printed."""
        return sorted(self._moment(key, item) for item in self.open(deadline) if _day(key, item) is not None)

    def _moment(self, key: str, item: Occurrence) -> Moment:
        if key in ("due", "all_due") and item.due_at is not None:
            local = item.due_at.astimezone(self._zone)
            return local.date(), local.time().replace(second=0, microsecond=0)
        day = _day(key, item)
        return (day if day is not None else date.max), None

    def ladder(self, deadline: str) -> dict[date, list[str]]:
        """Give the days of the rungs that count, and what each day does."""
        found: dict[date, list[str]] = {}
        why = self.why(deadline)
        for rung in why.ladder if why is not None else ():
            if rung.status not in _GONE and rung.kind != "lapse":
                found.setdefault(rung.day, []).extend(rung.does)
        return {day: sorted(found[day]) for day in sorted(found)}

    def forecast(self, deadline: str, until: date) -> list[date]:
        """Give the dates of a deadline that are to come up to a day, as far as can be foreseen."""
        found = self._engine.deadlines.forecast(until, case=self._id)
        return sorted(
            {item.due_on for item in found.items if item.kind == "due" and item.deadline == deadline}
        )

    def dropped(self, deadline: str) -> list[date]:
        """Give the days of the messages that an outage dropped."""
        why = self.why(deadline)
        return (
            sorted({rung.day for rung in why.ladder if rung.status == "dropped"}) if why is not None else []
        )

    def sent(self, status: str = "sent", after: datetime | None = None) -> list[tuple[date, str, str]]:
        """Give the day, the template and the role of each message that left after an instant, or that is on paper."""
        return sorted(
            (self._left(notice), notice.template, notice.role)
            for notice in self.notices
            if notice.status == status and (after is None or (notice.sent_at or after) > after)
        )

    def _left(self, notice: Notice) -> date:
        at = notice.sent_at or notice.not_before
        return at.astimezone(self._zone).date()

    def linked(self, role: str) -> str | None:
        """Give the state of the last case that is linked under a role."""
        found = last_linked(self._engine, self._id, role)
        return None if found is None else self._engine.cases.get(found).state

    def places(self) -> dict[str, str]:
        """Give the places that the case holds and how, in the words of a story."""
        words = {state: word for word, state in STATES.items()}
        found = self._engine.places.occupancy(self.case.establishment).places
        return {one.name: words.get(one.state, one.state) for one in found if one.case_id == self._id}

    def tasks(self) -> dict[str, list[date]]:
        """Give the tasks that are open, with their days."""
        found: dict[str, list[date]] = {}
        for line in self.pending:
            if line.kind == "task":
                found.setdefault(line.name, []).append(line.due_on)
        return {name: sorted(days) for name, days in sorted(found.items())}


def last_linked(engine: Engine, case: int, role: str) -> int | None:
    """Give the last case that is linked to one under a role."""
    found = [one.case_id for one in engine.cases.links(case) if one.role == role and one.ended_on is None]
    return found[-1] if found else None


_DAYS: dict[str, Callable[[Occurrence], date | None]] = {
    "due": lambda item: item.due_on,
    "all_due": lambda item: item.due_on,
    "legal": lambda item: item.legal_on,
    "act_by": lambda item: item.act_by,
    "printed": printed_on,
}


def _day(key: str, item: Occurrence) -> date | None:
    return _DAYS[key](item)
