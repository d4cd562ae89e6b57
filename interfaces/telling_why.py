"""Why: an act that is possible or refused, a date that is what it is, a message that left or did not."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from ..domain.explain_dates import long_date
from ..domain.figures import plain_words
from .french import how_far, quoted, short_date
from .refusals import labelled
from .telling import DROPPED, FAR, STATUSES, Teller, due_day, fate, recipient
from .telling_count import count_lines
from .telling_moves import hour_of, move_lines
from .telling_passes import why_dropped
from .telling_pending import stands_still
from .telling_rungs import bases_of
from .words import reason_words

_SETTINGS = re.compile(r"réglage ([\w.]+)")
_SOURCES = (
    ("law:", "loi : "),
    ("seed:", "pratique de la maison (source "),
    ("practice:", "pratique observée ailleurs (source "),
)
_RUNGS = {
    "pending": "à venir", "fired": "fait", "skipped": "passé sous silence : la date était déjà passée",
    "waiting": "en attente : pas encore possible",
}  # fmt: skip


def date_lines(told: Teller, why: Any, others: int, parameters: Mapping[str, Any]) -> Iterator[str]:
    """Tell why a date is what it is: rule, source, anchor, count, shift, what moved it, its ladder."""
    item = why.item
    rule = told.rule(item.name)
    yield f"{why.number} : échéance {quoted(why.label)} ({item.name})"
    yield f"  Date : {_standing(told, item)}"
    if item.status == "open" and item.suspended_on is None and item.act_by not in (None, item.due_on):
        yield f"  Agir pour le {long_date(item.act_by)}, {how_far(item.act_by, told.today)}"
    if why.printed is not None and item.due_on != date.max:
        yield f"  Dernier jour écrit : {long_date(why.printed)} (« au {short_date(why.printed)} »)"
    yield f"  Règle : {rule['rule']}"
    yield from (f"    {clause}" for clause in rule.get("clauses", ()))
    yield from (f"  Réglage {name} : {value}" for name, value in _settings(rule["rule"], parameters))
    if why.basis:
        yield f"  Source : {_basis(why.basis)}"
    yield f"  Point de départ : {_start(told, why)}"
    yield from (f"    {line}" for line in _corrected(told, why.origin))
    yield from (f"  {line}" for line in count_lines(told, why))
    if others > 1:
        rank = "1re" if item.ordinal == 1 else f"{item.ordinal}ᵉ"
        yield f"  C’est la {rank} des {others} dates de cette échéance (--occurrence N pour une autre)."
    yield from _section("Ce qui l’a fixée ou changée", move_lines(told, why.moves))
    yield from _section("Rappels", _ladder(told, why))


def _standing(told: Teller, item: Any) -> str:
    hour = hour_of(told, item.due_at)
    if item.status != "open":
        when = f" le {short_date(item.closed_on)}" if item.closed_on else ""
        words = {"met": "tenue", "missed": "manquée", "void": "sans objet depuis"}
        return f"{due_day(item.due_on)}{hour}, {words[item.status]}{when}"
    if item.suspended_on is not None:
        return stands_still(item.suspended_on, max((item.due_on - item.suspended_on).days, 0))
    if item.due_on == date.max:
        return FAR
    late = item.due_at is not None and item.due_at <= told.now and item.due_on >= told.today
    return f"{long_date(item.due_on)}{hour}, {'en retard' if late else how_far(item.due_on, told.today)}"


def _settings(rule: str, parameters: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Say each setting of the house that the rule reads, and whether it is the default."""
    for name in _SETTINGS.findall(rule):
        known = parameters.get(name)
        if known is not None:
            default = (
                " (par défaut, à régler)"
                if known.value == known.default
                else f" (par défaut {plain_words(known.default)})"
            )
            yield name, f"{plain_words(known.value)}{default}"


def _basis(basis: str) -> str:
    for prefix, words in _SOURCES:
        if basis.startswith(prefix):
            rest = basis.removeprefix(prefix).strip()
            return f"{words}{rest}{')' if '(' in words else ''}"
    return basis


def _start(told: Teller, why: Any) -> str:
    """Say from when the clock runs, and what set it: an act, a fact and the act that gave it, another date."""
    origin, item = why.origin, why.item
    kinds = {
        "fact": "donnée", "act": "acte", "deadline": "échéance",
        "entry": "arrivée dans l’état",
    }  # fmt: skip
    hour = hour_of(told, item.anchor_at) if item.due_at is not None else ""
    line = f"{long_date(why.starts_on)}{hour}, {kinds[origin.kind]} {quoted(origin.label)}"
    if origin.kind == "deadline":
        return line if origin.ordinal is None else f"{line} (sa date n° {origin.ordinal})"
    given = ""
    if origin.kind in ("fact", "entry") and origin.action:
        given = f" ({quoted(told.workflow.actions[origin.action].label)})"
    return f"{line}, ligne {origin.seq} de l’historique{given}"


def _corrected(told: Teller, origin: Any) -> Iterator[str]:
    for one in origin.corrected:
        why = one.reason or "motif effacé"
        yield f"rectifié le {short_date(told.day_of(one.at))} par {told.person(one.actor)} (ligne {one.seq}) : {why}"


def _ladder(told: Teller, why: Any) -> Iterator[str]:
    for rung in why.ladder:
        if rung.kind == "lapse":
            continue
        what = told.rung(why.item.name, rung.rung, rung.day, bases_of(why.item))
        again = f" (de nouveau, {rung.generation}ᵉ fois)" if rung.generation > 1 else ""
        yield f"{long_date(rung.day)}, {what}{again} ; {_became(rung, why.item)}"
        yield from (f"  {reason_words(labelled(told, reason))}" for reason in rung.reasons)
        for notice in rung.notices:
            yield f"  message n° {notice['id']} à {told.role(notice['role'])} : {_sent(told, notice)}"


def _became(rung: Any, item: Any) -> str:
    """Say what became of a step, and why where it did not come."""
    if rung.status == "cancelled":
        if item.status == "open":
            return (
                "annulé : le délai est suspendu"
                if item.suspended_on
                else "annulé : ce jour n’a plus de rappel"
            )
        return "annulé : la date n’est plus attendue"
    if rung.dropped is not None:
        dropped = rung.dropped
        words = why_dropped(dropped["why"], dropped["within"], left=dropped["left"])
        return f"abandonné après une interruption : {words} (ligne {rung.fired_seq})"
    words = _RUNGS.get(rung.status, str(rung.status))
    return f"{words} (essai en échec : {rung.error})" if rung.error and rung.status == "pending" else words


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
