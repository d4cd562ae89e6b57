"""The hand-written limits: the same rows as jalon writes, by literal statements on the driver's own cursor.

They know the workflow by heart and check nothing else: no role, no calendar, no history read back. What they
share with jalon is what the tables ask: its columns, its constraints, its canonical JSON and its chain of digests.
"""

import hashlib
import json
import sqlite3
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from parcours import FIRST_DELAY, STATES

OPENING = "T07:00:00.000000Z"  # eight o'clock in Paris, in winter: every date of the measure is in winter

READ = "SELECT state, revision, seq, head, facts, establishment_id FROM jalon_cases WHERE id = ?"
CASE = (
    "UPDATE jalon_cases SET state = ?, revision = ?, seq = ?, head = ?, facts = ?, state_since = ?, next_due_at = ?"
    " WHERE id = ? AND revision = ?"
)
EVENT = (
    "INSERT INTO jalon_events (case_id, seq, at, effective_on, kind, actor_id, action, source, target, body, digest)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
MEET = (
    "UPDATE jalon_deadlines SET status = 'met', closed_on = ?, closed_seq = ?"
    " WHERE case_id = ? AND name = ? AND status = 'open'"
)
CANCEL = "UPDATE jalon_rungs SET status = 'cancelled' WHERE case_id = ? AND status = 'pending'"
ARM = (
    "INSERT INTO jalon_deadlines (case_id, establishment_id, name, ordinal, key, k, anchor_on, legal_on, due_on,"
    " status, why) VALUES (?, ?, ?, ?, ?, 1, ?, ?, ?, 'open', ?) RETURNING id"
)
RUNG = (
    "INSERT INTO jalon_rungs (deadline_id, case_id, rung, generation, kind, day, fire_at, status)"
    " VALUES (?, ?, 'P0D:notice', 1, 'notice', ?, ?, 'pending')"
)
NOTICE = (
    "INSERT INTO jalon_notices (case_id, establishment_id, key, template, role, recipient, seq, created_at,"
    " not_before, status, next_attempt_at, message_id, context)"
    " VALUES (?, ?, ?, 'rappel_echeance', 'agent', 'actor:ana', ?, ?, ?, 'waiting', ?, ?, '{\"staff\":true}')"
)

DUE = (
    "SELECT r.id, r.rung, r.day, r.fire_at, d.id, d.name, d.ordinal, c.id, c.seq, c.head, c.establishment_id,"
    " (SELECT min(n.fire_at) FROM jalon_rungs n"
    "  WHERE n.case_id = r.case_id AND n.status = 'pending' AND n.fire_at > ?)"
    " FROM jalon_rungs r JOIN jalon_deadlines d ON d.id = r.deadline_id JOIN jalon_cases c ON c.id = r.case_id"
    " WHERE r.status = 'pending' AND r.fire_at <= ? ORDER BY r.fire_at, r.id LIMIT ?"
)
REMIND = (
    "INSERT INTO jalon_notices (case_id, establishment_id, key, template, role, recipient, seq, deadline_id,"
    " generation, rung, created_at, not_before, status, next_attempt_at, message_id, context)"
    " VALUES (?, ?, ?, 'rappel_echeance', 'agent', 'actor:ana', ?, ?, 1, ?, ?, ?, 'waiting', ?, ?, '{\"staff\":true}')"
)
FIRED = "UPDATE jalon_rungs SET status = 'fired', fired_seq = ? WHERE id = ?"
FIRED_EVENT = (
    "INSERT INTO jalon_events (case_id, seq, at, effective_on, kind, actor_id, body, digest)"
    " VALUES (?, ?, ?, ?, 'notice', ?, ?, ?)"
)
HEAD = "UPDATE jalon_cases SET seq = ?, head = ?, next_due_at = ? WHERE id = ?"

# PostgreSQL writes a whole batch by one statement, from arrays.
FIRE_ALL = """
WITH f AS (
    SELECT * FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[], %s::bigint[], %s::bigint[], %s::int[],
        %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[])
    AS t (rung_id, rung, day, fire_at, deadline_id, case_id, seq, house, next_at, actor, body, digest, key, message_id)
), c AS (
    UPDATE jalon_cases c SET seq = f.seq, head = f.digest, next_due_at = f.next_at FROM f WHERE c.id = f.case_id
), r AS (
    UPDATE jalon_rungs r SET status = 'fired', fired_seq = f.seq FROM f WHERE r.id = f.rung_id
), e AS (
    INSERT INTO jalon_events (case_id, seq, at, effective_on, kind, actor_id, body, digest)
    SELECT case_id, seq, %s, day, 'notice', actor, body, digest FROM f
)
INSERT INTO jalon_notices (case_id, establishment_id, key, template, role, recipient, seq, deadline_id, generation,
    rung, created_at, not_before, status, next_attempt_at, message_id, context)
SELECT case_id, house, key, 'rappel_echeance', 'agent', 'actor:ana', seq, deadline_id, 1, rung, fire_at, fire_at,
    'waiting', fire_at, message_id, '{"staff":true}' FROM f
"""


def sqlite_connection(path: str) -> sqlite3.Connection:
    """Open a file as jalon does (durable, constraints checked), with the caches that a limit may have."""
    connection = sqlite3.connect(path, isolation_level=None, timeout=60, cached_statements=256)
    for pragma in (
        "synchronous = FULL",
        "foreign_keys = ON",
        "wal_autocheckpoint = 4000",
        "cache_size = -65536",
    ):
        connection.execute(f"PRAGMA {pragma}")
    return connection


def postgres_connection(url: str) -> Any:
    """Open a connection whose statements are prepared at once."""
    import psycopg

    connection = psycopg.connect(url, autocommit=True)
    connection.prepare_threshold = 1
    return connection


def on_postgres(statement: str) -> str:
    """Write a statement with psycopg's placeholders."""
    return statement.replace("?", "%s")


def canonical(value: Any) -> str:
    """Write a JSON value as the tables keep it."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def digest(*content: Any) -> str:
    """Give the digest of a line of history."""
    return hashlib.sha256(canonical(content).encode()).hexdigest()


def stored(at: datetime) -> str:
    """Write an instant as the tables keep it."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")[:26] + "Z"


def message_id(key: str) -> str:
    """Give the number of a message, which its key decides."""
    number = hashlib.sha256(b"jalon notice\0" + key.encode()).hexdigest()
    return f"<{number[:32]}@localhost>"


class Transitions:
    """One move round the ring, statement by statement, in one transaction."""

    def __init__(self, connection: Any, *, postgres: bool) -> None:
        self._connection = connection
        statements = (READ, CASE, EVENT, MEET, CANCEL, ARM, RUNG, NOTICE)
        if postgres:
            statements = (on_postgres(READ) + " FOR NO KEY UPDATE", *map(on_postgres, statements[1:]))
        self._sql = statements
        self._begin = "BEGIN" if postgres else "BEGIN IMMEDIATE"

    def move(self, case_id: int, score: int, today: date, at: datetime) -> None:
        """Move a case to its next state."""
        execute = self._connection.execute
        read, case, insert_event, meet, cancel, arm, insert_rung, insert_notice = self._sql
        execute(self._begin)
        state, revision, seq, head, facts, house = execute(read, (case_id,)).fetchone()
        values = {**json.loads(facts), "score": score}
        if values["score"] < 10:
            raise PermissionError
        seq, day, now = seq + 1, today.isoformat(), stored(at)
        here = int(state[1])
        there = (here + 1) % STATES
        target, due = f"e{there}", _due(there, today)
        ordinal = 1 + (seq - 1) // STATES
        body = {
            "changes": _changes(here, there, seq, today),
            "facts": {"score": score},
            "notices": ["rappel_echeance"],
        }
        told = at.astimezone(UTC).isoformat(timespec="microseconds")
        act = ("act", "ana")
        path = (f"avancer_{here}", state, target)
        new = digest(head, case_id, seq, told, day, *act, None, *path, body)
        why = {
            "delay": f"P{FIRST_DELAY + 7 * there}D",
            "source": {"kind": "entry", "name": target, "seq": seq},
        }
        key = f"{case_id}/{seq}/rappel_echeance/actor:ana"
        change = (target, revision + 1, seq, new, canonical(values), day, due + OPENING)
        if execute(case, (*change, case_id, revision)).rowcount != 1:
            raise RuntimeError
        execute(insert_event, (case_id, seq, now, day, *act, *path, canonical(body), new))
        execute(meet, (day, seq, case_id, f"delai_{here}"))
        execute(cancel, (case_id,))
        occurrence = (case_id, house, f"delai_{there}", ordinal, f"e{seq}", day, due, due, canonical(why))
        (armed,) = execute(arm, occurrence).fetchone()
        execute(insert_rung, (armed, case_id, due, due + OPENING))
        execute(insert_notice, (case_id, house, key, seq, now, now, now, message_id(key)))
        execute("COMMIT")


def _changes(here: int, there: int, seq: int, today: date) -> list[dict[str, Any]]:
    """What the history says of the two deadlines, in the order of the workflow."""
    changes = [
        {"change": "met", "deadline": f"delai_{here}", "due_on": _due(here, today), "ordinal": 1 + (seq - 2) // STATES},
        {"change": "armed", "deadline": f"delai_{there}", "due_on": _due(there, today),
         "ordinal": 1 + (seq - 1) // STATES},
    ]  # fmt: skip
    return changes if here < there else changes[::-1]


def _due(state: int, today: date) -> str:
    return (today + timedelta(days=FIRST_DELAY + 7 * state)).isoformat()


class Sweep:
    """Every reminder that is due, five hundred in a transaction, written by sets."""

    BATCH = 500

    def __init__(self, connection: Any, *, postgres: bool) -> None:
        self._connection = connection
        self._postgres = postgres

    def run(self, at: datetime) -> int:
        """Fire everything that is due; give how many there were."""
        total = 0
        while fired := self._batch(at):
            total += fired
        return total

    def _batch(self, at: datetime) -> int:
        execute = self._connection.execute
        now = stored(at)
        execute("BEGIN" if self._postgres else "BEGIN IMMEDIATE")
        due = on_postgres(DUE) + " FOR UPDATE OF r, c SKIP LOCKED" if self._postgres else DUE
        found = execute(due, (now, now, self.BATCH)).fetchall()
        told = at.astimezone(UTC).isoformat(timespec="microseconds")
        rows = [self._row(row, told) for row in found]
        if rows and self._postgres:
            execute(FIRE_ALL, (*map(list, zip(*rows, strict=True)), now))
        elif rows:
            self._write(rows, now)
        execute("COMMIT")
        return len(rows)

    @staticmethod
    def _row(row: Sequence[Any], told: str) -> tuple[Any, ...]:
        rung_id, rung, day, fire_at, deadline_id, name, ordinal, case_id, seq, head, house, next_at = row
        body = {"deadline": name, "notices": ["rappel_echeance:agent"], "ordinal": ordinal, "rung": rung}
        actor, seq = f"echeance:{name}", seq + 1
        new = digest(head, case_id, seq, told, day, "notice", actor, None, None, None, None, body)
        key = f"{case_id}/{name}/{ordinal}/1/{rung}/rappel_echeance/actor:ana"
        return (
            rung_id, rung, day, fire_at, deadline_id, case_id, seq, house, next_at, actor, canonical(body), new, key,
            message_id(key),
        )  # fmt: skip

    def _write(self, rows: Sequence[tuple[Any, ...]], now: str) -> None:
        many = self._connection.executemany
        cases, events, rungs, notices = [], [], [], []
        for row in rows:
            (
                rung_id,
                rung,
                day,
                fire_at,
                deadline_id,
                case_id,
                seq,
                house,
                next_at,
                actor,
                body,
                new,
                key,
                number,
            ) = row
            cases.append((seq, new, next_at, case_id))
            events.append((case_id, seq, now, day, actor, body, new))
            rungs.append((seq, rung_id))
            notices.append((case_id, house, key, seq, deadline_id, rung, fire_at, fire_at, fire_at, number))
        many(HEAD, cases)
        many(FIRED_EVENT, events)
        many(FIRED, rungs)
        many(REMIND, notices)
