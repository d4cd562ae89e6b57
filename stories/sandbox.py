"""The sandbox in which a story is played: a database of its own, a clock that it moves, messages kept aside."""

import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from email.message import EmailMessage
from itertools import count
from pathlib import Path
from types import TracebackType

from ..domain.workflow import Workflow
from ..engine import Engine, Settings, VirtualClock
from .story import Story

HOUSE = "maison"
PREFIX = "jalon-recits-"
_MEMORY = Path("/dev/shm")  # noqa: S108 - where the system keeps files in memory: nothing here is to survive a power cut
_BIRTH = datetime(2000, 1, 1, tzinfo=UTC)


def a_folder() -> tempfile.TemporaryDirectory[str]:
    """Make a folder that goes away with the sandbox, in memory where the system can."""
    in_memory = _MEMORY.is_dir() and os.access(_MEMORY, os.W_OK)
    return tempfile.TemporaryDirectory(prefix=PREFIX, dir=_MEMORY if in_memory else None)


class Basket:
    """A way out by which messages leave and go nowhere."""

    @contextmanager
    def session(self) -> Iterator["Basket"]:
        """Open a session."""
        yield self

    def send(self, message: EmailMessage) -> None:
        """Accept a message."""


class Sandbox:
    """An engine over a fresh SQLite file for each story.

    What is the same for all is done once: the tables, and each workflow registered in them; a story begins on a
    copy of that file. The engine serves them all, so that its statements and its templates are made once.
    """

    def __init__(self, folder: Path, templates: Path | None = None) -> None:
        self.clock = VirtualClock(_BIRTH)
        self._templates = templates
        self._empty, self._file = folder / "vide.db", folder / "recit.db"
        self._ready: dict[frozenset[str], Path] = {}
        self._numbers = count(1)
        self._digests: dict[tuple[str, int], str] = {}
        engine = self._open(self._empty, create=True)
        engine.upgrade(sandbox=True)
        engine.close()
        self.engine = self._open(self._file)

    def __enter__(self) -> "Sandbox":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.engine.close()

    def begin(self, story: Story) -> None:
        """Give a story its empty house, its people and its workflows, at its first instant. Raises JalonError."""
        self.clock.set(story.steps[0].at)
        workflows = tuple(story.workflows.values())
        digests = frozenset(workflow.digest for workflow in workflows)
        if digests not in self._ready:
            self._prepare(digests, workflows)
        self._start_on(self._ready[digests])
        self._furnish(story)

    def forget(self, workflow: Workflow) -> None:
        """Drop what was kept for a workflow that will not be played again."""
        for digests in [one for one in self._ready if workflow.digest in one]:
            self._ready.pop(digests).unlink()

    def _prepare(self, digests: frozenset[str], workflows: Sequence[Workflow]) -> None:
        """Register workflows in empty tables, and keep that file."""
        versions = {(one.workflow, one.version): one.digest for one in workflows}
        if any(self._digests.setdefault(version, digest) != digest for version, digest in versions.items()):
            self.engine.close()  # it remembers the workflow of this version, which is now another
            self.engine = self._open(self._file)
            self._digests.update(versions)
        self._start_on(self._empty)
        for workflow in workflows:
            self.engine.workflows.register(workflow)
        self.engine.close()  # what the journal holds is then in the file
        self._ready[digests] = self._file.with_name(f"pret-{next(self._numbers)}.db")
        shutil.copyfile(self._file, self._ready[digests])

    def _start_on(self, model: Path) -> None:
        self.engine.close()
        for suffix in ("-wal", "-shm"):
            with suppress(FileNotFoundError):
                self._file.with_name(self._file.name + suffix).unlink()
        shutil.copyfile(model, self._file)

    def _furnish(self, story: Story) -> None:
        engine, given = self.engine, story.given
        engine.establishments.add(
            HOUSE, "La maison", zone=given.zone, timezone=given.timezone, opens=given.opens, closes=given.closes,
            closures=given.closures, extra_days=given.worked,
        )  # fmt: skip
        for member in given.people:
            engine.people.add(member.id, member.name, address=member.address)
            for role in member.roles:
                engine.people.grant(member.id, role, HOUSE)
        for place in given.places:
            engine.places.add(HOUSE, **place)
        for workflow, values in story.parameters.items():
            for name, value in values.items():
                engine.establishments.set_parameter(HOUSE, workflow, name, value)

    def _open(self, path: Path, *, create: bool = False) -> Engine:
        settings = Settings(database=f"sqlite:///{path}", create=create, templates=self._templates)
        return Engine(settings, clock=self.clock, transport=Basket())
