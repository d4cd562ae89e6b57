"""The commands put together. A module of commands is named here and nowhere else."""

from typing import Annotated, Any

import typer

from . import commands_check, commands_dates, commands_demo, commands_workflows
from .help import Group
from .output import say

CONTEXT: dict[str, Any] = {"help_option_names": ["-h", "--help"], "max_content_width": 80}


def build() -> Any:
    """Build the command that `main` runs."""
    app = typer.Typer(
        cls=Group, add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False, context_settings=CONTEXT
    )  # fmt: skip
    app.callback(invoke_without_command=True)(_root)
    for module in (commands_dates, commands_check, commands_demo, commands_workflows):
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
