"""`jalon postpone`: a date put off to a later day, by someone who may, for a reason that is kept."""

from typing import Annotated

import typer

from .commands_acts import acting_on, tell_step
from .engines import opened
from .help import Command
from .options import HERE, By, CaseNumber, Database, Json, Key, Now, Revision
from .reading import read_date, read_whole


def register(app: typer.Typer) -> None:
    """Add the command of this module."""
    app.command("postpone", cls=Command)(postpone_command)


def postpone_command(
    case: CaseNumber,
    deadline: Annotated[str, typer.Argument(metavar="ÉCHÉANCE", help="Son nom (voir jalon show).")],
    by: By,
    to: Annotated[str, typer.Option("--to", metavar="DATE", help="Le jour où elle est reportée.")],
    reason: Annotated[
        str, typer.Option(metavar="MOTIF", help="Pourquoi : le motif est gardé dans l’historique.")
    ],
    occurrence: Annotated[
        str | None,
        typer.Option("--occurrence", metavar="N", help="Laquelle de ses dates ; sinon celle qui court."),
    ] = None,
    revision: Revision = None,
    key: Key = None,
    database: Database = HERE,
    now: Now = None,
    as_json: Json = False,
) -> None:
    """Reporter une date à plus tard.

    Seule cette date bouge, avec ses rappels : les suivantes restent où elles sont. Une date de la loi ou du contrat ne
    se reporte pas.
    """
    day = read_date(to, "to")
    number = None if occurrence is None else read_whole(occurrence, "occurrence")
    seen = None if revision is None else read_whole(revision, "revision")
    with opened(database, now) as engine, acting_on(engine, case, by) as (before, _):
        after = engine.deadlines.postpone(
            case=before.id, deadline=deadline, ordinal=number, to=day, reason=reason, by=by, revision=seen, key=key
        )  # fmt: skip
        tell_step(engine, after, before.seq, as_json=as_json)
