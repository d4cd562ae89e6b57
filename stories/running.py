"""Stories run: files found and read, each played in turn, and what came of it."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from ..domain.errors import DefinitionError, InputError, Problem, Reason
from ..domain.workflow import Workflow
from .covering import Coverage, add
from .playing import play
from .programmes import SUFFIXES, Workflows
from .reading import read_story
from .sandbox import Sandbox, a_folder
from .story import Story
from .telling import Difference, Words


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one story ended: its first difference, or none; and the seconds it took."""

    file: str
    title: str
    workflow: str
    steps: int
    difference: Difference | None
    seconds: float


def story_files(paths: Iterable[str | Path]) -> list[Path]:
    """Give the files named, and those of the folders named, in order. Raises InputError where there is none."""
    found: dict[Path, None] = {}
    for path in map(Path, paths):
        if path.is_dir():
            inside = sorted(file for file in path.rglob("*") if file.suffix in SUFFIXES and file.is_file())
            if not inside:
                raise InputError("no story there", argument="files", value=str(path), problem="empty")
            found.update(dict.fromkeys(inside))
        else:
            found[path] = None
    return list(found)


def read_stories(
    files: Iterable[Path], workflow: Workflow | None = None, only: str | None = None
) -> list[Story]:
    """Read every story, or `only` those with a workflow of that name.

    `workflow` takes the place of the one of its name. Raises DefinitionError with all faults.
    """
    known = Workflows(workflow)
    stories: list[Story] = []
    problems: list[Problem] = []
    for file in files:
        try:
            stories.append(read_story(file, known))
        except DefinitionError as error:
            problems += error.problems
    if problems:
        raise DefinitionError(problems)
    return [story for story in stories if only is None or only in story.workflows]


def run(
    stories: Sequence[Story],
    words: Words,
    *,
    templates: Path | None = None,
    coverage: dict[str, Coverage] | None = None,
) -> Iterator[Outcome]:
    """Play stories one after the other; where `coverage` is given, add to it what each has shown."""
    with a_folder() as folder, Sandbox(Path(folder), templates) as sandbox:
        for story in stories:
            yield _one(sandbox, story, words, coverage)


def _one(sandbox: Sandbox, story: Story, words: Words, coverage: dict[str, Coverage] | None) -> Outcome:
    begun = perf_counter()
    played = play(sandbox, story, words)
    seconds = perf_counter() - begun
    if coverage is not None:
        add(coverage, sandbox, story, played)
    name = story.workflow.workflow
    return Outcome(story.file, story.title, name, len(story.steps), played.difference, seconds)


def play_stories(
    *paths: str | Path,
    workflow: Workflow | None = None,
    say: Callable[[Reason], str] | None = None,
    templates: Path | None = None,
) -> tuple[Outcome, ...]:
    """Play the stories of files and folders, each in a sandbox of its own, and say how each ended.

    `workflow` is tried in the place of the one of its name, `say` words a reason of a refusal (in the words of the
    workflow, else by its code). Raises DefinitionError with every fault of the
    files, InputError for a folder without a story.
    """
    stories = read_stories(story_files(paths), workflow)
    return tuple(run(stories, Words() if say is None else Words(say), templates=templates))
