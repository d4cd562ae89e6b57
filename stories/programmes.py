"""The workflows of a story: its main one, those of its other cases, and those of which their acts open cases."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path as File
from typing import Any

from ..domain.errors import DefinitionError
from ..domain.workflow import Workflow
from ..workflows.load import load
from ..workflows.report import shown
from .page import Page
from .story import Path

SUFFIXES = (".yaml", ".yml")
UNDER = "/"
"""Between a case and the role of one linked to it: `dossier/relogement`."""


class Workflows:
    """The workflows that stories name, each loaded once; `instead` takes the place of the one of its name."""

    def __init__(self, instead: Workflow | None = None) -> None:
        self._instead = instead
        self._known: dict[str, Workflow] = {}

    def find(self, name: str, folder: File) -> Workflow:
        """Load a workflow of the catalogue by its name, or from a path beside the story. Raises DefinitionError."""
        source = str(folder / name) if is_path(name) else name
        if self._instead is not None and self._instead.workflow == File(name).stem:
            return self._instead
        if source not in self._known:
            self._known[source] = load(source)
        found = self._known[source]
        if self._instead is not None and self._instead.workflow == found.workflow:
            return self._instead
        return found


def is_path(name: str) -> bool:
    """Say whether a workflow is named by its file."""
    return name.endswith(SUFFIXES) or UNDER in name


@dataclass(frozen=True, slots=True)
class Programmes:
    """The workflows of one story: `main`, all of them by name (the main one first), and of which each case is."""

    main: Workflow
    all: Mapping[str, Workflow]
    cases: Mapping[str, str]

    def of(self, case: str) -> Workflow | None:
        """Give the workflow of a case as a story names it; None for a role that its case has not."""
        if case in self.cases:
            return self.all[self.cases[case]]
        head, under, role = case.rpartition(UNDER)
        if not under:
            return self.main
        holder = self.of(head)
        link = None if holder is None else holder.links.get(role)
        return next((self.all[name] for name in link.workflow if name in self.all), None) if link else None


def read_programmes(page: Page, data: Any, folder: File, known: Workflows) -> Programmes | None:
    """Find the workflows that a story names and those that their acts open; a fault is told, and None given."""
    table = page.table(data, ())
    reader = _Finder(page, folder, known)
    main = page.wanted(table, "workflow", ())
    found = None if main is None else reader.find(main, ("workflow",))
    cases = page.table(table["cases"], ("cases",)) if "cases" in table else {}
    others = {case: reader.find(name, ("cases", case)) for case, name in cases.items()}
    if found is None or None in others.values():
        return None
    everyone = {found.workflow: found}
    kept = {}
    for case, workflow in others.items():
        if workflow is not None:
            everyone.setdefault(workflow.workflow, workflow)
            kept[case] = workflow.workflow
    return Programmes(found, reader.with_opened(everyone, _housed(table)), kept)


def _housed(table: Mapping[str, Any]) -> list[str]:
    """Name the workflows for which places are given; what is not well written is told where places are read."""
    given = table.get("given")
    places = given.get("places") if isinstance(given, dict) else None
    found: list[str] = []
    for place in places if isinstance(places, list) else (places,):
        named = place.get("programmes") if isinstance(place, dict) else None
        found += [name for name in (named if isinstance(named, list) else [named]) if isinstance(name, str)]
    return found


class _Finder:
    """Finds workflows by what one story writes."""

    def __init__(self, page: Page, folder: File, known: Workflows) -> None:
        self._page = page
        self._folder = folder
        self._known = known
        self._beside: dict[File, None] = {}

    def find(self, name: Any, path: Path) -> Workflow | None:
        """Find a workflow, or tell why it cannot be used."""
        if self._page.text(name, path) is None:
            return None
        try:
            found = self._known.find(name, self._folder)
        except DefinitionError as error:
            first = error.problems[0]
            where = (
                "" if first.code in ("not_found", "file") else f" ({first.file}:{first.line}:{first.column})"
            )
            text = f"le programme « {shown(name)} » n’est pas utilisable : {first.text}{where}"
            self._page.fault(path, text, "workflow")
            return None
        if is_path(name):
            self._beside[(self._folder / name).parent] = None
        return found

    def with_opened(self, found: Mapping[str, Workflow], housed: Iterable[str]) -> dict[str, Workflow]:
        """Add the workflows that have places, those of which acts open cases, and those that these open in turn.

        One that cannot be found is left out: what needs it is then refused, and says so.
        """
        known = dict(found)
        todo = [*housed, *(name for workflow in found.values() for name in _opened(workflow))]
        while todo:
            name = todo.pop()
            if name not in known and (workflow := self._linked(name)) is not None:
                known[name] = workflow
                todo += _opened(workflow)
        return known

    def _linked(self, name: str) -> Workflow | None:
        """Find a workflow that another opens: beside the documents of the story, else in the catalogue."""
        for folder in self._beside:
            if (folder / f"{name}.yaml").is_file():
                return self._loaded(f"{name}.yaml", folder)
        return self._loaded(name, self._folder)

    def _loaded(self, name: str, folder: File) -> Workflow | None:
        try:
            return self._known.find(name, folder)
        except DefinitionError:
            return None


def _opened(workflow: Workflow) -> list[str]:
    """Name the workflows of which the acts of one open cases."""
    roles = {role for action in workflow.actions.values() for role in action.opens}
    return [name for role, link in workflow.links.items() if role in roles for name in link.workflow]
