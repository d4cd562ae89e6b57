"""`jalon pending`: the operators' list."""

from typing import Annotated

import typer

from .. import Engine
from ..engine.acts import case_number
from .commands_people import known_roles
from .data import pending_data
from .engines import opened, warn_of_clock
from .french import quoted
from .help import Command
from .options import HERE, Database, InHouse, Json, Now, Seen
from .output import complain, say, show_json
from .reading import read_day
from .telling import names_of
from .telling_pending import pending_lines


def register(app: typer.Typer) -> None:
    """Add the command of this module."""
    app.command("pending", cls=Command)(pending_command)


def pending_command(
    establishment: InHouse = None,
    role: Annotated[
        str | None, typer.Option(metavar="FONCTION", help="Ce que cette fonction doit faire seulement.")
    ] = None,
    until: Annotated[str | None, typer.Option(metavar="DATE", help="Jusqu’à ce jour.")] = None,
    case: Annotated[str | None, typer.Option(metavar="DOSSIER", help="Ce dossier seulement.")] = None,
    referent: Annotated[
        str | None,
        typer.Option(
            metavar="PERSONNE", help="Les dossiers qu’elle suit, et ceux des absents qu’elle remplace."
        ),
    ] = None,
    by: Seen = None,
    database: Database = HERE,
    now: Now = None,
    as_json: Json = False,
) -> None:
    """Lister ce qui est attendu, de qui et pour quand.

    En retard, aujourd’hui, sous sept jours, plus tard. Code de retour : 1 si un message est en échec ou un
    dossier mis de côté, 0 sinon, même avec des retards.
    """
    day = read_day(until, "until")
    number = None if case is None else case_number(case)
    with opened(database, now) as engine:
        warn_of_clock(engine, now)
        if number is not None:
            engine.cases.get(number, by=by)  # an unknown case is said, not shown as empty
        if establishment is not None:
            engine.establishments.get(establishment)
        found = engine.deadlines.pending(
            by=by, establishment=establishment, role=role, until=day, case=number, referent=referent
        )
        names = names_of(engine)
        zones = {house.id: house.timezone for house in engine.establishments.list()}
        known = known_roles(engine) if role is not None else frozenset()
        held = (
            _roles_of(engine, referent)
            if referent is not None and by in (None, referent) and not found
            else []
        )
    if role is not None and role not in known:
        complain(f"Attention : aucun programme enregistré ne connaît {quoted(role)}.")
    if held:
        other = " ou ".join(f"--role {name}" for name in held)
        who = names[referent or ""]
        complain(f"{who} ne suit aucun dossier qui attend. Ce que doit faire sa fonction : {other}.")
    if as_json:
        show_json([pending_data(item) for item in found])
    else:
        for line in pending_lines(found, names, zones):
            say(line)
    if any(item.kind in ("message", "aside") for item in found):
        raise typer.Exit(1)


def _roles_of(engine: Engine, person: str) -> list[str]:
    """Name the roles that someone holds somewhere."""
    found = next((one for one in engine.people.list() if one.id == person), None)
    held = found.roles if found is not None and found.roles is not None else {}
    return sorted({role for roles in held.values() for role in roles})
