"""The French sentences of what is refused around a session: its day, its agenda, its points."""

from collections.abc import Callable, Mapping
from typing import Any

from .french import long_day, quoted

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


MEETINGS: Mapping[str, Callable[[Data], str]] = {
    "meeting_over": lambda data: (
        f"La séance {_file(data, 'meeting')} est finie : {quoted(data.get('label', '?'))}."
    ),
    "meeting_not_held": _not_held,
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
