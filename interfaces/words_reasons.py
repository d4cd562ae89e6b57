"""The French sentence of each reason for which a step may not be taken."""

from collections.abc import Callable, Mapping
from typing import Any

from ..domain.figures import plain_words
from .french import listed, plural, quoted
from .french import long_day as _day
from .words_beyond import BEYOND
from .words_clock import CLOCK_DAYS
from .words_links import LINKS
from .words_meetings import MEETINGS
from .words_moves import MOVES
from .words_people import PEOPLE
from .words_places import PLACES

Data = Mapping[str, Any]

WANTED = {
    "text": "un texte",
    "date": "une date, par exemple 2026-12-31",
    "time": "une heure, par exemple 14:30",
    "instant": "un jour et une heure, par exemple 2026-12-24T22:40",
    "number": "un nombre",
    "money": "une somme en euros, par exemple 412,50",
    "yesno": "oui ou non",
    "done": "oui, ou « non_applicable: » suivi du motif",
    "choice": "un choix de la liste",
    "household": "un nom, une adresse e-mail, ou les deux",
    "person": "un nom, avec s’il le faut une date de naissance et une adresse e-mail ; ou une personne anonyme",
    "contact": "un nom, une adresse e-mail, ou les deux",
    "actor": "l’identifiant d’une personne",
    "actors": "des identifiants de personnes, séparés par des virgules",
    "place": "le nom d’une place, sans caractère invisible",
    "file": "la référence d’un fichier",
    "documents": "des noms de pièces, séparés par des virgules",
    "count": "rien : ce nombre se déduit des actes",
}
_DEADLINE = {
    "passed": "n’est pas encore passée",
    "reminded": "n’a pas encore été rappelée",
    "open": "n’est pas en cours",
    "met": "n’est pas tenue",
    "missed": "n’a pas été manquée",
    "capped": "n’est pas à son terme",
}
_DOCUMENT_DAYS = {"received_on": "La date de réception", "signed_on": "La date de signature"}
_NOTICES = {
    "waiting": "en attente",
    "sent": "déjà parti",
    "failed": "en échec",
    "paper": "à remettre en main propre",
    "refused": "refusé par le serveur de messagerie",
    "dropped": "abandonné",
}


def _name(data: Data, key: str = "fact") -> str:
    return quoted(data.get("label") or data.get(key, "?"))


def _names(data: Data, key: str) -> list[str]:
    return [str(name) for name in data.get("labels") or data.get(key) or ("?",)]


def _role(data: Data) -> str:
    who = quoted(data.get("actor", "?"))
    if not (data.get("labels") or data.get("roles")):
        return f"{who} n’a aucune fonction dans cet établissement."
    return f"{who} n’a pas ici la fonction qu’il faut : {listed(_names(data, 'roles'), 'ou')}."


def _fact_type(data: Data) -> str:
    wanted = WANTED.get(str(data.get("type")), "une autre valeur")
    choices = data.get("choices")
    if choices:
        wanted = f"l’une de ces valeurs : {choices if isinstance(choices, str) else ', '.join(choices)}"
    field = f" ({data['fact']})" if data.get("label") and data.get("fact") else ""
    return f"{_name(data)}{field} : on attend {wanted}."


def _count(data: Data) -> str:
    times = plural(int(data.get("count", 0)), "fois", "fois")
    return f"{listed(map(quoted, _names(data, 'actions')))} : fait {times}, ce qui ne convient pas."


def _average(data: Data) -> str:
    days = plain_words(data.get("average", "?"))
    return (
        f"{listed(map(quoted, _names(data, 'actions')))} : {days} jours en moyenne, ce qui ne convient pas."
    )


def _season(data: Data) -> str:
    return f"{_name(data, 'season')} : ce n’est pas possible à cette période de l’année."


def _cap_reached(data: Data) -> str:
    return (
        f"{_name(data, 'deadline')} : la durée la plus longue est atteinte, le {_day(data.get('cap', '?'))}."
    )


def _beyond_cap(data: Data) -> str:
    limit, on = _day(data.get("cap", "?")), _day(data.get("on", "?"))
    return f"{_name(data, 'deadline')} : le {on} dépasse la durée la plus longue, qui finit le {limit}."


def _shortens(data: Data) -> str:
    if not data:
        return "Un renouvellement finit maintenant avant la fin qu’il renouvelait : vérifiez la date écrite."
    end, on = _day(data.get("end", "?")), _day(data.get("on", "?"))
    return (
        f"{_name(data, 'deadline')} : le {on} vient avant la fin actuelle, le {end} ; "
        "un renouvellement ne raccourcit pas."
    )


def _deadline(data: Data) -> str:
    names = listed(map(quoted, _names(data, "deadlines")), "ou")
    return f"L’échéance {names} {_DEADLINE.get(str(data.get('is')), 'n’est pas dans l’état attendu')}."


def _documents(data: Data) -> str:
    missing = _names(data, "documents")
    return f"{'Pièces manquantes' if len(missing) > 1 else 'Pièce manquante'} : {listed(missing)}."


def _before_change(data: Data) -> str:
    since = _day(data.get("since", "?"))
    return (
        f"La date d’effet ({_day(data.get('on', '?'))}) précède le dernier changement d’état, le {since} : "
        "une erreur plus ancienne se corrige par une rectification."
    )


def _past(data: Data) -> str:
    return f"{_name(data)} : le {_day(data.get('value', '?'))} est passé, on attend une date à venir."


def _future(data: Data) -> str:
    return (
        f"{_name(data)} : le {_day(data.get('value', '?'))} n’est pas encore venu, on attend une date passée."
    )


def _unknown(data: Data) -> str:
    return f"La donnée {quoted(data.get('fact', '?'))} n’existe pas dans ce programme."


def _effective_future(data: Data) -> str:
    return f"La date d’effet ({_day(data.get('on', '?'))}) est à venir : un acte s’enregistre une fois fait."


def _too_old(data: Data) -> str:
    return f"Le {_day(data.get('on', '?'))} est trop ancien : les dates d’un dossier commencent en 1900."


def _actor_unknown(data: Data) -> str:
    return (
        f"{_name(data)} : aucune personne n’est connue sous l’identifiant {quoted(data.get('actor', '?'))}."
    )


def _out_of_order(data: Data) -> str:
    action, on = quoted(data.get("action", "?")), _day(data.get("on", "?"))
    return f"L’acte {action} ne peut pas prendre effet le {on} : l’ordre des états changerait."


def _document_future(data: Data) -> str:
    what = _DOCUMENT_DAYS.get(str(data.get("field")), "La date de la pièce")
    return f"{what} ({_day(data.get('value', '?'))}) est à venir."


def _document_backwards(data: Data) -> str:
    return f"La pièce ne serait plus valable à sa réception, le {_day(data.get('received_on', '?'))}."


def _notice_status(data: Data) -> str:
    status = str(data.get("status", "?"))
    return f"Ce message est {_NOTICES.get(status, quoted(status))} : cela ne s’applique pas à lui."


def _apart(data: Data) -> str:
    action = quoted(data.get("action", "?"))
    return f"Une autre personne doit le faire : {quoted(data.get('actor', '?'))} a déjà fait {action}."


REASONS: Mapping[str, Callable[[Data], str]] = {
    **MOVES,
    **BEYOND,
    **CLOCK_DAYS,
    **LINKS,
    **MEETINGS,
    **PEOPLE,
    **PLACES,
    "action_unknown": lambda data: (
        f"L’acte {quoted(data.get('action', '?'))} n’existe pas dans ce programme."
    ),
    "role": _role,
    "state": lambda data: f"Le dossier est dans l’état {_name(data, 'state')}, qui ne le permet pas.",
    "effective_future": _effective_future,
    "effective_before_change": _before_change,
    "effective_too_old": _too_old,
    "actor_unknown": _actor_unknown,
    "fact_missing": lambda data: f"Il manque {_name(data)}.",
    "fact_type": _fact_type,
    "fact_unknown": _unknown,
    "fact_unexpected": lambda data: f"{_name(data)} n’est pas demandé par cet acte.",
    "fact_past": _past,
    "fact_future": _future,
    "fact_condition": lambda data: f"{_name(data)} n’a pas la valeur attendue.",
    "parameter": lambda data: f"Le réglage {_name(data, 'parameter')} de la maison ne le permet pas.",
    "state_condition": lambda data: (
        f"Le dossier est dans l’état {_name(data, 'state')}, qui ne le permet pas."
    ),
    "count": _count,
    "average": _average,
    "season": _season,
    "cap_reached": _cap_reached,
    "beyond_cap": _beyond_cap,
    "renewal_shortens": _shortens,
    "deadline_condition": _deadline,
    "documents_missing": _documents,
    "queue": lambda data: (
        f"Le dossier est au rang {data.get('rank', '?')} de la liste d’attente, et non au premier."
    ),
    "same_person": _apart,
    "guard": lambda data: f"La condition {quoted(data.get('guard', '?'))} n’est pas remplie.",
    "act_unknown": lambda data: f"L’historique n’a pas d’acte à la ligne {data.get('act', '?')}.",
    "out_of_order": _out_of_order,
    "nothing_to_correct": lambda _: "Rien à rectifier : donnez une valeur, ou une date d’effet.",
    "reason_missing": lambda _: "Il manque le motif.",
    "document_unknown": lambda data: (
        f"Ce programme ne demande aucune pièce {quoted(data.get('document', '?'))}."
    ),
    "document_future": _document_future,
    "document_backwards": _document_backwards,
    "notice_status": _notice_status,
    "place_missing": lambda data: f"Il manque la place : {_name(data)}.",
}
