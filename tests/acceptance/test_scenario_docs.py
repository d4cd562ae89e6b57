"""The page about stories: its example is played, and it names every key that a story has."""

import re
from importlib import resources
from pathlib import Path

import pytest

import jalon as package
from jalon import play_stories
from jalon.interfaces.words import reason_words
from jalon.stories import doing, expecting, giving, reading

PAGE = Path(str(resources.files(package))) / "docs" / "reference" / "scenario.md"
TEXT = (
    PAGE.read_text("utf-8") if PAGE.is_file() else ""
)  # the wheel, against which tests are also run, has no docs


@pytest.mark.parametrize("example", re.findall(r"^```yaml\n(.*?)^```$", TEXT, re.DOTALL | re.MULTILINE))
def test_the_example_of_the_page_is_what_happens(example: str, tmp_path: Path) -> None:
    (tmp_path / "recit.yaml").write_text(example, "utf-8")
    (outcome,) = play_stories(tmp_path / "recit.yaml", say=reason_words)
    assert outcome.difference is None


def test_every_key_is_on_the_page_and_no_other() -> None:
    if not TEXT:
        pytest.skip("no docs beside the package")
    sections = re.split(r"^##+ ", TEXT, flags=re.MULTILINE)
    for title, keys in (
        ("Le fichier", reading.STORY_KEYS), ("`given`", giving.GIVEN_KEYS), ("`steps`", reading.STEP_KEYS),
        ("`do`", doing.BESIDE), ("`expect`", expecting.KEYS),
    ):  # fmt: skip
        (section,) = [text for text in sections if text.startswith(title)]
        heads = [
            row.split("|")[1] for row in section.partition("\n**")[0].splitlines() if row.startswith("| `")
        ]
        found = [key for head in heads for key in re.findall(r"`(\w+)`", head)]
        assert sorted(found) == sorted(keys), title
