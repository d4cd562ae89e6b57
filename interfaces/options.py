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
    typer.Option(
        "--templates",
        metavar="DOSSIER",
        envvar="JALON_TEMPLATES",
        help="Les modèles de messages de la maison.",
    ),
]
Output = Annotated[
    Path | None,
    typer.Option("--output", "-o", metavar="FICHIER", help="Écrire dans ce fichier plutôt qu’à l’écran."),
]

# -- of the commands that work on a database

HERE = "jalon.db"
DATABASE = "JALON_DATABASE"

Database = Annotated[
    str,
    typer.Option(
        "--database", "-d", metavar="BASE", envvar=DATABASE, help="Un fichier, ou postgresql://serveur/nom."
    ),
]
Now = Annotated[
    str | None,
    typer.Option(metavar="INSTANT", help="Faire comme si l’on était ce jour-là (bac à sable seulement)."),
]
By = Annotated[
    str, typer.Option("--by", metavar="PERSONNE", envvar="JALON_BY", help="Au nom de qui la commande est passée.")
]  # fmt: skip
Seen = Annotated[
    str | None,
    typer.Option("--by", metavar="PERSONNE", envvar="JALON_BY", help="Ne montrer que ses établissements."),
]
House = Annotated[
    str, typer.Option("--establishment", "-e", metavar="ÉTABLISSEMENT", help="L’établissement.")
]
InHouse = Annotated[
    str | None,
    typer.Option("--establishment", "-e", metavar="ÉTABLISSEMENT", help="Cet établissement seulement."),
]
Limit = Annotated[str | None, typer.Option(metavar="N", help="Au plus N.")]

CaseNumber = Annotated[str, typer.Argument(metavar="DOSSIER", help="Son numéro : 1 ou D-0001.")]
Action = Annotated[
    str, typer.Argument(metavar="ACTE", help="Son nom, par exemple contacter (voir jalon options).")
]
Facts = Annotated[
    list[str] | None,
    typer.Option("--fact", "-f", metavar="NOM=VALEUR", help="Une donnée de l’acte ; répétable."),
]
FactsFile = Annotated[
    str | None,
    typer.Option("--facts", metavar="FICHIER", help="Des données en JSON ; - lit l’entrée standard."),
]
On = Annotated[
    str | None, typer.Option("--on", metavar="DATE", help="Le jour où l’acte a pris effet, s’il est passé.")
]
Motive = Annotated[
    str,
    typer.Option("--reason", metavar="MOTIF", help="Pourquoi : le motif est gardé dans l’historique."),
]
Revision = Annotated[
    str | None,
    typer.Option(metavar="N", help="Refuser si le dossier a changé depuis cette révision."),
]
Key = Annotated[
    str | None,
    typer.Option("--key", metavar="CLÉ", help="Une clé : la commande répétée n’est faite qu’une fois."),
]

# -- of the commands that send

Smtp = Annotated[
    str | None,
    typer.Option(
        "--smtp", metavar="ADRESSE", envvar="JALON_SMTP", help="smtp://serveur:port, smtps://… ou maildir:dossier."
    ),
]  # fmt: skip
Sender = Annotated[
    str | None,
    typer.Option("--sender", metavar="ADRESSE", envvar="JALON_SENDER", help="L’adresse d’expédition."),
]
Link = Annotated[
    str | None,
    typer.Option("--link", metavar="URL", envvar="JALON_LINK", help="Le début des liens vers les dossiers."),
]
