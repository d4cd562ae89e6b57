"""Calendar files: the dates of a case, of a person or of an establishment, for the calendar on a desk.

A calendar is read again and again, so it says the same thing each time: who it is about is a file number, and the
stamps of a date are those of the line of history that last changed it, never the hour at which it is asked for.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid5
from zoneinfo import ZoneInfo

from ..domain.case import Occurrence
from ..domain.context import House
from ..domain.errors import InputError, NotFound
from ..domain.texts import looked_up
from ..domain.workflow import Workflow
from ..persistence import agenda as rows
from ..persistence import cases as case_rows
from ..persistence.absences import roles_of
from ..persistence.database import Connection
from ..persistence.people import read_roles
from ..reports.agenda import CalendarDate, write
from .absences import Absences, absences_at
from .acts import case_number
from .people import Houses, seen_by, seen_case
from .registry import Workflows
from .stored import dated_of
from .world import SANDBOX, World

KEPT = timedelta(days=90)
"""How long a date that is met or void stays, cancelled, so that each subscriber sees it go."""

_HOME = "Europe/Paris"  # the clock of a calendar for someone who works in no establishment


@dataclass(frozen=True, slots=True)
class Agenda:
    """A calendar file: its title, its bytes, how many dates it holds, how many of them are cancelled."""

    name: str
    content: bytes
    dates: int
    cancelled: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """Of what a calendar is asked for: one case, one person or one establishment. Raises InputError."""

    case: int | None = None
    deadline: str | None = None
    ordinal: int | None = None
    person: str | None = None
    establishment: str | None = None

    def __post_init__(self) -> None:
        if sum(one is not None for one in (self.case, self.person, self.establishment)) != 1:
            raise InputError("a case, a person or an establishment", argument="agenda", problem="one_of")
        if self.deadline is not None and self.case is None:
            raise InputError("a deadline of which case?", argument="deadline", problem="without_case")
        if self.ordinal is not None and self.deadline is None:
            raise InputError(
                "an occurrence of which deadline?", argument="occurrence", problem="without_deadline"
            )


@dataclass(frozen=True, slots=True)
class _Dated:
    """An occurrence, and what the history tells of it: how often it changed, and when last."""

    row: Any
    item: Occurrence
    sequence: int
    changed_at: datetime

    @property
    def day(self) -> date:
        """The day that counts for those who act."""
        return self.item.act_by or self.item.due_on

    @property
    def cancelled(self) -> bool:
        return self.item.status in ("met", "void")


@dataclass(frozen=True, slots=True)
class _Part:
    """What is someone's in a house: the cases of whom, and the dates of which roles."""

    people: set[str]
    roles: set[str]


def agenda_of(world: World, workflows: Workflows, wanted: Wanted, *, by: Any, session: Any) -> Agenda:
    """Write the calendar of what `by` may see of it. Raises NotFound, InputError."""
    at = world.now()
    with world.reading(session) as connection:
        reader = _Reader(connection, workflows, world, at)
        seen = seen_by(connection, by, at)
        if wanted.case is not None:
            return reader.of_case(wanted, case_number(wanted.case), seen)
        if wanted.establishment is not None:
            return reader.of_house(wanted.establishment, seen)
        return reader.of_person(looked_up(wanted.person, "actor"), seen)


class _Reader:
    """One reading of the database, which reads each house once."""

    def __init__(self, connection: Connection, workflows: Workflows, world: World, at: datetime) -> None:
        self._connection = connection
        self._workflows = workflows
        self._at = at
        self._identity = world.database.identity()
        self._link = world.settings.link_to
        self._known = Houses(connection)

    def of_case(self, wanted: Wanted, number: int, seen: Sequence[str] | None) -> Agenda:
        """Write the dates of a case, or of one of its deadlines; one that is asked for by rank is always there."""
        row = seen_case(self._connection, number, seen)
        if wanted.deadline is not None and wanted.deadline not in self._workflow(row).deadlines:
            raise NotFound("deadline", wanted.deadline)
        found = [
            one for one in _dated(*rows.rows_of_case(self._connection, number))
            if wanted.deadline in (None, one.item.name) and wanted.ordinal in (None, one.item.ordinal)
        ]  # fmt: skip
        if wanted.ordinal is not None and not found:
            raise NotFound("occurrence", wanted.ordinal)
        kept = found if wanted.ordinal is not None else self._recent(found)
        return self._written(f"Échéances D-{number:04d}", kept, self._known.house(row.establishment_id))

    def of_house(self, establishment: str, seen: Sequence[str] | None) -> Agenda:
        """Write the dates of every case of an establishment."""
        house = self._known.house(establishment)
        if seen is not None and establishment not in seen:
            raise NotFound("establishment", establishment)
        return self._written("Échéances", self._recent(self._of_houses([establishment])), house)

    def of_person(self, person: str, seen: Sequence[str] | None) -> Agenda:
        """Write the dates of the cases that someone follows, and those that a role of theirs must see to.

        On the days on which they stand in for others in a house, those of the others there are theirs too.
        """
        absences = absences_at(self._connection, self._at)
        mine = sorted(seen_by(self._connection, person, self._at, absences) or ())
        houses = [house for house in mine if seen is None or house in seen]
        parts = {house: self._part(person, house, absences) for house in houses}
        found = [one for one in self._of_houses(houses) if self._is_of(one, parts[one.row.establishment_id])]
        zone = self._known.house(houses[0]) if houses else None
        return self._written("Échéances", self._recent(found), zone)

    def _part(self, person: str, house: str, absences: Absences) -> _Part:
        """Give whose cases and which roles someone has in a house today: their own, and of whom they stand in for."""
        day = self._at.astimezone(ZoneInfo(self._known.house(house).timezone)).date()
        others = absences.replaced_by(person, day)
        own = {row.role for row in read_roles(self._connection, person, house)}
        lent = {row.role for row in roles_of(self._connection, others, house)} if others else set()
        return _Part({person, *others}, own | lent)

    def _is_of(self, one: _Dated, part: _Part) -> bool:
        return one.row.referent_id in part.people or not part.roles.isdisjoint(self._who(one))

    def _of_houses(self, houses: Sequence[str]) -> list[_Dated]:
        return _dated(*rows.rows_of_houses(self._connection, houses, (self._at - KEPT).date()))

    def _recent(self, found: Sequence[_Dated]) -> list[_Dated]:
        """Leave out what was cancelled long ago."""
        return [one for one in found if not one.cancelled or one.changed_at >= self._at - KEPT]

    def _who(self, one: _Dated) -> Sequence[str]:
        """Name the roles that see to a date: those of the rule, else those whose turn it is, or was."""
        workflow = self._workflow(one.row)
        rule = workflow.deadlines[one.item.name]
        if rule.who:
            return rule.who
        states = (one.row.state,) if one.item.status == "open" else rule.span or tuple(workflow.states)
        return [role for state in states for role in workflow.states[state].turn]

    def _written(self, name: str, found: Sequence[_Dated], house: House | None) -> Agenda:
        # a date of which nothing is known yet stands at the end of the calendar, in the year 9999
        told = [one for one in found if one.day.year < date.max.year]
        told.sort(key=lambda one: (one.day, one.row.case_id, one.item.name, one.item.ordinal))
        if case_rows.read_meta(self._connection, SANDBOX) == "1":
            name += " (bac à sable)"
        zone = house.timezone if house is not None else _HOME
        content = write(
            name, [self._told(one) for one in told], zone=zone, year=self._at.astimezone(ZoneInfo(zone)).year
        )
        return Agenda(name, content, len(told), sum(one.cancelled for one in told))

    def _told(self, one: _Dated) -> CalendarDate:
        item, number = one.item, f"D-{one.row.case_id:04d}"
        # UUIDs alone: an identifier must not tell a name or a programme (RFC 7986, 5.3)
        key = f"jalon:{self._identity}/{one.row.case_id}/{item.name}/{item.ordinal}"
        to_the_hour = item.due_at is not None and item.act_by in (None, item.due_on)
        return CalendarDate(
            str(uuid5(NAMESPACE_URL, key)), number, one.day, self._known.house(one.row.establishment_id).timezone,
            "CANCELLED" if one.cancelled else "CONFIRMED" if item.suspended_on is None else "TENTATIVE",
            one.sequence, one.changed_at, item.due_at if to_the_hour else None, self._link(number),
        )  # fmt: skip

    def _workflow(self, row: Any) -> Workflow:
        found: Workflow = self._workflows.rules(self._connection, row.workflow, row.version).workflow
        return found


def _dated(found: Sequence[Any], lines: Sequence[Any]) -> list[_Dated]:
    """Put each occurrence beside what the history tells of it."""
    changed: dict[tuple[int, str, int], tuple[int, datetime]] = {}
    for line in lines:
        for change in line.body.get("changes", ()):
            if "deadline" not in change:
                continue  # a task followed its date: no calendar shows tasks
            key = (line.case_id, change["deadline"], change["ordinal"])
            times, _ = changed.get(key, (-1, line.at))
            changed[key] = (times + 1, line.at)
    return [_Dated(row, dated_of(row).item, *changed[row.case_id, row.name, row.ordinal]) for row in found]
