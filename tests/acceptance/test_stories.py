"""The stories of the shipped workflows, written as a house writes them: each is played, and together they cover all."""

from dataclasses import dataclass, field
from pathlib import Path

import pytest
from support.cli import jalon
from support.little import WORDS

from jalon.stories.covering import PARTS, Coverage
from jalon.stories.mutating import draw, try_mutants
from jalon.stories.running import Outcome, read_stories, run, story_files
from jalon.workflows.load import catalogue

FOLDER = Path(__file__).parents[1] / "stories"
STORIES = sorted(FOLDER.glob("*.yaml"))
A_FEW = 3


@dataclass
class Told:
    """What came of the stories, each played once: how each ended, and what together they show of each workflow."""

    outcomes: dict[str, Outcome] = field(default_factory=dict)
    coverage: dict[str, Coverage] = field(default_factory=dict)


@pytest.fixture(scope="module")
def told() -> Told:
    coverage: dict[str, Coverage] = {}
    outcomes = {outcome.file: outcome for outcome in run(read_stories(STORIES), WORDS, coverage=coverage)}
    return Told(outcomes, {one.workflow: one for one in coverage.values()})


@pytest.mark.parametrize("path", STORIES, ids=lambda path: path.stem)
def test_a_story_is_what_happens(path: Path, told: Told) -> None:
    assert told.outcomes[str(path)].difference is None


@pytest.mark.parametrize("workflow", catalogue())
def test_the_stories_show_all_of_a_workflow(workflow: str, told: Told) -> None:
    """Every transition taken, every guard refused, every date met, missed and moved, every message and task."""
    found = told.coverage[workflow]
    assert {part: found.missing(part) for part in PARTS if found.missing(part)} == {}


def test_the_command_line_plays_a_story() -> None:
    said = jalon("scenario", str(FOLDER / "s03-variante-deux-absences.yaml"))
    assert (said.code, said.err) == (0, "")
    assert said.out.startswith("1 récit joué en ")
    assert said.out.endswith(" s, conforme.\n")


def test_a_mistake_in_a_workflow_makes_a_story_fail() -> None:
    """A few mutants of the three hundred of each (make mutate): docs/reference/scenario.md says how many are seen."""
    files = story_files([FOLDER])
    drawn = draw(read_stories(files), A_FEW, 3)
    assert len(drawn.chosen) == A_FEW * len(catalogue())
    survivors = [
        (one.workflow, one.mutation.path) for one in try_mutants(files, drawn, WORDS) if one.survived
    ]
    assert len(survivors) <= 2, survivors
