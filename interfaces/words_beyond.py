"""The French sentences of the reasons that look beyond the case: its last acts, its place, the cases of others."""

from collections.abc import Callable, Mapping
from typing import Any

from .french import listed, long_day, plural, quoted

Data = Mapping[str, Any]


def _acts(data: Data) -> str:
    return listed(map(quoted, data.get("actions") or ("?",)), "ou")


def _stale(data: Data) -> str:
    on, until = long_day(data.get("on", "?")), long_day(data.get("until", "?"))
    return f"L’acte {_acts(data)} du {on} est trop ancien : il valait jusqu’au {until}."


def _linked(data: Data) -> str:
    found = plural(int(data.get("count", 0)), "dossier", "dossiers")
    return f"Dossiers liés ({data.get('link', '?')}) : {found} dans cet état, ce qui ne convient pas."


def _others(data: Data) -> str:
    found = plural(int(data.get("count", 0)), "autre dossier", "autres dossiers")
    return f"La personne a déjà {found} d’hébergement ou de logement en cours."


def _members(data: Data) -> str:
    found = plural(int(data.get("count", 0)), "personne comptée", "personnes comptées")
    return f"{quoted(data.get('label') or data.get('fact', '?'))} : {found}, ce qui ne convient pas."


BEYOND: Mapping[str, Callable[[Data], str]] = {
    "last_missing": lambda data: f"Il manque un acte {_acts(data)} assez récent.",
    "last_other": lambda data: (
        f"Le dernier acte {_acts(data)}, du {long_day(data.get('on', '?'))}, ne va pas dans ce sens."
    ),
    "last_stale": _stale,
    "between": lambda data: (
        f"Le temps de {listed(map(quoted, data.get('between', ())), 'à')} ne convient pas."
    ),
    "between_unknown": lambda data: (
        f"Il manque une date : {listed(map(quoted, data.get('between', ())), 'ou')}."
    ),
    "place_free": lambda data: (
        f"Une place compatible est libre : {listed(data.get('places') or ('?',), 'ou')}."
    ),
    "place_not_held": lambda _: "Le dossier ne tient aucune place.",
    "linked": _linked,
    "others": _others,
    "members": _members,
}
