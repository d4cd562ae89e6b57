"""What fixed or changed a date: from when to when, the line of history, who and why."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from .french import listed, quoted, short_date
from .telling import SYSTEM, Teller, due_day
from .telling_changes import cause_lines, why_words

_WORDS = {
    "armed": "fixée au", "moved": "déplacée au", "resumed": "reprise, au", "met": "tenue ; c’était pour le",
    "missed": "manquée ; c’était pour le", "void": "sans objet ; c’était pour le",
    "suspended": "suspendue ; c’était pour le", "running": "de nouveau en cours, au",
}  # fmt: skip
_OF_THE_CLOCK = {"lapse": "fin de la période", "document": "une pièce reçue", "link": "le dossier lié"}


def move_lines(told: Teller, moves: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Tell each change of a date, oldest first."""
    for move in moves:
        words = _WORDS.get(move["change"], move["change"])
        before = f" (avant : {_day(move['from'])})" if "from" in move else ""
        yield (
            f"{_day(move['on'])} : {words} {_due(told, move)}{before} ; ligne {move['seq']}, {_line(told, move)}"
            f"{why_words(told, move)}"
        )


def _due(told: Teller, move: Mapping[str, Any]) -> str:
    due = due_day(date.fromisoformat(move["due_on"]))
    if move.get("due_at"):
        due += hour_of(told, datetime.fromisoformat(move["due_at"]))
    if move.get("act_by") and move["act_by"] != move["due_on"]:
        due += f" (agir pour le {_day(move['act_by'])})"
    return due


def _line(told: Teller, move: Mapping[str, Any]) -> str:
    """Say what the line of history is: an act, or someone who put things right or off, and why."""
    kind, who = move["kind"], told.person(move["actor"])
    reason = move["reason"] or "motif effacé"
    if kind == "act":
        by = " (automatique)" if move["actor"].startswith(SYSTEM) else ""
        return f"{quoted(told.workflow.actions[move['action']].label)}{by}"
    if kind == "correction":
        return f"rectification par {who} : {reason}"
    if kind == "annulment":
        return f"annulation de la ligne {move['act']} par {who} : {reason}"
    if kind == "postponement":
        return f"reportée par {who} : {reason}"
    if kind == "settings":
        return _settings(told, move)
    return _OF_THE_CLOCK.get(kind, "un rappel")


def _settings(told: Teller, move: Mapping[str, Any]) -> str:
    causes = listed(cause_lines(told.workflow, move["cause"]), most=None)
    return f"réglages de la maison changés par {told.person(move['actor'])} : {causes}"


def hour_of(told: Teller, at: datetime | None) -> str:
    """Write the hour of a date that has one, as the house reads it: ` à 22:40`."""
    return "" if at is None else f" à {told.clock(at).rpartition(' ')[2]}"


def _day(text: str) -> str:
    return short_date(date.fromisoformat(text))
