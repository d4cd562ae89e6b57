"""The mutation check: a workflow changed at random must make a story fail, or no story would see such a mistake."""

import multiprocessing
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from random import Random
from time import perf_counter
from typing import Any

from ..domain.workflow import Workflow
from .covering import add, coverage_of
from .mutants import is_sound, mutant, mutations
from .mutation import Mutation
from .playing import Played, play
from .running import read_stories
from .sandbox import Sandbox, a_folder
from .story import Story
from .telling import Words

Element = tuple[str, str]
"""A section of a workflow and a name in it."""


@dataclass(frozen=True, slots=True)
class Tried:
    """One mutant: of which workflow, what was changed, and the story that saw it, if one did."""

    workflow: str
    mutation: Mutation
    killer: str | None

    @property
    def survived(self) -> bool:
        """Say whether no story saw the change."""
        return self.killer is None


@dataclass(frozen=True, slots=True)
class Drawn:
    """The mutants to try, and how many the checker refused on the way."""

    chosen: tuple[tuple[str, Mutation], ...]
    refused: int


def draw(stories: Sequence[Story], number: int, seed: int) -> Drawn:
    """Choose mutants that the checker accepts, the workflows of the stories in turn."""
    random, refused = Random(seed), 0  # noqa: S311 - a draw that can be done again, no secret
    workflows = {story.workflow.digest: story.workflow for story in stories}
    left = {digest: mutations(workflow, random) for digest, workflow in workflows.items()}
    chosen: list[tuple[str, Mutation]] = []
    while left and len(chosen) < number:
        for digest in list(left):
            one = next(left[digest], None)
            if one is None:
                del left[digest]
            elif not is_sound(mutant(workflows[digest], one, workflows[digest].version)):
                refused += 1
            elif len(chosen) < number:
                chosen.append((digest, one))
    return Drawn(tuple(chosen), refused)


def try_mutants(
    files: Sequence[Path],
    drawn: Drawn,
    words: Words,
    *,
    workflow: Workflow | None = None,
    templates: Path | None = None,
    jobs: int = 1,
) -> Iterator[Tried]:
    """Play the stories on each mutant, the likeliest to see it first, until one fails."""
    begin: tuple[Any, ...] = (files, words, workflow, templates)
    if jobs == 1 or len(drawn.chosen) < 2 * jobs:
        trial = _Trial(*begin)
        try:
            yield from map(trial.judge, drawn.chosen)
        finally:
            trial.close()
        return
    context = multiprocessing.get_context("spawn")
    with context.Pool(jobs, _begin, begin) as pool:
        yield from pool.imap(_judge, drawn.chosen, chunksize=1)


class _Trial:
    """One process that plays stories on mutants, and learns which story sees what."""

    def __init__(
        self, files: Sequence[Path], words: Words, workflow: Workflow | None, templates: Path | None
    ) -> None:
        self._words = words
        self._folder = a_folder()
        self._sandbox = Sandbox(Path(self._folder.name), templates)
        self._stories = read_stories(files, workflow)
        self._versions = count(1_000)
        self._order = _Order(self._sandbox, self._stories, words)

    def close(self) -> None:
        self._sandbox.engine.close()
        self._folder.cleanup()

    def judge(self, one: tuple[str, Mutation]) -> Tried:
        digest, mutation = one
        stories = [story for story in self._stories if story.workflow.digest == digest]
        workflow = stories[0].workflow
        changed = mutant(workflow, mutation, workflow.version + next(self._versions))
        killer = self._killer(workflow, changed, mutation, stories)
        self._sandbox.forget(changed)
        return Tried(workflow.workflow, mutation, killer)

    def _killer(
        self, workflow: Workflow, changed: Workflow, mutation: Mutation, stories: Iterable[Story]
    ) -> str | None:
        for story in self._order.of(workflow, mutation, stories):
            if self._fails(story, changed):
                self._order.learn(mutation, story)
                return story.file
        return None

    def _fails(self, story: Story, changed: Workflow) -> bool:
        try:
            return play(self._sandbox, story, self._words, changed).difference is not None
        except Exception:  # noqa: BLE001 - a workflow that cannot even be played is seen
            return True


_trial: _Trial | None = None


def _begin(*given: Any) -> None:
    global _trial
    _trial = _Trial(*given)


def _judge(one: tuple[str, Mutation]) -> Tried:
    if _trial is None:
        raise RuntimeError("the process was not begun")
    return _trial.judge(one)


class _Order:
    """In which order to play stories: those that saw a change of the same thing, those that meet it, the shortest."""

    def __init__(self, sandbox: Sandbox, stories: Sequence[Story], words: Words) -> None:
        self._met: dict[str, frozenset[str]] = {}
        self._seconds: dict[str, float] = {}
        self._saw: dict[str, dict[str, int]] = {}
        self._uses: dict[str, Mapping[str, frozenset[str]]] = {}
        for story in stories:
            begun = perf_counter()
            played = play(sandbox, story, words)
            self._seconds[story.file] = perf_counter() - begun
            self._met[story.file] = _met(sandbox, story, played)

    def of(self, workflow: Workflow, mutation: Mutation, stories: Iterable[Story]) -> list[Story]:
        """Give the stories that could see a change.

        One that never meets what is changed plays the same, unless a guard that falls brings in a date.
        """
        uses = self._uses.setdefault(workflow.digest, _parameter_uses(workflow))
        section, name = _element(mutation)
        wanted = uses.get(name, frozenset()) if section == "parameters" else frozenset({name})
        saw = self._saw.get(f"{section}.{name}", {})
        anywhere = not name or mutation.kind == "guard"
        able = [story for story in stories if anywhere or wanted & self._met[story.file]]
        return sorted(able, key=lambda story: (-saw.get(story.file, 0), self._seconds[story.file]))

    def learn(self, mutation: Mutation, story: Story) -> None:
        saw = self._saw.setdefault(".".join(_element(mutation)), {})
        saw[story.file] = saw.get(story.file, 0) + 1


def _element(mutation: Mutation) -> Element:
    return str(mutation.place[0]), str(mutation.place[1]) if len(mutation.place) > 1 else ""


def _met(sandbox: Sandbox, story: Story, played: Played) -> frozenset[str]:
    """Name what a story meets: acts done or tried, dates that it has, documents, messages, tasks."""
    coverage = coverage_of(story.workflow)
    add(coverage, story.workflow, sandbox, story, played)
    named = {
        name.partition(" (")[0].partition(".requires")[0]
        for names in coverage.shown.values()
        for name in names
    }
    dated = {item.name for case in played.cases.values() for item in sandbox.engine.cases.dates(case)}
    papers = {paper.type for case in played.cases.values() for paper in sandbox.engine.cases.documents(case)}
    tried = {action for action, _ in played.refusals} | papers
    return frozenset(named | dated | tried)


def _parameter_uses(workflow: Workflow) -> Mapping[str, frozenset[str]]:
    """Name, for each setting, the acts, deadlines, tasks and documents that read it."""
    plain = workflow.model_dump(mode="json", exclude_defaults=True)
    found: dict[str, set[str]] = {}
    for section in ("actions", "deadlines", "tasks", "documents"):
        for name, held in plain.get(section, {}).items():
            for parameter in _settings(held):
                found.setdefault(parameter, set()).add(name)
    return {name: frozenset(users) for name, users in found.items()}


def _settings(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("param"), str):
            yield value["param"]
        for inner in value.values():
            yield from _settings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _settings(inner)
