"""What is awaited, for operators: dates, tasks, messages stuck or on paper, cases set aside or followed by nobody."""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from ..domain.case import Occurrence
from ..domain.workflow import SYSTEM, Workflow
from ..persistence import worklists
from ..persistence.database import Connection
from ..persistence.worklists import Within
from .absences import Absences
from .acting import house_day
from .people import Houses
from .place_unsuited import NAME as UNSUITED
from .place_unsuited import unsuited_now, unsuited_words
from .registry import Workflows
from .unfollowed import NAME, Away, away_on, known_people, names_in, unfollowed

LATE, TODAY, WEEK, LATER = "late", "today", "week", "later"
_MORE = re.compile('"(?:act_by|due_at|postponed_from|suspended_on)"')
"""What few dates have, and for which alone the reasons of a date are read."""


class Pending(NamedTuple):  # a list holds thousands: a dataclass takes five times as long to make
    """One thing that is awaited: a date, a task, a message that failed or is on paper, a case set aside, a warning.

    `day` is the one by which to act: `act_by` where there is one, else `due_on`; `days` counts to it. Of a date that
    is suspended, `remaining` days will be left once it runs again. `id` is that of its row. Where the referent is
    away, `referent_absent_since` and `referent_absent_until` are the days of it, and `deputy` who stands in.
    """

    kind: str
    case_id: int
    number: str
    establishment: str
    workflow: str
    state: str
    state_label: str
    since: date
    name: str
    label: str
    due_on: date
    day: date
    bucket: str
    days: int
    who: tuple[str, ...]
    who_labels: tuple[str, ...]
    actions: tuple[str, ...]
    action_labels: tuple[str, ...]
    referent: str | None = None
    ordinal: int | None = None
    legal_on: date | None = None
    act_by: date | None = None
    due_at: datetime | None = None
    suspended_on: date | None = None
    remaining: int | None = None
    postponed_from: date | None = None
    informative: bool = False
    error: str | None = None
    id: int | None = None
    referent_absent_since: date | None = None
    referent_absent_until: date | None = None
    deputy: str | None = None


class Kind(NamedTuple):
    """What is the same on every line of one thing awaited in one state."""

    state_label: str
    label: str
    who: tuple[str, ...]
    who_labels: tuple[str, ...]
    actions: tuple[str, ...]
    action_labels: tuple[str, ...]
    informative: bool = False


class Worklist:
    """One reading of all that is awaited in some cases; each house and each kind of line is read once.

    `followed` keeps the cases that someone follows, and those of whoever they stand in for in the house that day.
    """

    def __init__(
        self, connection: Connection, workflows: Workflows, within: Within, at: datetime, absences: Absences,
        followed: str | None = None,
    ) -> None:  # fmt: skip
        self._connection = connection
        self._workflows = workflows
        self._within = within
        self._at = at
        self._absences = absences
        self._followed = followed
        self._houses = Houses(connection)
        self._todays: dict[str, date] = {}
        self._kinds: dict[tuple[Any, ...], Kind] = {}
        self._away: dict[tuple[str, str | None], Away] = {}
        self._mine: dict[str, set[str]] = {}

    def items(self, until: date | None) -> list[Pending]:
        """Give everything, in no order."""
        followings = worklists.followings(self._connection, self._within)
        found = [
            *self._dates(until),
            *self._tasks(),
            *self._messages(),
            *self._set_aside(),
            *self._unfollowed(followings),
            *self._unsuited(followings),
        ]
        if self._followed is None or not self._absences:
            return found
        return [item for item in found if item.referent in self._followed_in(item.establishment)]

    def _dates(self, until: date | None) -> Iterator[Pending]:
        limit = None if until is None else until.isoformat()
        for row in worklists.open_dates(self._connection, self._within, limit):
            case, house, workflow, version, state, since, referent, number, name, ordinal, due, legal, why = (
                row
            )
            kind = self._kinds.get(("date", workflow, version, state, name)) or self._kind(
                "date", workflow, version, state, name
            )
            today = self._todays.get(house) or self._today(house)
            due_on = date.fromisoformat(due)
            if kind.informative and due_on < today:
                continue
            day, when = due_on, None
            act_by = due_at = suspended_on = remaining = postponed_from = None
            if _MORE.search(why):
                act_by, due_at, suspended_on, postponed_from = _more(why)
                remaining = None if suspended_on is None else _left(due_on, suspended_on)
                day = _day_to_act(due_on, act_by, suspended_on, today)
                if suspended_on is not None:
                    when = LATER
                elif due_at is not None and due_at <= self._at:
                    when = LATE
            days = (day - today).days
            away = self._away.get((house, referent)) or self._away_in(house, referent)
            yield Pending(
                "deadline", case, f"D-{case:04d}", house, workflow, state, kind.state_label, date.fromisoformat(since),
                name, kind.label, due_on, day, when or bucket(days), days, kind.who,
                kind.who_labels, kind.actions, kind.action_labels, referent, ordinal,
                due_on if legal == due else date.fromisoformat(legal), act_by, due_at, suspended_on, remaining,
                postponed_from, kind.informative, None, number, *away,
            )  # fmt: skip

    def _tasks(self) -> Iterator[Pending]:
        for row in worklists.open_tasks(self._connection, self._within):
            kind = self._kind("task", row.workflow, row.version, row.state, row.name)
            yield self._line("task", row, row.name, kind, date.fromisoformat(row.due_on))

    def _messages(self) -> Iterator[Pending]:
        """A message that cannot leave is somebody's to see; one on paper is somebody's to hand over."""
        zones: dict[str, ZoneInfo] = {}
        for row in worklists.stuck_notices(self._connection, self._within):
            _, house, workflow, version, state, _, _, _, template, role, status, since, error = row
            zone = zones.get(house) or zones.setdefault(house, ZoneInfo(self._houses.house(house).timezone))
            word = "paper" if status == "paper" else "message"
            kind = self._kinds.get(("message", workflow, version, state, role)) or self._kind(
                "message", workflow, version, state, role
            )
            yield self._line(word, row, template, kind, since.astimezone(zone).date(), error=error)

    def _set_aside(self) -> Iterator[Pending]:
        """A case that a pass could not play is tried again later; meanwhile somebody must know."""
        for row in worklists.set_aside(self._connection, self._within, self._at):
            kind = self._kind("aside", row.workflow, row.version, row.state, row.name)
            day = date.fromisoformat(row.day)
            yield self._line("aside", row, row.name, kind, day, ordinal=row.ordinal, error=row.error)

    def _unfollowed(self, followings: Sequence[Any]) -> Iterator[Pending]:
        """A case that nobody follows is today's to mend: after what is late, before what is to come."""
        people = known_people(self._connection, set(names_in(followings)))
        for following in followings:
            house, name, version, referent = following
            workflow = self._rules(name, version)
            label = unfollowed(workflow, following, people, self._away_in(house, referent))
            if label is None:
                continue
            for row in worklists.followed_by(self._connection, self._within, following):
                kind = self._kind("warning", name, version, row.state, NAME)._replace(label=label)
                yield self._line("warning", row, NAME, kind, self._today(house))

    def _unsuited(self, followings: Sequence[Any]) -> Iterator[Pending]:
        """A place that suits no more who holds it is today's to see to, like a case that nobody follows."""
        for house, name, version in dict.fromkeys(tuple(one)[:3] for one in followings):
            workflow = self._rules(name, version)
            if workflow.place is None or not workflow.place.fits:
                continue
            holding = (house, name, version, workflow.place.kind)
            cases = {row.id: row for row in worklists.holders(self._connection, self._within, holding)}
            for case, reason in unsuited_now(self._connection, workflow, house, cases).items():
                kind = self._kind("warning", name, version, cases[case].state, UNSUITED)
                told = kind._replace(label=unsuited_words(reason))
                yield self._line("warning", cases[case], UNSUITED, told, self._today(house))

    def _line(
        self, word: str, row: Any, name: str, kind: Kind, day: date, *, ordinal: int | None = None,
        error: str | None = None,
    ) -> Pending:  # fmt: skip
        """Make a line that has one day; of a warning, its row is the case itself."""
        case, house, workflow, _, state, since, referent, *own = row
        days = (day - self._today(house)).days
        since_, until, deputy = self._away_in(house, referent)
        return Pending(
            word, case, f"D-{case:04d}", house, workflow, state, kind.state_label, date.fromisoformat(since), name,
            kind.label, day, day, bucket(days), days, kind.who, kind.who_labels, kind.actions,
            kind.action_labels, referent, ordinal, error=error, id=own[0] if own else None,
            referent_absent_since=since_, referent_absent_until=until, deputy=deputy,
        )  # fmt: skip

    # -- what many lines share

    def _kind(self, word: str, workflow: str, version: int, state: str, name: str) -> Kind:
        key = (word, workflow, version, state, name)
        found = self._kinds.get(key)
        if found is None:
            found = self._kinds[key] = kind_of(self._rules(workflow, version), word, state, name)
        return found

    def _rules(self, workflow: str, version: int) -> Workflow:
        found: Workflow = self._workflows.rules(self._connection, workflow, version).workflow
        return found

    def _today(self, house: str) -> date:
        if house not in self._todays:
            self._todays[house] = house_day(self._houses.house(house), self._at)
        return self._todays[house]

    def _away_in(self, house: str, referent: str | None) -> Away:
        key = (house, referent)
        if key not in self._away:
            self._away[key] = away_on(self._absences, referent, self._today(house))
        return self._away[key]

    def _followed_in(self, house: str) -> set[str | None]:
        """Name those whose cases are kept in a house: the person, and whoever they stand in for there today."""
        person = self._followed or ""
        if house not in self._mine:
            self._mine[house] = {person, *self._absences.replaced_by(person, self._today(house))}
        return set(self._mine[house])


def kind_of(workflow: Workflow, word: str, state: str, name: str) -> Kind:
    """Say what is the same on every line of one thing awaited in a state: its words, who must act and how."""
    acts: Iterable[str] = ()
    informative = False
    if word == "date":
        rule = workflow.deadlines[name]
        label, informative = rule.label, rule.informative
        who = rule.who or workflow.states[state].turn
        acts = [meet.act for meet in rule.met_by] or list(rule.due.renewed_by) or list(rule.leaving)
    elif word == "task":
        task = workflow.tasks[name]
        label, who, acts = task.label, task.who, task.closed_by
    elif word == "message":
        label = workflow.roles[name].label if name in workflow.roles else name
        who = workflow.referent or workflow.escalation
    else:
        label = workflow.deadlines[name].label if word == "aside" else ""
        who = workflow.escalation
    possible = tuple(act for act in acts if _open_to_people(workflow, act, state))
    return Kind(
        workflow.states[state].label, label, tuple(who),
        tuple(workflow.roles[role].label for role in who if role in workflow.roles), possible,
        tuple(workflow.actions[act].label for act in possible), informative,
    )  # fmt: skip


def _more(why: str) -> tuple[date | None, datetime | None, date | None, date | None]:
    """Read what few dates have: the day by which to act, the hour, the day it stopped, the day it was put off from."""
    known = json.loads(why)
    at = known.get("due_at")
    act_by, stopped, before = (known.get(name) for name in ("act_by", "suspended_on", "postponed_from"))
    return _date(act_by), None if at is None else datetime.fromisoformat(at), _date(stopped), _date(before)


def _date(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def day_to_act(item: Occurrence, today: date) -> date:
    """Give the day by which to act; of a date that is suspended the earliest possible, were it to run again today."""
    return _day_to_act(item.due_on, item.act_by, item.suspended_on, today)


def _day_to_act(due_on: date, act_by: date | None, suspended_on: date | None, today: date) -> date:
    if suspended_on is None:
        return act_by or due_on
    return today + min(timedelta(days=_left(due_on, suspended_on)), date.max - today)


def _left(due_on: date, suspended_on: date) -> int:
    return max((due_on - suspended_on).days, 0)


def awaited_order(item: Pending) -> tuple[Any, ...]:
    """Order what is awaited: the most overdue first, what is suspended last, and of one day by the hour."""
    at = item.due_at.timestamp() if item.due_at is not None else 0.0
    return (item.suspended_on is not None, item.day, at, item.case_id, item.kind, item.name)


def bucket(days: int) -> str:
    """Say when something is awaited, so many days from today: late from the day after its date (R5)."""
    if days < 0:
        return LATE
    if days == 0:
        return TODAY
    return WEEK if days <= 7 else LATER


def _open_to_people(workflow: Workflow, act: str, state: str) -> bool:
    action = workflow.actions[act]
    possible = action.stays == ("any",) or state in action.stays or state in action.sources
    return possible and action.by != (SYSTEM,)
