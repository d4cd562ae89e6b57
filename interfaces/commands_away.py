"""`jalon people absent`, `back`, `absences` and `transfer`: who is away, who stands in, who takes over the cases."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import Annotated, Any

import typer

from .. import ActionRefused, Engine, Reason
from ..domain.explain_dates import long_date
from .commands_establishments import houses_of
from .data import day, instant
from .engines import opened
from .french import listed, plural, quoted, short_date
from .help import Command
from .options import HERE, By, Database, InHouse, Json, Motive, Now, Seen
from .output import say, show_json, show_table
from .progress import counting
from .reading import read_date, read_day
from .telling import names_of
from .words import reason_words

Who = Annotated[str, typer.Argument(metavar="PERSONNE", help="Son identifiant, par exemple claire.")]
Author = Annotated[
    str | None, typer.Option("--by", metavar="PERSONNE", envvar="JALON_BY", help="Qui le note.")
]
MOST = 20


def register(people: typer.Typer) -> None:
    """Add the commands of this module to those on people."""
    people.command("absent", cls=Command)(absent_command)
    people.command("back", cls=Command)(back_command)
    people.command("absences", cls=Command)(absences_command)
    people.command("transfer", cls=Command)(transfer_command)


def absent_command(
    person: Who,
    since: Annotated[str, typer.Option(metavar="DATE", help="Le premier jour.")],
    until: Annotated[
        str | None, typer.Option(metavar="DATE", help="Le dernier jour ; sinon jusqu’au retour.")
    ] = None,
    deputy: Annotated[str | None, typer.Option(metavar="PERSONNE", help="Qui remplace.")] = None,
    reason: Annotated[
        str | None, typer.Option(metavar="MOTIF", help="Pourquoi, en peu de mots ; rien sur la santé.")
    ] = None,
    by: Author = None,
    database: Database = HERE,
    now: Now = None,
) -> None:
    """Noter une absence, et qui remplace.

    Ces jours-là, qui remplace a les fonctions de la personne et reçoit ses messages. Avec --by : la personne
    elle-même, ou qui peut confier ses dossiers à d’autres, dans chacun de ses établissements.
    """
    first, last = read_date(since, "since"), read_day(until, "until")
    with opened(database, now) as engine, _naming_houses(engine):
        found = engine.people.absent(person, first, last, deputy=deputy, by=by, reason=reason)
        names = names_of(engine)
    by_whom = f"remplacement : {names[found.deputy]}" if found.deputy else "personne ne remplace"
    say(f"{names[found.person]} : absence {_days(found.since, found.until)}, {by_whom}.")


def back_command(
    person: Who,
    on: Annotated[str, typer.Option(metavar="DATE", help="Le premier jour de présence.")],
    by: Author = None,
    database: Database = HERE,
    now: Now = None,
) -> None:
    """Noter un retour : l’absence en cours finit la veille."""
    back_on = read_date(on, "on")
    with opened(database, now) as engine, _naming_houses(engine):
        found = engine.people.back(person, back_on, by=by)
        name = names_of(engine)[person]
    if found is None:
        say(f"{name} : l’absence qui commençait le {long_date(back_on)} est retirée.")
    else:
        say(f"{name} : de retour le {long_date(back_on)} ; absence {_days(found.since, found.until)}.")


@contextmanager
def _naming_houses(engine: Engine) -> Iterator[None]:
    """Let a refusal say by its name the establishment in which someone may not speak of the absences of another."""
    try:
        yield
    except ActionRefused as refusal:
        names = names_of(engine)
        houses = {house.id: house.name for house in engine.establishments.list()}
        reasons = [_in_house(one, names, houses) if one.code == "role" else one for one in refusal.reasons]
        raise ActionRefused(refusal.action, reasons) from refusal


def _in_house(reason: Reason, names: Mapping[str, str], houses: Mapping[str, str]) -> Reason:
    who = names[reason.data["actor"]]
    house = houses.get(reason.data.get("establishment", ""))
    if house is None:
        return Reason(reason.code, reason.data, f"{quoted(who)} n’a aucune fonction qui le permette.")
    said = reason_words(Reason(reason.code, {**reason.data, "actor": who}))
    return Reason(reason.code, reason.data, f"{house} : {said}")


def absences_command(
    person: Annotated[
        str | None, typer.Argument(metavar="PERSONNE", help="Cette personne seulement.")
    ] = None,
    by: Seen = None,
    database: Database = HERE,
    as_json: Json = False,
) -> None:
    """Lister les absences, passées et à venir."""
    with opened(database) as engine:
        seen = houses_of(engine, by)
        people = engine.people.list()
        visible = {one.id for one in people if seen is None or seen & set(one.roles or {})}
        found = [one for one in engine.people.absences(person) if one.person in visible]
    if as_json:
        show_json([absence_data(one) for one in found])
        return
    names = {one.id: one.name for one in people}
    rows = [
        (names[one.person], short_date(one.since), short_date(one.until) if one.until else "",
         names.get(one.deputy or "", ""))
        for one in found
    ]  # fmt: skip
    if rows:
        show_table(("personne", "du", "au", "remplacement"), rows)
    else:
        say("Aucune absence.")


def absence_data(absence: Any) -> dict[str, Any]:
    """Describe an absence."""
    return {
        "id": absence.id, "person": absence.person, "since": day(absence.since), "until": day(absence.until),
        "deputy": absence.deputy, "entered_at": instant(absence.entered_at), "entered_by": absence.entered_by,
        "reason": absence.reason,
    }  # fmt: skip


def _days(since: date, until: date | None) -> str:
    if until is None:
        return f"depuis le {long_date(since)}, jusqu’au retour"
    return f"le {long_date(since)}" if since == until else f"du {long_date(since)} au {long_date(until)}"


def transfer_command(
    person: Annotated[str, typer.Argument(metavar="PERSONNE", help="Qui suit les dossiers.")],
    to: Annotated[str, typer.Argument(metavar="PERSONNE", help="Qui les suivra.")],
    by: By,
    reason: Motive,
    establishment: InHouse = None,
    workflow: Annotated[
        str | None, typer.Option(metavar="PROGRAMME", help="Les dossiers de ce programme seulement.")
    ] = None,
    database: Database = HERE,
    now: Now = None,
    as_json: Json = False,
) -> None:
    """Confier à une personne tous les dossiers en cours qu’une autre suit.

    Code de retour : 1 si des dossiers n’ont pas pu être confiés, 0 sinon.
    """
    with opened(database, now) as engine:
        with counting("Dossiers confiés", once_long=True) as told:
            found = engine.people.transfer(
                person, to, by=by, reason=reason, establishment=establishment, workflow=workflow, told=told
            )
        names = names_of(engine)
        houses = {house.id: house.name for house in engine.establishments.list()}
    if as_json:
        show_json(transfer_data(found))
    else:
        for line in transfer_lines(found, names, houses):
            say(line)
    if found.kept:
        raise typer.Exit(1)


def transfer_data(found: Any) -> dict[str, Any]:
    """Describe a transfer."""
    return {
        "person": found.person, "to": found.to, "cases": list(found.cases), "notices": found.notices,
        "kept": [
            {
                "establishment": one.establishment, "workflow": one.workflow, "cases": list(one.cases),
                "reason": {"code": one.reason.code, "data": dict(one.reason.data), "text": reason_words(one.reason)},
            }
            for one in found.kept
        ],
    }  # fmt: skip


def transfer_lines(found: Any, names: Mapping[str, str], houses: Mapping[str, str]) -> Iterator[str]:
    """Tell what was handed over, the messages that follow, and what was not."""
    old, new = names[found.person], names[found.to]
    if not found.cases and not found.kept:
        yield f"{old} ne suit aucun dossier en cours dans vos établissements."
        return
    handed = (
        plural(len(found.cases), "dossier confié", "dossiers confiés")
        if found.cases
        else "Aucun dossier confié"
    )
    yield f"{handed} à {new} ({found.to}), à la place de {old} ({found.person})."
    if found.notices:
        yield f"{plural(found.notices, 'message en attente ira', 'messages en attente iront')} à {new}."
    for one in found.kept:
        numbers = listed((f"D-{number:04d}" for number in one.cases), most=MOST)
        house = houses.get(one.establishment, one.establishment)
        yield f"Non confiés, {quoted(one.workflow)} à {house}, {numbers} : {reason_words(one.reason)}"
