"""The French sentences of what is refused of people: their absences, their deputies, the cases they follow."""

from collections.abc import Callable, Mapping
from typing import Any

from .french import long_day, quoted

Data = Mapping[str, Any]


def _person(data: Data, key: str = "person") -> str:
    return quoted(data.get(key) or "?")


def _overlap(data: Data) -> str:
    since, until = data.get("other_since", "?"), data.get("other_until")
    when = f"du {long_day(since)} au {long_day(until)}" if until else f"depuis le {long_day(since)}"
    return f"{_person(data)} a déjà une absence, {when} : deux absences ne se chevauchent pas."


PEOPLE: Mapping[str, Callable[[Data], str]] = {
    "absence_days": lambda data: (
        f"Une absence finit après avoir commencé : le {long_day(data.get('until', '?'))} est avant le "
        f"{long_day(data.get('since', '?'))}."
    ),
    "absence_overlap": _overlap,
    "absence_none": lambda data: (
        f"Aucune absence de {_person(data)} n’est en cours le {long_day(data.get('on', '?'))}."
    ),
    "deputy_self": lambda data: f"{_person(data)} ne peut pas se remplacer soi-même.",
    "person_inactive": lambda data: f"{_person(data, 'actor')} n’agit plus : choisissez quelqu’un d’autre.",
    "deputy_inactive": lambda data: f"{_person(data, 'deputy')} n’agit plus : choisissez quelqu’un d’autre.",
    "deputy_circle": lambda data: (
        f"{_person(data, 'deputy')} est absent ces jours-là, et remplacé en fin de compte par {_person(data)} : "
        "personne ne serait là."
    ),
    "transfer_self": lambda data: (
        f"{_person(data)} suit déjà ses propres dossiers : dites à qui les confier."
    ),
    "transfer_failed": lambda data: (
        f"L’enregistrement a échoué ({data.get('error', '?')}) ; le dossier n’a pas changé."
    ),
}
