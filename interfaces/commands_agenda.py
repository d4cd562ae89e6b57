"""`jalon agenda`: the dates of a file, a person or a house, for a calendar."""

from typing import Annotated

import typer

from .. import Agenda
from ..engine.acts import case_number
from .engines import Mail, opened
from .french import plural, quoted
from .help import Command
from .options import HERE, Database, Link, Now, Output, Seen
from .output import complain, say, show_bytes, write_file
from .reading import read_number


def register(app: typer.Typer) -> None:
    """Add the command of this module."""
    app.command("agenda", cls=Command)(agenda_command)


def agenda_command(
    case: Annotated[str | None, typer.Option(metavar="DOSSIER", help="Les dates d’un dossier.")] = None,
    deadline: Annotated[
        str | None, typer.Option(metavar="NOM", help="D’une seule échéance de ce dossier.")
    ] = None,
    occurrence: Annotated[
        str | None, typer.Option(metavar="N", help="De cette échéance, la N-ième date seulement.")
    ] = None,
    person: Annotated[
        str | None,
        typer.Option(metavar="PERSONNE", help="Les dossiers qu’elle suit, et ce que ses fonctions doivent faire."),
    ] = None,
    establishment: Annotated[
        str | None,
        typer.Option("--establishment", "-e", metavar="ÉTABLISSEMENT", help="Les dates d’un établissement."),
    ] = None,
    output: Output = None,
    link: Link = None,
    by: Seen = None,
    database: Database = HERE,
    now: Now = None,
) -> None:  # fmt: skip
    """Écrire des dates pour un agenda (iCalendar).

    Chaque date n’y montre que le numéro du dossier. Relancée, la commande met à jour les mêmes dates.
    """
    number = None if case is None else case_number(case)
    rank = read_number(occurrence, "occurrence")
    with opened(database, now, Mail(link=link)) as engine:
        found = engine.deadlines.agenda(
            case=number, deadline=deadline, ordinal=rank, person=person, establishment=establishment, by=by
        )
    if output is None:
        show_bytes(found.content)
        complain(f"{_told(found)}.")
    else:
        write_file(output, found.content.decode("utf-8"))
        say(f"{_told(found)}, dans {quoted(output)}.")


def _told(found: Agenda) -> str:
    if not found.dates:
        return "Aucune date"
    gone = f", dont {plural(found.cancelled, 'annulée', 'annulées')}" if found.cancelled else ""
    return plural(found.dates, "date", "dates") + gone
