"""`jalon annul`: the last act of a case undone by a new line, as long as nothing has followed from it."""

from typing import Annotated

import typer

from .commands_acts import acting_on, tell_step
from .engines import opened
from .help import Command
from .options import HERE, By, CaseNumber, Database, Json, Key, Motive, Now, Revision
from .reading import read_number


def register(app: typer.Typer) -> None:
    """Add the command of this module."""
    app.command("annul", cls=Command)(annul_command)


def annul_command(
    case: CaseNumber,
    by: By,
    reason: Motive,
    act: Annotated[
        str | None,
        typer.Option(metavar="LIGNE", help="L’acte visé : refusé s’il n’est plus le dernier."),
    ] = None,
    revision: Revision = None,
    key: Key = None,
    database: Database = HERE,
    now: Now = None,
    as_json: Json = False,
) -> None:
    """Annuler le dernier acte d’un dossier.

    Le dossier retrouve son état, ses données, ses dates, ses tâches et son logement ; les messages qui attendent ne
    partent pas. Refusé dès qu’une suite ne se défait plus : un message parti, un logement donné, un autre acte.
    """
    line = read_number(act, "act")
    seen = read_number(revision, "revision")
    with opened(database, now) as engine, acting_on(engine, case, by) as (before, _):
        after = engine.cases.annul(before.id, by=by, reason=reason, act=line, revision=seen, key=key)
        tell_step(engine, after, before.seq, as_json=as_json, by=by)
