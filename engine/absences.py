"""Who is away, who stands in for them, and how an absence is entered and ended.

Days are civil days, both included. A deputy who is away too is followed by their own; a circle leads to nobody.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from ..domain.arguments import recent_date
from ..domain.errors import ActionRefused, NotFound, Reason
from ..domain.texts import looked_up, paragraph
from ..persistence import absences as rows
from ..persistence import people as people_rows
from ..persistence.database import Connection
from .world import Unit, World

NAME = "absent"


@dataclass(frozen=True, slots=True)
class Absence:
    """A person who is away, from a day to another, both included; without `until`, until they are back."""

    id: int
    person: str
    since: date
    until: date | None
    deputy: str | None
    entered_at: datetime
    entered_by: str | None
    reason: str | None = None


class Absences:
    """The absences that last until a day or later: who is away on it, and who stands in for whom."""

    def __init__(self, found: Sequence[Any], since: date) -> None:
        self.since = since
        self._by_person: dict[str, list[Any]] = {}
        for row in found:
            self._by_person.setdefault(row.actor_id, []).append(row)

    def __bool__(self) -> bool:
        return bool(self._by_person)

    def away(self, person: str | None, day: date) -> Any | None:
        """Give the absence of someone on a day."""
        for row in self._by_person.get(person or "", ()):
            if row.since <= day and (row.until is None or row.until >= day):
                return row
        return None

    def deputy(self, person: str, day: date) -> Any | None:
        """Give the absence that names who stands in for someone away on a day: the last of the chain of deputies."""
        seen: set[str] = set()
        current = person
        found = None
        while (row := self.away(current, day)) is not None:
            if row.deputy_id is None or row.deputy_id in seen or not row.active:
                return None
            found, current = row, row.deputy_id
            seen.add(current)
        return found

    def replaced_by(self, person: str, day: date) -> list[str]:
        """Name those for whom someone stands in on a day."""
        found = ((absent, self.deputy(absent, day)) for absent in self._by_person)
        return sorted(absent for absent, row in found if row is not None and row.deputy_id == person)

    def names(self, person: str) -> bool:
        """Say whether someone is anybody's deputy."""
        return any(row.deputy_id == person for found in self._by_person.values() for row in found)

    @property
    def people(self) -> list[str]:
        """Name everyone who is or will be away."""
        return list(self._by_person)


NOBODY = Absences((), date.min)


def absences_of(unit: Unit, day: date) -> Absences:
    """Give the absences that count on a day or later; a transaction reads them once."""
    known: Absences | None = unit.absences
    if known is None or known.since > day:
        known = unit.absences = Absences(rows.absences_from(unit.connection, day), day)
    return known


def absences_at(connection: Connection, at: datetime) -> Absences:
    """Give the absences that count at an instant, whatever the zone of the house."""
    day = at.astimezone(UTC).date() - timedelta(days=1)
    return Absences(rows.absences_from(connection, day), day)


def houses_lent(connection: Connection, known: Absences, person: str, at: datetime) -> set[str]:
    """Name the establishments in which someone stands in for a person who is away."""
    if not known.names(person):
        return set()
    stood: dict[date, list[str]] = {}
    found: set[str] = set()
    for row in rows.houses_of(connection, known.people):
        day = at.astimezone(ZoneInfo(row.timezone)).date()
        if day not in stood:
            stood[day] = known.replaced_by(person, day)
        if row.actor_id in stood[day]:
            found.add(row.establishment_id)
    return found


# -- what people enter


@dataclass(frozen=True, slots=True)
class Wanted:
    """An absence that someone asks for."""

    person: str
    since: date
    until: date | None
    deputy: str | None
    by: str | None
    reason: str | None


Against = Callable[[Unit, Wanted, datetime], Sequence[Reason]]
"""Says why whoever asks may not say it of someone."""


def enter(world: World, wanted: Wanted, against: Against, session: Any = None) -> Absence:
    """Record an absence. Raises ActionRefused with every reason, NotFound.

    Whoever may not say it learns nothing of the other absences.
    """
    at = world.now()
    with world.writing(session) as unit:
        connection = unit.connection
        rows.hold_absences(connection)
        for name in (wanted.person, wanted.deputy):
            _known(connection, name)
        _check_author(connection, wanted.by)
        reasons = list(against(unit, wanted, at)) or list(_against(connection, wanted))
        if reasons:
            raise ActionRefused(NAME, reasons)
        values = {
            "actor_id": wanted.person, "since": wanted.since, "until": wanted.until, "deputy_id": wanted.deputy,
            "entered_at": at, "entered_by": wanted.by, "reason": wanted.reason,
        }  # fmt: skip
        number = rows.insert_absence(connection, values)
    return Absence(
        number, wanted.person, wanted.since, wanted.until, wanted.deputy, at, wanted.by, wanted.reason
    )


def asked(person: Any, since: Any, until: Any, deputy: Any, by: Any, reason: Any) -> Wanted:
    """Read what is asked. Raises InputError, NotFound for what no identifier can be."""
    if reason is not None:
        paragraph(reason, "reason")
    return Wanted(
        identifier(person), recent_date(since, "since"), None if until is None else recent_date(until, "until"),
        None if deputy is None else identifier(deputy), None if by is None else identifier(by),
        (reason or "").strip() or None,
    )  # fmt: skip


def identifier(person: Any) -> str:
    """Give the identifier of someone, named by it or by themself. Raises NotFound."""
    found: str = looked_up(person if isinstance(person, str) else getattr(person, "id", person), "actor")
    return found


def _known(connection: Connection, name: str | None) -> None:
    if name is not None and people_rows.read_actor(connection, name) is None:
        raise NotFound("actor", name)


def _check_author(connection: Connection, by: str | None) -> None:
    row = None if by is None else people_rows.read_actor(connection, by)
    if by is not None and (row is None or not row.active):
        raise NotFound("actor", by)


def _against(connection: Connection, wanted: Wanted) -> Iterable[Reason]:
    """Say why an absence cannot be entered: its days, another one, its deputy."""
    data = {"person": wanted.person, "since": wanted.since.isoformat(), "deputy": wanted.deputy}
    if wanted.until is not None and wanted.until < wanted.since:
        yield Reason("absence_days", {**data, "until": wanted.until.isoformat()})
        return
    for row in rows.list_absences(connection, wanted.person):
        if overlapping(wanted.since, wanted.until, row):
            until = row.until.isoformat() if row.until else None
            yield Reason(
                "absence_overlap", {**data, "other_since": row.since.isoformat(), "other_until": until}
            )
    if wanted.deputy is None:
        return
    if wanted.deputy == wanted.person:
        yield Reason("deputy_self", data)
        return
    deputy = people_rows.read_actor(connection, wanted.deputy)
    if deputy is not None and not deputy.active:
        yield Reason("deputy_inactive", data)
    if _circle(connection, wanted):
        yield Reason("deputy_circle", data)


def overlapping(since: date, until: date | None, row: Any) -> bool:
    """Say whether an absence has a day of a time, which lasts for ever without its last day."""
    begins_after = until is not None and row.since > until
    return not begins_after and (row.until is None or row.until >= since)


def _circle(connection: Connection, wanted: Wanted) -> bool:
    """Say whether the chain of deputies would come back to the person, on a day on which all of them are away."""
    known = rows.absences_from(connection, wanted.since)

    def leads_back(person: str, since: date, until: date | None, seen: frozenset[str]) -> bool:
        for row in known:
            if row.actor_id != person or row.deputy_id is None or person in seen:
                continue
            first = max(since, row.since)
            last = min(until or date.max, row.until or date.max)
            if first > last:
                continue
            if row.deputy_id == wanted.person or leads_back(row.deputy_id, first, last, seen | {person}):
                return True
        return False

    return leads_back(wanted.deputy or "", wanted.since, wanted.until, frozenset())


def come_back(
    world: World, person: Any, on: Any, by: Any, against: Against, session: Any = None
) -> Absence | None:
    """End the absence of someone who is back from a day on; None where it had not begun. Raises ActionRefused."""
    name, day = identifier(person), recent_date(on, "on")
    wanted = Wanted(name, day, None, None, None if by is None else identifier(by), None)
    at = world.now()
    with world.writing(session) as unit:
        connection = unit.connection
        rows.hold_absences(connection)
        _known(connection, name)
        _check_author(connection, wanted.by)
        reasons = against(unit, wanted, at)
        if reasons:
            raise ActionRefused("back", reasons)
        last = day - timedelta(days=1)
        row = Absences(rows.list_absences(connection, name), date.min).away(name, day)
        if row is None:
            raise ActionRefused("back", [Reason("absence_none", {"person": name, "on": day.isoformat()})])
        if row.since == day:
            rows.delete_absence(connection, row.id)
            return None
        rows.end_absence(connection, row.id, last)
    return _absence(row, until=last)


def listed(connection: Connection, person: str | None) -> tuple[Absence, ...]:
    """List absences, the earliest first."""
    _known(connection, person)
    return tuple(_absence(row, until=row.until) for row in rows.list_absences(connection, person))


def _absence(row: Any, *, until: date | None) -> Absence:
    return Absence(
        row.id, row.actor_id, row.since, until, row.deputy_id, row.entered_at, row.entered_by, row.reason
    )
