"""The commands put together. A module of commands is named here and nowhere else."""

from typing import Annotated, Any

import typer

from . import (
    commands_acts,
    commands_cases,
    commands_check,
    commands_dates,
    commands_db,
    commands_demo,
    commands_establishments,
    commands_files,
    commands_outbox,
    commands_passes,
    commands_pending,
    commands_people,
    commands_why,
    commands_workflows,
)
from .help import Group
from .output import say

MODULES = (
    commands_demo,
    commands_db,
    commands_establishments,
    commands_people,
    commands_workflows,
    commands_acts,
    commands_files,
    commands_cases,
    commands_why,
    commands_pending,
    commands_passes,
    commands_outbox,
    commands_check,
    commands_dates,
)
"""In the order of the help page: set up, act, read, run, then what needs no database."""

CONTEXT: dict[str, Any] = {"help_option_names": ["-h", "--help"], "max_content_width": 80}


def build() -> Any:
    """Build the command that `main` runs."""
    app = typer.Typer(
        cls=Group, add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False, context_settings=CONTEXT
    )  # fmt: skip
    app.callback(invoke_without_command=True)(_root)
    for module in MODULES:
        module.register(app)
    return typer.main.get_command(app)


def _root(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Afficher la version de jalon.")] = False,
) -> None:
    """Suivre des dossiers d’admission et d’accompagnement : dates, actes, rappels.

    Les options se placent après la commande. Code de retour : 0 fait, 1 refusé ou en échec, 2 commande mal écrite.
    """
    if version:
        _show_version()
    elif context.invoked_subcommand is None:
        say(context.get_help())


def _show_version() -> None:
    from importlib.metadata import version

    say(f"jalon {version('jalon')}")
