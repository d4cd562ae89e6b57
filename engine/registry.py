"""The workflows an engine knows: registered once, kept for good, ready to decide."""

import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from ..domain.errors import DefinitionError, InputError, NotFound, Problem, VersionFrozen
from ..domain.question import Guard
from ..domain.texts import is_name, is_row_id, looked_up
from ..domain.workflow import Workflow
from ..persistence import people as rows
from ..persistence.database import Connection
from .world import World


@dataclass(frozen=True, slots=True)
class Version:
    """One registered version of a workflow."""

    workflow: str
    version: int
    title: str
    digest: str


class Workflows:
    """Registers workflows and finds them."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._lock = threading.Lock()
        self._rules: dict[tuple[str, int], Any] = {}
        self._guards: dict[str, Guard] = {}
        self.kept: dict[tuple[str, int, str], tuple[Workflow, Any]] = {}  # what was found of a version

    def register(self, workflow: Workflow, guards: Iterable[Guard] = (), *, session: Any = None) -> Version:
        """Keep a version of a workflow; the same content again changes nothing.

        `guards` are the functions its conditions name. What its acts may open, and the shipped catalogue has, is
        registered with it where this database has no version of it yet. Raises VersionFrozen where this version is
        known with other content, DefinitionError where it names a template or a guard that does not exist.
        """
        for guard in guards:
            self._guards[_name(guard)] = guard
        self._refuse_missing(workflow)
        with self._world.writing(session) as unit:
            rows.hold_versions(unit.connection)
            self._keep(unit.connection, workflow)
            self._keep_opened(unit.connection, workflow)
        return Version(workflow.workflow, workflow.version, workflow.title, workflow.digest)

    def _keep(self, connection: Connection, workflow: Workflow) -> None:
        row = rows.read_version(connection, workflow.workflow, workflow.version)
        if row is None:
            # What is known of this version, if anything, comes from a host's transaction that was undone.
            self._rules.pop((workflow.workflow, workflow.version), None)
            rows.insert_version(connection, self._row(workflow))
        elif row.digest != workflow.digest:
            raise VersionFrozen(
                f"{workflow.workflow} version {workflow.version} is registered with other content: "
                "give the new content a new version",
                workflow=workflow.workflow,
                version=workflow.version,
            )

    def _keep_opened(self, connection: Connection, workflow: Workflow) -> None:
        """Keep what a workflow opens, near or far, as it is shipped; what the database has of it stays."""
        todo = [workflow]
        while todo:
            for name in opened_names(todo.pop()):
                shipped = None if rows.read_version(connection, name) is not None else _shipped(name)
                if shipped is not None:
                    self._refuse_missing(shipped)
                    self._keep(connection, shipped)
                    todo.append(shipped)

    def _row(self, workflow: Workflow) -> Mapping[str, Any]:
        from ..workflows.compiled import dump

        text = dump(workflow)
        return {
            "workflow": workflow.workflow, "version": workflow.version, "title": workflow.title,
            "digest": workflow.digest, "compiled": text, "registered_at": self._world.now(),
        }  # fmt: skip

    def _refuse_missing(self, workflow: Workflow) -> None:
        from ..workflows.guards import GUARDS, unknown_guards
        from .documents import missing_templates

        problems = [
            Problem(
                workflow.workflow,
                1,
                1,
                f"garde inconnue « {name} » : la donner à register(…, guards=[…])",
                "guard",
            )
            for name in unknown_guards(workflow, {**GUARDS, **self._guards})
        ]
        problems += missing_templates(workflow, self._world.settings.templates)
        if problems:
            raise DefinitionError(problems)

    def list(self) -> tuple[Version, ...]:
        """List the versions registered in the database."""
        with self._world.reading() as connection:
            found = rows.list_versions(connection)
        return tuple(Version(row.workflow, row.version, row.title, row.digest) for row in found)

    def get(self, workflow: str, version: int | None = None) -> Workflow:
        """Give a version of a workflow, or the latest. Raises NotFound."""
        with self._world.reading() as connection:
            found: Workflow = self.rules(connection, workflow, version).workflow
        return found

    def rules(self, connection: Connection, workflow: str, version: int | None = None) -> Any:
        """Give a workflow ready to decide; the engine keeps it for the next call. Raises NotFound."""
        looked_up(workflow, "workflow")
        if version is not None and not is_row_id(version):
            raise NotFound("workflow", f"{workflow} {version}"[:80])
        if version is None:
            row = rows.read_version(connection, workflow)
            if row is None:
                raise NotFound("workflow", workflow)
            version = int(row.version)
        key = (workflow, version)
        found = self._rules.get(key)
        if found is None:
            found = self._rules[key] = self._restore(connection, workflow, version)
        return found

    def latest(self, connection: Connection, workflow: str) -> Workflow | None:
        """Give the latest version of a workflow of which a case may be opened, or nothing where there is none."""
        row = rows.read_version(connection, workflow) if is_name(workflow) else None
        if row is None:
            return None
        found: Workflow = self.rules(connection, workflow, int(row.version)).workflow
        return found

    def _restore(self, connection: Connection, workflow: str, version: int) -> Any:
        from ..workflows.compiled import restore
        from ..workflows.decide import Rules
        from ..workflows.guards import GUARDS, unknown_guards
        from ..workflows.rulebook import Rulebook

        row = rows.read_version(connection, workflow, version)
        if row is None:
            raise NotFound("workflow", f"{workflow} {version}")
        known = restore(row.compiled)
        guards = {**GUARDS, **self._guards}
        missing = sorted(unknown_guards(known, guards))
        if missing:
            raise InputError(
                f"register {workflow} with its guards in this process first: {', '.join(missing)}",
                guards=missing,
            )
        return Rules(known, Rulebook(known), guards)


def opened_names(workflow: Workflow) -> tuple[str, ...]:
    """Name the workflows of which the acts of one may open a case."""
    links = (name for action in workflow.actions.values() for name in action.opens)
    return tuple(dict.fromkeys(workflow.links[name].workflow[0] for name in links))


@cache
def _shipped(name: str) -> Workflow | None:
    """Load a workflow of the shipped catalogue, once for a process; nothing where it has none of this name."""
    from ..workflows.load import catalogue, load

    return load(name) if name in catalogue() else None


def _name(guard: Callable[..., Any]) -> str:
    name = getattr(guard, "__name__", "")
    if not name.isidentifier():
        raise InputError("a guard is a function with a name", argument="guards")
    return name
