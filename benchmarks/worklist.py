"""(e) What a coordinator of 200 stays among 10,000 is awaited for: `pending`, beside literal SQL for the same lines."""

import json
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from houses import Bench
from limits import on_postgres, stored
from measure import Figure, duration, in_turns
from support.house import a_case, clock_of, furnish, paris, programme

from jalon.engine.pending import Pending, kind_of

CASES, TIMES, ROUNDS = 200, 50, 30
HOUSE, COORDINATOR = "ophis", "claire"
ENTERED, TODAY = "2026-12-15", "2027-01-18"

_CASE = "c.id, c.establishment_id, c.workflow, c.version, c.state, c.state_since, c.referent_id"
_MINE = " AND c.referent_id IN ({people}) AND c.establishment_id IN ({houses})"
DATES = (
    f"SELECT {_CASE}, d.id, d.name, d.ordinal, d.due_on, d.legal_on, d.why FROM jalon_cases c"
    " JOIN jalon_deadlines d ON d.case_id = c.id WHERE d.status = 'open'" + _MINE
)
TASKS = (
    f"SELECT {_CASE}, t.id, t.name, t.due_on FROM jalon_cases c JOIN jalon_tasks t ON t.case_id = c.id"
    " WHERE t.status = 'open'" + _MINE
)
NOTICES = (
    f"SELECT {_CASE}, n.id, n.template, n.role, n.status, n.not_before, n.error FROM jalon_cases c"
    " JOIN jalon_notices n ON n.case_id = c.id WHERE n.status IN ('failed', 'refused', 'paper')" + _MINE
)
ASIDE = (
    f"SELECT {_CASE}, r.id, d.name, d.ordinal, r.day, r.error FROM jalon_cases c JOIN jalon_rungs r"
    " ON r.case_id = c.id JOIN jalon_deadlines d ON d.id = r.deadline_id"
    " WHERE r.status = 'pending' AND r.retry_at IS NOT NULL AND r.fire_at <= '{now}'" + _MINE
)
ALONE = (
    "SELECT c.id FROM jalon_cases c LEFT JOIN jalon_actors a ON a.id = c.referent_id AND a.active LEFT JOIN"
    " jalon_memberships m ON m.actor_id = a.id AND m.establishment_id = c.establishment_id"
    " AND m.role = 'coordinatrice_actions_sociales' WHERE c.closed_on IS NULL AND m.role IS NULL" + _MINE
)
HOUSES = (
    "SELECT DISTINCT m.establishment_id, e.timezone FROM jalon_memberships m JOIN jalon_establishments e"
    " ON e.id = m.establishment_id WHERE m.actor_id = ?"
)
AWAY = "SELECT actor_id, since, until, deputy_id FROM jalon_absences WHERE since <= ? AND (until IS NULL OR until >= ?)"


def measure(bench: Bench, at_most: float) -> Figure:
    """List what a coordinator is awaited for, with jalon and by hand, in turns."""
    engine = bench.engine
    furnish(engine, HOUSE)
    clock_of(engine).set(paris(ENTERED))
    for number in range(CASES):
        name = f"Personne {number}"
        people = {"menage": {"name": name, "persons": [{"name": name, "born": "1988-04-02"}]}}
        case = a_case(engine, "en_sejour", unit=f"B-{number}", facts=people).case
        engine.cases.assign(case.id, COORDINATOR, by=COORDINATOR)
    clock_of(engine).set(paris(TODAY))
    engine.run_due()
    _multiply(bench)
    bench.settle()
    limit = Limit(bench)

    def ours() -> tuple[Pending, ...]:
        return engine.deadlines.pending(by=COORDINATOR, referent=COORDINATOR)

    lines = [tuple(item) for item in ours()]
    if lines != limit.lines() or len({line[1] for line in lines}) != CASES:
        raise RuntimeError(f"{len(lines)} lines, and by hand {len(limit.lines())}")
    measured = in_turns([ours], [limit.lines], ROUNDS)
    return duration(
        f"what a coordinator of 200 cases among 10,000 is awaited for, {bench.name}", measured, at_most
    )


def _multiply(bench: Bench) -> None:
    """Copy the stays, with their dates, rungs and messages, for other coordinators: their numbers follow."""
    execute = bench.raw.execute
    for number in range(1, TIMES):
        person = f"coord{number}"
        bench.engine.people.add(person, person.title())
        bench.engine.people.grant(person, "coordinatrice_actions_sociales", HOUSE)
    first = {table: execute(f"SELECT coalesce(max(id), 0) FROM {table}").fetchone()[0] for table in _COPIED}
    columns = {table: _columns(bench, table) for table in _COPIED}
    execute("BEGIN")
    for number in range(1, TIMES):
        for table in _COPIED:
            shift = first[table] * number
            moved = {
                "id": f"id + {shift}", "case_id": f"case_id + {first['jalon_cases'] * number}",
                "deadline_id": f"deadline_id + {first['jalon_deadlines'] * number}",
                "referent_id": f"'coord{number}'", "key": f"key || '/{number}'",
                "message_id": f"message_id || '/{number}'",
            }  # fmt: skip
            values = ", ".join(moved.get(name, name) for name in columns[table])
            names = ", ".join(columns[table])
            execute(f"INSERT INTO {table} ({names}) SELECT {values} FROM {table} WHERE id <= {first[table]}")
    execute("COMMIT")


_COPIED = ("jalon_cases", "jalon_deadlines", "jalon_rungs", "jalon_tasks", "jalon_notices")


def _columns(bench: Bench, table: str) -> list[str]:
    cursor = bench.raw.execute(f"SELECT * FROM {table} WHERE id = 0")
    return [column[0] for column in cursor.description]


class Limit:
    """The same lines by literal statements: it knows the words of the workflow by heart."""

    def __init__(self, bench: Bench) -> None:
        self._execute = bench.raw.execute
        self._postgres = bench.postgres
        self._engine = bench.engine
        workflow = programme()
        self._dates = {
            (state, name): tuple(kind_of(workflow, "date", state, name))
            for state in workflow.states for name in workflow.deadlines
        }  # fmt: skip
        self._others = {
            (word, state, name): tuple(kind_of(workflow, word, state, name))
            for state in workflow.states
            for word, names in (("task", workflow.tasks), ("message", workflow.roles), ("aside", workflow.deadlines))
            for name in names
        }  # fmt: skip

    def _all(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        text = on_postgres(statement) if self._postgres else statement
        found: list[tuple[Any, ...]] = self._execute(text, values).fetchall()
        return found

    def lines(self) -> list[tuple[Any, ...]]:
        """Give every line, in order."""
        now: datetime = self._engine.now()
        houses = self._all(HOUSES, COORDINATOR)
        today = now.astimezone(ZoneInfo(houses[0][1])).date()
        away = self._all(AWAY, today.isoformat(), today.isoformat())
        people = [COORDINATOR, *(row[0] for row in away if row[3] == COORDINATOR)]
        mine = {
            "people": ", ".join("?" * len(people)), "houses": ", ".join("?" * len(houses)), "now": stored(now),
        }  # fmt: skip
        asked = (*people, *(row[0] for row in houses))
        if away or self._all(ALONE.format(**mine), *asked):
            raise RuntimeError("nobody is away, and every case is followed")
        found = [
            line for row in self._all(DATES.format(**mine), *asked) if (line := self._date(row, today, now))
        ]
        found += [self._task(row, today) for row in self._all(TASKS.format(**mine), *asked)]
        found += [self._notice(row, today) for row in self._all(NOTICES.format(**mine), *asked)]
        if self._all(ASIDE.format(**mine), *asked):
            raise RuntimeError("no case is set aside")
        found.sort(key=_order)
        return found

    def _date(self, row: tuple[Any, ...], today: date, now: datetime) -> tuple[Any, ...] | None:
        case, house, workflow, _, state, since, referent, number, name, ordinal, due, legal, why = row
        state_label, label, who, who_labels, acts, labels, informative = self._dates[state, name]
        due_on = day = date.fromisoformat(due)
        if informative and due_on < today:
            return None
        act_by = due_at = stopped = left = before = when = None
        if '"act_by"' in why or '"due_at"' in why or '"suspended_on"' in why or '"postponed_from"' in why:
            more = json.loads(why)
            act_by, stopped, before = (
                date.fromisoformat(more[key]) if key in more else None
                for key in ("act_by", "suspended_on", "postponed_from")
            )
            day = act_by or due_on
            if stopped is not None:
                left = max((due_on - stopped).days, 0)
                day, when = today + timedelta(days=left), "later"
            elif "due_at" in more:
                due_at = datetime.fromisoformat(more["due_at"])
                when = "late" if due_at <= now else None
        return (
            "deadline", case, f"D-{case:04d}", house, workflow, state, state_label, date.fromisoformat(since), name,
            label, due_on, day, when or _bucket(day, today), (day - today).days, who, who_labels, acts, labels,
            referent, ordinal, date.fromisoformat(legal), act_by, due_at, stopped, left, before, informative, None,
            number, None, None, None,
        )  # fmt: skip

    def _task(self, row: tuple[Any, ...], today: date) -> tuple[Any, ...]:
        number, name, due = row[7:]
        return self._line(
            "task", row, name, self._others["task", row[4], name], date.fromisoformat(due), today, number
        )

    def _notice(self, row: tuple[Any, ...], today: date) -> tuple[Any, ...]:
        number, template, role, status, since, error = row[7:]
        kind = "paper" if status == "paper" else "message"
        day = datetime.fromisoformat(since).astimezone(ZoneInfo("Europe/Paris")).date()
        return self._line(
            kind, row, template, self._others["message", row[4], role], day, today, number, error
        )

    @staticmethod
    def _line(
        word: str, row: tuple[Any, ...], name: str, kind: tuple[Any, ...], day: date, today: date, number: int,
        error: str | None = None,
    ) -> tuple[Any, ...]:  # fmt: skip
        case, house, workflow, _, state, since, referent = row[:7]
        state_label, label, who, who_labels, acts, labels, _ = kind
        return (
            word, case, f"D-{case:04d}", house, workflow, state, state_label, date.fromisoformat(since), name, label,
            day, day, _bucket(day, today), (day - today).days, who, who_labels, acts, labels, referent, None, None,
            None, None, None, None, None, False, error, number, None, None, None,
        )  # fmt: skip


def _bucket(day: date, today: date) -> str:
    if day < today:
        return "late"
    if day == today:
        return "today"
    return "week" if (day - today).days <= 7 else "later"


def _order(line: tuple[Any, ...]) -> tuple[Any, ...]:
    at = 0.0 if line[22] is None else line[22].timestamp()
    return (line[23] is not None, line[11], at, line[1], line[0], line[8])
