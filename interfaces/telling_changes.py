"""What a line of history did to a date or to a task, in one sentence: from, to, and why it moved."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from ..domain.explain_dates import long_date
from ..domain.figures import plain_words
from ..domain.workflow import Workflow
from .french import listed, plural, quoted, short_date
from .telling import Teller, due_day

_TASKS = {"void": "Tâche sans objet", "resumed": "Tâche de nouveau à faire"}


def change_line(told: Teller, change: Mapping[str, Any], on: date) -> str:
    """Say what a step did to a date, or to a task."""
    if "task" in change:
        return _task(told, change)
    rule = told.workflow.deadlines.get(change["deadline"])
    label = rule.label if rule else change["deadline"]
    due = date.fromisoformat(change["due_on"])
    was = f"{label} (c’était pour le {short_date(due)})"
    match change["change"]:
        case "armed":
            return f"Date fixée : {label}, {due_day(due)}{_hour(told, change)}{_legal(change)}"
        case "moved":
            return f"{_moved(told, label, change)}{why_words(told, change)}"
        case "resumed":
            return f"Date reprise : {label}, {due_day(due)}{_hour(told, change)}"
        case "suspended":
            since = short_date(date.fromisoformat(change["suspended_on"]))
            return f"Délai suspendu : {label}, depuis le {since} (c’était pour le {short_date(due)})"
        case "running":
            return f"Délai repris : {label}, {due_day(due)}{_hour(told, change)}{why_words(told, change)}"
        case "met":
            return f"Date tenue{' en retard' if on > due else ''} : {was}"
        case "missed":
            return f"Date manquée : {was}"
    return f"Date sans objet : {was}"


def _task(told: Teller, change: Mapping[str, Any]) -> str:
    known = told.workflow.tasks.get(change["task"])
    label = known.label if known else change["task"]
    due = long_date(date.fromisoformat(change["due_on"]))
    if change["change"] == "moved":
        return f"Tâche déplacée : {label}, du {short_date(date.fromisoformat(change['from']))} au {due}"
    return f"{_TASKS[change['change']]} : {label}, pour le {due}"


def _moved(told: Teller, label: str, change: Mapping[str, Any]) -> str:
    due, before = date.fromisoformat(change["due_on"]), date.fromisoformat(change["from"])
    over = " (déjà close)" if "status" in change else ""
    if due != before:
        return (
            f"Date déplacée{over} : {label}, du {short_date(before)} au {due_day(due)}{_hour(told, change)}"
        )
    if "due_at" in change:
        was = f"de {_at(told, change['from_at'])} " if "from_at" in change else ""
        return f"Heure déplacée{over} : {label}, {due_day(due)}, {was}à {_at(told, change['due_at'])}"
    act_by = date.fromisoformat(change.get("act_by", change["due_on"]))
    return f"Date à tenir déplacée{over} : {label}, {due_day(act_by)}"


def _at(told: Teller, text: str) -> str:
    return told.clock(datetime.fromisoformat(text)).rpartition(" ")[2]


def _hour(told: Teller, change: Mapping[str, Any]) -> str:
    hour = f" à {_at(told, change['due_at'])}" if "due_at" in change else ""
    if "act_by" not in change:
        return hour
    return f"{hour}, à faire pour le {long_date(date.fromisoformat(change['act_by']))}"


def _legal(change: Mapping[str, Any]) -> str:
    legal = change.get("legal_on")
    if legal is None:
        return ""
    moved = "avancée" if legal > change["due_on"] else "reportée"
    return f" ({moved} : la règle donne le {long_date(date.fromisoformat(legal))})"


def why_words(told: Teller, change: Mapping[str, Any]) -> str:
    """Say which input moved a date, between brackets; nothing where its line says it."""
    why = change.get("why")
    return f" ({_why(told, why)})" if why else ""


def _why(told: Teller, why: Mapping[str, Any]) -> str:
    (code, value), *_ = why.items()
    match code:
        case "anchor":
            return _anchor(told, value)
        case "setting":
            return f"réglage {value}"
        case "calendar":
            return "calendrier de la maison"
        case "postponed":
            return "date reportée" if value else "la règle donne plus tard que la date reportée"
        case "paused":
            return f"{plural(int(value), 'jour', 'jours')} de suspension"
        case "restarted":
            known = told.workflow.actions.get(value)
            return f"repart de {quoted(known.label if known else value)}"
    return str(code)


_CALENDAR = {"zone": "Jours fériés", "timezone": "Fuseau", "opens": "Heure d’ouverture"}
_DAYS = {"closures": "Fermeture", "extra_days": "Ouverture exceptionnelle"}


def cause_lines(workflow: Workflow, cause: Mapping[str, Any]) -> Iterator[str]:
    """Tell the setting or the calendar that moved the dates of a case."""
    if "parameter" in cause:
        known = workflow.parameters.get(cause["parameter"])
        label = f"{known.label} ({cause['parameter']})" if known else cause["parameter"]
        yield f"{label} : {plain_words(cause['to'])} au lieu de {plain_words(cause['from'])}"
    for name, change in cause.get("calendar", {}).items():
        if name in _CALENDAR:
            yield f"{_CALENDAR[name]} : {change['to']} au lieu de {change['from']}"
        else:
            yield from _days(name, change)


def _days(name: str, change: Mapping[str, Any]) -> Iterator[str]:
    for word, said in (("added", "de plus"), ("removed", "de moins")):
        days = [long_date(date.fromisoformat(day)) for day in change.get(word, ())]
        if days:
            yield f"{_DAYS[name]} {said} : {listed(days)}"


def _anchor(told: Teller, source: Mapping[str, Any]) -> str:
    name, workflow = source["name"], told.workflow
    if source["kind"] == "deadline":
        return f"suit {quoted(workflow.deadlines[name].label)}"
    declared: dict[str, Mapping[str, Any]] = {
        "fact": workflow.facts, "act": workflow.actions, "entry": workflow.states,
    }  # fmt: skip
    known = declared[source["kind"]]
    label = known[name].label if name in known else name
    return f"compte depuis {quoted(label)}, ligne {source['seq']}"
