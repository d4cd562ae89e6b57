"""`jalon open`, `options`, `preview` and `perform`: what can be done with a case, and doing it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Annotated, Any

import typer

from .. import Case, Engine, Event
from ..domain.remembered import CLOCK
from ..engine.acts import case_number
from .data import case_data, event_data, option_data
from .engines import opened
from .french import plural
from .given import in_words_of as dated
from .given import read_facts
from .help import Command
from .options import (
    HERE,
    Action,
    By,
    CaseNumber,
    Database,
    Facts,
    FactsFile,
    House,
    Json,
    Key,
    Now,
    On,
    Revision,
)
from .output import say, show_json
from .reading import read_day, read_number
from .refusals import in_words_of, labelled
from .telling import Teller, subjects, teller
from .telling_case import preview_lines, step_lines
from .telling_forms import form_lines
from .telling_history import meanwhile_lines
from .words import reason_words


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("open", cls=Command)(open_command)
    app.command("options", cls=Command)(options_command)
    app.command("preview", cls=Command)(preview_command)
    app.command("perform", cls=Command)(perform_command)


def open_command(
    workflow: Annotated[
        str, typer.Argument(metavar="PROGRAMME", help="Un programme enregistré dans la base.")
    ],
    establishment: House,
    by: By,
    fact: Facts = None,
    facts: FactsFile = None,
    on: On = None,
    referent: Annotated[
        str | None, typer.Option(metavar="PERSONNE", help="Qui suit le dossier : ses rappels lui vont.")
    ] = None,
    action: Annotated[
        str | None, typer.Option(metavar="ACTE", help="L’acte d’ouverture, s’il y en a plusieurs.")
    ] = None,
    key: Key = None,
    database: Database = HERE,
    now: Now = None,
    as_json: Json = False,
) -> None:
    """Ouvrir un dossier."""
    given, day = read_facts(fact, facts), read_day(on, "on")
    with opened(database, now) as engine:
        rules = engine.workflows.get(workflow)
        house = engine.establishments.get(establishment)
        told = Teller(rules, {}, house.timezone, engine.now())
        with in_words_of(told):
            case = engine.cases.open(
                workflow, dated(rules, given), by=by, establishment=establishment, on=day, action=action,
                referent=referent, key=key,
            )  # fmt: skip
        tell_step(engine, case, 0, as_json=as_json)


def options_command(
    case: CaseNumber,
    by: By,
    everything: Annotated[
        bool, typer.Option("--all", help="Aussi les actes qui ne se font pas dans cet état.")
    ] = False,
    database: Database = HERE,
    now: Now = None,
    as_json: Json = False,
) -> None:
    """Dire ce qu’une personne peut faire, ou pourquoi pas.

    Chaque acte possible avec ce qu’il demande ; chaque autre avec toutes les raisons qui s’y opposent.
    """
    with opened(database, now) as engine:
        known = engine.cases.get(case_number(case), by=by)
        told = teller(engine, known)
        found = engine.cases.options(known.id, by=by)
    if as_json:
        show_json({"case": known.number, "by": by, "options": [_labelled(told, one) for one in found]})
        return
    state = told.workflow.states[known.state]
    say(f"{known.number}, {state.label} ({known.state}) : ce que peut faire {told.person(by)}")
    _tell_options(told, found, everything=everything)


def _labelled(told: Teller, option: Any) -> dict[str, Any]:
    described = option_data(option)
    for reason, one in zip(described["reasons"], option.reasons, strict=True):
        reason["text"] = reason_words(labelled(told, one))
    return described


def _tell_options(told: Teller, found: Any, *, everything: bool) -> None:
    for option in found:
        if option.allowed:
            target = told.workflow.states.get(option.target or "")
            say()
            say(f"{option.label} ({option.action}){f' → {target.label}' if target else ''}")
            for line in form_lines(option.form):
                say(f"  {line}")
            for warning in option.warnings:
                say(f"  Attention : {reason_words(labelled(told, warning))}")
    if not any(option.allowed for option in found):
        say("Rien.")
    refused = [option for option in found if not option.allowed]
    shown = [option for option in refused if everything or not _elsewhere(option)]
    if shown:
        say()
        say("Pas possible maintenant")
    for option in shown:
        say(f"  {option.label} ({option.action})")
        for reason in option.reasons:
            say(f"    - {reason_words(labelled(told, reason))}")
    if len(refused) > len(shown):
        say()
        count = len(refused) - len(shown)
        say(
            f"{plural(count, 'autre acte ne se fait pas', 'autres actes ne se font pas')} dans cet état (--all)."
        )


def _elsewhere(option: Any) -> bool:
    """Say whether an act is only possible in another state."""
    return any(reason.code == "state" for reason in option.reasons)


def preview_command(
    case: CaseNumber,
    action: Action,
    by: By,
    fact: Facts = None,
    facts: FactsFile = None,
    on: On = None,
    database: Database = HERE,
    now: Now = None,
    as_json: Json = False,
) -> None:
    """Dire ce que ferait un acte, sans rien enregistrer."""
    given, day = read_facts(fact, facts), read_day(on, "on")
    with opened(database, now) as engine, acting_on(engine, case, by) as (before, told):
        found = engine.cases.preview(before.id, action, dated(told.workflow, given), by=by, on=day)
        if as_json:
            show_json(preview_data(found, told))
            return
        for line in preview_lines(told, before, found, told.workflow.actions[action].label):
            say(line)


def preview_data(found: Any, told: Teller) -> dict[str, Any]:
    """Describe what an act would do."""
    return {
        "case": case_data(found.case, told.workflow), "changes": [dict(change) for change in found.changes],
        "notices": [
            {"template": one.template, "role": one.role, "on_paper": one.on_paper} for one in found.notices
        ],
        "warnings": list(found.warnings), "opened": [{"link": one["link"]} for one in found.opened],
        "ended": [dict(one) for one in found.ended],
    }  # fmt: skip


def perform_command(
    case: CaseNumber,
    action: Action,
    by: By,
    fact: Facts = None,
    facts: FactsFile = None,
    on: On = None,
    revision: Revision = None,
    key: Key = None,
    database: Database = HERE,
    now: Now = None,
    as_json: Json = False,
) -> None:
    """Faire un acte sur un dossier, et dire ce qui en suit."""
    given, day = read_facts(fact, facts), read_day(on, "on")
    seen = read_number(revision, "revision")
    with opened(database, now) as engine, acting_on(engine, case, by) as (before, told):
        after = engine.cases.perform(
            before.id, action, dated(told.workflow, given), by=by, on=day, revision=seen, key=key
        )
        tell_step(engine, after, before.seq, as_json=as_json, by=by)


@contextmanager
def acting_on(engine: Engine, case: str, by: str) -> Iterator[tuple[Case, Teller]]:
    """Give a case that someone may see, and let a refusal speak in the words of its workflow. Raises NotFound."""
    known = engine.cases.get(case_number(case), by=by)
    told = teller(engine, known)
    with in_words_of(told):
        yield known, told


def tell_step(engine: Engine, case: Case, seen: int, *, as_json: bool, by: str | None = None) -> None:
    """Tell what a step has just done, as `by` sees it; what the clock did before it, since line `seen`, comes first."""
    told = teller(engine, case)
    history = engine.cases.history(case.id, by=by)
    events = [event for event in history if seen < event.seq <= case.seq]
    told.remember(history, engine.cases.dates(case.id))
    if as_json:
        show_json({"case": case_data(case, told.workflow), "events": [event_data(event) for event in events]})
        return
    if not events:
        say(f"{case.number} : déjà enregistré sous cette clé, rien de nouveau.")
        return
    notices = _by_line(engine, case)
    at = _taken(events)
    if at:
        say("Entre-temps")
        for event in events[:at]:
            for line in meanwhile_lines(told, event):
                say(f"  {line}")
    last = notices.get(events[at].seq, [])
    pending = engine.deadlines.pending(case=case.id)
    for line in step_lines(told, case, events[at:], last, subjects(engine, last), pending):
        say(line)


def _taken(events: Sequence[Event]) -> int:
    """Find the line of a step among those it added: what its links bring to the case is told after it."""
    last = len(events) - 1
    for index in range(last, -1, -1):
        one = events[index]
        if one.at != events[last].at or one.actor.startswith(CLOCK):
            break
        if one.kind != "link":
            return index
    return last


def _by_line(engine: Engine, case: Case) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for notice in engine.notices.outbox(case=case.id):
        found.setdefault(notice.seq, []).append(notice)
    return found
