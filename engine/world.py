"""What the parts of an engine share: the database, the clock, the templates, and the listeners."""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from ..domain.errors import InputError, NotInitialised
from ..domain.ports import Clock, Transport
from ..persistence import cases
from ..persistence.commit import after_commit
from ..persistence.database import Connection, Database
from .settings import Settings

SANDBOX = "sandbox"

_logger = logging.getLogger("jalon")


@dataclass(frozen=True, slots=True)
class Happening:
    """What a listener is told, once it is committed: which line of which case's history; ids, never data."""

    case_id: int
    seq: int
    kind: str
    action: str | None
    at: datetime


Listener = Callable[[Happening], object]


@dataclass(frozen=True, slots=True)
class Postmark:
    """What tells the messages of this database from those of another: its identity, and the sender's domain."""

    database: str
    domain: str


@dataclass(slots=True)
class Unit:
    """One transaction: its connection, and what happened in it."""

    connection: Connection
    postmark: Postmark | None = None
    happenings: list[Happening] = field(default_factory=list)
    beside: list[Any] = field(default_factory=list)  # what was due on linked cases, and played on the way
    absences: Any = None  # who is away, once someone asks
    deputy: Any = None  # who acts, where they hold roles for others

    def message_id(self, key: str) -> str:
        """Give the Message-ID of a message, the same each time it is asked for its key."""
        from ..notifications.message import message_id

        if self.postmark is None:
            raise InputError("messages are written in a transaction that writes")
        return message_id(f"{self.postmark.database}/{key}", self.postmark.domain)


class Undo(Exception):
    """Ends a transaction that was only a try."""


class World:
    """The resources of one engine, safe to share between threads."""

    def __init__(self, settings: Settings, clock: Clock, transport: Transport | None) -> None:
        self.settings = settings
        self.clock = clock
        self.transport = transport
        known = settings.database
        self.database = Database(known) if isinstance(known, str) else Database(engine=known)
        self.listeners: list[Listener] = []
        self._ready = False
        self._lock = threading.Lock()

    def now(self) -> datetime:
        """Read the clock. Raises InputError for a clock that does not say its zone."""
        now = self.clock.now()
        if now.tzinfo is None:
            raise InputError("the clock gives aware instants", argument="clock")
        return now

    @contextmanager
    def writing(self, session: Any = None) -> Iterator[Unit]:
        """Give a unit in a transaction of ours, or in the host's, which the host commits.

        Listeners are told after the commit, never after a rollback.
        """
        self.ready()
        if session is not None:
            with self.database.join(session) as connection:
                unit = Unit(connection, self._postmark())
                # what is refused or fails leaves nothing for the host to commit
                with connection.begin_nested():
                    yield unit
                if unit.happenings:
                    after_commit(connection, lambda: self._tell(unit.happenings))
            return
        with self.database.write() as connection:
            unit = Unit(connection, self._postmark())
            yield unit
        self._tell(unit.happenings)

    @contextmanager
    def reading(self, session: Any = None) -> Iterator[Connection]:
        """Give a connection that reads the database as of one moment, or the host's own."""
        self.ready()
        if session is not None:
            with self.database.join(session, write=False) as connection:
                yield connection
        else:
            with self.database.read() as connection:
                yield connection

    @contextmanager
    def trying(self, session: Any = None) -> Iterator[Unit]:
        """Give a unit whose every effect is undone at the end."""
        self.ready()
        if session is not None:
            with self.database.join(session) as connection:
                nested = connection.begin_nested()
                try:
                    yield Unit(connection, self._postmark())
                finally:
                    nested.rollback()
            return
        with suppress(Undo), self.database.write() as connection:
            yield Unit(connection, self._postmark())
            raise Undo

    def _postmark(self) -> Postmark:
        return Postmark(self.database.identity() or "", self.settings.mail_domain)

    def ready(self) -> None:
        """Check once that the database is the one this jalon writes; make its tables where it has none."""
        if self._ready:
            return
        with self._lock:
            try:
                self.database.require_current()
            except NotInitialised:
                if not self.settings.create:
                    raise
                from ..persistence.migrate import upgrade

                upgrade(self.database)
            self.database.identity()  # read now: inside a host's transaction it would wait for the host
            self._ready = True

    def make_sandbox(self) -> None:
        """Mark the database as one in which time may be moved by hand. Raises InputError where it holds cases."""
        with self.writing() as unit:
            if cases.all_heads(unit.connection):
                raise InputError("a database that holds cases does not become a sandbox", argument="sandbox")
            cases.write_meta(unit.connection, SANDBOX, "1")

    def is_sandbox(self) -> bool:
        """Say whether time may be moved by hand."""
        with self.reading() as connection:
            return cases.read_meta(connection, SANDBOX) == "1"

    def written_until(self) -> datetime | None:
        """Give the instant of the last line of any history."""
        with self.reading() as connection:
            return cases.last_line_at(connection)

    def _tell(self, happenings: list[Happening]) -> None:
        for happening in happenings:
            for listener in self.listeners:
                try:
                    listener(happening)
                except Exception:
                    _logger.exception(
                        "a listener failed on event %s of case %s", happening.seq, happening.case_id
                    )
