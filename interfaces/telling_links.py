"""What the history and the screen say of linked cases: opened, linked, ended, asked about, kept up to date."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from .. import Event, Reason
from .french import listed, quoted, short_date
from .telling import Teller
from .words import reason_words

_WHAT = {
    "made": "Lien avec {case} : {label}",
    "ended": "Fin du lien avec {case} : {label}",
    "asked": "{case} s’est terminé : que devient ce dossier ? ({label})",
    "resumed": "{case} continue, sa fin est annulée : {label}",
    "followed": "Mis à jour depuis {case} : {label}",
    "decided to": "Décision sur {case} : {act}",
    "decided from": "Décidé à la séance {case} : {label}",
    "carried": "{case} est remis à {later} : {label}",
}
_HOW = {"closed": "terminé aussi, automatiquement", "asked": "son équipe dira ce qu’il devient"}
_HOUSES = "quelqu’un y habite"


_ELSEWHERE = "un dossier d’une autre maison"


def number(case: int | None) -> str:
    """Write a file number; of a case that the reader may not see, where it is."""
    return _ELSEWHERE if case is None else f"D-{case:04d}"


def link_words(event: Event) -> str:
    """Say in one line what a link did to a case."""
    body = event.body
    change = f"decided {body['side']}" if body["change"] == "decided" else body["change"]
    later = f"la séance {number(body['to'])}" if "to" in body else "une autre séance"
    words = _WHAT["carried" if body.get("carried") else change]
    if body["case"] is None:
        words = words.partition(" : ")[0] if "?" not in words else words.removesuffix(" ({label})")
    said = words.format(
        case=number(body["case"]), label=body["label"], act=quoted(body.get("act_label") or "?"), later=later
    )
    return said[0].upper() + said[1:]


def link_details(told: Teller, event: Event, before: Any) -> Iterator[str]:
    """Tell why, the task that was opened, and the values that follow; `before` writes what a fact was."""
    body = event.body
    if "reason" in body:
        yield f"Motif : {body['reason']}"
    if "follows_no_more" in body:
        yield f"Ne suit plus, et reste tel quel : {listed(map(told.fact, body['follows_no_more']), most=None)}"
    for name, value in event.facts.items():
        was = body.get("before", {}).get(name)
        known = f" (avant : {before(name, was)})" if was not in (None, "") else ""
        yield f"{told.fact(name)} : {'sans valeur' if value is None else told.value(name, value)}{known}"
    if "because" in body:
        yield f"Pas terminé automatiquement : {_because(body['because'])}"
    if "task" in body:
        due = short_date(date.fromisoformat(body["due_on"]))
        yield f"Tâche ouverte : {told.workflow.tasks[body['task']].label}, pour le {due}"


def _because(codes: Iterable[str]) -> str:
    return listed(
        (_HOUSES if code == "houses" else reason_words(Reason(code)).removesuffix(".") for code in codes),
        most=None,
    )


def around_lines(told: Teller, body: Mapping[str, Any]) -> Iterator[str]:
    """Tell what an act did to other cases: those it opened, those it ended, the one that opened this one."""
    if isinstance(body.get("from"), Mapping):  # a date that was postponed has a « from » of its own
        yield f"Ouvert depuis {number(body['from']['case'])}"
    for one in body.get("opened", ()):
        label = f", {_label(told, one['link'])}" if one["link"] else ""
        left = listed(map(told.fact, one.get("left_out", ())), most=None)
        yield f"Dossier ouvert : {number(one['case'])}{label}{f', sans : {left}' if left else ''}"
    for one in body.get("ended", ()):
        yield f"{_linked(told, one)} : {_HOW[one['how']]}"
    for one in body.get("stay_closed", ()):
        yield f"{_linked(told, one)} : il reste terminé"
    if body.get("overlaps"):
        yield f"Logé ou hébergé aussi par {listed(map(number, body['overlaps']), most=None)}"


def _linked(told: Teller, one: Mapping[str, Any]) -> str:
    label = f" ({_label(told, one['link'])})" if one["link"] else ""
    return (
        f"Dossier lié{label}, {_ELSEWHERE}"
        if one["case"] is None
        else f"Dossier lié {number(one['case'])}{label}"
    )


def would_lines(told: Teller, preview: Any) -> Iterator[str]:
    """Say what an act would do to other cases."""
    for one in preview.opened:
        yield f"Dossier à ouvrir : {_label(told, one['link'])}"
    for one in preview.ended:
        yield f"{_linked(told, one)} : {_HOW[one['how']]}"


def _label(told: Teller, link: str) -> str:
    known = told.workflow.links.get(link)
    return known.label if known else link


def linked_lines(links: Iterable[Any]) -> Iterator[str]:
    """Tell the cases linked to one, from both sides."""
    for link in links:
        days = f"depuis le {short_date(link.since)}"
        if link.ended_on:
            days = f"du {short_date(link.since)} au {short_date(link.ended_on)}"
        yield f"{link.label} ({link.role}) : {link.number}, {link.title}, {link.state_label} ; {days}"
