"""The history of a case as a timeline: the day of effect, the entry, who, what, and what followed."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from .. import Event, Reason
from ..domain.explain_dates import long_date
from .french import listed, plural, quoted, short_date
from .telling import SYSTEM, Teller, message_line
from .telling_changes import cause_lines, change_line
from .telling_links import around_lines, link_details, link_words
from .telling_passes import between, how_many_dropped, why_dropped
from .words import reason_words, warning_words

INNER = "       "


def history_lines(told: Teller, events: Sequence[Event], notices: Sequence[Any]) -> Iterator[str]:
    """Tell every line of a history under the day on which it took effect."""
    by_line: dict[int, list[Any]] = {}
    for notice in notices:
        by_line.setdefault(notice.seq, []).append(notice)
    day: date | None = None
    for event in events:
        if event.effective_on != day:
            day = event.effective_on
            yield ""
            yield long_date(day).capitalize()
        yield from event_lines(told, event, by_line.get(event.seq, ()))


def event_lines(told: Teller, event: Event, notices: Iterable[Any]) -> Iterator[str]:
    """Tell one line of a history, and below it what followed."""
    yield f"{event.seq:>4}. {what(told, event)}"
    yield f"{INNER}{told.who(event)} ; saisi le {told.clock(event.at)}"
    yield from (f"{INNER}{line}" for line in details(told, event))
    yield from (f"{INNER}{line}" for line in changes(told, event))
    yield from (f"{INNER}{message_line(told, notice)}" for notice in notices)


def meanwhile_lines(told: Teller, event: Event) -> Iterator[str]:
    """Tell in short what happened before an act, most often by the clock."""
    who = "" if event.actor.startswith(SYSTEM) else f" ({told.who(event)})"
    yield f"{short_date(event.effective_on)}  {what(told, event)}{who}"
    yield from (f"            {line}" for line in changes(told, event))


def what(told: Teller, event: Event) -> str:
    """Say what happened, in one line."""
    workflow, body = told.workflow, event.body
    if event.kind == "act":
        label = workflow.actions[event.action or ""].label
        return f"{label} → {workflow.states[event.target].label}" if event.target else label
    if event.kind == "correction":
        return "Rectification"
    if event.kind == "annulment":
        label = quoted(workflow.actions[body["annulled"]].label)
        return f"Annulation de {label}{_back(told, event)}"
    if event.kind == "settings":
        return "Réglage de la maison changé"
    if event.kind == "link":
        return link_words(event)
    if event.kind == "referent":
        before = f", à la place de {told.person(body['from'])}" if body.get("from") else ""
        return f"Dossier confié à {told.person(body['to'])}{before}"
    if event.kind == "withdrawn":
        return f"Message n° {body['notice']} déclaré sans objet, pour : {told.role(body['role'])}"
    if event.kind == "document":
        return f"Pièce : {workflow.documents[body['document']].label}{_paper(body)}"
    label = workflow.deadlines[body["deadline"]].label
    if event.kind == "postponement":
        return f"Report : {label}, au {long_date(date.fromisoformat(body['to']))}"
    if event.kind == "task":
        due = short_date(date.fromisoformat(body["due_on"]))
        return f"Tâche : {workflow.tasks[body['task']].label}, pour le {due}"
    if event.kind == "lapse":
        return f"Fin de période : {label}"
    if event.kind == "dropped":
        return f"Après une interruption, {how_many_dropped(len(body['dropped']))} : {label}"
    return f"Rappel : {label}, {told.reminder(event)}"


def _back(told: Teller, event: Event) -> str:
    return f" → {told.workflow.states[event.target].label}" if event.target else ""


def _paper(body: Mapping[str, Any]) -> str:
    if body.get("not_applicable"):
        return f", non applicable : {body['not_applicable']}"
    if "received_on" not in body:
        return ", non applicable"
    parts = [f"reçue le {_short(body['received_on'])}"]
    if "signed_on" in body:
        parts.append(f"signée le {_short(body['signed_on'])}")
    if "valid_until" in body:
        parts.append(f"valable jusqu’au {_short(body['valid_until'])}")
    return f", {listed(parts)}"


def details(told: Teller, event: Event) -> Iterator[str]:
    """Tell the values given, those that were erased, the exceptions used, the warnings."""
    body = event.body
    if event.kind == "correction":
        yield from _correction(told, event)
    elif event.kind in ("annulment", "postponement"):
        yield f"Motif : {body.get('reason', 'effacé')}"
        if event.kind == "annulment":
            yield f"L’acte de la ligne {body['act']} est comme s’il n’avait pas été fait"
    elif event.kind == "settings":
        yield from cause_lines(told.workflow, body["cause"])
    elif event.kind in ("referent", "withdrawn"):
        if "reason" in body or event.erased:
            yield f"Motif : {body.get('reason', 'effacé')}"
        return
    elif event.kind == "link":
        yield from link_details(told, event, lambda name, was: _before(told, name, was))
    else:
        if body.get("referent"):
            yield f"Suivi par {told.person(body['referent'])}"
        yield from (f"{told.fact(name)} : {told.value(name, value)}" for name, value in event.facts.items())
    erased = event.erased if event.kind not in ("annulment", "postponement") else ()
    yield from (f"{told.fact(name)} : effacé" for name in sorted(erased))
    waivers = [told.workflow.waivers[name].label for name in body.get("waived", ())]
    if waivers:
        yield f"Dérogation : {listed(waivers)}"
    yield from around_lines(told, body)
    yield from (f"Attention : {text}" for text in _warnings(told, event))
    if body.get("dropped"):
        yield _dropped(event)


def _warnings(told: Teller, event: Event) -> Iterator[str]:
    """Tell the warnings; those of a correction that the clock cannot follow name each act and its days."""
    kept = event.body.get("kept", ()) if event.kind == "correction" else ()
    for text in event.body.get("warnings", ()):
        said = [one for one in kept if one["why"] == text]
        yield from (reason_words(Reason(text, {**one, **_labels(told, one)})) for one in said)
        if not said:
            yield warning_words(text)


def _labels(told: Teller, one: Mapping[str, Any]) -> dict[str, str]:
    """Name an act of the clock, and the deadline that it answers."""
    workflow = told.workflow
    return {
        "label": workflow.actions[one["action"]].label, "deadline_label": workflow.deadlines[one["deadline"]].label,
    }  # fmt: skip


def _dropped(event: Event) -> str:
    """Tell the messages that an outage dropped: those of the line itself, or those for which a message speaks."""
    body = event.body
    days = between([date.fromisoformat(one["day"]) for one in body["dropped"]])
    if event.kind == "dropped":
        return f"{days} : {why_dropped(body['policy'], body.get('within'), left=False)}"
    missed = f" ; {plural(body['missed'], 'manquée', 'manquées')}" if body["missed"] else ""
    return (
        f"{how_many_dropped(len(body['dropped']))}, {days} : {why_dropped('latest', None, left=True)}{missed}"
    )


def _correction(told: Teller, event: Event) -> Iterator[str]:
    body = event.body
    yield f"Motif : {body.get('reason', 'effacé')}"
    before = body.get("before", {})
    for name, value in event.facts.items():
        was = before.get(name)
        known = f" (avant : {_before(told, name, was)})" if was not in (None, "") else ""
        yield f"{told.fact(name)} : {told.value(name, value)}{known}"
    if body.get("on"):
        yield f"Acte de la ligne {body['act']} : au {_short(body['on'])} au lieu du {_short(body['from'])}"
    for one in body.get("followed", ()):
        act = quoted(told.workflow.actions[one["action"]].label)
        after = quoted(_labels(told, one)["deadline_label"]) if "deadline" in one else "ce jour"
        days = f"au {_short(one['on'])} au lieu du {_short(one['from'])}"
        yield f"{act} (ligne {one['act']}) suit {after} : {days}"


def _before(told: Teller, name: str, value: Any) -> str:
    """Write a value kept as JSON keeps it."""
    from ..domain.facts import read_fact

    try:
        return told.value(name, read_fact(told.workflow, name, value))
    except ValueError:
        return quoted(value)


def changes(told: Teller, event: Event) -> Iterator[str]:
    """Tell what became of the dates."""
    for change in event.body.get("changes", ()):
        yield change_line(told, change, event.effective_on)


def _short(text: str) -> str:
    return short_date(date.fromisoformat(text))
