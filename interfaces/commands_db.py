"""`jalon db`: the database made, brought up to date, verified."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from .. import Engine, NotInitialised, TooRecent
from .engines import opened, unopened
from .french import plural
from .help import Command, Group
from .options import HERE, Database, Json
from .output import complain, say, show_json, write_file
from .reading_anchor import read_anchor

STATUSES = {
    "missing": "Il n’y a pas encore de base jalon à cet endroit : créez-la avec « jalon db init ».",
    "older": "La base vient d’une version plus ancienne de jalon : mettez-la à niveau avec « jalon db upgrade ».",
    "newer": "La base vient d’une version plus récente de jalon : installez cette version pour l’ouvrir.",
    "current": "La base est à jour.",
}
FAULTS = {
    "case_missing": "le dossier n’existe plus",
    "unreadable": "une ligne n’est plus lisible",
    "line_missing": "la ligne {seq} de l’historique manque",
    "digest": "la ligne {seq} de l’historique n’est plus telle qu’elle a été écrite",
    "value": "une valeur gardée avec la ligne {seq} n’est plus celle qui a été écrite",
    "anchor": "la ligne {seq} n’est pas celle qui avait été notée",
    "head": "la fin de l’historique, à la ligne {seq}, n’est plus celle que garde le dossier",
    "state": "l’état du dossier n’est pas celui que laisse son historique",
    "facts": "les données du dossier ne sont pas celles que laisse son historique",
    "revision": "la révision du dossier n’est pas celle que laisse son historique",
    "opened_on": "le jour d’ouverture du dossier n’est pas celui que dit son historique",
    "state_since": "le jour depuis lequel le dossier est dans son état n’est pas celui que dit son historique",
    "closed_on": "le jour de fermeture du dossier n’est pas celui que dit son historique",
    "establishment": "l’établissement du dossier n’est pas celui de ses échéances et de ses messages",
    "referent": "la personne qui suit le dossier n’est pas celle que dit son historique",
    "documents": "les pièces du dossier ne sont pas celles que dit son historique",
    "deadlines": "les échéances du dossier ne sont pas celles que dit son historique",
    "places": "les places que tient le dossier ne sont pas celles que dit son historique",
    "links": "les liens du dossier avec d’autres ne sont pas ceux que dit son historique",
    "people": "les personnes du dossier ne sont pas celles que dit son historique",
    "rungs": "les rappels du dossier ne sont pas ceux que veulent ses échéances et son historique",
    "notices": "les messages du dossier ne sont pas ceux que dit son historique",
}


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    group = typer.Typer(
        cls=Group, rich_markup_mode=None, no_args_is_help=True, help="La base : créer, vérifier."
    )
    group.command("init", cls=Command)(init_command)
    group.command("upgrade", cls=Command)(upgrade_command)
    group.command("verify", cls=Command)(verify_command)
    group.command("status", cls=Command)(status_command)
    app.add_typer(group, name="db")


def init_command(
    database: Database = HERE,
    sandbox: Annotated[
        bool, typer.Option("--sandbox", help="Un bac à sable : on y avance dans le temps avec --now.")
    ] = False,
) -> None:
    """Créer une base. Rien n’est fait si elle existe déjà."""
    with unopened(database) as engine:
        before = engine.status()
        if before == "newer":
            raise TooRecent
        if before == "older":
            say(STATUSES[before])
            raise typer.Exit(1)
        engine.upgrade(sandbox=sandbox)
        made = "Base créée" if before == "missing" else "La base existait déjà"
        kind = ", bac à sable" if engine.sandbox else ""
        say(f"{made}{kind} : {_where(database)}")


def upgrade_command(database: Database = HERE) -> None:
    """Mettre une base au niveau de cette version de jalon."""
    with unopened(database) as engine:
        before = engine.status()
        if before == "missing":
            raise NotInitialised
        engine.upgrade()
        say("La base était déjà à jour." if before == "current" else "La base est mise à niveau.")


def status_command(database: Database = HERE, as_json: Json = False) -> None:
    """Dire où en est la base. Code de retour : 0 si elle est à jour."""
    with unopened(database) as engine:
        status = engine.status()
        found = _described(engine) if status == "current" else {"sandbox": None, "workflows": []}
        if as_json:
            show_json({"status": status, **found})
        else:
            say(STATUSES[status])
            if found["sandbox"]:
                say("C’est un bac à sable : --now y est permis.")
            for one in found["workflows"]:
                say(f"  {one['title']} ({one['workflow']}, version {one['version']})")
    if status != "current":
        raise typer.Exit(1)


def _described(engine: Engine) -> dict[str, Any]:
    known = engine.workflows.list()
    return {
        "sandbox": engine.sandbox,
        "workflows": [
            {"workflow": one.workflow, "version": one.version, "title": one.title} for one in known
        ],
    }


def verify_command(
    database: Database = HERE,
    anchor: Annotated[
        str | None,
        typer.Option(
            metavar="EMPREINTE", help="L’empreinte notée ailleurs, ou le fichier de --write-anchor."
        ),
    ] = None,
    write_anchor: Annotated[
        Path | None, typer.Option(metavar="FICHIER", help="Noter l’état de chaque dossier dans ce fichier.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Relire chaque historique, et ce qui est gardé de chaque dossier.

    Code de retour : 1 si l’un d’eux a été modifié, ou si l’empreinte n’est pas celle donnée.
    """
    digest, heads = read_anchor(anchor)
    with opened(database) as engine:
        found = engine.verify(heads)
    other = digest is not None and digest != found.digest
    if as_json:
        show_json(_verified(found, other=other))
    else:
        _tell(found, other=other)
    if other or not found.sound:
        raise typer.Exit(1)
    if write_anchor is not None:
        _note(write_anchor, found.heads)


def _verified(found: Any, *, other: bool) -> dict[str, Any]:
    return {
        "sound": found.sound and not other, "digest": found.digest, "cases": found.cases, "events": found.events,
        "erased": found.erased, "digest_matches": not other,
        "faults": [
            {"case": fault.case_id, "line": fault.seq, "code": fault.what, "text": fault_words(fault)}
            for fault in found.faults
        ],
    }  # fmt: skip


def _tell(found: Any, *, other: bool) -> None:
    say(
        f"{plural(found.cases, 'dossier', 'dossiers')}, {plural(found.events, 'ligne', 'lignes')} d’historique."
    )
    if found.erased:
        say(f"{plural(found.erased, 'valeur effacée', 'valeurs effacées')} : l’historique tient sans elles.")
    say(f"Empreinte : {found.digest}")
    for fault in found.faults:
        complain(f"D-{fault.case_id:04d} : {fault_words(fault)}.")
    if other:
        complain("L’empreinte n’est pas celle qui est donnée : la base a changé depuis, ou a été modifiée.")
    if found.sound and not other:
        say(
            "Relus : chaque historique, puis ce qui est gardé de chaque dossier : l’état, les données, les jours,"
        )
        say(
            "qui le suit, les pièces, les échéances, les rappels, les messages, les places, les liens, les personnes."
        )
        say("Tout est tel qu’il a été écrit.")


def fault_words(fault: Any) -> str:
    """Say what is wrong with a history."""
    return FAULTS.get(fault.what, str(fault.what)).format(seq=fault.seq)


def _note(path: Path, heads: Mapping[int, tuple[int, str]]) -> None:
    lines = [f"{case} {seq} {head}\n" for case, (seq, head) in sorted(heads.items())]
    write_file(path, "".join(lines))
    complain(f"Noté : {path}")


def _where(database: str) -> str:
    """Name a database; a URL may hold a password and is not repeated."""
    return "PostgreSQL" if "://" in database and not database.startswith("sqlite") else database
