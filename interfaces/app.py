"""The commands put together. A module of commands is named here and nowhere else."""

from importlib import import_module
from typing import Annotated, Any

import typer

from .help import Group
from .output import say

CONTEXT: dict[str, Any] = {"help_option_names": ["-h", "--help"], "max_content_width": 80}

MODULES = {
    "commands_demo": ("demo",),
    "commands_db": ("db",),
    "commands_establishments": ("establishment",),
    "commands_people": ("people", "role"),
    "commands_workflows": ("workflows",),
    "commands_acts": ("open", "options", "preview", "perform"),
    "commands_files": ("document", "correct", "assign"),
    "commands_postpone": ("postpone",),
    "commands_annul": ("annul",),
    "commands_cases": ("show", "history", "find"),
    "commands_links": ("link", "unlink"),
    "commands_meetings": ("meeting", "meetings"),
    "commands_places": ("places",),
    "commands_why": ("why",),
    "commands_pending": ("pending",),
    "commands_forecast": ("forecast",),
    "commands_agenda": ("agenda",),
    "commands_passes": ("tick", "deliver", "worker"),
    "commands_outbox": ("outbox",),
    "commands_check": ("check",),
    "commands_scenario": ("scenario",),
    "commands_simulate": ("simulate",),
    "commands_dates": ("date", "holidays"),
}
"""Each module of commands and what it registers, in the order of the help page."""


def build(command: str | None = None) -> Any:
    """Build what `main` runs: with the module of one command where it is known, so that no other is loaded."""
    app = typer.Typer(
        cls=Group, add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False, context_settings=CONTEXT
    )  # fmt: skip
    app.callback(invoke_without_command=True)(_root)
    for module in [name for name, commands in MODULES.items() if command in commands] or MODULES:
        import_module(f".{module}", __package__).register(app)
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
