"""A process that is warm: for each order it forks a child, which runs passes and dies where it was told to.

One order and one answer a line, in JSON. An order names the verb, the database, the mail folder and the instant;
`kill` is the point at which the child kills itself, counted from 1; `after` the seconds after which it is killed
from outside. A point comes before each statement, before and after each commit, and around each send.
"""

import json
import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import psycopg  # noqa: F401 - what a pass imports late is imported here, once for all the children
import sqlalchemy as sa

from jalon import Engine, Settings, VirtualClock
from jalon.engine import delivery, worker  # noqa: F401 - same
from jalon.notifications.transport import transport
from jalon.workflows import compiled, decide, guards, rulebook  # noqa: F401 - same


class Points:
    """Counts the points that a pass goes by, and dies at one of them."""

    def __init__(self, fatal: int | None) -> None:
        self.fatal = fatal
        self.names: list[str] = []

    def go_by(self, name: str) -> None:
        self.names.append(name)
        if len(self.names) == self.fatal:
            os.kill(os.getpid(), signal.SIGKILL)

    def watch(self, engine: sa.Engine) -> None:
        sa.event.listen(engine, "before_cursor_execute", lambda *args: self.go_by(_short(args[2])))
        sa.event.listen(engine, "commit", lambda *args: self.go_by("COMMIT"))
        sa.event.listen(engine, "checkin", lambda *args: self.go_by("after the transaction"))


class Watched:
    """A mail folder; each message it accepts is noted, so that copies can be counted."""

    def __init__(self, folder: str, points: Points) -> None:
        self._inner, self._noted, self._points = transport(f"maildir:{folder}"), f"{folder}.sent", points

    @contextmanager
    def session(self) -> Iterator["Watched"]:
        with self._inner.session() as self._session:
            yield self

    def send(self, message: Any) -> None:
        self._points.go_by("before the message leaves")
        self._session.send(message)
        with open(self._noted, "a", encoding="ascii") as file:  # noqa: PTH123 - one write, appended
            file.write(f"{message['Message-ID']}\n")
        self._points.go_by("after the message left")


def _short(statement: str) -> str:
    words = statement.split()
    table = next((word.strip(",.") for word in words if word.startswith("jalon_")), "")
    return f"{words[0]} {table}".strip()


def run(order: dict[str, Any]) -> list[str]:
    points = Points(order.get("kill"))
    clock = VirtualClock(datetime.fromisoformat(order["at"]))
    engine = Engine(Settings(database=order["url"]), clock=clock, transport=Watched(order["folder"], points))
    engine._world.ready()
    points.watch(engine._world.database.engine)
    getattr(engine, order["verb"])()
    return points.names


def _child(order: dict[str, Any], out: int) -> None:
    code = 1
    try:
        with os.fdopen(out, "w", encoding="utf-8") as answer:
            json.dump(run(order), answer)
        code = 0
    finally:
        os._exit(code)


def main() -> None:
    for line in sys.stdin:
        order = json.loads(line)
        reading, writing = os.pipe()
        pid = os.fork()
        if pid == 0:
            os.close(reading)
            _child(order, writing)
        os.close(writing)
        if order.get("after") is not None:
            time.sleep(order["after"])
            os.kill(pid, signal.SIGKILL)
        with os.fdopen(reading, encoding="utf-8") as answer:
            said = answer.read()
        code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        points = json.loads(said) if code == 0 else []
        sys.stdout.write(json.dumps({"code": code, "points": points}) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
