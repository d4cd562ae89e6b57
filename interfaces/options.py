"""Options that several commands share, written once."""

from pathlib import Path
from typing import Annotated

import typer

Json = Annotated[bool, typer.Option("--json", help="Écrire du JSON, pour un programme.")]
Zone = Annotated[
    str,
    typer.Option(
        "--zone", "--calendar", metavar="ZONE", help="Jours fériés : metropole, la-reunion, mayotte…"
    ),
]
Templates = Annotated[
    Path | None,
    typer.Option("--templates", metavar="DOSSIER", help="Les modèles de messages de la maison."),
]
Output = Annotated[
    Path | None,
    typer.Option("--output", "-o", metavar="FICHIER", help="Écrire dans ce fichier plutôt qu’à l’écran."),
]
