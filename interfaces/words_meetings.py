"""The French sentences of what is refused around a session: its day, its agenda, its points."""

from collections.abc import Callable, Mapping
from typing import Any

from .french import listed, long_day, quoted

Data = Mapping[str, Any]


def _file(data: Data, key: str) -> str:
    number = data.get(key)
    return f"D-{number:04d}" if isinstance(number, int) else "?"


def _not_held(data: Data) -> str:
    on = f", prévue le {long_day(data['on'])}," if data.get("on") else ""
    return f"La séance {_file(data, 'meeting')}{on} n’a pas encore été tenue."


def _not_waiting(data: Data) -> str:
    body = data.get("body") or "cette instance"
    state = f" (état : {data['label']})" if data.get("label") else ""
    return f"Le dossier {_file(data, 'case')} n’attendait pas : {body}, au jour de la séance{state}."


def _no_decision(data: Data) -> str:
    decisive = listed([quoted(label) for label in data.get("labels", ())])
    told = (
        f" Ce qui décide ici : {decisive}."
        if decisive
        else " Rien ne décide ici : remettez le point (carry)."
    )
    return f"{quoted(data.get('label', '?'))} ne décide pas du dossier {_file(data, 'case')}.{told}"


def _not_there(data: Data) -> str:
    who = listed([quoted(person) for person in data.get("people", ())])
    return (
        f"La séance {_file(data, 'meeting')} ne compte pas parmi ses présents : {who}. Décident ceux qui étaient là ; "
        "à défaut, qui en tient le secrétariat le saisit pour eux, s’il peut faire cet acte."
    )


def _files(data: Data) -> str:
    return listed([f"D-{number:04d}" for number in data.get("cases", ())]) or "?"


def _decided(data: Data) -> str:
    who = [quoted(person) for person in data.get("people", ())]
    return (
        f"{listed(who)} {'ont' if len(who) > 1 else 'a'} décidé dans la séance {_file(data, 'meeting')} "
        f"({_files(data)}) : annulez d’abord ces décisions."
    )


_KEPT_AWAY = {
    "inactive": "n’est plus en activité",
    "elsewhere": "n’a aucune fonction dans cette maison",
    "away": "est noté absent ce jour-là",
}


def _cannot(data: Data) -> str:
    who = listed([quoted(person) for person in data.get("people", ())])
    return (
        f"{who} : {_KEPT_AWAY.get(str(data.get('why')), 'ne siège pas ici')}. Rectifiez le compte ou l’absence ; "
        "qui n’a pas de compte s’écrit par son nom."
    )


MEETINGS: Mapping[str, Callable[[Data], str]] = {
    "meeting_over": lambda data: (
        f"La séance {_file(data, 'meeting')} est finie : {quoted(data.get('label', '?'))}."
    ),
    "meeting_not_held": _not_held,
    "member_not_there": _not_there,
    "member_cannot": _cannot,
    "member_decided": _decided,
    "meeting_day_future": lambda data: (
        f"La séance {_file(data, 'meeting')} a été tenue : sa date n’est pas à venir."
    ),
    "meeting_day_decided": lambda data: (
        f"Des décisions sont datées de la séance {_file(data, 'meeting')} ({_files(data)}) : annulez-les d’abord."
    ),
    "annul_released": lambda data: (
        f"La séance a rendu ses dossiers ({_files(data)}), qui attendent la prochaine : programmez-en une autre "
        "(reprogrammer), puis réunissez son ordre du jour."
    ),
    "annul_meeting_over": lambda data: (
        f"{quoted(data.get('label', '?'))} a été décidé dans la séance {_file(data, 'meeting')}, close depuis : "
        "annulez d’abord sa clôture."
    ),
    "point_carry": lambda data: (
        f"Le dossier {_file(data, 'case')} ne quitte pas l’ordre du jour de la séance {_file(data, 'meeting')} "
        "sans report : remettez le point, avec un motif (jalon meeting carry)."
    ),
    "point_no_decision": _no_decision,
    "point_itself": lambda data: (
        f"La séance {_file(data, 'meeting')} n’est pas un point de son propre ordre du jour."
    ),
    "meeting_other": lambda data: (
        f"Le dossier {_file(data, 'case')} n’est pas une autre séance de la même instance."
    ),
    "point_not_waiting": _not_waiting,
    "point_elsewhere": lambda data: (
        f"Le dossier {_file(data, 'case')} est déjà à l’ordre du jour de la séance {_file(data, 'on')}."
    ),
    "point_unknown": lambda data: (
        f"Le dossier {_file(data, 'case')} n’est pas à l’ordre du jour de la séance {_file(data, 'meeting')}."
    ),
    "point_settled": lambda data: (
        f"Le dossier {_file(data, 'case')} a déjà une décision ou un report "
        f"dans la séance {_file(data, 'meeting')}."
    ),
}
