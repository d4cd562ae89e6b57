"""`jalon scenario`: stories in files played on the real engine, what they cover, and what mistakes they would see."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from .. import DefinitionError, InputError
from .help import Command
from .options import Json, Templates
from .output import complain, say, show_json
from .progress import counting
from .reading import read_between
from .words import BAD_USAGE, REFUSED, error_words, reason_words

if TYPE_CHECKING:
    from ..stories.mutating import Drawn, Tried
    from ..stories.running import Outcome
    from ..stories.story import Story

MOST_MUTANTS = 100_000
MOST_JOBS = 64


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("scenario", cls=Command)(_scenario)


def _scenario(
    files: Annotated[
        list[str], typer.Argument(metavar="FICHIER", help="Des récits, ou des dossiers de récits.")
    ],
    workflow: Annotated[
        str | None,
        typer.Option(
            "--workflow", "-w", metavar="FICHIER", help="Essayer ce programme à la place de celui de son nom."
        ),
    ] = None,
    only: Annotated[
        str | None,
        typer.Option(
            "--only", metavar="PROGRAMME", help="Les récits de ce programme, et ce qu’ils en montrent."
        ),
    ] = None,
    coverage: Annotated[
        bool, typer.Option("--coverage", help="Dire ce que les récits ont montré, et ce qui manque.")
    ] = False,
    mutate: Annotated[
        str | None, typer.Option(metavar="N", help="Essayer N modifications au hasard de chaque programme.")
    ] = None,
    seed: Annotated[
        str, typer.Option(metavar="S", help="Le tirage : le même nombre, les mêmes programmes.")
    ] = "1",
    at_least: Annotated[
        str,
        typer.Option(
            "--at-least", metavar="POURCENT", help="Échouer si moins de programmes modifiés sont vus."
        ),
    ] = "95",
    jobs: Annotated[str | None, typer.Option(metavar="N", help="Nombre de processus pour --mutate.")] = None,
    stop: Annotated[bool, typer.Option("--stop", help="S’arrêter au premier récit en échec.")] = False,
    templates: Templates = None,
    as_json: Json = False,
) -> None:
    """Jouer des récits : ce qui est donné, ce qui est fait, ce qui est attendu.

    Chaque récit a sa base et son horloge. Code de retour : 0 si tous sont conformes, 1 sinon, 2 si l’un ne se lit pas.
    """
    if templates is not None and not templates.is_dir():
        raise InputError("not a folder", argument="templates", value=str(templates), problem="folder")
    asked = _Asked(
        None if mutate is None else read_between(mutate, "mutate", MOST_MUTANTS),
        read_between(seed, "seed", 10**9, least=0),
        _percent(at_least), read_between(jobs, "jobs", MOST_JOBS) if jobs else min(os.cpu_count() or 1, 8),
    )  # fmt: skip
    try:
        _run(files, workflow, only, coverage, asked, stop, templates, as_json)
    except DefinitionError as error:
        for line in error_words(error):
            complain(line)
        raise typer.Exit(BAD_USAGE) from None


class _Asked:
    """What was asked of the mutation check."""

    def __init__(self, number: int | None, seed: int, at_least: float, jobs: int) -> None:
        self.number = number
        self.seed = seed
        self.at_least = at_least
        self.jobs = jobs


def _run(
    files: Sequence[str], workflow: str | None, only: str | None, coverage: bool, asked: _Asked, stop: bool,
    templates: Path | None, as_json: bool,
) -> None:  # fmt: skip
    from ..stories.running import read_stories, story_files
    from .telling_scenario import (
        coverage_data,
        coverage_lines,
        mutation_data,
        mutation_lines,
        story_data,
        story_lines,
    )

    tried = _workflow(workflow)
    found = story_files(files)
    stories = read_stories(found, tried, only)
    if not stories:
        raise InputError("no story of this workflow", argument="only", value=str(only)[:80], problem="empty")
    covered: dict[str, Any] = {}
    outcomes = _play(stories, templates, covered if coverage else None, stop)
    failed = any(outcome.difference is not None for outcome in outcomes)
    shown = [one for one in covered.values() if only in (None, one.workflow)]
    drawn, mutants = None, None
    if asked.number is not None and not failed:
        drawn, mutants = _mutate(found, stories, asked, tried, templates, only)
    if as_json:
        show_json(
            {
                "stories": [story_data(outcome) for outcome in outcomes],
                "coverage": [coverage_data(one) for one in shown] if coverage else None,
                "mutation": None
                if drawn is None or mutants is None
                else mutation_data(drawn, mutants, asked.seed),
            }
        )
    else:
        for line in story_lines(outcomes, len(stories)):
            say(line)
        for one in shown:
            for line in coverage_lines(one):
                say(line)
        for line in (
            mutation_lines(drawn, mutants, asked.at_least)
            if drawn is not None and mutants is not None
            else ()
        ):
            say(line)
        if failed and asked.number is not None:
            say("Les programmes modifiés ne sont pas essayés : des récits échouent déjà.")
    if failed or (drawn is not None and _lowest(drawn, mutants or ()) < asked.at_least):
        raise typer.Exit(REFUSED)


def _workflow(source: str | None) -> Any:
    from ..engine.documents import load

    return None if source is None else load(source)


def _play(stories: Sequence["Story"], templates: Path | None, covered: Any, stop: bool) -> list["Outcome"]:
    from ..stories.running import run
    from ..stories.telling import Words

    outcomes: list[Outcome] = []
    with counting("Les récits se jouent") as step:
        for outcome in run(stories, Words(reason_words, error_words), templates=templates, coverage=covered):
            outcomes.append(outcome)
            if step is not None:
                step(len(outcomes), len(stories))
            if stop and outcome.difference is not None:
                break
    return outcomes


def _mutate(
    files: Sequence[Path], stories: Sequence["Story"], asked: _Asked, workflow: Any, templates: Path | None,
    only: str | None,
) -> tuple["Drawn", list["Tried"]]:  # fmt: skip
    from ..stories.mutating import draw, try_mutants
    from ..stories.telling import Words

    drawn = draw(stories, asked.number or 0, asked.seed, only)
    found: list[Tried] = []
    with counting("Les programmes modifiés se jouent") as step:
        for one in try_mutants(
            files,
            drawn,
            Words(reason_words, error_words),
            workflow=workflow,
            templates=templates,
            only=only,
            jobs=asked.jobs,
        ):
            found.append(one)
            if step is not None:
                step(len(found), len(drawn.chosen))
    return drawn, found


def _lowest(drawn: "Drawn", mutants: Sequence["Tried"]) -> float:
    """Give the share seen of the workflow whose mistakes are seen the least."""
    from .telling_scenario import seen_rates, share

    return min(share(*counts) for counts in seen_rates(drawn, mutants).values())


def _percent(text: str) -> float:
    try:
        value = float(text.replace(",", "."))
    except ValueError:
        value = -1.0
    if not 0 <= value <= 100:
        raise InputError("a percentage is wanted", argument="at_least", value=text[:80], problem="percent")
    return value
