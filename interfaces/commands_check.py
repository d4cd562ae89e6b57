"""`jalon check`: every fault of a document, each where it stands; no database."""

from typing import Annotated, Any

import typer

from .. import InputError
from .french import plural
from .help import Command
from .options import Json, Templates
from .output import say, show_json

Checked = tuple[str, Any, list[Any]]
"""What was checked, its workflow if it is one that can be read, and its problems."""


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("check", cls=Command)(check_command)


def check_command(
    files: Annotated[
        list[str] | None,
        typer.Argument(metavar="[FICHIER...]", help="Des documents ; sans fichier, les programmes livrés."),
    ] = None,
    templates: Templates = None,
    as_json: Json = False,
) -> None:
    """Contrôler des programmes : chaque faute à sa ligne.

    Code de retour : 0 s’il n’y a aucun problème, 1 sinon.
    """
    from ..engine.documents import catalogue, check_document, check_templates

    if templates is not None and not templates.is_dir():
        raise InputError("not a folder", argument="templates", value=str(templates), problem="folder")
    sources = files or list(catalogue())
    found: list[Checked] = [(source, *check_document(source, templates)) for source in sources]
    if templates is not None:
        named = {key for _, workflow, _ in found if workflow is not None for key in workflow.notices}
        found += [(file, None, problems) for file, problems in check_templates(templates, named).items()]
    if as_json:
        show_json({"documents": [_as_data(*one) for one in found]})
    else:
        _tell(found)
    if any(problems for _, _, problems in found):
        raise typer.Exit(1)


def _tell(found: list[Checked]) -> None:
    faulty = [problems for _, _, problems in found if problems]
    for problems in faulty:
        for problem in problems:
            say(str(problem))
    if not faulty:
        say(f"{_documents(len(found))}, aucun problème.")
        return
    count = plural(sum(map(len, faulty)), "problème", "problèmes")
    where = "." if len(found) == 1 else f", dans {len(faulty)} sur {len(found)}."
    say(f"{_documents(len(found))}, {count}{where}")


def _documents(count: int) -> str:
    return plural(count, "document contrôlé", "documents contrôlés")


def _as_data(source: str, workflow: Any, problems: list[Any]) -> dict[str, Any]:
    return {
        "source": source,
        "workflow": workflow.workflow if workflow else None,
        "version": workflow.version if workflow else None,
        "problems": [
            {
                "file": problem.file, "line": problem.line, "column": problem.column,
                "code": problem.code, "text": problem.text,
            }
            for problem in problems
        ],
    }  # fmt: skip
