"""`jalon demo`: eighteen months in four houses, played before the reader's eyes, in a sandbox to keep."""

import os
import shutil
import sys
from pathlib import Path
from typing import Annotated

import typer

from .. import Engine, InputError
from ..dates import long_date
from .demo import days, furnish, play
from .demo_houses import HOMES
from .demo_stories import FIRST_DAY, LAST_DAY, TALES
from .french import plural
from .help import Command
from .output import complain, say
from .progress import bar
from .telling_demo import messages, occupancy, timeline, worklists

SUGGESTED = (
    "pending --referent claire", "places -e lits", "places -e lits --on 2027-03-20", "history D-0002",
    "why D-0002 renouveler --by colette", "options D-0001 --by gaston",
)  # fmt: skip


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("demo", cls=Command)(_demo)


def _demo(
    folder: Annotated[
        Path, typer.Option("--folder", metavar="DOSSIER", help="Où écrire la base et les courriels.")
    ] = Path("demo"),
    everything: Annotated[
        bool, typer.Option("--all", help="Dire tout : les visites, les pièces, chaque date fixée ou tenue.")
    ] = False,
) -> None:
    """Jouer dix-huit mois de quatre établissements, jour par jour, dans un bac à sable que l’on garde.

    Écrit DOSSIER/jalon.db et DOSSIER/courriels (un Maildir). Une démonstration précédente est rangée à côté.
    """
    _set_aside(folder)
    engine, clock = furnish(folder)
    say(
        f"Quatre établissements, {plural(len(TALES), 'personne ou ménage', 'personnes et ménages')} inventés, du "
        f"{long_date(FIRST_DAY)} au {long_date(LAST_DAY)}, joués jour par jour par le vrai moteur."
    )
    say("Signes : + date fixée, > déplacée, v tenue, x manquée, - sans objet, ! avertissement.")
    with bar("Les jours passent", len(days())) as moved:
        play(engine, clock, lambda: moved(1) if moved is not None else None)
    for home in HOMES:
        say()
        say(f"━━ {home.name}")
        for line in timeline(engine, home, everything=everything):
            say(line)
    _closing(engine, folder)
    engine.close()


def _set_aside(folder: Path) -> None:
    """Keep what an earlier demonstration left: nothing of the user's is overwritten."""
    made = [path for path in folder.glob("*") if path.name == "courriels" or path.name.startswith("jalon.db")]
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if made:
            number = 1 + sum(1 for _ in folder.glob("ancienne-*"))
            kept = folder / f"ancienne-{number}"
            kept.mkdir(mode=0o700)
            for path in made:
                shutil.move(path, kept / path.name)
            complain(f"La démonstration précédente est gardée dans {kept}.")
    except OSError as error:
        raise InputError(
            f"cannot write {folder}", argument="folder", value=str(folder), problem="write", errno=error.errno
        ) from error


# -- what is left


def _closing(engine: Engine, folder: Path) -> None:
    say()
    say(f"━━ Le {long_date(LAST_DAY)}")
    say()
    say("Places prises, au premier de chaque mois :")
    for home in HOMES:
        for line in occupancy(engine, home):
            say(f"  {home.name:<26} {line}")
    for line in worklists(engine):
        say(line)
    say()
    for line in messages(engine):
        say(line)
    base, now = folder / "jalon.db", LAST_DAY.isoformat()
    say()
    say(f"La base est {base}, les courriels sont dans {folder / 'courriels'}. Pour continuer :")
    say(f"  export JALON_DATABASE={base}")
    for words in SUGGESTED:
        say(f"  {_program()} {words} --now {now}")


def _program() -> str:
    """Name this program as it can be typed here: `make demo` runs it from an environment that is not on the path."""
    own = Path(sys.executable).parent / "jalon"
    found = shutil.which("jalon")
    if found is not None and Path(found).resolve() == own.resolve():
        return "jalon"
    return os.path.relpath(own) if own.exists() else "python -m jalon"
