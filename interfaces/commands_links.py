"""`jalon link` and `unlink`: two cases linked under a role of their workflow, and parted."""

from typing import Annotated

import typer

from ..engine.acts import case_number
from .commands_acts import acting_on, tell_step
from .engines import opened
from .help import Command
from .options import HERE, By, CaseNumber, Database, Json, Motive, Now
from .reading import read_day

Role = Annotated[
    str, typer.Argument(metavar="LIEN", help="Son nom dans le programme du dossier (jalon workflows show).")
]
Other = Annotated[str, typer.Argument(metavar="AUTRE", help="Le numéro de l’autre dossier.")]


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("link", cls=Command)(link_command)
    app.command("unlink", cls=Command)(unlink_command)


def link_command(
    case: CaseNumber,
    role: Role,
    other: Other,
    by: By,
    on: Annotated[str | None, typer.Option(metavar="DATE", help="Depuis quel jour, s’il est passé.")] = None,
    database: Database = HERE,
    now: Now = None,
    as_json: Json = False,
) -> None:
    """Lier deux dossiers.

    Le lien est l’un de ceux du programme du premier dossier ; l’historique des deux le dit.
    """
    day = read_day(on, "on")
    with opened(database, now) as engine, acting_on(engine, case, by) as (before, _):
        after = engine.cases.link(before.id, case_number(other), role, by=by, on=day)
        tell_step(engine, after, before.seq, as_json=as_json, by=by)


def unlink_command(
    case: CaseNumber,
    role: Role,
    other: Other,
    by: By,
    reason: Motive,
    database: Database = HERE,
    now: Now = None,
    as_json: Json = False,
) -> None:
    """Retirer le lien de deux dossiers ; l’historique garde qu’il a existé."""
    with opened(database, now) as engine, acting_on(engine, case, by) as (before, _):
        after = engine.cases.unlink(before.id, case_number(other), role, by=by, reason=reason)
        tell_step(engine, after, before.seq, as_json=as_json, by=by)
