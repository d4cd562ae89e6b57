"""`jalon why`: why an act is possible or not, why a date is what it is, why a message left or did not."""

import re
from collections.abc import Mapping
from typing import Annotated, Any

import typer

from .. import ActionRefused, Case, Engine, InputError, NotFound
from ..engine.acts import case_number
from .commands_acts import preview_data
from .data import notice_data, option_data, reasons_data, why_data
from .engines import opened
from .french import quoted
from .given import in_words_of as dated
from .given import read_facts
from .help import Command
from .options import HERE, CaseNumber, Database, Facts, FactsFile, Json, Now, On
from .output import say, show_json
from .reading import read_day, read_number
from .refusals import in_words_of, labelled
from .telling import Teller, teller
from .telling_case import preview_lines
from .telling_forms import form_lines
from .telling_why import date_lines, notice_lines
from .words import reason_words

_NOTICE = re.compile(r"(?:#|n°\s*|message:)(\d{1,18})")


def register(app: typer.Typer) -> None:
    """Add the command of this module."""
    app.command("why", cls=Command)(why_command)


def why_command(
    case: CaseNumber,
    name: Annotated[
        str, typer.Argument(metavar="NOM", help="Un acte, une échéance, un modèle de message, ou message:12.")
    ],
    by: Annotated[
        str | None,
        typer.Option(
            "--by",
            metavar="PERSONNE",
            envvar="JALON_BY",
            help="Qui ferait l’acte ; ne voir que ses établissements.",
        ),
    ] = None,
    occurrence: Annotated[
        str | None, typer.Option(metavar="N", help="Pour une échéance : sa N-ième date.")
    ] = None,
    fact: Facts = None,
    facts: FactsFile = None,
    on: On = None,
    database: Database = HERE,
    now: Now = None,
    as_json: Json = False,
) -> None:
    """Expliquer un acte refusé, une date, un message.

    Pour un acte, --by dit qui le ferait, et --fact essaie des données. Rien n’est enregistré.
    """
    rank = read_number(occurrence, "occurrence")
    given, day = read_facts(fact, facts), read_day(on, "on")
    with opened(database, now) as engine:
        known = engine.cases.get(case_number(case), by=by)
        told = teller(engine, known)
        found: dict[str, Any] = {}
        if name in told.workflow.actions:
            found["action"] = _act(
                engine, known, told, name, by, dated(told.workflow, given), day, quiet=as_json
            )
        if name in told.workflow.deadlines:
            found["deadline"] = _date(engine, known, told, name, rank, quiet=as_json)
        notices = _notices(engine, known, name)
        if notices:
            found["notices"] = [notice_data(notice) for notice in notices]
            _tell_notices(told, engine, notices, quiet=as_json)
        if not found:
            raise NotFound("why", name)
    if as_json:
        show_json(
            {"case": known.number, "name": name, "action": None, "deadline": None, "notices": [], **found}
        )


def _act(
    engine: Engine, case: Case, told: Teller, action: str, by: str | None, facts: Mapping[str, Any], day: Any, *,
    quiet: bool,
) -> dict[str, Any] | None:  # fmt: skip
    """Say whether someone may do an act: with values where some are given, else before its form is filled."""
    if by is None:
        if action not in told.workflow.deadlines and not quiet:
            raise InputError("who would do it?", argument="by", problem="missing")
        return None
    if told.workflow.actions[action].by == ("systeme",):
        say_unless(
            quiet, f"« {told.workflow.actions[action].label} » ({action}) n’est fait que par l’horloge."
        )
        return None
    if facts or day:
        return _tried(engine, case, told, action, by, facts, day, quiet=quiet)
    option = next((one for one in engine.cases.options(case.id, by=by) if one.action == action), None)
    if option is None:
        say_unless(
            quiet, f"« {told.workflow.actions[action].label} » ({action}) ouvre un dossier : c’est déjà fait."
        )
        return None
    reasons = [labelled(told, reason) for reason in option.reasons]
    _tell_verdict(told, case, action, by, reasons, quiet=quiet)
    if not reasons:
        for line in form_lines(option.form):
            say_unless(quiet, f"  {line}")
    return {**option_data(option), "reasons": reasons_data(reasons), "preview": None}


def _tried(
    engine: Engine, case: Case, told: Teller, action: str, by: str, facts: Mapping[str, Any], day: Any, *, quiet: bool
) -> dict[str, Any]:  # fmt: skip
    option = next(one for one in engine.cases.options(case.id, by=by) if one.action == action)
    try:
        with in_words_of(told):
            found = engine.cases.preview(case.id, action, facts, by=by, on=day)
    except ActionRefused as refusal:
        _tell_verdict(told, case, action, by, refusal.reasons, quiet=quiet)
        return {
            **option_data(option), "allowed": False, "reasons": reasons_data(refusal.reasons), "preview": None
        }  # fmt: skip
    for line in preview_lines(told, case, found, told.workflow.actions[action].label):
        say_unless(quiet, line)
    return {**option_data(option), "allowed": True, "reasons": [], "preview": preview_data(found, told)}


def _tell_verdict(told: Teller, case: Case, action: str, by: str, reasons: Any, *, quiet: bool) -> None:
    label = f"{quoted(told.workflow.actions[action].label)} ({action})"
    if not reasons:
        say_unless(quiet, f"{case.number} : {label} est possible pour {told.person(by)}.")
        return
    say_unless(quiet, f"{case.number} : {label} n’est pas possible pour {told.person(by)}.")
    for reason in reasons:
        say_unless(quiet, f"- {reason_words(reason)}")


def _date(
    engine: Engine, case: Case, told: Teller, name: str, rank: int | None, *, quiet: bool
) -> dict[str, Any] | None:  # fmt: skip
    known = [item for item in engine.cases.dates(case.id) if item.name == name]
    if not known:
        say_unless(quiet, f"{case.number} : échéance {quoted(told.workflow.deadlines[name].label)} ({name})")
        say_unless(quiet, "  Aucune date : rien ne l’a encore fixée dans ce dossier.")
        say_unless(quiet, f"  Règle : {told.rule(name)['rule']}")
        return None
    if rank is not None and rank not in {item.ordinal for item in known}:
        raise NotFound("occurrence", rank)
    why = engine.deadlines.explain(case.id, name, ordinal=rank)
    if not quiet:
        settings = engine.establishments.parameters(case.establishment, case.workflow)
        for line in date_lines(told, why, len(known), {one.name: one for one in settings}):
            say(line)
    return why_data(why, told.rule(name), told.workflow)


def _notices(engine: Engine, case: Case, name: str) -> list[Any]:
    """Find the message of a number, or all those of a template."""
    number = _NOTICE.fullmatch(name)
    if number is None:
        return [notice for notice in engine.notices.outbox(case=case.id) if notice.template == name]
    notice = engine.notices.explain(int(number[1]))
    if notice.case_id != case.id:
        raise NotFound("notice", number[1])
    return [notice]


def _tell_notices(told: Teller, engine: Engine, notices: list[Any], *, quiet: bool) -> None:
    if quiet:
        return
    events = {event.seq: event for event in engine.cases.history(notices[0].case_id)}
    for notice in notices:
        for line in notice_lines(told, notice, _cause(told, events[notice.seq])):
            say(line)


def _cause(told: Teller, event: Any) -> str:
    """Say what made a message be written."""
    if event.kind == "act":
        return f"par l’acte {quoted(told.workflow.actions[event.action].label)}"
    return f"par le rappel de {quoted(told.workflow.deadlines[event.body['deadline']].label)}"


def say_unless(quiet: bool, text: str) -> None:
    """Print a line, unless a program reads."""
    if not quiet:
        say(text)
