"""Where the rows of a step go: at once, or gathered with those of other cases and written table by table."""

from collections.abc import Mapping, Sequence
from typing import Any

from ..persistence import cases, dates, outbox
from ..persistence.database import Connection

Row = Mapping[str, Any]


class Writes:
    """Writes each row as it comes."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def event(self, line: Row, sealed: Sequence[Row]) -> None:
        """Append a line to a history, and the personal values it seals."""
        cases.insert_events(self._connection, [line], sealed)

    def notices(self, lines: Sequence[Row]) -> None:
        """Put messages in the outbox."""
        outbox.insert_notices(self._connection, lines)

    def rung(self, change: Row) -> None:
        """Write what a step changes of a rung."""
        dates.update_rungs(self._connection, [change])

    def case(self, change: Row) -> None:
        """Write what a step changes of a case."""
        cases.update_cases(self._connection, [change])


class Gathered(Writes):
    """Keeps the rows of many cases, of which only reminders leave, until they are written together."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection)
        self._events: list[Row] = []
        self._sealed: list[Row] = []
        self._notices: list[Row] = []
        self._rungs: list[Row] = []
        self._heads: list[Row] = []

    def event(self, line: Row, sealed: Sequence[Row]) -> None:
        """Keep a line of history."""
        self._events.append(line)
        self._sealed.extend(sealed)

    def notices(self, lines: Sequence[Row]) -> None:
        """Keep messages."""
        self._notices.extend(lines)

    def rung(self, change: Row) -> None:
        """Keep what changes of a rung."""
        self._rungs.append(change)

    def case(self, change: Row) -> None:
        """Keep what a reminder changes of a case."""
        self._heads.append({name: change[name] for name in ("id", "seq", "head", "next_due_at")})

    def flush(self) -> None:
        """Write everything, one statement for each table."""
        cases.insert_events(self._connection, self._events, self._sealed)
        outbox.insert_notices(self._connection, self._notices)
        dates.update_rungs(self._connection, self._rungs)
        cases.update_heads(self._connection, self._heads)
