"""`jalon show`, `history` and `find`: a case as it stands, what happened to it, and which cases there are."""

from collections.abc import Mapping
from typing import Annotated, Any

import typer

from .. import Case, Engine
from ..domain.workflow import Workflow
from ..engine.acts import case_number
from .data import (
    case_data,
    date_data,
    document_data,
    event_data,
    link_data,
    notice_data,
    pending_data,
)
from .engines import opened
from .french import plural, short_date
from .help import Command
from .options import HERE, CaseNumber, Database, InHouse, Json, Limit, Now, Seen
from .output import say, show_json, show_table
from .reading import read_limit
from .telling import teller
from .telling_case import case_lines
from .telling_history import history_lines


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("show", cls=Command)(show_command)
    app.command("history", cls=Command)(history_command)
    app.command("find", cls=Command)(find_command)


def show_command(
    case: CaseNumber, by: Seen = None, database: Database = HERE, now: Now = None, as_json: Json = False
) -> None:
    """Montrer un dossier : état, données, pièces, dates, tâches."""
    with opened(database, now) as engine:
        known = engine.cases.get(case_number(case), by=by)
        told = teller(engine, known)
        documents, dates = engine.cases.documents(known.id), engine.cases.dates(known.id)
        tasks = [item for item in engine.deadlines.pending(case=known.id) if item.kind == "task"]
        links = engine.cases.links(known.id, by=by)
        notices = engine.notices.outbox(case=known.id)
        house = engine.establishments.get(known.establishment).name
    if as_json:
        labels = {name: paper.label for name, paper in told.workflow.documents.items()}
        show_json(
            {
                **case_data(known, told.workflow),
                "documents": [document_data(one, labels[one.type]) for one in documents],
                "dates": [date_data(one, told.workflow) for one in dates],
                "tasks": [pending_data(one) for one in tasks], "notices": [notice_data(one) for one in notices],
                "links": [link_data(one) for one in links],
            }
        )  # fmt: skip
        return
    for line in case_lines(told, known, house, documents, dates, notices, tasks, links):
        say(line)


def history_command(
    case: CaseNumber, by: Seen = None, database: Database = HERE, now: Now = None, as_json: Json = False
) -> None:
    """Raconter un dossier : qui, quand, quoi, et la suite."""
    with opened(database, now) as engine:
        known = engine.cases.get(case_number(case), by=by)
        told = teller(engine, known)
        events, notices = engine.cases.history(known.id, by=by), engine.notices.outbox(case=known.id)
        told.remember(events, engine.cases.dates(known.id))
    if as_json:
        show_json([event_data(event) for event in events])
        return
    say(f"{known.number} : {told.workflow.title}, {plural(len(events), 'ligne', 'lignes')}")
    for line in history_lines(told, events, notices):
        say(line)


def find_command(
    text: Annotated[
        str | None, typer.Argument(metavar="[TEXTE]", help="Un numéro, ou un mot d’une donnée du dossier.")
    ] = None,
    workflow: Annotated[str | None, typer.Option(metavar="PROGRAMME", help="Ce programme seulement.")] = None,
    state: Annotated[str | None, typer.Option(metavar="ÉTAT", help="Cet état seulement.")] = None,
    establishment: InHouse = None,
    referent: Annotated[
        str | None, typer.Option(metavar="PERSONNE", help="Suivis par cette personne.")
    ] = None,
    open_only: Annotated[bool, typer.Option("--open", help="Les dossiers en cours seulement.")] = False,
    limit: Limit = None,
    by: Seen = None,
    database: Database = HERE,
    now: Now = None,
    as_json: Json = False,
) -> None:
    """Chercher des dossiers, les plus récents d’abord."""
    most = read_limit(limit)
    with opened(database, now) as engine:
        found = engine.cases.find(
            by=by, establishment=establishment, workflow=workflow, state=state, referent=referent, text=text,
            open_only=open_only, limit=most,
        )  # fmt: skip
        rules = _rules(engine, found)
    if as_json:
        show_json([case_data(one, rules[one.workflow, one.version]) for one in found])
    elif found:
        _table(found, rules)
    else:
        say("Aucun dossier.")


def _rules(engine: Engine, cases: Any) -> dict[tuple[str, int], Workflow]:
    versions = {(case.workflow, case.version) for case in cases}
    return {version: engine.workflows.get(*version) for version in versions}


def _table(found: tuple[Case, ...], rules: Mapping[tuple[str, int], Workflow]) -> None:
    rows = []
    for case in found:
        state = rules[case.workflow, case.version].states[case.state]
        who = case.referent or ""
        rows.append(
            (case.number, state.label, short_date(case.state_since), who, case.establishment, case.workflow)
        )
    show_table(("dossier", "état", "depuis le", "suivi par", "établissement", "programme"), rows)
