"""The domain reference keeps its promise: each row has one id, and each link leads somewhere."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest
from support.domain_rows import PAGE, Row, rows

DOCS = PAGE.parents[1]
TABLES = {
    "acteur": 10,
    "transition": 37,
    "piece": 15,
    "donnee": 27,
    "echeance": 20,
    "notification": 12,
    "indicateur": 13,
}
TABLES_WITHOUT_IDS = ["key"]  # the templates of chapter 3, already named by their keys


def test_each_id_names_one_row() -> None:
    ids = [row.id for row in rows()]
    assert [name for name, times in Counter(ids).items() if times > 1] == []


def test_the_tables_have_the_rows_that_were_counted_by_hand() -> None:
    """A row that is lost, or added, is noticed: the mapping of traces counts on them."""
    assert dict(Counter(row.table for row in rows())) == TABLES


def test_every_row_of_every_table_has_an_id() -> None:
    table_lines = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("|")]
    headers = [before for before, line in pairwise(table_lines) if line.startswith("|---")]
    named = [line for line in table_lines if line.startswith("| `2.1")]
    templates = [line for line in table_lines if re.match(r"\| `[a-z_]+` \| 1", line)]
    first_cells = [header.split("|")[1].strip() for header in headers]

    assert [cell for cell in first_cells if cell != "id"] == TABLES_WITHOUT_IDS
    assert len(table_lines) == 2 * len(headers) + len(named) + len(templates)
    assert len(named) == len(rows())


def test_the_transitions_are_those_of_the_reference_in_order() -> None:
    numbers = [row.id.removeprefix("2.1#").split("/")[0] for row in rows() if row.table == "transition"]
    expected = "1 2 3 3b 3c 4 5 6a 6b 6c 6d 7 8 9 10 11a 11b 11c 12 12b 13 13b 14 15 16 17"
    assert " ".join(dict.fromkeys(numbers)) == expected


def test_a_transition_that_names_an_act_in_its_id_names_it_in_its_row() -> None:
    shared = [row for row in rows() if row.table == "transition" and "/" in row.id]
    assert [row.id for row in shared if f"`{row.id.split('/')[1]}`" not in row.text] == []


@pytest.mark.parametrize("table", ["transition", "piece", "echeance"])
def test_each_rule_says_where_it_comes_from(table: str) -> None:
    """A duration or a duty without its origin cannot be told from an invention."""
    origin = re.compile(r"\[(seed:\d{3}|law: |practice: |ASSUMPTION)")
    assert [row.id for row in rows() if row.table == table and not origin.search(row.text)] == []


@pytest.mark.parametrize("name", ["2.1#", "2.1#x", "2.1/Contact/x", "2.1/echeance/", "2.1/echeance/é"])
def test_an_id_that_is_not_well_formed_is_refused(name: str, tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(f"| `2.1#1` | x |\n| `{name}` | x |\n", encoding="utf-8")
    with pytest.raises(ValueError, match="is not the id of a row"):
        rows(page)


def test_what_is_no_id_is_no_row(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("| `2.1#1` | x |\n| `retour_siao` | y |\n", encoding="utf-8")
    assert rows(page) == [Row("2.1#1", "transition", "x")]


@pytest.mark.parametrize(
    "page", sorted([*DOCS.glob("domaine/*.md"), DOCS / "glossaire.md"]), ids=lambda page: page.name
)
def test_links_between_the_pages_of_the_domain_lead_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for target in re.findall(r"\]\((?!https?:)([^)\s]+)\)", text):
        name, _, anchor = target.partition("#")
        there = (page.parent / name).resolve() if name else page
        assert there.is_file(), f"{page.name}: {target}"
        assert not anchor or anchor in _anchors(there), f"{page.name}: {target}"


def _anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as forges make them."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
