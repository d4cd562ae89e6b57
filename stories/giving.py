"""What is given before the first step, read: the house and its people, its places, its settings, what forms say."""

from collections.abc import Mapping
from datetime import date, time
from typing import Any

from ..domain.calendars import ZONES
from ..domain.civil import instant
from ..domain.errors import InputError
from ..domain.workflow import Workflow
from ..workflows.report import shown
from .casting import read_people
from .page import Page
from .programmes import Programmes
from .story import Given, Path

GIVEN_KEYS = (
    "zone", "timezone", "opens", "closes", "closures", "worked", "people", "facts", "documents", "places",
)  # fmt: skip
PLACE_KEYS = ("name", "kind", "unit", "room", "size", "programmes", "attributes")


class Giving:
    """Reads what stands before the first step; what it names, any workflow of the story may declare."""

    def __init__(self, page: Page, programmes: Programmes) -> None:
        self._page = page
        self._programmes = programmes

    def read(self, value: Any) -> Given:
        """Read `given`."""
        if value is None:
            return Given()
        path: Path = ("given",)
        found: dict[str, Any] = {}
        for key, held in self._page.table(value, path, GIVEN_KEYS).items():
            place = (*path, key)
            if key == "zone":
                found[key] = self._page.one_of(held, ZONES, place)
            elif key in ("opens", "closes"):
                hour = self._page.hour(held, place)
                found[key] = hour.strftime("%H:%M") if hour else None
            elif key == "timezone":
                found[key] = self._timezone(held, place)
            elif key in ("closures", "worked"):
                found[key] = self._page.days(held, place)
            elif key == "people":
                roles = {name for workflow in self._workflows for name in workflow.roles}
                found[key] = tuple(read_people(self._page, roles, held, place))
            else:
                found[key] = getattr(self, f"_{key}")(held, place)
        return Given(**{key: held for key, held in found.items() if held is not None})

    @property
    def _workflows(self) -> tuple[Workflow, ...]:
        return tuple(self._programmes.all.values())

    def _timezone(self, value: Any, path: Path) -> str | None:
        text = self._page.text(value, path)
        try:
            instant(date(2027, 1, 1), time(12), text or "UTC")
        except InputError:
            self._page.fault(
                path, f"fuseau inconnu « {shown(text)} » : Europe/Paris, Indian/Reunion…", "unknown_value"
            )
            return None
        return text

    def _facts(self, value: Any, path: Path) -> dict[str, Any]:
        known = {name for workflow in self._workflows for name in workflow.facts}
        return {
            name: held
            for name, held in self._page.table(value, path).items()
            if self._page.name("donnée", name, known, (*path, name), key=True)
        }

    def _documents(self, value: Any, path: Path) -> tuple[str, ...]:
        """Kinds of documents and groups of them, of any of the workflows."""
        known: dict[str, dict[str, None]] = {}
        for workflow in self._workflows:
            for name, kinds in kinds_of(workflow).items():
                known.setdefault(name, {}).update(dict.fromkeys(kinds))
        named = self._page.names("pièce", value, known, path)
        return tuple(dict.fromkeys(kind for name in named for kind in known[name]))

    def _places(self, value: Any, path: Path) -> tuple[Mapping[str, Any], ...]:
        """Places of the house, a table each; the engine judges their values."""
        found = []
        for item, place in self._page.items(value, path):
            table = self._page.table(item, place, PLACE_KEYS)
            named = [
                self._page.text(self._page.wanted(table, key, place), (*place, key))
                for key in ("name", "kind")
            ]
            if "programmes" in table:
                table["programmes"] = self._page.texts(table["programmes"], (*place, "programmes"))
            if None not in named:
                found.append(table)
        return tuple(found)

    def parameters(self, value: Any) -> dict[str, dict[str, Any]]:
        """Read `parameters` by workflow: those of the main one, and under the name of another those of that one."""
        if value is None:
            return {}
        main = self._programmes.main
        found: dict[str, dict[str, Any]] = {main.workflow: {}}
        for name, held in self._page.table(value, ("parameters",)).items():
            place = ("parameters", name)
            if name in self._programmes.all and isinstance(held, dict):
                found.setdefault(name, {}).update(
                    settings(self._page, self._programmes.all[name], held, place)
                )
            elif self._page.name("réglage", name, main.parameters, place, key=True):
                found[main.workflow][name] = held
        return found


def settings(page: Page, workflow: Workflow, held: Any, path: Path) -> dict[str, Any]:
    """Read the values of parameters of a workflow; the engine judges them."""
    return {
        name: value
        for name, value in page.table(held, path).items()
        if page.name("réglage", name, workflow.parameters, (*path, name), key=True)
    }


def kinds_of(workflow: Workflow) -> dict[str, tuple[str, ...]]:
    """Give the kinds of documents of a workflow, those that each of its groups of documents names among them."""
    known: dict[str, tuple[str, ...]] = {name: (name,) for name in workflow.documents}
    for name, members in workflow.groups.items():
        if members and all(member in known for member in members) and name not in known:
            known[name] = members
    return known
