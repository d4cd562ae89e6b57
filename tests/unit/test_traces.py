"""Every row of DOMAIN §2.1 is done by elements of the workflow and shown by a story: nothing is forgotten."""

import ast
import re
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from support.domain_rows import PAGE, rows

from jalon import load
from jalon.domain.workflow import Workflow

TESTS = Path(__file__).resolve().parents[1]
TRACES: dict[str, dict[str, list[str]]] = yaml.safe_load(
    (TESTS / "traces" / "rs_temporaire.yaml").read_text(encoding="utf-8")
)
TO_COME = "indicateur"  # they come with the reports
SECTIONS = ("states", "documents", "facts", "waivers", "tasks", "notices", "actions", "deadlines")


@cache
def programme() -> Workflow:
    return load("rs_temporaire")


def element(path: str) -> Any:
    """Find what a path names in the compiled workflow: a section, a name, an attribute, a rung of a ladder."""
    section, _, rest = path.partition(".")
    found = getattr(programme(), section, None)
    if not rest or not isinstance(found, dict):
        return None if rest else found
    name = max((key for key in found if rest == key or rest.startswith(f"{key}.")), key=len, default="")
    rest = rest.removeprefix(name).removeprefix(".")
    found = found.get(name)
    attribute, _, rung = rest.partition(".")
    if attribute:
        found = getattr(found, attribute, None)
    return next((step for step in found or () if step.id == rung), None) if rung else found


@cache
def names_in(file: str) -> frozenset[str]:
    tree = ast.parse((TESTS.parent / file).read_text(encoding="utf-8"))
    return frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef))


def test_every_row_has_its_elements_and_its_stories() -> None:
    wanted = [row.id for row in rows() if row.table != TO_COME]
    lacking = [
        name for name in wanted if not all(TRACES.get(name, {}).get(k) for k in ("elements", "shown_by"))
    ]
    assert lacking == []


def test_every_trace_is_of_a_row_and_the_indicators_alone_have_none() -> None:
    known = {row.id: row.table for row in rows()}
    assert [name for name in TRACES if name not in known] == []
    assert {table for name, table in known.items() if name not in TRACES} == {TO_COME}
    assert {key for trace in TRACES.values() for key in trace} == {"elements", "shown_by"}


def test_every_element_that_a_trace_names_is_in_the_workflow() -> None:
    named = [path for trace in TRACES.values() for path in trace["elements"]]
    assert [path for path in named if not element(path)] == []


def test_an_element_that_does_not_exist_is_noticed() -> None:
    wrong = (
        "actions.admettre",
        "actions.sortir.depart",
        "deadlines.contact.ladder.P9D:notice",
        "rien",
        "facts",
    )
    assert [bool(element(path)) for path in wrong] == [False, False, False, False, True]


def test_every_test_that_a_trace_names_exists() -> None:
    named = [test for trace in TRACES.values() for test in trace["shown_by"]]
    assert [test for test in named if not _exists(test)] == []


def _exists(test: str) -> bool:
    file, _, name = test.partition("::")
    return name.startswith("test_") and (TESTS.parent / file).is_file() and name in names_in(file)


def test_the_rows_that_the_workflow_names_are_rows() -> None:
    """A `row:` of the workflow is an id of the page, or an ambiguity of chapter 8 (A17)."""
    ambiguities = set(
        re.findall(r"\*\*(A\d+)\*\*", (PAGE.parent / "ambiguites.md").read_text(encoding="utf-8"))
    )
    known = {row.id for row in rows()} | ambiguities
    assert len(_claims()) > 100
    assert [(path, name) for path, name in _claims() if name not in known] == []


def test_what_says_that_it_does_a_row_is_in_the_trace_of_that_row() -> None:
    forgotten = [
        (path, name)
        for path, name in _claims()
        if name in TRACES
        and not any(f"{traced}.".startswith(f"{path}.") for traced in TRACES[name]["elements"])
    ]
    assert forgotten == []


def _claims() -> list[tuple[str, str]]:
    return [
        (f"{section}.{name}", row)
        for section in SECTIONS
        for name, part in getattr(programme(), section).items()
        for row in part.row
    ]
