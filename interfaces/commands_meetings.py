"""`jalon meeting` and `jalon meetings`: a session held from the command line, one point at a time."""

from collections.abc import Sequence
from typing import Annotated, Any

import typer

from .. import Case, Engine
from ..engine.acts import case_number
from .commands_acts import acting_on, tell_step
from .engines import opened
from .given import in_words_of as dated
from .given import read_facts
from .help import Command, Group
from .options import (
    HERE,
    By,
    CaseNumber,
    Database,
    Facts,
    FactsFile,
    House,
    InHouse,
    Json,
    Key,
    Limit,
    Motive,
    Now,
    Seen,
)
from .output import say, show_json, show_table
from .reading import read_limit
from .telling import Teller, teller
from .telling_meetings import (
    HEADS,
    WAITING_HEADS,
    agenda_lines,
    decision_lines,
    meeting_data,
    meeting_row,
    point_data,
    waiting_data,
    waiting_row,
)

SessionNumber = Annotated[str, typer.Argument(metavar="SÉANCE", help="Son numéro : 13 ou D-0013.")]
Decision = Annotated[str, typer.Argument(metavar="ACTE", help="La décision, par exemple decider_favorable.")]


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    meeting = typer.Typer(
        cls=Group, rich_markup_mode=None, no_args_is_help=True, help="Les séances et leur ordre du jour."
    )
    meeting.command("waiting", cls=Command)(waiting_command)
    meeting.command("gather", cls=Command)(gather_command)
    meeting.command("agenda", cls=Command)(agenda_command)
    meeting.command("decide", cls=Command)(decide_command)
    meeting.command("carry", cls=Command)(carry_command)
    app.add_typer(meeting, name="meeting")
    app.command("meetings", cls=Command)(meetings_command)


def waiting_command(
    establishment: House,
    body: Annotated[str | None, typer.Option(metavar="INSTANCE", help="Cette instance seulement.")] = None,
    by: Seen = None,
    database: Database = HERE,
    now: Now = None,
    as_json: Json = False,
) -> None:
    """Lister les dossiers qui attendent une instance, le plus ancien d’abord."""
    with opened(database, now) as engine:
        found = engine.meetings.waiting(establishment, body, by=by)
    if as_json:
        show_json([waiting_data(one) for one in found])
    elif found:
        show_table(WAITING_HEADS, [waiting_row(one) for one in found])
    else:
        say("Aucun dossier n’attend.")


def gather_command(
    session: SessionNumber,
    by: By,
    cases: Annotated[
        list[str] | None,
        typer.Argument(metavar="DOSSIERS", help="Ces dossiers seulement.", show_default=False),
    ] = None,
    database: Database = HERE,
    now: Now = None,
    as_json: Json = False,
) -> None:
    """Mettre à l’ordre du jour les dossiers qui attendent.

    Ceux dont l’état attend cette instance et qui ne sont à aucun autre ordre du jour ; ou ceux que l’on nomme.
    """
    chosen = [case_number(case) for case in cases] if cases else None
    with opened(database, now) as engine, acting_on(engine, session, by) as (before, told):
        points = engine.meetings.gather(before.id, chosen, by=by)
        _tell_agenda(told, engine.cases.get(before.id), points, as_json=as_json)


def agenda_command(
    session: SessionNumber, by: Seen = None, database: Database = HERE, now: Now = None, as_json: Json = False
) -> None:
    """Montrer l’ordre du jour d’une séance.

    Dans l’ordre, chaque dossier et ce qu’il en est : à examiner, décidé, ou reporté, par qui et quand.
    """
    with opened(database, now) as engine:
        points = engine.meetings.agenda(case_number(session), by=by)
        known = engine.cases.get(case_number(session), by=by)
        _tell_agenda(teller(engine, known), known, points, as_json=as_json)


def _tell_agenda(told: Teller, session: Case, points: Sequence[Any], *, as_json: bool) -> None:
    if as_json:
        show_json({"meeting": session.number, "points": [point_data(point) for point in points]})
        return
    for line in agenda_lines(told, session, points):
        say(line)


def decide_command(
    session: SessionNumber,
    case: CaseNumber,
    action: Decision,
    by: By,
    fact: Facts = None,
    facts: FactsFile = None,
    key: Key = None,
    database: Database = HERE,
    now: Now = None,
    as_json: Json = False,
) -> None:
    """Décider d’un point : faire l’acte sur le dossier, au jour de la séance.

    La séance est tenue, le dossier est à son ordre du jour et attend encore. Les membres présents sont ceux de la
    séance si l’acte les demande et qu’on n’en dit pas d’autres.
    """
    given = read_facts(fact, facts)
    with opened(database, now) as engine, acting_on(engine, case, by) as (before, told):
        number = case_number(session)
        after = engine.meetings.decide(number, before.id, action, dated(told.workflow, given), by=by, key=key)
        if as_json:
            tell_step(engine, after, before.seq, as_json=True, by=by)
        else:
            _tell_decision(engine, told, after, number, by)


def _tell_decision(engine: Engine, told: Teller, case: Case, session: int, by: str) -> None:
    points = engine.meetings.agenda(session)
    point = next(one for one in points if one.case_id == case.id)
    event = next((one for one in engine.cases.history(case.id, by=by) if one.seq == point.act), None)
    if event is None:  # a command tried again under its key, whose decision was annulled since
        say(f"{case.number} : déjà enregistré sous cette clé, rien de nouveau.")
        return
    notices = [notice for notice in engine.notices.outbox(case=case.id) if notice.seq == point.act]
    for line in decision_lines(told, case, points, event, notices):
        say(line)


def carry_command(
    session: SessionNumber,
    case: CaseNumber,
    by: By,
    reason: Motive,
    to: Annotated[
        str | None,
        typer.Option(metavar="SÉANCE", help="La séance où il est remis ; sinon il attend la prochaine."),
    ] = None,
    database: Database = HERE,
    now: Now = None,
    as_json: Json = False,
) -> None:
    """Remettre un point à une autre séance, avec un motif."""
    later = None if to is None else case_number(to)
    with opened(database, now) as engine, acting_on(engine, session, by) as (before, told):
        points = engine.meetings.carry(before.id, case_number(case), to=later, reason=reason, by=by)
        _tell_agenda(told, engine.cases.get(before.id), points, as_json=as_json)


def meetings_command(
    establishment: InHouse = None,
    open_only: Annotated[
        bool, typer.Option("--open", help="Seulement celles qui ne sont pas finies.")
    ] = False,
    limit: Limit = None,
    by: Seen = None,
    database: Database = HERE,
    now: Now = None,
    as_json: Json = False,
) -> None:
    """Lister les séances : date, points, décisions, compte rendu."""
    most = read_limit(limit)
    with opened(database, now) as engine:
        found = engine.meetings.list(establishment, by=by, open_only=open_only, limit=most)
    if as_json:
        show_json([meeting_data(one) for one in found])
    elif found:
        show_table(HEADS, [meeting_row(one) for one in found])
    else:
        say("Aucune séance.")
