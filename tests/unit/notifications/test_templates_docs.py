"""The reference page names every key, name, filter, limit and reason, and none that does not exist."""

import re
from pathlib import Path

import pytest

from jalon.notifications import backoff, environment, grammar, renderer
from jalon.notifications.context import NAMES
from jalon.notifications.renderer import Renderer

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "templates.md"


@pytest.fixture(scope="module")
def page() -> dict[str, str]:
    """The page by the title of its sections."""
    pieces = re.split(r"^## (.+)\n", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return dict(zip(pieces[1::2], pieces[2::2], strict=True))


def first_cells(section: str) -> list[str]:
    return re.findall(r"^\| `([^`]+)`", section, flags=re.MULTILINE)


def test_every_packaged_key_is_documented(page: dict[str, str]) -> None:
    keys = first_cells(page["Keys"])
    assert sorted(keys) == sorted(Renderer().names())


def test_every_name_is_documented(page: dict[str, str]) -> None:
    known = {f"{root}.{key}" for root, keys in NAMES.items() for key in keys or ()}
    known |= {root for root, keys in NAMES.items() if keys is None and root != "faits"}
    written = set(re.findall(r"`([a-z_]+\.[a-z_]+)`", page["Names"])) | set(first_cells(page["Names"]))
    assert written - {"faits.…", "echeance", "acte"} == known


def test_every_filter_is_documented(page: dict[str, str]) -> None:
    written = {cell.partition("(")[0] for cell in first_cells(page["Filters"])}
    assert written == grammar.FILTERS


def test_the_limits_are_those_of_the_code(page: dict[str, str]) -> None:
    section = page["What a template may contain"]
    for limit in (grammar.MAX_SOURCE, renderer.MAX_OUTPUT, renderer.MAX_SUBJECT, environment.MAX_ITEMS):
        assert f"{limit:,}" in section
    assert f"{grammar.MAX_DEPTH} levels" in section
    assert (grammar.MAX_NESTED, grammar.MAX_LOOPS) == (2, 10)


def test_the_reasons_are_those_of_the_code(page: dict[str, str]) -> None:
    used = set(re.findall(r'_error\(key, "([a-z_]+)"', Path(renderer.__file__).read_text(encoding="utf-8")))
    written = re.findall(r"^\| `([a-z_]+)` \|", page["What a template may contain"], flags=re.MULTILINE)
    assert set(written) >= used
    assert used == {"missing", "unreadable", "refused", "undefined", "value", "too_long", "subject", "empty"}


def test_the_example_is_a_template_that_can_be_used(tmp_path: Path) -> None:
    example = re.search(r"```jinja\n(.*?)```", PAGE.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert example
    (tmp_path / "rappel_visite.txt.j2").write_text(example[1], encoding="utf-8")
    assert Renderer([tmp_path]).check("rappel_visite") == []


def test_the_waits_are_those_of_the_code(page: dict[str, str]) -> None:
    minutes = [int(wait.total_seconds() // 60) for wait in backoff._WAITS]
    assert minutes == [1, 5, 15, 60, 240, 720]
    assert "a minute, then 5, 15, an hour, 4, 12" in page["How it leaves"]
