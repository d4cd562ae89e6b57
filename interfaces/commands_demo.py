"""`jalon demo`: two stories played before the reader's eyes, in a sandbox to keep."""

import os
import shutil
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from .. import Engine, InputError
from ..dates import long_date
from .demo import Line, days, furnish, play
from .demo_stories import LAST_DAY, PEOPLE, TALES, WORKFLOW
from .french import listed, plural, short_date
from .help import Command
from .output import complain, say

MARKS = {
    "armed": "+ {label} : pour le {due}",
    "resumed": "+ {label} : reprend, pour le {due}",
    "moved": "> {label} : du {before} au {due}",
    "met": "v {label} : tenu (c’était pour le {due})",
    "missed": "x {label} : manqué (c’était pour le {due})",
    "void": "- {label} : sans objet",
    "suspended": "= {label} : suspendu (c’était pour le {due})",
    "running": "+ {label} : repris, pour le {due}",
}
NAMES = {person: name for person, name, _ in PEOPLE}
SHOWN_PENDING = 6


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("demo", cls=Command)(_demo)


def _demo(
    folder: Annotated[
        Path, typer.Option("--folder", metavar="DOSSIER", help="Où écrire la base et les courriels.")
    ] = Path("demo"),
) -> None:
    """Jouer deux histoires, jour par jour, dans un bac à sable que l’on garde.

    Écrit DOSSIER/jalon.db et DOSSIER/courriels (un Maildir). Une démonstration précédente est rangée à côté.
    """
    _set_aside(folder)
    engine, clock = furnish(folder)
    say(
        "Deux histoires vraisemblables, de l’orientation à la sortie, jouées jour par jour par le vrai moteur."
    )
    for number, tale in enumerate(TALES, start=1):
        say(f"  D-{number:04} : {tale.title}")
    say(
        "Signes : + date fixée, > déplacée, v tenue, x manquée, - sans objet ;"
        " @ courriel parti, p message à remettre sur papier."
    )
    with _progress(len(days())) as step:
        lines = list(play(engine, clock, step))
    _timeline(engine, lines)
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


@contextmanager
def _progress(total: int) -> Iterator[Any]:
    """Show a bar while the days go by, on a terminal only."""
    if not sys.stderr.isatty():
        yield lambda: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (TextColumn("Les jours passent"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=Console(file=sys.stderr), transient=True) as progress:
        task = progress.add_task("", total=total)
        yield lambda: progress.advance(task)


# -- the timeline


def _timeline(engine: Engine, lines: Iterable[Line]) -> None:
    workflow = engine.workflows.get(WORKFLOW)
    last: tuple[date, int] | None = None
    for day, case, texts in _by_day(engine, workflow, lines):
        if last is None or last[0] != day:
            say()
            say(long_date(day).capitalize())
        if last != (day, case):
            say(f"  Dossier D-{case:04}")
        last = (day, case)
        for text in texts:
            say(f"    {text}")


def _by_day(engine: Engine, workflow: Any, lines: Iterable[Line]) -> Iterator[tuple[date, int, list[str]]]:
    received: list[str] = []
    for line in lines:
        if line.event is not None and line.event.kind == "document":
            received.append(workflow.documents[line.event.body["document"]].label)
            continue
        texts = []
        if received:
            texts.append(f"Reçu : {listed(received)}")
            received = []
        texts += (
            _event(workflow, line.event)
            if line.event is not None
            else [_message(engine, workflow, line.notice)]
        )
        if texts:
            yield line.day, line.case, texts


def _event(workflow: Any, event: Any) -> list[str]:
    changes = [_change(workflow, change) for change in event.body.get("changes", ())]
    if event.kind == "act":
        warnings = [f"! {text}" for text in event.body.get("warnings", ())]
        return [f"{workflow.actions[event.action].label} ({_who(workflow, event)})", *warnings, *changes]
    if event.kind == "task":
        task = workflow.tasks[event.body["task"]].label
        due = short_date(date.fromisoformat(event.body["due_on"]))
        return [f"Tâche ouverte : {task}, pour le {due} ({_who(workflow, event)})", *changes]
    return changes


def _who(workflow: Any, event: Any) -> str:
    if event.actor.startswith("echeance:"):
        return f"automatique, règle : {workflow.deadlines[event.actor.partition(':')[2]].label}"
    name: str = NAMES.get(event.actor, event.actor)
    if event.on_behalf:
        return f"{name}, pour : {workflow.roles[event.on_behalf].label}"
    return name


def _change(workflow: Any, change: Any) -> str:
    known = workflow.tasks[change["task"]] if "task" in change else workflow.deadlines[change["deadline"]]
    due = short_date(date.fromisoformat(change["due_on"]))
    before = short_date(date.fromisoformat(change["from"])) if "from" in change else ""
    return MARKS[change["change"]].format(label=known.label, due=due, before=before)


def _message(engine: Engine, workflow: Any, notice: Any) -> str:
    role = workflow.roles[notice.role].label
    if notice.status == "paper":
        return f"p « {engine.notices.read(notice.id).subject} », à remettre : {role}"
    return f"@ « {notice.subject} » -> {role} <{notice.address}>"


# -- what is left


def _closing(engine: Engine, folder: Path) -> None:
    sent = engine.notices.outbox(status=("sent",))
    paper = engine.notices.outbox(status=("paper",))
    say()
    say(
        f"Fin de la démonstration, le {long_date(LAST_DAY)} :"
        f" {plural(len(sent), 'courriel parti', 'courriels partis')},"
        f" {plural(len(paper), 'message reste', 'messages restent')} à remettre sur papier."
    )
    pending = [item for item in engine.deadlines.pending() if item.kind in ("deadline", "task")]
    say("En attente ce jour-là :")
    for item in pending[:SHOWN_PENDING]:
        who = listed(item.who_labels) or "?"
        say(f"  {item.number}  {item.label}, pour le {short_date(item.due_on)} ; à faire par : {who}")
    if len(pending) > SHOWN_PENDING:
        say(f"  … et {plural(len(pending) - SHOWN_PENDING, 'autre', 'autres')}.")
    base, now = folder / "jalon.db", LAST_DAY.isoformat()
    say()
    say(f"La base est {base}, les courriels sont dans {folder / 'courriels'}. Pour continuer :")
    say(f"  export JALON_DATABASE={base}")
    for words in (
        "pending", "history D-0002", "why D-0002 renouveler --by colette", "why D-0002 fin_preavis",
        "options D-0002 --by gaston",
    ):  # fmt: skip
        say(f"  {_program()} {words} --now {now}")


def _program() -> str:
    """Name this program as it can be typed here: `make demo` runs it from an environment that is not on the path."""
    own = Path(sys.executable).parent / "jalon"
    found = shutil.which("jalon")
    if found is not None and Path(found).resolve() == own.resolve():
        return "jalon"
    return os.path.relpath(own) if own.exists() else "python -m jalon"
