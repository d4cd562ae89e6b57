"""`jalon postpone`: a date put off to a later day, by someone who may, for a reason that is kept."""

from typing import Annotated

import typer

from .commands_acts import acting_on, tell_step
from .engines import opened
from .help import Command
from .options import HERE, By, CaseNumber, Database, Json, Key, Motive, Now, Revision
from .reading import read_date, read_number


def register(app: typer.Typer) -> None:
    """Add the command of this module."""
    app.command("postpone", cls=Command)(postpone_command)


def postpone_command(
    case: CaseNumber,
    deadline: Annotated[str, typer.Argument(metavar="ÉCHÉANCE", help="Son nom (voir jalon show).")],
    by: By,
    to: Annotated[str, typer.Option("--to", metavar="DATE", help="Le jour où elle est reportée.")],
    reason: Motive,
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
    number = read_number(occurrence, "occurrence")
    seen = read_number(revision, "revision")
    with opened(database, now) as engine, acting_on(engine, case, by) as (before, _):
        after = engine.deadlines.postpone(
            case=before.id, deadline=deadline, ordinal=number, to=day, reason=reason, by=by, revision=seen, key=key
        )  # fmt: skip
        tell_step(engine, after, before.seq, as_json=as_json, by=by)
