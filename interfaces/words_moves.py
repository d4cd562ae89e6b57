"""The French sentences of why a date may not be postponed, or an act annulled: each says what to do instead."""

from collections.abc import Callable, Mapping
from typing import Any

from .french import listed, long_day, quoted
from .words_places import lost_place

Data = Mapping[str, Any]

_OVER = {"met": "elle est tenue", "missed": "elle est manquée", "void": "elle est sans objet"}


def _act(data: Data) -> str:
    return f"L’acte {quoted(data.get('label', '?'))} (ligne {data.get('act', '?')})"


def _followed(data: Data) -> str:
    later = quoted(data.get("later_label", "?"))
    on, line = long_day(data.get("later_on", "?")), data.get("later", "?")
    if str(data.get("later_actor", "")).startswith("echeance:"):
        then = (
            f"{later} a suivi automatiquement le {on} (ligne {line}) : rectifiez la date ou la donnée fausse"
        )
    else:
        then = f"{later} a suivi le {on} (ligne {line}) : annulez d’abord ce dernier, ou rectifiez ce qui est faux"
    return f"{_act(data)} n’est plus le dernier, {then}."


def _sent(data: Data) -> str:
    numbers = listed(f"n° {number}" for number in data.get("notices", ("?",)))
    return (
        f"Un message est parti ou a été remis ({numbers}), l’acte ne s’annule plus : prévenez son destinataire, "
        "puis faites l’acte qui répare, ou une rectification."
    )


def _never(data: Data) -> str:
    return (
        f"L’échéance {quoted(data.get('label', '?'))} ne se reporte pas, la maison n’en choisit pas le délai : sa date "
        "change par l’acte qui la fixe, par une date écrite dans une décision, ou par une rectification."
    )


def _season(data: Data) -> str:
    """Say in which season the date would stand; a closed day may have moved it there."""
    where, after = (
        f"dans {quoted(data.get('label', '?'))}",
        f"reportez au {long_day(data.get('after', '?'))} ou après",
    )
    if data.get("on", data.get("to")) == data.get("to"):
        return f"{_to(data)} est {where} : {after}."
    return f"{_to(data)} n’est pas ouvré, la date irait au {long_day(data['on'])}, {where} : {after}."


def _to(data: Data) -> str:
    return f"Le {long_day(data.get('to', '?'))}"


MOVES: Mapping[str, Callable[[Data], str]] = {
    "annul_opening": lambda data: (
        f"{_act(data)} a ouvert le dossier, il ne s’annule pas : rectifiez ses données, ou classez le dossier."
    ),
    "annul_clock": lambda data: (
        f"{_act(data)} est automatique, il ne s’annule pas : rectifiez la date ou la donnée dont il vient."
    ),
    "annul_followed": _followed,
    "annul_sent": _sent,
    "annul_place": lambda data: (
        f"{lost_place(data)} L’acte ne s’annule plus : attribuez une autre place par un nouvel acte."
    ),
    "annul_already": lambda data: f"L’acte de la ligne {data.get('act', '?')} est déjà annulé.",
    "postpone_never": _never,
    "postpone_closed": lambda data: (
        f"Cette date n’est plus attendue, {_OVER.get(str(data.get('status')), 'elle est close')} : "
        "rien n’est à reporter."
    ),
    "postpone_suspended": lambda data: (
        f"Ce délai est suspendu depuis le {long_day(data.get('suspended_on', '?'))} : "
        "sa date suivra quand il reprendra."
    ),
    "postpone_not_later": lambda data: (
        f"{_to(data)} n’est pas après la date actuelle, le {long_day(data.get('due_on', '?'))} : "
        "un report va plus tard."
    ),
    "postpone_past": lambda data: f"{_to(data)} est passé : on reporte à un jour à venir.",
    "postpone_lapse": lambda data: (
        f"{_to(data)} appartient à la période suivante, qui commence le {long_day(data.get('lapses_on', '?'))} : "
        "reportez plus tôt."
    ),
    "postpone_too_far": lambda data: (
        f"{_to(data)} est à plus de deux ans de la date actuelle : reportez au {long_day(data.get('latest', '?'))} "
        "au plus tard, ou vérifiez l’année."
    ),
    "postpone_season": _season,
}
