"""`jalon simulate`: a house of one workflow lived in at random, in a sandbox of its own."""

from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

import typer

from .. import load
from .french import long_day, plural
from .help import Command
from .options import Json
from .output import say, show_json, show_table
from .progress import counting
from .reading import read_between, read_date
from .words import REFUSED

if TYPE_CHECKING:
    from ..domain.workflow import Workflow
    from ..stories.walking import Lived

FIRST = "2027-01-04"
MOST_YEARS, MOST_CASES, MOST_DRAWS = 20, 200, 10**9
DAYS = 365


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("simulate", cls=Command)(_simulate)


def _simulate(
    workflow: Annotated[
        str,
        typer.Argument(metavar="PROGRAMME", help="Un nom livré (rs_temporaire) ou le chemin d’un fichier."),
    ],
    years: Annotated[str, typer.Option(metavar="N", help="Combien d’années.")] = "3",
    cases: Annotated[str, typer.Option(metavar="N", help="Combien de dossiers à la fois, au plus.")] = "12",
    places: Annotated[str, typer.Option(metavar="N", help="Combien de places a la maison.")] = "6",
    seed: Annotated[str, typer.Option(metavar="S", help="Le tirage : le même nombre, la même vie.")] = "1",
    start: Annotated[str, typer.Option("--from", metavar="DATE", help="Le premier jour.")] = FIRST,
    as_json: Json = False,
) -> None:
    """Vivre un programme au hasard : des dossiers s’ouvrent, on agit, les jours passent, le service redémarre.

    Chaque dossier est ensuite mené à son terme. Code de retour : 1 s’il en reste un dont rien ne fait sortir.
    """
    from ..stories.walking import Span, live

    known = load(workflow)
    span = Span(
        read_date(start, "from"), read_between(years, "years", MOST_YEARS) * DAYS,
        read_between(cases, "cases", MOST_CASES), read_between(places, "places", MOST_CASES),
        read_between(seed, "seed", MOST_DRAWS, least=0),
    )  # fmt: skip
    with counting("Jours") as progress:
        lived = live(known, span, progress=progress)
    if as_json:
        show_json(_as_data(known, span.start, lived))
    else:
        _tell(known, span.start, lived)
    if lived.stuck:
        raise typer.Exit(REFUSED)


def _as_data(workflow: "Workflow", start: date, lived: "Lived") -> dict[str, Any]:
    return {
        "workflow": workflow.workflow, "version": workflow.version, "from": start.isoformat(), "days": lived.days,
        "cases": lived.cases, "documents": lived.documents, "restarts": lived.restarts,
        "acts": dict(sorted(lived.acts.items())),
        "refused": dict(sorted(lived.refused.items())), "states": dict(sorted(lived.states.items())),
        "stuck": [f"D-{case:04d}" for case in lived.stuck],
    }  # fmt: skip


def _tell(workflow: "Workflow", start: date, lived: "Lived") -> None:
    acts = sum(lived.acts.values())
    say(
        f"{workflow.title} : {plural(lived.cases, 'dossier', 'dossiers')}, {plural(acts, 'acte', 'actes')} en "
        f"{plural(lived.days, 'jour', 'jours')} depuis le {long_day(start.isoformat())}."
    )
    rows = [(workflow.states[name].label, name, str(number)) for name, number in lived.states.most_common()]
    show_table(("état", "", "fois"), rows)
    unseen = [state.label for name, state in workflow.states.items() if name not in lived.states]
    if unseen:
        say(f"Jamais atteints dans ce tirage : {', '.join(unseen)}.")
    if lived.stuck:
        numbers = ", ".join(f"D-{case:04d}" for case in lived.stuck)
        say(
            f"Sans issue : {plural(len(lived.stuck), 'dossier', 'dossiers')} que rien n’a fait aboutir ({numbers})."
        )
    else:
        say("Aucun dossier sans issue.")
