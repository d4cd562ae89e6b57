"""A process killed anywhere in a pass leaves what the pass would have left: nothing lost, nothing fired twice.

A child kills itself at each statement, commit and send (support/dying.py), or is killed from outside at any moment;
the parent then opens the database again, runs the pass again, and compares all that it finds with the run that was
left alone.
"""

import json
import random
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from support import dying
from support.databases import PostgresServer
from support.engines import an_engine, at, dump, entered, opened, paris, suivi

from jalon import Engine
from jalon.persistence import schema

KILLED = -signal.SIGKILL
NOW = "2027-01-25"  # a Monday; much is due
BEFORE = "2027-01-20"  # since when nothing came due but reminders
LEFT, RECORDED = "after the message left", "after the transaction"
SAMPLE = 12
OUTAGE = {  # rules that drop some of what is late
    "due: {after: P10D*}": "due: {after: P10D*}\n    catch_up: none",
    "due: {every: P1M*}": "due: {every: P14D*}\n    catch_up: latest",
}


@dataclass
class Place:
    """A database and a mail folder."""

    url: str
    folder: Path

    def engine(self) -> AbstractContextManager[Engine]:
        """An engine over what a death has left."""
        self._let_go()
        post = dying.Watched(str(self.folder), dying.Points(None))
        return an_engine(self.url, on=NOW, bare=True, transport=post)

    def _let_go(self) -> None:
        """Wait until the server has noticed that its client died."""
        if self.url.startswith("postgresql"):
            engine = sa.create_engine(sa.make_url(self.url).set(drivername="postgresql+psycopg"))
            others = sa.text(
                "SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            with engine.connect() as connection:
                connection.execute(others)
            engine.dispose()

    def copies(self) -> Counter[str]:
        """How many copies of each message were accepted."""
        noted = Path(f"{self.folder}.sent")
        return Counter(noted.read_text("ascii").split()) if noted.exists() else Counter()

    def files(self) -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in (self.folder / "new").glob("*")}


class Child:
    """The warm process whose children die."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, dying.__file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def run(self, verb: str, place: Place, **how: Any) -> tuple[int, list[str]]:
        """Run a pass; give how it ended and the points it went by."""
        order = {
            "verb": verb,
            "url": place.url,
            "folder": str(place.folder),
            "at": paris(NOW).isoformat(),
            **how,
        }
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        answer = json.loads(self._process.stdout.readline())
        return answer["code"], answer["points"]

    def close(self) -> None:
        self._process.stdin.close()
        self._process.wait(10)
        self._process.stdout.close()


@pytest.fixture(scope="module")
def child() -> Iterator[Child]:
    child = Child()
    yield child
    child.close()


# -- databases of which much is due, and their copies


def _furnish(url: str, scene: str) -> None:
    """Two cases, or several; of some nothing is due but reminders, of others the messages are already written."""
    with an_engine(url) as engine:
        if scene == "outage":
            engine.workflows.register(suivi(2, **OUTAGE))
        for number in range(4 if scene in ("tick", "reminders") else 1):
            if scene != "reminders":
                opened(engine)
            entered(engine, f"A{number}")
        if scene in ("deliver", "reminders"):
            at(engine, NOW if scene == "deliver" else BEFORE)
            engine.run_due()


Copy = Callable[[], Place]


@pytest.fixture(scope="module")
def sqlite_copies(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Callable[[str], Copy]:
    folder, numbers = tmp_path_factory.mktemp("crash"), iter(range(10_000))

    def of(scene: str) -> Copy:
        original = Path(shutil.copy(sqlite_template, folder / f"{scene}.db"))
        _furnish(f"sqlite:///{original}", scene)

        def copy() -> Place:
            number = next(numbers)
            return Place(
                f"sqlite:///{shutil.copy(original, folder / f'{number}.db')}", folder / f"{number}-mail"
            )

        return copy

    return of


@pytest.fixture(scope="module")
def postgres_copies(
    tmp_path_factory: pytest.TempPathFactory, postgres_server: PostgresServer
) -> Iterator[Callable[[str], Copy]]:
    folder, made = tmp_path_factory.mktemp("crash"), []

    def of(scene: str) -> Copy:
        made.append(original := postgres_server._create(postgres_server._template))
        _furnish(postgres_server.url_of(original), scene)

        def copy() -> Place:
            made.append(name := postgres_server._create(original))
            return Place(postgres_server.url_of(name), folder / f"{name}-mail")

        return copy

    yield of
    for name in reversed(made):
        postgres_server._drop(name)


# -- what a pass leaves


def _left(engine: Engine) -> dict[str, Any]:
    """All that a pass leaves but the numbers of rows, which a sequence may skip."""
    rungs, deadlines, notices = schema.rungs, schema.deadlines, schema.notices
    with engine._world.database.read() as connection:
        steps = connection.execute(
            sa.select(
                rungs.c.case_id, deadlines.c.name, deadlines.c.ordinal, rungs.c.rung, rungs.c.generation,
                rungs.c.day, rungs.c.status, rungs.c.fired_seq, rungs.c.attempts,
            ).join(deadlines, deadlines.c.id == rungs.c.deadline_id)
        )  # fmt: skip
        messages = connection.execute(
            sa.select(notices.c.key, notices.c.message_id, notices.c.status, notices.c.subject, notices.c.body,
                      notices.c.sent_at, notices.c.attempts, notices.c.seq)
        )  # fmt: skip
        found = {"rungs": sorted(map(repr, steps)), "notices": sorted(map(repr, messages))}
    for case in engine.cases.find():
        found[case.number] = (case, engine.cases.history(case.id), engine.cases.dates(case.id))
    found["tasks"] = [(item.name, item.due_on) for item in engine.deadlines.pending() if item.kind == "task"]
    verified = engine.verify()
    assert verified.sound
    return {**found, "digest": verified.digest}


@dataclass
class Alone:
    """The run that was left alone: the points it goes by, the rows and the messages it leaves."""

    verb: str
    points: list[str]
    left: dict[str, Any]
    files: dict[str, bytes]

    @property
    def fatal(self) -> range:
        """The points from the first write to what follows the last commit."""
        first = next(n for n, point in enumerate(self.points) if point.startswith(("INSERT", "UPDATE")))
        last = len(self.points) - self.points[::-1].index("COMMIT")
        return range(first + 1, last + 2)

    def recovered(self, place: Place, point: str) -> None:
        """Run the pass again after a death, and compare."""
        with place.engine() as engine:
            getattr(engine, self.verb)()
            assert _left(engine) == self.left, point
            assert engine.run_due().fired == [], point
        assert place.files() == self.files, point

    def copies_are_counted(self, place: Place, dead_at: int) -> None:
        """One more copy, of one message, leaves exactly where death came between the message and its record."""
        gone_by = self.points[:dead_at]
        unrecorded = LEFT in gone_by and RECORDED not in gone_by[len(gone_by) - gone_by[::-1].index(LEFT) :]
        twice = [copies for copies in place.copies().values() if copies > 1]
        assert twice == ([2] if unrecorded else []), (dead_at, gone_by[-1])
        assert set(place.copies()) == set(Counter(place.copies()))


def _alone(child: Child, verb: str, place: Place) -> Alone:
    code, points = child.run(verb, place)
    assert code == 0
    with place.engine() as engine:
        return Alone(verb, points, _left(engine), place.files())


def _say(capsys: pytest.CaptureFixture[str], database: str, alone: Alone, points: list[int]) -> None:
    counted = Counter(alone.points[number - 1] for number in points)
    listed = ", ".join(f"{point} ({count})" if count > 1 else point for point, count in counted.items())
    with capsys.disabled():
        sys.stdout.write(f"\n{alone.verb}, {database}: killed at {len(points)} points: {listed}\n")


# -- the tests


@pytest.mark.parametrize(
    ("scene", "verb", "least"),
    [
        ("run_due", "run_due", 30),
        ("reminders", "run_due", 5),
        ("outage", "run_due", 30),
        ("deliver", "deliver", 30),
    ],
)
def test_killed_at_any_point_on_sqlite_a_pass_loses_nothing_and_does_nothing_twice(
    scene: str,
    verb: str,
    least: int,
    child: Child,
    sqlite_copies: Callable[[str], Copy],
    capsys: pytest.CaptureFixture[str],
) -> None:
    copy = sqlite_copies(scene)
    alone = _alone(child, verb, copy())
    for number in alone.fatal:
        place, point = copy(), f"{number} {alone.points[number - 1]}"
        assert child.run(verb, place, kill=number) == (KILLED, []), point
        alone.recovered(place, point)
        alone.copies_are_counted(place, number)
    assert len(alone.fatal) >= least
    _say(capsys, f"SQLite ({scene})", alone, list(alone.fatal))


@pytest.mark.parametrize("scene", ["run_due", "outage"])
def test_killed_before_its_commit_on_postgresql_a_pass_has_written_nothing(
    scene: str, child: Child, postgres_copies: Callable[[str], Copy], capsys: pytest.CaptureFixture[str]
) -> None:
    copy = postgres_copies(scene)
    alone, place = _alone(child, "run_due", copy()), copy()
    with place.engine() as engine:
        before = dump(engine)
    fatal = [number for number in alone.fatal if "COMMIT" not in alone.points[: number - 1]]
    for number in fatal:
        assert child.run("run_due", place, kill=number) == (KILLED, [])
    with place.engine() as engine:
        assert dump(engine) == before
    alone.recovered(place, "after all")
    assert len(fatal) >= 30
    _say(capsys, f"PostgreSQL ({scene})", alone, fatal)


def test_killed_between_its_commits_on_postgresql_a_delivery_loses_nothing(
    child: Child, postgres_copies: Callable[[str], Copy], capsys: pytest.CaptureFixture[str]
) -> None:
    copy = postgres_copies("deliver")
    alone = _alone(child, "deliver", copy())
    telling = [n for n in alone.fatal if not alone.points[n - 1].startswith("SELECT")]
    fatal = telling[:: max(1, len(telling) // SAMPLE)]
    for number in fatal:
        place = copy()
        assert child.run("deliver", place, kill=number) == (KILLED, [])
        alone.recovered(place, f"{number} {alone.points[number - 1]}")
        alone.copies_are_counted(place, number)
    _say(capsys, "PostgreSQL", alone, fatal)


@pytest.mark.parametrize("database", ["sqlite", "postgres"])
def test_killed_from_outside_again_and_again_a_tick_ends_as_if_it_had_been_left_alone(
    database: str, child: Child, request: pytest.FixtureRequest
) -> None:
    copy = request.getfixturevalue(f"{database}_copies")("tick")
    began = time.monotonic()
    alone = _alone(child, "tick", copy())
    lasted, chance, place = time.monotonic() - began, random.Random(2026), copy()
    kills = 10
    for _ in range(kills):
        code, _ = child.run("tick", place, after=chance.uniform(0.1, 1.0) * lasted)
        assert code in (KILLED, 0)
        with place.engine() as engine:
            assert engine.verify().sound
    alone.recovered(place, "after all")
    assert set(place.copies()) == set(_numbers(alone))
    assert place.copies().total() <= len(alone.files) + kills


def _numbers(alone: Alone) -> list[str]:
    return [line.split(b":", 1)[1].strip().decode() for file in alone.files.values()
            for line in file.splitlines() if line.startswith(b"Message-ID:")]  # fmt: skip
