"""`jalon document`, `correct` and `assign`: the papers of a case, what is put right, who follows it."""

from typing import Annotated

import typer

from .. import ActionRefused, Reason
from .commands_acts import acting_on, tell_step
from .engines import opened
from .given import in_words_of as dated
from .given import read_facts
from .help import Command
from .options import HERE, By, CaseNumber, Database, Facts, FactsFile, Json, Key, Motive, Now, Revision
from .output import say
from .reading import read_day, read_number
from .telling import teller
from .telling_case import paper_words


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("document", cls=Command)(document_command)
    app.command("correct", cls=Command)(correct_command)
    app.command("assign", cls=Command)(assign_command)


def document_command(
    case: CaseNumber,
    kinds: Annotated[
        list[str],
        typer.Argument(metavar="PIÈCE", help="Son nom, par exemple avis_imposition ; plusieurs à la fois."),
    ],
    by: By,
    received: Annotated[
        str | None, typer.Option(metavar="DATE", help="Reçue ce jour-là ; sinon aujourd’hui.")
    ] = None,
    valid_until: Annotated[str | None, typer.Option(metavar="DATE", help="Valable jusqu’à ce jour.")] = None,
    signed: Annotated[str | None, typer.Option(metavar="DATE", help="Signée ce jour-là.")] = None,
    not_applicable: Annotated[
        str | None, typer.Option(metavar="MOTIF", help="La pièce n’a pas à être fournie, et pourquoi.")
    ] = None,
    database: Database = HERE,
    now: Now = None,
) -> None:
    """Noter une pièce reçue, ou pourquoi elle n’a pas à l’être."""
    days = {
        "received_on": read_day(received, "received_on"), "valid_until": read_day(valid_until, "valid_until"),
        "signed_on": read_day(signed, "signed_on"),
    }  # fmt: skip
    with opened(database, now) as engine, acting_on(engine, case, by) as (known, told):
        unknown = [kind for kind in kinds if kind not in told.workflow.documents]
        if unknown:  # before the first is kept: all or none
            names = ", ".join(told.workflow.documents)
            raise ActionRefused(
                "document",
                [Reason("document_unknown", {"document": kind, "known": names}) for kind in unknown],
            )
        for kind in kinds:
            found = engine.cases.document(known.id, kind, by=by, not_applicable=not_applicable, **days)
            label = told.workflow.documents[kind].label
            say(f"{known.number} : {label} ({kind}), {paper_words(found, told.today)}.")


def correct_command(
    case: CaseNumber,
    by: By,
    reason: Motive,
    fact: Facts = None,
    facts: FactsFile = None,
    on: Annotated[
        str | None,
        typer.Option(metavar="DATE", help="Le bon jour de l’acte, à la place de celui qui est noté."),
    ] = None,
    act: Annotated[
        str | None,
        typer.Option(metavar="LIGNE", help="L’acte : sa ligne dans l’historique ; sinon le dernier."),
    ] = None,
    revision: Revision = None,
    key: Key = None,
    database: Database = HERE,
    now: Now = None,
    as_json: Json = False,
) -> None:
    """Rectifier une donnée, ou le jour d’un acte.

    Les dates qui en dépendent suivent. Un acte n’est jamais effacé : la rectification est une ligne de plus dans
    l’historique, avec son motif.
    """
    given, day = read_facts(fact, facts), read_day(on, "on")
    line = read_number(act, "act")
    seen = read_number(revision, "revision")
    with opened(database, now) as engine, acting_on(engine, case, by) as (before, told):
        after = engine.cases.correct(
            before.id,
            dated(told.workflow, given),
            by=by,
            reason=reason,
            on=day,
            act=line,
            revision=seen,
            key=key,
        )
        tell_step(engine, after, before.seq, as_json=as_json, by=by)


def assign_command(
    case: CaseNumber,
    person: Annotated[str, typer.Argument(metavar="PERSONNE", help="Qui le suivra.")],
    by: By,
    reason: Annotated[
        str | None, typer.Option(metavar="MOTIF", help="Pourquoi ; gardé dans l’historique.")
    ] = None,
    database: Database = HERE,
    now: Now = None,
) -> None:
    """Confier un dossier à une personne.

    Les rappels de la fonction qui le suit lui vont, ceux qui attendent aussi ; l’historique le dit.
    """
    with opened(database, now) as engine, acting_on(engine, case, by) as (known, _):
        found = engine.cases.assign(known.id, person, by=by, reason=reason)
        say(
            f"{found.number} est suivi par {teller(engine, found).person(found.referent)} ({found.referent})."
        )
