"""`jalon people` and `jalon role`: who acts, and what they may do in which establishment."""

from collections.abc import Iterable
from typing import Annotated, Any

import typer

from .. import Engine
from . import commands_away
from .commands_establishments import houses_of
from .engines import opened
from .french import listed, plural, quoted
from .help import Command, Group
from .options import HERE, Database, House, Json, Seen
from .output import complain, say, show_json, show_table

PersonName = Annotated[str, typer.Argument(metavar="PERSONNE", help="Son identifiant, par exemple claire.")]
RoleName = Annotated[
    str, typer.Argument(metavar="FONCTION", help="Une fonction du programme (jalon workflows show).")
]


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    people = typer.Typer(
        cls=Group, rich_markup_mode=None, no_args_is_help=True, help="Les personnes qui agissent."
    )
    people.command("add", cls=Command)(add_command)
    people.command("list", cls=Command)(list_command)
    commands_away.register(people)
    role = typer.Typer(cls=Group, rich_markup_mode=None, no_args_is_help=True, help="Qui fait quoi, et où.")
    role.command("add", cls=Command)(grant_command)
    role.command("remove", cls=Command)(revoke_command)
    app.add_typer(people, name="people")
    app.add_typer(role, name="role")


def add_command(
    name: PersonName,
    label: Annotated[str | None, typer.Option("--name", metavar="NOM", help="Son nom.")] = None,
    email: Annotated[str | None, typer.Option(metavar="ADRESSE", help="Son adresse e-mail.")] = None,
    language: Annotated[str | None, typer.Option(metavar="LANGUE", help="fr si rien n’est dit.")] = None,
    consent: Annotated[
        bool | None, typer.Option("--consent/--no-consent", help="Accepte ou non qu’on lui écrive.")
    ] = None,
    active: Annotated[
        bool | None, typer.Option("--active/--inactive", help="Peut encore agir, ou non.")
    ] = None,
    database: Database = HERE,
) -> None:
    """Ajouter une personne, ou changer ce que l’on en dit."""
    given = {"name": label, "address": email, "language": language, "consent": consent, "active": active}
    with opened(database) as engine:
        before = next((one for one in engine.people.list() if one.id == name), None)
        kept = {key: getattr(before, key) for key in given} if before else {}
        wanted = {**kept, **{key: value for key, value in given.items() if value is not None}}
        person = engine.people.add(name, **wanted)
    notes = [] if person.address else ["sans adresse : ses messages seront à remettre sur papier"]
    notes += [] if person.consent else ["ne veut pas de courriel"]
    notes += [] if person.active else ["n’agit plus"]
    if person.following:
        left = plural(person.following, "dossier en cours", "dossiers en cours")
        notes.append(f"suit encore {left}, à confier avec jalon people transfer")
    note = f", {' ; '.join(notes)}" if notes else ""
    say(f"Personne {'modifiée' if before else 'ajoutée'} : {person.name} ({person.id}){note}.")


def list_command(by: Seen = None, database: Database = HERE, as_json: Json = False) -> None:
    """Lister les personnes et leurs fonctions."""
    with opened(database) as engine:
        seen = houses_of(engine, by)
        people = [one for one in engine.people.list() if seen is None or seen & set(one.roles or {})]
    if as_json:
        show_json([_as_data(one, seen) for one in people])
        return
    rows = [(one.id, one.name, one.address or "", _roles(one, seen), _notes(one)) for one in people]
    show_table(("identifiant", "nom", "e-mail", "fonctions", ""), rows)


def _held(person: Any, seen: frozenset[str] | None) -> dict[str, list[str]]:
    roles = person.roles or {}
    return {house: list(held) for house, held in sorted(roles.items()) if seen is None or house in seen}


def _roles(person: Any, seen: frozenset[str] | None) -> str:
    return " ; ".join(f"{house} : {', '.join(held)}" for house, held in _held(person, seen).items())


def _notes(person: Any) -> str:
    return listed(
        [*([] if person.consent else ["sans courriel"]), *([] if person.active else ["n’agit plus"])]
    )


def _as_data(person: Any, seen: frozenset[str] | None) -> dict[str, Any]:
    return {
        "id": person.id, "name": person.name, "email": person.address, "language": person.language,
        "consent": person.consent, "active": person.active, "roles": _held(person, seen),
    }  # fmt: skip


def grant_command(name: PersonName, role: RoleName, establishment: House, database: Database = HERE) -> None:
    """Donner une fonction à une personne dans un établissement."""
    with opened(database) as engine:
        engine.people.grant(name, role, establishment)
        say(f"{name} a la fonction {quoted(role)} dans {establishment}.")
        known = known_roles(engine)
        if known and role not in known:
            complain(
                f"Attention : aucun programme enregistré ne connaît {quoted(role)}. Fonctions : {_all(known)}."
            )


def revoke_command(name: PersonName, role: RoleName, establishment: House, database: Database = HERE) -> None:
    """Retirer une fonction à une personne dans un établissement."""
    with opened(database) as engine:
        engine.people.revoke(name, role, establishment)
        say(f"{name} n’a plus la fonction {quoted(role)} dans {establishment}.")


def known_roles(engine: Engine) -> frozenset[str]:
    """Name every role that people may hold in a workflow of the database."""
    workflows = [engine.workflows.get(one.workflow, one.version) for one in engine.workflows.list()]
    return frozenset(
        name for workflow in workflows for name, role in workflow.roles.items() if role.kind != "household"
    )


def _all(names: Iterable[str]) -> str:
    return listed(sorted(names), most=None)
