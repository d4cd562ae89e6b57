"""The map from each row of the domain reference to what does it and what shows it, read from tests/traces.

A file maps the rows of the page of docs/domaine of its name. The elements are those of the workflow of that name, or of
those that its first key, `workflows`, lists; `page` names another page.
"""

import ast
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from jalon import load
from jalon.domain.workflow import Workflow

TESTS = Path(__file__).resolve().parents[1]
ROOT = TESTS.parent
SECTIONS = (
    "roles",
    "states",
    "documents",
    "facts",
    "waivers",
    "links",
    "tasks",
    "notices",
    "actions",
    "deadlines",
)


@dataclass(frozen=True)
class Traces:
    """One file: the page it maps, its workflows, and for each row its elements and what shows it."""

    name: str
    page: str
    workflows: tuple[str, ...]
    rows: dict[str, dict[str, list[str]]]


@cache
def programme(name: str) -> Workflow:
    return load(name)


@cache
def every() -> dict[str, Traces]:
    """Read every file of traces, by its name."""
    return {path.stem: _read(path) for path in sorted((TESTS / "traces").glob("*.yaml"))}


def _read(path: Path) -> Traces:
    held = yaml.safe_load(path.read_text(encoding="utf-8"))
    workflows = tuple(held.pop("workflows", [path.stem]))
    return Traces(path.stem, held.pop("page", path.stem), workflows, held)


def element(workflow: Workflow, path: str) -> Any:
    """Find what a path names in a compiled workflow: a section, a name, an attribute, a rung of a ladder."""
    section, _, rest = path.partition(".")
    found = getattr(workflow, section, None)
    if not rest or not isinstance(found, dict):
        return _attribute(found, rest) if rest else found
    name = max((key for key in found if rest == key or rest.startswith(f"{key}.")), key=len, default="")
    rest = rest.removeprefix(name).removeprefix(".")
    found = found.get(name)
    attribute, _, rung = rest.partition(".")
    if attribute:
        found = getattr(found, attribute, None)
    return next((step for step in found or () if step.id == rung), None) if rung else found


def _attribute(found: Any, name: str) -> Any:
    return getattr(found, name, None) if name.isidentifier() else None


def claims(workflow: Workflow) -> list[tuple[str, str]]:
    """Give each element of a workflow that says which row it does, with the row."""
    return [
        (f"{section}.{name}", row)
        for section in SECTIONS
        for name, part in getattr(workflow, section).items()
        for row in getattr(part, "row", ())
    ]


def shows(test: str, workflows: tuple[str, ...]) -> bool:
    """Say whether a test exists (`file.py::test_name`), or a story of one of these workflows (`file.yaml`)."""
    file, _, name = test.partition("::")
    if not (ROOT / file).is_file():
        return False
    if file.endswith(".yaml"):
        return not name and bool(_played(file) & {*workflows})
    return name.startswith("test_") and name in _names(file)


@cache
def _names(file: str) -> frozenset[str]:
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    return frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef))


@cache
def _played(file: str) -> frozenset[str]:
    """Give the workflows that a story plays: its own, and those of its cases."""
    story = yaml.safe_load((ROOT / file).read_text(encoding="utf-8"))
    return frozenset({story["workflow"], *story.get("cases", {}).values()})
