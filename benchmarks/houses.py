"""The databases that are measured: a SQLite file, a PostgreSQL server with its default durability, and their house."""

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import limits
import parcours
import psycopg
import sqlalchemy as sa

from jalon import Engine, Settings, VirtualClock, loads

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from support.databases import URL_VARIABLE, _start

HOUSE, AGENT = "tilleuls", "ana"
TUESDAY = date(2026, 11, 24)


def morning(day: date) -> datetime:
    """Ten o'clock in Paris, on a day of winter."""
    return datetime(day.year, day.month, day.day, 9, tzinfo=UTC)


@dataclass(slots=True)
class Bench:
    """One database with its engine, its clock, and the driver's own connection for the limits."""

    name: str
    url: str
    postgres: bool
    clock: VirtualClock
    engine: Engine
    raw: Any

    def to(self, day: date) -> None:
        """Move the clock to the morning of a day."""
        self.clock.set(morning(day))

    def open(self, workflow: str, facts: dict[str, Any], number: int) -> list[int]:
        """Open cases."""
        cases = self.engine.cases
        return [cases.open(workflow, facts, by=AGENT, establishment=HOUSE).id for _ in range(number)]

    def settle(self) -> None:
        """Let the database know its tables, and make the log as long as it will ever be."""
        self.raw.execute("VACUUM ANALYZE" if self.postgres else "ANALYZE")


@contextmanager
def sqlite_bench(folder: Path) -> Iterator[Bench]:
    """A SQLite file."""
    path = folder / f"{uuid4().hex}.db"
    with _bench("SQLite", f"sqlite:///{path}", lambda: limits.sqlite_connection(str(path))) as bench:
        yield bench


@contextmanager
def postgres_bench(server: str) -> Iterator[Bench]:
    """A database of its own on a server."""
    name = f"jalon_bench_{uuid4().hex}"
    url = (
        sa.make_url(server).set(drivername="postgresql", database=name).render_as_string(hide_password=False)
    )
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}"')
        try:
            with _bench("PostgreSQL", url, lambda: limits.postgres_connection(url)) as bench:
                yield bench
        finally:
            admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@contextmanager
def _bench(name: str, url: str, connect: Any) -> Iterator[Bench]:
    clock = VirtualClock(morning(TUESDAY))
    engine = Engine(Settings(database=url), clock=clock)
    engine.establishments.add(HOUSE, "Résidence des Tilleuls")
    engine.people.add(AGENT, "Ana", address="ana@example.org")
    engine.people.grant(AGENT, "agent", HOUSE)
    for text in (parcours.ring(), parcours.reminders(), parcours.ten()):
        engine.workflows.register(loads(text))
    raw = connect()
    try:
        yield Bench(name, url, url.startswith("postgres"), clock, engine, raw)
    finally:
        raw.close()
        engine.close()


@contextmanager
def postgres_server() -> Iterator[str]:
    """The server that the environment names, or one from pip; durable as it is by default."""
    given = os.environ.get(URL_VARIABLE)
    if given:
        yield sa.make_url(given).set(drivername="postgresql").render_as_string(hide_password=False)
        return
    folder = Path(tempfile.mkdtemp(prefix="jalon-pg-"))
    try:
        server = _start(folder)
        try:
            yield server.get_uri()
        finally:
            server.cleanup()
    finally:
        with suppress(OSError):
            shutil.rmtree(folder)


def weeks_after(number: int) -> date:
    """Give the Tuesday so many weeks after the first."""
    return TUESDAY + timedelta(weeks=number)
