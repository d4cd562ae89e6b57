"""`jalon tick`, `deliver` and `worker`: what is due is fired, messages leave."""

import sys
from collections.abc import Iterator
from datetime import timedelta
from typing import Annotated, Any

import typer

from .. import Engine, InputError
from .data import instant
from .engines import Mail, opened
from .french import listed, plural
from .help import Command
from .options import HERE, Database, Json, Limit, Link, Now, Sender, Smtp, Templates
from .output import complain, say, show_json
from .progress import bar
from .reading import read_limit, read_whole
from .telling_passes import KINDS, dropped_lines, fired_lines, how_many_dropped, lateness, length

CHUNK = 100  # messages between two moves of the bar
LONGEST_WAIT = 86_400  # seconds
HANDLED = ("sent", "dropped", "failed", "refused", "put_off")
_FATES = (
    ("sent", "message parti", "messages partis"),
    ("dropped", "abandonné", "abandonnés"),
    ("failed", "en échec", "en échec"),
    ("refused", "refusé", "refusés"),
    ("put_off", "remis à plus tard", "remis à plus tard"),
)
_QUIET = {
    "no_transport": "Aucune adresse d’envoi : les messages attendent (--smtp, ou JALON_SMTP).",
    "busy": "Un autre envoi est en cours : les messages partiront avec lui.",
}


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("tick", cls=Command)(tick_command)
    app.command("deliver", cls=Command)(deliver_command)
    app.command("worker", cls=Command)(worker_command)


def tick_command(
    no_deliver: Annotated[bool, typer.Option("--no-deliver", help="Ne rien envoyer.")] = False,
    limit: Limit = None,
    database: Database = HERE,
    now: Now = None,
    smtp: Smtp = None,
    sender: Sender = None,
    link: Link = None,
    templates: Templates = None,
    as_json: Json = False,
) -> None:
    """Faire ce qui est dû, puis envoyer les messages.

    Ce qui est dû : rappels, actes automatiques, tâches, fins de période. Après une interruption, il dit ce qui part en
    retard et ce que la règle abandonne.

    Code de retour : 1 si un dossier est mis de côté ou un message en échec.
    """
    most = read_limit(limit)
    with opened(database, now, Mail(smtp, sender, link, templates)) as engine:
        fired = _fire(engine, most)
        delivered = None if no_deliver else _deliver(engine, None)
        _report(engine, fired, delivered, as_json=as_json)


def deliver_command(
    limit: Limit = None,
    database: Database = HERE,
    now: Now = None,
    smtp: Smtp = None,
    sender: Sender = None,
    link: Link = None,
    templates: Templates = None,
    as_json: Json = False,
) -> None:
    """Envoyer les messages qui peuvent partir. Code de retour : 1 si l’un d’eux est en échec."""
    most = read_limit(limit)
    if smtp is None:
        raise InputError("where to?", argument="smtp", problem="missing")
    with opened(database, now, Mail(smtp, sender, link, templates)) as engine:
        _report(engine, None, _deliver(engine, most), as_json=as_json)


def worker_command(
    every: Annotated[
        str, typer.Option("--every", metavar="SECONDES", help="Le temps entre deux passages.")
    ] = "60",
    database: Database = HERE,
    smtp: Smtp = None,
    sender: Sender = None,
    link: Link = None,
    templates: Templates = None,
) -> None:
    """Faire de même sans cesse, jusqu’à Ctrl-C ou SIGTERM."""
    seconds = read_whole(every, "every")
    if not 1 <= seconds <= LONGEST_WAIT:
        raise InputError("a number of seconds", argument="every", value=every, problem="range")
    with opened(database, None, Mail(smtp, sender, link, templates)) as engine:
        engine.next_due()  # a database that cannot be used is said at once
        say(
            f"À l’œuvre, un passage toutes les {plural(seconds, 'seconde', 'secondes')} ; Ctrl-C pour arrêter."
        )
        sys.stdout.flush()
        engine.worker(every=timedelta(seconds=seconds), told=_tell_tick).run()
        say("Arrêté.")


def _tell_tick(tick: Any) -> None:
    at = tick.fired.at.astimezone().strftime("%d/%m/%Y %H:%M:%S")
    say(f"{at} : {summary(tick.fired, tick.delivered)}")
    for line in failures(tick.fired, tick.delivered):
        complain(line)
    sys.stdout.flush()


# -- passes


def _fire(engine: Engine, limit: int | None) -> Any:
    with bar("Dates") as step:
        if step is not None:
            engine.subscribe(lambda _: step(1))
        return engine.run_due(limit)


def _deliver(engine: Engine, limit: int | None) -> Any:
    """Deliver, by chunks where a bar is to advance."""
    waiting = len(engine.notices.outbox(status=("waiting",))) if sys.stderr.isatty() else 0
    with bar("Messages", waiting) as step:
        if step is None:
            return engine.deliver(limit)
        whole = engine.deliver(min(CHUNK, limit or CHUNK))
        done = handled = _handled(whole)
        step(handled)
        while handled and whole.stopped is None and (limit is None or done < limit):
            part = engine.deliver(CHUNK if limit is None else min(CHUNK, limit - done))
            handled = _handled(part)
            done += handled
            step(handled)
            for name in HANDLED:
                getattr(whole, name).extend(getattr(part, name))
            whole.stopped, whole.answer, whole.waiting = part.stopped, part.answer, part.waiting
        return whole


def _handled(report: Any) -> int:
    return sum(len(getattr(report, name)) for name in HANDLED)


# -- what they did


def _report(engine: Engine, fired: Any, delivered: Any, *, as_json: bool) -> None:
    if as_json:
        show_json(report_data(fired, delivered))
    else:
        said = summary(fired, delivered)
        say(f"{said[0].upper()}{said[1:]}.")
        if fired is not None:
            for line in (*fired_lines(engine, fired), *dropped_lines(engine, fired)):
                say(f"  {line}")
        waiting = engine.notices.outbox(status=("waiting",), limit=1)
        if delivered is not None and delivered.stopped in _QUIET and waiting:
            say(_QUIET[delivered.stopped])
    found = failures(fired, delivered)
    for line in found:
        complain(line)
    if found:
        raise typer.Exit(1)


def summary(fired: Any, delivered: Any) -> str:
    """Count what a tick did, in one line."""
    parts: list[str] = []
    if fired is not None:
        parts.extend(_passed(fired))
    if delivered is not None and delivered.stopped not in _QUIET:
        counts = [(len(getattr(delivered, name)), one, many) for name, one, many in _FATES]
        done = listed(plural(*count) for count in counts if count[0])
        waiting = (
            plural(delivered.waiting, "message attend", "messages attendent") if delivered.waiting else ""
        )
        parts.append(listed(part for part in (done, waiting) if part) or "aucun message à envoyer")
    return " ; ".join(parts) or "rien n’a été envoyé"


def _passed(fired: Any) -> Iterator[str]:
    """Count what a pass fired, what of it was late and by how much, and what it dropped."""
    kinds = [one.kind for one in fired.fired]
    done = listed(plural(kinds.count(kind), one, many) for kind, one, many in KINDS if kind in kinds)
    late = [one.late_by for one in fired.fired if one.late]
    if len(kinds) == len(late) == 1:
        done += f", en retard {lateness(late[0])}"
    elif late:
        done += f", dont {len(late)} en retard (jusqu’à {length(max(late))})"
    dropped = how_many_dropped(len(fired.dropped)) if fired.dropped else ""
    yield from (part for part in (done, dropped) if part)
    if not (done or dropped):
        yield "rien n’était dû"


def failures(fired: Any, delivered: Any) -> list[str]:
    """Say what failed: cases set aside, messages that could not leave."""
    lines = [
        f"D-{one.case_id:04d} : mis de côté, il sera repris plus tard ({one.error})."
        for one in (fired.failed if fired is not None else ())
    ]
    if delivered is None:
        return lines
    for name, words in (
        ("failed", "n’a pas pu être écrit"),
        ("refused", "est refusé par le serveur de messagerie"),
    ):
        lines += [
            f"Message n° {number} : il {words} (jalon outbox show {number})."
            for number in getattr(delivered, name)
        ]
    if delivered.stopped is not None and delivered.stopped not in _QUIET:
        why = f"refuse l’expéditeur ({delivered.answer})" if delivered.answer else "ne répond pas"
        lines.append(f"Le serveur de messagerie {why} : les messages attendent, ils partiront plus tard.")
    return lines


def report_data(fired: Any, delivered: Any) -> dict[str, Any]:
    """Describe what a tick did."""
    data: dict[str, Any] = {
        "at": instant((fired or delivered).at),
        "fired": None,
        "dropped": None,
        "set_aside": None,
        "delivered": None,
    }
    if fired is not None:
        data["fired"] = [
            {"case": one.case_id, "deadline": one.deadline, "occurrence": one.ordinal, "rung": one.rung,
             "kind": one.kind, "day": one.day.isoformat(), "late_seconds": int(one.late_by.total_seconds()),
             "late": one.late, "missed": one.missed, "outcome": one.outcome}
            for one in fired.fired
        ]  # fmt: skip
        data["dropped"] = [
            {"case": one.case_id, "deadline": one.deadline, "occurrence": one.ordinal, "rung": one.rung,
             "day": one.day.isoformat(), "late_seconds": int(one.late_by.total_seconds()), "why": one.why,
             "within": one.within}
            for one in fired.dropped
        ]  # fmt: skip
        data["set_aside"] = [
            {"case": one.case_id, "error": one.error, "retry_at": instant(one.retry_at)}
            for one in fired.failed
        ]
    if delivered is not None:
        data["delivered"] = {name: getattr(delivered, name) for name in HANDLED}
        data["delivered"]["stopped"] = delivered.stopped
    return data
