"""The mutation check: a workflow changed at random must make a story fail, or no story would see such a mistake."""

import multiprocessing
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from random import Random
from time import perf_counter
from typing import Any

from ..domain.errors import InputError
from ..domain.workflow import Workflow
from .covering import Coverage, add
from .mutants import is_sound, mutant, mutations
from .mutation import Mutation
from .playing import Played, play
from .running import read_stories
from .sandbox import Sandbox, a_folder
from .story import Story
from .telling import Words

Element = tuple[str, str, str]
"""A workflow, one of its sections and a name in it."""


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
    """The mutants to try, and of each workflow how many the checker refused on the way."""

    chosen: tuple[tuple[str, Mutation], ...]
    refused: Mapping[str, int]


def draw(stories: Sequence[Story], number: int, seed: int, only: str | None = None) -> Drawn:
    """Choose for each workflow of the stories, or `only` one, so many mutants that the checker accepts."""
    known = {one.workflow: one for story in stories for one in story.workflows.values()}
    chosen: list[list[tuple[str, Mutation]]] = []
    refused: dict[str, int] = {}
    for workflow in played_by(stories, only):
        random = Random(f"{seed} {workflow.workflow}")  # noqa: S311 - a draw that can be done again, no secret
        kept: list[tuple[str, Mutation]] = []
        left = mutations(workflow, random)
        refused[workflow.workflow] = 0
        while len(kept) < number and (one := next(left, None)) is not None:
            if is_sound(mutant(workflow, one, workflow.version), known.get):
                kept.append((workflow.digest, one))
            else:
                refused[workflow.workflow] += 1
        chosen.append(kept)
    return Drawn(tuple(one for kept in chosen for one in kept), refused)


def played_by(stories: Iterable[Story], only: str | None = None) -> tuple[Workflow, ...]:
    """Give the workflows whose cases stories name, each once, or `only` the one of a name. Raises InputError."""
    found = {
        workflow.digest: workflow
        for story in stories
        for workflow in story.workflows.values()
        if workflow.workflow in story.named and only in (None, workflow.workflow)
    }
    if only is not None and not found:
        raise InputError("no story plays this workflow", argument="only", value=only[:80], problem="unknown")
    return tuple(found.values())


def try_mutants(
    files: Sequence[Path],
    drawn: Drawn,
    words: Words,
    *,
    workflow: Workflow | None = None,
    templates: Path | None = None,
    only: str | None = None,
    jobs: int = 1,
) -> Iterator[Tried]:
    """Play the stories on each mutant, the likeliest to see it first, until one fails."""
    begin: tuple[Any, ...] = (files, words, workflow, templates, only)
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
        self, files: Sequence[Path], words: Words, workflow: Workflow | None, templates: Path | None,
        only: str | None,
    ) -> None:  # fmt: skip
        self._words = words
        self._folder = a_folder()
        self._sandbox = Sandbox(Path(self._folder.name), templates)
        self._stories = read_stories(files, workflow, only)
        self._workflows = {one.digest: one for story in self._stories for one in story.workflows.values()}
        self._digests = {
            story.file: {one.digest for one in story.workflows.values()} for story in self._stories
        }
        self._versions = count(1_000)
        self._order = _Order(self._sandbox, self._stories, words)

    def close(self) -> None:
        self._sandbox.engine.close()
        self._folder.cleanup()

    def judge(self, one: tuple[str, Mutation]) -> Tried:
        digest, mutation = one
        workflow = self._workflows[digest]
        stories = [story for story in self._stories if digest in self._digests[story.file]]
        changed = mutant(workflow, mutation, workflow.version + next(self._versions))
        killer = self._killer(workflow, changed, mutation, stories)
        self._sandbox.forget(changed)
        return Tried(workflow.workflow, mutation, killer)

    def _killer(
        self, workflow: Workflow, changed: Workflow, mutation: Mutation, stories: Iterable[Story]
    ) -> str | None:
        for story in self._order.of(workflow, mutation, stories):
            if self._fails(story, changed):
                self._order.learn(workflow, mutation, story)
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
        self._met: dict[str, Mapping[str, frozenset[str]]] = {}
        self._seconds: dict[str, float] = {}
        self._saw: dict[Element, dict[str, int]] = {}
        self._uses: dict[str, Mapping[str, frozenset[str]]] = {}
        for story in stories:
            begun = perf_counter()
            played = play(sandbox, story, words)
            self._seconds[story.file] = perf_counter() - begun
            self._met[story.file] = _met(sandbox, story, played)

    def of(self, workflow: Workflow, mutation: Mutation, stories: Iterable[Story]) -> list[Story]:
        """Give the stories that could see a change: those that meet what is changed, in that workflow.

        A guard that falls may bring in an act or a date, and what a workflow says of links and places anything: for
        these, every story that has a case of the workflow.
        """
        uses = self._uses.setdefault(workflow.digest, _parameter_uses(workflow))
        section, name = _element(mutation)
        wanted = uses.get(name, frozenset()) if section == "parameters" else frozenset({name})
        saw = self._saw.get((workflow.workflow, *_element(mutation)), {})
        anywhere = not name or mutation.kind in ("guard", "link", "place")
        met = {story.file: self._met[story.file].get(workflow.workflow, frozenset()) for story in stories}
        able = [story for story in stories if met[story.file] and (anywhere or wanted & met[story.file])]
        return sorted(able, key=lambda story: (-saw.get(story.file, 0), self._seconds[story.file]))

    def learn(self, workflow: Workflow, mutation: Mutation, story: Story) -> None:
        """Remember which story saw a change of a thing."""
        saw = self._saw.setdefault((workflow.workflow, *_element(mutation)), {})
        saw[story.file] = saw.get(story.file, 0) + 1


def _element(mutation: Mutation) -> tuple[str, str]:
    return str(mutation.place[0]), str(mutation.place[1]) if len(mutation.place) > 1 else ""


def _met(sandbox: Sandbox, story: Story, played: Played) -> dict[str, frozenset[str]]:
    """Name, by workflow, what a story meets: acts done or tried, dates that it has, documents, messages, tasks."""
    coverage: dict[str, Coverage] = {}
    add(coverage, sandbox, story, played)
    found: dict[str, set[str]] = {}
    for one in coverage.values():
        found[one.workflow] = {
            name.partition(" (")[0].partition(".requires")[0]
            for names in one.shown.values()
            for name in names
        }
    for refusal in played.refusals:
        found[refusal.workflow].add(refusal.action)
    for case in sandbox.engine.cases.find():
        found[case.workflow].update(item.name for item in sandbox.engine.cases.dates(case.id))
        found[case.workflow].update(paper.type for paper in sandbox.engine.cases.documents(case.id))
    return {name: frozenset(names) for name, names in found.items()}


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
