"""`jalon workflows`: the programmes, listed, shown, drawn, kept in a database; their language as a JSON Schema.

Only `add` needs a database.
"""

from pathlib import Path
from typing import Annotated

import typer

from .describing import lines
from .engines import Mail, opened
from .help import Command, Group
from .options import HERE, Database, Json, Output, Templates
from .output import say, show_json, show_table, write_file

Source = Annotated[
    str,
    typer.Argument(metavar="PROGRAMME", help="Un fichier, ou le nom d’un programme livré (jalon workflows)."),
]


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.add_typer(workflows_group(), name="workflows")


def workflows_group() -> typer.Typer:
    """Build the group of commands about programmes."""
    group = typer.Typer(cls=Group, rich_markup_mode=None)
    group.callback(invoke_without_command=True)(workflows_command)
    group.command("add", cls=Command)(add_command)
    group.command("show", cls=Command)(show_command)
    group.command("diagram", cls=Command)(diagram_command)
    group.command("schema", cls=Command)(schema_command)
    return group


def workflows_command(context: typer.Context, as_json: Json = False) -> None:
    """Lister les programmes livrés ; les montrer, les dessiner."""
    if context.invoked_subcommand is not None:
        return
    from ..engine.documents import catalogue, load

    found = [load(name) for name in catalogue()]
    if as_json:
        show_json([{"workflow": one.workflow, "version": one.version, "title": one.title} for one in found])
    else:
        rows = [(one.workflow, str(one.version), one.title) for one in found]
        show_table(("programme", "version", "titre"), rows)


def add_command(source: Source, database: Database = HERE, templates: Templates = None) -> None:
    """Enregistrer un programme dans la base, une fois contrôlé.

    Un dossier garde la version avec laquelle il a été ouvert : un contenu changé demande une nouvelle version.
    """
    from .. import DefinitionError
    from ..engine.documents import check_document

    with opened(database, None, Mail(templates=templates)) as engine:
        workflow, problems = check_document(source, templates)
        if problems or workflow is None:
            raise DefinitionError(problems)
        known = {(one.workflow, one.version) for one in engine.workflows.list()}
        found = engine.workflows.register(workflow)
        before = (found.workflow, found.version) in known
        done = "Déjà enregistré, sans changement" if before else "Enregistré"
        say(f"{done} : {found.title} ({found.workflow}, version {found.version}).")


def show_command(source: Source, as_json: Json = False) -> None:
    """Montrer un programme : états, actes, échéances, réglages."""
    from ..engine.documents import describe, load

    described = describe(load(source), source)
    if as_json:
        show_json(described)
        return
    for line in lines(described):
        say(line)


def diagram_command(
    source: Source,
    form: Annotated[str, typer.Option("--format", metavar="FORMAT", help="mermaid ou svg.")] = "mermaid",
    output: Output = None,
) -> None:
    """Dessiner un programme : ses états et ses actes."""
    from .. import InputError
    from ..engine.documents import load, mermaid, svg

    drawers = {"mermaid": mermaid, "svg": svg}
    if form not in drawers:
        raise InputError("no such format", argument="format", value=form, problem="unknown")
    _give(drawers[form](load(source)), output)


def schema_command(output: Output = None) -> None:
    """Donner le schéma JSON du langage, pour un éditeur."""
    import json

    from ..engine.documents import schema

    _give(json.dumps(schema(), ensure_ascii=False, indent=2), output)


def _give(text: str, output: Path | None) -> None:
    """Print a whole text as it is, or write it to a file and say so."""
    whole = text if text.endswith("\n") else f"{text}\n"
    if output is None:
        typer.echo(whole, nl=False)
        return
    write_file(output, whole)
    say(f"Écrit : {output}")
