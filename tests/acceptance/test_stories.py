"""The stories of the shipped workflows, written as a house writes them: each is played, and together they cover all."""

from pathlib import Path

import pytest
from support.cli import jalon
from support.little import WORDS

from jalon import play_stories
from jalon.interfaces.words import reason_words
from jalon.stories.covering import PARTS
from jalon.stories.mutating import draw, try_mutants
from jalon.stories.running import read_stories, run, story_files

FOLDER = Path(__file__).parents[1] / "stories"
STORIES = sorted(FOLDER.glob("*.yaml"))


@pytest.mark.parametrize("path", STORIES, ids=lambda path: path.stem)
def test_a_story_is_what_happens(path: Path) -> None:
    (outcome,) = play_stories(path, say=reason_words)
    assert outcome.difference is None


def test_the_command_line_plays_a_story() -> None:
    said = jalon("scenario", str(FOLDER / "s03-variante-deux-absences.yaml"))
    assert (said.code, said.err) == (0, "")
    assert said.out.startswith("1 récit joué en ")
    assert said.out.endswith(" s, conforme.\n")


def test_the_stories_show_all_of_the_workflow() -> None:
    """Every transition taken, every guard refused, every date met, missed and moved, every message and task."""
    coverage = {}
    outcomes = list(run(read_stories(STORIES), WORDS, coverage=coverage))
    assert [outcome.file for outcome in outcomes if outcome.difference] == []
    (shown,) = coverage.values()
    assert {part: shown.missing(part) for part in PARTS if shown.missing(part)} == {}


def test_a_mistake_in_the_workflow_makes_a_story_fail() -> None:
    """A few mutants of three hundred (make mutate): docs/reference/scenario.md says how many are seen."""
    files = story_files([FOLDER])
    drawn = draw(read_stories(files), 30, 3)
    assert len(drawn.chosen) == 30
    survivors = [one.mutation.path for one in try_mutants(files, drawn, WORDS, jobs=2) if one.survived]
    assert len(survivors) <= 1, survivors
