"""`jalon outbox`: the messages, what became of each, what can still be done."""

from collections.abc import Iterator
from typing import Annotated, Any

import typer

from .. import Case, Engine, InputError
from ..engine.acts import case_number
from .data import notice_data
from .engines import Mail, opened
from .help import Command, Group
from .options import HERE, By, Database, InHouse, Json, Limit, Link, Motive, Now, Seen, Templates
from .output import say, show_json, show_table
from .reading import read_limit, read_whole
from .telling import STATUSES, Teller, fate, recipient, subjects, teller

Number = Annotated[str, typer.Argument(metavar="MESSAGE", help="Son numéro.")]


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    group = typer.Typer(cls=Group, rich_markup_mode=None)
    group.callback(invoke_without_command=True)(outbox_command)
    group.command("show", cls=Command)(show_command)
    group.command("retry", cls=Command)(retry_command)
    group.command("handed", cls=Command)(handed_command)
    group.command("drop", cls=Command)(drop_command)
    app.add_typer(group, name="outbox")


def outbox_command(
    context: typer.Context,
    case: Annotated[str | None, typer.Option(metavar="DOSSIER", help="Ce dossier seulement.")] = None,
    status: Annotated[
        list[str] | None, typer.Option(metavar="ÉTAT", help=f"Un état : {', '.join(STATUSES)} ; répétable.")
    ] = None,
    establishment: InHouse = None,
    limit: Limit = None,
    by: Seen = None,
    database: Database = HERE,
    now: Now = None,
    as_json: Json = False,
) -> None:
    """Lister les messages et ce que chacun est devenu."""
    if context.invoked_subcommand is not None:
        return
    wrong = next((one for one in status or () if one not in STATUSES), None)
    if wrong is not None:
        raise InputError("no such status", argument="status", value=wrong[:80], problem="status")
    most, number = read_limit(limit), None if case is None else case_number(case)
    with opened(database, now) as engine:
        if number is not None:
            engine.cases.get(number, by=by)
        found = engine.notices.outbox(
            by=by, establishment=establishment, case=number, status=tuple(status or ()), limit=most
        )
        if as_json:
            show_json([notice_data(one) for one in found])
        elif found:
            show_table(("n°", "dossier", "objet", "pour", "état"), _rows(engine, found))
        else:
            say("Aucun message.")


def _rows(engine: Engine, found: Any) -> Iterator[tuple[str, ...]]:
    tellers: dict[int, Teller] = {}
    known = subjects(engine, found)
    for one in found:
        if one.case_id not in tellers:
            tellers[one.case_id] = teller(engine, _case(engine, one))
        told = tellers[one.case_id]
        what = one.subject or known.get(one.id) or one.template
        yield str(one.id), one.number, what, recipient(told, one), fate(told, one)


def _case(engine: Engine, notice: Any) -> Case:
    return engine.cases.get(notice.case_id)


def show_command(
    number: Number,
    by: Seen = None,
    database: Database = HERE,
    now: Now = None,
    link: Link = None,
    templates: Templates = None,
    as_json: Json = False,
) -> None:
    """Montrer un message tel qu’il est parti, ou tel qu’il partirait."""
    with opened(database, now, Mail(link=link, templates=templates)) as engine:
        notice = engine.notices.explain(read_whole(number, "notice"), by=by)
        told = teller(engine, _case(engine, notice))
        read = engine.notices.read(notice.id, by=by)
    if as_json:
        unwritten = notice.status == "dropped" and notice.subject is None
        text = {"subject": None, "text": None} if unwritten else {"subject": read.subject, "text": read.text}
        show_json({**notice_data(notice), **text})
        return
    say(f"Pour : {recipient(told, notice)}")
    say(f"État : {fate(told, notice)}")
    if notice.status == "dropped" and notice.subject is None:
        say("Il n’a jamais été écrit.")
        return
    say(f"Objet : {read.subject}")
    say()
    for line in read.text.splitlines():
        say(line)


def retry_command(number: Number, by: Seen = None, database: Database = HERE, now: Now = None) -> None:
    """Laisser repartir un message en échec ou refusé."""
    with opened(database, now) as engine:
        notice = engine.notices.retry(read_whole(number, "notice"), by=by)
        told = teller(engine, _case(engine, notice))
        say(f"Message n° {notice.id} : {fate(told, notice)}.")


def handed_command(number: Number, by: By, database: Database = HERE, now: Now = None) -> None:
    """Noter qu’un message sur papier a été remis."""
    with opened(database, now) as engine:
        notice = engine.notices.handed_over(read_whole(number, "notice"), by=by)
        told = teller(engine, _case(engine, notice))
        say(f"Message n° {notice.id} : {fate(told, notice)}.")


def drop_command(number: Number, by: By, reason: Motive, database: Database = HERE, now: Now = None) -> None:
    """Noter qu’un message sur papier n’a plus d’objet : l’historique garde qui l’a dit, et pourquoi."""
    with opened(database, now) as engine:
        notice = engine.notices.drop(read_whole(number, "notice"), by=by, reason=reason)
        told = teller(engine, _case(engine, notice))
        say(f"Message n° {notice.id} : {fate(told, notice)}.")
