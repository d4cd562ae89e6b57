"""Why: an act that is possible or refused, a date that is what it is, a message that left or did not."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from ..dates import Delay
from ..domain.explain_dates import long_date
from .french import how_far, quoted, short_date
from .telling import DROPPED, FAR, STATUSES, Teller, due_day, fate, recipient

_SETTINGS = re.compile(r"réglage ([\w.]+)")
_SOURCES = (
    ("law:", "loi : "),
    ("seed:", "pratique de la maison (source "),
    ("practice:", "pratique observée ailleurs (source "),
)
_RUNGS = {
    "pending": "à venir", "fired": "fait", "skipped": "passé sous silence : la date était déjà passée",
    "cancelled": "annulé : la date n’est plus attendue", "waiting": "en attente : pas encore possible",
}  # fmt: skip
_CAUSES = {
    "armed": "fixée au", "moved": "déplacée au", "resumed": "reprise, au", "met": "tenue ; c’était pour le",
    "missed": "manquée ; c’était pour le", "void": "sans objet ; c’était pour le",
}  # fmt: skip


def date_lines(told: Teller, why: Any, others: int, parameters: Mapping[str, Any]) -> Iterator[str]:
    """Tell why a date is what it is: rule, source, anchor, count, shift, what moved it, its ladder."""
    item = why.item
    rule = told.rule(item.name)
    yield f"{why.number} : échéance {quoted(why.label)} ({item.name})"
    yield f"  Date : {_standing(item, told.today)}"
    if why.printed is not None and item.due_on != date.max:
        yield f"  Dernier jour écrit : {long_date(why.printed)} (« au {short_date(why.printed)} »)"
    yield f"  Règle : {rule['rule']}"
    yield from (f"  Réglage {name} : {value}" for name, value in _settings(rule["rule"], parameters))
    if why.basis:
        yield f"  Source : {_basis(why.basis)}"
    yield f"  Point de départ : {long_date(item.anchor_on)}, {_anchor(why)}"
    yield from (f"  {line}" for line in _count(why))
    if others > 1:
        yield f"  C’est la {item.ordinal}ᵉ des {others} dates de cette échéance (--occurrence N pour une autre)."
    yield from _section("Ce qui l’a fixée ou changée", _moves(told, why.moves))
    yield from _section("Rappels", _ladder(told, why, rule))


def _standing(item: Any, today: date) -> str:
    if item.status == "open":
        return FAR if item.due_on == date.max else f"{long_date(item.due_on)}, {how_far(item.due_on, today)}"
    when = f" le {short_date(item.closed_on)}" if item.closed_on else ""
    words = {"met": "tenue", "missed": "manquée", "void": "sans objet depuis"}
    return f"{due_day(item.due_on)}, {words[item.status]}{when}"


def _settings(rule: str, parameters: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Say each setting of the house that the rule reads, and whether it is the default."""
    for name in _SETTINGS.findall(rule):
        known = parameters.get(name)
        if known is not None:
            default = (
                " (par défaut, à régler)"
                if known.value == known.default
                else f" (par défaut {known.default})"
            )
            yield name, f"{known.value}{default}"


def _basis(basis: str) -> str:
    for prefix, words in _SOURCES:
        if basis.startswith(prefix):
            rest = basis.removeprefix(prefix).strip()
            return f"{words}{rest}{')' if '(' in words else ''}"
    return basis


def _anchor(why: Any) -> str:
    source = why.item.source
    kinds = {
        "fact": "donnée", "act": "acte", "deadline": "échéance",
        "entry": "arrivée dans l’état",
    }  # fmt: skip
    line = f", ligne {source.seq} de l’historique" if source.seq else ""
    return f"{kinds[source.kind]} {quoted(why.source_label)}{line}"


def _count(why: Any) -> Iterator[str]:
    """Tell the arithmetic, then the legal date where the date to act by is another."""
    told, item = why.arithmetic, why.item
    if told is None:
        yield f"Calcul : {FAR}"
        return
    if Delay.parse(item.delay) == Delay():
        yield f"Calcul : ce jour même, {long_date(told.raw)}"
    else:
        yield f"Calcul : {told.rule()}, soit le {long_date(told.raw)}"
    yield from (f"  {reason}" for reason in told.reasons())
    if told.raw != told.due:
        yield f"À faire pour le {long_date(told.due)} ; la règle donne le {long_date(told.raw)}"


def _moves(told: Teller, moves: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    for move in moves:
        words = _CAUSES[move["change"]]
        due = date.fromisoformat(move["due_on"])
        before = f" (avant : {short_date(date.fromisoformat(move['from']))})" if "from" in move else ""
        yield (
            f"{short_date(date.fromisoformat(move['on']))} : {words} {due_day(due)}{before}"
            f" ; ligne {move['seq']}, {_cause(told, move)}"
        )


def _cause(told: Teller, move: Mapping[str, Any]) -> str:
    if move["kind"] == "correction":
        return f"rectification par {told.person(move['actor'])} : {move['reason'] or 'motif effacé'}"
    if move["kind"] == "act":
        label = told.workflow.actions[move["action"]].label
        return quoted(label)
    return {"lapse": "fin de la période", "document": "une pièce reçue"}.get(move["kind"], "un rappel")


def _ladder(told: Teller, why: Any, rule: Mapping[str, Any]) -> Iterator[str]:
    says = {rung["id"]: rung["says"] for rung in rule["ladder"]}
    for rung in why.ladder:
        if rung.kind == "lapse":
            continue
        what = says.get(rung.rung.partition("#")[0], rung.rung)
        again = f" (de nouveau, {rung.generation}ᵉ fois)" if rung.generation > 1 else ""
        yield f"{long_date(rung.day)}, {what}{again} ; {_RUNGS.get(rung.status, rung.status)}{_error(rung)}"
        for notice in rung.notices:
            yield f"  message n° {notice['id']} à {told.role(notice['role'])} : {_sent(told, notice)}"


def _error(rung: Any) -> str:
    return f" (essai en échec : {rung.error})" if rung.error and rung.status == "pending" else ""


def _sent(told: Teller, notice: Mapping[str, Any]) -> str:
    if notice["status"] == "sent":
        return f"parti le {told.clock(notice['sent_at'])}"
    status = STATUSES.get(notice["status"], notice["status"])
    return f"{status} : {DROPPED.get(notice['error'], notice['error'])}" if notice["error"] else status


def _section(heading: str, lines: Iterator[str]) -> Iterator[str]:
    found = list(lines)
    if found:
        yield f"  {heading}"
        yield from (f"    {line}" for line in found)


# -- messages


def notice_lines(told: Teller, notice: Any, cause: str) -> Iterator[str]:
    """Tell why a message left, or why it did not."""
    yield f"{notice.number} : message n° {notice.id}, {quoted(notice.subject or notice.template)}"
    yield f"  Pour : {recipient(told, notice)}"
    yield f"  Écrit le {told.clock(notice.created_at)}, {cause} (ligne {notice.seq} de l’historique)"
    if notice.not_before > notice.created_at:
        yield f"  À envoyer à partir du {told.clock(notice.not_before)}, quand la maison écrit"
    yield f"  Maintenant : {fate(told, notice)}"
    yield from (f"  {line}" for line in _after(notice))


def _after(notice: Any) -> Iterator[str]:
    if notice.status == "waiting":
        yield "Le prochain envoi est fait par jalon tick ou jalon deliver."
        if notice.error:
            yield f"Dernier essai : {notice.error}"
    elif notice.status == "paper":
        yield f"Pas d’adresse, ou pas d’accord pour écrire : à imprimer (jalon outbox show {notice.id})."
    elif notice.status in ("failed", "refused"):
        yield f"Une fois la cause levée : jalon outbox retry {notice.id}."
