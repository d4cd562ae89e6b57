"""Every row of the domain reference is done by elements of a workflow and shown by a story: nothing is forgotten."""

import re
from collections import Counter

import pytest
from support.domain_rows import FOLDER, pages
from support.traces import claims, element, every, programme, shows

ALL = sorted(every())
CATALOGUE = sorted(path.stem for path in (FOLDER.parents[1] / "workflows" / "catalogue").glob("*.yaml"))
TO_COME = "indicateur"  # they come with the reports


@pytest.mark.parametrize("name", ALL)
def test_every_row_has_its_elements_and_its_stories(name: str) -> None:
    traces = every()[name]
    wanted = [row.id for row in pages()[traces.page] if row.table != TO_COME]
    lacking = [
        row for row in wanted if not all(traces.rows.get(row, {}).get(k) for k in ("elements", "shown_by"))
    ]
    assert lacking == []


@pytest.mark.parametrize("name", ALL)
def test_every_trace_is_of_a_row_and_the_indicators_alone_have_none(name: str) -> None:
    traces = every()[name]
    known = {row.id: row.table for row in pages()[traces.page]}
    assert [row for row in traces.rows if row not in known] == []
    assert {table for row, table in known.items() if row not in traces.rows} <= {TO_COME}
    assert {key for trace in traces.rows.values() for key in trace} == {"elements", "shown_by"}


@pytest.mark.parametrize("name", ALL)
def test_every_element_that_a_trace_names_is_in_its_workflow(name: str) -> None:
    traces = every()[name]
    known = [programme(workflow) for workflow in traces.workflows]
    named = [path for trace in traces.rows.values() for path in trace["elements"]]
    assert [path for path in named if not any(element(workflow, path) for workflow in known)] == []


@pytest.mark.parametrize("name", ALL)
def test_every_test_and_story_that_a_trace_names_exists(name: str) -> None:
    traces = every()[name]
    named = [test for trace in traces.rows.values() for test in trace["shown_by"]]
    assert [test for test in named if not shows(test, traces.workflows)] == []


def test_an_element_that_does_not_exist_is_noticed() -> None:
    wrong = (
        "actions.admettre",
        "actions.sortir.depart",
        "deadlines.contact.ladder.P9D:notice",
        "rien",
        "place.rien",
        "facts",
    )
    found = [bool(element(programme("rs_temporaire"), path)) for path in wrong]
    assert found == [False, False, False, False, False, True]


def test_a_story_of_another_workflow_shows_nothing() -> None:
    nominal = "tests/stories/s01-parcours-nominal.yaml"
    assert shows(nominal, ("rs_temporaire",))
    assert not shows(nominal, ("lhss",))
    assert not shows("tests/stories/rien.yaml", ("lhss",))
    assert not shows("tests/unit/test_traces.py::shows", ("lhss",))


def test_an_id_is_that_of_one_row_of_one_page() -> None:
    ids = [row.id for held in pages().values() for row in held]
    assert [name for name, times in Counter(ids).items() if times > 1] == []


def test_every_workflow_of_the_catalogue_and_every_page_of_rows_have_their_traces() -> None:
    traced = {workflow for traces in every().values() for workflow in traces.workflows}
    assert [name for name in CATALOGUE if name not in traced] == []
    assert sorted({traces.page for traces in every().values()}) == sorted(pages())


@pytest.mark.parametrize("name", CATALOGUE)
def test_the_rows_that_a_workflow_names_are_rows(name: str) -> None:
    """A `row:` of a workflow is an id of a page, or an ambiguity of chapter 8 (A17)."""
    ambiguities = set(re.findall(r"\*\*(A\d+)\*\*", (FOLDER / "ambiguites.md").read_text(encoding="utf-8")))
    known = {row.id for held in pages().values() for row in held} | ambiguities
    assert claims(programme(name))
    assert [(path, row) for path, row in claims(programme(name)) if row not in known] == []


@pytest.mark.parametrize("name", ALL)
def test_what_says_that_it_does_a_row_is_in_the_trace_of_that_row(name: str) -> None:
    traces = every()[name]
    forgotten = [
        (workflow, path, row)
        for workflow in traces.workflows
        for path, row in claims(programme(workflow))
        if row in traces.rows
        and not any(f"{traced}.".startswith(f"{path}.") for traced in traces.rows[row]["elements"])
    ]
    assert forgotten == []
