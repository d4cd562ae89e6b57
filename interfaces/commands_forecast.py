"""`jalon forecast`: what is to come, armed and supposed."""

from typing import Annotated

import typer

from ..engine.acts import case_number
from .commands_people import known_roles
from .data_forecast import forecast_data
from .engines import opened
from .french import quoted
from .help import Command
from .options import HERE, Database, InHouse, Json, Now, Seen
from .output import complain, say, show_json
from .progress import counting
from .reading import read_date
from .telling_forecast import forecast_lines


def register(app: typer.Typer) -> None:
    """Add the command of this module."""
    app.command("forecast", cls=Command)(forecast_command)


def forecast_command(
    until: Annotated[str, typer.Option(metavar="DATE", help="Jusqu’à ce jour, à dix ans au plus.")],
    case: Annotated[str | None, typer.Option(metavar="DOSSIER", help="Ce dossier seulement.")] = None,
    establishment: InHouse = None,
    role: Annotated[
        str | None,
        typer.Option(metavar="FONCTION", help="Ce que cette fonction devra faire ou recevra seulement."),
    ] = None,
    by: Seen = None,
    database: Database = HERE,
    now: Now = None,
    as_json: Json = False,
) -> None:
    """Lister ce qui vient, dossier par dossier : les dates et les rappels prévus, et ceux qui suivraient.

    Ce qui est prévu est déjà dans la base. Ce qui est supposé dit à quelle condition. Rien n’est enregistré.
    """
    day = read_date(until, "until")
    number = None if case is None else case_number(case)
    with opened(database, now) as engine:
        with counting("Dossiers", once_long=True) as progress:
            found = engine.deadlines.forecast(
                day, case=number, establishment=establishment, role=role, by=by, progress=progress
            )
        zones = {house.id: house.timezone for house in engine.establishments.list()}
        known = known_roles(engine) if role is not None else frozenset()
    if role is not None and role not in known:
        complain(f"Attention : aucun programme enregistré ne connaît {quoted(role)}.")
    if as_json:
        show_json(forecast_data(found))
        return
    for line in forecast_lines(found, zones):
        say(line)
