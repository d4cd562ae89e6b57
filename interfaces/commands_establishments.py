"""`jalon establishment`: the houses, their calendars and their settings."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any

import typer

from .. import Engine, InputError, NotFound
from ..domain.figures import plain_words
from .engines import opened
from .french import listed, plural
from .help import Command, DelayCommand, Group
from .options import HERE, Database, Json, Now, Seen
from .output import complain, say, show_json, show_table
from .progress import counting
from .reading import read_date, read_whole

HouseName = Annotated[
    str, typer.Argument(metavar="ÉTABLISSEMENT", help="Son identifiant, par exemple ophis.")
]
Programme = Annotated[str, typer.Argument(metavar="PROGRAMME", help="Un programme enregistré dans la base.")]
Author = Annotated[
    str | None,
    typer.Option(
        "--by", metavar="PERSONNE", envvar="JALON_BY", help="Au nom de qui, dans l’historique des dossiers."
    ),
]
_YES, _NO = ("oui", "true", "vrai"), ("non", "false", "faux")


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    group = typer.Typer(
        cls=Group, rich_markup_mode=None, no_args_is_help=True, help="Les établissements et leurs réglages."
    )
    group.command("add", cls=Command)(add_command)
    group.command("list", cls=Command)(list_command)
    group.command("parameters", cls=Command)(parameters_command)
    group.command("set", cls=DelayCommand)(set_command)
    app.add_typer(group, name="establishment")


def add_command(
    name: HouseName,
    label: Annotated[str | None, typer.Option("--name", metavar="NOM", help="Son nom.")] = None,
    zone: Annotated[
        str | None, typer.Option(metavar="ZONE", help="Jours fériés : metropole, la-reunion…")
    ] = None,
    timezone: Annotated[
        str | None, typer.Option(metavar="FUSEAU", help="L’heure qu’il y est : Europe/Paris…")
    ] = None,
    opens: Annotated[str | None, typer.Option(metavar="HEURE", help="Dès quand on y écrit : 08:00.")] = None,
    closes: Annotated[str | None, typer.Option(metavar="HEURE", help="Jusqu’à quand : 20:00.")] = None,
    closed: Annotated[
        list[str] | None, typer.Option(metavar="DATE", help="Un jour de fermeture ; répétable.")
    ] = None,
    worked: Annotated[
        list[str] | None, typer.Option(metavar="DATE", help="Un jour ouvert malgré tout ; répétable.")
    ] = None,
    phone: Annotated[str | None, typer.Option(metavar="TÉLÉPHONE", help="Écrit dans les messages.")] = None,
    address: Annotated[str | None, typer.Option(metavar="ADRESSE", help="Écrite dans les messages.")] = None,
    by: Author = None,
    database: Database = HERE,
    now: Now = None,
) -> None:
    """Ajouter un établissement, ou changer ce que l’on en dit.

    Quand ses jours, son fuseau ou son heure d’ouverture changent, les dates de ses dossiers suivent.
    """
    given = {
        "label": label, "zone": zone, "timezone": timezone, "opens": opens, "closes": closes, "phone": phone,
        "address": address, "closures": _days(closed, "closures"), "extra_days": _days(worked, "extra_days"),
    }  # fmt: skip
    with opened(database, now) as engine:
        before = _known(engine, name)
        kept = {key: getattr(before, "name" if key == "label" else key) for key in given} if before else {}
        wanted = {**kept, **{key: value for key, value in given.items() if value is not None}}
        with counting("Dossiers") as told:
            house = engine.establishments.add(name, by=by if before else None, told=told, **wanted)
        say(f"Établissement {'modifié' if before else 'ajouté'} : {house.name} ({house.id}).")
        _tell_moves(house.moves)


def _tell_moves(moves: Any) -> None:
    """Say which dates have followed, and which cases could not."""
    if moves is None:
        return
    if moves.dates:
        changed = plural(moves.dates, "date a suivi", "dates ont suivi")
        say(f"{changed}, dans {plural(moves.cases, 'dossier', 'dossiers')}.")
    for number, error in moves.aside.items():
        complain(f"D-{number:04d} : mis de côté ({error}), ses dates suivront à son prochain acte.")
    if moves.aside:
        raise typer.Exit(1)


def _known(engine: Engine, name: str) -> Any:
    try:
        return engine.establishments.get(name)
    except NotFound:
        return None


def _days(texts: Sequence[str] | None, argument: str) -> frozenset[date] | None:
    return frozenset(read_date(text, argument) for text in texts) if texts else None


def list_command(by: Seen = None, database: Database = HERE, as_json: Json = False) -> None:
    """Lister les établissements."""
    with opened(database) as engine:
        seen = houses_of(engine, by)
        houses = [house for house in engine.establishments.list() if seen is None or house.id in seen]
    if as_json:
        show_json([_as_data(house) for house in houses])
        return
    rows = [
        (house.id, house.name, house.zone, house.timezone, f"{house.opens}-{house.closes}", _closures(house))
        for house in houses
    ]
    show_table(("identifiant", "nom", "jours fériés", "fuseau", "heures", "fermetures"), rows)


def houses_of(engine: Engine, by: str | None) -> frozenset[str] | None:
    """Name the establishments that someone may see; all of them when nobody is named. Raises NotFound."""
    if by is None:
        return None
    person = next((one for one in engine.people.list() if one.id == by), None)
    if person is None:
        raise NotFound("actor", by)
    return frozenset(person.roles or {})


def _closures(house: Any) -> str:
    return listed(day.isoformat() for day in sorted(house.closures))


def _as_data(house: Any) -> dict[str, Any]:
    return {
        "id": house.id, "name": house.name, "zone": house.zone, "timezone": house.timezone, "opens": house.opens,
        "closes": house.closes, "closures": [day.isoformat() for day in sorted(house.closures)],
        "extra_days": [day.isoformat() for day in sorted(house.extra_days)], "phone": house.phone,
        "address": house.address,
    }  # fmt: skip


def parameters_command(
    name: HouseName, programme: Programme, database: Database = HERE, as_json: Json = False
) -> None:
    """Lister les réglages d’un programme dans un établissement."""
    with opened(database) as engine:
        found = engine.establishments.parameters(name, programme)
    if as_json:
        show_json(
            [
                {"name": one.name, "label": one.label, "value": one.value, "default": one.default, "basis": one.basis}
                for one in found
            ]
        )  # fmt: skip
        return
    show_table(
        ("réglage", "valeur", "", "libellé"),
        [(one.name, plain_words(one.value), _origin(one), one.label) for one in found],
    )


def _origin(one: Any) -> str:
    return "par défaut, à régler" if one.value == one.default else f"par défaut {plain_words(one.default)}"


def set_command(
    name: HouseName,
    programme: Programme,
    parameter: Annotated[str, typer.Argument(metavar="RÉGLAGE", help="Son nom (establishment parameters).")],
    value: Annotated[str, typer.Argument(metavar="VALEUR", help="Un nombre, oui ou non, un délai (P15D).")],
    by: Author = None,
    database: Database = HERE,
    now: Now = None,
) -> None:
    """Régler un programme dans un établissement. Les dates de ses dossiers qui en dépendent suivent."""
    with opened(database, now) as engine:
        known = {one.name: one for one in engine.establishments.parameters(name, programme)}
        if parameter not in known:
            raise NotFound("parameter", parameter)
        read = _value(known[parameter].default, value)
        with counting("Dossiers") as told:
            moves = engine.establishments.set_parameter(name, programme, parameter, read, by=by, told=told)
        say(f"Réglé : {known[parameter].label} ({parameter}) = {plain_words(read)}, pour {name}.")
        _tell_moves(moves)


def _value(default: Any, text: str) -> Any:
    """Read a value of the kind of its default."""
    if isinstance(default, bool):
        if text.lower() not in _YES + _NO:
            raise InputError("yes or no is wanted", argument="value", value=text[:80], problem="yes_or_no")
        return text.lower() in _YES
    return read_whole(text, "value") if isinstance(default, int) else text
