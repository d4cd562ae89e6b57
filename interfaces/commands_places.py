"""`jalon places`: what a house lists, who holds what on a day, and who waits."""

from collections.abc import Sequence
from typing import Annotated, Any

import typer

from .. import Engine, InputError
from ..domain.texts import place_key
from .commands_establishments import houses_of
from .engines import opened, warn_of_clock
from .french import quoted
from .help import Command, Group
from .options import HERE, Database, House, InHouse, Json, Motive, Now, Seen
from .output import complain, say, show_json, show_table
from .reading import read_date, read_day, read_number
from .telling_places import (
    HEADS,
    WAITING_HEADS,
    change_data,
    changed_lines,
    heading,
    kind_warning,
    occupancy_data,
    place_row,
    total_lines,
    waiting_data,
    waiting_row,
)

PlaceName = Annotated[str, typer.Argument(metavar="PLACE", help="Son nom, par exemple « Lit 2 ».")]
Kind = Annotated[str, typer.Option("--kind", metavar="SORTE", help="Sa sorte : lit, logement…")]
Day = Annotated[str, typer.Option("--on", metavar="DATE", help="À partir de ce jour.")]
_YES, _NO = ("oui", "true", "vrai"), ("non", "false", "faux")


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    group = typer.Typer(cls=Group, rich_markup_mode=None)
    group.callback(invoke_without_command=True)(places_command)
    group.command("add", cls=Command)(add_command)
    group.command("close", cls=Command)(close_command)
    group.command("out", cls=Command)(out_command)
    group.command("back", cls=Command)(back_command)
    group.command("waiting", cls=Command)(waiting_command)
    app.add_typer(group, name="places")


def places_command(
    context: typer.Context,
    establishment: InHouse = None,
    on: Annotated[str | None, typer.Option(metavar="DATE", help="Ce jour-là, passé ou à venir.")] = None,
    kind: Annotated[str | None, typer.Option(metavar="SORTE", help="Cette sorte de place seulement.")] = None,
    by: Seen = None,
    database: Database = HERE,
    now: Now = None,
    as_json: Json = False,
) -> None:
    """Montrer les places et qui les tient, aujourd’hui ou un autre jour.

    Un jour passé se lit dans les historiques, tels qu’ils sont aujourd’hui. Un jour à venir montre qui est là, et ce
    qui est prévu des places : un départ attendu ne libère rien.
    """
    if context.invoked_subcommand is not None:
        return
    day = read_day(on, "day")
    with opened(database, now) as engine:
        warn_of_clock(engine, now)
        found = engine.places.occupancy(establishment, on=day, kind=kind, by=by)
        houses = {house.id: house.name for house in engine.establishments.list()}
        if kind is not None and not found.places:
            seen = houses_of(engine, by)
            read = [house for house in houses if seen is None or house in seen]
            _check_kind(engine, kind, read if establishment is None else [establishment])
    if as_json:
        show_json(occupancy_data(found))
    else:
        _show(found, houses)


def _show(found: Any, houses: dict[str, str]) -> None:
    """Show each kind of each house: its table, then its totals."""
    for number, whole in enumerate(found.whole()):
        if number:
            say()
        key = (whole.establishment, whole.kind)
        say(heading(whole, houses))
        show_table(HEADS, [place_row(one) for one in found.places if (one.establishment, one.kind) == key])
        for line in total_lines(whole, [one for one in found.totals if (one.establishment, one.kind) == key]):
            say(line)
    if not found.places:
        say("Aucune place.")


def add_command(
    name: PlaceName,
    establishment: House,
    kind: Kind,
    unit: Annotated[
        str | None, typer.Option(metavar="UNITÉ", help="L’appartement, l’étage, le bâtiment.")
    ] = None,
    room: Annotated[
        str | None, typer.Option(metavar="CHAMBRE", help="La chambre, si elle a plusieurs places.")
    ] = None,
    size: Annotated[
        str | None, typer.Option(metavar="N", help="Pour combien de personnes ; une si rien n’est dit.")
    ] = None,
    programmes: Annotated[
        list[str] | None,
        typer.Option("--workflow", metavar="PROGRAMME", help="Réservée à ce programme ; répétable."),
    ] = None,
    attributes: Annotated[
        list[str] | None,
        typer.Option("--attribute", metavar="NOM[=VALEUR]", help="Ce qu’elle a : pmr, etage=2… ; répétable."),
    ] = None,
    opened_on: Annotated[
        str | None,
        typer.Option("--opened", metavar="DATE", help="Son premier jour, si elle n’a pas toujours été là."),
    ] = None,
    database: Database = HERE,
    now: Now = None,
    as_json: Json = False,
) -> None:
    """Déclarer une place, ou changer ce que l’on en dit."""
    given = {
        "unit": unit, "room": room, "size": read_number(size, "size"), "programmes": programmes or None,
        "attributes": _attributes(attributes), "opened_on": read_day(opened_on, "opened_on"),
    }  # fmt: skip
    with opened(database, now) as engine:
        before = _known(engine, establishment, kind, name)
        kept = (
            {key: getattr(before, key) for key in given if key != "opened_on"} if before is not None else {}
        )
        if before is not None and before.closed_on is None:
            kept["opened_on"] = before.opened_on
        wanted = {**kept, **{key: value for key, value in given.items() if value is not None}}
        change = engine.places.add(establishment, name, kind=kind, **wanted)
        known = _kinds(engine)
    _tell(change, "modifiée" if before is not None else "déclarée", as_json=as_json)
    if known and kind not in known:
        complain(kind_warning(kind, known))


def _tell(change: Any, done: str, *, as_json: bool) -> None:
    """Say what became of a place."""
    if as_json:
        show_json(change_data(change))
        return
    for line in changed_lines(change, done):
        say(line)


def _known(engine: Engine, establishment: str, kind: str, name: str) -> Any:
    found = engine.places.list(establishment, kind=kind)
    return next((place for place in found if place_key(place.name) == place_key(name)), None)


def _kinds(engine: Engine) -> list[str]:
    """Name the kinds of places that the workflows of the database take."""
    workflows = [engine.workflows.get(one.workflow, one.version) for one in engine.workflows.list()]
    return sorted({workflow.place.kind for workflow in workflows if workflow.place is not None})


def _check_kind(engine: Engine, kind: str, houses: Sequence[str]) -> None:
    """Raise InputError for a kind that no workflow takes and of which none of these houses has ever listed a place."""
    listed = {place.kind for house in houses for place in engine.places.list(house)}
    known = sorted({*_kinds(engine), *listed})
    if kind not in known:
        raise InputError("no such kind", argument="kind", value=kind, problem="unknown", known=known)


def _attributes(pairs: Sequence[str] | None) -> dict[str, Any] | None:
    """Read `pmr`, `pmr=non` or `etage=2`. Raises InputError for a name given twice."""
    if not pairs:
        return None
    found: dict[str, Any] = {}
    for pair in pairs:
        name, equals, text = (part.strip() for part in pair.partition("="))
        if name in found:
            raise InputError("given twice", argument="fact", value=name[:80], problem="twice")
        word = text.lower()
        found[name] = word in _YES if word in _YES + _NO else text if equals else True
    return found


def close_command(
    name: PlaceName,
    establishment: House,
    kind: Kind,
    on: Day,
    database: Database = HERE,
    now: Now = None,
    as_json: Json = False,
) -> None:
    """Dire qu’une place n’existe plus à partir d’un jour. Qui y est reste."""
    with opened(database, now) as engine:
        engine.establishments.get(establishment)
        _check_kind(engine, kind, [establishment])
        change = engine.places.close(establishment, kind, name, on=read_date(on, "day"))
    _tell(change, "fermée", as_json=as_json)


def out_command(
    name: PlaceName,
    establishment: House,
    kind: Kind,
    since: Annotated[str, typer.Option(metavar="DATE", help="Le premier jour.")],
    reason: Motive,
    until: Annotated[
        str | None, typer.Option(metavar="DATE", help="Le dernier jour, s’il est connu.")
    ] = None,
    database: Database = HERE,
    now: Now = None,
    as_json: Json = False,
) -> None:
    """Mettre une place hors service : elle n’est plus donnée. Qui y est reste."""
    first, last = read_date(since, "since"), read_day(until, "until")
    with opened(database, now) as engine:
        engine.establishments.get(establishment)
        _check_kind(engine, kind, [establishment])
        change = engine.places.out_of_use(establishment, kind, name, since=first, until=last, reason=reason)
    _tell(change, "hors service", as_json=as_json)


def back_command(
    name: PlaceName,
    establishment: House,
    kind: Kind,
    on: Day,
    database: Database = HERE,
    now: Now = None,
    as_json: Json = False,
) -> None:
    """Remettre une place en service à partir d’un jour."""
    with opened(database, now) as engine:
        engine.establishments.get(establishment)
        _check_kind(engine, kind, [establishment])
        change = engine.places.back(establishment, kind, name, on=read_date(on, "day"))
    if as_json:
        show_json(change_data(change))
    else:
        say(f"Place remise en service : {change.place.name} ({change.place.kind}).")


def waiting_command(
    establishment: House,
    workflow: Annotated[
        str | None, typer.Option("--workflow", metavar="PROGRAMME", help="Ce programme seulement.")
    ] = None,
    by: Seen = None,
    database: Database = HERE,
    now: Now = None,
    as_json: Json = False,
) -> None:
    """Lister qui attend une place, dans l’ordre, avec la raison de chaque rang et ce qui est libre pour chacun."""
    with opened(database, now) as engine:
        found = engine.places.waiting(establishment, workflow, by=by)
        titles = {one.workflow: one.title for one in engine.workflows.list()}
    if as_json:
        show_json([waiting_data(one) for one in found])
        return
    lists = dict.fromkeys((one.workflow, one.state_label) for one in found)
    for number, (name, label) in enumerate(lists):
        if number:
            say()
        say(f"{label}, {titles.get(name, quoted(name))}")
        rows = [waiting_row(one) for one in found if (one.workflow, one.state_label) == (name, label)]
        show_table(WAITING_HEADS, rows)
    if not found:
        say("Personne n’attend.")
